//! Readings of fill levels, by the month.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;

use crate::error::Error;
use crate::storage::{Connection, Store};

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
    for reading in readings {
        sqlx::query(
            "INSERT INTO readings (org_id, bin_code, at, fill_percent) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org_id, bin_code, at) DO UPDATE SET fill_percent = excluded.fill_percent",
        )
        .bind(org.to_owned())
        .bind(reading.bin.clone())
        .bind(reading.at)
        .bind(reading.fill_percent)
        .execute(&mut *tx)
        .await?;
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
