//! Which problems need the general search.

use crate::model::{Client, Measure, Problem};

/// Whether a problem has constraints that the search for the classical problems does not know.
pub(crate) fn is_general(problem: &Problem) -> bool {
    let client = |c: &Client| {
        c.material.is_some() && !problem.disposal_sites().is_empty()
            || !c.more_windows.is_empty()
            || c.soft_window.is_some()
            || !c.service_by_type.is_empty()
            || !c.assignment_costs.is_empty()
            || c.priority > 0
    };
    let vehicle = |v: &crate::model::VehicleType| {
        !v.disposal_sites.is_empty()
            || v.end_empty
            || !v.compartments.is_empty()
            || !v.max_route_load.is_empty()
            || v.max_stops.is_some()
            || !v.breaks.is_empty()
            || !v.driver_rules.is_empty()
            || v.max_driving.is_some()
            || v.max_work.is_some()
            || !v.overtime.is_empty()
            || v.cost_per_waiting > 0
            || !v.executed.is_empty()
            || !v.zones.is_empty()
            || problem.speed(v.profile).is_some()
    };
    problem.clients().iter().any(client)
        || problem.vehicle_types().iter().any(vehicle)
        || !problem.separate_materials().is_empty()
        || !problem.relations().is_empty()
        || problem.shipments().iter().any(|s| !s.assignment_costs.is_empty())
        // Fewer vehicles are wanted of classical problems, too.
        || problem.goals().iter().any(|goal| goal.measure != Measure::Vehicles || goal.target.is_some())
        || (!problem.goals().is_empty() && problem.clients().iter().any(|c| !c.required && c.group.is_none()))
        || (!problem.goals().is_empty() && problem.shipments().iter().any(|s| !s.required))
        || (!problem.goals().is_empty() && problem.groups().iter().any(|g| !g.required))
}
