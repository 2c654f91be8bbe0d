//! From readings to rounds, in synthetic cities: the whole chain.

use milkrun::forecast::{
    City, CityParams, CleanParams, DecisionMetrics, EmpiricalIncrements, EmpiricalParams, Emptyings,
    FillBacktestParams, FillModel, ForecastPolicy, GammaParams, GammaProcess, Increments, Policy, RoundParams,
    SelectParams, SeriesSet, VisitModel, VisitParams, backtest_fill, backtest_visits, clean, increments, simulate,
};

fn city(seed: u64) -> City {
    City::new(&CityParams { bins: 60, days: 72, seed, ..CityParams::default() }).unwrap()
}

fn forecast() -> Policy {
    Policy::Forecast(ForecastPolicy {
        select: SelectParams::daily(0, 400),
        empirical: Some(EmpiricalParams::default()),
    })
}

fn run(policy: &Policy) -> (usize, f64) {
    let results: Vec<DecisionMetrics> =
        (31..35).map(|seed| simulate(&city(seed), policy, &RoundParams::default()).unwrap()).collect();
    assert!(results.iter().all(|m| m.infeasible_days == 0 && m.days == 30));
    (results.iter().map(|m| m.overflows).sum(), results.iter().map(|m| m.kilometres).sum())
}

#[test]
fn fewer_overflows_and_fewer_kilometres() {
    let (overflows, kilometres) = run(&forecast());
    for rule in [Policy::Fixed { every: 3 }, Policy::Threshold { level: 80.0 }] {
        let (more, farther) = run(&rule);
        assert!(overflows < more, "{}: {overflows} and {more} overflows", rule.name());
        assert!(kilometres < farther, "{}: {kilometres} and {farther} kilometres", rule.name());
    }
}

#[test]
fn a_simulation_depends_on_its_seed_alone() {
    let params = RoundParams { iterations: 50, ..RoundParams::default() };
    let small = |seed| City::new(&CityParams { bins: 12, days: 46, seed, ..CityParams::default() }).unwrap();
    let once = simulate(&small(1), &forecast(), &params).unwrap();
    assert_eq!(once, simulate(&small(1), &forecast(), &params).unwrap());
    assert_ne!(once, simulate(&small(2), &forecast(), &params).unwrap());
    let all = simulate(&small(1), &Policy::Fixed { every: 1 }, &params).unwrap();
    assert_eq!(all.visits, 12 * 4);
    let error = simulate(&small(1), &Policy::Fixed { every: 0 }, &RoundParams { warm_up: 99, ..params }).unwrap_err();
    assert_eq!(error.faults.len(), 2, "{error}");
}

#[test]
fn intervals_cover_and_probabilities_are_calibrated() {
    let readings = City::new(&CityParams::default()).unwrap().readings();
    let cleaned = clean(&readings, Emptyings::Infer, &CleanParams::default()).unwrap();
    let known = increments(&cleaned);
    let params = FillBacktestParams { origins: 10, ..FillBacktestParams::default() };
    let empirical = |known: &Increments| -> Result<Box<dyn FillModel>, _> {
        Ok(Box::new(EmpiricalIncrements::fit(known, &EmpiricalParams::default())?))
    };
    let gamma = |known: &Increments| -> Result<Box<dyn FillModel>, _> {
        Ok(Box::new(GammaProcess::fit(known, &GammaParams::default())?))
    };
    let of_empirical = backtest_fill(&cleaned, &known, &params, &empirical).unwrap();
    let of_gamma = backtest_fill(&cleaned, &known, &params, &gamma).unwrap();
    for (scores, gamma) in of_empirical.iter().zip(&of_gamma) {
        assert!(scores.forecasts > 200, "{scores:?}");
        assert!((0.74..0.88).contains(&scores.coverage), "{scores:?}");
        assert!(scores.calibration_error < 0.08, "{scores:?}");
        // The constant probability that is right on average has a Brier score of p(1 − p).
        assert!(scores.brier <= scores.base_rate * (1.0 - scores.base_rate), "{scores:?}");
        assert!(scores.crps < gamma.crps * 1.02, "{scores:?} and {gamma:?}");
    }
}

/// Visits made when a bin was thought to be full: the level found, never above 100.
fn visits() -> SeriesSet {
    let city = City::new(&CityParams { bins: 60, days: 120, seed: 9, ..CityParams::default() }).unwrap();
    let (mut ids, mut times, mut levels) = (Vec::new(), Vec::new(), Vec::new());
    for (i, bin) in city.bins.iter().enumerate() {
        let mut level = 0.0_f64;
        for (step, deposit) in bin.deposits.iter().enumerate() {
            level = (level + deposit).min(100.0);
            let threshold = 60.0 + ((i + step) % 7) as f64 * 6.0;
            if step % 4 == 0 && level >= threshold {
                ids.push(bin.name.clone());
                times.push(City::start() + step as i64 * 21_600);
                levels.push(level.round());
                level = 0.0;
            }
        }
    }
    SeriesSet::from_long(&ids, &times, &levels).unwrap()
}

#[test]
fn levels_at_visits() {
    let visits = visits();
    let scores = backtest_visits(&visits, 0.6, 5, &VisitParams::default()).unwrap();
    assert!(scores.visits > 300 && scores.bins > 40, "{scores:?}");
    assert!(scores.mae < scores.mae_last && scores.mae < scores.mae_power, "{scores:?}");
    assert!((0.72..0.88).contains(&scores.coverage), "{scores:?}");
}

#[test]
fn the_next_visit_is_predicted_as_the_backtest_does() {
    let visits = visits();
    let params = VisitParams::default();
    let cut = City::start() + 90 * 86_400;
    let model = VisitModel::fit(&visits, cut, &params).unwrap();
    let history = visits.before(cut);
    let next: Vec<i64> = history.iter().map(|s| s.times.last().map_or(cut, |last| last + 3 * 86_400)).collect();
    let found = model.predict(&history, &next, &[0.1, 0.5, 0.9]).unwrap();
    for row in found.rows() {
        assert!(0.0 <= row[0] && row[0] <= row[1] && row[1] <= row[2] && row[2] <= 100.0, "{row}");
    }
    let later: Vec<i64> = next.iter().map(|time| time + 5 * 86_400).collect();
    let grown = model.predict(&history, &later, &[0.5]).unwrap();
    let more = grown.column(0).iter().zip(found.column(1)).filter(|(later, sooner)| later > sooner).count();
    assert!(more > 50, "{more} of 60 bins hold more after five days more");
    let before = vec![0; history.len()];
    assert!(model.predict(&history, &before, &[0.5]).is_err());
}
