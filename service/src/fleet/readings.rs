//! Readings of fill levels, by the month.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::AssertSqlSafe;

use super::Fault;
use crate::error::Error;
use crate::raw::{self, Scalar};
use crate::storage::{Connection, Store};

/// Readings that go into one statement.
const ROWS: usize = 250;
/// Codes that one statement looks up.
const CODES: usize = 500;
/// Most readings of one request.
const MAX_READINGS: usize = 10_000;
/// Most faults that are reported.
const MAX_FAULTS: usize = 100;
/// 2000-01-01: what lies before it is in other units.
const EARLIEST: i64 = 946_684_800_000;
/// How far a sensor's clock may be ahead, milliseconds. A reading of a later time would stay the newest until then.
const AHEAD: i64 = 600_000;

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

/// Reads a list of readings, at the time `now`.
///
/// # Errors
///
/// All faults, each with its place; of very many, the first hundred.
pub(crate) fn read(list: &RawValue, now: i64) -> Result<Vec<Reading>, Vec<Fault>> {
    let (mut readings, mut faults) = (Vec::new(), Vec::new());
    let read = raw::each_item(list.get().as_bytes(), |i, item| {
        if i == MAX_READINGS {
            let text = format!("more than {MAX_READINGS} readings: send at most {MAX_READINGS} at a time");
            faults = vec![Fault::new("$.readings", text)];
            return false;
        }
        readings.extend(reading(&format!("$.readings[{i}]"), item, now, &mut faults));
        faults.len() < MAX_FAULTS
    });
    if read.is_err() {
        faults.push(Fault::new("$.readings", "give a list of readings"));
    }
    faults.truncate(MAX_FAULTS);
    if faults.is_empty() { Ok(readings) } else { Err(faults) }
}

fn reading(path: &str, item: &RawValue, now: i64, faults: &mut Vec<Fault>) -> Option<Reading> {
    let mut given: [Option<Scalar>; 3] = [None, None, None];
    let mut more = 0;
    let read = raw::each_field(item.get().as_bytes(), |name, value| {
        let place = ["bin", "at", "fill_percent"].iter().position(|known| *known == name);
        match place {
            Some(at) if given[at].is_none() => given[at] = Some(raw::scalar(value).unwrap_or(Scalar::Null)),
            _ => more += 1,
        }
        more == 0
    });
    let mut fault = |name: &str, text: &str| faults.push(Fault::new(format!("{path}{name}"), text));
    if read.is_err() || more > 0 {
        fault("", "give an object with bin, at and fill_percent, each once, and nothing else");
        return None;
    }
    let [bin, at, fill] = given;
    let bin = match bin {
        Some(Scalar::Text(bin)) if (1..=64).contains(&bin.chars().count()) && !bin.chars().any(char::is_control) => {
            Some(bin)
        }
        _ => None,
    };
    let at = match at {
        Some(Scalar::Integer(at)) if at >= EARLIEST => Some(at),
        _ => None,
    };
    let fill = match fill {
        Some(Scalar::Integer(fill)) => Some(fill as f64),
        Some(Scalar::Real(fill)) => Some(fill),
        _ => None,
    };
    let fill = fill.filter(|fill| (0.0..=200.0).contains(fill));
    if bin.is_none() {
        fault(".bin", "give a bin's code");
    }
    match at {
        None => fault(".at", "give milliseconds since 1970, from the year 2000 on"),
        Some(at) if at > now.saturating_add(AHEAD) => {
            fault(".at", "lies in the future: give the time of the reading, milliseconds since 1970, UTC");
        }
        Some(_) => {}
    }
    if fill.is_none() {
        fault(".fill_percent", "give a number from 0 to 200");
    }
    Some(Reading { bin: bin?, at: at?, fill_percent: fill? })
}

/// Faults of the readings whose bin the organisation does not have; of very many, the first hundred.
pub(crate) async fn unknown(connection: &mut Connection, org: &str, readings: &[Reading]) -> Result<Vec<Fault>, Error> {
    let codes: Vec<&str> =
        readings.iter().map(|reading| reading.bin.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut known = BTreeSet::new();
    for chunk in codes.chunks(CODES) {
        let places: Vec<String> = (0..chunk.len()).map(|i| format!("${}", i + 2)).collect();
        let statement = format!("SELECT code FROM bins WHERE org_id = $1 AND code IN ({})", places.join(", "));
        let mut query = sqlx::query_as(AssertSqlSafe(statement)).bind(org.to_owned());
        for code in chunk {
            query = query.bind((*code).to_owned());
        }
        let found: Vec<(String,)> = query.fetch_all(&mut *connection).await?;
        known.extend(found.into_iter().map(|(code,)| code));
    }
    let strange = readings.iter().enumerate().filter(|(_, reading)| !known.contains(&reading.bin));
    let fault = |(i, reading): (usize, &Reading)| {
        let text = format!("no bin has the code {:?}: import it, or correct the code", reading.bin);
        Fault::new(format!("$.readings[{i}].bin"), text)
    };
    Ok(strange.map(fault).take(MAX_FAULTS).collect())
}

/// Deletes the readings of a bin from one time until before another, and gives their number. The newest that is left becomes
/// the bin's fill level; where none is left, that stays as it is.
pub(crate) async fn delete(tx: &mut Connection, org: &str, bin: &str, (from, until): (i64, i64)) -> Result<u64, Error> {
    let done = sqlx::query("DELETE FROM readings WHERE org_id = $1 AND bin_code = $2 AND at >= $3 AND at < $4")
        .bind(org.to_owned())
        .bind(bin.to_owned())
        .bind(from)
        .bind(until)
        .execute(&mut *tx)
        .await?;
    update_fill(tx, org, bin).await?;
    Ok(done.rows_affected())
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
        update_fill(tx, org, bin).await?;
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
