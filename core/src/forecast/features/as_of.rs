//! What was known at a time: a join on event time and on the time at which a value became known.

use crate::forecast::fault::{Checks, ForecastError};
use crate::parallel;

/// Values with the time they refer to and the time at which they became known.
///
/// A correction is a row with the same event time that became known later: queries before that see the old value.
///
/// ```
/// use milkrun::forecast::{AsOfParams, AsOfTable};
///
/// // A reading of 9:00 arrives at 9:05, and is corrected at 12:00.
/// let nine = 9 * 3600;
/// let table = AsOfTable::new(1, &[0, 0], &[nine, nine], &[nine + 300, nine + 10_800], &[40.0, 45.0]).unwrap();
/// let questions = [nine + 60, nine + 600, nine + 11_000];
/// let rows = table.join(&[0, 0, 0], &questions, &AsOfParams::default()).unwrap();
/// assert_eq!(rows, [None, Some(0), Some(1)]);
/// ```
#[derive(Clone, Debug)]
pub struct AsOfTable {
    starts: Vec<usize>,
    /// Sorted by event, then by the time at which it became known, within each key.
    events: Vec<i64>,
    known: Vec<i64>,
    values: Vec<f64>,
    /// Index of the row in the caller's order.
    rows: Vec<u32>,
    /// The earliest `known` of each block of rows: late arrivals are skipped by blocks.
    block_known: Vec<i64>,
    /// Whether every row was known at its event time or earlier, so that `known` need not be consulted.
    prompt: bool,
}

/// How a query is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOfParams {
    /// Maximum age of an event, in seconds before the query; `None`: any.
    pub tolerance: Option<i64>,
    /// Whether values at the exact time of the query, or known exactly then, count. `false` is the strict choice for
    /// features: it excludes the moment that is to be predicted.
    pub allow_exact: bool,
}

impl Default for AsOfParams {
    /// No bound on the age; strict.
    fn default() -> Self {
        Self { tolerance: None, allow_exact: false }
    }
}

const BLOCK: usize = 32;

impl AsOfTable {
    /// A table of `keys` (below `num_keys`), event times, the times at which values became known, and values; rows in any
    /// order.
    ///
    /// # Errors
    ///
    /// Columns of unequal length, keys out of range, or more than 2³² − 1 rows.
    pub fn new(
        num_keys: usize,
        keys: &[u32],
        events: &[i64],
        known: &[i64],
        values: &[f64],
    ) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        checks.length("events", events.len(), "keys", keys.len());
        checks.length("known", known.len(), "keys", keys.len());
        checks.length("values", values.len(), "keys", keys.len());
        for (i, &key) in keys.iter().enumerate().filter(|(_, key)| **key as usize >= num_keys) {
            checks.fault(format!("keys[{i}]"), key, "is not below the number of keys", "count keys from 0");
        }
        if u32::try_from(keys.len()).is_err() {
            checks.fault("keys", keys.len(), "rows exceed the size of a table", "split the table by key");
        }
        checks.finish()?;
        let mut starts = vec![0; num_keys + 1];
        for &key in keys {
            starts[key as usize + 1] += 1;
        }
        for key in 0..num_keys {
            starts[key + 1] += starts[key];
        }
        let mut rows: Vec<u32> = vec![0; keys.len()];
        let mut next = starts.clone();
        for (row, &key) in keys.iter().enumerate() {
            rows[next[key as usize]] = row as u32;
            next[key as usize] += 1;
        }
        let at = |row: &u32| (events[*row as usize], known[*row as usize], *row);
        for pair in starts.windows(2) {
            let slice = &mut rows[pair[0]..pair[1]];
            if !slice.is_sorted_by_key(at) {
                slice.sort_unstable_by_key(at);
            }
        }
        let pick = |column: &[i64]| rows.iter().map(|&row| column[row as usize]).collect::<Vec<i64>>();
        let (events, known) = (pick(events), pick(known));
        let values = rows.iter().map(|&row| values[row as usize]).collect();
        let block_known = known.chunks(BLOCK).map(|block| block.iter().copied().min().unwrap_or(i64::MAX)).collect();
        let prompt = events.iter().zip(&known).all(|(event, known)| known <= event);
        Ok(Self { starts, events, known, values, rows, block_known, prompt })
    }

    /// For each query (key and time) the row of the latest event that was known then; of rows about the same event, the
    /// one that became known last.
    ///
    /// # Errors
    ///
    /// Columns of unequal length, keys out of range, a negative tolerance.
    pub fn join(&self, keys: &[u32], times: &[i64], params: &AsOfParams) -> Result<Vec<Option<u32>>, ForecastError> {
        self.answer(keys, times, params, |found| found.map(|at| self.rows[at]))
    }

    /// The same with the value of the row; NaN if there is none.
    ///
    /// # Errors
    ///
    /// Those of [`join`](Self::join).
    pub fn join_values(&self, keys: &[u32], times: &[i64], params: &AsOfParams) -> Result<Vec<f64>, ForecastError> {
        self.answer(keys, times, params, |found| found.map_or(f64::NAN, |at| self.values[at]))
    }

    fn answer<A: Send>(
        &self,
        keys: &[u32],
        times: &[i64],
        params: &AsOfParams,
        of: impl Fn(Option<usize>) -> A + Sync,
    ) -> Result<Vec<A>, ForecastError> {
        let mut checks = Checks::default();
        checks.length("times", times.len(), "keys", keys.len());
        let num_keys = self.starts.len() - 1;
        for (i, &key) in keys.iter().enumerate().filter(|(_, key)| **key as usize >= num_keys) {
            checks.fault(format!("keys[{i}]"), key, "is not below the number of keys", "count keys from 0");
        }
        if params.tolerance.is_some_and(|t| t < 0) {
            let value = params.tolerance.unwrap_or_default();
            checks.fault("tolerance", value, "must not be negative", "give zero or more seconds");
        }
        checks.finish()?;
        Ok(parallel::map(keys.len(), 4096, |i| of(self.find(keys[i] as usize, times[i], params))))
    }

    fn find(&self, key: usize, time: i64, params: &AsOfParams) -> Option<usize> {
        let until = if params.allow_exact { time.saturating_add(1) } else { time };
        let first = self.starts[key];
        let events = &self.events[first..self.starts[key + 1]];
        let end = first + lower_bound(events, until);
        let oldest = params.tolerance.map_or(i64::MIN, |tolerance| time.saturating_sub(tolerance));
        let mut at = end;
        while at > first {
            if !self.prompt && at.is_multiple_of(BLOCK) && self.block_known[at / BLOCK - 1] >= until {
                at = (at - BLOCK).max(first);
                continue;
            }
            at -= 1;
            if self.events[at] < oldest {
                return None;
            }
            if self.prompt || self.known[at] < until {
                return Some(at);
            }
        }
        None
    }
}

/// The number of events before `until`. A guess from even spacing and a widening search around it touch fewer cache
/// lines than bisection, since readings come at nearly even times.
fn lower_bound(events: &[i64], until: i64) -> usize {
    let (Some(&first), Some(&last)) = (events.first(), events.last()) else { return 0 };
    if until <= first {
        return 0;
    }
    if until > last {
        return events.len();
    }
    // Here first < until <= last.
    let share = (until as f64 - first as f64) / (last as f64 - first as f64);
    let guess = ((share * (events.len() - 1) as f64) as usize).min(events.len() - 1);
    let mut width = 1;
    let (mut low, mut high);
    if events[guess] < until {
        (low, high) = (guess, guess + 1);
        while high < events.len() && events[high] < until {
            low = high;
            high = (high + width).min(events.len());
            width *= 2;
        }
    } else {
        (low, high) = (guess, guess);
        while events[low] >= until {
            high = low;
            low = low.saturating_sub(width);
            width *= 2;
        }
    }
    low + events[low..high].partition_point(|&event| event < until)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tolerance_and_exact_times() {
        let table = AsOfTable::new(2, &[1, 1, 0], &[10, 20, 15], &[10, 20, 15], &[1.0, 2.0, 3.0]).unwrap();
        let ask = |time, params: AsOfParams| table.join_values(&[1], &[time], &params).unwrap()[0];
        let strict = AsOfParams::default();
        assert_eq!(ask(20, strict), 1.0);
        assert_eq!(ask(20, AsOfParams { allow_exact: true, ..strict }), 2.0);
        assert!(ask(40, AsOfParams { tolerance: Some(19), ..strict }).is_nan());
        assert_eq!(ask(40, AsOfParams { tolerance: Some(20), ..strict }), 2.0);
    }

    #[test]
    fn faults_are_reported() {
        let error = AsOfTable::new(1, &[0, 7], &[1], &[1, 2], &[0.0, 0.0]).unwrap_err();
        assert_eq!(error.faults.len(), 2, "{error}");
    }

    proptest! {
        #[test]
        fn agrees_with_a_scan_of_all_rows(
            rows in prop::collection::vec((0_u32..3, -50_i64..50, -5_i64..60), 0..150),
            questions in prop::collection::vec((0_u32..3, -60_i64..120), 1..40),
            tolerance in prop::option::of(0_i64..80),
            allow_exact: bool,
        ) {
            let keys: Vec<u32> = rows.iter().map(|r| r.0).collect();
            let events: Vec<i64> = rows.iter().map(|r| r.1).collect();
            let known: Vec<i64> = rows.iter().map(|r| r.1 + r.2).collect();
            let table = AsOfTable::new(3, &keys, &events, &known, &vec![0.0; rows.len()]).unwrap();
            let (qk, qt): (Vec<u32>, Vec<i64>) = questions.iter().copied().unzip();
            let params = AsOfParams { tolerance, allow_exact };
            let found = table.join(&qk, &qt, &params).unwrap();
            for (&(key, time), found) in questions.iter().zip(found) {
                let until = time + i64::from(allow_exact);
                let best = (0..rows.len())
                    .filter(|&i| keys[i] == key && events[i] < until && known[i] < until)
                    .filter(|&i| tolerance.is_none_or(|t| events[i] >= time - t))
                    .max_by_key(|&i| (events[i], known[i], i));
                prop_assert_eq!(found.map(|row| row as usize), best);
            }
        }
    }
}
