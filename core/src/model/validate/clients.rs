//! Depots, clients, shipments and groups.

use std::collections::HashSet;

use super::Validator;
use crate::ids::{ClientId, GroupId, VehicleTypeId};
use crate::model::{Client, ClientGroup, ShipmentStop, TimeWindow};
use crate::units::{Cost, Duration};

/// How many members a group with patterns may have.
const MAX_PATTERN_MEMBERS: usize = 64;

impl Validator<'_> {
    pub(super) fn depots(&mut self) {
        let builder = self.builder;
        for (i, depot) in builder.depots.iter().enumerate() {
            let path = format!("depots[{i}]");
            self.place(format!("{path}.place"), depot.place);
            self.time_window(&format!("{path}.time_window"), depot.time_window);
            self.amount(format!("{path}.service"), depot.service);
        }
    }

    pub(super) fn clients(&mut self) {
        let builder = self.builder;
        for (i, client) in builder.clients.iter().enumerate() {
            let path = format!("clients[{i}]");
            self.place(format!("{path}.place"), client.place);
            self.loads(&format!("{path}.delivery"), &client.delivery);
            self.loads(&format!("{path}.pickup"), &client.pickup);
            self.amount(format!("{path}.service"), client.service);
            self.amount(format!("{path}.setup"), client.setup);
            self.client_windows(&path, client);
            self.amount(format!("{path}.release"), client.release);
            self.money(format!("{path}.prize"), client.prize);
            if let Some(group) = client.group {
                self.known(format!("{path}.group"), ("group", "add_group"), group.index(), builder.groups.len());
            }
            if let Some(material) = client.material {
                self.material(format!("{path}.material"), material);
            }
            self.client_vehicles(&path, client);
        }
    }

    fn client_windows(&mut self, path: &str, client: &Client) {
        if client.more_windows.is_empty() {
            self.time_window(&format!("{path}.time_window"), client.time_window);
        } else {
            let windows: Vec<TimeWindow> = client.windows().collect();
            self.time_windows(|w| format!("{path}.time_windows[{w}]"), &windows);
        }
        let least = client.window_needs().0;
        for (w, window) in client.windows().enumerate() {
            let single = client.more_windows.is_empty();
            self.holds(
                || if single { format!("{path}.time_window") } else { format!("{path}.time_windows[{w}]") },
                window,
                least,
            );
        }
        if let Some(soft) = client.soft_window {
            let path = format!("{path}.soft_window");
            self.time_window(&path, TimeWindow::new(soft.early, soft.late));
            self.amount(format!("{path}.cost_per_early"), soft.cost_per_early);
            self.amount(format!("{path}.cost_per_late"), soft.cost_per_late);
        }
    }

    /// A window in which a service must start and end.
    fn holds(&mut self, path: impl FnOnce() -> String, window: TimeWindow, service: Duration) {
        let starts = window.for_starts(service);
        if window.early <= window.late && starts.early > starts.late {
            let value = format!("[{}, {}]", window.early, window.late);
            let message = format!("is shorter than the service of {service} that it must cover");
            self.fault(path(), value, &message, "extend it, or let it cover the start of the service only");
        }
    }

    /// The client's data on vehicle types.
    fn client_vehicles(&mut self, path: &str, client: &Client) {
        let mut timed = HashSet::new();
        for (s, &(vehicle_type, duration)) in client.service_by_type.iter().enumerate() {
            let path = format!("{path}.service_by_type[{s}]");
            self.vehicle_type_id(format!("{path}.vehicle_type"), vehicle_type);
            self.amount(format!("{path}.service"), duration);
            if !timed.insert(vehicle_type) {
                let remedy = "keep one of the two";
                let message = "the vehicle type already has a service time";
                self.fault(format!("{path}.vehicle_type"), vehicle_type.index(), message, remedy);
            }
        }
        self.assignment_costs(path, &client.assignment_costs);
        let allowed: &[VehicleTypeId] = client.allowed_vehicles.as_deref().unwrap_or_default();
        for (name, list) in [("allowed_vehicles", allowed), ("forbidden_vehicles", &client.forbidden_vehicles)] {
            for (t, &vehicle_type) in list.iter().enumerate() {
                self.vehicle_type_id(format!("{path}.{name}[{t}]"), vehicle_type);
            }
        }
    }

    fn assignment_costs(&mut self, path: &str, costs: &[(VehicleTypeId, Cost)]) {
        let mut priced = HashSet::new();
        for (c, &(vehicle_type, cost)) in costs.iter().enumerate() {
            let path = format!("{path}.assignment_costs[{c}]");
            self.vehicle_type_id(format!("{path}.vehicle_type"), vehicle_type);
            self.money(format!("{path}.cost"), cost);
            if !priced.insert(vehicle_type) {
                let remedy = "keep one of the two";
                let message = "the vehicle type already has an assignment cost";
                self.fault(format!("{path}.vehicle_type"), vehicle_type.index(), message, remedy);
            }
        }
    }

    pub(super) fn shipments(&mut self) {
        let builder = self.builder;
        for (i, shipment) in builder.shipments.iter().enumerate() {
            let path = format!("shipments[{i}]");
            for (name, stop) in [("pickup", &shipment.pickup), ("delivery", &shipment.delivery)] {
                let ShipmentStop { place, service, setup, time_window, window_covers } = stop;
                self.place(format!("{path}.{name}.place"), *place);
                self.amount(format!("{path}.{name}.service"), *service);
                self.amount(format!("{path}.{name}.setup"), *setup);
                self.time_window(&format!("{path}.{name}.time_window"), *time_window);
                self.holds(|| format!("{path}.{name}.time_window"), *time_window, window_covers.after_start(*service));
            }
            self.loads(&format!("{path}.amount"), &shipment.amount);
            self.money(format!("{path}.prize"), shipment.prize);
            self.assignment_costs(&path, &shipment.assignment_costs);
        }
    }

    pub(super) fn groups(&mut self) {
        let builder = self.builder;
        let mut members = vec![Vec::new(); builder.groups.len()];
        for (c, client) in builder.clients.iter().enumerate() {
            if let Some(members) = client.group.and_then(|group| members.get_mut(group.index())) {
                members.push(ClientId::new(c));
            }
        }
        for (g, group) in builder.groups.iter().enumerate() {
            if group.required && members[g].is_empty() {
                let remedy = "add a client with this group, or make the group optional";
                self.fault(format!("groups[{g}]"), "required", "the group has no members", remedy);
            }
            if !group.patterns.is_empty() {
                self.patterns(g, &group.patterns, &members[g]);
            }
            self.pattern_costs(g, group);
        }
    }

    /// Costs that are not one for each pattern, or out of range.
    fn pattern_costs(&mut self, group: usize, of: &ClientGroup) {
        let (costs, patterns) = (&of.pattern_costs, of.patterns.len());
        let path = format!("groups[{group}].pattern_costs");
        if !costs.is_empty() && costs.len() != patterns {
            let message = format!("the group has {patterns} patterns");
            self.fault(path.clone(), format!("{} values", costs.len()), &message, "give one for each pattern, or none");
        }
        for (p, &cost) in costs.iter().enumerate() {
            self.money(format!("{path}[{p}]"), cost);
        }
    }

    /// Patterns that are empty, that name the same member twice or a client that is no member, and members of no pattern.
    fn patterns(&mut self, group: usize, patterns: &[Vec<ClientId>], members: &[ClientId]) {
        let builder = self.builder;
        let id = Some(GroupId::new(group));
        if members.len() > MAX_PATTERN_MEMBERS {
            let remedy = "plan a shorter period, or leave out members that no pattern needs";
            let message = format!("a group with patterns has at most {MAX_PATTERN_MEMBERS} members");
            self.fault(format!("groups[{group}]"), format!("{} members", members.len()), &message, remedy);
        }
        let mut named = HashSet::new();
        for (p, pattern) in patterns.iter().enumerate() {
            let path = format!("groups[{group}].patterns[{p}]");
            if pattern.is_empty() {
                let remedy = "name its members, or make the group optional";
                self.fault(path.clone(), "[]", "the pattern has no members", remedy);
            }
            let mut seen = HashSet::new();
            for (c, &client) in pattern.iter().enumerate() {
                let path = format!("{path}[{c}]");
                named.insert(client);
                if !seen.insert(client) {
                    let remedy = "keep one of the two";
                    self.fault(path, client.index(), "the client is already in the pattern", remedy);
                } else if client.index() >= builder.clients.len() {
                    self.client(path, client);
                } else if builder.clients[client.index()].group != id {
                    let remedy = format!("give the client the group {group}, or leave it out of the pattern");
                    self.fault(path, client.index(), "the client is not a member of the group", &remedy);
                }
            }
        }
        for member in members.iter().filter(|member| !named.contains(member)) {
            let remedy = "add it to a pattern, or leave it out of the group";
            let path = format!("clients[{}].group", member.index());
            self.fault(path, group, "the client is in no pattern of its group", remedy);
        }
    }
}
