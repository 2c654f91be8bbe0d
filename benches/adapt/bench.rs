//! How fast and how well a city's plan is adapted, over random events: `cargo run --profile shipped --bin adapt-bench`.
//!
//! Words: the number of event sequences (200), seconds for each (3), sequences that are also planned afresh (0), and seconds
//! for each of those (60).

use std::collections::BTreeMap;
use std::time::Duration;

use milkrun::adapt::{AdaptParams, Adaptation, Change, ChangePrices, Event, adapt};
use milkrun::plan::check::check_plan;
use milkrun::{Client, ClientId, DisposalSiteId, Plan, Problem, ProfileId, SolveParams, Stop, TimeWindow, solve};

const CITY_DAY: &str = include_str!("../../examples/data/city_day.json");

/// Random numbers from a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as i64
    }

    fn index(&mut self, n: usize) -> usize {
        self.below(n as i64) as usize
    }
}

/// One to five events between seven and one o'clock, each possible by itself.
fn events(problem: &Problem, plan: &Plan, now: i64, dice: &mut Dice) -> Vec<Event> {
    let routes = plan.routes().len();
    let number = 1 + dice.below(5);
    let event = |dice: &mut Dice| {
        let route = dice.index(routes);
        let client = ClientId::new(dice.index(problem.clients().len()));
        match dice.below(9) {
            0 => Event::Late { route, by: 300 + dice.below(2_400) },
            1 => Event::BrokenDown { route },
            2 => Event::ShiftEnds { route, at: now + 7_200 + dice.below(7_200) },
            3 => {
                let at = problem.client(client).location();
                Event::added(Client::at(at).pickup([100 + dice.below(300)]).service(60).name("reported full"))
            }
            4 => Event::Cancelled { client },
            5 => Event::Changed {
                client,
                pickup: Some(vec![200 + dice.below(400)]),
                delivery: None,
                service: None,
                time_window: Some(TimeWindow::new(0, now + 10_800)),
                required: None,
                prize: None,
            },
            6 => {
                let site = DisposalSiteId::new(dice.index(problem.disposal_sites().len()));
                Event::SiteClosed { site, from: now, to: now + 1_800 + dice.below(5_400) }
            }
            7 => {
                let site = DisposalSiteId::new(dice.index(problem.disposal_sites().len()));
                Event::SiteQueue { site, by: 300 + dice.below(1_500) }
            }
            _ => Event::Slow { profile: ProfileId::new(0), from: now, to: now + 7_200, percent: 60 },
        }
    };
    (0..number).map(|_| event(dice)).collect()
}

/// Clients that were published, are not cancelled, and are not served any longer.
fn broken_promises(adapted: &Adaptation) -> usize {
    let dropped = |change: &&Change| matches!(change, Change::Dropped { cause, .. } if cause.is_none());
    adapted.difference.changes.iter().filter(dropped).count()
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

#[expect(clippy::print_stdout, reason = "a program that prints its figures")]
fn main() {
    let words: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let word = |index: usize, usual: u64| words.get(index).copied().unwrap_or(usual);
    let (sequences, seconds, afresh, long) = (word(0, 200), word(1, 3), word(2, 0), word(3, 60));
    let problem = milkrun::io::json::read_problem(CITY_DAY).expect("the example is valid");
    let stop = Stop::after(Duration::from_secs(20));
    let published = solve(&problem, &SolveParams { stop, ..SolveParams::default() }).plan;
    let mut repaired = Vec::new();
    let (mut events_given, mut changes, mut infeasible, mut broken, mut gaps) = (0, 0, 0, 0, Vec::new());
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut tried = 0;
    let mut seed = 0;
    while tried < sequences {
        seed += 1;
        let dice = &mut Dice(seed);
        let now = 25_200 + dice.below(21_600);
        let mut params = AdaptParams::at(now).stop(Stop::after(Duration::from_secs(seconds)));
        params.prices = ChangePrices::moderate(&published);
        params.events = events(&problem, &published, now, dice);
        // Sequences that contradict themselves, such as a client that is cancelled twice, are refused.
        let Ok(adapted) = adapt(&problem, &published, &params) else { continue };
        let report = check_plan(&adapted.problem, &adapted.plan);
        assert!(report.is_truthful(), "{report}");
        tried += 1;
        repaired.push(adapted.repaired_after.as_secs_f64());
        events_given += params.events.len();
        changes += adapted.difference.changes.iter().filter(|c| !matches!(c, Change::Retimed { .. })).count();
        broken += broken_promises(&adapted);
        infeasible += usize::from(!adapted.plan.is_feasible());
        let mut kinds: Vec<&str> = adapted.plan.violations().iter().map(milkrun::plan::Violation::kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            *reasons.entry(kind).or_default() += 1;
        }
        if tried <= afresh && adapted.plan.is_feasible() {
            params.prices = ChangePrices::default();
            params.stop = Stop::after(Duration::from_secs(long));
            let free = adapt(&problem, &published, &params).expect("as before");
            let (own, other) = (adapted.difference.cost.1, free.difference.cost.1);
            gaps.push((own - other) as f64 / other as f64 * 100.0);
        }
    }
    repaired.sort_by(f64::total_cmp);
    println!("{tried} sequences of {events_given} events, {seconds} s each");
    println!(
        "repaired after: median {:.0} ms, 95 % {:.0} ms, most {:.0} ms; within 100 ms: {:.1} %",
        percentile(&repaired, 0.5) * 1e3,
        percentile(&repaired, 0.95) * 1e3,
        percentile(&repaired, 1.0) * 1e3,
        repaired.iter().filter(|&&after| after <= 0.1).count() as f64 / tried as f64 * 100.0
    );
    println!("changes other than of time: {:.1} for each event", changes as f64 / events_given as f64);
    println!("infeasible: {infeasible}, with {reasons:?}; published clients that are dropped: {broken}");
    if !gaps.is_empty() {
        gaps.sort_by(f64::total_cmp);
        println!(
            "cost beside a free plan of {long} s, over {}: mean {:+.2} %, median {:+.2} %, worst {:+.2} %",
            gaps.len(),
            gaps.iter().sum::<f64>() / gaps.len() as f64,
            percentile(&gaps, 0.5),
            percentile(&gaps, 1.0)
        );
    }
}
