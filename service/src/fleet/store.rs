//! Records in the database.

use serde_json::{Map, Value as Json};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::kind::Type;
use super::{Kind, Record, Value};
use crate::auth::new_id;
use crate::error::Error;
use crate::storage::{Connection, Store};

fn columns(kind: Kind) -> String {
    kind.fields().iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

/// Inserts records, or replaces those of the same code.
pub(crate) async fn upsert(
    tx: &mut Connection,
    kind: Kind,
    org: &str,
    records: &[Record],
    now: i64,
) -> Result<(), Error> {
    let fields = kind.fields();
    // Names of tables and columns are constants of this program; values are bound.
    let places: Vec<String> = (0..fields.len()).map(|i| format!("${}", i + 4)).collect();
    let set: Vec<String> = fields[1..].iter().map(|field| format!("{0} = excluded.{0}", field.name)).collect();
    let statement = format!(
        "INSERT INTO {} (id, org_id, updated_at, {}) VALUES ($1, $2, $3, {})
         ON CONFLICT (org_id, code) DO UPDATE SET updated_at = excluded.updated_at, {}",
        kind.table(),
        columns(kind),
        places.join(", "),
        set.join(", ")
    );
    for record in records {
        let mut query = sqlx::query(AssertSqlSafe(statement.clone())).bind(new_id()).bind(org.to_owned()).bind(now);
        for value in &record.0 {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Integer(value) => query.bind(*value),
                Value::Real(value) => query.bind(*value),
            };
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

fn record(kind: Kind, row: &AnyRow) -> Result<Record, sqlx::Error> {
    let value = |(i, field): (usize, &super::Field)| match field.holds {
        Type::Text(_) | Type::Choice(_) => row.try_get(i).map(Value::Text),
        Type::Integer(..) => row.try_get(i).map(Value::Integer),
        Type::Real(..) => row.try_get(i).map(Value::Real),
    };
    kind.fields().iter().enumerate().map(value).collect::<Result<_, _>>().map(Record)
}

/// An organisation's records of a kind after the code `after`, by code.
pub(crate) async fn list(
    connection: &mut Connection,
    kind: Kind,
    org: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Record>, Error> {
    let statement = format!(
        "SELECT {} FROM {} WHERE org_id = $1 AND code > $2 ORDER BY code LIMIT $3",
        columns(kind),
        kind.table()
    );
    let rows = sqlx::query(AssertSqlSafe(statement))
        .bind(org.to_owned())
        .bind(after.to_owned())
        .bind(limit)
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(|row| record(kind, row)).collect::<Result<_, _>>()?)
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
    let (table, columns) = (kind.table(), columns(kind));
    let full = if kind == Kind::Bin { "AND fill_percent >= $2" } else { "AND $2 = $2" };
    let count = format!("SELECT COUNT(*) FROM {table} WHERE org_id = $1 {full}");
    let query = sqlx::query_as(AssertSqlSafe(count)).bind(org.to_owned()).bind(min_fill);
    let (count,): (i64,) = query.fetch_one(&mut *connection).await?;
    if count > most {
        return Ok(Err(count));
    }
    let rows = format!("SELECT {columns} FROM {table} WHERE org_id = $1 {full} ORDER BY code LIMIT $3");
    let query = sqlx::query(AssertSqlSafe(rows)).bind(org.to_owned()).bind(min_fill).bind(most);
    let rows = query.fetch_all(connection).await?;
    Ok(Ok(rows.iter().map(|row| record(kind, row)).collect::<Result<_, _>>()?))
}

/// One record of an organisation.
pub(crate) async fn find(
    connection: &mut Connection,
    kind: Kind,
    org: &str,
    code: &str,
) -> Result<Option<Record>, Error> {
    let statement = format!("SELECT {} FROM {} WHERE org_id = $1 AND code = $2", columns(kind), kind.table());
    let row = sqlx::query(AssertSqlSafe(statement))
        .bind(org.to_owned())
        .bind(code.to_owned())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| record(kind, &row)).transpose()?)
}

/// Deletes a record of an organisation; says whether there was one.
pub(crate) async fn delete(tx: &mut Connection, kind: Kind, org: &str, code: &str) -> Result<bool, Error> {
    let statement = format!("DELETE FROM {} WHERE org_id = $1 AND code = $2", kind.table());
    let done = sqlx::query(AssertSqlSafe(statement)).bind(org.to_owned()).bind(code.to_owned()).execute(tx).await?;
    Ok(done.rows_affected() > 0)
}

/// Codes and places of the bins within a box: west, south, east, north.
pub(crate) async fn bins_within(
    connection: &mut Connection,
    store: &Store,
    org: &str,
    [west, south, east, north]: [f64; 4],
) -> Result<Vec<(String, f64, f64)>, Error> {
    let query = sqlx::query_as(store.backend().bins_within()).bind(org.to_owned());
    Ok(query.bind(west).bind(south).bind(east).bind(north).fetch_all(connection).await?)
}

impl Record {
    /// As a JSON object.
    pub(crate) fn json(&self, kind: Kind) -> Json {
        let pairs = kind.fields().iter().zip(&self.0).map(|(field, value)| (field.name.to_owned(), value.json()));
        Json::Object(pairs.collect::<Map<_, _>>())
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
