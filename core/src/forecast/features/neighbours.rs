//! The latest values of the nearest other series.

use super::spec::{Feature, FeatureContext, FeatureSpec};
use crate::forecast::SeriesSet;
use crate::geometry::{PointIndex, neighbours};

/// For each series its nearest others, as many as the most demanding feature needs; nearest first.
pub(super) fn lists(spec: &FeatureSpec, context: &FeatureContext<'_>) -> Vec<Vec<u32>> {
    let wanted = spec.features.iter().map(|f| if let Feature::NeighbourMean { k, .. } = f { *k } else { 0 }).max();
    match (wanted, context.coords) {
        (Some(k), Some(coords)) if k > 0 => {
            neighbours(&PointIndex::planar(coords), coords, k.min(coords.len()), &|| false)
        }
        _ => Vec::new(),
    }
}

/// The latest value that is not missing, among rows before `until`, if it is not before `from`.
pub(super) fn latest(times: &[i64], values: &[f64], from: i64, until: i64) -> Option<f64> {
    let mut row = times.partition_point(|&t| t < until);
    while row > 0 && times[row - 1] >= from {
        row -= 1;
        if !values[row].is_nan() {
            return Some(values[row]);
        }
    }
    None
}

/// The mean of the latest values of the first `k` neighbours.
pub(super) fn mean(list: &[u32], k: usize, said: impl Fn(usize) -> Option<f64>) -> f64 {
    let (sum, count) = list
        .iter()
        .take(k)
        .filter_map(|&i| said(i as usize))
        .fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { f64::NAN } else { sum / f64::from(count) }
}

/// The feature for a row of a set.
pub(super) fn of_row(set: &SeriesSet, list: &[u32], feature: Feature, time: i64) -> f64 {
    let Feature::NeighbourMean { k, delay, max_age } = feature else { return f64::NAN };
    mean(list, k, |i| {
        let series = set.get(i);
        latest(series.times, series.values, time - max_age, time - delay)
    })
}
