//! The types of the core's documents in Python and in TypeScript, made of their JSON schemas.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::PathBuf;

use milkrun::document::{answers_schema, requests_schema};
use milkrun::io::json::problem_schema;
use serde_json::Value;

/// Every definition by its name.
type Definitions = BTreeMap<String, Value>;

/// The files, with what belongs in them.
pub fn files() -> [(PathBuf, String); 2] {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    [
        (root.join("bindings-python/python/milkrun/_documents.py"), python()),
        (root.join("bindings-node/ts/documents.ts"), typescript()),
    ]
}

/// Writes the files.
///
/// # Errors
///
/// If one of them cannot be written.
pub fn write() -> io::Result<()> {
    files().into_iter().try_for_each(|(path, text)| fs::write(path, text))
}

fn requests() -> Definitions {
    let mut all: Definitions = of(&requests_schema());
    all.extend(of(&milkrun_report::requests_schema()));
    all.extend(of(&milkrun_tables::requests_schema()));
    let mut problem = problem_schema();
    all.extend(of(&problem["$defs"].take()));
    all.insert("Problem".to_owned(), problem);
    let answers = answers();
    all.retain(|name, _| !answers.contains_key(name));
    all
}

fn answers() -> Definitions {
    let mut all = of(&answers_schema());
    all.extend(of(&milkrun_tables::answers_schema()));
    all
}

fn of(definitions: &Value) -> Definitions {
    let all = definitions.as_object().into_iter().flatten();
    all.map(|(name, schema)| (name.clone(), whole(schema, definitions))).collect()
}

/// The schema with the fields that an alternative takes from a definition beside its own.
fn whole(schema: &Value, definitions: &Value) -> Value {
    let mut schema = schema.clone();
    for alternative in schema["oneOf"].as_array_mut().into_iter().flatten() {
        let named = alternative["$ref"].as_str().map(|reference| &definitions[name_of(reference)]["properties"]);
        if let (Some(Value::Object(named)), Some(own)) = (named, alternative["properties"].as_object_mut()) {
            own.extend(named.iter().map(|(name, schema)| (name.clone(), schema.clone())));
            alternative.as_object_mut().map(|alternative| alternative.remove("$ref"));
        }
    }
    schema
}

const SAID: &str = "Generated from the core by `cargo xtask types`: change it there.";

fn python() -> String {
    let mut text = format!(
        "\"\"\"What crosses the border to the compiled part. {SAID}\"\"\"\n\nfrom __future__ import annotations\n\nfrom collections.abc import Sequence\nfrom typing \
         import Literal, TypeAlias, TypedDict\n"
    );
    let answers = answers().into_iter().map(|(name, schema)| (name, schema, Python { frozen: true }));
    let requests = requests().into_iter().map(|(name, schema)| (name, schema, Python { frozen: false }));
    for (name, schema, of) in answers.chain(requests) {
        let (name, schema, docs) = (&name, &schema, sentence(&schema));
        if let Some(words) = words(schema) {
            let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            let _ = write!(text, "\n{name}: TypeAlias = Literal[{}]\n", words.join(", "));
        } else if let Some(fields) = Fields::of(schema) {
            text.push_str(&typed_dict(name, &fields, &docs, &of));
        } else {
            let _ = write!(text, "\n{name}: TypeAlias = \"{}\"\n", of.of(schema));
        }
    }
    text
}

/// A class of dicts. Names that Python keeps for itself stand in a base of their own.
fn typed_dict(name: &str, fields: &Fields, docs: &str, of: &Python) -> String {
    let mut text = String::new();
    let mut bases = Vec::new();
    let part = |required: bool, keyword: bool| {
        let those = fields.list.iter().filter(move |f| f.required == required && is_keyword(&f.name) == keyword);
        those.map(|field| (field.name.as_str(), of.field(field))).collect::<Vec<_>>()
    };
    for (required, ending) in [(true, "Named"), (false, "Optional")] {
        let named = part(required, true);
        if !named.is_empty() {
            let named: Vec<String> = named.iter().map(|(name, kind)| format!("{name:?}: \"{kind}\"")).collect();
            let base = format!("_{name}{ending}");
            let total = if required { "" } else { ", total=False" };
            let _ = write!(text, "\n{base} = TypedDict(\"{base}\", {{{}}}{total})\n", named.join(", "));
            bases.push(base);
        }
    }
    let (needed, optional) = (part(true, false), part(false, false));
    if !needed.is_empty() && !optional.is_empty() {
        let base = format!("_{name}Required");
        let _ = write!(text, "\n\nclass {base}(TypedDict):\n{}", listed(&needed));
        bases.push(base);
    }
    let own = if optional.is_empty() { &needed } else { &optional };
    let total = if optional.is_empty() { "" } else { ", total=False" };
    let bases = if bases.is_empty() { "TypedDict".to_owned() } else { bases.join(", ") };
    let _ = write!(text, "\n\nclass {name}({bases}{total}):\n    \"\"\"{docs}\"\"\"\n");
    if !own.is_empty() {
        let _ = write!(text, "\n{}", listed(own));
    }
    text
}

fn listed(fields: &[(&str, String)]) -> String {
    fields.iter().map(|(name, kind)| format!("    {name}: {kind}\n")).collect::<Vec<_>>().concat()
}

fn is_keyword(name: &str) -> bool {
    matches!(name, "break" | "from" | "$schema")
}

fn typescript() -> String {
    let mut text = format!("/** What crosses the border to the compiled part. {SAID} */\n");
    for (all, camel) in [(answers(), true), (requests(), false)] {
        for (name, schema) in &all {
            let _ = write!(text, "\n/** {} */\n", sentence(schema));
            let of = TypeScript { camel };
            if let Some(words) = words(schema) {
                let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
                let list = format!("{}Words", small(name));
                let _ = writeln!(text, "export const {list} = [{}] as const;", words.join(", "));
                let _ = writeln!(text, "/** {} */\nexport type {name} = (typeof {list})[number];", sentence(schema));
                continue;
            }
            let _ = if schema["properties"].is_object() {
                writeln!(text, "export interface {name} {}", of.object(schema, 0))
            } else {
                writeln!(text, "export type {name} = {};", of.of(schema, 0))
            };
        }
    }
    text
}

/// A field of an object.
struct Field {
    name: String,
    schema: Value,
    required: bool,
}

/// The fields of an object; of alternatives, those of all.
struct Fields {
    list: Vec<Field>,
}

impl Fields {
    fn of(schema: &Value) -> Option<Self> {
        let alternatives: Vec<&Value> = match schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            Some(alternatives) => alternatives.iter().collect(),
            None => vec![schema],
        };
        if alternatives.iter().any(|each| !each["properties"].is_object()) {
            return None;
        }
        let mut list: Vec<Field> = Vec::new();
        for alternative in &alternatives {
            for (name, each) in properties(alternative) {
                match list.iter_mut().find(|field| &field.name == name) {
                    Some(field) => join(&mut field.schema, each),
                    None => list.push(Field { name: name.clone(), schema: each.clone(), required: true }),
                }
            }
        }
        for field in &mut list {
            field.required = alternatives.iter().all(|each| required(each, &field.name));
        }
        Some(Self { list })
    }
}

/// One of two: of texts that are constants, a list.
fn join(schema: &mut Value, other: &Value) {
    let one = schema.take();
    *schema = if other.get("const").is_some() {
        let mut all = one["enum"].as_array().cloned().unwrap_or_else(|| vec![one["const"].clone()]);
        all.push(other["const"].clone());
        serde_json::json!({ "type": "string", "enum": all })
    } else {
        serde_json::json!({ "anyOf": [one, other] })
    };
}

/// The kinds, each once.
fn either(kinds: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for kind in kinds.collect::<Vec<_>>().join(" | ").split(" | ") {
        if !all.iter().any(|each| each == kind) {
            all.push(kind.to_owned());
        }
    }
    all.join(" | ")
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema["properties"].as_object().into_iter().flatten()
}

fn required(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|list| list.iter().any(|each| each == name))
}

/// The words that a text is one of.
fn words(schema: &Value) -> Option<Vec<String>> {
    let own = |schema: &Value| -> Option<Vec<String>> {
        if schema["type"] != "string" {
            return None;
        }
        let words = schema["enum"].as_array().into_iter().flatten().chain(schema.get("const"));
        let words: Vec<String> = words.filter_map(Value::as_str).map(str::to_owned).collect();
        (!words.is_empty()).then_some(words)
    };
    match schema["oneOf"].as_array() {
        Some(alternatives) => alternatives.iter().map(own).collect::<Option<Vec<_>>>().map(|all| all.concat()),
        None => own(schema),
    }
}

fn sentence(schema: &Value) -> String {
    // Examples are of Rust.
    schema["description"].as_str().unwrap_or_default().split("\n\n```").next().unwrap_or_default().replace('\n', " ")
}

fn without<'a>(kind: &'a str, ending: &str) -> &'a str {
    kind.strip_suffix(ending).unwrap_or(kind)
}

fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// The types that a schema permits, each by its own schema.
fn kinds(schema: &Value) -> Vec<String> {
    match &schema["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        one => one.as_str().map(str::to_owned).into_iter().collect(),
    }
}

struct Python {
    /// Whether lists are tuples, as they are in answers.
    frozen: bool,
}

impl Python {
    /// What stands in a field; what an answer leaves out is never null.
    fn field(&self, field: &Field) -> String {
        let kind = self.of(&field.schema);
        if self.frozen && !field.required { without(&kind, " | None").to_owned() } else { kind }
    }

    fn of(&self, schema: &Value) -> String {
        if let Some(reference) = schema["$ref"].as_str() {
            return name_of(reference).to_owned();
        }
        if let Some(words) = words(schema) {
            let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            return format!("Literal[{}]", words.join(", "));
        }
        if let Some(alternatives) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return either(alternatives.iter().map(|each| self.of(each)));
        }
        let kinds = kinds(schema);
        let kinds = kinds.iter().map(|kind| match kind.as_str() {
            "integer" => "int".to_owned(),
            "number" => "float".to_owned(),
            "boolean" => "bool".to_owned(),
            "null" => "None".to_owned(),
            "array" => match schema["prefixItems"].as_array() {
                Some(items) => {
                    format!("tuple[{}]", items.iter().map(|each| self.of(each)).collect::<Vec<_>>().join(", "))
                }
                None if self.frozen => format!("tuple[{}, ...]", self.of(&schema["items"])),
                None => format!("Sequence[{}]", self.of(&schema["items"])),
            },
            "object" if schema["additionalProperties"].is_object() => {
                format!("dict[str, {}]", self.of(&schema["additionalProperties"]))
            }
            "object" => "dict[str, object]".to_owned(),
            _ => "str".to_owned(),
        });
        kinds.collect::<Vec<_>>().join(" | ")
    }
}

struct TypeScript {
    /// Whether names of fields are written as JavaScript has them.
    camel: bool,
}

impl TypeScript {
    fn of(&self, schema: &Value, depth: usize) -> String {
        if let Some(reference) = schema["$ref"].as_str() {
            return name_of(reference).to_owned();
        }
        if let Some(words) = words(schema) {
            return words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" | ");
        }
        if let Some(alternatives) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return alternatives.iter().map(|each| self.of(each, depth)).collect::<Vec<_>>().join(" | ");
        }
        if schema["properties"].is_object() {
            return self.object(schema, depth);
        }
        let kinds = kinds(schema);
        let kinds = kinds.iter().map(|kind| match kind.as_str() {
            "integer" | "number" => "number".to_owned(),
            "array" => {
                if let Some(items) = schema["prefixItems"].as_array() {
                    let items: Vec<String> = items.iter().map(|each| self.of(each, depth)).collect();
                    format!("readonly [{}]", items.join(", "))
                } else {
                    let item = self.of(&schema["items"], depth);
                    if item.contains(' ') { format!("readonly ({item})[]") } else { format!("readonly {item}[]") }
                }
            }
            "object" if schema["additionalProperties"].is_object() => {
                format!("Readonly<Record<string, {}>>", self.of(&schema["additionalProperties"], depth))
            }
            "object" => "object".to_owned(),
            other => other.to_owned(),
        });
        kinds.collect::<Vec<_>>().join(" | ")
    }

    fn object(&self, schema: &Value, depth: usize) -> String {
        let indent = "  ".repeat(depth + 1);
        let mut text = "{\n".to_owned();
        for (name, each) in properties(schema) {
            let docs = sentence(each);
            if !docs.is_empty() {
                let _ = writeln!(text, "{indent}/** {docs} */");
            }
            let mark = if required(schema, name) { "" } else { "?" };
            let name = if self.camel { camel(name) } else { name.clone() };
            let kind = self.of(each, depth + 1);
            // What an answer leaves out is never null.
            let kind = if self.camel && !mark.is_empty() { without(&kind, " | null") } else { &kind };
            let _ = writeln!(text, "{indent}readonly {name}{mark}: {kind};");
        }
        let _ = write!(text, "{}}}", "  ".repeat(depth));
        text
    }
}

/// `MaxLoad` as `maxLoad`.
fn small(name: &str) -> String {
    let (first, rest) = name.split_at(name.len().min(1));
    first.to_lowercase() + rest
}

/// `max_load` as `maxLoad`.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        text += &first.to_uppercase();
        text += rest;
    }
    text
}
