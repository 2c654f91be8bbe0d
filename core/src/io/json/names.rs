//! The names of all that others refer to.

use super::problem_document::ProblemDocument;
use super::reference::Names;
use crate::model::Problem;

/// The names of a problem's parts.
pub(crate) struct ProblemNames<'a> {
    pub(super) locations: Names<'a>,
    pub(crate) depots: Names<'a>,
    pub(super) materials: Names<'a>,
    pub(crate) disposal_sites: Names<'a>,
    pub(super) groups: Names<'a>,
    pub(super) clients: Names<'a>,
    pub(super) shipments: Names<'a>,
    pub(crate) vehicle_types: Names<'a>,
    pub(super) zones: Names<'a>,
    /// Of each vehicle type.
    pub(super) breaks: Vec<Names<'a>>,
}

impl<'a> From<&'a ProblemDocument> for ProblemNames<'a> {
    fn from(from: &'a ProblemDocument) -> Self {
        Self {
            locations: Names::new("location", from.locations.iter().map(|part| part.name.as_str())),
            depots: Names::new("depot", from.depots.iter().map(|part| part.name.as_str())),
            materials: Names::new("material", from.materials.iter().map(|part| part.name.as_str())),
            disposal_sites: Names::new("disposal site", from.disposal_sites.iter().map(|part| part.name.as_str())),
            groups: Names::new("group", from.groups.iter().map(|part| part.name.as_str())),
            clients: Names::new("client", from.clients.iter().map(|part| part.name.as_str())),
            shipments: Names::new("shipment", from.shipments.iter().map(|part| part.name.as_str())),
            vehicle_types: Names::new("vehicle type", from.vehicle_types.iter().map(|part| part.name.as_str())),
            zones: Names::new("zone", from.zones.iter().map(|part| part.name.as_str())),
            breaks: from.vehicle_types.iter().map(|v| breaks(v.breaks.iter().map(|b| b.name.as_str()))).collect(),
        }
    }
}

impl<'a> From<&'a Problem> for ProblemNames<'a> {
    fn from(from: &'a Problem) -> Self {
        Self {
            locations: Names::new("location", from.locations().iter().map(|part| part.name.as_str())),
            depots: Names::new("depot", from.depots().iter().map(|part| part.name.as_str())),
            materials: Names::new("material", from.materials().iter().map(|part| part.name.as_str())),
            disposal_sites: Names::new("disposal site", from.disposal_sites().iter().map(|part| part.name.as_str())),
            groups: Names::new("group", from.groups().iter().map(|part| part.name.as_str())),
            clients: Names::new("client", from.clients().iter().map(|part| part.name.as_str())),
            shipments: Names::new("shipment", from.shipments().iter().map(|part| part.name.as_str())),
            vehicle_types: Names::new("vehicle type", from.vehicle_types().iter().map(|part| part.name.as_str())),
            zones: Names::new("zone", from.zones().iter().map(|part| part.name.as_str())),
            breaks: from.vehicle_types().iter().map(|v| breaks(v.breaks.iter().map(|b| b.name.as_str()))).collect(),
        }
    }
}

fn breaks<'a>(names: impl Iterator<Item = &'a str>) -> Names<'a> {
    Names::new("break", names)
}
