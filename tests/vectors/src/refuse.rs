//! Expectations that look like a fault of the library rather than like a change of it.

use milkrun::plan::RouteStops;
use milkrun_oracle::oracle::{Limits, best_plan};

use crate::case::{Case, Expected};
use crate::run;

/// The most stops of a problem all of whose plans are tried.
const TINY: usize = 6;

/// A search of fewer iterations owes nobody the best plan.
const ENOUGH: u64 = 100;

/// Why the new expectation of a case is not to be written, unless somebody looks at it and accepts it: the plan has become
/// infeasible, or the problem is so tiny that all of its plans can be tried, and there is a better one.
pub fn objection(case: &Case, new: &Expected) -> Option<String> {
    let plan = match (new, &case.expected) {
        (Expected::Plan(new), old) => {
            let was_feasible = matches!(old, Some(Expected::Plan(old)) if old.violations.is_empty());
            if was_feasible && let Some((kind, _, message)) = new.violations.first() {
                return Some(format!("was feasible, and now there is {kind}: {message}"));
            }
            new
        }
        (Expected::Error(error), Some(Expected::Plan(_))) => {
            return Some(format!("had a plan, and now there is an error: {}", error.message));
        }
        (Expected::Error(_), _) => return None,
    };
    // Given routes are judged, not searched for.
    let parameters = case.parameters.as_ref()?;
    if parameters.target_cost.is_some() || parameters.max_iterations < ENOUGH {
        return None;
    }
    let problem = run::problem(case).ok()?;
    if problem.num_stops() > TINY {
        return None;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Parameters, PlanRecord, RouteRecord, TripRecord};

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
        // There is a feasible plan.
        assert!(objection(&case, &Expected::Plan(broken.clone())).unwrap().contains("the oracle has"));
        case.expected = Some(Expected::Plan(record.clone()));
        assert!(objection(&case, &Expected::Plan(broken)).unwrap().starts_with("was feasible"));
        // 10 + 32 + 30, by either way around.
        assert_eq!(objection(&case, &Expected::Plan(record)), None);
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
