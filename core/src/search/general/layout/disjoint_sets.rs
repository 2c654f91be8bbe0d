//! Disjoint sets of stops: union-find with path compression (Tarjan 1975, doi:10.1145/321879.321884).

/// Disjoint sets of stops.
pub(super) struct Sets(Vec<u32>);

impl Sets {
    pub(super) fn new(m: usize) -> Self {
        Self((0..m as u32).collect())
    }

    fn root(&mut self, u: u32) -> u32 {
        let mut root = u;
        while self.0[root as usize] != root {
            root = self.0[root as usize];
        }
        let mut at = u;
        while at != root {
            at = std::mem::replace(&mut self.0[at as usize], root);
        }
        root
    }

    pub(super) fn join(&mut self, u: u32, v: u32) {
        let (u, v) = (self.root(u), self.root(v));
        self.0[u.max(v) as usize] = u.min(v);
    }

    /// The sets with more than one stop.
    pub(super) fn lists(mut self) -> Vec<Vec<u32>> {
        let m = self.0.len();
        let mut lists = vec![Vec::new(); m];
        for u in 0..m as u32 {
            let root = self.root(u) as usize;
            lists[root].push(u);
        }
        lists.retain(|list| list.len() > 1);
        lists
    }
}
