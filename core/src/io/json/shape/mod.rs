//! Holds a document's text against what a document may hold, and tells everything that does not fit.
//!
//! What the schema does not permit is refused here, before types read the document. The types alone would take a list for
//! an object, stop at the first fault, and speak of themselves.

mod cursor;
mod dates;
mod node;
mod number;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::Value;

use super::error::ShapeFault;
use crate::listing::{Listing, shortened};
use cursor::{Cursor, Kind, line_and_column, unescaped};
pub(super) use dates::Dates;
use node::{Fields, InWords, List, Node, Object, Shape, quoted};

/// The value of a field of the document, as it is written; `None` where there is none.
pub(super) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    Cursor::new(text).field(name).map(|mut value| value.raw())
}

/// Whether the document is an object.
pub(super) fn is_object(text: &str) -> bool {
    Cursor::new(text).kind() == Kind::Object
}

/// All that does not fit the schema in `text`, which must be JSON; else the text with numbers for its dates.
pub(super) fn fitting<'t>(text: &'t str, schema: &Value, dates: &Dates) -> Result<Cow<'t, str>, Listing<ShapeFault>> {
    let shape = Shape::new(schema);
    let (cursor, path, faults, times) = (Cursor::new(text), Vec::new(), Listing::default(), Vec::new());
    let mut walk = Walk { text, shape: &shape, cursor, path, dates, times, faults };
    walk.value(shape.root());
    if !walk.faults.is_empty() {
        return Err(walk.faults);
    }
    if walk.times.is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    let (mut told, mut until) = (String::with_capacity(text.len()), 0);
    for (place, time) in walk.times {
        // Writing to a string cannot fail.
        let _ = write!(told, "{}{time}", &text[until..place.start]);
        until = place.end;
    }
    told.push_str(&text[until..]);
    Ok(Cow::Owned(told))
}

struct Walk<'a> {
    text: &'a str,
    shape: &'a Shape,
    cursor: Cursor<'a>,
    path: Vec<Step<'a>>,
    dates: &'a Dates,
    /// Where times stand in words, in the order of the text, and the numbers for them.
    times: Vec<(Range<usize>, i64)>,
    faults: Listing<ShapeFault>,
}

/// A step of a path into the document.
enum Step<'a> {
    Field(Cow<'a, str>),
    Element(usize),
}

impl<'a> Walk<'a> {
    fn node(&self, number: usize) -> &'a Node {
        &self.shape.nodes[number]
    }

    /// Passes a value, and reports what a node does not permit.
    fn value(&mut self, number: usize) {
        let node = self.node(number);
        match (self.cursor.kind(), &node.list, &node.object) {
            (Kind::List, Some(list), _) => self.list(list, node),
            (Kind::Object, _, Some(object)) => self.object(object),
            (Kind::Number, ..) if node.integer.is_some() || node.number => self.number(node),
            (Kind::Text, ..) if node.text => self.words(node),
            (Kind::Bool, ..) if node.bool => drop(self.cursor.raw()),
            (Kind::Null, ..) if node.null => drop(self.cursor.raw()),
            _ => self.other(node),
        }
    }

    /// A value of a kind that has no place here.
    fn other(&mut self, node: &Node) {
        let at = self.cursor.offset();
        let kind = self.cursor.kind();
        let raw = self.cursor.raw();
        let expected = node.expected();
        if kind == Kind::Text
            && let Some(remedy) = number::of_text(node, raw)
        {
            self.fault(at, || (format!("expected {expected}, found {}", shortened(raw)), remedy));
            return;
        }
        let found = match kind {
            Kind::Object => "an object".into(),
            Kind::List => "a list".into(),
            Kind::Text => format!("the text {}", shortened(raw)).into(),
            Kind::Number => format!("the number {}", shortened(raw)).into(),
            Kind::Bool | Kind::Null => Cow::Borrowed(raw),
        };
        let remedy = match (kind, &node.object) {
            (Kind::List, Some(Object::Plain(_))) => "name each value, as in {\"name\": \"…\"}",
            (Kind::Text, Some(Object::One(_))) => "name one thing by its kind, as in {\"client\": 0}",
            (Kind::Null, _) => "give one, or leave the field out where it may be missing",
            _ => "give what is expected",
        };
        self.fault(at, || (format!("expected {expected}, found {found}"), remedy.to_owned()));
    }

    fn list(&mut self, list: &List, node: &Node) {
        let at = self.cursor.offset();
        let mut count = 0;
        self.cursor.enter();
        while self.cursor.more() {
            let each = match list {
                List::Any { each, .. } => Some(*each),
                List::Places(places) => places.get(count).copied(),
            };
            self.path.push(Step::Element(count));
            match each {
                Some(each) => self.value(each),
                None => drop(self.cursor.raw()),
            }
            self.path.pop();
            count += 1;
        }
        match list {
            List::Places(places) if places.len() != count => {
                let message = format!("expected {}, found a list of {count}", node.expected());
                self.fault(at, || (message, format!("give {} values", places.len())));
            }
            List::Any { empty: false, .. } if count == 0 => {
                let message = "the list is empty, which could mean never or always".to_owned();
                self.fault(at, || {
                    (message, "give one or more, or leave the field out where nothing limits it".to_owned())
                });
            }
            _ => {}
        }
    }

    fn object(&mut self, object: &Object) {
        match object {
            Object::Any => drop(self.cursor.raw()),
            Object::Plain(fields) => drop(self.fields(fields, "here")),
            Object::Map(each) => self.map(*each),
            Object::One(fields) => {
                let at = self.cursor.offset();
                let count = self.fields(fields, "here");
                if count != 1 {
                    let message = format!("expected an object with one field, found {count}");
                    self.fault(at, || (message, quoted("name one thing by its kind: ", &fields.names)));
                }
            }
            Object::Tagged(tag, kinds) => self.tagged(tag, kinds),
        }
    }

    /// An object of values of one kind, by whatever names.
    fn map(&mut self, each: usize) {
        let mut seen = HashSet::new();
        self.cursor.enter();
        while self.cursor.more() {
            let at = self.cursor.offset();
            let name = self.cursor.name();
            let first = seen.insert(name.clone());
            self.path.push(Step::Field(name));
            if !first {
                self.fault(at, || ("the field is given twice".to_owned(), "keep one of the two".to_owned()));
            }
            self.value(each);
            self.path.pop();
        }
    }

    /// An object whose fields depend on what one of them says.
    fn tagged(&mut self, tag: &str, kinds: &[(String, Fields)]) {
        let said = self.cursor.field(tag);
        let kind = said.and_then(|mut value| unescaped(value.raw()));
        if let Some((kind, fields)) = kinds.iter().find(|(name, _)| kind.as_deref() == Some(name)) {
            self.fields(fields, &format!("where {tag} is \"{kind}\""));
            return;
        }
        let names: Vec<String> = kinds.iter().map(|(name, _)| name.clone()).collect();
        let at = said.map_or(self.cursor.offset(), |value| value.offset());
        if let Some(mut value) = said {
            self.path.push(Step::Field(Cow::Owned(tag.to_owned())));
            let message = format!("{} is not known", shortened(value.raw()));
            self.fault(at, || (message, quoted("give one of ", &names)));
            self.path.pop();
        } else {
            self.fault(at, || (format!("the field \"{tag}\" is missing"), quoted("give it, as one of ", &names)));
        }
        self.cursor.raw();
    }

    /// The fields of an object; how many there are.
    fn fields(&mut self, fields: &Fields, place: &str) -> usize {
        let start = self.cursor.offset();
        let mut seen = vec![false; fields.names.len()];
        let mut count = 0;
        self.cursor.enter();
        while self.cursor.more() {
            count += 1;
            let at = self.cursor.offset();
            let name = self.cursor.name();
            let known = fields.find(&name);
            self.path.push(Step::Field(name));
            if let Some(field) = known {
                if std::mem::replace(&mut seen[field], true) {
                    self.fault(at, || ("the field is given twice".to_owned(), "keep one of the two".to_owned()));
                }
                self.value(fields.nodes[field]);
            } else {
                // A field that is there under a slip of its name is not missing as well.
                if let Some(meant) = self.unknown(at, fields, place) {
                    seen[meant] = true;
                }
                self.cursor.raw();
            }
            self.path.pop();
        }
        for (field, name) in fields.names.iter().enumerate() {
            if fields.required[field] && !seen[field] {
                let remedy = format!("add it: {}", self.node(fields.nodes[field]).expected());
                self.fault(start, || (format!("the field \"{name}\" is missing"), remedy));
            }
        }
        count
    }

    /// Reports a field that is not known, by the last step of the path; the field that is probably meant.
    fn unknown(&mut self, at: usize, fields: &Fields, place: &str) -> Option<usize> {
        let Some(Step::Field(name)) = self.path.last() else { return None };
        let message = format!("there is no field \"{}\" {place}", shortened(name));
        let near: Vec<usize> = (0..fields.names.len()).filter(|&i| is_near(&fields.names[i], name)).collect();
        let meant = if let [one] = near[..] { Some(one) } else { None };
        let remedy = match meant {
            Some(one) => format!("call it \"{}\", or remove it", fields.names[one]),
            None => quoted("remove it, or call it one of ", &fields.names),
        };
        self.fault(at, || (message, remedy));
        meant
    }

    fn words(&mut self, node: &Node) {
        let at = self.cursor.offset();
        let raw = self.cursor.raw();
        match unescaped(raw) {
            None => {
                let message = format!("{} has an escape that stands for no character", shortened(raw));
                self.fault(at, || (message, "write the character itself".to_owned()));
            }
            Some(text) if node.time == Some(InWords::Clock) => self.clock(node, at, raw, &text),
            Some(text) if node.time == Some(InWords::Origin) => {
                if let Some(fault) = dates::of_origin(&text) {
                    self.fault(at, || fault);
                }
            }
            Some(text) if !number::is_time(node, &text) => {
                let message = format!("expected {}, found {}", node.expected(), shortened(raw));
                let remedy = number::of_text(node, raw).unwrap_or_else(|| "give what is expected".to_owned());
                self.fault(at, || (message, remedy));
            }
            Some(text) if !node.words.is_empty() && !node.words.iter().any(|word| *word == text) => {
                let message = format!("{} is not known", shortened(raw));
                self.fault(at, || (message, quoted("give one of ", &node.words)));
            }
            Some(_) => {}
        }
    }

    /// A point in time in words.
    fn clock(&mut self, node: &Node, at: usize, raw: &str, text: &str) {
        match self.dates.read(text) {
            Ok(Some(time)) => self.times.push((at..at + raw.len(), time)),
            Ok(None) => {}
            Err(fault) => self.fault(at, || {
                fault.unwrap_or_else(|| {
                    let message = format!("expected {}, found {}", node.expected(), shortened(raw));
                    (message, number::of_text(node, raw).unwrap_or_else(|| "give what is expected".to_owned()))
                })
            }),
        }
    }

    fn number(&mut self, node: &Node) {
        let at = self.cursor.offset();
        let raw = self.cursor.raw();
        if let Some(fault) = number::fault(node, raw) {
            self.fault(at, || fault);
        }
    }

    /// A fault at a place of the text, where the path leads: what is wrong, and how to mend it.
    fn fault(&mut self, offset: usize, words: impl FnOnce() -> (String, String)) {
        let (text, path) = (self.text, &self.path);
        self.faults.push_with(|| {
            let (message, remedy) = words();
            let (line, column) = line_and_column(text, offset);
            ShapeFault { path: shown(path), line, column, message, remedy }
        });
    }
}

/// The path as users write it: `clients[3].time_window[0]`.
fn shown(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        // Writing to a string cannot fail.
        let _ = match step {
            Step::Field(name) if text.is_empty() => write!(text, "{}", shortened(name)),
            Step::Field(name) => write!(text, ".{}", shortened(name)),
            Step::Element(index) => write!(text, "[{index}]"),
        };
    }
    if text.is_empty() { "the document".to_owned() } else { text }
}

/// Whether a name is probably a slip of the other: at most two letters differ, of those that are there.
fn is_near(name: &str, slip: &str) -> bool {
    let (name, slip): (Vec<char>, Vec<char>) = (name.chars().collect(), slip.chars().take(40).collect());
    let mut row: Vec<usize> = (0..=slip.len()).collect();
    for (i, a) in name.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in slip.iter().enumerate() {
            let changed = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[slip.len()] <= 2.min(name.len() / 3)
}
