//! The feature row of the next reading, from a history that grows reading by reading.

use crate::parallel;
use std::collections::VecDeque;

use super::compute::{Cell, Fading, since};
use super::spec::{Feature, FeatureContext, FeatureSpec};
use super::window::{AnyWindow, REFRESH, RowWindow, Window, with_window};
use super::{calendar, neighbours};
use crate::forecast::SeriesSet;
use crate::forecast::fault::{Checks, ForecastError};
use ndarray::Array2;

/// Features of the next row of each series. It keeps what it needs of the past; a new reading costs as much as one row.
///
/// A row equals what [`features`](super::features) would compute for a reading at that time.
///
/// ```
/// use milkrun::forecast::{Feature, FeatureContext, FeatureSpec, FeatureState, SeriesSet};
///
/// let set = SeriesSet::from_long(&["a"; 2], &[0, 10], &[5.0, 7.0]).unwrap();
/// let spec = FeatureSpec::new([Feature::Lag(1), Feature::Lag(2)]);
/// let mut state = FeatureState::new(&set, &spec, &FeatureContext::default()).unwrap();
/// assert_eq!(state.rows::<f64>(&[20]).unwrap().row(0).to_vec(), [7.0, 5.0]);
/// state.update(0, 20, 9.0).unwrap();
/// assert_eq!(state.rows::<f64>(&[30]).unwrap().row(0).to_vec(), [9.0, 7.0]);
/// ```
#[derive(Clone, Debug)]
pub struct FeatureState {
    spec: FeatureSpec,
    series: Vec<SeriesState>,
    neighbours: Vec<Vec<u32>>,
    keep: Keep,
}

/// The amount of the past that is kept.
#[derive(Clone, Copy, Debug)]
struct Keep {
    rows: usize,
    seconds: i64,
}

#[derive(Clone, Debug)]
struct SeriesState {
    count: usize,
    rows: VecDeque<(i64, f64)>,
    windows: Vec<RowWindow>,
    /// Memories, with the delay after which a row enters, and the number of rows (from the very first) that have
    /// entered.
    memories: Vec<(i64, Fading, usize)>,
    events: Vec<i64>,
}

impl FeatureState {
    /// The state after all rows of a set.
    ///
    /// # Errors
    ///
    /// Every fault of the spec and its context at once.
    pub fn new(set: &SeriesSet, spec: &FeatureSpec, context: &FeatureContext<'_>) -> Result<Self, ForecastError> {
        spec.check(set.len(), context)?;
        let windows: Vec<RowWindow> = spec.features.iter().filter_map(|&f| RowWindow::of(f)).collect();
        let memories: Vec<(i64, Fading, usize)> = spec
            .features
            .iter()
            .filter_map(|f| match *f {
                Feature::SpanEwm { half_life, delay } => Some((delay, Fading::new(half_life), 0)),
                _ => None,
            })
            .collect();
        let keep = Keep {
            rows: windows.iter().map(RowWindow::reach).max().unwrap_or(0) + 1,
            seconds: spec.features.iter().copied().map(Feature::seconds_back).max().unwrap_or(0),
        };
        let series = parallel::map(set.len(), 1, |i| {
            let events = context.events.map_or_else(Vec::new, |events| events[i].clone());
            let (windows, memories) = (windows.clone(), memories.clone());
            let mut state = SeriesState { count: 0, rows: VecDeque::new(), windows, memories, events };
            let series = set.get(i);
            for (&time, &value) in series.times.iter().zip(series.values) {
                state.push(time, value, keep);
            }
            state
        });
        Ok(Self { spec: spec.clone(), series, neighbours: neighbours::lists(spec, context), keep })
    }

    /// Number of series.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether there is no series.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// Adds a reading of a series (by index).
    ///
    /// # Errors
    ///
    /// If there is no such series, the time is before the series' last reading, or the value is infinite.
    pub fn update(&mut self, series: usize, time: i64, value: f64) -> Result<(), ForecastError> {
        let mut checks = Checks::default();
        self.check_time(&mut checks, series, time);
        if value.is_infinite() {
            checks.fault("value", value, "is infinite", "use NaN for missing values");
        }
        checks.finish()?;
        self.series[series].push(time, value, self.keep);
        Ok(())
    }

    /// Adds an event of a series, such as an emptying, for [`Feature::SinceEvent`].
    ///
    /// # Errors
    ///
    /// If there is no such series, or the event is before the one added last.
    pub fn add_event(&mut self, series: usize, time: i64) -> Result<(), ForecastError> {
        let mut checks = Checks::default();
        match self.series.get_mut(series) {
            None => checks.fault("series", series, "does not exist", "give an index of the set"),
            Some(state) if state.events.last().is_some_and(|&last| last > time) => {
                checks.fault("time", time, "is before the last event", "add events in order");
            }
            Some(state) => state.events.push(time),
        }
        checks.finish()
    }

    /// The next row of every series, at the given times: row-major, `[series][column]`.
    ///
    /// # Errors
    ///
    /// If there is not one time for each series, or one is before the series' last reading.
    pub fn rows<T: Cell>(&self, times: &[i64]) -> Result<Array2<T>, ForecastError> {
        let mut checks = Checks::default();
        checks.length("times", times.len(), "series", self.len());
        for (i, &time) in times.iter().enumerate().take(self.len()) {
            self.check_time(&mut checks, i, time);
        }
        checks.finish()?;
        let stride = self.spec.num_columns();
        let rows: Vec<Vec<f64>> = parallel::map(times.len(), 1, |i| self.row(i, times[i]));
        let cells: Vec<T> = rows.into_iter().flatten().map(T::of).collect();
        Ok(Array2::from_shape_vec((self.len(), stride), cells).unwrap_or_default())
    }

    fn check_time(&self, checks: &mut Checks, series: usize, time: i64) {
        let Some(state) = self.series.get(series) else {
            return checks.fault("series", series, "does not exist", "give an index of the set");
        };
        checks.time(format!("times[{series}]"), time);
        if state.rows.back().is_some_and(|last| last.0 > time) {
            let path = format!("times[{series}]");
            checks.fault(path, time, "is before the series' last reading", "give times in ascending order");
        }
    }

    fn row(&self, i: usize, time: i64) -> Vec<f64> {
        let state = &self.series[i];
        let mut out = vec![0.0; self.spec.num_columns()];
        let (mut column, mut window, mut memory) = (0, 0, 0);
        for &feature in &self.spec.features {
            let width = feature.width();
            let cells = &mut out[column..column + width];
            column += width;
            match feature {
                Feature::Span { span, delay, stat } => cells[0] = state.span(time - delay - span, time - delay, stat),
                Feature::SpanEwm { .. } => {
                    cells[0] = state.memory(memory, time);
                    memory += 1;
                }
                Feature::SinceEvent => cells[0] = since(&state.events, time),
                Feature::NeighbourMean { k, delay, max_age } => {
                    cells[0] = neighbours::mean(&self.neighbours[i], k, |other| {
                        self.series[other].latest(time - max_age, time - delay)
                    });
                }
                _ if feature.of_time_only() => calendar::fill(&self.spec, feature, time, cells),
                _ => {
                    cells[0] = state.windows[window].next(state.count);
                    window += 1;
                }
            }
        }
        out
    }
}

impl Feature {
    /// How many seconds a feature may look back from the newest row.
    fn seconds_back(self) -> i64 {
        match self {
            Self::Span { span, delay, .. } => span.saturating_add(delay),
            Self::SpanEwm { delay, .. } => delay,
            Self::NeighbourMean { max_age, .. } => max_age,
            _ => 0,
        }
    }
}

impl RowWindow {
    /// The windows' value for the row with index `row`, whose values have entered.
    fn next(&self, row: usize) -> f64 {
        match row.checked_sub(self.lag) {
            None => f64::NAN,
            Some(newest) => with_window!(&self.phases[newest % self.phases.len()], w => w.value()),
        }
    }
}

impl SeriesState {
    fn push(&mut self, time: i64, value: f64, keep: Keep) {
        self.rows.push_back((time, value));
        self.count += 1;
        // The row to come has the index `count`; the rows that are kept end right before it.
        let (row, kept) = (self.count, self.rows.len());
        for window in &mut self.windows {
            let Some(newest) = row.checked_sub(window.lag) else { continue };
            let full_from = window.width.map_or(usize::MAX, |width| window.lag + width);
            let phase = newest % window.phases.len();
            let at = |index: usize| self.rows[kept - (row - index)].1;
            with_window!(&mut window.phases[phase], w => {
                if row >= full_from {
                    w.exchange(at(newest), at(row - full_from));
                } else {
                    w.enter(at(newest));
                }
            });
            if let ([phase], true) = (window.phases.as_mut_slice(), row % REFRESH == REFRESH - 1)
                && window.width.is_some()
            {
                let first = (row + 1).saturating_sub(full_from);
                with_window!(phase, w => w.refresh(&mut (first..=newest).map(at)));
            }
        }
        let first = self.count - kept;
        for (delay, memory, entered) in &mut self.memories {
            while *entered < self.count && self.rows[*entered - first].0 < time - *delay {
                let (at, value) = self.rows[*entered - first];
                memory.enter(at, value);
                *entered += 1;
            }
        }
        // A second row beyond the bound is kept, since rows of one time enter a memory only with a later one.
        while self.rows.len() > keep.rows && self.rows.get(1).is_some_and(|row| row.0 < time - keep.seconds) {
            self.rows.pop_front();
        }
    }

    fn span(&self, from: i64, until: i64, stat: super::Stat) -> f64 {
        let rows = self.rows.iter().filter(|row| (from..until).contains(&row.0));
        with_window!(AnyWindow::of_stat(stat, 1), mut w => {
            rows.for_each(|row| w.enter(row.1));
            w.value()
        })
    }

    fn memory(&self, index: usize, time: i64) -> f64 {
        let (delay, mut memory, entered) = self.memories[index];
        let first = self.count - self.rows.len();
        for &(at, value) in self.rows.iter().skip(entered - first).take_while(|row| row.0 < time - delay) {
            memory.enter(at, value);
        }
        memory.value()
    }

    fn latest(&self, from: i64, until: i64) -> Option<f64> {
        let known = self.rows.iter().rev().skip_while(|row| row.0 >= until).take_while(|row| row.0 >= from);
        known.map(|row| row.1).find(|value| !value.is_nan())
    }
}
