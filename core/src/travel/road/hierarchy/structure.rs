//! The hierarchy itself: which states are joined, whatever the travel times are.

use crate::cancel::CancelToken;
use crate::travel::road::column::Column;
use crate::travel::road::graph::{Graph, NONE};

/// After how many states it is told how far contraction is.
const TOLD: usize = 1_024;

/// A contraction hierarchy without weights. Its nodes are ranks: states in the order of their contraction.
///
/// An arc joins a rank with a higher one, and has two weights: upwards and downwards. For ranks x < y < z, of which x is
/// joined with both others, y is joined with z.
#[derive(Clone, Debug, Default)]
pub(in crate::travel::road) struct Hierarchy {
    /// The rank of each state.
    pub(in crate::travel::road) rank: Column<u32>,
    /// Where the arcs of each rank to higher ones begin, and where the last ones end.
    pub(in crate::travel::road) first: Column<u32>,
    /// The higher rank of each arc; ascending for each lower one.
    pub(in crate::travel::road) head: Column<u32>,
    /// The lower rank of each arc.
    pub(in crate::travel::road) tail: Column<u32>,
    /// The graph's arc that leads upwards, or [`NONE`].
    pub(in crate::travel::road) upwards: Column<u32>,
    /// The graph's arc that leads downwards, or [`NONE`].
    pub(in crate::travel::road) downwards: Column<u32>,
    /// Where the arcs of each rank to lower ones begin, and where the last ones end.
    pub(in crate::travel::road) lower_first: Column<u32>,
    /// The arcs of each rank to lower ones, ascending.
    pub(in crate::travel::road) lower: Column<u32>,
}

impl Hierarchy {
    /// Contracts the states of a graph, those of the first street of `order` first; `None` if it was cancelled. Tells now and
    /// then which share is done.
    pub(in crate::travel::road) fn new(
        graph: &Graph,
        order: &[u32],
        cancel: &CancelToken,
        progress: &dyn Fn(f64),
    ) -> Option<Self> {
        let n = graph.num_states();
        let rank = ranks(graph, order);
        // What each rank is joined with above it, from the graph; then what contraction adds, from the lowest rank on.
        let mut above: Vec<Vec<u32>> = vec![Vec::new(); n];
        for state in 0..n as u32 {
            for arc in graph.arcs(state) {
                let (a, b) = (rank[state as usize], rank[graph.head[arc] as usize]);
                if a != b {
                    above[a.min(b) as usize].push(a.max(b));
                }
            }
        }
        let (mut first, mut head) = (vec![0_u32], Vec::new());
        for x in 0..n {
            if cancel.is_cancelled() {
                return None;
            }
            if x.is_multiple_of(TOLD) {
                progress(x as f64 / n as f64);
            }
            let mut joined = std::mem::take(&mut above[x]);
            joined.sort_unstable();
            joined.dedup();
            // It is enough to tell the lowest of them: it will tell the next one.
            if let [parent, others @ ..] = &joined[..] {
                above[*parent as usize].extend(others);
            }
            head.extend(joined);
            first.push(head.len() as u32);
        }
        let mut hierarchy = Self { rank: rank.into(), first: first.into(), head: head.into(), ..Self::default() };
        hierarchy.index(graph);
        Some(hierarchy)
    }

    /// Fills what follows from ranks and arcs.
    fn index(&mut self, graph: &Graph) {
        let (n, arcs) = (self.num_ranks(), self.head.len());
        let mut tail = vec![0; arcs];
        let mut lower_first = vec![0_u32; n + 1];
        for x in 0..n as u32 {
            for arc in self.arcs(x) {
                tail[arc] = x;
                lower_first[self.head[arc] as usize + 1] += 1;
            }
        }
        for i in 0..n {
            lower_first[i + 1] += lower_first[i];
        }
        let (mut next, mut lower) = (lower_first.clone(), vec![0; arcs]);
        for arc in 0..arcs {
            let at = &mut next[self.head[arc] as usize];
            lower[*at as usize] = arc as u32;
            *at += 1;
        }
        let (mut upwards, mut downwards) = (vec![NONE; arcs], vec![NONE; arcs]);
        for state in 0..n as u32 {
            for arc in graph.arcs(state) {
                let (a, b) = (self.rank[state as usize], self.rank[graph.head[arc] as usize]);
                // A turn from a street into itself is part of no fastest path.
                if let Some(joined) = self.arc_between(a.min(b), a.max(b)) {
                    let side = if a < b { &mut upwards } else { &mut downwards };
                    side[joined] = arc as u32;
                }
            }
        }
        (self.tail, self.lower_first, self.lower) = (tail.into(), lower_first.into(), lower.into());
        (self.upwards, self.downwards) = (upwards.into(), downwards.into());
    }

    pub(in crate::travel::road) fn num_ranks(&self) -> usize {
        self.rank.len()
    }

    /// The arcs of a rank to higher ones.
    #[inline]
    pub(in crate::travel::road) fn arcs(&self, rank: u32) -> std::ops::Range<usize> {
        self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize
    }

    /// The arcs of a rank to lower ones.
    pub(super) fn lower_arcs(&self, rank: u32) -> &[u32] {
        &self.lower[self.lower_first[rank as usize] as usize..self.lower_first[rank as usize + 1] as usize]
    }

    /// The arc between two ranks, the lower one first.
    pub(super) fn arc_between(&self, low: u32, high: u32) -> Option<usize> {
        let range = self.arcs(low);
        self.head[range.clone()].binary_search(&high).ok().map(|index| range.start + index)
    }

    /// All ranks on the paths from these up to the root of the elimination tree, ascending.
    pub(super) fn ancestors(&self, ranks: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        let mut starts: Vec<u32> = ranks.collect();
        starts.sort_unstable();
        starts.dedup();
        // Paths join: the next rank to visit is the lowest that is left.
        let mut heads = std::collections::BTreeSet::from_iter(starts);
        while let Some(rank) = heads.pop_first() {
            found.push(rank);
            let arcs = self.arcs(rank);
            if heads.is_empty() {
                // One path is left: no need to sort.
                let mut next = self.head.get(arcs.start).copied().filter(|_| !arcs.is_empty());
                while let Some(rank) = next {
                    found.push(rank);
                    let arcs = self.arcs(rank);
                    next = self.head.get(arcs.start).copied().filter(|_| !arcs.is_empty());
                }
                break;
            }
            if !arcs.is_empty() {
                heads.insert(self.head[arcs.start]);
            }
        }
        found
    }
}

/// The rank of each state: by the order of streets, then by state.
fn ranks(graph: &Graph, order: &[u32]) -> Vec<u32> {
    let mut rank = vec![NONE; graph.num_states()];
    let mut next = 0;
    for &segment in order {
        for street in [2 * segment, 2 * segment + 1] {
            for state in graph.states(street) {
                rank[state as usize] = next;
                next += 1;
            }
        }
    }
    rank
}
