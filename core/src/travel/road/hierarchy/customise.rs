//! Weights for a hierarchy: from travel times, in milliseconds instead of minutes.

use std::collections::BTreeSet;

use crate::cancel::CancelToken;
use crate::travel::road::column::Column;
use crate::travel::road::graph::{Graph, NONE};
use crate::travel::road::hierarchy::Hierarchy;
use crate::travel::road::label::{Label, NEVER};

/// What the arcs of a hierarchy take at given times of streets.
#[derive(Clone, Debug, Default)]
pub(in crate::travel::road) struct Weights {
    /// Milliseconds of each state's street; [`CLOSED`](crate::travel::road::graph::CLOSED) where it is closed.
    pub(in crate::travel::road) times: Column<u32>,
    /// From the lower rank of each arc to the higher one.
    pub(in crate::travel::road) up: Column<Label>,
    /// From the higher rank of each arc to the lower one.
    pub(in crate::travel::road) down: Column<Label>,
}

/// After which share of the steps of computing all weights a change of some is given up: its steps take about three times as
/// long, so that little is lost.
const GIVE_UP: u64 = 8;

/// How many steps computing all weights takes.
fn work(hierarchy: &Hierarchy) -> u64 {
    let above = |pair: &[u32]| u64::from(pair[1] - pair[0]);
    hierarchy.first.windows(2).map(|pair| above(pair) * above(pair) / 2).sum()
}

impl Weights {
    /// The weights at the given times of states; `None` if it was cancelled.
    pub(in crate::travel::road) fn new(
        hierarchy: &Hierarchy,
        graph: &Graph,
        times: Vec<u32>,
        cancel: &CancelToken,
    ) -> Option<Self> {
        let given = |arcs: &[u32]| -> Vec<Label> {
            arcs.iter().map(|&arc| if arc == NONE { NEVER } else { graph.arc_label(arc as usize, &times) }).collect()
        };
        let (mut up, mut down) = (given(&hierarchy.upwards), given(&hierarchy.downwards));
        let (first, head): (&[u32], &[u32]) = (&hierarchy.first, &hierarchy.head);
        for x in 0..hierarchy.num_ranks() {
            if cancel.is_cancelled() {
                return None;
            }
            let (begin, end) = (first[x] as usize, first[x + 1] as usize);
            let (up_x, up_above) = up[begin..].split_at_mut(end - begin);
            let (down_x, down_above) = down[begin..].split_at_mut(end - begin);
            for i in 0..up_x.len() {
                if up_x[i] == NEVER && down_x[i] == NEVER {
                    continue;
                }
                let mut arc = first[head[begin + i] as usize] as usize;
                for j in i + 1..up_x.len() {
                    let z = head[begin + j];
                    while head[arc] != z {
                        arc += 1;
                    }
                    let (up_arc, down_arc) = (&mut up_above[arc - end], &mut down_above[arc - end]);
                    *up_arc = (*up_arc).min(down_x[i] + up_x[j]);
                    *down_arc = (*down_arc).min(down_x[j] + up_x[i]);
                }
            }
        }
        Some(Self { times: times.into(), up: up.into(), down: down.into() })
    }

    /// Weights after the times of some states have changed; only what depends on them is computed again. `None` where that
    /// turns out to be most of all: computing all is faster then; or if it was cancelled.
    pub(in crate::travel::road) fn changed(
        mut self,
        hierarchy: &Hierarchy,
        graph: &Graph,
        changes: &[(u32, u32)],
        cancel: &CancelToken,
    ) -> Option<Self> {
        let mut changed = vec![false; graph.num_states()];
        let times = self.times.to_mut();
        for &(state, time) in changes {
            changed[state as usize] |= times[state as usize] != time;
            times[state as usize] = time;
        }
        // The arcs into a changed state are among those of the hierarchy at its rank.
        let mut dirty: BTreeSet<u32> = BTreeSet::new();
        for (state, _) in changed.iter().enumerate().filter(|(_, changed)| **changed) {
            let rank = hierarchy.rank[state];
            let given = |arc: &usize| hierarchy.downwards[*arc] != NONE;
            dirty.extend(hierarchy.arcs(rank).filter(given).map(|arc| arc as u32));
            let lower = hierarchy.lower_arcs(rank).iter().copied();
            dirty.extend(lower.filter(|&arc| hierarchy.upwards[arc as usize] != NONE));
        }
        let (up, down) = (self.up.to_mut(), self.down.to_mut());
        let given = |arc: u32| if arc == NONE { NEVER } else { graph.arc_label(arc as usize, &self.times) };
        let mut patience = work(hierarchy) / GIVE_UP;
        // An arc depends on those of lower ranks only, whose numbers are smaller.
        while let Some(arc) = dirty.pop_first() {
            if cancel.is_cancelled() {
                return None;
            }
            let index = arc as usize;
            let lower = |rank: u32| hierarchy.lower_arcs(rank).len();
            let steps = lower(hierarchy.tail[index]) + lower(hierarchy.head[index]) + 1;
            patience = patience.checked_sub(steps as u64)?;
            let (mut new_up, mut new_down) = (given(hierarchy.upwards[index]), given(hierarchy.downwards[index]));
            triangles(hierarchy, index, |low, high| {
                new_up = new_up.min(down[low] + up[high]);
                new_down = new_down.min(down[high] + up[low]);
            });
            if (new_up, new_down) == (up[index], down[index]) {
                continue;
            }
            (up[index], down[index]) = (new_up, new_down);
            let (tail, head) = (hierarchy.tail[index], hierarchy.head[index]);
            patience = patience.checked_sub(hierarchy.arcs(tail).len() as u64)?;
            for other in hierarchy.arcs(tail).filter(|&other| other != index) {
                let z = hierarchy.head[other];
                dirty.extend(hierarchy.arc_between(head.min(z), head.max(z)).map(|arc| arc as u32));
            }
        }
        Some(self)
    }
}

/// Calls `each` for every rank that lies below both ends of an arc and is joined with both: with its arc to the lower end,
/// and its arc to the higher one.
pub(super) fn triangles(hierarchy: &Hierarchy, arc: usize, mut each: impl FnMut(usize, usize)) {
    let mut to_low = hierarchy.lower_arcs(hierarchy.tail[arc]).iter().peekable();
    let mut to_high = hierarchy.lower_arcs(hierarchy.head[arc]).iter().peekable();
    while let (Some(&&low), Some(&&high)) = (to_low.peek(), to_high.peek()) {
        let (a, b) = (hierarchy.tail[low as usize], hierarchy.tail[high as usize]);
        if a == b {
            each(low as usize, high as usize);
        }
        if a <= b {
            to_low.next();
        }
        if b <= a {
            to_high.next();
        }
    }
}
