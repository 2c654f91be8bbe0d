//! Materials, disposal sites and compartments.

use super::{Reader, notes};
use crate::ids::MaterialId;
use crate::io::json::problem_document::{CompartmentDocument, DisposalSiteDocument, ProblemDocument};
use crate::model::{Compartment, DisposalSite, Material, Rate, TimeWindow};

impl Reader<'_> {
    pub(super) fn disposal(&mut self, document: &ProblemDocument) {
        let names = &self.names.materials;
        for material in &document.materials {
            self.builder.add_material(Material::new(material.name.clone()));
        }
        for (i, (a, b)) in document.separate_materials.iter().enumerate() {
            let a = self.id(names, a, || format!("separate_materials[{i}][0]"), MaterialId::new);
            let b = self.id(names, b, || format!("separate_materials[{i}][1]"), MaterialId::new);
            self.builder.separate_materials(a, b);
        }
        for (i, site) in document.disposal_sites.iter().enumerate() {
            let read = self.site(site, &format!("disposal_sites[{i}]"));
            self.builder.add_disposal_site(read);
        }
    }

    fn site(&mut self, site: &DisposalSiteDocument, path: &str) -> DisposalSite {
        let place = self.place(&site.location, &site.name, || format!("{path}.location"));
        let rates = |rates: &[_]| rates.iter().map(|&rate| Rate::from(rate)).collect();
        let materials = site
            .materials
            .as_ref()
            .map(|list| self.ids(&self.names.materials, list, &format!("{path}.materials"), MaterialId::new));
        DisposalSite {
            place,
            hours: site.hours.iter().map(|&window| TimeWindow::from(window)).collect(),
            service: site.service,
            unloading: rates(&site.unloading),
            visit_cost: site.visit_cost,
            tipping_fee: rates(&site.tipping_fee),
            materials,
            daily_capacity: site.daily_capacity.clone(),
            name: site.name.clone(),
            notes: notes(&site.remarks, &site.tags),
        }
    }

    pub(super) fn compartment(&mut self, part: &CompartmentDocument, path: &str) -> Compartment {
        let path = format!("{path}.materials");
        let materials = self.ids(&self.names.materials, &part.materials, &path, MaterialId::new);
        Compartment::new(materials, part.capacity.clone())
    }
}
