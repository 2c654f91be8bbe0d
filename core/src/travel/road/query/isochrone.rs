//! What can be reached within a time.

use geo::{Buffer, MultiLineString, MultiPolygon, SimplifyVwPreserve};

use crate::geometry::{Area, Coord};
use crate::travel::road::RoadError;
use crate::travel::road::hierarchy::{Dijkstra, Terminal};
use crate::travel::road::label::{label, time};
use crate::travel::road::network::Network;
use crate::travel::road::position::{Plane, Position};
use crate::travel::road::query::spot::Spot;

/// How far from a reached street the area extends, in metres, unless it is said otherwise.
pub const REACH: f64 = 40.0;

impl Network {
    /// The area that is reached within `seconds` from a spot: all that lies within `reach` metres ([`REACH`]) of a part of a
    /// street at which a vehicle arrives in time.
    ///
    /// Streets are exact: the last one is followed as far as the time lasts. The rim is simplified to a tenth of the
    /// reach.
    pub fn isochrone(&self, from: &Spot, seconds: u32, reach: f64) -> Result<Area, RoadError> {
        if !(1.0..=5000.0).contains(&reach) {
            let remedy = "write metres, from 1 to 5,000";
            return Err(RoadError::Argument { what: "reach".to_owned(), value: reach.to_string(), remedy });
        }
        if seconds > 24 * 3600 {
            let remedy = "write at most 86,400 seconds";
            return Err(RoadError::Argument { what: "seconds".to_owned(), value: seconds.to_string(), remedy });
        }
        let Some(middle) = Position::new(from.on_street().x, from.on_street().y) else { return Ok(Area::default()) };
        let plane = Plane::around(middle);
        let lines = self.reached(from, seconds, &plane);
        let around: MultiPolygon = MultiLineString::new(lines).buffer(reach);
        let rim = around.simplify_vw_preserve((reach / 10.0).powi(2));
        let coord = |at: &geo::Coord| plane.lift([at.x, at.y]).coord();
        let ring = |line: &geo::LineString| line.0.iter().map(coord).collect::<Vec<Coord>>();
        let polygon = |polygon: &geo::Polygon| {
            std::iter::once(ring(polygon.exterior())).chain(polygon.interiors().iter().map(ring)).collect()
        };
        Ok(Area { polygons: rim.0.iter().map(polygon).collect() })
    }

    /// The parts of streets that are reached, in metres around the plane's origin.
    fn reached(&self, from: &Spot, seconds: u32, plane: &Plane) -> Vec<geo::LineString> {
        let (graph, times) = (&self.base.graph, &self.weights.times);
        let limit = label(seconds * 1000, 0);
        let sources: Vec<Terminal> = from.sources(graph, times);
        let found = Dijkstra::within(graph, times, &sources, limit);
        let mut lines = Vec::new();
        // The best share of each street that is reached: from its begin, or from where the spot is.
        let mut add = |street: u32, begin: f64, share: f64| {
            let points = self.base.geometry.line(street / 2).map(|at| plane.project(at));
            let points: Vec<[f64; 2]> = if street & 1 == 0 { points.collect() } else { points.rev().collect() };
            lines.push(cut(&points, begin, share));
        };
        for (street, behind, _) in from.streets() {
            if let Some(state) = graph.states(street).next() {
                let whole = f64::from(times[state as usize]).max(1.0);
                add(street, behind, (behind + f64::from(seconds) * 1000.0 / whole).min(1.0));
            }
        }
        for (&state, &end) in &found.reached {
            if sources.iter().any(|source| source.state == state && source.part == end) {
                continue;
            }
            let whole = u64::from(times[state as usize].max(1));
            let entered = time(end).saturating_sub(whole);
            let left = u64::from(seconds) * 1000;
            if entered < left {
                add(graph.street[state as usize], 0.0, ((left - entered) as f64 / whole as f64).min(1.0));
            }
        }
        lines
    }
}

/// The part of a line between two shares of its length.
fn cut(points: &[[f64; 2]], begin: f64, end: f64) -> geo::LineString {
    let length = |a: [f64; 2], b: [f64; 2]| (b[0] - a[0]).hypot(b[1] - a[1]);
    let total: f64 = points.windows(2).map(|pair| length(pair[0], pair[1])).sum();
    let (begin, end) = (begin * total, end * total);
    let mut before = 0.0;
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for pair in points.windows(2) {
        let piece = length(pair[0], pair[1]);
        if before + piece >= begin && before <= end && piece > 0.0 {
            for along in [begin, end] {
                let share = ((along - before) / piece).clamp(0.0, 1.0);
                let at = |axis: usize| pair[0][axis] + share * (pair[1][axis] - pair[0][axis]);
                kept.push((at(0), at(1)));
            }
        }
        before += piece;
    }
    kept.dedup();
    if kept.is_empty() {
        kept.push((points[0][0], points[0][1]));
    }
    if kept.len() == 1 {
        kept.push(kept[0]);
    }
    kept.into()
}
