//! Faults of the input: exit code 2, every fault at once, and no panic.

use std::fs;

use crate::support::{folder, milkrun, names};

#[test]
fn all_faults_of_a_text_file() {
    let folder = folder();
    let text = "NAME : bad\nTYPE : CVRP\nDIMENSION : 3\nCAPACITY : many\nEDGE_WEIGHT_TYPE : EUC_2D\n\
                NODE_COORD_SECTION\n1 0 zero\n2 3 4\n3 x 8\nDEMAND_SECTION\n1 0\n2 1\n3 -1\nDEPOT_SECTION\n1\n-1\nEOF\n";
    fs::write(folder.path().join("bad.vrp"), text).unwrap();
    let run = milkrun(folder.path(), &["solve", "bad.vrp"]).code(2);
    run.tells(&["error: bad.vrp:", "line 4", "`many`", "line 7", "`zero`", "line 9", "`x`", "`-1`"]);
}

#[test]
fn all_faults_of_a_json_problem() {
    let folder = folder();
    let clients: Vec<String> =
        (0..30).map(|i| format!(r#"{{"location": {{"x": {i}, "y": 0}}, "service": -1}}"#)).collect();
    let text = format!(
        r#"{{"milkrun": "problem", "version": 1, "depots": [{{"location": {{"x": 0, "y": 0}}}}],
            "clients": [{}], "vehicle_types": [{{"start": 0, "end": 0}}]}}"#,
        clients.join(", ")
    );
    fs::write(folder.path().join("bad.json"), text).unwrap();
    let run = milkrun(folder.path(), &["solve", "bad.json"]).code(2);
    run.tells(&["30 faults", "clients[0].service = -1", "clients[29].service = -1"]);
}

#[test]
fn shapes_that_are_no_problem() {
    let folder = folder();
    let cases: [(&str, &[u8], &str); 6] = [
        ("empty.vrp", b"", "empty"),
        ("empty.json", b"", "line 1"),
        ("half.json", b"{\"milkrun\": \"prob", "line 1"),
        ("plan.json", b"{\"milkrun\": \"plan\", \"version\": 1, \"routes\": []}", "problem"),
        ("latin.json", b"{\"milkrun\": \"problem\", \"name\": \"Li\xe8ge\"}", "UTF-8"),
        ("noise.bin", b"\x00\xff\x13\x37", "format cannot be told"),
    ];
    for (name, content, word) in cases {
        fs::write(folder.path().join(name), content).unwrap();
        milkrun(folder.path(), &["solve", name]).code(2).tells(&[name, word]);
    }
}

#[test]
fn a_plan_of_another_problem() {
    let folder = folder();
    fs::write(folder.path().join("far.sol"), "Route #1: 1 99\nRoute #2: 1\n").unwrap();
    milkrun(folder.path(), &["check", "village.vrp", "far.sol"]).code(2).tells(&["`99`", "line 2"]);
    fs::write(folder.path().join("no.sol"), "").unwrap();
    milkrun(folder.path(), &["solve", "village.vrp", "--initial", "no.sol"]).code(2).tells(&["no.sol"]);
}

#[test]
fn nothing_is_searched_when_an_output_cannot_be_written() {
    let folder = folder();
    let outputs = ["--out", "no/such/folder/plan.json", "--geojson", ".", "--solution", "fine.sol"];
    let solve = ["solve", "gone.vrp", "--iterations", "1000000"];
    let run = milkrun(folder.path(), &[&solve[..], &outputs[..]].concat()).code(2);
    run.tells(&["plan.json", "cannot write .: it is a folder", "cannot read gone.vrp"]);
    assert_eq!(names(folder.path()), ["parcels.vrp", "village.vrp", "waste_day.json"]);
}

#[test]
fn arguments_out_of_range() {
    let folder = folder();
    let cases = [
        ("--time-limit", "-1", "--time-limit"),
        ("--time-limit", "1 fortnight", "fortnight"),
        ("--threads", "0", "--threads"),
        ("--seed", "-5", "-5"),
        ("--round", "up", "dimacs"),
        ("--format", "xml", "solomon"),
        ("--iterations", "1.5", "1.5"),
    ];
    for (option, value, word) in cases {
        milkrun(folder.path(), &["solve", "village.vrp", &format!("{option}={value}")]).code(2).tells(&[word]);
    }
}
