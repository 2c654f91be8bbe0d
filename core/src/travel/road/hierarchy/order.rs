//! The order in which segments are contracted: nested dissection.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cancel::CancelToken;
use crate::travel::road::hierarchy::cut::Piece;
use crate::travel::road::position::Position;

/// Pieces below this size are not worth a thread of their own.
#[cfg(feature = "rayon")]
const WORTH_A_THREAD: usize = 2_000;

/// What is told, and asked, while pieces are cut.
struct Watch<'w> {
    cancel: &'w CancelToken,
    progress: &'w (dyn Fn(f64) + Sync),
    done: AtomicUsize,
    total: usize,
}

impl Watch<'_> {
    /// Says that so many segments more have their place.
    fn placed(&self, segments: usize) {
        let done = self.done.fetch_add(segments, Ordering::Relaxed) + segments;
        (self.progress)(done as f64 / self.total.max(1) as f64);
    }
}

/// All segments, in the order in which they are contracted: those that separate large parts of the network come last.
/// `states` is the number of states on each segment. Once it is cancelled, the rest is in any order. Tells now and then, from
/// any thread, which share is done.
pub(in crate::travel::road) fn street_order(
    junctions: &[Position],
    (ends, states): (&[[u32; 2]], &[u8]),
    cancel: &CancelToken,
    progress: &(dyn Fn(f64) + Sync),
) -> Vec<u32> {
    let watch = Watch { cancel, progress, done: AtomicUsize::new(0), total: ends.len() };
    // East-west distances shrink towards the poles.
    let middle = junctions.iter().map(|at| f64::from(at.lat) / 1e7).sum::<f64>() / junctions.len().max(1) as f64;
    let shrink = middle.to_radians().cos();
    let at = junctions.iter().map(|at| [(f64::from(at.lon) * shrink / 4.0) as i32, at.lat / 4]).collect();
    let edges = ends.iter().zip(states).enumerate();
    let edges = edges.map(|(segment, (&[u, v], &states))| (u, v, segment as u32, states)).collect();
    let mut order = Vec::with_capacity(ends.len());
    for part in (Piece { at, edges }).connected() {
        order.extend(dissect(part, &watch));
    }
    order
}

/// The order within a connected piece.
fn dissect(piece: Piece, watch: &Watch<'_>) -> Vec<u32> {
    if piece.at.len() <= 2 || watch.cancel.is_cancelled() {
        watch.placed(piece.edges.len());
        return piece.edges.iter().map(|edge| edge.2).collect();
    }
    let (left, right, between) = piece.split();
    watch.placed(between.len());
    let (mut order, rest) = both(left, right, watch);
    order.extend(rest);
    order.extend(between);
    order
}

fn both(left: Piece, right: Piece, watch: &Watch<'_>) -> (Vec<u32>, Vec<u32>) {
    let all = |piece: Piece| piece.connected().into_iter().flat_map(|part| dissect(part, watch)).collect::<Vec<u32>>();
    #[cfg(feature = "rayon")]
    if left.at.len().min(right.at.len()) > WORTH_A_THREAD {
        return rayon::join(|| all(left), || all(right));
    }
    (all(left), all(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_comes_last() {
        // Two squares of streets, joined by one bridge (segment 4).
        let at = [(0, 0), (0, 9), (9, 0), (9, 9), (40, 4), (40, 9), (49, 4), (49, 9)];
        let junctions: Vec<Position> =
            at.iter().map(|&(lon, lat)| Position { lon: lon * 10_000, lat: lat * 10_000 }).collect();
        let ends = [[0, 1], [0, 2], [1, 3], [2, 3], [2, 4], [4, 5], [4, 6], [5, 7], [6, 7]];
        let order = street_order(&junctions, (&ends, &[2; 9]), &CancelToken::new(), &|_| {});
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..9).collect::<Vec<u32>>());
        assert_eq!(order[8], 4, "{order:?}");
    }
}
