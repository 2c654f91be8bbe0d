//! Loads on board along a trip.

use crate::ids::{DisposalSiteId, MaterialId};
use crate::model::{Problem, VehicleType};
use crate::plan::{Activity, TripStops};
use crate::units::Load;

/// Loads of one trip, each by dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TripLoad {
    /// On leaving the depot: all deliveries of single clients.
    pub(super) start: Vec<Load>,
    /// After each activity.
    pub(super) after: Vec<Vec<Load>>,
    /// The maximum at any point.
    pub(super) max: Vec<Load>,
    /// The minimum at any point.
    pub(super) min: Vec<Load>,
    /// Amounts that each activity unloads at a disposal site.
    pub(super) emptied: Vec<Vec<Load>>,
    /// Waste on board at the end.
    pub(super) left: Vec<Load>,
    /// The maximum load of each compartment at any point.
    pub(super) compartments: Vec<Vec<Load>>,
    /// Pairs of materials that must be kept apart but are on board together: position of the first occurrence, and the
    /// pair.
    pub(super) mixed: Vec<(usize, MaterialId, MaterialId)>,
}

/// Waste on board, by material; waste without a material comes first.
struct Waste {
    amounts: Vec<Vec<Load>>,
}

impl Waste {
    fn new(problem: &Problem) -> Self {
        Self { amounts: vec![vec![0; problem.load_dimensions()]; problem.materials().len() + 1] }
    }

    fn of(&self, material: MaterialId) -> &[Load] {
        &self.amounts[material.index() + 1]
    }

    fn is_on_board(&self, material: MaterialId) -> bool {
        self.of(material).iter().any(|&load| load > 0)
    }

    /// Unloads what the site accepts, and returns the amounts.
    fn empty(&mut self, problem: &Problem, site: DisposalSiteId) -> Vec<Load> {
        let site = problem.disposal_site(site);
        let mut emptied = vec![0; problem.load_dimensions()];
        for (m, amounts) in self.amounts.iter_mut().enumerate() {
            if site.accepts(m.checked_sub(1).map(MaterialId::new)) {
                for (sum, amount) in emptied.iter_mut().zip(amounts) {
                    *sum += std::mem::take(amount);
                }
            }
        }
        emptied
    }

    fn total(&self, dimension: usize) -> Load {
        self.amounts.iter().map(|amounts| amounts[dimension]).sum()
    }
}

/// Deliveries are on board from the start, pickups until the end or a disposal site, shipments from pickup to delivery.
pub(super) fn trip_load(problem: &Problem, vehicle_type: &VehicleType, trip: &TripStops) -> TripLoad {
    let dimensions = problem.load_dimensions();
    let start: Vec<Load> = (0..dimensions)
        .map(|d| {
            trip.activities.iter().fold(0, |sum: Load, &activity| match activity {
                Activity::Client(c) => sum.saturating_add(Problem::amount(&problem.client(c).delivery, d)),
                _ => sum,
            })
        })
        .collect();
    let mut waste = Waste::new(problem);
    let mut load = start.clone();
    let mut trip_load = TripLoad {
        max: start.clone(),
        min: start.clone(),
        start,
        after: Vec::with_capacity(trip.activities.len()),
        emptied: Vec::with_capacity(trip.activities.len()),
        left: Vec::new(),
        compartments: vec![vec![0; dimensions]; vehicle_type.compartments.len()],
        mixed: Vec::new(),
    };
    for (position, &activity) in trip.activities.iter().enumerate() {
        let mut emptied = vec![0; dimensions];
        match activity {
            Activity::Client(c) => {
                let client = problem.client(c);
                let own = &mut waste.amounts[client.material.map_or(0, |m| m.index() + 1)];
                for (d, own) in own.iter_mut().enumerate() {
                    *own += Problem::amount(&client.pickup, d);
                }
            }
            Activity::Dispose(site) => emptied = waste.empty(problem, site),
            _ => {}
        }
        for (d, load) in load.iter_mut().enumerate() {
            *load = load.saturating_add(change(problem, activity, d)).saturating_sub(emptied[d]);
            trip_load.max[d] = trip_load.max[d].max(*load);
            trip_load.min[d] = trip_load.min[d].min(*load);
        }
        trip_load.after.push(load.clone());
        trip_load.emptied.push(emptied);
        look(problem, vehicle_type, &waste, position, &mut trip_load);
    }
    trip_load.left = (0..dimensions).map(|d| waste.total(d)).collect();
    trip_load
}

/// Records the loads of compartments, and materials on board together that must be kept apart.
fn look(problem: &Problem, vehicle_type: &VehicleType, waste: &Waste, position: usize, noted: &mut TripLoad) {
    for (most, part) in noted.compartments.iter_mut().zip(&vehicle_type.compartments) {
        for (d, most) in most.iter_mut().enumerate() {
            *most = (*most).max(part.materials.iter().map(|&m| waste.of(m)[d]).sum());
        }
    }
    if !vehicle_type.compartments.is_empty() {
        return;
    }
    for &(a, b) in problem.separate_materials() {
        let known = noted.mixed.iter().any(|&(_, x, y)| (x, y) == (a, b));
        if !known && waste.is_on_board(a) && waste.is_on_board(b) {
            noted.mixed.push((position, a, b));
        }
    }
}

/// The change of load in `dimension` due to the activity, disposal excluded.
fn change(problem: &Problem, activity: Activity, dimension: usize) -> Load {
    match activity {
        Activity::Client(c) => {
            let client = problem.client(c);
            Problem::amount(&client.pickup, dimension) - Problem::amount(&client.delivery, dimension)
        }
        Activity::Pickup(s) => Problem::amount(&problem.shipment(s).amount, dimension),
        Activity::Delivery(s) => -Problem::amount(&problem.shipment(s).amount, dimension),
        Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => 0,
    }
}

/// Total load that a route delivers and picks up over all its trips, shipments included, in `dimension`.
pub(super) fn route_load(problem: &Problem, trips: &[TripStops], dimension: usize) -> Load {
    let amount = |&activity: &Activity| match activity {
        Activity::Client(c) => {
            let client = problem.client(c);
            Problem::amount(&client.pickup, dimension) + Problem::amount(&client.delivery, dimension)
        }
        Activity::Pickup(s) => Problem::amount(&problem.shipment(s).amount, dimension),
        _ => 0,
    };
    trips.iter().flat_map(|trip| &trip.activities).map(amount).fold(0, Load::saturating_add)
}

/// Number of clients, pickups and deliveries of shipments that a route visits.
pub(super) fn stops(trips: &[TripStops]) -> usize {
    trips.iter().flat_map(|trip| &trip.activities).filter(|activity| activity.is_service()).count()
}
