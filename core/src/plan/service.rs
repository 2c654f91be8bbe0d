//! What is served, what is unserved, and which rules that violates.

use crate::ids::{ClientId, GroupId, ShipmentId};
use crate::model::Problem;
use crate::plan::{Activity, RouteStops, Violation};
use crate::units::Cost;

/// What a plan leaves unserved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unserved {
    /// Unserved clients, except those of whose group another member is served.
    pub clients: Vec<ClientId>,
    /// Unserved shipments: not carried from pickup to delivery.
    pub shipments: Vec<ShipmentId>,
    /// The required ones among the unserved clients that belong to no group.
    pub required_clients: Vec<ClientId>,
    /// The required ones among the unserved shipments.
    pub required_shipments: Vec<ShipmentId>,
    /// Required groups of which no member is served.
    pub required_groups: Vec<GroupId>,
}

impl Unserved {
    /// Whether nothing is unserved.
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty() && self.shipments.is_empty()
    }

    /// Number of unserved clients and shipments.
    pub fn len(&self) -> usize {
        self.clients.len() + self.shipments.len()
    }
}

/// Where an activity is planned: route, trip, position.
type Place = (usize, usize, usize);

/// How often each activity is planned, and where first.
pub(super) struct Services {
    clients: Vec<usize>,
    pickups: Vec<(usize, Place)>,
    deliveries: Vec<(usize, Place)>,
}

impl Services {
    pub(super) fn count(problem: &Problem, routes: &[RouteStops]) -> Self {
        let none = vec![(0, (0, 0, 0)); problem.shipments().len()];
        let mut counts = Self { clients: vec![0; problem.clients().len()], pickups: none.clone(), deliveries: none };
        for (r, route) in routes.iter().enumerate() {
            for (t, trip) in route.trips.iter().enumerate() {
                for (a, &activity) in trip.activities.iter().enumerate() {
                    let (times, first) = match activity {
                        Activity::Client(c) => {
                            counts.clients[c.index()] += 1;
                            continue;
                        }
                        Activity::Pickup(s) => &mut counts.pickups[s.index()],
                        Activity::Delivery(s) => &mut counts.deliveries[s.index()],
                        Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => continue,
                    };
                    *times += 1;
                    if *times == 1 {
                        *first = (r, t, a);
                    }
                }
            }
        }
        counts
    }

    fn members(&self, problem: &Problem, group: GroupId) -> Vec<ClientId> {
        problem.group_members(group).iter().copied().filter(|c| self.clients[c.index()] > 0).collect()
    }

    /// Everything that is unserved.
    pub(super) fn unserved(&self, problem: &Problem) -> Unserved {
        let mut unserved = Unserved::default();
        let served: Vec<bool> =
            (0..problem.groups().len()).map(|g| !self.members(problem, GroupId::new(g)).is_empty()).collect();
        for (c, client) in problem.clients().iter().enumerate() {
            if self.clients[c] > 0 || client.group.is_some_and(|g| served[g.index()]) {
                continue;
            }
            unserved.clients.push(ClientId::new(c));
            if client.required && client.group.is_none() {
                unserved.required_clients.push(ClientId::new(c));
            }
        }
        for (s, shipment) in problem.shipments().iter().enumerate() {
            if self.pickups[s].0 > 0 && self.deliveries[s].0 > 0 {
                continue;
            }
            unserved.shipments.push(ShipmentId::new(s));
            if shipment.required {
                unserved.required_shipments.push(ShipmentId::new(s));
            }
        }
        for (g, group) in problem.groups().iter().enumerate() {
            if group.required && !served[g] {
                unserved.required_groups.push(GroupId::new(g));
            }
        }
        unserved
    }

    /// What the patterns cost by which groups are served.
    pub(super) fn pattern_costs(&self, problem: &Problem) -> Cost {
        let priced = problem.groups().iter().enumerate().filter(|(_, group)| !group.pattern_costs.is_empty());
        let costs = priced.filter_map(|(g, group)| {
            let served = self.members(problem, GroupId::new(g));
            let pattern = group.patterns.iter().position(|pattern| is_same_set(pattern, &served))?;
            group.pattern_costs.get(pattern).copied()
        });
        costs.fold(0, Cost::saturating_add)
    }

    /// Violations that concern what is served, regardless of where.
    pub(super) fn violations(&self, problem: &Problem, unserved: &Unserved, found: &mut Vec<Violation>) {
        for (c, &times) in self.clients.iter().enumerate() {
            repeated(Activity::Client(ClientId::new(c)), times, found);
        }
        for (s, (pickup, delivery)) in self.pickups.iter().zip(&self.deliveries).enumerate() {
            self::shipment(ShipmentId::new(s), *pickup, *delivery, found);
        }
        found.extend(unserved.required_clients.iter().map(|&client| Violation::ClientUnserved { client }));
        found.extend(unserved.required_shipments.iter().map(|&shipment| Violation::ShipmentUnserved { shipment }));
        found.extend(unserved.required_groups.iter().map(|&group| Violation::GroupUnserved { group }));
        for group in (0..problem.groups().len()).map(GroupId::new) {
            let served = self.members(problem, group);
            let patterns = &problem.groups()[group.index()].patterns;
            if patterns.is_empty() {
                if served.len() > 1 {
                    found.push(Violation::GroupServedTwice { group, served });
                }
            } else if !served.is_empty() && !patterns.iter().any(|pattern| is_same_set(pattern, &served)) {
                found.push(Violation::PatternBroken { group, served });
            }
        }
    }
}

/// Whether two lists without repetitions have the same members.
fn is_same_set(one: &[ClientId], other: &[ClientId]) -> bool {
    one.len() == other.len() && one.iter().all(|client| other.contains(client))
}

fn repeated(activity: Activity, times: usize, found: &mut Vec<Violation>) {
    if times > 1 {
        found.push(Violation::Repeated { activity, times });
    }
}

fn shipment(id: ShipmentId, pickup: (usize, Place), delivery: (usize, Place), found: &mut Vec<Violation>) {
    repeated(Activity::Pickup(id), pickup.0, found);
    repeated(Activity::Delivery(id), delivery.0, found);
    match (pickup, delivery) {
        ((0, _), (0, _)) => {}
        ((0, _), _) => found.push(Violation::ShipmentIncomplete { shipment: id, missing: Activity::Pickup(id) }),
        (_, (0, _)) => found.push(Violation::ShipmentIncomplete { shipment: id, missing: Activity::Delivery(id) }),
        ((_, p), (_, d)) if (p.0, p.1) != (d.0, d.1) => {
            found.push(Violation::ShipmentSplit { shipment: id, pickup: (p.0, p.1), delivery: (d.0, d.1) });
        }
        ((_, p), (_, d)) if p.2 > d.2 => {
            found.push(Violation::DeliveryBeforePickup { route: p.0, trip: p.1, shipment: id });
        }
        _ => {}
    }
}

/// Prizes forgone, as defined by [`CostBreakdown::unserved`](crate::plan::CostBreakdown::unserved).
pub(super) fn forgone(problem: &Problem, unserved: &Unserved) -> Cost {
    let clients = unserved.clients.iter().map(|&id| problem.client(id)).filter_map(|client| {
        let required = client.group.map_or(client.required, |g| problem.groups()[g.index()].required);
        (!required).then_some(client.prize)
    });
    let shipments = unserved.shipments.iter().map(|&id| problem.shipment(id)).filter(|s| !s.required).map(|s| s.prize);
    clients.chain(shipments).fold(0, Cost::saturating_add)
}
