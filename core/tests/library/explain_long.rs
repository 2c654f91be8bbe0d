//! Explanations of days with long routes, of which only some places are tried with halts placed anew: what is said is so.

#[cfg(feature = "rayon")]
use milkrun::CancelToken;
#[cfg(feature = "rayon")]
use milkrun::explain::{ExplainParams, explain_with};
use milkrun::explain::{Explanation, Job, Relaxation, explain};
use milkrun::{
    Break, Client, Coord, Depot, DisposalSite, DriverRule, Effort, Plan, Problem, SolveParams, Stop, VehicleType, solve,
};

/// Two trucks with trips to disposal sites, a break and rests, which have more to do than they can.
fn day(seed: u32) -> Problem {
    let mut b = Problem::builder();
    let at = |x: u32, y: u32| Coord::new(f64::from(x % 51), f64::from(y % 51));
    let yard = b.add_depot(Depot::at(at(25, 25)));
    let sites =
        [b.add_disposal_site(DisposalSite::at(at(3, 45)).service(8)), b.add_disposal_site(DisposalSite::at(at(40, 2)))];
    for i in 0..120 {
        let client = Client::at(at(37 * i + 13 * seed, 61 * i + 29 * seed)).service(i64::from(3 + i % 4));
        let client = client.pickup([i64::from(1 + i % 5)]).optional(1_000);
        let early = i64::from(7 * i % 200);
        b.add_client(if i % 3 == 0 { client.time_window(early, early + 250) } else { client });
    }
    let truck = VehicleType::new(2).depot(yard).capacity([70]).shift(0, 480).disposal_sites(sites).end_empty();
    let rests = DriverRule::new(Effort::Driving, 150, 15);
    b.add_vehicle_type(truck.max_trips(3).add_break(Break::new(180, 280, 20)).driver_rule(rests).cost_per_duration(1));
    b.build().expect("a valid problem")
}

/// What is said of a job once a change is made, with the same plan.
fn with(problem: &Problem, plan: &Plan, job: Job, change: &Relaxation) -> Explanation {
    let mut builder = problem.to_builder();
    change.apply(&mut builder, job);
    let changed = builder.build().expect("a valid change");
    let plan = Plan::new(&changed, plan.route_stops().to_vec()).expect("the same ids");
    explain(&changed, &plan).into_iter().find(|other| other.job == job).expect("it is unserved still")
}

/// The same change by one less, where it has an amount.
fn less(change: &Relaxation) -> Option<Relaxation> {
    let mut less = change.clone();
    match &mut less {
        Relaxation::Shift { by, .. } | Relaxation::Capacity { by, .. } | Relaxation::Window { by, .. } if *by > 1 => {
            *by -= 1;
        }
        Relaxation::MaxTrips { by, .. } if *by > 1 => *by -= 1,
        _ => return None,
    }
    Some(less)
}

#[test]
fn changes_make_room_and_smaller_ones_do_not() {
    let (mut helpful, mut smallest, mut longest) = (0, 0, 0);
    for seed in 0..3 {
        let problem = day(seed);
        let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
        let plan = solve(&problem, &params).plan;
        longest = longest.max(plan.routes().iter().map(|route| route.visits().count()).max().unwrap_or(0));
        for explanation in explain(&problem, &plan).iter().take(4) {
            for change in explanation.relaxations.iter().filter(|change| change.rule() != "prize") {
                assert!(
                    with(&problem, &plan, explanation.job, change).has_room(),
                    "{change} does not help: {explanation}"
                );
                helpful += 1;
                if let Some(less) = less(change) {
                    let other = with(&problem, &plan, explanation.job, &less);
                    assert!(!other.has_room(), "{less} does, too: {explanation}\n{other}");
                    smallest += 1;
                }
            }
        }
    }
    eprintln!("{helpful} changes, {smallest} smaller ones, {longest} visits on the longest route");
    assert!(helpful > 10 && smallest > 4 && longest > 32, "{helpful} {smallest} {longest}");
}

#[cfg(feature = "rayon")]
#[test]
fn the_same_is_said_on_any_number_of_threads() {
    let problem = day(1);
    let params = SolveParams { stop: Stop::after_iterations(40), ..SolveParams::default() };
    let plan = solve(&problem, &params).plan;
    assert!(plan.unserved().clients.len() > 4);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        // Without a limit of time, which would decide what is said.
        let params = ExplainParams { max_runtime: None };
        pool.install(|| format!("{:?}", explain_with(&problem, &plan, &params, &CancelToken::new()).explanations))
    };
    let alone = on(1);
    assert_eq!(on(3), alone);
}
