//! What decides between solutions, most important first: required jobs unserved, clients unserved by priority class, ranked
//! goals, cost. Compared as a list, never folded into one number.

use crate::model::{Coord, Measure};
use crate::search::data::location_of;
use crate::search::general::layout::Layout;
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
pub(super) struct Figures {
    pub(super) end: Time,
    pub(super) duration: i64,
    pub(super) load: i64,
    pub(super) stops: i64,
    pub(super) scatter: i64,
}

impl Figures {
    /// What a measure looks at.
    fn of(&self, measure: Measure) -> i64 {
        match measure {
            Measure::Vehicles => 1,
            Measure::Makespan => self.end,
            Measure::DurationSpread => self.duration,
            Measure::LoadSpread => self.load,
            Measure::StopSpread => self.stops,
            Measure::Scatter => self.scatter,
        }
    }
}

/// The largest and smallest figure of a measure among the routes in use, each with the next one, so that any route can be
/// left out.
#[derive(Clone, Copy, Debug)]
struct Extremes {
    largest: [(i64, usize); 2],
    smallest: [(i64, usize); 2],
    used: usize,
}

impl Extremes {
    fn new(figures: impl Iterator<Item = (usize, i64)>) -> Self {
        let none = usize::MAX;
        let mut extremes = Self { largest: [(i64::MIN, none); 2], smallest: [(i64::MAX, none); 2], used: 0 };
        for (route, figure) in figures {
            extremes.used += 1;
            if figure > extremes.largest[0].0 {
                extremes.largest = [(figure, route), extremes.largest[0]];
            } else if figure > extremes.largest[1].0 {
                extremes.largest[1] = (figure, route);
            }
            if figure < extremes.smallest[0].0 {
                extremes.smallest = [(figure, route), extremes.smallest[0]];
            } else if figure < extremes.smallest[1].0 {
                extremes.smallest[1] = (figure, route);
            }
        }
        extremes
    }

    /// The measure with a route's figure replaced; `None`: the route is not in use.
    fn value(&self, measure: Measure, route: usize, figure: Option<i64>, was_used: bool) -> i64 {
        let others = self.used - usize::from(was_used);
        let largest = self.largest[usize::from(self.largest[0].1 == route)].0;
        let smallest = self.smallest[usize::from(self.smallest[0].1 == route)].0;
        let (mut most, mut least) = if others == 0 { (i64::MIN, i64::MAX) } else { (largest, smallest) };
        if let Some(figure) = figure {
            (most, least) = (most.max(figure), least.min(figure));
        } else if others == 0 {
            return 0;
        }
        match measure {
            Measure::Vehicles => (others + usize::from(figure.is_some())) as i64,
            Measure::Makespan => most.max(0),
            Measure::Scatter => figure.unwrap_or(0),
            _ => most - least,
        }
    }
}

/// Goals as prices of what an insertion changes.
#[derive(Clone, Debug, Default)]
pub(super) struct GoalPrices {
    prices: Vec<(Measure, Cost, Extremes)>,
    /// Whether scatter counts, which a place alone does not tell.
    pub(super) needs_scatter: bool,
    figures: Vec<Option<Figures>>,
}

impl GoalPrices {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.prices.clear();
    }

    /// What goals cost more if a route gets new figures.
    #[inline]
    pub(super) fn change(&self, route: usize, new: impl Fn() -> Figures) -> Cost {
        if self.prices.is_empty() {
            return 0;
        }
        // What scatter will be is known of whole routes only.
        let scatter = self.figures[route].map_or(0, |f| f.scatter);
        self.change_to(route, Some(Figures { scatter, ..new() }))
    }

    fn change_to(&self, route: usize, new: Option<Figures>) -> Cost {
        let old = self.figures[route];
        let change = |&(measure, price, ref extremes): &(Measure, Cost, Extremes)| {
            let value = |figures: Option<Figures>| {
                extremes.value(measure, route, figures.map(|f| f.of(measure)), old.is_some())
            };
            price.saturating_mul(value(new) - value(old))
        };
        self.prices.iter().map(change).fold(0, Cost::saturating_add)
    }

    /// What goals cost more with a new route in the place of the old one.
    pub(super) fn change_by(&self, layout: &Layout<'_>, route: usize, new: &Route) -> Cost {
        if self.prices.is_empty() {
            return 0;
        }
        let figures = |new: &Route| {
            let mut figures = figures(layout, new);
            if self.needs_scatter {
                let stops: Vec<u32> = new.stops().collect();
                figures.scatter = scatter(layout, stops.into_iter());
            }
            figures
        };
        self.change_to(route, Some(new).filter(|new| !new.is_empty()).map(figures))
    }
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

    /// Whether any goal is about when routes end, or how long they last.
    pub(super) fn are_of_time(&self) -> bool {
        self.weighted.iter().map(|goal| goal.0).chain(self.ranked.iter().copied()).any(Measure::is_of_time)
    }

    /// Whether nothing is asked but few vehicles.
    pub(super) fn count_vehicles_only(&self) -> bool {
        self.weighted.is_empty() && self.ranked.iter().all(|&measure| measure == Measure::Vehicles)
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

    /// What routes with these figures are worth that cost so much: ranked measures, then cost.
    pub(super) fn worth(&self, routes: &[Figures], mut cost: Cost) -> Value {
        let measured = |measure| value_of(measure, || routes.iter().copied());
        for &(measure, weight) in &self.weighted {
            cost = cost.saturating_add(weight.saturating_mul(measured(measure)));
        }
        self.ranked.iter().map(|&measure| measured(measure)).chain([cost]).collect()
    }

    /// Goals as prices, beside the routes as they are. A unit of a ranked measure is worth `unit`.
    pub(super) fn prices(&self, layout: &Layout<'_>, routes: &[Route], unit: Cost, prices: &mut GoalPrices) {
        prices.prices.clear();
        if self.is_empty() {
            return;
        }
        prices.figures.clear();
        prices.figures.extend(routes.iter().map(|r| (!r.is_empty()).then(|| figures(layout, r))));
        let ranked = self.ranked.iter().map(|&measure| (measure, unit));
        prices.needs_scatter = self.needs_scatter;
        for (measure, price) in self.weighted.iter().copied().chain(ranked) {
            let used = prices.figures.iter().enumerate().filter_map(|(r, f)| Some((r, f.as_ref()?.of(measure))));
            prices.prices.push((measure, price, Extremes::new(used)));
        }
    }
}

pub(super) fn figures(layout: &Layout<'_>, route: &Route) -> Figures {
    let vehicle = &layout.vehicles[route.kind];
    let idle = if vehicle.has_start { 0 } else { Layout::first_wait(route, route.delay) };
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
