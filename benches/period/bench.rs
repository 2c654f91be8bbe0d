//! How close plans of a period come to the best known ones: `cargo run --profile shipped --bin period-bench -- FOLDER SECONDS SEED`
//! over a folder of periodic waste collection instances (`.geojson`) whose `README.md` has the best known costs.

use std::fs;
use std::path::Path;

use milkrun::Stop;
use milkrun::io::pvrpif;
use milkrun::period::plan_period;
use milkrun::plan::check::check_plan;

/// The best known cost and the lower bound of an instance, from the table of the README.
fn known(readme: &str, name: &str) -> Option<(f64, f64)> {
    let row = readme.split_once(&format!("<th>{name}</th>"))?.1.split_once("</tr>")?.0;
    let cells: Vec<f64> = row
        .split("<td>")
        .skip(1)
        .filter_map(|cell| cell.split_once("</td>")?.0.trim_end_matches('*').trim().parse().ok())
        .collect();
    match cells[..] {
        [.., upper, lower] => Some((upper, lower)),
        _ => None,
    }
}

#[expect(clippy::print_stdout, reason = "a program that prints its figures")]
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, seconds, seed] = &words[..] else {
        eprintln!("give a folder, seconds and a seed");
        std::process::exit(2);
    };
    let (seconds, seed): (f64, u64) = (seconds.parse().expect("seconds"), seed.parse().expect("a seed"));
    let readme = fs::read_to_string(Path::new(folder).join("README.md")).unwrap_or_default();
    let mut files: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "geojson"));
    files.sort();
    let (mut gaps, mut infeasible) = (Vec::new(), 0);
    println!(
        "| instance | best known | bound | found | gap % | iterations |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    );
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some((upper, lower)) = known(&readme, &name) else { continue };
        let text = fs::read(&path).expect("a readable file");
        let (day, mut params) = pvrpif::read(text).expect("an instance");
        params.stop = Stop::after_secs(seconds);
        params.seed = seed;
        let period = plan_period(&day, &params).expect("a valid period");
        let report = check_plan(&period.problem, &period.plan);
        assert!(report.is_truthful(), "{name}: {report}");
        let feasible = period.plan.is_feasible();
        infeasible += usize::from(!feasible);
        let gap = 100.0 * (period.cost() as f64 / upper - 1.0);
        println!(
            "| {name} | {upper} | {lower} | {}{} | {gap:.2} | {} |",
            period.cost(),
            if feasible { "" } else { " infeasible" },
            period.iterations
        );
        gaps.push(gap);
    }
    let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
    println!("\n{} instances, {seconds} s each: mean gap {mean:.2} %, infeasible: {infeasible}", gaps.len());
}
