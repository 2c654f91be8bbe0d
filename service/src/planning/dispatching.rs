//! Routes for the devices in vehicles, by way of the organisation's telematics.

use std::collections::{BTreeMap, HashMap};

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use milkrun_providers::{Dispatch, DispatchStop};

use crate::crypto::{KeyRing, fingerprint};
use crate::error::Error;
use crate::fleet::{self, Kind};
use crate::forecasts;
use crate::outbox::{Content, enqueue};
use crate::storage::days::{DayRoute, DayVersion};
use crate::storage::driving::DrivenStop;
use crate::storage::{Connection, Driving as _, Tracking as _};

/// Characters of our own name for a route.
const NAME: usize = 32;

/// Sends the routes that a new version of a day's plan changes, those that are cancelled among them, within the transaction that makes
/// the version. A vehicle that drives several routes of a plan has them as one.
pub(super) async fn routes_changed(
    tx: &mut Connection,
    ring: &KeyRing,
    org: &str,
    version: &DayVersion,
    changed: &BTreeMap<&str, Vec<&DayRoute>>,
    now: i64,
) -> Result<(), Error> {
    let zone = forecasts::zone_over(tx, org).await?;
    let day: Date = version.day.parse().map_err(|_| Error::Stored(format!("{:?} is no day", version.day)))?;
    let trackers = trackers(tx.vehicles_by_tracker(org).await?);
    for (vehicle, routes) in changed {
        let target = format!("{} {vehicle}", version.day);
        let driven = tx.driven_stops((org, &version.day), &version.plan_id, vehicle).await?;
        let mut stops = Vec::new();
        if let Some(first) = routes.first().filter(|route| !route.depot.is_empty())
            && let Some(depot) = fleet::depot(tx, org, &first.depot).await?
        {
            let place = |name| depot.get(Kind::Depot, name).real();
            let arrival = moment(day, first.start_at, &zone);
            stops.push(DispatchStop { name: first.depot.clone(), lon: place("lon"), lat: place("lat"), arrival });
        }
        stops.extend(driven.iter().filter(|stop| is_place(stop)).map(|stop| DispatchStop {
            name: name(stop),
            lon: stop.lon,
            lat: stop.lat,
            arrival: moment(day, stop.arrival, &zone),
        }));
        // A start alone is no route.
        if driven.is_empty() {
            stops.clear();
        }
        let id: String = fingerprint([org, &target].join("\u{1f}").as_bytes()).chars().take(NAME).collect();
        let known = trackers.get(*vehicle).map_or(*vehicle, String::as_str);
        let route = Dispatch { id, name: target.clone(), vehicle: known.to_owned(), stops };
        let cause = format!("{} version {} route {vehicle}", version.day, version.version);
        enqueue(tx, ring, (org, &target, &cause), &Content::Route(Box::new(route)), now).await?;
    }
    Ok(())
}

/// How the provider calls each vehicle, by its code.
fn trackers(by_tracker: HashMap<String, String>) -> HashMap<String, String> {
    by_tracker.into_iter().map(|(tracker, code)| (code, tracker)).collect()
}

/// Whether a device is to lead there: breaks and rests are where the driver is.
fn is_place(stop: &DrivenStop) -> bool {
    !matches!(stop.activity.as_str(), "break" | "rest")
}

/// What a stop is called on a device: its name, its address, or its code.
fn name(stop: &DrivenStop) -> String {
    let first = [&stop.name, &stop.address, &stop.code].into_iter().find(|text| !text.is_empty());
    first.cloned().unwrap_or_default()
}

/// The moment at which clocks show a second of a day, or of the days around it, milliseconds since 1970.
fn moment(day: Date, second: i64, zone: &TimeZone) -> i64 {
    let shown = day.at(0, 0, 0, 0).saturating_add(second.seconds());
    shown.to_zoned(zone.clone()).map_or(0, |moment| moment.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_that_clocks_show() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let day = "2026-10-25".parse().unwrap();
        let of = |second| jiff::Timestamp::from_millisecond(moment(day, second, &zone)).unwrap().to_string();
        // In the night clocks are turned back; the plan's seven is seven o'clock.
        assert_eq!(of(7 * 3_600), "2026-10-25T06:00:00Z");
        assert_eq!(of(25 * 3_600), "2026-10-26T00:00:00Z");
        assert_eq!(of(-3_600), "2026-10-24T21:00:00Z");
    }
}
