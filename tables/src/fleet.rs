//! Load dimensions, and the trucks in them.

use crate::defaults::Defaults;
use crate::fault::{Faults, wrong};
use crate::loads::Amounts;
use crate::rows::trucks::TruckRow;
use crate::stops::Stop;

/// What loads are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dimension {
    Kilograms,
    Litres,
    /// As the tables have it, times so much that all are whole.
    Bare(i64),
}

impl Dimension {
    /// The unit's sign; empty where tables do not say it.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Self::Kilograms => "kg",
            Self::Litres => "l",
            Self::Bare(_) => "",
        }
    }

    /// The load in this dimension, rounded up.
    pub(crate) fn load(self, amounts: Amounts) -> i64 {
        let (amount, times) = match self {
            Self::Kilograms => (amounts.kilograms, 1.0),
            Self::Litres => (amounts.litres, 1.0),
            Self::Bare(times) => (amounts.bare, times as f64),
        };
        // A little less than rounding up, for 0.1 + 0.2 is more than 0.3.
        amount.map_or(0, |amount| (amount * times - 1e-6).ceil() as i64)
    }

    /// The capacity in this dimension, rounded down; `None`: not said.
    fn capacity(self, amounts: Amounts, defaults: &Defaults) -> Option<i64> {
        let (amount, times) = match self {
            Self::Kilograms => (amounts.kilograms, 1.0),
            Self::Litres => (amounts.litres, defaults.compaction),
            Self::Bare(times) => (amounts.bare, times as f64),
        };
        amount.map(|amount| (amount * times + 1e-6).floor() as i64)
    }
}

/// The dimensions that trucks are limited in.
pub(crate) fn dimensions(trucks: &[TruckRow], stops: &[Stop], faults: &mut Faults) -> Vec<Dimension> {
    let known = |amounts: Amounts| [amounts.kilograms.is_some(), amounts.litres.is_some(), amounts.bare.is_some()];
    let of_trucks = |which: usize| trucks.iter().find(|truck| known(truck.capacity)[which]);
    let of_stops = |which: usize| stops.iter().find(|stop| known(stop.load)[which]);
    let (by_weight, by_volume, bare) = (of_trucks(0), of_trucks(1), of_trucks(2));
    let mut mixed = |origin: &str, message: &str, remedy: &str| faults.push(origin, "", wrong(message, remedy));
    let bare_load = of_stops(2);
    match (by_weight.or(by_volume), bare) {
        (Some(unit), Some(none)) => {
            let message = format!("has a capacity without a unit, and that of {} has one", unit.name);
            mixed(&none.origin, &message, "write the unit behind every number or into the heading: `capacity (kg)`");
            Vec::new()
        }
        (None, Some(truck)) => {
            if let Some(stop) = of_stops(0).or(of_stops(1)) {
                let message =
                    format!("has a capacity without a unit, and the load of {} ({}) has one", stop.name, stop.origin);
                mixed(&truck.origin, &message, "say which: --map \"capacity=capacity:kg\", or write `capacity (kg)`");
                return Vec::new();
            }
            vec![Dimension::Bare(scale(trucks, stops))]
        }
        (Some(truck), None) => {
            if let Some(stop) = bare_load {
                let message =
                    format!("has a load without a unit, and the capacity of {} ({}) has one", truck.name, truck.origin);
                mixed(&stop.origin, &message, "say which: --map \"load=load:kg\", or write `load (kg)`");
                return Vec::new();
            }
            let kinds = [by_weight.map(|_| Dimension::Kilograms), by_volume.map(|_| Dimension::Litres)];
            kinds.into_iter().flatten().collect()
        }
        (None, None) => Vec::new(),
    }
}

/// A thousand where an amount is no whole number.
fn scale(trucks: &[TruckRow], stops: &[Stop]) -> i64 {
    let all = trucks.iter().map(|truck| truck.capacity).chain(stops.iter().map(|stop| stop.load));
    if all.filter_map(|amounts| amounts.bare).any(|bare| bare.fract() != 0.0) { 1_000 } else { 1 }
}

/// The capacity of trucks; where it is not said in a dimension, what all stops together have.
pub(crate) fn capacity(truck: &TruckRow, dimensions: &[Dimension], stops: &[Stop], defaults: &Defaults) -> Vec<i64> {
    let all = |dimension: Dimension| stops.iter().map(|stop| dimension.load(stop.load)).sum::<i64>();
    dimensions.iter().map(|&d| d.capacity(truck.capacity, defaults).unwrap_or_else(|| all(d))).collect()
}
