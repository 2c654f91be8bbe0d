//! How much there may be at a time, of all and of each: of connections, of requests, of event streams.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// What is under way.
#[derive(Debug)]
pub(crate) struct Shares<K> {
    taken: Mutex<Taken<K>>,
    most: usize,
    most_of_each: usize,
}

#[derive(Debug)]
struct Taken<K> {
    all: usize,
    of: HashMap<K, usize>,
}

/// Of what there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// Of all.
    All,
    /// Of one's own.
    Own,
}

impl<K: Clone + Eq + Hash> Shares<K> {
    /// At most so many, and at most so many of each.
    pub(crate) fn new(most: usize, most_of_each: usize) -> Arc<Self> {
        Arc::new(Self { taken: Mutex::new(Taken { all: 0, of: HashMap::new() }), most, most_of_each })
    }

    /// One more of `whose`, until it is dropped; without a name, only the number of all counts.
    pub(crate) fn take(self: &Arc<Self>, whose: Option<K>) -> Result<Share<K>, Full> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if whose.as_ref().and_then(|whose| taken.of.get(whose)).is_some_and(|own| *own >= self.most_of_each) {
            return Err(Full::Own);
        }
        if taken.all >= self.most {
            return Err(Full::All);
        }
        taken.all += 1;
        if let Some(whose) = &whose {
            *taken.of.entry(whose.clone()).or_default() += 1;
        }
        Ok(Share { of: self.clone(), whose })
    }
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Share<K: Eq + Hash> {
    of: Arc<Shares<K>>,
    whose: Option<K>,
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut taken = self.of.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(whose) = &self.whose
            && let Some(own) = taken.of.get_mut(whose)
        {
            *own -= 1;
            if *own == 0 {
                taken.of.remove(whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_them_all() {
        let shares = Shares::new(5, 3);
        let mut ada: Vec<_> = std::iter::from_fn(|| shares.take(Some("ada")).ok()).collect();
        assert_eq!((ada.len(), shares.take(Some("ada")).unwrap_err()), (3, Full::Own));
        let others = [shares.take(Some("bob")).unwrap(), shares.take(None).unwrap()];
        assert_eq!(shares.take(Some("eve")).unwrap_err(), Full::All);
        assert_eq!(shares.take(None).unwrap_err(), Full::All);
        drop(others);
        assert!(shares.take(Some("eve")).is_ok() && shares.take(Some("ada")).is_err());
        ada.pop();
        assert!(shares.take(Some("ada")).is_ok());
        drop(ada);
        let taken = shares.taken.lock().unwrap();
        assert!(taken.all == 0 && taken.of.is_empty());
    }
}
