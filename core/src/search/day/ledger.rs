//! What all routes together leave at disposal sites.

use crate::search::day::data::{DayData, UNLIMITED};

/// What is left where: site, load dimension, amount.
pub(super) type Emptied = [(u32, u32, i64)];

/// Amounts by disposal site and load dimension.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    dims: usize,
    used: Vec<i64>,
    limited: bool,
}

impl Ledger {
    pub(super) fn new(data: &DayData<'_>) -> Self {
        Self {
            dims: data.dims(),
            used: vec![0; data.sites.len() * data.dims()],
            limited: data.sites.iter().any(|site| !site.capacity.is_empty()),
        }
    }

    /// Whether any site takes only so much.
    pub(super) fn is_limited(&self) -> bool {
        self.limited
    }

    /// How much a site still takes.
    pub(super) fn room(&self, data: &DayData<'_>, site: usize, dimension: usize) -> i64 {
        let capacity = data.sites[site].capacity.get(dimension);
        capacity.map_or(UNLIMITED, |&capacity| capacity - self.used[site * self.dims + dimension])
    }

    /// Whether the sites take what a route leaves there, its visits taken together.
    pub(super) fn takes(&self, data: &DayData<'_>, emptied: &Emptied) -> bool {
        !self.limited
            || emptied.iter().all(|&(site, dimension, _)| {
                let same = emptied.iter().filter(|e| (e.0, e.1) == (site, dimension));
                same.map(|e| e.2).sum::<i64>() <= self.room(data, site as usize, dimension as usize)
            })
    }

    pub(super) fn book(&mut self, emptied: &Emptied) {
        for &(site, dimension, amount) in emptied {
            self.used[site as usize * self.dims + dimension as usize] += amount;
        }
    }

    pub(super) fn free(&mut self, emptied: &Emptied) {
        for &(site, dimension, amount) in emptied {
            self.used[site as usize * self.dims + dimension as usize] -= amount;
        }
    }
}
