//! What Python files import from their own package, for types only or not.

use std::collections::BTreeSet;

use regex::Regex;

use crate::Source;
use crate::graph::Graph;

/// For each module, the modules of the package that it imports.
///
/// # Panics
///
/// Never: the pattern is valid.
pub fn imports(files: &[Source]) -> Graph {
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let import = Regex::new(r"(?m)^\s*from (\.+)([A-Za-z_.]*) import \(?([^)#]*?)(?:\)|#|$)").expect("a pattern");
    let mut graph = Graph::new();
    for file in files {
        let needed = graph.entry(file.path.clone()).or_default();
        for hit in import.captures_iter(&file.text) {
            let mut folder = file.folder();
            for _ in 1..hit[1].len() {
                folder = crate::folder(folder);
            }
            let base =
                hit[2].split('.').filter(|part| !part.is_empty()).fold(folder.to_owned(), |a, b| format!("{a}/{b}"));
            let names = hit[3].split(',').map(|name| name.split_whitespace().next().unwrap_or(""));
            let candidates = names.map(|name| format!("{base}/{name}.py")).chain([format!("{base}.py")]);
            needed.extend(candidates.filter(|path| paths.contains(path.as_str())));
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_imports_are_followed() {
        let file = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file("p/_a.py", "from . import _b, _core\nif TYPE_CHECKING:\n    from ._c import X\n"),
            file("p/_b.py", ""),
            file("p/_c.py", "from ._b import (\n    Y,\n)\n"),
            file("p/sub/_d.py", "from .._a import Z\n"),
        ];
        let found = imports(&files);
        assert_eq!(found["p/_a.py"], BTreeSet::from(["p/_b.py".to_owned(), "p/_c.py".to_owned()]));
        assert_eq!(found["p/_c.py"], BTreeSet::from(["p/_b.py".to_owned()]));
        assert_eq!(found["p/sub/_d.py"], BTreeSet::from(["p/_a.py".to_owned()]));
    }
}
