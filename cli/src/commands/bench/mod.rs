//! `milkrun bench`: many instances, each run in a process of its own.

mod collect;
mod run;
mod table;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::prepare;
use crate::args::Bench;
use crate::failure::{Failure, Outcome, both};
use crate::output::{self, log};
use crate::{gap, interrupt};
use run::{Job, Row};

pub(super) fn run(args: &Bench) -> Result<Outcome, Failure> {
    let instances = collect::instances(&args.instances);
    let inputs: Vec<_> = instances.iter().flatten().map(|path| ("an instance", path.as_path(), &[][..])).collect();
    let out = prepare([("--out", args.out.as_deref())], &inputs);
    let ([out], instances) = both(out, instances)?;
    let jobs: Vec<Job> =
        instances.iter().flat_map(|path| args.seed.iter().map(|&seed| Job { path: path.clone(), seed })).collect();
    let cancel = interrupt::token(args.quiet);
    if !args.quiet {
        log(&format!("{} runs, {} at a time", jobs.len(), usize::from(args.jobs).min(jobs.len())));
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<Row, String>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..usize::from(args.jobs).min(jobs.len()) {
            scope.spawn(|| {
                while !cancel.is_cancelled() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { break };
                    let row = run::run(job, args);
                    report(args, job, &row, (index + 1, jobs.len()));
                    if let Ok(mut done) = done.lock() {
                        done.push((index, row));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    let (rows, faults): (Vec<_>, Vec<_>) = done.into_iter().map(|(_, row)| row).partition(Result::is_ok);
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    let faults: Vec<String> = faults.into_iter().filter_map(Result::err).collect();

    if let Some(target) = out {
        target.write(&table::csv(&rows))?;
    }
    output::stdout(&table::markdown(&rows))?;
    if !faults.is_empty() {
        return Err(Failure::Input(faults));
    }
    Ok(if rows.iter().all(|row| row.feasible) { Outcome::Done } else { Outcome::Infeasible })
}

/// Writes one line to standard error for each completed run.
fn report(args: &Bench, job: &Job, row: &Result<Row, String>, (number, count): (usize, usize)) {
    if args.quiet {
        return;
    }
    let result = match row {
        Ok(row) if !row.feasible => "no feasible plan".to_owned(),
        Ok(row) => {
            let gap = row.bks.and_then(|bks| gap::percent(row.cost, bks));
            format!("cost {}{}", row.cost, gap.map_or(String::new(), |gap| format!(", gap {gap:.2}%")))
        }
        Err(_) => "failed (see below)".to_owned(),
    };
    log(&format!("[{number}/{count}] {} seed {}: {result}", job.path.display(), job.seed));
    if let Some(remark) = row.as_ref().ok().and_then(|row| row.remark.as_ref()) {
        log(&format!("  {remark}"));
    }
}
