//! Nearest neighbours in memory: exact, by trying all.

use std::collections::{BTreeMap, BinaryHeap};
use std::sync::{PoisonError, RwLock};

use milkrun::CancelToken;

use crate::capabilities::{Near, Provider, Similarity};
use crate::error::CallError;
use crate::guard::Health;

/// The provider's name.
const NAME: &str = "embedded";
/// Most vectors: what is searched exactly in some milliseconds.
const MOST: usize = 100_000;
/// Most numbers of a vector.
const LONGEST: usize = 1_024;
/// Vectors between two questions whether the search is cancelled.
const STEP: usize = 4_096;

/// Vectors in memory, at most 100,000 of up to 1,024 numbers. Needs no account, and is the default.
#[derive(Debug, Default)]
pub struct Neighbours {
    vectors: RwLock<BTreeMap<String, Vec<f32>>>,
}

impl Neighbours {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Refuses vectors that cannot be compared: empty, too long, with what is not a number, or not as long as the others.
pub(crate) fn check(provider: &'static str, vector: &[f32], length: Option<usize>) -> Result<(), CallError> {
    let remedy = "give the same 1 to 1,024 finite numbers for every day";
    let refused = |problem: String| CallError::Refused { provider, call: "a vector", status: None, problem, remedy };
    if vector.is_empty() || vector.len() > LONGEST {
        return Err(refused(format!("it has {} numbers", vector.len())));
    }
    if let Some(i) = vector.iter().position(|number| !number.is_finite()) {
        return Err(refused(format!("number {i} is {}", vector[i])));
    }
    match length {
        Some(length) if length != vector.len() => {
            Err(refused(format!("it has {} numbers, and the others have {length}", vector.len())))
        }
        _ => Ok(()),
    }
}

/// A squared distance with a name; ordered by distance, then by name.
#[derive(PartialEq)]
struct Found<'a>(f64, &'a str);

impl Eq for Found<'_> {}

impl Ord for Found<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then_with(|| self.1.cmp(other.1))
    }
}

impl PartialOrd for Found<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Provider for Neighbours {
    fn name(&self) -> &'static str {
        NAME
    }

    fn honours_keys(&self) -> bool {
        true
    }

    fn health(&self) -> Option<Health> {
        None
    }
}

impl Similarity for Neighbours {
    fn keep(&self, id: &str, vector: &[f32], _: &CancelToken) -> Result<(), CallError> {
        let mut vectors = self.vectors.write().unwrap_or_else(PoisonError::into_inner);
        let length = vectors.iter().find(|(known, _)| *known != id).map(|(_, known)| known.len());
        check(NAME, vector, length)?;
        if vectors.len() >= MOST && !vectors.contains_key(id) {
            let (problem, remedy) = (format!("{MOST} vectors are kept"), "use a server for more");
            return Err(CallError::Refused { provider: NAME, call: "a vector", status: None, problem, remedy });
        }
        vectors.insert(id.to_owned(), vector.to_vec());
        Ok(())
    }

    fn nearest(&self, vector: &[f32], count: usize, cancel: &CancelToken) -> Result<Vec<Near>, CallError> {
        let vectors = self.vectors.read().unwrap_or_else(PoisonError::into_inner);
        check(NAME, vector, vectors.values().next().map(Vec::len))?;
        let mut best: BinaryHeap<Found<'_>> = BinaryHeap::new();
        for (i, (id, known)) in vectors.iter().enumerate() {
            if i % STEP == 0 && cancel.is_cancelled() {
                return Err(CallError::Cancelled { provider: NAME, may_have_arrived: false });
            }
            let squared: f64 = known.iter().zip(vector).map(|(a, b)| f64::from(a - b).powi(2)).sum();
            best.push(Found(squared, id));
            if best.len() > count {
                best.pop();
            }
        }
        let near = best.into_sorted_vec().into_iter();
        Ok(near.map(|Found(squared, id)| Near { id: id.to_owned(), distance: squared.sqrt() }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_found() {
        let (days, never) = (Neighbours::new(), CancelToken::new());
        for (id, vector) in [("mon", [0.0, 0.0]), ("tue", [3.0, 4.0]), ("wed", [6.0, 8.0]), ("thu", [0.0, 1.0])] {
            days.keep(id, &vector, &never).unwrap();
        }
        days.keep("wed", &[0.0, 2.0], &never).unwrap();
        let found = days.nearest(&[0.0, 0.0], 3, &never).unwrap();
        let found: Vec<(&str, f64)> = found.iter().map(|near| (near.id.as_str(), near.distance)).collect();
        assert_eq!(found, [("mon", 0.0), ("thu", 1.0), ("wed", 2.0)]);
        assert_eq!(days.nearest(&[3.0, 4.0], 1, &never).unwrap()[0].id, "tue");
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let (days, never) = (Neighbours::new(), CancelToken::new());
        days.keep("mon", &[1.0, 2.0], &never).unwrap();
        for vector in [&[][..], &[1.0], &[1.0, f32::NAN], &[0.0; 1_025]] {
            let error = days.keep("tue", vector, &never).unwrap_err();
            assert!(error.is_final(), "{error}");
            assert!(days.nearest(vector, 1, &never).is_err());
        }
        // The only one may be replaced by a longer one.
        days.keep("mon", &[1.0, 2.0, 3.0], &never).unwrap();
    }

    #[test]
    fn a_cancelled_search_ends() {
        let (days, cancelled) = (Neighbours::new(), CancelToken::new());
        days.keep("mon", &[1.0], &cancelled).unwrap();
        cancelled.cancel();
        let error = days.nearest(&[1.0], 1, &cancelled).unwrap_err();
        assert_eq!(error, CallError::Cancelled { provider: "embedded", may_have_arrived: false });
    }
}
