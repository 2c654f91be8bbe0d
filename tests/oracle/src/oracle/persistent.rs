//! Persistent violations of a route: whatever is appended to it, they remain.

use milkrun::plan::{Activity, Violation};
use milkrun::{LocationId, Plan, Problem, Relation, VehicleType, VehicleTypeId};

/// Tells whether any longer route can be feasible. `true` is said only where it is certain that none can.
pub(super) struct Persistent<'a> {
    problem: &'a Problem,
    vehicle_type: &'a VehicleType,
    /// Whether a vehicle that sets out later reaches no later halt earlier.
    ///
    /// Driving (at whatever speeds), service and windows keep the order of two vehicles, and so does a break during a
    /// drive, which interrupts at a time of the day. A rest interrupts after so much driving, which at changing speeds,
    /// or after a break that cut the drive at another point, may be a point farther along for the vehicle that left
    /// later.
    keeps_order: bool,
    /// Whether the driving between two rests does not depend on when the route starts.
    steady: bool,
    /// By how much appending activities can make a route shorter, and quicker: so much for each activity that may follow. It
    /// is how much a detour by a location saves at most, which where the triangle inequality holds is nothing.
    saved: Option<(i64, i64)>,
    /// The maximum number of activities that may follow.
    most: i64,
}

impl<'a> Persistent<'a> {
    pub(super) fn new(problem: &'a Problem, id: VehicleTypeId, halts: usize) -> Self {
        let vehicle_type = problem.vehicle_type(id);
        let curve = problem.speed(vehicle_type.profile).is_some();
        let (rules, breaks) = (!vehicle_type.driver_rules.is_empty(), !vehicle_type.breaks.is_empty());
        let saved = (!curve).then(|| saved(problem, vehicle_type));
        let most = (problem.num_stops() + halts + vehicle_type.executed.len()) as i64;
        Self {
            problem,
            vehicle_type,
            keeps_order: !rules || (!curve && !breaks),
            steady: !curve && !breaks,
            saved,
            most,
        }
    }

    pub(super) fn is_hopeless(&self, plan: &Plan) -> bool {
        plan.violations().iter().any(|violation| self.stays(plan, violation))
    }

    fn stays(&self, plan: &Plan, violation: &Violation) -> bool {
        // Where the next halt is not known, neither is when a pause before it is.
        let stands = last_activity(plan).is_some_and(|a| !matches!(a, Activity::Break(_) | Activity::Rest(_)));
        let in_order = stands && self.keeps_order;
        let (far, long) =
            self.saved.map_or((None, None), |(far, long)| (Some(far * self.most), Some(long * self.most)));
        let beyond = |excess: i64, slack: Option<i64>| stands && slack.is_some_and(|slack| excess > slack);
        let trips = plan.route_stops().first().map_or(0, |route| route.trips.len());
        match *violation {
            // Loads never fall by what comes later: a delivery is on board from the trip's start.
            Violation::Overload { .. }
            | Violation::CompartmentOverload { .. }
            | Violation::MaterialsMixed { .. }
            | Violation::RouteOverload { .. }
            | Violation::TooManyStops { .. }
            | Violation::TooManyTrips { .. }
            | Violation::NotAllowed { .. }
            | Violation::SiteNotAllowed { .. }
            | Violation::ZoneNotAllowed { .. }
            | Violation::BackhaulFirst { .. }
            | Violation::LinehaulAfterBackhaul { .. }
            | Violation::ReleasedTooLate { .. }
            | Violation::BreakRepeated { .. }
            | Violation::Repeated { .. }
            | Violation::GroupServedTwice { .. }
            | Violation::SiteOverfilled { .. } => true,
            Violation::NotEmpty { trip, .. } => trip + 1 < trips,
            // A longer route starts no earlier than the earliest start of this one, and what is late here is late with it.
            Violation::LateService { .. } | Violation::LateLoading { .. } => in_order,
            Violation::LateReturn { arrival, late, .. } => in_order && beyond(arrival - late, long),
            Violation::LateShift { end, late, .. } => in_order && beyond(end - late, long),
            Violation::TooFar { distance, limit, .. } => beyond(distance - limit, far),
            // A duration can fall, where waiting moves to before the start. What is worked and paused cannot.
            Violation::TooLong { limit, .. } => {
                plan.routes().first().is_some_and(|route| beyond(route.work + route.pauses - limit, long))
            }
            Violation::TooMuchDriving { driving, limit, .. } => beyond(driving - limit, long),
            Violation::TooMuchWork { work, limit, .. } => beyond(work - limit, long),
            // The return may be what exceeds the limit.
            Violation::RestMissing { effort, limit, .. } => {
                stands && self.steady && self.way_home(plan).is_some_and(|home| effort - limit > home)
            }
            Violation::Unreachable { from, to, .. } => self.last_arc(plan) != Some((from, to)),
            Violation::RelationBroken { relation } => stays_broken(self.problem, relation),
            _ => false,
        }
    }

    fn last_arc(&self, plan: &Plan) -> Option<(LocationId, LocationId)> {
        let end = self.vehicle_type.end.map(|depot| self.problem.depot(depot).location())?;
        plan.routes().first().and_then(|route| route.visits().last()).map(|visit| (visit.location, end))
    }

    /// How long the last arc takes, without a speed curve.
    fn way_home(&self, plan: &Plan) -> Option<i64> {
        if self.vehicle_type.end.is_none() {
            return Some(0);
        }
        self.last_arc(plan).map(|(from, to)| self.problem.duration(self.vehicle_type.profile, from, to))
    }
}

fn last_activity(plan: &Plan) -> Option<Activity> {
    plan.route_stops().first()?.trips.last()?.activities.last().copied()
}

/// By how much the way over a third location is shorter and quicker than the direct one, at most.
fn saved(problem: &Problem, vehicle_type: &VehicleType) -> (i64, i64) {
    let places: Vec<LocationId> = (0..problem.locations().len()).map(LocationId::new).collect();
    let profile = vehicle_type.profile;
    let mut saved = (0, 0);
    for &a in &places {
        for &b in &places {
            for &c in &places {
                let far = |from, to| problem.distance(profile, from, to);
                let long = |from, to| problem.duration(profile, from, to);
                saved.0 = saved.0.max(far(a, c) - far(a, b) - far(b, c));
                saved.1 = saved.1.max(long(a, c) - long(a, b) - long(b, c));
            }
        }
    }
    saved
}

/// Whether a route that breaks the relation breaks it whatever other vehicles do: a route serves a client or does not.
pub(super) fn breaks_alone(problem: &Problem, relation: usize) -> bool {
    match problem.relations()[relation] {
        Relation::Sequence(_) | Relation::Precedence(..) | Relation::Incompatible(_) | Relation::Pin { .. } => true,
        // Other members may be served by other vehicles.
        Relation::AllOrNone(_) | Relation::SameVehicle(_) => false,
        ref other => unreachable!("no factor makes {other:?}"),
    }
}

/// Whether the relation, violated by the beginning of a route, is violated by the whole.
fn stays_broken(problem: &Problem, relation: usize) -> bool {
    match problem.relations()[relation] {
        // What comes before a client stays there; so does what comes after one that should be the last.
        Relation::Precedence(..) | Relation::Incompatible(_) | Relation::Pin { .. } => true,
        // The next members may follow.
        Relation::Sequence(_) | Relation::AllOrNone(_) | Relation::SameVehicle(_) => false,
        ref other => unreachable!("no factor makes {other:?}"),
    }
}
