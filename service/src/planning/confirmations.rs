//! What drivers say of a day's stops, and how that compares with the plan.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::json;

use super::days::{self, DayRoute};
use crate::audit::{self, Event};
use crate::auth::sessions::Identity;
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::fleet::Fault;
use crate::storage::{Connection, Store};

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
    store: &Store,
    ring: &KeyRing,
    who: &Identity,
    day: &str,
    words: &[Confirmation],
    now: i64,
) -> Result<Confirmed, Error> {
    let mut tx = store.begin().await?;
    let Some(version) = days::current(&mut tx, &who.org, day).await? else { return Ok(Confirmed::NoPlan) };
    let planned = days::routes(&mut tx, &version.plan_id, "", "").await?;
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
    for word in words {
        sqlx::query(
            "INSERT INTO confirmations (org_id, day, activity, code, outcome, reason, at_second, confirmed_by, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (org_id, day, activity, code) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
                 at_second = excluded.at_second, confirmed_by = excluded.confirmed_by, received_at = excluded.received_at
             WHERE excluded.at_second >= confirmations.at_second",
        )
        .bind(who.org.clone())
        .bind(day.to_owned())
        .bind(word.activity.clone())
        .bind(word.code.clone())
        .bind(if word.is_done { "done" } else { "missed" })
        .bind(word.reason.clone())
        .bind(word.at)
        .bind(who.user.clone())
        .bind(now)
        .execute(&mut *tx)
        .await?;
    }
    let missed = words.iter().filter(|word| !word.is_done).count();
    let detail = json!({"day": day, "stops": words.len(), "missed": missed});
    let event = Event::new("day.stops_confirmed").by(&who.org, &who.user).on(&version.plan_id).with(detail);
    audit::append(&mut tx, ring, now, event).await?;
    tx.commit().await?;
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

/// Later than this many seconds is late.
const LATE: i64 = 900;

/// How a day's plan compares with what drivers say, by vehicle; `None`: the day has no plan.
pub(crate) async fn analysis(
    connection: &mut Connection,
    org: &str,
    day: &str,
) -> Result<Option<Vec<Analysis>>, Error> {
    let Some(version) = days::current(&mut *connection, org, day).await? else { return Ok(None) };
    let routes = days::routes(&mut *connection, &version.plan_id, "", "").await?;
    let words: Vec<(String, String, String, i64)> =
        sqlx::query_as("SELECT activity, code, outcome, at_second FROM confirmations WHERE org_id = $1 AND day = $2")
            .bind(org.to_owned())
            .bind(day.to_owned())
            .fetch_all(connection)
            .await?;
    let words = words.into_iter().map(|(activity, code, outcome, at)| ((activity, code), (outcome == "done", at)));
    Ok(Some(compared(&routes, &words.collect())))
}

/// By vehicle.
fn compared(routes: &[DayRoute], words: &HashMap<(String, String), (bool, i64)>) -> Vec<Analysis> {
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
