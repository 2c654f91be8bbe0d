//! Forecasts of the level that a crew will find, if levels are known only from visits.

use ndarray::{Array2, Axis};

use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::features::{
    CalendarPart, EwmStat, Feature, FeatureContext, FeatureSpec, FeatureState, Stat, features,
};
use crate::forecast::models::{Ridge, RidgeParams};
use crate::forecast::series::SeriesSet;

/// Parameters of [`VisitModel`].
#[derive(Clone, Debug, PartialEq)]
pub struct VisitParams {
    /// The level of a full bin; forecasts stay within `0 ..= full`.
    pub full: f64,
    /// Minimum time between visits for a visit to be used, in seconds.
    pub min_gap: i64,
    /// Maximum time between visits for a visit to be used, in seconds.
    pub max_gap: i64,
    /// Minimum number of earlier visits to the bin for a visit to be used for learning.
    pub min_visits: usize,
    /// The regression.
    pub ridge: RidgeParams,
}

impl Default for VisitParams {
    fn default() -> Self {
        Self { full: 100.0, min_gap: 25_920, max_gap: 14 * 86_400, min_visits: 3, ridge: RidgeParams::default() }
    }
}

/// Predicts the level that the next visit finds from earlier visits to the bin and the time since the last.
///
/// Levels at visits are censored at full, and visits are made when a full bin is expected, so that the level does not
/// grow in proportion to time: the features are powers of the time since the last visit, scaled by the bin's earlier
/// levels, and a [`Ridge`] weights them. Point forecasts are medians.
#[derive(Clone, Debug)]
pub struct VisitModel {
    ridge: Ridge,
    params: VisitParams,
}

/// Exponents of the time since the last visit.
const POWERS: [f64; 3] = [0.2, 0.4, 0.7];

/// Rows of features, with the visits that they belong to.
struct Design {
    x: Array2<f64>,
    /// Row of the visits for each row of `x`.
    rows: Vec<usize>,
    /// Earlier usable visits to the same bin.
    before: Vec<usize>,
}

impl VisitModel {
    /// Learns from visits: a row for each with the level found. Rows at or after `until` are ignored.
    ///
    /// # Errors
    ///
    /// Invalid parameters, or too few visits to learn from.
    pub fn fit(visits: &SeriesSet, until: i64, params: &VisitParams) -> Result<Self, ForecastError> {
        check(params)?;
        let usable = usable(visits, params);
        let design = design(&usable)?;
        let chosen: Vec<usize> = (0..design.rows.len())
            .filter(|&i| design.before[i] >= params.min_visits && usable.levels.times()[design.rows[i]] < until)
            .collect();
        let x = design.x.select(Axis(0), &chosen);
        let y: Vec<f64> = chosen.iter().map(|&i| usable.levels.values()[design.rows[i]]).collect();
        let ridge = Ridge::fit(x.view(), &y, &params.ridge)?;
        Ok(Self { ridge, params: params.clone() })
    }

    /// Quantiles of the level that a visit to each bin at the given time would find, `[bin][level]`, after the visits
    /// of `history`. A bin without a visit has the features of the average bin.
    ///
    /// # Errors
    ///
    /// If there is not one time for each bin, one is before the last visit, or levels are invalid.
    pub fn predict(&self, history: &SeriesSet, times: &[i64], levels: &[f64]) -> Result<Array2<f64>, ForecastError> {
        let mut checks = Checks::default();
        checks.length("times", times.len(), "bins", history.len());
        for (i, series) in history.iter().enumerate() {
            if let (Some(&last), Some(&time)) = (series.times.last(), times.get(i))
                && time < last
            {
                checks.fault(
                    format!("times[{i}]"),
                    time,
                    "is before the last visit",
                    "give the time of the next visit",
                );
            }
        }
        checks.finish()?;
        let usable = usable(history, &self.params);
        let mut x = Array2::from_elem((history.len(), columns()), f64::NAN);
        let states = States::new(&usable)?;
        let next = states.rows(times)?;
        for (i, series) in history.iter().enumerate() {
            let gap = series.times.last().map(|last| (times[i] - last) as f64 / 86_400.0);
            let gap = gap.unwrap_or(f64::NAN).max(self.params.min_gap as f64 / 86_400.0);
            fill(&next, i, gap, &mut x, i);
        }
        let mut found = self.ridge.predict_quantiles(x.view(), levels)?;
        found.mapv_inplace(|v| v.clamp(0.0, self.params.full));
        Ok(found)
    }
}

fn check(params: &VisitParams) -> Result<(), ForecastError> {
    let mut checks = Checks::default();
    checks.positive("full", params.full);
    checks.positive_time("min_gap", params.min_gap);
    if params.max_gap <= params.min_gap {
        checks.fault("max_gap", params.max_gap, "does not exceed min_gap", "give a longer time");
    }
    checks.finish()
}

/// Visits at a usable time after the previous one, with that time in days.
struct Usable {
    levels: SeriesSet,
    gaps: Vec<f64>,
}

fn usable(visits: &SeriesSet, params: &VisitParams) -> Usable {
    let mut gaps = Vec::new();
    let rows = visits.iter().map(|series| {
        let mut rows = (Vec::new(), Vec::new());
        for (pair, level) in series.times.windows(2).zip(&series.values[1..]) {
            let gap = pair[1] - pair[0];
            if gap > params.min_gap && gap < params.max_gap && !level.is_nan() {
                rows.0.push(pair[1]);
                rows.1.push(*level);
                gaps.push(gap as f64 / 86_400.0);
            }
        }
        rows
    });
    let rows = rows.collect();
    Usable { levels: SeriesSet::of_rows(visits.names().to_vec(), rows), gaps }
}

/// The features of levels.
fn level_spec() -> FeatureSpec {
    let expanding = |stat| Feature::Expanding { lag: 1, stat };
    FeatureSpec::new([
        expanding(Stat::Mean),
        expanding(Stat::Min),
        expanding(Stat::Std),
        expanding(Stat::Quantile(0.5)),
        Feature::Lag(1),
        Feature::Lag(2),
        Feature::Ewm { lag: 1, alpha: 0.2, stat: EwmStat::Mean },
        Feature::Calendar(CalendarPart::Weekend),
        Feature::Fourier { period: 86_400, order: 2 },
        Feature::Fourier { period: 604_800, order: 1 },
    ])
}

/// The mean of all earlier values, and the last: of the logarithm of times between visits, and of their powers.
fn history_spec() -> FeatureSpec {
    FeatureSpec::new([Feature::Expanding { lag: 1, stat: Stat::Mean }, Feature::Lag(1)])
}

fn recent_spec() -> FeatureSpec {
    FeatureSpec::new([Feature::Ewm { lag: 1, alpha: 0.15, stat: EwmStat::Mean }])
}

fn columns() -> usize {
    level_spec().num_columns() + 2 + 1 + 2 + POWERS.len() * 2 + 2
}

/// Features from the past: of levels, of log times, of powers of times, of level by power.
struct Past {
    levels: Array2<f64>,
    logs: Array2<f64>,
    powers: Vec<Array2<f64>>,
    recent: Vec<Array2<f64>>,
}

fn with_values(usable: &Usable, of: impl Fn(f64, f64) -> f64) -> SeriesSet {
    let values =
        usable.gaps.iter().zip(usable.levels.values()).map(|(&gap, &level)| of(gap, level)).collect::<Vec<f64>>();
    let rows = usable
        .levels
        .starts()
        .windows(2)
        .map(|pair| (usable.levels.times()[pair[0]..pair[1]].to_vec(), values[pair[0]..pair[1]].to_vec()));
    let rows = rows.collect();
    SeriesSet::of_rows(usable.levels.names().to_vec(), rows)
}

/// The series that features are made of, each with its spec.
fn sources(usable: &Usable) -> Vec<(SeriesSet, FeatureSpec)> {
    let mut sources =
        vec![(usable.levels.clone(), level_spec()), (with_values(usable, |gap, _| gap.ln()), history_spec())];
    for power in POWERS {
        sources.push((with_values(usable, |gap, _| gap.powf(power)), history_spec()));
        sources.push((with_values(usable, |gap, level| level / gap.powf(power)), recent_spec()));
    }
    sources
}

impl Past {
    fn of(mut matrices: Vec<Array2<f64>>) -> Self {
        let mut rest = matrices.split_off(2);
        let logs = matrices.pop().unwrap_or_default();
        let levels = matrices.pop().unwrap_or_default();
        let (mut powers, mut recent) = (Vec::new(), Vec::new());
        while let Some(matrix) = rest.pop() {
            recent.insert(0, matrix);
            powers.insert(0, rest.pop().unwrap_or_default());
        }
        Self { levels, logs, powers, recent }
    }
}

struct States(Vec<FeatureState>);

impl States {
    fn new(usable: &Usable) -> Result<Self, ForecastError> {
        let states =
            sources(usable).into_iter().map(|(set, spec)| FeatureState::new(&set, &spec, &FeatureContext::default()));
        Ok(Self(states.collect::<Result<_, _>>()?))
    }

    fn rows(&self, times: &[i64]) -> Result<Past, ForecastError> {
        let matrices = self.0.iter().map(|state| state.rows(times)).collect::<Result<Vec<_>, _>>()?;
        Ok(Past::of(matrices))
    }
}

fn design(usable: &Usable) -> Result<Design, ForecastError> {
    let matrices = sources(usable)
        .into_iter()
        .map(|(set, spec)| features::<f64>(&set, &spec, &FeatureContext::default()).map(|m| m.values))
        .collect::<Result<Vec<_>, _>>()?;
    let past = Past::of(matrices);
    let n = usable.levels.num_rows();
    let mut x = Array2::zeros((n, columns()));
    for row in 0..n {
        fill(&past, row, usable.gaps[row], &mut x, row);
    }
    let before = usable.levels.starts().windows(2).flat_map(|pair| 0..pair[1] - pair[0]).collect();
    Ok(Design { x, rows: (0..n).collect(), before })
}

/// Writes the features of one visit: the features of the past (row `from`), and the time since the last visit.
fn fill(past: &Past, from: usize, gap: f64, x: &mut Array2<f64>, to: usize) {
    let mut cells: Vec<f64> = past.levels.row(from).to_vec();
    let mean_level = cells[0];
    cells.extend(past.logs.row(from));
    let relative = gap.ln() - past.logs[[from, 0]];
    cells.extend([gap, relative, relative * relative]);
    for ((power, powers), recent) in POWERS.iter().zip(&past.powers).zip(&past.recent) {
        let grown = gap.powf(*power);
        // Level in proportion to a power of the time: by the ratio of means, and by recent visits alone.
        cells.push((mean_level / powers[[from, 0]] * grown).min(150.0));
        cells.push((recent[[from, 0]] * grown).min(150.0));
    }
    cells.extend([gap.ln(), relative * mean_level]);
    for (cell, value) in x.row_mut(to).iter_mut().zip(cells) {
        *cell = value;
    }
}

/// Scores of levels at visits that were held out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VisitScores {
    /// Time of the split: earlier visits are used for learning, later ones are tested. Seconds since 1970.
    pub split: i64,
    /// Visits tested.
    pub visits: usize,
    /// Bins tested.
    pub bins: usize,
    /// Mean absolute error of the median.
    pub mae: f64,
    /// Root of the mean squared error of the median.
    pub rmse: f64,
    /// Mean of actual level minus median.
    pub bias: f64,
    /// Share of levels between the 10 % and the 90 % quantile.
    pub coverage: f64,
    /// Mean absolute error of the level found by the previous visit.
    pub mae_last: f64,
    /// Mean absolute error of the mean of all earlier levels of the bin.
    pub mae_mean: f64,
    /// Mean absolute error of the bin's mean level in proportion to (time since the last visit)^0.4.
    pub mae_power: f64,
}

/// Splits visits in time: the earlier `share` is used for learning, the later part is tested, with each visit forecast
/// from earlier data of its bin. Weights and intervals come from the earlier part alone. Visits with at least
/// `min_before` usable predecessors are tested.
///
/// # Errors
///
/// Those of [`VisitModel::fit`]; `share` outside (0, 1); nothing to test.
pub fn backtest_visits(
    visits: &SeriesSet,
    share: f64,
    min_before: usize,
    params: &VisitParams,
) -> Result<VisitScores, ForecastError> {
    check(params)?;
    let mut checks = Checks::default();
    checks.inside_unit("share", share);
    checks.finish()?;
    let usable = usable(visits, params);
    let design = design(&usable)?;
    let mut times: Vec<f64> = usable.levels.times().iter().map(|&t| t as f64).collect();
    times.sort_by(f64::total_cmp);
    let split = crate::forecast::features::quantile_of_sorted(&times, share).ceil() as i64;
    let model = VisitModel::fit(visits, split, params)?;
    let tested: Vec<usize> = (0..design.rows.len())
        .filter(|&i| usable.levels.times()[i] >= split && design.before[i] >= min_before)
        .collect();
    if tested.is_empty() {
        let mut checks = Checks::default();
        checks.fault("visits", 0, "remain to be tested", "give more visits, or a smaller share");
        checks.finish()?;
    }
    let x = design.x.select(Axis(0), &tested);
    let mut found = model.ridge.predict_quantiles(x.view(), &[0.1, 0.5, 0.9])?;
    found.mapv_inplace(|v| v.clamp(0.0, params.full));
    let n = tested.len() as f64;
    let actual: Vec<f64> = tested.iter().map(|&i| usable.levels.values()[i]).collect();
    let errors: Vec<f64> = actual.iter().zip(found.rows()).map(|(a, q)| a - q[1]).collect();
    let inside = actual.iter().zip(found.rows()).filter(|(a, q)| q[0] <= **a && **a <= q[2]).count();
    // Columns by their place in `level_spec` and `fill`: the mean and the last of the earlier levels, and the power 0.4.
    let power = level_spec().num_columns() + 2 + 3 + 2;
    let baseline = |column: usize| {
        let miss = |(row, a): (usize, &f64)| (a - x[[row, column]].min(params.full)).abs();
        actual.iter().enumerate().map(miss).sum::<f64>() / n
    };
    let mut bins: Vec<usize> =
        tested.iter().map(|&i| usable.levels.starts().partition_point(|&start| start <= i)).collect();
    bins.dedup();
    Ok(VisitScores {
        split,
        visits: tested.len(),
        bins: bins.len(),
        mae: errors.iter().map(|e| e.abs()).sum::<f64>() / n,
        rmse: (errors.iter().map(|e| e * e).sum::<f64>() / n).sqrt(),
        bias: errors.iter().sum::<f64>() / n,
        coverage: inside as f64 / n,
        mae_last: baseline(4),
        mae_mean: baseline(0),
        mae_power: baseline(power),
    })
}
