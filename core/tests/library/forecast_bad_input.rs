//! Any input: no panic, and plausible results.

use milkrun::forecast::{
    BinState, CleanParams, EmpiricalIncrements, EmpiricalParams, Emptyings, Feature, FeatureContext, FeatureSpec,
    GammaParams, GammaProcess, GapFill, Increment, Increments, MAX_TIME, QuantileRow, QuantileTable, SelectParams,
    SeriesSet, Stat, TableColumns, VisitParams, backtest_visits, clean, features, increments, read_table, resample,
    select, time_to_full, visit_increments,
};
use proptest::prelude::*;

/// Rows of up to three series, with times that repeat and arbitrary values.
fn rows() -> impl Strategy<Value = Vec<(u8, i64, f64)>> {
    let value = prop_oneof![
        6 => -10.0..120.0,
        2 => Just(100.0),
        1 => Just(f64::NAN),
        1 => Just(-1e300),
    ];
    let time = prop_oneof![9 => 0_i64..2_000_000, 1 => -MAX_TIME..MAX_TIME];
    prop::collection::vec((0_u8..3, time, value), 0..80)
}

fn set(rows: &[(u8, i64, f64)]) -> SeriesSet {
    let ids: Vec<String> = rows.iter().map(|row| format!("bin {}", row.0)).collect();
    let times: Vec<i64> = rows.iter().map(|row| row.1).collect();
    let values: Vec<f64> = rows.iter().map(|row| row.2).collect();
    SeriesSet::from_long(&ids, &times, &values).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_readings(rows in rows(), emptyings in rows(), given: bool, at in -MAX_TIME / 2..MAX_TIME / 2) {
        let (set, table) = (set(&rows), set(&emptyings));
        let known = if given { Emptyings::Given(&table) } else { Emptyings::Infer };
        let Ok(cleaned) = clean(&set, known, &CleanParams::default()) else { return Ok(()) };
        for (series, report) in cleaned.readings.iter().zip(&cleaned.reports) {
            prop_assert!(series.times.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(series.values.iter().all(|v| (0.0..=100.0).contains(v)));
            prop_assert_eq!(report.kept, series.times.len());
        }
        let found = increments(&cleaned);
        for bin in &found.bins {
            prop_assert!(bin.iter().all(|i| i.from < i.to && i.amount >= 0.0), "{:?}", bin);
            prop_assert!(bin.windows(2).all(|pair| pair[0].to <= pair[1].from), "{:?}", bin);
        }
        let _ = resample(&cleaned.readings, 3600, 0, GapFill::Linear);
        let _ = found.per_step(7 * 86_400, 0, 0.5);
        if let Ok(model) = EmpiricalIncrements::fit(&found, &EmpiricalParams::default()) {
            let states: Vec<Option<BinState>> = cleaned
                .latest()
                .into_iter()
                .map(|known| known.filter(|k| k.1.is_finite()).map(|(time, level)| BinState { time, level }))
                .collect();
            let choices = select(&model, &states, &SelectParams::daily(at, 100)).unwrap();
            prop_assert!(choices.iter().all(|c| c.prize >= 0 && (c.full_now.is_nan() || c.full_next >= c.full_now)));
            let known: Vec<BinState> = states.iter().map(|s| s.unwrap_or(BinState { time: at, level: 0.0 })).collect();
            let horizons = [at, at + 86_400, at + 5 * 86_400];
            for bin in time_to_full(&model, &known, 100.0, &horizons, &[0.1, 0.9]).unwrap() {
                prop_assert!(bin.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", bin);
                prop_assert!(bin.probabilities.is_sorted());
            }
        }
        let _ = visit_increments(&set, 100.0);
        let _ = backtest_visits(&set, 0.5, 1, &VisitParams::default());
    }

    #[test]
    fn any_bytes_as_a_table(content in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_table(&content, &TableColumns::default());
        let _ = read_table(&[b"id,time,value\n", &content[..]].concat(), &TableColumns::default());
    }
}

#[test]
fn times_at_the_ends_of_the_number_range() {
    let set = SeriesSet::from_long(&["a"; 2], &[-MAX_TIME, MAX_TIME], &[1.0, 2.0]).unwrap();
    let span = |span, delay| FeatureSpec::new([Feature::Span { span, delay, stat: Stat::Mean }]);
    assert!(features::<f32>(&set, &span(i64::MAX, 0), &FeatureContext::default()).is_err());
    assert!(features::<f32>(&set, &span(1, i64::MAX), &FeatureContext::default()).is_err());
    assert!(features::<f32>(&set, &span(MAX_TIME, MAX_TIME), &FeatureContext::default()).is_ok());
    let events = [vec![i64::MIN, i64::MAX]];
    let context = FeatureContext { events: Some(&events), coords: None };
    assert!(features::<f32>(&set, &FeatureSpec::new([Feature::SinceEvent]), &context).is_ok());

    let row = QuantileRow { bin: 0, horizon: 10, level: 0.5, amount: 1.0 };
    assert!(QuantileTable::new(1, i64::MIN, &[row]).is_err());
    let model = QuantileTable::new(1, 0, &[row]).unwrap();
    let state = BinState { time: i64::MIN, level: 0.0 };
    assert_eq!(time_to_full(&model, &[state], 100.0, &[i64::MAX], &[0.5]).unwrap_err().faults.len(), 2);
    let params = SelectParams { period: i64::MAX, ..SelectParams::daily(i64::MAX, 1) };
    assert_eq!(select(&model, &[None], &params).unwrap_err().faults.len(), 3);
}

#[test]
fn invalid_increments() {
    let of = |from, to, amount| Increment { from, to, amount, censored: false };
    let bin = vec![of(5, 5, 1.0), of(0, 10, -1.0), of(20, i64::MAX, 1.0)];
    let bad = Increments { names: vec!["a".to_owned()], bins: vec![bin], full: 100.0 };
    assert_eq!(GammaProcess::fit(&bad, &GammaParams::default()).unwrap_err().faults.len(), 4);
    assert!(bad.per_step(10, 0, 0.5).is_err());
}
