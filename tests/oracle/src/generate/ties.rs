//! Relations, goals, and what was executed.

use milkrun::plan::Activity;
use milkrun::{ClientId, Goal, Measure, Position, Relation, ShipmentId, VehicleTypeId};

use super::draft::Draft;
use crate::factor::Factor;

impl Draft<'_> {
    pub(super) fn relations(&mut self) {
        if self.has(Factor::Relation) {
            // The first two clients: where some are optional, one of these is and the other is not.
            let mut tied = vec![0, 1];
            if self.num_clients > 2 && self.of(Factor::Relation) != "precedence" && self.source.percent(35) {
                tied.push(2);
            }
            self.source.shuffle(&mut tied);
            self.relation(self.of(Factor::Relation), &tied);
        }
        if self.has(Factor::Relation2) {
            let mut tied = vec![self.source.index(2), 2];
            if self.num_clients > 3 && self.of(Factor::Relation2) != "precedence" && self.source.percent(35) {
                tied.push(3);
            }
            self.source.shuffle(&mut tied);
            self.relation(self.of(Factor::Relation2), &tied);
        }
    }

    fn relation(&mut self, kind: &str, clients: &[usize]) {
        let ids: Vec<ClientId> = clients.iter().map(|&c| ClientId::new(c)).collect();
        let pin = |vehicle_type, position| Relation::Pin { client: ids[0], vehicle_type, position };
        let relation = match kind {
            "same vehicle" => Relation::SameVehicle(ids),
            "sequence" => Relation::Sequence(ids),
            "precedence" => Relation::Precedence(ids[0], ids[1]),
            "all or none" => Relation::AllOrNone(ids),
            "incompatible" => Relation::Incompatible(ids),
            "pin type" => {
                let types = self.vehicle_types.len();
                pin(Some(VehicleTypeId::new(self.source.index(types))), Position::Any)
            }
            "pin first" => pin(None, Position::First),
            _ => pin(None, Position::Last),
        };
        self.builder.add_relation(relation);
    }

    pub(super) fn goals(&mut self) {
        let measure = |name: &str| Measure::ALL.into_iter().find(|measure| measure.name() == name);
        if let Some(measure) = measure(self.of(Factor::RankedGoal)) {
            self.builder.add_goal(Goal::ranked(measure));
        }
        if let Some(measure) = measure(self.of(Factor::WeightedGoal)) {
            self.builder.add_goal(Goal::weighted(measure, self.source.number(1, 12)));
        }
    }

    /// What the first vehicle has executed; with that, vehicle types are complete.
    pub(super) fn executed(&mut self) {
        let mut executed = Vec::new();
        if self.has(Factor::Executed) {
            executed.push(if self.num_clients > 0 {
                Activity::Client(ClientId::new(0))
            } else {
                Activity::Pickup(ShipmentId::new(0))
            });
        }
        match self.of(Factor::Executed) {
            "disposal" => executed.push(Activity::Dispose(self.sites[0])),
            "break" => executed.push(Activity::Break(0)),
            "client" if self.num_clients > 2 && self.source.percent(30) => {
                executed.push(Activity::Client(ClientId::new(1)));
            }
            _ => {}
        }
        let mut types = std::mem::take(&mut self.vehicle_types);
        types[0].executed = executed;
        for vehicle_type in &types {
            self.builder.add_vehicle_type(vehicle_type.clone());
        }
        self.vehicle_types = types;
    }
}
