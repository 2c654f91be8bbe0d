//! Single changes of a problem.

use super::{Holder, Job, Obstacle};
use crate::ids::{ClientId, DepotId, DisposalSiteId, VehicleTypeId};
use crate::model::{Client, Depot, DisposalSite, Problem, ProblemBuilder, Relation, VehicleType};
use crate::plan::{Activity, Violation};
use crate::units::{Cost, Duration, Load, MAX_VALUE, Time};

/// A single change that would make an insertion feasible.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names and the variant's sentence say all that there is to say")]
#[non_exhaustive]
pub enum Relaxation {
    /// A higher prize: an insertion is feasible but does not pay.
    Prize { by: Cost },
    /// One more vehicle.
    Vehicle { vehicle_type: VehicleTypeId },
    /// A shift that ends later.
    Shift { vehicle_type: VehicleTypeId, by: Duration },
    /// A shift that begins earlier.
    ShiftStart { vehicle_type: VehicleTypeId, by: Duration },
    /// A longer route.
    MaxDuration { vehicle_type: VehicleTypeId, by: Duration },
    /// More driving.
    MaxDriving { vehicle_type: VehicleTypeId, by: Duration },
    /// More work.
    MaxWork { vehicle_type: VehicleTypeId, by: Duration },
    /// A longer distance.
    MaxDistance { vehicle_type: VehicleTypeId, by: i64 },
    /// A larger vehicle.
    Capacity { vehicle_type: VehicleTypeId, dimension: usize, by: Load },
    /// A larger load over all trips of a route.
    RouteLoad { vehicle_type: VehicleTypeId, dimension: usize, by: Load },
    /// More stops of a route.
    MaxStops { vehicle_type: VehicleTypeId, by: usize },
    /// More trips of a route.
    MaxTrips { vehicle_type: VehicleTypeId, by: usize },
    /// A skill for the vehicle.
    Skill { vehicle_type: VehicleTypeId, skill: String },
    /// The client allowed on the vehicle.
    Allow { vehicle_type: VehicleTypeId },
    /// A break waived.
    Break { vehicle_type: VehicleTypeId, pause: usize },
    /// All rules on zones waived.
    Zones { vehicle_type: VehicleTypeId },
    /// A driver rule waived.
    DriverRule { vehicle_type: VehicleTypeId, rule: usize },
    /// The client's last time window extended.
    Window { client: ClientId, by: Duration },
    /// A disposal site open until later.
    SiteHours { site: DisposalSiteId, until: Time },
    /// A disposal site that accepts more.
    SiteCapacity { site: DisposalSiteId, dimension: usize, by: Load },
    /// A depot open until later.
    DepotHours { depot: DepotId, by: Duration },
    /// A depot that opens earlier.
    DepotOpening { depot: DepotId, by: Duration },
    /// What the client waits for released earlier.
    Release { client: ClientId, by: Duration },
    /// A relation removed.
    Relation { relation: usize },
}

/// The parts of a problem that a relaxation may change.
struct Parts<'p> {
    clients: &'p mut Vec<Client>,
    shipments: &'p mut Vec<crate::model::Shipment>,
    vehicle_types: &'p mut Vec<VehicleType>,
    sites: &'p mut Vec<DisposalSite>,
    depots: &'p mut Vec<Depot>,
    relations: &'p mut Vec<Relation>,
}

impl Relaxation {
    /// Applies the change to a builder that holds the problem's parts, for the job that it is meant to help.
    pub fn apply(&self, builder: &mut ProblemBuilder, job: Job) {
        let mut parts = Parts {
            clients: &mut builder.clients,
            shipments: &mut builder.shipments,
            vehicle_types: &mut builder.vehicle_types,
            sites: &mut builder.disposal_sites,
            depots: &mut builder.depots,
            relations: &mut builder.relations,
        };
        match *self {
            // Removing it may renumber the others there.
            Self::Relation { relation } => drop(parts.relations.remove(relation)),
            _ => self.change(&mut parts, job),
        }
    }

    /// The problem with the change applied, for a job.
    pub(super) fn relaxed(&self, problem: &Problem, job: Job) -> Problem {
        let mut relaxed = problem.clone();
        self.change_problem(&mut relaxed, job);
        relaxed
    }

    /// Applies the change.
    pub(super) fn change_problem(&self, problem: &mut Problem, job: Job) {
        let mut parts = Parts {
            clients: &mut problem.clients,
            shipments: &mut problem.shipments,
            vehicle_types: &mut problem.vehicle_types,
            sites: &mut problem.disposal_sites,
            depots: &mut problem.depots,
            relations: &mut problem.relations,
        };
        self.change(&mut parts, job);
    }

    /// Undoes the change in a problem that was `original` before.
    pub(super) fn undo(&self, problem: &mut Problem, original: &Problem, job: Job) {
        if let Some(t) = self.vehicle_type() {
            problem.vehicle_types[t.index()].clone_from(&original.vehicle_types[t.index()]);
        }
        match *self {
            Self::Allow { .. } | Self::Prize { .. } => match job {
                Job::Client(id) => problem.clients[id.index()].clone_from(original.client(id)),
                Job::Shipment(id) => problem.shipments[id.index()].clone_from(original.shipment(id)),
            },
            Self::Window { client, .. } | Self::Release { client, .. } => {
                problem.clients[client.index()].clone_from(original.client(client));
            }
            Self::SiteHours { site, .. } | Self::SiteCapacity { site, .. } => {
                problem.disposal_sites[site.index()].clone_from(original.disposal_site(site));
            }
            Self::DepotHours { depot, .. } | Self::DepotOpening { depot, .. } => {
                problem.depots[depot.index()].clone_from(original.depot(depot));
            }
            Self::Relation { .. } => problem.relations.clone_from(&original.relations),
            _ => {}
        }
    }

    fn change(&self, parts: &mut Parts<'_>, job: Job) {
        let add = |limit: &mut Option<i64>, by: i64| {
            if let Some(limit) = limit {
                *limit += by;
            }
        };
        match *self {
            Self::Prize { by } => match job {
                Job::Client(id) => parts.clients[id.index()].prize += by,
                Job::Shipment(id) => parts.shipments[id.index()].prize += by,
            },
            Self::Vehicle { vehicle_type: t } => parts.vehicle_types[t.index()].count += 1,
            Self::Shift { vehicle_type: t, by } => parts.vehicle_types[t.index()].shift.late += by,
            Self::ShiftStart { vehicle_type: t, by } => parts.vehicle_types[t.index()].shift.early -= by,
            Self::MaxDuration { vehicle_type: t, by } => add(&mut parts.vehicle_types[t.index()].max_duration, by),
            Self::MaxDriving { vehicle_type: t, by } => add(&mut parts.vehicle_types[t.index()].max_driving, by),
            Self::MaxWork { vehicle_type: t, by } => add(&mut parts.vehicle_types[t.index()].max_work, by),
            Self::MaxDistance { vehicle_type: t, by } => add(&mut parts.vehicle_types[t.index()].max_distance, by),
            Self::Capacity { vehicle_type: t, dimension, by } => {
                parts.vehicle_types[t.index()].capacity[dimension] += by;
            }
            Self::RouteLoad { vehicle_type: t, dimension, by } => {
                parts.vehicle_types[t.index()].max_route_load[dimension] += by;
            }
            Self::MaxStops { vehicle_type: t, by } => {
                let limit = &mut parts.vehicle_types[t.index()].max_stops;
                *limit = limit.map(|limit| limit + by);
            }
            Self::MaxTrips { vehicle_type: t, by } => {
                let limit = &mut parts.vehicle_types[t.index()].max_trips;
                *limit = limit.map(|limit| limit + by);
            }
            Self::Skill { vehicle_type: t, ref skill } => parts.vehicle_types[t.index()].skills.push(skill.clone()),
            Self::Allow { vehicle_type: t } => {
                if let Job::Client(client) = job {
                    if let Some(list) = &mut parts.vehicle_types[t.index()].allowed_clients {
                        list.push(client);
                    }
                    let own = &mut parts.clients[client.index()];
                    own.forbidden_vehicles.retain(|&other| other != t);
                    if let Some(list) = own.allowed_vehicles.as_mut().filter(|list| !list.contains(&t)) {
                        list.push(t);
                    }
                }
            }
            // An unbounded latest start means that the break is never due.
            Self::Break { vehicle_type: t, pause } => {
                parts.vehicle_types[t.index()].breaks[pause].start.late = crate::model::TimeWindow::UNBOUNDED_LATE;
            }
            Self::Zones { vehicle_type: t } => parts.vehicle_types[t.index()].zones.clear(),
            Self::DriverRule { vehicle_type: t, rule } => {
                parts.vehicle_types[t.index()].driver_rules[rule].max = MAX_VALUE;
            }
            Self::Window { client, by } => {
                let own = &mut parts.clients[client.index()];
                own.more_windows.last_mut().unwrap_or(&mut own.time_window).late += by;
            }
            Self::SiteHours { site, until } => {
                if let Some(last) = parts.sites[site.index()].hours.last_mut() {
                    last.late = until;
                }
            }
            Self::SiteCapacity { site, dimension, by } => parts.sites[site.index()].daily_capacity[dimension] += by,
            Self::DepotHours { depot, by } => parts.depots[depot.index()].time_window.late += by,
            Self::DepotOpening { depot, by } => parts.depots[depot.index()].time_window.early -= by,
            Self::Release { client, by } => parts.clients[client.index()].release -= by,
            // An empty relation constrains nothing, and the others keep their indices.
            Self::Relation { relation } => parts.relations[relation] = Relation::AllOrNone(Vec::new()),
        }
    }

    /// The rule that is changed, as documents call it: `max_trips`.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Prize { .. } => "prize",
            Self::Vehicle { .. } => "count",
            Self::Shift { .. } | Self::ShiftStart { .. } => "shift",
            Self::MaxDuration { .. } => "max_duration",
            Self::MaxDriving { .. } => "max_driving",
            Self::MaxWork { .. } => "max_work",
            Self::MaxDistance { .. } => "max_distance",
            Self::Capacity { .. } => "capacity",
            Self::RouteLoad { .. } => "max_route_load",
            Self::MaxStops { .. } => "max_stops",
            Self::MaxTrips { .. } => "max_trips",
            Self::Skill { .. } => "skills",
            Self::Allow { .. } => "allowed_vehicles",
            Self::Break { .. } => "breaks",
            Self::Zones { .. } => "zones",
            Self::DriverRule { .. } => "driver_rules",
            Self::Window { .. } => "time_window",
            Self::SiteHours { .. } => "disposal_sites.hours",
            Self::SiteCapacity { .. } => "disposal_sites.daily_capacity",
            Self::DepotHours { .. } | Self::DepotOpening { .. } => "depots.time_window",
            Self::Release { .. } => "release",
            Self::Relation { .. } => "relations",
        }
    }

    /// The vehicle type that the change affects, if any.
    pub(super) fn vehicle_type(&self) -> Option<VehicleTypeId> {
        match *self {
            Self::Vehicle { vehicle_type }
            | Self::Shift { vehicle_type, .. }
            | Self::ShiftStart { vehicle_type, .. }
            | Self::MaxDuration { vehicle_type, .. }
            | Self::MaxDriving { vehicle_type, .. }
            | Self::MaxWork { vehicle_type, .. }
            | Self::MaxDistance { vehicle_type, .. }
            | Self::Capacity { vehicle_type, .. }
            | Self::RouteLoad { vehicle_type, .. }
            | Self::MaxStops { vehicle_type, .. }
            | Self::MaxTrips { vehicle_type, .. }
            | Self::Skill { vehicle_type, .. }
            | Self::Allow { vehicle_type }
            | Self::Zones { vehicle_type }
            | Self::Break { vehicle_type, .. }
            | Self::DriverRule { vehicle_type, .. } => Some(vehicle_type),
            Self::Prize { .. }
            | Self::Window { .. }
            | Self::SiteHours { .. }
            | Self::SiteCapacity { .. }
            | Self::DepotHours { .. }
            | Self::DepotOpening { .. }
            | Self::Release { .. }
            | Self::Relation { .. } => None,
        }
    }

    /// Whether the change may make a difference for a vehicle of a type on its route (`None`: an unused vehicle) that is to
    /// serve more.
    pub(super) fn concerns(&self, problem: &Problem, vehicle_type: VehicleTypeId, route: Option<usize>) -> bool {
        let v = problem.vehicle_type(vehicle_type);
        match *self {
            // Vehicles that are in use do not change.
            Self::Vehicle { .. } => route.is_none(),
            Self::SiteHours { site, .. } | Self::SiteCapacity { site, .. } => v.disposal_sites.contains(&site),
            Self::DepotHours { depot, .. } | Self::DepotOpening { depot, .. } => {
                v.start == Some(depot) || v.end == Some(depot) || v.reload_depots.contains(&depot)
            }
            _ => true,
        }
    }

    /// The same change by another amount; `late` is the present closing time of what it keeps open longer.
    pub(super) fn by(&self, amount: i64, late: Time) -> Self {
        let mut other = self.clone();
        match &mut other {
            Self::Shift { by, .. }
            | Self::ShiftStart { by, .. }
            | Self::DepotOpening { by, .. }
            | Self::Release { by, .. }
            | Self::MaxDuration { by, .. }
            | Self::MaxDriving { by, .. }
            | Self::MaxWork { by, .. }
            | Self::MaxDistance { by, .. }
            | Self::Capacity { by, .. }
            | Self::RouteLoad { by, .. }
            | Self::Window { by, .. }
            | Self::SiteCapacity { by, .. }
            | Self::Prize { by }
            | Self::DepotHours { by, .. } => *by = amount,
            Self::MaxStops { by, .. } | Self::MaxTrips { by, .. } => *by = usize::try_from(amount).unwrap_or(0),
            Self::SiteHours { until, .. } => *until = late + amount,
            Self::Vehicle { .. }
            | Self::Skill { .. }
            | Self::Allow { .. }
            | Self::Zones { .. }
            | Self::Break { .. }
            | Self::DriverRule { .. }
            | Self::Relation { .. } => {}
        }
        other
    }

    /// By how much a violation exceeds the limit that this change raises; `None`: the violation concerns another limit.
    pub(super) fn excess(&self, violation: &Violation) -> Option<i64> {
        match (self, violation) {
            (Self::Shift { .. } | Self::ShiftStart { .. }, &Violation::LateShift { end, late, .. }) => Some(end - late),
            (Self::MaxDuration { .. }, &Violation::TooLong { duration, limit, .. }) => Some(duration - limit),
            (Self::MaxDriving { .. }, &Violation::TooMuchDriving { driving, limit, .. }) => Some(driving - limit),
            (Self::MaxWork { .. }, &Violation::TooMuchWork { work, limit, .. }) => Some(work - limit),
            (Self::MaxDistance { .. }, &Violation::TooFar { distance, limit, .. }) => Some(distance - limit),
            (Self::Capacity { dimension, .. }, &Violation::Overload { dimension: d, load, capacity, .. })
            | (Self::SiteCapacity { dimension, .. }, &Violation::SiteOverfilled { dimension: d, load, capacity, .. }) => {
                (*dimension == d).then_some(load - capacity)
            }
            (Self::RouteLoad { dimension, .. }, &Violation::RouteOverload { dimension: d, load, limit, .. }) => {
                (*dimension == d).then_some(load - limit)
            }
            (Self::MaxStops { .. }, &Violation::TooManyStops { stops, limit, .. }) => Some((stops - limit) as i64),
            (Self::MaxTrips { .. }, &Violation::TooManyTrips { trips, limit, .. }) => Some((trips - limit) as i64),
            (Self::Window { .. }, &Violation::LateService { activity: Activity::Client(_), start, late, .. })
            | (Self::SiteHours { .. }, &Violation::LateService { activity: Activity::Dispose(_), start, late, .. })
            | (
                Self::ShiftStart { .. } | Self::DepotOpening { .. } | Self::Release { .. },
                &Violation::LateService { start, late, .. },
            )
            | (Self::DepotHours { .. }, &Violation::LateLoading { start, late, .. }) => Some(start - late),
            (
                Self::DepotHours { .. } | Self::ShiftStart { .. } | Self::DepotOpening { .. } | Self::Release { .. },
                &Violation::LateReturn { arrival, late, .. },
            ) => Some(arrival - late),
            (Self::DepotOpening { .. } | Self::Release { .. }, &Violation::LateShift { end, late, .. }) => {
                Some(end - late)
            }
            (Self::DepotHours { .. } | Self::Release { .. }, &Violation::ReleasedTooLate { release, late, .. }) => {
                Some(release - late)
            }
            _ => None,
        }
    }

    /// Whether the change may remove an obstacle; if it does not, it cannot help that vehicle type.
    pub(super) fn may_remove(&self, obstacle: &Obstacle) -> bool {
        match (self, obstacle) {
            (Self::Skill { skill, .. }, Obstacle::MissingSkills(missing)) => missing == std::slice::from_ref(skill),
            // A time that is too late may be one at which a zone is closed.
            (Self::Allow { .. }, Obstacle::NotAllowed)
            | (
                Self::Zones { .. },
                Obstacle::OutsideZones
                | Obstacle::ZoneClosed(_)
                | Obstacle::Alone(Violation::LateService { .. })
                | Obstacle::HeldBack { .. },
            ) => true,
            (
                Self::Capacity { dimension, .. } | Self::RouteLoad { dimension, .. },
                Obstacle::TooMuch { dimension: d, .. },
            ) => dimension == d,
            (Self::Relation { relation }, Obstacle::Pinned(tie) | Obstacle::Partner { tie, .. }) => {
                tie.relation == *relation
            }
            (Self::ShiftStart { .. }, Obstacle::HeldBack { by, .. }) => *by == Holder::Shift,
            (Self::DepotOpening { depot, .. }, Obstacle::HeldBack { by, .. }) => *by == Holder::Depot(*depot),
            (Self::Release { client, .. }, Obstacle::HeldBack { by, .. }) => *by == Holder::Release(*client),
            (_, Obstacle::Partner { obstacles, .. }) => {
                !obstacles.is_empty() && obstacles.iter().all(|obstacle| self.may_remove(obstacle))
            }
            (_, Obstacle::Alone(violation) | Obstacle::HeldBack { violation, .. }) => self.excess(violation).is_some(),
            _ => false,
        }
    }
}
