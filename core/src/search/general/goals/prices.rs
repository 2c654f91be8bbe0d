//! Goals as prices of what an insertion changes: with the two largest and the two smallest figures of all routes, each price
//! takes constant time.

use crate::model::{Goal, Measure};
use crate::search::general::goals::{Figures, Goals, emissions, figures, scatter};
use crate::search::general::layout::Layout;
use crate::search::general::route::Route;
use crate::units::Cost;

/// The largest and smallest figure of a measure among the routes in use, each with the next one, so that any route can be
/// excluded.
#[derive(Clone, Copy, Debug)]
struct Extremes {
    largest: [(i64, usize); 2],
    smallest: [(i64, usize); 2],
    used: usize,
    sum: i64,
}

impl Extremes {
    fn new(figures: impl Iterator<Item = (usize, i64)>) -> Self {
        let none = usize::MAX;
        let mut extremes = Self { largest: [(i64::MIN, none); 2], smallest: [(i64::MAX, none); 2], used: 0, sum: 0 };
        for (route, figure) in figures {
            extremes.used += 1;
            extremes.sum = extremes.sum.saturating_add(figure);
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

    /// The measure with a route's figure replaced; `None`: the route is not in use, or was not.
    fn value(&self, measure: Measure, route: usize, figure: Option<i64>, old: Option<i64>) -> i64 {
        if matches!(measure, Measure::Scatter | Measure::Emissions | Measure::Distance) {
            return self.sum.saturating_sub(old.unwrap_or(0)).saturating_add(figure.unwrap_or(0));
        }
        let others = self.used - usize::from(old.is_some());
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
            _ => most - least,
        }
    }
}

/// Goals as prices of what an insertion changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct GoalPrices {
    /// Goals with prices for weights.
    prices: Vec<(Goal, Extremes)>,
    /// Whether anything counts that a place alone does not tell.
    pub(crate) needs_whole: bool,
    needs_scatter: bool,
    needs_emissions: bool,
    figures: Vec<Option<Figures>>,
}

impl GoalPrices {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.prices.clear();
    }

    /// What goals cost more if a route gets new figures.
    #[inline]
    pub(crate) fn change(&self, route: usize, new: impl Fn() -> Figures) -> Cost {
        if self.prices.is_empty() {
            return 0;
        }
        // What these will be is known of whole routes only.
        let Figures { scatter, emitted, distance, .. } = self.figures[route].unwrap_or_default();
        self.change_to(route, Some(Figures { scatter, emitted, distance, ..new() }))
    }

    fn change_to(&self, route: usize, new: Option<Figures>) -> Cost {
        let old = self.figures[route];
        let change = |(goal, extremes): &(Goal, Extremes)| {
            let before = old.map(|f| f.of(goal.measure));
            let counted = |figure| goal.counted(extremes.value(goal.measure, route, figure, before));
            let changed = counted(new.map(|f| f.of(goal.measure))).saturating_sub(counted(before));
            goal.measure.cost(goal.weight.unwrap_or(0), changed)
        };
        self.prices.iter().map(change).fold(0, Cost::saturating_add)
    }

    /// What goals cost more with a new route in the place of the old one.
    pub(crate) fn change_by(&self, layout: &Layout<'_>, route: usize, new: &Route) -> Cost {
        if self.prices.is_empty() {
            return 0;
        }
        let figures = |new: &Route| {
            let mut figures = figures(layout, new);
            if self.needs_scatter {
                let stops: Vec<u32> = new.stops().collect();
                figures.scatter = scatter(layout, stops.into_iter());
            }
            if self.needs_emissions {
                figures.emitted = emissions::emitted(layout, new);
            }
            figures
        };
        self.change_to(route, Some(new).filter(|new| !new.is_empty()).map(figures))
    }
}

impl Goals {
    /// Goals as prices, given the routes as they are. A unit of a ranked measure costs `unit`.
    pub(crate) fn prices(&self, layout: &Layout<'_>, routes: &[Route], unit: Cost, prices: &mut GoalPrices) {
        prices.prices.clear();
        if self.is_empty() {
            return;
        }
        prices.figures.clear();
        prices.figures.extend(routes.iter().map(|r| (!r.is_empty()).then(|| figures(layout, r))));
        let ranked = self.ranked.iter().map(|&goal| Goal { weight: Some(unit), ..goal });
        (prices.needs_scatter, prices.needs_emissions) = (self.needs_scatter, self.needs_emissions);
        prices.needs_whole = self.needs_scatter || self.needs_emissions || self.needs_distance;
        for goal in self.weighted.iter().copied().chain(ranked) {
            let used = prices.figures.iter().enumerate().filter_map(|(r, f)| Some((r, f.as_ref()?.of(goal.measure))));
            prices.prices.push((goal, Extremes::new(used)));
        }
    }
}
