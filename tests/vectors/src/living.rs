//! Cases from seeds that ask for more than a plan: one recipe for each kind.

use milkrun::io::json;
use milkrun::{Client, Coord, Depot, Problem, ProblemBuilder, VehicleType};
use serde_json::json;

use crate::case::{Asked, Case, Parameters, RouteRecord, TripRecord};
use crate::make::Source;

/// The name of a recipe, and how it makes the case of a seed.
type Recipe = (&'static str, fn(u64) -> Case);

/// All of them: each recipe with two seeds.
///
/// # Panics
///
/// If a recipe gives an invalid problem.
pub(crate) fn cases() -> Vec<(String, Case)> {
    let recipes: [Recipe; 5] =
        [("adapt", adapt), ("period", period), ("compare", compare), ("pareto", pareto), ("scenarios", scenarios)];
    let of_recipe = |(name, recipe): Recipe| (1..=2).map(move |seed| (format!("{name}_{seed}"), recipe(seed)));
    recipes.into_iter().flat_map(of_recipe).collect()
}

/// Bins around a yard, some of them optional, and three vans of one capacity.
fn bins(source: &mut Source, count: usize) -> ProblemBuilder {
    let mut builder = Problem::builder();
    let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)).name("yard"));
    for c in 0..count {
        let client = Client::at(source.coord()).pickup([source.number(1, 9)]).service(20).name(format!("bin {c}"));
        builder.add_client(if c % 4 == 3 { client.optional(source.number(40, 300)) } else { client });
    }
    let van = VehicleType::new(3).capacity([40]).depot(yard).shift(0, 9_000).fixed_cost(100).name("van");
    builder.add_vehicle_type(van);
    builder
}

fn case(about: &str, builder: &ProblemBuilder, seed: u64, max_iterations: u64, asked: Asked) -> Case {
    let problem = builder.build().expect("a recipe makes a valid problem");
    let parameters =
        Parameters { seed, threads: 1, max_iterations, no_improvement: None, target_cost: None, initial: None };
    Case {
        about: about.to_owned(),
        problem: Some(serde_json::from_str(&json::write_problem(&problem)).expect("what is written is JSON")),
        parameters: Some(parameters),
        asked: Some(asked),
        ..Case::default()
    }
}

/// A plan that turns around the yard, seven bins a van: it is what it is, whatever a search finds.
fn swept(builder: &ProblemBuilder) -> Vec<RouteRecord> {
    let problem = builder.build().expect("a recipe makes a valid problem");
    let angle = |c: usize| {
        let Coord { x, y } = problem.locations()[problem.clients()[c].location().index()].coord;
        y.atan2(x)
    };
    let mut order: Vec<usize> = (0..problem.clients().len()).collect();
    order.sort_by(|&a, &b| angle(a).total_cmp(&angle(b)));
    let route = |clients: &[usize]| {
        let visits = clients.iter().map(|&c| ("client".to_owned(), c)).collect();
        let trips = vec![TripRecord { start_depot: Some(0), end_depot: Some(0), visits }];
        RouteRecord { vehicle_type: 0, start: None, trips }
    };
    order.chunks(7).map(route).collect()
}

fn adapt(seed: u64) -> Case {
    let mut source = Source::of(500 + seed);
    let builder = bins(&mut source, 14);
    let plan = swept(&builder);
    let last = |route: &RouteRecord| route.trips[0].visits[6].1;
    let (open, other) = (last(&plan[0]), last(&plan[1]));
    let events = if seed == 1 {
        json!([
            { "kind": "late", "route": 0, "by": 300 },
            { "kind": "cancelled", "client": open },
            { "kind": "area", "corners": [[-60, -500], [60, -500], [0, -90]], "from": 0, "to": 2_500, "percent": 70 },
            { "kind": "added", "client": { "x": 120.0, "y": -80.0, "pickup": [4], "service": 20, "name": "new" } },
        ])
    } else {
        json!([
            { "kind": "done", "route": 1, "activities": 1, "at": 420 },
            { "kind": "changed", "client": other, "pickup": [12], "service": 45, "required": true },
            { "kind": "slow", "from": 600, "to": 1_800, "percent": 60 },
            { "kind": "broken_down", "route": 0 },
            { "kind": "area", "corners": [[0, 0], [400, 0], [400, 60], [0, 60]], "from": 0, "to": 1_200 },
        ])
    };
    let prices = json!({ "other_vehicle": 40, "other_order": 25, "per_time": 1, "tolerance": 120, "dropped": 500, "called_out": 250 });
    let asked = if seed == 1 {
        json!({ "now": 500, "events": events, "prices": prices, "keep": "nothing" })
    } else {
        json!({ "now": 500, "events": events, "keep": "vehicles", "keep_until": 2_000 })
    };
    let about = "a plan that is being driven is adapted to what has happened";
    Case { plan: Some(plan), ..case(about, &builder, seed, 80, Asked::Adapt(asked)) }
}

fn period(seed: u64) -> Case {
    let mut source = Source::of(600 + seed);
    let builder = bins(&mut source, 10);
    let consistency = json!({ "other_vehicle": 60, "per_time": 1, "tolerance": 300, "moved_day": 90 });
    let told = json!([{ "client": "bin 4", "days": [3] }, { "client": 5, "days": [0] }]);
    let territories = json!([{ "vehicle_type": "van", "unit": 1, "clients": ["bin 6", 7] }]);
    let asked = json!({
        "days": 4,
        "visits": [
            { "client": "bin 0", "frequency": 2 },
            { "client": "bin 1", "patterns": [[0, 3], [1, 2]] },
            { "client": 2, "frequency": 2, "days": [0, 1, 3], "min_gap": 1, "max_gap": 3 },
            { "client": "bin 3", "frequency": 1, "last_visit": 2, "min_gap": 3, "max_gap": 5 },
            { "client": "bin 8", "overflow": { "after": [0, 40, 160], "until_first": [0, 90, 300] } },
        ],
        "working_days": [{ "vehicle_type": "van", "days": [0, 1, 3] }],
        "consistency": if seed == 1 { json!({}) } else { consistency },
        "told": if seed == 1 { json!([]) } else { told },
        "territories": if seed == 1 { json!([]) } else { territories },
    });
    case("four days are planned together", &builder, seed, 120, Asked::Period(asked))
}

fn compare(seed: u64) -> Case {
    let mut source = Source::of(700 + seed);
    let mut builder = bins(&mut source, 12);
    builder.add_depot(Depot::at(source.coord()).name("annex"));
    let document = json!({ "variants": [
        { "name": "one van less", "changes": [{ "kind": "vehicles", "vehicle_type": "van", "by": -1 }] },
        { "name": "elsewhere, later, smaller", "changes": [
            { "kind": "depot", "depot": "annex" },
            { "kind": "later_start", "by": 600 },
            { "kind": "capacity", "vehicle_type": 0, "capacity": [30] },
        ] },
        { "name": "dearer", "changes": [
            { "kind": "merge", "patch": { "vehicle_types": { "van": { "fixed_cost": 400 } } } },
            { "kind": "shift", "early": 60, "late": 8_000 },
        ] },
    ] });
    case("variants of a problem side by side", &builder, seed, 60, Asked::Compare { document, seeds: 2 })
}

fn pareto(seed: u64) -> Case {
    let mut source = Source::of(800 + seed);
    let builder = bins(&mut source, 12);
    let asked = if seed == 1 {
        json!({ "objectives": ["makespan", "cost"], "points": 5 })
    } else {
        json!({ "objectives": ["cost", "vehicles", "unserved"], "points": 6 })
    };
    case("plans of which none is better in all respects", &builder, seed, 600, Asked::Pareto(asked))
}

fn scenarios(seed: u64) -> Case {
    let mut source = Source::of(900 + seed);
    let builder = bins(&mut source, 12);
    // Bins that are worth a visit only where they overflow, and one that is always served.
    let mut uncertain = vec![json!({ "client": 0, "outcomes": [{ "pickup": [2] }, { "pickup": [20] }] })];
    for bin in [3, 7, 11] {
        let outcomes: Vec<_> = (0..4)
            .map(|o| json!({ "pickup": [source.number(1, 12)], "prize": if o < 2 { 900 } else { source.number(0, 300) } }))
            .collect();
        uncertain.push(json!({ "client": format!("bin {bin}"), "outcomes": outcomes }));
    }
    let asked = if seed == 1 {
        json!({ "uncertain": uncertain, "scenarios": 6, "fresh": 12 })
    } else {
        json!({ "uncertain": uncertain, "scenarios": 4, "fresh": 10, "rounds": 2, "agreement": 0.75 })
    };
    case("a day that may turn out in several ways", &builder, seed, 2_000, Asked::Scenarios(asked))
}
