//! The Hilbert curve (D. Hilbert, 1891, doi:10.1007/BF01199431): points close on the curve are close in the plane.

use crate::geometry::Coord;

/// Bits of each coordinate on the curve's grid.
const ORDER: u32 = 16;

/// The indices of `points` along a Hilbert curve over their bounding box. Ties keep their order.
pub(crate) fn hilbert_order(points: &[Coord]) -> Vec<usize> {
    let (mut low, mut high) = (Coord::new(f64::MAX, f64::MAX), Coord::new(f64::MIN, f64::MIN));
    for p in points {
        low = Coord::new(low.x.min(p.x), low.y.min(p.y));
        high = Coord::new(high.x.max(p.x), high.y.max(p.y));
    }
    let side = (high.x - low.x).max(high.y - low.y).max(f64::MIN_POSITIVE);
    let cell = |value: f64, low: f64| ((value - low) / side * f64::from((1u32 << ORDER) - 1)) as u32;
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_cached_key(|&i| index_of(cell(points[i].x, low.x), cell(points[i].y, low.y)));
    order
}

/// Distance along the curve of the cell `x`, `y`.
fn index_of(mut x: u32, mut y: u32) -> u64 {
    let mut index = 0;
    for bit in (0..ORDER).rev() {
        let (rx, ry) = ((x >> bit) & 1, (y >> bit) & 1);
        index += u64::from((3 * rx) ^ ry) << (2 * bit);
        // Turn the quadrant so that its part of the curve starts in the lower left corner.
        if ry == 0 {
            if rx == 1 {
                let mask = (1 << ORDER) - 1;
                x = mask - x;
                y = mask - y;
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_on_the_curve_are_neighbours_in_the_plane() {
        let points: Vec<Coord> = (0..256).map(|i| Coord::new(f64::from(i % 16), f64::from(i / 16))).collect();
        let order = hilbert_order(&points);
        let mut seen = order.clone();
        seen.sort_unstable();
        assert_eq!(seen, (0..256).collect::<Vec<_>>());
        let length: f64 =
            order.windows(2).map(|w| (points[w[0]].x - points[w[1]].x).hypot(points[w[0]].y - points[w[1]].y)).sum();
        assert!(length < 300.0, "a Hilbert walk over a 16 × 16 grid is hardly longer than 255 steps: {length}");
    }

    #[test]
    fn equal_points_do_no_harm() {
        assert_eq!(hilbert_order(&[Coord::new(1.0, 1.0); 3]), vec![0, 1, 2]);
    }
}
