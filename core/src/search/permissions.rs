//! Which vehicle types may serve which stops.

use std::collections::{HashMap, HashSet};

use crate::ids::VehicleTypeId;
use crate::model::{Client, Problem, Relation};
use crate::plan::Activity;
use crate::search::data::NodeOf;

/// A set of vehicle types for each stop; nothing at all where every type may serve every stop.
#[derive(Default)]
pub(crate) struct Permissions {
    /// Words of 64 types for each stop.
    width: usize,
    rows: Vec<u64>,
    /// The types whose vehicles have compartments.
    compartments: Vec<u64>,
}

impl Permissions {
    pub(crate) fn new(problem: &Problem, activity: &[Activity], node_of: &NodeOf) -> Self {
        let types = problem.vehicle_types();
        let width = types.len().div_ceil(64);
        let set_of = |takes: &dyn Fn(usize) -> bool| {
            let mut set = vec![0; width];
            (0..types.len()).filter(|&t| takes(t)).for_each(|t| insert(&mut set, t));
            set
        };
        let compartments = set_of(&|t| !types[t].compartments.is_empty());
        if !restricts(problem) {
            return Self { width, rows: Vec::new(), compartments };
        }
        let all = set_of(&|_| true);
        let mut rows: Vec<u64> = activity.iter().flat_map(|_| &all).copied().collect();
        let range = |node: u32| node as usize * width..(node as usize + 1) * width;
        // Many clients ask for the same skills and hand over the same materials.
        let mut by_skills: HashMap<&[String], Vec<u64>> = HashMap::new();
        let mut by_material = HashMap::new();
        for (client, &node) in problem.clients().iter().zip(&node_of.client) {
            let row = &mut rows[range(node)];
            keep(row, by_skills.entry(&client.skills).or_insert_with(|| set_of(&|t| types[t].has_skills_for(client))));
            if let Some(material) = client.material {
                let has_room = |t: usize| {
                    let parts = &types[t].compartments;
                    parts.is_empty() || parts.iter().any(|part| part.materials.contains(&material))
                };
                keep(row, by_material.entry(material).or_insert_with(|| set_of(&has_room)));
            }
            keep_listed(row, client);
        }
        for (t, vehicle_type) in types.iter().enumerate() {
            if let Some(listed) = &vehicle_type.allowed_clients {
                let listed: HashSet<u32> = listed.iter().map(|client| node_of.client[client.index()]).collect();
                let others = node_of.client.iter().filter(|node| !listed.contains(node));
                others.for_each(|&node| remove(&mut rows[range(node)], t));
            }
            for &activity in &vehicle_type.executed {
                let node = node_of.get(activity);
                if node != crate::search::data::NONE {
                    keep(&mut rows[range(node)], &set_of(&|other| other == t));
                }
            }
        }
        let by_type = problem.has_windows_by_type();
        for (t, vehicle_type) in types.iter().enumerate().filter(|(_, v)| by_type || !v.zones.is_empty()) {
            let id = VehicleTypeId::new(t);
            let closed = activity
                .iter()
                .enumerate()
                .filter(|&(_, &activity)| problem.windows_by_type(id, activity).is_some_and(|open| open.is_empty()));
            closed.for_each(|(node, _)| {
                if !vehicle_type.executed.contains(&activity[node]) {
                    remove(&mut rows[range(node as u32)], t);
                }
            });
        }
        for relation in problem.relations() {
            if let Relation::Pin { client, vehicle_type: Some(pinned), .. } = relation {
                keep(&mut rows[range(node_of.client[client.index()])], &set_of(&|t| t == pinned.index()));
            }
        }
        Self { width, rows, compartments }
    }

    /// Whether a vehicle of each type may serve each stop.
    pub(crate) fn of_type(&self, vehicle_type: usize) -> impl Iterator<Item = bool> + '_ {
        let (word, bit) = (vehicle_type / 64, vehicle_type % 64);
        self.rows.chunks(self.width.max(1)).map(move |row| row[word] >> bit & 1 == 1)
    }

    /// Whether a vehicle of some type may serve both stops; where `compartments` are asked for, one that has them.
    pub(crate) fn share(&self, u: usize, v: usize, compartments: bool) -> bool {
        let row = |u: usize| &self.rows[u * self.width..(u + 1) * self.width];
        match (self.rows.is_empty(), compartments) {
            (true, false) => true,
            (true, true) => self.compartments.iter().any(|&types| types != 0),
            (false, false) => row(u).iter().zip(row(v)).any(|(a, b)| a & b != 0),
            (false, true) => row(u).iter().zip(row(v)).zip(&self.compartments).any(|((a, b), c)| a & b & c != 0),
        }
    }
}

/// Whether anything keeps any vehicle from any stop.
fn restricts(problem: &Problem) -> bool {
    let of_client = |client: &Client| {
        !client.skills.is_empty()
            || client.material.is_some()
            || client.allowed_vehicles.is_some()
            || !client.forbidden_vehicles.is_empty()
            || client.has_windows_by_type()
    };
    let pins = |relation: &Relation| matches!(relation, Relation::Pin { vehicle_type: Some(_), .. });
    problem.clients().iter().any(of_client)
        || problem
            .vehicle_types()
            .iter()
            .any(|v| v.allowed_clients.is_some() || !v.executed.is_empty() || !v.zones.is_empty())
        || problem.relations().iter().any(pins)
}

/// Leaves the types that the client's own lists allow.
fn keep_listed(row: &mut [u64], client: &Client) {
    if let Some(allowed) = &client.allowed_vehicles {
        let mut set = vec![0; row.len()];
        for t in allowed {
            insert(&mut set, t.index());
        }
        keep(row, &set);
    }
    for t in &client.forbidden_vehicles {
        remove(row, t.index());
    }
}

fn insert(set: &mut [u64], t: usize) {
    set[t / 64] |= 1 << (t % 64);
}

fn remove(set: &mut [u64], t: usize) {
    set[t / 64] &= !(1 << (t % 64));
}

fn keep(set: &mut [u64], others: &[u64]) {
    set.iter_mut().zip(others).for_each(|(set, other)| *set &= other);
}
