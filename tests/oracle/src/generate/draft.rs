//! What is known of a problem while it is made.

use milkrun::{
    Client, Coord, Depot, DepotId, DisposalSiteId, Location, LocationId, MaterialId, Problem, ProblemBuilder,
    VehicleType,
};

use crate::factor::{Choice, Factor};
use crate::source::Source;

/// A problem in the making.
pub(super) struct Draft<'a> {
    pub(super) choice: &'a Choice,
    pub(super) source: &'a mut Source,
    pub(super) builder: ProblemBuilder,
    pub(super) coords: Vec<Coord>,
    pub(super) yard: DepotId,
    /// Another depot, where routes end or vehicles reload.
    pub(super) other: Option<DepotId>,
    pub(super) materials: Vec<MaterialId>,
    pub(super) sites: Vec<DisposalSiteId>,
    pub(super) clients: Vec<Client>,
    pub(super) vehicle_types: Vec<VehicleType>,
    pub(super) num_clients: usize,
    pub(super) num_shipments: usize,
    /// What all clients give, by load dimension.
    pub(super) total: Vec<i64>,
    /// About how long one vehicle takes to serve everything.
    pub(super) span: i64,
    /// About how much of it falls to each vehicle.
    pub(super) share: i64,
}

impl<'a> Draft<'a> {
    pub(super) fn new(choice: &'a Choice, source: &'a mut Source) -> Self {
        let num_shipments = match choice.of(Factor::Shipments) {
            "none" => 0,
            "two" => 2,
            _ => 1,
        };
        let num_clients = num_clients(choice, source, num_shipments);
        Self {
            choice,
            source,
            builder: Problem::builder(),
            coords: Vec::new(),
            yard: DepotId::new(0),
            other: None,
            materials: Vec::new(),
            sites: Vec::new(),
            clients: Vec::new(),
            vehicle_types: Vec::new(),
            num_clients,
            num_shipments,
            total: Vec::new(),
            span: 0,
            share: 0,
        }
    }

    pub(super) fn has(&self, factor: Factor) -> bool {
        self.choice.has(factor)
    }

    pub(super) fn of(&self, factor: Factor) -> &'static str {
        self.choice.of(factor)
    }

    /// A random place, now and then one that is there already.
    pub(super) fn location(&mut self) -> LocationId {
        let shared = if self.has(Factor::Setup) { 35 } else { 7 };
        if self.coords.len() > 2 && self.source.percent(shared) {
            return LocationId::new(self.source.index(self.coords.len()));
        }
        let (x, y) = (self.source.number(-45, 45) as f64, self.source.number(-45, 45) as f64);
        // Some metres to the unit.
        let on_earth = self.of(Factor::Travel) == "great circle";
        let coord = if on_earth { Coord::new(5.0 + x * 1e-5, 52.0 + y * 1e-5) } else { Coord::new(x, y) };
        self.coords.push(coord);
        // Names let the shrinker leave out one thing without renaming the others.
        self.builder.add_location(Location { coord, name: format!("p{}", self.coords.len() - 1) })
    }

    /// The straight distance in the units of the problem, about.
    pub(super) fn straight(&self, a: usize, b: usize) -> i64 {
        let scale = if self.of(Factor::Travel) == "great circle" { 1e5 } else { 1.0 };
        let (a, b) = (self.coords[a], self.coords[b]);
        ((a.x - b.x).hypot(a.y - b.y) * scale).round() as i64
    }

    /// The depots, and the measure of the day: a tour over all places to come is not known yet, a typical one is.
    pub(super) fn places(&mut self) {
        let stops = (self.num_clients + 2 * self.num_shipments) as i64;
        // Half of a leg's length on average, there and back, and some service.
        self.span = 38 * (stops + 1) + if self.has(Factor::Service) { 9 * stops } else { 0 };
        self.span += if self.has(Factor::Setup) { 8 * stops } else { 0 };
        self.share = if self.of(Factor::Fleet) == "one" { self.span } else { self.span * 7 / 10 };
        let place = self.location();
        self.yard = self.depot(place, "yard");
        if self.of(Factor::Ends) == "two depots" || self.of(Factor::Reload) == "other" {
            let place = self.location();
            self.other = Some(self.depot(place, "other"));
        }
    }

    fn depot(&mut self, place: LocationId, name: &str) -> DepotId {
        let mut depot = Depot::at(place).name(name);
        if self.has(Factor::DepotHours) {
            let opens = self.source.part(self.span, 0, 12);
            depot = depot.open(opens, opens + self.source.part(self.span, 65, 130));
        }
        if self.has(Factor::Loading) {
            depot = depot.service(self.source.number(2, 15));
        }
        self.builder.add_depot(depot)
    }
}

/// As many clients as the oracle can try all plans of.
fn num_clients(choice: &Choice, source: &mut Source, shipments: usize) -> usize {
    let sites = match choice.of(Factor::Disposal) {
        "none" => 0,
        "one site" => 1,
        _ => 2,
    };
    let breaks = match choice.of(Factor::Breaks) {
        "none" => 0,
        "two" => 2,
        _ => 1,
    };
    let rests = match choice.of(Factor::DriverRules) {
        "none" => 0,
        "split" => 3,
        "two" => 2,
        _ => 1,
    };
    let kinds = sites + breaks + rests + usize::from(choice.has(Factor::Reload));
    let stops = match kinds {
        0 => source.number(3, 5),
        1 => source.number(3, 4),
        2 => source.number(2, 4),
        3 => source.number(2, 3),
        _ => 2,
    } as usize;
    let tied = match (choice.has(Factor::Relation), choice.has(Factor::Relation2)) {
        (_, true) => 3,
        (true, _) => 2,
        _ => usize::from(choice.levels().iter().any(|level| concerns_clients(level.factor))),
    };
    let grouped = match choice.of(Factor::Group) {
        "patterns" | "optional patterns" => 3,
        "none" if choice.of(Factor::Demand) != "mixed" => 0,
        _ => 2,
    };
    let optional =
        if choice.of(Factor::Optional) == "some" || choice.of(Factor::Priority) == "two classes" { 2 } else { 0 };
    stops.saturating_sub(2 * shipments).max(tied).max(grouped).max(optional).max(usize::from(shipments == 0))
}

/// Whether the factor shows in a client.
fn concerns_clients(factor: Factor) -> bool {
    matches!(
        factor,
        Factor::Demand
            | Factor::Windows
            | Factor::Soft
            | Factor::Release
            | Factor::Optional
            | Factor::Priority
            | Factor::Service
            | Factor::Setup
            | Factor::Skills
            | Factor::Lists
            | Factor::Material
            | Factor::Executed
            | Factor::Assignment
            | Factor::Zones
    )
}
