//! A refuse truck empties bins along the streets of a synthetic city, which lifts them on its right: what stopping on the
//! right side of the street costs.
//!
//! `cargo run --release --package milkrun-examples --bin city_streets`

use std::error::Error;

use milkrun::travel::Approach;
use milkrun::travel::road::{City, CityPlan, Network, RoadProfile, Snap, Spot};
use milkrun::{Client, Coord, Depot, Problem, SolveParams, Stop, Travel, VehicleType, solve};

/// How many bins there are.
const BINS: usize = 80;
/// Seconds of an hour: times are seconds since midnight.
const HOUR: i64 = 3600;

#[expect(clippy::print_stdout, reason = "an example prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let streets = City { plan: CityPlan::River, blocks: 24, ..City::default() }.streets()?;
    let network = Network::new(&streets, &RoadProfile::waste_truck())?;
    println!("{} directed segments, {} m", network.report().directed_segments, network.report().length.round());

    // The depot at the rim, then bins at the curb: a few metres from the middle of streets, on either side.
    let mut points = vec![streets.geometry(0)[0]];
    for i in 0..BINS {
        let line = streets.geometry(i * streets.num_segments() / BINS);
        let side = if i % 2 == 0 { 5e-5 } else { -5e-5 };
        points.push(Coord::new(f64::midpoint(line[0].x, line[1].x) + side, f64::midpoint(line[0].y, line[1].y) + side));
    }

    for (name, approach) in [("either side", Approach::Any), ("right side", Approach::Curb)] {
        let spots = network.snap(&points, &Snap { approach, ..Snap::default() })?;
        let problem = problem(&network, &spots)?;
        let stop = Stop::after_iterations(2_000);
        let plan = solve(&problem, &SolveParams { stop, ..SolveParams::default() }).plan;
        let (mut metres, mut points) = (0, 0);
        for route in plan.routes() {
            let stops: Vec<Spot> = route.visits().map(|visit| spots[visit.location.index()].clone()).collect();
            let drive = network.route(&[&spots[..1], &stops, &spots[..1]].concat())?;
            metres += drive.distance();
            points += drive.legs.iter().map(|leg| leg.geometry.len()).sum::<usize>();
        }
        println!(
            "{name}: {} routes, {metres} m along {points} points, feasible: {}",
            plan.routes().len(),
            plan.is_feasible()
        );
    }
    Ok(())
}

/// A depot at the first spot, and a bin at each of the others.
fn problem(network: &Network, spots: &[Spot]) -> Result<Problem, Box<dyn Error>> {
    let table = network.table(spots, spots)?;
    table.require_reachable()?;
    let mut builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(spots[0].point()).name("depot"));
    for spot in &spots[1..] {
        builder.add_client(Client::at(spot.point()).pickup([1_100]).service(60));
    }
    let truck = VehicleType::new(4).capacity([30_000]).depot(depot).shift(5 * HOUR, 13 * HOUR).cost_per_duration(1);
    builder.add_vehicle_type(truck);
    Ok(builder.travel(Travel::Matrices(vec![table.to_matrices()?])).build()?)
}
