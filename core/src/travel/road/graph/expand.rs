//! From streets to states and turns: exact turn restrictions, also through several streets.

use std::collections::HashMap;

use crate::travel::road::graph::turns::TurnRules;
use crate::travel::road::profile::RoadProfile;
use crate::travel::road::streets::{RestrictionKind, Streets};

/// A restriction that is being followed: its index, and how many streets of its chain lie behind.
type Progress = (u32, u32);

/// States and turns before the component is chosen.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// The street of each state. The first ones have no history.
    pub(super) street: Vec<u32>,
    /// The turns out of each state: to which state, at how many milliseconds.
    pub(super) arcs: Vec<Vec<(u32, u32)>>,
    /// Number of states without a history.
    pub(super) plain: usize,
}

/// The chains of restrictions that hold for a profile, as streets.
struct Rules {
    chains: Vec<(RestrictionKind, Vec<u32>)>,
    /// The restrictions that begin on each street.
    from: HashMap<u32, Vec<u32>>,
}

impl Rules {
    fn new(streets: &Streets, profile: &RoadProfile, times: &[u32]) -> Self {
        let mut rules = Self { chains: Vec::new(), from: HashMap::new() };
        for restriction in &streets.restrictions {
            let chain: Vec<u32> =
                restriction.chain.iter().map(|&(segment, forward)| 2 * segment + u32::from(!forward)).collect();
            // A chain with a street that cannot be driven forbids nothing, and must not force anything.
            let driven = chain.iter().all(|&street| times[street as usize] > 0);
            if driven && profile.is_restricted_by(&restriction.only_for, &restriction.except) {
                rules.from.entry(chain[0]).or_default().push(rules.chains.len() as u32);
                rules.chains.push((restriction.kind, chain));
            }
        }
        rules
    }

    /// The restrictions that are followed on a street after those of `before`.
    fn advance(&self, before: &[Progress], street: u32) -> Vec<Progress> {
        let follows = |&&(rule, done): &&Progress| {
            let chain = &self.chains[rule as usize].1;
            done as usize + 1 < chain.len() && chain[done as usize] == street
        };
        let mut history: Vec<Progress> = before.iter().filter(follows).map(|&(rule, done)| (rule, done + 1)).collect();
        history.sort_unstable();
        history
    }

    /// Whether a turn into a street is forbidden by the restrictions that are followed.
    fn forbids(&self, followed: &[Progress], street: u32) -> bool {
        followed.iter().any(|&(rule, done)| {
            let (kind, chain) = &self.chains[rule as usize];
            let (next, last) = (chain[done as usize], done as usize + 1 == chain.len());
            match kind {
                RestrictionKind::No => last && street == next,
                RestrictionKind::Only => (last || done > 1) && street != next,
            }
        })
    }
}

/// Expands streets that can be driven (those whose time in `times`, by street, is not zero).
pub(super) fn expand(streets: &Streets, profile: &RoadProfile, times: &[u32]) -> Expanded {
    let rules = Rules::new(streets, profile, times);
    let turns = TurnRules::new(streets, profile, times);
    let mut plain = vec![u32::MAX; times.len()];
    let mut found = Expanded::default();
    for (street, _) in times.iter().enumerate().filter(|(_, time)| **time > 0) {
        plain[street] = found.street.len() as u32;
        found.street.push(street as u32);
    }
    found.plain = found.street.len();
    // States with a history are found while turns are followed.
    let mut with_history: HashMap<(u32, Vec<Progress>), u32> = HashMap::new();
    let mut histories: Vec<Vec<Progress>> = Vec::new();
    let mut state = 0;
    while state < found.street.len() {
        let street = found.street[state];
        let before: &[Progress] = state.checked_sub(found.plain).map_or(&[], |index| &histories[index]);
        let begun = rules.from.get(&street).into_iter().flatten().map(|&rule| (rule, 1));
        let followed: Vec<Progress> = before.iter().copied().chain(begun).collect();
        let exits = turns.exits(street, |exit| rules.forbids(&followed, exit));
        let mut arcs = Vec::with_capacity(exits.len());
        for (exit, cost) in exits {
            let history = rules.advance(&followed, exit);
            let head = if history.is_empty() {
                plain[exit as usize]
            } else {
                *with_history.entry((exit, history.clone())).or_insert_with(|| {
                    histories.push(history);
                    found.street.push(exit);
                    (found.street.len() - 1) as u32
                })
            };
            arcs.push((head, cost));
        }
        found.arcs.push(arcs);
        state += 1;
    }
    found
}
