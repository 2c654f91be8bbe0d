//! What goals cost, and what it costs to leave stops unserved: ranks as prices that nothing of a lower rank makes up for.

use crate::model::Measure;
use crate::plan::Activity;
use crate::search::data::{Data, NONE};
use crate::search::metric::FORBIDDEN;
use crate::units::{Cost, Time};

/// More than any sum of prices may be.
const TOP: i128 = 1 << 60;

/// What measures need to know of a route.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) start: Time,
    pub(super) end: Time,
    pub(super) load: i64,
    pub(super) stops: i64,
    pub(super) scatter: i64,
}

/// Prices of measures and of unserved stops.
pub(super) struct Goals {
    prices: Vec<(Measure, Cost)>,
    /// How many of them are weights rather than ranks.
    weights: usize,
    /// By stop; of a shipment, the pickup carries it, and every member of a group that of the group.
    pub(super) penalty: Vec<Cost>,
}

impl Goals {
    pub(super) fn new(data: &Data<'_>) -> Self {
        let problem = data.problem;
        let unit = i128::from(dearest_stop(data));
        let stops = data.num_stops() as i128 + 1;
        let prizes: i128 = data.prize.iter().map(|&prize| i128::from(prize)).sum();
        // All prices together must stay countable.
        let top = TOP / stops;
        // More than all routes and prizes together.
        let mut rank = unit * stops + prizes;
        let mut prices: Vec<(Measure, Cost)> = problem
            .goals()
            .iter()
            // What a vehicle costs is in its fixed cost already.
            .filter(|goal| goal.measure != Measure::Vehicles)
            .filter_map(|goal| goal.weight.map(|weight| (goal.measure, weight)))
            .collect();
        let weights = prices.len();
        for goal in problem.goals().iter().rev().filter(|goal| goal.weight.is_none()) {
            let most =
                if goal.measure == Measure::Vehicles { problem.num_vehicles().min(data.num_stops()) } else { 1 << 20 };
            let price = rank.min(top / (4 * (most as i128 + 1)));
            prices.push((goal.measure, price as Cost));
            rank = price * (most as i128 + 1);
        }
        let ranked = prices.len() > weights;
        let penalty = penalties(data, if ranked { unit + rank } else { unit }, top);
        Self { prices, weights, penalty }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }

    pub(super) fn needs_scatter(&self) -> bool {
        self.prices.iter().any(|&(measure, _)| measure == Measure::Scatter)
    }

    /// What one more vehicle costs.
    pub(super) fn vehicle(&self) -> Cost {
        self.prices.iter().filter(|(measure, _)| *measure == Measure::Vehicles).map(|&(_, price)| price).sum()
    }

    /// What the measures that have weights cost.
    pub(super) fn weighted_cost(&self, routes: &(impl Iterator<Item = Figures> + Clone)) -> Cost {
        self.prices[..self.weights].iter().map(|&(measure, price)| price.saturating_mul(value(measure, routes))).sum()
    }

    /// What all measures of the routes in use cost.
    pub(super) fn cost(&self, routes: &(impl Iterator<Item = Figures> + Clone)) -> Cost {
        self.prices.iter().map(|&(measure, price)| price.saturating_mul(value(measure, routes))).sum()
    }
}

/// A measure of the routes in use.
fn value(measure: Measure, routes: &(impl Iterator<Item = Figures> + Clone)) -> i64 {
    let spread = |of: fn(&Figures) -> i64| {
        let most = routes.clone().map(|route| of(&route)).max().unwrap_or(0);
        most - routes.clone().map(|route| of(&route)).min().unwrap_or(0)
    };
    match measure {
        Measure::Vehicles => routes.clone().count() as i64,
        Measure::Makespan => routes.clone().map(|route| route.end).max().unwrap_or(0),
        Measure::DurationSpread => spread(|route| route.end - route.start),
        Measure::LoadSpread => spread(|route| route.load),
        Measure::StopSpread => spread(|route| route.stops),
        Measure::Scatter => routes.clone().map(|route| route.scatter).sum(),
    }
}

/// More than serving any one stop costs.
fn dearest_stop(data: &Data<'_>) -> Cost {
    let far = |profile: usize, from: u32| {
        (0..data.num_stops()).map(|u| data.metric.distance(profile, from as usize, u)).filter(|&d| d < FORBIDDEN).max()
    };
    let cost = |v: &crate::search::fleet::Vehicle| {
        let way = i64::from(far(v.profile, v.start_point).unwrap_or(0)) + 1;
        (10 * way).saturating_mul(v.cost_per_distance.max(1) + v.cost_per_duration).saturating_add(v.fixed_cost)
    };
    data.vehicles.iter().map(cost).max().unwrap_or(1).min(1 << 44)
}

/// What it costs to leave each stop unserved.
fn penalties(data: &Data<'_>, unit: i128, top: i128) -> Vec<Cost> {
    let problem = data.problem;
    let priority = |u: usize| match data.activity[u] {
        Activity::Client(c) => usize::from(problem.client(c).priority),
        _ => 0,
    };
    let m = data.num_stops();
    let highest = (0..m).map(priority).max().unwrap_or(0);
    let mut classes = vec![0_i128; highest + 2];
    let mut price = unit;
    for (class, entry) in classes.iter_mut().enumerate().skip(1) {
        let members = (0..m).filter(|&u| priority(u) == class && !data.required[u]).count() as i128;
        // A class without members ranks nothing.
        if members > 0 || class == highest + 1 {
            *entry = price.min(top);
            price = (price * (members + 1)).min(top);
        }
    }
    let required = classes[highest + 1];
    (0..m)
        .map(|u| match data.activity[u] {
            Activity::Delivery(_) => 0,
            _ if data.required[u] => required as Cost,
            _ if data.group[u] != NONE => {
                let members = &data.members[data.group[u] as usize];
                members.iter().map(|&v| data.prize[v as usize] + classes[priority(v as usize)] as Cost).sum()
            }
            _ => data.prize[u] + classes[priority(u)] as Cost,
        })
        .collect()
}
