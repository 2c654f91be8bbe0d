//! Sets of stops that a relation ties together or keeps apart, and a constant-time test of which of them a sequence touches.

use crate::search::general::layout::relations::Relations;

/// Sets of stops, each tied together by one relation.
pub(crate) struct PartnerSets {
    members: Vec<Vec<u32>>,
    /// By stop: the sets that it belongs to.
    of: Vec<Vec<u32>>,
}

impl PartnerSets {
    pub(super) fn new(m: usize) -> Self {
        Self { members: Vec::new(), of: vec![Vec::new(); m] }
    }

    pub(super) fn add(&mut self, stops: Vec<u32>) {
        for &u in &stops {
            self.of[u as usize].push(self.members.len() as u32);
        }
        self.members.push(stops);
    }

    /// The sets of a stop.
    #[inline]
    pub(crate) fn of(&self, u: usize) -> &[u32] {
        &self.of[u]
    }

    /// The stops of a set.
    #[inline]
    pub(crate) fn members(&self, partner_set: u32) -> &[u32] {
        &self.members[partner_set as usize]
    }

    /// The other stops of a stop's sets.
    pub(crate) fn partners(&self, u: usize) -> impl Iterator<Item = u32> + '_ {
        self.of[u].iter().flat_map(|&partner_set| self.members(partner_set)).copied().filter(move |&v| v as usize != u)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// The positions of the stops of a sequence, and the sets that it touches.
#[derive(Default)]
pub(crate) struct SequenceIndex {
    /// By stop: the sequence that it was on last, and its position there.
    stops: Vec<(u64, u32)>,
    /// By set: the sequence that it was last seen on.
    partner_sets: Vec<u64>,
    sequence: u64,
}

impl SequenceIndex {
    pub(super) fn index(&mut self, relations: &Relations, stops: &[u32]) {
        self.stops.resize(relations.next.len(), (0, 0));
        self.partner_sets.resize(relations.same_route.members.len().max(relations.incompatible.members.len()), 0);
        self.sequence += 1;
        for (i, &u) in stops.iter().enumerate() {
            self.stops[u as usize] = (self.sequence, i as u32);
        }
    }

    pub(super) fn position(&self, u: u32) -> Option<usize> {
        let (sequence, position) = self.stops[u as usize];
        (sequence == self.sequence).then_some(position as usize)
    }

    /// Whether a set is seen on this sequence for the first time. Of one relation only for each sequence indexed.
    pub(super) fn is_first_seen(&mut self, partner_set: u32) -> bool {
        std::mem::replace(&mut self.partner_sets[partner_set as usize], self.sequence) != self.sequence
    }
}
