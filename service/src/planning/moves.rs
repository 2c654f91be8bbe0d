//! Stops that a dispatcher moves by hand. The changed plan is judged before it is kept; keeping it makes it the day's next version, if
//! the version that was changed still holds.

use std::sync::Arc;

use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{ClientId, DisposalSiteId, Plan, Problem, VehicleTypeId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::board::Board;
use super::days::{self, DayVersion, NewVersion, Put};
use super::plans::{self, NewPlan, Solved};
use super::ready::{Ready, ReadyPlans, Unready};
use super::telling;
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::crypto::fingerprint;
use crate::error::Error;
use crate::fleet::Fault;
use crate::operations::{Failure, Operation, Outcome, watched};
use crate::storage::Days as _;

/// A client that goes somewhere else: with `route`, or `vehicle_type`, or `unserved`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Move {
    /// The index of the client.
    pub(crate) client: usize,
    /// To the route of that number, counted from 0 as the plan has them before this move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) route: Option<usize>,
    /// Before the client of this index, which is on that route; behind its last service unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<usize>,
    /// To a vehicle of this type, which stands in the depot. It is emptied where that violates the fewest rules and costs least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vehicle_type: Option<usize>,
    /// To no vehicle.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unserved: bool,
}

/// Moves of a day's plan.
#[derive(Clone, Debug)]
pub(crate) struct Moves {
    /// The day.
    pub(crate) day: String,
    /// The version that is changed.
    pub(crate) version: i64,
    /// One after the other.
    pub(crate) steps: Vec<Move>,
}

/// What became of them.
#[derive(Debug)]
pub(crate) enum Moved<T> {
    /// The judge's word, or the new version.
    Done(T),
    /// The day has no plan.
    NoPlan,
    /// Another version holds by now.
    Stale(i64),
    /// Moves that cannot be made.
    Faults(Vec<Fault>),
}

impl<T> Outcome for Moved<T> {
    fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::NoPlan => "missing",
            Self::Stale(_) => "stale",
            Self::Faults(_) => "refused",
        }
    }
}

impl Failure for Unready {
    fn inner(&self) -> Option<&Error> {
        if let Self::Inner(error) = self { Some(error) } else { None }
    }
}

/// A changed plan beside the one that holds.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Judged {
    /// What the plan that holds costs and does.
    pub(crate) before: super::board::BoardFigures,
    /// The rules that only the changed plan violates, in words.
    pub(crate) new_violations: Vec<String>,
    /// The changed plan.
    pub(crate) board: Board,
}

/// A stored plan, laid out; `None` if there is none.
pub(crate) async fn board(
    ledger: &Ledger,
    ready_plans: &ReadyPlans,
    org: &str,
    (id, with_reasons): (&str, bool),
) -> Result<Option<Board>, Unready> {
    watched(Operation::LoadForm, || async move {
        let Some(ready) = ready_plans.plan(ledger, org, id).await? else { return Ok(None) };
        on_a_thread(move || Board::new(&ready, &ready.plan, with_reasons)).await.map(Some)
    })
    .await
}

/// Judges a changed plan, and keeps nothing.
pub(crate) async fn judge(
    ledger: &Ledger,
    ready_plans: &ReadyPlans,
    org: &str,
    asked: &Moves,
) -> Result<Moved<Judged>, Unready> {
    let changed = match changed(ledger, ready_plans, org, asked).await? {
        Moved::Done(changed) => changed,
        Moved::NoPlan => return Ok(Moved::NoPlan),
        Moved::Stale(present) => return Ok(Moved::Stale(present)),
        Moved::Faults(faults) => return Ok(Moved::Faults(faults)),
    };
    let judged = on_a_thread(move || {
        let Changed { ready, plan, .. } = changed;
        let before = Board::new(&ready, &ready.plan, false)?;
        let board = Board::new(&ready, &plan, false)?;
        let is_new = |words: &&String| !before.violations.contains(words);
        let new_violations = board.violations.iter().filter(is_new).cloned().collect();
        Ok(Judged { before: before.figures, new_violations, board })
    });
    judged.await.map(Moved::Done)
}

/// Makes the changed plan the day's next version.
pub(crate) async fn keep(
    ledger: &Ledger,
    ready_plans: &ReadyPlans,
    who: &Identity,
    asked: &Moves,
) -> Result<Moved<DayVersion>, Unready> {
    watched(Operation::Update, || try_keep(ledger, ready_plans, who, asked)).await
}

async fn try_keep(
    ledger: &Ledger,
    ready_plans: &ReadyPlans,
    who: &Identity,
    asked: &Moves,
) -> Result<Moved<DayVersion>, Unready> {
    let Changed { ready, plan, from } = match changed(ledger, ready_plans, &who.org, asked).await? {
        Moved::Done(changed) => changed,
        Moved::NoPlan => return Ok(Moved::NoPlan),
        Moved::Stale(present) => return Ok(Moved::Stale(present)),
        Moved::Faults(faults) => return Ok(Moved::Faults(faults)),
    };
    let own = ready.clone();
    let (solved, problem) = on_a_thread(move || {
        let map = own.map(&plan);
        // A plan that was adapted before has its tables in its problem, one on straight lines has none: both as they are stored.
        Ok((Solved { problem: own.problem.clone(), plan, map }, own.stored.problem.clone()))
    })
    .await?;
    let moves = json!(asked.steps);
    let mut change = ledger.begin().await?;
    let now = change.now();
    let new = NewPlan {
        org: &who.org,
        name: &ready.stored.name,
        content_key: &fingerprint(format!("moved {from} {moves}").as_bytes()),
        problem: &problem,
        streets: ready.stored.streets.as_ref(),
        travel: &ready.stored.travel,
        forecast: ready.stored.forecast.as_ref(),
    };
    let plan_id = plans::insert(&mut change, new, &solved, now).await?;
    let version = NewVersion { day: &asked.day, plan: &plan_id, after: asked.version, cause: "chosen" };
    let version = match days::put(&mut change, who, version, now).await? {
        Put::Done(version) => version,
        Put::Stale(present) => return Ok(Moved::Stale(present)),
        Put::NoPlan => return Ok(Moved::NoPlan),
    };
    telling::day_changed(&mut change, &ledger.ring, &who.org, &version, now).await?;
    let detail = json!({"day": version.day, "version": version.version, "from": from, "moves": moves});
    let event = Event::new("day.stops_moved").by(&who.org, &who.user).on(&plan_id).with(detail);
    change.commit_with(event).await?;
    Ok(Moved::Done(version))
}

/// A plan with its moves made.
struct Changed {
    ready: Arc<Ready>,
    plan: Plan,
    /// The plan that it was.
    from: String,
}

async fn changed(
    ledger: &Ledger,
    ready_plans: &ReadyPlans,
    org: &str,
    asked: &Moves,
) -> Result<Moved<Changed>, Unready> {
    let version = ledger.connection().await?.day_version(org, &asked.day).await?;
    let Some(version) = version else { return Ok(Moved::NoPlan) };
    if version.version != asked.version {
        return Ok(Moved::Stale(version.version));
    }
    let Some(ready) = ready_plans.plan(ledger, org, &version.plan_id).await? else { return Ok(Moved::NoPlan) };
    let (moves, from) = (asked.steps.clone(), version.plan_id);
    let made = on_a_thread(move || {
        let mut stops = ready.plan.route_stops().to_vec();
        for (i, one) in moves.iter().enumerate() {
            if let Err((field, why)) = make(&ready.problem, &mut stops, one) {
                return Ok(Moved::Faults(vec![Fault::new(format!("$.moves[{i}].{field}"), why)]));
            }
        }
        let plan = Plan::new(&ready.problem, stops).map_err(|error| error.to_string())?;
        Ok(Moved::Done(Changed { ready, plan, from }))
    });
    made.await
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, Unready> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Unready::Broken("the plan could not be laid out".to_owned()))?.map_err(Unready::Broken)
}

/// Makes one move; else says which field is wrong and why.
fn make(problem: &Problem, routes: &mut Vec<RouteStops>, one: &Move) -> Result<(), (&'static str, String)> {
    let clients = problem.clients().len();
    if one.client >= clients {
        return Err(("client", format!("{}: there are {clients}, counted from 0", one.client)));
    }
    let moved = Activity::Client(ClientId::new(one.client));
    let before = one.before.map(|index| Activity::Client(ClientId::new(index)));
    match (one.route, one.vehicle_type, one.unserved) {
        (Some(route), None, false) => {
            let count = routes.len();
            let own = routes.get(route);
            let own = own.ok_or_else(|| ("route", format!("{route}: there are {count}, counted from 0")))?;
            let is_there = |activity| own.trips.iter().any(|trip| trip.activities.contains(&activity));
            if before == Some(moved) || before.is_some_and(|before| !is_there(before)) {
                return Err(("before", "give another client of that route".to_owned()));
            }
            take_out(routes, moved);
            put_in(&mut routes[route], moved, before);
        }
        (None, Some(index), false) => {
            let types = problem.vehicle_types().len();
            if index >= types {
                return Err(("vehicle_type", format!("{index}: there are {types}, counted from 0")));
            }
            let id = VehicleTypeId::new(index);
            if routes.iter().filter(|route| route.vehicle_type == id).count() >= problem.vehicle_type(id).count {
                return Err(("vehicle_type", "no vehicle of this type stands in the depot: give a route".to_owned()));
            }
            take_out(routes, moved);
            routes.push(called_out(problem, id, moved));
        }
        (None, None, true) => take_out(routes, moved),
        _ => return Err(("route", "give one of route, vehicle_type and unserved".to_owned())),
    }
    tidy(routes);
    Ok(())
}

fn take_out(routes: &mut [RouteStops], moved: Activity) {
    for trip in routes.iter_mut().flat_map(|route| &mut route.trips) {
        trip.activities.retain(|activity| *activity != moved);
    }
}

/// Before another service, or behind the last one.
fn put_in(route: &mut RouteStops, moved: Activity, before: Option<Activity>) {
    // A start that was chosen for other stops need not suit these.
    route.start = None;
    let found = route.trips.iter().enumerate().flat_map(|(t, trip)| {
        let activities = trip.activities.iter().enumerate();
        activities.map(move |(position, activity)| (t, position, *activity))
    });
    let (trip, position) = match before {
        Some(before) => found.into_iter().find(|(.., activity)| *activity == before).map(|(t, p, _)| (t, p)),
        None => found.rev().find(|(.., activity)| activity.is_service()).map(|(t, p, _)| (t, p + 1)),
    }
    .unwrap_or((0, 0));
    if let Some(trip) = route.trips.get_mut(trip) {
        trip.activities.insert(position, moved);
    }
}

/// The route of a vehicle that stood in the depot: with the disposal site, if any, that violates the fewest rules and costs least.
fn called_out(problem: &Problem, id: VehicleTypeId, moved: Activity) -> RouteStops {
    let vehicle = problem.vehicle_type(id);
    let with = |site: Option<usize>| {
        let emptied = site.map(|site| Activity::Dispose(DisposalSiteId::new(site)));
        let trip = TripStops {
            start: vehicle.start,
            activities: std::iter::once(moved).chain(emptied).collect(),
            end: vehicle.end,
        };
        RouteStops { vehicle_type: id, start: None, trips: vec![trip] }
    };
    let sites = (0..problem.disposal_sites().len()).map(Some);
    let judged = |route: &RouteStops| {
        let plan = Plan::new(problem, vec![route.clone()]);
        plan.map_or((usize::MAX, i64::MAX), |plan| (plan.violations().len(), plan.cost()))
    };
    sites.map(with).chain(std::iter::once(with(None))).min_by_key(judged).unwrap_or_else(|| with(None))
}

/// Takes away what nothing is served on: a vehicle would drive to be emptied of nothing.
fn tidy(routes: &mut Vec<RouteStops>) {
    let serves = |trip: &TripStops| trip.activities.iter().any(|activity| activity.is_service());
    for route in routes.iter_mut() {
        let several = route.trips.len() > 1;
        route.trips.retain(|trip| serves(trip) || !several || trip.start != trip.end);
    }
    routes.retain(|route| route.trips.iter().any(serves));
}

#[cfg(test)]
mod tests {
    use milkrun::{Client, Depot, DisposalSite, Travel, VehicleType};

    use super::*;

    /// A yard, a tip, four bins, and three trucks of which two drive.
    fn town() -> (Problem, Vec<RouteStops>) {
        let mut builder = Problem::builder();
        builder.travel(Travel::haversine(8.3));
        let yard = builder.add_depot(Depot::at((4.90, 52.37)));
        let tip = builder.add_disposal_site(DisposalSite::at((4.95, 52.40)));
        for i in 0..4 {
            builder.add_client(Client::at((4.9 + f64::from(i) / 100.0, 52.38)).pickup([100]));
        }
        let truck = builder.add_vehicle_type(VehicleType::new(3).capacity([1_000]).depot(yard));
        let problem = builder.build().unwrap();
        let route = |clients: [usize; 2]| {
            let served = clients.map(|index| Activity::Client(ClientId::new(index)));
            let activities = served.into_iter().chain([Activity::Dispose(tip)]).collect();
            let trip = TripStops { start: Some(yard), activities, end: Some(yard) };
            RouteStops { vehicle_type: truck, start: None, trips: vec![trip] }
        };
        (problem, vec![route([0, 1]), route([2, 3])])
    }

    fn clients(routes: &[RouteStops]) -> Vec<Vec<usize>> {
        let own = |route: &RouteStops| {
            let activities = route.trips.iter().flat_map(|trip| &trip.activities);
            activities.filter_map(|a| if let Activity::Client(id) = a { Some(id.index()) } else { None }).collect()
        };
        routes.iter().map(own).collect()
    }

    const NOWHERE: Move = Move { client: 0, route: None, before: None, vehicle_type: None, unserved: false };

    #[test]
    fn clients_go_where_they_are_put() {
        let (problem, mut routes) = town();
        make(&problem, &mut routes, &Move { client: 0, route: Some(1), before: Some(3), ..NOWHERE }).unwrap();
        assert_eq!(clients(&routes), [vec![1], vec![2, 0, 3]]);
        make(&problem, &mut routes, &Move { client: 2, route: Some(1), ..NOWHERE }).unwrap();
        assert_eq!(clients(&routes), [vec![1], vec![0, 3, 2]]);
        assert!(
            matches!(routes[1].trips[0].activities[3], Activity::Dispose(_)),
            "the truck is emptied behind its last service"
        );
        // The route that serves nothing is gone, and so is its drive to the tip.
        make(&problem, &mut routes, &Move { client: 1, unserved: true, ..NOWHERE }).unwrap();
        assert_eq!(clients(&routes), [vec![0, 3, 2]]);
        make(&problem, &mut routes, &Move { client: 1, vehicle_type: Some(0), ..NOWHERE }).unwrap();
        assert_eq!(clients(&routes), [vec![0, 3, 2], vec![1]]);
        assert!(Plan::new(&problem, routes).unwrap().unserved().is_empty());
    }

    #[test]
    fn what_cannot_be_moved_says_why() {
        let (problem, routes) = town();
        let field = |one: Move| make(&problem, &mut routes.clone(), &one).unwrap_err().0;
        assert_eq!(field(Move { client: 9, unserved: true, ..NOWHERE }), "client");
        assert_eq!(field(NOWHERE), "route");
        assert_eq!(field(Move { route: Some(0), unserved: true, ..NOWHERE }), "route");
        assert_eq!(field(Move { route: Some(2), ..NOWHERE }), "route");
        assert_eq!(field(Move { route: Some(1), before: Some(1), ..NOWHERE }), "before");
        assert_eq!(field(Move { route: Some(0), before: Some(0), ..NOWHERE }), "before");
        assert_eq!(field(Move { vehicle_type: Some(1), ..NOWHERE }), "vehicle_type");
        let mut all = routes.clone();
        make(&problem, &mut all, &Move { vehicle_type: Some(0), ..NOWHERE }).unwrap();
        assert_eq!(
            make(&problem, &mut all, &Move { client: 1, vehicle_type: Some(0), ..NOWHERE }).unwrap_err().0,
            "vehicle_type"
        );
    }
}
