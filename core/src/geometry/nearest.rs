//! The k nearest neighbours of every point.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::geometry::Coord;

/// For each point, the indices of its `k` nearest other points, nearest first, ties broken by index. Points after an
/// interruption get no list.
pub(crate) fn nearest(points: &[Coord], k: usize, interrupted: &dyn Fn() -> bool) -> Vec<Vec<u32>> {
    let entries = points.iter().enumerate().map(|(i, p)| GeomWithData::new([p.x, p.y], i as u32)).collect();
    let tree: RTree<GeomWithData<[f64; 2], u32>> = RTree::bulk_load(entries);
    let mut found: Vec<(f64, u32)> = Vec::new();
    points
        .iter()
        .enumerate()
        .take_while(|_| !interrupted())
        .map(|(i, p)| {
            found.clear();
            for (entry, distance) in tree.nearest_neighbor_iter_with_distance_2([p.x, p.y]) {
                // All points at the k-th distance are collected, so that the choice among them does not depend on the
                // tree.
                if found.len() > k && distance > found[k].0 {
                    break;
                }
                if found.len() > 4 * k + 8 {
                    break;
                }
                found.push((distance, entry.data));
            }
            found.retain(|&(_, j)| j as usize != i);
            found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            found.iter().take(k).map(|&(_, j)| j).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_sorting_all() {
        let points: Vec<Coord> =
            (0..200u32).map(|i| Coord::new(f64::from(i * 7919 % 101), f64::from(i * 104_729 % 97))).collect();
        for (i, list) in nearest(&points, 10, &|| false).into_iter().enumerate() {
            let d = |j: usize| (points[i].x - points[j].x).powi(2) + (points[i].y - points[j].y).powi(2);
            let mut all: Vec<usize> = (0..points.len()).filter(|&j| j != i).collect();
            all.sort_by(|&a, &b| d(a).total_cmp(&d(b)).then(a.cmp(&b)));
            let expected: Vec<u32> = all[..10].iter().map(|&j| j as u32).collect();
            assert_eq!(list, expected);
        }
    }

    #[test]
    fn fewer_points_than_asked_for() {
        assert_eq!(nearest(&[Coord::new(0.0, 0.0), Coord::new(1.0, 0.0)], 5, &|| false), vec![vec![1], vec![0]]);
    }
}
