//! A small problem: a dairy collects milk from farms with two trucks, some farms only in the morning.
//!
//! `cargo run --package milkrun-examples --bin milk_round`

use std::error::Error;
use std::time::Duration;

use milkrun::{Client, Coord, Depot, Problem, SolveParams, Stop, Travel, VehicleType, solve};

/// Seconds of an hour: times are seconds since midnight.
const HOUR: i64 = 3600;

#[expect(clippy::print_stdout, reason = "an example prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    // Longitude, latitude, litres.
    let farms = [
        ("Noorderhoeve", 5.391, 52.502, 1_900),
        ("De Vlier", 5.432, 52.517, 1_250),
        ("Achterdijk", 5.478, 52.506, 2_400),
        ("Lindehof", 5.501, 52.468, 800),
        ("Het Ooievaarsnest", 5.489, 52.431, 1_600),
        ("Zuiderhoeve", 5.441, 52.412, 2_100),
        ("Molenzicht", 5.398, 52.421, 950),
        ("De Wilgen", 5.372, 52.455, 1_700),
    ];

    let mut builder = Problem::builder();
    let dairy = builder.add_depot(Depot::at(Coord::new(5.436, 52.461)).open(5 * HOUR, 16 * HOUR).name("dairy"));
    for (i, (name, lon, lat, litres)) in farms.into_iter().enumerate() {
        let mut farm = Client::at(Coord::new(lon, lat)).pickup([litres]).service(15 * 60).name(name);
        if i % 3 == 0 {
            farm = farm.time_window(6 * HOUR, 8 * HOUR);
        }
        builder.add_client(farm);
    }
    let truck = VehicleType::new(2).capacity([7_000]).depot(dairy).shift(5 * HOUR, 13 * HOUR).name("tanker");
    builder.add_vehicle_type(truck.cost_per_duration(1));
    // Great circles with roads 1.3 times as long, at 12 metres per second.
    let problem = builder.travel(Travel::haversine(12.0)).build()?;

    let stop = Stop::after(Duration::from_secs(1)).or_no_improvement(2_000);
    let result = solve(&problem, &SolveParams { stop, ..SolveParams::default() });

    println!("{}", result.plan.table(&problem));
    for (r, route) in result.plan.routes().iter().enumerate() {
        let names: Vec<&str> = route.visits().map(|v| problem.locations()[v.location.index()].name.as_str()).collect();
        println!("route {r}: {}", names.join(", "));
    }
    if result.plan.is_feasible() { Ok(()) } else { Err("no feasible plan was found".into()) }
}
