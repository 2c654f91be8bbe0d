//! How long distances take: one by one, and all that the search lays out before it starts.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use milkrun::{Client, Coord, LocationId, Problem, ProfileId, Travel, VehicleType, internals};
use milkrun_benches::problem;

fn distances(criterion: &mut Criterion) {
    let euclidean = problem(1_000);
    let n = euclidean.locations().len();
    let row = |from: usize| -> i64 {
        let (profile, from) = (ProfileId::new(0), LocationId::new(from));
        (0..n).map(|to| euclidean.distance(profile, from, LocationId::new(to))).sum()
    };
    criterion.bench_function("travel/euclidean/1000 pairs", |b| b.iter(|| row(7)));

    let geographic = geographic(&euclidean);
    let first = geographic.clients()[0].location();
    criterion.bench_function("travel/haversine/1000 pairs", |b| {
        b.iter(|| -> i64 {
            let profile = ProfileId::new(0);
            geographic.clients().iter().map(|c| geographic.distance(profile, first, c.location())).sum()
        });
    });
}

/// The clients alone, on a patch of a degree's width.
///
/// # Panics
///
/// Never: the coordinates of `planar` are those of a synthetic problem, up to 10,000.
fn geographic(planar: &Problem) -> Problem {
    let mut builder = Problem::builder();
    for client in planar.clients() {
        let coord = planar.coord(client.location());
        builder.add_client(Client::at(Coord::new(coord.x / 1e4, coord.y / 1e4)));
    }
    builder.add_vehicle_type(VehicleType::new(1));
    builder.travel(Travel::haversine(8.3)).build().expect("the problem is right by construction")
}

fn layout(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lay out for the search");
    group.sample_size(10);
    for clients in [100, 1_000, 5_000] {
        let problem = problem(clients);
        group.bench_with_input(BenchmarkId::from_parameter(clients), &problem, |b, p| b.iter(|| internals::lay_out(p)));
    }
    group.finish();
}

criterion_group!(benches, distances, layout);
criterion_main!(benches);
