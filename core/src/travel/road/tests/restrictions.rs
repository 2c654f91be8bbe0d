//! Turn restrictions are exact: held against a search that remembers where it came from.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use proptest::prelude::*;

use crate::travel::road::graph::ForTests;
use crate::travel::road::hierarchy::{Terminal, best_path};
use crate::travel::road::label::{Label, NEVER, label};
use crate::travel::road::streets::{RestrictionKind, Streets, Via};
use crate::travel::road::tests::maps::Sketch;
use crate::travel::road::{Network, RoadProfile, UTurns};

fn profile() -> RoadProfile {
    let mut profile = RoadProfile::car();
    profile.turns.u_turns = UTurns::DeadEnds;
    profile
}

/// Whether the turn from the end of `past` into `exit` is allowed by all restrictions, as the map states them.
fn allowed(streets: &Streets, past: &[u32], exit: u32) -> bool {
    streets.restrictions().iter().all(|restriction| {
        let chain: Vec<u32> =
            restriction.chain.iter().map(|&(segment, forward)| 2 * segment + u32::from(!forward)).collect();
        let n = chain.len();
        match restriction.kind {
            RestrictionKind::No => !(past.ends_with(&chain[..n - 1]) && exit == chain[n - 1]),
            RestrictionKind::Only => (1..n)
                .filter(|&done| done > 1 || n == 2)
                .all(|done| !past.ends_with(&chain[..done]) || exit == chain[done]),
        }
    })
}

/// The labels at the ends of all streets, from the end of one: a search over the last four streets.
fn by_history(streets: &Streets, rules: &ForTests, from: u32, keep: usize) -> Vec<Label> {
    let mut best = vec![NEVER; rules.times.len()];
    let mut queue = BinaryHeap::from([Reverse((0, vec![from]))]);
    let mut seen = BTreeSet::new();
    while let Some(Reverse((at, past))) = queue.pop() {
        if !seen.insert(past.clone()) {
            continue;
        }
        let street = past[past.len() - 1];
        best[street as usize] = best[street as usize].min(at);
        for (exit, cost) in rules.exits(street, |exit| !allowed(streets, &past, exit)) {
            let length = (streets.length((exit / 2) as usize) * 100.0).round() as u32;
            let next = at + label(rules.times[exit as usize], length) + label(cost, 0);
            let history = [&past[past.len().saturating_sub(keep - 1)..], &[exit]].concat();
            queue.push(Reverse((next, history)));
        }
    }
    best
}

/// Holds a network against the search over histories, if all of it is connected; whether it is.
fn check(streets: &Streets) -> bool {
    let profile = profile();
    let network = Network::new(streets, &profile).unwrap();
    let base = &network.base;
    let rules = ForTests::new(streets, &profile);
    if base.report.states != rules.states || base.report.segments != streets.num_segments() {
        return false;
    }
    for from in 0..base.graph.plain.len() as u32 {
        let Some(state) = base.graph.state(from) else { continue };
        let expected = by_history(streets, &rules, from, 4);
        for to in (0..base.graph.plain.len() as u32).filter(|&to| to != from) {
            let ends: Vec<Terminal> = base.graph.states(to).map(|state| Terminal { state, part: 0 }).collect();
            if ends.is_empty() {
                continue;
            }
            let start = [Terminal { state, part: 0 }];
            let path =
                network.with_scratch(|scratch| best_path(&base.hierarchy, &network.weights, scratch, &start, &ends));
            assert_eq!(path.map_or(NEVER, |path| path.label), expected[to as usize], "from {from} to {to}");
        }
    }
    true
}

/// A cross: 1 in the middle, 2 to 5 around it in the order of the compass, and a ring road round it.
fn cross() -> Sketch {
    Sketch::default()
        .node(1, 0, 0)
        .node(2, 0, 20)
        .node(3, 20, 0)
        .node(4, 0, -20)
        .node(5, -20, 0)
        .way(10, &[2, 1], &[])
        .way(11, &[1, 3], &[])
        .way(12, &[1, 4], &[])
        .way(13, &[5, 1], &[])
        .way(20, &[2, 3, 4, 5, 2], &[])
}

fn duration(streets: &Streets, from: u32, to: u32) -> u64 {
    let network = Network::new(streets, &profile()).unwrap();
    let terminal = |street| Terminal { state: network.base.graph.state(street).unwrap(), part: 0 };
    let (from, to) = ([terminal(from)], [terminal(to)]);
    let path = network.with_scratch(|s| best_path(&network.base.hierarchy, &network.weights, s, &from, &to)).unwrap();
    path.label >> 32
}

#[test]
fn a_forbidden_turn_is_driven_around() {
    // From the north into the east: street 0 is 2 → 1, street 2 is 1 → 3.
    let free = duration(&cross().streets(), 0, 2);
    let forbidden = cross().restriction(RestrictionKind::No, 10, Via::Node(1), 11).streets();
    assert_eq!(forbidden.restrictions().len(), 1);
    // To the south instead, and over the ring road: into 1 → 3 from another street.
    assert!(duration(&forbidden, 0, 2) > free + 10_000);
    let only = cross().restriction(RestrictionKind::Only, 10, Via::Node(1), 12).streets();
    assert!(duration(&only, 0, 2) > free + 10_000);
    assert_eq!(duration(&only, 0, 4), duration(&cross().streets(), 0, 4));
    assert!(check(&forbidden) && check(&only));
}

#[test]
fn a_restriction_through_a_street_holds_for_those_who_came_that_way_only() {
    // From the north through the middle arm to the south, and then not to the east along the ring.
    let sketch =
        || cross().node(6, 0, -40).way(14, &[4, 6], &[]).restriction(RestrictionKind::No, 10, Via::Ways(vec![12]), 14);
    let streets = sketch().streets();
    assert_eq!(streets.restrictions()[0].chain.len(), 3);
    assert!(check(&streets));
    // From the west through the same arm, it is allowed.
    let free = cross().node(6, 0, -40).way(14, &[4, 6], &[]).streets();
    let last = 2 * (free.num_segments() as u32 - 1);
    assert_eq!(duration(&streets, 6, last), duration(&free, 6, last));
}

#[test]
fn what_cannot_be_resolved_is_counted() {
    let streets = cross()
        .restriction(RestrictionKind::No, 10, Via::Node(99), 11)
        .restriction(RestrictionKind::No, 20, Via::Node(3), 11)
        .streets();
    assert_eq!(streets.restrictions().len(), 0);
    let reasons: Vec<&str> = streets.report().ignored.iter().map(|ignored| ignored.reason.as_str()).collect();
    assert!(reasons.iter().any(|reason| reason.contains("not in the map")), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("ambiguous")), "{reasons:?}");
}

/// A grid of streets, some one-way, some missing, with restrictions between neighbours and through streets.
fn grid(missing: &[bool], oneway: &[u8], rules: &[(bool, usize, usize, usize)]) -> Streets {
    const SIDE: i64 = 3;
    let mut sketch = Sketch::default();
    for id in 0..SIDE * SIDE {
        // Bent a little, so that no two streets are of one length.
        sketch = sketch.node(id, (id % SIDE * 10 + id * id % 3) as i32, (id / SIDE * 10 + id % 4) as i32);
    }
    let mut ways: Vec<(i64, i64, i64)> = Vec::new();
    for id in 0..SIDE * SIDE {
        let right = (id % SIDE + 1 < SIDE).then_some(id + 1);
        let up = (id / SIDE + 1 < SIDE).then_some(id + SIDE);
        for other in [right, up].into_iter().flatten() {
            let number = ways.len();
            if missing[number % missing.len()] && number % 4 == 3 {
                ways.push((-1, -1, -1));
                continue;
            }
            let tags: &[(&str, &str)] = if oneway[number % oneway.len()] == 0 { &[("oneway", "yes")] } else { &[] };
            sketch = sketch.way(100 + number as i64, &[id, other], tags);
            ways.push((100 + number as i64, id, other));
        }
    }
    let meets = |way: (i64, i64, i64), node: i64| way.0 >= 0 && (way.1 == node || way.2 == node);
    for &(only, first, second, third) in rules {
        let from = ways[first % ways.len()];
        if from.0 < 0 {
            continue;
        }
        let next: Vec<_> = ways.iter().copied().filter(|&way| way != from && meets(way, from.2)).collect();
        let Some(&via) = next.get(second % next.len().max(1)) else { continue };
        let far = if via.1 == from.2 { via.2 } else { via.1 };
        let after: Vec<_> = ways.iter().copied().filter(|&way| way != via && way != from && meets(way, far)).collect();
        let kind = if only { RestrictionKind::Only } else { RestrictionKind::No };
        sketch = match after.get(third % (after.len() + 1)) {
            Some(to) => sketch.restriction(kind, from.0, Via::Ways(vec![via.0]), to.0),
            None => sketch.restriction(kind, from.0, Via::Node(from.2), via.0),
        };
    }
    sketch.streets()
}

/// How many of the random networks were connected: the test would say nothing if few were.
static COMPARED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

#[test]
fn paths_are_those_of_a_search_over_histories() {
    paths();
    let compared = COMPARED.load(std::sync::atomic::Ordering::Relaxed);
    assert!(compared > 50, "{compared} of 300 networks were connected");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    fn paths(
        missing in prop::collection::vec(any::<bool>(), 1..13), oneway in prop::collection::vec(0u8..9, 1..13),
        rules in prop::collection::vec((any::<bool>(), 0usize..12, 0usize..4, 0usize..4), 0..7),
    ) {
        COMPARED.fetch_add(check(&grid(&missing, &oneway, &rules)).into(), std::sync::atomic::Ordering::Relaxed);
    }
}
