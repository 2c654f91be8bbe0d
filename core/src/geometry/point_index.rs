//! An index of points.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::geometry::{Area, Coord};

/// Mean radius of the Earth in metres (IUGG).
pub(crate) const EARTH_RADIUS: f64 = 6_371_008.8;

/// An index of points, in the plane or on the globe: the nearest ones, those within a distance, those in an area.
///
/// An R\*-tree (Beckmann et al. 1990, doi:10.1145/93605.98741). Points on the globe are indexed in space, so that neighbours
/// are right near the poles and across the 180th meridian as well.
///
/// ```
/// use milkrun::{Area, Coord, PointIndex};
///
/// let bins = [Coord::new(0.0, 0.0), Coord::new(3.0, 0.0), Coord::new(3.0, 1.0), Coord::new(9.0, 9.0)];
/// let index = PointIndex::planar(&bins);
/// assert_eq!(index.nearest(Coord::new(2.9, 0.1), 2), [1, 2]);
/// assert_eq!(index.within(Coord::new(0.0, 0.0), 3.0), [0, 1]);
/// assert_eq!(index.inside(&Area::polygon([(2.0, -1.0), (4.0, -1.0), (4.0, 2.0)])), [1]);
/// ```
#[derive(Clone, Debug)]
pub struct PointIndex {
    points: Vec<Coord>,
    tree: RTree<GeomWithData<[f64; 3], u32>>,
    geographic: bool,
}

impl PointIndex {
    /// An index of points of the plane; distances are in the units of the coordinates.
    pub fn planar(points: &[Coord]) -> Self {
        Self::new(points, false)
    }

    /// An index of longitudes and latitudes in degrees; distances are metres along great circles.
    pub fn geographic(points: &[Coord]) -> Self {
        Self::new(points, true)
    }

    fn new(points: &[Coord], geographic: bool) -> Self {
        let entry = |(i, &at): (usize, &Coord)| GeomWithData::new(position(at, geographic), i as u32);
        let tree = RTree::bulk_load(points.iter().enumerate().map(entry).collect());
        Self { points: points.to_vec(), tree, geographic }
    }

    /// The `k` nearest points, nearest first; of points equally far, the one with the smaller index first.
    pub fn nearest(&self, at: Coord, k: usize) -> Vec<usize> {
        self.nearest_but(at, k, None).into_iter().map(|i| i as usize).collect()
    }

    /// The points that are no farther than a distance, in ascending order. A negative distance finds none.
    pub fn within(&self, at: Coord, distance: f64) -> Vec<usize> {
        // The straight line through the Earth is shorter than the way around it.
        let most = if self.geographic {
            2.0 * EARTH_RADIUS * (distance / EARTH_RADIUS / 2.0).clamp(0.0, std::f64::consts::FRAC_PI_2).sin()
        } else {
            distance
        };
        if distance.is_nan() || distance < 0.0 {
            return Vec::new();
        }
        let squared = if self.geographic { most * most * (1.0 + 1e-12) } else { most * most };
        let found = self.tree.locate_within_distance(position(at, self.geographic), squared);
        let mut found: Vec<usize> = found.map(|entry| entry.data as usize).collect();
        found.sort_unstable();
        found
    }

    /// The points in an area, its rim included, in ascending order.
    pub fn inside(&self, area: &Area) -> Vec<usize> {
        let shape = area.shape();
        self.points.iter().enumerate().filter(|&(_, &at)| shape.contains(at)).map(|(i, _)| i).collect()
    }

    /// As [`nearest`](Self::nearest), without one of the points.
    pub(crate) fn nearest_but(&self, at: Coord, k: usize, but: Option<u32>) -> Vec<u32> {
        let wanted = k + usize::from(but.is_some());
        let mut found: Vec<(f64, u32)> = Vec::with_capacity(wanted + 8);
        for (entry, distance) in self.tree.nearest_neighbor_iter_with_distance_2(position(at, self.geographic)) {
            // All points at the k-th distance are collected, so that the choice among them does not depend on the tree,
            // unless very many are equally far.
            if wanted == 0 || (found.len() >= wanted && distance > found[wanted - 1].0) || found.len() > 4 * wanted + 4
            {
                break;
            }
            found.push((distance, entry.data));
        }
        found.retain(|&(_, j)| Some(j) != but);
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(k).map(|(_, j)| j).collect()
    }
}

/// Where a point is in space: metres from the Earth's centre, or its coordinates in a plane.
fn position(at: Coord, geographic: bool) -> [f64; 3] {
    if !geographic {
        return [at.x, at.y, 0.0];
    }
    let (lon, lat) = (at.x.to_radians(), at.y.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()].map(|share| share * EARTH_RADIUS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn neighbours_across_the_meridian_and_at_the_pole() {
        let points = [(179.9, 0.0), (-179.9, 0.0), (0.0, 89.9), (180.0, 89.9), (90.0, 60.0)].map(Coord::from);
        let index = PointIndex::geographic(&points);
        assert_eq!(index.nearest(points[0], 2), [0, 1]);
        assert_eq!(index.nearest(points[2], 2), [2, 3]);
        // A degree of a great circle is 111,195 m.
        assert_eq!(index.within(points[0], 0.2 * 111_195.1), [0, 1]);
        assert_eq!(index.within(points[0], 0.2 * 111_195.0), [0]);
        assert_eq!(index.within(points[0], 3e7), [0, 1, 2, 3, 4]);
        assert_eq!(index.within(points[0], -1.0), Vec::<usize>::new());
        assert_eq!(index.within(points[0], f64::NAN), Vec::<usize>::new());
    }

    #[test]
    fn nothing_is_near_nothing() {
        let index = PointIndex::planar(&[]);
        assert_eq!(index.nearest(Coord::new(0.0, 0.0), 3), Vec::<usize>::new());
        assert_eq!(PointIndex::planar(&[Coord::new(1.0, 1.0)]).nearest(Coord::new(0.0, 0.0), 0), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn it_agrees_with_sorting_all(
            points in prop::collection::vec((-9i32..9, -9i32..9), 0..60), at in (-9i32..9, -9i32..9), k in 0usize..8,
            radius in 0u32..12, globe: bool,
        ) {
            let points: Vec<Coord> = points.into_iter().map(|(x, y)| Coord::new(f64::from(x), f64::from(y))).collect();
            let at = Coord::new(f64::from(at.0), f64::from(at.1));
            let index = if globe { PointIndex::geographic(&points) } else { PointIndex::planar(&points) };
            let far = |i: usize| -> f64 {
                let (a, b) = (position(at, globe), position(points[i], globe));
                a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
            };
            let mut all: Vec<usize> = (0..points.len()).collect();
            all.sort_by(|&i, &j| far(i).total_cmp(&far(j)).then(i.cmp(&j)));
            // Of very many points equally far, any may be missing: compare distances.
            let distances = |list: &[usize]| list.iter().map(|&i| far(i)).collect::<Vec<_>>();
            prop_assert_eq!(distances(&index.nearest(at, k)), distances(&all[..k.min(all.len())]));
            let radius = f64::from(radius);
            if !globe {
                let mut near: Vec<usize> = all.into_iter().filter(|&i| far(i) <= radius * radius).collect();
                near.sort_unstable();
                prop_assert_eq!(index.within(at, radius), near);
            }
        }
    }
}
