//! Readings of fill levels.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::rows::{self, Value};
use super::{Connection, Store};
use crate::error::Error;

/// Codes that one statement looks up.
const CODES: usize = 500;

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

/// First day of the month of a time.
fn month(at: i64) -> Option<Date> {
    let time = Timestamp::from_millisecond(at).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date().first_of_month())
}

/// The newest reading of a bin becomes its fill level.
async fn update_fill(tx: &mut Connection, org: &str, bin: &str) -> Result<(), Error> {
    sqlx::query(
        "UPDATE bins SET fill_percent = COALESCE((SELECT CAST(ROUND(fill_percent) AS BIGINT) FROM readings
             WHERE org_id = $1 AND bin_code = $2 ORDER BY at DESC LIMIT 1), fill_percent)
         WHERE org_id = $1 AND code = $2",
    )
    .bind(org.to_owned())
    .bind(bin.to_owned())
    .execute(tx)
    .await?;
    Ok(())
}

/// Readings of fill levels, by the month.
pub(crate) trait Readings {
    /// Deletes the readings of a bin from one time until before another, and gives their number. The newest that is left becomes
    /// the bin's fill level; where none is left, that stays as it is.
    async fn delete_readings(&mut self, org: &str, bin: &str, span: (i64, i64)) -> Result<u64, Error>;

    /// Those of the codes that bins have.
    async fn known_bins(&mut self, org: &str, codes: &BTreeSet<&str>) -> Result<BTreeSet<String>, Error>;

    /// Stores readings; one of the same bin and time replaces the other. The newest one of a bin becomes its fill level.
    async fn insert_readings(&mut self, store: &Store, org: &str, readings: &[Reading]) -> Result<(), Error>;

    /// The newest readings of a bin.
    async fn latest_readings(&mut self, org: &str, bin: &str, limit: i64) -> Result<Vec<Reading>, Error>;
}

impl Readings for Connection {
    async fn delete_readings(&mut self, org: &str, bin: &str, (from, until): (i64, i64)) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM readings WHERE org_id = $1 AND bin_code = $2 AND at >= $3 AND at < $4")
            .bind(org.to_owned())
            .bind(bin.to_owned())
            .bind(from)
            .bind(until)
            .execute(&mut *self)
            .await?;
        update_fill(self, org, bin).await?;
        Ok(done.rows_affected())
    }

    async fn latest_readings(&mut self, org: &str, bin: &str, limit: i64) -> Result<Vec<Reading>, Error> {
        let rows: Vec<(String, i64, f64)> = sqlx::query_as(
        "SELECT bin_code, at, fill_percent FROM readings WHERE org_id = $1 AND bin_code = $2 ORDER BY at DESC LIMIT $3",
    )
    .bind(org.to_owned())
    .bind(bin.to_owned())
    .bind(limit)
    .fetch_all(self)
    .await?;
        Ok(rows.into_iter().map(|(bin, at, fill_percent)| Reading { bin, at, fill_percent }).collect())
    }

    async fn known_bins(&mut self, org: &str, codes: &BTreeSet<&str>) -> Result<BTreeSet<String>, Error> {
        let codes: Vec<&str> = codes.iter().copied().collect();
        let mut known = BTreeSet::new();
        for chunk in codes.chunks(CODES) {
            let places: Vec<String> = (0..chunk.len()).map(|i| format!("${}", i + 2)).collect();
            let statement = format!("SELECT code FROM bins WHERE org_id = $1 AND code IN ({})", places.join(", "));
            let mut query = sqlx::query_as(AssertSqlSafe(statement)).bind(org.to_owned());
            for code in chunk {
                query = query.bind((*code).to_owned());
            }
            let found: Vec<(String,)> = query.fetch_all(&mut *self).await?;
            known.extend(found.into_iter().map(|(code,)| code));
        }
        Ok(known)
    }

    async fn insert_readings(&mut self, store: &Store, org: &str, readings: &[Reading]) -> Result<(), Error> {
        for first in readings.iter().filter_map(|reading| month(reading.at)).collect::<BTreeSet<_>>() {
            let start = |date: Date| date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_millisecond());
            let next = first.checked_add(1.month());
            if let (Ok(from), Ok(Ok(until))) = (start(first), next.map(start)) {
                let name = format!("{:04}_{:02}", first.year(), first.month());
                store.backend().ensure_month(self, &name, from, until).await?;
            }
        }
        // Within one statement no row may be written twice: the last one counts.
        let unique: BTreeMap<(&str, i64), f64> =
            readings.iter().map(|reading| ((reading.bin.as_str(), reading.at), reading.fill_percent)).collect();
        let row = |((bin, at), fill): ((&str, i64), f64)| [org.into(), bin.into(), at.into(), fill.into()];
        let rows: Vec<[Value; 4]> = unique.into_iter().map(row).collect();
        rows::insert(
            self,
            "readings (org_id, bin_code, at, fill_percent)",
            "ON CONFLICT (org_id, bin_code, at) DO UPDATE SET fill_percent = excluded.fill_percent",
            &rows,
        )
        .await?;
        // In the order of their codes, so that two at once do not wait for each other.
        for bin in readings.iter().map(|reading| &reading.bin).collect::<BTreeSet<_>>() {
            update_fill(self, org, bin).await?;
        }
        Ok(())
    }
}
