//! A plan laid out as people read it: trucks, their trips, and rows for all that happens on them.

mod names;
mod row;
mod totals;
mod trucks;

use milkrun::plan::Trip;
use milkrun::plan::{Plan, Route};
use milkrun::{Problem, VehicleType};

pub(crate) use names::{called, own_tag};
pub(crate) use row::{Row, Step};
pub(crate) use totals::Totals;

use crate::figures::Figures;

/// A planned day.
pub(crate) struct Day<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) plan: &'a Plan,
    pub(crate) figures: Figures,
    pub(crate) trucks: Vec<Truck<'a>>,
}

/// What one vehicle does.
pub(crate) struct Truck<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    /// Its type's name, with a number where the plan has several of the type.
    pub(crate) name: String,
    pub(crate) vehicle: &'a VehicleType,
    pub(crate) route: &'a Route,
    pub(crate) trips: Vec<TripRows<'a>>,
}

/// What happens on one trip.
pub(crate) struct TripRows<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) trip: &'a Trip,
    pub(crate) rows: Vec<Row<'a>>,
}

impl<'a> Day<'a> {
    /// Lays out a plan. Everything in it must be the problem's.
    pub(crate) fn new(problem: &'a Problem, plan: &'a Plan, figures: Figures) -> Self {
        Self { problem, plan, figures, trucks: trucks::trucks(problem, plan) }
    }

    /// Number of clients and ends of shipments that are served.
    pub(crate) fn stops(&self) -> usize {
        self.trucks.iter().map(Truck::stops).sum()
    }
}

impl Truck<'_> {
    /// All rows, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row<'_>> {
        self.trips.iter().flat_map(|trip| &trip.rows)
    }

    /// Number of clients and ends of shipments that it serves.
    pub(crate) fn stops(&self) -> usize {
        self.rows().filter(|row| row.order.is_some()).count()
    }

    /// Paid time beyond the first step of overtime.
    pub(crate) fn overtime(&self) -> i64 {
        let from = self.vehicle.overtime.iter().map(|step| step.after).min();
        from.map_or(0, |from| self.route.paid.saturating_sub(from).max(0))
    }
}
