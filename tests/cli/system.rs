//! Limits of the system: threads, and file sizes.

use std::path::Path;
use std::process::Command;

use crate::support::{Run, TINY, folder, milkrun, names};

/// The binary in a shell that sets a limit first.
fn limited(folder: &Path, limit: &str, arguments: &str) -> Run {
    let script = format!("ulimit {limit} && exec \"$0\" {arguments}");
    let mut command = Command::new("sh");
    command.current_dir(folder).args(["-c", &script, env!("CARGO_BIN_EXE_milkrun")]);
    Run::of(&command.output().unwrap())
}

#[test]
fn fewer_threads_search_if_the_system_refuses_more() {
    let folder = folder();
    std::fs::write(folder.path().join("tiny.json"), TINY).unwrap();
    // 150 MB of addresses hold few stacks.
    let run = limited(folder.path(), "-v 150000", "solve tiny.json --threads 1000 --time-limit 1s --out plan.json");
    run.code(0).reports(&["warning", "of 1000 threads searched"]);
    milkrun(folder.path(), &["check", "tiny.json", "plan.json"]).code(0);
}

#[test]
fn a_file_beyond_the_limit_of_sizes_is_an_error_and_leaves_the_old_one() {
    let folder = folder();
    std::fs::write(folder.path().join("plan.json"), "yesterday's").unwrap();
    let before = names(folder.path());
    // 2 blocks are less than the plan of 120 stops takes.
    let run = limited(folder.path(), "-f 2", "solve waste_day.json --iterations 200 --out plan.json");
    run.code(1).reports(&["cannot write plan.json"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("plan.json")).unwrap(), "yesterday's");
    assert_eq!(names(folder.path()), before, "no temporary file is left");
}
