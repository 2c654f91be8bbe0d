//! Reads the XML format of OpenStreetMap.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::travel::road::StreetsError;
use crate::travel::road::position::Position;
use crate::travel::road::streets::{
    RawMap, RawNode, RawRestriction, RawWay, Streets, build, is_street, node_tags, way_tags,
};

const FORMAT: &str = "OSM XML file";

impl Streets {
    /// Reads an extract of OpenStreetMap in its XML format: `city.osm`. All nodes are held in memory until the ways are
    /// known; for large regions use PBF.
    pub fn from_osm_xml(map: impl BufRead) -> Result<Self, StreetsError> {
        let mut reader = Reader::from_reader(map);
        let mut buffer = Vec::new();
        let mut parser = Parser::default();
        loop {
            let offset = reader.buffer_position();
            let damaged = |what: String| StreetsError::Damaged { format: FORMAT, offset, what };
            let event = reader.read_event_into(&mut buffer).map_err(|error| damaged(error.to_string()))?;
            match event {
                Event::Start(start) => parser.start(&start).map_err(damaged)?,
                Event::Empty(start) => {
                    parser.start(&start).map_err(damaged)?;
                    parser.end(start.name().as_ref());
                }
                Event::End(end) => parser.end(end.name().as_ref()),
                Event::Eof if parser.depth > 0 => {
                    return Err(damaged("it ends within an element: it is cut off".to_owned()));
                }
                Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
        if !parser.is_osm {
            return Err(StreetsError::Format {
                expected: FORMAT,
                found: "something without an element <osm>".to_owned(),
                remedy: "pass a file in OpenStreetMap's XML format",
            });
        }
        let mut map = parser.map;
        let needed = map.needed_nodes();
        map.nodes.retain(|node| needed.binary_search(&node.id).is_ok());
        build(map, FORMAT)
    }
}

/// What is being read: a node, a way or a relation, until its end.
#[derive(Default)]
struct Parser {
    map: RawMap,
    is_osm: bool,
    depth: usize,
    id: i64,
    at: Option<Position>,
    refs: Vec<i64>,
    tags: Vec<(String, String)>,
    members: Vec<(bool, i64, String)>,
}

impl Parser {
    fn start(&mut self, start: &BytesStart) -> Result<(), String> {
        self.depth += 1;
        match start.name().as_ref() {
            "osm" => self.is_osm = true,
            "node" => {
                self.begin(start)?;
                let degrees = |name| -> Result<f64, String> {
                    let text = attribute(start, name)?.unwrap_or_default();
                    // A deleted node has no position.
                    if text.is_empty() { Ok(f64::NAN) } else { parse(&text, name) }
                };
                self.at = Position::new(degrees("lon")?, degrees("lat")?);
            }
            "way" | "relation" => self.begin(start)?,
            "nd" => self.refs.push(number(start, "ref")?),
            "tag" => {
                let value = |name| attribute(start, name).map(Option::unwrap_or_default);
                self.tags.push((value("k")?, value("v")?));
            }
            "member" => {
                let kind = attribute(start, "type")?.unwrap_or_default();
                if kind == "way" || kind == "node" {
                    let role = attribute(start, "role")?.unwrap_or_default();
                    self.members.push((kind == "way", number(start, "ref")?, role));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, start: &BytesStart) -> Result<(), String> {
        self.id = number(start, "id")?;
        self.at = None;
        self.refs.clear();
        self.tags.clear();
        self.members.clear();
        Ok(())
    }

    fn end(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        let tags: Vec<(&str, &str)> = self.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let (id, map) = (self.id, &mut self.map);
        match name {
            "node" => match self.at {
                Some(at) => {
                    let (barrier, signals) = node_tags(id, tags, &mut map.ignored);
                    map.nodes.push(RawNode { id, at, barrier, signals });
                }
                None => map.ignored.add("node outside of longitude ±180 or latitude ±90", id),
            },
            "way" if is_street(tags.iter().copied()) => {
                let way = way_tags(id, tags, &mut map.ignored);
                map.ways.push(RawWay { way, refs: std::mem::take(&mut self.refs) });
            }
            "relation" => {
                let members = self.members.iter().map(|(way, id, role)| (*way, *id, role.as_str()));
                let members: Vec<(bool, i64, &str)> = members.collect();
                map.restrictions.extend(RawRestriction::read(id, &tags, &members, &mut map.ignored));
            }
            _ => {}
        }
    }
}

fn attribute(start: &BytesStart, name: &str) -> Result<Option<String>, String> {
    let attribute = start.try_get_attribute(name).map_err(|error| error.to_string())?;
    attribute
        .map(|attribute| {
            quick_xml::escape::unescape(&attribute.value)
                .map(std::borrow::Cow::into_owned)
                .map_err(|error| error.to_string())
        })
        .transpose()
}

fn number(start: &BytesStart, name: &str) -> Result<i64, String> {
    let text = attribute(start, name)?.ok_or_else(|| format!("an element without the attribute `{name}`"))?;
    parse(&text, name)
}

fn parse<T: std::str::FromStr>(text: &str, name: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name}=\"{}\" is not a number", crate::listing::shortened(text)))
}
