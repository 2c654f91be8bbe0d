//! Links of the pages lead to files and headings that exist, and the book has every page.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use milkrun_house::{Source, root, sources};
use regex::Regex;

/// The pages that people read.
fn pages() -> Vec<Source> {
    let roots = [
        "docs",
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "GOVERNANCE.md",
        "tests",
        "bindings-python",
        "bindings-node",
    ];
    sources(&roots, &[".md"])
}

/// A page without its code: what is there is no link.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let lines = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        is_code ^= fence;
        !fence && !is_code
    });
    let inline = Regex::new("`[^`\n]*`").expect("an expression");
    inline.replace_all(&lines.collect::<Vec<_>>().join("\n"), "`code`").into_owned()
}

/// What the headings of a page are called in links, with the anchors that it sets itself.
fn anchors(text: &str) -> HashSet<String> {
    let mut is_code = false;
    let mut found = HashSet::new();
    let mut times: HashMap<String, usize> = HashMap::new();
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        if is_code || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = |c: char| c.is_alphanumeric() || "-_ ".contains(c);
        let name: String = heading.trim().to_lowercase().chars().filter(|&c| kept(c)).collect();
        let name = name.replace(' ', "-");
        let before = times.entry(name.clone()).or_insert(0);
        found.insert(if *before == 0 { name } else { format!("{name}-{before}") });
        *before += 1;
    }
    let own = Regex::new(r#"id="([^"]+)""#).expect("an expression");
    found.extend(own.captures_iter(text).map(|own| own[1].to_owned()));
    found
}

/// A path without its detours.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// The links of pages that lead nowhere.
fn broken(pages: &[Source], exists: &dyn Fn(&Path) -> bool) -> Vec<String> {
    let known: HashMap<PathBuf, HashSet<String>> =
        pages.iter().map(|page| (PathBuf::from(&page.path), anchors(&page.text))).collect();
    let link = Regex::new(r"\]\(([^)\s]+)(?:\s[^)]*)?\)").expect("an expression");
    let mut broken = Vec::new();
    for page in pages {
        for found in link.captures_iter(&prose(&page.text)) {
            let target = &found[1];
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
            let path = if file.is_empty() { PathBuf::from(&page.path) } else { plain(&folder.join(file)) };
            let is_there = exists(&path);
            let has_anchor = anchor.is_empty() || known.get(&path).is_none_or(|anchors| anchors.contains(anchor));
            if !is_there || !has_anchor {
                broken.push(format!("{}: {target}", page.path));
            }
        }
    }
    broken
}

#[test]
fn links_lead_somewhere() {
    let found = broken(&pages(), &|path| root().join(path).exists());
    assert_eq!(found, [""; 0], "correct these links, or what they lead to");
}

#[test]
fn broken_links_are_found() {
    let page = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let text = "# A page\n\n## What `is` here?\n\n[x](b.md) [x](b.md#no) [x](#what-is-here) [x](c.md) `[x](d.md)`\n\
                [x](https://x.org/y) [x](../e.rs)\n```text\n[x](f.md)\n```\n";
    let pages = [page("docs/a.md", text), page("docs/b.md", "# B\n\n## Yes\n\n[x](a.md#a-page)\n")];
    let exists = |path: &Path| ["docs/a.md", "docs/b.md", "e.rs"].iter().any(|known| path == Path::new(known));
    assert_eq!(broken(&pages, &exists), ["docs/a.md: b.md#no", "docs/a.md: c.md"]);
}

/// Links out of the book's folder are for readers of the repository; the book's own pages are all in its summary.
#[test]
fn the_book_has_every_page() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).expect("docs/SUMMARY.md");
    let pages = sources(&["docs"], &[".md"]);
    let pages = pages.iter().filter_map(|page| page.path.strip_prefix("docs/")).filter(|page| *page != "SUMMARY.md");
    let missing: Vec<&str> = pages.filter(|page| !summary.contains(&format!("({page})"))).collect();
    assert_eq!(missing, [""; 0], "name these pages in docs/SUMMARY.md");
}
