//! Who does what in the service: storage has the SQL, use cases change things and write that down, handlers speak HTTP.

use milkrun_house::{Source, rust, sources};

/// The service's files, their unit tests left out, but for the tests of the service as a whole.
fn service() -> Vec<Source> {
    let files = sources(&["service/src"], &[".rs"]);
    files.into_iter().filter(|file| !file.path.starts_with("service/src/testing/")).collect()
}

/// Lines of the files that pass that have one of the words, with where they stand.
fn lines_with(words: &[&str], passes: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in service().iter().filter(|file| passes(&file.path)) {
        for (number, line) in rust::code(&file.text).lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn only_storage_speaks_sql() {
    // The errors of the database are those of the service, too.
    let others = |path: &str| !path.starts_with("service/src/storage/") && path != "service/src/error.rs";
    assert_eq!(lines_with(&["sqlx::", "use sqlx"], others), [""; 0], "a repository of service/src/storage has the SQL");
    let storage = lines_with(&["sqlx::"], |path| path.starts_with("service/src/storage/"));
    assert!(storage.len() > 100, "the words are those that SQL needs: {}", storage.len());
}

#[test]
fn handlers_neither_change_things_nor_write_them_down() {
    let words =
        [".begin()", "Event::new", "audit::append", "commit", "crate::storage::{", "crate::storage::Connection"];
    let is_handler = |path: &str| path.starts_with("service/src/http/") && path != "service/src/http/metrics.rs";
    assert_eq!(lines_with(&words, is_handler), [""; 0], "a use case changes things, and writes them down");
    let elsewhere = lines_with(&words, |path| !path.starts_with("service/src/http/"));
    assert!(elsewhere.len() > 40, "the words are those that use cases need: {}", elsewhere.len());
}

#[test]
fn a_method_of_storage_is_named_once() {
    let mut names: Vec<String> = Vec::new();
    for file in service().iter().filter(|file| file.path.starts_with("service/src/storage/")) {
        let code = rust::code(&file.text);
        let mut in_trait = false;
        for line in code.lines() {
            in_trait = if line.starts_with("pub(crate) trait") { true } else { in_trait && line != "}" };
            let name = line.trim().strip_prefix("async fn ").and_then(|rest| rest.split('(').next());
            names.extend(name.filter(|_| in_trait).map(str::to_owned));
        }
    }
    assert!(names.len() > 50, "{}", names.len());
    names.sort();
    let twice: Vec<&str> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].as_str()).collect();
    assert_eq!(twice, [""; 0], "a name says of which domain it is");
}
