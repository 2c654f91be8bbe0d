//! Remarks on valid data that is probably a mistake.

use crate::geometry::PointIndex;
use crate::ids::{ClientId, LocationId, ProfileId, ShipmentId};
use crate::model::{Activity, Client, Coord, Labels, Problem, TimeWindow, VehicleType};
use crate::travel::{Travel, UNREACHABLE};
use crate::units::{Load, Time};

/// So many parts are named in a remark.
const NAMED: usize = 3;

/// Metres beyond which a place is far from all others.
const FAR: f64 = 1e6;

/// The longest distance that is remarkable between planar points: about as many as degrees span a region.
const SHORT: i64 = 3;

impl Problem {
    /// Remarks on data that is valid but probably a mistake: coordinates between which all distances are 0, or hardly more;
    /// matrices with a zero distance between locations that a third location shows to be apart; shifts that begin before
    /// their depot opens; places a thousand kilometres from all others, as if longitude and latitude were exchanged;
    /// windows that close before any vehicle can arrive; more to carry than all vehicles hold, or one of them.
    ///
    /// ```
    /// use milkrun::{Client, Coord, Depot, Problem, VehicleType};
    ///
    /// let mut builder = Problem::builder();
    /// let yard = builder.add_depot(Depot::at(Coord::new(4.90, 52.37)));
    /// builder.add_client(Client::at(Coord::new(4.91, 52.38)));
    /// builder.add_vehicle_type(VehicleType::new(1).depot(yard));
    /// let problem = builder.build().unwrap();
    /// assert!(problem.remarks()[0].contains("all distances are 0"));
    /// ```
    pub fn remarks(&self) -> Vec<String> {
        let found = [
            self.no_distances(),
            self.zeros_between_places(),
            self.shift_before_depot(),
            self.far_places(),
            self.unreachable_windows(),
            self.too_large_amounts(),
            self.too_little_capacity(),
        ];
        found.into_iter().flatten().collect()
    }

    /// Distinct places at distance zero: most often degrees taken for planar coordinates.
    fn no_distances(&self) -> Option<String> {
        if matches!(self.travel(), Travel::Matrices(_)) {
            return None;
        }
        let first = self.coord(LocationId::new(0));
        let others = || (1..self.locations().len()).map(LocationId::new);
        let apart = others().any(|other| self.coord(other) != first);
        let longest = others().map(|other| self.distance(ProfileId::new(0), LocationId::new(0), other)).max()?;
        let planar = matches!(self.travel(), Travel::Euclidean { .. });
        let broken = |at: &Coord| at.x.fract() != 0.0 || at.y.fract() != 0.0;
        let decimals = self.locations().iter().any(|location| broken(&location.coord));
        let remedy = "if coordinates are degrees, name them lon and lat and set travel to haversine; otherwise use a finer unit, \
                      or exact rounding";
        if apart && longest == 0 {
            return Some(format!("all distances are 0, although locations differ: {remedy}"));
        }
        let short = planar && decimals && self.locations().len() > 2 && longest <= SHORT;
        short.then(|| format!("no distance from location 0 is above {longest}, so that rounding decides: {remedy}"))
    }

    /// Two locations at distance zero from each other, but at different distances from a third.
    fn zeros_between_places(&self) -> Option<String> {
        /// The number of pairs examined: if zeros are intended, the first ones are consistent.
        const PAIRS: usize = 200;
        let Travel::Matrices(profiles) = self.travel() else { return None };
        for (p, profile) in profiles.iter().enumerate() {
            let matrix = &profile.distance;
            let n = matrix.size();
            let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
            for (i, j) in pairs.filter(|&(i, j)| matrix.get(i, j) == 0).take(PAIRS) {
                let differs = |&k: &usize| {
                    let (a, b) = (matrix.get(i, k), matrix.get(j, k));
                    k != i && k != j && a.max(b) < UNREACHABLE && (a - b).abs() > 2 + a.max(b) / 10
                };
                if let Some(k) = (0..n).find(differs) {
                    return Some(format!(
                        "travel.profiles[{p}].distance[{i}][{j}] is 0, though location {k} is {} from location {i} and {} from \
                         location {j}: if 0 stands for an unknown distance, give null for unreachable pairs",
                        matrix.get(i, k),
                        matrix.get(j, k)
                    ));
                }
            }
        }
        None
    }

    /// A shift that begins before the default opening time of its depot.
    fn shift_before_depot(&self) -> Option<String> {
        let early = |(t, vehicle): (usize, &crate::model::VehicleType)| {
            let depot = vehicle.start?;
            let found = self.depot(depot).time_window == TimeWindow::ALWAYS && vehicle.shift.early < 0;
            found.then(|| {
                format!(
                    "vehicle_types[{t}].shift begins at {}, but depots without a time_window open at 0: give \
                     depots[{}] one, such as [{}, null]",
                    vehicle.shift.early,
                    depot.index(),
                    vehicle.shift.early
                )
            })
        };
        self.vehicle_types().iter().enumerate().find_map(early)
    }

    /// Places that are far from all others on the globe.
    fn far_places(&self) -> Option<String> {
        if !matches!(self.travel(), Travel::Haversine { .. }) {
            return None;
        }
        let coords: Vec<Coord> = self.locations().iter().map(|location| location.coord).collect();
        let index = PointIndex::geographic(&coords);
        let is_near = |at: Coord, other: usize| self.travel().straight(at, coords[other]) < FAR;
        let far: Vec<usize> = (0..coords.len())
            .filter(|&i| index.nearest(coords[i], 2).into_iter().filter(|&j| j != i).any(|j| !is_near(coords[i], j)))
            .collect();
        let first = *far.first()?;
        let turned = Coord::new(coords[first].y, coords[first].x);
        let exchanged = turned.y.abs() <= 90.0
            && index.nearest(turned, 1).into_iter().any(|other| other != first && is_near(turned, other));
        let places = several(&far, |i| Labels::of(self).location(LocationId::new(i)));
        let remedy = if exchanged { "are longitude and latitude exchanged?" } else { "are their coordinates right?" };
        Some(format!("{places}: over 1000 km from every other location; {remedy}"))
    }

    /// Windows that close before any vehicle can arrive, by the arc from its start.
    fn unreachable_windows(&self) -> Option<String> {
        let types = self.vehicle_types();
        if types.is_empty() || types.iter().any(|v| v.start.is_none() || !v.executed.is_empty()) {
            return None;
        }
        let earliest = |v: &VehicleType, client: &Client| -> Option<Time> {
            let to = client.location();
            let depot = self.depot(v.start?);
            let drive = self.duration(v.profile, depot.location(), to);
            let leave = v.shift.early.max(depot.time_window.early).saturating_add(depot.service);
            let speed = self.speed(v.profile).map_or(100, |curve| {
                curve.steps.iter().map(|step| i64::from(step.percent)).max().unwrap_or(100).max(100)
            });
            let setup = if self.is_same_place(v.profile, depot.location(), to) { 0 } else { client.setup };
            (v.count > 0 && drive < UNREACHABLE).then(|| leave.saturating_add(drive * 100 / speed + setup))
        };
        let closes = |c: &usize| {
            let client = self.client(ClientId::new(*c));
            let needs = client.window_needs().0;
            let late = client.windows().last().map_or(TimeWindow::UNBOUNDED_LATE, |w| w.for_starts(needs).late);
            let first = types.iter().filter_map(|v| earliest(v, client)).min();
            first.is_some_and(|first| late < first)
        };
        let late: Vec<usize> = (0..self.clients().len()).filter(closes).collect();
        let first = self.client(ClientId::new(*late.first()?));
        let at = types.iter().filter_map(|v| earliest(v, first)).min()?;
        let window = first.windows().last()?;
        let clients = several(&late, |c| Labels::of(self).client(ClientId::new(c)));
        Some(format!(
            "{clients}: the window closes before any vehicle can arrive (at {} for the first one, where the earliest arrival is at {at}); are all times \
             counted from the same origin, and in the unit of the durations?",
            window.late
        ))
    }

    /// Amounts that no vehicle holds.
    fn too_large_amounts(&self) -> Option<String> {
        let types: Vec<&VehicleType> = self.vehicle_types().iter().filter(|v| v.count > 0).collect();
        let holds = |amount: &[Load]| {
            let fits = |v: &&VehicleType| amount.iter().zip(&v.capacity).all(|(amount, capacity)| amount <= capacity);
            types.is_empty() || types.iter().any(fits)
        };
        let clients = (0..self.clients().len()).map(ClientId::new);
        let clients = clients.filter(|&c| !holds(&self.client(c).delivery) || !holds(&self.client(c).pickup));
        let shipments = (0..self.shipments().len()).map(ShipmentId::new);
        let shipments = shipments.filter(|&s| !holds(&self.shipment(s).amount));
        let found: Vec<Activity> = clients.map(Activity::Client).chain(shipments.map(Activity::Pickup)).collect();
        let indices: Vec<usize> = (0..found.len()).collect();
        found.first()?;
        let labels = Labels::of(self);
        let names = several(&indices, |i| match found[i] {
            Activity::Pickup(id) => labels.shipment(id),
            activity => labels.activity(activity),
        });
        Some(format!("{names}: more than any vehicle holds; are amounts and capacities in the same unit?"))
    }

    /// More that must be carried than all vehicles hold together, where none of them can be filled or emptied on its route.
    fn too_little_capacity(&self) -> Option<String> {
        let types = self.vehicle_types();
        if types.iter().any(|v| v.may_reload() || !v.disposal_sites.is_empty() || v.capacity.is_empty()) {
            return None;
        }
        let required = || self.clients().iter().filter(|client| client.required && client.group.is_none());
        for d in 0..self.load_dimensions() {
            let sum = |amounts: &mut dyn Iterator<Item = &Vec<Load>>| {
                amounts.map(|list| Self::amount(list, d)).fold(0, Load::saturating_add)
            };
            let most = sum(&mut required().map(|client| &client.delivery))
                .max(sum(&mut required().map(|client| &client.pickup)));
            let count = |v: &VehicleType| Load::try_from(v.count).unwrap_or(Load::MAX);
            let room = types.iter().map(|v| v.capacity[d].saturating_mul(count(v))).fold(0, Load::saturating_add);
            if most > room {
                return Some(format!(
                    "required clients have {most} in dimension {d}, but all vehicles together hold {room}: not every client can \
                     be served; are there more vehicles, reloads, or another unit?"
                ));
            }
        }
        None
    }
}

/// The first few of a list, in words.
fn several(list: &[usize], name: impl Fn(usize) -> String) -> String {
    let shown: Vec<String> = list.iter().take(NAMED).map(|&i| name(i)).collect();
    let more = list.len().saturating_sub(NAMED);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use crate::io::json::read_problem;

    fn remarks(rest: &str) -> Vec<String> {
        let text = format!("{{\"milkrun\": \"problem\", \"version\": 1, {rest}}}");
        read_problem(&text).unwrap_or_else(|error| panic!("{error}")).remarks()
    }

    const FLEET: &str = r#""vehicle_types": [{"start": 0, "end": 0}]"#;

    fn of_matrix(rows: &str) -> Vec<String> {
        remarks(&format!(
            r#""travel": {{"type": "matrices", "profiles": [{{"distance": {rows}}}]}}, "locations": [{{}}, {{}}, {{}}],
               "depots": [{{"location": 0}}], "clients": [{{"location": 1}}, {{"location": 2}}], {FLEET}"#
        ))
    }

    #[test]
    fn zeros_between_places() {
        let found = of_matrix("[[0, 500, 0], [500, 0, 0], [0, 0, 0]]");
        assert!(found[0].starts_with("travel.profiles[0].distance[0][2] is 0, though"), "{found:?}");
        assert!(of_matrix("[[0, 500, 0], [500, 0, 501], [0, 501, 0]]").is_empty(), "one spot is one spot");
        assert!(of_matrix("[[0, 0, 0], [0, 0, 0], [0, 0, 0]]").is_empty());
    }

    #[test]
    fn planar_degrees() {
        let of = |x: &str| {
            remarks(&format!(
                r#""depots": [{{"location": {{"x": 4.9, "y": 52.1}}}}], "clients": [{{"location": {{"x": {x}, "y": 52.1}}}}], {FLEET}"#
            ))
        };
        assert_eq!((of("4.95").len(), of("4.9").len(), of("6").len()), (1, 0, 0));
    }

    #[test]
    fn a_shift_before_the_depot_opens() {
        let of = |depot: &str| {
            remarks(&format!(
                r#""depots": [{{"location": {{"x": 0, "y": 0}}{depot}}}], "clients": [{{"location": {{"x": 9, "y": 0}}}}],
                   "vehicle_types": [{{"start": 0, "end": 0, "shift": [-7200, null]}}]"#
            ))
        };
        assert!(of("")[0].contains("give depots[0] one, such as [-7200, null]"), "{:?}", of(""));
        assert!(of(r#", "time_window": [-7200, null]"#).is_empty());
    }

    const GLOBE: &str = r#""travel": {"type": "haversine", "speed": 10}"#;

    #[test]
    fn places_far_away() {
        let of = |lon: f64, lat: f64| {
            remarks(&format!(
                r#"{GLOBE}, "depots": [{{"location": {{"lon": 4.9, "lat": 52.4}}}}], "clients": [
                   {{"name": "mill", "location": {{"lon": {lon}, "lat": {lat}}}}}, {{"location": {{"lon": 5, "lat": 52.4}}}}],
                   {FLEET}"#
            ))
        };
        assert!(of(5.1, 52.3).is_empty());
        assert_eq!(
            of(52.3, 5.1),
            ["location \"mill\": over 1000 km from every other location; are longitude and latitude exchanged?"]
        );
        assert!(of(-60.0, 10.0)[0].ends_with("are their coordinates right?"));
    }

    #[test]
    fn distances_of_degrees() {
        let found = remarks(&format!(
            r#""depots": [{{"location": {{"x": 4.9, "y": 52.1}}}}], "clients": [{{"location": {{"x": 6.7, "y": 52.1}}}},
               {{"location": {{"x": 5.2, "y": 52.9}}}}], {FLEET}"#
        ));
        assert!(found[0].starts_with("no distance from location 0 is above 2, so that rounding decides"), "{found:?}");
    }

    /// A depot, a client with some fields in 30 units, and a fleet.
    fn of_client(fields: &str, fleet: &str) -> Vec<String> {
        remarks(&format!(
            r#""depots": [{{"location": {{"x": 0, "y": 0}}}}], "clients": [{{"name": "mill", "location": {{"x": 30, "y": 0}}, {fields}}}],
               "vehicle_types": [{{"start": 0, "end": 0, {fleet}}}]"#
        ))
    }

    #[test]
    fn windows_before_any_arrival() {
        assert!(of_client(r#""time_window": [0, 30]"#, r#""count": 1"#).is_empty());
        let found = of_client(r#""time_window": [0, 39]"#, r#""count": 1, "shift": [10, null]"#);
        assert!(
            found[0].starts_with(
                "client \"mill\": the window closes before any vehicle can arrive (at 39 for the first one"
            )
        );
        assert!(of_client(r#""time_window": [0, 39]"#, r#""count": 1, "shift": [9, null]"#).is_empty());
    }

    #[test]
    fn amounts_and_capacities() {
        let found = of_client(r#""delivery": [7]"#, r#""count": 2, "capacity": [6]"#);
        assert_eq!(
            found,
            ["client \"mill\": more than any vehicle holds; are amounts and capacities in the same unit?"]
        );
        let found = of_client(r#""delivery": [14]"#, r#""count": 2, "capacity": [6]"#);
        assert!(found[1].contains("have 14 in dimension 0, but all vehicles together hold 12"), "{found:?}");
        assert!(of_client(r#""delivery": [6]"#, r#""count": 1, "capacity": [6]"#).is_empty());
        assert_eq!(of_client(r#""delivery": [14]"#, r#""count": 2, "capacity": [6], "reload_depots": [0]"#).len(), 1);
    }
}
