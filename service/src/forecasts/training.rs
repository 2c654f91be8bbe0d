//! Trains a candidate: forecasts again what could have been forecast on past evenings, as of then, and scores it by what came later;
//! the active model is tested on the same evenings and bins.

use milkrun::forecast::{ForecastError, increments};
use serde::{Deserialize, Serialize};

use super::days::{self, SECOND};
use super::definition::Definition;
use super::features::Moment;
use super::history::History;
use super::making::{Bins, Told, Unmade, apart};
use super::outlook::{self, Outlooks};
use super::recipe::Recipe;
use super::scores::{Samples, Scores, Scoring};
use super::settings::Settings;
use super::{feature_sets, registry, settings};
use crate::audit::Ledger;
use crate::config;
use crate::storage::forecasts::RunTask;

/// Evenings that are forecast again.
pub(super) const ORIGINS: i64 = 14;
/// About how many rows of features, and errors, are kept to compare later ones with.
const SAMPLES: usize = 1_000;
/// Least forecasts of a backtest by which a rule promotes.
pub(super) const ENOUGH: u64 = 50;

/// What is to be trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Training {
    /// The method.
    pub(crate) method: String,
    /// Its parameters; what is not given has the library's default.
    pub(crate) parameters: serde_json::Value,
    /// The feature set.
    pub(crate) feature_set: String,
    /// Its version; none: the newest.
    pub(crate) version: Option<i64>,
}

/// Figures of a backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Backtest {
    /// Evenings that were forecast again.
    pub(crate) evenings: i64,
    /// The risk above which a bin is said to be emptied.
    pub(crate) risk: f64,
    /// Its scores.
    pub(crate) scores: Scores,
    /// The active model's id and scores on the same evenings and bins; null: there was none.
    pub(crate) active: Option<(String, Scores)>,
    /// By which share its pinball loss is smaller than the active model's.
    pub(crate) better_by: Option<f64>,
}

/// A candidate.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) training: Training,
    pub(super) version: i64,
    pub(super) span: (i64, i64),
    pub(super) backtest: Backtest,
    pub(super) samples: Samples,
    pub(super) bins: i64,
    pub(super) settings: Settings,
}

/// Trains what is asked for, as of now.
pub(super) async fn train(
    ledger: &Ledger,
    limits: &config::Forecasts,
    task: &RunTask,
    told: Told<'_>,
) -> Result<Candidate, Unmade> {
    let training: Training = serde_json::from_str(&task.request)
        .map_err(|error| Unmade::Failed(format!("what is to be trained cannot be read: {error}")))?;
    let recipe = Recipe::read(&training.method, &training.parameters.to_string());
    let recipe = recipe.map_err(|faults| Unmade::Failed(format!("{faults:?}")))?;
    let settings = settings::find(ledger, &task.org).await?;
    let set = {
        let mut change = ledger.begin().await?;
        let (now, name) = (change.now(), &training.feature_set);
        let set = feature_sets::ensured(&mut change, &task.org, name, training.version, now).await?;
        change.commit().await?;
        set
    };
    let (version, definition) = set.ok_or_else(|| Unmade::Failed("there is no such feature set".to_owned()))?;
    let now = ledger.clock.now();
    let evenings = evenings(&settings, now);
    let mut contestants = vec![(definition.clone(), recipe)];
    let active = registry::active(ledger, &task.org).await?;
    contestants.push(registry::parts(&mut *ledger.connection().await?, &task.org, &active).await?);
    let from = evenings.iter().flat_map(|evening| contestants.iter().map(|(of, _)| evening.span(of).0)).min();
    let span = (from.unwrap_or(now), now);
    let mut scorings = vec![Scoring::new(SAMPLES), Scoring::new(0)];
    let mut bins = Bins::of(ledger, &task.org, limits).await?;
    let mut count = 0;
    while let Some(history) = bins.next(span, told).await? {
        count += history.bins.len() as i64;
        let (contestants, evenings, before) = (contestants.clone(), evenings.clone(), scorings);
        let risk = settings.risk;
        scorings = apart(move || again(&history, &contestants, &evenings, (span, risk), before)).await?;
    }
    let Ok([own, of_active]) = <[Scoring; 2]>::try_from(scorings) else {
        return Err(Unmade::Failed("the work broke off".to_owned()));
    };
    let scores = own.tally.scores();
    if scores.mae.is_none() || scores.questions == 0 {
        let text = format!("too little is known: no bin has readings of the last {} days and before", ORIGINS + 2);
        return Err(Unmade::Failed(text));
    }
    let other = of_active.tally.scores();
    let better_by =
        scores.pinball.zip(other.pinball).filter(|(_, other)| *other > 0.0).map(|(own, other)| 1.0 - own / other);
    let active = (other.windows > 0).then_some((active.id, other));
    let backtest = Backtest { evenings: ORIGINS, risk: settings.risk, scores, active, better_by };
    let samples = own.samples(definition.spec(&settings.time_zone(), 0).columns());
    Ok(Candidate { training, version, span, backtest, samples, bins: count, settings })
}

/// The evenings that are forecast again: those whose answer is known by now.
fn evenings(settings: &Settings, now: i64) -> Vec<Moment> {
    let zone = settings.time_zone();
    let today = days::day_of(&zone, now);
    let evening = |back: i64| {
        let day = days::later(today, -1 - back);
        let as_of = days::moment(&zone, days::later(day, -1), settings.run_at) * SECOND;
        Moment::of(settings, day, as_of)
    };
    (1..=ORIGINS).map(evening).collect()
}

/// Forecasts some bins on all evenings by all contestants, and scores them.
fn again(
    history: &History,
    contestants: &[(Definition, Recipe)],
    evenings: &[Moment],
    (span, risk): ((i64, i64), f64),
    mut scorings: Vec<Scoring>,
) -> Result<Vec<Scoring>, ForecastError> {
    // What has come by now, in the words of the first: all are held against the same.
    let truth = increments(&history.cleaned(&contestants[0].0, span.1, span)?);
    for evening in evenings {
        for ((definition, recipe), scoring) in contestants.iter().zip(&mut scorings) {
            // Scores ask for the first round and the next.
            let found = outlook::outlooks(history, definition, recipe, (evening, 1))?;
            scoring.score(&Outlooks::of(&found, evening)?, &truth, risk);
        }
    }
    Ok(scorings)
}
