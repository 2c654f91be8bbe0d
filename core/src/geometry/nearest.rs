//! The k nearest neighbours of every point.

use crate::geometry::{Coord, PointIndex};

/// For each point of an index, the indices of its `k` nearest other points, nearest first, ties broken by index. Points
/// after an interruption get no list.
pub(crate) fn neighbours(
    index: &PointIndex,
    points: &[Coord],
    k: usize,
    interrupted: &dyn Fn() -> bool,
) -> Vec<Vec<u32>> {
    let of = |(i, &at): (usize, &Coord)| index.nearest_but(at, k, Some(i as u32));
    points.iter().enumerate().take_while(|_| !interrupted()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_sorting_all() {
        let points: Vec<Coord> =
            (0..200u32).map(|i| Coord::new(f64::from(i * 7919 % 101), f64::from(i * 104_729 % 97))).collect();
        let lists = neighbours(&PointIndex::planar(&points), &points, 10, &|| false);
        for (i, list) in lists.into_iter().enumerate() {
            let d = |j: usize| (points[i].x - points[j].x).powi(2) + (points[i].y - points[j].y).powi(2);
            let mut all: Vec<usize> = (0..points.len()).filter(|&j| j != i).collect();
            all.sort_by(|&a, &b| d(a).total_cmp(&d(b)).then(a.cmp(&b)));
            let expected: Vec<u32> = all[..10].iter().map(|&j| j as u32).collect();
            assert_eq!(list, expected);
        }
    }

    #[test]
    fn fewer_points_than_asked_for() {
        let points = [Coord::new(0.0, 0.0), Coord::new(1.0, 0.0)];
        assert_eq!(neighbours(&PointIndex::planar(&points), &points, 5, &|| false), vec![vec![1], vec![0]]);
    }
}
