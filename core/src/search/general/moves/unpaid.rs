//! Optional stops that cost more than their prize are dropped.

use crate::search::data::NONE;
use crate::search::general::moves::Moves;
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Moves {
    /// Drops all visits of an optional group with patterns where they cost more than its prizes.
    fn drop_unpaid_pattern(solution: &mut Solution<'_>, group: usize) {
        let prize: Cost =
            solution.layout.base.members[group].iter().map(|&u| solution.layout.base.prize[u as usize]).sum();
        let served = solution.layout.base.members[group].iter().copied().filter(|&u| solution.route_of(u) != NONE);
        let mut routes: Vec<(usize, Vec<u32>)> = Vec::new();
        for u in served {
            let (route, position) = solution.place[u as usize];
            if (position as usize) < solution.routes[route as usize].fixed {
                return;
            }
            match routes.iter_mut().find(|(r, _)| *r == route as usize) {
                Some((_, stops)) => stops.push(u),
                None => routes.push((route as usize, vec![u])),
            }
        }
        let mut saved = 0;
        let mut shorter = Vec::with_capacity(routes.len());
        for (route, out) in &routes {
            match solution.without(*route, out) {
                Some(new) => {
                    saved += solution.routes[*route].cost - new.cost;
                    shorter.push((*route, new));
                }
                None => break,
            }
        }
        saved += solution.layout.patterns.cost(group, solution.served_members(group));
        let pays = shorter.len() == routes.len() && saved > prize;
        for (route, new) in shorter {
            if pays {
                solution.install(route, new);
            } else {
                solution.give_back(new);
            }
        }
    }

    /// Drops optional stops that cost more than their prize.
    pub(crate) fn drop_unpaid(solution: &mut Solution<'_>, stops: &[u32]) {
        let data = solution.layout.base;
        for &u in stops {
            let node = u as usize;
            let route = solution.route_of(u);
            let optional = !data.required[node]
                && solution.layout.class[node] == 0
                && solution.layout.relations.set_of[node] == NONE;
            if let Some(group) = solution.layout.patterns.group(data, node)
                && optional
            {
                Self::drop_unpaid_pattern(solution, group);
                continue;
            }
            if route == NONE || !optional || (data.partner[node] != NONE && !data.is_pickup(node)) {
                continue;
            }
            let route = route as usize;
            if (solution.place[node].1 as usize) < solution.routes[route].fixed {
                continue;
            }
            let mut out = vec![u];
            if data.partner[node] != NONE {
                out.push(data.partner[node]);
            }
            let prize: Cost = match data.group[node] {
                NONE => data.prize[node],
                group => data.members[group as usize].iter().map(|&v| data.prize[v as usize]).sum(),
            };
            if let Some(new) = solution.without(route, &out) {
                if solution.routes[route].cost - new.cost > prize {
                    solution.install(route, new);
                } else {
                    solution.give_back(new);
                }
            }
        }
    }
}
