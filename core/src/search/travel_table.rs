//! Distances and durations between the search's points: tables where they fit, formulas where they do not.

use crate::ids::{LocationId, ProfileId};
use crate::model::{Backhauls, Coord, Problem};
use crate::travel::{EuclideanRounding, FARTHEST, Rounding, Travel, UNREACHABLE};
use crate::units::Duration;

/// Most points for which tables are filled; beyond, distances are computed when asked for.
const DENSE_LIMIT: usize = 4_000;

/// How long an arc is that must not be driven: longer than any that may.
pub(crate) const FORBIDDEN: i32 = 1 << 30;

/// Of arcs that are all shorter than this, some may be added up in 32 bits.
const SHORT: i64 = 1 << 28;

/// How long an arc against the order of linehauls and backhauls is, once [relaxed](TravelTable::relax): no [plain](TravelTable::is_plain)
/// arc is as long, and some may be added up in 32 bits.
pub(crate) const OUT_OF_ORDER: i32 = SHORT as i32;

/// Where a point is, and what may follow it.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) location: LocationId,
    pub(crate) class: u8,
    /// Time that is spent where it is reached from another place.
    pub(crate) setup: Duration,
}

impl Place {
    pub(crate) const NEUTRAL: u8 = 0;
    pub(crate) const DEPOT: u8 = 1;
    pub(crate) const LINEHAUL: u8 = 2;
    pub(crate) const BACKHAUL: u8 = 3;
}

/// Distances and durations by profile. Durations of arcs have the set-up of the place that they lead to in them.
pub(crate) struct TravelTable {
    /// Distances of the first profile, row-major; empty where they are computed.
    dense: Vec<i32>,
    /// Durations of the first profile, likewise.
    dense_duration: Vec<i32>,
    size: usize,
    distance: Vec<Table>,
    /// Empty where durations equal distances.
    duration: Vec<Table>,
    symmetric: bool,
    never_unreachable: bool,
    all_short: bool,
    /// Where each point is, where some place must be set up; else empty.
    set_up: Vec<Option<Place>>,
}

enum Table {
    Dense {
        size: usize,
        values: Vec<i32>,
    },
    /// Straight lines; the last point is nowhere, at distance zero from everything.
    Straight {
        coords: Vec<Coord>,
        rounding: EuclideanRounding,
    },
    /// Whatever the problem says.
    OnDemand {
        problem: Box<Problem>,
        places: Vec<Option<Place>>,
        profile: ProfileId,
        duration: bool,
    },
}

impl TravelTable {
    pub(crate) fn new(problem: &Problem, places: &[Option<Place>]) -> Self {
        let travel = problem.travel();
        let profiles = travel.num_profiles();
        let table = |p: usize, duration: bool| Table::new(problem, places, ProfileId::new(p), duration);
        let mut distance: Vec<Table> = (0..profiles).map(|p| table(p, false)).collect();
        let has_setups = places.iter().flatten().any(|place| place.setup > 0);
        let mut duration: Vec<Table> = if travel.durations_equal_distances() && !has_setups {
            Vec::new()
        } else {
            (0..profiles).map(|p| table(p, true)).collect()
        };
        let longest = distance.iter().chain(&duration).map(Table::longest).max().unwrap_or(0);
        let never_unreachable = problem.backhauls() == Backhauls::Mixed
            && (longest < i64::from(FORBIDDEN) || !matches!(travel, Travel::Matrices(_)));
        let mut dense = Vec::new();
        if let Some(Table::Dense { values, .. }) = distance.first_mut() {
            std::mem::swap(&mut dense, values);
        }
        let mut dense_duration = Vec::new();
        if let Some(Table::Dense { values, .. }) = duration.first_mut() {
            std::mem::swap(&mut dense_duration, values);
        }
        Self {
            dense,
            dense_duration,
            size: places.len(),
            distance,
            duration,
            symmetric: travel.is_symmetric() && !has_setups,
            never_unreachable,
            all_short: longest < SHORT,
            set_up: if has_setups { places.to_vec() } else { Vec::new() },
        }
    }

    /// Distance between two points.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost operation of the search: a call costs as much as its work")]
    pub(crate) fn distance(&self, profile: usize, from: usize, to: usize) -> i32 {
        if profile == 0 && !self.dense.is_empty() {
            return self.dense[from * self.size + to];
        }
        self.distance[profile].get(from, to)
    }

    /// What of the duration between two points is set-up.
    #[inline]
    pub(crate) fn setup(&self, problem: &Problem, profile: usize, from: usize, to: usize) -> Duration {
        if self.set_up.is_empty() {
            return 0;
        }
        match (self.set_up[from], self.set_up[to]) {
            (Some(from), Some(to)) => set_up(problem, ProfileId::new(profile), from, to),
            _ => 0,
        }
    }

    /// Whether any place must be set up.
    pub(crate) fn has_setups(&self) -> bool {
        !self.set_up.is_empty()
    }

    /// Duration between two points, and of the set-up at the second one.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `distance`")]
    pub(crate) fn duration(&self, profile: usize, from: usize, to: usize) -> i32 {
        if self.duration.is_empty() {
            return self.distance(profile, from, to);
        }
        if profile == 0 && !self.dense_duration.is_empty() {
            return self.dense_duration[from * self.size + to];
        }
        self.duration[profile].get(from, to)
    }

    /// Whether durations and distances are the same.
    pub(crate) fn one_table(&self) -> bool {
        self.duration.is_empty()
    }

    /// Whether direction does not matter.
    pub(crate) fn is_symmetric(&self) -> bool {
        self.symmetric && self.never_unreachable
    }

    /// Whether direction does not matter but for the order of linehauls and backhauls.
    pub(crate) fn is_symmetric_in_order(&self) -> bool {
        self.symmetric
    }

    /// As [`is_plain`](Self::is_plain), but for some arcs; of tables only.
    pub(crate) fn is_plain_but(&self, excepted: impl Fn(usize, usize) -> bool) -> bool {
        let is_short = |values: &[i32]| {
            let arcs = values.iter().enumerate().map(|(i, &arc)| (i / self.size, i % self.size, arc));
            arcs.into_iter().all(|(from, to, arc)| i64::from(arc) < SHORT || excepted(from, to))
        };
        !self.dense.is_empty()
            && is_short(&self.dense)
            && (self.one_table() || (!self.dense_duration.is_empty() && is_short(&self.dense_duration)))
    }

    /// Shortens arcs to [`OUT_OF_ORDER`].
    pub(crate) fn relax(&mut self, which: impl Fn(usize, usize) -> bool) {
        let size = self.size;
        for values in [&mut self.dense, &mut self.dense_duration] {
            for (i, arc) in values.iter_mut().enumerate() {
                if which(i / size, i % size) {
                    *arc = OUT_OF_ORDER;
                }
            }
        }
    }

    /// Whether every arc may be driven, and is short enough for some of them to be added up in 32 bits.
    pub(crate) fn is_plain(&self) -> bool {
        self.never_unreachable && self.all_short
    }
}

impl Table {
    fn new(problem: &Problem, places: &[Option<Place>], profile: ProfileId, duration: bool) -> Self {
        if places.len() <= DENSE_LIMIT {
            let size = places.len();
            let mut values = Vec::with_capacity(size * size);
            for &from in places {
                values.extend(places.iter().map(|&to| lookup(problem, profile, duration, from, to)));
            }
            return Self::Dense { size, values };
        }
        match problem.travel() {
            Travel::Euclidean { rounding }
                if problem.backhauls() == Backhauls::Mixed
                    && !(duration && places.iter().flatten().any(|place| place.setup > 0)) =>
            {
                let coords = places.iter().flatten().map(|p| problem.coord(p.location)).collect();
                Self::Straight { coords, rounding: *rounding }
            }
            _ => Self::OnDemand { problem: Box::new(problem.clone()), places: places.to_vec(), profile, duration },
        }
    }

    /// The largest value of the table, or a bound of it.
    fn longest(&self) -> i64 {
        match self {
            Self::Dense { values, .. } => values.iter().max().copied().unwrap_or(0).into(),
            Self::Straight { coords, rounding } => {
                let side = |of: fn(&Coord) -> f64| {
                    let values = coords.iter().map(of);
                    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
                    (high - low).max(0.0)
                };
                (side(|c| c.x).hypot(side(|c| c.y)) * rounding.scale()) as i64 + 1
            }
            Self::OnDemand { problem, duration, .. } => match problem.travel() {
                Travel::Haversine { speed, detour } => {
                    (FARTHEST * detour / if *duration { *speed } else { 1.0 }) as i64 + 1
                }
                _ => FORBIDDEN.into(),
            },
        }
    }

    #[inline]
    fn get(&self, from: usize, to: usize) -> i32 {
        match self {
            Self::Dense { size, values } => values[from * size + to],
            Self::Straight { coords, rounding } => {
                let (Some(a), Some(b)) = (coords.get(from), coords.get(to)) else { return 0 };
                let (dx, dy) = (a.x - b.x, a.y - b.y);
                let length = (dx * dx + dy * dy).sqrt();
                match rounding {
                    // `length` is not negative: adding a half and cutting off rounds as `f64::round` does, but faster.
                    EuclideanRounding::Convention(Rounding::Round | Rounding::None) => (length + 0.5) as i32,
                    EuclideanRounding::Convention(rounding) => rounding.apply(length) as i32,
                    EuclideanRounding::Ceil => length.ceil() as i32,
                }
            }
            Self::OnDemand { problem, places, profile, duration } => {
                lookup(problem, *profile, *duration, places[from], places[to])
            }
        }
    }
}

fn lookup(problem: &Problem, profile: ProfileId, duration: bool, from: Option<Place>, to: Option<Place>) -> i32 {
    let (Some(from), Some(to)) = (from, to) else { return 0 };
    if problem.backhauls() == Backhauls::AfterLinehauls {
        let first_is_backhaul = from.class == Place::DEPOT && to.class == Place::BACKHAUL;
        let back_to_linehaul = from.class == Place::BACKHAUL && to.class == Place::LINEHAUL;
        if first_is_backhaul || back_to_linehaul {
            return FORBIDDEN;
        }
    }
    let value = if duration {
        problem.duration(profile, from.location, to.location)
    } else {
        problem.distance(profile, from.location, to.location)
    };
    if value >= UNREACHABLE {
        return FORBIDDEN;
    }
    let setup = if duration { set_up(problem, profile, from, to) } else { 0 };
    (value + setup).min(i64::from(FORBIDDEN) - 1) as i32
}

/// The set-up of a place that is reached from another one.
#[inline]
fn set_up(problem: &Problem, profile: ProfileId, from: Place, to: Place) -> Duration {
    if to.setup == 0 || problem.is_same_place(profile, from.location, to.location) { 0 } else { to.setup }
}
