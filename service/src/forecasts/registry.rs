//! The registry of models. A model is a method with its parameters and a version of a feature set; what it learns, it learns from the
//! readings that are known when a forecast is made. Of an organisation's models, one is active.

use serde_json::json;

use super::definition::Definition;
use super::feature_sets::{self, USUAL};
use super::recipe::Recipe;
use crate::audit::{Change, Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::ids::new_id;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::forecast_models::NewModel;
use crate::storage::{Connection, FeatureSets as _, ForecastModels as _};

pub(crate) use crate::storage::forecast_models::Model;

/// What became of a change of a model's state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Changed {
    /// It has the new state.
    Done(Box<Model>),
    /// The organisation has no such model.
    Missing,
    /// It cannot have the new state, in words.
    Not(&'static str),
}

impl Outcome for Changed {
    fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Missing => "missing",
            Self::Not(_) => "stale",
        }
    }
}

/// Makes a model the active one. A person does it, or a rule, which says itself in a word.
pub(super) async fn activate(
    change: &mut Change<'_>,
    org: &str,
    model: &Model,
    by: Result<&str, &str>,
) -> Result<(), Error> {
    let now = change.now();
    change.activate_model(org, &model.id, by.ok(), now).await?;
    let detail = json!({"number": model.number, "method": model.method, "rule": by.err()});
    let event = Event::new("forecast.model_promoted").on(&model.id).with(detail);
    let event = match by {
        Ok(user) => event.by(org, user),
        Err(_) => event.of(org),
    };
    change.note(event).await
}

/// Makes a model the active one; the one that was is retired.
pub(crate) async fn promote(ledger: &Ledger, who: &Identity, id: &str) -> Result<Changed, Error> {
    watched(Operation::Models, || async move {
        let mut change = ledger.begin().await?;
        let Some(model) = change.forecast_model(&who.org, id).await? else { return Ok(Changed::Missing) };
        if model.state == "active" {
            return Ok(Changed::Not("it is the active model already"));
        }
        activate(&mut change, &who.org, &model, Ok(&who.user)).await?;
        let model = change.forecast_model(&who.org, id).await?.unwrap_or(model);
        change.commit().await?;
        Ok(Changed::Done(Box::new(model)))
    })
    .await
}

/// Retires a candidate.
pub(crate) async fn retire(ledger: &Ledger, who: &Identity, id: &str) -> Result<Changed, Error> {
    watched(Operation::Models, || async move {
        let mut change = ledger.begin().await?;
        let Some(model) = change.forecast_model(&who.org, id).await? else { return Ok(Changed::Missing) };
        let now = change.now();
        if !change.retire_model(&who.org, id, now).await? {
            return Ok(Changed::Not("only candidates are retired: promote another model in place of the active one"));
        }
        let model = change.forecast_model(&who.org, id).await?.unwrap_or(model);
        change.commit_with(Event::new("forecast.model_retired").by(&who.org, &who.user).on(id)).await?;
        Ok(Changed::Done(Box::new(model)))
    })
    .await
}

/// An organisation's newest models.
pub(crate) async fn list(ledger: &Ledger, org: &str, limit: i64) -> Result<Vec<Model>, Error> {
    watched(Operation::Models, || async move { ledger.connection().await?.forecast_models(org, limit).await }).await
}

/// One model.
pub(crate) async fn find(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Model>, Error> {
    watched(Operation::Models, || async move { ledger.connection().await?.forecast_model(org, id).await }).await
}

/// The active model. Where there is none, the library's usual method becomes it, so that the first forecast needs nobody.
pub(super) async fn active(ledger: &Ledger, org: &str) -> Result<Model, Error> {
    for _ in 0..3 {
        if let Some(model) = ledger.connection().await?.active_model(org).await? {
            return Ok(model);
        }
        match first(ledger, org).await {
            // Another process was faster.
            Err(error) if error.is_conflict() || error.is_collision() => {}
            other => return other,
        }
    }
    Err(Error::Stored("there is no active model".to_owned()))
}

async fn first(ledger: &Ledger, org: &str) -> Result<Model, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let set = feature_sets::ensured(&mut change, org, USUAL, None, now).await?;
    let (version, _) = set.ok_or_else(|| Error::Stored("the usual feature set vanished".to_owned()))?;
    let id = new_id();
    let (recipe, features) = (("empirical", "{}"), (USUAL, version));
    let new = NewModel { id: &id, org, recipe, features, trained: (now, now), tested: ("null", "null"), by: None, now };
    change.insert_model(&new).await?;
    let model = change.forecast_model(org, &id).await?;
    let model = model.ok_or_else(|| Error::Stored("a model vanished".to_owned()))?;
    activate(&mut change, org, &model, Err("first")).await?;
    change.commit().await?;
    Ok(model)
}

/// What a model does: its feature set and its method.
pub(super) async fn parts(
    connection: &mut Connection,
    org: &str,
    model: &Model,
) -> Result<(Definition, Recipe), Error> {
    let set = connection.feature_set(org, &model.feature_set, Some(model.feature_set_version)).await?;
    let set = set.ok_or_else(|| Error::Stored("a model's feature set vanished".to_owned()))?;
    let recipe = Recipe::read(&model.method, &model.parameters.to_string());
    let recipe = recipe.map_err(|_| Error::Stored("a model's parameters cannot be read".to_owned()))?;
    Ok((feature_sets::read(&set)?, recipe))
}
