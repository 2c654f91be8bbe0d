//! Compares the numbers that a plan states with the recomputed ones.

use std::fmt::Debug;

use super::replay::{Purpose, Replay, ReplayedStop};
use super::{Discrepancy, Judged};
use crate::plan::{Activity, Plan, Route, Trip};
use crate::units::Load;

struct Comparison {
    found: Vec<Discrepancy>,
}

impl Comparison {
    fn same<T: Debug + PartialEq>(&mut self, path: impl FnOnce() -> String, stated: &T, found: &T) {
        if stated != found {
            let (stated, found) = (format!("{stated:?}"), format!("{found:?}"));
            self.found.push(Discrepancy { path: path(), stated, found });
        }
    }
}

/// Every number of the plan that is wrong.
pub(super) fn compare(plan: &Plan, judged: &Judged) -> Vec<Discrepancy> {
    let mut c = Comparison { found: Vec::new() };
    let Judged { report, replays, costs, paid, energy, unserved } = judged;
    c.same(|| "routes".into(), &plan.routes().len(), &replays.len());
    for (r, ((route, replay), cost)) in plan.routes().iter().zip(replays).zip(costs).enumerate() {
        let path = format!("routes[{r}]");
        c.same(|| format!("{path}.fixed_cost"), &route.fixed_cost, &cost[0]);
        c.same(|| format!("{path}.distance_cost"), &route.distance_cost, &cost[1]);
        c.same(|| format!("{path}.duration_cost"), &route.duration_cost, &cost[2]);
        c.same(|| format!("{path}.overtime_cost"), &route.overtime_cost, &cost[3]);
        c.same(|| format!("{path}.waiting_cost"), &route.waiting_cost, &cost[4]);
        c.same(|| format!("{path}.window_cost"), &route.window_cost, &cost[5]);
        c.same(|| format!("{path}.disposal_cost"), &route.disposal_cost, &cost[6]);
        c.same(|| format!("{path}.assignment_cost"), &route.assignment_cost, &cost[7]);
        c.same(|| format!("{path}.paid"), &route.paid, &paid[r]);
        c.same(|| format!("{path}.consumed"), &route.consumed, &energy[r].0);
        c.same(|| format!("{path}.emitted"), &route.emitted, &energy[r].1);
        compare_route(&mut c, &path, route, replay);
    }
    c.same(|| "unserved".into(), plan.unserved(), unserved);
    let (stated, found) = (plan.breakdown(), report.breakdown);
    c.same(|| "cost.fixed".into(), &stated.fixed, &found.fixed);
    c.same(|| "cost.distance".into(), &stated.distance, &found.distance);
    c.same(|| "cost.duration".into(), &stated.duration, &found.duration);
    c.same(|| "cost.overtime".into(), &stated.overtime, &found.overtime);
    c.same(|| "cost.waiting".into(), &stated.waiting, &found.waiting);
    c.same(|| "cost.windows".into(), &stated.windows, &found.windows);
    c.same(|| "cost.disposal".into(), &stated.disposal, &found.disposal);
    c.same(|| "cost.assignment".into(), &stated.assignment, &found.assignment);
    c.same(|| "cost.goals".into(), &stated.goals, &found.goals);
    c.same(|| "measures".into(), &plan.measures().to_vec(), &report.measures);
    c.same(|| "cost.unserved".into(), &stated.unserved, &found.unserved);
    let sorted = |violations: &[crate::plan::Violation]| {
        let mut texts: Vec<String> = violations.iter().map(ToString::to_string).collect();
        texts.sort_unstable();
        texts
    };
    c.same(|| "violations".into(), &sorted(plan.violations()), &sorted(&report.violations));
    c.found
}

fn compare_route(c: &mut Comparison, path: &str, route: &Route, replay: &Replay) {
    c.same(|| format!("{path}.vehicle_type"), &route.vehicle_type, &replay.stops.vehicle_type);
    c.same(|| format!("{path}.start"), &route.start, &replay.start());
    c.same(|| format!("{path}.end"), &route.end, &replay.end());
    c.same(|| format!("{path}.distance"), &route.distance, &replay.distance());
    c.same(|| format!("{path}.driving"), &route.driving, &replay.driving());
    c.same(|| format!("{path}.waiting"), &route.waiting, &replay.waiting());
    c.same(|| format!("{path}.work"), &route.work, &replay.work());
    c.same(|| format!("{path}.pauses"), &route.pauses, &replay.pauses());
    c.same(|| format!("{path}.trips"), &route.trips.len(), &replay.stops.trips.len());
    // By trip: its own stops, and those whose legs belong to it.
    let mut by_trip: Vec<(Vec<&ReplayedStop>, Vec<&ReplayedStop>)> =
        vec![(Vec::new(), Vec::new()); replay.stops.trips.len()];
    for stop in &replay.path {
        by_trip[stop.trip].0.push(stop);
        by_trip[Replay::trip_towards(stop)].1.push(stop);
    }
    for (t, (trip, (own, towards))) in route.trips.iter().zip(&by_trip).enumerate() {
        compare_trip(c, &format!("{path}.trips[{t}]"), (t, trip), replay, own, towards);
    }
}

fn compare_trip(
    c: &mut Comparison,
    path: &str,
    (t, trip): (usize, &Trip),
    replay: &Replay,
    own: &[&ReplayedStop],
    towards: &[&ReplayedStop],
) {
    let stops = &replay.stops.trips[t];
    c.same(|| format!("{path}.start_depot"), &trip.start_depot, &stops.start);
    c.same(|| format!("{path}.end_depot"), &trip.end_depot, &stops.end);
    let activities: Vec<Activity> = trip.visits.iter().map(|visit| visit.activity).collect();
    c.same(|| format!("{path}.visits"), &activities, &stops.activities);

    c.same(|| format!("{path}.distance"), &trip.distance, &towards.iter().map(|stop| stop.distance).sum());
    // A trip without stops has no times of its own to compare.
    if let Some(first) = own.first().or(towards.first()) {
        let loads = matches!(first.purpose, Purpose::Load { .. }) && stops.start.is_some();
        c.same(|| format!("{path}.start"), &trip.start, if loads { &first.begin } else { &first.arrival });
        c.same(|| format!("{path}.departure"), &trip.departure, if loads { &first.leave } else { &first.arrival });
        let last = if stops.end.is_some() { towards.last() } else { own.last() }.unwrap_or(first);
        c.same(
            || format!("{path}.arrival"),
            &trip.arrival,
            if stops.end.is_some() { &last.arrival } else { &last.leave },
        );
    }

    let on_board = |i: usize| replay.cargo[t].loads.iter().map(|loads| loads[i]).collect::<Vec<Load>>();
    c.same(|| format!("{path}.load"), &trip.load, &on_board(0));
    let most = replay.cargo[t].loads.iter().map(|loads| loads.iter().copied().fold(Load::MIN, Load::max)).collect();
    c.same(|| format!("{path}.max_load"), &trip.max_load, &most);

    let serving = own.iter().filter(|stop| matches!(stop.purpose, Purpose::Serve { .. }));
    for (v, (visit, stop)) in trip.visits.iter().zip(serving).enumerate() {
        let path = |field: &str| format!("{path}.visits[{v}].{field}");
        c.same(|| path("location"), &visit.location, &stop.location);
        c.same(|| path("setup"), &visit.setup, &stop.sets_up);
        c.same(|| path("arrival"), &visit.arrival, &stop.arrival);
        c.same(|| path("start"), &visit.start, &stop.begin);
        c.same(|| path("departure"), &visit.departure, &stop.leave);
        c.same(|| path("load"), &visit.load, &on_board(v + 1));
    }
}

#[cfg(test)]
mod tests {
    use crate::ids::{ClientId, DepotId, LocationId, VehicleTypeId};
    use crate::model::{Client, Coord, Depot, Problem, VehicleType};
    use crate::plan::check::check_plan;
    use crate::plan::{Activity, Plan, RouteStops, TripStops, Violation};

    /// One vehicle, two trips, one client unserved.
    fn example() -> (Problem, Plan) {
        let mut b = Problem::builder();
        let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)).service(5));
        for x in [10.0, 20.0] {
            b.add_client(Client::at(Coord::new(x, 0.0)).delivery([1]).time_window(50, 60).service(3));
        }
        b.add_client(Client::at(Coord::new(0.0, 0.0)).optional(4));
        b.add_vehicle_type(VehicleType::new(1).depot(yard).reload_depots([yard]));
        let problem = b.build().unwrap();
        let trip = |client| TripStops {
            start: Some(yard),
            activities: vec![Activity::Client(ClientId::new(client))],
            end: Some(yard),
        };
        let route = RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip(0), trip(1)] };
        let plan = Plan::new(&problem, vec![route]).unwrap();
        (problem, plan)
    }

    /// The discrepancies found after `lie` has changed the plan.
    fn caught(lie: impl FnOnce(&mut Plan)) -> String {
        let (problem, mut plan) = example();
        assert_eq!(check_plan(&problem, &plan).discrepancies, []);
        lie(&mut plan);
        let found = check_plan(&problem, &plan).discrepancies;
        found.iter().map(|m| m.path.as_str()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn wrong_numbers_of_the_plan_are_found() {
        assert_eq!(caught(|p| p.breakdown.fixed += 1), "cost.fixed");
        assert_eq!(caught(|p| p.breakdown.distance += 1), "cost.distance");
        assert_eq!(caught(|p| p.breakdown.duration += 1), "cost.duration");
        assert_eq!(caught(|p| p.breakdown.unserved += 1), "cost.unserved");
        assert_eq!(caught(|p| p.unserved.clients.clear()), "unserved");
        assert_eq!(caught(|p| p.violations.clear()), "violations");
        let made_up = Violation::ClientUnserved { client: ClientId::new(2) };
        assert_eq!(caught(|p| p.violations.push(made_up)), "violations");
        assert_eq!(caught(|p| p.routes.clear()), "routes");
    }

    #[test]
    fn wrong_numbers_of_a_route_are_found() {
        assert_eq!(caught(|p| p.routes[0].vehicle_type = VehicleTypeId::new(1)), "routes[0].vehicle_type");
        assert_eq!(caught(|p| p.routes[0].start += 1), "routes[0].start");
        assert_eq!(caught(|p| p.routes[0].end += 1), "routes[0].end");
        assert_eq!(caught(|p| p.routes[0].distance += 1), "routes[0].distance");
        assert_eq!(caught(|p| p.routes[0].driving += 1), "routes[0].driving");
        assert_eq!(caught(|p| p.routes[0].waiting += 1), "routes[0].waiting");
        assert_eq!(caught(|p| p.routes[0].fixed_cost += 1), "routes[0].fixed_cost");
        assert_eq!(caught(|p| p.routes[0].distance_cost += 1), "routes[0].distance_cost");
        assert_eq!(caught(|p| p.routes[0].duration_cost += 1), "routes[0].duration_cost");
        assert_eq!(caught(|p| drop(p.routes[0].trips.pop())), "routes[0].trips");
    }

    #[test]
    fn wrong_numbers_of_a_trip_are_found() {
        assert_eq!(caught(|p| p.routes[0].trips[1].start_depot = None), "routes[0].trips[1].start_depot");
        assert_eq!(caught(|p| p.routes[0].trips[0].end_depot = Some(DepotId::new(1))), "routes[0].trips[0].end_depot");
        assert_eq!(caught(|p| p.routes[0].trips[1].start += 1), "routes[0].trips[1].start");
        assert_eq!(caught(|p| p.routes[0].trips[1].departure += 1), "routes[0].trips[1].departure");
        assert_eq!(caught(|p| p.routes[0].trips[0].arrival += 1), "routes[0].trips[0].arrival");
        assert_eq!(caught(|p| p.routes[0].trips[0].distance += 1), "routes[0].trips[0].distance");
        assert_eq!(caught(|p| p.routes[0].trips[1].load[0] += 1), "routes[0].trips[1].load");
        assert_eq!(caught(|p| p.routes[0].trips[1].max_load[0] += 1), "routes[0].trips[1].max_load");
    }

    #[test]
    fn wrong_numbers_of_a_visit_are_found() {
        let path = |field: &str| format!("routes[0].trips[1].visits[0].{field}");
        assert_eq!(caught(|p| p.routes[0].trips[1].visits[0].setup += 1), path("setup"));
        assert_eq!(caught(|p| p.routes[0].trips[1].visits[0].arrival += 1), path("arrival"));
        assert_eq!(caught(|p| p.routes[0].trips[1].visits[0].start += 1), path("start"));
        assert_eq!(caught(|p| p.routes[0].trips[1].visits[0].departure += 1), path("departure"));
        assert_eq!(caught(|p| p.routes[0].trips[1].visits[0].load[0] += 1), path("load"));
        assert_eq!(caught(|p| p.routes[0].trips[1].visits[0].location = LocationId::new(0)), path("location"));
        let other = Activity::Client(ClientId::new(0));
        assert_eq!(caught(|p| p.routes[0].trips[1].visits[0].activity = other), "routes[0].trips[1].visits");
        assert_eq!(caught(|p| p.routes[0].trips[1].visits.clear()), "routes[0].trips[1].visits");
    }
}
