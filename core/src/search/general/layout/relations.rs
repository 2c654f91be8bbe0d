//! Relations between stops: which must, and must not, be on one route, and in which order.

use crate::model::{Position, Relation};
use crate::search::data::{Data, NONE};
use crate::search::general::layout::disjoint_sets::Sets;
use crate::search::general::layout::partner_sets::{PartnerSets, SequenceIndex};

/// All relations, by stop.
pub(crate) struct Relations {
    /// The next stop of a sequence that stays together, or `NONE`.
    pub(crate) next: Vec<u32>,
    /// The stop before in such a sequence, or `NONE`.
    pub(crate) previous: Vec<u32>,
    /// Stops that are on one route, as far as they are served.
    pub(crate) same_route: PartnerSets,
    /// Stops no two of which are on one route.
    pub(super) incompatible: PartnerSets,
    /// Stops that are alone on their route: pinned to be its first and its last.
    alone: Vec<bool>,
    /// Stops that come before, where they are served.
    before: Vec<Vec<u32>>,
    position: Vec<Position>,
    /// Sets of stops of which all are served or none, sequences included.
    pub(crate) all_or_none: Vec<Vec<u32>>,
    /// The set that a stop belongs to, or `NONE`.
    pub(crate) set_of: Vec<u32>,
    /// Whether any relation names the stop.
    related: Vec<bool>,
    /// Stops that contradictory sequences keep from ever being served.
    pub(crate) impossible: Vec<bool>,
    any: bool,
}

impl Relations {
    pub(crate) fn new(data: &Data<'_>) -> Self {
        let m = data.num_stops();
        let mut relations = Self {
            next: vec![NONE; m],
            previous: vec![NONE; m],
            same_route: PartnerSets::new(m),
            incompatible: PartnerSets::new(m),
            alone: vec![false; m],
            before: vec![Vec::new(); m],
            position: vec![Position::Any; m],
            all_or_none: Vec::new(),
            set_of: vec![NONE; m],
            related: vec![false; m],
            impossible: vec![false; m],
            any: false,
        };
        let node_of = data.node_of();
        let mut sets = Sets::new(m);
        let mut contradictory = vec![false; m];
        for relation in data.problem.relations() {
            let stops: Vec<u32> = relation.clients().iter().map(|client| node_of.client[client.index()]).collect();
            for &u in &stops {
                relations.related[u as usize] = true;
            }
            match relation {
                Relation::SameVehicle(_) => relations.same_route.add(stops),
                Relation::Incompatible(_) => relations.incompatible.add(stops),
                Relation::Sequence(_) => {
                    for pair in stops.windows(2) {
                        let (next, previous) =
                            (&mut relations.next[pair[0] as usize], &mut relations.previous[pair[1] as usize]);
                        if ![NONE, pair[1]].contains(next) || ![NONE, pair[0]].contains(previous) {
                            contradictory[pair[0] as usize] = true;
                        } else {
                            (*next, *previous) = (pair[1], pair[0]);
                        }
                        sets.join(pair[0], pair[1]);
                    }
                }
                Relation::Precedence(..) => {
                    relations.before[stops[1] as usize].push(stops[0]);
                    relations.same_route.add(stops);
                }
                Relation::AllOrNone(_) => stops.windows(2).for_each(|pair| sets.join(pair[0], pair[1])),
                Relation::Pin { position, .. } => {
                    let own = &mut relations.position[stops[0] as usize];
                    match (*position, *own) {
                        (Position::Any, _) => {}
                        // Both first and last: nothing else is on the route.
                        (Position::First, Position::Last) | (Position::Last, Position::First) => {
                            relations.alone[stops[0] as usize] = true;
                        }
                        (position, _) => *own = position,
                    }
                }
            }
        }
        for u in (0..m).filter(|&u| data.is_pickup(u)) {
            let delivery = data.partner[u];
            relations.before[delivery as usize].push(u as u32);
            relations.related[u] = true;
            relations.related[delivery as usize] = true;
        }
        relations.all_or_none = sets.lists();
        for (s, set) in relations.all_or_none.iter().enumerate() {
            let impossible = set.iter().any(|&u| contradictory[u as usize]) || relations.is_circular(set);
            for &u in set {
                relations.set_of[u as usize] = s as u32;
                relations.impossible[u as usize] |= impossible;
            }
        }
        relations.any = relations.related.contains(&true);
        relations
    }

    /// Whether every stop of the set has one before it in a sequence: then none can be first.
    fn is_circular(&self, set: &[u32]) -> bool {
        let leads = |&u: &u32| self.previous[u as usize] == NONE;
        let reached: usize = set.iter().filter(|u| leads(u)).map(|&u| self.chain(u as usize).count()).sum();
        reached < set.len()
    }

    /// The stops that are inserted together with `u`, in order, where `u` is the first of them.
    pub(crate) fn chain(&self, u: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(u), |&at| Some(self.next[at] as usize).filter(|&next| next != NONE as usize))
    }

    /// Whether `u` comes first in what is inserted together with it.
    #[inline]
    pub(crate) fn leads(&self, u: usize) -> bool {
        self.previous[u] == NONE
    }

    /// Whether the relations between routes allow the stop `u` on a route: `route_of` says what is on which.
    #[inline]
    pub(crate) fn allow(&self, u: usize, route: u32, route_of: impl Fn(u32) -> u32) -> bool {
        !self.related[u]
            || (!self.impossible[u]
                && self.incompatible.partners(u).all(|v| route_of(v) != route)
                // Where one of them is, all others are that are served.
                && self.same_route.of(u).iter().all(|&partner_set| {
                    let others = self.same_route.members(partner_set).iter().filter(|&&v| v as usize != u);
                    others.map(|&v| route_of(v)).find(|&other| other != NONE).is_none_or(|home| home == route)
                }))
    }

    /// Whether all relations within one route hold, among the stops of its sequence.
    pub(crate) fn hold_within(&self, stops: &[u32], sequence_index: &mut SequenceIndex) -> bool {
        if !self.any || !stops.iter().any(|&u| self.related[u as usize]) {
            return true;
        }
        sequence_index.index(self, stops);
        stops.iter().enumerate().all(|(i, &u)| {
            let u = u as usize;
            (self.next[u] == NONE || stops.get(i + 1) == Some(&self.next[u]))
                && (self.previous[u] == NONE || (i > 0 && stops[i - 1] == self.previous[u]))
                && match self.position[u] {
                    Position::Any => true,
                    Position::First => i == 0,
                    Position::Last => i + 1 == stops.len(),
                }
                && (!self.alone[u] || stops.len() == 1)
                && self.before[u].iter().all(|&v| sequence_index.position(v).is_none_or(|position| position < i))
                // No two stops are in one set that keeps them apart.
                && self.incompatible.of(u).iter().all(|&partner_set| sequence_index.is_first_seen(partner_set))
        })
    }

    /// Whether no stop is served elsewhere that must be on the route of one of these: `is_served` says which stops are served at all.
    pub(crate) fn are_together(
        &self,
        stops: &[u32],
        sequence_index: &mut SequenceIndex,
        is_served: impl Fn(u32) -> bool,
    ) -> bool {
        if self.same_route.is_empty() {
            return true;
        }
        sequence_index.index(self, stops);
        stops.iter().all(|&u| {
            self.same_route.of(u as usize).iter().all(|&partner_set| {
                !sequence_index.is_first_seen(partner_set)
                    || self
                        .same_route
                        .members(partner_set)
                        .iter()
                        .all(|&v| !is_served(v) || sequence_index.position(v).is_some())
            })
        })
    }

    /// Whether any relation concerns the stop.
    #[inline]
    pub(crate) fn is_related(&self, u: usize) -> bool {
        self.related[u] || self.next[u] != NONE || self.previous[u] != NONE || self.set_of[u] != NONE
    }

    /// Whether there is any relation at all.
    #[inline]
    pub(crate) fn any(&self) -> bool {
        self.any
    }
}
