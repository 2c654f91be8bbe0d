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
