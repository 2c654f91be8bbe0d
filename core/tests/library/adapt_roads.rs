//! Roads that are closed or slower, travel that is known anew, and another order: adaptations that can be worked out by hand.

use milkrun::adapt::{AdaptParams, Change, ChangePrices, Event, adapt, diff};
use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::travel::{Matrix, ProfileMatrices};
use milkrun::{
    Area, Client, ClientId, Coord, Depot, Plan, Problem, ProfileId, Stop, TimeWindow, VehicleType, VehicleTypeId,
};

fn params(now: i64) -> AdaptParams {
    AdaptParams::at(now).stop(Stop::after_iterations(30))
}

/// Clients at these places, and the routes of one vehicle type that visit them in this order, from a time on.
fn by_hand(yard: Coord, places: &[(f64, f64)], vehicles: usize, routes: &[&[usize]], start: i64) -> (Problem, Plan) {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(yard));
    for &(x, y) in places {
        b.add_client(Client::at(Coord::new(x, y)));
    }
    b.add_vehicle_type(VehicleType::new(vehicles).depot(yard).shift(0, 5_000));
    let problem = b.build().unwrap();
    let stops = |clients: &&[usize]| RouteStops {
        vehicle_type: VehicleTypeId::new(0),
        start: Some(start),
        trips: vec![TripStops {
            start: Some(yard),
            end: Some(yard),
            activities: clients.iter().map(|&c| Activity::Client(ClientId::new(c))).collect(),
        }],
    };
    let plan = Plan::new(&problem, routes.iter().map(stops).collect()).unwrap();
    (problem, plan)
}

fn square(x: (f64, f64), y: (f64, f64)) -> Area {
    Area::polygon([(x.0, y.0), (x.1, y.0), (x.1, y.1), (x.0, y.1)])
}

/// The times at which the clients are served, by client.
fn served_at(plan: &Plan) -> Vec<(usize, i64)> {
    let visits = plan.routes().iter().flat_map(milkrun::plan::Route::visits);
    let mut all: Vec<(usize, i64)> = visits
        .filter_map(|visit| match visit.activity {
            Activity::Client(client) => Some((client.index(), visit.start)),
            _ => None,
        })
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn nobody_serves_in_a_closed_area_before_it_opens() {
    let (problem, published) = by_hand(Coord::new(0.0, 0.0), &[(10.0, 0.0), (20.0, 0.0)], 1, &[&[0, 1]], 50);
    let closed = |to| Event::Area { area: square((15.0, 25.0), (-5.0, 5.0)), from: 0, to, percent: 0 };
    let adapted = adapt(&problem, &published, &params(40).event(closed(200))).unwrap();
    assert!(check_plan(&adapted.problem, &adapted.plan).is_truthful() && adapted.plan.is_feasible());
    let at = served_at(&adapted.plan);
    assert!(at[1].1 >= 200, "{at:?}");
    let causes: Vec<_> = adapted
        .difference
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Retimed { activity, cause, .. } => Some((*activity, *cause)),
            _ => None,
        })
        .collect();
    assert!(causes.contains(&(Activity::Client(ClientId::new(1)), Some(0))), "{causes:?}");
    // An area in which nothing lies changes nothing.
    let far = Event::Area { area: square((100.0, 110.0), (0.0, 9.0)), from: 0, to: 900, percent: 0 };
    let punctual = params(40).prices(ChangePrices::default().per_time(1, 0));
    let adapted = adapt(&problem, &published, &punctual.event(far)).unwrap();
    assert_eq!(served_at(&adapted.plan), served_at(&published));
}

#[test]
fn straight_lines_do_not_cross_a_closed_area() {
    // From one client to the other, 20, or home in between, 32 each.
    let places = [(10.0, 0.0), (10.0, 20.0)];
    let (problem, published) = by_hand(Coord::new(-20.0, 10.0), &places, 2, &[&[0, 1]], 50);
    let closed = Event::Area { area: square((5.0, 15.0), (5.0, 15.0)), from: 0, to: 4_000, percent: 0 };
    let adapted = adapt(&problem, &published, &params(40).event(closed.clone())).unwrap();
    assert!(check_plan(&adapted.problem, &adapted.plan).is_truthful() && adapted.plan.is_feasible());
    assert_eq!(adapted.plan.routes().len(), 2);
    let place = |client: usize| adapted.problem.clients()[client].location();
    let between = |from, to| adapted.problem.duration(ProfileId::new(0), place(from), place(to));
    assert_eq!((between(0, 1), between(1, 0)), (milkrun::travel::UNREACHABLE, milkrun::travel::UNREACHABLE));
    // Who is driving across already arrives.
    let adapted = adapt(&problem, &published, &params(90).event(closed)).unwrap();
    assert_eq!(served_at(&adapted.plan), served_at(&published));
}

#[test]
fn a_slow_area_delays_what_is_still_to_be_driven() {
    let places = [(10.0, 0.0), (20.0, 0.0), (30.0, 0.0)];
    let (problem, published) = by_hand(Coord::new(0.0, 0.0), &places, 1, &[&[0, 1, 2]], 0);
    let slow = Event::Area { area: square((15.0, 35.0), (-5.0, 5.0)), from: 0, to: 900, percent: 50 };
    let adapted = adapt(&problem, &published, &params(12).event(slow.clone())).unwrap();
    assert!(check_plan(&adapted.problem, &adapted.plan).is_truthful() && adapted.plan.is_feasible());
    // The drive to the second client is under way; those after it take twice as long.
    assert_eq!(served_at(&adapted.plan), [(0, 10), (1, 20), (2, 40)]);
    assert_eq!(adapted.plan.routes()[0].end, 40 + 60);
    // Clients whose windows are over before the roads are slow are reached as usual.
    let mut b = problem.to_builder();
    b.clients_mut().iter_mut().for_each(|client| client.time_window = TimeWindow::new(0, 200));
    b.vehicle_types_mut()[0].end = None;
    let problem = b.build().unwrap();
    let mut routes = published.route_stops().to_vec();
    routes[0].trips[0].end = None;
    let published = Plan::new(&problem, routes).unwrap();
    let Event::Area { area, percent, .. } = slow else { unreachable!() };
    let late = Event::Area { area, from: 300, to: 900, percent };
    let adapted = adapt(&problem, &published, &params(12).event(late)).unwrap();
    assert_eq!(served_at(&adapted.plan), [(0, 10), (1, 20), (2, 30)]);
}

#[test]
fn travel_that_is_known_anew_holds_for_what_is_still_to_be_driven() {
    let places = [(10.0, 0.0), (20.0, 0.0), (30.0, 0.0)];
    let (problem, published) = by_hand(Coord::new(0.0, 0.0), &places, 1, &[&[0, 1, 2]], 0);
    let table = |size: usize, by: i64| {
        let at = |i: usize| 10 * i as i64;
        let values = (0..size * size).map(|cell| by * (at(cell / size) - at(cell % size)).abs()).collect();
        ProfileMatrices { distance: Matrix::new(size, values).unwrap(), duration: None }
    };
    // The yard is the first location.
    assert_eq!(problem.depots()[0].location().index(), 0);
    let adapted = adapt(&problem, &published, &params(12).event(Event::Travel(vec![table(4, 3)]))).unwrap();
    assert!(check_plan(&adapted.problem, &adapted.plan).is_truthful() && adapted.plan.is_feasible());
    assert_eq!(served_at(&adapted.plan), [(0, 10), (1, 20), (2, 50)]);
    assert_eq!(adapted.plan.routes()[0].end, 50 + 90);
    let faults = |tables| adapt(&problem, &published, &params(12).event(Event::Travel(tables))).unwrap_err().issues;
    assert_eq!(faults(vec![table(3, 1)])[0].path, "events[0].travel[0]");
    assert_eq!(faults(Vec::new())[0].path, "events[0].travel");
}

#[test]
fn another_order_has_its_price() {
    // In the published order 20, 10, 30 it is 80 long; in the best one 60, for which one client goes to another place.
    let places = [(20.0, 0.0), (10.0, 0.0), (30.0, 0.0)];
    let (problem, published) = by_hand(Coord::new(0.0, 0.0), &places, 1, &[&[0, 1, 2]], 100);
    let with = |price| {
        let params = params(50).prices(ChangePrices::default().other_order(price));
        let adapted = adapt(&problem, &published, &params).unwrap();
        assert!(check_plan(&adapted.problem, &adapted.plan).is_truthful() && adapted.plan.is_feasible());
        assert_eq!(adapted.order_cost, price * adapted.difference.reordered as i64);
        let between = diff(&problem, &published, &Plan::new(&problem, adapted.plan.route_stops().to_vec()).unwrap(), 0);
        assert_eq!(between.reordered, adapted.difference.reordered, "the two plans alone say the same");
        (adapted.plan.cost(), adapted.difference.reordered, adapted.cost())
    };
    assert_eq!(with(15), (60, 1, 75));
    assert_eq!(with(25), (80, 0, 80));
}

#[test]
fn faults_of_areas_are_told() {
    let (problem, published) = by_hand(Coord::new(0.0, 0.0), &[(10.0, 0.0)], 1, &[&[0]], 50);
    let event = |area, from, to, percent| Event::Area { area, from, to, percent };
    let params = params(40)
        .event(event(Area::polygon([(0.0, 0.0), (1.0, 0.0)]), 0, 90, 0))
        .event(event(square((0.0, f64::NAN), (0.0, 1.0)), 0, 90, 101))
        .event(event(square((0.0, 1.0), (0.0, 1.0)), 0, 40, 0))
        .event(event(square((0.0, 1.0), (0.0, 1.0)), 90, 80, 0))
        .prices(ChangePrices::default().other_order(-1));
    let issues = adapt(&problem, &published, &params).unwrap_err().issues;
    let mut paths: Vec<&str> = issues.iter().map(|issue| issue.path.as_str()).collect();
    // Of two corners that are not finite, each is told.
    paths.dedup();
    let areas = [
        "events[0].area.corners",
        "events[1].area.corners",
        "events[1].area.percent",
        "events[2].area.to",
        "events[3].area.to",
    ];
    assert_eq!(paths, [&["prices.other_order"][..], &areas[..]].concat());
}
