//! Writes a synthetic city in the PBF format of OpenStreetMap.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use prost::Message;

use crate::travel::road::generate::CityMap;
use crate::travel::road::read::proto::{
    Blob, BlobHeader, DenseNodes, HeaderBlock, PrimitiveBlock, PrimitiveGroup, RelationMessage, StringTable, WayMessage,
};

/// How many entities a block has, as other programs write it.
const BLOCK: usize = 8_000;

/// Writes the header, then nodes, ways and relations in ascending order, as readers expect.
pub(super) fn write(map: &CityMap, mut file: impl Write) -> std::io::Result<()> {
    let header = HeaderBlock {
        required_features: vec!["OsmSchema-V0.6".to_owned(), "DenseNodes".to_owned()],
        optional_features: vec!["Sort.Type_then_ID".to_owned()],
        writingprogram: Some("milkrun".to_owned()),
        osmosis_replication_timestamp: None,
    };
    block(&mut file, "OSMHeader", &header)?;
    for (i, _) in map.nodes.chunks(BLOCK).enumerate() {
        data(&mut file, |strings| nodes(map, i * BLOCK, strings))?;
    }
    for (i, _) in map.ways.chunks(BLOCK).enumerate() {
        data(&mut file, |strings| ways(map, i * BLOCK, strings))?;
    }
    for (i, _) in map.restrictions.chunks(BLOCK).enumerate() {
        data(&mut file, |strings| relations(map, i * BLOCK, strings))?;
    }
    file.flush()
}

/// The strings of a block, each once; number 0 is empty, as the format demands.
struct Strings {
    list: Vec<Vec<u8>>,
    number: HashMap<String, u32>,
}

impl Strings {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.number.get(text) {
            return number;
        }
        let number = self.list.len() as u32;
        self.list.push(text.as_bytes().to_vec());
        self.number.insert(text.to_owned(), number);
        number
    }
}

fn data(file: &mut impl Write, fill: impl FnOnce(&mut Strings) -> PrimitiveGroup) -> std::io::Result<()> {
    let mut strings = Strings { list: vec![Vec::new()], number: HashMap::new() };
    let group = fill(&mut strings);
    let message = PrimitiveBlock {
        stringtable: StringTable { s: strings.list },
        primitivegroup: vec![group],
        granularity: None,
        lat_offset: None,
        lon_offset: None,
    };
    block(file, "OSMData", &message)
}

fn block(file: &mut impl Write, kind: &str, message: &impl Message) -> std::io::Result<()> {
    let bytes = message.encode_to_vec();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&bytes)?;
    let (raw_size, zlib_data) = (Some(bytes.len() as i32), Some(encoder.finish()?));
    let blob = Blob { raw: None, raw_size, zlib_data }.encode_to_vec();
    let header = BlobHeader { kind: kind.to_owned(), datasize: blob.len() as i32 }.encode_to_vec();
    file.write_all(&(header.len() as u32).to_be_bytes())?;
    file.write_all(&header)?;
    file.write_all(&blob)
}

/// The differences of neighbours.
fn differences(values: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut before = 0;
    values.map(|value| value - std::mem::replace(&mut before, value)).collect()
}

fn nodes(map: &CityMap, begin: usize, strings: &mut Strings) -> PrimitiveGroup {
    let nodes = &map.nodes[begin..(begin + BLOCK).min(map.nodes.len())];
    let units = |degrees: f64| (degrees * 1e7).round() as i64;
    let mut keys_vals = Vec::new();
    for node in nodes {
        if let Some((key, value)) = node.tag {
            keys_vals.extend([strings.number(key) as i32, strings.number(value) as i32]);
        }
        keys_vals.push(0);
    }
    let dense = DenseNodes {
        id: differences((0..nodes.len()).map(|i| (begin + i + 1) as i64)),
        lat: differences(nodes.iter().map(|node| units(node.lat))),
        lon: differences(nodes.iter().map(|node| units(node.lon))),
        keys_vals,
    };
    PrimitiveGroup { dense: Some(dense), ..PrimitiveGroup::default() }
}

fn ways(map: &CityMap, begin: usize, strings: &mut Strings) -> PrimitiveGroup {
    let ways = map.ways.iter().enumerate().skip(begin).take(BLOCK).map(|(i, way)| WayMessage {
        id: i as i64 + 1,
        keys: way.tags.iter().map(|tag| strings.number(tag.0)).collect(),
        vals: way.tags.iter().map(|tag| strings.number(&tag.1)).collect(),
        refs: differences(way.nodes.iter().copied()),
    });
    PrimitiveGroup { ways: ways.collect(), ..PrimitiveGroup::default() }
}

fn relations(map: &CityMap, begin: usize, strings: &mut Strings) -> PrimitiveGroup {
    let all = map.restrictions.iter().enumerate().skip(begin).take(BLOCK);
    let relations = all.map(|(i, restriction)| RelationMessage {
        id: i as i64 + 1,
        keys: ["type", "restriction"].map(|key| strings.number(key)).into(),
        vals: ["restriction", restriction.kind].map(|value| strings.number(value)).into(),
        roles_sid: ["from", "via", "to"].map(|role| strings.number(role) as i32).into(),
        memids: differences([restriction.from, restriction.via.1, restriction.to].into_iter()),
        types: vec![1, i32::from(restriction.via.0), 1],
    });
    PrimitiveGroup { relations: relations.collect(), ..PrimitiveGroup::default() }
}
