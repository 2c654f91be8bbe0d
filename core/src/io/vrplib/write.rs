//! Writes a problem as VRPLIB text.

use std::fmt::Write as _;

use crate::ids::{ClientId, DepotId, LocationId, ProfileId, VehicleTypeId};
use crate::io::WriteError;
use crate::io::fleet_numbers::FleetNumbers;
use crate::io::stop_numbers::StopNumbers;
use crate::model::{Backhauls, Client, Problem, ShipmentStop, TimeWindow, VehicleType};
use crate::plan::Activity;
use crate::travel::{EuclideanRounding, Travel};
use crate::units::MAX_VALUE;

use super::representable;

/// The VRPLIB text of a problem; [`read`](super::read) turns it back into an equivalent problem.
///
/// Values are divided by the scale of the problem's [`Rounding`](crate::Rounding) and must be read with the same
/// convention, which a comment in the file names; a problem with matrices is read with `round` or `none`. Names of
/// clients, depots and vehicle types are not part of the format.
///
/// # Errors
///
/// [`WriteError`] names the first part of the problem that the format cannot represent: a vehicle that does not end
/// where it starts, a cost per unit of time, several travel profiles, both clients and shipments, …
///
/// ```
/// use milkrun::{Client, Coord, Depot, Problem, Rounding, VehicleType, io::vrplib};
///
/// let mut builder = Problem::builder();
/// let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// builder.add_client(Client::at(Coord::new(3.0, 4.0)).delivery([4]));
/// builder.add_vehicle_type(VehicleType::new(2).capacity([10]).depot(yard));
/// let problem = builder.build().unwrap();
/// let text = vrplib::write(&problem).unwrap();
/// assert!(text.contains("CAPACITY : 10\n"));
/// assert_eq!(vrplib::read(&text, Rounding::Round).unwrap().clients(), problem.clients());
/// ```
pub fn write(problem: &Problem) -> Result<String, WriteError> {
    representable::check(problem)?;
    let scale = match problem.travel() {
        Travel::Euclidean { rounding: EuclideanRounding::Convention(rounding) } => rounding.scale() as i64,
        _ => 1,
    };
    let mut writer = Writer {
        problem,
        stops: StopNumbers::new(problem),
        fleet: FleetNumbers::new(problem),
        scale,
        head: String::new(),
        text: String::new(),
    };
    writer.head();
    writer.travel();
    if problem.shipments().is_empty() {
        writer.clients();
    } else {
        writer.shipments();
    }
    writer.vehicles();
    writer.depots();
    Ok(writer.head + &writer.text + "EOF\n")
}

struct Writer<'a> {
    problem: &'a Problem,
    stops: StopNumbers,
    fleet: FleetNumbers,
    scale: i64,
    /// The specifications. Other readers need them before all sections.
    head: String,
    /// The sections.
    text: String,
}

impl Writer<'_> {
    fn line(&mut self, key: &str, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.head, "{key} : {value}");
    }

    fn row(&mut self, number: usize, values: impl IntoIterator<Item = String>) {
        self.text += &number.to_string();
        for value in values {
            self.text.push(' ');
            self.text += &value;
        }
        self.text.push('\n');
    }

    fn head(&mut self) {
        let name: String = self.problem.name().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.line("NAME", name.trim());
        let kind = match self.problem.backhauls() {
            Backhauls::AfterLinehauls => "VRPB",
            Backhauls::Mixed if !self.problem.shipments().is_empty() => "PDPTW",
            Backhauls::Mixed => "VRP",
        };
        self.line("TYPE", kind);
        if let Travel::Euclidean { rounding: EuclideanRounding::Convention(rounding) } = self.problem.travel() {
            self.line("COMMENT", format!("read with rounding {rounding}"));
        }
        self.line("DIMENSION", self.stops.len());
        self.line("VEHICLES", self.fleet.len());
    }

    /// The locations in the order of their numbers.
    fn locations(&self) -> Vec<LocationId> {
        let depots = self.problem.depots().iter().map(|depot| depot.place.location());
        let stops = self.stops.activities().filter_map(|activity| match activity {
            Activity::Client(c) => Some(self.problem.client(c).location()),
            Activity::Pickup(s) => Some(self.problem.shipment(s).pickup.location()),
            Activity::Delivery(s) => Some(self.problem.shipment(s).delivery.location()),
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => None,
        });
        depots.chain(stops).collect()
    }

    fn travel(&mut self) {
        let locations = self.locations();
        match self.problem.travel() {
            Travel::Euclidean { rounding: EuclideanRounding::Ceil } => self.line("EDGE_WEIGHT_TYPE", "CEIL_2D"),
            Travel::Euclidean { .. } => self.line("EDGE_WEIGHT_TYPE", "EUC_2D"),
            _ => {
                self.line("EDGE_WEIGHT_TYPE", "EXPLICIT");
                self.line("EDGE_WEIGHT_FORMAT", "FULL_MATRIX");
                self.text += "EDGE_WEIGHT_SECTION\n";
                for &from in &locations {
                    let row =
                        locations.iter().map(|&to| self.problem.distance(ProfileId::new(0), from, to).to_string());
                    let row: Vec<String> = row.collect();
                    self.text += &row.join(" ");
                    self.text.push('\n');
                }
            }
        }
        self.text += "NODE_COORD_SECTION\n";
        for (i, &location) in locations.iter().enumerate() {
            let coord = self.problem.coord(location);
            self.row(i + 1, [coord.x.to_string(), coord.y.to_string()]);
        }
    }

    fn clients(&mut self) {
        let dimensions = self.problem.load_dimensions();
        let loads = |list: &[i64], scale| -> Vec<String> {
            (0..dimensions).map(|d| decimal(Problem::amount(list, d), scale)).collect()
        };
        let clients = self.problem.clients();
        let scale = self.scale;
        if clients.iter().any(|c| !c.delivery.is_empty()) {
            self.client_section("DEMAND_SECTION", &[], |c| loads(&c.delivery, scale));
        }
        if clients.iter().any(|c| !c.pickup.is_empty()) {
            self.client_section("BACKHAUL_SECTION", &[], |c| loads(&c.pickup, scale));
        }
        self.client_column("SERVICE_TIME_SECTION", |c| c.service);
        self.client_column("RELEASE_TIME_SECTION", |c| c.release);
        self.client_column("PRIZE_SECTION", |c| c.prize);
        let windows = self.depot_windows();
        if windows.iter().chain(clients.iter().map(|c| &c.time_window)).any(|w| !is_always(*w)) {
            self.client_section("TIME_WINDOW_SECTION", &windows, |c| window(c.time_window, scale).to_vec());
        }
        self.groups();
    }

    /// A section with one value for each client, unless all are zero.
    fn client_column(&mut self, name: &str, value: impl Fn(&Client) -> i64) {
        if self.problem.clients().iter().any(|c| value(c) != 0) {
            let scale = self.scale;
            self.client_section(name, &[], |c| vec![decimal(value(c), scale)]);
        }
    }

    /// A row for each depot, with its window or as many zeros as the clients have values, and a row for each client.
    fn client_section(&mut self, name: &str, windows: &[TimeWindow], values: impl Fn(&Client) -> Vec<String>) {
        self.text += name;
        self.text.push('\n');
        let depots = self.problem.depots().len();
        for (i, client) in self.problem.clients().iter().enumerate() {
            let values = values(client);
            if i == 0 {
                for depot in 0..depots {
                    let zeros = || vec!["0".to_owned(); values.len()];
                    let row = windows.get(depot).map_or_else(zeros, |&w| window(w, self.scale).to_vec());
                    self.row(depot + 1, row);
                }
            }
            self.row(depots + i + 1, values);
        }
    }

    /// The common shift of each depot's vehicles.
    fn depot_windows(&self) -> Vec<TimeWindow> {
        let shift = |d| {
            let mut types = self.problem.vehicle_types().iter().filter(|v| v.count > 0);
            types.find(|v| v.start == Some(DepotId::new(d))).map_or(TimeWindow::ALWAYS, |v| v.shift)
        };
        (0..self.problem.depots().len()).map(shift).collect()
    }

    fn groups(&mut self) {
        let depots = self.problem.depots().len();
        let members = (0..self.problem.groups().len()).map(|g| self.problem.group_members(crate::ids::GroupId::new(g)));
        let members: Vec<&[ClientId]> = members.filter(|members| members.len() > 1).collect();
        if members.is_empty() {
            return;
        }
        self.text += "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n";
        for (g, group) in members.iter().enumerate() {
            self.row(g + 1, group.iter().map(|c| (depots + c.index() + 1).to_string()));
        }
    }

    fn shipments(&mut self) {
        self.text += "PICKUP_AND_DELIVERY_SECTION\n";
        let none = "0".to_owned();
        for (d, depot) in self.depot_windows().into_iter().enumerate() {
            let [early, late] = window(depot, self.scale);
            self.row(d + 1, [none.clone(), early, late, none.clone(), none.clone(), none.clone()]);
        }
        let activities: Vec<Activity> = self.stops.activities().collect();
        for activity in activities {
            let (Activity::Pickup(s) | Activity::Delivery(s)) = activity else { continue };
            let shipment = self.problem.shipment(s);
            let amount = Problem::amount(&shipment.amount, 0);
            let number = |activity| self.stops.number(activity).map_or(0, |i| i + 1).to_string();
            let (pickup, delivery) = (number(Activity::Pickup(s)), number(Activity::Delivery(s)));
            if activity == Activity::Pickup(s) {
                self.stop(&pickup, &shipment.pickup, amount, [none.clone(), delivery]);
            } else {
                self.stop(&delivery, &shipment.delivery, -amount, [pickup, none.clone()]);
            }
        }
    }

    fn stop(&mut self, number: &str, stop: &ShipmentStop, demand: i64, partners: [String; 2]) {
        let [early, late] = window(stop.time_window, self.scale);
        let (demand, service) = (decimal(demand, self.scale), decimal(stop.service, self.scale));
        let [pickup, delivery] = partners;
        let _ = writeln!(self.text, "{number} {demand} {early} {late} {service} {pickup} {delivery}");
    }

    fn vehicles(&mut self) {
        let dimensions = self.problem.load_dimensions();
        let scale = self.scale;
        let limit = move |value: Option<i64>| decimal(value.unwrap_or(MAX_VALUE), scale);
        if dimensions > 0 {
            self.vehicle_section("CAPACITY", |v| {
                let loads = (0..dimensions).map(|d| limit(v.capacity.get(d).copied()));
                loads.collect::<Vec<_>>().join(" ")
            });
        }
        if self.types().any(|v| v.max_distance.is_some()) {
            self.vehicle_section("VEHICLES_MAX_DISTANCE", |v| limit(v.max_distance));
        }
        if self.types().any(|v| v.max_duration.is_some()) {
            self.vehicle_section("VEHICLES_MAX_DURATION", |v| limit(v.max_duration));
        }
        if self.types().any(|v| v.max_trips.is_some()) {
            let reloads = |v: &VehicleType| v.max_trips.map_or(MAX_VALUE, |trips| trips as i64 - 1).to_string();
            self.vehicle_section("VEHICLES_MAX_RELOADS", reloads);
        }
        if self.types().any(|v| v.fixed_cost != 0) {
            self.vehicle_section("VEHICLES_FIXED_COST", |v| decimal(v.fixed_cost, scale));
        }
        if self.types().any(|v| v.cost_per_distance != 1) {
            self.vehicle_section("VEHICLES_UNIT_DISTANCE_COST", |v| v.cost_per_distance.to_string());
        }
        if self.problem.depots().len() > 1 {
            let home = |v: &VehicleType| v.start.map_or(0, |d| d.index() + 1).to_string();
            self.rows_of_vehicles("VEHICLES_DEPOT", home);
        }
        if self.types().any(|v| !v.reload_depots.is_empty()) {
            let reloads = |v: &VehicleType| join(v.reload_depots.iter().map(|d| d.index() + 1));
            self.rows_of_vehicles("VEHICLES_RELOAD_DEPOT", reloads);
        }
        if self.types().any(|v| v.allowed_clients.is_some()) {
            let (depots, clients) = (self.problem.depots().len(), self.problem.clients().len());
            let allowed = |v: &VehicleType| match &v.allowed_clients {
                Some(list) => join(list.iter().map(|c| depots + c.index() + 1)),
                None => join((0..clients).map(|c| depots + c + 1)),
            };
            self.rows_of_vehicles("VEHICLES_ALLOWED_CLIENTS", allowed);
        }
    }

    fn types(&self) -> impl Iterator<Item = &VehicleType> {
        self.problem.vehicle_types().iter().filter(|v| v.count > 0)
    }

    /// One line if all vehicles have the same single value, otherwise a section.
    fn vehicle_section(&mut self, key: &str, value: impl Fn(&VehicleType) -> String) {
        let values: Vec<String> = self.types().map(&value).collect();
        match values.first() {
            Some(first) if !first.contains(' ') && values.iter().all(|other| other == first) => self.line(key, first),
            _ => self.rows_of_vehicles(key, value),
        }
    }

    fn rows_of_vehicles(&mut self, key: &str, value: impl Fn(&VehicleType) -> String) {
        let _ = writeln!(self.text, "{key}_SECTION");
        let types: Vec<VehicleTypeId> = (0..self.fleet.len()).filter_map(|v| self.fleet.type_of(v)).collect();
        for (vehicle, vehicle_type) in types.into_iter().enumerate() {
            let value = value(self.problem.vehicle_type(vehicle_type));
            self.row(vehicle + 1, Some(value).filter(|text| !text.is_empty()));
        }
    }

    fn depots(&mut self) {
        self.text += "DEPOT_SECTION\n";
        for depot in 1..=self.problem.depots().len() {
            let _ = writeln!(self.text, "{depot}");
        }
        self.text += "-1\n";
    }
}

fn join(numbers: impl Iterator<Item = usize>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

fn is_always(window: TimeWindow) -> bool {
    window == TimeWindow::ALWAYS
}

fn window(window: TimeWindow, scale: i64) -> [String; 2] {
    [decimal(window.early, scale), decimal(window.late, scale)]
}

/// `value / scale` as a decimal, exactly. `scale` is a power of ten.
fn decimal(value: i64, scale: i64) -> String {
    let (whole, rest) = (value / scale, (value % scale).unsigned_abs());
    if rest == 0 {
        return whole.to_string();
    }
    let sign = if value < 0 { "-" } else { "" };
    let digits = scale.ilog10() as usize;
    let fraction = format!("{rest:0digits$}");
    format!("{sign}{}.{}", whole.unsigned_abs(), fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(decimal(12_345, 1000), "12.345");
        assert_eq!(decimal(-50, 1000), "-0.05");
        assert_eq!(decimal(120, 10), "12");
        assert_eq!(decimal(121, 10), "12.1");
        assert_eq!(decimal(7, 1), "7");
    }
}
