//! How long reading and writing take.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use milkrun::Rounding;
use milkrun::io::{json, solution, vrplib};
use milkrun_benches::{json_text, plan, problem, vrplib_text};

fn problems(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for clients in [100, 1_000, 10_000] {
        let text = vrplib_text(clients);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("vrplib/{clients}"), |b| b.iter(|| vrplib::read(&text, Rounding::Round)));
        let text = json_text(clients);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("json/{clients}"), |b| b.iter(|| json::read_problem(&text)));
    }
    group.finish();
}

fn plans(criterion: &mut Criterion) {
    let problem = problem(1_000);
    let plan = plan(&problem);
    let sol = solution::write(&problem, plan.route_stops(), plan.cost() as f64).unwrap_or_default();
    let document = json::write_plan(&problem, &plan);
    criterion.bench_function("read/sol/1000", |b| b.iter(|| solution::read(&sol, &problem)));
    criterion.bench_function("read/plan json/1000", |b| b.iter(|| json::read_plan(&document, &problem)));
    criterion.bench_function("write/plan json/1000", |b| b.iter(|| json::write_plan(&problem, &plan)));
}

criterion_group!(benches, problems, plans);
criterion_main!(benches);
