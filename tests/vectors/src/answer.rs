//! What comes of a case that asks for more than a plan: figures and plans, without what depends on the clock.

use std::iter;

use milkrun::adapt::adapt;
use milkrun::compare::{CompareParams, compare};
use milkrun::document::{
    AdaptDocument, AdaptationDocument, CompareDocument, ComparisonDocument, FailureDocument, FrontDocument,
    ParetoDocument, PeriodDocument, PeriodPlanDocument, Scales, ScenarioPlanDocument, ScenariosDocument,
};
use milkrun::pareto::pareto;
use milkrun::period::plan_period;
use milkrun::scenarios::plan_sampled;
use milkrun::{Plan, Problem, SolveParams};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::case::{Asked, Case};
use crate::run::{problem, record, search, stops};

/// The answer, in the form that it has after it was written and read.
pub(crate) fn answer(case: &Case, asked: &Asked) -> Result<Value, FailureDocument> {
    let problem = problem(case)?;
    let search = search(case, &problem)?;
    let found = match asked {
        Asked::Adapt(document) => adapted(case, &problem, &taken::<AdaptDocument>(document), &search)?,
        Asked::Period(document) => planned(&problem, &taken::<PeriodDocument>(document), &search)?,
        Asked::Compare { document, seeds } => compared(&problem, &taken(document), *seeds, &search)?,
        Asked::Pareto(document) => front(&problem, &taken::<ParetoDocument>(document), &search)?,
        Asked::Scenarios(document) => over_scenarios(&problem, &taken::<ScenariosDocument>(document), &search)?,
    };
    // A number may be written whole or not.
    Ok(serde_json::from_str(&found.to_string()).expect("what was written"))
}

fn adapted(
    case: &Case,
    problem: &Problem,
    asked: &AdaptDocument,
    search: &SolveParams,
) -> Result<Value, FailureDocument> {
    let routes = case.plan.iter().flatten().map(stops).collect();
    let published = Plan::new(problem, routes).map_err(milkrun::Error::from)?;
    let found = adapt(problem, &published, &asked.params(&published, search))?;
    let told = given(&AdaptationDocument::new(&found, &Scales::default()));
    let changes = told["difference"]["changes"].as_array().into_iter().flatten();
    Ok(json!({
        "changes": changes.map(|change| json!([change["text"], change["cause"]])).collect::<Vec<_>>(),
        "reordered": told["difference"]["reordered"],
        "order_cost": told["order_cost"],
        "cost": told["difference"]["cost"],
        "published_route": told["published_route"],
        "followed": given(&record(&found.problem, &found.followed)),
        "plan": given(&record(&found.problem, &found.plan)),
        "stopped": told["stopped"],
        "iterations": told["iterations"],
    }))
}

fn planned(problem: &Problem, asked: &PeriodDocument, search: &SolveParams) -> Result<Value, FailureDocument> {
    let found = plan_period(problem, &asked.params(problem, search)?)?;
    let told = given(&PeriodPlanDocument::new(&found, &Scales::default()));
    let days = found.days.iter().map(|day| (&day.problem, &day.plan));
    let plans = iter::once((&found.problem, &found.plan)).chain(days);
    Ok(json!({
        "cost": told["cost"],
        "consistency_cost": told["consistency_cost"],
        "other_vehicle": told["other_vehicle"],
        "moved_days": told["moved_days"],
        "other_time": told["other_time"],
        "visited": told["visited"],
        "plans": plans.map(|(problem, plan)| given(&record(problem, plan))).collect::<Vec<_>>(),
        "stopped": told["stopped"],
        "iterations": told["iterations"],
    }))
}

fn compared(
    problem: &Problem,
    asked: &CompareDocument,
    seeds: usize,
    search: &SolveParams,
) -> Result<Value, FailureDocument> {
    let params = CompareParams::new(search.stop).seed(search.seed).seeds(seeds).threads(search.threads);
    let found = compare(&asked.variants(problem)?, &params);
    let told = given(&ComparisonDocument::new(&found, &Scales::default()));
    let told = told["variants"].as_array().into_iter().flatten();
    let variant = |(told, found): (&Value, &milkrun::compare::Compared)| {
        let runs = told["runs"].as_array().into_iter().flatten();
        let of_cost = |summary: &&Value| summary["figure"] == "cost";
        let cost = told["figures"].as_array().into_iter().flatten().find(of_cost).cloned().unwrap_or_default();
        json!({
            "name": told["name"],
            "costs": runs.map(|run| run["cost"].clone()).collect::<Vec<_>>(),
            "spread": cost["spread"],
            "difference": cost["difference"],
            "text": told["text"],
            "plan": found.best().map(|plan| given(&record(problem, plan))),
        })
    };
    Ok(json!({ "variants": told.zip(&found.variants).map(variant).collect::<Vec<_>>() }))
}

fn front(problem: &Problem, asked: &ParetoDocument, search: &SolveParams) -> Result<Value, FailureDocument> {
    let found = pareto(problem, &asked.params(search))?;
    let told = given(&FrontDocument::new(&found, &Scales::default()));
    let points = told["points"].as_array().into_iter().flatten().zip(&found.points);
    let points = points.map(|(told, found)| {
        json!({ "values": told["values"], "trade": told["trade"], "plan": given(&record(problem, &found.plan)) })
    });
    Ok(json!({
        "objectives": told["objectives"],
        "points": points.collect::<Vec<_>>(),
        "runs": told["runs"],
        "covered": told["covered"],
    }))
}

fn over_scenarios(
    problem: &Problem,
    asked: &ScenariosDocument,
    search: &SolveParams,
) -> Result<Value, FailureDocument> {
    let (sampling, params) = asked.sampling(problem, search)?;
    let found = plan_sampled(problem, &sampling, &params)?;
    let told = given(&ScenarioPlanDocument::new(&found, &Scales::default()));
    Ok(json!({
        "outcomes": told["outcomes"],
        "outcomes_for_means": told["outcomes_for_means"],
        "fresh": told["fresh"],
        "fresh_for_means": told["fresh_for_means"],
        "visited_share": told["visited_share"],
        "plan": given(&record(problem, &found.planned.plan)),
        "plan_for_means": given(&record(problem, &found.planned.plan_for_means)),
        "stopped": told["stopped"],
    }))
}

fn taken<T: DeserializeOwned>(document: &Value) -> T {
    T::deserialize(document).expect("a case asks with documents of the core")
}

fn given(document: &impl Serialize) -> Value {
    serde_json::to_value(document).expect("documents and records have texts as keys")
}
