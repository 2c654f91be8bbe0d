//! Changed travel times: as exact as if all had been computed again.

use crate::cancel::CancelToken;
use crate::geometry::Coord;
use crate::travel::road::hierarchy::Weights;
use crate::travel::road::tests::oracle::compare;
use crate::travel::road::{
    Change, ChangePlace, City, CityPlan, Day, Effect, Network, NetworkError, REACH, RoadError, RoadProfile, Snap,
    TrafficRule,
};

fn city() -> Network {
    let streets = City { plan: CityPlan::River, blocks: 16, ..City::default() }.streets().unwrap();
    let mut profile = RoadProfile::car();
    let rule = |name: &str, days: &[Day], from: &str, to: &str, percent, classes: &[(&str, u32)]| TrafficRule {
        name: name.to_owned(),
        days: days.to_vec(),
        from: from.to_owned(),
        to: to.to_owned(),
        percent,
        classes: classes.iter().map(|&(class, percent)| (class.to_owned(), percent)).collect(),
    };
    profile.traffic = vec![
        rule("morning", &[Day::Mon, Day::Tue], "07:00", "09:00", 80, &[("primary", 40)]),
        rule("night", &[Day::Mon, Day::Sun], "22:00", "24:00", 120, &[]),
    ];
    Network::new(&streets, &profile).unwrap()
}

/// Whether the weights of a network are those that its times have when all is computed again.
fn is_exact(network: &Network) -> bool {
    let again =
        Weights::new(&network.base.hierarchy, &network.base.graph, network.weights.times.to_vec(), &CancelToken::new())
            .unwrap();
    again.up[..] == network.weights.up[..] && again.down[..] == network.weights.down[..]
}

#[test]
fn few_changes_give_the_weights_that_all_would() {
    let network = city();
    let change = |place, effect| Change { place, effect };
    let middle = Coord::new(11.0, 48.0);
    let around = [(-0.002, -0.002), (0.002, -0.002), (0.002, 0.002), (-0.002, 0.002)];
    let area = crate::Area::polygon(around.map(|(x, y)| (middle.x + x, middle.y + y)));
    let changed = network
        .change(&[
            change(ChangePlace::Way(7), Effect::Closed),
            change(ChangePlace::At(middle), Effect::Closed),
            change(ChangePlace::Way(40), Effect::Percent(30)),
        ])
        .unwrap();
    assert!(is_exact(&changed) && !std::sync::Arc::ptr_eq(&changed.weights, &network.weights));
    compare(&changed, 2, 50, 3);
    let wider = changed.change(&[change(ChangePlace::Area(area), Effect::Closed)]).unwrap();
    assert!(is_exact(&wider));
    compare(&wider, 2, 50, 4);
    // A change is of the usual times: without any, they hold again.
    let back = wider.change(&[]).unwrap();
    assert_eq!(back.weights.up[..], network.weights.up[..]);
    let slow = network.change(&[change(ChangePlace::Class("primary".to_owned()), Effect::Percent(50))]).unwrap();
    assert!(is_exact(&slow));
}

#[test]
fn what_would_take_longer_than_computing_all_is_given_up() {
    let network = city();
    let (hierarchy, graph) = (&network.base.hierarchy, &network.base.graph);
    let of = |states: &[u32]| -> Vec<(u32, u32)> {
        states.iter().map(|&state| (state, 2 * network.weights.times[state as usize])).collect()
    };
    let mut by_rank: Vec<u32> = (0..graph.num_states() as u32).collect();
    by_rank.sort_by_key(|&state| hierarchy.rank[state as usize]);
    // On the last street, little depends; on all of them, everything.
    let last = (*network.weights)
        .clone()
        .changed(hierarchy, graph, &of(&by_rank[by_rank.len() - 1..]), &CancelToken::new())
        .unwrap();
    let again = Weights::new(hierarchy, graph, last.times.to_vec(), &CancelToken::new()).unwrap();
    assert!(again.up[..] == last.up[..] && again.down[..] == last.down[..]);
    assert!((*network.weights).clone().changed(hierarchy, graph, &of(&by_rank), &CancelToken::new()).is_none());
}

#[test]
fn a_change_of_what_is_not_there_is_refused() {
    let network = city();
    for place in [ChangePlace::Way(-5), ChangePlace::Class("canal".to_owned())] {
        let error = network.change(&[Change { place, effect: Effect::Closed }]).unwrap_err();
        assert!(matches!(error, RoadError::Argument { .. }), "{error}");
    }
    let slow = Change { place: ChangePlace::Everywhere, effect: Effect::Percent(0) };
    assert!(matches!(network.change(&[slow]), Err(RoadError::Argument { .. })));
}

#[test]
fn half_the_speed_everywhere_takes_twice_the_time() {
    let mut profile = RoadProfile::car();
    profile.turns = crate::travel::road::TurnCosts::default();
    let streets = City { blocks: 8, ..City::default() }.streets().unwrap();
    let network = Network::new(&streets, &profile).unwrap();
    let slow = network.change(&[Change { place: ChangePlace::Everywhere, effect: Effect::Percent(50) }]).unwrap();
    let points = [Coord::new(10.997, 47.998), Coord::new(11.003, 48.002)];
    let spots = network.snap(&points, &Snap::default()).unwrap();
    let time = |network: &Network| network.table(&spots, &spots).unwrap().exact(0, 1).unwrap();
    assert_eq!(time(&slow).1, time(&network).1);
    assert!(time(&slow).0.abs_diff(2 * time(&network).0) <= 2, "but for the rounding of offsets");
}

#[test]
fn the_hours_of_a_day_become_a_curve() {
    let network = city();
    assert_eq!(network.traffic_steps(Day::Mon), [0, 420, 540, 1320]);
    assert_eq!(network.traffic_steps(Day::Sat), [0]);
    let points: Vec<Coord> =
        (0..5).map(|i| Coord::new(10.994 + 0.003 * f64::from(i), 47.996 + 0.002 * f64::from(i))).collect();
    let spots = network.snap(&points, &Snap::default()).unwrap();
    let curve = network.speed_curve(Day::Mon, &spots, -3600).unwrap();
    let from: Vec<i64> = curve.steps.iter().map(|step| step.from).collect();
    assert_eq!(from, [-3600, 420 * 60 - 3600, 540 * 60 - 3600, 1320 * 60 - 3600]);
    assert_eq!((curve.steps[0].percent, curve.steps[2].percent), (100, 100));
    assert!((40..=90).contains(&curve.steps[1].percent) && curve.steps[3].percent > 100, "{curve:?}");
    compare(&network.at_hour(Day::Tue, 450), 2, 50, 5);
    assert_eq!(network.at_hour(Day::Wed, 450).weights.up[..], network.weights.up[..]);
}

#[test]
fn an_isochrone_has_inside_what_is_reached_and_outside_what_is_not() {
    use geo::{Contains, LineString, MultiPolygon, Point, Polygon};
    let network = city();
    let spot = network.snap(&[Coord::new(11.0, 48.0)], &Snap::default()).unwrap();
    let area = network.isochrone(&spot[0], 90, REACH).unwrap();
    let ring = |ring: &Vec<Coord>| ring.iter().map(|at| (at.x, at.y)).collect::<LineString>();
    let polygon = |rings: &Vec<Vec<Coord>>| Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect());
    let polygons: MultiPolygon = area.polygons.iter().map(polygon).collect();
    let points: Vec<Coord> =
        (0..400).map(|i| Coord::new(10.99 + 0.001 * f64::from(i % 20), 47.993 + 0.0007 * f64::from(i / 20))).collect();
    let spots = network.snap(&points, &Snap::default()).unwrap();
    let table = network.table(&spot, &spots).unwrap();
    let (mut inside, mut outside) = (0, 0);
    for (i, reached) in spots.iter().enumerate() {
        let is_inside = polygons.contains(&Point::new(reached.on_street().x, reached.on_street().y));
        if table.exact(0, i).is_some_and(|exact| exact.0 <= 89_000) {
            assert!(is_inside, "{:?} is reached", reached.on_street());
            inside += 1;
        } else if !is_inside {
            outside += 1;
        }
    }
    assert!(inside > 20 && outside > 20, "{inside} inside, {outside} outside");
    assert!(network.isochrone(&spot[0], 90, f64::NAN).is_err());
}

#[test]
fn what_computes_for_long_can_be_cancelled() {
    let network = city();
    let spots = network.snap(&[network_centre()], &Snap { limit: 5_000.0, ..Snap::default() }).unwrap();
    let cancel = CancelToken::new();
    let slow = Change { place: ChangePlace::Everywhere, effect: Effect::Percent(50) };
    // Not cancelled, it is the same as without a token.
    let changed = network.change_with(std::slice::from_ref(&slow), &cancel).unwrap();
    assert_eq!(changed.weights.up[..], network.change(std::slice::from_ref(&slow)).unwrap().weights.up[..]);
    let curve = network.speed_curve_with(Day::Mon, &spots, 0, &cancel).unwrap();
    assert_eq!(curve, network.speed_curve(Day::Mon, &spots, 0).unwrap());
    cancel.cancel();
    assert_eq!(network.change_with(&[slow], &cancel).unwrap_err(), RoadError::Cancelled);
    assert_eq!(network.at_hour_with(Day::Mon, 8 * 60, &cancel).unwrap_err(), RoadError::Cancelled);
    assert_eq!(network.speed_curve_with(Day::Mon, &spots, 0, &cancel).unwrap_err(), RoadError::Cancelled);
    // Nothing to compute needs no cancelling.
    assert!(network.change_with(&[], &cancel).is_ok());
}

fn network_centre() -> Coord {
    City::default().centre
}

#[test]
fn preparing_tells_how_far_it_is_and_can_be_cancelled() {
    let streets = City { blocks: 24, ..City::default() }.streets().unwrap();
    let shares = std::sync::Mutex::new(Vec::new());
    let cancel = CancelToken::new();
    let told = |share: f64| shares.lock().unwrap().push(share);
    let network = Network::new_with(&streets, &RoadProfile::car(), &cancel, &told).unwrap();
    assert_eq!(network.weights.up[..], Network::new(&streets, &RoadProfile::car()).unwrap().weights.up[..]);
    let shares = shares.into_inner().unwrap();
    assert!(shares.len() > 10 && shares.iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
    assert_eq!(shares.last(), Some(&1.0));
    // Cancelled at the first word of it, and before.
    let told = |_: f64| cancel.cancel();
    let stopped = Network::new_with(&streets, &RoadProfile::car(), &cancel, &told);
    assert_eq!(stopped.unwrap_err(), NetworkError::Cancelled);
    assert_eq!(
        Network::new_with(&streets, &RoadProfile::car(), &cancel, &|_| {}).unwrap_err(),
        NetworkError::Cancelled
    );
}
