//! Relations, goals and speeds.

use super::Reader;
use crate::ids::{ClientId, ProfileId, VehicleTypeId};
use crate::io::json::problem_document::{PinDocument, ProblemDocument, RelationDocument};
use crate::io::json::reference::Ref;
use crate::model::{Position, Relation, SpeedCurve, SpeedStep};

impl Reader<'_> {
    pub(super) fn relations(&mut self, document: &ProblemDocument) {
        for (r, relation) in document.relations.iter().enumerate() {
            let read = self.relation(relation, &format!("relations[{r}]"));
            self.builder.add_relation(read);
        }
    }

    fn relation(&mut self, relation: &RelationDocument, path: &str) -> Relation {
        let names = &self.names.clients;
        let mut clients = |list: &[Ref], field: &str| self.ids(names, list, &format!("{path}.{field}"), ClientId::new);
        match relation {
            RelationDocument::SameVehicle(list) => Relation::SameVehicle(clients(list, "same_vehicle")),
            RelationDocument::Sequence(list) => Relation::Sequence(clients(list, "sequence")),
            RelationDocument::AllOrNone(list) => Relation::AllOrNone(clients(list, "all_or_none")),
            RelationDocument::Incompatible(list) => Relation::Incompatible(clients(list, "incompatible")),
            RelationDocument::Precedence(pair) => {
                let before = self.id(names, &pair.before, || format!("{path}.precedence.before"), ClientId::new);
                let after = self.id(names, &pair.after, || format!("{path}.precedence.after"), ClientId::new);
                Relation::Precedence(before, after)
            }
            RelationDocument::Pin(pin) => self.pin(pin, &format!("{path}.pin")),
        }
    }

    fn pin(&mut self, pin: &PinDocument, path: &str) -> Relation {
        let names = self.names;
        let client = self.id(&names.clients, &pin.client, || format!("{path}.client"), ClientId::new);
        let vehicle_type = pin.vehicle_type.as_ref().map(|reference| {
            self.id(&names.vehicle_types, reference, || format!("{path}.vehicle_type"), VehicleTypeId::new)
        });
        Relation::Pin { client, vehicle_type, position: pin.position.map_or(Position::Any, Position::from) }
    }

    pub(super) fn goals(&mut self, document: &ProblemDocument) {
        for &goal in &document.goals {
            self.builder.add_goal(goal.into());
        }
        for (p, steps) in document.speeds.iter().enumerate() {
            let steps = steps.iter().map(|&step| SpeedStep::from(step)).collect();
            self.builder.speed(ProfileId::new(p), SpeedCurve { steps });
        }
    }
}
