//! The price of another order on the same vehicle.
//!
//! Which clients are out of order depends on the whole route, so a search does not weigh it move by move. It is made in two halves: one
//! in which routes that are in published order stay so, and one without that, from there; then each route that is out of order is put
//! back where that costs no more. The best plan with its price is the answer.

use std::collections::HashMap;
use std::time::Instant;

use super::publish::Day;
use crate::algorithm::{CancelToken, Progress, SolveParams, SolveResult, Stop, StopReason, solve_with};
use crate::model::{Activity, Problem, Relation};
use crate::plan::{Plan, RouteStops};
use crate::units::Cost;

/// How many of some things are out of order: the fewest that must be taken out for the rest to stand as before. Each has its place before.
pub(super) fn out_of_order(places: &[usize]) -> usize {
    // The smallest last place of a rising row, by its length (Fredman 1975, doi:10.1016/0012-365X(75)90103-X).
    let mut last: Vec<usize> = Vec::new();
    for &place in places {
        let row = last.partition_point(|&end| end < place);
        if row == last.len() {
            last.push(place);
        } else {
            last[row] = place;
        }
    }
    places.len() - last.len()
}

/// The order in which vehicles that still drive were to serve what is not done.
struct Published {
    /// By activity, its vehicle type and its place in the published route.
    place: HashMap<Activity, (usize, usize)>,
}

impl Published {
    fn of(day: &Day<'_>) -> Self {
        let mut place = HashMap::new();
        for (route, truck) in day.trucks.iter().enumerate().filter(|(_, truck)| truck.out.is_none()) {
            let services = truck.visits.iter().enumerate().filter(|(_, visit)| visit.activity.is_service());
            place.extend(services.map(|(at, visit)| (visit.activity, (route, at))));
        }
        Self { place }
    }

    /// The kept activities of a route, in its order, with their published places.
    fn kept(&self, route: &RouteStops) -> Vec<(Activity, usize)> {
        let own = route.trips.iter().flat_map(|trip| &trip.activities);
        let kept = |activity: &Activity| match self.place.get(activity) {
            Some(&(vehicle, at)) if vehicle == route.vehicle_type.index() => Some((*activity, at)),
            _ => None,
        };
        own.filter_map(kept).collect()
    }

    /// How many activities of a route are out of order.
    fn out(&self, route: &RouteStops) -> usize {
        let places: Vec<usize> = self.kept(route).into_iter().map(|(_, at)| at).collect();
        out_of_order(&places)
    }

    fn all_out(&self, routes: &[RouteStops]) -> usize {
        routes.iter().map(|route| self.out(route)).sum()
    }

    /// The problem in which clients of routes that are in order stay on them and in it.
    fn bound(&self, now: &Problem, plan: &Plan) -> Option<Problem> {
        let mut builder = now.to_builder();
        for route in plan.route_stops().iter().filter(|route| self.out(route) == 0) {
            let kept: Vec<Activity> = self.kept(route).into_iter().map(|(activity, _)| activity).collect();
            for pair in kept.windows(2) {
                if let [Activity::Client(before), Activity::Client(after)] = *pair {
                    builder.add_relation(Relation::Precedence(before, after));
                }
            }
        }
        builder.build().ok()
    }

    /// The routes with the kept activities of one of them in published order, in the places that they have among the others.
    fn restored(&self, routes: &[RouteStops], route: usize) -> Vec<RouteStops> {
        let mut restored = routes.to_vec();
        let mut kept = self.kept(&routes[route]);
        kept.sort_by_key(|&(_, at)| at);
        let mut next = kept.into_iter();
        for activity in restored[route].trips.iter_mut().flat_map(|trip| &mut trip.activities) {
            let is_kept =
                self.place.get(activity).is_some_and(|&(vehicle, _)| vehicle == routes[route].vehicle_type.index());
            if is_kept && let Some((own, _)) = next.next() {
                *activity = own;
            }
        }
        restored
    }
}

/// Adapts with a price for each client that is out of order on its vehicle.
pub(super) fn search(
    day: &Day<'_>,
    now: &Problem,
    price: Cost,
    asked: &SolveParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> SolveResult {
    let begin = Instant::now();
    let published = Published::of(day);
    let whole = |plan: &Plan| {
        let out = published.all_out(plan.route_stops()) as Cost;
        let rank = plan.rank();
        let (_, ranks) = rank.split_last().unwrap_or((&0, &[]));
        (plan.violations().len(), ranks.to_vec(), plan.cost().saturating_add(price.saturating_mul(out)))
    };
    let half = |stop: Stop| Stop {
        max_runtime: stop.max_runtime.map(|all| all / 2),
        max_iterations: stop.max_iterations.map(|all| (all / 2).max(1)),
        ..stop
    };
    let stop = if asked.stop == Stop::default() { Stop::after_secs(3.0) } else { asked.stop };
    let mut best = asked.initial.clone().unwrap_or_else(|| Plan::empty(now));
    let mut iterations = 0;
    let bound = published.bound(now, &best);
    let first = bound.map(|bound| {
        let initial = Some(Plan::of_known(&bound, best.route_stops().to_vec()));
        let result =
            solve_with(&bound, &SolveParams { stop: half(stop), initial, ..asked.clone() }, cancel, on_progress);
        iterations += result.iterations;
        (Plan::of_known(now, result.plan.route_stops().to_vec()), result.stopped)
    });
    if let Some((plan, _)) = &first
        && whole(plan) < whole(&best)
    {
        best = plan.clone();
    }
    let initial = Some(best.clone());
    let mut rest = half(stop);
    rest.max_runtime = stop.max_runtime.map(|all| all.saturating_sub(begin.elapsed()));
    let mut result = solve_with(now, &SolveParams { stop: rest, initial, ..asked.clone() }, cancel, on_progress);
    let mut plan = result.plan.clone();
    for route in 0..plan.route_stops().len() {
        if published.out(&plan.route_stops()[route]) == 0 {
            continue;
        }
        let restored = Plan::of_known(now, published.restored(plan.route_stops(), route));
        if whole(&restored) <= whole(&plan) {
            plan = restored;
        }
    }
    if whole(&plan) < whole(&best) {
        best = plan;
    }
    if first.is_some_and(|(_, stopped)| stopped == StopReason::Cancelled) {
        result.stopped = StopReason::Cancelled;
    }
    SolveResult { plan: best, iterations: result.iterations + iterations, runtime: begin.elapsed(), ..result }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_that_are_moved() {
        assert_eq!(out_of_order(&[]), 0);
        assert_eq!(out_of_order(&[0, 2, 5]), 0);
        // One that went from the front to the back, two that changed places, and all turned round.
        assert_eq!(out_of_order(&[1, 2, 3, 0]), 1);
        assert_eq!(out_of_order(&[0, 2, 1, 3]), 1);
        assert_eq!(out_of_order(&[3, 2, 1, 0]), 3);
    }
}
