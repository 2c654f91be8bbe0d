//! What a document may hold, made of its JSON schema: one description for editors and for the reader.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// What may stand at a place: one of the kinds that are there.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a kind of its own, and any of them may be there together")]
pub(super) struct Node {
    pub(super) null: bool,
    pub(super) bool: bool,
    /// Whole numbers in a range.
    pub(super) integer: Option<(i128, i128)>,
    pub(super) number: bool,
    pub(super) text: bool,
    /// What text says, where it stands for a number.
    pub(super) time: Option<InWords>,
    /// The words that text is one of; any text where there are none.
    pub(super) words: Vec<String>,
    pub(super) list: Option<List>,
    pub(super) object: Option<Object>,
    /// The words for all of it, where a type has its own.
    pub(super) wording: Option<&'static str>,
}

/// What text stands for that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InWords {
    /// A time of day.
    Clock,
    /// A length of time.
    Span,
    /// The moment from which times count.
    Origin,
}

/// What a list holds; nodes are numbered.
#[derive(Debug)]
pub(super) enum List {
    /// Any number of elements, or at least one.
    Any {
        each: usize,
        empty: bool,
    },
    Places(Vec<usize>),
}

#[derive(Debug)]
pub(super) enum Object {
    /// With whatever fields.
    Any,
    Plain(Fields),
    /// Values of one kind, by whatever names.
    Map(usize),
    /// Which fields there are depends on what the field of the given name says.
    Tagged(String, Vec<(String, Fields)>),
    /// One field, and its name says what it is.
    One(Fields),
}

#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) names: Vec<String>,
    pub(super) nodes: Vec<usize>,
    pub(super) required: Vec<bool>,
}

impl Fields {
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|each| each == name)
    }
}

/// Types that need other words than their parts give.
const WORDINGS: [(&str, &str); 3] = [
    ("Reference", "an index, counted from 0, or a name"),
    ("Place", "the index or name of a location, or an object with x and y or lon and lat"),
    ("Window", "a list of the earliest and the latest time, each of them null where there is none"),
];

impl Node {
    /// What belongs there, in words.
    pub(super) fn expected(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut add = |holds: bool, words: &str| parts.extend(holds.then(|| words.to_owned()));
        if let Some(wording) = self.wording {
            add(true, wording);
        } else {
            add(self.integer.is_some(), "a whole number");
            add(self.number, "a number");
            add(self.bool, "true or false");
            match self.time {
                Some(InWords::Clock) => add(true, "a time of day such as \"07:30\""),
                Some(InWords::Span) => add(true, "a duration such as \"PT1H30M\""),
                Some(InWords::Origin) => add(true, "a moment such as \"2026-12-03T00:00[Europe/Amsterdam]\""),
                None => add(self.text && self.words.is_empty(), "text in quotation marks"),
            }
            if !self.words.is_empty() {
                add(true, &quoted("one of ", &self.words));
            }
            match &self.list {
                Some(List::Any { .. }) => add(true, "a list"),
                Some(List::Places(places)) => add(true, &format!("a list of {} values", places.len())),
                None => {}
            }
            match &self.object {
                Some(Object::One(fields)) => {
                    add(true, &quoted("an object with one field, which is one of ", &fields.names));
                }
                Some(_) => add(true, "an object"),
                None => {}
            }
        }
        add(self.null, "null");
        parts.join(" or ")
    }
}

/// The words, each in quotation marks, after a beginning.
pub(super) fn quoted(beginning: &str, words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("{beginning}{}", words.join(", "))
}

/// All that a document may hold. The document itself is the last node.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) nodes: Vec<Node>,
}

impl Shape {
    pub(super) fn new(schema: &Value) -> Self {
        let mut maker = Maker { definitions: schema["$defs"].as_object(), known: HashMap::new(), nodes: Vec::new() };
        maker.node(schema);
        Self { nodes: maker.nodes }
    }

    pub(super) fn root(&self) -> usize {
        self.nodes.len().saturating_sub(1)
    }
}

struct Maker<'a> {
    definitions: Option<&'a Map<String, Value>>,
    /// The nodes of definitions, by reference.
    known: HashMap<&'a str, usize>,
    nodes: Vec<Node>,
}

impl<'a> Maker<'a> {
    /// The number of the node for a schema.
    fn node(&mut self, schema: &'a Value) -> usize {
        let reference = schema["$ref"].as_str();
        if let Some(&node) = reference.and_then(|reference| self.known.get(reference)) {
            return node;
        }
        let mut node = Node::default();
        self.add(schema, &mut node);
        self.nodes.push(node);
        let number = self.nodes.len() - 1;
        self.known.extend(reference.map(|reference| (reference, number)));
        number
    }

    /// Adds what a schema permits.
    fn add(&mut self, schema: &'a Value, node: &mut Node) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.trim_start_matches("#/$defs/");
            if let Some(definition) = self.definitions.and_then(|all| all.get(name)) {
                self.add(definition, node);
            }
            let wording = WORDINGS.iter().find(|(of, _)| *of == name).map(|&(_, wording)| wording);
            node.wording = wording.or(node.wording);
            return;
        }
        let alternatives = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
        if let Some(alternatives) = alternatives {
            if alternatives.iter().filter(|each| each["properties"].is_object()).count() > 1 {
                node.object = Some(self.choice(alternatives));
            } else {
                for each in alternatives {
                    self.add(each, node);
                }
            }
            return;
        }
        let types = &schema["type"];
        let types: Vec<&str> = match types {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        for kind in types {
            match kind {
                "null" => node.null = true,
                "boolean" => node.bool = true,
                "integer" => node.integer = Some(range(schema)),
                "number" => node.number = true,
                "string" => {
                    node.text = true;
                    node.time = match schema["format"].as_str() {
                        Some("time-of-day") => Some(InWords::Clock),
                        Some("duration") => Some(InWords::Span),
                        Some("zoned-date-time") => Some(InWords::Origin),
                        _ => node.time,
                    };
                    let words = schema["enum"].as_array().into_iter().flatten().chain(schema.get("const"));
                    node.words.extend(words.filter_map(Value::as_str).map(str::to_owned));
                }
                "array" => node.list = Some(self.list(schema)),
                "object" if schema["additionalProperties"] == Value::Bool(true) => node.object = Some(Object::Any),
                "object" if schema["additionalProperties"].is_object() => {
                    node.object = Some(Object::Map(self.node(&schema["additionalProperties"])));
                }
                "object" => node.object = Some(Object::Plain(self.fields(schema))),
                _ => {}
            }
        }
    }

    fn list(&mut self, schema: &'a Value) -> List {
        match schema["prefixItems"].as_array() {
            Some(places) => List::Places(places.iter().map(|each| self.node(each)).collect()),
            None => List::Any { each: self.node(&schema["items"]), empty: schema["minItems"].as_u64().is_none() },
        }
    }

    fn fields(&mut self, schema: &'a Value) -> Fields {
        let mut fields = Fields::default();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, each) in schema["properties"].as_object().into_iter().flatten() {
            let node = self.node(each);
            fields.nodes.push(node);
            fields.required.push(required.contains(&name.as_str()));
            fields.names.push(name.clone());
        }
        fields
    }

    /// Objects of several kinds.
    fn choice(&mut self, alternatives: &'a [Value]) -> Object {
        let tag = |each: &'a Value| {
            let mut properties = each["properties"].as_object().into_iter().flatten();
            properties.find_map(|(name, property)| Some((name, property["const"].as_str()?)))
        };
        if let Some((name, _)) = alternatives.first().and_then(tag) {
            let each = alternatives.iter();
            let each = each.filter_map(|each| Some((tag(each)?.1.to_owned(), self.fields(each)))).collect();
            return Object::Tagged(name.clone(), each);
        }
        let mut all = Fields::default();
        for each in alternatives {
            // Each kind requires its field; of all of them, none is required.
            let Fields { names, nodes, .. } = self.fields(each);
            all.required.extend(names.iter().map(|_| false));
            all.names.extend(names);
            all.nodes.extend(nodes);
        }
        Object::One(all)
    }
}

/// The range of a whole number.
fn range(schema: &Value) -> (i128, i128) {
    match schema["format"].as_str() {
        Some("uint8") => (0, u8::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        Some("int64") => (i64::MIN.into(), i64::MAX.into()),
        _ => (0, u64::MAX.into()),
    }
}
