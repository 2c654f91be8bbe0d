//! A period as one problem: each day's vehicles are types of their own, each possible visit is a client, and each client of the day
//! is a group of its visits with patterns.

use std::collections::HashSet;

use super::consistency::Vehicle;
use super::patterns::{Combination, Visits};
use super::{MAX_DAYS, PeriodError, PeriodParams};
use crate::ids::{ClientId, DisposalSiteId, VehicleTypeId};
use crate::model::{Client, ClientGroup, Faults, Problem, ProblemBuilder, Relation, VehicleType};
use crate::plan::{Activity, Plan, RouteStops};

/// The period's problem, and what its parts are.
pub(super) struct Expanded {
    pub(super) problem: Problem,
    /// By vehicle type of the period: its day, its type in the day's problem, and which vehicle of that it is.
    pub(super) vehicles: Vec<DayVehicle>,
    /// By client of the period: whose visit it is, and on which day.
    pub(super) visits: Vec<(ClientId, usize)>,
    /// By disposal site of the period, which one it is in the day's problem.
    pub(super) sites: Vec<DisposalSiteId>,
    /// By client of the day, the days that it was told.
    pub(super) told: Vec<Option<Vec<usize>>>,
    /// By client of the day, the vehicle whose territory it lies in.
    pub(super) home: Vec<Option<Vehicle>>,
    clients: usize,
}

/// A vehicle type of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayVehicle {
    pub(super) day: usize,
    pub(super) vehicle_type: VehicleTypeId,
    /// Which of the type's vehicles it is; 0 where they are not told apart.
    pub(super) unit: usize,
}

impl Expanded {
    pub(super) fn new(day: &Problem, params: &PeriodParams) -> Result<Self, PeriodError> {
        let mut faults = Faults::default();
        meaningless(day, &mut faults);
        if !(1..=MAX_DAYS).contains(&params.days) {
            let message = format!("a period has 1 to {MAX_DAYS} days");
            faults.add("days", params.days, &message, "plan a longer one in parts, each after the one before");
        }
        params.consistency.check(&mut faults);
        let patterns = patterns(day, params, &mut faults);
        let working = working_days(day, params, &mut faults);
        let told = told(day, params, &mut faults);
        let home = territories(day, params, &mut faults);
        faults.finish::<PeriodError>()?;
        let mut making = Making::new(day, params, &working);
        making.vehicle_types();
        making.clients(&patterns);
        making.relations();
        let Making { builder, vehicles, visits, sites, .. } = making;
        Ok(Self { problem: builder.build()?, vehicles, visits, sites, told, home, clients: day.clients().len() })
    }

    /// By client of the day, the days on which it is visited.
    pub(super) fn visited(&self, plan: &Plan) -> Vec<Vec<usize>> {
        let mut visited = vec![Vec::new(); self.clients];
        for visit in plan.routes().iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.visits) {
            if let Activity::Client(visit) = visit.activity {
                let (client, day) = self.visits[visit.index()];
                visited[client.index()].push(day);
            }
        }
        for days in &mut visited {
            days.sort_unstable();
        }
        visited
    }

    /// The vehicle of a route.
    pub(super) fn vehicle(&self, route: &RouteStops) -> DayVehicle {
        self.vehicles[route.vehicle_type.index()]
    }
}

/// Parts of a day's problem that have no meaning in a period.
fn meaningless(day: &Problem, faults: &mut Faults) {
    if !day.shipments().is_empty() {
        let value = format!("{} shipments", day.shipments().len());
        faults.add("shipments", value, "a period has clients only", "give each end as a client, or plan day by day");
    }
    if !day.groups().is_empty() {
        let value = format!("{} groups", day.groups().len());
        faults.add("groups", value, "a client's visits are a group already", "leave the groups out");
    }
    for (t, vehicle_type) in day.vehicle_types().iter().enumerate() {
        if !vehicle_type.executed.is_empty() {
            let value = format!("{} activities", vehicle_type.executed.len());
            let path = format!("vehicle_types[{t}].executed");
            faults.add(path, value, "nothing has been executed on days to come", "leave the activities out");
        }
    }
    for (r, relation) in day.relations().iter().enumerate() {
        if matches!(relation, Relation::Sequence(_) | Relation::AllOrNone(_)) {
            let message = "which days clients are visited on is decided for each by itself";
            let remedy = "give the clients the same patterns, or make them one client";
            faults.add(format!("relations[{r}]"), relation.name(), message, remedy);
        }
    }
}

/// By client, the combinations of days on which it may be visited.
fn patterns(day: &Problem, params: &PeriodParams, faults: &mut Faults) -> Vec<Vec<Combination>> {
    let num_days = params.days.min(MAX_DAYS);
    let mut given: Vec<Option<(usize, &Visits)>> = vec![None; day.clients().len()];
    for (v, (client, visits)) in params.visits.iter().enumerate() {
        let path = format!("visits[{v}].client");
        if !faults.known(&path, "client", client.index(), day.clients().len()) {
            continue;
        }
        match given[client.index()] {
            Some((first, _)) => {
                let message = format!("visits[{first}] is about the same client");
                faults.add(path, client.index(), &message, "keep one of the two");
            }
            None => given[client.index()] = Some((v, visits)),
        }
    }
    let once = Visits::times(1);
    let combinations = |given: Option<(usize, &Visits)>| match given {
        Some((v, visits)) => visits.combinations(num_days, &format!("visits[{v}]"), faults),
        None if num_days > 0 => once.combinations(num_days, "days", faults),
        None => Vec::new(),
    };
    given.into_iter().map(combinations).collect()
}

/// By vehicle type, whether it works on each day.
fn working_days(day: &Problem, params: &PeriodParams, faults: &mut Faults) -> Vec<Vec<bool>> {
    let num_days = params.days.min(MAX_DAYS);
    let mut working = vec![vec![true; num_days]; day.vehicle_types().len()];
    let mut seen = HashSet::new();
    for (w, (vehicle_type, days)) in params.working_days.iter().enumerate() {
        let path = format!("working_days[{w}]");
        let vehicle_type = vehicle_type.index();
        if !faults.known(format!("{path}.vehicle_type"), "vehicle type", vehicle_type, working.len()) {
            continue;
        }
        if !seen.insert(vehicle_type) {
            let message = "the working days of the type are given already";
            faults.add(format!("{path}.vehicle_type"), vehicle_type, message, "keep one of the two");
        }
        working[vehicle_type] = vec![false; num_days];
        for (d, &day) in days.iter().enumerate() {
            if faults.known(format!("{path}.days[{d}]"), "day", day, num_days) {
                working[vehicle_type][day] = true;
            }
        }
    }
    working
}

/// By client, the days that it was told.
fn told(day: &Problem, params: &PeriodParams, faults: &mut Faults) -> Vec<Option<Vec<usize>>> {
    let mut told = vec![None; day.clients().len()];
    for (t, (client, days)) in params.told.iter().enumerate() {
        let path = format!("told[{t}]");
        for (d, &day) in days.iter().enumerate() {
            faults.known(format!("{path}.days[{d}]"), "day", day, params.days.min(MAX_DAYS));
        }
        if !faults.known(format!("{path}.client"), "client", client.index(), told.len()) {
            continue;
        }
        if told[client.index()].replace(days.clone()).is_some() {
            faults.add(format!("{path}.client"), client.index(), "is there twice", "keep one of the two");
        }
    }
    told
}

/// By client, the vehicle whose territory it lies in.
fn territories(day: &Problem, params: &PeriodParams, faults: &mut Faults) -> Vec<Option<Vehicle>> {
    let mut home = vec![None; day.clients().len()];
    let types = day.vehicle_types();
    for (t, territory) in params.territories.iter().enumerate() {
        let path = format!("territories[{t}]");
        let own = territory.vehicle_type;
        if faults.known(format!("{path}.vehicle_type"), "vehicle type", own.index(), types.len()) {
            let count = types[own.index()].count;
            faults.known(format!("{path}.unit"), "vehicle of the type", territory.unit, count);
        }
        for (c, client) in territory.clients.iter().enumerate() {
            let path = format!("{path}.clients[{c}]");
            if faults.known(&path, "client", client.index(), home.len())
                && home[client.index()].replace((own, territory.unit)).is_some()
            {
                faults.add(path, client.index(), "lies in two territories", "keep one of the two");
            }
        }
    }
    home
}

/// The period's problem in the making.
struct Making<'a> {
    day: &'a Problem,
    builder: ProblemBuilder,
    working: &'a [Vec<bool>],
    num_days: usize,
    /// Whether vehicles of a type are told apart.
    tells_apart: bool,
    vehicles: Vec<DayVehicle>,
    /// By day and type of the day's problem, the types of the period.
    types: Vec<Vec<Vec<VehicleTypeId>>>,
    visits: Vec<(ClientId, usize)>,
    /// By client and day, the visit.
    visit_of: Vec<Vec<Option<ClientId>>>,
    sites: Vec<DisposalSiteId>,
    /// By day, where the period's copies of the sites begin.
    first_site: Vec<usize>,
}

impl<'a> Making<'a> {
    fn new(day: &'a Problem, params: &PeriodParams, working: &'a [Vec<bool>]) -> Self {
        let mut builder = Problem::builder();
        builder.name(day.name()).travel(day.travel().clone()).backhauls(day.backhauls());
        for location in day.locations() {
            builder.add_location(location.clone());
        }
        for depot in day.depots() {
            builder.add_depot(depot.clone());
        }
        for material in day.materials() {
            builder.add_material(material.clone());
        }
        for &(one, other) in day.separate_materials() {
            builder.separate_materials(one, other);
        }
        for zone in day.zones() {
            builder.add_zone(zone.clone());
        }
        for &goal in day.goals() {
            builder.add_goal(goal);
        }
        for (p, curve) in day.speeds.iter().enumerate() {
            builder.speed(crate::ids::ProfileId::new(p), curve.clone());
        }
        let sites = day.disposal_sites();
        // What a site takes in a day is each day's own.
        let copies = if sites.iter().any(|site| !site.daily_capacity.is_empty()) { params.days } else { 1 };
        for copy in 0..copies {
            for site in sites {
                let mut site = site.clone();
                if copies > 1 && !site.name.is_empty() {
                    site.name = on_day(&site.name, copy);
                }
                builder.add_disposal_site(site);
            }
        }
        let of_day = |d: usize| if copies > 1 { d * sites.len() } else { 0 };
        Self {
            day,
            builder,
            working,
            num_days: params.days,
            tells_apart: params.consistency.other_vehicle > 0,
            vehicles: Vec::new(),
            types: vec![vec![Vec::new(); day.vehicle_types().len()]; params.days],
            visits: Vec::new(),
            visit_of: vec![vec![None; params.days]; day.clients().len()],
            sites: (0..copies).flat_map(|_| (0..sites.len()).map(DisposalSiteId::new)).collect(),
            first_site: (0..params.days).map(of_day).collect(),
        }
    }

    fn vehicle_types(&mut self) {
        for day in 0..self.num_days {
            for (t, vehicle_type) in self.day.vehicle_types().iter().enumerate() {
                if !self.working[t][day] {
                    continue;
                }
                let units = if self.tells_apart { vehicle_type.count } else { 1 };
                for unit in 0..units {
                    let mut own = self.of_day(vehicle_type, day);
                    if self.tells_apart {
                        own.count = 1;
                        own.name = if units > 1 { format!("{} {}", own.name, unit + 1) } else { own.name };
                    }
                    own.name = on_day(&own.name, day);
                    let id = self.builder.add_vehicle_type(own);
                    self.types[day][t].push(id);
                    self.vehicles.push(DayVehicle { day, vehicle_type: VehicleTypeId::new(t), unit });
                }
            }
        }
    }

    fn of_day(&self, vehicle_type: &VehicleType, day: usize) -> VehicleType {
        let mut own = vehicle_type.clone();
        let first = self.first_site[day];
        let site = |site: &DisposalSiteId| DisposalSiteId::new(first + site.index());
        own.disposal_sites = own.disposal_sites.iter().map(site).collect();
        // What it may serve is said with the clients, which come later.
        own.allowed_clients = None;
        own
    }

    fn clients(&mut self, patterns: &[Vec<Combination>]) {
        for (c, patterns) in patterns.iter().enumerate() {
            let day = self.day;
            let client = day.client(ClientId::new(c));
            let mut days: Vec<usize> = patterns.iter().flat_map(|pattern| &pattern.days).copied().collect();
            days.sort_unstable();
            days.dedup();
            let group = Grouping::of(client, patterns).map(|grouping| {
                let group = if client.required { ClientGroup::required() } else { ClientGroup::optional() };
                (grouping, self.builder.add_group(group.name(client.name.clone())))
            });
            for &day in &days {
                let mut visit = self.visit(c, day);
                visit.group = group.as_ref().map(|&(_, group)| group);
                if group.is_some() && day != days[0] {
                    // Prizes are summed over a group, and so are priorities; the client's is for all of its visits.
                    (visit.prize, visit.priority) = (0, 0);
                }
                let id = self.builder.add_client(visit);
                self.visits.push((ClientId::new(c), day));
                self.visit_of[c][day] = Some(id);
            }
            if let Some((Grouping::Patterns, group)) = group {
                let visits =
                    |pattern: &Combination| pattern.days.iter().filter_map(|&day| self.visit_of[c][day]).collect();
                let group = &mut self.builder.groups_mut()[group.index()];
                group.patterns = patterns.iter().map(visits).collect();
                if patterns.iter().any(|pattern| pattern.cost > 0) {
                    group.pattern_costs = patterns.iter().map(|pattern| pattern.cost).collect();
                }
            }
        }
    }

    /// One visit to a client, on a day.
    fn visit(&self, c: usize, day: usize) -> Client {
        let id = ClientId::new(c);
        let mut visit = self.day.client(id).clone();
        let types = &self.types[day];
        let listed = |t: &VehicleTypeId| types[t.index()].iter().copied();
        visit.service_by_type =
            visit.service_by_type.iter().flat_map(|(t, service)| listed(t).map(|own| (own, *service))).collect();
        visit.assignment_costs =
            visit.assignment_costs.iter().flat_map(|(t, cost)| listed(t).map(|own| (own, *cost))).collect();
        let may_serve = |t: &VehicleTypeId| {
            let vehicle_type = &self.day.vehicle_types()[t.index()];
            visit.allowed_vehicles.as_ref().is_none_or(|allowed| allowed.contains(t))
                && !visit.forbidden_vehicles.contains(t)
                && vehicle_type.allowed_clients.as_ref().is_none_or(|allowed| allowed.contains(&id))
        };
        let able = (0..types.len()).map(VehicleTypeId::new).filter(may_serve);
        visit.allowed_vehicles = Some(able.flat_map(|t| types[t.index()].clone()).collect());
        visit.forbidden_vehicles = Vec::new();
        if !visit.name.is_empty() {
            visit.name = on_day(&visit.name, day);
        }
        visit
    }

    /// Relations hold on each day between the visits of that day.
    fn relations(&mut self) {
        for relation in self.day.relations() {
            for day in 0..self.num_days {
                let visits = |clients: &[ClientId]| -> Vec<ClientId> {
                    clients.iter().filter_map(|client| self.visit_of[client.index()][day]).collect()
                };
                let own = match relation {
                    Relation::SameVehicle(clients) => Relation::SameVehicle(visits(clients)),
                    Relation::Incompatible(clients) => Relation::Incompatible(visits(clients)),
                    Relation::Precedence(before, after) => match visits(&[*before, *after])[..] {
                        [before, after] => Relation::Precedence(before, after),
                        _ => continue,
                    },
                    &Relation::Pin { client, vehicle_type, position } => {
                        let Some(visit) = self.visit_of[client.index()][day] else { continue };
                        if let Some(vehicle_type) = vehicle_type {
                            // A type of the day is several of the period where vehicles are told apart.
                            let own = self.types[day][vehicle_type.index()].clone();
                            let allowed = &mut self.builder.clients_mut()[visit.index()].allowed_vehicles;
                            *allowed =
                                allowed.take().map(|list| list.into_iter().filter(|t| own.contains(t)).collect());
                        }
                        if position == crate::model::Position::Any {
                            continue;
                        }
                        Relation::Pin { client: visit, vehicle_type: None, position }
                    }
                    // Refused at the beginning.
                    Relation::Sequence(_) | Relation::AllOrNone(_) => continue,
                };
                if own.clients().len() > 1 || matches!(own, Relation::Pin { .. }) {
                    self.builder.add_relation(own);
                }
            }
        }
    }
}

/// How a client's visits are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grouping {
    /// One visit, on one of several days.
    OneOf,
    /// The visits of a combination of days.
    Patterns,
}

impl Grouping {
    /// `None`: there is only one combination, and all of its visits must be made.
    fn of(client: &Client, patterns: &[Combination]) -> Option<Self> {
        match patterns {
            _ if patterns.iter().any(|pattern| pattern.cost > 0) => Some(Self::Patterns),
            [one] if client.required || one.days.len() == 1 => None,
            _ if patterns.iter().all(|pattern| pattern.days.len() == 1) => Some(Self::OneOf),
            _ => Some(Self::Patterns),
        }
    }
}

/// The name of something on one of the days.
pub(super) fn on_day(name: &str, day: usize) -> String {
    format!("{name} (day {day})").trim_start().to_owned()
}
