//! Every example runs, and finds what it should.

use std::path::Path;
use std::process::{Command, Output};

fn run(program: &str, arguments: &[&Path]) -> (bool, String) {
    let Output { status, stdout, stderr } = Command::new(program).args(arguments).output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

#[test]
fn milk_round() {
    let (success, printed) = run(env!("CARGO_BIN_EXE_milk_round"), &[]);
    assert!(success && printed.contains("tanker") && printed.contains("feasible"), "{printed}");
}

#[test]
fn read_vrplib() {
    let village = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/village.vrp");
    let (success, printed) = run(env!("CARGO_BIN_EXE_read_vrplib"), &[&village]);
    assert!(success && printed.contains("Route #1: ") && printed.contains("\nCost "), "{printed}");

    let (success, printed) = run(env!("CARGO_BIN_EXE_read_vrplib"), &[Path::new("no such file")]);
    assert!(!success && !printed.contains("panicked"), "{printed}");
}

#[test]
fn city_streets() {
    let (success, printed) = run(env!("CARGO_BIN_EXE_city_streets"), &[]);
    assert!(success && printed.matches("feasible: true").count() == 2, "{printed}");
    let metres = |name: &str| -> i64 {
        let line = printed.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        let word = line.split(", ").nth(1).and_then(|part| part.split(' ').next());
        word.and_then(|metres| metres.parse().ok()).unwrap_or_default()
    };
    // To stop on one side only can but lengthen the drive.
    assert!(metres("right side") > metres("either side") && metres("either side") > 10_000, "{printed}");
}
