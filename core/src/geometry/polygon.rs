//! Areas: what lies in a polygon, and what crosses it.

use super::Coord;

/// A polygon in the plane, or of longitudes and latitudes as if they were that. It may be concave; the last corner is joined to the
/// first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Polygon<'a>(pub(crate) &'a [Coord]);

impl Polygon<'_> {
    fn edges(&self) -> impl Iterator<Item = (Coord, Coord)> + '_ {
        let next = self.0.iter().cycle().skip(1);
        self.0.iter().copied().zip(next.copied())
    }

    /// Whether a point lies inside, by the edges that a ray from it crosses.
    pub(crate) fn contains(&self, at: Coord) -> bool {
        let crossed = self.edges().filter(|(a, b)| {
            let spans = (a.y > at.y) != (b.y > at.y);
            spans && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x
        });
        crossed.count() % 2 == 1
    }

    /// Whether a straight line between two points crosses or touches an edge.
    pub(crate) fn crosses(&self, from: Coord, to: Coord) -> bool {
        let side = |a: Coord, b: Coord, p: Coord| {
            let cross = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
            cross.partial_cmp(&0.0).map_or(0, |order| order as i32)
        };
        let within = |a: Coord, b: Coord, p: Coord| {
            (a.x.min(b.x)..=a.x.max(b.x)).contains(&p.x) && (a.y.min(b.y)..=a.y.max(b.y)).contains(&p.y)
        };
        self.edges().any(|(a, b)| {
            let [c, d] = [side(from, to, a), side(from, to, b)];
            let [e, f] = [side(a, b, from), side(a, b, to)];
            (c != d && e != f)
                || (c == 0 && within(from, to, a))
                || (d == 0 && within(from, to, b))
                || (e == 0 && within(a, b, from))
                || (f == 0 && within(a, b, to))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concave_area() {
        // A square with a notch from above that reaches down to its middle.
        let corners =
            [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (3.0, 4.0), (2.0, 2.0), (1.0, 4.0), (0.0, 4.0)].map(Coord::from);
        let area = Polygon(&corners);
        assert!(area.contains((0.5, 3.0).into()) && area.contains((2.0, 1.0).into()));
        assert!(!area.contains((2.0, 3.0).into()) && !area.contains((5.0, 1.0).into()));
        let crosses = |from: (f64, f64), to: (f64, f64)| area.crosses(from.into(), to.into());
        assert!(crosses((-1.0, 1.0), (5.0, 1.0)) && crosses((-1.0, 3.0), (2.0, 3.0)));
        // Within the notch, within the area, and beside it.
        assert!(
            !crosses((2.0, 3.0), (2.0, 5.0)) && !crosses((1.0, 1.0), (3.0, 1.0)) && !crosses((-1.0, -1.0), (9.0, -1.0))
        );
        // A line that ends on an edge touches it; so does one along it.
        assert!(crosses((2.0, -2.0), (2.0, 0.0)) && crosses((-1.0, 0.0), (9.0, 0.0)));
    }
}
