//! The commands of the pages: every `sh` block that is not marked `sh,no-run` is run, line by line, in a folder that has the
//! files which the page names.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use regex::Regex;

use crate::support::{Run, TINY, data, milkrun};

/// The longest search of a command that says nothing else, and of one that says more.
const LIMIT: &str = "100ms";
/// What searches, and takes a limit of time.
const SEARCHES: [&str; 9] =
    ["solve", "demo", "adapt", "period", "scenarios", "compare", "pareto", "explain", "pragmatic"];

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut pages: Vec<PathBuf> = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.push(root.join("README.md"));
    pages.sort();
    pages
}

/// The lines of the blocks that are run, each with its number.
fn commands(text: &str) -> Vec<(usize, String)> {
    let (mut is_open, mut is_run, mut found) = (false, false, Vec::new());
    for (number, line) in text.lines().enumerate() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            is_open = !is_open;
            is_run = is_open && language == "sh";
        } else if is_run && !line.trim().is_empty() && !line.starts_with('#') {
            found.push((number + 1, line.split("    #").next().unwrap_or(line).trim().to_owned()));
        }
    }
    found
}

/// The command with a shorter search.
fn shortened(command: &str) -> String {
    let limit = Regex::new(r"--time-limit[ =]\S+").unwrap();
    let searches = Regex::new(&format!(r"milkrun ({})\b", SEARCHES.join("|"))).unwrap();
    if limit.is_match(command) {
        return limit.replace_all(command, format!("--time-limit {LIMIT}")).into_owned();
    }
    let more = |found: &regex::Captures<'_>| format!("{} --time-limit {LIMIT}", &found[0]);
    let is_counted = command.contains("--iterations") || command.contains("--no-improvement");
    if is_counted { command.to_owned() } else { searches.replace_all(command, more).into_owned() }
}

/// A folder with everything that pages name: a problem and its plan, the examples of the repository.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    for name in ["waste_day.json", "village.vrp", "parcels.vrp"] {
        fs::copy(data(name), dir.join(name)).unwrap();
    }
    fs::copy(data("waste_day.json"), dir.join("city.json")).unwrap();
    fs::copy(data("village.vrp"), dir.join("instance.vrp")).unwrap();
    fs::write(dir.join("tiny.json"), TINY).unwrap();
    fs::create_dir_all(dir.join("examples/data/tables")).unwrap();
    fs::copy(data("waste_day.json"), dir.join("examples/data/waste_day.json")).unwrap();
    for name in ["bins.csv", "depots.csv", "sites.csv", "trucks.csv"] {
        fs::copy(data("tables").join(name), dir.join("examples/data/tables").join(name)).unwrap();
    }
    fs::create_dir(dir.join("instances")).unwrap();
    fs::copy(data("village.vrp"), dir.join("instances/village.vrp")).unwrap();
    fs::copy(data("waste_day.json"), dir.join("day.json")).unwrap();
    let city: serde_json::Value = serde_json::from_str(&fs::read_to_string(dir.join("city.json")).unwrap()).unwrap();
    let names: Vec<&str> = city["clients"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let visits = serde_json::json!({"days": 3, "visits": [{"client": names[0], "frequency": 2}]});
    fs::write(dir.join("visits.json"), visits.to_string()).unwrap();
    fs::write(dir.join("readings.csv"), readings(&names[..30])).unwrap();
    milkrun(dir, &["solve", "city.json", "--time-limit", LIMIT, "--out", "plan.json", "--quiet"]).code(0);
    fs::copy(dir.join("plan.json"), dir.join("other.json")).unwrap();
    folder
}

/// Readings of bins twice a day for three weeks: each fills at its own rate, and is emptied when it is nearly full.
fn readings(names: &[&str]) -> String {
    let mut text = "id,time,value\n".to_owned();
    for (bin, name) in names.iter().enumerate() {
        for reading in 0..42 {
            let level = (reading * (3 + bin % 7) + bin) % 90;
            let (day, hour) = (1 + reading / 2, 6 + 12 * (reading % 2));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name},2026-06-{day:02}T{hour:02}:00:00Z,{level}");
        }
    }
    text
}

/// Writes the files that a page shows: a block after a line `<!-- file: NAME -->`.
fn write_files(text: &str, dir: &Path) {
    let file = Regex::new(r"(?s)<!-- file: (\S+) -->\s*```\w*\n(.*?)```").unwrap();
    for found in file.captures_iter(text) {
        fs::write(dir.join(&found[1]), &found[2]).unwrap();
    }
}

/// As the page on VROOM says, `routes.json` is `in.json` with steps.
fn routes(dir: &Path) {
    let Ok(text) = fs::read_to_string(dir.join("in.json")) else { return };
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let steps = serde_json::json!([{"type": "start"}, {"type": "job", "id": 14}, {"type": "end"}]);
    document["vehicles"][0]["steps"] = steps;
    fs::write(dir.join("routes.json"), document.to_string()).unwrap();
}

fn run(dir: &Path, command: &str) -> Run {
    let program = Path::new(env!("CARGO_BIN_EXE_milkrun")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.current_dir(dir).args(["-ec", command]).env("PATH", path).stdin(Stdio::null());
    Run::of(&shell.output().unwrap())
}

#[test]
fn commands_of_docs_are_run() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let commands = commands(&text);
        if commands.is_empty() {
            continue;
        }
        let folder = folder();
        write_files(&text, folder.path());
        routes(folder.path());
        for (line, command) in commands {
            let run = run(folder.path(), &shortened(&command));
            count += 1;
            // A plan that is not found in so short a time is none of the page's faults.
            if !matches!(run.code, Some(0 | 3)) {
                faults.push(format!("{}:{line}: {command}\n{}", page.display(), run.err));
            }
        }
    }
    assert!(faults.is_empty(), "mark blocks that cannot be run `sh,no-run`:\n{}", faults.join("\n"));
    assert!(count > 20, "only {count} commands were found");
}

#[test]
fn commands_of_docs_are_found() {
    let text = "```sh\nmilkrun solve a.json    # why\n\n# no\n```\n```sh,no-run\nrm -r x\n```\n```text\nmilkrun\n```\n";
    assert_eq!(commands(text), [(2, "milkrun solve a.json".to_owned())]);
    assert_eq!(shortened("milkrun solve a.json --time-limit 1m"), "milkrun solve a.json --time-limit 100ms");
    assert_eq!(shortened("milkrun adapt a.json | cat"), "milkrun adapt --time-limit 100ms a.json | cat");
    assert_eq!(shortened("milkrun solve a.json --iterations 5"), "milkrun solve a.json --iterations 5");
}
