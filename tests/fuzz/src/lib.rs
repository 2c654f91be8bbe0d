//! What each fuzz target does with its bytes: a reader answers with what it has read or with its faults, and what has been read
//! can be written and read again. Each says whether there was something to read.

#![allow(unreachable_pub, reason = "a module of the tests of the core, too")]

use milkrun::forecast::{TableColumns, read_table};
use milkrun::io::{cordeau, json, lilim, pragmatic, solomon, solution, vroom, vrplib, wcvrptw};
use milkrun::plan::check::check_plan;
use milkrun::{Plan, Problem, Rounding, SolveParams, Stop, solve as search};

/// A longer message would be an echo of the input.
const LONGEST_MESSAGE: usize = 200_000;

fn told(message: &str) {
    assert!(!message.is_empty() && message.len() < LONGEST_MESSAGE, "{} bytes", message.len());
}

/// Whatever the reader took as a problem is one, and survives its own format.
fn survives(problem: &Problem) {
    let text = json::write_problem(problem);
    let again = json::read_problem(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    assert_eq!(json::write_problem(&again), text);
}

fn read(outcome: Result<Problem, impl std::fmt::Display>) -> bool {
    match outcome {
        Ok(problem) => {
            survives(&problem);
            true
        }
        Err(fault) => {
            told(&fault.to_string());
            false
        }
    }
}

/// A problem as JSON.
pub fn problem(data: &[u8]) -> bool {
    std::str::from_utf8(data).is_ok_and(|text| read(json::read_problem(text)))
}

/// A problem as JSON, and a plan of it behind a line of three hyphens: the judge finds what the plan says of itself or tells
/// the difference.
pub fn plan(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Some((problem, plan)) = text.split_once("\n---\n") else { return false };
    let Ok(problem) = json::read_problem(problem) else { return false };
    match json::read_plan(plan, &problem) {
        Ok(plan) => {
            let report = check_plan(&problem, &plan);
            assert!(report.is_truthful(), "{report}");
            assert_eq!(report.is_feasible(), plan.is_feasible());
            let again = json::read_plan(&json::write_plan(&problem, &plan), &problem);
            assert_eq!(again.as_ref().map(Plan::cost), Ok(plan.cost()));
            true
        }
        Err(fault) => {
            told(&fault.to_string());
            false
        }
    }
}

/// A small problem as JSON, which is solved.
pub fn solve(data: &[u8]) -> bool {
    let Ok(Ok(problem)) = std::str::from_utf8(data).map(json::read_problem) else { return false };
    if problem.num_stops() > 40 || problem.num_vehicles() > 1_000 {
        return false;
    }
    let params = SolveParams { stop: Stop::after_iterations(5), ..SolveParams::default() };
    let plan = search(&problem, &params).plan;
    let report = check_plan(&problem, &plan);
    assert!(report.is_truthful() && report.is_feasible() == plan.is_feasible(), "{report}");
    true
}

/// VRPLIB.
pub fn vrplib(data: &[u8]) -> bool {
    [Rounding::Round, Rounding::Exact].map(|rounding| read(vrplib::read(data, rounding))) == [true; 2]
}

/// Solomon's format.
pub fn solomon(data: &[u8]) -> bool {
    read(solomon::read(data, Rounding::Dimacs))
}

/// Li and Lim's format.
pub fn lilim(data: &[u8]) -> bool {
    read(lilim::read(data, Rounding::Exact))
}

/// Cordeau's text.
pub fn cordeau(data: &[u8]) -> bool {
    if let Err(fault) = cordeau::read(data, Rounding::Exact) {
        told(&fault.to_string());
    }
    read(cordeau::read_period(data, Rounding::Exact).map(|(problem, _)| problem))
}

/// VROOM's JSON: a problem that survives, and times for its steps.
pub fn vroom(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let mut lines = vroom::straight_lines(vroom::SPEED, vroom::DETOUR).expect("a speed");
    match vroom::read(text, &mut lines) {
        Ok(request) => {
            if let Err(fault) = request.choose_eta(vroom::ComputingTimes::default()) {
                told(&fault.to_string());
            }
            read(request.model().map(|model| model.problem))
        }
        Err(fault) => {
            told(&fault.to_string());
            false
        }
    }
}

/// vrp's JSON.
pub fn pragmatic(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    read(pragmatic::read(text, &[]).and_then(|request| request.model()).map(|model| model.problem))
}

/// The format of waste collection instances.
pub fn wcvrptw(data: &[u8]) -> bool {
    read(wcvrptw::read(data))
}

/// VRPLIB's solutions, of a small instance.
pub fn solution(data: &[u8]) -> bool {
    const INSTANCE: &[u8] = b"NAME : four\nTYPE : CVRP\nDIMENSION : 5\nCAPACITY : 9\nEDGE_WEIGHT_TYPE : EUC_2D\n\
        NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\n4 0 5\n5 5 0\nDEMAND_SECTION\n1 0\n2 4\n3 3\n4 2\n5 1\nDEPOT_SECTION\n1\n-1\n\
        EOF\n";
    let problem = vrplib::read(INSTANCE, Rounding::Round).expect("the instance is valid");
    match solution::read(data, &problem) {
        Ok(read) => {
            if let Ok(plan) = Plan::new(&problem, read.routes) {
                assert!(check_plan(&problem, &plan).is_truthful());
            }
            true
        }
        Err(fault) => {
            told(&fault.to_string());
            false
        }
    }
}

/// Tables of readings.
pub fn readings(data: &[u8]) -> bool {
    let table = read_table(data, &TableColumns::default());
    match &table {
        Ok(set) => assert!(set.len() <= data.len()),
        Err(fault) => told(&fault.to_string()),
    }
    table.is_ok()
}
