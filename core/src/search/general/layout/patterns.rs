//! Visit patterns of groups, as sets of bits: one for each member.

use crate::search::data::{Data, NONE};
use crate::units::Cost;

/// Which members of a group may be served together.
pub(crate) struct Patterns {
    /// By group; none of a group of which one member is served.
    of_group: Vec<Vec<u64>>,
    /// By group, what each of its patterns costs; empty where all cost nothing.
    costs: Vec<Vec<Cost>>,
    /// By stop: its bit among its group's members; zero where the group has no patterns.
    bit: Vec<u64>,
    /// The groups that have patterns.
    groups: Vec<u32>,
}

impl Patterns {
    pub(super) fn new(data: &Data<'_>) -> Self {
        let mut patterns = Self {
            of_group: vec![Vec::new(); data.members.len()],
            costs: vec![Vec::new(); data.members.len()],
            bit: vec![0; data.num_stops()],
            groups: Vec::new(),
        };
        let node_of = data.node_of();
        for (g, group) in data.problem.groups().iter().enumerate() {
            if group.patterns.is_empty() {
                continue;
            }
            patterns.groups.push(g as u32);
            patterns.costs[g].clone_from(&group.pattern_costs);
            for (i, &u) in data.members[g].iter().enumerate() {
                patterns.bit[u as usize] = 1 << i;
            }
            let bit = |client: &crate::ids::ClientId| patterns.bit[node_of.client[client.index()] as usize];
            patterns.of_group[g] =
                group.patterns.iter().map(|list| list.iter().map(bit).fold(0, |a, b| a | b)).collect();
        }
        patterns
    }

    /// Whether any group has patterns.
    pub(crate) fn any(&self) -> bool {
        !self.groups.is_empty()
    }

    /// The groups that have patterns.
    pub(crate) fn groups(&self) -> &[u32] {
        &self.groups
    }

    /// The bit of a stop among the members of its group; zero where no patterns say what is served of it.
    #[inline]
    pub(crate) fn bit(&self, u: usize) -> u64 {
        self.bit[u]
    }

    /// The patterns of a group.
    pub(crate) fn of(&self, group: usize) -> &[u64] {
        &self.of_group[group]
    }

    /// What it costs that these members of a group are served; nothing where they are none of its patterns.
    pub(crate) fn cost(&self, group: usize, members: u64) -> Cost {
        let costs = &self.costs[group];
        if costs.is_empty() {
            return 0;
        }
        self.of_group[group].iter().position(|&pattern| pattern == members).map_or(0, |pattern| costs[pattern])
    }

    /// Whether these members of a group are none at all, or all of one of its patterns.
    pub(crate) fn fit(&self, group: usize, members: u64) -> bool {
        members == 0 || self.of_group[group].contains(&members)
    }

    /// The group of a stop, if it has patterns.
    pub(crate) fn group(&self, data: &Data<'_>, u: usize) -> Option<usize> {
        (self.bit[u] != 0 && data.group[u] != NONE).then(|| data.group[u] as usize)
    }
}
