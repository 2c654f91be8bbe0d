//! Reads tables of readings, cleans them and fits models.

use std::path::Path;

use milkrun::forecast::{
    BinState, Cleaned, EmpiricalIncrements, EmpiricalParams, Emptyings, FillModel, ForecastError, GammaParams,
    GammaProcess, Increments, SeriesSet, TableColumns, clean, format_time, increments, read_table,
};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::forecast_args::{Meaning, Model};
use crate::input;
use crate::output::log;

/// Cleaned readings, and their increments.
pub(crate) struct CleanedReadings {
    pub(crate) cleaned: Cleaned,
    pub(crate) increments: Increments,
}

/// The first faults of a forecast's input, one per line.
pub(crate) fn faults(place: &str, error: &ForecastError) -> Failure {
    const SHOWN: usize = 50;
    let mut lines: Vec<String> = error.faults.iter().take(SHOWN).map(|fault| format!("{place}{fault}")).collect();
    let more = error.faults.len().saturating_sub(SHOWN) + error.omitted;
    if more > 0 {
        lines.push(format!("{place}… and {more} more"));
    }
    Failure::Input(lines)
}

/// Reads a table of readings.
pub(crate) fn table(path: &Path, columns: Option<&TableColumns>) -> Result<SeriesSet, Failure> {
    let set = moments(path, columns)?;
    if set.values().iter().all(|value| value.is_nan()) {
        return Err(Failure::input(format!(
            "{}: no reading has a value; name the value's column value, or give its name with --columns",
            input::shown(path)
        )));
    }
    Ok(set)
}

/// Reads a table whose values may be missing.
fn moments(path: &Path, columns: Option<&TableColumns>) -> Result<SeriesSet, Failure> {
    let content = input::bytes(path)?;
    let columns = columns.cloned().unwrap_or_default();
    let set = read_table(&content, &columns).map_err(|error| faults(&format!("{}: ", input::shown(path)), &error))?;
    if set.is_empty() {
        return Err(Failure::input(format!("{}: there are no readings; give one line for each", input::shown(path))));
    }
    Ok(set)
}

/// Reads and cleans readings.
pub(crate) fn read(path: &Path, meaning: &Meaning) -> Result<CleanedReadings, Failure> {
    let set = table(path, meaning.columns.as_ref())?;
    let given = meaning.emptyings.as_deref().map(|path| moments(path, None)).transpose()?;
    let known = given.as_ref().map_or(Emptyings::Infer, Emptyings::Given);
    let cleaned = clean(&set, known, &meaning.clean_params()).map_err(|error| faults("", &error))?;
    if let Some(warning) = unit_warning(&set, meaning.full) {
        log(&warning);
    }
    let increments = increments(&cleaned);
    Ok(CleanedReadings { cleaned, increments })
}

/// A warning if the level of a full bin is far above all readings, for example if levels are fractions and full is in
/// percent.
fn unit_warning(set: &SeriesSet, full: f64) -> Option<String> {
    let highest = set.values().iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    (highest > 0.0 && highest <= full / 50.0).then(|| {
        format!(
            "warning: no level exceeds {highest}, but a full bin has {full}; if levels have another unit, give --full"
        )
    })
}

/// Fits a model to increments.
pub(crate) fn fit(model: Model, increments: &Increments) -> Result<Box<dyn FillModel>, ForecastError> {
    Ok(match model {
        Model::Empirical => Box::new(EmpiricalIncrements::fit(increments, &EmpiricalParams::default())?),
        Model::Gamma => Box::new(GammaProcess::fit(increments, &GammaParams::default())?),
    })
}

impl CleanedReadings {
    pub(crate) fn model(&self, model: Model) -> Result<Box<dyn FillModel>, Failure> {
        fit(model, &self.increments).map_err(|error| faults("the readings: ", &error))
    }

    /// The last known level of each bin.
    pub(crate) fn states(&self) -> Vec<Option<BinState>> {
        let state = |known: Option<(i64, f64)>| known.map(|(time, level)| BinState { time, level });
        self.cleaned.latest().into_iter().map(state).collect()
    }

    /// The present time: `given` by the named option, or that of the last reading.
    ///
    /// # Errors
    ///
    /// If it is before some readings, which would then come from the future.
    pub(crate) fn now(&self, option: &str, given: Option<i64>) -> Result<i64, Failure> {
        let last = self.last();
        match given {
            Some(now) if now < last => Err(Failure::input(format!(
                "{option} {}: the last reading is of {}; give that or a later time, or remove later readings",
                format_time(now),
                format_time(last)
            ))),
            _ => Ok(given.unwrap_or(last)),
        }
    }

    /// The time of the very last reading.
    pub(crate) fn last(&self) -> i64 {
        self.states().iter().flatten().map(|state| state.time).max().unwrap_or(0)
    }

    /// A summary of the readings' faults, in one line.
    pub(crate) fn summary(&self) -> String {
        let reports = &self.cleaned.reports;
        let sum = |of: &dyn Fn(&milkrun::forecast::CleanReport) -> usize| reports.iter().map(of).sum::<usize>();
        let emptyings: usize = self.cleaned.emptyings.iter().map(Vec::len).sum();
        let counts = [
            (sum(&|r| r.missing), "missing"),
            (sum(&|r| r.duplicates), "doubled"),
            (sum(&|r| r.out_of_range), "out of range"),
            (sum(&|r| r.spikes), "spikes"),
            (sum(&|r| r.stuck.len()), "times stuck"),
            (sum(&|r| r.gaps.len()), "gaps"),
            (sum(&|r| r.unexplained_falls), "unexplained falls"),
        ];
        let faults = counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
        let faults = faults.collect::<Vec<_>>().join(", ");
        format!(
            "{} bins, {} readings ({} kept{}{faults}), {emptyings} emptyings",
            reports.len(),
            sum(&|r| r.rows),
            sum(&|r| r.kept),
            if faults.is_empty() { "" } else { "; " },
        )
    }

    /// The readings' faults, bin by bin.
    pub(crate) fn report(&self) -> Value {
        let reports = self.cleaned.reports.iter().zip(self.cleaned.readings.names()).zip(&self.cleaned.emptyings);
        reports
            .map(|((r, name), emptyings)| {
                json!({
                    "id": name, "rows": r.rows, "kept": r.kept, "missing": r.missing, "duplicates": r.duplicates,
                    "out_of_range": r.out_of_range, "clamped": r.clamped, "spikes": r.spikes, "stuck": r.stuck,
                    "gaps": r.gaps, "unexplained_falls": r.unexplained_falls, "step": r.step,
                    "emptyings": emptyings.len(),
                })
            })
            .collect()
    }
}
