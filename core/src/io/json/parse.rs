//! From text to a document of the right kind, version and shape.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{JsonError, VERSION};

/// What every document says about itself.
#[derive(Deserialize)]
struct Header {
    milkrun: Option<Value>,
    version: Option<Value>,
}

/// A header of an object; left to itself, serde would take a list for one.
struct MapOnly(Header);

impl<'de> Deserialize<'de> for MapOnly {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor;
        impl<'de> Visitor<'de> for MapVisitor {
            type Value = MapOnly;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<MapOnly, A::Error> {
                Header::deserialize(MapAccessDeserializer::new(map)).map(MapOnly)
            }
        }
        deserializer.deserialize_any(MapVisitor)
    }
}

/// Reads a document that must be of the given kind.
///
/// The header is looked at first: a document of another kind would otherwise be answered with complaints about its
/// fields.
pub(super) fn parse<T: DeserializeOwned>(text: &str, kind: &'static str) -> Result<T, JsonError> {
    let MapOnly(header) = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => shape(".", &error),
        _ => JsonError::Syntax { line: error.line(), column: error.column(), message: message(&error) },
    })?;
    if header.milkrun.as_ref().and_then(Value::as_str) != Some(kind) {
        return Err(JsonError::Kind { expected: kind, found: header.milkrun.map(|found| found.to_string()) });
    }
    if header.version.as_ref().and_then(Value::as_u64) != Some(VERSION) {
        return Err(JsonError::Version { found: header.version.map(|found| found.to_string()) });
    }
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| shape(&error.path().to_string(), error.inner()))
}

fn shape(path: &str, error: &serde_json::Error) -> JsonError {
    let mut message = message(error);
    // The text is JSON, as the header's reader has seen: so it is an object that must have one field, and has not.
    let tagged = message == "expected value";
    if tagged {
        "expected an object with one field".clone_into(&mut message);
    }
    let remedy = if tagged {
        "name one thing by its kind, as in {\"client\": 0}"
    } else if message.starts_with("unknown field") {
        "remove the field, or correct its name"
    } else if message.starts_with("unknown variant") {
        "use one of the values listed"
    } else if message.starts_with("missing field") {
        "add the field"
    } else if message.starts_with("duplicate field") {
        "keep one of the two"
    } else if message.contains("expected i64") || message.contains("expected usize") || message.contains("expected u32")
    {
        "give a whole number in range; times and amounts have no decimals here, so use a finer unit"
    } else {
        "give what is expected"
    };
    let path = if path == "." { "the document".to_owned() } else { path.to_owned() };
    JsonError::Shape { path, line: error.line(), column: error.column(), message, remedy }
}

/// The message without the place, which errors carry beside it.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
