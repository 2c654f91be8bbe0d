//! The generator covers all levels, the oracle is correct in cases computed by hand, and the solver is as good as the
//! oracle.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use milkrun::io::json;
use milkrun::plan::check;
use milkrun_oracle::compare::{Effort, Outcome};
use milkrun_oracle::cover::{self, BLOCK};
use milkrun_oracle::factor::Level;
use milkrun_oracle::gate;
use milkrun_oracle::generate::Generator;
use milkrun_oracle::oracle::{Limits, best_plan};
use milkrun_oracle::report;
use milkrun_oracle::run::{Run, run};
use milkrun_oracle::shows::shows;

#[test]
fn every_block_covers_every_pair_of_levels() {
    let pairs = cover::pairs();
    assert!(pairs.len() > 6_500, "{}", pairs.len());
    for seed in 1..6 {
        let covered: BTreeSet<_> = cover::block(seed, seed).iter().flat_map(cover::covered).collect();
        let missing: Vec<_> = pairs.difference(&covered).collect();
        assert!(missing.is_empty(), "seed {seed}, {} of {}: {missing:?}", missing.len(), pairs.len());
    }
}

#[test]
fn every_problem_has_what_it_was_made_to_have() {
    let generator = Generator::new(1, 2 * BLOCK);
    let mut seen = BTreeSet::new();
    for index in 0..2 * BLOCK {
        let instance = generator.instance(index);
        for level in instance.choice.levels() {
            assert!(shows(level, &instance), "{index}: {} {}", level.factor.name(), level.name());
            seen.insert(level);
        }
        let stops = instance.problem.num_stops();
        assert!((1..=8).contains(&stops), "{index} has {stops} stops");
        assert!(instance.problem.num_vehicles() <= 3, "{index}");
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), Level::all());
}

#[test]
fn the_judge_accepts_the_oracles_plans() {
    let generator = Generator::new(2, BLOCK);
    let mut feasible = 0;
    for index in 0..BLOCK / 4 {
        let problem = generator.instance(index).problem;
        let answer = best_plan(&problem, &Limits::QUICK).expect("the generator makes tiny problems only");
        assert_eq!(answer.disagreement, None, "{index}");
        let Some(plan) = answer.plan else { continue };
        let report = check::check(&problem, plan.route_stops());
        assert!(report.is_feasible(), "{index}: {report}");
        assert_eq!(report.cost(), plan.cost(), "{index}");
        feasible += 1;
    }
    // Rules that bind often, and not always.
    assert!((BLOCK / 8..BLOCK / 4).contains(&feasible), "{feasible}");
}

#[test]
fn pruning_routes_does_not_change_the_result() {
    let generator = Generator::new(3, BLOCK);
    let pruned = Limits { halts_per_route: 2, ..Limits::QUICK };
    let (mut less, mut more, mut compared) = (0, 0, 0);
    for index in 0..BLOCK / 4 {
        let problem = generator.instance(index).problem;
        let all = Limits { prune: false, evaluations: 40_000, ..pruned };
        let (Some(all), Some(pruned)) = (best_plan(&problem, &all), best_plan(&problem, &pruned)) else { continue };
        if all.halts != pruned.halts {
            continue;
        }
        let rank = |answer: &milkrun_oracle::oracle::Answer| answer.plan.as_ref().map(|plan| plan.rank().to_vec());
        assert_eq!(rank(&all), rank(&pruned), "{index}");
        less += pruned.evaluated;
        more += all.evaluated;
        compared += 1;
    }
    assert!(compared > BLOCK / 6, "{compared}");
    assert!(less < more, "{less} of {more}");
}

/// The rank of the best plan of a problem of this content.
fn rank(content: &str) -> Option<Vec<i64>> {
    let text = format!(r#"{{"milkrun": "problem", "version": 1, {content}}}"#);
    let problem = json::read_problem(&text).unwrap_or_else(|error| panic!("{error}"));
    let answer = best_plan(&problem, &Limits::QUICK).expect("a tiny problem");
    assert_eq!(answer.disagreement, None);
    answer.plan.map(|plan| plan.rank().to_vec())
}

const YARD: &str = r#""depots": [{"location": {"x": 0, "y": 0}}]"#;

#[test]
fn a_tour_around_a_square() {
    let clients = r#""clients": [{"location": {"x": 10, "y": 0}}, {"location": {"x": 10, "y": 10}}, {"location": {"x": 0, "y": 10}}]"#;
    let rank = rank(&format!(r#"{YARD}, {clients}, "vehicle_types": [{{"start": 0, "end": 0}}]"#));
    assert_eq!(rank, Some(vec![40]));
}

#[test]
fn waste_goes_to_the_site_as_often_as_the_vehicle_is_full() {
    // 10 to the first, 10 on to the site, and the same back: the vehicle takes one of the two at a time. There, empty, on
    // to the other at 30, back to the site, and home from 20.
    let clients = r#""clients": [{"location": {"x": 10, "y": 0}, "pickup": [3]}, {"location": {"x": 30, "y": 0}, "pickup": [3]}]"#;
    let sites = r#""disposal_sites": [{"location": {"x": 20, "y": 0}, "visit_cost": 5}]"#;
    let vehicle = r#"{"start": 0, "end": 0, "capacity": [4], "disposal_sites": [0], "end_empty": true}"#;
    let content = format!(r#"{YARD}, {clients}, {sites}, "vehicle_types": [{vehicle}]"#);
    assert_eq!(rank(&content), Some(vec![60 + 10]));
    // On one trip only, with no second load: infeasible.
    let limited = content.replace(r#""end_empty": true"#, r#""end_empty": true, "max_trips": 1"#);
    assert_eq!(rank(&limited), None);
}

#[test]
fn a_break_that_is_due_keeps_the_shift() {
    // 20 there, 20 back, and a break of 10 that starts at 15 to 25: 50 in all.
    let clients = r#""clients": [{"location": {"x": 20, "y": 0}}]"#;
    let vehicle = |shift: i64| {
        format!(r#"{{"start": 0, "end": 0, "shift": [0, {shift}], "breaks": [{{"start": [15, 25], "duration": 10}}]}}"#)
    };
    let content = |shift| format!(r#"{YARD}, {clients}, "vehicle_types": [{}]"#, vehicle(shift));
    assert_eq!(rank(&content(50)), Some(vec![40]));
    assert_eq!(rank(&content(49)), None);
}

#[test]
fn a_rest_takes_the_time_that_the_rule_asks_for() {
    // 40 of driving with at most 30 without a rest of 7, at a cost of 1 for each unit of time: 47.
    let clients = r#""clients": [{"location": {"x": 20, "y": 0}}]"#;
    let rule = r#"{"effort": "driving", "max": 30, "rest": 7}"#;
    let costs = r#""cost_per_distance": 0, "cost_per_duration": 1"#;
    let content =
        format!(r#"{YARD}, {clients}, "vehicle_types": [{{"start": 0, "end": 0, {costs}, "driver_rules": [{rule}]}}]"#);
    assert_eq!(rank(&content), Some(vec![47]));
    let unpaid = content.replace(r#""driver_rules""#, r#""paid_rests": false, "driver_rules""#);
    assert_eq!(rank(&unpaid), Some(vec![40]));
}

#[test]
fn a_priority_comes_before_all_cost() {
    // Only one of the two can be served: the cheap and near one is of the lower class.
    let clients = r#""clients": [
        {"location": {"x": 1, "y": 0}, "required": false, "prize": 1000, "priority": 1},
        {"location": {"x": 50, "y": 0}, "required": false, "prize": 1, "priority": 2}]"#;
    let content = format!(r#"{YARD}, {clients}, "vehicle_types": [{{"start": 0, "end": 0, "max_stops": 1}}]"#);
    assert_eq!(rank(&content), Some(vec![0, 1, 1_100]));
}

#[test]
fn reloads_carry_what_does_not_fit_at_once() {
    let clients = r#""clients": [{"location": {"x": 5, "y": 0}, "delivery": [2]}, {"location": {"x": 9, "y": 0}, "delivery": [2]}]"#;
    let content = |reload: &str| {
        format!(r#"{YARD}, {clients}, "vehicle_types": [{{"start": 0, "end": 0, "capacity": [3]{reload}}}]"#)
    };
    assert_eq!(rank(&content("")), None);
    assert_eq!(rank(&content(r#", "reload_depots": [0]"#)), Some(vec![10 + 18]));
}

#[test]
fn goals_and_relations_join_routes() {
    let clients = r#""clients": [{"location": {"x": 10, "y": 0}}, {"location": {"x": -12, "y": 0}}]"#;
    let fleet = r#""vehicle_types": [{"start": 0, "end": 0, "count": 2}]"#;
    // One vehicle or two cost the same 44; two are home earlier, at 24.
    let makespan = format!(r#"{YARD}, {clients}, {fleet}, "goals": [{{"measure": "makespan"}}]"#);
    assert_eq!(rank(&makespan), Some(vec![24, 44]));
    let together = makespan.replace(r#""goals""#, r#""relations": [{"same_vehicle": [0, 1]}], "goals""#);
    assert_eq!(rank(&together), Some(vec![44, 44]));
    let vehicles = format!(r#"{YARD}, {clients}, {fleet}, "goals": [{{"measure": "vehicles", "weight": 100}}]"#);
    assert_eq!(rank(&vehicles), Some(vec![144]));
    let apart = vehicles.replace(r#""goals""#, r#""relations": [{"incompatible": [0, 1]}], "goals""#);
    assert_eq!(rank(&apart), Some(vec![244]));
}

#[test]
fn the_solver_is_as_good_as_the_oracle_on_a_thousand_problems() {
    let jobs = std::thread::available_parallelism().map_or(1, Into::into);
    let effort = Effort { iterations: 1_000, seed: 1 };
    let summary = run(&Run { problems: BLOCK, first: 0, seed: 1, jobs, effort, limits: Limits::QUICK });
    let mut summary_text = report::outcomes(&summary);
    for finding in &summary.failures {
        let _ =
            write!(summary_text, "\n{}: {}: {}", finding.index, finding.verdict.outcome.name(), finding.verdict.note);
    }
    summary_text += "\ncargo xtask oracle --kinds --out FOLDER says more";
    // What is stated must be true, whatever the search can find.
    for outcome in [Outcome::Broken, Outcome::Disagreement, Outcome::TooLarge] {
        assert_eq!(summary.count(outcome), 0, "{summary_text}");
    }
    assert!(summary.failures.len() <= gate::allowed_failures(), "{summary_text}");
}
