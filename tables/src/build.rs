//! From stops, trucks, sites and depots to the problem.

use std::collections::BTreeSet;

use jiff::civil::Date;
use milkrun::travel::{Matrix, ProfileMatrices, Travel};
use milkrun::{
    Break, Client, Coord, Depot, DepotId, DisposalSite, DisposalSiteId, Issue, Material, MaterialId, Notes, Problem,
    ProblemBuilder, Rate, TimeWindow, ValidationError, VehicleType, VehicleTypeId,
};

use crate::cells::window::{OnDay, of_cell};
use crate::cells::{Cell, time};
use crate::defaults::Defaults;
use crate::fault::{Faults, wrong};
use crate::fleet::{Dimension, capacity, dimensions};
use crate::report::TablesReport;
use crate::rows::places::PlaceRow;
use crate::rows::trucks::{TruckRow, one_window};
use crate::rows::{Point, Said};
use crate::stops::Stop;
use crate::vocabulary::{Languages, key};

/// Parts of the smallest coin in one of the tables' money: costs of a metre and of a second come out nearly whole.
const MONEY: f64 = 100_000.0;
/// Most places on a plane: each pair of them is measured.
const MOST_PLANAR: usize = 1_000;

/// All that tables say.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) stops: Vec<Stop>,
    pub(crate) trucks: Vec<TruckRow>,
    pub(crate) sites: Vec<PlaceRow>,
    pub(crate) depots: Vec<PlaceRow>,
}

/// Builds the problem; nothing where the parts do not fit each other.
pub(crate) fn problem(
    parts: &Parts,
    defaults: &Defaults,
    day: Option<Date>,
    report: &mut TablesReport,
    faults: &mut Faults,
) -> Option<(Problem, Vec<&'static str>)> {
    if parts.trucks.is_empty() {
        let remedy = "add a table of trucks, such as trucks.csv with the headings name, number, capacity (kg)";
        faults.push("trucks", "", wrong("there are none", remedy));
    }
    if parts.depots.is_empty() {
        let remedy = "add a table of depots, such as depots.csv with the headings name, latitude, longitude";
        faults.push("depots", "", wrong("there are none", remedy));
    }
    let dimensions = dimensions(&parts.trucks, &parts.stops, faults);
    let mut assembly =
        Assembly { parts, defaults, dimensions, builder: Problem::builder(), report, faults, materials: Vec::new() };
    assembly.materials();
    assembly.depots();
    assembly.sites();
    assembly.trucks();
    assembly.stops();
    assembly.travel();
    let Assembly { mut builder, faults, dimensions, .. } = assembly;
    builder.name(day.map_or_else(String::new, |day| day.to_string()));
    if faults.count() > 0 {
        return None;
    }
    match builder.build() {
        Ok(problem) => Some((problem, dimensions.iter().map(|dimension| dimension.unit()).collect())),
        Err(error) => {
            in_tables(parts, &error, faults);
            None
        }
    }
}

struct Assembly<'p> {
    parts: &'p Parts,
    defaults: &'p Defaults,
    dimensions: Vec<Dimension>,
    builder: ProblemBuilder,
    report: &'p mut TablesReport,
    faults: &'p mut Faults,
    materials: Vec<String>,
}

impl Assembly<'_> {
    fn assume(&mut self, text: impl Into<String>) {
        self.report.assumed.push(text.into());
    }

    /// Materials matter where not every site or truck takes each.
    fn materials(&mut self) {
        let named = self.parts.stops.iter().map(|stop| &stop.material).filter(|material| !material.is_empty());
        let all: BTreeSet<&String> = named.chain(self.parts.sites.iter().flat_map(|site| &site.materials)).collect();
        self.materials = all.into_iter().cloned().collect();
        for name in self.materials.clone() {
            self.builder.add_material(Material::new(name));
        }
    }

    fn material(&self, name: &str) -> Option<MaterialId> {
        self.materials.iter().position(|known| known == name).map(MaterialId::new)
    }

    fn depots(&mut self) {
        for place in &self.parts.depots {
            let mut depot = Depot::at(coord(place.point)).name(place.name.clone());
            depot.service = place.service.unwrap_or(self.defaults.loading);
            depot.notes = notes(&place.said);
            match &place.open {
                OnDay::Always => {}
                OnDay::Windows(windows) if windows.len() == 1 => depot = depot.open(windows[0].0, windows[0].1),
                OnDay::Windows(_) => {
                    let remedy = "give one from begin to end";
                    self.faults.push(&place.origin, "", wrong("the depot has several windows", remedy));
                }
                OnDay::Never => {
                    let remedy = "correct its hours, or plan another day";
                    self.faults.push(&place.origin, "", wrong("the depot is closed on the day", remedy));
                }
            }
            self.builder.add_depot(depot);
        }
    }

    fn sites(&mut self) {
        let weighs = self.dimensions.iter().position(|&d| d == Dimension::Kilograms);
        for place in &self.parts.sites {
            let mut site = DisposalSite::at(coord(place.point)).name(place.name.clone());
            site.service = place.service.unwrap_or(self.defaults.unloading);
            site.notes = notes(&place.said);
            if !place.materials.is_empty() {
                site.materials = Some(place.materials.iter().filter_map(|name| self.material(name)).collect());
            }
            match &place.open {
                OnDay::Always | OnDay::Never => {}
                OnDay::Windows(windows) => {
                    site.hours = windows.iter().map(|&(from, to)| TimeWindow::new(from, to)).collect();
                }
            }
            if place.fee > 0.0 {
                match weighs {
                    Some(dimension) => {
                        site.tipping_fee = vec![Rate::new(0, 1); dimension];
                        site.tipping_fee.push(Rate::new((place.fee * MONEY / 1_000.0).round() as i64, 1));
                    }
                    None => self.faults.push(
                        &place.origin,
                        &place.fee.to_string(),
                        wrong(
                            "the fee counts tonnes, and no truck has a capacity in kg or t",
                            "give a capacity by weight, or no fee",
                        ),
                    ),
                }
            }
            self.builder.add_disposal_site(site);
        }
        if self.parts.sites.iter().any(|place| place.service.is_none()) {
            self.assume(format!("emptying a truck takes {} min at a site", self.defaults.unloading / 60));
        }
        if self.parts.sites.is_empty() {
            self.assume("there are no disposal sites: what is collected ends at the depot");
        }
    }

    fn trucks(&mut self) {
        let usual = &self.defaults.truck;
        let shift = of_cell(&Cell::text(&usual.shift), Languages::ALL).and_then(|hours| one_window(&hours, Some(0)));
        let Ok(Some(shift)) = shift else {
            self.faults.push("defaults", &usual.shift, wrong("truck.shift is no window", "write 06:00-16:00"));
            return;
        };
        for truck in &self.parts.trucks {
            let depots = [&truck.start, &truck.end].map(|name| self.depot(truck, name.as_deref()));
            let mut kind = VehicleType::new(truck.count).name(truck.name.clone());
            (kind.start, kind.end) = (depots[0], depots[1]);
            kind.notes = notes(&truck.said);
            kind.capacity = capacity(truck, &self.dimensions, &self.parts.stops, self.defaults);
            let (from, to) = truck.shift.unwrap_or(shift);
            kind = kind.shift(from, to).skills(truck.skills.clone());
            kind.max_stops = truck.max_stops;
            kind.fixed_cost = (truck.fixed_cost.unwrap_or(usual.fixed_cost) * MONEY).round() as i64;
            kind.cost_per_distance = (truck.cost_km.unwrap_or(usual.cost_per_km) * MONEY / 1e3).round() as i64;
            kind.cost_per_duration = (truck.cost_hour.unwrap_or(usual.cost_per_hour) * MONEY / 3.6e3).round() as i64;
            if let Some((early, late, length)) = truck.pause {
                kind = kind.add_break(Break::new(early, late, length).name("break"));
            }
            if !self.parts.sites.is_empty() {
                kind.disposal_sites = (0..self.parts.sites.len()).map(DisposalSiteId::new).collect();
                kind.end_empty = true;
            }
            self.builder.add_vehicle_type(kind);
        }
        self.assume_of_trucks(shift);
    }

    /// Says what was assumed of trucks.
    fn assume_of_trucks(&mut self, shift: (i64, i64)) {
        let (trucks, usual) = (&self.parts.trucks, &self.defaults.truck);
        let missing = |is_missing: &dyn Fn(&TruckRow) -> bool| trucks.iter().any(is_missing);
        let (from, to) = (time::shown(shift.0), time::shown(shift.1));
        let costs = [
            (missing(&|truck| truck.cost_km.is_none()), usual.cost_per_km, "a km"),
            (missing(&|truck| truck.cost_hour.is_none()), usual.cost_per_hour, "an hour"),
            (missing(&|truck| truck.fixed_cost.is_none()), usual.fixed_cost, "a day"),
        ];
        let costs: Vec<String> =
            costs.iter().filter(|(is, ..)| *is).map(|(_, cost, per)| format!("{cost} {per}")).collect();
        let unlimited = self.dimensions.is_empty();
        let lines = [
            (missing(&|truck| truck.shift.is_none()), format!("trucks without hours work from {from} to {to}")),
            (!costs.is_empty(), format!("trucks without costs cost {}", costs.join(", "))),
            (unlimited, "trucks carry any amount, for none has a capacity".to_owned()),
            (
                self.dimensions.contains(&Dimension::Litres),
                format!("a truck holds {} times its volume of loose waste", self.defaults.compaction),
            ),
            (true, format!("costs in the problem count in parts of {MONEY:.0} of one in the tables")),
        ];
        self.report.assumed.extend(lines.into_iter().filter(|(is, _)| *is).map(|(_, line)| line));
    }

    /// The depot that a truck names; the only one, if it names none.
    fn depot(&mut self, truck: &TruckRow, name: Option<&str>) -> Option<DepotId> {
        let depots = &self.parts.depots;
        let fault = match name {
            None if depots.len() <= 1 => return Some(DepotId::new(0)),
            None => wrong("says no depot, and there are several", "add a column `depot` with the name of one"),
            Some(name) => {
                let found: Vec<usize> = (0..depots.len()).filter(|&d| key(&depots[d].name) == key(name)).collect();
                match found[..] {
                    [one] => return Some(DepotId::new(one)),
                    [] => wrong(format!("no depot is called {name:?}"), "correct the name, or add the depot"),
                    _ => wrong(format!("{} depots are called {name:?}", found.len()), "give each a name of its own"),
                }
            }
        };
        self.faults.push(&truck.origin, name.unwrap_or_default(), fault);
        None
    }

    fn stops(&mut self) {
        let by_material = self.parts.trucks.iter().any(|truck| !truck.materials.is_empty());
        for stop in &self.parts.stops {
            let loads: Vec<i64> = self.dimensions.iter().map(|dimension| dimension.load(stop.load)).collect();
            let mut client = Client::at(coord(stop.point)).pickup(loads).service(stop.service).name(stop.name.clone());
            client.setup = stop.setup;
            client.notes = notes(&stop.said);
            if let Some(windows) = &stop.windows {
                client = client.time_windows(windows.iter().map(|&(from, to)| TimeWindow::new(from, to)));
                client.window_covers = stop.covers.into();
            }
            client.material = self.material(&stop.material);
            client.required = stop.required;
            client.prize = (stop.prize.unwrap_or_default() * MONEY).round() as i64;
            client.priority = stop.priority;
            client = client.skills(stop.skills.clone());
            if by_material || !stop.trucks.is_empty() {
                client.allowed_vehicles = Some(self.allowed(stop));
            }
            self.builder.add_client(client);
        }
    }

    /// The trucks that may serve a stop: those that it names, and that take its material.
    fn allowed(&mut self, stop: &Stop) -> Vec<VehicleTypeId> {
        let trucks = &self.parts.trucks;
        for name in &stop.trucks {
            if !trucks.iter().any(|truck| key(&truck.name) == key(name)) {
                let remedy = "correct the name, or add the truck";
                self.faults.push(&stop.origin, name, wrong(format!("no truck is called {name:?}"), remedy));
            }
        }
        let named =
            |truck: &TruckRow| stop.trucks.is_empty() || stop.trucks.iter().any(|name| key(name) == key(&truck.name));
        let takes = |truck: &TruckRow| {
            stop.material.is_empty() || truck.materials.is_empty() || truck.materials.contains(&stop.material)
        };
        let allowed: Vec<usize> = (0..trucks.len()).filter(|&t| named(&trucks[t]) && takes(&trucks[t])).collect();
        if allowed.is_empty() {
            let remedy = "add the material to a truck, or correct it";
            self.faults.push(
                &stop.origin,
                &stop.material,
                wrong("no truck may serve the stop: of those it names, none takes the material", remedy),
            );
        }
        allowed.into_iter().map(VehicleTypeId::new).collect()
    }

    fn travel(&mut self) {
        let points: Vec<(&str, Point)> = (self.parts.depots.iter().map(|place| (place.origin.as_str(), place.point)))
            .chain(self.parts.stops.iter().map(|stop| (stop.origin.as_str(), stop.point)))
            .chain(self.parts.sites.iter().map(|place| (place.origin.as_str(), place.point)))
            .collect();
        let Some(&(first, kind)) = points.first() else { return };
        let is_planar = |point: Point| matches!(point, Point::Planar(..));
        if let Some((other, _)) = points.iter().find(|(_, point)| is_planar(*point) != is_planar(kind)) {
            let message = format!("has x and y where {first} has degrees, or the other way round");
            self.faults.push(other, "", wrong(message, "give all places in one kind of coordinates"));
            return;
        }
        let Defaults { speed, detour, .. } = *self.defaults;
        let metres_a_second = speed / 3.6;
        self.assume(format!("trucks drive {speed} km/h on straight lines that are {detour} times as long"));
        if !is_planar(kind) {
            self.builder.travel(Travel::Haversine { speed: metres_a_second, detour });
            return;
        }
        if points.len() > MOST_PLANAR {
            let message = format!("are {} places with x and y; up to {MOST_PLANAR} are measured", points.len());
            self.faults.push("the tables", "", wrong(message, "give latitude and longitude"));
            return;
        }
        self.assume("x and y are metres");
        let length = |&(_, from): &(&str, Point), &(_, to): &(&str, Point)| {
            let (from, to) = (coord(from), coord(to));
            (from.x - to.x).hypot(from.y - to.y) * detour
        };
        let lengths: Vec<f64> = points.iter().flat_map(|from| points.iter().map(move |to| length(from, to))).collect();
        let matrix =
            |by: f64| Matrix::new(points.len(), lengths.iter().map(|length| (length / by).round() as i64).collect());
        match (matrix(1.0), matrix(metres_a_second)) {
            (Ok(distance), Ok(duration)) => {
                self.builder.travel(Travel::Matrices(vec![ProfileMatrices { distance, duration: Some(duration) }]));
            }
            _ => {
                self.faults.push("the tables", "", wrong("have x and y that are too far apart", "give them in metres"));
            }
        }
    }
}

fn coord(point: Point) -> Coord {
    match point {
        Point::Degrees(x, y) | Point::Planar(x, y) => Coord::new(x, y),
    }
}

fn notes(said: &Said) -> Notes {
    Notes { remarks: said.remarks.clone(), tags: said.tags.clone() }
}

/// Faults of the problem, at the rows that they come from.
fn in_tables(parts: &Parts, error: &ValidationError, faults: &mut Faults) {
    for Issue { path, value, message, remedy, .. } in &error.issues {
        let origin = |list: &str, index: usize| match list {
            "clients" => parts.stops.get(index).map(|stop| stop.origin.as_str()),
            "vehicle_types" => parts.trucks.get(index).map(|truck| truck.origin.as_str()),
            "disposal_sites" => parts.sites.get(index).map(|place| place.origin.as_str()),
            "depots" => parts.depots.get(index).map(|place| place.origin.as_str()),
            _ => None,
        };
        let place = path.split_once('[').and_then(|(list, rest)| {
            let (index, field) = rest.split_once(']')?;
            Some(format!("{}{}", origin(list, index.parse().ok()?)?, field.replacen('.', ", ", 1)))
        });
        faults.push(place.as_deref().unwrap_or(path), value, wrong(message.clone(), remedy.clone()));
    }
}
