//! What is served and what is not: required jobs, groups, priority classes, prizes.

use crate::search::data::NONE;
use crate::search::general::solution::Solution;

impl Solution<'_> {
    /// Counts a stop of no group as unserved (1) or served (-1).
    pub(super) fn account(&mut self, u: usize, sign: i64) {
        let data = self.layout.base;
        self.classes[usize::from(self.layout.class[u])] += sign;
        if data.is_required_job(u) {
            self.missing += sign;
        } else if !data.required[u] {
            self.cost += sign * data.prize[u];
        }
    }

    pub(super) fn account_group(&mut self, group: usize, sign: i64) {
        let data = self.layout.base;
        for &u in &data.members[group] {
            let u = u as usize;
            self.classes[usize::from(self.layout.class[u])] += sign;
            if !data.required[u] {
                self.cost += sign * data.prize[u];
            }
        }
        if data.members[group].first().is_some_and(|&u| data.required[u as usize]) {
            self.missing += sign;
        }
    }

    pub(super) fn set_served(&mut self, u: usize, served: bool) {
        if !self.unserved.set(u, !served) {
            return;
        }
        let group = self.layout.base.group[u];
        let sign = if served { -1 } else { 1 };
        if group == NONE {
            self.account(u, sign);
            return;
        }
        let bit = self.layout.patterns.bit(u);
        if bit != 0 {
            let group = group as usize;
            self.broken_patterns -= usize::from(!self.is_pattern(group));
            self.cost -= self.layout.patterns.cost(group, self.served_members[group]);
            self.served_members[group] ^= bit;
            self.cost += self.layout.patterns.cost(group, self.served_members[group]);
            self.broken_patterns += usize::from(!self.is_pattern(group));
        }
        let count = &mut self.group_served[group as usize];
        if served {
            *count += 1;
        } else {
            *count -= 1;
        }
        if *count == u32::from(served) {
            self.account_group(group as usize, sign);
        }
    }
}
