//! The plan of a day: which one holds, in which version, and what was before. A version is never changed: a new plan
//! for the day is the next version, and only whoever knows the present one can make it. So of two dispatchers at
//! once, none overwrites the other.

use serde_json::json;

use super::cache::PlanCache;
use super::telling;
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::{Connection, DayFigures as _, Days as _, Plans as _};

pub(crate) use crate::storage::days::{DayRoute, DayVersion};

/// Most versions of a day that its history tells.
const MOST_VERSIONS: i64 = 1_000;

/// What became of a new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// It holds.
    Done(DayVersion),
    /// Another version holds than was said; 0: the day has none.
    Stale(i64),
    /// The organisation has no such plan.
    NoPlan,
}

impl Outcome for Put {
    fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Stale(_) => "stale",
            Self::NoPlan => "missing",
        }
    }
}

/// A new plan of a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewVersion<'a> {
    /// The day.
    pub(crate) day: &'a str,
    /// The plan.
    pub(crate) plan: &'a str,
    /// The version that holds now; 0: none.
    pub(crate) after: i64,
    /// `chosen` or `adapted`.
    pub(crate) cause: &'static str,
}

/// The version of a day's plan that holds.
pub(crate) async fn current(ledger: &Ledger, org: &str, day: &str) -> Result<Option<DayVersion>, Error> {
    watched(Operation::ReadCurrent, || async move { ledger.connection().await?.day_version(org, day).await }).await
}

/// The versions of a day's plan, the newest first.
pub(crate) async fn history(ledger: &Ledger, org: &str, day: &str) -> Result<Vec<DayVersion>, Error> {
    ledger.connection().await?.day_versions(org, day, MOST_VERSIONS).await
}

/// The newest days that have a plan, with the version that holds.
pub(crate) async fn newest(ledger: &Ledger, org: &str, limit: i64) -> Result<Vec<DayVersion>, Error> {
    ledger.connection().await?.newest_days(org, limit).await
}

/// Routes of the day's plan: of one vehicle, or of one depot, where these are not empty. `None`: the day has no plan.
pub(crate) async fn routes(
    ledger: &Ledger,
    cache: &PlanCache,
    (org, day): (&str, &str),
    vehicle: &str,
    depot: &str,
) -> Result<Option<Vec<DayRoute>>, Error> {
    let read = || async move {
        // Which version holds is always asked; what is in it never changes.
        let version = ledger.connection().await?.day_version(org, day).await?;
        let Some(version) = version else { return Ok(None) };
        let routes = cache.routes(ledger, &version.plan_id).await?;
        let is_asked = |route: &&DayRoute| {
            (vehicle.is_empty() || route.vehicle == vehicle) && (depot.is_empty() || route.depot == depot)
        };
        Ok(Some(routes.iter().filter(is_asked).cloned().collect()))
    };
    watched(Operation::ReadCurrent, read).await
}

/// Makes a plan that of a day, and says so in the audit log.
pub(crate) async fn choose(ledger: &Ledger, who: &Identity, new: NewVersion<'_>) -> Result<Put, Error> {
    watched(Operation::Update, || try_choose(ledger, who, new)).await
}

async fn try_choose(ledger: &Ledger, who: &Identity, new: NewVersion<'_>) -> Result<Put, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let put = put(&mut change, who, new, now).await?;
    if let Put::Done(version) = &put {
        telling::day_changed(&mut change, &ledger.ring, &who.org, version, now).await?;
        let detail = json!({"day": version.day, "version": version.version});
        let event = Event::new("day.plan_chosen").by(&who.org, &who.user).on(&version.plan_id).with(detail);
        change.commit_with(event).await?;
    }
    Ok(put)
}

/// Makes the next version, within a transaction.
pub(super) async fn put(tx: &mut Connection, who: &Identity, new: NewVersion<'_>, now: i64) -> Result<Put, Error> {
    let NewVersion { day, plan, after, cause } = new;
    if tx.plan(&who.org, plan).await?.is_none() {
        return Ok(Put::NoPlan);
    }
    let present = tx.day_version(&who.org, day).await?.map_or(0, |version| version.version);
    if present != after {
        return Ok(Put::Stale(present));
    }
    let version = DayVersion {
        day: day.to_owned(),
        version: after + 1,
        plan_id: plan.to_owned(),
        cause: cause.to_owned(),
        changed_by: who.user.clone(),
        changed_at: now,
    };
    // Two at once: the key lets one of them in.
    let is_new = tx.insert_version(&who.org, &version).await?;
    if is_new {
        tx.day_changed(&who.org, day).await?;
    }
    Ok(if is_new { Put::Done(version) } else { Put::Stale(after + 1) })
}
