//! What decides between solutions, most important first: required jobs unserved, clients unserved by priority class, ranked
//! goals, cost. Compared as a list, never folded into one number.

use crate::model::{Coord, Measure};
use crate::search::data::location_of;
use crate::search::general::layout::Layout;
use crate::search::general::price::TimePrices;
use crate::search::general::route::Route;
use crate::units::{Cost, Time};

/// The smaller, the better, from the first entry on.
pub(crate) type Value = Vec<i64>;

/// What the goals of a problem ask.
pub(super) struct Goals {
    weighted: Vec<(Measure, Cost)>,
    pub(super) ranked: Vec<Measure>,
    pub(super) needs_scatter: bool,
}

/// What measures need to know of a route.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    end: Time,
    duration: i64,
    load: i64,
    stops: i64,
    scatter: i64,
}

impl Goals {
    pub(super) fn new(layout: &Layout<'_>) -> Self {
        let goals = layout.problem.goals();
        // What a vehicle costs is in its fixed cost already.
        let weighted = goals.iter().filter(|goal| goal.measure != Measure::Vehicles);
        let weighted = weighted.filter_map(|goal| Some((goal.measure, goal.weight?))).filter(|goal| goal.1 > 0);
        let ranked = goals.iter().filter(|goal| goal.weight.is_none()).map(|goal| goal.measure);
        let (weighted, ranked): (Vec<_>, Vec<_>) = (weighted.collect(), ranked.collect());
        let needs_scatter =
            weighted.iter().map(|goal| goal.0).chain(ranked.iter().copied()).any(|measure| measure == Measure::Scatter);
        Self { weighted, ranked, needs_scatter }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.weighted.is_empty() && self.ranked.is_empty()
    }

    /// What the weighted goals cost.
    pub(super) fn cost(&self, layout: &Layout<'_>, routes: &[Route]) -> Cost {
        self.weighted
            .iter()
            .map(|&(measure, weight)| weight.saturating_mul(value(layout, measure, routes)))
            .fold(0, Cost::saturating_add)
    }

    /// Appends the ranked measures.
    pub(super) fn rank(&self, layout: &Layout<'_>, routes: &[Route], value_of: &mut Value) {
        value_of.extend(self.ranked.iter().map(|&measure| value(layout, measure, routes)));
    }

    /// What goals make of a later end and a longer duration, beside the routes as they are.
    pub(super) fn time_prices(&self, routes: &[Route], unit: Cost) -> TimePrices {
        let price = |measure: Measure| {
            let weight: Cost = self.weighted.iter().filter(|goal| goal.0 == measure).map(|goal| goal.1).sum();
            weight + if self.ranked.contains(&measure) { unit } else { 0 }
        };
        let (end, duration) = (price(Measure::Makespan), price(Measure::DurationSpread));
        if end == 0 && duration == 0 {
            return TimePrices::default();
        }
        let used = || routes.iter().filter(|route| !route.is_empty());
        TimePrices {
            end,
            latest_end: used().map(|route| route.end).max().unwrap_or(0),
            duration,
            longest: used().map(|route| route.end - route.earliest() - route.delay).max().unwrap_or(0),
        }
    }
}

fn figures(layout: &Layout<'_>, route: &Route) -> Figures {
    let vehicle = &layout.vehicles[route.kind];
    let idle = if vehicle.has_start { 0 } else { layout.first_wait(route, route.delay) };
    let load = if layout.dims == 0 {
        0
    } else {
        route.lanes[(route.elements.len() - 1) * layout.lanes() + layout.lane_total()]
    };
    Figures {
        end: route.end,
        duration: route.end - route.earliest() - route.delay - idle,
        load,
        stops: route.num_stops() as i64,
        scatter: route.scatter,
    }
}

fn value(layout: &Layout<'_>, measure: Measure, routes: &[Route]) -> i64 {
    let used = || routes.iter().filter(|route| !route.is_empty()).map(|route| figures(layout, route));
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
    }
}

/// How far stops lie from their middle, together.
pub(super) fn scatter(layout: &Layout<'_>, stops: impl Iterator<Item = u32> + Clone) -> i64 {
    let problem = layout.problem;
    let coord = |u: u32| problem.coord(location_of(problem, layout.base.activity[u as usize]));
    let n = stops.clone().count().max(1) as f64;
    let (x, y) = stops.clone().map(coord).fold((0.0, 0.0), |(x, y), c| (x + c.x, y + c.y));
    let middle = Coord::new(x / n, y / n);
    stops.map(|u| problem.travel().straight(coord(u), middle).round() as i64).sum()
}
