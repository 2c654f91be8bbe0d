//! What is printed while steps run, and afterwards. A step's output goes to a file, and is shown if the step fails.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Outcome;
use super::count::{Count, closing_lines};
use super::steps::Step;
use crate::shell::{print_to, target, tell};

/// How often a step that is still running says so.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);
/// So many lines of a failed step are shown: the end, where the fault is.
const SHOWN: usize = 2_000;

/// The steps that are over.
pub(super) struct Report {
    folder: PathBuf,
    names: Vec<&'static str>,
    over: Mutex<BTreeMap<&'static str, (Outcome, f64)>>,
    start: Instant,
}

impl Report {
    /// A report of the steps, whose output goes to files below the target folder.
    pub(super) fn new<'a>(steps: impl Iterator<Item = &'a Step>) -> Result<Self, String> {
        let folder = target().join("xtask");
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let names = steps.map(|step| step.name).collect();
        Ok(Self { folder, names, over: Mutex::default(), start: Instant::now() })
    }

    /// Runs a step, and tells how it ended.
    pub(super) fn run(&self, step: &Step) {
        let start = Instant::now();
        let path = self.folder.join(format!("{}.log", step.name.replace([' ', ','], "-")));
        let outcome = match step.needs.filter(|needed| self.has_failed(needed)) {
            Some(needed) => Err(format!("not run, as this failed: {needed}")),
            None => work(step, &path, start),
        };
        let seconds = start.elapsed().as_secs_f64();
        // Several lines that belong together: other lanes wait.
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let log = fs::read_to_string(&path).unwrap_or_default();
        match &outcome {
            Ok(_) => tell(&format!("{:<26} {seconds:>7.1} s  ok", step.name)),
            Err(fault) if fault.starts_with("not run") => tell(&format!("{:<26} {fault}", step.name)),
            Err(fault) => {
                tell(&format!("\n── {}", step.name));
                show_end(&log, &path);
                tell(&format!("{:<26} {seconds:>7.1} s  FAILED: {fault}", step.name));
            }
        }
        if outcome.is_ok() {
            closing_lines(&log).for_each(|line| tell(&line));
        }
        over.insert(step.name, (outcome, seconds));
    }

    fn has_failed(&self, name: &str) -> bool {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        over.get(name).is_some_and(|(outcome, _)| outcome.is_err())
    }

    /// Closes with a table of all steps.
    pub(super) fn close(self) -> Result<(), String> {
        let over = self.over.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut total = Count::default();
        let mut failed = 0;
        tell("\n── summary");
        for name in &self.names {
            let Some((outcome, seconds)) = over.get(name) else { continue };
            let word = match outcome {
                Ok(None) => "ok".to_owned(),
                Ok(Some(count)) => {
                    total += *count;
                    format!("ok: {} tests", count.passed)
                }
                Err(fault) => {
                    failed += 1;
                    format!("FAILED: {fault}")
                }
            };
            tell(&format!("{name:<26} {seconds:>7.1} s  {word}"));
        }
        tell(&format!(
            "{} tests passed, {} ignored, {failed} of {} steps failed, {:.0} s",
            total.passed,
            total.ignored,
            over.len(),
            self.start.elapsed().as_secs_f64()
        ));
        if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} steps failed", over.len())) }
    }
}

/// Does a step's work, and says every minute that it goes on.
fn work(step: &Step, path: &Path, start: Instant) -> Outcome {
    let _ = fs::remove_file(path);
    let log = File::options().create(true).append(true).open(path);
    print_to(Some(log.map_err(|error| format!("{}: {error}", path.display()))?));
    let (ended, is_over) = channel::<()>();
    let outcome = thread::scope(|scope| {
        scope.spawn(move || {
            while is_over.recv_timeout(SIGN_OF_LIFE) == Err(RecvTimeoutError::Timeout) {
                tell(&format!("{:<26} {:>7.1} s  is still running", step.name, start.elapsed().as_secs_f64()));
            }
        });
        let outcome = (step.work)();
        drop(ended);
        outcome
    });
    print_to(None);
    outcome
}

/// Shows the end of a log.
fn show_end(log: &str, path: &Path) {
    let lines: Vec<&str> = log.lines().collect();
    let hidden = lines.len().saturating_sub(SHOWN);
    if hidden > 0 {
        tell(&format!("({hidden} lines before these are in {})", path.display()));
    }
    lines[hidden..].iter().for_each(|line| tell(line));
}
