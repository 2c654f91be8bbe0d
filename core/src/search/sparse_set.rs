//! A set of small numbers with constant-time change and an order that depends on the changes only.

/// A set of numbers below a bound.
#[derive(Clone)]
pub(crate) struct SparseSet {
    items: Vec<u32>,
    at: Vec<u32>,
}

const ABSENT: u32 = u32::MAX;

impl SparseSet {
    /// All numbers below `bound`.
    pub(crate) fn full(bound: usize) -> Self {
        Self { items: (0..bound as u32).collect(), at: (0..bound as u32).collect() }
    }

    /// None of the numbers below `bound`.
    pub(crate) fn empty(bound: usize) -> Self {
        Self { items: Vec::new(), at: vec![ABSENT; bound] }
    }

    pub(crate) fn items(&self) -> &[u32] {
        &self.items
    }

    pub(crate) fn contains(&self, item: usize) -> bool {
        self.at[item] != ABSENT
    }

    pub(crate) fn last(&self) -> Option<usize> {
        self.items.last().map(|&i| i as usize)
    }

    /// Puts an item in or takes it out; returns whether that changes anything.
    pub(crate) fn set(&mut self, item: usize, present: bool) -> bool {
        let at = self.at[item];
        if (at != ABSENT) == present {
            return false;
        }
        if present {
            self.at[item] = self.items.len() as u32;
            self.items.push(item as u32);
        } else {
            self.items.swap_remove(at as usize);
            if let Some(&moved) = self.items.get(at as usize) {
                self.at[moved as usize] = at;
            }
            self.at[item] = ABSENT;
        }
        true
    }
}
