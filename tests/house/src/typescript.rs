//! What TypeScript files import from their own package, for types only or not.

use std::collections::BTreeSet;

use regex::Regex;

use crate::Source;
use crate::graph::Graph;

/// For each file, the files of the package that it imports.
///
/// # Panics
///
/// Never: the pattern is valid.
pub fn imports(files: &[Source]) -> Graph {
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let import = Regex::new(r#"(?:from|import) "(\.[^"]+)\.js""#).expect("a pattern");
    let mut graph = Graph::new();
    for file in files {
        let needed = graph.entry(file.path.clone()).or_default();
        for hit in import.captures_iter(&file.text) {
            let mut parts: Vec<&str> = file.folder().split('/').collect();
            for part in hit[1].split('/') {
                match part {
                    "." => {}
                    ".." => {
                        parts.pop();
                    }
                    name => parts.push(name),
                }
            }
            let base = parts.join("/");
            let candidates = [format!("{base}.ts"), format!("{base}.d.ts")];
            needed.extend(candidates.into_iter().filter(|path| paths.contains(path.as_str())));
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
            file("ts/a.ts", "import { x } from \"./b.js\";\nimport type {\n  Y,\n} from \"./sub/c.js\";\n"),
            file("ts/b.ts", ""),
            file("ts/sub/c.ts", "export { z } from \"../a.js\";\n"),
        ];
        let found = imports(&files);
        assert_eq!(found["ts/a.ts"], BTreeSet::from(["ts/b.ts".to_owned(), "ts/sub/c.ts".to_owned()]));
        assert_eq!(found["ts/sub/c.ts"], BTreeSet::from(["ts/a.ts".to_owned()]));
    }
}
