//! Alternatives of a day: plans of which none is better than another in two or three respects. They are searched for
//! by a job, as plans are, kept as a front, compared, and one of them becomes the day's next version.

use std::collections::{BTreeMap, BTreeSet};

use milkrun::algorithm::RunsProgress;
use milkrun::document::{FrontDocument, ObjectiveKind, ParetoDocument, Scales};
use milkrun::pareto::{ParetoParams, pareto_with};
use milkrun::{CancelToken, Problem, SolveParams};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::cache::PlanCache;
use super::days::{self, DayRoute, DayVersion, NewVersion, Put};
use super::jobs::Claimed;
use super::plans::{self, NewPlan, Solved, Summary};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::crypto::fingerprint;
use crate::error::Error;
use crate::ids::new_id;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::fronts::{Front, NewFront};
use crate::storage::jobs::Made;
use crate::storage::{Days as _, Fronts as _, Jobs as _, Plans as _};

/// Most points of a front: each is a plan of its own.
pub(crate) const MOST_POINTS: usize = 20;
/// Most fronts that an organisation keeps.
pub(crate) const MOST_FRONTS: i64 = 200;

/// What is asked of a front, as a job keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The day.
    pub(crate) day: String,
    /// Two or three objectives.
    pub(crate) objectives: Vec<ObjectiveKind>,
    /// About how many points.
    pub(crate) points: usize,
}

/// A front as the library found it, with a plan and a map for each point.
pub(super) struct Found {
    points: Vec<Solved>,
    document: String,
}

/// Searches for a front.
pub(super) fn search(
    problem: &Problem,
    wanted: &Wanted,
    search: &SolveParams,
    cancel: &CancelToken,
    told: &mut dyn FnMut(&RunsProgress),
    map: &dyn Fn(&milkrun::Plan) -> String,
) -> Result<Found, String> {
    let asked = ParetoDocument { objectives: wanted.objectives.clone(), points: wanted.points };
    let params: ParetoParams = asked.params(search);
    let mut front = pareto_with(problem, &params, cancel, told).map_err(|error| error.to_string())?;
    if front.points.is_empty() {
        return Err("no feasible plan was found: search longer, or look at the vehicles' limits".to_owned());
    }
    // Plans that searches have met on their way may be on the front, too: of more than were asked for, some in even distances.
    let kept = spread(front.points.len(), wanted.points);
    let mut number = 0;
    front.points.retain(|_| {
        number += 1;
        kept.contains(&(number - 1))
    });
    let document = serde_json::to_string(&FrontDocument::new(&front, &Scales::default()));
    let document = document.map_err(|error| error.to_string())?;
    let point = |plan: milkrun::Plan| Solved { problem: problem.clone(), map: map(&plan), plan };
    Ok(Found { points: front.points.into_iter().map(|point| point.plan).map(point).collect(), document })
}

/// At most `most` of so many places, the first and the last among them.
fn spread(count: usize, most: usize) -> BTreeSet<usize> {
    if count <= most {
        return (0..count).collect();
    }
    let last = most.max(2) - 1;
    (0..=last).map(|i| i * (count - 1) / last).collect()
}

/// Stores a job's front and ends the job, in one transaction. Gives the front's id, or nothing if the job is another worker's by
/// now.
pub(super) async fn store(
    ledger: &Ledger,
    own: (&str, &Claimed),
    wanted: &Wanted,
    found: &Found,
) -> Result<Option<String>, Error> {
    watched(Operation::Alternatives, || try_store(ledger, own, wanted, found)).await
}

async fn try_store(
    ledger: &Ledger,
    (worker, claimed): (&str, &Claimed),
    wanted: &Wanted,
    found: &Found,
) -> Result<Option<String>, Error> {
    let mut change = ledger.begin().await?;
    let (now, id) = (change.now(), new_id());
    let prepared = &claimed.prepared;
    let mut plans = Vec::new();
    for (point, solved) in found.points.iter().enumerate() {
        let new = NewPlan {
            org: &claimed.org,
            name: &format!("{} ({} of {})", claimed.name, point + 1, found.points.len()),
            content_key: &fingerprint(format!("front {id} {point}").as_bytes()),
            problem: &prepared.problem,
            streets: prepared.streets.as_ref(),
            travel: &prepared.travel,
            forecast: prepared.forecast.as_ref(),
        };
        plans.push(plans::insert(&mut change, new, solved, now).await?);
    }
    let new = NewFront {
        id: &id,
        by: (&claimed.org, &claimed.user),
        name: &claimed.name,
        day: &wanted.day,
        content_key: &claimed.content_key,
        document: &found.document,
        created_at: now,
    };
    let id = if change.insert_front(&new, &plans).await? {
        id
    } else {
        // Made meanwhile by another worker, which was taken for dead: what is there holds, and nothing of this is kept.
        drop(change);
        change = ledger.begin().await?;
        let known = change.front_of_key(&claimed.org, &claimed.content_key).await?;
        known.ok_or_else(|| Error::Stored("a front vanished".to_owned()))?
    };
    if !change.finish_job((worker, &claimed.id), Made::Front(&id), now).await? {
        return Ok(None);
    }
    let detail = json!({"day": wanted.day, "points": plans.len()});
    change.commit_with(Event::new("alternatives.stored").of(&claimed.org).on(&id).with(detail)).await?;
    Ok(Some(id))
}

/// A front, with the plans of its points.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Alternatives {
    /// The front.
    #[serde(flatten)]
    pub(crate) front: Front,
    /// The plans of its points, in their order.
    pub(crate) plans: Vec<Summary>,
}

/// One front of an organisation.
pub(crate) async fn find(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Alternatives>, Error> {
    watched(Operation::Alternatives, || read(ledger, org, id)).await
}

async fn read(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Alternatives>, Error> {
    let mut connection = ledger.connection().await?;
    let Some(front) = connection.front(org, id).await? else { return Ok(None) };
    let mut plans = Vec::new();
    for plan in connection.points(id).await? {
        plans.extend(connection.plan(org, &plan).await?);
    }
    Ok(Some(Alternatives { front, plans }))
}

/// The fronts of a day, the newest first.
pub(crate) async fn list(ledger: &Ledger, org: &str, day: &str, limit: i64) -> Result<Vec<Front>, Error> {
    ledger.connection().await?.fronts(org, day, limit).await
}

/// Whether an organisation may ask for a further front.
pub(crate) async fn has_room(ledger: &Ledger, org: &str) -> Result<bool, Error> {
    Ok(ledger.connection().await?.count_fronts(org).await? < MOST_FRONTS)
}

/// What became of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// The point's plan is that of the day.
    Done(DayVersion),
    /// The organisation has no such front.
    Missing,
    /// The front has only so many points.
    NoPoint(usize),
    /// Another version of the day's plan holds than was said; 0: the day has none.
    Stale(i64),
}

impl Outcome for Chosen {
    fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Stale(_) => "stale",
            Self::Missing | Self::NoPoint(_) => "missing",
        }
    }
}

/// Makes a point's plan the next version of the day's plan, after the version that the caller has seen.
pub(crate) async fn choose(
    ledger: &Ledger,
    who: &Identity,
    id: &str,
    (point, after): (i64, i64),
) -> Result<Chosen, Error> {
    watched(Operation::Alternatives, || try_choose(ledger, who, id, (point, after))).await
}

async fn try_choose(ledger: &Ledger, who: &Identity, id: &str, (point, after): (i64, i64)) -> Result<Chosen, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let Some(front) = change.front(&who.org, id).await? else { return Ok(Chosen::Missing) };
    let points = change.points(id).await?;
    let Some(plan) = usize::try_from(point).ok().and_then(|point| points.get(point)) else {
        return Ok(Chosen::NoPoint(points.len()));
    };
    let new = NewVersion { day: &front.day, plan, after, cause: "chosen" };
    let version = match days::put(&mut change, who, new, now).await? {
        Put::Done(version) => version,
        Put::Stale(present) => return Ok(Chosen::Stale(present)),
        Put::NoPlan => return Ok(Chosen::Missing),
    };
    change.note_choice(id, point, (&who.user, now), version.version).await?;
    let detail = json!({"day": front.day, "point": point, "plan": plan, "version": version.version});
    change.commit_with(Event::new("alternatives.chosen").by(&who.org, &who.user).on(id).with(detail)).await?;
    Ok(Chosen::Done(version))
}

/// Deletes a front, and the plans of its points but for those that a day has or had; says whether there was one.
pub(crate) async fn delete(ledger: &Ledger, cache: &PlanCache, who: &Identity, id: &str) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    if change.front(&who.org, id).await?.is_none() {
        return Ok(false);
    }
    let gone = change.delete_front(id).await?;
    let detail = json!({"plans": gone.len()});
    change.commit_with(Event::new("alternatives.deleted").by(&who.org, &who.user).on(id).with(detail)).await?;
    for plan in gone {
        cache.forget(&who.org, &plan).await;
    }
    Ok(true)
}

/// A stop that two plans have on different vehicles, or that one of them has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Moved {
    /// `client`, `pickup` or `delivery`.
    pub(crate) activity: String,
    /// With which bin or shipment.
    pub(crate) code: String,
    /// The vehicle of the first plan; none: it is unserved there.
    pub(crate) from: Option<String>,
    /// The vehicle of the second plan.
    pub(crate) to: Option<String>,
}

/// Two points of a front, side by side.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Comparison {
    /// The plan of the first.
    pub(crate) of: Summary,
    /// The plan of the second.
    pub(crate) with: Summary,
    /// How much more the second costs; negative: less.
    pub(crate) cost: i64,
    /// How many metres more it drives.
    pub(crate) distance: i64,
    /// How many seconds longer its routes are, all together.
    pub(crate) duration: i64,
    /// How many more stops it serves.
    pub(crate) served: i64,
    /// The stops that change their vehicle.
    pub(crate) moved: Vec<Moved>,
}

/// Compares two points of a front; `None` if there is no such front, or it has no such points.
pub(crate) async fn compare(
    ledger: &Ledger,
    org: &str,
    id: &str,
    (first, second): (usize, usize),
) -> Result<Option<Comparison>, Error> {
    let Some(found) = find(ledger, org, id).await? else { return Ok(None) };
    let (Some(of), Some(with)) = (found.plans.get(first), found.plans.get(second)) else { return Ok(None) };
    let mut connection = ledger.connection().await?;
    let before = connection.plan_routes(&of.id).await?;
    let after = connection.plan_routes(&with.id).await?;
    Ok(Some(Comparison {
        cost: with.cost - of.cost,
        distance: with.distance - of.distance,
        duration: with.duration - of.duration,
        served: with.served - of.served,
        moved: moved(&before, &after),
        of: of.clone(),
        with: with.clone(),
    }))
}

/// The stops that are on other vehicles after than before, in the order of their codes.
fn moved(before: &[DayRoute], after: &[DayRoute]) -> Vec<Moved> {
    let mut stops: BTreeMap<(&str, &str), [Option<&str>; 2]> = BTreeMap::new();
    for (which, routes) in [before, after].into_iter().enumerate() {
        for route in routes {
            for stop in route.stops.iter().filter(|stop| is_service(&stop.activity)) {
                stops.entry((&stop.activity, &stop.code)).or_default()[which] = Some(&route.vehicle);
            }
        }
    }
    let differ = stops.into_iter().filter(|(_, [from, to])| from != to);
    let moved = |((activity, code), [from, to]): ((&str, &str), [Option<&str>; 2])| Moved {
        activity: activity.to_owned(),
        code: code.to_owned(),
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
    };
    differ.map(moved).collect()
}

fn is_service(activity: &str) -> bool {
    matches!(activity, "client" | "pickup" | "delivery")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::days::DayStop;

    #[test]
    fn a_few_of_many_are_spread() {
        assert_eq!(spread(3, 5).into_iter().collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(spread(9, 3).into_iter().collect::<Vec<_>>(), [0, 4, 8]);
        assert_eq!(spread(10, 2).into_iter().collect::<Vec<_>>(), [0, 9]);
        assert_eq!(spread(0, 2).len(), 0);
    }

    #[test]
    fn what_changes_its_vehicle_is_told() {
        let stop = |code: &str| {
            let (activity, code) = ("client".to_owned(), code.to_owned());
            DayStop { trip: 0, activity, code, arrival: 0, start_at: 0, departure: 0, load: 0 }
        };
        let route = |vehicle: &str, codes: &[&str]| DayRoute {
            route: 0,
            vehicle: vehicle.to_owned(),
            depot: String::new(),
            start_at: 0,
            end_at: 0,
            distance: 0,
            driving: 0,
            waiting: 0,
            cost: 0,
            shift_until: None,
            stops: codes.iter().map(|code| stop(code)).collect(),
        };
        let before = [route("t1", &["a", "b"]), route("t2", &["c"])];
        let after = [route("t1", &["b", "c"]), route("t2", &["d"])];
        let text = |moved: &Moved| format!("{} {:?} {:?}", moved.code, moved.from, moved.to);
        let found: Vec<String> = moved(&before, &after).iter().map(text).collect();
        assert_eq!(found, ["a Some(\"t1\") None", "c Some(\"t2\") Some(\"t1\")", "d None Some(\"t2\")"]);
    }
}
