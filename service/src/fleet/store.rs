//! What is stored of the kinds.

use serde_json::{Map, Value as Json, json};

use super::{Kind, Record, Value};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::{Connection, Fleet as _};

/// Inserts records, or replaces those of the same code.
pub(crate) async fn import(ledger: &Ledger, kind: Kind, who: &Identity, records: &[Record]) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let (now, things) = (change.now(), records.iter().map(|record| record.0.as_slice()).collect::<Vec<_>>());
    change.upsert_things(&kind.stored(), &who.org, &things, now).await?;
    let detail = json!({"kind": kind.path(), "records": records.len()});
    change.commit_with(Event::new("fleet.imported").by(&who.org, &who.user).with(detail)).await
}

/// An organisation's records of a kind after the code `after`, by code.
pub(crate) async fn list(
    ledger: &Ledger,
    kind: Kind,
    org: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Record>, Error> {
    page(&mut *ledger.connection().await?, kind, org, after, limit).await
}

/// The same, over a connection.
pub(crate) async fn page(
    connection: &mut Connection,
    kind: Kind,
    org: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Record>, Error> {
    let found = connection.things(&kind.stored(), org, after, limit).await?;
    Ok(found.into_iter().map(Record).collect())
}

/// What a plan is made of: an organisation's records of a kind, by code; of bins, those that are at least so full. If there
/// are more than `most`, only their number: nothing is loaded.
pub(crate) async fn for_plan(
    connection: &mut Connection,
    kind: Kind,
    org: &str,
    min_fill: i64,
    most: i64,
) -> Result<Result<Vec<Record>, i64>, Error> {
    let min_fill = (kind == Kind::Bin).then_some(min_fill);
    let found = connection.things_for_plan(&kind.stored(), org, min_fill, most).await?;
    Ok(found.map(|things| things.into_iter().map(Record).collect()))
}

/// An organisation's bins of these codes, by code; of those that there are.
pub(crate) async fn bins_of(connection: &mut Connection, org: &str, codes: &[String]) -> Result<Vec<Record>, Error> {
    let found = connection.things_of(&Kind::Bin.stored(), org, codes).await?;
    Ok(found.into_iter().map(Record).collect())
}

/// An organisation's payers of these codes, by code; of those that there are.
pub(crate) async fn payers_of(connection: &mut Connection, org: &str, codes: &[String]) -> Result<Vec<Record>, Error> {
    let found = connection.things_of(&Kind::Payer.stored(), org, codes).await?;
    Ok(found.into_iter().map(Record).collect())
}

/// A depot of an organisation, over a connection.
pub(crate) async fn depot(connection: &mut Connection, org: &str, code: &str) -> Result<Option<Record>, Error> {
    Ok(connection.thing(&Kind::Depot.stored(), org, code).await?.map(Record))
}

/// One record of an organisation.
pub(crate) async fn find(ledger: &Ledger, kind: Kind, org: &str, code: &str) -> Result<Option<Record>, Error> {
    Ok(ledger.connection().await?.thing(&kind.stored(), org, code).await?.map(Record))
}

/// Deletes a record of an organisation; says whether there was one.
pub(crate) async fn delete(ledger: &Ledger, kind: Kind, who: &Identity, code: &str) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    let is_gone = change.delete_thing(&kind.stored(), &who.org, code).await?;
    if is_gone {
        let event = Event::new("fleet.deleted").by(&who.org, &who.user).on(code);
        change.commit_with(event.with(json!({"kind": kind.path()}))).await?;
    }
    Ok(is_gone)
}

/// Codes and places of the bins within a box: west, south, east, north.
pub(crate) async fn bins_within(
    ledger: &Ledger,
    org: &str,
    within: [f64; 4],
) -> Result<Vec<(String, f64, f64)>, Error> {
    ledger.connection().await?.bins_within(&ledger.store, org, within).await
}

impl Record {
    /// As a JSON object.
    pub(crate) fn json(&self, kind: Kind) -> Json {
        let pairs = kind.fields().iter().zip(&self.0).map(|(field, value)| (field.name.to_owned(), value.json()));
        Json::Object(pairs.collect::<Map<_, _>>())
    }

    /// The same with another value of a field, by name.
    pub(crate) fn with(mut self, kind: Kind, name: &str, value: Value) -> Self {
        if let Some(place) = kind.position(name).and_then(|at| self.0.get_mut(at)) {
            *place = value;
        }
        self
    }

    /// A field's value, by name.
    pub(crate) fn get(&self, kind: Kind, name: &str) -> &Value {
        const NONE: &Value = &Value::Integer(0);
        kind.position(name).and_then(|at| self.0.get(at)).unwrap_or(NONE)
    }

    /// The code.
    pub(crate) fn code(&self) -> &str {
        self.0.first().map_or("", Value::text)
    }
}
