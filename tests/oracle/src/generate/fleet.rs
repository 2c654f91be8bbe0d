//! Vehicles, their drivers and their limits.

use milkrun::{
    Break, Compartment, Consumption, DriverRule, Effort, OvertimeStep, ProfileId, VehicleType, VehicleTypeId,
};

use super::draft::Draft;
use crate::factor::Factor;

impl Draft<'_> {
    pub(super) fn vehicle_types(&mut self) {
        let counts: &[usize] = match self.of(Factor::Fleet) {
            "one" => &[1],
            "two alike" => &[2],
            "two types" => &[1, 1],
            _ => &[1, 2],
        };
        for (t, &count) in counts.iter().enumerate() {
            let mut vehicle = VehicleType::new(count).name(format!("v{t}"));
            self.ends(&mut vehicle);
            self.costs(&mut vehicle);
            self.loads(&mut vehicle);
            self.limits(&mut vehicle);
            self.driver(t, &mut vehicle);
            if t == 1 && self.has(Factor::Profiles) {
                vehicle.profile = ProfileId::new(1);
            }
            self.vehicle_types.push(vehicle);
        }
    }

    fn ends(&mut self, vehicle: &mut VehicleType) {
        let (yard, other) = (self.yard, self.other.unwrap_or(self.yard));
        (vehicle.start, vehicle.end) = match self.of(Factor::Ends) {
            "open start" => (None, Some(yard)),
            "open end" => (Some(yard), None),
            "open" => (None, None),
            "two depots" => (Some(yard), Some(other)),
            _ => (Some(yard), Some(yard)),
        };
        match self.of(Factor::Reload) {
            "yard" => vehicle.reload_depots = vec![yard],
            "other" => vehicle.reload_depots = vec![other],
            _ => {}
        }
        vehicle.max_trips = match self.of(Factor::MaxTrips) {
            "one" => Some(1),
            "two" => Some(2),
            _ => None,
        };
        vehicle.disposal_sites.clone_from(&self.sites);
        vehicle.end_empty = self.of(Factor::EndEmpty) == "yes";
        if self.has(Factor::Shift) {
            let begins = self.source.part(self.span, 0, 20);
            vehicle.shift = milkrun::TimeWindow::new(begins, begins + self.source.part(self.share, 65, 140));
        }
    }

    fn costs(&mut self, vehicle: &mut VehicleType) {
        if self.has(Factor::FixedCost) {
            vehicle.fixed_cost = self.source.number(5, 80);
        }
        (vehicle.cost_per_distance, vehicle.cost_per_duration) = match self.of(Factor::UnitCost) {
            "duration" => (0, self.source.number(1, 3)),
            "both" => (self.source.number(1, 3), self.source.number(1, 3)),
            _ => (1, 0),
        };
        let steps = match self.of(Factor::Overtime) {
            "none" => 0,
            "one step" => 1,
            _ => 2,
        };
        let mut after = self.source.part(self.share, 30, 70);
        for _ in 0..steps {
            vehicle.overtime.push(OvertimeStep::new(after, self.source.number(1, 4)));
            after += self.source.part(self.share, 5, 30);
        }
        if self.has(Factor::WaitingCost) {
            vehicle.cost_per_waiting = self.source.number(1, 4);
        }
        if [Factor::RankedGoal, Factor::WeightedGoal].iter().any(|&goal| self.of(goal) == "emissions") {
            vehicle.consumption = Some(self.consumption());
        }
    }

    /// So much that emissions weigh about as much as distances.
    fn consumption(&mut self) -> Consumption {
        let mut hundredths = |least, most| self.source.number(least, most) as f64 / 100.0;
        let usual = Consumption::diesel(hundredths(1, 20)).per_load_distance([hundredths(0, 4)]);
        usual.per_stop(hundredths(0, 200)).per_idle(hundredths(0, 30)).co2(1.0)
    }

    fn loads(&mut self, vehicle: &mut VehicleType) {
        // Nothing that is served alone is too much; shipments are up to four.
        let most = if self.num_shipments > 0 { 4 } else { 0 };
        let amounts = self.total.clone();
        if self.has(Factor::Capacity) {
            let tight = |&total: &i64| self.source.part(total + most, 30, 75).max(5);
            vehicle.capacity = amounts.iter().map(tight).collect();
        }
        if self.has(Factor::RouteLoad) {
            let tight = |&total: &i64| self.source.part(total + most, 50, 110).max(5);
            vehicle.max_route_load = amounts.iter().map(tight).collect();
        }
        if self.has(Factor::Compartments) {
            for &material in &self.materials {
                let limited = self.of(Factor::Compartments) == "limited";
                let capacity = if limited { vec![self.source.number(3, 7)] } else { Vec::new() };
                vehicle.compartments.push(Compartment::new([material], capacity));
            }
        }
        if self.has(Factor::MaxStops) {
            let stops = (self.num_clients + 2 * self.num_shipments) as i64;
            vehicle.max_stops =
                Some(self.source.number(1 + i64::from(self.num_shipments > 0), stops.max(2) - 1) as usize);
        }
    }

    fn limits(&mut self, vehicle: &mut VehicleType) {
        let share = self.share;
        if self.has(Factor::MaxDuration) {
            vehicle.max_duration = Some(self.source.part(share, 60, 130));
        }
        if self.has(Factor::MaxDistance) {
            vehicle.max_distance = Some(self.source.part(share, 55, 120));
        }
        if self.has(Factor::MaxDriving) {
            vehicle.max_driving = Some(self.source.part(share, 55, 120));
        }
        if self.has(Factor::MaxWork) {
            vehicle.max_work = Some(self.source.part(share, 60, 130));
        }
    }

    fn driver(&mut self, t: usize, vehicle: &mut VehicleType) {
        let share = self.share;
        if self.has(Factor::Breaks) {
            let begins = self.source.part(share, 10, 55);
            let mut pause =
                Break::new(begins, begins + self.source.part(share, 0, 35), self.source.number(3, 35)).name("b0");
            match self.of(Factor::Breaks) {
                "at a place" => pause = pause.at(self.location()),
                "unpaid" => pause = pause.unpaid(),
                _ => {}
            }
            vehicle.breaks.push(pause);
        }
        if self.of(Factor::Breaks) == "two" {
            let begins = self.source.part(share, 45, 95);
            let pause =
                Break::new(begins, begins + self.source.part(share, 0, 35), self.source.number(3, 25)).name("b1");
            vehicle.breaks.push(pause);
        }
        let max = self.source.part(share, 30, 75);
        let rest = self.source.number(8, 25);
        let driving = DriverRule::new(Effort::Driving, max, rest);
        let rules: &[DriverRule] = match self.of(Factor::DriverRules) {
            "none" => &[],
            "driving" => &[driving],
            "work" => &[DriverRule::new(Effort::Work, max, rest)],
            "split" => &[driving.split(rest / 3, rest / 2)],
            "any pause" => &[driving.any_pause()],
            _ => &[driving, DriverRule::new(Effort::Work, max + share / 5, rest / 2)],
        };
        vehicle.driver_rules = rules.to_vec();
        vehicle.paid_rests = !self.has(Factor::UnpaidRests);
        if self.has(Factor::Skills) && t == 0 {
            vehicle.skills = vec!["crane".to_owned()];
        }
    }

    /// Permissions; with these, clients are complete.
    pub(super) fn lists(&mut self) {
        // Some client that is not the first one, if there is one: the first is what a vehicle has executed.
        let odd = self.num_clients.saturating_sub(1);
        let types = [VehicleTypeId::new(0), VehicleTypeId::new(self.vehicle_types.len() - 1)];
        let picked = self.source.index(2);
        if self.has(Factor::Skills) {
            self.clients[odd].skills = vec!["crane".to_owned()];
        }
        match self.of(Factor::Lists) {
            "allowed vehicles" => self.clients[odd].allowed_vehicles = Some(vec![types[picked]]),
            "forbidden vehicles" => self.clients[odd].forbidden_vehicles = vec![types[picked]],
            _ => {}
        }
        let clients = std::mem::take(&mut self.clients);
        let mut ids = Vec::new();
        for client in &clients {
            ids.push(self.builder.add_client(client.clone()));
        }
        self.clients = clients;
        if self.of(Factor::Lists) == "allowed clients" {
            let last = self.vehicle_types.len() - 1;
            let listed: Vec<_> = ids.into_iter().filter(|_| self.source.percent(60)).collect();
            self.vehicle_types[last].allowed_clients = Some(listed);
        }
    }
}
