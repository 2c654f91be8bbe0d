//! Cleaning one series.

use super::{CleanParams, CleanReport, Duplicates, Emptying};
use crate::forecast::Series;

/// A cleaned series.
pub(super) struct Clean {
    pub(super) times: Vec<i64>,
    pub(super) values: Vec<f64>,
    pub(super) emptyings: Vec<Emptying>,
    pub(super) breaks: Vec<(i64, i64)>,
    pub(super) report: CleanReport,
}

type Rows = Vec<(i64, f64)>;

pub(super) fn clean(series: Series<'_>, given: Option<&[(i64, f64)]>, params: &CleanParams) -> Clean {
    let mut report = CleanReport { rows: series.times.len(), ..CleanReport::default() };
    let rows = in_range(series, params, &mut report);
    let rows = one_for_each_time(&rows, params.duplicates, &mut report);
    let rows = without_spikes(rows, params, &mut report);
    let rows = without_stuck(&rows, given, params, &mut report);
    report.kept = rows.len();
    report.gaps = rows.windows(2).filter(|p| p[1].0 - p[0].0 > params.max_gap).map(|p| (p[0].0, p[1].0)).collect();
    report.step = step(&rows, params.full);
    let (emptyings, breaks) = match given {
        Some(given) => attribute(&rows, given, params, &mut report),
        None => (infer(&rows, params), Vec::new()),
    };
    let (times, values) = rows.into_iter().unzip();
    Clean { times, values, emptyings, breaks, report }
}

/// Drops missing and out-of-range readings, and clamps those slightly outside the range.
fn in_range(series: Series<'_>, params: &CleanParams, report: &mut CleanReport) -> Rows {
    let (low, high) = (-params.tolerance, params.full + params.tolerance);
    let mut rows = Rows::with_capacity(series.times.len());
    for (&time, &value) in series.times.iter().zip(series.values) {
        if value.is_nan() {
            report.missing += 1;
        } else if value < low || value > high {
            report.out_of_range += 1;
        } else {
            report.clamped += usize::from(value < 0.0 || value > params.full);
            rows.push((time, value.clamp(0.0, params.full)));
        }
    }
    rows
}

fn one_for_each_time(rows: &[(i64, f64)], rule: Duplicates, report: &mut CleanReport) -> Rows {
    let merged: Rows = rows
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| match rule {
            Duplicates::First => same[0],
            Duplicates::Last => same[same.len() - 1],
            Duplicates::Mean => (same[0].0, same.iter().map(|r| r.1).sum::<f64>() / same.len() as f64),
        })
        .collect();
    report.duplicates = rows.len() - merged.len();
    merged
}

/// Drops lone readings far from both neighbours, which agree: an emptying or a sudden fill is not a spike, since the
/// level persists.
fn without_spikes(rows: Rows, params: &CleanParams, report: &mut CleanReport) -> Rows {
    let Some(limit) = params.spike else { return rows };
    let mut kept = Rows::with_capacity(rows.len());
    for (i, &row) in rows.iter().enumerate() {
        let (before, after) = (kept.last().copied(), rows.get(i + 1));
        let lone = before.zip(after).is_some_and(|(b, a)| {
            // Neighbours a growing level apart still agree; a fall between them beyond noise does not.
            let apart = a.1 - b.1;
            (row.1 - b.1).abs() >= limit
                && (row.1 - a.1).abs() >= limit
                && (row.1 > b.1) == (row.1 > a.1)
                && (-params.noise..limit / 2.0).contains(&apart)
        });
        if lone {
            report.spikes += 1;
        } else {
            kept.push(row);
        }
    }
    kept
}

/// Drops all but the first of readings that stay the same for too long, below full. A given emptying ends a run.
fn without_stuck(
    rows: &[(i64, f64)],
    given: Option<&[(i64, f64)]>,
    params: &CleanParams,
    report: &mut CleanReport,
) -> Rows {
    let Some(limit) = params.stuck_after else { return rows.to_vec() };
    let emptied = |from: i64, to: i64| {
        given.is_some_and(|g| g.get(g.partition_point(|e| e.0 <= from)).is_some_and(|e| e.0 <= to))
    };
    let same = |a: &(i64, f64), b: &(i64, f64)| (a.1 - b.1).abs() < f64::EPSILON && !emptied(a.0, b.0);
    let mut kept = Rows::with_capacity(rows.len());
    for run in rows.chunk_by(same) {
        let (first, last) = (run[0], run[run.len() - 1]);
        if run.len() > 2 && last.0 - first.0 > limit && first.1 < params.full {
            report.stuck.push((first.0, last.0));
            kept.push(first);
        } else {
            kept.extend_from_slice(run);
        }
    }
    kept
}

/// The step between levels, if all are multiples of a step that divides the range into at most 25 parts.
fn step(rows: &[(i64, f64)], full: f64) -> Option<f64> {
    const ENOUGH: usize = 10;
    if rows.len() < ENOUGH {
        return None;
    }
    // From coarse to fine, so that the coarsest that fits is found.
    (2..=25).map(|parts| full / f64::from(parts)).find(|step| {
        rows.iter().all(|(_, v)| {
            let multiple = v / step;
            (multiple - multiple.round()).abs() < 1e-6
        })
    })
}

fn infer(rows: &[(i64, f64)], params: &CleanParams) -> Vec<Emptying> {
    let falls = rows.windows(2).filter(|pair| pair[0].1 - pair[1].1 >= params.emptying_drop);
    falls
        .map(|pair| Emptying {
            after: pair[0].0,
            by: pair[1].0,
            level_before: pair[0].1,
            level_after: 0.0,
            given: false,
        })
        .collect()
}

/// Given emptyings with the level before each; falls that none explains.
fn attribute(
    rows: &[(i64, f64)],
    given: &[(i64, f64)],
    params: &CleanParams,
    report: &mut CleanReport,
) -> (Vec<Emptying>, Vec<(i64, i64)>) {
    let emptyings: Vec<Emptying> = given
        .iter()
        .map(|&(time, level_after)| {
            let before = rows[..rows.partition_point(|row| row.0 <= time)].last();
            let level_before = before.map_or(f64::NAN, |row| row.1);
            Emptying { after: time, by: time, level_before, level_after, given: true }
        })
        .collect();
    let explained = |from: i64, to: i64| {
        let at = given.partition_point(|e| e.0 < from);
        given.get(at).is_some_and(|e| e.0 <= to)
    };
    let breaks: Vec<(i64, i64)> = rows
        .windows(2)
        .filter(|pair| pair[0].1 - pair[1].1 >= params.emptying_drop && !explained(pair[0].0, pair[1].0))
        .map(|pair| (pair[0].0, pair[1].0))
        .collect();
    report.unexplained_falls = breaks.len();
    (emptyings, breaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(rows: &[(i64, f64)], given: Option<&[(i64, f64)]>, params: &CleanParams) -> Clean {
        let (times, values): (Vec<i64>, Vec<f64>) = rows.iter().copied().unzip();
        clean(Series { name: "bin", times: &times, values: &values }, given, params)
    }

    #[test]
    fn a_spike_goes_and_an_emptying_stays() {
        let c =
            cleaned(&[(0, 10.0), (1, 80.0), (2, 12.0), (3, 70.0), (4, 5.0), (5, 6.0)], None, &CleanParams::default());
        assert_eq!(c.values, [10.0, 12.0, 70.0, 5.0, 6.0]);
        assert_eq!(c.report.spikes, 1);
        assert_eq!((c.emptyings.len(), c.emptyings[0].after, c.emptyings[0].by), (1, 3, 4));
    }

    #[test]
    fn a_stuck_sensor_below_full_is_reported_and_a_full_bin_is_not() {
        let params = CleanParams { stuck_after: Some(10), ..CleanParams::default() };
        let rows: Vec<(i64, f64)> = (0..20).map(|t| (t, 40.0)).chain((20..40).map(|t| (t, 100.0))).collect();
        let c = cleaned(&rows, None, &params);
        assert_eq!(c.report.stuck, [(0, 19)]);
        assert_eq!(c.times.len(), 21);
    }

    #[test]
    fn duplicates_by_rule() {
        let rows = [(0, 10.0), (0, 20.0), (1, 30.0)];
        for (rule, expected) in [(Duplicates::First, 10.0), (Duplicates::Last, 20.0), (Duplicates::Mean, 15.0)] {
            let c = cleaned(&rows, None, &CleanParams { duplicates: rule, ..CleanParams::default() });
            assert_eq!((c.values[0], c.report.duplicates), (expected, 1));
        }
    }

    #[test]
    fn six_levels_are_recognised() {
        let rows: Vec<(i64, f64)> = (0..12).map(|t| (t, f64::from((t % 6) as i32) * 20.0)).collect();
        assert_eq!(cleaned(&rows, None, &CleanParams::default()).report.step, Some(20.0));
        let rows: Vec<(i64, f64)> = (0..12).map(|t| (t, 1.7 * t as f64)).collect();
        assert_eq!(cleaned(&rows, None, &CleanParams::default()).report.step, None);
    }

    #[test]
    fn given_emptyings_override_falls() {
        let rows = [(0, 50.0), (10, 5.0), (20, 60.0), (30, 10.0)];
        let c = cleaned(&rows, Some(&[(25, 2.0)]), &CleanParams { spike: None, ..CleanParams::default() });
        assert_eq!(c.emptyings.len(), 1);
        assert_eq!((c.emptyings[0].by, c.emptyings[0].level_before, c.emptyings[0].level_after), (25, 60.0, 2.0));
        assert_eq!((c.report.unexplained_falls, c.breaks.as_slice()), (1, &[(0, 10)][..]));
    }
}
