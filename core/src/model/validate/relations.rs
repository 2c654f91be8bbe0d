//! Relations.

use std::collections::{HashMap, HashSet};

use super::Validator;
use crate::ids::{ClientId, GroupId, VehicleTypeId};
use crate::model::{Position, Relation};

impl Validator<'_> {
    pub(super) fn relations(&mut self) {
        let builder = self.builder;
        for (r, relation) in builder.relations.iter().enumerate() {
            let path = format!("relations[{r}].{}", relation.name());
            match relation {
                Relation::Precedence(before, after) => {
                    self.client(format!("{path}.before"), *before);
                    self.client(format!("{path}.after"), *after);
                    if before == after {
                        let message = "a client cannot precede itself";
                        self.fault(path, before.index(), message, "name two clients");
                    }
                }
                Relation::Pin { client, vehicle_type, position } => {
                    self.pin(&path, *client, *vehicle_type, *position);
                }
                Relation::SameVehicle(clients) | Relation::Incompatible(clients) => self.tied(&path, clients),
                Relation::Sequence(clients) | Relation::AllOrNone(clients) => {
                    self.tied(&path, clients);
                    self.not_in_patterns(&path, clients);
                }
            }
        }
        self.pins_to_two_types();
        self.circles();
        self.together_and_apart();
    }

    /// Clients that are served as a pattern says are not also tied to be served with others.
    fn not_in_patterns(&mut self, path: &str, clients: &[ClientId]) {
        let builder = self.builder;
        for (c, client) in clients.iter().enumerate() {
            let group = builder.clients.get(client.index()).and_then(|client| client.group);
            let has_patterns =
                |group: &GroupId| builder.groups.get(group.index()).is_some_and(|g| !g.patterns.is_empty());
            if let Some(group) = group.filter(has_patterns) {
                let message = format!(
                    "the client belongs to group {}, whose patterns say what is served together",
                    group.index()
                );
                let remedy = "say it in the patterns, or remove the relation";
                self.fault(format!("{path}[{c}]"), client.index(), &message, remedy);
            }
        }
    }

    fn tied(&mut self, path: &str, clients: &[ClientId]) {
        if clients.len() < 2 {
            let value = format!("{} clients", clients.len());
            let message = "relates fewer than two clients";
            self.fault(path.to_owned(), value, message, "name at least two clients, or remove the relation");
        }
        let mut seen = HashSet::new();
        for (c, &client) in clients.iter().enumerate() {
            let path = format!("{path}[{c}]");
            if !seen.insert(client) {
                self.fault(
                    path.clone(),
                    client.index(),
                    "the client is already in the relation",
                    "keep one of the two",
                );
            }
            self.client(path, client);
        }
    }

    fn pin(&mut self, path: &str, client: ClientId, vehicle_type: Option<VehicleTypeId>, position: Position) {
        self.client(format!("{path}.client"), client);
        if let Some(vehicle_type) = vehicle_type {
            self.vehicle_type_id(format!("{path}.vehicle_type"), vehicle_type);
        } else if position == Position::Any {
            let message = "requires nothing";
            let remedy = "give a vehicle type, a position, or both";
            self.fault(path.to_owned(), format!("client {}", client.index()), message, remedy);
        }
    }

    /// Clients that are pinned to more than one vehicle type.
    fn pins_to_two_types(&mut self) {
        let builder = self.builder;
        let mut types = HashMap::new();
        for (r, relation) in builder.relations.iter().enumerate() {
            let &Relation::Pin { client, vehicle_type: Some(vehicle_type), .. } = relation else { continue };
            let &mut (other, first) = types.entry(client).or_insert((r, vehicle_type));
            if first != vehicle_type {
                let path = format!("relations[{r}].pin.vehicle_type");
                let message =
                    format!("relations[{other}] pins client {} to vehicle type {}", client.index(), first.index());
                self.fault(path, vehicle_type.index(), &message, "remove one of the two relations");
            }
        }
    }

    /// Two clients of which each must come before the other.
    fn circles(&mut self) {
        let builder = self.builder;
        let mut pairs = HashMap::new();
        for (r, relation) in builder.relations.iter().enumerate() {
            let &Relation::Precedence(before, after) = relation else { continue };
            if before == after {
                continue;
            }
            pairs.entry((before, after)).or_insert(r);
            if let Some(other) = pairs.get(&(after, before)) {
                let value = format!("client {} before client {}", before.index(), after.index());
                let message = format!("relations[{other}] requires the opposite");
                self.fault(format!("relations[{r}].precedence"), value, &message, "remove one of the two relations");
            }
        }
    }

    /// Required clients that must be on the same route and on different routes.
    fn together_and_apart(&mut self) {
        let builder = self.builder;
        let required = |client: &ClientId| {
            builder.clients.get(client.index()).is_some_and(|client| client.required && client.group.is_none())
        };
        let mut together: HashMap<ClientId, Vec<usize>> = HashMap::new();
        for (r, relation) in builder.relations.iter().enumerate() {
            let tied: HashSet<ClientId> = match relation {
                Relation::SameVehicle(clients) | Relation::Sequence(clients) => clients.iter().copied().collect(),
                Relation::Precedence(before, after) => HashSet::from([*before, *after]),
                _ => continue,
            };
            for client in tied.into_iter().filter(|client| required(client)) {
                together.entry(client).or_default().push(r);
            }
        }
        for (r, relation) in builder.relations.iter().enumerate() {
            let Relation::Incompatible(clients) = relation else { continue };
            let mut seen: HashMap<usize, ClientId> = HashMap::new();
            let tied =
                clients.iter().flat_map(|c| together.get(c).into_iter().flatten().map(move |&other| (*c, other)));
            for (client, other) in tied {
                let first = *seen.entry(other).or_insert(client);
                if first != client {
                    let value = format!("clients {} and {}", first.index(), client.index());
                    let message = format!("both are required, and relations[{other}] puts them on the same route");
                    let path = format!("relations[{r}].incompatible");
                    self.fault(path, value, &message, "remove one of the two relations, or make a client optional");
                }
            }
        }
    }
}
