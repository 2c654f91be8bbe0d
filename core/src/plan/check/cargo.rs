//! Loads on board along a trip.

use std::collections::BTreeMap;

use crate::ids::MaterialId;
use crate::model::{Problem, VehicleType};
use crate::plan::Activity;
use crate::units::Load;

/// Loads on board during a trip.
#[derive(Clone, Debug)]
pub(super) struct Cargo {
    /// By dimension: on departure, then after each activity.
    pub(super) loads: Vec<Vec<Load>>,
    /// By activity and dimension: the amount unloaded at a disposal site.
    pub(super) unloaded: Vec<Vec<Load>>,
    /// By dimension: waste on board at the end.
    pub(super) waste_at_end: Vec<Load>,
    /// By compartment and dimension: the maximum load.
    pub(super) compartments: Vec<Vec<Load>>,
    /// Pairs of materials that must be kept apart, and the activity after which they are first on board together.
    pub(super) together: Vec<(usize, (MaterialId, MaterialId))>,
}

/// Waste by dimension and material.
type Waste = BTreeMap<(usize, Option<MaterialId>), Load>;

impl Cargo {
    pub(super) fn of(problem: &Problem, vehicle_type: &VehicleType, activities: &[Activity]) -> Self {
        let dimensions = problem.load_dimensions();
        let parts = &vehicle_type.compartments;
        let mut cargo = Self {
            loads: vec![Vec::new(); dimensions],
            unloaded: Vec::new(),
            waste_at_end: Vec::new(),
            compartments: vec![vec![0; dimensions]; parts.len()],
            together: Vec::new(),
        };
        let mut waste = Waste::new();
        let mut shipped = vec![0; dimensions];
        let mut to_deliver: Vec<Load> =
            (0..dimensions).map(|d| activities.iter().map(|&a| delivered(problem, a, d)).sum()).collect();
        for position in 0..=activities.len() {
            // Deliveries still on board, pickups, and shipments under way.
            for (d, loads) in cargo.loads.iter_mut().enumerate() {
                loads.push(to_deliver[d] + in_dimension(&waste, d) + shipped[d]);
            }
            if position > 0 {
                cargo.look(problem, vehicle_type, &waste, position - 1);
            }
            let Some(&activity) = activities.get(position) else { break };
            for (d, left) in to_deliver.iter_mut().enumerate() {
                *left -= delivered(problem, activity, d);
            }
            cargo.unloaded.push(happen(problem, activity, &mut waste, &mut shipped));
        }
        cargo.waste_at_end = (0..dimensions).map(|d| in_dimension(&waste, d)).collect();
        cargo
    }

    /// Records the loads of compartments and the materials on board.
    fn look(&mut self, problem: &Problem, vehicle_type: &VehicleType, waste: &Waste, position: usize) {
        for (part, most) in vehicle_type.compartments.iter().zip(&mut self.compartments) {
            for (d, most) in most.iter_mut().enumerate() {
                let inside = part.materials.iter().filter_map(|&m| waste.get(&(d, Some(m))));
                *most = (*most).max(inside.sum());
            }
        }
        if vehicle_type.compartments.is_empty() {
            let has = |m: MaterialId| waste.iter().any(|((_, material), &q)| *material == Some(m) && q > 0);
            for &pair in problem.separate_materials() {
                if has(pair.0) && has(pair.1) && self.together.iter().all(|known| known.1 != pair) {
                    self.together.push((position, pair));
                }
            }
        }
    }
}

fn of(list: &[Load], dimension: usize) -> Load {
    list.get(dimension).copied().unwrap_or_default()
}

fn delivered(problem: &Problem, activity: Activity, dimension: usize) -> Load {
    if let Activity::Client(id) = activity { of(&problem.clients()[id.index()].delivery, dimension) } else { 0 }
}

fn in_dimension(waste: &Waste, dimension: usize) -> Load {
    waste.range((dimension, None)..(dimension + 1, None)).map(|(_, q)| q).sum()
}

/// Performs an activity, and returns the amounts that it unloads at a disposal site.
fn happen(problem: &Problem, activity: Activity, waste: &mut Waste, shipped: &mut [Load]) -> Vec<Load> {
    let mut unloaded = vec![0; shipped.len()];
    for d in 0..shipped.len() {
        match activity {
            Activity::Client(id) => {
                let client = &problem.clients()[id.index()];
                *waste.entry((d, client.material)).or_default() += of(&client.pickup, d);
            }
            Activity::Pickup(id) => shipped[d] += of(&problem.shipments()[id.index()].amount, d),
            Activity::Delivery(id) => shipped[d] -= of(&problem.shipments()[id.index()].amount, d),
            Activity::Dispose(id) => {
                let site = &problem.disposal_sites()[id.index()];
                for ((_, material), q) in waste.range_mut((d, None)..(d + 1, None)) {
                    let takes = match (&site.materials, material) {
                        (Some(accepted), Some(material)) => accepted.contains(material),
                        _ => true,
                    };
                    if takes {
                        unloaded[d] += *q;
                        *q = 0;
                    }
                }
            }
            Activity::Break(_) | Activity::Rest(_) => {}
        }
    }
    unloaded
}
