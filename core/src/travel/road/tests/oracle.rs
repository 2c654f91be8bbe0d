//! Every distance is that of petgraph's Dijkstra on the expanded graph.

use petgraph::graph::{DiGraph, NodeIndex};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::travel::road::hierarchy::{Dijkstra, Lanes, Sweep, Terminal, best_path, unpack};
use crate::travel::road::label::{Label, NEVER};
use crate::travel::road::network::Network;

/// The states and turns of a network, as petgraph has them.
pub(super) struct Oracle {
    graph: DiGraph<(), Label>,
}

impl Oracle {
    pub(super) fn new(network: &Network) -> Self {
        let (graph, times) = (&network.base.graph, &network.weights.times);
        let mut plain = DiGraph::with_capacity(graph.num_states(), graph.num_arcs());
        for _ in 0..graph.num_states() {
            plain.add_node(());
        }
        for state in 0..graph.num_states() as u32 {
            for arc in graph.arcs(state) {
                let label = graph.arc_label(arc, times);
                if label < NEVER {
                    plain.add_edge(NodeIndex::new(state as usize), NodeIndex::new(graph.head[arc] as usize), label);
                }
            }
        }
        Self { graph: plain }
    }

    /// The labels of all states, from the end of one.
    pub(super) fn from(&self, state: u32) -> Vec<Label> {
        let found = petgraph::algo::dijkstra(&self.graph, NodeIndex::new(state as usize), None, |edge| *edge.weight());
        let mut labels = vec![NEVER; self.graph.node_count()];
        found.into_iter().for_each(|(node, label)| labels[node.index()] = label);
        labels
    }
}

/// Holds tables, paths and the plain search against petgraph, from `sources` random states to `targets` random ones.
pub(super) fn compare(network: &Network, sources: usize, targets: usize, seed: u64) {
    let oracle = Oracle::new(network);
    let (base, weights) = (&network.base, &network.weights);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut states =
        |n: usize| -> Vec<u32> { (0..n).map(|_| random.random_range(0..base.graph.num_states() as u32)).collect() };
    let (from, to) = (states(sources), states(targets));
    let terminals = |states: &[u32]| -> Vec<Vec<Terminal>> {
        states.iter().map(|&state| vec![Terminal { state, part: 0 }]).collect()
    };
    let sweep = Sweep::new(&base.hierarchy, weights, &terminals(&to));
    let mut lanes = Lanes::default();
    for (index, &source) in from.iter().enumerate() {
        let expected = oracle.from(source);
        let start = [Terminal { state: source, part: 0 }];
        sweep.run(&base.hierarchy, weights, &mut lanes, &terminals(&[source]), |_, target, label| {
            assert_eq!(label, expected[to[target] as usize], "sweep from {source} to {}", to[target]);
        });
        for &target in &to {
            let end = [Terminal { state: target, part: 0 }];
            let path = network.with_scratch(|scratch| best_path(&base.hierarchy, weights, scratch, &start, &end));
            let label = path.as_ref().map_or(NEVER, |path| path.label);
            assert_eq!(label, expected[target as usize], "path from {source} to {target}");
            let Some(path) = path else { continue };
            let visited = unpack(&base.hierarchy, &base.graph, weights, &path, source);
            assert_eq!((visited[0], visited[visited.len() - 1]), (source, target));
            let arc = |pair: &[u32]| base.graph.arcs(pair[0]).find(|&arc| base.graph.head[arc] == pair[1]).unwrap();
            let sum: Label = visited.windows(2).map(|pair| base.graph.arc_label(arc(pair), &weights.times)).sum();
            assert_eq!(sum, label);
        }
        if index == 0 {
            let plain = Dijkstra::within(&base.graph, &weights.times, &start, NEVER);
            let labels = (0..expected.len() as u32).map(|state| plain.reached.get(&state).copied().unwrap_or(NEVER));
            assert!(labels.eq(expected.iter().copied()), "the plain search is petgraph's");
        }
    }
}
