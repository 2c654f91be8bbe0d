//! What drivers say of a day's stops, and how that compares with the plan.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use serde_json::json;

use crate::analytics::LATE;
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::fleet::Fault;
use crate::storage::confirmations::Words;
use crate::storage::days::DayRoute;
use crate::storage::{Confirmations as _, DayFigures as _, Days as _};

/// A word on a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Confirmation {
    /// `client`, `pickup` or `delivery`.
    pub(crate) activity: String,
    /// With which bin or shipment.
    pub(crate) code: String,
    /// Whether it was done; else it was missed.
    pub(crate) is_done: bool,
    /// Why it was missed; may be empty.
    pub(crate) reason: String,
    /// When, seconds of the day.
    pub(crate) at: i64,
}

/// What became of confirmations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Confirmed {
    /// They are stored.
    Stored,
    /// The day has no plan.
    NoPlan,
    /// Stops that the day's plan does not have.
    Faults(Vec<Fault>),
}

/// Stores what drivers say; a newer word replaces an older one, a word that comes twice changes nothing, and one that comes late
/// does not replace what is newer.
pub(crate) async fn store(
    ledger: &Ledger,
    who: &Identity,
    day: &str,
    words: &[Confirmation],
) -> Result<Confirmed, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let Some(version) = change.day_version(&who.org, day).await? else { return Ok(Confirmed::NoPlan) };
    let planned = change.plan_routes(&version.plan_id).await?;
    let stops = planned.iter().flat_map(|route| &route.stops);
    let known: HashSet<(&str, &str)> = stops.map(|stop| (stop.activity.as_str(), stop.code.as_str())).collect();
    let faults: Vec<Fault> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| !known.contains(&(word.activity.as_str(), word.code.as_str())))
        .map(|(i, word)| {
            let text =
                format!("the plan of {day} has no {} {:?}: correct it, or leave it out", word.activity, word.code);
            Fault::new(format!("$.stops[{i}].code"), text)
        })
        .collect();
    if !faults.is_empty() {
        return Ok(Confirmed::Faults(faults));
    }
    // Of several words on a stop the newest counts, and of those of one time the last.
    let mut newest: BTreeMap<(&str, &str), &Confirmation> = BTreeMap::new();
    for word in words {
        let known = newest.entry((&word.activity, &word.code)).or_insert(word);
        if word.at >= known.at {
            *known = word;
        }
    }
    let rows: Vec<_> = newest
        .into_iter()
        .map(|((activity, code), word)| (activity, code, word.is_done, word.reason.as_str(), word.at, ""))
        .collect();
    change.confirm((&who.org, day), &rows, &who.user, now).await?;
    change.day_changed(&who.org, day).await?;
    let missed = words.iter().filter(|word| !word.is_done).count();
    let detail = json!({"day": day, "stops": words.len(), "missed": missed});
    let event = Event::new("day.stops_confirmed").by(&who.org, &who.user).on(&version.plan_id).with(detail);
    change.commit_with(event).await?;
    Ok(Confirmed::Stored)
}

/// A vehicle's day: what was planned, and what was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Analysis {
    /// The vehicle.
    pub(crate) vehicle: String,
    /// Services planned.
    pub(crate) planned: i64,
    /// Services done.
    pub(crate) done: i64,
    /// Services missed.
    pub(crate) missed: i64,
    /// Services of which nothing has been said.
    pub(crate) open: i64,
    /// Services done more than a quarter of an hour later than planned.
    pub(crate) late: i64,
    /// Seconds between the planned and the confirmed time of services that were done, on average; negative: early.
    pub(crate) mean_delay: i64,
    /// Metres planned.
    pub(crate) distance: i64,
    /// Planned cost.
    pub(crate) cost: i64,
}

/// How a day's plan compares with what drivers say, by vehicle; `None`: the day has no plan.
pub(crate) async fn analysis(ledger: &Ledger, org: &str, day: &str) -> Result<Option<Vec<Analysis>>, Error> {
    let mut connection = ledger.connection().await?;
    let Some(version) = connection.day_version(org, day).await? else { return Ok(None) };
    let routes = connection.plan_routes(&version.plan_id).await?;
    Ok(Some(compared(&routes, &connection.words(org, day).await?)))
}

/// By vehicle.
fn compared(routes: &[DayRoute], words: &Words) -> Vec<Analysis> {
    let mut vehicles: BTreeMap<&str, Analysis> = BTreeMap::new();
    let mut delays: BTreeMap<&str, i64> = BTreeMap::new();
    for route in routes {
        let own = vehicles.entry(&route.vehicle).or_default();
        own.vehicle.clone_from(&route.vehicle);
        own.distance += route.distance;
        own.cost += route.cost;
        let is_service = |activity: &str| matches!(activity, "client" | "pickup" | "delivery");
        for stop in route.stops.iter().filter(|stop| is_service(&stop.activity)) {
            own.planned += 1;
            match words.get(&(stop.activity.clone(), stop.code.clone())) {
                None => own.open += 1,
                Some((false, _)) => own.missed += 1,
                Some((true, at)) => {
                    own.done += 1;
                    own.late += i64::from(at - stop.start_at > LATE);
                    *delays.entry(&route.vehicle).or_default() += at - stop.start_at;
                }
            }
        }
    }
    for (vehicle, own) in &mut vehicles {
        own.mean_delay = delays.get(vehicle).map_or(0, |sum| sum / own.done.max(1));
    }
    vehicles.into_values().collect()
}
