//! Tables of travel times and distances.

use std::collections::HashMap;

use crate::cancel::CancelToken;
use crate::travel::road::RoadError;
use crate::travel::road::hierarchy::{LANES, Lanes, Sweep, Terminal};
use crate::travel::road::label::{Label, NEVER, metres, seconds};
use crate::travel::road::network::Network;
use crate::travel::road::query::spot::Spot;
use crate::travel::{Matrix, MatrixError, ProfileMatrices, UNREACHABLE};

/// The most cells of a table: 2³⁰, eight gigabytes.
const MOST_CELLS: usize = 1 << 30;

/// Travel times and distances from each of some spots to each of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadTable {
    columns: usize,
    labels: Vec<Label>,
    from: Vec<String>,
    to: Vec<String>,
    profile: String,
}

impl RoadTable {
    /// Number of origins and destinations.
    pub fn shape(&self) -> (usize, usize) {
        (self.from.len(), self.columns)
    }

    /// Seconds from an origin to a destination, to the nearest one; `None` if no path leads there.
    ///
    /// # Panics
    ///
    /// If an index lies outside of the [`shape`](Self::shape).
    pub fn duration(&self, from: usize, to: usize) -> Option<i64> {
        self.label(from, to).map(seconds)
    }

    /// Metres along the fastest path, to the nearest one; `None` if no path leads there.
    ///
    /// # Panics
    ///
    /// If an index lies outside of the [`shape`](Self::shape).
    pub fn distance(&self, from: usize, to: usize) -> Option<i64> {
        self.label(from, to).map(metres)
    }

    /// Milliseconds and centimetres, as they are inside; `None` if no path leads there.
    ///
    /// # Panics
    ///
    /// If an index lies outside of the [`shape`](Self::shape).
    pub fn exact(&self, from: usize, to: usize) -> Option<(u64, u64)> {
        use crate::travel::road::label;
        self.label(from, to).map(|found| (label::time(found), label::distance(found)))
    }

    fn label(&self, from: usize, to: usize) -> Option<Label> {
        assert!(to < self.columns, "column {to} of {}", self.columns);
        Some(self.labels[from * self.columns + to]).filter(|&label| label < NEVER)
    }

    /// The pairs that no path joins, by their indices.
    pub fn unreachable(&self) -> impl Iterator<Item = (usize, usize)> {
        let missing = self.labels.iter().enumerate().filter(|(_, label)| **label >= NEVER);
        missing.map(|(cell, _)| (cell / self.columns, cell % self.columns))
    }

    /// An error that names the first pair that no path joins, if there is one.
    pub fn require_reachable(&self) -> Result<(), RoadError> {
        match self.unreachable().next() {
            None => Ok(()),
            Some((from, to)) => Err(RoadError::Unreachable {
                from: self.from[from].clone(),
                to: self.to[to].clone(),
                profile: self.profile.clone(),
            }),
        }
    }

    /// Row-major seconds, and the same for metres; [`UNREACHABLE`](crate::travel::UNREACHABLE) where no path leads.
    pub fn to_rows(&self) -> (Vec<i64>, Vec<i64>) {
        let whole = |of: fn(Label) -> i64| {
            let cell = |&label: &Label| if label < NEVER { of(label) } else { UNREACHABLE };
            self.labels.iter().map(cell).collect()
        };
        (whole(seconds), whole(metres))
    }

    /// The matrices of one travel profile; the table must be square. Unreachable pairs are
    /// [`UNREACHABLE`](crate::travel::UNREACHABLE).
    pub fn to_matrices(&self) -> Result<ProfileMatrices, MatrixError> {
        let (durations, distances) = self.to_rows();
        let size = self.from.len();
        Ok(ProfileMatrices { distance: Matrix::new(size, distances)?, duration: Some(Matrix::new(size, durations)?) })
    }
}

impl Network {
    /// Travel times and distances from each origin to each destination.
    pub fn table(&self, from: &[Spot], to: &[Spot]) -> Result<RoadTable, RoadError> {
        self.table_with(from, to, &CancelToken::new(), &|_| {})
    }

    /// The same; can be cancelled, and tells how many rows are done now and then, from any thread.
    pub fn table_with(
        &self,
        from: &[Spot],
        to: &[Spot],
        cancel: &CancelToken,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<RoadTable, RoadError> {
        let (rows, columns) = (from.len(), to.len());
        if rows.checked_mul(columns).is_none_or(|cells| cells > MOST_CELLS) {
            return Err(RoadError::TooLarge { rows, columns, limit: MOST_CELLS });
        }
        let (graph, times) = (&self.base.graph, &self.weights.times);
        let targets: Vec<Vec<Terminal>> = to.iter().map(|spot| spot.targets(graph, times)).collect();
        let mut on_segment: HashMap<u32, Vec<usize>> = HashMap::new();
        for (column, spot) in to.iter().enumerate() {
            spot.places.iter().for_each(|place| on_segment.entry(place.segment).or_default().push(column));
        }
        let sweep = Sweep::new(&self.base.hierarchy, &self.weights, &targets);
        let job = Job { network: self, from, to, sweep, on_segment, cancel, progress };
        let mut labels = vec![NEVER; rows * columns];
        if columns > 0 {
            job.fill(&mut labels)?;
        }
        let names = |spots: &[Spot]| spots.iter().map(|spot| spot.name.clone()).collect();
        Ok(RoadTable { columns, labels, from: names(from), to: names(to), profile: self.base.profile.name.clone() })
    }
}

/// A table that is being computed.
struct Job<'t> {
    network: &'t Network,
    from: &'t [Spot],
    to: &'t [Spot],
    sweep: Sweep,
    /// The destinations on each segment.
    on_segment: HashMap<u32, Vec<usize>>,
    cancel: &'t CancelToken,
    progress: &'t (dyn Fn(usize) + Sync),
}

impl Job<'_> {
    fn fill(&self, labels: &mut [Label]) -> Result<(), RoadError> {
        let columns = self.to.len();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let block = |lanes: &mut Lanes, (block, rows): (usize, &mut [Label])| {
            if self.cancel.is_cancelled() {
                return Err(RoadError::Cancelled);
            }
            let begin = block * LANES;
            let end = (begin + LANES).min(self.from.len());
            self.rows(lanes, begin..end, rows);
            (self.progress)(done.fetch_add(end - begin, std::sync::atomic::Ordering::Relaxed) + end - begin);
            Ok(())
        };
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;
            let blocks = labels.par_chunks_mut(LANES * columns).enumerate();
            blocks.map_init(Lanes::default, block).collect()
        }
        #[cfg(not(feature = "rayon"))]
        {
            let mut lanes = Lanes::default();
            labels.chunks_mut(LANES * columns).enumerate().try_for_each(|rows| block(&mut lanes, rows))
        }
    }

    fn rows(&self, lanes: &mut Lanes, range: std::ops::Range<usize>, rows: &mut [Label]) {
        let Network { base, weights } = self.network;
        let columns = self.to.len();
        let sources: Vec<Vec<Terminal>> =
            self.from[range.clone()].iter().map(|spot| spot.sources(&base.graph, &weights.times)).collect();
        self.sweep.run(&base.hierarchy, weights, lanes, &sources, |lane, target, label| {
            rows[lane * columns + target] = label;
        });
        // On a common segment, the destination may lie before the origin.
        for (lane, origin) in self.from[range].iter().enumerate() {
            for column in origin.places.iter().filter_map(|place| self.on_segment.get(&place.segment)).flatten() {
                let best = self.network.best(origin, &self.to[*column]);
                rows[lane * columns + column] = best.map_or(NEVER, |best| best.label);
            }
        }
    }
}
