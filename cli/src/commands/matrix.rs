//! `milkrun matrix`.

use std::fmt::Write as _;
use std::path::Path;

use milkrun::io::json;
use milkrun::travel::road::{NetworkSource, Snap};
use milkrun::travel::{Matrix, SourcePoint, SourceProgress, SourceRun, TravelSource, TravelTable, UNREACHABLE};
use milkrun::{CancelToken, Travel};

use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome};
use crate::progress::CellsLine;
use crate::road_args::{MatrixArgs, Source};
use crate::{interrupt, output, points, source, streets};

pub(super) fn run(args: &MatrixArgs) -> Result<Outcome, Failure> {
    let network = args.network.as_deref();
    at_most_one("standard input", &[("--network", network.is_some_and(is_dash)), ("--points", is_dash(&args.points))])?;
    let points_in = ("the points", args.points.as_path(), &[][..]);
    let inputs: Vec<_> = network.map(|file| ("the network", file, &[][..])).into_iter().chain([points_in]).collect();
    let [out] = prepare([("--out", args.out.as_deref())], &inputs)?;
    let format = Format::of(args.out.as_deref())?;
    let points = points::read(&args.points)?;
    let cancel = interrupt::token(true);
    let profile = args.profile.as_deref();
    let table = match (network, args.source.source) {
        (Some(file), _) => {
            let network = streets::network(file, profile, Path::new("")).map_err(streets::failure)?;
            ask(&NetworkSource::new(&network, Snap::default()), &points, &cancel)?
        }
        (None, Some(Source::Straight)) => {
            ask(&*source::straight(&args.source).map_err(Failure::input)?, &points, &cancel)?
        }
        (None, _) => {
            let opened = source::remote(&args.source, &[profile], Path::new("")).map_err(Failure::input)?;
            let source = opened.first().ok_or_else(|| Failure::Machine("there is no source".to_owned()))?;
            ask(&**source, &points, &cancel)?
        }
    };
    let content = match format {
        Format::Csv => csv(&points, &table).into_bytes(),
        Format::Json => document(table)?.into_bytes(),
        Format::Npz => arrays(&table)?,
    };
    match out {
        Some(target) => target.write(&content)?,
        None => output::stdout(&content)?,
    }
    Ok(Outcome::Done)
}

/// How a table is written.
#[derive(Clone, Copy)]
enum Format {
    Csv,
    Json,
    Npz,
}

impl Format {
    fn of(out: Option<&Path>) -> Result<Self, Failure> {
        match out.and_then(Path::extension).and_then(std::ffi::OsStr::to_str) {
            Some("json") => Ok(Self::Json),
            Some("npz") if cfg!(feature = "npz") => Ok(Self::Npz),
            Some("npz") => Err(Failure::input(
                "--out: this milkrun was built without arrays of numpy; build it with `--features npz`",
            )),
            Some("parquet") => Err(Failure::input("--out: tables are not written as Parquet; use .csv, .json or .npz")),
            _ => Ok(Self::Csv),
        }
    }
}

/// The table, while a line shows the progress. What it estimates, and pairs without a path, are told.
fn ask(source: &dyn TravelSource, points: &[SourcePoint], cancel: &CancelToken) -> Result<TravelTable, Failure> {
    let line = CellsLine::new(false);
    let progress = |done: SourceProgress| line.show(done.done, done.total);
    let table = source.table(points, SourceRun { cancel, progress: &progress });
    line.clear();
    let table = table.map_err(|error| Failure::input(error.to_string()))?;
    if source.is_estimate() {
        output::log(&format!("warning: {}", source.describe()));
    }
    let missing = table.unreachable().count();
    if missing > 0 {
        output::log(&format!("warning: no path leads between {missing} pairs of points; their cells are empty"));
    }
    Ok(table)
}

fn cell(matrix: &Matrix, from: usize, to: usize) -> Option<i64> {
    Some(matrix.get(from, to)).filter(|&value| value < UNREACHABLE)
}

/// A line for each cell.
fn csv(points: &[SourcePoint], table: &TravelTable) -> String {
    let mut text = "from,to,seconds,metres\n".to_owned();
    let quoted = |(i, point): (usize, &SourcePoint)| {
        let name = point_name(i, point);
        let plain = !name.contains([',', '"', '\n', '\r']);
        if plain { name } else { format!("\"{}\"", name.replace('"', "\"\"")) }
    };
    let names: Vec<String> = points.iter().enumerate().map(quoted).collect();
    let shown = |value: Option<i64>| value.map_or(String::new(), |value| value.to_string());
    for (i, from) in names.iter().enumerate() {
        for (j, to) in names.iter().enumerate() {
            let (seconds, metres) = (shown(cell(&table.duration, i, j)), shown(cell(&table.distance, i, j)));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{from},{to},{seconds},{metres}");
        }
    }
    text
}

/// What a point is called.
fn point_name(index: usize, point: &SourcePoint) -> String {
    if point.name.is_empty() { format!("point {index}") } else { point.name.clone() }
}

/// The travel of a problem document.
fn document(table: TravelTable) -> Result<String, Failure> {
    let travel = Travel::from_tables([table]).map_err(|error| Failure::input(error.to_string()))?;
    Ok(json::write_travel(&travel))
}

/// An archive of two arrays.
#[cfg(feature = "npz")]
fn arrays(table: &TravelTable) -> Result<Vec<u8>, Failure> {
    use std::io::Write as _;
    use zip::write::SimpleFileOptions;

    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored).large_file(true);
    let mut add = |name: &str, matrix: &Matrix| {
        archive.start_file(name, stored).map_err(std::io::Error::from)?;
        archive.write_all(&array(matrix))
    };
    let written = add("seconds.npy", &table.duration).and_then(|()| add("metres.npy", &table.distance));
    let bytes = written.and_then(|()| Ok(archive.finish()?.into_inner()));
    bytes.map_err(|error| Failure::Machine(error.to_string()))
}

/// A matrix in numpy's format (version 1.0): a header that says what follows, padded to a multiple of 64 bytes, and 64-bit
/// integers, the low byte first.
#[cfg(feature = "npz")]
fn array(matrix: &Matrix) -> Vec<u8> {
    let size = matrix.size();
    let mut header = format!("{{'descr': '<i8', 'fortran_order': False, 'shape': ({size}, {size}), }}");
    // Ten bytes come before it, and a line feed ends it.
    header.push_str(&" ".repeat(63 - (header.len() + 10) % 64));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    let cells = (0..size).flat_map(|i| (0..size).map(move |j| (i, j)));
    bytes.extend(cells.flat_map(|(i, j)| cell(matrix, i, j).unwrap_or(-1).to_le_bytes()));
    bytes
}

/// Never called: such a file is refused before.
#[cfg(not(feature = "npz"))]
fn arrays(_: &TravelTable) -> Result<Vec<u8>, Failure> {
    Err(Failure::input("this milkrun was built without arrays of numpy"))
}
