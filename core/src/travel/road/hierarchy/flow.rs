//! Smallest cuts between two sets of junctions: E. Dinic's maximum flow (1970), on streets of small capacity.

/// An undirected network of streets with a capacity for either direction.
pub(super) struct Flow {
    first: Vec<u32>,
    /// Arcs out of each node: arc numbers; the partner of arc `a` is `a ^ 1`.
    arcs: Vec<u32>,
    head: Vec<u32>,
    capacity: Vec<u8>,
    level: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
}

const UNSEEN: u32 = u32::MAX;

impl Flow {
    pub(super) fn new(nodes: usize, edges: &[(u32, u32, u8)]) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for &(u, v, _) in edges {
            first[u as usize + 1] += 1;
            first[v as usize + 1] += 1;
        }
        for i in 0..nodes {
            first[i + 1] += first[i];
        }
        let mut next = first.clone();
        let mut arcs = vec![0; 2 * edges.len()];
        let mut head = Vec::with_capacity(2 * edges.len());
        for (i, &(u, v, _)) in edges.iter().enumerate() {
            for (from, to, arc) in [(u, v, 2 * i), (v, u, 2 * i + 1)] {
                arcs[next[from as usize] as usize] = arc as u32;
                next[from as usize] += 1;
                head.push(to);
            }
        }
        let (capacity, level) = (vec![0; head.len()], vec![UNSEEN; nodes]);
        Self { first, arcs, head, capacity, level, next, queue: Vec::new() }
    }

    /// The value of the smallest cut between `sources` and `sinks`, and which nodes are on the sources' side; `None` as soon
    /// as it is known to be `limit` or more.
    pub(super) fn cut(
        &mut self,
        edges: &[(u32, u32, u8)],
        sources: &[u32],
        is_sink: &[bool],
        limit: u32,
    ) -> Option<(u32, Vec<bool>)> {
        for (i, &(_, _, capacity)) in edges.iter().enumerate() {
            (self.capacity[2 * i], self.capacity[2 * i + 1]) = (capacity, capacity);
        }
        let mut flow = 0;
        while self.layer(sources, is_sink) {
            self.next.copy_from_slice(&self.first);
            for &source in sources {
                while self.push(source, is_sink) {
                    flow += 1;
                    if flow >= limit {
                        return None;
                    }
                }
            }
        }
        Some((flow, self.level.iter().map(|&level| level != UNSEEN).collect()))
    }

    /// Numbers the nodes by their distance from the sources; whether a sink is reached.
    fn layer(&mut self, sources: &[u32], is_sink: &[bool]) -> bool {
        self.level.fill(UNSEEN);
        self.queue.clear();
        for &source in sources {
            self.level[source as usize] = 0;
            self.queue.push(source);
        }
        let (mut at, mut reached) = (0, false);
        while let Some(&node) = self.queue.get(at) {
            at += 1;
            let begin = self.first[node as usize] as usize;
            for &arc in &self.arcs[begin..self.first[node as usize + 1] as usize] {
                let head = self.head[arc as usize] as usize;
                if self.capacity[arc as usize] > 0 && self.level[head] == UNSEEN {
                    self.level[head] = self.level[node as usize] + 1;
                    reached |= is_sink[head];
                    self.queue.push(head as u32);
                }
            }
        }
        reached
    }

    /// Pushes one unit from `source` to a sink along the layers; whether it arrived.
    fn push(&mut self, source: u32, is_sink: &[bool]) -> bool {
        let mut path: Vec<u32> = Vec::new();
        let mut node = source as usize;
        loop {
            if is_sink[node] {
                for &arc in &path {
                    self.capacity[arc as usize] -= 1;
                    self.capacity[arc as usize ^ 1] += 1;
                }
                return true;
            }
            let mut advanced = false;
            while self.next[node] < self.first[node + 1] {
                let arc = self.arcs[self.next[node] as usize];
                let head = self.head[arc as usize] as usize;
                if self.capacity[arc as usize] > 0 && self.level[head] == self.level[node] + 1 {
                    path.push(arc);
                    node = head;
                    advanced = true;
                    break;
                }
                self.next[node] += 1;
            }
            if advanced {
                continue;
            }
            // A dead end: go back, and do not come here again.
            let Some(arc) = path.pop() else { return false };
            node = self.head[arc as usize ^ 1] as usize;
            self.next[node] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_of_a_ladder_with_a_gap_is_one() {
        // Two triangles, joined by one edge.
        let edges = [(0, 1, 2), (1, 2, 2), (0, 2, 2), (2, 3, 2), (3, 4, 2), (4, 5, 2), (3, 5, 2)];
        let mut flow = Flow::new(6, &edges);
        let sinks = [false, false, false, false, true, true];
        let (value, side) = flow.cut(&edges, &[0, 1], &sinks, u32::MAX).unwrap();
        assert_eq!((value, side), (2, vec![true, true, true, false, false, false]));
        assert_eq!(flow.cut(&edges, &[0, 1], &sinks, 2), None);
    }
}
