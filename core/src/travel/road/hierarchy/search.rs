//! From some states to others: both walk up the elimination tree, and meet at the best rank.

use crate::travel::road::graph::NONE;
use crate::travel::road::hierarchy::{Hierarchy, Terminal, Weights};
use crate::travel::road::label::{Label, NEVER, distance, label, time};

/// Arrays of a search, by rank; all [`NEVER`] between searches.
#[derive(Debug, Default)]
pub(in crate::travel::road) struct Scratch {
    forward: Side,
    backward: Side,
}

/// One side of a search.
#[derive(Debug, Default)]
pub(super) struct Side {
    pub(super) label: Vec<Label>,
    /// The arc by which the rank was reached; [`NONE`] where the path begins.
    via: Vec<u32>,
}

/// The best path between two sets of states, by ranks of the hierarchy.
#[derive(Debug)]
pub(in crate::travel::road) struct BestPath {
    /// Its time and distance, from the begin of the first part to the end of the last one.
    pub(in crate::travel::road) label: Label,
    /// Its arcs, and whether each is followed upwards.
    pub(super) arcs: Vec<(u32, bool)>,
    /// The rank where it begins.
    start: u32,
}

impl BestPath {
    /// The rank where it begins.
    pub(in crate::travel::road) fn start(&self) -> u32 {
        self.start
    }
}

impl Side {
    fn prepare(&mut self, ranks: usize) {
        self.label.resize(ranks, NEVER);
        self.via.resize(ranks, NONE);
    }

    /// Starts at the given ranks and labels, and goes up over arcs with these weights; the ranks that it passes.
    pub(super) fn climb(
        &mut self,
        hierarchy: &Hierarchy,
        weights: &[Label],
        starts: impl Iterator<Item = (u32, Label)> + Clone,
    ) -> Vec<u32> {
        self.prepare(hierarchy.num_ranks());
        let (first, head): (&[u32], &[u32]) = (&hierarchy.first, &hierarchy.head);
        let ranks = hierarchy.ancestors(starts.clone().map(|start| start.0));
        for (rank, label) in starts {
            let at = &mut self.label[rank as usize];
            *at = (*at).min(label);
        }
        for &rank in &ranks {
            let label = self.label[rank as usize];
            if label == NEVER {
                continue;
            }
            for arc in first[rank as usize] as usize..first[rank as usize + 1] as usize {
                let reached = label + weights[arc];
                let above = head[arc] as usize;
                if reached < self.label[above] {
                    self.label[above] = reached;
                    self.via[above] = arc as u32;
                }
            }
        }
        ranks
    }

    pub(super) fn reset(&mut self, ranks: &[u32]) {
        for &rank in ranks {
            self.label[rank as usize] = NEVER;
            self.via[rank as usize] = NONE;
        }
    }

    /// The arcs from `rank` down to where the path began, and that rank.
    fn descend(&self, hierarchy: &Hierarchy, mut rank: u32) -> (Vec<u32>, u32) {
        let mut arcs = Vec::new();
        while self.via[rank as usize] != NONE {
            arcs.push(self.via[rank as usize]);
            rank = hierarchy.tail[self.via[rank as usize] as usize];
        }
        (arcs, rank)
    }
}

/// The best path from one of `sources` to one of `targets`; `None` if there is none.
///
/// No source may be a state of which a target would need to be taken off more than is there: see
/// [`Terminal`](super::Terminal).
pub(in crate::travel::road) fn best_path(
    hierarchy: &Hierarchy,
    weights: &Weights,
    scratch: &mut Scratch,
    sources: &[Terminal],
    targets: &[Terminal],
) -> Option<BestPath> {
    // Parts are taken off targets; all are raised by the same, so that none is negative.
    let most = |of: fn(Label) -> u64| targets.iter().map(|target| of(target.part)).max().unwrap_or(0) as u32;
    let raise = label(most(time), most(distance));
    let rank = |terminal: &Terminal| hierarchy.rank[terminal.state as usize];
    let starts = sources.iter().map(|source| (rank(source), source.part));
    let ends = targets.iter().map(|target| (rank(target), raise - target.part));
    let passed = scratch.forward.climb(hierarchy, &weights.up, starts);
    let reached = scratch.backward.climb(hierarchy, &weights.down, ends);
    let (forward, backward) = (&scratch.forward, &scratch.backward);
    let total = |&rank: &u32| forward.label[rank as usize] + backward.label[rank as usize];
    let best = reached.iter().map(|rank| (total(rank), *rank)).min().filter(|best| best.0 < NEVER);
    let path = best.map(|(total, rank)| {
        let (mut up, start) = forward.descend(hierarchy, rank);
        up.reverse();
        let (down, _) = backward.descend(hierarchy, rank);
        let arcs = up.into_iter().map(|arc| (arc, true)).chain(down.into_iter().map(|arc| (arc, false)));
        BestPath { label: total - raise, arcs: arcs.collect(), start }
    });
    scratch.forward.reset(&passed);
    scratch.backward.reset(&reached);
    path
}
