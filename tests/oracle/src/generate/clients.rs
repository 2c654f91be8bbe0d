//! Clients, groups and shipments.

use milkrun::{
    Client, ClientGroup, ClientId, GroupId, Shipment, ShipmentStop, SoftWindow, TimeWindow, VehicleTypeId, WindowCovers,
};

use super::draft::Draft;
use crate::factor::Factor;

impl Draft<'_> {
    /// The clients; they join the builder once it is known which vehicles there are.
    pub(super) fn clients(&mut self) {
        let groups = self.groups();
        let has_patterns = self.of(Factor::Group).ends_with("patterns");
        for c in 0..self.num_clients {
            let mut client = Client::at(self.location()).name(format!("c{c}"));
            self.demand(c, &mut client);
            self.times(c, &mut client);
            self.worth(c, &mut client);
            if c < 2 + usize::from(has_patterns) || self.source.percent(20) {
                client.group = groups;
            }
            if has_patterns && client.group.is_some() && client.prize == 0 {
                client.prize = self.source.number(1, 120);
            }
            self.clients.push(client);
        }
        if let Some(group) = groups.filter(|_| has_patterns) {
            self.patterns(group);
        }
        let dimensions = if self.of(Factor::Dimensions) == "two" { 2 } else { 1 };
        let amount = |list: &[i64], d: usize| list.get(d).copied().unwrap_or(0);
        self.total = (0..dimensions)
            .map(|d| self.clients.iter().map(|client| amount(&client.pickup, d) + amount(&client.delivery, d)).sum())
            .collect();
    }

    fn groups(&mut self) -> Option<GroupId> {
        match self.of(Factor::Group) {
            "required" | "patterns" => Some(self.builder.add_group(ClientGroup::required().name("g"))),
            "optional" | "optional patterns" => Some(self.builder.add_group(ClientGroup::optional().name("g"))),
            _ => None,
        }
    }

    /// Two or three sets of members, in which every member is.
    fn patterns(&mut self, group: GroupId) {
        let mut members: Vec<ClientId> =
            (0..self.num_clients).filter(|&c| self.clients[c].group == Some(group)).map(ClientId::new).collect();
        self.source.shuffle(&mut members);
        let size = self.source.number(1, members.len() as i64 - 1) as usize;
        let (first, rest) = members.split_at(size);
        let mut patterns = vec![first.to_vec(), rest.to_vec()];
        if self.source.percent(50) {
            // One that shares a member with another.
            patterns[1].push(first[0]);
        }
        if self.source.percent(30) {
            patterns.push(vec![members[self.source.index(members.len())]]);
        }
        let costs = if self.source.percent(50) {
            patterns.iter().map(|_| self.source.number(0, 60)).collect()
        } else {
            Vec::new()
        };
        let group = &mut self.builder.groups_mut()[group.index()];
        (group.patterns, group.pattern_costs) = (patterns, costs);
    }

    /// Whether something happens to a client: to the first one always, so that the rule is there.
    fn hits(&mut self, c: usize, percent: i64) -> bool {
        c == 0 || self.source.percent(percent)
    }

    fn demand(&mut self, c: usize, client: &mut Client) {
        let dimensions = if self.of(Factor::Dimensions) == "two" { 2 } else { 1 };
        let mut amounts = || (0..dimensions).map(|_| self.source.number(1, 5)).collect::<Vec<_>>();
        let (delivery, pickup) = (amounts(), amounts());
        let (delivers, collects) = match self.of(Factor::Demand) {
            "none" => (false, false),
            "pickup" => (false, true),
            "delivery" => (true, false),
            "both" => (true, true),
            // The first client delivers and the second one collects.
            _ => (c.is_multiple_of(2), !c.is_multiple_of(2)),
        };
        if delivers {
            client.delivery = delivery;
        }
        if collects {
            client.pickup = pickup;
            let has_material = c < 2 || self.source.percent(80);
            client.material = (!self.materials.is_empty() && has_material)
                .then(|| self.materials[if c < 4 { c / 2 + c } else { c } % 2]);
        }
    }

    fn times(&mut self, c: usize, client: &mut Client) {
        let span = self.span;
        if self.of(Factor::Service) != "none" && self.hits(c, 80) {
            client.service = self.source.number(3, 25);
        }
        if self.of(Factor::Service) == "by type" && self.hits(c, 40) {
            client.service_by_type = vec![(VehicleTypeId::new(1), self.source.number(0, 40))];
        }
        if self.has(Factor::Setup) && self.hits(c, 70) {
            client.setup = self.source.number(1, 25);
        }
        let mut least = 0;
        if self.has(Factor::Covers) && self.hits(c, 70) {
            client.window_covers = WindowCovers::Service;
            // Too short for some vehicle types at most.
            least = client.service_by_type.iter().map(|by| by.1).chain([client.service]).min().unwrap_or(0);
        }
        if self.has(Factor::Windows) && self.hits(c, 55) {
            let opens = self.source.part(span, 0, 70);
            let closes = opens + self.source.part(span, 8, 40).max(least);
            client.time_window = TimeWindow::new(opens, closes);
            if self.of(Factor::Windows) == "several" {
                let again = closes + self.source.part(span, 5, 35);
                client.more_windows = vec![TimeWindow::new(again, again + self.source.part(span, 8, 40).max(least))];
            }
        }
        if self.has(Factor::Soft) && self.hits(c, 55) {
            let (early, late) = (self.source.part(span, 25, 70), self.source.part(span, 10, 50));
            let (dear, cheap) = (self.source.number(1, 4), self.source.number(1, 4));
            client.soft_window = Some(match self.of(Factor::Soft) {
                "early" => SoftWindow::new(early, early + 5 * span, dear, 0),
                "late" => SoftWindow::new(0, late, 0, cheap),
                _ => SoftWindow::new(early, early + late / 4, dear, cheap),
            });
        }
        if self.has(Factor::Release) && self.hits(c, 45) {
            client.release = self.source.part(span, 3, 40);
        }
    }

    /// What it costs to leave the client unserved.
    fn worth(&mut self, c: usize, client: &mut Client) {
        // Of the first two clients, one is required and the other is not: relations tie them.
        let is_optional = match self.of(Factor::Optional) {
            "none" => false,
            "some" => c == 1 || (c > 1 && self.source.percent(50)),
            _ => true,
        };
        if is_optional {
            client.required = false;
            client.prize = self.source.number(1, 120);
        }
        if self.of(Factor::Assignment) == "clients" && self.hits(c, 60) {
            client.assignment_costs = self.assignment_costs();
        }
        let classes = match self.of(Factor::Priority) {
            "none" => 0,
            "one class" => 1,
            _ => 2,
        };
        if classes == 2 && c < 2 {
            client.priority = c as u8 + 1;
        } else if classes > 0 && (is_optional || c < 2) {
            client.priority = if c == 1 || self.num_clients == 1 { 1 } else { self.source.number(0, classes) as u8 };
        }
    }

    /// What one or both of the first two types cost.
    fn assignment_costs(&mut self) -> Vec<(VehicleTypeId, i64)> {
        let first = self.source.number(0, 1) as usize;
        let mut costs = vec![(VehicleTypeId::new(first), self.source.number(1, 60))];
        if self.source.percent(40) {
            costs.push((VehicleTypeId::new(1 - first), self.source.number(1, 60)));
        }
        costs
    }

    /// The shipments.
    pub(super) fn shipments(&mut self) {
        let dimensions = if self.of(Factor::Dimensions) == "two" { 2 } else { 1 };
        for s in 0..self.num_shipments {
            let (from, to) = (self.location(), self.location());
            let (mut from, mut to) = (ShipmentStop::at(from), ShipmentStop::at(to));
            let covers = if self.has(Factor::Covers) { WindowCovers::Service } else { WindowCovers::Start };
            if self.of(Factor::Shipments) == "timed" {
                let opens = self.source.part(self.span, 0, 35);
                let service = self.source.number(0, 15);
                from = from
                    .service(service)
                    .time_window(opens, opens + self.source.part(self.span, 15, 50).max(service))
                    .window_covers(covers);
                let opens = opens + self.source.part(self.span, 5, 40);
                let service = self.source.number(0, 15);
                to = to
                    .service(service)
                    .time_window(opens, opens + self.source.part(self.span, 15, 50).max(service))
                    .window_covers(covers);
            }
            if self.has(Factor::Setup) {
                from = from.setup(self.source.number(0, 20));
                to = to.setup(self.source.number(0, 20));
            }
            // Without loads of clients, now and then one of nothing.
            let amount: Vec<i64> = (0..dimensions).map(|_| self.source.number(i64::from(s == 0), 4)).collect();
            let mut shipment = Shipment::new(from, to).amount(amount).name(format!("s{s}"));
            if self.of(Factor::Shipments) == "optional" {
                shipment = shipment.optional(self.source.number(1, 150));
            }
            if self.of(Factor::Assignment) == "shipments" {
                shipment.assignment_costs = self.assignment_costs();
            }
            self.builder.add_shipment(shipment);
        }
    }
}
