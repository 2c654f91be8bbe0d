//! Plans that are adapted while they are driven: random days, moments and events, each held against what may not change.

use crate::random_collections;

use std::collections::HashSet;

use milkrun::adapt::{AdaptParams, Change, ChangePrices, Event, Keep, adapt, diff};
use milkrun::plan::Activity;
use milkrun::plan::check::check_plan;
use milkrun::{
    Client, ClientId, Coord, Depot, DisposalSite, DisposalSiteId, Plan, Problem, ProfileId, SolveParams, Stop,
    TimeWindow, VehicleType, VehicleTypeId, solve,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use random_collections::{Features, any_features, day_problem};

fn plan_of(problem: &Problem) -> Plan {
    let stop = Stop::after_iterations(40);
    solve(problem, &SolveParams { stop, seed: 3, ..SolveParams::default() }).plan
}

fn params(now: i64) -> AdaptParams {
    AdaptParams::at(now).stop(Stop::after_iterations(30))
}

/// A few events about what the plan has. Some are about routes and clients that are over already.
fn events(problem: &Problem, plan: &Plan, draws: &[(u8, usize, i64)]) -> Vec<Event> {
    let routes = plan.routes().len().max(1);
    let clients = problem.clients().len();
    let event = |&(kind, index, amount): &(u8, usize, i64)| {
        let (route, client) = (index % routes, ClientId::new(index % clients));
        match kind % 9 {
            0 => Event::Late { route, by: amount },
            1 => Event::BrokenDown { route },
            2 => Event::Available {
                vehicle_type: VehicleTypeId::new(index % problem.vehicle_types().len()),
                from: amount,
            },
            3 => Event::ShiftEnds { route, at: 200 + amount },
            4 => Event::added(Client::at(Coord::new((index % 60) as f64, 7.0)).pickup([1]).optional(amount)),
            5 => Event::Cancelled { client },
            6 => Event::Changed {
                client,
                pickup: Some(vec![2]),
                delivery: None,
                service: Some(3),
                time_window: Some(TimeWindow::new(0, 500 + amount)),
                required: Some(false),
                prize: Some(amount),
            },
            7 => match problem.disposal_sites().len() {
                0 => Event::Slow { profile: ProfileId::new(0), from: amount, to: amount + 50, percent: 50 },
                sites => {
                    let site = DisposalSiteId::new(index % sites);
                    Event::SiteClosed { site, from: amount, to: amount + 40 }
                }
            },
            _ => Event::Slow { profile: ProfileId::new(0), from: amount, to: amount + 90, percent: 70 },
        }
    };
    draws.iter().map(event).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(11), ..ProptestConfig::with_cases(250) })]

    #[test]
    fn what_is_done_stays_and_the_judge_agrees(
        features in any_features(),
        seed in any::<u64>(),
        now in 0i64..400,
        draws in prop::collection::vec((any::<u8>(), 0usize..40, 0i64..120), 0..4),
    ) {
        let features = Features(features.0 & !executed_bit());
        let problem = day_problem(features, 12, seed);
        let published = plan_of(&problem);
        let mut params = params(now);
        params.prices = ChangePrices::moderate(&published);
        params.events = events(&problem, &published, &draws);
        let Ok(adapted) = adapt(&problem, &published, &params) else { return Ok(()) };
        let report = check_plan(&adapted.problem, &adapted.plan);
        prop_assert!(report.is_truthful(), "{report}");
        prop_assert!(!adapted.followed.is_better_than(&adapted.plan));

        let out: HashSet<usize> = params.events.iter().filter_map(|event| match event {
            Event::BrokenDown { route } => Some(*route),
            _ => None,
        }).collect();
        let cancelled: HashSet<Activity> = params.events.iter().filter_map(|event| match event {
            Event::Cancelled { client } => Some(Activity::Client(*client)),
            _ => None,
        }).collect();
        let now_served: Vec<(usize, Vec<Activity>)> = adapted.plan.route_stops().iter().map(|route| {
            let activities = route.trips.iter().flat_map(|trip| trip.activities.iter().copied());
            (route.vehicle_type.index(), activities.collect())
        }).collect();
        for (r, route) in published.routes().iter().enumerate() {
            let done: Vec<Activity> =
                route.visits().filter(|visit| visit.departure <= now && route.start <= now).map(|v| v.activity).collect();
            let of_vehicle = now_served.iter().find(|(t, _)| *t == r);
            let own = of_vehicle.map(|(_, activities)| &activities[..]).unwrap_or_default();
            prop_assert!(own.starts_with(&done), "route {} did {:?}, now {:?}", r, done, own);
            if out.contains(&r) {
                prop_assert!(own[done.len()..].iter().all(|a| !a.is_service()
                    || route.visits().any(|v| v.activity == *a && v.start <= now)), "{:?}", own);
            }
        }
        for (_, activities) in &now_served {
            prop_assert!(activities.iter().all(|activity| !cancelled.contains(activity)));
        }
        // Nothing begins in the past but what had begun.
        for route in adapted.plan.routes() {
            let begun = adapted.published_route[route.vehicle_type.index()].and_then(|r| published.routes().get(r));
            for visit in route.visits().filter(|visit| visit.activity.is_service() && visit.start < now) {
                let before = begun.and_then(|route| route.visits().find(|v| v.activity == visit.activity));
                prop_assert!(before.is_some_and(|before| before.arrival <= now || before.start <= now),
                    "{visit:?} begins before {now}");
            }
        }
    }

    #[test]
    fn nothing_changes_if_nothing_has_happened(features in any_features(), seed in any::<u64>(), now in 0i64..400) {
        let features = Features(features.0 & !executed_bit());
        let problem = day_problem(features, 10, seed);
        let published = plan_of(&problem);
        let prices = ChangePrices::default().dropped(1_000_000_000);
        let params = params(now).keep(Keep::Order).prices(prices);
        let Ok(adapted) = adapt(&problem, &published, &params) else { return Ok(()) };
        prop_assert!(adapted.followed.is_feasible() || !published.is_feasible(), "{:?}", adapted.followed.violations());
        if !published.is_feasible() {
            return Ok(());
        }
        let vehicles: Vec<&Change> = adapted.difference.changes.iter()
            .filter(|change| matches!(change, Change::Moved { .. } | Change::Dropped { .. }))
            .collect();
        prop_assert!(vehicles.is_empty(), "{vehicles:?}");
    }
}

/// Days that have begun before they are published are none of these.
fn executed_bit() -> u32 {
    1 << random_collections::FEATURES.iter().position(|&name| name == "executed").expect("a feature")
}

/// Two vehicles, each with two clients on its side of the yard, at ten and twenty.
fn two_sides() -> (Problem, Plan) {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for (x, name) in [(10.0, "near east"), (20.0, "far east"), (-10.0, "near west"), (-20.0, "far west")] {
        b.add_client(Client::at(Coord::new(x, 0.0)).name(name));
    }
    b.add_vehicle_type(VehicleType::new(3).depot(yard).max_distance(100).shift(0, 500).cost_per_duration(1));
    let problem = b.build().expect("valid");
    let route = |clients: [usize; 2]| milkrun::plan::RouteStops {
        vehicle_type: VehicleTypeId::new(0),
        start: Some(0),
        trips: vec![milkrun::plan::TripStops {
            start: Some(yard),
            activities: clients.map(|c| Activity::Client(ClientId::new(c))).to_vec(),
            end: Some(yard),
        }],
    };
    let plan = Plan::new(&problem, vec![route([0, 1]), route([2, 3])]).expect("known ids");
    (problem, plan)
}

fn told(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

#[test]
fn the_other_truck_takes_what_a_broken_one_leaves() {
    let (problem, plan) = two_sides();
    let adapted = adapt(&problem, &plan, &params(12).event(Event::BrokenDown { route: 0 })).expect("valid");
    assert!(adapted.plan.is_feasible(), "{:?}", adapted.plan.violations());
    let moved = adapted.difference.changes.iter().find_map(|change| match change {
        Change::Moved { name, from, cause, .. } => Some((name.as_str(), from.0, *cause)),
        _ => None,
    });
    assert_eq!(moved, Some(("far east", 0, Some(0))), "{:?}", told(&adapted.difference.changes));
}

#[test]
fn a_price_keeps_a_client_on_its_truck_until_the_detour_costs_more() {
    let (problem, plan) = two_sides();
    // The western vehicle is to serve the far east, too: 40 units of distance and time more than the eastern one would need.
    let mut stops = plan.route_stops().to_vec();
    let far = stops[0].trips[0].activities.pop().expect("two clients");
    stops[1].trips[0].activities.push(far);
    let plan = Plan::new(&problem, stops).expect("known ids");
    let moves = |price: i64| {
        let priced = params(-10).prices(ChangePrices::default().other_vehicle(price));
        let adapted = adapt(&problem, &plan, &priced).expect("valid");
        assert_eq!(adapted.difference.cost.1 < adapted.difference.cost.0, adapted.plan.breakdown().assignment > 0);
        adapted.difference.changes.iter().any(|change| matches!(change, Change::Moved { .. }))
    };
    assert!(moves(39));
    assert!(!moves(41));
}

#[test]
fn times_that_are_kept_are_windows() {
    let (problem, plan) = two_sides();
    let new = Client::at(Coord::new(15.0, 0.0)).service(5).optional(1_000).name("late call");
    let kept = params(1).event(Event::added(new.clone())).keep(Keep::Times);
    let adapted = adapt(&problem, &plan, &kept).expect("valid");
    let moved = adapted.difference.changes.iter().filter(|change| matches!(change, Change::Retimed { .. })).count();
    assert_eq!(moved, 0, "{:?}", told(&adapted.difference.changes));
    let free = params(1).event(Event::added(new));
    let adapted = adapt(&problem, &plan, &free).expect("valid");
    assert!(told(&adapted.difference.changes).iter().any(|text| text.starts_with("client 4 (late call) is served by")));
}

#[test]
fn a_report_of_what_is_done_moves_the_rest() {
    let (problem, plan) = two_sides();
    // The first client was left at 30, not at 10.
    let adapted =
        adapt(&problem, &plan, &params(31).event(Event::Done { route: 0, activities: 1, at: 30 })).expect("valid");
    let route = adapted.plan.routes().iter().find(|route| route.vehicle_type.index() == 0).expect("it drives");
    let starts: Vec<i64> = route.visits().map(|visit| visit.start).collect();
    assert_eq!(starts[1], 40, "{starts:?}");
    assert_eq!(route.end, 60);
}

#[test]
fn all_faults_come_at_once() {
    let (problem, plan) = two_sides();
    let asked = params(12)
        .event(Event::BrokenDown { route: 7 })
        .event(Event::BrokenDown { route: 0 })
        .event(Event::Late { route: 0, by: 5 })
        .event(Event::Cancelled { client: ClientId::new(0) })
        .event(Event::Cancelled { client: ClientId::new(99) })
        .event(Event::ShiftEnds { route: 1, at: 3 })
        .event(Event::SiteQueue { site: DisposalSiteId::new(0), by: 3 })
        .event(Event::Slow { profile: ProfileId::new(0), from: 9, to: 9, percent: 50 })
        .event(Event::Slow { profile: ProfileId::new(0), from: 9, to: 10, percent: 0 })
        .event(Event::Slow { profile: ProfileId::new(0), from: i64::MIN, to: i64::MAX, percent: 50 })
        .prices(ChangePrices::default().other_vehicle(-1).dropped(i64::MAX).per_time(1, i64::MIN));
    let error = adapt(&problem, &plan, &asked).expect_err("faulty");
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "prices.other_vehicle",
            "prices.dropped",
            "prices.tolerance",
            "events[0].broken_down.route",
            "events[2].late.route",
            "events[3].cancelled.client",
            "events[4].cancelled.client",
            "events[5].shift_ends.at",
            "events[6].site_queue.site",
            "events[7].slow.to",
            "events[8].slow.percent",
            "events[9].slow.from",
        ],
        "{error}"
    );
}

#[test]
fn another_problems_plan_and_a_moment_after_the_day_are_refused() {
    let (problem, plan) = two_sides();
    let mut other = problem.to_builder();
    other.clients_mut()[0].service = 9;
    let other = other.build().expect("valid");
    let error = adapt(&other, &plan, &params(501)).expect_err("faulty");
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["plan", "now"], "{error}");
}

#[test]
fn a_difference_is_told_route_by_route() {
    let (problem, plan) = two_sides();
    let mut stops = plan.route_stops().to_vec();
    let far = stops[0].trips[0].activities.pop().expect("two clients");
    stops[1].trips[0].activities.insert(0, far);
    let other = Plan::new(&problem, stops).expect("known ids");
    let difference = diff(&problem, &plan, &other, 0);
    assert_eq!(
        told(&difference.changes),
        [
            "client 1 (far east) moves from route 0 at 20 to route 1 at 20",
            "client 2 (near west) is served 40 later by route 1, at 50 instead of 10",
            "client 3 (far west) is served 40 later by route 1, at 60 instead of 20",
        ]
    );
    assert_eq!(difference.routes, (2, 2));
}

/// A truck that has emptied once, is on its way to the next client, and will empty again.
fn emptied_once() -> (Problem, Plan) {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for x in [10.0, 30.0] {
        b.add_client(Client::at(Coord::new(x, 0.0)).pickup([4]).service(2));
    }
    let tip = b.add_disposal_site(DisposalSite::at(Coord::new(20.0, 0.0)).service(5).daily_capacity([8]).name("tip"));
    let truck = VehicleType::new(1).capacity([4]).depot(yard).disposal_sites([tip]).end_empty().shift(0, 500);
    b.add_vehicle_type(truck.add_break(milkrun::Break::new(20, 45, 3)));
    let problem = b.build().unwrap();
    let plan = solve(&problem, &SolveParams { stop: Stop::after_iterations(100), ..SolveParams::default() }).plan;
    assert!(plan.is_feasible(), "{:?}", plan.violations());
    (problem, plan)
}

#[test]
fn a_queue_is_of_visits_from_now_on() {
    let (problem, plan) = emptied_once();
    // To 10, emptied at 20 by 27 (and a break), then to 30.
    let visits: Vec<_> =
        plan.routes()[0].visits().map(|visit| (visit.activity, visit.start, visit.departure)).collect();
    let first = visits.iter().position(|visit| matches!(visit.0, Activity::Dispose(_))).unwrap();
    let now = visits[first].2 + 1;
    let end = plan.routes()[0].end;
    let params = AdaptParams::at(now).event(Event::SiteQueue { site: DisposalSiteId::new(0), by: 7 });
    let adapted = adapt(&problem, &plan, &params.stop(Stop::after_iterations(100))).unwrap();
    assert!(adapted.plan.is_feasible(), "{:?}", adapted.plan.violations());
    assert!(adapted.followed.is_feasible(), "{:?}", adapted.followed.violations());
    assert_eq!(check_plan(&adapted.problem, &adapted.plan).discrepancies, []);
    // The second visit takes so much longer, the first one does not; and there is still room for it.
    assert_eq!(adapted.plan.routes()[0].end, end + 7);
    let [current, past] = adapted.problem.disposal_sites() else { panic!("a site and how it was before") };
    assert_eq!((current.name.as_str(), &current.daily_capacity[..], current.service), ("tip", &[4][..], 12));
    assert_eq!((past.name.as_str(), past.hours[0].late, past.service), ("tip (before)", now, 5));
}

#[test]
fn slower_roads_delay_what_a_vehicle_drives_to() {
    let (problem, plan) = emptied_once();
    let (now, end) = (plan.routes()[0].start + 1, plan.routes()[0].end);
    let slow = Event::Slow { profile: ProfileId::new(0), from: now, to: now + 400, percent: 50 };
    let adapted = adapt(&problem, &plan, &AdaptParams::at(now).event(slow).stop(Stop::after_iterations(100))).unwrap();
    assert!(adapted.plan.is_feasible(), "{:?}", adapted.plan.violations());
    assert!(adapted.plan.routes()[0].end > end);
    assert_eq!(check_plan(&adapted.problem, &adapted.plan).discrepancies, []);
}
