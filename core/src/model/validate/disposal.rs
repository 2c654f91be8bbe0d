//! Materials, disposal sites, and the vehicles that use them.

use std::collections::HashSet;

use super::Validator;
use crate::model::{DisposalSite, Rate, VehicleType};
use crate::units::{Load, MAX_VALUE};

impl Validator<'_> {
    /// Pairs of materials that must be kept apart.
    pub(super) fn materials(&mut self) {
        let builder = self.builder;
        for (i, &(a, b)) in builder.separate_materials.iter().enumerate() {
            let path = format!("separate_materials[{i}]");
            self.material(format!("{path}[0]"), a);
            self.material(format!("{path}[1]"), b);
            if a == b {
                let value = format!("[{}, {}]", a.index(), b.index());
                let remedy = "name two materials, or remove the pair";
                self.fault(path, value, "a material cannot be kept apart from itself", remedy);
            }
        }
    }

    pub(super) fn disposal_sites(&mut self) {
        let builder = self.builder;
        for (i, site) in builder.disposal_sites.iter().enumerate() {
            self.site(&format!("disposal_sites[{i}]"), site);
        }
    }

    fn site(&mut self, path: &str, site: &DisposalSite) {
        self.place(format!("{path}.place"), site.place);
        self.time_windows(|w| format!("{path}.hours[{w}]"), &site.hours);
        self.amount(format!("{path}.service"), site.service);
        self.unloading(&format!("{path}.unloading"), &site.unloading);
        self.money(format!("{path}.visit_cost"), site.visit_cost);
        for (d, rate) in site.tipping_fee.iter().enumerate() {
            let path = format!("{path}.tipping_fee[{d}]");
            self.money(format!("{path}.amount"), rate.amount);
            self.positive(format!("{path}.per"), rate.per);
        }
        self.at_most_all_dimensions(format!("{path}.tipping_fee"), site.tipping_fee.len());
        for (m, &material) in site.materials.iter().flatten().enumerate() {
            self.material(format!("{path}.materials[{m}]"), material);
        }
        self.limits(&format!("{path}.daily_capacity"), &site.daily_capacity);
    }

    /// The duration of a visit must stay within the range of times, even if everything is unloaded at once.
    fn unloading(&mut self, path: &str, rates: &[Rate]) {
        for (d, rate) in rates.iter().enumerate() {
            let path = format!("{path}[{d}]");
            self.amount(format!("{path}.amount"), rate.amount);
            self.positive(format!("{path}.per"), rate.per);
            let all = self.picked_up(d) * i128::from(rate.amount) / i128::from(rate.per.max(1));
            if (0..=MAX_VALUE).contains(&rate.amount) && all > i128::from(MAX_VALUE) {
                let value = format!("{} for every {}", rate.amount, rate.per);
                let message = "unloading everything that is picked up takes longer than 1073741823 (2^30 - 1)";
                self.fault(path, value, message, "lower the rate, or use a coarser unit of time");
            }
        }
        self.at_most_all_dimensions(path.to_owned(), rates.len());
    }

    /// Total pickup of all clients, in a load dimension.
    pub(super) fn picked_up(&self, dimension: usize) -> i128 {
        let amount = |list: &[Load]| list.get(dimension).map_or(0, |&q| i128::from(q.clamp(0, MAX_VALUE)));
        self.builder.clients.iter().map(|client| amount(&client.pickup)).sum()
    }

    /// A vehicle type's sites, compartments and route load limits.
    pub(super) fn disposal(&mut self, path: &str, vehicle_type: &VehicleType) {
        for (s, &site) in vehicle_type.disposal_sites.iter().enumerate() {
            self.disposal_site(format!("{path}.disposal_sites[{s}]"), site);
        }
        let mut placed = HashSet::new();
        for (c, compartment) in vehicle_type.compartments.iter().enumerate() {
            let path = format!("{path}.compartments[{c}]");
            for (m, &material) in compartment.materials.iter().enumerate() {
                let path = format!("{path}.materials[{m}]");
                if !placed.insert(material) {
                    let message = "the material already has a compartment in the vehicle";
                    self.fault(path.clone(), material.index(), message, "keep one of the two");
                }
                self.material(path, material);
            }
            self.limits(&format!("{path}.capacity"), &compartment.capacity);
        }
        self.limits(&format!("{path}.max_route_load"), &vehicle_type.max_route_load);
    }
}
