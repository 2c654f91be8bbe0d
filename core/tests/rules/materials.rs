//! Materials that must not be mixed, and compartments.

use milkrun::{Compartment, DisposalSite, Material, ProblemBuilder};

use crate::support::{at, client, cost, line, vehicles};

/// Paper at 10, glass at 20, a site at 15 whose visits cost 7.
fn two_materials() -> ProblemBuilder {
    let mut b = line(vehicles(1), []);
    let [paper, glass] = ["paper", "glass"].map(|name| b.add_material(Material::new(name)));
    b.add_client(client(10).pickup([2]).material(paper));
    b.add_client(client(20).pickup([2]).material(glass));
    let site = b.add_disposal_site(DisposalSite::at(at(15)).visit_cost(7));
    let vehicle = &mut b.vehicle_types_mut()[0];
    (vehicle.disposal_sites, vehicle.end_empty) = (vec![site], true);
    b
}

#[test]
fn separate_materials_are_unloaded_in_between() {
    let mut b = two_materials();
    assert_eq!(cost(&b), Some(40 + 7));
    b.separate_materials(milkrun::MaterialId::new(0), milkrun::MaterialId::new(1));
    assert_eq!(cost(&b), Some(40 + 14));
}

#[test]
fn a_full_compartment_is_emptied() {
    let mut b = two_materials();
    let both = vec![milkrun::MaterialId::new(0), milkrun::MaterialId::new(1)];
    b.vehicle_types_mut()[0].compartments = vec![Compartment::new(both.clone(), [4])];
    assert_eq!(cost(&b), Some(47));
    b.vehicle_types_mut()[0].compartments = vec![Compartment::new(both, [3])];
    assert_eq!(cost(&b), Some(54));
}

#[test]
fn with_compartments_separate_materials_ride_together() {
    let mut b = two_materials();
    b.separate_materials(milkrun::MaterialId::new(0), milkrun::MaterialId::new(1));
    b.vehicle_types_mut()[0].compartments =
        [0, 1].map(|m| Compartment::new([milkrun::MaterialId::new(m)], Vec::new())).to_vec();
    assert_eq!(cost(&b), Some(47));
}
