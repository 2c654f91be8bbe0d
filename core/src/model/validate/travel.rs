//! Travel and locations.

use super::Validator;
use crate::model::ProblemBuilder;
use crate::travel::{FARTHEST, Travel};
use crate::units::MAX_VALUE;

/// The longest distance between any two locations, or an upper bound.
pub(super) fn longest_distance(builder: &ProblemBuilder, travel: &Travel) -> i64 {
    match travel {
        Travel::Matrices(profiles) => profiles.iter().map(|p| p.distance.largest_reachable()).max().unwrap_or(0),
        Travel::Haversine { detour, .. } => (FARTHEST * detour) as i64 + 1,
        Travel::Euclidean { rounding } => (spread(builder) * rounding.scale()) as i64 + 1,
    }
}

/// The longest duration of any arc at full speed, or an upper bound.
pub(super) fn longest_duration(builder: &ProblemBuilder, travel: &Travel, profile: usize) -> i128 {
    match travel {
        Travel::Matrices(profiles) => {
            profiles.get(profile).map_or(0, |p| p.duration.as_ref().unwrap_or(&p.distance).largest_reachable()).into()
        }
        Travel::Haversine { speed, detour } => (FARTHEST * detour / speed) as i128 + 1,
        Travel::Euclidean { .. } => longest_distance(builder, travel).into(),
    }
}

/// The diagonal of the box around all locations.
pub(super) fn spread(builder: &ProblemBuilder) -> f64 {
    let coords = || builder.locations.iter().map(|l| l.coord);
    let span = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (high - low).max(0.0)
    };
    span(&mut coords().map(|c| c.x)).hypot(span(&mut coords().map(|c| c.y)))
}

impl Validator<'_> {
    pub(super) fn travel(&mut self, travel: &Travel) {
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
                    let message = "makes the longest distance on Earth exceed 1073741823 m (2^30 - 1)";
                    self.fault("travel.detour".into(), detour, message, "1.3 is common in cities");
                } else if *speed > 0.0 && FARTHEST * detour / speed > MAX_VALUE as f64 {
                    let message = "makes the longest drive on Earth exceed 1073741823 s (2^30 - 1)";
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

    pub(super) fn locations(&mut self, travel: &Travel) {
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
                    self.fault(format!("locations[{i}].x"), c.x, "is not a longitude", remedy);
                }
                if c.y.is_finite() && c.y.abs() > 90.0 {
                    let remedy = "give degrees from -90 to 90 (y is the latitude; are the two swapped?)";
                    self.fault(format!("locations[{i}].y"), c.y, "is not a latitude", remedy);
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
}
