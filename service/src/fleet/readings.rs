//! Readings of fill levels, by the month.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use crate::error::Error;
use crate::storage::{Connection, Store};

/// Readings that go into one statement.
const ROWS: usize = 250;

/// A fill level at a time.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Reading {
    /// Code of the bin.
    pub(crate) bin: String,
    /// When, milliseconds since 1970.
    pub(crate) at: i64,
    /// How full, per cent.
    pub(crate) fill_percent: f64,
}

/// Stores readings; one of the same bin and time replaces the other. The newest one of a bin becomes its fill level.
pub(crate) async fn insert(tx: &mut Connection, store: &Store, org: &str, readings: &[Reading]) -> Result<(), Error> {
    for first in readings.iter().filter_map(|reading| month(reading.at)).collect::<BTreeSet<_>>() {
        let start = |date: Date| date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_millisecond());
        let next = first.checked_add(1.month());
        if let (Ok(from), Ok(Ok(until))) = (start(first), next.map(start)) {
            let name = format!("{:04}_{:02}", first.year(), first.month());
            store.backend().ensure_month(tx, &name, from, until).await?;
        }
    }
    // Within one statement no row may be written twice: the last one counts.
    let unique: BTreeMap<(&str, i64), f64> =
        readings.iter().map(|reading| ((reading.bin.as_str(), reading.at), reading.fill_percent)).collect();
    let rows: Vec<((&str, i64), f64)> = unique.into_iter().collect();
    for chunk in rows.chunks(ROWS) {
        let statement = insert_rows(chunk.len());
        let mut query = sqlx::query(AssertSqlSafe(statement)).bind(org.to_owned());
        for &((bin, at), fill_percent) in chunk {
            query = query.bind(bin.to_owned()).bind(at).bind(fill_percent);
        }
        query.execute(&mut *tx).await?;
    }
    for bin in readings.iter().map(|reading| &reading.bin).collect::<BTreeSet<_>>() {
        sqlx::query(
            "UPDATE bins SET fill_percent = (SELECT CAST(ROUND(fill_percent) AS BIGINT) FROM readings
                 WHERE org_id = $1 AND bin_code = $2 ORDER BY at DESC LIMIT 1)
             WHERE org_id = $1 AND code = $2",
        )
        .bind(org.to_owned())
        .bind(bin.clone())
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// The statement for so many rows of organisation `$1`.
fn insert_rows(count: usize) -> String {
    let row = |i: usize| format!("($1, ${}, ${}, ${})", 3 * i + 2, 3 * i + 3, 3 * i + 4);
    let rows: Vec<String> = (0..count).map(row).collect();
    format!(
        "INSERT INTO readings (org_id, bin_code, at, fill_percent) VALUES {}
         ON CONFLICT (org_id, bin_code, at) DO UPDATE SET fill_percent = excluded.fill_percent",
        rows.join(", ")
    )
}

/// First day of the month of a time.
fn month(at: i64) -> Option<Date> {
    let time = Timestamp::from_millisecond(at).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date().first_of_month())
}

/// The newest readings of a bin.
pub(crate) async fn latest(
    connection: &mut Connection,
    org: &str,
    bin: &str,
    limit: i64,
) -> Result<Vec<Reading>, Error> {
    let rows: Vec<(String, i64, f64)> = sqlx::query_as(
        "SELECT bin_code, at, fill_percent FROM readings WHERE org_id = $1 AND bin_code = $2 ORDER BY at DESC LIMIT $3",
    )
    .bind(org.to_owned())
    .bind(bin.to_owned())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(bin, at, fill_percent)| Reading { bin, at, fill_percent }).collect())
}
