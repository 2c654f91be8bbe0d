//! Readings of fill levels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::rows::{self, Value};
use super::{Connection, Store};
use crate::error::Error;

/// A reading that arrives so long after it was taken is imported history, milliseconds.
const HISTORY_AFTER: i64 = 3 * 86_400_000;

/// When such a reading became known: at its own time.
const FROM_ITS_OWN_TIME: i64 = 0;

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

/// A reading of a bin as it was known from one moment until another, milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Known {
    /// When it was taken.
    pub(crate) at: i64,
    /// When it arrived.
    pub(crate) from: i64,
    /// When it was corrected or deleted; the greatest number: never.
    pub(crate) until: i64,
    /// How full, per cent.
    pub(crate) fill_percent: f64,
}

/// Keeps what rows say that others are about to replace, as `v` has them: bin, time, and where `differs` asks for it, the new
/// level. What arrived at the very moment was never known.
fn keep(source: &str, differs: &str) -> String {
    format!(
        "INSERT INTO reading_history (org_id, bin_code, at, received_at, replaced_at, fill_percent)
         SELECT r.org_id, r.bin_code, r.at, r.received_at, $2, r.fill_percent FROM {source} WHERE r.org_id = $1
             AND r.received_at < $2 {differs} ON CONFLICT DO NOTHING"
    )
}

/// Readings of fill levels, by the month.
pub(crate) trait Readings {
    /// Deletes the readings of a bin from one time until before another, at the time `now`, and gives their number. That they were
    /// known until then is kept. The newest that is left becomes the bin's fill level; where none is left, that stays as it is.
    async fn delete_readings(&mut self, org: &str, bin: &str, span: (i64, i64), now: i64) -> Result<u64, Error>;

    /// Those of the codes that bins have.
    async fn known_bins(&mut self, org: &str, codes: &BTreeSet<&str>) -> Result<BTreeSet<String>, Error>;

    /// Stores readings that arrived at `now`; one of the same bin and time replaces the other, which is kept as what was known until
    /// then. The newest one of a bin becomes its fill level.
    async fn insert_readings(&mut self, store: &Store, org: &str, readings: &[Reading], now: i64) -> Result<(), Error>;

    /// The newest readings of a bin.
    async fn latest_readings(&mut self, org: &str, bin: &str, limit: i64) -> Result<Vec<Reading>, Error>;

    /// What has ever been known of some bins by `until`: readings that were taken from `from` on and arrived by `until`, by bin and
    /// in order of time; those that were corrected or deleted since among them. `None`: more than `most`.
    async fn known_readings(
        &mut self,
        org: &str,
        bins: &[String],
        span: (i64, i64),
        most: usize,
    ) -> Result<Option<Vec<Vec<Known>>>, Error>;

    /// Forgets readings that were replaced before a time.
    async fn forget_replaced(&mut self, before: i64) -> Result<(), Error>;
}

impl Readings for Connection {
    async fn delete_readings(
        &mut self,
        org: &str,
        bin: &str,
        (from, until): (i64, i64),
        now: i64,
    ) -> Result<u64, Error> {
        let kept = keep("readings r", "AND r.bin_code = $3 AND r.at >= $4 AND r.at < $5");
        let kept = sqlx::query(AssertSqlSafe(kept)).bind(org.to_owned()).bind(now).bind(bin.to_owned());
        kept.bind(from).bind(until).execute(&mut *self).await?;
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

    async fn insert_readings(&mut self, store: &Store, org: &str, readings: &[Reading], now: i64) -> Result<(), Error> {
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
        for chunk in unique.iter().collect::<Vec<_>>().chunks(CODES) {
            let places: Vec<String> =
                (0..chunk.len()).map(|i| format!("(${}, ${}, ${})", 3 * i + 3, 3 * i + 4, 3 * i + 5)).collect();
            let source = format!("(VALUES {}) AS v CROSS JOIN readings r", places.join(", "));
            let same = "AND r.bin_code = v.column1 AND r.at = v.column2 AND r.fill_percent <> v.column3";
            let kept = sqlx::query(AssertSqlSafe(keep(&source, same))).persistent(chunk.len() == CODES);
            let mut kept = kept.bind(org.to_owned()).bind(now);
            for ((bin, at), fill) in chunk {
                kept = kept.bind((*bin).to_owned()).bind(*at).bind(**fill);
            }
            kept.execute(&mut *self).await?;
        }
        // History that is imported counts as known from its own time on, or nothing could be learnt from it.
        let is_history = |at: i64| at < now - HISTORY_AFTER;
        let received = |at: i64| if is_history(at) { FROM_ITS_OWN_TIME } else { now };
        let row = |((bin, at), fill): ((&str, i64), f64)| {
            [org.into(), bin.into(), at.into(), fill.into(), received(at).into()]
        };
        // A correction of history is known from now on only.
        let corrected = if readings.iter().any(|reading| is_history(reading.at)) {
            now.to_string()
        } else {
            "excluded.received_at".to_owned()
        };
        let rows: Vec<[Value; 5]> = unique.into_iter().map(row).collect();
        // What comes again as it is has been known since it first came.
        let conflict = format!(
            "ON CONFLICT (org_id, bin_code, at) DO UPDATE SET fill_percent = excluded.fill_percent,
                 received_at = {corrected} WHERE readings.fill_percent <> excluded.fill_percent"
        );
        rows::insert(self, "readings (org_id, bin_code, at, fill_percent, received_at)", &conflict, &rows).await?;
        // In the order of their codes, so that two at once do not wait for each other.
        for bin in readings.iter().map(|reading| &reading.bin).collect::<BTreeSet<_>>() {
            update_fill(self, org, bin).await?;
        }
        Ok(())
    }

    async fn known_readings(
        &mut self,
        org: &str,
        bins: &[String],
        (from, until): (i64, i64),
        most: usize,
    ) -> Result<Option<Vec<Vec<Known>>>, Error> {
        let mut found = vec![Vec::new(); bins.len()];
        let mut count = 0;
        for (first, chunk) in bins.chunks(CODES).enumerate().map(|(i, chunk)| (i * CODES, chunk)) {
            let places = (0..chunk.len()).map(|i| format!("${}", i + 5)).collect::<Vec<_>>().join(", ");
            let of = |table: &str, end: &str| {
                format!(
                    "SELECT bin_code, at, received_at, {end} AS replaced_at, fill_percent FROM {table}
                     WHERE org_id = $1 AND bin_code IN ({places}) AND at >= $2 AND at <= $3 AND received_at <= $3"
                )
            };
            let (now, then) = (of("readings", "9223372036854775807"), of("reading_history", "replaced_at"));
            let text = format!("{now} UNION ALL {then} ORDER BY 1, 2, 3 LIMIT $4");
            let query = sqlx::query_as(AssertSqlSafe(text)).persistent(chunk.len() == CODES).bind(org.to_owned());
            let mut query = query.bind(from).bind(until).bind((most - count) as i64 + 1);
            for bin in chunk {
                query = query.bind(bin.clone());
            }
            let rows: Vec<(String, i64, i64, i64, f64)> = query.fetch_all(&mut *self).await?;
            count += rows.len();
            if count > most {
                return Ok(None);
            }
            let places: HashMap<&str, usize> =
                chunk.iter().enumerate().map(|(i, bin)| (bin.as_str(), first + i)).collect();
            for (bin, at, from, until, fill_percent) in rows {
                if let Some(&place) = places.get(bin.as_str()) {
                    found[place].push(Known { at, from, until, fill_percent });
                }
            }
        }
        Ok(Some(found))
    }

    async fn forget_replaced(&mut self, before: i64) -> Result<(), Error> {
        sqlx::query("DELETE FROM reading_history WHERE replaced_at < $1").bind(before).execute(self).await?;
        Ok(())
    }
}
