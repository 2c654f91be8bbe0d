//! The graph of a network as the project's benchmarks hand it to other programs.

use crate::travel::road::graph::NONE;
use crate::travel::road::hierarchy::{Terminal, best_path};
use crate::travel::road::label::{NEVER, time};
use crate::travel::road::network::Network;
use crate::travel::road::query::Spot;

/// See [`crate::internals::RoadGraph`].
pub(crate) fn arcs(network: &Network) -> (usize, Vec<(u32, u32, u32)>) {
    let (graph, times) = (&network.base.graph, &network.weights.times);
    let of = |state: u32| {
        let arcs = graph.arcs(state).map(|arc| (graph.head[arc], graph.arc_label(arc, times)));
        arcs.filter(|(_, label)| *label < NEVER).map(move |(head, label)| (state, head, time(label) as u32))
    };
    (graph.num_states(), (0..graph.num_states() as u32).flat_map(of).collect())
}

/// See [`crate::internals::road_state`].
pub(crate) fn state(network: &Network, spot: &Spot) -> Option<u32> {
    let sources = spot.sources(&network.base.graph, &network.weights.times);
    sources.first().map(|source| source.state).filter(|&state| state != NONE)
}

/// See [`crate::internals::road_time`].
pub(crate) fn time_between(network: &Network, from: u32, to: u32) -> Option<u64> {
    let terminal = |state| [Terminal { state, part: 0 }];
    let (hierarchy, weights) = (&network.base.hierarchy, &network.weights);
    let found = network
        .with_scratch(|scratch| best_path(hierarchy, weights, scratch, &terminal(from), &terminal(to)))
        .map(|path| time(path.label));
    found
}
