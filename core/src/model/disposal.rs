//! Where waste is emptied, and what it is made of.

use crate::ids::{LocationId, MaterialId};
use crate::model::{Place, TimeWindow};
use crate::units::{Cost, Duration, Load};

/// A kind of waste: general, recycling, organic, …
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// So much for every so much: `Rate::new(90, 1_000)` is 90 seconds (or coins) for every thousand units of load. Parts of a
/// unit count as a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What is added …
    pub amount: i64,
    /// … for so many units of load; at least 1.
    pub per: Load,
}

impl Rate {
    /// `amount` for every `per` units of load.
    pub const fn new(amount: i64, per: Load) -> Self {
        Self { amount, per }
    }

    /// What `load` makes, rounded up.
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

/// A landfill or transfer station: a vehicle leaves there what it has picked up from single clients.
#[derive(Clone, Debug, PartialEq)]
pub struct DisposalSite {
    /// Where it is.
    pub place: Place,
    /// When unloading may start: at any time in one of these windows, which ascend and do not overlap; empty: always.
    pub hours: Vec<TimeWindow>,
    /// Time that every visit takes.
    pub service: Duration,
    /// Time that unloading takes on top, by load dimension; missing dimensions take none.
    pub unloading: Vec<Rate>,
    /// Cost of every visit.
    pub visit_cost: Cost,
    /// Cost of what is unloaded, by load dimension; missing dimensions cost nothing.
    pub tipping_fee: Vec<Rate>,
    /// What may be left here; `None`: everything. What is not accepted stays on board.
    pub materials: Option<Vec<MaterialId>>,
    /// The most that all vehicles together may leave here, by load dimension; empty: any amount.
    pub daily_capacity: Vec<Load>,
    /// A name for people; may be empty.
    pub name: String,
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

    /// Restricts what may be left here.
    pub fn materials(mut self, materials: impl Into<Vec<MaterialId>>) -> Self {
        self.materials = Some(materials.into());
        self
    }

    /// Limits what all vehicles together may leave here, by load dimension.
    pub fn daily_capacity(mut self, amount: impl Into<Vec<Load>>) -> Self {
        self.daily_capacity = amount.into();
        self
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Whether `material` may be left here; `None` is waste that names no material.
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
pub struct Compartment {
    /// What goes in here. No material has two compartments of a vehicle.
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
