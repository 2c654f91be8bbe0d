//! Materials and disposal sites.

use milkrun::{DisposalSite, Material, Rate, TimeWindow};

use super::draft::Draft;
use crate::factor::Factor;

impl Draft<'_> {
    pub(super) fn materials(&mut self) {
        if self.has(Factor::Material) {
            self.materials = ["paper", "glass"].map(|name| self.builder.add_material(Material::new(name))).to_vec();
        }
        if self.of(Factor::Material) == "separate" {
            self.builder.separate_materials(self.materials[0], self.materials[1]);
        }
    }

    pub(super) fn disposal_sites(&mut self) {
        let count = match self.of(Factor::Disposal) {
            "none" => 0,
            "one site" => 1,
            _ => 2,
        };
        for s in 0..count {
            let place = self.location();
            let mut site = DisposalSite::at(place).name(format!("site{s}"));
            self.opening(&mut site);
            self.effort(&mut site);
            if self.of(Factor::Disposal) == "by material" {
                site.materials = Some(vec![self.materials[s]]);
            }
            if self.has(Factor::DailyCapacity) {
                let dimensions = if self.of(Factor::Dimensions) == "two" { 2 } else { 1 };
                // Some three units a client.
                let all = 3 * self.num_clients as i64;
                site.daily_capacity = (0..dimensions).map(|_| self.source.part(all, 30, 110)).collect();
            }
            let id = self.builder.add_disposal_site(site);
            self.sites.push(id);
        }
    }

    fn opening(&mut self, site: &mut DisposalSite) {
        let span = self.span;
        let opens = self.source.part(span, 0, 35);
        let closes = opens + self.source.part(span, 20, 55);
        let again = closes + self.source.part(span, 10, 40);
        site.hours = match self.of(Factor::SiteHours) {
            "none" => Vec::new(),
            "one" => vec![TimeWindow::new(opens, closes)],
            _ => vec![TimeWindow::new(opens, closes), TimeWindow::new(again, again + self.source.part(span, 10, 50))],
        };
    }

    fn effort(&mut self, site: &mut DisposalSite) {
        match self.of(Factor::SiteTime) {
            "service" => site.service = self.source.number(3, 20),
            "unloading" => site.unloading = vec![Rate::new(self.source.number(1, 7), self.source.number(1, 3))],
            _ => {}
        }
        match self.of(Factor::Fees) {
            "visit" => site.visit_cost = self.source.number(5, 50),
            "tipping" => site.tipping_fee = vec![Rate::new(self.source.number(1, 9), self.source.number(1, 3))],
            _ => {}
        }
    }
}
