//! Planning on: the first days are driven, the period moves on.

use super::{PeriodParams, PeriodPlan, Visits};
use crate::ids::ClientId;

impl PeriodParams {
    /// The parameters of a period of as many days that begins `days` later, after the first days of a plan have been driven: each
    /// client's gaps count from its last visit. Working days move along and are repeated from the beginning; so are days on which
    /// visits are possible. Patterns that are given as such are turned by as many days.
    ///
    /// A client that was not visited keeps the days since the visit before the period, or the expected overflow of the days to come,
    /// if that is known. Where visits are
    /// evenly spaced, the gap to the last visit is from the shortest to the longest that this spacing has, as it was.
    ///
    /// The days of the plan that are still to come have been told: visits on others cost what
    /// [`Consistency::moved_day`](super::Consistency::moved_day) says. Territories stay.
    ///
    /// # Panics
    ///
    /// If the plan is of another period: it has fewer clients than these parameters name.
    pub fn after(&self, plan: &PeriodPlan, days: usize) -> Self {
        let turn = |day: usize| (day + self.days - days % self.days.max(1)) % self.days.max(1);
        let mut next = self.clone();
        let listed: Vec<ClientId> = self.visits.iter().map(|(client, _)| *client).collect();
        let others = (0..plan.visited.len()).map(ClientId::new).filter(|client| !listed.contains(client));
        next.visits.extend(others.map(|client| (client, Visits::times(1))));
        for (client, visits) in &mut next.visits {
            let last = plan.visited[client.index()].iter().copied().filter(|&day| day < days).max();
            if !visits.patterns.is_empty() {
                for day in visits.patterns.iter_mut().flatten() {
                    *day = turn(*day);
                }
                continue;
            }
            if let Some(allowed) = &mut visits.days {
                for day in allowed {
                    *day = turn(*day);
                }
            }
            if (visits.min_gap, visits.max_gap) == (None, None) && visits.overflow.is_none() {
                visits.min_gap = Some(self.days / visits.frequency.max(1));
                visits.max_gap = Some(self.days.div_ceil(visits.frequency.max(1)));
            }
            if let Some(overflow) = &mut visits.overflow {
                let until_first = &mut overflow.until_first;
                if last.is_some() {
                    until_first.clear();
                } else if !until_first.is_empty() {
                    // It is still as full as was expected for these days; a visit that is overdue has the last value.
                    until_first.drain(..days.min(until_first.len() - 1));
                }
            }
            visits.last_visit = match last {
                Some(day) => Some(days - day),
                None => visits.last_visit.map(|before| before.saturating_add(days)),
            };
        }
        let to_come = |visited: &Vec<usize>| visited.iter().filter(|&&day| day >= days).map(|day| day - days).collect();
        let told = plan.visited.iter().enumerate().map(|(c, visited)| (ClientId::new(c), to_come(visited)));
        next.told = told.filter(|(_, days): &(ClientId, Vec<usize>)| !days.is_empty()).collect();
        for (_, working) in &mut next.working_days {
            for day in working {
                *day = turn(*day);
            }
        }
        next
    }
}
