//! The matrix of a whole history.

use super::moments::Moments;
use super::spec::{Feature, FeatureContext, FeatureSpec};
use super::window::{AnyWindow, REFRESH, RowWindow, Window, with_window};
use super::{calendar, neighbours};
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::{Series, SeriesSet};
use crate::parallel;
use ndarray::Array2;

/// The number type of a matrix: `f32` or `f64`. Everything is computed in `f64`.
pub trait Cell: Copy + Default + Send + Sync + sealed::Sealed + 'static {
    /// The nearest number of this type.
    fn of(value: f64) -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

impl Cell for f32 {
    #[inline]
    fn of(value: f64) -> Self {
        value as Self
    }
}

impl Cell for f64 {
    #[inline]
    fn of(value: f64) -> Self {
        value
    }
}

/// Features by row and column.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FeatureMatrix<T> {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// Row-major, `[row][column]`; rows in the order of [`SeriesSet::times`].
    pub values: Array2<T>,
}

/// Computes features for every row of every series, on all cores.
///
/// ```
/// use milkrun::forecast::{Feature, FeatureContext, FeatureSpec, SeriesSet, Stat, features};
///
/// let set = SeriesSet::from_long(&["a"; 4], &[0, 1, 2, 3], &[10.0, 20.0, 30.0, 40.0]).unwrap();
/// let mean = Feature::Rolling { lag: 1, window: 2, stat: Stat::Mean, min_samples: 1 };
/// let spec = FeatureSpec::new([Feature::Lag(1), mean]);
/// let matrix = features::<f64>(&set, &spec, &FeatureContext::default()).unwrap();
/// assert_eq!(matrix.columns, ["lag1", "rolling_mean_lag1_window2"]);
/// assert_eq!(matrix.values.row(3).to_vec(), [30.0, 25.0]);
/// assert!(matrix.values[[0, 0]].is_nan());
/// ```
///
/// # Errors
///
/// Every fault of the spec and its context at once.
pub fn features<T: Cell>(
    set: &SeriesSet,
    spec: &FeatureSpec,
    context: &FeatureContext<'_>,
) -> Result<FeatureMatrix<T>, ForecastError> {
    spec.check(set.len(), context)?;
    let stride = spec.num_columns();
    let Some(cells) = set.num_rows().checked_mul(stride).filter(|&n| n <= isize::MAX as usize / 8) else {
        let mut checks = Checks::default();
        checks.fault("features", stride, "columns are too many for the number of rows", "take fewer features");
        return checks.finish().map(|()| FeatureMatrix { columns: Vec::new(), values: Array2::default((0, 0)) });
    };
    let mut values = vec![T::default(); cells];
    let plan = Plan::new(set, spec, context);
    let mut rest = values.as_mut_slice();
    let mut blocks = Vec::with_capacity(set.len());
    for i in 0..set.len() {
        let (block, after) = rest.split_at_mut(set.get(i).times.len() * stride);
        blocks.push((i, block));
        rest = after;
    }
    parallel::for_each(blocks, 16, TimeBlock::default, |time, (i, block)| plan.fill(i, block, time));
    let columns = spec.columns();
    // The shape fits by construction.
    let values = Array2::from_shape_vec((set.num_rows(), stride), values).unwrap_or_default();
    Ok(FeatureMatrix { columns, values })
}

/// The features of time of the series done last: series of a panel share their times.
struct TimeBlock<T> {
    of: Option<usize>,
    cells: Vec<T>,
}

impl<T> Default for TimeBlock<T> {
    fn default() -> Self {
        Self { of: None, cells: Vec::new() }
    }
}

/// The computation for each series.
struct Plan<'a> {
    set: &'a SeriesSet,
    spec: &'a FeatureSpec,
    context: &'a FeatureContext<'a>,
    stride: usize,
    /// Column and feature of windows counted in rows.
    rows: Vec<(usize, RowWindow)>,
    /// Columns of mean and standard deviation of one window, which share their sums.
    pairs: Vec<(usize, usize, RowWindow)>,
    /// Columns that depend on the time alone.
    time: Vec<(usize, Feature)>,
    /// All others.
    others: Vec<(usize, Feature)>,
    neighbours: Vec<Vec<u32>>,
}

impl<'a> Plan<'a> {
    fn new(set: &'a SeriesSet, spec: &'a FeatureSpec, context: &'a FeatureContext<'a>) -> Self {
        let neighbours = neighbours::lists(spec, context);
        let stride = spec.num_columns();
        let (rows, pairs, time, others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut plan = Self { set, spec, context, stride, rows, pairs, time, others, neighbours };
        let mut column = 0;
        for &feature in &spec.features {
            if let Some(window) = RowWindow::of(feature) {
                plan.add_rows(column, window);
            } else if feature.of_time_only() {
                plan.time.push((column, feature));
            } else {
                plan.others.push((column, feature));
            }
            column += feature.width();
        }
        plan
    }

    /// Adds a window; a mean and a standard deviation of the same window are paired.
    fn add_rows(&mut self, column: usize, window: RowWindow) {
        let moments = |w: &RowWindow| match w.phases.as_slice() {
            [AnyWindow::Moments(m)] => Some(m.clone()),
            _ => None,
        };
        let partner = self.rows.iter().position(|(_, other)| {
            let same = (other.lag, other.width) == (window.lag, window.width);
            same && moments(other).zip(moments(&window)).is_some_and(|(a, b)| a.is_std() != b.is_std() && a.shares(&b))
        });
        let Some(partner) = partner else { return self.rows.push((column, window)) };
        let (other_column, other) = self.rows.swap_remove(partner);
        if moments(&window).is_some_and(|m| m.is_std()) {
            self.pairs.push((other_column, column, other));
        } else {
            self.pairs.push((column, other_column, window));
        }
    }

    fn fill<T: Cell>(&self, i: usize, out: &mut [T], time: &mut TimeBlock<T>) {
        let series = self.set.get(i);
        if series.times.is_empty() || self.stride == 0 {
            return;
        }
        for (column, window) in &self.rows {
            let column = &mut Column { out, stride: self.stride, at: *column };
            match window.phases.as_slice() {
                [phase] => with_window!(phase.clone(), mut w => {
                    slide(&mut w, window.lag, window.width, series.values, |row, w| column.set(row, w.value()));
                }),
                _ => slide_phases(window, series.values, column),
            }
        }
        for (mean, std, window) in &self.pairs {
            if let [AnyWindow::Moments(moments)] = window.phases.as_slice() {
                self.fill_pair(*mean, *std, window, moments.clone(), series.values, out);
            }
        }
        self.fill_time(i, series, out, time);
        for &(column, feature) in &self.others {
            self.fill_other(i, feature, &mut Column { out, stride: self.stride, at: column });
        }
    }

    fn fill_pair<T: Cell>(
        &self,
        mean: usize,
        std: usize,
        window: &RowWindow,
        mut moments: Moments,
        values: &[f64],
        out: &mut [T],
    ) {
        slide(&mut moments, window.lag, window.width, values, |row, m| {
            let row = &mut out[row * self.stride..(row + 1) * self.stride];
            row[mean] = T::of(if m.enough() { m.mean_value() } else { f64::NAN });
            row[std] = T::of(if m.enough_for_std() { m.std_value() } else { f64::NAN });
        });
    }

    /// Copies the features of time from the series before if it has the same times, else computes them.
    fn fill_time<T: Cell>(&self, i: usize, series: Series<'_>, out: &mut [T], block: &mut TimeBlock<T>) {
        if self.time.is_empty() {
            return;
        }
        let width: usize = self.time.iter().map(|(_, feature)| feature.width()).sum();
        if block.of.is_none_or(|of| self.set.get(of).times != series.times) {
            let mut row = vec![0.0; width];
            block.cells.clear();
            for &time in series.times {
                let mut at = 0;
                for &(_, feature) in &self.time {
                    calendar::fill(self.spec, feature, time, &mut row[at..at + feature.width()]);
                    at += feature.width();
                }
                block.cells.extend(row.iter().map(|&value| T::of(value)));
            }
            block.of = Some(i);
        }
        // Adjacent features are copied as one run.
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        let mut at = 0;
        for &(column, feature) in &self.time {
            match runs.last_mut() {
                Some((from, _, length)) if *from + *length == column => *length += feature.width(),
                _ => runs.push((column, at, feature.width())),
            }
            at += feature.width();
        }
        for (out, cells) in out.chunks_exact_mut(self.stride).zip(block.cells.chunks_exact(width)) {
            for &(column, at, length) in &runs {
                out[column..column + length].copy_from_slice(&cells[at..at + length]);
            }
        }
    }

    fn fill_other<T: Cell>(&self, i: usize, feature: Feature, column: &mut Column<'_, T>) {
        let series = self.set.get(i);
        match feature {
            Feature::Span { span, delay, stat } => with_window!(AnyWindow::of_stat(stat, 1), mut w => {
                slide_span(&mut w, series, span, delay, column);
            }),
            Feature::SpanEwm { half_life, delay } => {
                let mut memory = Fading::new(half_life);
                let mut next = 0;
                for (row, &time) in series.times.iter().enumerate() {
                    while series.times[next] < time - delay {
                        memory.enter(series.times[next], series.values[next]);
                        next += 1;
                    }
                    column.set(row, memory.value());
                }
            }
            Feature::SinceEvent => {
                let events = self.context.events.map_or(&[][..], |events| &events[i]);
                for (row, &time) in series.times.iter().enumerate() {
                    column.set(row, since(events, time));
                }
            }
            Feature::NeighbourMean { .. } => {
                for (row, &time) in series.times.iter().enumerate() {
                    column.set(row, neighbours::of_row(self.set, &self.neighbours[i], feature, time));
                }
            }
            _ => {}
        }
    }
}

/// A column of a row-major block.
struct Column<'a, T> {
    out: &'a mut [T],
    stride: usize,
    at: usize,
}

impl<T: Cell> Column<'_, T> {
    #[inline]
    fn set(&mut self, row: usize, value: f64) {
        self.out[row * self.stride + self.at] = T::of(value);
    }
}

/// Slides a window along the rows.
#[inline]
fn slide<W: Window>(
    window: &mut W,
    lag: usize,
    width: Option<usize>,
    values: &[f64],
    mut write: impl FnMut(usize, &W),
) {
    let n = values.len();
    let full_from = width.map_or(usize::MAX, |width| lag + width);
    for row in 0..lag.min(n) {
        write(row, window);
    }
    for row in lag..full_from.min(n) {
        window.enter(values[row - lag]);
        refresh(window, row, lag, width, values);
        write(row, window);
    }
    // From here on, one value leaves for each that enters.
    let entering = values.get(full_from.saturating_sub(lag)..).unwrap_or_default();
    for (i, (&new, &old)) in entering.iter().zip(values).enumerate().take(n.saturating_sub(full_from)) {
        window.exchange(new, old);
        refresh(window, full_from + i, lag, width, values);
        write(full_from + i, window);
    }
}

/// Recomputes the sums of a window from time to time.
#[inline]
fn refresh<W: Window>(window: &mut W, row: usize, lag: usize, width: Option<usize>, values: &[f64]) {
    if row % REFRESH == REFRESH - 1
        && let Some(width) = width
    {
        let end = row + 1 - lag;
        window.refresh(&mut values[end.saturating_sub(width)..end].iter().copied());
    }
}

/// The same with a window for each phase of a season.
fn slide_phases<T: Cell>(window: &RowWindow, values: &[f64], column: &mut Column<'_, T>) {
    let mut phases = window.phases.clone();
    let full_from = window.width.map_or(usize::MAX, |width| window.lag + width);
    for row in 0..values.len() {
        let Some(newest) = row.checked_sub(window.lag) else {
            column.set(row, f64::NAN);
            continue;
        };
        let phase = newest % phases.len();
        let value = with_window!(&mut phases[phase], w => {
            if row >= full_from {
                w.exchange(values[newest], values[row - full_from]);
            } else {
                w.enter(values[newest]);
            }
            w.value()
        });
        column.set(row, value);
    }
}

fn slide_span<W: Window, T: Cell>(
    window: &mut W,
    series: Series<'_>,
    span: i64,
    delay: i64,
    column: &mut Column<'_, T>,
) {
    let (mut first, mut end) = (0, 0);
    for (row, &time) in series.times.iter().enumerate() {
        while series.times[end] < time - delay {
            window.enter(series.values[end]);
            end += 1;
        }
        while first < end && series.times[first] < time - delay - span {
            window.leave(series.values[first]);
            first += 1;
        }
        if row % REFRESH == REFRESH - 1 {
            window.refresh(&mut series.values[first..end].iter().copied());
        }
        column.set(row, window.value());
    }
}

/// Exponentially fading memory in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fading {
    half_life: f64,
    last: i64,
    sum: f64,
    weight: f64,
}

impl Fading {
    pub(super) fn new(half_life: i64) -> Self {
        Self { half_life: half_life as f64, last: i64::MIN, sum: 0.0, weight: 0.0 }
    }

    pub(super) fn enter(&mut self, time: i64, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.weight > 0.0 {
            let fade = (-((time - self.last) as f64) / self.half_life).exp2();
            self.sum *= fade;
            self.weight *= fade;
        }
        self.last = time;
        self.sum += value;
        self.weight += 1.0;
    }

    pub(super) fn value(&self) -> f64 {
        if self.weight > 0.0 { self.sum / self.weight } else { f64::NAN }
    }
}

/// Days since the last event before `time`; NaN before the first.
pub(super) fn since(events: &[i64], time: i64) -> f64 {
    let last = events[..events.partition_point(|&event| event < time)].last();
    last.map_or(f64::NAN, |event| (time as f64 - *event as f64) / 86_400.0)
}
