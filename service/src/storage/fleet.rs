//! Depots, disposal sites, vehicles, drivers and bins: tables of their own that are read and written alike.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::rows::{self, Value};
use super::{Connection, Store};
use crate::error::Error;
use crate::ids::new_id;

/// Codes that one statement looks up.
const CODES: usize = 500;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Real,
}

/// A table with its columns, of which the first is the code. Names are constants of this program; values are bound.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// The columns.
    pub(crate) columns: Vec<(&'static str, Holds)>,
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    fn thing(&self, row: &AnyRow) -> Result<Vec<Value>, sqlx::Error> {
        let value = |(i, (_, holds)): (usize, &(&str, Holds))| match holds {
            Holds::Text => row.try_get(i).map(Value::Text),
            Holds::Integer => row.try_get(i).map(Value::Integer),
            Holds::Real => row.try_get(i).map(Value::Real),
        };
        self.columns.iter().enumerate().map(value).collect()
    }
}

/// What an organisation plans with. A thing has the values of its table's columns, in their order.
pub(crate) trait Fleet {
    /// Inserts things of different codes, or replaces those of the same code.
    async fn upsert_things(&mut self, table: &Table, org: &str, things: &[&[Value]], now: i64) -> Result<(), Error>;

    /// An organisation's things after the code `after`, by code.
    async fn things(&mut self, table: &Table, org: &str, after: &str, limit: i64) -> Result<Vec<Vec<Value>>, Error>;

    /// An organisation's things by code, at most `most`; of bins, those that are at least so full. If there are more,
    /// only their number: nothing is loaded.
    async fn things_for_plan(
        &mut self,
        table: &Table,
        org: &str,
        min_fill: Option<i64>,
        most: i64,
    ) -> Result<Result<Vec<Vec<Value>>, i64>, Error>;

    /// One thing of an organisation.
    async fn thing(&mut self, table: &Table, org: &str, code: &str) -> Result<Option<Vec<Value>>, Error>;

    /// An organisation's things of these codes, by code; of those that there are.
    async fn things_of(&mut self, table: &Table, org: &str, codes: &[String]) -> Result<Vec<Vec<Value>>, Error>;

    /// How many bins an organisation has.
    async fn count_bins(&mut self, org: &str) -> Result<i64, Error>;

    /// What the bins hold when full, kilograms, from one code to another.
    async fn bin_loads(&mut self, org: &str, span: (&str, &str)) -> Result<Vec<(String, i64)>, Error>;

    /// Codes of an organisation's bins after the code `after`, in order.
    async fn bin_codes(&mut self, org: &str, after: &str, limit: i64) -> Result<Vec<String>, Error>;

    /// Deletes a thing of an organisation; says whether there was one.
    async fn delete_thing(&mut self, table: &Table, org: &str, code: &str) -> Result<bool, Error>;

    /// Codes and places of the bins within a box: west, south, east, north.
    async fn bins_within(
        &mut self,
        store: &Store,
        org: &str,
        within: [f64; 4],
    ) -> Result<Vec<(String, f64, f64)>, Error>;
}

impl Fleet for Connection {
    async fn upsert_things(&mut self, table: &Table, org: &str, things: &[&[Value]], now: i64) -> Result<(), Error> {
        let set: Vec<String> = table.columns[1..].iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect();
        let row = |thing: &&[Value]| -> Vec<Value> {
            [Value::Text(new_id()), org.into(), now.into()].into_iter().chain(thing.iter().cloned()).collect()
        };
        let things: Vec<Vec<Value>> = things.iter().map(row).collect();
        rows::insert_slices(
            self,
            &format!("{} (id, org_id, updated_at, {})", table.name, table.names()),
            &format!("ON CONFLICT (org_id, code) DO UPDATE SET updated_at = excluded.updated_at, {}", set.join(", ")),
            &things.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        )
        .await
    }

    async fn things(&mut self, table: &Table, org: &str, after: &str, limit: i64) -> Result<Vec<Vec<Value>>, Error> {
        let (names, name) = (table.names(), table.name);
        let text = format!("SELECT {names} FROM {name} WHERE org_id = $1 AND code > $2 ORDER BY code LIMIT $3");
        let query = sqlx::query(AssertSqlSafe(text)).bind(org.to_owned()).bind(after.to_owned()).bind(limit);
        let rows = query.fetch_all(self).await?;
        Ok(rows.iter().map(|row| table.thing(row)).collect::<Result<_, _>>()?)
    }

    async fn things_for_plan(
        &mut self,
        table: &Table,
        org: &str,
        min_fill: Option<i64>,
        most: i64,
    ) -> Result<Result<Vec<Vec<Value>>, i64>, Error> {
        let (names, name) = (table.names(), table.name);
        let full = if min_fill.is_some() { "fill_percent >= $2" } else { "$2 = $2" };
        let min_fill = min_fill.unwrap_or(0);
        let count = format!("SELECT COUNT(*) FROM {name} WHERE org_id = $1 AND {full}");
        let query = sqlx::query_as(AssertSqlSafe(count)).bind(org.to_owned()).bind(min_fill);
        let (count,): (i64,) = query.fetch_one(&mut *self).await?;
        if count > most {
            return Ok(Err(count));
        }
        let text = format!("SELECT {names} FROM {name} WHERE org_id = $1 AND {full} ORDER BY code LIMIT $3");
        let query = sqlx::query(AssertSqlSafe(text)).bind(org.to_owned()).bind(min_fill).bind(most);
        let rows = query.fetch_all(self).await?;
        Ok(Ok(rows.iter().map(|row| table.thing(row)).collect::<Result<_, _>>()?))
    }

    async fn thing(&mut self, table: &Table, org: &str, code: &str) -> Result<Option<Vec<Value>>, Error> {
        let text = format!("SELECT {} FROM {} WHERE org_id = $1 AND code = $2", table.names(), table.name);
        let query = sqlx::query(AssertSqlSafe(text)).bind(org.to_owned()).bind(code.to_owned());
        Ok(query.fetch_optional(self).await?.map(|row| table.thing(&row)).transpose()?)
    }

    async fn things_of(&mut self, table: &Table, org: &str, codes: &[String]) -> Result<Vec<Vec<Value>>, Error> {
        let (names, name) = (table.names(), table.name);
        let mut found = Vec::new();
        for chunk in codes.chunks(CODES) {
            let places = (0..chunk.len()).map(|i| format!("${}", i + 2)).collect::<Vec<_>>().join(", ");
            let text = format!("SELECT {names} FROM {name} WHERE org_id = $1 AND code IN ({places}) ORDER BY code");
            let mut query = sqlx::query(AssertSqlSafe(text)).persistent(chunk.len() == CODES).bind(org.to_owned());
            for code in chunk {
                query = query.bind(code.clone());
            }
            for row in &query.fetch_all(&mut *self).await? {
                found.push(table.thing(row)?);
            }
        }
        Ok(found)
    }

    async fn count_bins(&mut self, org: &str) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT COUNT(*) FROM bins WHERE org_id = $1").bind(org.to_owned());
        let (count,) = query.fetch_one(self).await?;
        Ok(count)
    }

    async fn bin_loads(&mut self, org: &str, (first, last): (&str, &str)) -> Result<Vec<(String, i64)>, Error> {
        let query = sqlx::query_as("SELECT code, load_kg FROM bins WHERE org_id = $1 AND code >= $2 AND code <= $3");
        Ok(query.bind(org.to_owned()).bind(first.to_owned()).bind(last.to_owned()).fetch_all(self).await?)
    }

    async fn bin_codes(&mut self, org: &str, after: &str, limit: i64) -> Result<Vec<String>, Error> {
        let query = sqlx::query_as("SELECT code FROM bins WHERE org_id = $1 AND code > $2 ORDER BY code LIMIT $3");
        let rows: Vec<(String,)> =
            query.bind(org.to_owned()).bind(after.to_owned()).bind(limit).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(code,)| code).collect())
    }

    async fn delete_thing(&mut self, table: &Table, org: &str, code: &str) -> Result<bool, Error> {
        let text = format!("DELETE FROM {} WHERE org_id = $1 AND code = $2", table.name);
        let query = sqlx::query(AssertSqlSafe(text)).bind(org.to_owned()).bind(code.to_owned());
        Ok(query.execute(self).await?.rows_affected() > 0)
    }

    async fn bins_within(
        &mut self,
        store: &Store,
        org: &str,
        [west, south, east, north]: [f64; 4],
    ) -> Result<Vec<(String, f64, f64)>, Error> {
        let query = sqlx::query_as(store.backend().bins_within()).bind(org.to_owned());
        Ok(query.bind(west).bind(south).bind(east).bind(north).fetch_all(self).await?)
    }
}
