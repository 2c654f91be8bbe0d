//! Positions on the globe, and lengths.

use geo::{Distance, Haversine};

use crate::geometry::Coord;

/// Units of a [`Position`] in a degree.
pub(super) const UNITS: f64 = 1e7;

/// A longitude and latitude in units of 10⁻⁷ degrees, as OpenStreetMap has them: about a centimetre.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) lon: i32,
    pub(super) lat: i32,
}

impl Position {
    /// The position of a longitude and latitude in degrees; `None` outside of ±180 and ±90, or where not finite.
    pub(super) fn new(lon: f64, lat: f64) -> Option<Self> {
        ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat))
            .then(|| Self { lon: (lon * UNITS).round() as i32, lat: (lat * UNITS).round() as i32 })
    }

    pub(super) fn coord(self) -> Coord {
        Coord::new(f64::from(self.lon) / UNITS, f64::from(self.lat) / UNITS)
    }

    pub(super) fn point(self) -> geo::Point {
        self.coord().into()
    }
}

/// Metres along a line of positions, on great circles.
pub(super) fn length(line: &[Position]) -> f64 {
    line.windows(2).map(|pair| Haversine.distance(pair[0].point(), pair[1].point())).sum()
}

/// A plane around a point, in metres: exact enough within some kilometres of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    origin: Position,
    /// Metres in a unit of longitude and of latitude.
    scale: [f64; 2],
}

impl Plane {
    pub(super) fn around(origin: Position) -> Self {
        let metres = crate::geometry::EARTH_RADIUS.to_radians() / UNITS;
        // Near the poles a degree of longitude has no length, but must not become zero.
        let shrink = (f64::from(origin.lat) / UNITS).to_radians().cos().max(1e-6);
        Self { origin, scale: [metres * shrink, metres] }
    }

    /// Metres to the east and north of the origin.
    pub(super) fn project(&self, at: Position) -> [f64; 2] {
        let east = f64::from(at.lon) - f64::from(self.origin.lon);
        let north = f64::from(at.lat) - f64::from(self.origin.lat);
        [east * self.scale[0], north * self.scale[1]]
    }

    /// The position that lies so many metres to the east and north of the origin.
    pub(super) fn lift(&self, [east, north]: [f64; 2]) -> Position {
        let lon = f64::from(self.origin.lon) + east / self.scale[0];
        let lat = f64::from(self.origin.lat) + north / self.scale[1];
        Position {
            lon: lon.clamp(-180.0 * UNITS, 180.0 * UNITS).round() as i32,
            lat: lat.clamp(-90.0 * UNITS, 90.0 * UNITS).round() as i32,
        }
    }

    /// How many units of longitude and latitude so many metres are.
    pub(super) fn units(&self, metres: f64) -> [f64; 2] {
        [metres / self.scale[0], metres / self.scale[1]]
    }
}
