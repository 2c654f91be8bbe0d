//! From a problem to a document.

mod clients;
mod fleet;

use super::VERSION;
use super::layout::to_text;
use super::names::ProblemNames;
use super::problem_document::{
    BackhaulsDocument, DepotDocument, DisposalSiteDocument, GoalDocument, GroupDocument, LocationDocument,
    MaterialDocument, PinDocument, PlaceDocument, PositionDocument, PrecedenceDocument, ProblemDocument, ProblemKind,
    RateDocument, RelationDocument, SpeedStepDocument, WindowDocument, ZoneAreaDocument, ZoneDocument,
};
use super::reference::{Names, Ref};
use super::travel::TravelDocument;
use crate::ids::{ClientId, MaterialId};
use crate::model::{Backhauls, ClientGroup, Depot, DisposalSite, Location, Problem, Rate, Relation, Zone};

/// Writes a problem as JSON. [`read_problem`](super::read_problem) gives back an equal one.
pub fn write_problem(problem: &Problem) -> String {
    to_text(&document(problem))
}

/// The problem as a document.
pub(super) fn document(problem: &Problem) -> ProblemDocument {
    Writer { names: ProblemNames::from(problem) }.problem(problem)
}

struct Writer<'a> {
    names: ProblemNames<'a>,
}

impl Writer<'_> {
    fn problem(&self, problem: &Problem) -> ProblemDocument {
        let travel = TravelDocument::from(problem.travel());
        let geographic = travel.is_geographic();
        let separate = problem.separate_materials().iter();
        let material = |id: MaterialId| self.names.materials.reference(id.index());
        ProblemDocument {
            milkrun: ProblemKind::Problem,
            version: VERSION,
            schema: None,
            name: problem.name().to_owned(),
            origin: problem.origin().cloned(),
            travel: Some(travel),
            backhauls: match problem.backhauls() {
                Backhauls::Mixed => BackhaulsDocument::Mixed,
                Backhauls::AfterLinehauls => BackhaulsDocument::AfterLinehauls,
            },
            locations: problem.locations().iter().map(|l| location(l, geographic)).collect(),
            depots: problem.depots().iter().map(|depot| self.depot(depot)).collect(),
            materials: problem.materials().iter().map(|m| MaterialDocument { name: m.name.clone() }).collect(),
            separate_materials: separate.map(|&(a, b)| (material(a), material(b))).collect(),
            disposal_sites: problem.disposal_sites().iter().map(|site| self.site(site)).collect(),
            groups: problem.groups().iter().map(|group| self.group(group)).collect(),
            clients: problem.clients().iter().map(|client| self.client(client)).collect(),
            shipments: problem.shipments().iter().map(|shipment| self.shipment(shipment)).collect(),
            zones: problem.zones().iter().map(zone).collect(),
            vehicle_types: problem
                .vehicle_types()
                .iter()
                .zip(&self.names.breaks)
                .map(|(v, breaks)| self.vehicle_type(v, breaks))
                .collect(),
            relations: problem.relations().iter().map(|relation| self.relation(relation)).collect(),
            goals: problem.goals().iter().map(|&goal| GoalDocument::from(goal)).collect(),
            speeds: problem
                .speeds
                .iter()
                .map(|curve| curve.steps.iter().map(|&step| SpeedStepDocument::from(step)).collect())
                .collect(),
        }
    }

    fn group(&self, group: &ClientGroup) -> GroupDocument {
        let patterns = group.patterns.iter();
        GroupDocument {
            name: group.name.clone(),
            required: group.required,
            patterns: patterns.map(|pattern| refs(&self.names.clients, pattern, ClientId::index)).collect(),
            pattern_costs: group.pattern_costs.clone(),
        }
    }

    fn place(&self, location: usize) -> PlaceDocument {
        PlaceDocument::Location(self.names.locations.reference(location))
    }

    fn depot(&self, depot: &Depot) -> DepotDocument {
        DepotDocument {
            name: depot.name.clone(),
            remarks: depot.notes.remarks.clone(),
            tags: depot.notes.tags.clone(),
            location: self.place(depot.location().index()),
            time_window: depot.time_window.into(),
            service: depot.service,
        }
    }

    fn site(&self, site: &DisposalSite) -> DisposalSiteDocument {
        let rates = |rates: &[Rate]| rates.iter().map(|&rate| RateDocument::from(rate)).collect();
        DisposalSiteDocument {
            name: site.name.clone(),
            remarks: site.notes.remarks.clone(),
            tags: site.notes.tags.clone(),
            location: self.place(site.location().index()),
            hours: site.hours.iter().map(|&window| WindowDocument::from(window)).collect(),
            service: site.service,
            unloading: rates(&site.unloading),
            visit_cost: site.visit_cost,
            tipping_fee: rates(&site.tipping_fee),
            materials: site.materials.as_ref().map(|list| refs(&self.names.materials, list, MaterialId::index)),
            daily_capacity: site.daily_capacity.clone(),
        }
    }

    fn relation(&self, relation: &Relation) -> RelationDocument {
        let clients = |list: &[ClientId]| refs(&self.names.clients, list, ClientId::index);
        let client = |id: ClientId| self.names.clients.reference(id.index());
        match relation {
            Relation::SameVehicle(list) => RelationDocument::SameVehicle(clients(list)),
            Relation::Sequence(list) => RelationDocument::Sequence(clients(list)),
            Relation::AllOrNone(list) => RelationDocument::AllOrNone(clients(list)),
            Relation::Incompatible(list) => RelationDocument::Incompatible(clients(list)),
            &Relation::Precedence(before, after) => {
                RelationDocument::Precedence(PrecedenceDocument { before: client(before), after: client(after) })
            }
            &Relation::Pin { client: pinned, vehicle_type, position } => RelationDocument::Pin(PinDocument {
                client: client(pinned),
                vehicle_type: vehicle_type.map(|v| self.names.vehicle_types.reference(v.index())),
                position: PositionDocument::of(position),
            }),
        }
    }
}

/// The references that people like best, of a list of ids.
fn refs<T: Copy>(names: &Names, ids: &[T], index: impl Fn(T) -> usize) -> Vec<Ref> {
    ids.iter().map(|&id| names.reference(index(id))).collect()
}

fn zone(zone: &Zone) -> ZoneDocument {
    ZoneDocument { name: zone.name.clone(), area: ZoneAreaDocument::from(&zone.area) }
}

fn location(location: &Location, geographic: bool) -> LocationDocument {
    let (x, y) = (Some(location.coord.x), Some(location.coord.y));
    let name = location.name.clone();
    if geographic {
        LocationDocument { name, x: None, y: None, lon: x, lat: y }
    } else {
        LocationDocument { name, x, y, lon: None, lat: None }
    }
}
