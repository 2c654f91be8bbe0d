//! Breaks, driver rules and overtime.

use super::Validator;
use crate::model::{DriverRule, VehicleType};

/// The maximum number of breaks, and of driver rules, of a vehicle type: the search keeps a bit for each.
const MAX: usize = 64;

impl Validator<'_> {
    /// A vehicle type's breaks, driver rules and overtime.
    pub(super) fn driver(&mut self, path: &str, vehicle_type: &VehicleType) {
        let remedy = "remove breaks that are never due";
        self.at_most_64(format!("{path}.breaks"), vehicle_type.breaks.len(), "breaks", remedy);
        let remedy = "remove rules that another rule implies";
        self.at_most_64(format!("{path}.driver_rules"), vehicle_type.driver_rules.len(), "rules", remedy);
        for (b, pause) in vehicle_type.breaks.iter().enumerate() {
            let path = format!("{path}.breaks[{b}]");
            self.time_window(&format!("{path}.start"), pause.start);
            self.amount(format!("{path}.duration"), pause.duration);
            if let Some(place) = pause.place {
                self.place(format!("{path}.place"), place);
            }
        }
        for (r, rule) in vehicle_type.driver_rules.iter().enumerate() {
            self.driver_rule(&format!("{path}.driver_rules[{r}]"), rule);
        }
        let limits = [("max_driving", vehicle_type.max_driving), ("max_work", vehicle_type.max_work)];
        for (name, limit) in limits {
            if let Some(limit) = limit {
                self.amount(format!("{path}.{name}"), limit);
            }
        }
        self.overtime(path, vehicle_type);
        self.amount(format!("{path}.cost_per_waiting"), vehicle_type.cost_per_waiting);
    }

    fn at_most_64(&mut self, path: String, length: usize, what: &str, remedy: &str) {
        if length > MAX {
            self.fault(path, format!("{length} {what}"), "exceed the limit of 64", remedy);
        }
    }

    fn driver_rule(&mut self, path: &str, rule: &DriverRule) {
        self.positive(format!("{path}.max"), rule.max);
        self.positive(format!("{path}.rest"), rule.rest);
        if let Some((first, second)) = rule.split {
            self.positive(format!("{path}.split[0]"), first);
            self.positive(format!("{path}.split[1]"), second);
        }
    }

    fn overtime(&mut self, path: &str, vehicle_type: &VehicleType) {
        for (s, step) in vehicle_type.overtime.iter().enumerate() {
            let path = format!("{path}.overtime[{s}]");
            self.amount(format!("{path}.after"), step.after);
            self.amount(format!("{path}.cost_per_duration"), step.cost_per_duration);
        }
        for (s, pair) in vehicle_type.overtime.windows(2).enumerate() {
            if pair[1].after <= pair[0].after {
                let path = format!("{path}.overtime[{}].after", s + 1);
                let message = format!("is not later than the previous step, {}", pair[0].after);
                self.fault(path, pair[1].after, &message, "give the steps in ascending order, each once");
            }
        }
    }
}
