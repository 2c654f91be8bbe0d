//! Made-up problems of any size, the same on every machine.

use std::fmt::Write as _;

use milkrun::io::{json, vrplib};
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{ClientId, DepotId, Plan, Problem, Rounding, VehicleTypeId};

/// Clients that one route of [`plan`] serves.
const ROUTE: usize = 10;

/// The VRPLIB text of a capacitated problem with so many clients.
pub fn vrplib_text(clients: usize) -> String {
    let mut text = format!(
        "NAME : made-up\nTYPE : CVRP\nDIMENSION : {}\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : {}\nNODE_COORD_SECTION\n",
        clients + 1,
        20 * ROUTE,
    );
    let mut demand = "DEMAND_SECTION\n1 0\n".to_owned();
    // Writing to a string cannot fail.
    for i in 0..=clients as u64 {
        let (x, y) = (scatter(2 * i) % 10_000, scatter(2 * i + 1) % 10_000);
        let _ = writeln!(text, "{} {x} {y}", i + 1);
        if i > 0 {
            let _ = writeln!(demand, "{} {}", i + 1, 1 + x % 20);
        }
    }
    text + &demand + "DEPOT_SECTION\n1\n-1\nEOF\n"
}

/// The problem of [`vrplib_text`].
///
/// # Panics
///
/// Never, for fewer than a million clients.
pub fn problem(clients: usize) -> Problem {
    vrplib::read(vrplib_text(clients), Rounding::Round).expect("the text is right by construction")
}

/// The same problem as JSON.
pub fn json_text(clients: usize) -> String {
    json::write_problem(&problem(clients))
}

/// A feasible plan for [`problem`] that takes clients in the order of their numbers.
///
/// # Panics
///
/// Never.
pub fn plan(problem: &Problem) -> Plan {
    let ids: Vec<usize> = (0..problem.clients().len()).collect();
    let depot = Some(DepotId::new(0));
    let route = |clients: &[usize]| RouteStops {
        vehicle_type: VehicleTypeId::new(0),
        start: None,
        trips: vec![TripStops {
            start: depot,
            activities: clients.iter().map(|&c| Activity::Client(ClientId::new(c))).collect(),
            end: depot,
        }],
    };
    Plan::new(problem, ids.chunks(ROUTE).map(route).collect()).expect("all ids are the problem's")
}

/// A number for a number, without visible order.
fn scatter(n: u64) -> u64 {
    let mixed = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_up_plan_is_feasible() {
        let problem = problem(95);
        let plan = plan(&problem);
        assert!(plan.is_feasible(), "{:?}", plan.violations());
        assert_eq!(plan.routes().len(), 10);
    }
}
