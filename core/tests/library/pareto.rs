//! Fronts, on problems whose best trades can be worked out by hand, and on random ones.

use crate::random_collections;

use milkrun::pareto::{Front, Objective, ParetoParams, pareto, pareto_with};
use milkrun::plan::check::check_plan;
use milkrun::{
    CancelToken, Client, Consumption, Coord, Depot, Goal, Measure, Problem, SolveParams, Stop, VehicleType, solve,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use random_collections::{any_features, day_problem};

/// Clients on a line through the yard, and vans that cost so much each.
fn line(xs: &[f64], vans: usize, fixed_cost: i64) -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for &x in xs {
        b.add_client(Client::at(Coord::new(x, 0.0)));
    }
    b.add_vehicle_type(VehicleType::new(vans).depot(yard).fixed_cost(fixed_cost));
    b.build().unwrap()
}

fn front(problem: &Problem, objectives: &[Objective], points: usize) -> Front {
    let params = ParetoParams::new(objectives, Stop::after_iterations(300 * points as u64)).points(points);
    let front = pareto(problem, &params).unwrap();
    assert!(front.complete);
    judge(problem, &front);
    front
}

fn judge(problem: &Problem, front: &Front) {
    for point in &front.points {
        let report = check_plan(problem, &point.plan);
        assert!(report.is_feasible() && report.is_truthful(), "{report}");
        let values: Vec<i64> = front.objectives.iter().map(|objective| objective.of(problem, &point.plan)).collect();
        assert_eq!(values, point.values);
    }
}

fn values(front: &Front) -> Vec<Vec<i64>> {
    front.points.iter().map(|point| point.values.clone()).collect()
}

#[test]
fn vehicles_against_the_end_of_the_day() {
    // One van ends at 2 · 60, two at 60 on either side; three part the longer legs: 60 as well.
    let problem = line(&[30.0, -30.0, 10.0, -10.0], 3, 7);
    let found = front(&problem, &[Objective::Vehicles, Objective::Makespan], 4);
    assert_eq!(values(&found), [[1, 120], [2, 60]]);
    assert_eq!(found.trade(1, 0, &[1.0, 1.0]), "one vehicle less ends 60 later");
    // The reverse order of objectives is the same front.
    let reversed = front(&problem, &[Objective::Makespan, Objective::Vehicles], 4);
    assert_eq!(values(&reversed), [[60, 2], [120, 1]]);
}

#[test]
fn cost_comes_first_and_three_objectives_make_a_grid() {
    let problem = line(&[30.0, -30.0, 10.0, -10.0], 3, 7);
    let found = front(&problem, &[Objective::Makespan, Objective::Cost, Objective::Vehicles], 9);
    assert_eq!(found.objectives, [Objective::Cost, Objective::Makespan, Objective::Vehicles]);
    // One van: 120 and 7. Two: 120 and 14.
    assert_eq!(values(&found), [[127, 120, 1], [134, 60, 2]]);
    assert!(found.covered > 0.0 && found.covered <= 1.0);
}

#[test]
fn serving_more_costs_more() {
    let mut b = line(&[], 1, 0).to_builder();
    for x in [10.0, 20.0, 40.0, 80.0] {
        b.add_client(Client::at(Coord::new(x, 0.0)).optional(15));
    }
    let problem = b.build().unwrap();
    let found = front(&problem, &[Objective::Cost, Objective::Unserved], 8);
    // By hand: serving the nearest n costs 20, 40, 80 or 160, and 15 for each of the others. Prices find what is best at one of
    // them: one client alone, which costs 65, never is.
    assert_eq!(values(&found), [[60, 4], [70, 2], [95, 1], [160, 0]]);
    assert_eq!(found.trade(0, 1, &[1.0, 1.0]), "2 fewer unserved costs 10 more");
}

#[test]
fn a_front_may_be_a_single_point() {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    b.add_client(Client::at(Coord::new(0.0, 30.0)).pickup([10]).time_window(0, 1_000));
    b.add_client(Client::at(Coord::new(40.0, 0.0)).pickup([1]));
    b.add_client(Client::at(Coord::new(40.0, 30.0)).pickup([1]));
    b.add_vehicle_type(
        VehicleType::new(1).depot(yard).consumption(Consumption::diesel(0.0).per_load_distance([0.01]).co2(1.0)),
    );
    let problem = b.build().unwrap();
    let found = front(&problem, &[Objective::Distance, Objective::Emissions], 5);
    // 0 → (40, 0) → (40, 30) → (0, 30) → 0 is 140 long: 1 · 30 + 2 · 40 + 12 · 30 = 470. The other two orders with the heavy
    // client last are longer and carry more.
    assert_eq!(values(&found), [[140, 4_700]]);
}

#[test]
fn a_target_is_a_limit_that_gives_way() {
    let with = |goal: Goal| {
        let mut b = line(&[30.0, -30.0, 10.0, -10.0], 3, 7).to_builder();
        b.add_goal(goal);
        let stop = Stop::after_iterations(400);
        let problem = b.build().unwrap();
        let plan = solve(&problem, &SolveParams { stop, ..SolveParams::default() }).plan;
        assert!(check_plan(&problem, &plan).is_truthful());
        (plan.rank().to_vec(), plan.cost())
    };
    // Two vans end at 60, one at 120; nothing ends before.
    assert_eq!(with(Goal::ranked(Measure::Makespan).above(60)), (vec![0, 134], 134));
    assert_eq!(with(Goal::ranked(Measure::Makespan).above(119)), (vec![0, 134], 134));
    assert_eq!(with(Goal::ranked(Measure::Makespan).above(120)), (vec![0, 127], 127));
    assert_eq!(with(Goal::ranked(Measure::Makespan).above(10)), (vec![50, 134], 134));
    assert_eq!(with(Goal::ranked(Measure::Vehicles).above(1)), (vec![0, 127], 127));
    // Each unit beyond 100 costs one: 20 more than one van more.
    assert_eq!(with(Goal::weighted(Measure::Makespan, 1).above(100)), (vec![134], 134));
    assert_eq!(with(Goal::weighted(Measure::Makespan, 1).above(115)), (vec![132], 132));
    // Neither a second van pays, nor a shorter distance, which there is not.
    assert_eq!(with(Goal::weighted(Measure::Vehicles, 50).above(1)), (vec![127], 127));
    assert_eq!(with(Goal::weighted(Measure::Distance, 2).above(100)), (vec![127 + 40], 167));
    let mut b = line(&[30.0], 1, 0).to_builder();
    b.add_goal(Goal::ranked(Measure::Makespan).above(-1));
    assert_eq!(b.build().unwrap_err().issues[0].path, "goals[0].target");
}

#[test]
fn what_is_unserved_is_traded_against_distance() {
    // Three optional clients, each farther out than the one before; cost says nothing about the second vehicle.
    let mut b = line(&[10.0, -30.0, 100.0], 2, 0).to_builder();
    for client in b.clients_mut() {
        (client.required, client.prize) = (false, 7);
    }
    let problem = b.build().unwrap();
    let found = front(&problem, &[Objective::Distance, Objective::Unserved], 8);
    assert_eq!(found.objectives, [Objective::Distance, Objective::Unserved]);
    // None at all; the nearest; that and the next one; all.
    assert_eq!(values(&found), [[0, 3], [20, 2], [80, 1], [260, 0]]);
    for point in &found.points {
        assert!(check_plan(&problem, &point.plan).is_truthful() && point.plan.is_feasible());
    }
}

#[test]
fn plans_that_a_search_meets_are_kept() {
    // One run for each end of the front, and points between them that the searches meet.
    let mut b = line(&[], 6, 0).to_builder();
    for i in 0..24 {
        b.add_client(Client::at(Coord::new(f64::from((i * 37) % 101) - 50.0, f64::from((i * 53) % 97) - 48.0)));
    }
    let problem = b.build().unwrap();
    let params = ParetoParams::new([Objective::Distance, Objective::Makespan], Stop::after_iterations(600)).points(2);
    let found = pareto(&problem, &params).unwrap();
    assert_eq!(found.runs, 2);
    assert!(found.points.len() > 2, "{:?}", values(&found));
    for pair in found.points.windows(2) {
        assert!(pair[0].values[0] < pair[1].values[0] && pair[0].values[1] > pair[1].values[1]);
    }
    for point in &found.points {
        assert!(point.plan.is_feasible() && check_plan(&problem, &point.plan).is_truthful());
        assert_eq!(point.values[0], point.plan.measure(&problem, Measure::Distance));
    }
    assert_eq!(values(&pareto(&problem, &params).unwrap()), values(&found));
}

#[test]
fn every_fault_of_what_is_asked_is_told() {
    let paths = |objectives: &[Objective], points| {
        let params = ParetoParams::new(objectives, Stop::after_iterations(1)).points(points);
        let error = pareto(&line(&[30.0], 1, 0), &params).unwrap_err();
        error.issues.into_iter().map(|issue| issue.path).collect::<Vec<_>>()
    };
    assert_eq!(paths(&[Objective::Cost], 1), ["objectives", "points"]);
    assert_eq!(paths(&[Objective::Cost, Objective::Cost], 4), ["objectives[1]"]);
    assert_eq!(
        paths(&[Objective::Unserved, Objective::Unserved, Objective::Distance], 1_001),
        ["objectives[1]", "points"]
    );
    assert_eq!(paths(&Objective::ALL, 4), ["objectives"]);
}

#[test]
fn a_front_that_is_cancelled_says_so() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let params = ParetoParams::new([Objective::Cost, Objective::Vehicles], Stop::after_iterations(100));
    let found = pareto_with(&line(&[30.0], 1, 0), &params, &cancel, &mut |_| {}).unwrap();
    assert!(!found.complete && found.points.is_empty() && found.runs == 0);
}

#[test]
fn a_problem_without_a_feasible_plan_has_no_front() {
    let mut b = line(&[30.0], 1, 0).to_builder();
    b.vehicle_types_mut()[0].max_distance = Some(59);
    let found = front(&b.build().unwrap(), &[Objective::Cost, Objective::Vehicles], 3);
    assert!(found.points.is_empty());
}

fn reproducible() -> ProptestConfig {
    ProptestConfig { cases: 24, rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(reproducible())]

    /// Of random days, no point is nowhere worse than another, the judge accepts all plans, and the same seed gives the same front.
    #[test]
    fn no_point_covers_another(
        features in any_features(), most in 2_usize..8, seed: u64, pick in prop::sample::subsequence(Objective::ALL.to_vec(), 2..=3)
    ) {
        prop_assume!(!pick.contains(&Objective::Unserved) || pick.contains(&Objective::Cost));
        let problem = day_problem(features, most, seed);
        let params = ParetoParams::new(pick, Stop::after_iterations(200)).points(5);
        let found = pareto(&problem, &params).unwrap();
        judge(&problem, &found);
        for a in &found.points {
            for b in found.points.iter().filter(|b| b.values != a.values) {
                prop_assert!(a.values.iter().zip(&b.values).any(|(a, b)| a < b), "{:?} {:?}", a.values, b.values);
            }
        }
        let again = pareto(&problem, &params).unwrap();
        prop_assert_eq!(&again.points, &found.points);
        prop_assert!((again.covered - found.covered).abs() < 1e-12);
    }
}
