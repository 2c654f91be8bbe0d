//! A synthetic city of bins.

use crate::forecast::clean::DAY;
use crate::forecast::draws::Draws;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::series::SeriesSet;
use crate::model::Coord;

/// Steps of a day.
pub(super) const STEPS: usize = 4;

/// Seconds of a step.
pub(super) const STEP: i64 = DAY / STEPS as i64;

/// Parameters of a synthetic city.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CityParams {
    /// Number of bins.
    pub bins: usize,
    /// Number of days of waste.
    pub days: usize,
    /// Seed of all random choices.
    pub seed: u64,
    /// Side of the city, in metres.
    pub side: f64,
    /// Mean waste of a bin a day, in percent of its size.
    pub mean_percent: f64,
    /// Standard deviation of a reading, in points.
    pub noise: f64,
    /// Probability that a reading is missing.
    pub missing: f64,
    /// Probability that a reading is completely wrong.
    pub faulty: f64,
}

impl Default for CityParams {
    fn default() -> Self {
        Self {
            bins: 80,
            days: 90,
            seed: 1,
            side: 8_000.0,
            mean_percent: 13.0,
            noise: 1.0,
            missing: 0.03,
            faulty: 0.002,
        }
    }
}

/// A synthetic bin.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticBin {
    /// Its name.
    pub name: String,
    /// Its location, in metres.
    pub coord: Coord,
    /// Weight of its content when full, in kilograms.
    pub kilograms: i64,
    /// Amount deposited in each step of six hours, in percent of its size.
    pub deposits: Vec<f64>,
}

/// A city of bins: equal parameters give equal cities.
///
/// Bins are placed in clusters. Each has its own rate (gamma distributed over bins), weekly pattern (shops, offices,
/// parks), slow wave over the year, noise from step to step, spells of several days with more or less waste, and
/// occasional days with an event nearby.
///
/// ```
/// use milkrun::forecast::{City, CityParams};
///
/// let city = City::new(&CityParams { bins: 5, days: 3, ..CityParams::default() }).unwrap();
/// assert_eq!((city.bins.len(), city.bins[0].deposits.len()), (5, 12));
/// assert_eq!(city, City::new(&CityParams { bins: 5, days: 3, ..CityParams::default() }).unwrap());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// The parameters.
    pub params: CityParams,
    /// Where vehicles start, in metres.
    pub depot: Coord,
    /// The bins.
    pub bins: Vec<SyntheticBin>,
}

/// Share of a day's waste in each step from midnight on.
const DAY_SHAPE: [f64; STEPS] = [0.06, 0.30, 0.40, 0.24];

/// Weeks from Monday to Sunday: homes, offices, going out.
const WEEKS: [[f64; 7]; 3] =
    [[1.0, 0.9, 0.9, 0.9, 1.0, 1.2, 1.1], [1.25, 1.25, 1.25, 1.25, 1.2, 0.5, 0.3], [0.6, 0.6, 0.7, 0.9, 1.3, 1.7, 1.2]];

impl City {
    /// Makes a city.
    ///
    /// # Errors
    ///
    /// No bins or no days, more than a hundred million steps, or invalid numbers.
    pub fn new(params: &CityParams) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        checks.at_least_one("bins", params.bins);
        checks.at_least_one("days", params.days);
        if params.bins.saturating_mul(params.days).saturating_mul(STEPS) > 100_000_000 {
            checks.fault("bins", params.bins, "have too many days together", "make fewer bins or days");
        }
        checks.positive("side", params.side);
        checks.positive("mean_percent", params.mean_percent);
        checks.not_negative("noise", params.noise);
        for (path, probability) in [("missing", params.missing), ("faulty", params.faulty)] {
            if !(0.0..1.0).contains(&probability) {
                checks.fault(path, probability, "is not a probability below 1", "give a fraction, such as 0.03");
            }
        }
        checks.finish()?;
        let mut draws = Draws::new(params.seed);
        let centres: Vec<Coord> = (0..(params.bins / 12).max(3)).map(|_| place(&mut draws, params.side)).collect();
        let bins = (0..params.bins).map(|i| bin(&mut draws, params, &centres, i)).collect();
        Ok(Self { params: *params, depot: Coord::new(params.side * 0.1, params.side * 0.1), bins })
    }

    /// When the city's first step begins: a Monday, in seconds since 1970.
    pub const fn start() -> i64 {
        // 5 January 1970.
        4 * DAY
    }

    /// What sensors would report if bins were emptied only when full: for demonstrations.
    pub fn readings(&self) -> SeriesSet {
        let mut sensor = self.sensor();
        let mut rows = Vec::with_capacity(self.bins.len());
        for bin in &self.bins {
            let (mut times, mut values, mut level) = (Vec::new(), Vec::new(), 0.0_f64);
            for (step, deposit) in bin.deposits.iter().enumerate() {
                level = (level + deposit).min(100.0);
                times.push(Self::start() + (step as i64 + 1) * STEP);
                values.push(sensor.read(level));
                // Crews come once a day, at the end of the first step.
                if step % STEPS == 0 && level >= 85.0 {
                    level = 0.0;
                }
            }
            rows.push((times, values));
        }
        SeriesSet::of_rows(self.bins.iter().map(|bin| bin.name.clone()).collect(), rows)
    }

    pub(super) fn sensor(&self) -> Sensor {
        // A separate random stream, so that sensor faults do not change the deposits.
        Sensor { draws: Draws::new(self.params.seed ^ 0x5EED_0F5E_4504), params: self.params }
    }
}

/// Reads levels with the faults of a sensor.
pub(super) struct Sensor {
    draws: Draws,
    params: CityParams,
}

impl Sensor {
    /// The level in whole points; NaN if the reading is missing. Every reading uses the same number of draws.
    pub(super) fn read(&mut self, level: f64) -> f64 {
        let (fate, wrong, noise) = (self.draws.unit(), self.draws.unit(), self.draws.normal());
        if fate < self.params.missing {
            f64::NAN
        } else if fate < self.params.missing + self.params.faulty {
            (wrong * 250.0).round()
        } else if level >= 100.0 {
            100.0
        } else {
            (level + self.params.noise * noise).round().clamp(0.0, 99.0)
        }
    }
}

fn place(draws: &mut Draws, side: f64) -> Coord {
    let x = draws.between(0.0, side);
    Coord::new(x, draws.between(0.0, side))
}

fn bin(draws: &mut Draws, params: &CityParams, centres: &[Coord], index: usize) -> SyntheticBin {
    let centre = centres[((draws.unit() * centres.len() as f64) as usize).min(centres.len() - 1)];
    let spread = params.side * 0.08;
    let x = (centre.x + spread * draws.normal()).clamp(0.0, params.side);
    let y = (centre.y + spread * draws.normal()).clamp(0.0, params.side);
    let rate =
        (params.mean_percent * draws.gamma(3.0) / 3.0).clamp(params.mean_percent / 5.0, 3.0 * params.mean_percent);
    let week = WEEKS[((draws.unit() * 3.0) as usize).min(2)];
    let wave = draws.between(0.0, std::f64::consts::TAU);
    let mut spell = 1.0_f64;
    let mut deposits = Vec::with_capacity(params.days * STEPS);
    for day in 0..params.days {
        // Spells are autocorrelated from day to day.
        spell = (0.7 * spell.ln() + 0.15 * draws.normal()).exp();
        let happening = if draws.unit() < 0.012 { draws.between(15.0, 45.0) } else { 0.0 };
        let season = 1.0 + 0.2 * (day as f64 / 365.25 * std::f64::consts::TAU + wave).sin();
        let mean = rate * week[day % 7] * season * spell + happening;
        deposits.extend(DAY_SHAPE.iter().map(|share| mean * share * draws.gamma(3.0) / 3.0));
    }
    let kilograms = if draws.unit() < 0.7 { 30 } else { 80 };
    SyntheticBin { name: format!("bin {:03}", index + 1), coord: Coord::new(x, y), kilograms, deposits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_the_requested_one() {
        let city = City::new(&CityParams { bins: 400, days: 60, ..CityParams::default() }).unwrap();
        let total: f64 = city.bins.iter().flat_map(|bin| &bin.deposits).sum();
        let mean = total / (400.0 * 60.0);
        assert!((11.0..16.0).contains(&mean), "{mean}");
    }

    #[test]
    fn every_fault_at_once() {
        let params = CityParams { bins: 0, days: 0, side: -1.0, missing: 1.0, ..CityParams::default() };
        assert_eq!(City::new(&params).unwrap_err().faults.len(), 4);
    }
}
