//! Cycles in a graph of imports.

use std::collections::{BTreeMap, BTreeSet};

/// Who imports whom: from each node to those that it needs.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// The groups of nodes that reach each other, each sorted; none where the graph has no cycle.
pub fn cycles(graph: &Graph) -> Vec<Vec<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|node| (node.as_str(), reach(graph, node))).collect();
    let mut groups = BTreeSet::new();
    for (&node, others) in &reached {
        let back = |other: &&&str| reached.get(**other).is_some_and(|of| of.contains(node));
        let group: Vec<String> = others.iter().filter(back).map(|&other| other.to_owned()).collect();
        if !group.is_empty() {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

fn reach<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut left: Vec<&str> = graph.get(from).into_iter().flatten().map(String::as_str).collect();
    while let Some(node) = left.pop() {
        if found.insert(node) {
            left.extend(graph.get(node).into_iter().flatten().map(String::as_str));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::new();
        for &(from, to) in edges {
            graph.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
        graph
    }

    #[test]
    fn a_cycle_is_found_and_what_hangs_on_it_is_not_part_of_it() {
        assert_eq!(cycles(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])), Vec::<Vec<String>>::new());
        assert_eq!(cycles(&graph(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")])), [["b", "c"]]);
        assert_eq!(cycles(&graph(&[("a", "a")])), [["a"]]);
    }
}
