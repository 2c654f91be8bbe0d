//! Which segments are near a point.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::travel::road::graph::Geometry;
use crate::travel::road::position::{Plane, Position};

/// The first radius in which segments are looked for, in metres.
const FIRST_RADIUS: f64 = 60.0;

/// Segments by their bounding boxes, in units of 10⁻⁷ degrees.
#[derive(Debug)]
pub(in crate::travel::road) struct Index(RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>);

/// The point of a segment that is nearest to a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Foot {
    pub(super) segment: u32,
    /// Metres from the position.
    pub(super) away: f64,
    /// The share of the segment's length that lies before it.
    pub(super) along: f64,
    pub(super) at: Position,
    /// Whether the position lies to the right of the segment, as its geometry runs.
    pub(super) is_right: bool,
}

impl Index {
    pub(in crate::travel::road) fn new(geometry: &Geometry) -> Self {
        let boxes = (0..geometry.num_segments() as u32).map(|segment| {
            let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
            for position in geometry.line(segment) {
                let at = [f64::from(position.lon), f64::from(position.lat)];
                low = [low[0].min(at[0]), low[1].min(at[1])];
                high = [high[0].max(at[0]), high[1].max(at[1])];
            }
            GeomWithData::new(Rectangle::from_corners(low, high), segment)
        });
        Self(RTree::bulk_load(boxes.collect()))
    }

    /// The segments that come within `limit` metres of a position, nearest first, then by number: at least the nearest
    /// one, and all others that are at most `slack` metres farther than it.
    pub(super) fn near(&self, geometry: &Geometry, at: Position, limit: f64, slack: f64) -> Vec<Foot> {
        let plane = Plane::around(at);
        let mut radius = FIRST_RADIUS.min(limit);
        loop {
            let [east, north] = plane.units(radius + slack);
            let centre = [f64::from(at.lon), f64::from(at.lat)];
            let around =
                AABB::from_corners([centre[0] - east, centre[1] - north], [centre[0] + east, centre[1] + north]);
            let boxes = self.0.locate_in_envelope_intersecting(around);
            let mut feet: Vec<Foot> = boxes.map(|entry| foot(geometry, entry.data, &plane)).collect();
            feet.sort_by(|a, b| a.away.total_cmp(&b.away).then(a.segment.cmp(&b.segment)));
            // What is within the radius is complete; beyond it, nearer ones may be missing.
            match feet.first() {
                Some(first) if first.away <= radius => {
                    let farthest = first.away + slack;
                    feet.retain(|foot| foot.away <= farthest);
                    return feet;
                }
                _ if radius >= limit => return Vec::new(),
                _ => radius = (radius * 4.0).min(limit),
            }
        }
    }
}

/// The foot of the plane's origin on a segment.
fn foot(geometry: &Geometry, segment: u32, plane: &Plane) -> Foot {
    let points: Vec<[f64; 2]> = geometry.line(segment).map(|position| plane.project(position)).collect();
    let (mut best, mut before) = ((f64::MAX, 0.0, [0.0; 2], false), 0.0);
    for pair in points.windows(2) {
        let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
        let (dx, dy) = (bx - ax, by - ay);
        let squared = dx * dx + dy * dy;
        let share = if squared > 0.0 { (-(ax * dx + ay * dy) / squared).clamp(0.0, 1.0) } else { 0.0 };
        let at = [ax + share * dx, ay + share * dy];
        let away = at[0].hypot(at[1]);
        let length = squared.sqrt();
        if away < best.0 {
            // Of the vectors along the piece and to the origin, the sign of the cross product tells the side.
            best = (away, before + share * length, at, dx * -at[1] - dy * -at[0] < 0.0);
        }
        before += length;
    }
    let along = if before > 0.0 { (best.1 / before).clamp(0.0, 1.0) } else { 0.0 };
    Foot { segment, away: best.0, along, at: plane.lift(best.2), is_right: best.3 }
}
