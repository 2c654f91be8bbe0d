//! Planning over scenarios, held against what each plan costs by hand.

use milkrun::plan::check::check_plan;
use milkrun::scenarios::{
    Outcome, Sampling, Scenario, ScenarioParams, Uncertain, evaluate, plan_sampled, plan_sampled_with, plan_scenarios,
};
use milkrun::{
    CancelToken, Client, ClientId, Coord, Depot, DisposalSite, Plan, Problem, ProblemBuilder, SolveParams, Stop,
    VehicleType, solve,
};

fn at(x: i32) -> Coord {
    Coord::new(x.into(), 0.0)
}

fn id(client: usize) -> ClientId {
    ClientId::new(client)
}

/// A yard at 0, and a vehicle of so much capacity.
fn yard(capacity: i64) -> ProblemBuilder {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(at(0)));
    b.add_vehicle_type(VehicleType::new(1).capacity([capacity]).depot(yard));
    b
}

fn params() -> ScenarioParams {
    ScenarioParams::default().stop(Stop::after_iterations(2_000))
}

fn paths(error: &milkrun::scenarios::ScenarioError) -> Vec<&str> {
    error.issues.iter().map(|issue| issue.path.as_str()).collect()
}

#[test]
fn what_most_scenarios_visit_is_visited() {
    // The means say that no bin is worth its detour; each overflows in three of four scenarios but one, which never does.
    let mut b = yard(100);
    for x in [10, 11, -30] {
        b.add_client(Client::at(at(x)).pickup([5]).optional(5));
    }
    let problem = b.build().unwrap();
    let scenario = |costs: [i64; 3]| Scenario((0..3).map(|c| Outcome::new(id(c), [5], costs[c])).collect());
    let scenarios = [[40, 40, 0], [40, 0, 0], [0, 40, 0], [40, 40, 0]].map(scenario);
    let planned = plan_scenarios(&problem, &scenarios, &params()).unwrap();
    assert_eq!(check_plan(&problem, &planned.plan).discrepancies, []);
    // Both in the east for 22, in each scenario; or 120, 40, 40, 80 without a visit.
    assert_eq!(planned.outcomes.costs, [22; 4]);
    assert!(planned.outcomes.deviation() < 1e-9);
    assert_eq!((planned.outcomes.infeasible, planned.outcomes.missed), (0, 0));
    assert!((planned.outcomes_for_means.mean() - 60.0).abs() < 1e-9);
    assert_eq!(planned.outcomes_for_means.costs, [80, 40, 40, 80]);
    let shares: Vec<f64> = planned.visited_share.iter().flatten().copied().collect();
    assert!(shares[0] >= 0.5 && shares[1] >= 0.5 && shares[2] < 0.1, "{shares:?}");
}

#[test]
fn a_vehicle_that_is_full_empties_on_its_way() {
    let mut b = yard(10);
    for x in [10, 20] {
        b.add_client(Client::at(at(x)).pickup([4]));
    }
    let tip = b.add_disposal_site(DisposalSite::at(at(15)));
    b.vehicle_types_mut()[0] = b.vehicle_types_mut()[0].clone().disposal_sites([tip]).end_empty();
    let problem = b.build().unwrap();
    let plan = solve(&problem, &SolveParams { stop: Stop::after_iterations(200), ..SolveParams::default() }).plan;
    assert_eq!(plan.cost(), 40);
    let heavy = |pickup: i64| Scenario(vec![Outcome::new(id(0), [pickup], 0), Outcome::new(id(1), [pickup], 0)]);
    let outcomes = evaluate(&problem, &plan, &[heavy(4), heavy(8), heavy(11)], 1).unwrap();
    // It empties once, driving home; with eight each, also in between; eleven fits no vehicle.
    assert_eq!(outcomes.costs[..2], [40, 40]);
    assert_eq!(outcomes.infeasible, 1);
}

#[test]
fn what_a_plan_leaves_out_stays_unserved() {
    let mut b = yard(100);
    b.add_client(Client::at(at(10)).pickup([5]).optional(0));
    let problem = b.build().unwrap();
    let outcomes =
        evaluate(&problem, &Plan::empty(&problem), &[Scenario(vec![Outcome::new(id(0), [5], 70)])], 1).unwrap();
    assert_eq!((outcomes.costs, outcomes.infeasible), (vec![70], 0));
}

#[test]
fn without_uncertainty_the_plan_is_that_for_the_means() {
    let mut b = yard(100);
    for x in [10, -20] {
        b.add_client(Client::at(at(x)).pickup([5]).optional(30));
    }
    let problem = b.build().unwrap();
    let planned = plan_scenarios(&problem, &[Scenario::default(), Scenario::default()], &params()).unwrap();
    assert_eq!(planned.plan, planned.plan_for_means);
    assert_eq!(planned.outcomes.costs, [planned.plan.cost(); 2]);
    assert!(planned.visited_share.iter().all(Option::is_none));
}

#[test]
fn every_fault_at_once() {
    let mut b = yard(100);
    b.add_client(Client::at(at(10)).pickup([5]).optional(30));
    let problem = b.build().unwrap();
    let twice = Scenario(vec![Outcome::new(id(0), [5], 0), Outcome::new(id(0), [5], 0)]);
    let odd = Scenario(vec![Outcome::new(id(9), [-1, 2], -3)]);
    let mut params = params();
    (params.agreement, params.rounds) = (f64::NAN, 0);
    let error = plan_scenarios(&problem, &[twice, odd], &params).unwrap_err();
    assert_eq!(
        paths(&error),
        [
            "agreement",
            "rounds",
            "scenarios[0][1].client",
            "scenarios[1][0].client",
            "scenarios[1][0].pickup",
            "scenarios[1][0].pickup",
            "scenarios[1][0].prize"
        ]
    );
    assert_eq!(paths(&plan_scenarios(&problem, &[], &self::params()).unwrap_err()), ["scenarios"]);
    assert_eq!(paths(&evaluate(&problem, &Plan::empty(&problem), &[], 1).unwrap_err()), ["scenarios"]);
}

#[test]
fn scenarios_are_drawn_from_a_seed() {
    let mut b = yard(100);
    for x in [10, 20] {
        b.add_client(Client::at(at(x)).pickup([5]).optional(0));
    }
    let problem = b.build().unwrap();
    let uncertain = |client, amounts: &[i64]| Uncertain {
        client: id(client),
        outcomes: amounts.iter().map(|&amount| (vec![amount], 10 * amount)).collect(),
    };
    let sampling = Sampling::new([uncertain(0, &[1, 2, 3]), uncertain(1, &[7])], 300).fresh(100);
    let (scenarios, fresh) = sampling.draw(&problem, 5).unwrap();
    assert_eq!((scenarios.len(), fresh.len()), (300, 100));
    assert_eq!((scenarios.clone(), fresh.clone()), sampling.draw(&problem, 5).unwrap());
    assert_ne!(scenarios, sampling.draw(&problem, 6).unwrap().0);
    for amount in 1..=3 {
        let count = scenarios.iter().filter(|s| s.0[0] == Outcome::new(id(0), [amount], 10 * amount)).count();
        assert!((70..=130).contains(&count), "{amount}: {count}");
    }
    assert!(scenarios.iter().chain(&fresh).all(|s| s.0[1] == Outcome::new(id(1), [7], 70)));
    // A plan that is cancelled at once tells nothing that it does not know.
    let cancel = CancelToken::new();
    cancel.cancel();
    let cut = plan_sampled_with(&problem, &sampling, &params(), &cancel, &mut |_| {}).unwrap();
    assert_eq!((cut.fresh.costs.len(), cut.planned.outcomes.costs.len()), (0, 0));
}

#[test]
fn every_fault_of_what_is_drawn_at_once() {
    let mut b = yard(100);
    b.add_client(Client::at(at(10)).pickup([5]));
    let problem = b.build().unwrap();
    let of = |client, outcomes: Vec<(Vec<i64>, i64)>| Uncertain { client: id(client), outcomes };
    let uncertain = [of(0, Vec::new()), of(0, vec![(vec![-1], -1)]), of(4, vec![(vec![1, 2], 0)])];
    let mut params = params();
    params.rounds = 0;
    let error = plan_sampled(&problem, &Sampling::new(uncertain, 0).fresh(10_001), &params).unwrap_err();
    let of_first = ["scenarios", "fresh", "uncertain[0].outcomes", "uncertain[1].client"];
    let of_second = ["uncertain[1].outcomes[0].pickup", "uncertain[1].outcomes[0].prize"];
    let of_rest = ["uncertain[2].client", "uncertain[2].outcomes[0].pickup", "rounds"];
    assert_eq!(paths(&error), [&of_first[..], &of_second, &of_rest].concat());
}
