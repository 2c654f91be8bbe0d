//! What routes cost in VROOM: travel time, kilometres and time at tasks have prices, and waiting is free.
//!
//! Our vehicles pay for distance and for the whole duration. So the matrices of distances are filled with what each
//! leg costs, unless a limit on the real distance needs them: then waiting is paid like travel.

use super::input::{Costs, Input, Vehicle};
use super::travel::{Places, Profile, at_speed};
use crate::io::fields::Found;
use crate::travel::UNREACHABLE;
use crate::units::{Cost, Duration, MAX_COST, MAX_VALUE};

/// How finely costs are counted where prices do not divide.
const FINE: i64 = 100;

/// The prices of a document's vehicles.
pub(super) struct Prices {
    /// Our units of cost for each of VROOM's.
    pub(super) scale: i64,
    /// Whether distances are real, and durations are paid.
    by_distance: bool,
}

impl Prices {
    /// Checks that everything that has a price is known.
    pub(super) fn new(found: &mut Found, input: &Input, places: &Places) -> Self {
        let by_distance = input.vehicles.iter().any(|vehicle| vehicle.max_distance.is_some());
        for (v, vehicle) in input.vehicles.iter().enumerate() {
            let Some(profile) = places.profiles.get(&vehicle.profile) else { continue };
            let standard = Costs::default();
            let own = (vehicle.costs.per_hour, vehicle.costs.per_km) != (standard.per_hour, standard.per_km);
            if profile.costs.is_some() && own {
                let message = "a matrix of costs cannot be combined with prices per hour or kilometre";
                found.faults.add(format!("vehicles[{v}].costs"), "", message, "keep one of the two");
            }
            if profile.costs.is_some() && by_distance {
                let message = "limits on distances cannot be combined with a matrix of costs here";
                found.faults.add(format!("vehicles[{v}].max_distance"), "", message, "keep one of the two");
            }
            let wanted = [("costs.per_km", vehicle.costs.per_km > 0), ("max_distance", vehicle.max_distance.is_some())];
            for (key, _) in wanted.into_iter().filter(|(_, wanted)| *wanted && profile.distances.is_none()) {
                let message = format!("needs distances, but matrices.{} has none", vehicle.profile);
                found.faults.add(format!("vehicles[{v}].{key}"), "", &message, "add distances, in metres");
            }
        }
        let windows = input.tasks().any(|(_, task)| !task.windows.is_empty());
        if by_distance && windows {
            let told =
                "max_distance: routes are chosen as if waiting cost as much as travel; the answer's costs are VROOM's";
            found.warnings.push(told.to_owned());
        }
        Self { scale: scale(input, by_distance), by_distance }
    }

    /// What a leg costs, in our units; its metres, if distances are real.
    pub(super) fn arc(&self, profile: &Profile, vehicle: &Vehicle, from: usize, to: usize) -> i64 {
        let metres = profile.distances.as_ref().map_or(0, |table| table.at(from, to));
        if self.by_distance {
            return metres;
        }
        if let Some(costs) = &profile.costs {
            return costs.at(from, to).saturating_mul(self.scale);
        }
        let seconds = at_speed(profile.durations.at(from, to), vehicle.speed);
        let metres = if vehicle.costs.per_km > 0 { metres } else { 0 };
        if metres >= UNREACHABLE {
            return UNREACHABLE;
        }
        let cost = exact(vehicle, seconds, metres) * i128::from(self.scale);
        i64::try_from((cost + 1_800_000) / 3_600_000).unwrap_or(i64::MAX)
    }

    /// Our prices per unit of distance and of duration.
    pub(super) fn rates(&self, vehicle: &Vehicle) -> (Cost, Cost) {
        if self.by_distance {
            (vehicle.costs.per_km * self.scale / 1000, vehicle.costs.per_hour * self.scale / 3600)
        } else {
            (1, 0)
        }
    }

    /// What time at a task costs.
    pub(super) fn task(&self, vehicle: &Vehicle, time: Duration) -> Cost {
        let cost = i128::from(vehicle.costs.per_task_hour) * i128::from(time) * i128::from(self.scale) / 3600;
        i64::try_from(cost).unwrap_or(MAX_COST).min(MAX_COST)
    }

    /// What the least task is worth, of which the heaviest counts `heaviest` times as much: more than any plan costs, as far as
    /// our numbers go.
    pub(super) fn worth(
        &self,
        found: &mut Found,
        (input, places): (&Input, &Places),
        types: &[Vec<usize>],
        heaviest: i64,
    ) -> Cost {
        let mut longest = 0;
        for vehicle in types.iter().filter_map(|vehicles| input.vehicles.get(*vehicles.first()?)) {
            let Some(profile) = places.profiles.get(&vehicle.profile) else { continue };
            let (distance_rate, duration_rate) = self.rates(vehicle);
            let size = places.coords.len();
            let mut of_profile = 0;
            for (cell, &duration) in profile.durations.values.iter().enumerate().filter(|(_, d)| **d < UNREACHABLE) {
                let arc = self.arc(profile, vehicle, cell / size, cell % size);
                if arc < UNREACHABLE {
                    let seconds = at_speed(duration, vehicle.speed);
                    of_profile =
                        of_profile.max(arc.saturating_mul(distance_rate) + seconds.saturating_mul(duration_rate));
                }
            }
            longest = longest.max(of_profile);
        }
        let tasks = input.num_tasks() as i64;
        let fixed =
            input.vehicles.iter().map(|vehicle| vehicle.costs.fixed.saturating_mul(self.scale)).max().unwrap_or(0);
        let at_tasks = |vehicle: &Vehicle| {
            let of = input.tasks().map(|(_, task)| task.service_for(vehicle) + task.setup_for(vehicle));
            self.task(vehicle, of.max().unwrap_or(0))
        };
        let at_task = input.vehicles.iter().map(at_tasks).max().unwrap_or(0);
        let waited = if self.by_distance { span(input) } else { 0 };
        let single =
            longest.saturating_mul(2).saturating_add(fixed).saturating_add(at_task).saturating_add(waited).max(1);
        let all = single.saturating_mul(tasks.max(1)).saturating_add(1);
        let most = (MAX_COST / heaviest.max(1)).max(1);
        if most < single.saturating_mul(2) {
            found
                .warnings
                .push("priorities: the costs are so high that a task may stay unassigned for its cost".to_owned());
        }
        all.min(most)
    }
}

/// The longest wait that a limited route can have, at the highest price per hour.
fn span(input: &Input) -> i64 {
    let ends = input.tasks().flat_map(|(_, task)| &task.windows).filter(|window| window.late < MAX_VALUE);
    let latest = ends.map(|window| window.late).max().unwrap_or(0);
    let rate = input.vehicles.iter().map(|vehicle| vehicle.costs.per_hour / 3600 + 1).max().unwrap_or(1);
    latest.saturating_mul(rate)
}

/// The cost of a leg times 3,600,000.
pub(super) fn exact(vehicle: &Vehicle, seconds: Duration, metres: i64) -> i128 {
    let of_time = i128::from(vehicle.costs.per_hour) * i128::from(seconds) * 1000;
    of_time + i128::from(vehicle.costs.per_km) * i128::from(metres) * 3600
}

/// The smallest scale at which the prices are whole, up to that of fine ones.
fn scale(input: &Input, by_distance: bool) -> i64 {
    let divides =
        |costs: &Costs| costs.per_hour % 3600 == 0 && costs.per_km % 1000 == 0 && costs.per_task_hour % 3600 == 0;
    if input.vehicles.iter().all(|vehicle| divides(&vehicle.costs) && vehicle.costs.per_km == 0) {
        return 1;
    }
    if !by_distance {
        return FINE;
    }
    let parts = input.vehicles.iter().flat_map(|vehicle| {
        let costs = vehicle.costs;
        [(costs.per_hour, 3600), (costs.per_km, 1000), (costs.per_task_hour, 3600)]
    });
    parts.fold(1, |scale, (price, unit)| {
        let needed = unit / greatest_divisor(price, unit);
        scale / greatest_divisor(scale, needed) * needed
    })
}

fn greatest_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_make_prices_whole() {
        let vehicle = |per_hour, per_km| Vehicle {
            costs: Costs { per_hour, per_km, ..Costs::default() },
            speed: 100,
            ..Vehicle::default()
        };
        let of = |vehicles: Vec<Vehicle>, by| scale(&Input { vehicles, ..Input::default() }, by);
        assert_eq!(of(vec![vehicle(3600, 0), vehicle(7200, 0)], false), 1);
        assert_eq!(of(vec![vehicle(3600, 0), vehicle(1800, 0)], false), 100);
        assert_eq!(of(vec![vehicle(1800, 0), vehicle(0, 250)], true), 4);
    }
}
