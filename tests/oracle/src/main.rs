//! `cargo xtask oracle`: the solver against the oracle, or the oracle's word on problems from files.

use std::io::{self, Write as _};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use milkrun_oracle::binding::binding;
use milkrun_oracle::compare::{Effort, Outcome};
use milkrun_oracle::oracle::{Limits, best_plan};
use milkrun_oracle::run::{Finding, Run, run};
use milkrun_oracle::shrink::shrink;
use milkrun_oracle::{known, report};

const HELP: &str = "\
cargo xtask oracle [OPTIONS]          generated problems: is the solver as good as the best plan?
cargo xtask oracle [OPTIONS] PATHS…   the rank of the best plan of each problem (JSON files, or folders of them), beside
                                      what an index.json in their folder states
  --problems N     how many problems (1000); every 1000 of them cover every pair of rules
  --seed S         where they come from (1)
  --from I         the first problem's index (0)
  --jobs K         threads (all)
  --iterations I   of the solver (2000)
  --halts H        disposal visits, breaks, rests and reloads on a route, at most (6)
  --evaluations E  routes that the oracle prices for a problem, at most (60000)
  --empty-visits V visits to disposal sites on a route that empty nothing (0)
  --kinds          failure rates by rule, and the pairs of rules that fail most
  --binding        instead: how often the best plan is another one without a field of the problem
  --out DIR        problems that fail, made as small as they can be, with the plans of both
  --shrink N       so many of them at most (20); the others are written as they are";

#[derive(Default)]
struct Chosen {
    halts: Option<usize>,
    evaluations: Option<usize>,
    empty_visits: Option<usize>,
}

impl Chosen {
    /// The limits, but for what was chosen.
    fn limits(&self, usual: Limits) -> Limits {
        Limits {
            halts_per_route: self.halts.unwrap_or(usual.halts_per_route),
            evaluations: self.evaluations.unwrap_or(usual.evaluations),
            empty_visits: self.empty_visits.unwrap_or(usual.empty_visits),
            ..usual
        }
    }
}

struct Options {
    chosen: Chosen,
    run: Run,
    kinds: bool,
    binding: bool,
    out: Option<PathBuf>,
    shrink: usize,
    paths: Vec<PathBuf>,
}

fn options(words: &[String]) -> Result<Options, String> {
    let jobs = std::thread::available_parallelism().map_or(1, Into::into);
    let effort = Effort { iterations: 2_000, seed: 1 };
    let run = Run { problems: 1_000, first: 0, seed: 1, jobs, effort, limits: Limits::QUICK };
    let mut options = Options {
        chosen: Chosen::default(),
        run,
        kinds: false,
        binding: false,
        out: None,
        shrink: 20,
        paths: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n{HELP}"));
        let number = |text: &String| text.parse::<u64>().map_err(|_| format!("{word} needs a number, not {text}"));
        match word.as_str() {
            "--problems" => options.run.problems = number(value()?)? as usize,
            "--from" => options.run.first = number(value()?)? as usize,
            "--seed" => options.run.seed = number(value()?)?,
            "--jobs" => options.run.jobs = number(value()?)? as usize,
            "--iterations" => options.run.effort.iterations = number(value()?)?,
            "--halts" => options.chosen.halts = Some(number(value()?)? as usize),
            "--evaluations" => options.chosen.evaluations = Some(number(value()?)? as usize),
            "--empty-visits" => options.chosen.empty_visits = Some(number(value()?)? as usize),
            "--shrink" => options.shrink = number(value()?)? as usize,
            "--out" => options.out = Some(PathBuf::from(value()?)),
            "--binding" => options.binding = true,
            "--kinds" => options.kinds = true,
            other if other.starts_with('-') => return Err(format!("there is no {other}\n{HELP}")),
            path => options.paths.push(PathBuf::from(path)),
        }
    }
    options.run.limits = options.chosen.limits(Limits::QUICK);
    Ok(options)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        say(HELP);
        return ExitCode::SUCCESS;
    }
    let outcome = options(&words).and_then(|options| {
        if !options.paths.is_empty() {
            ranks(&options)
        } else if options.binding {
            Ok(rules_that_bind(&options.run))
        } else {
            against_solver(&options)
        }
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            say(&fault);
            ExitCode::from(2)
        }
    }
}

/// Prints a line. A closed output is not a reason to stop.
fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Whether the solver fails at no problem.
fn against_solver(options: &Options) -> Result<bool, String> {
    // A panic of the solver is an outcome; its message is kept with the problem.
    panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    let summary = run(&options.run);
    if options.kinds {
        say(&report::kinds(&summary));
    }
    for failure in summary.failures.iter().chain(&summary.better) {
        say(&format!("{}: {}: {}", failure.index, failure.verdict.outcome.name(), failure.verdict.note));
    }
    if let Some(folder) = &options.out {
        let findings = summary.failures.iter().chain(&summary.better);
        for (f, finding) in findings.enumerate() {
            save(options, folder, finding, f < options.shrink).map_err(|error| error.to_string())?;
        }
    }
    say(&format!("{} ({:.1} s)", report::outcomes(&summary), start.elapsed().as_secs_f64()));
    Ok(summary.failures.is_empty())
}

fn save(options: &Options, folder: &Path, finding: &Finding, smaller: bool) -> io::Result<()> {
    let folder = folder.join(format!("{:06}-{}", finding.index, finding.verdict.outcome.name()));
    if smaller {
        let (instance, verdict) =
            shrink(&finding.instance, options.run.effort, &options.run.limits, finding.verdict.clone());
        report::save(&folder, &instance, &verdict)?;
        report::save(&folder.join("whole"), &finding.instance, &finding.verdict)
    } else {
        report::save(&folder, &finding.instance, &finding.verdict)
    }
}

/// Prints how often each field of a problem decides something.
fn rules_that_bind(run: &Run) -> bool {
    let rates = binding(run.seed, run.problems, &run.limits);
    let mut rates: Vec<_> = rates.into_iter().collect();
    rates.sort_by(|a, b| a.1.percent().total_cmp(&b.1.percent()));
    for (field, rate) in rates {
        say(&format!("{:5.1} %  {:4} of {:5}  {field}", rate.percent(), rate.failed, rate.tried));
    }
    true
}

/// Prints the ranks; whether those that are stated are right, or better ones.
fn ranks(options: &Options) -> Result<bool, String> {
    let (mut agreed, mut stated, mut all_right) = (0, 0, true);
    for file in known::files(&options.paths)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let problem = known::problem(&file)?;
        let Some(answer) = best_plan(&problem, &options.chosen.limits(Limits::THOROUGH)) else {
            say(&format!("{name}: {}", Outcome::TooLarge.name()));
            continue;
        };
        let rank = answer.plan.as_ref().map(|plan| plan.rank().to_vec());
        let shown = |rank: &Option<Vec<i64>>| rank.as_ref().map_or("null".to_owned(), |rank| format!("{rank:?}"));
        let mut line = vec![format!("{name}: {}", shown(&rank))];
        if let Some(known) = known::ranks(&file).get(&name) {
            stated += 1;
            if *known == rank {
                agreed += 1;
            } else {
                all_right = false;
                line.push(format!("but {} is stated", shown(known)));
            }
        }
        if let Some(disagreement) = &answer.disagreement {
            all_right = false;
            line.push(disagreement.clone());
        }
        if answer.cut {
            line.push(format!("with up to {} halts on a route", answer.halts));
        }
        say(&line.join(", "));
    }
    if stated > 0 {
        say(&format!("{agreed} of {stated} stated ranks are the oracle's"));
    }
    Ok(all_right)
}
