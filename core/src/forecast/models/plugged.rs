//! External forecasts: turns quantiles into a fill model.

use std::collections::BTreeMap;

use super::{Distribution, FillModel, WeightedSample};
use crate::forecast::fault::{Checks, ForecastError};

/// One quantile of the amount deposited in a bin within `horizon` seconds from the table's beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantileRow {
    /// Index of the bin.
    pub bin: usize,
    /// Seconds from the beginning.
    pub horizon: i64,
    /// Level, strictly between 0 and 1.
    pub level: f64,
    /// The quantile.
    pub amount: f64,
}

/// A table of quantiles as a [`FillModel`]: for forecasts made by gradient boosting, Prophet or any other tool.
///
/// Between the levels and between the horizons quantiles are interpolated; beyond the outermost levels they are
/// constant, and beyond the last horizon they grow in proportion. Quantiles that cross are sorted.
///
/// ```
/// use milkrun::forecast::{FillModel, QuantileRow, QuantileTable};
///
/// let row = |horizon, level, amount| QuantileRow { bin: 0, horizon, level, amount };
/// let table = QuantileTable::new(1, 1000, &[row(100, 0.1, 2.0), row(100, 0.5, 4.0), row(100, 0.9, 8.0)]).unwrap();
/// assert!((table.rise(0, 1000, 1100).quantile(0.5) - 4.0).abs() < 0.1);
/// assert!((table.rise(0, 1000, 1050).quantile(0.5) - 2.0).abs() < 0.1);
/// ```
#[derive(Clone, Debug)]
pub struct QuantileTable {
    begin: i64,
    /// For each bin and horizon, the amounts at [`GRID`] evenly spaced levels.
    bins: Vec<Vec<(i64, Vec<f64>)>>,
}

/// Number of levels stored per horizon.
const GRID: usize = 100;

impl QuantileTable {
    /// A table for `bins` bins that counts horizons from `begin` on; rows in any order.
    ///
    /// # Errors
    ///
    /// All faults at once: bins that do not exist, horizons that are not positive, levels outside (0, 1), amounts that are not
    /// numbers, and bins without a row.
    pub fn new(bins: usize, begin: i64, rows: &[QuantileRow]) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        checks.time("begin", begin);
        let mut grouped: Vec<BTreeMap<i64, Vec<(f64, f64)>>> = vec![BTreeMap::new(); bins];
        for (i, row) in rows.iter().enumerate() {
            checks.positive_time(format!("rows[{i}].horizon"), row.horizon);
            checks.inside_unit(format!("rows[{i}].level"), row.level);
            if !row.amount.is_finite() {
                checks.fault(format!("rows[{i}].amount"), row.amount, "is not an amount", "give a finite number");
            }
            match grouped.get_mut(row.bin) {
                Some(bin) => bin.entry(row.horizon).or_default().push((row.level, row.amount.max(0.0))),
                None => checks.fault(format!("rows[{i}].bin"), row.bin, "does not exist", "count bins from 0"),
            }
        }
        for (i, _) in grouped.iter().enumerate().filter(|(_, bin)| bin.is_empty()) {
            checks.fault(format!("bins[{i}]"), "no row", "has no forecast", "give quantiles for every bin");
        }
        checks.finish()?;
        let bins = grouped.into_iter().map(|bin| bin.into_iter().map(|(h, q)| (h, grid(q))).collect()).collect();
        Ok(Self { begin, bins })
    }

    /// The quantiles from the beginning to a horizon.
    fn until(&self, bin: usize, horizon: i64) -> Vec<f64> {
        let rows = &self.bins[bin];
        let above = rows.partition_point(|row| row.0 < horizon);
        let below = above.checked_sub(1).map(|i| &rows[i]);
        let mixed = |low: Option<&(i64, Vec<f64>)>, high: &(i64, Vec<f64>)| {
            let begin = low.map_or(0, |row| row.0);
            let share = (horizon - begin) as f64 / (high.0 - begin) as f64;
            let start = |k: usize| low.map_or(0.0, |row| row.1[k]);
            (0..GRID).map(|k| start(k) + share * (high.1[k] - start(k))).collect()
        };
        match (below, rows.get(above)) {
            (low, Some(high)) => mixed(low, high),
            (Some(last), None) => last.1.iter().map(|q| q * horizon as f64 / last.0 as f64).collect(),
            (None, None) => vec![0.0; GRID],
        }
    }
}

/// Amounts at even levels from quantiles.
fn grid(mut quantiles: Vec<(f64, f64)>) -> Vec<f64> {
    quantiles.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut amounts: Vec<f64> = quantiles.iter().map(|q| q.1).collect();
    amounts.sort_by(f64::total_cmp);
    let at = |level: f64| {
        let above = quantiles.partition_point(|q| q.0 < level);
        match (above.checked_sub(1), quantiles.get(above)) {
            (Some(below), Some(high)) if high.0 > quantiles[below].0 => {
                let share = (level - quantiles[below].0) / (high.0 - quantiles[below].0);
                amounts[below] + share * (amounts[above] - amounts[below])
            }
            (Some(below), None) => amounts[below],
            _ => amounts[above.min(amounts.len() - 1)],
        }
    };
    (0..GRID).map(|k| at((k as f64 + 0.5) / GRID as f64)).collect()
}

impl FillModel for QuantileTable {
    fn name(&self) -> String {
        "quantile table".to_owned()
    }

    fn len(&self) -> usize {
        self.bins.len()
    }

    /// The amount from `from` to `to`: the table's quantiles up to `to`, minus those up to `from`.
    fn rise(&self, bin: usize, from: i64, to: i64) -> Distribution {
        let (from, to) = (from.saturating_sub(self.begin).max(0), to.saturating_sub(self.begin).max(0));
        if to <= from {
            return Distribution::certain(0.0);
        }
        let (low, high) = (if from == 0 { vec![0.0; GRID] } else { self.until(bin, from) }, self.until(bin, to));
        Distribution::Sample(WeightedSample::new(
            high.iter().zip(&low).map(|(high, low)| ((high - low).max(0.0), 1.0)).collect(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_table() {
        let row = |bin, horizon, level, amount| QuantileRow { bin, horizon, level, amount };
        let rows = [row(5, 0, 1.0, f64::NAN), row(0, 10, 0.5, 1.0)];
        let error = QuantileTable::new(2, 0, &rows).unwrap_err();
        assert_eq!(error.faults.len(), 5, "{error}");
    }

    #[test]
    fn crossing_quantiles_are_sorted_and_late_windows_are_differences() {
        let row = |horizon, level, amount| QuantileRow { bin: 0, horizon, level, amount };
        let rows = [row(10, 0.2, 5.0), row(10, 0.8, 3.0), row(20, 0.2, 6.0), row(20, 0.8, 10.0)];
        let table = QuantileTable::new(1, 0, &rows).unwrap();
        let first = table.rise(0, 0, 10);
        assert!(first.quantile(0.1) <= first.quantile(0.9));
        assert!((table.rise(0, 10, 20).mean() - 4.0).abs() < 0.1);
        assert!((table.rise(0, 0, 40).mean() - 16.0).abs() < 0.1, "twice that of the last horizon");
    }
}
