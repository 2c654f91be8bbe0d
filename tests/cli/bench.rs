//! `milkrun bench`.

use std::fs;

use crate::support::{HOPELESS, folder, milkrun};

#[test]
fn a_folder_with_a_best_known_solution() {
    let folder = folder();
    let dir = folder.path();
    // A poor "best known" solution, whose stated cost is not used.
    let routes: Vec<String> = (1..=40).map(|client| format!("Route #{client}: {client}\n")).collect();
    fs::write(dir.join("village.sol"), routes.concat() + "Cost 1\n").unwrap();
    let bench = [
        "bench",
        ".",
        "--time-limit",
        "5m",
        "--iterations",
        "60",
        "--seed",
        "1,2",
        "--jobs",
        "2",
        "--out",
        "table.csv",
    ];
    let run = milkrun(dir, &bench).code(0).reports(&["[6/6]"]);
    assert!(run.out.contains("| CVRP | 2 | 2 | -"), "below a poor solution: {}", run.out);
    assert!(run.out.contains("| VRPTW | 2 | 2 | - |"), "{}", run.out);

    let table = fs::read_to_string(dir.join("table.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let column = |name: &str| rows[0].iter().position(|cell| *cell == name).unwrap();
    let village = rows.iter().find(|row| row[0] == "village").unwrap();
    assert_eq!(village[column("rounding")], "round");
    assert_eq!(village[column("clients")], "40");
    let number = |name: &str| village[column(name)].parse::<f64>().unwrap();
    assert!(number("cost") < number("bks"), "{village:?}");
    assert!(number("gap_percent") < 0.0 && number("iterations") > 0.0 && number("runtime_seconds") > 0.0);
}

#[test]
fn one_bad_instance_does_not_stop_the_others() {
    let folder = folder();
    fs::write(folder.path().join("bad.vrp"), "NAME : bad\nDIMENSION : x\n").unwrap();
    let run = milkrun(folder.path(), &["bench", "bad.vrp", "village.vrp", "--time-limit", "5m", "--iterations", "20"])
        .code(2);
    assert!(run.out.contains("| village | CVRP |"), "{}", run.out);
    run.reports(&["error: bad.vrp", "`x`"]);
}

#[test]
fn no_feasible_plan_is_exit_code_3() {
    let folder = folder();
    fs::write(folder.path().join("hopeless.json"), HOPELESS).unwrap();
    let run =
        milkrun(folder.path(), &["bench", "hopeless.json", "--time-limit", "5m", "--iterations", "20", "--quiet"])
            .code(3);
    assert!(run.out.contains("infeasible") && run.err.is_empty(), "{}{}", run.out, run.err);
}

#[test]
fn paths_without_instances() {
    let folder = folder();
    fs::create_dir(folder.path().join("empty")).unwrap();
    milkrun(folder.path(), &["bench", "empty", "gone.vrp"]).code(2).reports(&["empty:", "gone.vrp:"]);
}
