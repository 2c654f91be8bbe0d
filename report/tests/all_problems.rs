//! Every kind of problem can be written in every way.

mod common;

use common::{dated, example, hold};
use milkrun::{Plan, SolveParams, Stop, solve};
use milkrun_oracle::generate::Generator;
use milkrun_report::ReportOptions;

#[test]
fn problems_of_every_pair_of_rules() {
    const PROBLEMS: usize = 120;
    let generator = Generator::new(7, PROBLEMS);
    let (mut infeasible, mut unserved, mut planned) = (0, 0, 0);
    for index in 0..PROBLEMS {
        let instance = generator.instance(index);
        let problem = &instance.problem;
        let stop = Stop { max_iterations: Some(5), ..Stop::default() };
        let solved = solve(problem, &SolveParams { stop, ..SolveParams::default() }).plan;
        for plan in [Plan::empty(problem), solved].into_iter().chain(instance.initial_plan()) {
            let clock = [None, Some(true), Some(false)][index % 3];
            let geographic = [None, Some(true)][index % 2];
            let options = ReportOptions { clock, geographic, each_stop: index % 4 == 0, ..dated() };
            hold(problem, &plan, &options);
            infeasible += usize::from(!plan.is_feasible());
            unserved += plan.unserved().len();
            planned += plan.routes().len();
        }
    }
    assert!(infeasible > 20 && unserved > 100 && planned > 100, "{infeasible} {unserved} {planned}");
}

#[test]
fn the_examples() {
    for name in ["city_day.json", "waste_day.json"] {
        let (problem, plan) = example(name, 20);
        hold(&problem, &plan, &dated());
    }
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/rules");
    let mut names: Vec<String> = std::fs::read_dir(rules)
        .unwrap()
        .map(|entry| format!("rules/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    names.sort();
    assert!(names.len() > 10);
    for name in names {
        let (problem, plan) = example(&name, 20);
        hold(&problem, &plan, &ReportOptions { loads: vec!["kg".into()], currency: "€".into(), ..dated() });
    }
}
