//! Files of prepared networks: written once, mapped into memory by each program that uses them.

mod sound;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use bytemuck::Pod;
use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use crate::travel::road::FileError;
use crate::travel::road::column::Column;
use crate::travel::road::graph::{Geometry, Graph, NetworkReport};
use crate::travel::road::hierarchy::{Hierarchy, Weights};
use crate::travel::road::network::{Base, Network};
use crate::travel::road::profile::RoadProfile;

/// What a file begins with.
pub(super) const MAGIC: [u8; 8] = *b"MILKROAD";
/// The version of the format; it grows with every change of what is stored, or of what it means.
const VERSION: u32 = 1;
/// Bytes of magic, version, checksum and the length of the description.
const HEAD: usize = 24;
/// Arrays begin at multiples of so many bytes.
const ALIGNMENT: usize = 64;

/// What precedes the arrays, as JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Description {
    profile: RoadProfile,
    classes: Vec<String>,
    names: Vec<String>,
    report: NetworkReport,
    data_date: Option<i64>,
    /// Where each array begins after the description, and its bytes.
    arrays: BTreeMap<String, (usize, usize)>,
}

impl Network {
    /// Writes the network to a file, to be opened by [`open`](Self::open): its streets, hierarchy and present travel times,
    /// little-endian, with a version and a checksum. The file appears when it is complete.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let path = path.as_ref();
        let io = |source| FileError::Io { file: path.display().to_string(), source };
        if cfg!(target_endian = "big") {
            return Err(FileError::Endianness { file: path.display().to_string() });
        }
        let arrays = self.arrays();
        let (mut places, mut end) = (BTreeMap::new(), 0);
        for (name, bytes) in &arrays {
            places.insert((*name).to_owned(), (end, bytes.len()));
            end = (end + bytes.len()).next_multiple_of(ALIGNMENT);
        }
        let base = &self.base;
        let description = Description {
            profile: base.profile.clone(),
            classes: base.classes.clone(),
            names: base.names.clone(),
            report: base.report.clone(),
            data_date: base.data_date,
            arrays: places,
        };
        let description = serde_json::to_vec(&description).map_err(|error| io(error.into()))?;
        let mut parts: Vec<&[u8]> = vec![&description, padding(HEAD + description.len())];
        for (_, bytes) in &arrays {
            parts.extend([*bytes, padding(bytes.len())]);
        }
        let length = (description.len() as u64).to_le_bytes();
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(&length);
        for part in &parts {
            checksum.update(part);
        }
        let mut partial = path.as_os_str().to_owned();
        partial.push(".part");
        let write = || -> std::io::Result<()> {
            let mut file = BufWriter::new(File::create(&partial)?);
            file.write_all(&MAGIC)?;
            file.write_all(&VERSION.to_le_bytes())?;
            file.write_all(&checksum.finalize().to_le_bytes())?;
            file.write_all(&length)?;
            parts.iter().try_for_each(|part| file.write_all(part))?;
            file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            std::fs::rename(&partial, path)
        };
        write().map_err(io)
    }

    /// Opens a file of a prepared network. Its arrays are mapped into memory, so that programs share them; it must not be
    /// changed while it is open, but may be replaced by another file of its name.
    ///
    /// A file that is none, of another version, damaged or cut off is refused.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let name = || path.display().to_string();
        let io = |source| FileError::Io { file: name(), source };
        if cfg!(target_endian = "big") {
            return Err(FileError::Endianness { file: name() });
        }
        let file = File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.len() < HEAD as u64 {
            return Err(FileError::Foreign { file: name() });
        }
        let map = Arc::new(map(&file).map_err(io)?);
        let number = |at: usize| u32::from_le_bytes([map[at], map[at + 1], map[at + 2], map[at + 3]]);
        if map[..8] != MAGIC {
            return Err(FileError::Foreign { file: name() });
        }
        if number(8) != VERSION {
            return Err(FileError::Version { file: name(), found: number(8), expected: VERSION });
        }
        let damaged = |what: &str| FileError::Damaged { file: name(), what: what.to_owned() };
        if crc32fast::hash(&map[16..]) != number(12) {
            return Err(damaged("its checksum is that of other content, so that it is cut off or changed"));
        }
        let length = (u64::from(number(20)) << 32 | u64::from(number(16))) as usize;
        let text =
            HEAD.checked_add(length).and_then(|end| map.get(HEAD..end)).ok_or_else(|| damaged("it is too short"))?;
        let description: Description = serde_json::from_slice(text)
            .map_err(|error| damaged(&format!("its description cannot be read: {error}")))?;
        let arrays =
            Arrays { map: &map, begin: (HEAD + length).next_multiple_of(ALIGNMENT), places: &description.arrays };
        let network =
            arrays.network(&description).map_err(|what| damaged(&format!("the array `{what}` is missing")))?;
        sound::check(&network).map_err(|what| damaged(&what))?;
        Ok(network)
    }

    /// All arrays by name.
    fn arrays(&self) -> Vec<(&'static str, &[u8])> {
        let (graph, geometry, hierarchy) = (&self.base.graph, &self.base.geometry, &self.base.hierarchy);
        let weights = &self.weights;
        let bytes = bytemuck::cast_slice::<u32, u8>;
        vec![
            ("graph.street", bytes(&graph.street)),
            ("graph.time", bytes(&graph.time)),
            ("graph.length", bytes(&graph.length)),
            ("graph.first", bytes(&graph.first)),
            ("graph.head", bytes(&graph.head)),
            ("graph.turn", bytes(&graph.turn)),
            ("graph.plain", bytes(&graph.plain)),
            ("graph.histories", bytes(&graph.histories)),
            ("geometry.first", bytes(&geometry.first)),
            ("geometry.positions", bytemuck::cast_slice(&geometry.positions)),
            ("geometry.way", bytemuck::cast_slice(&geometry.way)),
            ("geometry.class", bytes(&geometry.class)),
            ("geometry.name", bytes(&geometry.name)),
            ("hierarchy.rank", bytes(&hierarchy.rank)),
            ("hierarchy.first", bytes(&hierarchy.first)),
            ("hierarchy.head", bytes(&hierarchy.head)),
            ("hierarchy.tail", bytes(&hierarchy.tail)),
            ("hierarchy.upwards", bytes(&hierarchy.upwards)),
            ("hierarchy.downwards", bytes(&hierarchy.downwards)),
            ("hierarchy.lower_first", bytes(&hierarchy.lower_first)),
            ("hierarchy.lower", bytes(&hierarchy.lower)),
            ("weights.times", bytes(&weights.times)),
            ("weights.up", bytemuck::cast_slice(&weights.up)),
            ("weights.down", bytemuck::cast_slice(&weights.down)),
        ]
    }
}

/// Maps a file into memory.
#[expect(
    unsafe_code,
    reason = "mapping a file is unsafe, since another program could change it; `open` says that none may"
)]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the bytes are read only; a program that opens a network promises that none changes its file meanwhile.
    unsafe { Mmap::map(file) }
}

/// Zeros after so many bytes, up to the alignment.
fn padding(bytes: usize) -> &'static [u8] {
    &[0; ALIGNMENT][..bytes.next_multiple_of(ALIGNMENT) - bytes]
}

/// The arrays of a mapped file.
struct Arrays<'f> {
    map: &'f Arc<Mmap>,
    begin: usize,
    places: &'f BTreeMap<String, (usize, usize)>,
}

impl Arrays<'_> {
    fn get<T: Pod>(&self, name: &'static str) -> Result<Column<T>, &'static str> {
        let &(start, bytes) = self.places.get(name).ok_or(name)?;
        Column::mapped(self.map, self.begin.checked_add(start).ok_or(name)?, bytes).ok_or(name)
    }

    /// The network, or the name of an array that is missing.
    fn network(&self, description: &Description) -> Result<Network, &'static str> {
        let graph = Graph {
            street: self.get("graph.street")?,
            time: self.get("graph.time")?,
            length: self.get("graph.length")?,
            first: self.get("graph.first")?,
            head: self.get("graph.head")?,
            turn: self.get("graph.turn")?,
            plain: self.get("graph.plain")?,
            histories: self.get("graph.histories")?,
        };
        let geometry = Geometry {
            first: self.get("geometry.first")?,
            positions: self.get("geometry.positions")?,
            way: self.get("geometry.way")?,
            class: self.get("geometry.class")?,
            name: self.get("geometry.name")?,
        };
        let hierarchy = Hierarchy {
            rank: self.get("hierarchy.rank")?,
            first: self.get("hierarchy.first")?,
            head: self.get("hierarchy.head")?,
            tail: self.get("hierarchy.tail")?,
            upwards: self.get("hierarchy.upwards")?,
            downwards: self.get("hierarchy.downwards")?,
            lower_first: self.get("hierarchy.lower_first")?,
            lower: self.get("hierarchy.lower")?,
        };
        let weights =
            Weights { times: self.get("weights.times")?, up: self.get("weights.up")?, down: self.get("weights.down")? };
        let base = Base::new(
            description.profile.clone(),
            (graph, geometry, hierarchy),
            (description.classes.clone(), description.names.clone()),
            description.report.clone(),
            description.data_date,
        );
        Ok(Network { base: Arc::new(base), weights: Arc::new(weights) })
    }
}
