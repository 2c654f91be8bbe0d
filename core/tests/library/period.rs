//! Periods: days and routes decided together, held against all ways to plan tiny ones.

use milkrun::io::pvrpif;
use milkrun::period::{Consistency, Overflow, PeriodParams, PeriodPlan, Territory, Visits, plan_period};
use milkrun::plan::Activity;
use milkrun::plan::check::check_plan;
use milkrun::{
    Client, ClientGroup, ClientId, Coord, Depot, DisposalSite, Position, Problem, ProblemBuilder, Relation, Shipment,
    ShipmentStop, Stop, VehicleType, VehicleTypeId,
};
use proptest::prelude::*;

fn at(x: i32, y: i32) -> Coord {
    Coord::new(x.into(), y.into())
}

/// A yard, one vehicle type, and clients.
fn day(vehicle_type: VehicleType, clients: impl IntoIterator<Item = Client>) -> ProblemBuilder {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(at(0, 0)));
    b.add_vehicle_type(vehicle_type.depot(yard));
    clients.into_iter().for_each(|client| {
        b.add_client(client);
    });
    b
}

fn id(client: usize) -> ClientId {
    ClientId::new(client)
}

/// The planned period, which the judge must agree with, as a whole and day by day.
fn planned(b: &ProblemBuilder, params: &PeriodParams) -> PeriodPlan {
    planned_after(600, b, params)
}

/// As [`planned`], after so many iterations.
fn planned_after(iterations: u64, b: &ProblemBuilder, params: &PeriodParams) -> PeriodPlan {
    let day = b.build().unwrap_or_else(|error| panic!("{error}"));
    let params = params.clone().stop(Stop::after_iterations(iterations));
    let period = plan_period(&day, &params).unwrap_or_else(|error| panic!("{:?}", error.issues));
    let report = check_plan(&period.problem, &period.plan);
    assert_eq!(report.discrepancies, []);
    let mut cost = 0;
    for (d, own) in period.days.iter().enumerate() {
        let report = check_plan(&own.problem, &own.plan);
        assert_eq!(report.discrepancies, [], "day {d}");
        assert_eq!(own.plan.is_feasible(), report.is_feasible());
        assert!(own.plan.is_feasible() || !period.plan.is_feasible(), "day {d}: {:?}", own.plan.violations());
        cost += own.plan.cost();
        let visited = period.visited.iter().filter(|days| days.contains(&d)).count();
        assert_eq!((own.clients.len(), own.plan.unserved().len()), (visited, 0), "day {d}");
    }
    let of_no_day = period.plan.breakdown().unserved + period.overflow;
    assert_eq!(cost, period.plan.cost() - of_no_day, "the days are the period");
    period
}

#[test]
fn each_client_is_visited_on_days_of_one_pattern() {
    let b = day(
        VehicleType::new(2).capacity([2]),
        [(10, 0), (0, 10), (-10, 0)].map(|(x, y)| Client::at(at(x, y)).pickup([1])),
    );
    let params = PeriodParams::of_days(4).visit(id(0), Visits::times(4)).visit(id(1), Visits::times(2));
    let period = planned(&b, &params);
    assert!(period.plan.is_feasible());
    assert_eq!(period.visited[0], [0, 1, 2, 3]);
    assert!([vec![0, 2], vec![1, 3]].contains(&period.visited[1]), "{:?}", period.visited);
    assert_eq!(period.visited[2].len(), 1);
}

#[test]
fn days_off_and_limits_of_a_day_are_kept() {
    // One stop a day: two clients that come twice, in four days.
    let clients = [10, 20].map(|x| Client::at(at(x, 0)));
    let b = day(VehicleType::new(1).max_stops(1), clients);
    let twice = |params: PeriodParams| params.visit(id(0), Visits::times(2)).visit(id(1), Visits::times(2));
    let period = planned(&b, &twice(PeriodParams::of_days(4)));
    assert_eq!((period.plan.is_feasible(), period.cost()), (true, 2 * 20 + 2 * 40));
    assert_ne!(period.visited[0], period.visited[1]);
    // A day off leaves one pattern only.
    let off = twice(PeriodParams::of_days(4)).working_days(VehicleTypeId::new(0), [0, 1, 2]);
    assert!(!planned(&b, &off).plan.is_feasible());
}

#[test]
fn what_a_disposal_site_takes_is_each_days_own() {
    let mut b = day(VehicleType::new(1), (0..4).map(|i| Client::at(at(10 + i, 0)).pickup([5])));
    let site = b.add_disposal_site(DisposalSite::at(at(5, 0)).daily_capacity([10]).name("tip"));
    let truck = b.vehicle_types_mut()[0].clone();
    b.vehicle_types_mut()[0] = truck.disposal_sites([site]).end_empty();
    let period = planned(&b, &PeriodParams::of_days(2));
    assert!(period.plan.is_feasible());
    assert_eq!(period.visited.iter().filter(|days| days[..] == [0]).count(), 2);
    assert!(!planned(&b, &PeriodParams::of_days(1)).plan.is_feasible());
    assert_eq!(period.days[1].problem.disposal_sites().len(), 1);
}

#[test]
fn an_optional_client_is_worth_its_prize_once() {
    let optional = |prize| {
        let b = day(VehicleType::new(1), [Client::at(at(10, 0)).optional(prize)]);
        let period = planned(&b, &PeriodParams::of_days(4).visit(id(0), Visits::times(2)));
        (period.cost(), period.visited[0].len())
    };
    assert_eq!((optional(39), optional(41)), ((39, 0), (40, 2)));
}

#[test]
fn relations_hold_on_each_day() {
    let clients = [10, -10].map(|x| Client::at(at(x, 0)));
    let mut b = day(VehicleType::new(2).fixed_cost(1), clients);
    b.add_relation(Relation::Incompatible(vec![id(0), id(1)]));
    b.add_relation(Relation::Pin {
        client: id(0),
        vehicle_type: Some(VehicleTypeId::new(0)),
        position: Position::First,
    });
    let daily = PeriodParams::of_days(2).visit(id(0), Visits::times(2)).visit(id(1), Visits::times(2));
    let period = planned(&b, &daily);
    assert_eq!((period.cost(), period.plan.routes().len()), (4 * 21, 4));
}

#[test]
fn the_same_vehicle_comes_where_other_ones_cost() {
    // Two vehicles of two stops each; any pairing on any day costs nearly the same.
    let clients = [(10, 1), (10, -1), (-10, 1), (-10, -1)].map(|(x, y)| Client::at(at(x, y)).pickup([1]));
    let b = day(VehicleType::new(2).capacity([2]), clients);
    let params = (0..4).fold(PeriodParams::of_days(3), |params, c| params.visit(id(c), Visits::times(3)));
    let period = planned(&b, &params.consistency(Consistency::default().other_vehicle(50)));
    assert!(period.plan.is_feasible());
    assert_eq!((period.inconsistency.other_vehicle, period.inconsistency.cost), (0, 0));
    // By unit, for a client on each day.
    let unit = |own: &milkrun::period::DayPlan, client: usize| {
        let visits = |route: &milkrun::plan::RouteStops| {
            route
                .trips
                .iter()
                .flat_map(|t| &t.activities)
                .any(|a| matches!(a, Activity::Client(c) if own.clients[c.index()] == id(client)))
        };
        own.plan.route_stops().iter().find(|route| visits(route)).map(|route| route.vehicle_type)
    };
    for client in 0..4 {
        let units: Vec<_> = period.days.iter().map(|own| unit(own, client)).collect();
        assert!(units.windows(2).all(|pair| pair[0] == pair[1]), "{units:?}");
    }
}

#[test]
fn the_same_time_of_day_is_kept_where_other_ones_cost() {
    // Opposite ways round cost the same distance; on the second day a third client is there, too.
    let clients = [Client::at(at(10, 0)), Client::at(at(0, 10)), Client::at(at(10, 10))];
    let b = day(VehicleType::new(1).shift(0, 1_000), clients);
    let params = PeriodParams::of_days(2)
        .visit(id(0), Visits::times(2))
        .visit(id(1), Visits::times(2))
        .visit(id(2), Visits::times(1).on_days([1]));
    let free = planned(&b, &params);
    let alike = planned(&b, &params.consistency(Consistency::default().per_time(100, 8)));
    // 10 to the first client on both days; 24 from there to the second, or 20 over the third.
    assert_eq!(alike.plan.cost(), free.plan.cost());
    assert_eq!(alike.inconsistency.cost, 0, "{:?}", alike.inconsistency);
}

#[test]
fn the_period_rolls_on() {
    let b = day(VehicleType::new(1), [10, 20].map(|x| Client::at(at(x, 0))));
    let params = PeriodParams::of_days(4).visit(id(0), Visits::times(2).gaps(1, 3)).visit(id(1), Visits::times(1));
    let period = planned(&b, &params);
    let next = params.after(&period, 1);
    let last = |client: usize| next.visits.iter().find(|(c, _)| *c == id(client)).unwrap().1.last_visit;
    for client in 0..2 {
        assert_eq!(last(client), period.visited[client].contains(&0).then_some(1));
    }
    let rolled = planned(&b, &next);
    assert!(rolled.plan.is_feasible());
    if let (Some(before), Some(&first)) = (last(0), rolled.visited[0].first()) {
        assert!(before + first <= 3);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let mut b = day(VehicleType::new(1), [10, 20].map(|x| Client::at(at(x, 0))));
    b.add_shipment(Shipment::new(ShipmentStop::at(at(1, 1)), ShipmentStop::at(at(2, 2))));
    b.add_group(ClientGroup::optional());
    b.add_relation(Relation::AllOrNone(vec![id(0), id(1)]));
    let params = PeriodParams::of_days(29)
        .visit(id(0), Visits::times(0))
        .visit(id(0), Visits::times(1))
        .visit(id(9), Visits::times(1))
        .working_days(VehicleTypeId::new(3), [0])
        .consistency(Consistency::default().other_vehicle(-1));
    let error = plan_period(&b.build().unwrap(), &params).unwrap_err();
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "shipments",
            "groups",
            "relations[0]",
            "days",
            "consistency.other_vehicle",
            "visits[1].client",
            "visits[2].client",
            "visits[0].frequency",
            "working_days[0].vehicle_type"
        ]
    );
    for days in [0, usize::MAX] {
        let empty = day(VehicleType::new(1), []).build().unwrap();
        assert_eq!(plan_period(&empty, &PeriodParams::of_days(days)).unwrap_err().issues[0].path, "days");
    }
}

#[test]
fn nothing_to_visit_is_a_plan() {
    let empty = day(VehicleType::new(1), []);
    let period = planned(&empty, &PeriodParams::of_days(3));
    assert_eq!((period.cost(), period.days.len(), period.num_days()), (0, 3, 3));
}

#[test]
fn faulty_instances_are_refused() {
    for text in ["", "{}", "[]", "null", r#"{"info": {}, "features": [], "duration": []}"#] {
        assert!(pvrpif::read(text).is_err(), "{text}");
    }
    let text = r#"{"info": {"numVehicles": 1, "maxDuration": -1, "maxCapacity": 1.5, "planningHorizon": 0},
        "features": [{"properties": {"type": "customer", "frequency": 0.5, "demand": -3, "service": 1e300},
        "geometry": {"coordinates": [0, 0]}}], "duration": [[0, 1], [2.5]]}"#;
    let paths: Vec<String> = pvrpif::read(text).unwrap_err().issues.into_iter().map(|issue| issue.path).collect();
    let feature = |field: &str| format!("features[0].properties.{field}");
    let mut expected = vec!["info.maxDuration".into(), "info.maxCapacity".into(), "info.planningHorizon".into()];
    expected.extend(["features".into(), feature("demand"), feature("service"), feature("frequency")]);
    expected.extend(["duration", "duration[0]", "duration[1][0]"].map(String::from));
    assert_eq!(paths, expected);
}

/// A place on a plane.
type Spot = (i32, i32);

/// A straight line, rounded as the problem rounds.
fn distance(a: Spot, b: Spot) -> i64 {
    f64::from((a.0 - b.0).pow(2) + (a.1 - b.1).pow(2)).sqrt().round() as i64
}

/// The cost of the cheapest way from a place over all that are left to the yard.
fn round_trip(at: Spot, left: &[Spot]) -> i64 {
    if left.is_empty() {
        return distance(at, (0, 0));
    }
    let rest = |i: usize| [&left[..i], &left[i + 1..]].concat();
    (0..left.len()).map(|i| distance(at, left[i]) + round_trip(left[i], &rest(i))).min().unwrap_or(0)
}

/// The cost of the cheapest choice of days for all clients: one vehicle a day that has room for so many, and what each client's set of
/// days costs by itself; `None`: it may not have that set.
fn cheapest(places: &[Spot], days: usize, room: usize, set_cost: impl Fn(usize, usize) -> Option<i64>) -> Option<i64> {
    let sets = 1usize << days;
    let mut chosen = vec![0usize; places.len()];
    let mut best = None;
    loop {
        let own = chosen.iter().enumerate().try_fold(0, |sum, (c, &set)| Some(sum + set_cost(c, set)?));
        if let Some(own) = own {
            let visited = |d: usize| -> Vec<Spot> {
                chosen.iter().zip(places).filter(|(set, _)| **set >> d & 1 != 0).map(|(_, &place)| place).collect()
            };
            let all: Vec<_> = (0..days).map(visited).collect();
            if all.iter().all(|places| places.len() <= room) {
                let cost = own + all.iter().map(|places| round_trip((0, 0), places)).sum::<i64>();
                best = Some(best.map_or(cost, |best: i64| best.min(cost)));
            }
        }
        let Some(next) = chosen.iter().position(|&set| set + 1 < sets) else { break best };
        chosen[next] += 1;
        chosen[..next].fill(0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// One vehicle a day with room for some of the clients: the search finds the best of all choices of days.
    #[test]
    fn no_choice_of_days_is_cheaper(
        clients in prop::collection::vec(((-20..20i32, -20..20i32), 1..4usize), 2..5),
        days in 3..5usize,
        room in 2..4usize,
    ) {
        let clients: Vec<_> = clients.into_iter().map(|(place, times)| (place, times.min(days))).collect();
        let b = day(VehicleType::new(1).max_stops(room), clients.iter().map(|&((x, y), _)| Client::at(at(x, y))));
        let params = clients.iter().enumerate().fold(PeriodParams::of_days(days), |params, (c, &(_, times))| {
            params.visit(id(c), Visits::times(times).gaps(1, days))
        });
        let period = planned(&b, &params);
        let places: Vec<Spot> = clients.iter().map(|client| client.0).collect();
        let so_often = |c: usize, set: usize| (set.count_ones() as usize == clients[c].1).then_some(0);
        let best = cheapest(&places, days, room, so_often);
        prop_assert_eq!(period.plan.is_feasible().then(|| period.cost()), best);
    }

    /// How often bins are emptied follows from what is expected to overflow: no choice of days is cheaper.
    #[test]
    fn no_number_of_visits_is_cheaper(
        bins in prop::collection::vec(
            ((-20..20i32, -20..20i32), prop::collection::vec(0..30i64, 4), prop::option::of(1..3usize), any::<bool>()),
            2..4,
        ),
        days in 3..5usize,
        room in 2..4usize,
    ) {
        let b = day(VehicleType::new(1).max_stops(room), bins.iter().map(|&((x, y), ..)| Client::at(at(x, y))));
        // Costs never fall with the days that pass; a bin that is full by half of them has values of its own until the first visit.
        let rising = |steps: &[i64]| -> Vec<i64> {
            steps.iter().scan(0, |sum, step| { *sum += step; Some(*sum) }).collect()
        };
        let now = |after: &[i64]| after[..days].iter().map(|cost| 2 * cost).collect::<Vec<i64>>();
        let mut params = PeriodParams::of_days(days);
        for (c, (_, steps, times, is_measured)) in bins.iter().enumerate() {
            let after = rising(steps);
            let overflow = Overflow::after(after.clone());
            let overflow = if *is_measured { overflow.until_first(now(&after)) } else { overflow };
            params = params.visit(id(c), Visits::times(times.unwrap_or(0)).overflow(overflow));
        }
        // Choices of days hang together: a better one may need two clients' at once.
        let period = planned_after(4_000, &b, &params);
        let cost_of = |c: usize, set: usize| {
            let (_, steps, times, is_measured) = &bins[c];
            let after = rising(steps);
            let visits: Vec<usize> = (0..days).filter(|d| set >> d & 1 != 0).collect();
            let (&first, &last) = (visits.first()?, visits.last()?);
            if times.is_some_and(|times| times != visits.len()) {
                return None;
            }
            let between: i64 = visits.windows(2).map(|pair| after[pair[1] - pair[0] - 1]).sum();
            let ends = match is_measured {
                true => now(&after)[first] + after[days - last - 1],
                false => after[first + days - last - 1],
            };
            Some(between + ends)
        };
        let places: Vec<Spot> = bins.iter().map(|bin| bin.0).collect();
        let best = cheapest(&places, days, room, cost_of);
        prop_assert_eq!(period.plan.is_feasible().then(|| period.cost()), best);
    }
}

#[test]
fn days_that_were_told_have_their_price() {
    // Both on one day, 22, or each on the day that it was told, 20 and 22.
    let b = day(VehicleType::new(1), [(10, 0), (11, 0)].map(|(x, y)| Client::at(at(x, y))));
    let with = |price| {
        let consistency = Consistency::default().moved_day(price);
        let params = PeriodParams::of_days(2).told(id(0), [0]).told(id(1), [1]).consistency(consistency);
        let period = planned(&b, &params);
        assert_eq!(period.inconsistency.cost, price * period.inconsistency.moved_days as i64);
        (period.inconsistency.moved_days, period.plan.cost(), period.cost())
    };
    assert_eq!(with(15), (1, 22, 37));
    assert_eq!(with(25), (0, 42, 42));
    assert_eq!(with(0), (1, 22, 22));
}

#[test]
fn a_period_that_rolls_on_keeps_the_days_that_it_told() {
    let b = day(VehicleType::new(1), [(10, 0), (-10, 0)].map(|(x, y)| Client::at(at(x, y))));
    let params = PeriodParams::of_days(4)
        .visit(id(0), Visits::times(2).gaps(1, 3))
        .visit(id(1), Visits::times(2).gaps(1, 3))
        .consistency(Consistency::default().moved_day(100));
    let first = planned(&b, &params);
    let next = params.after(&first, 1);
    for (client, days) in &next.told {
        let to_come = first.visited[client.index()].iter().filter(|&&day| day >= 1).map(|day| day - 1);
        assert_eq!(*days, to_come.collect::<Vec<_>>());
    }
    assert!(!next.told.is_empty());
    let second = planned(&b, &next);
    for (client, told) in &next.told {
        // What was told stays, and what is new lies behind it.
        let own = &second.visited[client.index()];
        assert!(told.iter().filter(|day| own.contains(day)).count() + second.inconsistency.moved_days >= told.len());
    }
}

#[test]
fn a_client_belongs_to_the_vehicle_of_its_area() {
    // One vehicle for both sides is cheaper by its fixed cost, unless one of them is out of its area.
    let b = day(VehicleType::new(2).fixed_cost(5), [(10, 0), (-10, 0)].map(|(x, y)| Client::at(at(x, y))));
    let with = |price| {
        let area = |unit, client| Territory::new(VehicleTypeId::new(0), unit, [id(client)]);
        let consistency = Consistency::default().other_vehicle(price);
        let params = PeriodParams::of_days(1).territory(area(0, 0)).territory(area(1, 1)).consistency(consistency);
        let period = planned(&b, &params);
        (period.inconsistency.other_vehicle, period.plan.cost(), period.cost())
    };
    assert_eq!(with(3), (1, 45, 48));
    assert_eq!(with(20), (0, 50, 50));
}

#[test]
fn faults_of_territories_and_told_days() {
    let b = day(VehicleType::new(2), [Client::at(at(10, 0))]);
    let area = |vehicle_type, unit, clients: &[usize]| {
        Territory::new(VehicleTypeId::new(vehicle_type), unit, clients.iter().map(|&c| id(c)).collect::<Vec<_>>())
    };
    let params = PeriodParams::of_days(2)
        .told(id(0), [2])
        .told(id(0), [1])
        .told(id(7), [0])
        .territory(area(0, 2, &[0]))
        .territory(area(1, 0, &[0, 3]))
        .consistency(Consistency::default().moved_day(-1));
    let error = plan_period(&b.build().unwrap(), &params).unwrap_err();
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    let told = ["consistency.moved_day", "told[0].days[0]", "told[1].client", "told[2].client"];
    let areas = [
        "territories[0].unit",
        "territories[1].vehicle_type",
        "territories[1].clients[0]",
        "territories[1].clients[1]",
    ];
    assert_eq!(paths, [told, areas].concat());
}
