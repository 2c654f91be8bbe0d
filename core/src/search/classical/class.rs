//! The classes of classical problems. What a class does not need of windows, fleets and durations, evaluations of it do not have.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Sub};

use crate::search::data::{BackhaulOrder, Data};

/// What is known of the problems of a class.
pub(crate) trait Class: Copy + Debug + Send + 'static {
    /// Whether times matter.
    const TIMED: bool;
    /// Whether vehicles may differ, or limit how long their routes take.
    const FLEET: bool;
    /// Whether linehauls come before backhauls.
    const ORDERED: bool;
    /// What a route has on board that must fit.
    type Load: Load;
    /// What each node knows of the duration of its route.
    type Span: Span;
}

/// One vehicle type, and capacity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Capacity;

/// One vehicle type, capacity, and time windows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows;

/// Several vehicle types, and capacity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fleet;

/// One or several vehicle types, capacity, time windows, and limits of duration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimedFleet;

/// One vehicle type, capacity, and backhauls after linehauls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CapacityWithBackhauls;

/// As [`Fleet`], with backhauls after linehauls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FleetWithBackhauls;

/// As [`TimedFleet`], with backhauls after linehauls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimedFleetWithBackhauls;

impl Class for Capacity {
    const TIMED: bool = false;
    const FLEET: bool = false;
    const ORDERED: bool = false;
    type Load = i32;
    type Span = ();
}

impl Class for Windows {
    const TIMED: bool = true;
    const FLEET: bool = false;
    const ORDERED: bool = false;
    type Load = i32;
    type Span = ();
}

impl Class for Fleet {
    const TIMED: bool = false;
    const FLEET: bool = true;
    const ORDERED: bool = false;
    type Load = i32;
    type Span = ();
}

impl Class for TimedFleet {
    const TIMED: bool = true;
    const FLEET: bool = true;
    const ORDERED: bool = false;
    type Load = i32;
    type Span = Durations;
}

impl Class for CapacityWithBackhauls {
    const TIMED: bool = false;
    const FLEET: bool = false;
    const ORDERED: bool = true;
    type Load = LoadByKind;
    type Span = ();
}

impl Class for FleetWithBackhauls {
    const TIMED: bool = false;
    const FLEET: bool = true;
    const ORDERED: bool = true;
    type Load = LoadByKind;
    type Span = ();
}

impl Class for TimedFleetWithBackhauls {
    const TIMED: bool = true;
    const FLEET: bool = true;
    const ORDERED: bool = true;
    type Load = LoadByKind;
    type Span = Durations;
}

/// What stops take of a vehicle. Sums of two loads that fit are within the range.
pub(crate) trait Load:
    Copy + Debug + Default + PartialEq + Send + Add<Output = Self> + Sub<Output = Self> + AddAssign
{
    /// What a stop takes.
    fn of(data: &Data<'_>, stop: usize) -> Self;

    /// Whether a vehicle of this capacity takes it.
    fn fits(self, capacity: i64) -> bool;
}

impl Load for i32 {
    #[inline]
    fn of(data: &Data<'_>, stop: usize) -> Self {
        data.demand[stop]
    }

    #[inline]
    fn fits(self, capacity: i64) -> bool {
        i64::from(self) <= capacity
    }
}

/// What linehauls have delivered to them, and what backhauls have picked up: never on board together, since all of the former come first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LoadByKind {
    pub(crate) linehauls: i32,
    pub(crate) backhauls: i32,
}

impl Add for LoadByKind {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self { linehauls: self.linehauls + other.linehauls, backhauls: self.backhauls + other.backhauls }
    }
}

impl Sub for LoadByKind {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self { linehauls: self.linehauls - other.linehauls, backhauls: self.backhauls - other.backhauls }
    }
}

impl AddAssign for LoadByKind {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Load for LoadByKind {
    #[inline]
    fn of(data: &Data<'_>, stop: usize) -> Self {
        let demand = data.demand[stop];
        match data.order[stop] {
            BackhaulOrder::Backhaul => Self { linehauls: 0, backhauls: demand },
            _ => Self { linehauls: demand, backhauls: 0 },
        }
    }

    #[inline]
    fn fits(self, capacity: i64) -> bool {
        i64::from(self.linehauls.max(self.backhauls)) <= capacity
    }
}

/// What a node knows of the duration of its route, where that may be limited.
pub(crate) trait Span: Copy + Debug + Default + PartialEq + Send {
    /// Whether anything is kept.
    const KEPT: bool;

    /// What is known; where nothing is kept, nothing but zeros.
    fn get(self) -> Durations;

    /// Keeps it.
    fn set(&mut self, durations: Durations);
}

impl Span for () {
    const KEPT: bool = false;

    #[inline]
    fn get(self) -> Durations {
        Durations::default()
    }

    #[inline]
    fn set(&mut self, _: Durations) {}
}

/// A piece of route that is driven without needless waiting (Vidal et al. 2013, doi:10.1016/j.cor.2012.07.018): the one that ends
/// where service begins at a node, and the one that begins there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Durations {
    /// How long it takes at least to come to the node from the route's start, and begin service.
    pub(crate) ahead: i32,
    /// The latest start of the route at which that is so, and at which everything before is in time.
    pub(crate) latest_start: i32,
    /// How long it takes at least from the begin of service to the route's end.
    pub(crate) behind: i32,
    /// The earliest begin of service at which that is so.
    pub(crate) earliest: i32,
}

impl Span for Durations {
    const KEPT: bool = true;

    #[inline]
    fn get(self) -> Durations {
        self
    }

    #[inline]
    fn set(&mut self, durations: Durations) {
        *self = durations;
    }
}
