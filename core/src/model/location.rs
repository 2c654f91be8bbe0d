//! Locations and coordinates.

use crate::geometry::Coord;
use crate::ids::LocationId;

/// A place that clients and depots can share.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Where it is.
    pub coord: Coord,
    /// A name for people; may be empty.
    pub name: String,
}

/// Where a client or depot is: a point of its own, or a location added before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// A point, for which the builder adds a location.
    Coord(Coord),
    /// A location that was added to the builder.
    Location(LocationId),
}

impl From<Coord> for Place {
    fn from(coord: Coord) -> Self {
        Self::Coord(coord)
    }
}

impl From<(f64, f64)> for Place {
    /// `(x, y)`, or `(longitude, latitude)`.
    ///
    /// ```
    /// use milkrun::{Client, Coord, Place};
    /// assert_eq!(Client::at((4.88, 52.36)).place, Place::Coord(Coord::new(4.88, 52.36)));
    /// ```
    fn from(point: (f64, f64)) -> Self {
        Self::Coord(point.into())
    }
}

impl From<geo::Point> for Place {
    fn from(point: geo::Point) -> Self {
        Self::Coord(point.into())
    }
}

impl From<LocationId> for Place {
    fn from(id: LocationId) -> Self {
        Self::Location(id)
    }
}

impl Place {
    /// The location.
    ///
    /// # Panics
    ///
    /// If the place has not been added to a builder. The places of a built [`Problem`](crate::Problem) always have a
    /// location.
    pub fn location(self) -> LocationId {
        match self {
            Self::Location(id) => id,
            Self::Coord(_) => panic!("the place is not part of a problem yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_geo_keep_their_axes() {
        let point = geo::Point::new(4.9, 52.4);
        assert_eq!(Coord::from(point), Coord::new(4.9, 52.4));
        assert_eq!(geo::Point::from(Coord::new(4.9, 52.4)), point);
        assert_eq!(Place::from(point), Place::from((4.9, 52.4)));
        assert_eq!(Coord::from(geo::coord! { x: 4.9, y: 52.4 }), Coord::new(4.9, 52.4));
    }
}
