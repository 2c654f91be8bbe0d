//! Tables that are at hand already.

use std::collections::HashMap;

use super::{
    Leg, PointProblem, SourceError, SourcePoint, SourceProgress, SourceRun, TableRequest, TravelBlock, TravelSource,
    TravelTable,
};
use crate::geometry::Coord;
use crate::travel::UNREACHABLE;

/// Arrays that were computed elsewhere, for points that are recognised by their coordinates.
#[derive(Clone, Debug)]
pub struct GivenTable {
    label: String,
    coords: Vec<Coord>,
    /// The first point at some coordinates.
    index: HashMap<[u64; 2], usize>,
    table: TravelTable,
}

/// Arrays that do not belong to the points.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{points} points were given with {distances} × {distances} distances and {durations} × {durations} durations: \
     all three must be of one size"
)]
pub struct GivenTableError {
    /// Number of points.
    pub points: usize,
    /// Rows of the distances.
    pub distances: usize,
    /// Rows of the durations.
    pub durations: usize,
}

impl GivenTable {
    /// Arrays among points at `coords`; the label says where they come from.
    ///
    /// A request's point is the given one of the same index where the coordinates agree, else the first one at exactly
    /// these coordinates.
    pub fn new(label: impl Into<String>, coords: Vec<Coord>, table: TravelTable) -> Result<Self, GivenTableError> {
        let (points, distances, durations) = (coords.len(), table.distance.size(), table.duration.size());
        if distances != points || durations != points {
            return Err(GivenTableError { points, distances, durations });
        }
        let mut index = HashMap::new();
        for (i, &coord) in coords.iter().enumerate() {
            index.entry(bits(coord)).or_insert(i);
        }
        Ok(Self { label: label.into(), coords, index, table })
    }

    /// The given points that these of a request are.
    fn find(
        &self,
        points: &[SourcePoint],
        used: impl Iterator<Item = usize>,
    ) -> Result<HashMap<usize, usize>, SourceError> {
        let mut found = HashMap::new();
        let mut unknown = Vec::new();
        for i in used {
            let coord = points[i].coord;
            let same = self.coords.get(i).is_some_and(|&given| bits(given) == bits(coord)).then_some(i);
            match same.or_else(|| self.index.get(&bits(coord)).copied()) {
                Some(given) => drop(found.insert(i, given)),
                None => unknown.push((i, PointProblem::Unknown(coord))),
            }
        }
        unknown.sort_by_key(|&(index, _)| index);
        unknown.dedup_by_key(|&mut (index, _)| index);
        SourceError::of_points(self.name(), points, unknown)?;
        Ok(found)
    }
}

/// The exact coordinates; zero has one sign.
fn bits(coord: Coord) -> [u64; 2] {
    [coord.x + 0.0, coord.y + 0.0].map(f64::to_bits)
}

impl TravelSource for GivenTable {
    fn name(&self) -> &'static str {
        "given table"
    }

    fn describe(&self) -> String {
        format!("given arrays of {} points: {}", self.coords.len(), self.label)
    }

    fn identity(&self) -> String {
        format!("given; {}", self.label)
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        request.check(self.name())?;
        request.run.check(self.name())?;
        let given = self.find(request.points, request.origins.iter().chain(request.destinations).copied())?;
        let mut block = TravelBlock::new(request.origins.len(), request.destinations.len());
        for (row, from) in request.origins.iter().enumerate() {
            for (column, to) in request.destinations.iter().enumerate() {
                let (i, j) = (given[from], given[to]);
                let (distance, duration) = (self.table.distance.get(i, j), self.table.duration.get(i, j));
                if distance < UNREACHABLE && duration < UNREACHABLE {
                    let set = block.set(row, column, Some((distance as f64, duration as f64)));
                    debug_assert_eq!(set, Ok(()), "a matrix holds only what a block can");
                }
            }
        }
        (request.run.progress)(SourceProgress { done: request.cells(), total: request.cells() });
        Ok(block)
    }

    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        run.check(self.name())?;
        super::check_points(self.name(), points)?;
        let given = self.find(points, 0..points.len())?;
        let cell = |i: usize| {
            let (from, to) = (given[&i], given[&(i + 1)]);
            (self.table.distance.get(from, to), self.table.duration.get(from, to))
        };
        let count = points.len().saturating_sub(1);
        let is_closed = |&i: &usize| cell(i).0.max(cell(i).1) >= UNREACHABLE;
        SourceError::of_pairs(self.name(), points, (0..count).filter(is_closed).map(|i| (i, i + 1)))?;
        let leg = |i: usize| {
            let (distance, duration) = cell(i);
            Leg { distance, duration, geometry: vec![points[i].coord, points[i + 1].coord] }
        };
        Ok((0..count).map(leg).collect())
    }
}
