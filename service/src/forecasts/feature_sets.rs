//! Feature sets: named, in versions that never change; and the features of bins, read from them.

use serde::Serialize;
use serde_json::json;

use super::definition::Definition;
use super::features::{self, Moment};
use super::history::{Batch, History, too_many};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::feature_sets::NewFeatureSet;
use crate::storage::{Connection, FeatureSets as _, Fleet as _};

pub(crate) use crate::storage::feature_sets::FeatureSet;

/// The set that forecasts use where no other is chosen.
pub(crate) const USUAL: &str = "usual";
/// Most versions of sets that an organisation keeps.
pub(crate) const MOST_SETS: i64 = 500;

/// What became of a definition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Defined {
    /// A new version.
    New(FeatureSet),
    /// The newest version says the same.
    Known(FeatureSet),
    /// There are too many.
    Full,
}

impl Outcome for Defined {}

/// Makes the next version of a set, unless the newest one says the same.
pub(crate) async fn define(
    ledger: &Ledger,
    who: &Identity,
    name: &str,
    definition: &Definition,
) -> Result<Defined, Error> {
    watched(Operation::FeatureSets, || async move {
        let mut change = ledger.begin().await?;
        let newest = change.feature_set(&who.org, name, None).await?;
        let checksum = definition.checksum();
        if let Some(newest) = newest.as_ref().filter(|newest| newest.checksum == checksum) {
            return Ok(Defined::Known(newest.clone()));
        }
        if change.count_feature_sets(&who.org).await? >= MOST_SETS {
            return Ok(Defined::Full);
        }
        let (version, now) = (newest.map_or(1, |newest| newest.version + 1), change.now());
        let (text, by) = (definition.text(), Some(who.user.as_str()));
        let new = NewFeatureSet { name, version, content: (&text, &checksum), by, now };
        if !change.insert_feature_set(&who.org, new).await? {
            return Err(Error::Collision("another version was made at the same time".to_owned()));
        }
        let made = change.feature_set(&who.org, name, Some(version)).await?;
        let made = made.ok_or_else(|| Error::Stored("a feature set vanished".to_owned()))?;
        let detail = json!({"version": version, "checksum": checksum});
        let event = Event::new("features.defined").by(&who.org, &who.user).on(name).with(detail);
        change.commit_with(event).await?;
        Ok(Defined::New(made))
    })
    .await
}

/// An organisation's sets, by name, the newest version first.
pub(crate) async fn list(ledger: &Ledger, org: &str, limit: i64) -> Result<Vec<FeatureSet>, Error> {
    ledger.connection().await?.feature_sets(org, limit).await
}

/// A version of a set, or the newest one; of the usual set, version 1 is made where there is none.
pub(super) async fn ensured(
    connection: &mut Connection,
    org: &str,
    name: &str,
    version: Option<i64>,
    now: i64,
) -> Result<Option<(i64, Definition)>, Error> {
    let mut found = connection.feature_set(org, name, version).await?;
    if found.is_none() && name == USUAL && version.is_none_or(|version| version == 1) {
        let usual = Definition::default();
        let (text, checksum) = (usual.text(), usual.checksum());
        let new = NewFeatureSet { name, version: 1, content: (&text, &checksum), by: None, now };
        connection.insert_feature_set(org, new).await?;
        found = connection.feature_set(org, name, version).await?;
    }
    found.map(|set| read(&set).map(|definition| (set.version, definition))).transpose()
}

/// What a stored version says.
pub(super) fn read(set: &FeatureSet) -> Result<Definition, Error> {
    serde_json::from_value(set.definition.clone()).map_err(|error| Error::Stored(format!("a feature set: {error}")))
}

/// Features of bins on a day.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct FeatureRows {
    /// The set.
    pub(crate) feature_set: String,
    /// Its version.
    pub(crate) version: i64,
    /// The day.
    pub(crate) day: String,
    /// What was known, milliseconds since 1970.
    pub(crate) as_of: i64,
    /// The names of the columns.
    pub(crate) columns: Vec<String>,
    /// A row for each bin, by code.
    pub(crate) rows: Vec<FeatureRow>,
}

/// Features of a bin.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct FeatureRow {
    /// Code of the bin.
    pub(crate) bin: String,
    /// A value for each column; null where there is none.
    pub(crate) values: Vec<Option<f64>>,
}

/// What became of a question for features.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    /// The features.
    Rows(Box<FeatureRows>),
    /// There is no such set, or no such version.
    Missing,
    /// They are too many, in words.
    TooMany(String),
}

impl Outcome for Asked {
    fn word(&self) -> &'static str {
        if matches!(self, Self::Missing) { "missing" } else { "done" }
    }
}

/// Values as they are answered and stored.
pub(super) fn cells(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|value| Some(*value).filter(|value| value.is_finite())).collect()
}

/// Features of an organisation's bins after the code `after`, on a day, as they were known at a moment.
pub(crate) async fn of_bins(
    ledger: &Ledger,
    org: &str,
    (name, version): (&str, Option<i64>),
    moment: &Moment,
    (after, bins): (&str, usize),
    most: usize,
) -> Result<Asked, Error> {
    watched(Operation::FeatureSets, || async move {
        let mut connection = ledger.connection().await?;
        let Some(set) = connection.feature_set(org, name, version).await? else { return Ok(Asked::Missing) };
        let definition = read(&set)?;
        let codes = connection.bin_codes(org, after, bins as i64).await?;
        // What came late counts as well, if it came by the moment.
        let span = (moment.span(&definition).0, moment.as_of);
        let history = History::load(&mut connection, org, codes, span, most).await?;
        drop(connection);
        let Some(history) = history else { return Ok(Asked::TooMany(too_many(Batch { bins, readings: most }))) };
        let (moment, version) = (moment.clone(), set.version);
        let computed = tokio::task::spawn_blocking(move || {
            let cleaned = moment.cleaned(&history, &definition)?;
            let rows = features::rows(&cleaned, &definition, &moment)?;
            let columns = definition.spec(&moment.zone, 0).columns();
            let row = |(bin, values): (&String, &Vec<f64>)| FeatureRow { bin: bin.clone(), values: cells(values) };
            let rows = history.bins.iter().zip(&rows).map(row).collect();
            Ok::<_, milkrun::forecast::ForecastError>((columns, rows, moment))
        });
        let computed = computed.await.map_err(|_| Error::Stored("features could not be worked out".to_owned()))?;
        let (columns, rows, moment) = computed.map_err(|error| Error::Stored(error.to_string()))?;
        let (feature_set, day) = (set.name.clone(), moment.day.to_string());
        Ok(Asked::Rows(Box::new(FeatureRows { feature_set, version, day, as_of: moment.as_of, columns, rows })))
    })
    .await
}
