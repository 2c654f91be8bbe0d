//! Who must be served together with somebody, and what ties them to others.

use super::Job;
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Problem, Relation};

/// A job, with all those without whom it cannot be served.
pub(super) struct Party {
    /// All of them.
    pub(super) jobs: Vec<Job>,
    /// Those of them that lead the others of their sequences; the one of the job that was asked about is the first.
    pub(super) leaders: Vec<Job>,
}

impl Party {
    pub(super) fn new(problem: &Problem, job: Job) -> Self {
        let Job::Client(client) = job else { return Self { jobs: vec![job], leaders: vec![job] } };
        let all =
            closure(problem, client, |relation| matches!(relation, Relation::Sequence(_) | Relation::AllOrNone(_)));
        let own = sequence_of(problem, client);
        let mut leaders: Vec<ClientId> = all.iter().copied().filter(|&c| leads(problem, c)).collect();
        leaders.sort_by_key(|c| !own.contains(c));
        Self {
            jobs: all.into_iter().map(Job::Client).collect(),
            leaders: leaders.into_iter().map(Job::Client).collect(),
        }
    }

    /// A job, with those who are on one trip with it.
    pub(super) fn of_one_trip(problem: &Problem, job: Job) -> Self {
        let Job::Client(client) = job else { return Self { jobs: vec![job], leaders: vec![job] } };
        let jobs = sequence_of(problem, client);
        let leaders = jobs.iter().copied().filter(|&c| leads(problem, c)).map(Job::Client).collect();
        Self { jobs: jobs.into_iter().map(Job::Client).collect(), leaders }
    }

    /// The relations that name one of them.
    pub(super) fn relations(&self, problem: &Problem) -> Vec<usize> {
        let names = |relation: &Relation| relation.clients().iter().any(|&c| self.jobs.contains(&Job::Client(c)));
        (0..problem.relations().len()).filter(|&r| names(&problem.relations()[r])).collect()
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = ClientId> + '_ {
        self.jobs.iter().filter_map(|job| match job {
            Job::Client(id) => Some(*id),
            Job::Shipment(_) => None,
        })
    }
}

/// Everybody who is tied to a client by relations of some kinds, the client first.
fn closure(problem: &Problem, client: ClientId, ties: impl Fn(&Relation) -> bool) -> Vec<ClientId> {
    let mut all = vec![client];
    let mut at = 0;
    while at < all.len() {
        for relation in problem.relations().iter().filter(|relation| ties(relation)) {
            let clients = relation.clients();
            if clients.contains(&all[at]) {
                for other in clients {
                    if !all.contains(&other) {
                        all.push(other);
                    }
                }
            }
        }
        at += 1;
    }
    all
}

/// Everybody who follows or is followed by a client in sequences, the client first.
fn sequence_of(problem: &Problem, client: ClientId) -> Vec<ClientId> {
    closure(problem, client, |relation| matches!(relation, Relation::Sequence(_)))
}

/// Whether nobody comes right before the client.
fn leads(problem: &Problem, client: ClientId) -> bool {
    problem.relations().iter().all(|relation| match relation {
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
