//! The road engine beside petgraph's Dijkstra and `fast_paths`, on one thread.
//!
//! `cargo xtask roads` builds this program, has it measure, lets `engines.py` and `nearest.py` add what OSRM, Valhalla and scipy
//! take, and has it print all as tables of Markdown. Each program runs on each map in a process of its own, so that the
//! peak of its memory is known, and with a limit of its time.

mod figures;
mod kit;
mod maps;
mod nearest;
mod own;
mod peers;
mod print;
mod trace;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use figures::Figures;
use kit::Outcome;
use maps::Map;

const HELP: &str = "\
roads-bench measure WORK [MAPS…]   measures on all maps, or on those named: coquimbo, helsinki, monaco, city
roads-bench print WORK             prints what was measured as tables of Markdown
roads-bench trace NETWORK FILE     seconds and metres through the points of each line of FILE";

/// Longest time that one program may take on one map: our own, and another.
const OWN: Duration = Duration::from_secs(400);
const LONGEST: Duration = Duration::from_mins(1);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["measure", work, ref names @ ..] => measure(Path::new(work), names),
        ["print", work] => print::tables(Path::new(work)),
        ["trace", network, file] => trace::run(Path::new(network), Path::new(file)),
        // What `measure` starts.
        ["prepare", work, map] => maps::found(map, Path::new(work)).and_then(|map| own::prepare(&map)),
        ["ask", work, map] => maps::found(map, Path::new(work)).and_then(|map| own::ask(&map)),
        ["petgraph", work, map] => maps::found(map, Path::new(work)).and_then(|map| peers::petgraph(&map)),
        ["fast_paths", work, map] => maps::found(map, Path::new(work)).and_then(|map| peers::fast_paths(&map)),
        ["nearest", work] => nearest::run(Path::new(work)),
        _ => Err(format!("these commands exist:\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("roads-bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn measure(work: &Path, names: &[&str]) -> Outcome {
    std::fs::create_dir_all(work).map_err(|error| format!("{}: {error}", work.display()))?;
    let maps = maps::all(names, work)?;
    let mut figures = Figures::create(work)?;
    for Map { name, .. } in &maps {
        for (program, command) in
            [("milkrun", "prepare"), ("milkrun", "ask"), ("petgraph", "petgraph"), ("fast_paths", "fast_paths")]
        {
            eprintln!("{name}: {command} …");
            let start = Instant::now();
            let limit = if program == "milkrun" { OWN } else { LONGEST };
            let Some(text) = child(&[command, &work.to_string_lossy(), name], limit)? else {
                figures.add(name, program, &format!("note not within {} s", limit.as_secs()))?;
                // Without a network, there is nothing to ask.
                if program == "milkrun" {
                    break;
                }
                continue;
            };
            figures.add(name, program, &text)?;
            eprintln!("{name}: {command} took {:.1} s", start.elapsed().as_secs_f64());
        }
        figures.agree(name)?;
    }
    if names.is_empty() {
        let text = child(&["nearest", &work.to_string_lossy()], LONGEST)?.ok_or("nearest neighbours took too long")?;
        figures.add("100,000 points", "milkrun", &text)?;
    }
    Ok(())
}

/// What this program prints with other words; `None` if it takes too long.
fn child(words: &[&str], limit: Duration) -> Result<Option<String>, String> {
    let told = |error: std::io::Error| format!("{words:?}: {error}");
    let out = scratch_file(words);
    let file = std::fs::File::create(&out).map_err(told)?;
    let program = std::env::current_exe().map_err(told)?;
    let mut child = Command::new(program).args(words).stdin(Stdio::null()).stdout(file).spawn().map_err(told)?;
    let start = Instant::now();
    let ended = loop {
        if let Some(status) = child.try_wait().map_err(told)? {
            break Some(status);
        }
        if start.elapsed() > limit {
            child.kill().and_then(|()| child.wait()).map_err(told)?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let text = std::fs::read_to_string(&out).map_err(told)?;
    std::fs::remove_file(&out).map_err(told)?;
    match ended {
        None => Ok(None),
        Some(status) if status.success() => Ok(Some(text)),
        Some(status) => Err(format!("{words:?} ended with {status}")),
    }
}

fn scratch_file(words: &[&str]) -> PathBuf {
    Path::new(words[1]).join(format!("{}.{}.out", words[0], words.get(2).unwrap_or(&"all")))
}
