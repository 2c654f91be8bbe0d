//! Variants of a problem side by side, on problems whose best plans can be worked out by hand.

use crate::random_collections;

use milkrun::compare::{CompareParams, Compared, Figure, Paired, ProblemChange, Variant, compare, compare_with};
use milkrun::document::CompareDocument;
use milkrun::plan::check::check_plan;
use milkrun::{
    CancelToken, Client, Coord, Depot, DepotId, DisposalSite, DisposalSiteId, Problem, Stop, VehicleType, VehicleTypeId,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use random_collections::{any_features, day_problem};

/// A truck that serves a client at 10 and unloads at 20 or at -50 before it returns to 0.
fn two_sites() -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)).name("yard"));
    b.add_depot(Depot::at(Coord::new(10.0, 0.0)).name("branch"));
    b.add_client(Client::at(Coord::new(10.0, 0.0)).pickup([1]).service(5).name("bakery"));
    let sites = [20.0, -50.0].map(|x| b.add_disposal_site(DisposalSite::at(Coord::new(x, 0.0))));
    let truck = VehicleType::new(2).capacity([4]).depot(yard).disposal_sites(sites).end_empty().shift(0, 1_000);
    b.add_vehicle_type(truck.name("truck"));
    b.build().unwrap()
}

fn params() -> CompareParams {
    CompareParams::new(Stop::after_iterations(100)).seeds(3)
}

fn difference(variant: &Compared, figure: Figure) -> Paired {
    variant.figure(figure).and_then(|summary| summary.difference).expect("both have feasible plans")
}

/// What a change costs, where no seed disagrees.
fn costs(change: ProblemChange) -> f64 {
    let problem = two_sites();
    let variants = [Variant::new("as it is", problem.clone()), Variant::of("changed", &problem, &[change]).unwrap()];
    let found = compare(&variants, &params());
    for (variant, compared) in variants.iter().zip(&found.variants) {
        for run in compared.runs.iter().flatten() {
            let report = check_plan(&variant.problem, &run.plan);
            assert!(report.is_truthful() && report.is_feasible() == run.plan.is_feasible());
        }
    }
    let cost = difference(&found.variants[1], Figure::Cost);
    assert_eq!((cost.half_width, cost.pairs), (Some(0.0), 3));
    cost.mean
}

#[test]
fn changes_cost_what_they_cost_by_hand() {
    // By hand: 0 → 10 → 20 → 0 is 40.
    let (first, second) = (DisposalSiteId::new(0), DisposalSiteId::new(1));
    let truck = VehicleTypeId::new(0);
    // 0 → 10 → -50 → 0 is 120.
    assert!((costs(ProblemChange::SiteClosed { site: first }) - 80.0).abs() < 1e-9);
    assert!((costs(ProblemChange::Sites { vehicle_type: Some(truck), sites: vec![second] }) - 80.0).abs() < 1e-9);
    assert!(costs(ProblemChange::SiteClosed { site: second }).abs() < 1e-9);
    // 10 → 10 → 20 → 10 is 20.
    assert!((costs(ProblemChange::Depot { vehicle_type: None, depot: DepotId::new(1) }) + 20.0).abs() < 1e-9);
    assert!(costs(ProblemChange::Vehicles { vehicle_type: truck, by: -1 }).abs() < 1e-9);
    assert!(costs(ProblemChange::Capacity { vehicle_type: truck, capacity: vec![1] }).abs() < 1e-9);
    assert!(costs(ProblemChange::LaterStart { vehicle_type: None, by: 30 }).abs() < 1e-9);
}

#[test]
fn a_variant_without_a_feasible_plan_has_no_difference() {
    let problem = two_sites();
    // 40 units of driving and 5 of service do not fit.
    let short = ProblemChange::Shift { vehicle_type: None, early: None, late: Some(44) };
    let fits = ProblemChange::Shift { vehicle_type: None, early: None, late: Some(45) };
    let variants = [
        Variant::new("as it is", problem.clone()),
        Variant::of("short", &problem, &[short]).unwrap(),
        Variant::of("fits", &problem, &[fits]).unwrap(),
    ];
    let found = compare(&variants, &params());
    assert!(found.is_complete());
    let [first, short, fits] = &found.variants[..] else { panic!("three variants") };
    assert_eq!(
        (short.searched(), short.feasible(), short.sentence(1.0).as_str()),
        (3, 0, "no feasible plan was found")
    );
    assert!(short.figures.iter().all(|summary| summary.spread.is_none() && summary.difference.is_none()));
    assert_eq!((fits.sentence(1.0).as_str(), first.sentence(1.0).as_str()), ("costs the same", ""));
    assert!(first.figures.iter().all(|summary| summary.difference.is_none()));
    assert_eq!(first.best().map(milkrun::Plan::cost), Some(40));
}

#[test]
fn a_cancelled_comparison_says_so() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let found = compare_with(&[Variant::new("only", two_sites())], &params(), &cancel, &mut |_| {});
    assert!(!found.is_complete());
    assert_eq!(found.variants[0].sentence(1.0), "no search ran to its end");
    assert!(found.variants[0].best().is_none());
}

#[test]
fn without_variants_or_seeds_there_is_nothing() {
    assert!(compare(&[], &params()).variants.is_empty());
    let found = compare(&[Variant::new("only", two_sites())], &params().seeds(0));
    assert!(found.is_complete() && found.variants[0].runs.is_empty());
}

fn document(text: &str) -> CompareDocument {
    CompareDocument::read(text).unwrap()
}

#[test]
fn documents_name_what_they_change() {
    let asked = document(
        r#"{"variants": [
            {"name": "mixed", "changes": [
                {"kind": "vehicles", "vehicle_type": "truck", "by": 2},
                {"kind": "merge", "patch": {
                    "vehicle_types": {"truck": {"count": 1, "name": "lorry"}},
                    "clients": {"bakery": {"service": 7}, "+": {"location": {"x": 3, "y": 0}, "name": "new"}}}},
                {"kind": "vehicles", "vehicle_type": "lorry", "by": 4},
                {"kind": "depot", "vehicle_type": 0, "depot": "branch"}]}]}"#,
    );
    let variants = asked.variants(&two_sites()).unwrap();
    let names: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
    assert_eq!(names, ["as it is", "mixed"]);
    assert_eq!(variants[0].problem, two_sites());
    let problem = &variants[1].problem;
    let lorry = &problem.vehicle_types()[0];
    assert_eq!((lorry.count, lorry.name.as_str(), lorry.start), (5, "lorry", Some(DepotId::new(1))));
    assert_eq!((problem.clients()[0].service, problem.clients()[1].name.as_str()), (7, "new"));
    assert_eq!(problem.disposal_sites(), two_sites().disposal_sites());
}

#[test]
fn every_fault_of_every_variant_is_told_at_once() {
    let asked = document(
        r#"{"variants": [
            {"name": "a", "changes": [{"kind": "site_closed", "site": "moon"}, {"kind": "depot", "depot": 9}]},
            {"name": "b", "changes": [{"kind": "capacity", "vehicle_type": "truck", "capacity": [-1]}]},
            {"name": "c", "changes": [{"kind": "merge", "patch": {
                "clients": {"bakery": null, "mill": {}}, "vehicle_types": {"3": {}}}}]},
            {"name": "d", "changes": [{"kind": "merge", "patch": {"clients": {"0": {"pickup": "much", "size": 1}}}}]},
            {"name": "e", "changes": [{"kind": "later_start", "by": 99999999999}]},
            {"name": ""}, {"name": "as it is"}]}"#,
    );
    let error = asked.variants(&two_sites()).unwrap_err();
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            r#"variants["a"].changes[0].site"#,
            r#"variants["a"].changes[1].depot"#,
            r#"variants["b"].vehicle_types[0].capacity[0]"#,
            r#"variants["c"].changes[0].patch: clients["bakery"]"#,
            r#"variants["c"].changes[0].patch: clients["mill"]"#,
            r#"variants["c"].changes[0].patch: vehicle_types["3"]"#,
            r#"variants["d"].changes[0].patch: clients[0].pickup"#,
            r#"variants["d"].changes[0].patch: clients[0].size"#,
            r#"variants["e"].changes[0].by"#,
            "variants[5].name",
            "variants[6].name",
        ]
    );
}

fn reproducible() -> ProptestConfig {
    ProptestConfig { cases: 12, rng_seed: RngSeed::Fixed(18), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(reproducible())]

    /// Against itself, a problem costs nothing more, without any noise; and threads change nothing.
    #[test]
    fn a_problem_does_not_differ_from_itself(features in any_features(), most in 1_usize..9, seed: u64) {
        let problem = day_problem(features, most, seed);
        let variants = [Variant::new("a", problem.clone()), Variant::new("b", problem)];
        let params = CompareParams::new(Stop::after_iterations(20)).seeds(3);
        let found = compare(&variants, &params);
        prop_assert!(found.is_complete());
        let [a, b] = &found.variants[..] else { panic!("two variants") };
        for summary in b.figures.iter().filter_map(|summary| summary.difference) {
            prop_assert_eq!(summary.mean.to_bits(), 0.0_f64.to_bits());
            prop_assert!(summary.half_width.is_none_or(|half| half.to_bits() == 0.0_f64.to_bits()));
        }
        let plans = |variant: &Compared| {
            variant.runs.iter().flatten().map(|run| run.plan.clone()).collect::<Vec<_>>()
        };
        prop_assert_eq!(plans(a), plans(b));
        let side_by_side = compare(&variants, &params.threads(4));
        for (one, other) in found.variants.iter().zip(&side_by_side.variants) {
            prop_assert_eq!(plans(one), plans(other));
            prop_assert_eq!(&one.figures, &other.figures);
        }
    }
}
