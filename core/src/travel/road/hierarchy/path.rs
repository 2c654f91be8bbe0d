//! From a path of the hierarchy to the states it stands for.

use crate::travel::road::graph::{Graph, NONE};
use crate::travel::road::hierarchy::customise::triangles;
use crate::travel::road::hierarchy::search::BestPath;
use crate::travel::road::hierarchy::{Hierarchy, Weights};

/// The states that a path visits, from the first to the last; `state_of` gives the state of a rank.
pub(in crate::travel::road) fn unpack(
    hierarchy: &Hierarchy,
    graph: &Graph,
    weights: &Weights,
    path: &BestPath,
    first: u32,
) -> Vec<u32> {
    let mut states = vec![first];
    debug_assert_eq!(hierarchy.rank[first as usize], path.start());
    // Arcs that are still to be replaced by the two of a triangle, the next one last.
    let mut left: Vec<(u32, bool)> = path.arcs.iter().rev().copied().collect();
    while let Some((arc, upwards)) = left.pop() {
        let index = arc as usize;
        let (weight, given) = if upwards {
            (weights.up[index], hierarchy.upwards[index])
        } else {
            (weights.down[index], hierarchy.downwards[index])
        };
        if given != NONE && graph.arc_label(given as usize, &weights.times) == weight {
            states.push(graph.head[given as usize]);
            continue;
        }
        let mut halves = None;
        triangles(hierarchy, index, |low, high| {
            // Down to the rank between, and up again.
            let (there, back) = if upwards { (low, high) } else { (high, low) };
            if halves.is_none() && weights.down[there] + weights.up[back] == weight {
                halves = Some((there as u32, back as u32));
            }
        });
        let Some((there, back)) = halves else {
            debug_assert!(false, "every weight is that of an arc or of a triangle");
            continue;
        };
        left.push((back, true));
        left.push((there, false));
    }
    states
}
