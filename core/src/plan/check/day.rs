//! The rules of a hauler's day.

use std::collections::{HashMap, HashSet};

use super::replay::{Halt, Purpose, Replay, rounded_up};
use crate::ids::{ClientId, DisposalSiteId, VehicleTypeId};
use crate::model::{Measure, Position, Problem, Relation, TimeWindow};
use crate::plan::{Activity, Violation};
use crate::units::{Cost, Load};

/// What a route breaks by itself.
pub(super) fn route(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
    let route = replay.index;
    for (trip, cargo) in replay.cargo.iter().enumerate() {
        for (compartment, (loads, part)) in cargo.compartments.iter().zip(&vehicle_type.compartments).enumerate() {
            for (dimension, (&load, &capacity)) in loads.iter().zip(&part.capacity).enumerate() {
                if load > capacity {
                    found.push(Violation::CompartmentOverload { route, trip, compartment, dimension, load, capacity });
                }
            }
        }
        for &(position, materials) in &cargo.together {
            found.push(Violation::MaterialsMixed { route, trip, position, materials });
        }
        for (dimension, &load) in cargo.waste_at_end.iter().enumerate() {
            if vehicle_type.end_empty && load > 0 {
                found.push(Violation::NotEmpty { route, trip, dimension, load });
            }
        }
    }
    for (dimension, &limit) in vehicle_type.max_route_load.iter().enumerate() {
        let load = total(problem, replay, dimension);
        if load > limit {
            found.push(Violation::RouteOverload { route, dimension, load, limit });
        }
    }
    let stops = num_stops(replay);
    if let Some(limit) = vehicle_type.max_stops
        && stops > limit
    {
        found.push(Violation::TooManyStops { route, stops, limit });
    }
    let (driving, work) = (replay.driving(), replay.work());
    if vehicle_type.max_driving.is_some_and(|limit| driving > limit) {
        found.extend(vehicle_type.max_driving.map(|limit| Violation::TooMuchDriving { route, driving, limit }));
    }
    if vehicle_type.max_work.is_some_and(|limit| work > limit) {
        found.extend(vehicle_type.max_work.map(|limit| Violation::TooMuchWork { route, work, limit }));
    }
    for (rule, (&effort, limits)) in replay.strain.iter().zip(&vehicle_type.driver_rules).enumerate() {
        if effort > limits.max {
            found.push(Violation::RestMissing { route, rule, effort, limit: limits.max });
        }
    }
    breaks(problem, replay, found);
    sites(problem, replay, found);
}

fn breaks(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let route = replay.index;
    for (pause, rule) in problem.vehicle_type(replay.stops.vehicle_type).breaks.iter().enumerate() {
        let taken =
            |halt: &&Halt| matches!(halt.purpose, Purpose::Serve { activity: Activity::Break(b), .. } if b == pause);
        let times = replay.halts.iter().filter(taken).count();
        let open_ended = rule.start.late == TimeWindow::UNBOUNDED_LATE;
        let due = !open_ended && replay.start() <= rule.start.late && rule.start.late < replay.end();
        match times {
            0 if due => found.push(Violation::BreakMissing { route, pause }),
            0 | 1 => {}
            _ => found.push(Violation::BreakRepeated { route, pause, times }),
        }
    }
    let stands = |halt: &Halt| !halt.is_pause();
    let (first, last) = (replay.halts.iter().position(stands), replay.halts.iter().rposition(stands));
    for (i, halt) in replay.halts.iter().enumerate() {
        if let Purpose::Serve { position, .. } = halt.purpose
            && halt.is_pause()
            && !(first.is_some_and(|first| first < i) && last.is_some_and(|last| i < last))
        {
            found.push(Violation::PauseMisplaced { route, trip: halt.trip, position });
        }
    }
}

fn sites(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let own = &problem.vehicle_type(replay.stops.vehicle_type).disposal_sites;
    for halt in &replay.halts {
        if let Purpose::Serve { position, activity: Activity::Dispose(site) } = halt.purpose
            && own.iter().all(|&allowed| allowed != site)
        {
            found.push(Violation::SiteNotAllowed { route: replay.index, trip: halt.trip, position, site });
        }
    }
}

/// How many stops the route has.
fn num_stops(replay: &Replay) -> usize {
    let serves = |halt: &&Halt| {
        matches!(
            halt.purpose,
            Purpose::Serve { activity: Activity::Client(_) | Activity::Pickup(_) | Activity::Delivery(_), .. }
        )
    };
    replay.halts.iter().filter(serves).count()
}

/// What the route delivers and picks up.
fn total(problem: &Problem, replay: &Replay, dimension: usize) -> Load {
    let of = |list: &[Load]| list.get(dimension).copied().unwrap_or_default();
    let mut sum = 0;
    for halt in &replay.halts {
        match halt.purpose {
            Purpose::Serve { activity: Activity::Client(id), .. } => {
                let client = &problem.clients()[id.index()];
                sum += of(&client.delivery) + of(&client.pickup);
            }
            Purpose::Serve { activity: Activity::Pickup(id), .. } => {
                sum += of(&problem.shipments()[id.index()].amount);
            }
            _ => {}
        }
    }
    sum
}

/// How many trips the route has, where one more begins after each visit to a disposal site that is followed by a service.
pub(super) fn num_trips(replay: &Replay) -> usize {
    let mut trips = replay.stops.trips.len();
    for trip in &replay.stops.trips {
        let mut pending = 0;
        for activity in &trip.activities {
            match activity {
                Activity::Dispose(_) => pending += 1,
                Activity::Client(_) | Activity::Pickup(_) | Activity::Delivery(_) => {
                    trips += pending;
                    pending = 0;
                }
                Activity::Break(_) | Activity::Rest(_) => {}
            }
        }
    }
    trips
}

/// Overtime, waiting, soft windows and disposal of a route.
pub(super) fn costs(problem: &Problem, replay: &Replay) -> [i128; 4] {
    let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
    let paid = replay.paid(problem);
    let mut overtime = 0;
    for step in &vehicle_type.overtime {
        if paid > step.after {
            overtime += i128::from(step.cost_per_duration) * i128::from(paid - step.after);
        }
    }
    let waiting = i128::from(vehicle_type.cost_per_waiting) * i128::from(replay.waiting());
    let (mut windows, mut disposal) = (0, 0);
    for halt in &replay.halts {
        if let Some(wish) = halt.wish {
            windows += i128::from(wish.cost_per_early) * i128::from((wish.early - halt.begin).max(0));
            windows += i128::from(wish.cost_per_late) * i128::from((halt.begin - wish.late).max(0));
        }
        if let Purpose::Serve { position, activity: Activity::Dispose(id) } = halt.purpose {
            let site = &problem.disposal_sites()[id.index()];
            disposal += i128::from(site.visit_cost);
            for (rate, &amount) in site.tipping_fee.iter().zip(&replay.cargo[halt.trip].unloaded[position]) {
                disposal += i128::from(rounded_up(rate.amount, amount, rate.per));
            }
        }
    }
    [overtime, waiting, windows, disposal]
}

/// What all routes together break.
pub(super) fn plan(problem: &Problem, replays: &[Replay], found: &mut Vec<Violation>) {
    let mut left: Vec<Vec<Load>> = vec![Vec::new(); problem.disposal_sites().len()];
    for replay in replays {
        for halt in &replay.halts {
            if let Purpose::Serve { position, activity: Activity::Dispose(id) } = halt.purpose {
                let unloaded = &replay.cargo[halt.trip].unloaded[position];
                let sums = &mut left[id.index()];
                sums.resize(unloaded.len(), 0);
                for (sum, amount) in sums.iter_mut().zip(unloaded) {
                    *sum += amount;
                }
            }
        }
    }
    for (s, (site, left)) in problem.disposal_sites().iter().zip(&left).enumerate() {
        for (dimension, (&capacity, &load)) in site.daily_capacity.iter().zip(left).enumerate() {
            if load > capacity {
                found.push(Violation::SiteOverfilled { site: DisposalSiteId::new(s), dimension, load, capacity });
            }
        }
    }
    for (t, vehicle_type) in problem.vehicle_types().iter().enumerate() {
        let id = VehicleTypeId::new(t);
        let keeps = |replay: &Replay| {
            let mut done = replay.stops.trips.iter().flat_map(|trip| &trip.activities);
            replay.stops.vehicle_type == id && vehicle_type.executed.iter().all(|must| done.next() == Some(must))
        };
        if !vehicle_type.executed.is_empty() && !replays.iter().any(keeps) {
            found.push(Violation::ExecutedChanged { vehicle_type: id });
        }
    }
    if problem.relations().is_empty() {
        return;
    }
    let routes: Vec<Route> = replays.iter().map(Route::of).collect();
    let served = served_at(replays);
    for (index, relation) in problem.relations().iter().enumerate() {
        if !holds(replays, &routes, &served, relation) {
            found.push(Violation::RelationBroken { relation: index });
        }
    }
}

/// A halt: on which of the routes, and as which of its halts.
type Place = (usize, usize);

/// Where each client is first served.
fn served_at(replays: &[Replay]) -> HashMap<ClientId, Place> {
    let mut places = HashMap::new();
    for (r, replay) in replays.iter().enumerate() {
        for (h, halt) in replay.halts.iter().enumerate() {
            if let Purpose::Serve { activity: Activity::Client(client), .. } = halt.purpose {
                places.entry(client).or_insert((r, h));
            }
        }
    }
    places
}

/// What relations ask of the halts of a route.
struct Route {
    /// The first and the last halt that serves somebody.
    ends: Option<(usize, usize)>,
    /// By halt, the next one that is no pause.
    next: Vec<usize>,
}

impl Route {
    fn of(replay: &Replay) -> Self {
        let serves = |halt: &Halt| {
            !halt.is_pause()
                && matches!(halt.purpose, Purpose::Serve { activity, .. } if !matches!(activity, Activity::Dispose(_)))
        };
        let halts = &replay.halts;
        let mut next = vec![halts.len(); halts.len()];
        for i in (1..halts.len()).rev() {
            next[i - 1] = if halts[i].is_pause() { next[i] } else { i };
        }
        Self { ends: halts.iter().position(serves).zip(halts.iter().rposition(serves)), next }
    }
}

fn holds(replays: &[Replay], routes: &[Route], served: &HashMap<ClientId, Place>, relation: &Relation) -> bool {
    let at = |client: &ClientId| served.get(client).copied();
    match relation {
        Relation::SameVehicle(clients) => {
            let routes: Vec<usize> = clients.iter().filter_map(at).map(|place| place.0).collect();
            routes.windows(2).all(|pair| pair[0] == pair[1])
        }
        Relation::Incompatible(clients) => {
            let mut seen = HashSet::new();
            clients.iter().filter_map(at).all(|place| seen.insert(place.0))
        }
        Relation::AllOrNone(clients) => {
            clients.iter().all(|c| at(c).is_some()) || clients.iter().all(|c| at(c).is_none())
        }
        Relation::Sequence(clients) => {
            let places: Vec<Place> = clients.iter().filter_map(at).collect();
            // One halt comes right after another on the same trip, but for pauses.
            let follows = |pair: &[Place]| {
                let ((r, a), (next_r, b)) = (pair[0], pair[1]);
                let halts = &replays[r].halts;
                r == next_r && routes[r].next[a] == b && halts[a].trip == halts[b].trip
            };
            places.is_empty() || (places.len() == clients.len() && places.windows(2).all(follows))
        }
        Relation::Precedence(before, after) => match (at(before), at(after)) {
            (Some(a), Some(b)) => a.0 == b.0 && a.1 < b.1,
            _ => true,
        },
        Relation::Pin { client, vehicle_type, position } => at(client).is_none_or(|(r, h)| {
            let ends = routes[r].ends;
            let in_place = match position {
                Position::Any => true,
                Position::First => ends.is_none_or(|(first, _)| h <= first),
                Position::Last => ends.is_none_or(|(_, last)| last <= h),
            };
            in_place && vehicle_type.is_none_or(|t| replays[r].stops.vehicle_type == t)
        }),
    }
}

/// The measures of the problem's goals, and what the weighted ones cost.
pub(super) fn goals(problem: &Problem, replays: &[Replay]) -> (Vec<i64>, i128) {
    let mut measures = Vec::new();
    let mut cost = 0;
    for goal in problem.goals() {
        let value = measure(problem, replays, goal.measure);
        measures.push(value);
        cost += i128::from(goal.weight.unwrap_or(0)) * i128::from(value);
    }
    (measures, cost)
}

fn measure(problem: &Problem, replays: &[Replay], measure: Measure) -> i64 {
    let spread = |values: Vec<i64>| match (values.iter().max(), values.iter().min()) {
        (Some(most), Some(least)) => most - least,
        _ => 0,
    };
    match measure {
        Measure::Vehicles => replays.len() as i64,
        Measure::Makespan => replays.iter().map(Replay::end).max().unwrap_or(0),
        Measure::DurationSpread => spread(replays.iter().map(|r| r.end() - r.start()).collect()),
        Measure::LoadSpread => spread(replays.iter().map(|r| total(problem, r, 0)).collect()),
        Measure::StopSpread => spread(replays.iter().map(|r| num_stops(r) as i64).collect()),
        Measure::Scatter => replays.iter().map(|replay| scatter(problem, replay)).sum(),
    }
}

fn scatter(problem: &Problem, replay: &Replay) -> i64 {
    let serves = |halt: &&Halt| {
        matches!(halt.purpose, Purpose::Serve { activity, .. } if !matches!(activity, Activity::Dispose(_)))
            && !halt.is_pause()
    };
    let points: Vec<_> = replay.halts.iter().filter(serves).map(|halt| problem.coord(halt.location)).collect();
    let count = points.len().max(1) as f64;
    let x = points.iter().map(|point| point.x).sum::<f64>() / count;
    let y = points.iter().map(|point| point.y).sum::<f64>() / count;
    let middle = crate::model::Coord::new(x, y);
    points.iter().map(|&point| problem.travel().straight(point, middle).round() as i64).sum()
}

/// The sum in 64 bits, or the largest number that they hold.
pub(super) fn fit(sum: i128) -> Cost {
    Cost::try_from(sum).unwrap_or(Cost::MAX)
}
