//! Ctrl-C.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{command, folder, milkrun};

/// Starts a long search, and comes back once it is under way.
fn start(folder: &Path) -> Child {
    let mut command = command(folder);
    command.args(["solve", "waste_day.json", "--time-limit", "10m", "--out", "plan.json"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    // The summary is printed just before the signals are caught and the search starts.
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("120 clients"), "{first}");
    sleep(Duration::from_millis(500));
    child
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

fn end_within(child: &mut Child, limit: Duration) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("it did not end");
}

#[test]
fn the_incumbent_is_written() {
    for name in ["-INT", "-TERM"] {
        let folder = folder();
        let mut child = start(folder.path());
        signal(&child, name);
        assert_eq!(end_within(&mut child, Duration::from_secs(30)), Some(0), "{name}");
        milkrun(folder.path(), &["check", "waste_day.json", "plan.json"]).code(0);
    }
}

#[test]
fn a_second_one_ends_the_program_at_once() {
    let folder = folder();
    // The first signal lets `bench` wait for the run that is under way.
    let mut command = command(folder.path());
    command.args(["bench", "village.vrp", "waste_day.json", "--time-limit", "4s"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sleep(Duration::from_millis(700));
    signal(&child, "-INT");
    sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it waits for the run");
    signal(&child, "-INT");
    assert_eq!(end_within(&mut child, Duration::from_secs(3)), Some(130));
}
