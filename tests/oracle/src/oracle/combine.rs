//! Routes of several vehicles, put together.

use std::collections::{BTreeMap, BTreeSet};

use milkrun::plan::{Activity, RouteStops, TripStops, Violation};
use milkrun::{ClientId, Goal, Measure, Plan, Problem, ShipmentId, VehicleTypeId};

use super::routes::Table;

/// A feasible route, with all that matters when it is joined with others.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    stops: RouteStops,
    cost: i64,
    start: i64,
    end: i64,
    load: i64,
    num_stops: i64,
    scatter: i64,
    emitted: i64,
    distance: i64,
    /// What it leaves at sites with a daily capacity, by site and dimension.
    left: Vec<i64>,
}

impl Candidate {
    pub(super) fn new(problem: &Problem, plan: &Plan) -> Self {
        let route = &plan.routes()[0];
        let stops = plan.route_stops()[0].clone();
        let services = || stops.trips.iter().flat_map(|trip| &trip.activities).filter(|a| a.is_service());
        let first = |list: &[i64]| list.first().copied().unwrap_or(0);
        let load = services().map(|&activity| match activity {
            Activity::Client(id) => first(&problem.client(id).delivery) + first(&problem.client(id).pickup),
            Activity::Pickup(id) => first(&problem.shipment(id).amount),
            _ => 0,
        });
        let scatter = problem.goals().iter().position(|goal| goal.measure == Measure::Scatter);
        Self {
            cost: route.cost(),
            start: route.start,
            end: route.end,
            load: load.sum(),
            num_stops: services().count() as i64,
            scatter: scatter.map_or(0, |goal| plan.measures()[goal]),
            emitted: route.emitted,
            distance: route.distance,
            left: left(problem, plan),
            stops,
        }
    }

    fn duration(&self) -> i64 {
        self.end - self.start
    }

    /// Whether this route can stand in for the other one, which serves the same, in every plan.
    fn dominates(&self, other: &Self, goals: &[Goal]) -> bool {
        let has = |measure| goals.iter().any(|goal| goal.measure == measure);
        self.cost <= other.cost
            && (!has(Measure::Makespan) || self.end <= other.end)
            && (!has(Measure::Emissions) || self.emitted <= other.emitted)
            && (!has(Measure::Distance) || self.distance <= other.distance)
            // A spread may fall when a route gets longer.
            && (!has(Measure::DurationSpread) || self.duration() == other.duration())
            && self.left.iter().zip(&other.left).all(|(own, other)| own <= other)
    }
}

/// What a route leaves at each site with a daily capacity.
fn left(problem: &Problem, plan: &Plan) -> Vec<i64> {
    let dimensions = problem.load_dimensions();
    let is_limited = |site: usize| !problem.disposal_sites()[site].daily_capacity.is_empty();
    let mut left = vec![0; dimensions * problem.disposal_sites().len()];
    if !(0..problem.disposal_sites().len()).any(is_limited) {
        return Vec::new();
    }
    for trip in &plan.routes()[0].trips {
        let mut before = &trip.load;
        for visit in &trip.visits {
            if let Activity::Dispose(site) = visit.activity
                && is_limited(site.index())
            {
                for d in 0..dimensions {
                    left[site.index() * dimensions + d] += before[d] - visit.load[d];
                }
            }
            before = &visit.load;
        }
    }
    left
}

/// Routes that serve the same, none of which another one can stand in for.
#[derive(Clone, Debug, Default)]
pub(super) struct Front(Vec<Candidate>);

impl Front {
    /// Whether a route that is kept can stand in for that of a plan even if that cost only so much.
    pub(super) fn beats(&self, problem: &Problem, least: i64, plan: &Plan) -> bool {
        let route = &plan.routes()[0];
        let has = |measure| problem.goals().iter().any(|goal| goal.measure == measure);
        let [makespan, emissions, distance] = [Measure::Makespan, Measure::Emissions, Measure::Distance].map(has);
        let left = left(problem, plan);
        self.0.iter().any(|old| {
            old.cost <= least
                && (!makespan || old.end <= route.end)
                && (!emissions || old.emitted <= route.emitted)
                && (!distance || old.distance <= route.distance)
                && old.left.iter().zip(&left).all(|(own, other)| own <= other)
        })
    }

    pub(super) fn insert(&mut self, problem: &Problem, new: Candidate) {
        if self.0.iter().any(|old| old.dominates(&new, problem.goals())) {
            return;
        }
        self.0.retain(|old| !new.dominates(old, problem.goals()));
        self.0.push(new);
    }
}

/// What it means that a set of clients and shipments is served, and nothing else.
struct Served {
    is_allowed: bool,
    /// Unserved clients of each priority class.
    priorities: Vec<i64>,
    /// Prizes of what is unserved, and the cost of the patterns by which groups are served.
    cost: i64,
}

impl Served {
    fn new(problem: &Problem, set: u32) -> Self {
        let clients = problem.clients().len();
        let is_in = |bit: usize| set & 1 << bit != 0;
        let mut activities: Vec<Activity> =
            (0..clients).filter(|&c| is_in(c)).map(|c| Activity::Client(ClientId::new(c))).collect();
        for s in (0..problem.shipments().len()).filter(|s| is_in(clients + s)) {
            activities.extend([Activity::Pickup(ShipmentId::new(s)), Activity::Delivery(ShipmentId::new(s))]);
        }
        // Which vehicle serves them, and in which order, does not matter here.
        let trips = vec![TripStops { start: None, activities, end: None }];
        let route = RouteStops { vehicle_type: VehicleTypeId::new(0), trips, start: None };
        let plan = Plan::new(problem, vec![route]).expect("the problem's own ids");
        let is_allowed = !plan.violations().iter().any(|violation| {
            matches!(
                violation,
                Violation::ClientUnserved { .. }
                    | Violation::ShipmentUnserved { .. }
                    | Violation::GroupUnserved { .. }
                    | Violation::GroupServedTwice { .. }
                    | Violation::PatternBroken { .. }
            )
        });
        let classes = problem.clients().iter().map(|client| usize::from(client.priority)).max().unwrap_or(0);
        let by_route: i64 = plan.routes().iter().map(|route| route.assignment_cost).sum();
        let of_patterns = plan.breakdown().assignment - by_route;
        let cost = plan.breakdown().unserved + of_patterns;
        Self { is_allowed, priorities: plan.rank()[..classes].to_vec(), cost }
    }
}

/// The best feasible plan that the routes make.
pub(super) fn best(problem: &Problem, tables: &[Table]) -> Option<Plan> {
    let mut vehicles = Vec::new();
    for (t, (vehicle_type, table)) in problem.vehicle_types().iter().zip(tables).enumerate() {
        let sets = table.keys().filter(|&&set| set != 0).count();
        let useful = vehicle_type.count.min(sets.min(32)).max(usize::from(!table.is_empty()));
        vehicles.extend(std::iter::repeat_n(t, useful));
    }
    let mut search = Search {
        problem,
        tables,
        vehicles,
        served: BTreeMap::new(),
        broken: BTreeSet::new(),
        chosen: Vec::new(),
        best: None,
    };
    search.choose(0, 0);
    search.best
}

struct Search<'a> {
    problem: &'a Problem,
    tables: &'a [Table],
    /// The type of each vehicle.
    vehicles: Vec<usize>,
    served: BTreeMap<u32, Served>,
    /// Who serves what, where that alone breaks a relation.
    broken: BTreeSet<Vec<(usize, u32)>>,
    chosen: Vec<(usize, u32, &'a Candidate)>,
    best: Option<Plan>,
}

impl Search<'_> {
    /// Chooses a route, or none, for the vehicle and all that follow; `used` is served by those before it.
    fn choose(&mut self, vehicle: usize, used: u32) {
        let Some(&t) = self.vehicles.get(vehicle) else {
            self.settle(used);
            return;
        };
        let tables = self.tables;
        // Vehicles of a type are alike: the used ones come first, those with the larger sets before the others.
        let twin = vehicle > 0 && self.vehicles[vehicle - 1] == t;
        let before =
            if twin { self.chosen.last().filter(|last| last.0 == t).map(|last| last.1) } else { Some(u32::MAX) };
        let twin_is_idle = twin && self.chosen.iter().filter(|c| c.0 == t).count() < self.same_type_before(vehicle);
        if let Some(before) = before
            && !twin_is_idle
        {
            for (&set, front) in tables[t].range(..=before) {
                if set & used != 0 {
                    continue;
                }
                for candidate in &front.0 {
                    self.chosen.push((t, set, candidate));
                    self.choose(vehicle + 1, used | set);
                    self.chosen.pop();
                }
            }
        }
        self.choose(vehicle + 1, used);
    }

    fn same_type_before(&self, vehicle: usize) -> usize {
        self.vehicles[..vehicle].iter().filter(|&&t| t == self.vehicles[vehicle]).count()
    }

    /// Judges what was chosen, if it would be the best plan so far.
    fn settle(&mut self, used: u32) {
        let problem = self.problem;
        let served = self.served.entry(used).or_insert_with(|| Served::new(problem, used));
        if !served.is_allowed || self.overfills() {
            return;
        }
        let served = &self.served[&used];
        let rank = self.rank(served);
        if self.best.as_ref().is_some_and(|best| best.rank() <= &rank[..]) {
            return;
        }
        let sets: Vec<(usize, u32)> = self.chosen.iter().map(|&(t, set, _)| (t, set)).collect();
        if self.broken.contains(&sets) {
            return;
        }
        let stops = self.chosen.iter().map(|(_, _, candidate)| candidate.stops.clone()).collect();
        let plan = Plan::new(problem, stops).expect("the problem's own ids");
        if plan.is_feasible() {
            assert_eq!(plan.rank(), rank, "the sum of the routes is the plan");
            self.best = Some(plan);
        } else if plan.violations().iter().all(|violation| {
            // Routes that break these by themselves are no candidates, so that only who serves what can be at fault.
            matches!(violation, Violation::RelationBroken { .. } | Violation::ExecutedChanged { .. })
        }) {
            self.broken.insert(sets);
        }
    }

    fn overfills(&self) -> bool {
        let dimensions = self.problem.load_dimensions();
        self.problem.disposal_sites().iter().enumerate().any(|(s, site)| {
            site.daily_capacity.iter().enumerate().any(|(d, &capacity)| {
                self.chosen.iter().map(|(_, _, candidate)| candidate.left[s * dimensions + d]).sum::<i64>() > capacity
            })
        })
    }

    /// What [`Plan::rank`] of the chosen routes is.
    fn rank(&self, served: &Served) -> Vec<i64> {
        let mut cost = served.cost + self.chosen.iter().map(|(_, _, candidate)| candidate.cost).sum::<i64>();
        let mut rank = served.priorities.clone();
        for goal in self.problem.goals() {
            let value = self.measure(goal.measure);
            let value = goal.target.map_or(value, |target| (value - target).max(0));
            match goal.weight {
                // A weight of emissions is that of a kilogram.
                Some(weight) if goal.measure == Measure::Emissions => cost += (weight * value + 500) / 1_000,
                Some(weight) => cost += weight * value,
                None => rank.push(value),
            }
        }
        rank.push(cost);
        rank
    }

    fn measure(&self, measure: Measure) -> i64 {
        let routes = || self.chosen.iter().map(|(_, _, candidate)| *candidate);
        let spread = |value: fn(&Candidate) -> i64| {
            routes().map(value).max().unwrap_or(0) - routes().map(value).min().unwrap_or(0)
        };
        match measure {
            Measure::Vehicles => self.chosen.len() as i64,
            Measure::Makespan => routes().map(|route| route.end).max().unwrap_or(0),
            Measure::DurationSpread => spread(Candidate::duration),
            Measure::LoadSpread => spread(|route| route.load),
            Measure::StopSpread => spread(|route| route.num_stops),
            Measure::Scatter => routes().map(|route| route.scatter).sum(),
            Measure::Emissions => routes().map(|route| route.emitted).sum(),
            Measure::Distance => routes().map(|route| route.distance).sum(),
            other => unreachable!("no goal measures {other:?}"),
        }
    }
}
