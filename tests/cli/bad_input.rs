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
    run.reports(&["error: bad.vrp:", "line 4", "`many`", "line 7", "`zero`", "line 9", "`x`", "`-1`"]);
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
    run.reports(&["30 faults", "clients[0].service = -1", "clients[29].service = -1"]);
}

#[test]
fn values_of_the_wrong_shape() {
    let folder = folder();
    let cases: [(&str, &[u8], &str); 6] = [
        ("empty.vrp", b"", "empty"),
        ("empty.json", b"", "line 1"),
        ("half.json", b"{\"milkrun\": \"prob", "line 1"),
        ("plan.json", b"{\"milkrun\": \"plan\", \"version\": 1, \"routes\": []}", "problem"),
        ("latin.json", b"{\"milkrun\": \"problem\", \"name\": \"Li\xe8ge\"}", "UTF-8"),
        ("noise.bin", b"\x00\xff\x13\x37", "format is not recognised"),
    ];
    for (name, content, word) in cases {
        fs::write(folder.path().join(name), content).unwrap();
        milkrun(folder.path(), &["solve", name]).code(2).reports(&[name, word]);
    }
}

#[test]
fn a_plan_of_another_problem() {
    let folder = folder();
    fs::write(folder.path().join("far.sol"), "Route #1: 1 99\nRoute #2: 1\n").unwrap();
    milkrun(folder.path(), &["check", "village.vrp", "far.sol"]).code(2).reports(&["`99`", "line 2"]);
    fs::write(folder.path().join("no.sol"), "").unwrap();
    milkrun(folder.path(), &["solve", "village.vrp", "--initial", "no.sol"]).code(2).reports(&["no.sol"]);
}

#[test]
fn nothing_is_searched_when_an_output_cannot_be_written() {
    let folder = folder();
    let outputs = ["--out", "no/such/folder/plan.json", "--geojson", ".", "--solution", "fine.sol"];
    let solve = ["solve", "gone.vrp", "--iterations", "1000000"];
    let run = milkrun(folder.path(), &[&solve[..], &outputs[..]].concat()).code(2);
    run.reports(&["plan.json", "cannot write .: it is a folder", "cannot read gone.vrp"]);
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
        milkrun(folder.path(), &["solve", "village.vrp", &format!("{option}={value}")]).code(2).reports(&[word]);
    }
}

/// Outputs that would overwrite each other or an input, by whichever path.
#[test]
fn one_file_for_two_purposes() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("city.json"), PROBLEM).unwrap();
    fs::write(path.join("readings.csv"), "id,time,value\na,0,5\na,90000,50\n").unwrap();
    fs::create_dir(path.join("sub")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("city.json", path.join("link.json")).unwrap();
    let solve = ["solve", "city.json", "--iterations", "9"];
    let cases: [(&[&str], &str); 9] = [
        (&["--out", "x", "--solution", "x"], "--out and --solution are the same file, x"),
        (&["--out", "x", "--geojson", "./sub/../x"], "--out and --geojson are the same file"),
        (&["--solution", "x", "--geojson", "x", "--out", "x"], "--solution and --geojson are the same file"),
        (&["--out", "city.json"], "--out would overwrite the problem, city.json; give another path"),
        (&["--geojson", "./city.json"], "--geojson would overwrite the problem"),
        (&["--initial", "plan.json", "--geojson", "plan.json"], "--geojson would overwrite --initial"),
        #[cfg(unix)]
        (&["--out", "link.json"], "--out would overwrite the problem"),
        #[cfg(not(unix))]
        (&["--out", "city.json"], "--out would overwrite the problem"),
        (&["--out", "city.json", "--solution", "city.json"], "--solution would overwrite the problem"),
        (&["--out", "sub/../city.json"], "--out would overwrite the problem"),
    ];
    for (options, word) in cases {
        milkrun(path, &[&solve[..], options].concat()).code(2).reports(&[word]);
    }
    assert_eq!(fs::read_to_string(path.join("city.json")).unwrap(), PROBLEM);
    milkrun(path, &["convert", "city.json", "./city.json"]).code(2).reports(&["OUT would overwrite IN"]);
    milkrun(path, &["demo", "--geojson", "x.json", "--problem", "x.json"]).code(2).reports(&["are the same file"]);
    let run = ["bench", "village.vrp", "--iterations", "1", "--out", "village.vrp"];
    milkrun(path, &run).code(2).reports(&["--out would overwrite an instance"]);
    milkrun(path, &["forecast", "readings.csv", "--out", "readings.csv"])
        .code(2)
        .reports(&["--out would overwrite READINGS"]);
    let select = ["select", "readings.csv", "--problem", "city.json", "--out", "city.json"];
    milkrun(path, &select).code(2).reports(&["--out would overwrite --problem"]);
    // A plan may replace itself, and devices are not overwritten.
    milkrun(path, &[&solve[..], &["--out", "plan.json"]].concat()).code(0);
    milkrun(path, &[&solve[..], &["--initial", "plan.json", "--out", "plan.json"]].concat()).code(0);
    #[cfg(unix)]
    milkrun(path, &[&solve[..], &["--out", "/dev/null", "--geojson", "/dev/null"]].concat()).code(0);
}

const PROBLEM: &str = r#"{
    "milkrun": "problem", "version": 1,
    "depots": [{"location": {"x": 0, "y": 0}}], "clients": [{"location": {"x": 3, "y": 4}}],
    "vehicle_types": [{"start": 0, "end": 0}]
}"#;

/// Valid data that is probably a mistake causes a warning.
#[test]
fn remarks_on_probable_mistakes() {
    let folder = folder();
    let text = PROBLEM.replace(r#"{"x": 3, "y": 4}"#, r#"{"x": 0.3, "y": 0.1}"#);
    fs::write(folder.path().join("degrees.json"), text).unwrap();
    let run = milkrun(folder.path(), &["solve", "degrees.json", "--iterations", "9"]).code(0);
    run.reports(&["warning: all distances are 0"]);
}

/// Names of any length are read and written, and messages show their beginning.
#[test]
fn a_name_of_a_million_characters() {
    let folder = folder();
    let name = "n".repeat(1_000_000);
    let text = PROBLEM.replace(r#""version": 1,"#, &format!(r#""version": 1, "name": "{name}","#));
    let text = text.replace(r#"[{"start""#, &format!(r#"[{{"name": "{name}", "start""#));
    fs::write(folder.path().join("long.json"), text).unwrap();
    let run = milkrun(folder.path(), &["solve", "long.json", "--iterations", "9"]).code(0);
    assert!(run.out.len() + run.err.len() < 5_000, "{} {}", run.out.len(), run.err.len());
}
