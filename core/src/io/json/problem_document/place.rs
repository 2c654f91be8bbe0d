//! Where things are.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::io::json::reference::Ref;

/// A place that others refer to.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Location")]
pub(in crate::io::json) struct LocationDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// Horizontal coordinate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) x: Option<f64>,
    /// Vertical coordinate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) y: Option<f64>,
    /// Longitude in degrees, instead of x.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) lon: Option<f64>,
    /// Latitude in degrees, instead of y.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) lat: Option<f64>,
}

/// A point of its own.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Point")]
pub(in crate::io::json) struct PointDocument {
    /// Horizontal coordinate.
    #[serde(default)]
    pub(in crate::io::json) x: Option<f64>,
    /// Vertical coordinate.
    #[serde(default)]
    pub(in crate::io::json) y: Option<f64>,
    /// Longitude in degrees, instead of x.
    #[serde(default)]
    pub(in crate::io::json) lon: Option<f64>,
    /// Latitude in degrees, instead of y.
    #[serde(default)]
    pub(in crate::io::json) lat: Option<f64>,
}

/// A location by index or name, or a point of its own.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in crate::io::json) enum PlaceDocument {
    Location(Ref),
    Point(PointDocument),
}

impl<'de> Deserialize<'de> for PlaceDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlaceVisitor;
        impl<'de> Visitor<'de> for PlaceVisitor {
            type Value = PlaceDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the index or name of a location, or an object with x and y or lon and lat")
            }

            fn visit_u64<E: Error>(self, index: u64) -> Result<PlaceDocument, E> {
                Ok(PlaceDocument::Location(Ref::Index(usize::try_from(index).unwrap_or(usize::MAX))))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<PlaceDocument, E> {
                Ok(PlaceDocument::Location(Ref::Name(name.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlaceDocument, A::Error> {
                PointDocument::deserialize(MapAccessDeserializer::new(map)).map(PlaceDocument::Point)
            }
        }
        deserializer.deserialize_any(PlaceVisitor)
    }
}

impl JsonSchema for PlaceDocument {
    fn schema_name() -> Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The index or name of a location, or a point of its own.",
            "anyOf": [generator.subschema_for::<Ref>(), generator.subschema_for::<PointDocument>()]
        })
    }
}
