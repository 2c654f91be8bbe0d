//! Plans that are answered within the request that asks for them: problems of other programs.

use std::time::Duration;

use axum::http::StatusCode;
use milkrun::Plan;
use milkrun::io::json;

use super::access::{App, Caller, PlansWrite};
use super::plans;
use super::problem::Problem;
use crate::planning::jobs::{self, Known, Order, Submitted};
use crate::planning::{Prepared, View};

/// How often the job of a request is examined.
const LOOK: Duration = Duration::from_millis(50);
/// The most places of a problem without matrices: what is made of them is stored.
pub(super) const MOST_POINTS: usize = 500;
/// What is left of a request's time for all but the search, seconds.
const REST: u64 = 2;

/// A problem to be answered.
pub(super) struct Question<'a> {
    /// What jobs and plans are called.
    pub(super) name: &'static str,
    /// The problem, which is also there as the library has it.
    pub(super) document: String,
    pub(super) problem: &'a milkrun::Problem,
    /// Longest search.
    pub(super) seconds: u64,
}

/// The longest search that a request has time for, seconds.
pub(super) fn longest(app: &App) -> u64 {
    app.config.limits.request_seconds.saturating_sub(REST).min(u64::from(app.config.planning.max_seconds)).max(1)
}

/// The plan of a problem. It is a job that is put in the queue like all others, and stored.
pub(super) async fn plan(app: &App, caller: &Caller<PlansWrite>, question: Question<'_>) -> Result<Plan, Problem> {
    let prepared = Prepared {
        problem: question.document,
        seconds: question.seconds.clamp(1, longest(app)) as u32,
        iterations: None,
        seed: 1,
        streets: None,
        travel: Vec::new(),
        front: None,
        forecast: None,
        remarks: Vec::new(),
    };
    let plan_id = job(app, caller, question.name, &prepared).await?;
    let document = plans::text(app, &caller.who.org, &plan_id, View::Document).await?;
    json::read_plan(&document, question.problem).map_err(|error| {
        tracing::error!(%error, "a stored plan cannot be read");
        failed()
    })
}

/// That something failed inside.
pub(super) fn failed() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the service failed")
}

/// The plan of a job, once it is there.
async fn job(
    app: &App,
    caller: &Caller<PlansWrite>,
    name: &'static str,
    prepared: &Prepared,
) -> Result<String, Problem> {
    let most = app.config.planning.queue_per_organisation;
    let order = Order { identity: &caller.who, name, prepared, idempotency_key: None, most };
    let mut job = match jobs::submit(&app.ledger, &order).await? {
        Submitted::Known(Known::Plan(plan_id)) => return Ok(plan_id),
        Submitted::Job(job) => job,
        Submitted::Known(Known::Front(_)) => return Err(Problem::missing()),
        Submitted::QueueFull | Submitted::KeyReused => {
            let text = format!("{most} jobs wait or run already");
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "queue_full", text));
        }
    };
    app.wake.notify_one();
    // The limit of a request's time ends this, too.
    while !job.is_over() {
        tokio::time::sleep(LOOK).await;
        let found = jobs::find(&app.ledger, &caller.who.org, &job.id).await?;
        job = found.ok_or_else(Problem::missing)?;
    }
    job.plan_id.ok_or_else(|| {
        let text = job.error.unwrap_or_else(|| format!("the job is {}", job.state));
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_plan", text)
    })
}
