//! Properties of features: no look into the future, no leak between series, incremental equal to batch.

use milkrun::Coord;
use milkrun::forecast::{
    CalendarPart, EwmStat, Feature, FeatureContext, FeatureSpec, FeatureState, HolidayPart, SeriesSet, Stat, features,
};
use proptest::prelude::*;

/// One feature of each kind and statistic.
fn all_features() -> Vec<Feature> {
    let stats = [Stat::Mean, Stat::Std, Stat::Min, Stat::Max, Stat::Quantile(0.3)];
    let mut all = vec![
        Feature::Lag(1),
        Feature::Lag(3),
        Feature::Difference { lag: 1, period: 2 },
        Feature::Ewm { lag: 1, alpha: 0.3, stat: EwmStat::Mean },
        Feature::Ewm { lag: 2, alpha: 0.5, stat: EwmStat::Std },
        Feature::SpanEwm { half_life: 50, delay: 0 },
        Feature::SpanEwm { half_life: 50, delay: 30 },
        Feature::Calendar(CalendarPart::DayOfWeek),
        Feature::Fourier { period: 700, order: 2 },
        Feature::Holiday(HolidayPart::DaysTo(9)),
        Feature::SinceEvent,
        Feature::NeighbourMean { k: 2, delay: 5, max_age: 200 },
    ];
    for stat in stats {
        all.extend([
            Feature::Rolling { lag: 1, window: 3, stat, min_samples: 0 },
            Feature::Rolling { lag: 2, window: 4, stat, min_samples: 1 },
            Feature::SeasonalRolling { lag: 1, season: 3, window: 2, stat, min_samples: 1 },
            Feature::Expanding { lag: 1, stat },
            Feature::Span { span: 60, delay: 0, stat },
            Feature::Span { span: 60, delay: 20, stat },
        ]);
    }
    all
}

fn spec() -> FeatureSpec {
    FeatureSpec { features: all_features(), utc_offset: 3600, holidays: vec![0, 1, 5] }
}

/// Up to three series: gaps before each row, values (some missing).
fn panels(rows: usize) -> impl Strategy<Value = Vec<Vec<(i64, f64)>>> {
    let value = prop_oneof![9 => -50.0..50.0, 1 => Just(f64::NAN)];
    prop::collection::vec(prop::collection::vec((0_i64..40, value), 1..rows), 1..4)
}

fn set(panel: &[Vec<(i64, f64)>]) -> SeriesSet {
    let (mut starts, mut times, mut values) = (vec![0], Vec::new(), Vec::new());
    for rows in panel {
        let mut time = 0;
        for &(gap, value) in rows {
            time += gap;
            times.push(time);
            values.push(value);
        }
        starts.push(times.len());
    }
    let names = (0..panel.len()).map(|i| format!("bin {i}")).collect();
    SeriesSet::from_parts(names, starts, times, values).unwrap()
}

struct Surroundings {
    events: Vec<Vec<i64>>,
    coords: Vec<Coord>,
}

impl Surroundings {
    fn new(series: usize) -> Self {
        let events = (0..series as i64).map(|i| vec![i * 7, 100 + i]).collect();
        Self { events, coords: (0..series).map(|i| Coord::new(i as f64, (i * i) as f64)).collect() }
    }

    fn context(&self) -> FeatureContext<'_> {
        FeatureContext { events: Some(&self.events), coords: Some(&self.coords) }
    }
}

fn same(a: f64, b: f64) -> bool {
    // A standard deviation is a root of a difference: half the digits.
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-5 * (1.0 + a.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn incremental_equals_batch(panel in panels(40)) {
        let all = set(&panel);
        let around = Surroundings::new(all.len());
        let spec = spec();
        let batch = features::<f64>(&all, &spec, &around.context()).unwrap();
        // Rows of all series in order of time, as they would come in.
        let mut arrivals: Vec<(i64, usize, usize)> = Vec::new();
        for (i, series) in all.iter().enumerate() {
            arrivals.extend(series.times.iter().enumerate().map(|(row, &time)| (time, i, row)));
        }
        arrivals.sort_unstable();
        let none = SeriesSet::from_parts(all.names().to_vec(), vec![0; all.len() + 1], vec![], vec![]).unwrap();
        let mut state = FeatureState::new(&none, &spec, &around.context()).unwrap();
        let mut last = vec![0; all.len()];
        for (time, i, row) in arrivals {
            last[i] = time;
            let rows = state.rows::<f64>(&last).unwrap();
            let expected = batch.values.row(all.starts()[i] + row);
            for (c, (&found, &expected)) in rows.row(i).iter().zip(expected).enumerate() {
                prop_assert!(same(found, expected), "{}: {found} and {expected}", batch.columns[c]);
            }
            state.update(i, time, all.get(i).values[row]).unwrap();
        }
    }

    #[test]
    fn nothing_later_and_no_other_series_shows(panel in panels(25), which: prop::sample::Index, noise in -9.0..9.0_f64) {
        let all = set(&panel);
        let around = Surroundings::new(all.len());
        let spec = spec();
        let before = features::<f64>(&all, &spec, &around.context()).unwrap();
        let changed = which.index(all.num_rows());
        let mut values = all.values().to_vec();
        values[changed] = 1e6 + noise;
        let starts = all.starts().to_vec();
        let other = SeriesSet::from_parts(all.names().to_vec(), starts, all.times().to_vec(), values).unwrap();
        let after = features::<f64>(&other, &spec, &around.context()).unwrap();
        let owner = all.starts().partition_point(|&start| start <= changed) - 1;
        let neighbour = before.columns.iter().position(|name| name.starts_with("neighbour")).unwrap();
        for row in 0..all.num_rows() {
            let of_owner = (all.starts()[owner]..all.starts()[owner + 1]).contains(&row);
            for column in 0..before.columns.len() {
                let may_change = if column == neighbour {
                    !of_owner && all.times()[row] > all.times()[changed]
                } else {
                    of_owner && row > changed
                };
                let (a, b) = (before.values[[row, column]], after.values[[row, column]]);
                let equal = a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
                prop_assert!(may_change || equal, "{} of row {row}", before.columns[column]);
            }
        }
    }
}

/// The value of a window statistic, computed directly.
fn plain(values: &[f64], stat: Stat) -> f64 {
    let mut known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let n = known.len() as f64;
    let mean = known.iter().sum::<f64>() / n;
    match stat {
        _ if known.is_empty() => f64::NAN,
        Stat::Mean => mean,
        Stat::Std if known.len() < 2 => f64::NAN,
        Stat::Std => (known.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt(),
        Stat::Min => known[0],
        Stat::Max => known[known.len() - 1],
        Stat::Quantile(level) => {
            let at = level * (n - 1.0);
            let (low, high) = (known[at.floor() as usize], known[at.ceil() as usize]);
            low + (high - low) * (at - at.floor())
        }
        other => panic!("no column is of {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn windows_hold_what_they_say(panel in panels(60)) {
        let all = set(&panel);
        for stat in [Stat::Mean, Stat::Std, Stat::Min, Stat::Max, Stat::Quantile(0.3)] {
            let spec = FeatureSpec::new([
                Feature::Rolling { lag: 2, window: 5, stat, min_samples: 1 },
                Feature::Span { span: 60, delay: 20, stat },
                Feature::SeasonalRolling { lag: 2, season: 3, window: 3, stat, min_samples: 1 },
            ]);
            let matrix = features::<f64>(&all, &spec, &FeatureContext::default()).unwrap();
            for (i, series) in all.iter().enumerate() {
                for row in 0..series.times.len() {
                    let rows = (row + 1).saturating_sub(7)..(row + 1).saturating_sub(2);
                    let rolling = plain(&series.values[rows], stat);
                    let until = series.times[row] - 20;
                    let inside = |t: &i64| (until - 60..until).contains(t);
                    let span: Vec<f64> =
                        series.times.iter().zip(series.values).filter(|(t, _)| inside(t)).map(|(_, &v)| v).collect();
                    let back: Vec<f64> =
                        [2, 5, 8].iter().filter_map(|&k| row.checked_sub(k)).map(|r| series.values[r]).collect();
                    let found = matrix.values.row(all.starts()[i] + row);
                    prop_assert!(same(found[0], rolling), "rolling {stat:?}: {} and {rolling}", found[0]);
                    prop_assert!(same(found[1], plain(&span, stat)), "span {stat:?}");
                    prop_assert!(same(found[2], plain(&back, stat)), "seasonal {stat:?}");
                }
            }
        }
    }
}

#[test]
fn long_series_slide_without_drift() {
    let values: Vec<f64> = (0..5000).map(|i| if i < 1000 { 1e7 + f64::from(i) } else { f64::from(i % 7) }).collect();
    let times: Vec<i64> = (0..5000).collect();
    let all = SeriesSet::from_parts(vec!["a".to_owned()], vec![0, 5000], times, values.clone()).unwrap();
    let spec = FeatureSpec::new([Stat::Mean, Stat::Std].map(|stat| Feature::Rolling {
        lag: 1,
        window: 7,
        stat,
        min_samples: 0,
    }));
    let matrix = features::<f64>(&all, &spec, &FeatureContext::default()).unwrap();
    for row in 2000..5000 {
        assert!(same(matrix.values[[row, 0]], plain(&values[row - 7..row], Stat::Mean)));
        assert!(same(matrix.values[[row, 1]], plain(&values[row - 7..row], Stat::Std)));
    }
    let mut state = FeatureState::new(&all.before(4000), &spec, &FeatureContext::default()).unwrap();
    for (row, &value) in values.iter().enumerate().skip(4000) {
        let found = state.rows::<f64>(&[row as i64]).unwrap();
        assert_eq!(found.row(0), matrix.values.row(row), "the same sums in the same order");
        state.update(0, row as i64, value).unwrap();
    }
}

#[test]
fn every_fault_of_a_spec() {
    let spec = FeatureSpec {
        features: vec![
            Feature::Lag(0),
            Feature::Ewm { lag: 1, alpha: 1.5, stat: EwmStat::Mean },
            Feature::Span { span: 0, delay: -1, stat: Stat::Quantile(2.0) },
            Feature::SinceEvent,
            Feature::NeighbourMean { k: 1, delay: 0, max_age: 1 },
        ],
        utc_offset: 1_000_000,
        holidays: vec![3, 3],
    };
    let none = SeriesSet::from_parts(vec![], vec![0], vec![], vec![]).unwrap();
    let error = features::<f32>(&none, &spec, &FeatureContext::default()).unwrap_err();
    assert_eq!(error.faults.len(), 9, "{error}");
}
