//! Ctrl-C.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::support::{command, folder, milkrun};

/// Starts a long command, and comes back with its messages once it catches signals, which it does before its first line.
fn start(folder: &Path, words: &[&str], first: &str) -> (Child, BufReader<ChildStderr>) {
    let mut child = command(folder).args(words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut messages = BufReader::new(child.stderr.take().unwrap());
    wait_for(&mut messages, first);
    (child, messages)
}

/// Reads messages up to one that contains a text.
fn wait_for(messages: &mut BufReader<ChildStderr>, text: &str) {
    let mut line = String::new();
    while !line.contains(text) {
        line.clear();
        assert!(messages.read_line(&mut line).unwrap() > 0, "the program ended without a word of {text:?}");
    }
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn the_incumbent_is_written() {
    for name in ["-INT", "-TERM"] {
        let folder = folder();
        let solve = ["solve", "waste_day.json", "--time-limit", "10m", "--out", "plan.json"];
        let (mut child, _messages) = start(folder.path(), &solve, "120 clients");
        signal(&child, name);
        // Of a search that has hardly begun, the best plan so far may leave clients unserved.
        let code = child.wait().unwrap().code().unwrap();
        assert!([0, 3].contains(&code), "{name}: {code}");
        milkrun(folder.path(), &["check", "waste_day.json", "plan.json"]).code(code);
    }
}

#[test]
fn a_second_one_ends_the_program_at_once() {
    let folder = folder();
    // After the first signal, `bench` has little left to do: on a busy machine it may have ended before the second one comes.
    let mut codes = (0..20).map(|_| {
        let bench = ["bench", "village.vrp", "waste_day.json", "--time-limit", "2m"];
        let (mut child, mut messages) = start(folder.path(), &bench, "2 runs");
        signal(&child, "-INT");
        wait_for(&mut messages, "once more");
        // Whoever has ended cannot be signalled.
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        child.wait().unwrap().code()
    });
    assert_eq!(codes.find(|code| *code != Some(0)), Some(Some(130)));
}
