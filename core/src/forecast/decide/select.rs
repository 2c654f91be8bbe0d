//! Which bins a round must, may or need not visit.

use crate::parallel;
use std::fmt;

use super::time_to_full::{BinState, check_states, probability_full};
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::models::FillModel;
use crate::forecast::series::MAX_TIME;
use crate::units::{Cost, MAX_COST};

/// Times of rounds, and costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelectParams {
    /// When this round serves, in seconds since 1970.
    pub service: i64,
    /// Seconds until the next round could serve.
    pub period: i64,
    /// The level of a full bin.
    pub full: f64,
    /// A bin that is full before the next round with a higher probability must be visited.
    pub tolerance: f64,
    /// Cost of an overflow, in the routing problem's unit of cost.
    pub overflow_cost: Cost,
    /// Cost of a visit in another round: what one more visit would add to the cost of its route then.
    pub visit_cost: Cost,
    /// Bins whose prize is below this share of `visit_cost` are skipped, to keep the routing problem small.
    pub min_share: f64,
    /// How many periods to look ahead.
    pub max_periods: u32,
}

impl SelectParams {
    /// A round at `service` that comes back a day later, for levels in percent. An overflow costs ten times
    /// `visit_cost`.
    ///
    /// The tolerance is 30 %: below it, the risk is not ignored but is part of the prize, which weighs it against the
    /// detour.
    pub fn daily(service: i64, visit_cost: Cost) -> Self {
        Self {
            service,
            period: 86_400,
            full: 100.0,
            tolerance: 0.3,
            overflow_cost: visit_cost.saturating_mul(10),
            visit_cost,
            min_share: 0.5,
            max_periods: 28,
        }
    }
}

/// What a round does with a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It visits it.
    Must,
    /// It visits it if the prize is worth the detour.
    May,
    /// It does not visit it.
    Skip,
}

/// The reason for an action.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// It is likely enough to be full before the next round.
    OverflowRisk {
        /// The probability.
        probability: f64,
        /// The tolerated probability.
        tolerance: f64,
    },
    /// Its level is unknown.
    NoReading,
    /// It will be due soon: visiting it now saves a visit.
    DueSoon {
        /// Number of periods until the risk exceeds the tolerance.
        periods: u32,
        /// Number of periods that this takes for an empty bin.
        cycle: u32,
    },
    /// It can wait.
    CanWait {
        /// Minimum number of periods until the risk exceeds the tolerance.
        periods: u32,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OverflowRisk { probability, tolerance } => {
                let (probability, tolerance) = (probability * 100.0, tolerance * 100.0);
                write!(f, "full before the next round with probability {probability:.1} % (tolerance {tolerance:.1} %)")
            }
            Self::NoReading => f.write_str("its level is unknown"),
            Self::DueSoon { periods, cycle } => {
                write!(f, "due in {periods} rounds; an empty bin takes {cycle}")
            }
            Self::CanWait { periods } => write!(f, "can wait for {periods} rounds"),
        }
    }
}

/// The decision for a bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The action.
    pub action: Action,
    /// The reason for an action.
    pub reason: Reason,
    /// The value of a visit now; zero for skipped bins.
    pub prize: Cost,
    /// Probability of being full when the round serves.
    pub full_now: f64,
    /// Probability of being full when the next round could serve.
    pub full_next: f64,
    /// The expected level when the round serves, at most full; NaN if it is unknown.
    pub level: f64,
}

/// Decides for every bin; bin `i` is bin `i` of the model, `None` if its level is unknown.
///
/// - **Must:** the bin is full before the next round with a probability above the tolerance, or its level is unknown.
/// - **May:** a prize, in units of cost. If it is not visited now, the bin is due in `r` rounds; from empty it takes
///   `c`. A visit now gains `c − r` of the `c` rounds that a visit buys: `visit_cost · (1 − r/c)`. Added to that is
///   `overflow_cost` times the risk that waiting for the next round adds.
/// - **Skip:** the prize is below `min_share` of the cost of a visit.
///
/// # Errors
///
/// If there is not one state for each bin of the model, or parameters are invalid; all faults at once.
pub fn select(
    model: &dyn FillModel,
    states: &[Option<BinState>],
    params: &SelectParams,
) -> Result<Vec<Choice>, ForecastError> {
    let mut checks = Checks::default();
    checks.length("states", states.len(), "the model", model.len());
    let known: Vec<BinState> = states.iter().flatten().copied().collect();
    let mut of_states = Checks::default();
    check_states(&mut of_states, model, &known, params.full);
    if let Err(error) = of_states.finish() {
        let is_length = |f: &crate::forecast::ForecastFault| matches!(f, crate::forecast::ForecastFault::Length { .. });
        error.faults.into_iter().filter(|f| !is_length(f)).for_each(|f| checks.push(f));
    }
    check(&mut checks, params);
    checks.finish()?;
    Ok(parallel::map(states.len(), 1, |bin| choose(model, bin, states[bin], params)))
}

fn check(checks: &mut Checks, params: &SelectParams) {
    checks.time("service", params.service);
    checks.positive_time("period", params.period);
    let ahead = params.period.saturating_mul(i64::from(params.max_periods) + 1);
    if ahead > MAX_TIME {
        checks.fault("max_periods", params.max_periods, "reach beyond 2^37 seconds", "look ahead less far");
    }
    checks.inside_unit("tolerance", params.tolerance);
    checks.not_negative("min_share", params.min_share);
    for (path, cost) in [("overflow_cost", params.overflow_cost), ("visit_cost", params.visit_cost)] {
        if !(0..=MAX_COST / 4).contains(&cost) {
            checks.fault(path, cost, "must lie in 0 ..= 2^38", "use a coarser unit of money");
        }
    }
    checks.at_least_one("max_periods", params.max_periods as usize);
}

fn choose(model: &dyn FillModel, bin: usize, state: Option<BinState>, params: &SelectParams) -> Choice {
    let next = params.service + params.period;
    let Some(state) = state else {
        let (action, reason, level) = (Action::Must, Reason::NoReading, f64::NAN);
        let prize = params.visit_cost + params.overflow_cost;
        return Choice { action, reason, prize, full_now: f64::NAN, full_next: f64::NAN, level };
    };
    let full_now = probability_full(model, bin, state, params.full, params.service);
    let full_next = probability_full(model, bin, state, params.full, next).max(full_now);
    let rise = if params.service > state.time { model.rise(bin, state.time, params.service).mean() } else { 0.0 };
    let level = (state.level + rise).clamp(0.0, params.full);
    let risk = params.overflow_cost as f64 * (full_next - full_now);
    let periods = periods_until_due(model, bin, state, params);
    let cycle = periods_until_due(model, bin, BinState { time: params.service, level: 0.0 }, params).max(1);
    let gained = 1.0 - f64::from(periods.min(cycle)) / f64::from(cycle);
    let prize = (params.visit_cost as f64 * gained + risk).round() as Cost;
    let choice = |action, reason, prize| Choice { action, reason, prize, full_now, full_next, level };
    if full_next > params.tolerance {
        let reason = Reason::OverflowRisk { probability: full_next, tolerance: params.tolerance };
        choice(Action::Must, reason, prize)
    } else if prize > 0 && prize as f64 >= params.min_share * params.visit_cost as f64 {
        choice(Action::May, Reason::DueSoon { periods, cycle }, prize)
    } else {
        choice(Action::Skip, Reason::CanWait { periods }, 0)
    }
}

/// Number of rounds until the bin must be visited: one more than it can wait. Found by bisection, since the risk does
/// not decrease with time.
fn periods_until_due(model: &dyn FillModel, bin: usize, state: BinState, params: &SelectParams) -> u32 {
    let due = |periods: u32| {
        let time = params.service + params.period * i64::from(periods + 1);
        probability_full(model, bin, state, params.full, time) > params.tolerance
    };
    let (mut low, mut high) = (0, params.max_periods);
    while low < high {
        let middle = low + (high - low) / 2;
        if due(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{QuantileRow, QuantileTable};

    const DAY: i64 = 86_400;

    /// Ten points a day, for certain, for each bin.
    fn model(bins: usize) -> QuantileTable {
        let rows: Vec<QuantileRow> =
            (0..bins).map(|bin| QuantileRow { bin, horizon: DAY, level: 0.5, amount: 10.0 }).collect();
        QuantileTable::new(bins, 0, &rows).unwrap()
    }

    fn at(level: f64) -> BinState {
        BinState { time: 0, level }
    }

    #[test]
    fn must_may_skip() {
        let params = SelectParams::daily(0, 1000);
        let choices = select(
            &model(5),
            &[95.0, 75.0, 5.0, f64::NAN, 100.0].map(|level: f64| (!level.is_nan()).then(|| at(level))),
            &params,
        )
        .unwrap();
        let actions: Vec<Action> = choices.iter().map(|c| c.action).collect();
        assert_eq!(actions, [Action::Must, Action::May, Action::Skip, Action::Must, Action::Must]);
        // From empty the tenth day fills it: nine rounds can pass. At 75, two can.
        assert_eq!(choices[1].reason, Reason::DueSoon { periods: 2, cycle: 9 });
        assert_eq!(choices[1].prize, 778);
        assert_eq!(choices[0].prize, 1000 + 10_000);
        assert_eq!(choices[4].prize, 1000, "a full bin cannot become full");
        assert!(choices[3].reason.to_string().contains("unknown"));
    }

    #[test]
    fn every_fault_at_once() {
        let params = SelectParams { tolerance: 0.0, period: 0, overflow_cost: -1, ..SelectParams::daily(0, 10) };
        let error = select(&model(2), &[Some(at(f64::NAN))], &params).unwrap_err();
        assert_eq!(error.faults.len(), 5, "{error}");
    }
}
