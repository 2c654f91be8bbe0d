//! Series, clean readings, increments.

use std::sync::Arc;

use milkrun::forecast::{
    self as core, CleanParams, CleanReport, Cleaned, Duplicates, Emptying, Emptyings, GapFill, Increments, Regular,
    SeriesSet,
};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Result};
use napi_derive::napi;

use super::{Work, array, indices, later, of_whole, run, unknown, whole};

/// Several series, grouped and in order of time.
#[napi]
pub struct NativeSeries {
    pub(crate) inner: Arc<SeriesSet>,
}

/// Regular series: where the values of each begin and end.
#[napi(object)]
pub struct GridRecord {
    pub starts: Float64Array,
    pub step: i64,
    pub ends: Float64Array,
    pub values: Float64Array,
}

#[napi]
impl NativeSeries {
    /// Series `i` has the rows from `starts[i]` to `starts[i + 1]`.
    #[napi(constructor)]
    pub fn new(names: Vec<String>, starts: Float64Array, times: Float64Array, values: Float64Array) -> Result<Self> {
        let set = run(|| SeriesSet::from_parts(names, indices(&starts), whole(&times), values.to_vec()))?;
        Ok(Self { inner: Arc::new(set) })
    }

    #[napi(getter)]
    pub fn names(&self) -> Vec<String> {
        self.inner.names().to_vec()
    }

    #[napi(getter)]
    pub fn starts(&self) -> Float64Array {
        of_whole(self.inner.starts().iter().map(|&start| start as i64))
    }

    #[napi(getter)]
    pub fn times(&self) -> Float64Array {
        of_whole(self.inner.times().iter().copied())
    }

    #[napi(getter)]
    pub fn values(&self) -> Float64Array {
        array(self.inner.values().iter().copied())
    }

    /// The rows before a time.
    #[napi]
    pub fn before(&self, time: i64) -> Self {
        Self { inner: Arc::new(self.inner.before(time)) }
    }

    /// Means of steps of equal length; `fill` is missing, previous, linear or value.
    #[napi]
    pub fn resample(&self, step: i64, origin: i64, fill: String, value: f64) -> Result<GridRecord> {
        let fill = match fill.as_str() {
            "missing" => GapFill::Missing,
            "previous" => GapFill::Previous,
            "linear" => GapFill::Linear,
            "value" => GapFill::Value(value),
            other => return Err(unknown("fill", other, "\"missing\", \"previous\", \"linear\", or a number")),
        };
        Ok(grid(step, &run(|| core::resample(&self.inner, step, origin, fill))?))
    }
}

fn grid(step: i64, series: &[Regular]) -> GridRecord {
    let mut ends = vec![0.0];
    for one in series {
        ends.push(ends[ends.len() - 1] + one.values.len() as f64);
    }
    GridRecord {
        starts: of_whole(series.iter().map(|one| one.start)),
        step,
        ends: array(ends),
        values: array(series.iter().flat_map(|one| one.values.iter().copied())),
    }
}

/// How readings are cleaned.
#[napi(object)]
pub struct CleanRecord {
    pub full: Option<f64>,
    pub tolerance: Option<f64>,
    pub noise: Option<f64>,
    pub emptying_drop: Option<f64>,
    /// Not a number: spikes are kept.
    pub spike: Option<f64>,
    /// Below zero: sensors are never held to be stuck.
    pub stuck_after: Option<i64>,
    pub max_gap: Option<i64>,
    pub duplicates: Option<String>,
}

impl CleanRecord {
    fn params(self) -> Result<CleanParams> {
        let usual = CleanParams::default();
        Ok(CleanParams {
            full: self.full.unwrap_or(usual.full),
            tolerance: self.tolerance.unwrap_or(usual.tolerance),
            noise: self.noise.unwrap_or(usual.noise),
            emptying_drop: self.emptying_drop.unwrap_or(usual.emptying_drop),
            spike: self.spike.map_or(usual.spike, |spike| (!spike.is_nan()).then_some(spike)),
            stuck_after: self.stuck_after.map_or(usual.stuck_after, |time| (time >= 0).then_some(time)),
            max_gap: self.max_gap.unwrap_or(usual.max_gap),
            duplicates: match self.duplicates.as_deref() {
                None => usual.duplicates,
                Some("first") => Duplicates::First,
                Some("last") => Duplicates::Last,
                Some("mean") => Duplicates::Mean,
                Some(other) => return Err(unknown("duplicates", other, "\"first\", \"last\" or \"mean\"")),
            },
        })
    }
}

/// Readings that can be trusted.
#[napi]
pub struct NativeCleaned {
    pub(crate) inner: Arc<Cleaned>,
}

/// An emptying of a bin.
#[napi(object)]
pub struct EmptyingRecord {
    pub bin: u32,
    pub after: i64,
    pub by: i64,
    pub level_before: f64,
    pub level_after: f64,
    pub given: bool,
}

/// What was wrong with the readings of a bin.
#[napi(object)]
pub struct CleanReportRecord {
    pub rows: u32,
    pub kept: u32,
    pub missing: u32,
    pub duplicates: u32,
    pub out_of_range: u32,
    pub clamped: u32,
    pub spikes: u32,
    pub unexplained_falls: u32,
    pub stuck: Vec<Vec<i64>>,
    pub gaps: Vec<Vec<i64>>,
    pub step: Option<f64>,
}

/// Cleans readings. Emptyings come from falls of the level, or from a table.
#[napi(ts_return_type = "Promise<NativeCleaned>")]
pub fn clean_readings(
    readings: &NativeSeries,
    emptyings: Option<&NativeSeries>,
    params: CleanRecord,
) -> Result<AsyncTask<Work<Cleaned, NativeCleaned>>> {
    let (readings, params) = (readings.inner.clone(), params.params()?);
    let table = emptyings.map(|table| table.inner.clone());
    let job = move || {
        let known = table.as_deref().map_or(Emptyings::Infer, Emptyings::Given);
        core::clean(&readings, known, &params)
    };
    Ok(later(job, |cleaned| NativeCleaned { inner: Arc::new(cleaned) }))
}

#[napi]
impl NativeCleaned {
    #[napi(getter)]
    pub fn readings(&self) -> NativeSeries {
        NativeSeries { inner: Arc::new(self.inner.readings.clone()) }
    }

    #[napi(getter)]
    pub fn full(&self) -> f64 {
        self.inner.params.full
    }

    #[napi]
    pub fn emptyings(&self) -> Vec<EmptyingRecord> {
        let row = |bin: usize, e: &Emptying| EmptyingRecord {
            bin: bin as u32,
            after: e.after,
            by: e.by,
            level_before: e.level_before,
            level_after: e.level_after,
            given: e.given,
        };
        let bins = self.inner.emptyings.iter().enumerate();
        bins.flat_map(|(bin, all)| all.iter().map(move |e| row(bin, e))).collect()
    }

    #[napi]
    pub fn reports(&self) -> Vec<CleanReportRecord> {
        let spans = |all: &[(i64, i64)]| all.iter().map(|&(from, to)| vec![from, to]).collect();
        let row = |r: &CleanReport| CleanReportRecord {
            rows: r.rows as u32,
            kept: r.kept as u32,
            missing: r.missing as u32,
            duplicates: r.duplicates as u32,
            out_of_range: r.out_of_range as u32,
            clamped: r.clamped as u32,
            spikes: r.spikes as u32,
            unexplained_falls: r.unexplained_falls as u32,
            stuck: spans(&r.stuck),
            gaps: spans(&r.gaps),
            step: r.step,
        };
        self.inner.reports.iter().map(row).collect()
    }

    /// By bin: when its level was last known and the level, both not a number where nothing is known.
    #[napi]
    pub fn latest(&self) -> Float64Array {
        let pair = |known: Option<(i64, f64)>| known.map_or([f64::NAN; 2], |(time, level)| [time as f64, level]);
        array(self.inner.latest().into_iter().flat_map(pair))
    }

    /// What went into the bins between readings.
    #[napi]
    pub fn increments(&self) -> Result<NativeIncrements> {
        Ok(NativeIncrements { inner: Arc::new(run(|| Ok(core::increments(&self.inner)))?) })
    }
}

/// What went into bins.
#[napi]
pub struct NativeIncrements {
    pub(crate) inner: Arc<Increments>,
}

/// Increments between visits that found a level.
#[napi]
pub fn visit_increments(visits: &NativeSeries, full: f64) -> Result<NativeIncrements> {
    Ok(NativeIncrements { inner: Arc::new(run(|| core::visit_increments(&visits.inner, full))?) })
}

#[napi]
impl NativeIncrements {
    #[napi(getter)]
    pub fn names(&self) -> Vec<String> {
        self.inner.names.clone()
    }

    /// By row: bin, from, to, amount, and 1 where the bin was full at the end.
    #[napi]
    pub fn rows(&self) -> Float64Array {
        let rows = self.inner.bins.iter().enumerate();
        array(rows.flat_map(|(bin, all)| {
            all.iter().flat_map(move |i| {
                [bin as f64, i.from as f64, i.to as f64, i.amount, if i.censored { 1.0 } else { 0.0 }]
            })
        }))
    }

    /// What is known before a time.
    #[napi]
    pub fn before(&self, time: i64) -> Self {
        Self { inner: Arc::new(self.inner.before(time)) }
    }

    /// How much went into each bin in each step.
    #[napi]
    pub fn per_step(&self, step: i64, origin: i64, min_share: f64) -> Result<GridRecord> {
        Ok(grid(step, &run(|| self.inner.per_step(step, origin, min_share))?))
    }
}
