//! Sets of stops that a relation ties together or keeps apart, and a constant-time test of which of them a sequence touches.

use crate::search::general::layout::relations::Relations;

/// Relations that each concern several stops.
pub(crate) struct Bonds {
    members: Vec<Vec<u32>>,
    /// By stop: the bonds that it is part of.
    of: Vec<Vec<u32>>,
}

impl Bonds {
    pub(super) fn new(m: usize) -> Self {
        Self { members: Vec::new(), of: vec![Vec::new(); m] }
    }

    pub(super) fn add(&mut self, stops: Vec<u32>) {
        for &u in &stops {
            self.of[u as usize].push(self.members.len() as u32);
        }
        self.members.push(stops);
    }

    /// The bonds of a stop.
    #[inline]
    pub(crate) fn of(&self, u: usize) -> &[u32] {
        &self.of[u]
    }

    /// The stops of a bond.
    #[inline]
    pub(crate) fn members(&self, bond: u32) -> &[u32] {
        &self.members[bond as usize]
    }

    /// The other stops of a stop's bonds.
    pub(crate) fn partners(&self, u: usize) -> impl Iterator<Item = u32> + '_ {
        self.of[u].iter().flat_map(|&bond| self.members(bond)).copied().filter(move |&v| v as usize != u)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Where the stops of a sequence are, and the bonds that have been seen on it.
#[derive(Default)]
pub(crate) struct Marks {
    /// By stop: the sequence that it was on last, and its position there.
    stops: Vec<(u64, u32)>,
    /// By bond: the sequence that it was last seen on.
    bonds: Vec<u64>,
    sequence: u64,
}

impl Marks {
    pub(super) fn note(&mut self, relations: &Relations, stops: &[u32]) {
        self.stops.resize(relations.next.len(), (0, 0));
        self.bonds.resize(relations.same_route.members.len().max(relations.incompatible.members.len()), 0);
        self.sequence += 1;
        for (i, &u) in stops.iter().enumerate() {
            self.stops[u as usize] = (self.sequence, i as u32);
        }
    }

    pub(super) fn position(&self, u: u32) -> Option<usize> {
        let (sequence, position) = self.stops[u as usize];
        (sequence == self.sequence).then_some(position as usize)
    }

    /// Whether a bond, of one kind for each sequence noted, has not been seen before on this one.
    pub(super) fn is_first(&mut self, bond: u32) -> bool {
        std::mem::replace(&mut self.bonds[bond as usize], self.sequence) != self.sequence
    }
}
