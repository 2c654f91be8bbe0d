//! oracle
use std::io::Write as _;
use milkrun::io::json;
use milkrun_oracle::oracle::{Limits, best_plan};
fn main() {
    for file in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&file).unwrap();
        let problem = json::read_problem(&text).unwrap();
        let start = std::time::Instant::now();
        let answer = best_plan(&problem, &Limits::THOROUGH);
        let name = std::path::Path::new(&file).file_name().unwrap().to_string_lossy().into_owned();
        let mut out = std::io::stdout().lock();
        match answer {
            None => writeln!(out, "{name} too large").unwrap(),
            Some(a) => writeln!(out, "{name} {} evaluated {} halts {} cut {} {:?} {:?}", a.plan.as_ref().map_or("null".to_owned(), |p| format!("{:?}", p.rank())), a.evaluated, a.halts, a.cut, start.elapsed(), a.disagreement).unwrap(),
        }
    }
}
