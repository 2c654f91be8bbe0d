//! What vehicles consume and emit.

use crate::model::Problem;
use crate::units::Load;

/// What a vehicle drives on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Energy {
    /// Liquid fuel, in litres.
    #[default]
    Fuel,
    /// Electricity, in kilowatt-hours.
    Electricity,
}

/// What a vehicle consumes, in litres or kilowatt-hours, and what it emits.
///
/// A route consumes
/// `per_distance · d + Σ per_load_distance · load · d + per_stop · stops + per_idle · service`:
/// over each arc of distance `d` with what is on board, for each client, shipment end and disposal site that it stops at, and for
/// each unit of time that it serves or unloads there with the engine on. Engines are off while vehicles wait, load in depots and
/// rest. Coefficients are rounded to 10⁻¹² litres or kilowatt-hours.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Consumption {
    /// What it drives on.
    pub energy: Energy,
    /// Litres or kilowatt-hours for each unit of distance, empty.
    pub per_distance: f64,
    /// In addition, for each unit of load on board and each unit of distance, by load dimension; missing ones are zero.
    pub per_load_distance: Vec<f64>,
    /// For each stop: braking, starting, lifting.
    pub per_stop: f64,
    /// For each unit of time that it serves or unloads with the engine on.
    pub per_idle: f64,
    /// Kilograms of CO₂ for each litre or kilowatt-hour.
    pub co2: f64,
}

impl Consumption {
    /// Kilograms of CO₂ from a litre of diesel: 10.18 kg from a US gallon, by the US Environmental Protection Agency.
    pub const DIESEL_CO2: f64 = 2.69;
    /// The largest coefficient.
    pub const LARGEST: f64 = 1e4;

    /// Diesel, in litres for each unit of distance; half a litre a kilometre is `0.0005` where the unit is a metre.
    pub fn diesel(per_distance: f64) -> Self {
        Self {
            energy: Energy::Fuel,
            per_distance,
            per_load_distance: Vec::new(),
            per_stop: 0.0,
            per_idle: 0.0,
            co2: Self::DIESEL_CO2,
        }
    }

    /// Electricity, in kilowatt-hours for each unit of distance, which emits nothing where the vehicle is: set
    /// [`co2`](Self::co2) to what generating it emits.
    pub fn electric(per_distance: f64) -> Self {
        Self { energy: Energy::Electricity, co2: 0.0, ..Self::diesel(per_distance) }
    }

    /// Sets what each unit of load adds for each unit of distance, by load dimension.
    pub fn per_load_distance(mut self, per_load_distance: impl Into<Vec<f64>>) -> Self {
        self.per_load_distance = per_load_distance.into();
        self
    }

    /// Sets what each stop takes.
    pub fn per_stop(mut self, per_stop: f64) -> Self {
        self.per_stop = per_stop;
        self
    }

    /// Sets what each unit of service time takes.
    pub fn per_idle(mut self, per_idle: f64) -> Self {
        self.per_idle = per_idle;
        self
    }

    /// Sets how many kilograms of CO₂ a litre or kilowatt-hour emits.
    pub fn co2(mut self, co2: f64) -> Self {
        self.co2 = co2;
        self
    }

    /// The coefficients as whole numbers, with which sums are exact.
    pub(crate) fn exact(&self) -> ExactConsumption {
        let pico = |value: f64| (value * 1e12).round() as i128;
        ExactConsumption {
            per_distance: pico(self.per_distance),
            per_load_distance: self.per_load_distance.iter().map(|&value| pico(value)).collect(),
            per_stop: pico(self.per_stop),
            per_idle: pico(self.per_idle),
            co2: (self.co2 * 1e9).round() as i128,
        }
    }
}

/// Coefficients in 10⁻¹² litres or kilowatt-hours, and micrograms of CO₂ for each litre or kilowatt-hour. Sums saturate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExactConsumption {
    per_distance: i128,
    per_load_distance: Vec<i128>,
    per_stop: i128,
    per_idle: i128,
    co2: i128,
}

impl ExactConsumption {
    /// What an arc takes.
    pub(crate) fn arc(&self, distance: i64, on_board: impl Fn(usize) -> Load) -> i128 {
        let loaded =
            self.per_load_distance.iter().enumerate().map(|(d, &rate)| rate.saturating_mul(on_board(d).into()));
        let rate = loaded.fold(self.per_distance, i128::saturating_add);
        rate.saturating_mul(distance.into())
    }

    /// What a stop of so much service takes.
    pub(crate) fn stop(&self, service: i64) -> i128 {
        self.per_stop.saturating_add(self.per_idle.saturating_mul(service.into()))
    }

    /// In thousandths of litres or kilowatt-hours, rounded to the nearest.
    pub(crate) fn consumed(energy: i128) -> i64 {
        rounded(energy, 1_000_000_000)
    }

    /// In grams of CO₂, rounded to the nearest.
    pub(crate) fn emitted(&self, energy: i128) -> i64 {
        rounded(energy.saturating_mul(self.co2), 1_000_000_000_000_000_000)
    }
}

fn rounded(value: i128, unit: i128) -> i64 {
    let nearest = value.saturating_add(unit / 2).div_euclid(unit);
    i64::try_from(nearest).unwrap_or(if nearest < 0 { i64::MIN } else { i64::MAX })
}

impl Problem {
    /// Whether any vehicle says what it consumes.
    pub fn has_consumption(&self) -> bool {
        self.vehicle_types().iter().any(|v| v.consumption.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_a_collection_truck_by_hand() {
        let truck =
            Consumption::diesel(0.0005).per_load_distance([0.000_000_01]).per_stop(0.02).per_idle(0.001).exact();
        // 1 km with 2 t on board: 0.5 + 0.02 l; a stop of 30 s: 0.02 + 0.03 l.
        let energy = truck.arc(1_000, |_| 2_000) + truck.stop(30);
        assert_eq!(ExactConsumption::consumed(energy), 570);
        // 0.57 · 2.69 = 1.5333 kg.
        assert_eq!(truck.emitted(energy), 1_533);
        assert_eq!(Consumption::electric(0.001).exact().emitted(1_000_000_000_000), 0);
    }
}
