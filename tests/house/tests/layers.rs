//! Imports go one way.

use std::collections::BTreeSet;

use milkrun_house::graph::{Graph, cycles};
use milkrun_house::{Source, folder, python, root, rust, sources, typescript};

/// The modules of the library, from the ground up, as CONTRIBUTING.md lists them.
fn layers() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("CONTRIBUTING.md");
    let list = text.split("```layers\n").nth(1).and_then(|rest| rest.split("```").next());
    let list = list.expect("CONTRIBUTING.md has a block of layers");
    list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// The top module that a file of the library belongs to.
fn top(path: &str) -> &str {
    path["core/src/".len()..].split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn library() -> Vec<Source> {
    let is_test = |file: &Source| file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
    sources(&["core/src"], &[".rs"]).into_iter().filter(|file| !is_test(file)).collect()
}

#[test]
fn a_module_of_the_library_imports_only_from_those_below_it() {
    let layers = layers();
    let rank = |module: &str| layers.iter().position(|layer| layer == module);
    let mut wrong = Vec::new();
    let files = library();
    let modules: BTreeSet<&str> = files.iter().map(|file| top(&file.path)).filter(|&module| module != "lib").collect();
    let listed: BTreeSet<&str> = layers.iter().map(String::as_str).collect();
    assert_eq!(modules, listed, "CONTRIBUTING.md lists every module of the library");
    for (file, needed) in rust::imports("core/src", &files) {
        for other in needed.iter().filter(|other| top(other) != top(&file)) {
            if top(&file) != "lib" && rank(top(other)) >= rank(top(&file)) {
                wrong.push(format!("{file} imports {other}"));
            }
        }
        let code = rust::code(&files.iter().find(|source| source.path == file).expect("the file").text);
        let from_the_root = code.split("crate::").skip(1).any(|rest| rest.starts_with(char::is_uppercase));
        if from_the_root && file != "core/src/lib.rs" {
            wrong.push(format!("{file} imports from the root of the crate"));
        }
    }
    assert_eq!(wrong, [""; 0], "a module imports only from those before it in the list");
}

/// Imports between folders of which neither contains the other.
fn between_folders(files: &Graph) -> Graph {
    let mut graph = Graph::new();
    for (file, needed) in files {
        for other in needed {
            let (a, b) = (folder(file), folder(other));
            let within = |outer: &str, inner: &str| inner == outer || inner.starts_with(&format!("{outer}/"));
            if !within(a, b) && !within(b, a) {
                graph.entry(a.to_owned()).or_default().insert(b.to_owned());
            }
        }
    }
    graph
}

#[test]
fn folders_of_rust_do_not_import_each_other() {
    for src in [
        "core/src",
        "providers/src",
        "sources/src",
        "tables/src",
        "cli/src",
        "service/src",
        "bindings-python/src",
        "bindings-node/src",
        "xtask/src",
        "tests/oracle/src",
    ] {
        let files: Vec<_> =
            sources(&[src], &[".rs"]).into_iter().filter(|file| !file.path.contains("/tests/")).collect();
        let graph = between_folders(&rust::imports(src, &files));
        assert_eq!(cycles(&graph), Vec::<Vec<String>>::new(), "cycles of folders in {src}: {graph:#?}");
    }
}

#[test]
fn modules_of_the_python_package_do_not_import_each_other() {
    let files = sources(&["bindings-python/python"], &[".py"]);
    assert_eq!(cycles(&python::imports(&files)), Vec::<Vec<String>>::new());
}

#[test]
fn files_of_the_node_package_do_not_import_each_other() {
    let files = sources(&["bindings-node/ts"], &[".ts"]);
    assert_eq!(cycles(&typescript::imports(&files)), Vec::<Vec<String>>::new());
}
