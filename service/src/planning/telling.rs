//! Whom a new plan of a day concerns: drivers whose routes it changes, and endpoints that asked for it.

use std::collections::BTreeMap;

use milkrun_providers::Message;
use serde_json::json;

use super::dispatching;
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::outbox::{Content, DAY_CHANGED, enqueue};
use crate::providers::takes_routes;
use crate::storage::days::{DayRoute, DayVersion};
use crate::storage::{Connection, Days as _, Outbox as _, ProviderAccounts as _, Webhooks as _};

/// A start that moves by less, seconds, is not worth a message.
const SLIGHT: i64 = 600;

/// Tells the drivers whose routes a new version of a day's plan changes, and the endpoints that asked for it, and sends the routes to the
/// vehicles' devices where the organisation's account for telematics takes them; within the transaction that makes the version.
pub(crate) async fn day_changed(
    tx: &mut Connection,
    ring: &KeyRing,
    org: &str,
    version: &DayVersion,
    now: i64,
) -> Result<(), Error> {
    let drivers = tx.reachable_drivers(org).await?;
    let endpoints = tx.endpoints(org).await?;
    let endpoints: Vec<_> =
        endpoints.iter().filter(|to| to.events.split(' ').any(|kind| kind == DAY_CHANGED)).collect();
    let telematics = tx.provider_account(org, "telematics").await?.filter(takes_routes);
    if drivers.is_empty() && endpoints.is_empty() && telematics.is_none() {
        return Ok(());
    }
    let before = match tx.day_version_of(org, &version.day, version.version - 1).await? {
        Some(before) => tx.plan_routes(&before.plan_id).await?,
        None => Vec::new(),
    };
    let after = tx.plan_routes(&version.plan_id).await?;
    let changed = changed(&before, &after);
    for (code, vehicle, phone) in &drivers {
        let Some(routes) = changed.get(vehicle.as_str()) else { continue };
        let message = Message { to: phone.clone(), text: text(&version.day, vehicle, routes) };
        let cause = format!("{} version {} driver {code}", version.day, version.version);
        enqueue(tx, ring, (org, "", &cause), &Content::Message(message), now).await?;
    }
    if telematics.is_some() {
        dispatching::routes_changed(tx, ring, org, version, &changed, now).await?;
    }
    let vehicles: Vec<&str> = changed.keys().copied().collect();
    let data =
        json!({"day": version.day, "version": version.version, "plan_id": version.plan_id, "vehicles": vehicles});
    let time = jiff::Timestamp::from_millisecond(now).unwrap_or_default().to_string();
    let body = json!({"type": DAY_CHANGED, "timestamp": time, "data": data}).to_string();
    for endpoint in endpoints {
        let cause = format!("{DAY_CHANGED} {} version {}", version.day, version.version);
        enqueue(tx, ring, (org, &endpoint.id, &cause), &Content::Webhook(body.clone()), now).await?;
    }
    Ok(())
}

/// Routes by vehicle.
fn by_vehicle(routes: &[DayRoute]) -> BTreeMap<&str, Vec<&DayRoute>> {
    let mut vehicles: BTreeMap<&str, Vec<&DayRoute>> = BTreeMap::new();
    for route in routes {
        vehicles.entry(&route.vehicle).or_default().push(route);
    }
    vehicles
}

/// The vehicles whose routes are others than before, with their routes now.
fn changed<'a>(before: &'a [DayRoute], after: &'a [DayRoute]) -> BTreeMap<&'a str, Vec<&'a DayRoute>> {
    let (before, mut after) = (by_vehicle(before), by_vehicle(after));
    for vehicle in before.keys() {
        after.entry(vehicle).or_default();
    }
    after.retain(|vehicle, routes| !is_alike(before.get(vehicle).map_or(&[], Vec::as_slice), routes));
    after
}

/// Whether a driver does the same: the same stops in the same order, from about the same time.
fn is_alike(before: &[&DayRoute], after: &[&DayRoute]) -> bool {
    let stops = |routes: &[&DayRoute]| -> Vec<(i64, String, String)> {
        let all = routes.iter().flat_map(|route| &route.stops);
        all.map(|stop| (stop.trip, stop.activity.clone(), stop.code.clone())).collect()
    };
    let starts = before
        .iter()
        .zip(after)
        .all(|(before, after)| before.start_at.abs_diff(after.start_at) < SLIGHT.unsigned_abs());
    before.len() == after.len() && starts && stops(before) == stops(after)
}

/// What a driver is told.
fn text(day: &str, vehicle: &str, routes: &[&DayRoute]) -> String {
    let stops = || routes.iter().flat_map(|route| &route.stops);
    let is_service = |activity: &str| matches!(activity, "client" | "pickup" | "delivery");
    let services = stops().filter(|stop| is_service(&stop.activity)).count();
    let start = routes.iter().map(|route| route.start_at).min();
    let end = routes.iter().map(|route| route.end_at).max();
    let (Some(start), Some(end)) = (start, end) else {
        return format!("{day}, {vehicle}: your route is cancelled, there is nothing to do.");
    };
    let first = stops().find(|stop| is_service(&stop.activity));
    let first = first.map_or_else(String::new, |stop| format!(" First: {} at {}.", stop.code, clock(stop.arrival)));
    format!("{day}, {vehicle}: your route has changed. {services} stops, {} to {}.{first}", clock(start), clock(end))
}

/// A second of the day as `07:30`; of the next day as `25:10`.
fn clock(second: i64) -> String {
    let minutes = second.div_euclid(60);
    let sign = if minutes < 0 { "-" } else { "" };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::days::DayStop;

    fn route(vehicle: &str, start_at: i64, codes: &[&str]) -> DayRoute {
        let stop = |code: &&str| DayStop {
            trip: 0,
            activity: "client".to_owned(),
            code: (*code).to_owned(),
            arrival: start_at + 600,
            start_at: start_at + 600,
            departure: start_at + 660,
            load: 0,
        };
        DayRoute {
            route: 0,
            vehicle: vehicle.to_owned(),
            depot: "yard".to_owned(),
            start_at,
            end_at: start_at + 7_200,
            distance: 0,
            driving: 0,
            waiting: 0,
            cost: 0,
            shift_until: None,
            stops: codes.iter().map(stop).collect(),
        }
    }

    #[test]
    fn only_drivers_who_do_something_else_are_told() {
        let before = [route("t1", 21_600, &["a", "b"]), route("t2", 21_600, &["c"]), route("t3", 21_600, &["d"])];
        let after = [route("t1", 21_900, &["a", "b"]), route("t2", 21_600, &["c", "d"]), route("t4", 27_000, &["e"])];
        let changed = changed(&before, &after);
        assert_eq!(changed.keys().copied().collect::<Vec<_>>(), ["t2", "t3", "t4"]);
        let told = |vehicle| text("2026-12-03", vehicle, &changed[vehicle]);
        assert_eq!(told("t2"), "2026-12-03, t2: your route has changed. 2 stops, 06:00 to 08:00. First: c at 06:10.");
        assert_eq!(told("t3"), "2026-12-03, t3: your route is cancelled, there is nothing to do.");
        let late = [route("t1", 22_500, &["a", "b"])];
        assert_eq!(super::changed(&before[..1], &late).len(), 1);
        let swapped = [route("t1", 21_600, &["b", "a"])];
        assert_eq!(super::changed(&before[..1], &swapped).len(), 1);
        assert!(super::changed(&before, &before).is_empty());
    }

    #[test]
    fn times_are_those_of_the_day() {
        assert_eq!([0, 27_000, 90_600, -1_800].map(clock), ["00:00", "07:30", "25:10", "-00:30"]);
    }
}
