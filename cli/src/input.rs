//! Reading problems and plans.

use std::borrow::Cow;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use milkrun::io::geojson::Along;
use milkrun::io::json::ReportedPlan;
use milkrun::io::{Format, geojson, json, solution};
use milkrun::units::Clock;
use milkrun::{Goal, Measure, Plan, Problem, Rounding};

use crate::failure::Failure;
use crate::output;
use crate::streets::Roads;

/// A problem, and how its file was understood.
pub(crate) struct Instance {
    pub(crate) problem: Problem,
    pub(crate) kind: Cow<'static, str>,
    /// `None` where the file holds integers of its own (JSON).
    pub(crate) rounding: Option<Rounding>,
    /// The streets, where travel is along them.
    pub(crate) roads: Option<Roads>,
    /// The units of its load dimensions, as far as tables say them.
    pub(crate) loads: Vec<&'static str>,
    /// The day that tables were read for.
    pub(crate) day: Option<String>,
}

impl Instance {
    /// An instance of a file that says neither units of loads nor a day.
    fn of_file(problem: Problem, kind: Cow<'static, str>, rounding: Option<Rounding>, roads: Option<Roads>) -> Self {
        Self { problem, kind, rounding, roads, loads: Vec::new(), day: None }
    }

    /// The instance, with fewer vehicles before less cost where that is asked for and not its goal already.
    pub(crate) fn with_vehicles_first(mut self, asked: bool) -> Result<Self, Failure> {
        let fewest = Goal::ranked(Measure::Vehicles);
        if asked && !self.problem.goals().contains(&fewest) {
            let mut builder = self.problem.to_builder();
            builder.add_goal(fewest);
            self.problem = builder.build().map_err(|error| Failure::input(error.to_string()))?;
        }
        Ok(self)
    }

    /// A map of a plan for the problem as it is, or as it has become.
    pub(crate) fn map(&self, problem: &Problem, plan: &Plan) -> String {
        match self.along() {
            Some(along) => geojson::write_plan_along(problem, plan, &*along),
            None => geojson::write_plan(problem, plan),
        }
    }

    /// What knows the streets, where travel is along them.
    pub(crate) fn along(&self) -> Option<Box<Along<'_>>> {
        self.roads.as_ref().map(Roads::lines)
    }

    /// How its times become times of day: those of benchmark files have any unit.
    pub(crate) fn clock(&self) -> Option<Clock> {
        if self.rounding.is_some() { None } else { self.problem.clock() }
    }

    /// The factor by which costs are larger than in the file's own unit.
    pub(crate) fn scale(&self) -> f64 {
        self.rounding.map_or(1.0, Rounding::scale)
    }
}

/// A plan, and what its file says about it.
pub(crate) struct Stated {
    pub(crate) reported: ReportedPlan,
    /// The cost in a `.sol` file, in whichever unit its author chose.
    pub(crate) sol_cost: Option<f64>,
    /// Whether the stops of a `.sol` file count from 1.
    pub(crate) from_one: bool,
}

/// The content of a file; `-` is standard input.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path == Path::new("-") {
        let mut content = Vec::new();
        std::io::stdin().lock().read_to_end(&mut content).map(|_| content)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| Failure::input(format!("cannot read {}: {error}; check the path", shown(path))))
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let content = bytes(path)?;
    let text = utf8(&content).map_err(|error| Failure::input(format!("{}: {error}", shown(path))))?;
    Ok(text.to_owned())
}

/// Reads a problem. Unless `quiet`, a line shows how much of a service's table is there.
pub(crate) fn problem(
    path: &Path,
    format: Option<Format>,
    round: Option<Rounding>,
    quiet: bool,
) -> Result<Instance, Failure> {
    let content = bytes(path)?;
    let is_json =
        format.map_or_else(|| Format::detect(&content, Some(path)) == Some(Format::Json), |f| f == Format::Json);
    if is_json {
        return document(path, &content, quiet);
    }
    let read = milkrun::io::read_problem(&content, Some(path), format, round);
    let read = read.map_err(|error| Failure::input(format!("{}: {error}", shown(path))))?;
    let kind = milkrun::io::instance_kind(&content, read.format);
    Ok(Instance::of_file(read.problem, kind, read.rounding, None))
}

/// Reads a problem from JSON, whose travel may be along streets.
fn document(path: &Path, content: &[u8], quiet: bool) -> Result<Instance, Failure> {
    let told = |error: &dyn std::fmt::Display| Failure::input(format!("{}: {error}", shown(path)));
    let text = utf8(content).map_err(|error| told(&error))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut roads = None;
    let problem = json::read_problem_on(text, &mut |asked, locations| {
        let opened = Roads::open(asked, folder, locations)?;
        let travel = opened.travel(quiet)?;
        roads = Some(opened);
        Ok(travel)
    });
    let kind = milkrun::io::instance_kind(content, Format::Json);
    Ok(Instance::of_file(problem.map_err(|error| told(&error))?, kind, None, roads))
}

/// Reads a plan: JSON or `.sol`, whichever it is.
pub(crate) fn plan(path: &Path, problem: &Problem) -> Result<Stated, Failure> {
    let found = quiet_plan(path, problem)?;
    if found.from_one {
        output::log(&format!("note: the stops of {} are numbered from 1, the depot", shown(path)));
    }
    Ok(found)
}

/// Reads a plan, without notes on standard error.
pub(crate) fn quiet_plan(path: &Path, problem: &Problem) -> Result<Stated, Failure> {
    let content = bytes(path)?;
    plan_of(&content, problem).map_err(|faults| Failure::input(format!("{}: {faults}", shown(path))))
}

/// The plan for `problem` in the `.sol` file beside its instance, where there is a readable one.
pub(crate) fn best_known(instance: &Path, problem: &Problem) -> Option<Result<Stated, Failure>> {
    let path: PathBuf = instance.with_extension("sol");
    (instance != Path::new("-") && path != instance && path.is_file()).then(|| quiet_plan(&path, problem))
}

fn plan_of(content: &[u8], problem: &Problem) -> Result<Stated, String> {
    if content.trim_ascii_start().first() == Some(&b'{') {
        let reported = json::read_reported_plan(utf8(content)?, problem).map_err(|error| error.to_string())?;
        return Ok(Stated { reported, sol_cost: None, from_one: false });
    }
    let sol = solution::read(content, problem).map_err(|error| error.to_string())?;
    let plan = Plan::new(problem, sol.routes).map_err(|error| error.to_string())?;
    let reported = ReportedPlan { plan, cost: None, discrepancies: Vec::new() };
    Ok(Stated { reported, sol_cost: sol.cost, from_one: sol.first_number == 1 })
}

fn utf8(content: &[u8]) -> Result<&str, String> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    std::str::from_utf8(content)
        .map_err(|error| format!("byte {} is not UTF-8; save the file as UTF-8", error.valid_up_to()))
}

/// A path for a message.
pub(crate) fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}
