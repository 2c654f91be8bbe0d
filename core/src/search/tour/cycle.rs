//! A cycle of nodes in an array: the neighbours of a node are found at once, and reversing a path costs at most half of the length.

/// A cycle, and how to go back to what it was.
pub(super) struct Cycle {
    order: Vec<u32>,
    position: Vec<u32>,
    /// Reversed positions: from, and how many.
    reversed: Vec<(u32, u32)>,
}

impl Cycle {
    /// Nodes `0..order.len()` in an order.
    pub(super) fn new(order: Vec<u32>) -> Self {
        let mut position = vec![0; order.len()];
        for (at, &u) in order.iter().enumerate() {
            position[u as usize] = at as u32;
        }
        Self { order, position, reversed: Vec::new() }
    }

    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    #[inline]
    pub(super) fn at(&self, position: usize) -> u32 {
        self.order[position]
    }

    #[inline]
    pub(super) fn next(&self, u: u32) -> u32 {
        let at = self.position[u as usize] as usize + 1;
        self.order[if at == self.order.len() { 0 } else { at }]
    }

    #[inline]
    pub(super) fn previous(&self, u: u32) -> u32 {
        let at = self.position[u as usize] as usize;
        self.order[if at == 0 { self.order.len() } else { at } - 1]
    }

    pub(super) fn length(&self, distance: impl Fn(u32, u32) -> i64) -> i64 {
        self.order.iter().map(|&u| distance(u, self.next(u))).sum()
    }

    /// Reverses the path from `first` forwards to `last`, or, which gives the same cycle, what is not on it.
    pub(super) fn reverse(&mut self, first: u32, last: u32) {
        let n = self.order.len();
        let (from, to) = (self.position[first as usize] as usize, self.position[last as usize] as usize);
        let count = (to + n - from) % n + 1;
        if 2 * count <= n {
            self.reverse_positions(from, count);
            self.reversed.push((from as u32, count as u32));
        } else if count < n {
            let from = (to + 1) % n;
            self.reverse_positions(from, n - count);
            self.reversed.push((from as u32, (n - count) as u32));
        }
    }

    fn reverse_positions(&mut self, from: usize, count: usize) {
        let n = self.order.len();
        let (mut i, mut j) = (from, from + count - 1);
        if j >= n {
            j -= n;
        }
        for _ in 0..count / 2 {
            let (u, v) = (self.order[i], self.order[j]);
            (self.order[i], self.order[j]) = (v, u);
            (self.position[v as usize], self.position[u as usize]) = (i as u32, j as u32);
            i = if i + 1 == n { 0 } else { i + 1 };
            j = if j == 0 { n - 1 } else { j - 1 };
        }
    }

    /// Reverses the path with the ends `u` and `v`, of which `outside` is the node beside `u` that is not on it.
    pub(super) fn reverse_beside(&mut self, outside: u32, u: u32, v: u32) {
        if self.next(outside) == u {
            self.reverse(u, v);
        } else {
            self.reverse(v, u);
        }
    }

    /// Exchanges two paths that follow each other behind `before`.
    pub(super) fn exchange(&mut self, before: u32, [a, b]: [u32; 2], [c, d]: [u32; 2]) {
        self.reverse_beside(before, a, d);
        // Now d … c, b … a.
        self.reverse_beside(before, d, c);
        self.reverse_beside(d, b, a);
    }

    /// From here on, changes can be undone.
    pub(super) fn forget(&mut self) {
        self.reversed.clear();
    }

    /// Undoes all changes since [`forget`](Self::forget).
    pub(super) fn undo(&mut self) {
        while let Some((from, count)) = self.reversed.pop() {
            self.reverse_positions(from as usize, count as usize);
        }
    }
}
