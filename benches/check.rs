//! How long it takes to work a plan out, and to judge it.

use criterion::{Criterion, criterion_group, criterion_main};
use milkrun::Plan;
use milkrun::plan::check::check_plan;
use milkrun_benches::{plan, problem};

fn plans(criterion: &mut Criterion) {
    for clients in [100, 1_000, 10_000] {
        let problem = problem(clients);
        let plan = plan(&problem);
        criterion.bench_function(&format!("plan/{clients}"), |b| {
            b.iter_batched(
                || plan.route_stops().to_vec(),
                |stops| Plan::new(&problem, stops),
                criterion::BatchSize::LargeInput,
            );
        });
        criterion.bench_function(&format!("check/{clients}"), |b| b.iter(|| check_plan(&problem, &plan)));
    }
}

criterion_group!(benches, plans);
criterion_main!(benches);
