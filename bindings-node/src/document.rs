//! Documents of the core as JSON, which JavaScript reads and writes faster than object by object.

use std::io::{self, Write};

use milkrun::document::Scales;
use napi::bindgen_prelude::Result;
use napi_derive::napi;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{Formatter, Serializer};

use crate::failure::coded;

/// How many units of the solver one unit of the user is.
#[napi(object, object_to_js = false)]
pub struct ScalesRecord {
    pub distance: f64,
    pub time: f64,
    pub load: f64,
    pub cost: f64,
}

impl From<ScalesRecord> for Scales {
    fn from(ScalesRecord { distance, time, load, cost }: ScalesRecord) -> Self {
        Self { distance, time, load, cost }
    }
}

/// Names of fields are written as JavaScript has them: `maxLoad` for `max_load`. No field is named by a user.
#[derive(Default)]
struct Camel {
    in_name: bool,
}

impl Formatter for Camel {
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.in_name = true;
        if first { Ok(()) } else { writer.write_all(b",") }
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.in_name = false;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if !self.in_name || !fragment.contains('_') {
            return writer.write_all(fragment.as_bytes());
        }
        let mut up = false;
        for byte in fragment.bytes() {
            if byte != b'_' {
                writer.write_all(&[if up { byte.to_ascii_uppercase() } else { byte }])?;
            }
            up = byte == b'_';
        }
        Ok(())
    }
}

/// A document as JavaScript reads it.
pub(crate) fn given(document: &impl Serialize) -> Result<String> {
    let mut text = Vec::new();
    let written = document.serialize(&mut Serializer::with_formatter(&mut text, Camel::default()));
    written.map_err(|error| coded("internal", error.to_string()))?;
    String::from_utf8(text).map_err(|error| coded("internal", error.to_string()))
}

/// The document that JavaScript wrote.
pub(crate) fn taken<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| coded("setting", error.to_string()))
}
