//! Optional stops that cost more than their prize are dropped.

use crate::search::data::NONE;
use crate::search::general::moves::Moves;
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Moves {
    /// Drops optional stops that cost more than their prize.
    pub(crate) fn drop_unpaid(solution: &mut Solution<'_>, stops: &[u32]) {
        let data = solution.layout.base;
        for &u in stops {
            let node = u as usize;
            let route = solution.route_of(u);
            let optional = !data.required[node]
                && solution.layout.class[node] == 0
                && solution.layout.relations.set_of[node] == NONE;
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
