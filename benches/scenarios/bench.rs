//! What planning over scenarios is worth: `cargo run --profile shipped --bin scenario-bench -- DAYS SECONDS SAMPLES`.
//!
//! Made-up days of a city of bins whose fill levels are uncertain, each planned in three ways for the same time: bins that overflow if
//! they fill as is expected, and no others; the must and may lists with their prizes; and the lists with scenarios. Each plan is
//! driven in the same 200 fresh scenarios.

use milkrun::forecast::{
    Action, BinState, QuantileRow, QuantileTable, Samples, SelectParams, apply_selection, sample_scenarios, select,
};
use milkrun::plan::check::check_plan;
use milkrun::scenarios::{ScenarioParams, evaluate, plan_scenarios};
use milkrun::{
    Client, ClientId, Coord, Depot, DisposalSite, Problem, ProblemBuilder, SolveParams, Stop, VehicleType, solve,
};

const DAY: i64 = 86_400;
const BINS: usize = 120;
const FULL_LOAD: i64 = 400;
const FRESH: usize = 200;

/// Random numbers from a seed (`SplitMix64`), in [0, 1).
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

/// Bins in a town, three trucks, and a landfill outside; distances in metres.
fn town(dice: &mut Dice) -> ProblemBuilder {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for bin in 0..BINS {
        let place = Coord::new(dice.between(-5_000.0, 5_000.0).round(), dice.between(-4_000.0, 4_000.0).round());
        b.add_client(Client::at(place).pickup([0]).service(120).name(format!("bin {bin}")));
    }
    let landfill = b.add_disposal_site(DisposalSite::at(Coord::new(7_000.0, 2_000.0)).service(600));
    let truck = VehicleType::new(3).depot(yard).capacity([6_000]).disposal_sites([landfill]).end_empty();
    b.add_vehicle_type(truck.fixed_cost(10_000).max_distance(120_000));
    b
}

#[expect(clippy::print_stdout, reason = "a program that prints its figures")]
fn main() {
    let words: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let word = |index: usize, usual: u64| words.get(index).copied().unwrap_or(usual);
    let (days, seconds, samples) = (word(0, 20), word(1, 10), word(2, 20) as usize);
    let stop = || Stop::after_secs(seconds as f64);
    let names = ["expected overflows only", "must and may lists", "lists and scenarios"];
    let mut costs: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let (mut deviations, mut unserved) = (vec![0.0; names.len()], vec![0; names.len()]);
    for day in 0..days {
        let dice = &mut Dice(1_000 + day);
        let town = town(dice);
        let rows: Vec<QuantileRow> =
            (0..BINS)
                .flat_map(|bin| {
                    let (mean, spread) = (dice.between(4.0, 20.0), dice.between(0.3, 1.0));
                    [(0.05, -1.3), (0.25, -0.55), (0.5, 0.0), (0.75, 0.65), (0.95, 1.9)].map(|(level, at)| {
                        QuantileRow { bin, horizon: DAY, level, amount: (mean * (1.0 + spread * at)).max(0.0) }
                    })
                })
                .collect();
        let model = QuantileTable::new(BINS, 0, &rows).expect("quantiles that ascend");
        let states: Vec<_> = (0..BINS).map(|_| Some(BinState { time: 0, level: dice.between(15.0, 98.0) })).collect();
        let bins: Vec<String> = (0..BINS).map(|bin| format!("bin {bin}")).collect();
        let clients: Vec<_> = (0..BINS).map(|bin| Some(ClientId::new(bin))).collect();
        let params = SelectParams { service: DAY / 4, ..SelectParams::daily(DAY / 4, 1_200) };
        let choices = select(&model, &states, &params).expect("valid states");
        let mut lists = town.clone();
        apply_selection(&mut lists, &bins, &choices, params.full, Some(FULL_LOAD));
        let lists = lists.build().expect("a valid town");
        // Nothing is required where scenarios say what an overflow costs.
        let mut open = lists.to_builder();
        for (client, choice) in open.clients_mut().iter_mut().zip(&choices) {
            (client.required, client.prize) = (false, choice.prize);
        }
        let open = open.build().expect("a valid town");
        let mut expected = open.to_builder();
        for (client, choice) in expected.clients_mut().iter_mut().zip(&choices) {
            let overflows = choice.action == Action::Must && choice.full_next > 0.5;
            (client.required, client.prize) = (overflows, 0);
        }
        let expected = expected.build().expect("a valid town");
        let draw = |count, seed| {
            let samples = Samples { count, seed };
            sample_scenarios(&model, &states, &choices, &clients, &params, FULL_LOAD, samples).expect("as before")
        };
        let fresh = draw(FRESH, 9_000 + day);
        let search = || SolveParams { stop: stop(), seed: 1, threads: 1, initial: None };
        let over = ScenarioParams::default().stop(stop());
        let plans = [
            solve(&expected, &search()).plan,
            solve(&lists, &search()).plan,
            plan_scenarios(&open, &draw(samples, day), &over).expect("as before").plan,
        ];
        for (i, plan) in plans.iter().enumerate() {
            let plan = milkrun::Plan::new(&open, plan.route_stops().to_vec()).expect("the same clients");
            assert!(check_plan(&open, &plan).is_truthful());
            let outcomes = evaluate(&open, &plan, &fresh, 1).expect("as before");
            costs[i].push(outcomes.mean());
            deviations[i] += outcomes.deviation() / days as f64;
            unserved[i] += plan.unserved().clients.len();
        }
    }
    println!("{days} days of {BINS} bins, {seconds} s each, {samples} scenarios, {FRESH} fresh ones\n");
    println!(
        "| planned by | mean cost | spread within a day | beside the lists % | bins left a day |\n| --- | ---: | ---: | ---: | ---: |"
    );
    for (i, name) in names.iter().enumerate() {
        let mean = costs[i].iter().sum::<f64>() / days as f64;
        let gaps: Vec<f64> = costs[i].iter().zip(&costs[1]).map(|(own, other)| (own / other - 1.0) * 100.0).collect();
        let gap = gaps.iter().sum::<f64>() / days as f64;
        let error =
            (gaps.iter().map(|g| (g - gap).powi(2)).sum::<f64>() / (days.max(2) - 1) as f64 / days as f64).sqrt();
        let left = unserved[i] as f64 / days as f64;
        println!("| {name} | {mean:.0} | {:.0} | {gap:+.2} ± {error:.2} | {left:.1} |", deviations[i]);
    }
}
