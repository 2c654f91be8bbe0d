//! Simulates collection day after day, with the same waste for every policy.

use super::city::{City, STEP, STEPS};
use super::policy::Policy;
use crate::algorithm::{SolveParams, Stop, solve};
use crate::forecast::clean::DAY;
use crate::forecast::decide::Action;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::series::SeriesSet;
use crate::model::{Client, Depot, Problem, VehicleType};
use crate::plan::Activity;
use crate::travel::{Rounding, Travel};
use crate::units::{Cost, Load};

/// Parameters of the rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoundParams {
    /// Days at the beginning that do not count: every policy collects every third day, so that there is data to learn
    /// from.
    pub warm_up: usize,
    /// Vehicles.
    pub vehicles: usize,
    /// Capacity of a vehicle, in kilograms.
    pub capacity: Load,
    /// Iterations of the search for each day's routes.
    pub iterations: u64,
}

impl Default for RoundParams {
    fn default() -> Self {
        Self { warm_up: 42, vehicles: 10, capacity: 1_500, iterations: 300 }
    }
}

/// Results of a policy, after the warm-up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecisionMetrics {
    /// Days.
    pub days: usize,
    /// Visits.
    pub visits: usize,
    /// Visits to bins that were less than half full.
    pub wasted: usize,
    /// Times that a bin became full before it was emptied.
    pub overflows: usize,
    /// Share of time and bins during which the bin was not full.
    pub service_level: f64,
    /// Waste that did not fit, in percent of a bin's size, summed over bins.
    pub excess: f64,
    /// Distance driven, in kilometres.
    pub kilometres: f64,
    /// Waste collected, in tonnes.
    pub tonnes: f64,
    /// Days on which no feasible plan was found; their bins were not visited.
    pub infeasible_days: usize,
}

impl DecisionMetrics {
    /// Share of visits to bins that were less than half full; NaN without visits.
    pub fn wasted_share(&self) -> f64 {
        self.wasted as f64 / self.visits as f64
    }

    /// Kilometres for each tonne.
    pub fn kilometres_per_tonne(&self) -> f64 {
        self.kilometres / self.tonnes
    }
}

/// Runs a policy through a city's days. Each morning it decides by what sensors have reported until then; the routes are
/// solved, and the bins on them emptied. Waste and readings are the same for every policy of one city (common random
/// numbers).
///
/// # Errors
///
/// If the warm-up leaves no day, or parameters are invalid.
pub fn simulate(city: &City, policy: &Policy, params: &RoundParams) -> Result<DecisionMetrics, ForecastError> {
    let mut checks = Checks::default();
    if params.warm_up >= city.params.days {
        checks.fault(
            "warm_up",
            params.warm_up,
            "leaves no day of the city",
            "simulate more days, or shorten the warm-up",
        );
    }
    checks.at_least_one("vehicles", params.vehicles);
    if params.capacity <= 0 {
        checks.fault("capacity", params.capacity, "holds nothing", "give kilograms");
    }
    if let Policy::Fixed { every } = policy {
        checks.at_least_one("every", *every);
    }
    checks.finish()?;
    let mut world = World::new(city);
    for day in 0..city.params.days {
        if day == params.warm_up {
            world.metrics = DecisionMetrics::default();
            world.open_steps = 0;
        }
        world.step(day * STEPS);
        let wanted = if day < params.warm_up {
            world.wanted(&Policy::Fixed { every: 3 }, day)?
        } else {
            world.wanted(policy, day)?
        };
        world.collect(&wanted, day, params)?;
        for step in 1..STEPS {
            world.step(day * STEPS + step);
        }
    }
    let mut metrics = world.metrics;
    metrics.days = city.params.days - params.warm_up;
    metrics.service_level = world.open_steps as f64 / (metrics.days * STEPS * city.bins.len()) as f64;
    Ok(metrics)
}

/// A bin that a round must visit, or may visit for a prize.
struct Wanted {
    bin: usize,
    prize: Option<Cost>,
    kilograms: Load,
}

struct World<'a> {
    city: &'a City,
    sensor: super::city::Sensor,
    levels: Vec<f64>,
    was_full: Vec<bool>,
    /// Readings and emptyings of each bin, which policies may use.
    readings: Vec<(Vec<i64>, Vec<f64>)>,
    emptyings: Vec<(Vec<i64>, Vec<f64>)>,
    /// Bins by sector, for fixed schedules.
    sectors: Vec<usize>,
    open_steps: usize,
    metrics: DecisionMetrics,
}

impl<'a> World<'a> {
    fn new(city: &'a City) -> Self {
        let n = city.bins.len();
        let mut sectors: Vec<usize> = (0..n).collect();
        let angle = |&i: &usize| {
            let coord = city.bins[i].coord;
            (coord.y - city.depot.y).atan2(coord.x - city.depot.x)
        };
        sectors.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
        Self {
            city,
            sensor: city.sensor(),
            levels: vec![0.0; n],
            was_full: vec![false; n],
            readings: vec![(Vec::new(), Vec::new()); n],
            emptyings: vec![(Vec::new(), Vec::new()); n],
            sectors,
            open_steps: 0,
            metrics: DecisionMetrics::default(),
        }
    }

    /// Waste of a step, and the reading at its end.
    fn step(&mut self, step: usize) {
        let time = City::start() + (step as i64 + 1) * STEP;
        for (i, bin) in self.city.bins.iter().enumerate() {
            let level = self.levels[i] + bin.deposits[step];
            self.metrics.excess += (level - 100.0).max(0.0);
            self.levels[i] = level.min(100.0);
            if level >= 100.0 && !self.was_full[i] {
                self.was_full[i] = true;
                self.metrics.overflows += 1;
            }
            self.open_steps += usize::from(level < 100.0);
            self.readings[i].0.push(time);
            self.readings[i].1.push(self.sensor.read(self.levels[i]));
        }
    }

    fn names(&self) -> Vec<String> {
        self.city.bins.iter().map(|bin| bin.name.clone()).collect()
    }

    fn last_reading(&self, bin: usize) -> Option<f64> {
        // A reading from before the last visit is out of date.
        let since = self.emptyings[bin].0.last().copied().unwrap_or(i64::MIN);
        let (times, values) = &self.readings[bin];
        let known = times.iter().zip(values).rev().take_while(|(time, _)| **time > since);
        known.map(|(_, value)| *value).find(|value| (0.0..=100.0).contains(value))
    }

    fn wanted(&self, policy: &Policy, day: usize) -> Result<Vec<Wanted>, ForecastError> {
        let kilograms = |bin: usize, level: f64| (self.city.bins[bin].kilograms as f64 * level / 100.0).ceil() as Load;
        let of_level = |bin: usize| kilograms(bin, self.last_reading(bin).unwrap_or(100.0));
        let must = |bin: usize| Wanted { bin, prize: None, kilograms: of_level(bin) };
        Ok(match policy {
            Policy::Fixed { every } => {
                let n = self.sectors.len();
                let today = day % every;
                (0..n).filter(|k| k * every / n == today).map(|k| must(self.sectors[k])).collect()
            }
            Policy::Threshold { level } => {
                let due = |&bin: &usize| self.last_reading(bin).is_some_and(|reading| reading >= *level);
                (0..self.city.bins.len()).filter(due).map(must).collect()
            }
            Policy::Forecast(policy) => {
                let readings = SeriesSet::of_rows(self.names(), self.readings.clone());
                let emptyings = SeriesSet::of_rows(self.names(), self.emptyings.clone());
                let service = City::start() + day as i64 * DAY + STEP;
                let choices = policy.choices(&readings, &emptyings, service, DAY)?;
                let known = choices.iter().enumerate().filter(|(_, choice)| choice.action != Action::Skip);
                known
                    .map(|(bin, choice)| Wanted {
                        bin,
                        prize: (choice.action == Action::May).then_some(choice.prize),
                        kilograms: kilograms(bin, if choice.level.is_nan() { 100.0 } else { choice.level }),
                    })
                    .collect()
            }
        })
    }

    /// Solves the day's routes and empties the bins on them.
    fn collect(&mut self, wanted: &[Wanted], day: usize, params: &RoundParams) -> Result<(), ForecastError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let mut builder = Problem::builder();
        let yard = builder.add_depot(Depot::at(self.city.depot));
        for w in wanted {
            let client = Client::at(self.city.bins[w.bin].coord).pickup([w.kilograms]);
            builder.add_client(match w.prize {
                Some(prize) => client.optional(prize),
                None => client,
            });
        }
        builder.add_vehicle_type(VehicleType::new(params.vehicles).capacity([params.capacity]).depot(yard));
        let problem = builder.travel(Travel::euclidean(Rounding::Round)).build().map_err(|error| {
            let mut checks = Checks::default();
            checks.fault(
                "city",
                error,
                "does not give a valid routing problem",
                "give a smaller side, or smaller prizes",
            );
            checks.finish().err().unwrap_or(ForecastError { faults: Vec::new(), omitted: 0 })
        })?;
        let seed = self.city.params.seed.wrapping_mul(1_000_003).wrapping_add(day as u64);
        let stop = Stop::after_iterations(params.iterations);
        let plan = solve(&problem, &SolveParams { stop, seed, ..SolveParams::default() }).plan;
        if !plan.is_feasible() {
            self.metrics.infeasible_days += 1;
            return Ok(());
        }
        let time = City::start() + day as i64 * DAY + STEP;
        for visit in plan.routes().iter().flat_map(crate::plan::Route::visits) {
            let Activity::Client(client) = visit.activity else { continue };
            self.empty(wanted[client.index()].bin, time);
        }
        let metres: i64 = plan.routes().iter().map(|route| route.distance).sum();
        self.metrics.kilometres += metres as f64 / 1000.0;
        Ok(())
    }

    fn empty(&mut self, bin: usize, time: i64) {
        let level = self.levels[bin];
        self.metrics.visits += 1;
        self.metrics.wasted += usize::from(level < 50.0);
        self.metrics.tonnes += self.city.bins[bin].kilograms as f64 * level / 100.0 / 1000.0;
        self.levels[bin] = 0.0;
        self.was_full[bin] = false;
        self.emptyings[bin].0.push(time);
        self.emptyings[bin].1.push(0.0);
    }
}
