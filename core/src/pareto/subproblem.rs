//! One run of a front: an objective to make small, and limits of the others.

use super::Objective;
use crate::model::{Goal, Problem, ValidationError};
use crate::units::{Cost, MAX_COST};

/// What a run asks of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// Nothing.
    Free,
    /// It comes before all others.
    Least,
    /// Values beyond this one come before all others.
    Above(i64),
    /// Each unserved client or shipment costs so much more.
    Prize(Cost),
}

/// What a unit of the first objective costs where it is traded against what is unserved: so much that the plan's own costs decide little.
const UNIT: Cost = 1_000;

/// The problem whose best plans make the first objective small within limits of the others. Ranked goals of the problem are
/// dropped: fronts have objectives instead.
pub(super) fn subproblem(
    problem: &Problem,
    objectives: &[Objective],
    limits: &[Limit],
) -> Result<Problem, ValidationError> {
    let mut builder = problem.to_builder();
    builder.goals.retain(|goal| goal.weight.is_some());
    // What is unserved is traded against the first objective.
    let unit = if objectives.contains(&Objective::Unserved) { objectives[0].measure().map(|_| UNIT) } else { None };
    if unit.is_some() {
        builder.clients.iter_mut().filter(|client| !client.required).for_each(|client| client.prize = 0);
        builder.shipments.iter_mut().filter(|shipment| !shipment.required).for_each(|shipment| shipment.prize = 0);
    }
    for (&objective, &limit) in objectives.iter().zip(limits) {
        match (objective.measure(), limit) {
            (Some(measure), Limit::Above(value)) => _ = builder.add_goal(Goal::ranked(measure).above(value)),
            (Some(measure), Limit::Least) => _ = builder.add_goal(Goal::ranked(measure)),
            (None, Limit::Prize(more)) if objective == Objective::Unserved => {
                raise(&mut builder, more.saturating_mul(unit.unwrap_or(1)));
            }
            (None, Limit::Least) if objective == Objective::Unserved => {
                raise(&mut builder, MAX_COST);
            }
            _ => {}
        }
    }
    let first = objectives.first().and_then(|objective| objective.measure());
    if let Some(measure) = first.filter(|_| limits.first() != Some(&Limit::Least)) {
        builder.add_goal(unit.map_or_else(|| Goal::ranked(measure), |unit| Goal::weighted(measure, unit)));
    }
    builder.build()
}

/// Raises the prizes of all optional clients and shipments. Where that is as much as prizes may be, clients have a priority, too.
fn raise(builder: &mut crate::model::ProblemBuilder, more: Cost) {
    for client in builder.clients.iter_mut().filter(|client| !client.required) {
        if more >= MAX_COST {
            client.priority = client.priority.saturating_add(1);
        } else {
            client.prize = client.prize.saturating_add(more).min(MAX_COST);
        }
    }
    for shipment in builder.shipments.iter_mut().filter(|shipment| !shipment.required) {
        shipment.prize = shipment.prize.saturating_add(more.min(1 << 30)).min(MAX_COST);
    }
}
