//! Opens map files by their content.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::travel::road::StreetsError;
use crate::travel::road::streets::Streets;

impl Streets {
    /// Opens a map: OSM PBF, OSM XML or a GeoJSON edge list, each also compressed with gzip (but PBF, which is compressed
    /// already). What it is follows from its content.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StreetsError> {
        let path = path.as_ref();
        let named = |source| StreetsError::Io { file: path.display().to_string(), source };
        let mut file = BufReader::new(File::open(path).map_err(named)?);
        let mut head = Vec::new();
        file.by_ref().take(1024).read_to_end(&mut head).map_err(named)?;
        file.seek(SeekFrom::Start(0)).map_err(named)?;
        let streets = if head.starts_with(&[0x1f, 0x8b]) {
            let mut inner = Vec::new();
            MultiGzDecoder::new(&head[..]).take(256).read_to_end(&mut inner).ok();
            let content = BufReader::new(MultiGzDecoder::new(file));
            match looks_like(&inner) {
                "XML" => Self::from_osm_xml(content),
                "JSON" => Self::from_geojson(content),
                found => Err(foreign(&format!("a gzip file of {found}"))),
            }
        } else {
            match looks_like(&head) {
                "XML" => Self::from_osm_xml(file),
                "JSON" => Self::from_geojson(file),
                "PBF" => Self::from_pbf(file),
                found => Err(foreign(found)),
            }
        };
        // A fault of reading names the file.
        streets.map_err(|error| match error {
            StreetsError::Io { source, .. } => named(source),
            other => other,
        })
    }

    /// Opens the two tables of an edge list (see [`from_csv`](Self::from_csv)), compressed with gzip or not.
    pub fn open_csv(nodes: impl AsRef<Path>, links: impl AsRef<Path>) -> Result<Self, StreetsError> {
        Self::from_csv(table(nodes.as_ref())?, table(links.as_ref())?)
    }
}

/// A table's content, decompressed where needed.
fn table(path: &Path) -> Result<Box<dyn Read>, StreetsError> {
    let named = |source| StreetsError::Io { file: path.display().to_string(), source };
    let mut file = BufReader::new(File::open(path).map_err(named)?);
    let mut head = [0; 2];
    let read = file.read(&mut head).map_err(named)?;
    let content = Cursor::new(head).take(read as u64).chain(file);
    Ok(if head == [0x1f, 0x8b] { Box::new(MultiGzDecoder::new(content)) } else { Box::new(content) })
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
        _ if head.starts_with(&[0x1f, 0x8b]) => "a gzip file",
        _ if head.starts_with(b"BZh") => "a bzip2 file",
        _ if head.starts_with(b"SQLite format 3") => "an SQLite database",
        // The length of the first header, then its first field.
        _ if head.starts_with(&[0, 0]) => "PBF",
        _ => "of no known format",
    }
}
