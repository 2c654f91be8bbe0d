//! Disposal sites, where waste is unloaded, and the materials that it consists of.

use crate::ids::{LocationId, MaterialId};
use crate::model::{Notes, Place, TimeWindow};
use crate::units::{Cost, Duration, Load};

/// A kind of waste: general, recycling, organic, …
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Material {
    /// A name for people; may be empty.
    pub name: String,
}

impl Material {
    /// A material of the given name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

/// An amount per quantity of load: `Rate::new(90, 1_000)` is 90 seconds (or units of cost) for every thousand units of
/// load. Fractions are rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The time or cost …
    pub amount: i64,
    /// … for so many units of load; at least 1.
    pub per: Load,
}

impl Rate {
    /// `amount` for every `per` units of load.
    pub const fn new(amount: i64, per: Load) -> Self {
        Self { amount, per }
    }

    /// The time or cost of `load`, rounded up.
    ///
    /// ```
    /// use milkrun::Rate;
    /// assert_eq!(Rate::new(90, 1_000).of(2_500), 225);
    /// assert_eq!(Rate::new(1, 2).of(3), 2);
    /// ```
    pub const fn of(&self, load: Load) -> i64 {
        let per = if self.per < 1 { 1 } else { self.per as i128 };
        let total = self.amount as i128 * load as i128;
        let units = (total + per - 1).div_euclid(per);
        if units > i64::MAX as i128 { i64::MAX } else { units as i64 }
    }
}

/// A landfill or transfer station, where a vehicle unloads what it has picked up from single clients.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct DisposalSite {
    /// Where it is.
    pub place: Place,
    /// When unloading may start: at any time in one of these windows, which ascend and do not overlap; empty: always.
    pub hours: Vec<TimeWindow>,
    /// Time that every visit takes.
    pub service: Duration,
    /// Additional time for unloading, by load dimension; missing dimensions take none.
    pub unloading: Vec<Rate>,
    /// Cost of every visit.
    pub visit_cost: Cost,
    /// Cost of what is unloaded, by load dimension; missing dimensions cost nothing.
    pub tipping_fee: Vec<Rate>,
    /// The accepted materials; `None`: all. What is not accepted stays on board.
    pub materials: Option<Vec<MaterialId>>,
    /// The maximum that all vehicles together may unload here, by load dimension; empty: no limit.
    pub daily_capacity: Vec<Load>,
    /// A name for people; may be empty.
    pub name: String,
    /// What people say about it.
    pub notes: Notes,
}

impl DisposalSite {
    /// A site at `place` that is always open, takes everything, and costs neither time nor money.
    pub fn at(place: impl Into<Place>) -> Self {
        Self {
            place: place.into(),
            hours: Vec::new(),
            service: 0,
            unloading: Vec::new(),
            visit_cost: 0,
            tipping_fee: Vec::new(),
            materials: None,
            daily_capacity: Vec::new(),
            name: String::new(),
            notes: Notes::default(),
        }
    }

    /// Sets when unloading may start.
    pub fn hours(mut self, windows: impl Into<Vec<TimeWindow>>) -> Self {
        self.hours = windows.into();
        self
    }

    /// Sets the time that every visit takes.
    pub fn service(mut self, duration: Duration) -> Self {
        self.service = duration;
        self
    }

    /// Sets the time that unloading takes, by load dimension.
    pub fn unloading(mut self, rates: impl Into<Vec<Rate>>) -> Self {
        self.unloading = rates.into();
        self
    }

    /// Sets the cost of every visit.
    pub fn visit_cost(mut self, cost: Cost) -> Self {
        self.visit_cost = cost;
        self
    }

    /// Sets the cost of what is unloaded, by load dimension.
    pub fn tipping_fee(mut self, rates: impl Into<Vec<Rate>>) -> Self {
        self.tipping_fee = rates.into();
        self
    }

    /// Restricts the accepted materials.
    pub fn materials(mut self, materials: impl Into<Vec<MaterialId>>) -> Self {
        self.materials = Some(materials.into());
        self
    }

    /// Limits what all vehicles together may unload here, by load dimension.
    pub fn daily_capacity(mut self, amount: impl Into<Vec<Load>>) -> Self {
        self.daily_capacity = amount.into();
        self
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Whether `material` is accepted; `None` is waste without a material.
    pub fn accepts(&self, material: Option<MaterialId>) -> bool {
        self.materials.as_ref().is_none_or(|accepted| material.is_none_or(|m| accepted.contains(&m)))
    }

    /// The site's location in a built problem.
    pub fn location(&self) -> LocationId {
        self.place.location()
    }
}

/// A part of a vehicle that takes certain materials only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Compartment {
    /// The materials that it takes. No material has two compartments of the same vehicle.
    pub materials: Vec<MaterialId>,
    /// How much of them fits, by load dimension; empty: as much as the vehicle takes.
    pub capacity: Vec<Load>,
}

impl Compartment {
    /// A compartment for the given materials.
    pub fn new(materials: impl Into<Vec<MaterialId>>, capacity: impl Into<Vec<Load>>) -> Self {
        Self { materials: materials.into(), capacity: capacity.into() }
    }
}
