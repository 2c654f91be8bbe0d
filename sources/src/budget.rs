//! What may be spent.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use milkrun::travel::SourceError;

/// How many elements, cells of tables and legs of paths, may be asked for. Clones share one budget, so that several sources
/// and problems can be held to it together.
///
/// A table that needs more than what is left is refused before anything is spent. Requests that are tried again count
/// once: services bill what they answer.
#[derive(Clone)]
pub struct ElementBudget {
    left: Arc<AtomicU64>,
}

impl ElementBudget {
    /// So many elements.
    pub fn new(elements: u64) -> Self {
        Self { left: Arc::new(AtomicU64::new(elements)) }
    }

    /// As many as are asked for.
    pub fn unlimited() -> Self {
        Self::new(u64::MAX)
    }

    /// Elements that may still be asked for.
    pub fn left(&self) -> u64 {
        self.left.load(Ordering::Relaxed)
    }

    pub(crate) fn check(&self, source: &str, needed: u64) -> Result<(), SourceError> {
        let left = self.left();
        if needed <= left { Ok(()) } else { Err(exceeded(source, needed, left)) }
    }

    /// Takes elements; what is not spent of them comes back when the reservation ends.
    pub(crate) fn reserve(&self, source: &str, needed: u64) -> Result<Reservation<'_>, SourceError> {
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(needed));
        match taken {
            Ok(_) => Ok(Reservation { budget: self, unspent: needed }),
            Err(left) => Err(exceeded(source, needed, left)),
        }
    }
}

impl fmt::Debug for ElementBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ElementBudget").field("left", &self.left()).finish()
    }
}

fn exceeded(source: &str, needed: u64, left: u64) -> SourceError {
    SourceError::OverBudget { source_name: source.to_owned(), needed, left }
}

/// Elements that were taken from a budget for a table.
pub(crate) struct Reservation<'a> {
    budget: &'a ElementBudget,
    unspent: u64,
}

impl Reservation<'_> {
    pub(crate) fn spend(&mut self, elements: u64) {
        self.unspent = self.unspent.saturating_sub(elements);
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.budget.left.fetch_add(self.unspent, Ordering::Relaxed);
    }
}
