//! Finds all faults of a problem at once.

use std::fmt;

use crate::ids::{ClientId, DepotId};
use crate::model::{Place, ProblemBuilder, ShipmentStop, TimeWindow, VehicleType};
use crate::travel::{FARTHEST, Travel};
use crate::units::{Load, MAX_COST, MAX_VALUE};

/// One fault of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Where it is, as a path into the problem: `clients[3].time_window`.
    pub path: String,
    /// The offending value.
    pub value: String,
    /// What is wrong with it.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}: {}; {}", self.path, self.value, self.message, self.remedy)
    }
}

/// All faults that validation found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the problem has {} fault{}:{}", issues.len(), if issues.len() == 1 { "" } else { "s" }, list(issues))]
pub struct ValidationError {
    /// The faults, in the order of the problem's parts.
    pub issues: Vec<Issue>,
}

fn list(issues: &[Issue]) -> String {
    use fmt::Write as _;
    const SHOWN: usize = 20;
    let mut text = String::new();
    for issue in issues.iter().take(SHOWN) {
        let _ = write!(text, "\n  {issue}");
    }
    if issues.len() > SHOWN {
        let _ = write!(text, "\n  … and {} more", issues.len() - SHOWN);
    }
    text
}

/// The most load dimensions that any part of the problem names.
pub(super) fn load_dimensions(builder: &ProblemBuilder) -> usize {
    let clients = builder.clients.iter().map(|c| c.delivery.len().max(c.pickup.len()));
    let shipments = builder.shipments.iter().map(|s| s.amount.len());
    let vehicles = builder.vehicle_types.iter().map(|v| v.capacity.len());
    clients.chain(shipments).chain(vehicles).max().unwrap_or(0)
}

/// Reports every fault of the builder's parts.
pub(super) fn validate(builder: &ProblemBuilder, travel: &Travel) -> Result<(), ValidationError> {
    let mut v = Validator { builder, issues: Vec::new() };
    v.travel(travel);
    v.locations(travel);
    v.depots();
    v.clients();
    v.shipments();
    v.groups();
    v.vehicle_types(travel);
    if v.issues.is_empty() {
        v.total_cost(travel);
    }
    if v.issues.is_empty() { Ok(()) } else { Err(ValidationError { issues: v.issues }) }
}

/// What the dearest conceivable plan may cost.
const MAX_TOTAL_COST: i128 = 1 << 61;

/// The longest distance between any two locations, or a bound of it.
fn longest_distance(builder: &ProblemBuilder, travel: &Travel) -> i64 {
    match travel {
        Travel::Matrices(profiles) => profiles.iter().map(|p| p.distance.largest_reachable()).max().unwrap_or(0),
        Travel::Haversine { .. } => MAX_VALUE,
        Travel::Euclidean { rounding } => {
            let coords = || builder.locations.iter().map(|l| l.coord);
            let span = |values: &mut dyn Iterator<Item = f64>| {
                let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
                (high - low).max(0.0)
            };
            let diagonal = span(&mut coords().map(|c| c.x)).hypot(span(&mut coords().map(|c| c.y)));
            (diagonal * rounding.scale()) as i64 + 1
        }
    }
}

struct Validator<'a> {
    builder: &'a ProblemBuilder,
    issues: Vec<Issue>,
}

impl Validator<'_> {
    fn fault(&mut self, path: String, value: impl fmt::Display, message: &str, remedy: &str) {
        self.issues.push(Issue {
            path,
            value: value.to_string(),
            message: message.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    fn amount(&mut self, path: String, value: i64) {
        if value < 0 {
            self.fault(path, value, "must not be negative", "give zero or more");
        } else if value > MAX_VALUE {
            self.fault(path, value, "is above 1073741823 (2^30 - 1)", "use a coarser unit");
        }
    }

    fn money(&mut self, path: String, value: i64) {
        if value < 0 {
            self.fault(path, value, "must not be negative", "give zero or more");
        } else if value > MAX_COST {
            self.fault(path, value, "is above 2^40", "use a coarser unit");
        }
    }

    fn time_window(&mut self, path: &str, window: TimeWindow) {
        for (name, time) in [("early", window.early), ("late", window.late)] {
            if !(-MAX_VALUE..=MAX_VALUE).contains(&time) {
                let remedy = "count time from the planning origin (not from 1970), or use a coarser unit";
                self.fault(format!("{path}.{name}"), time, "is outside ±1073741823 (2^30 - 1)", remedy);
            }
        }
        if window.early > window.late {
            let value = format!("[{}, {}]", window.early, window.late);
            self.fault(path.to_owned(), value, "closes before it opens", "swap the two times, or mend the earlier one");
        }
    }

    fn loads(&mut self, path: &str, list: &[Load]) {
        for (d, &q) in list.iter().enumerate() {
            self.amount(format!("{path}[{d}]"), q);
        }
    }

    fn place(&mut self, path: String, place: Place) {
        if let Place::Location(id) = place
            && id.index() >= self.builder.locations.len()
        {
            let remedy = "use the id that `add_location` of the same builder returned";
            self.fault(path, id.index(), "there is no such location", remedy);
        }
    }

    fn travel(&mut self, travel: &Travel) {
        match travel {
            Travel::Euclidean { .. } => {}
            Travel::Haversine { speed, detour } => {
                if !(speed.is_finite() && *speed > 0.0) {
                    self.fault(
                        "travel.speed".into(),
                        speed,
                        "must be positive",
                        "give metres per second, for example 8.3",
                    );
                }
                if !(detour.is_finite() && *detour >= 1.0) {
                    self.fault("travel.detour".into(), detour, "must be at least 1", "1.3 is common in cities");
                } else if FARTHEST * detour > MAX_VALUE as f64 {
                    let message = "makes the way around the Earth longer than 1073741823 m (2^30 - 1)";
                    self.fault("travel.detour".into(), detour, message, "1.3 is common in cities");
                } else if *speed > 0.0 && FARTHEST * detour / speed > MAX_VALUE as f64 {
                    let message = "makes the way around the Earth last longer than 1073741823 s (2^30 - 1)";
                    self.fault("travel.speed".into(), speed, message, "give metres per second, for example 8.3");
                }
            }
            Travel::Matrices(profiles) => {
                let n = self.builder.locations.len();
                if profiles.is_empty() {
                    self.fault("travel.profiles".into(), "[]", "there is no matrix", "give at least one profile");
                }
                for (p, profile) in profiles.iter().enumerate() {
                    let named = [("distance", Some(&profile.distance)), ("duration", profile.duration.as_ref())];
                    for (name, matrix) in named {
                        let Some(matrix) = matrix else { continue };
                        if matrix.size() != n {
                            let value = format!("{0} × {0}", matrix.size());
                            let message = format!("does not fit the problem's {n} locations");
                            let remedy = "give one row and column for each location, in the order they were added";
                            self.fault(format!("travel.profiles[{p}].{name}"), value, &message, remedy);
                        }
                    }
                }
            }
        }
    }

    fn locations(&mut self, travel: &Travel) {
        let builder = self.builder;
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for (i, location) in builder.locations.iter().enumerate() {
            let c = location.coord;
            for (name, value) in [("x", c.x), ("y", c.y)] {
                if !value.is_finite() {
                    self.fault(
                        format!("locations[{i}].{name}"),
                        value,
                        "is not a finite number",
                        "give a finite coordinate",
                    );
                }
            }
            if matches!(travel, Travel::Haversine { .. }) {
                if c.x.is_finite() && c.x.abs() > 180.0 {
                    let remedy = "give degrees from -180 to 180 (x is the longitude)";
                    self.fault(format!("locations[{i}].x"), c.x, "is no longitude", remedy);
                }
                if c.y.is_finite() && c.y.abs() > 90.0 {
                    let remedy = "give degrees from -90 to 90 (y is the latitude; are the two swapped?)";
                    self.fault(format!("locations[{i}].y"), c.y, "is no latitude", remedy);
                }
            }
            if c.x.is_finite() && c.y.is_finite() {
                low = (low.0.min(c.x), low.1.min(c.y));
                high = (high.0.max(c.x), high.1.max(c.y));
            }
        }
        if let Travel::Euclidean { rounding } = travel {
            let diagonal = (high.0 - low.0).hypot(high.1 - low.1) * rounding.scale();
            if low.0 <= high.0 && diagonal > MAX_VALUE as f64 {
                let value = format!("{diagonal:.0}");
                let message = "the largest distance is above 1073741823 (2^30 - 1)";
                self.fault("locations".into(), value, message, "use a coarser unit of length");
            }
        }
    }

    fn depots(&mut self) {
        let builder = self.builder;
        for (i, depot) in builder.depots.iter().enumerate() {
            let path = format!("depots[{i}]");
            self.place(format!("{path}.place"), depot.place);
            self.time_window(&format!("{path}.time_window"), depot.time_window);
            self.amount(format!("{path}.service"), depot.service);
        }
    }

    fn clients(&mut self) {
        let builder = self.builder;
        for (i, client) in builder.clients.iter().enumerate() {
            let path = format!("clients[{i}]");
            self.place(format!("{path}.place"), client.place);
            self.loads(&format!("{path}.delivery"), &client.delivery);
            self.loads(&format!("{path}.pickup"), &client.pickup);
            self.amount(format!("{path}.service"), client.service);
            self.time_window(&format!("{path}.time_window"), client.time_window);
            self.amount(format!("{path}.release"), client.release);
            self.money(format!("{path}.prize"), client.prize);
            if let Some(group) = client.group
                && group.index() >= builder.groups.len()
            {
                let remedy = "use the id that `add_group` of the same builder returned";
                self.fault(format!("{path}.group"), group.index(), "there is no such group", remedy);
            }
        }
    }

    fn shipments(&mut self) {
        let builder = self.builder;
        for (i, shipment) in builder.shipments.iter().enumerate() {
            let path = format!("shipments[{i}]");
            for (name, stop) in [("pickup", &shipment.pickup), ("delivery", &shipment.delivery)] {
                let ShipmentStop { place, service, time_window } = stop;
                self.place(format!("{path}.{name}.place"), *place);
                self.amount(format!("{path}.{name}.service"), *service);
                self.time_window(&format!("{path}.{name}.time_window"), *time_window);
            }
            self.loads(&format!("{path}.amount"), &shipment.amount);
            self.money(format!("{path}.prize"), shipment.prize);
        }
    }

    fn groups(&mut self) {
        let builder = self.builder;
        let mut members = vec![0usize; builder.groups.len()];
        for group in builder.clients.iter().filter_map(|c| c.group) {
            if let Some(count) = members.get_mut(group.index()) {
                *count += 1;
            }
        }
        for (g, group) in builder.groups.iter().enumerate() {
            if group.required && members[g] == 0 {
                let remedy = "add a client with this group, or make the group optional";
                self.fault(format!("groups[{g}]"), "required", "no client belongs to it", remedy);
            }
        }
    }

    fn vehicle_types(&mut self, travel: &Travel) {
        let builder = self.builder;
        let jobs = builder.clients.len() + builder.shipments.len();
        if builder.vehicle_types.iter().all(|v| v.count == 0) && jobs > 0 {
            let remedy = "add a vehicle type with a count of at least 1";
            self.fault("vehicle_types".into(), "0 vehicles", "nobody can serve the clients", remedy);
        }
        let dimensions = load_dimensions(builder);
        for (i, vehicle_type) in builder.vehicle_types.iter().enumerate() {
            let path = format!("vehicle_types[{i}]");
            self.vehicle_type(&path, vehicle_type, dimensions);
            if vehicle_type.profile.index() >= travel.num_profiles().max(1) {
                let remedy = "use a profile for which the travel has matrices";
                let value = vehicle_type.profile.index();
                self.fault(format!("{path}.profile"), value, "there is no such travel profile", remedy);
            }
        }
    }

    fn vehicle_type(&mut self, path: &str, vehicle_type: &VehicleType, dimensions: usize) {
        self.loads(&format!("{path}.capacity"), &vehicle_type.capacity);
        if !vehicle_type.capacity.is_empty() && vehicle_type.capacity.len() != dimensions {
            let value = format!("{} values", vehicle_type.capacity.len());
            let message = format!("the problem has {dimensions} load dimensions");
            let remedy = "give one capacity for each dimension, or none at all for unlimited vehicles";
            self.fault(format!("{path}.capacity"), value, &message, remedy);
        }
        self.depot(format!("{path}.start"), vehicle_type.start);
        self.depot(format!("{path}.end"), vehicle_type.end);
        for (d, &depot) in vehicle_type.reload_depots.iter().enumerate() {
            self.depot(format!("{path}.reload_depots[{d}]"), Some(depot));
        }
        self.money(format!("{path}.fixed_cost"), vehicle_type.fixed_cost);
        self.amount(format!("{path}.cost_per_distance"), vehicle_type.cost_per_distance);
        self.amount(format!("{path}.cost_per_duration"), vehicle_type.cost_per_duration);
        self.time_window(&format!("{path}.shift"), vehicle_type.shift);
        if let Some(duration) = vehicle_type.max_duration {
            self.amount(format!("{path}.max_duration"), duration);
        }
        if let Some(distance) = vehicle_type.max_distance {
            self.amount(format!("{path}.max_distance"), distance);
        }
        if vehicle_type.max_trips == Some(0) {
            let remedy = "give at least 1, or set the count to 0";
            self.fault(format!("{path}.max_trips"), 0, "a used vehicle drives at least one trip", remedy);
        }
        for (c, &client) in vehicle_type.allowed_clients.iter().flatten().enumerate() {
            self.client(format!("{path}.allowed_clients[{c}]"), client);
        }
    }

    /// No plan may cost more than 64 bits hold.
    fn total_cost(&mut self, travel: &Travel) {
        let builder = self.builder;
        let stops = (builder.clients.len() + 2 * builder.shipments.len()) as i128;
        let longest = i128::from(longest_distance(builder, travel));
        let prizes = builder.clients.iter().map(|c| c.prize).chain(builder.shipments.iter().map(|s| s.prize));
        let prizes: i128 = prizes.map(i128::from).sum();
        let worst_route = |v: &VehicleType| {
            // A route ends at most two of the largest times after it began.
            let duration = 2 * i128::from(MAX_VALUE) * i128::from(v.cost_per_duration);
            i128::from(v.fixed_cost) + duration + 2 * longest * i128::from(v.cost_per_distance)
        };
        // At the worst, every stop has a route of its own; every reload is one more.
        let route = builder.vehicle_types.iter().map(worst_route).max().unwrap_or(0);
        let total = 2 * stops * route + prizes;
        if total > MAX_TOTAL_COST {
            let remedy = "use coarser units of money or length, or lower unit costs";
            let value = format!("{:.1e}", total as f64);
            self.fault("costs".into(), value, "a plan of all costs together may pass 2^61", remedy);
        }
    }

    fn depot(&mut self, path: String, depot: Option<DepotId>) {
        if let Some(depot) = depot
            && depot.index() >= self.builder.depots.len()
        {
            let remedy = "use the id that `add_depot` of the same builder returned";
            self.fault(path, depot.index(), "there is no such depot", remedy);
        }
    }

    fn client(&mut self, path: String, client: ClientId) {
        if client.index() >= self.builder.clients.len() {
            let remedy = "use the id that `add_client` of the same builder returned";
            self.fault(path, client.index(), "there is no such client", remedy);
        }
    }
}
