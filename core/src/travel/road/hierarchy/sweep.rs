//! From many states to many: one walk up from each source, then one sweep down over what lies above the targets, for some
//! sources at a time. After D. Delling, A. Goldberg, R. Werneck (2011), "Faster batched shortest paths in road networks",
//! doi:10.4230/OASIcs.ATMOS.2011.52.

use crate::travel::road::graph::NONE;
use crate::travel::road::hierarchy::search::Side;
use crate::travel::road::hierarchy::{Hierarchy, Terminal, Weights};
use crate::travel::road::label::{Label, NEVER};

/// How many sources are swept at a time.
pub(in crate::travel::road) const LANES: usize = 8;

/// What lies above some targets, in descending order of rank.
#[derive(Debug)]
pub(in crate::travel::road) struct Sweep {
    /// The place of each rank, or [`NONE`].
    place: Vec<u32>,
    first: Vec<u32>,
    /// The place above of each arc.
    head: Vec<u32>,
    weight: Vec<Label>,
    /// Where the ends of each target begin.
    target: Vec<u32>,
    /// The place of each end, and what is too much.
    ends: Vec<(u32, Label)>,
}

/// Arrays of a sweep.
#[derive(Debug, Default)]
pub(in crate::travel::road) struct Lanes {
    side: Side,
    labels: Vec<[Label; LANES]>,
}

impl Sweep {
    pub(in crate::travel::road) fn new(hierarchy: &Hierarchy, weights: &Weights, targets: &[Vec<Terminal>]) -> Self {
        let ranks = targets.iter().flatten().map(|terminal| hierarchy.rank[terminal.state as usize]);
        let mut above = hierarchy.ancestors(ranks);
        above.reverse();
        let mut place = vec![NONE; hierarchy.num_ranks()];
        let (mut first, mut head, mut weight) = (vec![0], Vec::new(), Vec::new());
        for (at, &rank) in above.iter().enumerate() {
            place[rank as usize] = at as u32;
            for arc in hierarchy.arcs(rank).filter(|&arc| weights.down[arc] < NEVER) {
                head.push(place[hierarchy.head[arc] as usize]);
                weight.push(weights.down[arc]);
            }
            first.push(head.len() as u32);
        }
        let (mut target, mut ends) = (vec![0], Vec::new());
        for terminals in targets {
            let end = |terminal: &Terminal| (place[hierarchy.rank[terminal.state as usize] as usize], terminal.part);
            ends.extend(terminals.iter().map(end));
            target.push(ends.len() as u32);
        }
        Self { place, first, head, weight, target, ends }
    }

    /// Sweeps from up to [`LANES`] sources, and hands over `(source, target, label)`; [`NEVER`] where there is no path.
    ///
    /// Where a target lies before a source on the same state, the label is wrong: such pairs are for
    /// [`best_path`](super::best_path).
    pub(in crate::travel::road) fn run(
        &self,
        hierarchy: &Hierarchy,
        weights: &Weights,
        lanes: &mut Lanes,
        sources: &[Vec<Terminal>],
        mut each: impl FnMut(usize, usize, Label),
    ) {
        let Lanes { side, labels } = lanes;
        labels.clear();
        labels.resize(self.first.len() - 1, [NEVER; LANES]);
        for (lane, source) in sources.iter().enumerate().take(LANES) {
            let starts = source.iter().map(|start| (hierarchy.rank[start.state as usize], start.part));
            let passed = side.climb(hierarchy, &weights.up, starts);
            for &rank in &passed {
                if let Some(at) = labels.get_mut(self.place[rank as usize] as usize) {
                    at[lane] = side.label[rank as usize];
                }
            }
            side.reset(&passed);
        }
        for at in 0..labels.len() {
            let (above, rest) = labels.split_at_mut(at);
            let mut best = rest[0];
            let arcs = self.first[at] as usize..self.first[at + 1] as usize;
            for (&head, &weight) in self.head[arcs.clone()].iter().zip(&self.weight[arcs]) {
                for (best, label) in best.iter_mut().zip(&above[head as usize]) {
                    *best = (*best).min(label + weight);
                }
            }
            rest[0] = best;
        }
        for (target, range) in self.target.windows(2).enumerate() {
            let ends = &self.ends[range[0] as usize..range[1] as usize];
            let mut best = [NEVER; LANES];
            for &(place, part) in ends {
                for (best, &end) in best.iter_mut().zip(&labels[place as usize]) {
                    *best = (*best).min(arrival(end, part));
                }
            }
            best.iter().take(sources.len()).enumerate().for_each(|(lane, &label)| each(lane, target, label));
        }
    }
}

/// The label at a target, of which a part is too much.
fn arrival(end: Label, part: Label) -> Label {
    if end >= NEVER { NEVER } else { end.wrapping_sub(part) }
}
