//! Jobs that must be served together, and the relations that link them to others.

use std::collections::{HashMap, HashSet};

use super::Job;
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Problem, Relation};

/// For each client, the indices of the relations that name it.
pub(super) struct RelationIndex(HashMap<ClientId, Vec<usize>>);

impl RelationIndex {
    pub(super) fn new(problem: &Problem) -> Self {
        let mut relation_index: HashMap<ClientId, Vec<usize>> = HashMap::new();
        for (r, relation) in problem.relations().iter().enumerate() {
            for client in relation.clients() {
                relation_index.entry(client).or_default().push(r);
            }
        }
        Self(relation_index)
    }

    /// The relations of a client, ascending.
    pub(super) fn of(&self, client: ClientId) -> &[usize] {
        self.0.get(&client).map_or(&[], Vec::as_slice)
    }

    /// The relations of some clients, ascending, each once.
    pub(super) fn of_any(&self, clients: impl IntoIterator<Item = ClientId>) -> Vec<usize> {
        let mut all: Vec<usize> = clients.into_iter().flat_map(|client| self.of(client)).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A job, and all jobs that must be served if it is.
pub(super) struct JointService {
    /// All jobs.
    pub(super) jobs: Vec<Job>,
    /// The jobs that lead their sequences; the leader of the original job's sequence comes first.
    pub(super) leaders: Vec<Job>,
    /// The relations that name at least one of the jobs.
    pub(super) relations: Vec<usize>,
}

impl JointService {
    pub(super) fn new(problem: &Problem, relation_index: &RelationIndex, job: Job) -> Self {
        let Job::Client(client) = job else { return Self::of_shipment(job) };
        let all = closure(problem, relation_index, client, |relation| {
            matches!(relation, Relation::Sequence(_) | Relation::AllOrNone(_))
        });
        let all = with_pattern(problem, client, all);
        let own = sequence_of(problem, relation_index, client);
        Self::of_clients(problem, relation_index, &all, &own)
    }

    /// A job, and the jobs that must be on the same trip.
    pub(super) fn of_one_trip(problem: &Problem, relation_index: &RelationIndex, job: Job) -> Self {
        let Job::Client(client) = job else { return Self::of_shipment(job) };
        let own = sequence_of(problem, relation_index, client);
        Self::of_clients(problem, relation_index, &own, &own)
    }

    fn of_shipment(job: Job) -> Self {
        Self { jobs: vec![job], leaders: vec![job], relations: Vec::new() }
    }

    /// The leaders of the sequence `own` come first.
    fn of_clients(problem: &Problem, relation_index: &RelationIndex, all: &[ClientId], own: &[ClientId]) -> Self {
        let mut leaders: Vec<ClientId> = all.iter().copied().filter(|&c| leads(problem, relation_index, c)).collect();
        leaders.sort_by_key(|c| !own.contains(c));
        Self {
            relations: relation_index.of_any(all.iter().copied()),
            jobs: all.iter().copied().map(Job::Client).collect(),
            leaders: leaders.into_iter().map(Job::Client).collect(),
        }
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = ClientId> + '_ {
        self.jobs.iter().filter_map(|job| match job {
            Job::Client(id) => Some(*id),
            Job::Shipment(_) => None,
        })
    }
}

/// The clients linked to a client, directly or indirectly, by relations of some kinds; the client itself comes first.
fn closure(
    problem: &Problem,
    relation_index: &RelationIndex,
    client: ClientId,
    is_one: impl Fn(&Relation) -> bool,
) -> Vec<ClientId> {
    let (mut all, mut seen) = (vec![client], HashSet::from([client]));
    let mut done = HashSet::new();
    let mut at = 0;
    while at < all.len() {
        for &r in relation_index.of(all[at]) {
            let relation = &problem.relations()[r];
            if is_one(relation) && done.insert(r) {
                all.extend(relation.clients().into_iter().filter(|&other| seen.insert(other)));
            }
        }
        at += 1;
    }
    all
}

/// The clients, and those that are served with `client` by the smallest visit pattern that it is in.
fn with_pattern(problem: &Problem, client: ClientId, mut all: Vec<ClientId>) -> Vec<ClientId> {
    let patterns = problem.client(client).group.map_or(&[][..], |group| &problem.groups()[group.index()].patterns);
    if let Some(pattern) =
        patterns.iter().filter(|pattern| pattern.contains(&client)).min_by_key(|pattern| pattern.len())
    {
        all.extend(pattern.iter().copied().filter(|&other| other != client));
    }
    all
}

/// The clients that share sequences with a client, directly or indirectly; the client itself comes first.
fn sequence_of(problem: &Problem, relation_index: &RelationIndex, client: ClientId) -> Vec<ClientId> {
    closure(problem, relation_index, client, |relation| matches!(relation, Relation::Sequence(_)))
}

/// Whether no sequence has a predecessor of the client.
fn leads(problem: &Problem, relation_index: &RelationIndex, client: ClientId) -> bool {
    relation_index.of(client).iter().all(|&r| match &problem.relations()[r] {
        Relation::Sequence(clients) => clients.iter().position(|&c| c == client).is_none_or(|at| at == 0),
        _ => true,
    })
}

/// A relation that prevents an insertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Its index among the problem's relations.
    pub relation: usize,
    /// Its kind, spelt as in documents: `same_vehicle`.
    pub kind: &'static str,
    /// The other clients that it names.
    pub partners: Vec<ClientId>,
    /// The vehicle type that it names.
    pub vehicle_type: Option<VehicleTypeId>,
}

impl Tie {
    pub(super) fn new(problem: &Problem, relation: usize, job: Job) -> Self {
        let named = &problem.relations()[relation];
        let mut partners = named.clients();
        partners.retain(|&client| Job::Client(client) != job);
        let vehicle_type = match named {
            Relation::Pin { vehicle_type, .. } => *vehicle_type,
            _ => None,
        };
        Self { relation, kind: named.name(), partners, vehicle_type }
    }
}
