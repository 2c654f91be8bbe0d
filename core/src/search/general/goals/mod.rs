//! What decides between solutions, most important first: required jobs unserved, clients unserved by priority class, ranked
//! goals, cost. Compared as a list, never folded into one number.

mod emissions;
mod prices;

pub(crate) use prices::GoalPrices;

use crate::model::{Coord, Goal, Measure};
use crate::search::data::location_of;
use crate::search::general::layout::Layout;
use crate::search::general::route::Route;
use crate::units::{Cost, Time};

/// The smaller, the better, from the first entry on.
pub(crate) type Value = Vec<i64>;

/// The goals of a problem.
pub(crate) struct Goals {
    weighted: Vec<Goal>,
    ranked: Vec<Goal>,
    /// Whether scatter counts, and emissions: only whole routes tell them.
    needs_scatter: bool,
    needs_emissions: bool,
    needs_distance: bool,
}

/// What measures need to know of a route.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) end: Time,
    pub(crate) duration: i64,
    pub(crate) load: i64,
    pub(crate) stops: i64,
    pub(crate) scatter: i64,
    pub(crate) emitted: i64,
    pub(crate) distance: i64,
}

impl Figures {
    /// The figure that a measure is about.
    fn of(&self, measure: Measure) -> i64 {
        match measure {
            Measure::Vehicles => 1,
            Measure::Makespan => self.end,
            Measure::DurationSpread => self.duration,
            Measure::LoadSpread => self.load,
            Measure::StopSpread => self.stops,
            Measure::Scatter => self.scatter,
            Measure::Emissions => self.emitted,
            Measure::Distance => self.distance,
        }
    }
}

impl Goals {
    pub(crate) fn new(layout: &Layout<'_>) -> Self {
        let goals = layout.problem.goals();
        // What each vehicle costs is in its fixed cost already.
        let priced = |goal: &&Goal| goal.measure != Measure::Vehicles || goal.target.is_some();
        let weighted = goals.iter().filter(priced).filter(|goal| goal.weight.is_some_and(|weight| weight > 0));
        let ranked = goals.iter().filter(|goal| goal.weight.is_none());
        let (weighted, ranked): (Vec<Goal>, Vec<Goal>) = (weighted.copied().collect(), ranked.copied().collect());
        let needs = |measure| weighted.iter().chain(&ranked).any(|goal| goal.measure == measure);
        let [needs_scatter, needs_emissions, needs_distance] =
            [Measure::Scatter, Measure::Emissions, Measure::Distance].map(needs);
        Self { weighted, ranked, needs_scatter, needs_emissions, needs_distance }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.weighted.is_empty() && self.ranked.is_empty()
    }

    /// Whether any goal is about when routes end, or how long they last.
    pub(crate) fn are_of_time(&self) -> bool {
        self.weighted.iter().chain(&self.ranked).any(|goal| goal.measure.is_of_time())
    }

    /// Whether anything counts that halts change and that is not of time.
    pub(crate) fn are_of_arcs(&self) -> bool {
        self.needs_emissions || self.needs_distance
    }

    /// Fills in what only the whole route tells.
    pub(crate) fn measure(&self, layout: &Layout<'_>, route: &mut Route) {
        if self.needs_scatter {
            let stops: Vec<u32> = route.stops().collect();
            route.scatter = scatter(layout, stops.into_iter());
        }
        if self.needs_emissions {
            route.emitted = emissions::emitted(layout, route);
        }
    }

    /// Whether nothing is asked but few vehicles.
    pub(crate) fn count_vehicles_only(&self) -> bool {
        self.weighted.is_empty() && self.ranked.iter().all(|goal| goal.measure == Measure::Vehicles)
    }

    /// What the weighted goals cost.
    pub(crate) fn cost(&self, layout: &Layout<'_>, routes: &[Route]) -> Cost {
        self.weighted.iter().map(|goal| cost(goal, value(layout, goal.measure, routes))).fold(0, Cost::saturating_add)
    }

    /// Appends the ranked measures.
    pub(crate) fn rank(&self, layout: &Layout<'_>, routes: &[Route], value_of: &mut Value) {
        value_of.extend(self.ranked.iter().map(|goal| goal.counted(value(layout, goal.measure, routes))));
    }

    /// The objective of routes with these figures and this cost: ranked measures, then cost.
    pub(crate) fn objective(&self, routes: &[Figures], mut cost: Cost) -> Value {
        let measured = |measure| value_of(measure, || routes.iter().copied());
        for goal in &self.weighted {
            cost = cost.saturating_add(self::cost(goal, measured(goal.measure)));
        }
        self.ranked.iter().map(|goal| goal.counted(measured(goal.measure))).chain([cost]).collect()
    }
}

/// What a weighted goal costs at a value of its measure.
fn cost(goal: &Goal, value: i64) -> Cost {
    goal.measure.cost(goal.weight.unwrap_or(0), goal.counted(value))
}

pub(crate) fn figures(layout: &Layout<'_>, route: &Route) -> Figures {
    let vehicle = &layout.vehicles[route.vehicle_type];
    let idle = if vehicle.has_start { 0 } else { Layout::first_wait(route, route.delay) };
    let load = if layout.dims == 0 {
        0
    } else {
        route.resources[(route.elements.len() - 1) * layout.resources() + layout.resource_total()]
    };
    Figures {
        end: route.end,
        duration: route.end - route.earliest() - route.delay - idle,
        load,
        stops: route.num_stops() as i64,
        scatter: route.scatter,
        emitted: route.emitted,
        distance: route.last().distance,
    }
}

fn value(layout: &Layout<'_>, measure: Measure, routes: &[Route]) -> i64 {
    value_of(measure, || routes.iter().filter(|route| !route.is_empty()).map(|route| figures(layout, route)))
}

/// A measure of the routes in use.
fn value_of<I: Iterator<Item = Figures>>(measure: Measure, used: impl Fn() -> I) -> i64 {
    let spread = |of: fn(&Figures) -> i64| {
        let most = used().map(|f| of(&f)).max().unwrap_or(0);
        most - used().map(|f| of(&f)).min().unwrap_or(0)
    };
    match measure {
        Measure::Vehicles => used().count() as i64,
        Measure::Makespan => used().map(|f| f.end).max().unwrap_or(0),
        Measure::DurationSpread => spread(|f| f.duration),
        Measure::LoadSpread => spread(|f| f.load),
        Measure::StopSpread => spread(|f| f.stops),
        Measure::Scatter => used().map(|f| f.scatter).sum(),
        Measure::Distance => used().map(|f| f.distance).sum(),
        Measure::Emissions => used().map(|f| f.emitted).fold(0, i64::saturating_add),
    }
}

/// How far stops lie from their middle, together.
fn scatter(layout: &Layout<'_>, stops: impl Iterator<Item = u32> + Clone) -> i64 {
    let problem = layout.problem;
    let coord = |u: u32| problem.coord(location_of(problem, layout.base.activity[u as usize]));
    let n = stops.clone().count().max(1) as f64;
    let (x, y) = stops.clone().map(coord).fold((0.0, 0.0), |(x, y), c| (x + c.x, y + c.y));
    let middle = Coord::new(x / n, y / n);
    stops.map(|u| problem.travel().straight(coord(u), middle).round() as i64).sum()
}
