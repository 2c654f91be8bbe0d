//! Annealed ruin and recreate.

use std::time::Instant;

use crate::algorithm::{CancelToken, Progress, SolveParams, SolveResult, StopReason};
use crate::model::Problem;
use crate::plan::Plan;
use crate::search::construct::construct;
use crate::search::data::Data;
use crate::search::local_search::{LocalSearch, LocalSearchParams};
use crate::search::random::Random;
use crate::search::recreate::Recreate;
use crate::search::routes::Routes;
use crate::search::ruin::{Ruin, RuinParams};
use crate::search::rules::{Plain, Rich, Rules, Timed};

pub(super) fn run(
    problem: &Problem,
    params: &SolveParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> SolveResult {
    let start = Instant::now();
    let data = Data::new(problem);
    eprintln!("data {:?} simple {} timed {}", start.elapsed(), data.simple, data.timed);
    if !data.simple {
        anneal::<Rich>(&data, params, cancel, on_progress, start)
    } else if data.timed {
        anneal::<Timed>(&data, params, cancel, on_progress, start)
    } else {
        anneal::<Plain>(&data, params, cancel, on_progress, start)
    }
}

fn env(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

fn anneal<R: Rules>(
    data: &Data<'_>,
    params: &SolveParams,
    cancel: &CancelToken,
    _on_progress: &mut dyn FnMut(&Progress),
    start: Instant,
) -> SolveResult {
    let mut random = Random::new(params.seed);
    let mut routes: Routes<'_, R> = Routes::new(data);
    let mut recreate = Recreate::new(env("BLINK", 0.01), &mut random);
    construct(&mut routes, &mut recreate, &mut random);
    eprintln!("construct {:?} cost {} routes {}", start.elapsed(), routes.cost, routes.num_used());
    let mut ruin = Ruin::new(
        RuinParams { mean_removed: env("C", 10.0), longest: env("L", 10.0), ..Default::default() },
        routes.info.len(),
    );
    let mut removed = Vec::new();
    let mut ls = LocalSearch::new(
        LocalSearchParams {
            width: env("W", 20.0) as usize,
            relocate: env("REL", 1.0) > 0.0,
            swap: env("SWAP", 1.0) > 0.0,
        },
        data.num_stops(),
    );
    let gate = env("GATE", 10.0);
    let mean_arc = routes.cost as f64 / data.num_stops() as f64;
    let (t0, t1) = (env("T0", 0.3) * mean_arc, env("T1", 0.02) * mean_arc);
    let budget = params.stop.max_runtime.map_or(10.0, |d| d.as_secs_f64());
    let mut temperature = t0;
    let mut iterations = 0u64;
    let mut next_log = 1.0;
    loop {
        if iterations % 64 == 0 {
            let t = start.elapsed().as_secs_f64();
            let f = t / budget;
            temperature = t0 * (t1 / t0).powf(f);
            if t > next_log {
                eprintln!(
                    "{t:.1} best {} cur {} it {} routes {}",
                    routes.best_cost(),
                    routes.cost,
                    iterations,
                    routes.num_used()
                );
                next_log *= 2.0;
            }
            if t > budget || cancel.is_cancelled() {
                break;
            }
        }
        iterations += 1;
        routes.begin();
        let before = routes.cost;
        ruin.run(&mut routes, &mut random, &mut removed);
        removed.clear();
        removed.extend_from_slice(routes.unserved());
        recreate.run(&mut routes, &mut random, &removed);
        if !R::RICH && routes.cost as f64 <= before as f64 + gate * temperature {
            ls.run(&mut routes, &removed);
        }
        if (routes.cost as f64) < before as f64 + temperature * random.exponential() {
            routes.commit();
        } else {
            routes.rollback();
        }
    }
    eprintln!("ls tried {} improved {}", ls.tried, ls.improved);
    eprintln!(
        "best {} it/s {:.0} unserved {}",
        routes.best_cost(),
        iterations as f64 / budget,
        routes.best_unserved_required()
    );
    let out = routes.best_routes();
    SolveResult {
        plan: Plan::new(data.problem, out).unwrap_or_else(|_| Plan::empty(data.problem)),
        stopped: StopReason::MaxRuntime,
        iterations,
        runtime: start.elapsed(),
    }
}
