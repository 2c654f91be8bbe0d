//! Opens map files by their content.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::travel::road::StreetsError;
use crate::travel::road::file::MAGIC;
use crate::travel::road::read::gauge::{Gauge, Reading};
use crate::travel::road::streets::Streets;

/// What content compressed with gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

impl Streets {
    /// Opens a map: OSM PBF, OSM XML or a GeoJSON edge list, each also compressed with gzip (but PBF, which is compressed
    /// already). What it is follows from its content.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StreetsError> {
        Self::open_with(path, &Reading::default())
    }

    /// The same, within limits: for maps that others send.
    pub fn open_with(path: impl AsRef<Path>, reading: &Reading) -> Result<Self, StreetsError> {
        let path = path.as_ref();
        let gauge = Gauge::new(reading);
        let named = |source| StreetsError::Io { file: path.display().to_string(), source };
        let mut file = BufReader::new(File::open(path).map_err(named)?);
        let mut head = Vec::new();
        file.by_ref().take(1024).read_to_end(&mut head).map_err(named)?;
        file.seek(SeekFrom::Start(0)).map_err(named)?;
        let streets = if head.starts_with(&GZIP) {
            let mut inner = Vec::new();
            MultiGzDecoder::new(&head[..]).take(256).read_to_end(&mut inner).ok();
            let content = BufReader::new(gauge.measured(MultiGzDecoder::new(file)));
            match looks_like(&inner) {
                "XML" => Self::from_osm_xml(content),
                "JSON" => Self::from_geojson(content),
                found => Err(foreign(&format!("a gzip file of {found}"))),
            }
        } else {
            match looks_like(&head) {
                "XML" => Self::from_osm_xml(BufReader::new(gauge.measured(file))),
                "JSON" => Self::from_geojson(gauge.measured(file)),
                "PBF" => Self::read_pbf(file, &gauge),
                found => Err(foreign(found)),
            }
        };
        // A fault of reading names the file.
        gauge.told(streets).map_err(|error| match error {
            StreetsError::Io { source, .. } => named(source),
            other => other,
        })
    }

    /// Opens the two tables of an edge list (see [`from_csv`](Self::from_csv)), compressed with gzip or not.
    pub fn open_csv(nodes: impl AsRef<Path>, links: impl AsRef<Path>) -> Result<Self, StreetsError> {
        Self::open_csv_with(nodes, links, &Reading::default())
    }

    /// The same, within limits that hold for both tables together.
    pub fn open_csv_with(
        nodes: impl AsRef<Path>,
        links: impl AsRef<Path>,
        reading: &Reading,
    ) -> Result<Self, StreetsError> {
        let gauge = Gauge::new(reading);
        let tables = (table(nodes.as_ref())?, table(links.as_ref())?);
        gauge.told(Self::from_csv(gauge.measured(tables.0), gauge.measured(tables.1)))
    }
}

/// What a file of streets is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MapFormat {
    /// OpenStreetMap's binary format.
    Pbf,
    /// OpenStreetMap's XML.
    Xml,
    /// An edge list in GeoJSON.
    GeoJson,
    /// A prepared network.
    Prepared,
    /// Any of these, or a table, compressed with gzip.
    Gzip,
}

impl MapFormat {
    /// What the first bytes of a file, some hundred, look like; an error that says what they are otherwise.
    pub fn of(head: &[u8]) -> Result<Self, StreetsError> {
        if head.starts_with(&MAGIC) {
            return Ok(Self::Prepared);
        }
        if head.starts_with(&GZIP) {
            return Ok(Self::Gzip);
        }
        match looks_like(head) {
            "PBF" => Ok(Self::Pbf),
            "XML" => Ok(Self::Xml),
            "JSON" => Ok(Self::GeoJson),
            found => Err(foreign(found)),
        }
    }
}

/// A table's content, decompressed where needed.
fn table(path: &Path) -> Result<Box<dyn Read>, StreetsError> {
    let named = |source| StreetsError::Io { file: path.display().to_string(), source };
    let mut file = BufReader::new(File::open(path).map_err(named)?);
    let mut head = [0; 2];
    let read = file.read(&mut head).map_err(named)?;
    let content = Cursor::new(head).take(read as u64).chain(file);
    Ok(if head == GZIP { Box::new(MultiGzDecoder::new(content)) } else { Box::new(content) })
}

fn foreign(found: &str) -> StreetsError {
    StreetsError::Format {
        expected: "map",
        found: found.to_owned(),
        remedy: "pass OpenStreetMap data (.osm.pbf, .osm, .osm.gz) or a GeoJSON edge list; unpack archives first",
    }
}

/// What content looks like by its first bytes.
pub(super) fn looks_like(head: &[u8]) -> &'static str {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text.first() {
        None => "an empty file",
        Some(b'<') => "XML",
        Some(b'{') => "JSON",
        _ if head.starts_with(b"PK\x03\x04") => "a zip archive",
        _ if head.starts_with(&GZIP) => "a gzip file",
        _ if head.starts_with(b"BZh") => "a bzip2 file",
        _ if head.starts_with(b"SQLite format 3") => "an SQLite database",
        // The length of the first header, then its first field.
        _ if head.starts_with(&[0, 0]) => "PBF",
        _ => "of no known format",
    }
}
