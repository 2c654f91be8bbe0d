//! Readings of fill levels.

use serde_json::json;
use serde_json::value::RawValue;

use super::Fault;
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::raw::{self, Scalar};
use crate::storage::Readings as _;

pub(crate) use crate::storage::readings::Reading;

/// Most readings of one request.
const MAX_READINGS: usize = 10_000;
/// Most faults that are reported.
const MAX_FAULTS: usize = 100;
/// 2000-01-01: what lies before it is in other units.
const EARLIEST: i64 = 946_684_800_000;
/// How far a sensor's clock may be ahead, milliseconds. A reading of a later time would stay the newest until then.
const AHEAD: i64 = 600_000;

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

/// What became of readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reported {
    /// They are stored.
    Stored,
    /// Bins that the organisation does not have; of very many, the first hundred.
    Faults(Vec<Fault>),
}

/// Stores readings of an organisation's bins.
pub(crate) async fn report(ledger: &Ledger, org: &str, readings: &[Reading]) -> Result<Reported, Error> {
    let mut change = ledger.begin().await?;
    let codes = readings.iter().map(|reading| reading.bin.as_str()).collect();
    let known = change.known_bins(org, &codes).await?;
    let strange = readings.iter().enumerate().filter(|(_, reading)| !known.contains(&reading.bin));
    let fault = |(i, reading): (usize, &Reading)| {
        let text = format!("no bin has the code {:?}: import it, or correct the code", reading.bin);
        Fault::new(format!("$.readings[{i}].bin"), text)
    };
    let faults: Vec<Fault> = strange.map(fault).take(MAX_FAULTS).collect();
    if !faults.is_empty() {
        return Ok(Reported::Faults(faults));
    }
    let now = change.now();
    change.insert_readings(&ledger.store, org, readings, now).await?;
    // Sensors speak by the thousand: the log has what people do.
    change.commit().await?;
    Ok(Reported::Stored)
}

/// The newest readings of a bin.
pub(crate) async fn latest(ledger: &Ledger, org: &str, bin: &str, limit: i64) -> Result<Vec<Reading>, Error> {
    ledger.connection().await?.latest_readings(org, bin, limit).await
}

/// Deletes the readings of a bin from one time until before another, and gives their number. The newest that is left becomes
/// the bin's fill level; where none is left, that stays as it is.
pub(crate) async fn delete(
    ledger: &Ledger,
    who: &Identity,
    bin: &str,
    (from, until): (i64, i64),
) -> Result<u64, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let deleted = change.delete_readings(&who.org, bin, (from, until), now).await?;
    if deleted > 0 {
        let event = Event::new("readings.deleted").by(&who.org, &who.user).on(bin);
        change.commit_with(event.with(json!({"from": from, "until": until, "deleted": deleted}))).await?;
    }
    Ok(deleted)
}
