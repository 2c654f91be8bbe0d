//! How many calls may be under way at once: a slow provider keeps a few threads waiting, not all.

use crate::sync::{Arc, AtomicUsize, Ordering};

/// Room for calls. Clones share it.
#[derive(Clone, Debug)]
pub struct Bulkhead {
    most: usize,
    under_way: Arc<AtomicUsize>,
}

impl Bulkhead {
    /// Room for so many.
    pub fn new(most: usize) -> Self {
        Self { most, under_way: Arc::new(AtomicUsize::new(0)) }
    }

    /// Room for one, until what is returned is dropped.
    pub fn enter(&self) -> Option<Room> {
        let entered = self
            .under_way
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| (count < self.most).then_some(count + 1));
        entered.ok().map(|_| Room(Arc::clone(&self.under_way)))
    }

    /// Calls under way, and how many may be.
    pub fn load(&self) -> (usize, usize) {
        (self.under_way.load(Ordering::Acquire), self.most)
    }
}

/// Room for one call.
#[derive(Debug)]
pub struct Room(Arc<AtomicUsize>);

impl Drop for Room {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(all(test, not(feature = "interleavings")))]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many() {
        let bulkhead = Bulkhead::new(2);
        let (first, second) = (bulkhead.enter(), bulkhead.enter());
        assert!(first.is_some() && second.is_some() && bulkhead.enter().is_none());
        drop(first);
        assert!(bulkhead.enter().is_some());
        assert_eq!(bulkhead.load(), (1, 2));
    }
}
