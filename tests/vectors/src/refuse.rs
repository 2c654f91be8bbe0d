//! Expectations that look like a bug of the library rather than an intended change.

use milkrun::plan::RouteStops;
use milkrun::{Problem, SolveParams, Stop};
use milkrun_oracle::oracle::{Limits, best_plan};
use serde_json::Value;

use crate::case::{Case, Expected, Parameters, PlanRecord};
use crate::run;

/// The maximum number of stops of a problem that is solved by brute force.
const TINY: usize = 6;

/// A search of fewer iterations need not find the best plan.
const ENOUGH: u64 = 100;

/// Why the new expectation of a case is not written unless it is accepted explicitly: the cost differs from the one
/// computed by hand, the plan is infeasible and was not before, the problem is tiny and brute force finds a better
/// plan, or it is larger and a longer search finds a much better one.
pub fn objection(case: &Case, new: &Expected) -> Option<String> {
    let plan = match (new, &case.expected) {
        (Expected::Plan(new), old) => {
            let searched = case.parameters.is_some();
            match (old, new.violations.first()) {
                (Some(Expected::Plan(old)), Some((kind, _, message))) if old.violations.is_empty() => {
                    return Some(format!("was feasible, and now there is {kind}: {message}"));
                }
                (None | Some(Expected::Error(_)), Some((kind, _, message))) if searched => {
                    return Some(format!("is infeasible: there is {kind}: {message}"));
                }
                _ => {}
            }
            new
        }
        (Expected::Error(error), Some(Expected::Plan(_) | Expected::Answer(_))) => {
            return Some(format!("had a plan, and now there is an error: {}", error.message));
        }
        (Expected::Error(_), _) => return None,
        (Expected::Answer(new), old) => return broken_answer(new, old.as_ref()),
    };
    if let Some(by_hand) = &case.by_hand
        && (plan.cost != by_hand.cost || !plan.violations.is_empty())
    {
        let (found, cost, because) = (plan.cost, by_hand.cost, &by_hand.because);
        return Some(format!("costs {found}, and by hand it was worked out to be {cost}: {because}"));
    }
    // Given routes are judged, not searched for.
    let parameters = case.parameters.as_ref()?;
    if parameters.target_cost.is_some() || parameters.max_iterations < ENOUGH {
        return None;
    }
    let problem = run::problem(case).ok()?;
    if problem.num_stops() > TINY {
        return far_from_a_longer_search(&problem, parameters, plan);
    }
    let best = best_plan(&problem, &Limits::THOROUGH)?.plan?;
    if !plan.violations.is_empty() {
        return Some(format!("is infeasible, and the oracle has a plan of rank {:?}", best.rank()));
    }
    // When a route starts may be a decision of its own.
    let start = |route: usize| plan.times.get(route).map(|times| times[0]);
    let stops = plan.routes.iter().map(run::stops).enumerate();
    let routes = stops.map(|(i, route)| RouteStops { start: route.start.or_else(|| start(i)), ..route }).collect();
    let found = milkrun::Plan::new(&problem, routes).ok()?;
    (found.rank() > best.rank())
        .then(|| format!("has a plan of rank {:?}, and the oracle one of {:?}", found.rank(), best.rank()))
}

/// When an answer has an infeasible plan, and the one before had none. What becomes of a published plan may be infeasible.
fn broken_answer(new: &Value, old: Option<&Expected>) -> Option<String> {
    fn fault(answer: &Value) -> Option<&Value> {
        match answer {
            Value::Object(parts) => {
                let own = parts.get("violations").and_then(Value::as_array).and_then(|all| all.first());
                let mut inside = parts.iter().filter(|(name, _)| *name != "followed");
                own.or_else(|| inside.find_map(|(_, part)| fault(part)))
            }
            Value::Array(parts) => parts.iter().find_map(fault),
            _ => None,
        }
    }
    let before = old.and_then(|old| if let Expected::Answer(old) = old { fault(old) } else { None });
    fault(new).filter(|_| before.is_none()).map(|violation| format!("has an infeasible plan: {violation}"))
}

/// When a plan of a larger problem is bad, and not only suboptimal: a longer search finds a feasible one,
/// or a much cheaper one.
fn far_from_a_longer_search(problem: &Problem, parameters: &Parameters, plan: &PlanRecord) -> Option<String> {
    /// The factor on iterations.
    const LONGER: u64 = 10;
    /// The percentage that counts as much cheaper.
    const MUCH: i64 = 20;
    let stop = Stop::after_iterations(LONGER * parameters.max_iterations);
    let longer = milkrun::solve(problem, &SolveParams { stop, ..SolveParams::default() }).plan;
    if !longer.is_feasible() {
        return None;
    }
    if !plan.violations.is_empty() {
        return Some(format!("is infeasible, and a longer search has a plan of rank {:?}", longer.rank()));
    }
    (plan.cost.saturating_mul(100 - MUCH) > longer.cost().saturating_mul(100))
        .then(|| format!("has a plan of cost {}, and a longer search one of {}", plan.cost, longer.cost()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{ByHand, RouteRecord, TripRecord};

    /// Two clients, 10 and 30 away on one line, and a plan that serves them in the given order.
    fn case(order: &[usize]) -> (Case, PlanRecord) {
        let problem = r#"{"milkrun": "problem", "version": 1, "depots": [{"location": {"x": 0, "y": 0}}],
            "clients": [{"location": {"x": 10, "y": 0}}, {"location": {"x": 0, "y": 30}}],
            "vehicle_types": [{"start": 0, "end": 0, "count": 2}]}"#;
        let parameters = Parameters {
            seed: 1,
            threads: 1,
            max_iterations: 100,
            no_improvement: None,
            target_cost: None,
            initial: None,
        };
        let problem = Some(serde_json::from_str(problem).unwrap());
        let case = Case { problem, parameters: Some(parameters), ..Case::default() };
        let visits = order.iter().map(|&client| ("client".to_owned(), client)).collect();
        let trips = vec![TripRecord { start_depot: Some(0), end_depot: Some(0), visits }];
        let routes = vec![RouteRecord { vehicle_type: 0, trips, start: None }];
        let record = PlanRecord {
            cost: 0,
            breakdown: [0; 9],
            violations: Vec::new(),
            unserved: [Vec::new(), Vec::new()],
            routes,
            times: Vec::new(),
            stopped: None,
            iterations: None,
        };
        (case, record)
    }

    #[test]
    fn a_plan_that_becomes_infeasible_is_refused() {
        let (mut case, record) = case(&[0, 1]);
        let mut broken = record.clone();
        broken.violations.push(("late_service".to_owned(), Some(0), "too late".to_owned()));
        // New plans must be feasible, and so must plans that were needlessly infeasible.
        assert!(objection(&case, &Expected::Plan(broken.clone())).unwrap().starts_with("is infeasible"));
        case.expected = Some(Expected::Plan(broken.clone()));
        assert!(objection(&case, &Expected::Plan(broken.clone())).unwrap().contains("the oracle has"));
        case.expected = Some(Expected::Plan(record.clone()));
        assert!(objection(&case, &Expected::Plan(broken)).unwrap().starts_with("was feasible"));
        // 10 + 32 + 30, in either direction.
        assert_eq!(objection(&case, &Expected::Plan(record)), None);
    }

    #[test]
    fn an_answer_whose_plan_becomes_infeasible_is_refused() {
        let (mut case, _) = case(&[0, 1]);
        let late = serde_json::json!({"violations": [["late_service", 0, "too late"]]});
        let of = |plan: &Value| Expected::Answer(serde_json::json!({"points": [{"plan": plan}]}));
        let (broken, whole) = (of(&late), of(&serde_json::json!({"violations": []})));
        assert_eq!(objection(&case, &whole), None);
        assert!(objection(&case, &broken).unwrap().starts_with("has an infeasible plan"));
        assert_eq!(objection(&case, &Expected::Answer(serde_json::json!({"followed": late}))), None);
        case.expected = Some(broken.clone());
        assert_eq!(objection(&case, &broken), None);
    }

    #[test]
    fn a_plan_that_is_not_what_was_worked_out_by_hand_is_refused() {
        let (mut case, mut record) = case(&[0, 1]);
        case.by_hand = Some(ByHand { cost: 72, because: "10 + 32 + 30".to_owned() });
        record.cost = 72;
        assert_eq!(objection(&case, &Expected::Plan(record.clone())), None);
        record.cost = 71;
        let said = objection(&case, &Expected::Plan(record)).unwrap();
        assert_eq!(said, "costs 71, and by hand it was worked out to be 72: 10 + 32 + 30");
    }

    #[test]
    fn a_plan_that_is_worse_than_the_best_one_is_refused() {
        let (case, mut record) = case(&[0]);
        record.routes.push(RouteRecord { vehicle_type: 0, ..record.routes[0].clone() });
        record.routes[1].trips[0].visits[0].1 = 1;
        // 20 + 60 for two routes.
        let said = objection(&case, &Expected::Plan(record)).unwrap();
        assert_eq!(said, "has a plan of rank [80], and the oracle one of [72]");
    }
}
