//! Disposal sites, and the waste classes that are told apart on board.

use crate::ids::{DisposalSiteId, MaterialId};
use crate::model::{Problem, Rate, TimeWindow};
use crate::search::data::Data;
use crate::search::general::limits::UNLIMITED;
use crate::units::{Cost, Duration, Load, MAX_VALUE};

/// A disposal site.
pub(crate) struct Site {
    pub(crate) point: u32,
    pub(crate) hours: Vec<TimeWindow>,
    pub(crate) service: Duration,
    pub(crate) unloading: Vec<Rate>,
    pub(crate) visit_cost: Cost,
    pub(crate) fee: Vec<Rate>,
    /// Whether the site takes what is of a waste class.
    pub(crate) accepts: Vec<bool>,
    /// By load dimension; empty: unlimited.
    pub(crate) capacity: Vec<Load>,
}

pub(super) fn site(base: &Data<'_>, k: usize, waste_class_of: &[usize], waste_classes: usize) -> Site {
    let site = base.problem.disposal_site(DisposalSiteId::new(k));
    let mut accepts = vec![true; waste_classes];
    for (m, &waste_class) in waste_class_of.iter().enumerate() {
        accepts[waste_class] &= site.accepts(m.checked_sub(1).map(MaterialId::new));
    }
    let bounded = |w: &TimeWindow| TimeWindow::new(w.early, if w.late >= MAX_VALUE { UNLIMITED } else { w.late });
    Site {
        point: base.site_point(k) as u32,
        hours: site.hours.iter().map(bounded).collect(),
        service: site.service,
        unloading: site.unloading.clone(),
        visit_cost: site.visit_cost,
        fee: site.tipping_fee.clone(),
        accepts,
        capacity: site.daily_capacity.clone(),
    }
}

/// The waste class of each material: first waste without a material, then all others. Materials that never need telling
/// apart share a class.
pub(super) fn waste_classes(problem: &Problem) -> Vec<usize> {
    let material = |m: usize| m.checked_sub(1).map(MaterialId::new);
    // Two materials are the same to a problem that treats them alike everywhere.
    let alike = |a: usize, b: usize| {
        let (a, b) = (material(a), material(b));
        let sites = problem.disposal_sites().iter().all(|site| site.accepts(a) == site.accepts(b));
        let part = |m: Option<MaterialId>, v: &crate::model::VehicleType| {
            m.and_then(|m| v.compartments.iter().position(|part| part.materials.contains(&m)))
        };
        let named = |m: Option<MaterialId>| {
            m.is_some_and(|m| problem.separate_materials().iter().any(|&(x, y)| x == m || y == m))
        };
        sites && problem.vehicle_types().iter().all(|v| part(a, v) == part(b, v)) && !named(a) && !named(b)
    };
    let mut waste_class: Vec<usize> = Vec::new();
    let mut next = 0;
    for m in 0..=problem.materials().len() {
        let same = (0..m).find(|&other| alike(m, other)).map(|other| waste_class[other]);
        waste_class.push(same.unwrap_or(next));
        next += usize::from(same.is_none());
    }
    waste_class
}
