//! The plain search, for what a hierarchy does not answer: all that can be reached within a time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::travel::road::graph::Graph;
use crate::travel::road::hierarchy::Terminal;
use crate::travel::road::label::{Label, NEVER};

/// E. W. Dijkstra (1959), doi:10.1007/BF01386390: the states that are reached, each with its label at the end of its street.
#[derive(Debug)]
pub(in crate::travel::road) struct Dijkstra {
    pub(in crate::travel::road) reached: HashMap<u32, Label>,
}

impl Dijkstra {
    /// All states that are entered before `limit` from some sources, at the given times.
    pub(in crate::travel::road) fn within(graph: &Graph, times: &[u32], sources: &[Terminal], limit: Label) -> Self {
        let mut reached: HashMap<u32, Label> = HashMap::new();
        let mut queue = BinaryHeap::new();
        for source in sources {
            queue.push(Reverse((source.part, source.state)));
        }
        while let Some(Reverse((label, state))) = queue.pop() {
            if reached.contains_key(&state) {
                continue;
            }
            reached.insert(state, label);
            if label >= limit {
                continue;
            }
            for arc in graph.arcs(state) {
                let (head, next) = (graph.head[arc], label + graph.arc_label(arc, times));
                if next < NEVER && !reached.contains_key(&head) {
                    queue.push(Reverse((next, head)));
                }
            }
        }
        Self { reached }
    }
}
