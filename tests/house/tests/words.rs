//! Words that were retired do not come back: `words.txt` lists them, the glossary in the book says what is used instead.

use milkrun_house::sources;
use regex::Regex;

/// A pattern of paths: `**` stands for any folders, `*` for any part of a name.
fn glob(pattern: &str) -> Regex {
    let escaped = regex::escape(pattern);
    let pattern = escaped.replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*");
    Regex::new(&format!("^{pattern}$")).expect("a pattern of paths")
}

#[test]
fn no_retired_word_is_used() {
    let roots = [
        "core",
        "providers",
        "sources",
        "tables",
        "report",
        "cli",
        "service",
        "bindings-python",
        "bindings-node",
        "xtask",
        "tests",
        "benches",
        "examples",
        "docs",
        "README.md",
        "CONTRIBUTING.md",
    ];
    let endings = [".rs", ".py", ".pyi", ".ts", ".mjs", ".js", ".md", ".html"];
    let files: Vec<_> =
        sources(&roots, &endings).into_iter().filter(|file| !file.path.starts_with("tests/house/")).collect();
    let mut found = Vec::new();
    let mut section: Vec<_> = Vec::new();
    for line in include_str!("../words.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(paths) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let (without, with): (Vec<&str>, Vec<&str>) = paths.split(',').partition(|path| path.starts_with('!'));
            let with: Vec<Regex> = with.into_iter().map(glob).collect();
            let without: Vec<Regex> = without.into_iter().map(|path| glob(&path[1..])).collect();
            let any = |globs: &[Regex], path: &str| globs.iter().any(|glob| glob.is_match(path));
            section = files.iter().filter(|file| any(&with, &file.path) && !any(&without, &file.path)).collect();
            assert!(!section.is_empty(), "no file has a path of `{paths}`");
            continue;
        }
        let (word, instead) = line.split_once('\t').unwrap_or_else(|| panic!("a tab is missing: {line}"));
        let word = Regex::new(word).unwrap_or_else(|error| panic!("{error}"));
        for file in &section {
            for (i, text) in file.text.lines().enumerate().filter(|(_, text)| word.is_match(text)) {
                found.push(format!("{}:{}: {} (instead: {instead})", file.path, i + 1, text.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{} retired words:\n{}", found.len(), found.join("\n"));
}

#[test]
fn patterns_of_paths() {
    let matches = |pattern: &str, path: &str| glob(pattern).is_match(path);
    assert!(matches("core/src/**/*.rs", "core/src/a.rs") && matches("core/src/**/*.rs", "core/src/b/c/a.rs"));
    assert!(matches("docs/*.md", "docs/a.md") && !matches("docs/*.md", "docs/decisions/a.md"));
    assert!(matches("core/**", "core/x/y.rs") && !matches("core/**", "cores/x.rs"));
}
