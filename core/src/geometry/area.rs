//! Areas on a map.

use geo::{BoundingRect, Intersects, LineString, MultiPolygon, Polygon, Rect, Validation};

use crate::geometry::Coord;

/// An area: one or more polygons, each with an outer ring and holes in it.
///
/// Rings are lists of corners, joined by straight lines in the plane of the coordinates, also where these are longitudes and
/// latitudes. A ring may end where it begins, or be open; both mean the same. What crosses the 180th meridian is written as
/// two polygons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Area {
    /// Polygons, of which each is a list of rings, the outer one first.
    pub polygons: Vec<Vec<Vec<Coord>>>,
}

impl Area {
    /// An area of one polygon without holes, from its corners.
    ///
    /// ```
    /// use milkrun::{Area, Coord};
    ///
    /// let square = Area::polygon([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]);
    /// assert!(square.contains(Coord::new(1.0, 3.0)));
    /// assert!(square.contains(Coord::new(4.0, 2.0)));
    /// assert!(!square.contains(Coord::new(5.0, 2.0)));
    /// ```
    pub fn polygon(corners: impl IntoIterator<Item = impl Into<Coord>>) -> Self {
        Self { polygons: vec![vec![corners.into_iter().map(Into::into).collect()]] }
    }

    /// Whether a point lies in the area, its rim included.
    pub fn contains(&self, at: Coord) -> bool {
        self.shape().contains(at)
    }

    /// The area in a form in which many points are looked up.
    pub(crate) fn shape(&self) -> Shape {
        let polygons = MultiPolygon::from(self);
        Shape { rect: polygons.bounding_rect(), polygons }
    }

    /// What is wrong with the area, in words: rings with fewer than three corners, coordinates that are not finite, rings that
    /// cross themselves or each other, holes outside, polygons that overlap.
    pub(crate) fn faults(&self) -> Vec<String> {
        if self.polygons.iter().all(Vec::is_empty) {
            return vec!["has no polygon".to_owned()];
        }
        MultiPolygon::from(self).validation_errors().iter().map(ToString::to_string).collect()
    }
}

/// An area prepared for many points.
pub(crate) struct Shape {
    rect: Option<Rect>,
    polygons: MultiPolygon,
}

impl Shape {
    pub(crate) fn contains(&self, at: Coord) -> bool {
        let at = geo::Point::from(at);
        self.rect.is_some_and(|rect| rect.intersects(&at)) && self.polygons.intersects(&at)
    }

    /// Whether a line has a point in the area, its rim included.
    #[cfg(feature = "roads")]
    pub(crate) fn is_touched(&self, line: &LineString) -> bool {
        self.polygons.intersects(line)
    }

    /// Whether the straight line between two points has a point in the area, its rim included.
    pub(crate) fn is_crossed(&self, from: Coord, to: Coord) -> bool {
        let line = geo::Line::new(geo::Coord::from(from), geo::Coord::from(to));
        self.rect.is_some_and(|rect| rect.intersects(&line)) && self.polygons.intersects(&line)
    }
}

impl From<&Area> for MultiPolygon {
    fn from(area: &Area) -> Self {
        let ring = |corners: &Vec<Coord>| corners.iter().map(|&at| geo::Coord::from(at)).collect::<LineString>();
        let polygon = |rings: &Vec<Vec<Coord>>| {
            let mut rings = rings.iter().map(ring);
            let outer = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
            Polygon::new(outer, rings.collect())
        };
        Self::new(area.polygons.iter().map(polygon).collect())
    }
}

impl From<&MultiPolygon> for Area {
    fn from(polygons: &MultiPolygon) -> Self {
        Self { polygons: polygons.0.iter().map(rings).collect() }
    }
}

impl From<&Polygon> for Area {
    fn from(polygon: &Polygon) -> Self {
        Self { polygons: vec![rings(polygon)] }
    }
}

fn rings(polygon: &Polygon) -> Vec<Vec<Coord>> {
    let ring = |line: &LineString| line.0.iter().map(|&at| Coord::from(at)).collect();
    std::iter::once(ring(polygon.exterior())).chain(polygon.interiors().iter().map(ring)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square with a hole, and another square.
    fn area() -> Area {
        let square = |low: f64, high: f64| {
            [(low, low), (high, low), (high, high), (low, high)].map(|(x, y)| Coord::new(x, y)).to_vec()
        };
        Area { polygons: vec![vec![square(0.0, 9.0), square(3.0, 6.0)], vec![square(20.0, 22.0)]] }
    }

    #[test]
    fn holes_are_outside_and_their_rim_is_not() {
        let area = area();
        let inside = |x: f64| area.contains(Coord::new(x, x));
        assert_eq!(
            [0.0, 1.0, 3.0, 4.5, 6.0, 9.0, 10.0, 21.0].map(inside),
            [true, true, true, false, true, true, false, true]
        );
    }

    #[test]
    fn lines_cross_what_they_touch() {
        let shape = area().shape();
        let crossed = |from: (f64, f64), to: (f64, f64)| shape.is_crossed(from.into(), to.into());
        assert!(
            crossed((-1.0, 1.0), (10.0, 1.0)) && crossed((1.0, 1.0), (2.0, 2.0)) && crossed((-5.0, 0.0), (5.0, 0.0))
        );
        assert!(!crossed((4.0, 4.0), (5.0, 5.0)), "within the hole");
        assert!(!crossed((10.0, 0.0), (19.0, 19.0)));
    }

    #[test]
    fn polygons_of_geo_and_back() {
        let area = area();
        let back = Area::from(&MultiPolygon::from(&area));
        // The rings of geo are closed.
        assert_eq!(back.polygons[0][0].len(), 5);
        assert_eq!(MultiPolygon::from(&back), MultiPolygon::from(&area));
        assert_eq!(Area::from(&MultiPolygon::from(&area).0[1]).polygons.len(), 1);
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(area().faults(), Vec::<String>::new());
        assert_eq!(Area::default().faults(), ["has no polygon"]);
        let bow = Area::polygon([(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)]);
        let thin = Area::polygon([(0.0, 0.0), (2.0, 2.0)]);
        let endless = Area::polygon([(0.0, 0.0), (f64::NAN, 2.0), (2.0, 0.0)]);
        for (area, word) in [(bow, "self-intersection"), (thin, "3 distinct points"), (endless, "non-finite")] {
            assert!(area.faults().iter().any(|fault| fault.contains(word)), "{:?}", area.faults());
        }
    }
}
