//! The messages of the PBF format of OpenStreetMap: <https://wiki.openstreetmap.org/wiki/PBF_Format>.

use prost::Message;

/// The largest header of a block that the format allows, in bytes.
pub(in crate::travel::road) const LARGEST_HEADER: u32 = 64 * 1024;
/// The largest block that the format allows, in bytes, before and after compression.
pub(in crate::travel::road) const LARGEST_BLOCK: u32 = 32 * 1024 * 1024;

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct BlobHeader {
    #[prost(string, required, tag = "1")]
    pub(in crate::travel::road) kind: String,
    #[prost(int32, required, tag = "3")]
    pub(in crate::travel::road) datasize: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct Blob {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub(in crate::travel::road) raw: Option<Vec<u8>>,
    #[prost(int32, optional, tag = "2")]
    pub(in crate::travel::road) raw_size: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(in crate::travel::road) zlib_data: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct HeaderBlock {
    #[prost(string, repeated, tag = "4")]
    pub(in crate::travel::road) required_features: Vec<String>,
    #[prost(string, repeated, tag = "5")]
    pub(in crate::travel::road) optional_features: Vec<String>,
    #[prost(string, optional, tag = "16")]
    pub(in crate::travel::road) writingprogram: Option<String>,
    #[prost(int64, optional, tag = "32")]
    pub(in crate::travel::road) osmosis_replication_timestamp: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct StringTable {
    #[prost(bytes = "vec", repeated, tag = "1")]
    pub(in crate::travel::road) s: Vec<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct PrimitiveBlock {
    #[prost(message, required, tag = "1")]
    pub(in crate::travel::road) stringtable: StringTable,
    #[prost(message, repeated, tag = "2")]
    pub(in crate::travel::road) primitivegroup: Vec<PrimitiveGroup>,
    #[prost(int32, optional, tag = "17", default = "100")]
    pub(in crate::travel::road) granularity: Option<i32>,
    #[prost(int64, optional, tag = "19", default = "0")]
    pub(in crate::travel::road) lat_offset: Option<i64>,
    #[prost(int64, optional, tag = "20", default = "0")]
    pub(in crate::travel::road) lon_offset: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct PrimitiveGroup {
    #[prost(message, repeated, tag = "1")]
    pub(in crate::travel::road) nodes: Vec<Node>,
    #[prost(message, optional, tag = "2")]
    pub(in crate::travel::road) dense: Option<DenseNodes>,
    #[prost(message, repeated, tag = "3")]
    pub(in crate::travel::road) ways: Vec<WayMessage>,
    #[prost(message, repeated, tag = "4")]
    pub(in crate::travel::road) relations: Vec<RelationMessage>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct Node {
    #[prost(sint64, required, tag = "1")]
    pub(in crate::travel::road) id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub(in crate::travel::road) keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub(in crate::travel::road) vals: Vec<u32>,
    #[prost(sint64, required, tag = "8")]
    pub(in crate::travel::road) lat: i64,
    #[prost(sint64, required, tag = "9")]
    pub(in crate::travel::road) lon: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct DenseNodes {
    #[prost(sint64, repeated, tag = "1")]
    pub(in crate::travel::road) id: Vec<i64>,
    #[prost(sint64, repeated, tag = "8")]
    pub(in crate::travel::road) lat: Vec<i64>,
    #[prost(sint64, repeated, tag = "9")]
    pub(in crate::travel::road) lon: Vec<i64>,
    #[prost(int32, repeated, tag = "10")]
    pub(in crate::travel::road) keys_vals: Vec<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct WayMessage {
    #[prost(int64, required, tag = "1")]
    pub(in crate::travel::road) id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub(in crate::travel::road) keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub(in crate::travel::road) vals: Vec<u32>,
    #[prost(sint64, repeated, tag = "8")]
    pub(in crate::travel::road) refs: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::travel::road) struct RelationMessage {
    #[prost(int64, required, tag = "1")]
    pub(in crate::travel::road) id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub(in crate::travel::road) keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub(in crate::travel::road) vals: Vec<u32>,
    #[prost(int32, repeated, tag = "8")]
    pub(in crate::travel::road) roles_sid: Vec<i32>,
    #[prost(sint64, repeated, tag = "9")]
    pub(in crate::travel::road) memids: Vec<i64>,
    /// 0: node, 1: way, 2: relation.
    #[prost(int32, repeated, tag = "10")]
    pub(in crate::travel::road) types: Vec<i32>,
}
