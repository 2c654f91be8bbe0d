//! What the parts of the search cost: laying a problem out, each move, and whole iterations.

use criterion::{Criterion, criterion_group, criterion_main};
use milkrun::internals::{Move, iterate, lay_out, sweep};
use milkrun::{Problem, TimeWindow};
use milkrun_benches::problem;

/// The synthetic problem with a time window of a quarter of the day for every client.
fn timed(clients: usize) -> Problem {
    const DAY: i64 = 60_000;
    let mut builder = problem(clients).to_builder();
    for (i, client) in builder.clients_mut().iter_mut().enumerate() {
        let early = (i as i64 * 7_919) % (DAY * 3 / 4);
        client.time_window = TimeWindow::new(early, early + DAY / 4);
        client.service = 90;
    }
    for vehicle in builder.vehicle_types_mut() {
        vehicle.shift = TimeWindow::new(0, 2 * DAY);
    }
    builder.build().expect("windows are right by construction")
}

fn layout(criterion: &mut Criterion) {
    for clients in [1_000, 10_000] {
        let problem = problem(clients);
        criterion.bench_function(&format!("lay_out/{clients}"), |b| b.iter(|| lay_out(&problem)));
    }
}

/// Each includes laying out and building a first solution once for ten sweeps; compare with `lay_out`.
fn moves(criterion: &mut Criterion) {
    let kinds = [Move::SwapTails, Move::TwoOpt, Move::Relocate, Move::Swap, Move::SwapStar];
    for (name, problem) in [("plain", problem(500)), ("timed", timed(500))] {
        for kind in kinds {
            criterion.bench_function(&format!("sweep/{name}/{kind:?}"), |b| b.iter(|| sweep(&problem, kind, 10)));
        }
    }
}

/// Ten thousand iterations each.
fn iterations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("iterate");
    group.sample_size(10);
    for (name, problem) in [("plain", problem(1_000)), ("timed", timed(1_000))] {
        for (how, improve) in [("ruin and recreate", false), ("with local search", true)] {
            group.bench_function(format!("{name}/{how}"), |b| b.iter(|| iterate(&problem, 10_000, improve)));
        }
    }
    group.finish();
}

criterion_group!(benches, layout, moves, iterations);
criterion_main!(benches);
