//! What leaves milkrun for people and other programs: pages, sheets, files.

use std::path::Path;

use milkrun::explain::{ExplainParams, Explanation, explain_with};
use milkrun::io::geojson::Along;
use milkrun::{CancelToken, Plan, Problem, Travel};
use milkrun_report::{Handout, Report, ReportError, ReportOptions};

use crate::failure::Failure;
use crate::handout_args::HandoutArgs;
use crate::input::Instance;
use crate::output::Target;

/// What is written, in the order of [`HandoutArgs::outputs`].
const KINDS: [Handout; 5] = [Handout::DayPage, Handout::DriverSheets, Handout::Gpx, Handout::Csv, Handout::Ical];

/// What is written, and how.
pub(crate) struct Handouts {
    targets: [Option<Target>; 5],
    options: ReportOptions,
    explain_limit: std::time::Duration,
}

impl Handouts {
    /// What the command line asks for, with the places that were prepared for it, in the order of [`HandoutArgs::outputs`].
    pub(crate) fn new(args: &HandoutArgs, targets: [Option<Target>; 5]) -> Self {
        Self { targets, options: args.options(), explain_limit: args.explain_limit }
    }

    /// Says what load dimensions are called where the command line does not.
    pub(crate) fn or_loads(mut self, loads: &[&str]) -> Self {
        if self.options.loads.is_empty() {
            self.options.loads = loads.iter().map(|name| (*name).to_owned()).collect();
        }
        self
    }

    /// Whether one of them goes to standard output.
    pub(crate) fn use_stdout(&self) -> bool {
        self.targets.iter().any(|target| matches!(target, Some(Target::Stdout)))
    }

    /// Says what coordinates, times and loads of an instance mean, and its day, as far as its file tells.
    pub(crate) fn of(mut self, instance: &Instance) -> Self {
        self = self.or_loads(&instance.loads);
        // The origin of a problem says its day better than a table.
        let day = instance.day.clone().filter(|_| instance.problem.origin().is_none());
        self.options.date = self.options.date.or(day);
        if instance.roads.is_some() {
            self.options.geographic = Some(true);
        }
        if instance.rounding.is_some() {
            // Benchmark files have times and matrices in any unit.
            self.options.clock = Some(false);
            if matches!(instance.problem.travel(), Travel::Matrices(_)) {
                self.options.geographic = Some(false);
            }
        }
        self
    }

    /// Refuses what cannot be written for the problem: better now than after an hour of search.
    pub(crate) fn check(&self, problem: &Problem) -> Result<(), Failure> {
        if self.targets.iter().all(Option::is_none) {
            return Ok(());
        }
        let plan = Plan::empty(problem);
        let options = ReportOptions { route: None, ..self.options.clone() };
        let report = Report::new(problem, &plan, &options).map_err(|error| failure(&error))?;
        let [_, _, gpx, _, ical] = &self.targets;
        let found = [gpx.as_ref().map(|_| report.gpx()), ical.as_ref().map(|_| report.ical())];
        let faults: Vec<String> =
            found.into_iter().flatten().filter_map(|made| Some(made.err()?.to_string())).collect();
        if faults.is_empty() { Ok(()) } else { Err(Failure::Input(faults)) }
    }

    /// Makes all of them, then writes all of them.
    pub(crate) fn write(&self, problem: &Problem, plan: &Plan, along: Option<&Along<'_>>) -> Result<(), Failure> {
        if self.targets.iter().all(Option::is_none) {
            return Ok(());
        }
        let explanations = if self.targets[0].is_some() { self.explanations(problem, plan) } else { Vec::new() };
        let mut report = Report::new(problem, plan, &self.options).map_err(|error| failure(&error))?;
        report = report.explained(&explanations);
        if let Some(along) = along {
            report = report.along(along);
        }
        let made = self.targets.iter().zip(KINDS);
        let made = made.filter_map(|(target, kind)| Some((target.as_ref()?, report.write(kind))));
        let made: Vec<(&Target, Result<String, ReportError>)> = made.collect();
        for (_, text) in &made {
            text.as_ref().map_err(failure)?;
        }
        for (target, text) in made {
            target.write(&text.map_err(|error| failure(&error))?)?;
        }
        Ok(())
    }

    /// Why what is unserved is so, as far as the limit allows.
    fn explanations(&self, problem: &Problem, plan: &Plan) -> Vec<Explanation> {
        if plan.unserved().is_empty() || self.explain_limit.is_zero() {
            return Vec::new();
        }
        let params = ExplainParams { max_runtime: Some(self.explain_limit) };
        explain_with(problem, plan, &params, &CancelToken::new()).explanations
    }
}

fn failure(error: &ReportError) -> Failure {
    Failure::input(error.to_string())
}

/// Opens a page in the browser; if that fails, says why.
pub(crate) fn open(page: &Path) -> Result<(), String> {
    let page = std::fs::canonicalize(page).unwrap_or_else(|_| page.to_owned());
    open::that_detached(page).map_err(|error| error.to_string())
}
