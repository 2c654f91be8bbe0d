//! What Rust files import from their own crate.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::Source;

/// For each file of a crate, the files of the same crate that it names in paths, its own unit tests left out. `src` is the
/// folder of the crate's root.
///
/// # Panics
///
/// Never: the patterns are valid.
pub fn imports(src: &str, files: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let path = Regex::new(r"\b(crate|super)((?:::[a-z_][a-z0-9_]*)*)(?:::\{([^;]*?)\})?").expect("a pattern");
    let item = Regex::new(r"^\s*([a-z_][a-z0-9_]*(?:::[a-z_][a-z0-9_]*)*)").expect("a pattern");
    let mut found = BTreeMap::new();
    for file in files {
        let own = module(src, &file.path);
        let mut needed = BTreeSet::new();
        for hit in path.captures_iter(&code(&file.text)) {
            let mut base = if &hit[1] == "crate" { Vec::new() } else { parent(&own) };
            for part in hit[2].split("::").filter(|part| !part.is_empty()) {
                if part == "super" {
                    base.pop();
                } else {
                    base.push(part.to_owned());
                }
            }
            // Of a list, each entry may name a module.
            let list = hit.get(3).map_or("", |list| list.as_str());
            let mut modules = vec![base.clone()];
            for entry in list.split(',').filter_map(|entry| item.captures(entry)) {
                let mut longer = base.clone();
                longer.extend(entry[1].split("::").map(str::to_owned));
                modules.push(longer);
            }
            needed.extend(modules.iter().filter_map(|module| resolve(src, module, &paths)));
        }
        needed.remove(&file.path);
        found.insert(file.path.clone(), needed);
    }
    found
}

/// The text without comments and without unit tests.
pub fn code(text: &str) -> String {
    let text = text.find("#[cfg(test)]\nmod tests {").map_or(text, |end| &text[..end]);
    let code = |line: &str| line.find("//").map_or(line.to_owned(), |at| line[..at].to_owned());
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

/// The module that a file is, as a path from the crate's root.
fn module(src: &str, path: &str) -> Vec<String> {
    let inner = path.strip_prefix(src).unwrap_or(path).trim_start_matches('/').trim_end_matches(".rs");
    let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

fn parent(module: &[String]) -> Vec<String> {
    module[..module.len().saturating_sub(1)].to_vec()
}

/// The file of the longest part of a path that is a module.
fn resolve(src: &str, module: &[String], paths: &BTreeSet<&str>) -> Option<String> {
    (1..=module.len()).rev().find_map(|length| {
        let base = format!("{src}/{}", module[..length].join("/"));
        [format!("{base}.rs"), format!("{base}/mod.rs")].into_iter().find(|file| paths.contains(file.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lists_and_parents_are_followed() {
        let file = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file("src/a/mod.rs", "use super::b;\n// use crate::c::X;\n"),
            file(
                "src/a/one.rs",
                "use crate::{b::Thing, c};\nuse super::super::c::Y;\n#[cfg(test)]\nmod tests {\nuse crate::a;\n}",
            ),
            file("src/b.rs", "fn f() { crate::a::one::g() }"),
            file("src/c.rs", ""),
        ];
        let found = imports("src", &files);
        assert_eq!(found["src/a/mod.rs"], BTreeSet::from(["src/b.rs".to_owned()]));
        assert_eq!(found["src/a/one.rs"], BTreeSet::from(["src/b.rs".to_owned(), "src/c.rs".to_owned()]));
        assert_eq!(found["src/b.rs"], BTreeSet::from(["src/a/one.rs".to_owned()]));
        assert!(found["src/c.rs"].is_empty());
    }
}
