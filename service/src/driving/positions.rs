//! Where vehicles are.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use crate::audit::Ledger;
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::forecasts;
use crate::storage::reports::Position;
use crate::storage::{Driving as _, Reports as _};

/// By how much a position may lie ahead of the service's clock, seconds. What lies further ahead comes from a wrong clock, and would
/// hide all that is told until then.
pub(super) const AHEAD: i64 = 600;

/// What became of positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// They are stored.
    Stored,
    /// The user drives no vehicle on the day.
    NotADriver,
    /// Some lie ahead of the service's clock: their numbers, and by how many seconds. None is stored.
    Ahead(Vec<(usize, i64)>),
}

/// Stores where a driver's vehicle was. Of each ten seconds the first word counts. It is not written down in the audit log: there
/// would be nothing else in it.
pub(crate) async fn store(ledger: &Ledger, who: &Identity, day: &str, positions: &[Position]) -> Result<Told, Error> {
    let zone = forecasts::zone_if_set(ledger, &who.org).await?;
    let mut change = ledger.begin().await?;
    let (now, of) = (change.now(), (who.org.as_str(), day));
    let assigned = change.assigned_vehicles(of, &who.user).await?;
    let Some((vehicle, _)) = assigned.into_iter().find(|(_, holds)| *holds) else { return Ok(Told::NotADriver) };
    let ahead = ahead(day, positions, &latest(now, zone));
    if !ahead.is_empty() {
        metrics::counter!("milkrun_positions_ahead_total", "from" => "phone").increment(ahead.len() as u64);
        return Ok(Told::Ahead(ahead));
    }
    let own: Vec<Position> =
        positions.iter().map(|position| Position { vehicle: vehicle.clone(), ..position.clone() }).collect();
    change.insert_positions((&who.org, &who.user), day, &own, now).await?;
    change.commit().await?;
    Ok(Told::Stored)
}

/// What clocks show now where the organisation is; where it has not said where that is, what they show where it is latest.
fn latest(now: i64, zone: Option<TimeZone>) -> DateTime {
    let zone = zone.unwrap_or_else(|| TimeZone::fixed(Offset::constant(14)));
    Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone).datetime()
}

/// The positions that lie too far ahead of what clocks show, with by how many seconds they lie ahead.
fn ahead(day: &str, positions: &[Position], clock: &DateTime) -> Vec<(usize, i64)> {
    let Ok(day) = day.parse::<Date>() else { return Vec::new() };
    let days = day.duration_since(clock.date()).as_secs();
    let time = clock.time();
    let second = i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    let by = positions.iter().map(|position| days + position.at - second);
    by.enumerate().filter(|(_, by)| *by > AHEAD).collect()
}

/// Where each vehicle of a day was last.
pub(crate) async fn last(ledger: &Ledger, org: &str, day: &str) -> Result<Vec<Position>, Error> {
    ledger.connection().await?.last_positions(org, day).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_ahead_is_measured_by_the_organisations_clock() {
        let now = "2026-12-03T23:30:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        let at = |at: i64| Position { vehicle: String::new(), at, lon: 4.9, lat: 52.4, accuracy: 5 };
        let positions = [at(1_800), at(1_800 + 600), at(1_800 + 601), at(-86_400), at(86_400)];
        // Half past midnight of the 4th in Amsterdam.
        let amsterdam = latest(now, TimeZone::get("Europe/Amsterdam").ok());
        assert_eq!(ahead("2026-12-04", &positions, &amsterdam), [(2, 601), (4, 84_600)]);
        assert_eq!(ahead("2026-12-03", &positions, &amsterdam), []);
        assert_eq!(ahead("2026-12-06", &positions, &amsterdam).len(), 5);
        // Where nobody has said where that is, it may be half past one in the afternoon already.
        assert_eq!(ahead("2026-12-04", &positions, &latest(now, None)), [(4, 86_400 - 48_600)]);
    }
}
