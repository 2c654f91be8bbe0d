//! From text to a document of the right kind, version and shape.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::error::ShapeFault;
use super::shape::Dates;
use super::{JsonError, VERSION, shape};
use crate::listing::{Listing, shortened};

/// Reads a document that must be of the given kind and fit its schema.
///
/// The header is examined before the rest: a document of another kind would otherwise be answered with complaints about
/// its fields.
pub(super) fn parse<T: DeserializeOwned>(
    text: &str,
    kind: &'static str,
    schema: impl FnOnce() -> Value,
) -> Result<T, JsonError> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| syntax(&error))?;
    if shape::is_object(text) {
        let said = |name: &str| shape::field(text, name);
        let shown = |raw: &str| shortened(raw).into_owned();
        let found = said("milkrun");
        if found.and_then(|raw| serde_json::from_str::<String>(raw).ok()).as_deref() != Some(kind) {
            return Err(JsonError::Kind { expected: kind, found: found.map(shown) });
        }
        let found = said("version");
        if found.and_then(|raw| serde_json::from_str::<u64>(raw).ok()) != Some(VERSION) {
            return Err(JsonError::Version { found: found.map(shown) });
        }
    }
    // Only problems have times in words.
    let dates = if kind == "problem" { Dates::of(text) } else { Dates::Unknown };
    read(text, kind, &schema(), &dates)
}

/// Reads JSON that must fit a schema and has no header.
pub(crate) fn parse_shape<T: DeserializeOwned>(
    text: &str,
    kind: &'static str,
    schema: impl FnOnce() -> Value,
) -> Result<T, JsonError> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| syntax(&error))?;
    read(text, kind, &schema(), &Dates::Unknown)
}

/// Reads JSON that must fit a schema.
fn read<T: DeserializeOwned>(text: &str, kind: &'static str, schema: &Value, dates: &Dates) -> Result<T, JsonError> {
    let text = shape::fitting(text, schema, dates)
        .map_err(|Listing { kept, omitted }| JsonError::Shape { faults: kept, omitted })?;
    // What fits the schema can be read; were it not so, this would be said of all of it.
    serde_json::from_str(&text).map_err(|error| {
        let fault = ShapeFault {
            path: "the document".to_owned(),
            line: error.line(),
            column: error.column(),
            message: "what stands here cannot be read".to_owned(),
            remedy: format!("hold it against the schema of a {kind}"),
        };
        JsonError::Shape { faults: vec![fault], omitted: 0 }
    })
}

fn syntax(error: &serde_json::Error) -> JsonError {
    // The message ends with the place, which stands before it here.
    let text = error.to_string();
    let message = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    JsonError::Syntax { line: error.line(), column: error.column(), message: in_words(message) }
}

/// What is wrong with JSON, in the words of a person who writes it.
fn in_words(message: &str) -> String {
    if message.starts_with("EOF") {
        return "the text ends too early".to_owned();
    }
    if message == "recursion limit exceeded" {
        return "lists and objects are nested too deeply".to_owned();
    }
    message.replace("key must be a string", "the name of a field must stand in quotation marks")
}
