//! Which visit pattern a group is served by: each member's cheapest price is found once, and the patterns are tried from the
//! cheapest sum on, as clients of a period are inserted by Cordeau, Gendreau & Laporte (Networks 30, 1997, 105–119).

use crate::search::data::NONE;
use crate::search::general::GeneralSearch;
use crate::search::general::limits::REQUIRED_PRIZE;
use crate::search::general::solution::Solution;
use crate::search::random::Random;
use crate::units::Cost;

/// How many patterns are tried before the group stays unserved for now.
const MAX_TRIED: usize = 3;

/// How often any pattern is tried first.
const ANY_PATTERN: f64 = 0.05;

impl GeneralSearch<'_> {
    /// Serves what a group lacks of one of its patterns, the cheapest one if that costs less than `limit`; or nothing.
    pub(super) fn insert_pattern(&mut self, random: &mut Random, group: usize, limit: Cost) {
        let layout = self.solution.layout;
        let members = &layout.base.members[group];
        let served = self.solution.served_members(group);
        let fitting = layout.patterns.of(group).iter().copied().filter(|pattern| pattern & served == served);
        // What the pattern costs more than what is served now.
        let more = |pattern: u64| layout.patterns.cost(group, pattern) - layout.patterns.cost(group, served);
        let mut patterns: Vec<(Cost, u64)> = fitting.map(|pattern| (more(pattern), pattern)).collect();
        if patterns.len() > 1 {
            let wanted = patterns.iter().fold(0, |all, (_, pattern)| all | pattern) & !served;
            let mut price = vec![0; members.len()];
            for (i, &u) in members.iter().enumerate().filter(|(i, _)| wanted >> i & 1 != 0) {
                if self.is_interrupted() {
                    return;
                }
                // What has no price may still find a place where halts are placed anew, but comes last.
                price[i] = self.insert.price(&self.solution, random, u as usize, limit).unwrap_or(REQUIRED_PRIZE);
            }
            for (cost, pattern) in &mut patterns {
                let lacking = (0..members.len()).filter(|i| (*pattern & !served) >> i & 1 != 0);
                *cost = lacking.map(|i| price[i]).fold(*cost, Cost::saturating_add);
            }
            if random.unit() < ANY_PATTERN {
                let first = random.below(patterns.len());
                patterns[first].0 = Cost::MIN;
            }
            patterns.sort_unstable();
        }
        for &(_, pattern) in patterns.iter().take(MAX_TRIED) {
            let left = limit.saturating_sub(more(pattern));
            if self.serve_pattern(random, group, pattern & !served, left) || self.is_interrupted() {
                return;
            }
        }
    }

    /// Serves all of these members, or none of them. Whether that succeeded.
    fn serve_pattern(&mut self, random: &mut Random, group: usize, lacking: u64, limit: Cost) -> bool {
        let members = &self.solution.layout.base.members[group];
        let mut stops: Vec<u32> = (0..members.len()).filter(|i| lacking >> i & 1 != 0).map(|i| members[i]).collect();
        for i in (1..stops.len()).rev() {
            stops.swap(i, random.below(i + 1));
        }
        let mut spent: Cost = 0;
        for (i, &u) in stops.iter().enumerate() {
            let left = limit.saturating_sub(spent);
            let Some(cost) = self.insert.run(&mut self.solution, random, u as usize, left) else {
                let mut out = stops[..i].to_vec();
                self.ruin.take(&mut self.solution, &mut out);
                return false;
            };
            spent = spent.saturating_add(cost);
        }
        if spent >= limit {
            self.ruin.take(&mut self.solution, &mut stops);
            return false;
        }
        true
    }

    /// Takes out what is served of groups whose served members are no pattern.
    pub(super) fn drop_broken_patterns(&mut self) {
        if !self.solution.has_broken_pattern() {
            return;
        }
        let layout = self.solution.layout;
        for &group in layout.patterns.groups() {
            let group = group as usize;
            if self.solution.is_pattern(group) {
                continue;
            }
            let mut out = free_members(&self.solution, group);
            self.ruin.take(&mut self.solution, &mut out);
        }
    }
}

/// The served members of a group that have not been executed.
pub(super) fn free_members(solution: &Solution<'_>, group: usize) -> Vec<u32> {
    let free = |u: &u32| {
        let (route, position) = solution.place[*u as usize];
        route != NONE && position as usize >= solution.routes[route as usize].fixed
    };
    solution.layout.base.members[group].iter().copied().filter(free).collect()
}
