//! A progress line on the terminal.

use std::io::{self, IsTerminal as _, Write as _};

use milkrun::Progress;
use milkrun::algorithm::RunsProgress;
use milkrun::units::Cost;

use crate::gap;

/// The line; silent if standard error is not a terminal.
pub(crate) struct ProgressLine {
    shown: bool,
    reference: Option<Cost>,
    drawn: bool,
}

impl ProgressLine {
    /// A line that compares costs with `reference`.
    pub(crate) fn new(quiet: bool, reference: Option<Cost>) -> Self {
        Self { shown: !quiet && Self::possible(), reference, drawn: false }
    }

    /// Whether the line would be visible.
    pub(crate) fn possible() -> bool {
        io::stderr().is_terminal()
    }

    /// Redraws the line.
    pub(crate) fn show(&mut self, progress: &Progress) {
        if self.shown {
            // Return to the first column, and clear the line.
            let _ = write!(io::stderr().lock(), "\r\x1b[2K{}", text(progress, self.reference));
            self.drawn = true;
        }
    }

    /// Removes the line.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

/// A line that counts what is done; silent if standard error is not a terminal.
pub(crate) struct CountLine {
    shown: bool,
    drawn: bool,
}

impl CountLine {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { shown: !quiet && ProgressLine::possible(), drawn: false }
    }

    /// Redraws the line.
    pub(crate) fn show(&mut self, progress: &RunsProgress) {
        if self.shown {
            let (seconds, done, all) = (progress.elapsed.as_secs_f64(), progress.done, progress.searches);
            let _ = write!(io::stderr().lock(), "\r\x1b[2K{seconds:6.1} s  {done} of {all} searches");
            self.drawn = true;
        }
    }

    /// Removes the line.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

/// A line of how many cells of a table are there; silent if standard error is not a terminal.
#[cfg(feature = "roads")]
pub(crate) struct CellsLine {
    shown: bool,
    drawn: std::cell::Cell<bool>,
}

#[cfg(feature = "roads")]
impl CellsLine {
    /// A line that is not drawn yet.
    pub(crate) fn new(quiet: bool) -> Self {
        Self { shown: !quiet && ProgressLine::possible(), drawn: false.into() }
    }

    /// Redraws the line.
    pub(crate) fn show(&self, done: u64, total: u64) {
        if self.shown && done < total {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K{done} of {total} cells");
            self.drawn.set(true);
        }
    }

    /// Removes the line.
    pub(crate) fn clear(&self) {
        if self.drawn.take() {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

fn text(progress: &Progress, reference: Option<Cost>) -> String {
    let seconds = progress.elapsed.as_secs_f64();
    let cost = progress.best_cost.map_or("no feasible plan yet".to_owned(), |cost| format!("cost {cost}"));
    let gap = progress.best_cost.zip(reference).and_then(|(cost, reference)| gap::percent(cost, reference));
    let gap = gap.map_or(String::new(), |gap| format!(" (gap {gap:.2}%)"));
    let unserved = if progress.unserved > 0 { format!(", {} unserved", progress.unserved) } else { String::new() };
    let rate = progress.iterations as f64 / seconds.max(1e-3);
    format!("{seconds:6.1} s  {cost}{gap}  {} routes{unserved}  {} iterations/s", progress.routes, thousands(rate))
}

/// A rate in few characters.
fn thousands(rate: f64) -> String {
    if rate >= 1e6 {
        format!("{:.1}M", rate / 1e6)
    } else if rate >= 1e4 {
        format!("{:.0}k", rate / 1e3)
    } else {
        format!("{rate:.0}")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn line_with_and_without_a_plan() {
        let mut progress = Progress::default();
        progress.elapsed = Duration::from_secs(2);
        progress.iterations = 50_000;
        progress.best_cost = Some(110);
        progress.routes = 4;
        progress.unserved = 0;
        assert_eq!(text(&progress, Some(100)), "   2.0 s  cost 110 (gap 10.00%)  4 routes  25k iterations/s");
        progress.best_cost = None;
        progress.unserved = 3;
        assert_eq!(text(&progress, None), "   2.0 s  no feasible plan yet  4 routes, 3 unserved  25k iterations/s");
    }
}
