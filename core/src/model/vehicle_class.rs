//! What vehicles of a kind consume on average.

use super::Consumption;

/// A kind of vehicle whose average consumption is published.
///
/// The figures are the averages of fleets in the United States for each kilometre, everything included: stops, idling and what is on
/// board (US Department of Energy, Alternative Fuels Data Center, "Average Fuel Economy by Major Vehicle Category",
/// <https://afdc.energy.gov/data/10310>). They are given there in miles for each gallon of gasoline or of what has its energy; a gallon of
/// diesel has 1.13 times as much. CO₂ is [`Consumption::DIESEL_CO2`], of gasoline 2.35 kg a litre (8.887 kg a US gallon, by the US
/// Environmental Protection Agency). Measure your own vehicles: averages hide what a plan decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VehicleClass {
    /// A refuse truck on its rounds: 2.53 miles.
    RefuseTruck,
    /// A city bus: 3.26 miles.
    TransitBus,
    /// A truck of more than 15 tonnes, mostly on long distances: 5.29 miles.
    HeavyTruck,
    /// A delivery truck: 6.5 miles.
    DeliveryTruck,
    /// A light truck or van, on gasoline: 17.5 miles.
    Van,
}

impl VehicleClass {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::RefuseTruck, Self::TransitBus, Self::HeavyTruck, Self::DeliveryTruck, Self::Van];

    /// Its name in documents: `refuse_truck`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RefuseTruck => "refuse_truck",
            Self::TransitBus => "transit_bus",
            Self::HeavyTruck => "heavy_truck",
            Self::DeliveryTruck => "delivery_truck",
            Self::Van => "van",
        }
    }

    /// The class of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Miles for each gallon of gasoline, or of what has its energy.
    const fn miles(self) -> f64 {
        match self {
            Self::RefuseTruck => 2.5312,
            Self::TransitBus => 3.2619,
            Self::HeavyTruck => 5.288,
            Self::DeliveryTruck => 6.5,
            Self::Van => 17.5,
        }
    }

    /// Litres for each kilometre.
    pub fn litres_per_km(self) -> f64 {
        const LITRES_A_GALLON: f64 = 3.785_411_784;
        const KM_A_MILE: f64 = 1.609_344;
        /// The energy of a gallon of diesel, in gallons of gasoline.
        const DIESEL: f64 = 1.13;
        let energy = if self == Self::Van { 1.0 } else { DIESEL };
        LITRES_A_GALLON / (self.miles() * energy * KM_A_MILE)
    }
}

impl Consumption {
    /// Kilograms of CO₂ from a litre of gasoline: 8.887 kg from a US gallon, by the US Environmental Protection Agency.
    pub const GASOLINE_CO2: f64 = 2.35;

    /// The average of vehicles of a kind, where a unit of distance is so many metres.
    ///
    /// ```
    /// use milkrun::{Consumption, VehicleClass};
    ///
    /// let truck = Consumption::average(VehicleClass::RefuseTruck, 1.0);
    /// assert_eq!((truck.per_distance * 1e6).round(), 822.0); // litres for 1,000 km
    /// ```
    pub fn average(class: VehicleClass, metres: f64) -> Self {
        let diesel = Self::diesel(class.litres_per_km() * metres / 1e3);
        if class == VehicleClass::Van { diesel.co2(Self::GASOLINE_CO2) } else { diesel }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn litres_for_a_hundred_kilometres() {
        // 235.215 divided by miles for each gallon; diesel has 1.13 times the energy.
        let litres = VehicleClass::ALL.map(|class| (class.litres_per_km() * 1_000.0).round() as u32);
        assert_eq!(litres, [822, 638, 394, 320, 134], "tenths of litres");
        assert_eq!(VehicleClass::ALL.map(|class| VehicleClass::named(class.name())), VehicleClass::ALL.map(Some));
        assert_eq!(VehicleClass::named("tram"), None);
        let van = Consumption::average(VehicleClass::Van, 1_000.0);
        assert!((van.per_distance - 0.1344).abs() < 1e-4 && (van.co2 - 2.35).abs() < 1e-9);
    }
}
