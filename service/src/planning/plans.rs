//! Plans in the database: documents, and their routes and stops as rows.

use milkrun::io::json;
use milkrun::plan::Activity;
use milkrun::{Plan, Problem, VehicleTypeId};

use super::cache::PlanCache;
use super::jobs::Claimed;
use super::streets::Streets;
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::ids::new_id;
use crate::operations::{Operation, watched};
use crate::storage::jobs::Made;
use crate::storage::plans::{PlanRow, RouteRow, StopRow};
use crate::storage::{Connection, Days as _, Fronts as _, Jobs as _, Plans as _};

pub(crate) use crate::storage::plans::{Day, PlanForecast, Summary, Used};

/// A plan that was made, with its map.
pub(crate) struct Solved {
    pub(crate) problem: Problem,
    pub(crate) plan: Plan,
    /// As `GeoJSON`.
    pub(crate) map: String,
}

/// What a new plan is, beside its routes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPlan<'a> {
    /// The organisation.
    pub(crate) org: &'a str,
    /// A name for people.
    pub(crate) name: &'a str,
    /// Names equal requests.
    pub(crate) content_key: &'a str,
    /// The problem, in milkrun's own format.
    pub(crate) problem: &'a str,
    /// The streets that are driven on.
    pub(crate) streets: Option<&'a Streets>,
    /// On what its times and distances rest.
    pub(crate) travel: &'a [Used],
    /// The forecast that it came from.
    pub(crate) forecast: Option<&'a PlanForecast>,
}

/// A stored plan, from which the engine can go on.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// A name for people.
    pub(super) name: String,
    /// The problem, in milkrun's own format.
    pub(super) problem: String,
    /// The plan, in milkrun's own format.
    pub(super) document: String,
    /// The streets that are driven on; the problem has straight lines in their place, unless it has tables.
    pub(super) streets: Option<Streets>,
    /// On what its times and distances rest.
    pub(super) travel: Vec<Used>,
    /// The forecast that it came from.
    pub(super) forecast: Option<PlanForecast>,
}

impl Stored {
    /// Problem and plan in the engine's form; reading them takes no thread of those that answer requests.
    pub(super) async fn form(&self) -> Result<(Problem, Plan), Error> {
        let stored = self.clone();
        let read = move || stored.problem().and_then(|problem| stored.plan(&problem).map(|plan| (problem, plan)));
        let read = tokio::task::spawn_blocking(read).await;
        read.map_err(|_| Error::Stored("a stored plan could not be read".to_owned()))?.map_err(Error::Stored)
    }

    /// The problem as the library has it.
    pub(crate) fn problem(&self) -> Result<Problem, String> {
        json::read_problem(&self.problem).map_err(|error| format!("the stored problem: {error}"))
    }

    /// The plan as the library has it, of the problem on the streets that it was made on.
    pub(crate) fn plan(&self, problem: &Problem) -> Result<Plan, String> {
        json::read_plan(&self.document, problem).map_err(|error| format!("the stored plan: {error}"))
    }
}

/// A stored plan of an organisation.
pub(crate) async fn stored(connection: &mut Connection, org: &str, id: &str) -> Result<Option<Stored>, Error> {
    let row = connection.stored_plan(org, id).await?;
    let Some((name, problem, document, streets, travel, forecast)) = row else { return Ok(None) };
    let streets = serde_json::from_str(&streets).map_err(|error| Error::Stored(error.to_string()))?;
    // Plans of earlier releases do not say it.
    let travel = serde_json::from_str(&travel).unwrap_or_default();
    let forecast = serde_json::from_str(&forecast).unwrap_or_default();
    Ok(Some(Stored { name, problem, document, streets, travel, forecast }))
}

/// Stores a job's plan and ends the job, in one transaction. Gives the plan's id, or nothing if the job is another
/// worker's by now.
pub(crate) async fn store_result(
    ledger: &Ledger,
    own: (&str, &Claimed),
    solved: &Solved,
) -> Result<Option<String>, Error> {
    watched(Operation::StoreResult, || try_store(ledger, own, solved)).await
}

async fn try_store(
    ledger: &Ledger,
    (worker, claimed): (&str, &Claimed),
    solved: &Solved,
) -> Result<Option<String>, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let prepared = &claimed.prepared;
    let new = NewPlan {
        org: &claimed.org,
        name: &claimed.name,
        content_key: &claimed.content_key,
        problem: &prepared.problem,
        streets: prepared.streets.as_ref(),
        travel: &prepared.travel,
        forecast: prepared.forecast.as_ref(),
    };
    let id = insert(&mut change, new, solved, now).await?;
    if !change.finish_job((worker, &claimed.id), Made::Plan(&id), now).await? {
        return Ok(None);
    }
    change.commit_with(Event::new("plan.stored").of(&claimed.org).on(&id)).await?;
    Ok(Some(id))
}

/// Stores a plan with its routes and stops; gives its id, or that of an equal one that is there.
pub(crate) async fn insert(tx: &mut Connection, new: NewPlan<'_>, solved: &Solved, now: i64) -> Result<String, Error> {
    let written = |error: serde_json::Error| Error::Stored(error.to_string());
    let Solved { problem, plan, map } = solved;
    let id = new_id();
    let [metres, seconds, served, unserved] = figures(plan);
    let row = PlanRow {
        id: &id,
        org: new.org,
        name: new.name,
        content_key: new.content_key,
        documents: [new.problem, &json::write_plan(problem, plan), map],
        feasible: plan.is_feasible(),
        figures: [plan.cost(), metres, seconds, served, unserved],
        created_at: now,
        travel: &serde_json::to_string(new.travel).map_err(written)?,
        streets: &serde_json::to_string(&new.streets).map_err(written)?,
        forecast: &serde_json::to_string(&new.forecast).map_err(written)?,
    };
    if !tx.insert_plan(&row).await? {
        let known = tx.plan_of_key(new.org, new.content_key).await?;
        return known.ok_or_else(|| Error::Stored("a plan vanished".to_owned()));
    }
    let (routes, stops) = rows(&id, problem, plan);
    tx.insert_routes(&routes).await?;
    tx.insert_stops(&stops).await?;
    Ok(id)
}

/// The routes of a plan as rows, and their stops.
fn rows(id: &str, problem: &Problem, plan: &Plan) -> (Vec<RouteRow>, Vec<StopRow>) {
    let (mut routes, mut stops) = (Vec::new(), Vec::new());
    for (r, route) in plan.routes().iter().enumerate() {
        routes.push([
            id.into(),
            (r as i64).into(),
            (&problem.vehicle_type(route.vehicle_type).name).into(),
            route.start.into(),
            route.end.into(),
            route.distance.into(),
            route.driving.into(),
            route.waiting.into(),
            route.cost().into(),
            (route.trips.len() as i64).into(),
            depot_of(problem, route.vehicle_type).into(),
            problem.vehicle_type(route.vehicle_type).shift.late.into(),
        ]);
        for (t, trip) in route.trips.iter().enumerate() {
            for (p, visit) in trip.visits.iter().enumerate() {
                let (activity, name) = named(problem, route.vehicle_type, visit.activity);
                let coord = problem.coord(visit.location);
                stops.push([
                    id.into(),
                    (r as i64).into(),
                    (t as i64).into(),
                    (p as i64).into(),
                    activity.into(),
                    name.into(),
                    coord.x.into(),
                    coord.y.into(),
                    visit.arrival.into(),
                    visit.start.into(),
                    visit.departure.into(),
                    load_of(problem, visit.activity).into(),
                ]);
            }
        }
    }
    (routes, stops)
}

/// What is collected or delivered at a stop, in the first dimension of loads.
pub(super) fn load_of(problem: &Problem, activity: Activity) -> i64 {
    let first = |loads: &[i64]| loads.first().copied().unwrap_or(0);
    match activity {
        Activity::Client(id) => first(&problem.client(id).pickup) + first(&problem.client(id).delivery),
        // What is collected to be delivered counts once.
        Activity::Delivery(id) => first(&problem.shipment(id).amount),
        _ => 0,
    }
}

/// The name of the depot where vehicles of a type start, or end if they start anywhere.
fn depot_of(problem: &Problem, vehicle_type: VehicleTypeId) -> &str {
    let vehicle = problem.vehicle_type(vehicle_type);
    vehicle.start.or(vehicle.end).map_or("", |depot| &problem.depot(depot).name)
}

/// Metres and seconds of all routes, stops that are served, and clients and shipments that are not.
fn figures(plan: &Plan) -> [i64; 4] {
    let routes = plan.routes();
    let visits = routes.iter().flat_map(milkrun::plan::Route::visits);
    let served = visits.filter(|visit| visit.activity.is_service()).count();
    let unserved = plan.unserved().clients.len() + plan.unserved().shipments.len();
    let (metres, seconds) = routes.iter().fold((0, 0), |(m, s), route| (m + route.distance, s + route.duration()));
    [metres, seconds, served as i64, unserved as i64]
}

/// What is done at a stop, and the name of that with which it is done.
pub(super) fn named(problem: &Problem, vehicle_type: VehicleTypeId, activity: Activity) -> (&'static str, &str) {
    match activity {
        Activity::Client(id) => ("client", &problem.client(id).name),
        Activity::Pickup(id) => ("pickup", &problem.shipment(id).name),
        Activity::Delivery(id) => ("delivery", &problem.shipment(id).name),
        Activity::Dispose(id) => ("dispose", &problem.disposal_site(id).name),
        Activity::Break(index) => {
            ("break", problem.vehicle_type(vehicle_type).breaks.get(index).map_or("", |pause| &pause.name))
        }
        Activity::Rest(_) => ("rest", ""),
        _ => ("stop", ""),
    }
}

/// An organisation's plans, the newest first, made before `before`.
pub(crate) async fn list(ledger: &Ledger, org: &str, before: i64, limit: i64) -> Result<Vec<Summary>, Error> {
    ledger.connection().await?.plans(org, before, limit).await
}

/// One plan's figures.
pub(crate) async fn find(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Summary>, Error> {
    ledger.connection().await?.plan(org, id).await
}

/// What looks unlikely in the problem of a plan.
pub(crate) async fn remarks(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Vec<String>>, Error> {
    let mut connection = ledger.connection().await?;
    let Some(found) = stored(&mut connection, org, id).await? else { return Ok(None) };
    drop(connection);
    // Reading it takes no thread of those that answer requests.
    let remarks = tokio::task::spawn_blocking(move || found.problem().map(|problem| problem.remarks())).await;
    let remarks = remarks.map_err(|_| Error::Stored("a stored plan could not be read".to_owned()))?;
    remarks.map(Some).map_err(Error::Stored)
}

/// An organisation's newest days of plans, as of the last plan that was stored.
pub(crate) async fn days(ledger: &Ledger, org: &str, limit: i64) -> Result<Vec<Day>, Error> {
    ledger.connection().await?.plan_days(org, limit).await
}

/// What became of a request to delete a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deleted {
    /// It is gone.
    Done,
    /// The organisation has no such plan.
    Missing,
    /// It is one of these alternatives.
    OfFront(String),
    /// It is that of a day, in a version: what was planned for a day is kept.
    OfDay(String, i64),
}

/// Deletes a plan of an organisation.
pub(crate) async fn delete(ledger: &Ledger, cache: &PlanCache, who: &Identity, id: &str) -> Result<Deleted, Error> {
    let mut change = ledger.begin().await?;
    if let Some((day, version)) = change.day_of_plan(&who.org, id).await? {
        return Ok(Deleted::OfDay(day, version));
    }
    if let Some(front) = change.front_of_plan(&who.org, id).await? {
        return Ok(Deleted::OfFront(front));
    }
    if !change.delete_plan(&who.org, id).await? {
        return Ok(Deleted::Missing);
    }
    change.commit_with(Event::new("plan.deleted").by(&who.org, &who.user).on(id)).await?;
    cache.forget(&who.org, id).await;
    Ok(Deleted::Done)
}
