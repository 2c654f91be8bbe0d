//! Reads the PBF format of OpenStreetMap, in two passes: first streets and restrictions, then the nodes on them.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use flate2::read::ZlibDecoder;
use prost::Message;

use crate::travel::road::StreetsError;
use crate::travel::road::position::{Position, UNITS};
use crate::travel::road::read::gauge::{Gauge, Reading};
use crate::travel::road::read::proto::{
    Blob, BlobHeader, DenseNodes, HeaderBlock, LARGEST_BLOCK, LARGEST_HEADER, PrimitiveBlock, RelationMessage,
    WayMessage,
};
use crate::travel::road::streets::{
    RawMap, RawNode, RawRestriction, RawWay, Streets, Tally, build, is_street, node_tags, way_tags,
};

const FORMAT: &str = "OSM PBF file";

impl Streets {
    /// Reads an extract of OpenStreetMap in its PBF format: `city.osm.pbf`. Blocks are compressed with zlib or not at
    /// all. The content is read twice, block by block; memory grows with its streets, not with its size.
    pub fn from_pbf(map: impl Read + Seek) -> Result<Self, StreetsError> {
        let reading = Reading::default();
        Self::read_pbf(map, &Gauge::new(&reading))
    }

    /// The same, within limits.
    pub(super) fn read_pbf(map: impl Read + Seek, gauge: &Gauge<'_>) -> Result<Self, StreetsError> {
        let mut file = Blocks { file: map, offset: 0, gauge };
        let mut map = RawMap::default();
        let mut blocks = 0;
        file.for_each(|block| {
            blocks += 1;
            match block {
                Block::Header(header) => {
                    map.data_date = header.osmosis_replication_timestamp;
                    check_features(&header)
                }
                Block::Data(block) => read_ways(&block, &mut map),
            }
        })?;
        if blocks == 0 {
            return Err(StreetsError::Empty { format: FORMAT, detail: "it has no block".to_owned() });
        }
        let needed = map.needed_nodes();
        let mut nodes = Vec::with_capacity(needed.len());
        let mut ignored = Tally::default();
        std::mem::swap(&mut ignored, &mut map.ignored);
        file.for_each(|block| match block {
            Block::Header(_) => Ok(()),
            Block::Data(block) => read_nodes(&block, &needed, &mut nodes, &mut ignored),
        })?;
        (map.nodes, map.ignored) = (nodes, ignored);
        build(map, FORMAT)
    }
}

enum Block {
    Header(HeaderBlock),
    Data(PrimitiveBlock),
}

struct Blocks<'g, R> {
    file: R,
    offset: u64,
    gauge: &'g Gauge<'g>,
}

impl<R: Read + Seek> Blocks<'_, R> {
    /// Hands over all blocks, from the beginning.
    fn for_each(&mut self, mut each: impl FnMut(Block) -> Result<(), String>) -> Result<(), StreetsError> {
        self.file.seek(SeekFrom::Start(0)).map_err(io)?;
        self.offset = 0;
        self.gauge.restart();
        while let Some(header) = self.header()? {
            let begun = self.offset;
            let damaged = |what: String| StreetsError::Damaged { format: FORMAT, offset: begun, what };
            let size = u32::try_from(header.datasize).ok().filter(|&size| size <= LARGEST_BLOCK);
            let size = size.ok_or_else(|| damaged(format!("a block claims {} bytes", header.datasize)))?;
            let content = self.take(size)?;
            let block = match header.kind.as_str() {
                "OSMHeader" => Block::Header(decode(&content, self.gauge).map_err(damaged)?),
                "OSMData" => Block::Data(decode(&content, self.gauge).map_err(damaged)?),
                // The format asks readers to skip what they do not know.
                _ => continue,
            };
            each(block).map_err(damaged)?;
        }
        Ok(())
    }

    /// The header of the next block; `None` at the end of the file.
    fn header(&mut self) -> Result<Option<BlobHeader>, StreetsError> {
        let mut length = [0; 4];
        match self.file.read(&mut length[..1]).map_err(io)? {
            0 => return Ok(None),
            _ => self.file.read_exact(&mut length[1..]).map_err(|error| self.cut_off(error))?,
        }
        let size = u32::from_be_bytes(length);
        if size > LARGEST_HEADER {
            if self.offset == 0 {
                return Err(StreetsError::Format {
                    expected: FORMAT,
                    found: super::open::looks_like(&length).to_owned(),
                    remedy: "pass an extract that ends in .osm.pbf",
                });
            }
            let what = format!("a header claims {size} bytes");
            return Err(StreetsError::Damaged { format: FORMAT, offset: self.offset, what });
        }
        let begun = self.offset;
        self.offset += 4;
        let bytes = self.take(size)?;
        let header = BlobHeader::decode(&bytes[..]).map_err(|error| StreetsError::Damaged {
            format: FORMAT,
            offset: begun,
            what: format!("the header of a block cannot be read: {error}"),
        })?;
        Ok(Some(header))
    }

    fn take(&mut self, size: u32) -> Result<Vec<u8>, StreetsError> {
        let mut bytes = Vec::new();
        let read = self.file.by_ref().take(u64::from(size)).read_to_end(&mut bytes).map_err(io)?;
        if read < size as usize {
            return Err(self.cut_off(ErrorKind::UnexpectedEof.into()));
        }
        self.offset += u64::from(size);
        Ok(bytes)
    }

    fn cut_off(&self, error: std::io::Error) -> StreetsError {
        if error.kind() != ErrorKind::UnexpectedEof {
            return io(error);
        }
        let what = "the file ends within a block: it is cut off".to_owned();
        StreetsError::Damaged { format: FORMAT, offset: self.offset, what }
    }
}

fn io(source: std::io::Error) -> StreetsError {
    StreetsError::Io { file: "the map".to_owned(), source }
}

/// The message in a compressed block.
fn decode<M: Message + Default>(content: &[u8], gauge: &Gauge<'_>) -> Result<M, String> {
    let blob = Blob::decode(content).map_err(|error| format!("a block cannot be read: {error}"))?;
    let bytes = match (blob.raw, blob.zlib_data) {
        (Some(raw), _) => raw,
        (None, Some(zlib)) => {
            let mut bytes = Vec::new();
            let limit = u64::from(LARGEST_BLOCK) + 1;
            ZlibDecoder::new(&zlib[..])
                .take(limit)
                .read_to_end(&mut bytes)
                .map_err(|error| format!("a block cannot be decompressed: {error}"))?;
            if bytes.len() as u64 == limit {
                return Err("a block is larger than the 32 MiB that the format allows".to_owned());
            }
            bytes
        }
        (None, None) => return Err("a block is compressed otherwise than with zlib".to_owned()),
    };
    gauge.add(bytes.len())?;
    M::decode(&bytes[..]).map_err(|error| format!("a block cannot be read: {error}"))
}

fn check_features(header: &HeaderBlock) -> Result<(), String> {
    let known = ["OsmSchema-V0.6", "DenseNodes"];
    match header.required_features.iter().find(|feature| !known.contains(&feature.as_str())) {
        None => Ok(()),
        Some(feature) => Err(format!("it needs the feature `{feature}`, which is not known")),
    }
}

/// The strings of a block by index.
struct Strings<'b>(&'b [Vec<u8>]);

impl<'b> Strings<'b> {
    fn get(&self, index: i64) -> Result<&'b str, String> {
        let bytes = usize::try_from(index).ok().and_then(|index| self.0.get(index));
        let bytes = bytes.ok_or_else(|| format!("a block refers to string {index} of {}", self.0.len()))?;
        std::str::from_utf8(bytes).map_err(|_| format!("string {index} of a block is not UTF-8"))
    }

    fn tags(&self, keys: &[u32], values: &[u32]) -> Result<Vec<(&'b str, &'b str)>, String> {
        let pairs = keys.iter().zip(values);
        pairs.map(|(&key, &value)| Ok((self.get(i64::from(key))?, self.get(i64::from(value))?))).collect()
    }
}

/// The sums of differences, as the format stores ascending numbers.
fn sums(differences: &[i64]) -> impl Iterator<Item = i64> {
    differences.iter().scan(0_i64, |sum, &difference| {
        *sum = sum.wrapping_add(difference);
        Some(*sum)
    })
}

fn read_ways(block: &PrimitiveBlock, map: &mut RawMap) -> Result<(), String> {
    let strings = Strings(&block.stringtable.s);
    for group in &block.primitivegroup {
        for WayMessage { id, keys, vals, refs } in &group.ways {
            let tags = strings.tags(keys, vals)?;
            if is_street(tags.iter().copied()) {
                let way = way_tags(*id, tags, &mut map.ignored);
                map.ways.push(RawWay { way, refs: sums(refs).collect() });
            }
        }
        for RelationMessage { id, keys, vals, roles_sid, memids, types } in &group.relations {
            let tags = strings.tags(keys, vals)?;
            if !tags.iter().any(|tag| tag.0 == "type" && tag.1.starts_with("restriction")) {
                continue;
            }
            let members = sums(memids).zip(types).zip(roles_sid).filter(|((_, kind), _)| **kind < 2);
            let members = members.map(|((id, &kind), &role)| Ok((kind == 1, id, strings.get(i64::from(role))?)));
            let members = members.collect::<Result<Vec<_>, String>>()?;
            map.restrictions.extend(RawRestriction::read(*id, &tags, &members, &mut map.ignored));
        }
    }
    Ok(())
}

fn read_nodes(
    block: &PrimitiveBlock,
    needed: &[i64],
    nodes: &mut Vec<RawNode>,
    ignored: &mut Tally,
) -> Result<(), String> {
    let strings = Strings(&block.stringtable.s);
    let place = |lon: i64, lat: i64| {
        // In units of 10⁻⁹ degrees; sums of damaged files may be anything.
        let granularity = i64::from(block.granularity());
        let whole =
            |value: i64, offset: i64| value.wrapping_mul(granularity).wrapping_add(offset) as f64 / (100.0 * UNITS);
        Position::new(whole(lon, block.lon_offset()), whole(lat, block.lat_offset()))
    };
    let mut keep = |id: i64, lon: i64, lat: i64, tags: &[(&str, &str)]| {
        if needed.binary_search(&id).is_err() {
            return;
        }
        let Some(at) = place(lon, lat) else {
            ignored.add("node outside of longitude ±180 or latitude ±90", id);
            return;
        };
        let (barrier, signals) =
            if tags.is_empty() { (None, false) } else { node_tags(id, tags.iter().copied(), ignored) };
        nodes.push(RawNode { id, at, barrier, signals });
    };
    for group in &block.primitivegroup {
        for node in &group.nodes {
            keep(node.id, node.lon, node.lat, &strings.tags(&node.keys, &node.vals)?);
        }
        let Some(DenseNodes { id, lat, lon, keys_vals }) = &group.dense else { continue };
        if lat.len() != id.len() || lon.len() != id.len() {
            return Err(format!(
                "a block has {} nodes, but {} latitudes and {} longitudes",
                id.len(),
                lat.len(),
                lon.len()
            ));
        }
        let mut indices = keys_vals.iter();
        let mut tags = Vec::new();
        for ((id, lon), lat) in sums(id).zip(sums(lon)).zip(sums(lat)) {
            tags.clear();
            while let Some(&key) = indices.next().filter(|&&key| key != 0) {
                let value = *indices.next().ok_or("a block ends within the tags of a node")?;
                tags.push((strings.get(i64::from(key))?, strings.get(i64::from(value))?));
            }
            keep(id, lon, lat, &tags);
        }
    }
    Ok(())
}
