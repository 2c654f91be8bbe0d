//! Plans in the database: documents, and their routes and stops as rows.

use milkrun::io::json;
use milkrun::plan::Activity;
use milkrun::{Plan, Problem, VehicleTypeId};
use serde::Serialize;

use super::jobs::Claimed;
use super::streets::Streets;
use super::travel_used::Used;
use crate::audit::{self, Event};
use crate::auth::new_id;
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::storage::{Connection, Store};

/// A plan's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Summary {
    /// Its id.
    pub(crate) id: String,
    /// A name for people.
    pub(crate) name: String,
    /// Whether it is feasible.
    pub(crate) feasible: bool,
    /// What it costs.
    pub(crate) cost: i64,
    /// Distance driven, metres.
    pub(crate) distance: i64,
    /// Time on the road, seconds, all routes together.
    pub(crate) duration: i64,
    /// Stops that are served.
    pub(crate) served: i64,
    /// Clients and shipments that are not.
    pub(crate) unserved: i64,
    /// When it was made, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// On what its times and distances rest: one entry, or one for each group of vehicles that travels alike.
    pub(crate) travel: Vec<Used>,
}

/// A day of plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Day {
    /// Days since 1970.
    pub(crate) date: i64,
    /// Plans made.
    pub(crate) plans: i64,
    /// Distance of all, metres.
    pub(crate) distance: i64,
    /// Time of all, seconds.
    pub(crate) duration: i64,
    /// Stops served.
    pub(crate) served: i64,
    /// Number of unserved clients and shipments.
    pub(crate) unserved: i64,
}

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
}

impl Stored {
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
    let row: Option<(String, String, String, String, String)> =
        sqlx::query_as("SELECT name, problem, document, streets, travel FROM plans WHERE org_id = $1 AND id = $2")
            .bind(org.to_owned())
            .bind(id.to_owned())
            .fetch_optional(connection)
            .await?;
    let Some((name, problem, document, streets, travel)) = row else { return Ok(None) };
    let streets = serde_json::from_str(&streets).map_err(|error| Error::Stored(error.to_string()))?;
    // Plans of earlier releases do not say it.
    let travel = serde_json::from_str(&travel).unwrap_or_default();
    Ok(Some(Stored { name, problem, document, streets, travel }))
}

/// Stores a job's plan and ends the job, in one transaction. Gives the plan's id, or nothing if the job is another
/// worker's by now.
pub(crate) async fn store_result(
    store: &Store,
    ring: &KeyRing,
    (worker, claimed): (&str, &Claimed),
    solved: &Solved,
    now: i64,
) -> Result<Option<String>, Error> {
    let mut tx = store.begin().await?;
    let prepared = &claimed.prepared;
    let new = NewPlan {
        org: &claimed.org,
        name: &claimed.name,
        content_key: &claimed.content_key,
        problem: &prepared.problem,
        streets: prepared.streets.as_ref(),
        travel: &prepared.travel,
    };
    let id = insert(&mut tx, new, solved, now).await?;
    let done = sqlx::query(
        "UPDATE plan_jobs SET state = 'done', plan_id = $1, finished_at = $2
         WHERE id = $3 AND worker = $4 AND state = 'running'",
    )
    .bind(id.clone())
    .bind(now)
    .bind(claimed.id.clone())
    .bind(worker.to_owned())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(None);
    }
    let mut event = Event::new("plan.stored").on(&id);
    event.org = Some(&claimed.org);
    audit::append(&mut tx, ring, now, event).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Stores a plan with its routes and stops; gives its id, or that of an equal one that is there.
pub(crate) async fn insert(tx: &mut Connection, new: NewPlan<'_>, solved: &Solved, now: i64) -> Result<String, Error> {
    let written = |error: serde_json::Error| Error::Stored(error.to_string());
    let Solved { problem, plan, map } = solved;
    let id = new_id();
    let [metres, seconds, served, unserved] = figures(plan);
    let inserted = sqlx::query(
        "INSERT INTO plans (id, org_id, name, content_key, problem, document, geojson, feasible, cost, distance,
                            duration, served, unserved, created_at, travel, streets)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (org_id, content_key) DO NOTHING",
    )
    .bind(id.clone())
    .bind(new.org.to_owned())
    .bind(new.name.to_owned())
    .bind(new.content_key.to_owned())
    .bind(new.problem.to_owned())
    .bind(json::write_plan(problem, plan))
    .bind(map.clone())
    .bind(i64::from(plan.is_feasible()))
    .bind(plan.cost())
    .bind(metres)
    .bind(seconds)
    .bind(served)
    .bind(unserved)
    .bind(now)
    .bind(serde_json::to_string(new.travel).map_err(written)?)
    .bind(serde_json::to_string(&new.streets).map_err(written)?)
    .execute(&mut *tx)
    .await?;
    if inserted.rows_affected() == 0 {
        let (known,) = sqlx::query_as("SELECT id FROM plans WHERE org_id = $1 AND content_key = $2")
            .bind(new.org.to_owned())
            .bind(new.content_key.to_owned())
            .fetch_one(tx)
            .await?;
        return Ok(known);
    }
    insert_routes(tx, &id, problem, plan).await?;
    Ok(id)
}

/// The routes of a plan as rows, with their stops.
async fn insert_routes(tx: &mut Connection, id: &str, problem: &Problem, plan: &Plan) -> Result<(), Error> {
    for (r, route) in plan.routes().iter().enumerate() {
        sqlx::query(
            "INSERT INTO routes (plan_id, route, vehicle, start_at, end_at, distance, driving, waiting, cost, trips, depot)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(id.to_owned())
        .bind(r as i64)
        .bind(problem.vehicle_type(route.vehicle_type).name.clone())
        .bind(route.start)
        .bind(route.end)
        .bind(route.distance)
        .bind(route.driving)
        .bind(route.waiting)
        .bind(route.cost())
        .bind(route.trips.len() as i64)
        .bind(depot_of(problem, route.vehicle_type))
        .execute(&mut *tx)
        .await?;
        for (t, trip) in route.trips.iter().enumerate() {
            for (p, visit) in trip.visits.iter().enumerate() {
                let (activity, name) = named(problem, route.vehicle_type, visit.activity);
                let coord = problem.coord(visit.location);
                sqlx::query(
                    "INSERT INTO stops (plan_id, route, trip, position, activity, code, lon, lat, arrival, start_at,
                                        departure)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                )
                .bind(id.to_owned())
                .bind(r as i64)
                .bind(t as i64)
                .bind(p as i64)
                .bind(activity)
                .bind(name.to_owned())
                .bind(coord.x)
                .bind(coord.y)
                .bind(visit.arrival)
                .bind(visit.start)
                .bind(visit.departure)
                .execute(&mut *tx)
                .await?;
            }
        }
    }
    Ok(())
}

/// The name of the depot where vehicles of a type start, or end if they start anywhere.
fn depot_of(problem: &Problem, vehicle_type: VehicleTypeId) -> String {
    let vehicle = problem.vehicle_type(vehicle_type);
    vehicle.start.or(vehicle.end).map_or_else(String::new, |depot| problem.depot(depot).name.clone())
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
fn named(problem: &Problem, vehicle_type: VehicleTypeId, activity: Activity) -> (&'static str, &str) {
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

type Row = (String, String, i64, i64, i64, i64, i64, i64, i64, String);

fn summary((id, name, feasible, cost, distance, duration, served, unserved, created_at, travel): Row) -> Summary {
    // Plans of earlier releases do not say it.
    let travel = serde_json::from_str(&travel).unwrap_or_default();
    Summary { id, name, feasible: feasible != 0, cost, distance, duration, served, unserved, created_at, travel }
}

/// An organisation's plans, the newest first, made before `before`.
pub(crate) async fn list(
    connection: &mut Connection,
    org: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<Summary>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, feasible, cost, distance, duration, served, unserved, created_at, travel FROM plans
         WHERE org_id = $1 AND created_at < $2 ORDER BY created_at DESC, id DESC LIMIT $3",
    )
    .bind(org.to_owned())
    .bind(before)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(summary).collect())
}

/// One plan's figures.
pub(crate) async fn find(connection: &mut Connection, org: &str, id: &str) -> Result<Option<Summary>, Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, name, feasible, cost, distance, duration, served, unserved, created_at, travel FROM plans
         WHERE org_id = $1 AND id = $2",
    )
    .bind(org.to_owned())
    .bind(id.to_owned())
    .fetch_optional(connection)
    .await?;
    Ok(row.map(summary))
}

/// A plan's document and map.
pub(crate) async fn documents(
    connection: &mut Connection,
    org: &str,
    id: &str,
) -> Result<Option<(String, String)>, Error> {
    let query = sqlx::query_as("SELECT document, geojson FROM plans WHERE org_id = $1 AND id = $2");
    Ok(query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(connection).await?)
}

/// Deletes a plan of an organisation; says whether there was one.
pub(crate) async fn delete(tx: &mut Connection, org: &str, id: &str) -> Result<bool, Error> {
    let done = sqlx::query("DELETE FROM plans WHERE org_id = $1 AND id = $2")
        .bind(org.to_owned())
        .bind(id.to_owned())
        .execute(tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// An organisation's newest days, as of the last plan that was stored.
pub(crate) async fn days(connection: &mut Connection, org: &str, limit: i64) -> Result<Vec<Day>, Error> {
    let rows: Vec<(i64, i64, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT day, plans, distance, duration, served, unserved FROM plan_days WHERE org_id = $1
         ORDER BY day DESC LIMIT $2",
    )
    .bind(org.to_owned())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let day =
        |(date, plans, distance, duration, served, unserved)| Day { date, plans, distance, duration, served, unserved };
    Ok(rows.into_iter().map(day).collect())
}
