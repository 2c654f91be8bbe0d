//! Scenarios from forecasts.

use super::select::{Action, Choice, SelectParams};
use super::time_to_full::{BinState, check_states};
use crate::forecast::draws::Draws;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::models::FillModel;
use crate::ids::ClientId;
use crate::scenarios::{Outcome, Scenario};
use crate::units::{Cost, Load};

/// How many scenarios are drawn, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Samples {
    /// How many.
    pub count: usize,
    /// The same seed gives the same scenarios.
    pub seed: u64,
}

/// Draws scenarios of a round from what a model forecasts: how full each bin is when the round serves, and whether it overflows
/// before the next round could.
///
/// Bin `i` of the model is the client `clients[i]`, if any; a bin whose level is unknown is in no scenario. A client hands over
/// `load_when_full` times the share that is full, in the first load dimension. Its prize is `overflow_cost` where it becomes full
/// between this round and the next, and else what [`select`](super::select::select) gives for a visit now beside the risk. Bins
/// that must be visited stay required. Bins are drawn independently of each other.
///
/// # Errors
///
/// If lists are not as long as the model, or a level is not a number.
pub fn sample_scenarios(
    model: &dyn FillModel,
    states: &[Option<BinState>],
    choices: &[Choice],
    clients: &[Option<ClientId>],
    params: &SelectParams,
    load_when_full: Load,
    samples: Samples,
) -> Result<Vec<Scenario>, ForecastError> {
    let mut checks = Checks::default();
    for (name, length) in [("states", states.len()), ("choices", choices.len()), ("clients", clients.len())] {
        checks.length(name, length, "the model", model.len());
    }
    let known: Vec<BinState> = states.iter().flatten().copied().collect();
    if known.len() == model.len() {
        check_states(&mut checks, model, &known, params.full);
    }
    checks.finish()?;
    let mut draws = Draws::new(samples.seed);
    let next = params.service + params.period;
    let bins = (0..model.len()).filter_map(|bin| Some((bin, states[bin]?, clients[bin]?)));
    let bins: Vec<_> = bins
        .map(|(bin, state, client)| {
            let now = (params.service > state.time).then(|| model.rise(bin, state.time, params.service));
            let from = params.service.max(state.time);
            (bin, state.level, client, now, (next > from).then(|| model.rise(bin, from, next)))
        })
        .collect();
    let mut scenario = || {
        let mut outcomes = Vec::with_capacity(bins.len());
        for (bin, level, client, now, later) in &bins {
            let rise =
                |rise: Option<&crate::forecast::Distribution>, unit| rise.map_or(0.0, |rise| rise.quantile(unit));
            let level = (level + rise(now.as_ref(), draws.unit())).clamp(0.0, params.full);
            let overflows = level < params.full && level + rise(later.as_ref(), draws.unit()) >= params.full;
            let choice = &choices[*bin];
            // What a visit now gains beside the risk.
            let risk = params.overflow_cost as f64 * (choice.full_next - choice.full_now);
            let gained = if choice.action == Action::Skip { 0 } else { (choice.prize - risk.round() as Cost).max(0) };
            let load = (load_when_full as f64 * level / params.full).round() as Load;
            let prize = if overflows { params.overflow_cost.max(gained) } else { gained };
            outcomes.push(Outcome::new(*client, [load], prize));
        }
        Scenario(outcomes)
    };
    Ok((0..samples.count).map(|_| scenario()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{QuantileRow, QuantileTable, select};

    const DAY: i64 = 86_400;

    /// Between five and fifteen points a day.
    fn model(bins: usize) -> QuantileTable {
        let of_bin = |bin| {
            [(0.1, 5.0), (0.5, 10.0), (0.9, 15.0)].map(|(level, amount)| QuantileRow {
                bin,
                horizon: DAY,
                level,
                amount,
            })
        };
        QuantileTable::new(bins, 0, &(0..bins).flat_map(of_bin).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn outcomes_follow_the_forecast() {
        let model = model(3);
        let states = [20.0, 88.0, f64::NAN].map(|level: f64| (!level.is_nan()).then_some(BinState { time: 0, level }));
        let params = SelectParams { tolerance: 0.9, ..SelectParams::daily(0, 100) };
        let choices = select(&model, &states, &params).unwrap();
        let clients = [Some(ClientId::new(4)), Some(ClientId::new(7)), Some(ClientId::new(1))];
        let sample = |seed| {
            let samples = Samples { count: 400, seed };
            sample_scenarios(&model, &states, &choices, &clients, &params, 500, samples).unwrap()
        };
        let scenarios = sample(1);
        assert_eq!(scenarios, sample(1));
        assert_ne!(scenarios, sample(2));
        // A bin of unknown level is in no scenario.
        assert!(scenarios.iter().all(|scenario| scenario.0.len() == 2));
        // Nothing rises before the round, which serves at once.
        assert!(scenarios.iter().all(|scenario| scenario.0[0].pickup == [100] && scenario.0[1].pickup == [440]));
        let overflows = |o: usize| scenarios.iter().filter(|s| s.0[o].prize >= params.overflow_cost).count();
        assert_eq!(overflows(0), 0);
        // The second one overflows as often as the forecast says.
        let share = overflows(1) as f64 / 400.0;
        let expected = choices[1].full_next - choices[1].full_now;
        assert!((share - expected).abs() < 0.08, "{share} {expected}");
    }

    #[test]
    fn lists_must_fit() {
        let (params, samples) = (SelectParams::daily(0, 100), Samples { count: 1, seed: 1 });
        let error = sample_scenarios(&model(2), &[], &[], &[], &params, 1, samples).unwrap_err();
        assert_eq!(error.faults.len(), 3, "{error}");
    }
}
