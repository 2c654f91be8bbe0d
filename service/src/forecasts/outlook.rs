//! What is forecast of each bin: quantiles of what is deposited until each of the next rounds.

use milkrun::forecast::{
    BinState, Choice, ForecastError, QuantileRow, QuantileTable, SelectParams, increments, probability_full, select,
};
use serde::Serialize;

use super::days::{self, DAY, SECOND};
use super::definition::{Definition, FULL};
use super::features::{self, Moment};
use super::history::History;
use super::recipe::Recipe;

pub(crate) use crate::storage::forecasts::Outlook;

/// Days that a forecast is for.
pub(crate) const DAYS: usize = 7;
/// The levels of the quantiles.
pub(super) const LEVELS: [f64; 9] = [0.02, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
/// Of these, the ends of the interval that holds four of five, and the middle.
pub(super) const LOW: usize = 1;
pub(super) const MIDDLE: usize = 3;
pub(super) const HIGH: usize = 6;

/// Forecasts of the bins of a history, as of a moment, until so many rounds after the first.
pub(super) fn outlooks(
    history: &History,
    definition: &Definition,
    recipe: &Recipe,
    (moment, days): (&Moment, usize),
) -> Result<Vec<Outlook>, ForecastError> {
    let cleaned = moment.cleaned(history, definition)?;
    let features = features::rows(&cleaned, definition, moment)?;
    let learnt = increments(&cleaned);
    let model = if learnt.bins.iter().all(Vec::is_empty) { None } else { Some(recipe.fit(&learnt)?) };
    let rounds: Vec<i64> = (0..=days as i64).map(|day| moment.service(day)).collect();
    let of = |bin: usize, known: Option<(i64, f64)>, features: &[f64]| {
        let (level_at, level) = known.map_or((0, None), |(time, level)| (time, Some(level)));
        let mut quantiles: Vec<Vec<f64>> = Vec::new();
        if let (Some(model), Some(_)) = (&model, level) {
            let mut last = [0.0_f64; LEVELS.len()];
            for &round in &rounds {
                // Estimates from different windows may fall with time; amounts do not.
                for (kept, found) in last.iter_mut().zip(model.rise(bin, level_at, round).quantiles(&LEVELS)) {
                    *kept = kept.max((found * 100.0).round() / 100.0);
                }
                quantiles.push(last.to_vec());
            }
        }
        let features = super::feature_sets::cells(features);
        Outlook { bin: history.bins[bin].clone(), level, level_at: level_at * SECOND, quantiles, features }
    };
    let bins = cleaned.latest().into_iter().zip(&features).enumerate();
    Ok(bins.map(|(bin, (known, features))| of(bin, known, features)).collect())
}

/// Forecasts as the library's model of what bins receive.
pub(super) struct Outlooks<'a> {
    /// The bins.
    pub(super) bins: &'a [Outlook],
    /// The newest level of each; none where nothing is known or forecast.
    pub(super) states: Vec<Option<BinState>>,
    /// Quantiles as a model.
    pub(super) table: QuantileTable,
    /// When the rounds serve.
    pub(super) rounds: Vec<i64>,
}

impl<'a> Outlooks<'a> {
    /// Of forecasts that were made as of a moment before the first round.
    pub(super) fn of(bins: &'a [Outlook], moment: &Moment) -> Result<Self, ForecastError> {
        let begin = moment.as_of.div_euclid(SECOND);
        let rounds: Vec<i64> = (0..=DAYS as i64).map(|day| moment.service(day)).collect();
        let mut rows = Vec::new();
        let mut states = Vec::new();
        for (bin, outlook) in bins.iter().enumerate() {
            let known = outlook.level.filter(|_| !outlook.quantiles.is_empty());
            states.push(known.map(|level| BinState { time: outlook.level_at.div_euclid(SECOND), level }));
            if known.is_none() {
                // The library asks for a forecast of each bin, and uses none of one whose level is not known.
                rows.push(QuantileRow { bin, horizon: DAY, level: 0.5, amount: 0.0 });
                continue;
            }
            for (round, quantiles) in rounds.iter().zip(&outlook.quantiles) {
                let horizon = round - begin;
                let row = |(&level, &amount)| QuantileRow { bin, horizon, level, amount };
                rows.extend(LEVELS.iter().zip(quantiles).map(row));
            }
        }
        Ok(Self { bins, states, table: QuantileTable::new(bins.len(), begin, &rows)?, rounds })
    }

    /// Which bins a round must or may visit, at a risk and at costs of a visit and an overflow.
    pub(super) fn choices(&self, risk: f64, (visit, overflow): (i64, i64)) -> Result<Vec<Choice>, ForecastError> {
        let usual = SelectParams::daily(self.rounds[0], visit);
        let params = SelectParams { full: FULL, tolerance: risk, overflow_cost: overflow, ..usual };
        select(&self.table, &self.states, &params)
    }

    /// The probability that a bin is full when a round serves that comes so many days after the first.
    pub(super) fn full_by(&self, bin: usize, round: usize) -> Option<f64> {
        self.states[bin].map(|state| probability_full(&self.table, bin, state, FULL, self.rounds[round]))
    }
}

/// What is forecast of a bin, and what the first round does with it.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct BinOutlook {
    /// Code of the bin.
    pub(crate) bin: String,
    /// The newest level that was known, per cent; null: none.
    pub(crate) level: Option<f64>,
    /// When that was, milliseconds since 1970.
    pub(crate) level_at: Option<i64>,
    /// `must`, `may` or `skip`.
    pub(crate) action: &'static str,
    /// Why.
    pub(crate) reason: String,
    /// What a visit is worth, in the unit of cost; 0 for bins that are skipped.
    pub(crate) prize: i64,
    /// Day by day; empty where nothing is known.
    pub(crate) days: Vec<DayOutlook>,
}

/// What is forecast of a bin on a day, if it is not emptied before.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DayOutlook {
    /// The day.
    pub(crate) day: String,
    /// When the day's round serves, milliseconds since 1970.
    pub(crate) at: i64,
    /// The level then, per cent: not exceeded with a probability of one in ten,
    pub(crate) low: f64,
    /// one in two,
    pub(crate) expected: f64,
    /// nine in ten.
    pub(crate) high: f64,
    /// The probability that it is full before the next day's round.
    pub(crate) overflow: f64,
}

/// What is forecast of bins, in words and figures.
pub(super) fn told(
    outlooks: &Outlooks<'_>,
    moment: &Moment,
    risk: f64,
    costs: (i64, i64),
) -> Result<Vec<BinOutlook>, ForecastError> {
    let choices = outlooks.choices(risk, costs)?;
    let of = |(bin, choice): (usize, &Choice)| {
        let outlook = &outlooks.bins[bin];
        let day = |(day, quantiles): (usize, &Vec<f64>)| {
            let level = |at: usize| (outlook.level.unwrap_or(0.0) + quantiles[at]).min(FULL);
            DayOutlook {
                day: days::later(moment.day, day as i64).to_string(),
                at: outlooks.rounds[day] * SECOND,
                low: level(LOW),
                expected: level(MIDDLE),
                high: level(HIGH),
                overflow: outlooks.full_by(bin, day + 1).map_or(0.0, |p| (p * 1e4).round() / 1e4),
            }
        };
        BinOutlook {
            bin: outlook.bin.clone(),
            level: outlook.level,
            level_at: outlook.level.map(|_| outlook.level_at),
            action: super::action(choice.action),
            reason: choice.reason.to_string(),
            prize: choice.prize,
            days: outlook.quantiles.iter().take(DAYS).enumerate().map(day).collect(),
        }
    };
    Ok(choices.iter().enumerate().map(of).collect())
}
