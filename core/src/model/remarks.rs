//! Remarks on valid data that is probably a mistake.

use crate::ids::{LocationId, ProfileId};
use crate::model::{Problem, TimeWindow};
use crate::travel::{Travel, UNREACHABLE};

impl Problem {
    /// Remarks on data that is valid but probably a mistake: coordinates between which all distances are 0, matrices
    /// with a zero distance between locations that a third location shows to be apart, shifts that begin before their
    /// depot opens.
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
        let found = [self.no_distances(), self.zeros_between_places(), self.shift_before_depot()];
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
        let length = |other| self.distance(ProfileId::new(0), LocationId::new(0), other);
        (apart && others().all(|other| length(other) == 0)).then(|| {
            "all distances are 0, although locations differ: if coordinates are degrees, name them lon and lat and set travel to \
             haversine; otherwise use a finer unit, or exact rounding"
                .to_owned()
        })
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
}
