//! oracle
use std::io::Write as _;
use milkrun_oracle::oracle::{Limits, best_plan};
use milkrun_oracle::generate::Generator;
use milkrun_oracle::compare::*;
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let iters: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let g = Generator::new(1, n);
    let mut out = std::io::stdout().lock();
    let start = std::time::Instant::now();
    let inst: Vec<_> = (0..n).map(|i| g.instance(i)).collect();
    writeln!(out, "generated {:?}", start.elapsed()).unwrap();
    let start = std::time::Instant::now();
    let (mut none, mut large, mut cut, mut ev) = (0,0,0, vec![]);
    for (i, x) in inst.iter().enumerate() {
        let s = std::time::Instant::now();
        match best_plan(&x.problem, &Limits::QUICK) {
            None => large += 1,
            Some(a) => { none += usize::from(a.plan.is_none()); cut += usize::from(a.cut); ev.push((a.evaluated, a.halts, a.cut, s.elapsed(), i));
              if let Some(d) = a.disagreement { writeln!(out, "{i} {d}").unwrap(); } }
        }
    }
    ev.sort();
    writeln!(out, "oracle {:?} infeasible {none} large {large} cut {cut} mean {} {:?}", start.elapsed(), ev.iter().map(|e| e.0).sum::<usize>() / n, &ev[ev.len()-5..]).unwrap();
    let mut h = [[0;2];9];
    for e in &ev { h[e.1][usize::from(e.2)] += 1; }
    writeln!(out, "{h:?}").unwrap();
    if iters > 0 {
    std::panic::set_hook(Box::new(|_| {}));
    let start = std::time::Instant::now();
    let mut counts = std::collections::BTreeMap::new();
    for x in &inst { let v = compare(x, Effort{iterations: iters, seed: 1}, &Limits::QUICK); *counts.entry(v.outcome).or_insert(0) += 1; }
    writeln!(out, "compare {:?} {counts:?}", start.elapsed()).unwrap();
    }
}
