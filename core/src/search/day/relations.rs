//! Ties between stops: who must, and who must not, be on one route, and in which order.

use crate::ids::ClientId;
use crate::model::{Position, Relation};
use crate::search::data::{Data, NONE};

/// All ties, by stop.
pub(super) struct Ties {
    /// The next stop of a sequence that stays together, or `NONE`.
    pub(super) next: Vec<u32>,
    pub(super) previous: Vec<u32>,
    /// Stops that are on the same route, where they are served.
    pub(super) mates: Vec<Vec<u32>>,
    /// Stops that are on another route.
    pub(super) foes: Vec<Vec<u32>>,
    /// Stops that come before, where they are served.
    before: Vec<Vec<u32>>,
    position: Vec<Position>,
    /// Sets of which all are served or none.
    pub(super) bundles: Vec<Vec<u32>>,
    /// Whether a stop has any tie.
    tied: Vec<bool>,
    /// Whether any stop has.
    any: bool,
}

impl Ties {
    pub(super) fn new(data: &Data<'_>) -> Self {
        let m = data.num_stops();
        let mut ties = Self {
            next: vec![NONE; m],
            previous: vec![NONE; m],
            mates: vec![Vec::new(); m],
            foes: vec![Vec::new(); m],
            before: vec![Vec::new(); m],
            position: vec![Position::Any; m],
            bundles: Vec::new(),
            tied: vec![false; m],
            any: false,
        };
        let node_of = data.node_of();
        let node = |client: &ClientId| node_of.client[client.index()];
        for relation in data.problem.relations() {
            let stops: Vec<u32> = relation.clients().iter().map(node).collect();
            for &u in &stops {
                ties.tied[u as usize] = true;
            }
            match relation {
                Relation::SameVehicle(_) => connect(&mut ties.mates, &stops),
                Relation::Incompatible(_) => connect(&mut ties.foes, &stops),
                Relation::Sequence(_) => {
                    for pair in stops.windows(2) {
                        ties.next[pair[0] as usize] = pair[1];
                        ties.previous[pair[1] as usize] = pair[0];
                    }
                }
                Relation::Precedence(..) => {
                    connect(&mut ties.mates, &stops);
                    ties.before[stops[1] as usize].push(stops[0]);
                }
                Relation::AllOrNone(_) => ties.bundles.push(stops),
                Relation::Pin { position, .. } => {
                    if *position != Position::Any {
                        ties.position[stops[0] as usize] = *position;
                    }
                }
            }
        }
        for u in (0..m).filter(|&u| data.is_pickup(u)) {
            let delivery = data.partner[u];
            ties.before[delivery as usize].push(u as u32);
            connect(&mut ties.mates, &[u as u32, delivery]);
            ties.tied[u] = true;
            ties.tied[delivery as usize] = true;
        }
        ties.any = ties.tied.contains(&true);
        ties
    }

    /// The stops that are inserted together with `u`, in order, where `u` is the first of them.
    pub(super) fn chain(&self, u: usize) -> Vec<u32> {
        let mut chain = vec![u as u32];
        let mut at = u;
        while self.next[at] != NONE && chain.len() <= self.next.len() {
            at = self.next[at] as usize;
            chain.push(at as u32);
        }
        chain
    }

    /// Whether `u` comes first in what is inserted together with it.
    pub(super) fn leads(&self, u: usize) -> bool {
        self.previous[u] == NONE
    }

    /// Whether the ties between stops allow `u` in a route's sequence: `route_of` says who is on which route.
    pub(super) fn allow(&self, u: usize, route: u32, route_of: impl Fn(u32) -> u32) -> bool {
        !self.tied[u]
            || (self.foes[u].iter().all(|&v| route_of(v) != route)
                && self.mates[u].iter().all(|&v| route_of(v) == route || route_of(v) == NONE))
    }

    /// Whether sequences and orders hold within one route.
    pub(super) fn in_order(&self, stops: &[u32]) -> bool {
        if !self.any || !stops.iter().any(|&u| self.tied[u as usize]) {
            return true;
        }
        stops.iter().enumerate().all(|(i, &u)| {
            let u = u as usize;
            let last = i + 1 == stops.len();
            (self.next[u] == NONE || stops.get(i + 1) == Some(&self.next[u]))
                && (self.previous[u] == NONE || (i > 0 && stops[i - 1] == self.previous[u]))
                && match self.position[u] {
                    Position::Any => true,
                    Position::First => i == 0,
                    Position::Last => last,
                }
                && self.before[u].iter().all(|v| !stops[i..].contains(v))
        })
    }

    /// Whether every stop on the given routes is with its mates and without its foes.
    pub(super) fn together(&self, changed: &[(u32, &[u32])], route_of: impl Fn(u32) -> u32) -> bool {
        if !self.any {
            return true;
        }
        let now = |v: u32| {
            let at = changed.iter().find(|(_, stops)| stops.contains(&v));
            at.map_or_else(|| route_of(v), |&(route, _)| route)
        };
        changed.iter().all(|&(route, stops)| stops.iter().all(|&u| self.allow(u as usize, route, now)))
    }

    /// Whether anything is tied at all.
    pub(super) fn any(&self) -> bool {
        self.any
    }
}

fn connect(lists: &mut [Vec<u32>], stops: &[u32]) {
    for &u in stops {
        lists[u as usize].extend(stops.iter().filter(|&&v| v != u));
    }
}
