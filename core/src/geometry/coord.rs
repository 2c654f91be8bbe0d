//! Points.

/// A point: planar `x`, `y`, or longitude and latitude in degrees (then `x` is the longitude).
///
/// Which of the two is meant follows from the problem's [`Travel`](crate::Travel).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coord {
    /// Horizontal coordinate, or longitude in degrees.
    pub x: f64,
    /// Vertical coordinate, or latitude in degrees.
    pub y: f64,
}

impl Coord {
    /// A point at `x`, `y` (longitude, latitude for geographic travel).
    ///
    /// A coordinate that is not finite is reported when the problem is built.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

impl From<(f64, f64)> for Coord {
    /// `(x, y)`, or `(longitude, latitude)`.
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

impl From<geo::Point> for Coord {
    fn from(point: geo::Point) -> Self {
        Self { x: point.x(), y: point.y() }
    }
}

impl From<geo::Coord> for Coord {
    fn from(geo::Coord { x, y }: geo::Coord) -> Self {
        Self { x, y }
    }
}

impl From<Coord> for geo::Point {
    fn from(Coord { x, y }: Coord) -> Self {
        Self::new(x, y)
    }
}

impl From<Coord> for geo::Coord {
    fn from(Coord { x, y }: Coord) -> Self {
        Self { x, y }
    }
}
