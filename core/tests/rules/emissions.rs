//! What vehicles consume and emit, as a goal.

use milkrun::plan::check::check_plan;
use milkrun::{Consumption, Goal, Measure, ProblemBuilder};

use crate::support::{at, client, cost, line, rank, solved, vehicles};

/// A tenth of a litre for each unit of distance; each litre emits two kilograms.
fn thirsty() -> Consumption {
    Consumption::diesel(0.1).co2(2.0)
}

fn ranked(mut b: ProblemBuilder) -> ProblemBuilder {
    b.add_goal(Goal::ranked(Measure::Emissions));
    b
}

fn weighted(mut b: ProblemBuilder, weight: i64) -> ProblemBuilder {
    b.add_goal(Goal::weighted(Measure::Emissions, weight));
    b
}

#[test]
fn what_is_heavy_is_carried_over_short_distances() {
    let clients = || [client(10).pickup([8]), client(20).pickup([1])];
    let truck = || vehicles(1).consumption(thirsty().per_load_distance([0.01]));
    // The far client first: 1 · 10 + 9 · 10 = 100, thus a litre beside the four for the distance; the near one first, 2.6 litres.
    assert_eq!(rank(&ranked(line(truck(), clients()))), Some(vec![10_000, 40]));
    assert_eq!(cost(&weighted(line(truck(), clients()), 7)), Some(40 + 70));
    // Deliveries the other way round: 9 · 10 + 1 · 10.
    let clients = [client(10).delivery([8]), client(20).delivery([1])];
    assert_eq!(rank(&ranked(line(truck(), clients))), Some(vec![10_000, 40]));
}

#[test]
fn a_load_that_is_left_at_a_site_is_carried_no_further() {
    let mut b = line(vehicles(1).consumption(thirsty().per_load_distance([0.01])), [client(10).pickup([8])]);
    let site = b.add_disposal_site(milkrun::DisposalSite::at(at(30)).service(4));
    b.vehicle_types_mut()[0].disposal_sites = vec![site];
    let with_a_site = rank(&ranked(b.clone()));
    // 20 · 0.1 + 8 · 10 · 0.01 = 2.8 litres without the site, at which the vehicle need not unload.
    assert_eq!(with_a_site, Some(vec![5_600, 20]));
    b.vehicle_types_mut()[0].end_empty = true;
    // 60 · 0.1 + 8 · 20 · 0.01 = 7.6 litres.
    assert_eq!(rank(&ranked(b)), Some(vec![15_200, 60]));
}

#[test]
fn an_electric_vehicle_is_called_out_where_emissions_are_dear() {
    let with = |weight| {
        let mut b = line(vehicles(1).consumption(thirsty()), [client(10)]);
        b.add_vehicle_type(vehicles(1).fixed_cost(30).consumption(Consumption::electric(1.0)));
        weighted(b, weight)
    };
    // Diesel emits 4 kg.
    assert_eq!(cost(&with(5)), Some(20 + 20));
    assert_eq!(cost(&with(8)), Some(20 + 30));
}

#[test]
fn stops_and_service_count() {
    let optional = |prize| {
        let truck = vehicles(1).consumption(thirsty().per_stop(0.5).per_idle(0.1));
        weighted(line(truck, [client(10).service(10).optional(prize)]), 10)
    };
    // 20 · 0.1 + 0.5 + 10 · 0.1 = 3.5 litres, 7 kg.
    assert_eq!(cost(&optional(89)), Some(89));
    assert_eq!(cost(&optional(91)), Some(20 + 70));
    // The engine is off while the vehicle waits.
    let truck = vehicles(1).consumption(thirsty().per_idle(0.1));
    let waits = [client(10).time_window(10, 10), client(-10).time_window(90, 95)];
    assert_eq!(rank(&ranked(line(truck, waits))), Some(vec![8_000, 40]));
}

#[test]
fn figures_are_in_every_plan() {
    let truck = || vehicles(2).max_stops(1).consumption(thirsty().per_stop(0.25));
    let mut b = line(truck(), [client(10), client(-20)]);
    b.vehicle_types_mut()[0].count = 1;
    b.add_vehicle_type(vehicles(1).max_stops(1).consumption(Consumption::electric(0.5).co2(0.25)));
    let (problem, plan) = (b.build().unwrap(), solved(&b));
    let sum = plan.consumption(&problem);
    // The vehicles cost the same: either may serve either client.
    let diesel: i64 = plan.routes().iter().find(|route| route.vehicle_type.index() == 0).unwrap().distance;
    let electric = 60 - diesel;
    assert_eq!((sum.fuel, sum.electricity), (diesel * 100 + 250, electric * 500));
    assert_eq!(sum.emitted, (diesel * 100 + 250) * 2 + electric * 125);
    assert_eq!(plan.breakdown().goals, 0);
    assert!(plan.table(&problem).to_string().contains(" l of fuel, ") && sum.to_string().ends_with(" kg of CO₂"));
    assert!(check_plan(&problem, &plan).is_truthful());
    let mut wrong = problem.to_builder();
    wrong.vehicle_types_mut()[1].consumption = None;
    let report = check_plan(&wrong.build().unwrap(), &plan);
    let paths: Vec<&str> = report.discrepancies.iter().map(|wrong| wrong.path.as_str()).collect();
    assert!(
        paths.iter().any(|path| path.ends_with(".consumed")) && paths.iter().any(|path| path.ends_with(".emitted"))
    );
}

#[test]
fn every_faulty_coefficient_is_told() {
    let bad =
        Consumption::diesel(-0.1).per_load_distance([f64::NAN, 1.0]).per_stop(f64::INFINITY).per_idle(1e5).co2(-1.0);
    let error = line(vehicles(1).capacity([5]).consumption(bad), [client(10).delivery([1])]).build().unwrap_err();
    let paths: Vec<&str> =
        error.issues.iter().map(|issue| issue.path.trim_start_matches("vehicle_types[0].")).collect();
    // The second load dimension is one that the capacity does not have.
    let fields = ["per_distance", "per_stop", "per_idle", "co2", "per_load_distance[0]"];
    assert_eq!(paths[0], "capacity");
    assert_eq!(paths[1..], fields.map(|field| format!("consumption.{field}")));
    let dear = weighted(line(vehicles(1).consumption(Consumption::diesel(1e4)), [client(10)]), 1 << 40);
    assert_eq!(dear.build().unwrap_err().issues[0].path, "costs");
}
