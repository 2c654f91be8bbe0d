//! Who must be served together with somebody, and what ties them to others.

use std::collections::{HashMap, HashSet};

use super::Job;
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Problem, Relation};

/// The relations that name a client, by their index.
pub(super) struct Ties(HashMap<ClientId, Vec<usize>>);

impl Ties {
    pub(super) fn new(problem: &Problem) -> Self {
        let mut ties: HashMap<ClientId, Vec<usize>> = HashMap::new();
        for (r, relation) in problem.relations().iter().enumerate() {
            for client in relation.clients() {
                ties.entry(client).or_default().push(r);
            }
        }
        Self(ties)
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

/// A job, with all those without whom it cannot be served.
pub(super) struct Party {
    /// All of them.
    pub(super) jobs: Vec<Job>,
    /// Those of them that lead the others of their sequences; the one of the job that was asked about is the first.
    pub(super) leaders: Vec<Job>,
    /// The relations that name one of them.
    pub(super) relations: Vec<usize>,
}

impl Party {
    pub(super) fn new(problem: &Problem, ties: &Ties, job: Job) -> Self {
        let Job::Client(client) = job else { return Self::of_shipment(job) };
        let all = closure(problem, ties, client, |relation| {
            matches!(relation, Relation::Sequence(_) | Relation::AllOrNone(_))
        });
        let own = sequence_of(problem, ties, client);
        Self::of_clients(problem, ties, &all, &own)
    }

    /// A job, with those who are on one trip with it.
    pub(super) fn of_one_trip(problem: &Problem, ties: &Ties, job: Job) -> Self {
        let Job::Client(client) = job else { return Self::of_shipment(job) };
        let own = sequence_of(problem, ties, client);
        Self::of_clients(problem, ties, &own, &own)
    }

    fn of_shipment(job: Job) -> Self {
        Self { jobs: vec![job], leaders: vec![job], relations: Vec::new() }
    }

    /// The leaders of the sequence `own` come first.
    fn of_clients(problem: &Problem, ties: &Ties, all: &[ClientId], own: &[ClientId]) -> Self {
        let mut leaders: Vec<ClientId> = all.iter().copied().filter(|&c| leads(problem, ties, c)).collect();
        leaders.sort_by_key(|c| !own.contains(c));
        Self {
            relations: ties.of_any(all.iter().copied()),
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

/// Everybody who is tied to a client by relations of some kinds, the client first.
fn closure(problem: &Problem, ties: &Ties, client: ClientId, is_one: impl Fn(&Relation) -> bool) -> Vec<ClientId> {
    let (mut all, mut seen) = (vec![client], HashSet::from([client]));
    let mut done = HashSet::new();
    let mut at = 0;
    while at < all.len() {
        for &r in ties.of(all[at]) {
            let relation = &problem.relations()[r];
            if is_one(relation) && done.insert(r) {
                all.extend(relation.clients().into_iter().filter(|&other| seen.insert(other)));
            }
        }
        at += 1;
    }
    all
}

/// Everybody who follows or is followed by a client in sequences, the client first.
fn sequence_of(problem: &Problem, ties: &Ties, client: ClientId) -> Vec<ClientId> {
    closure(problem, ties, client, |relation| matches!(relation, Relation::Sequence(_)))
}

/// Whether nobody comes right before the client.
fn leads(problem: &Problem, ties: &Ties, client: ClientId) -> bool {
    ties.of(client).iter().all(|&r| match &problem.relations()[r] {
        Relation::Sequence(clients) => clients.iter().position(|&c| c == client).is_none_or(|at| at == 0),
        _ => true,
    })
}

/// A relation that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Its index among the problem's.
    pub relation: usize,
    /// Its kind, as documents call it: `same_vehicle`.
    pub kind: &'static str,
    /// The other clients that it names.
    pub partners: Vec<ClientId>,
    /// The vehicle type that it names.
    pub vehicle_type: Option<VehicleTypeId>,
}

impl Tie {
    pub(super) fn new(problem: &Problem, relation: usize, job: Job) -> Self {
        let tie = &problem.relations()[relation];
        let mut partners = tie.clients();
        partners.retain(|&client| Job::Client(client) != job);
        let vehicle_type = match tie {
            Relation::Pin { vehicle_type, .. } => *vehicle_type,
            _ => None,
        };
        Self { relation, kind: tie.name(), partners, vehicle_type }
    }
}
