//! References by index or by name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use super::JsonFault;
use crate::listing::{Listing, shortened};

/// A reference to something else in the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Ref {
    /// By index, counted from 0.
    Index(usize),
    /// By a name that nothing else of the kind has.
    Name(String),
}

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RefVisitor;
        impl Visitor<'_> for RefVisitor {
            type Value = Ref;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an index, counted from 0, or a name")
            }

            fn visit_u64<E: Error>(self, index: u64) -> Result<Ref, E> {
                Ok(Ref::Index(usize::try_from(index).unwrap_or(usize::MAX)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Ref, E> {
                Ok(Ref::Name(name.to_owned()))
            }
        }
        deserializer.deserialize_any(RefVisitor)
    }
}

impl JsonSchema for Ref {
    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An index, counted from 0, or a name that nothing else of the kind has.",
            "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string" }]
        })
    }
}

/// The names of everything of one kind.
pub(crate) struct Names<'a> {
    kind: &'static str,
    in_order: Vec<&'a str>,
    /// The first index of each name, and how many have it.
    by_name: HashMap<&'a str, (usize, usize)>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(kind: &'static str, names: impl Iterator<Item = &'a str>) -> Self {
        let in_order: Vec<&str> = names.collect();
        let mut by_name = HashMap::new();
        for (index, &name) in in_order.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            by_name.entry(name).or_insert((index, 0)).1 += 1;
        }
        Self { kind, in_order, by_name }
    }

    /// What the reference means. If nothing, the fault goes to `faults`.
    pub(crate) fn resolve(
        &self,
        reference: &Ref,
        path: impl FnOnce() -> String,
        faults: &mut Listing<JsonFault>,
    ) -> Option<usize> {
        let kind = self.kind;
        let fault = match reference {
            &Ref::Index(index) if index < self.in_order.len() => return Some(index),
            &Ref::Index(index) => JsonFault::UnknownIndex { path: path(), kind, index, count: self.in_order.len() },
            Ref::Name(name) => match self.by_name.get(name.as_str()) {
                Some(&(index, 1)) => return Some(index),
                Some(&(_, count)) => {
                    JsonFault::AmbiguousName { path: path(), kind, name: shortened(name).into_owned(), count }
                }
                None => JsonFault::UnknownName { path: path(), kind, name: shortened(name).into_owned() },
            },
        };
        faults.push(fault);
        None
    }

    /// The reference that people like best: the name where it is unambiguous.
    pub(super) fn reference(&self, index: usize) -> Ref {
        match self.in_order.get(index) {
            Some(&name) if self.by_name.get(name).is_some_and(|&(_, count)| count == 1) => Ref::Name(name.to_owned()),
            _ => Ref::Index(index),
        }
    }
}
