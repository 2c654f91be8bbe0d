//! Why somebody is not served, as plain objects.

use std::sync::Arc;
use std::time::Duration;

use milkrun::CancelToken;
use milkrun::explain::{
    ExplainParams, Explanation, Job, Obstacle, Reason, Relaxation, Searched, TypeReason, explain_with,
};
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Env, Result};
use napi_derive::napi;

use crate::failure::{coded, guard};
use crate::plan::NativePlan;
use crate::solve::NativeCancelToken;

/// Something that keeps a vehicle type from serving somebody. What `kind` does not need is left out.
#[napi(object)]
#[derive(Default)]
pub struct ObstacleRecord {
    pub kind: String,
    pub text: String,
    pub skills: Option<Vec<String>>,
    pub material: Option<u32>,
    pub dimension: Option<u32>,
    pub amount: Option<i64>,
    pub capacity: Option<i64>,
    pub violation: Option<String>,
    pub relation: Option<u32>,
    pub client: Option<u32>,
}

/// Why one vehicle type does not serve somebody; `kind` is impossible, `not_found`, tied, `no_room` or possible.
#[napi(object)]
pub struct TypeReasonRecord {
    pub vehicle_type: u32,
    pub kind: String,
    pub cost: Option<i64>,
    pub obstacles: Vec<ObstacleRecord>,
    pub relation: Option<u32>,
}

/// A single change that would make room. What `kind` does not need is left out.
#[napi(object)]
#[derive(Default)]
pub struct RelaxationRecord {
    pub kind: String,
    pub text: String,
    pub vehicle_type: Option<u32>,
    pub client: Option<u32>,
    pub site: Option<u32>,
    pub depot: Option<u32>,
    pub dimension: Option<u32>,
    pub relation: Option<u32>,
    /// The number of the break.
    #[napi(js_name = "break")]
    pub pause: Option<u32>,
    /// The number of the driver rule.
    pub rule: Option<u32>,
    pub skill: Option<String>,
    /// How much more.
    pub by: Option<i64>,
    /// A time.
    pub until: Option<i64>,
}

/// Why somebody is not served.
#[napi(object)]
pub struct ExplanationRecord {
    pub shipment: bool,
    pub index: u32,
    pub prize: Option<i64>,
    pub impossible: bool,
    pub text: String,
    pub by_type: Vec<TypeReasonRecord>,
    pub relaxations: Vec<RelaxationRecord>,
    /// How far it got before the time was up: everything, reasons or nothing.
    pub searched: String,
}

/// An explanation that is worked out away from the main thread.
pub struct Explaining {
    problem: Arc<milkrun::Problem>,
    plan: milkrun::Plan,
    params: ExplainParams,
    cancel: CancelToken,
}

impl Task for Explaining {
    type Output = Vec<Explanation>;
    type JsValue = Vec<ExplanationRecord>;

    fn compute(&mut self) -> Result<Self::Output> {
        guard(|| Ok(explain_with(&self.problem, &self.plan, &self.params, &self.cancel).explanations))
    }

    fn resolve(&mut self, _: Env, explanations: Self::Output) -> Result<Self::JsValue> {
        Ok(explanations.iter().map(explanation).collect())
    }
}

/// Explains everything that a plan leaves unserved, in so many milliseconds at most.
#[napi(ts_return_type = "Promise<Array<ExplanationRecord>>")]
pub fn explain(
    plan: &NativePlan,
    max_runtime_ms: Option<f64>,
    cancel: &NativeCancelToken,
) -> Result<AsyncTask<Explaining>> {
    let runtime = max_runtime_ms.map(|limit| Duration::try_from_secs_f64(limit / 1e3)).transpose();
    let max_runtime = runtime.map_err(|error| coded(&["setting".to_owned(), format!("maxRuntimeMs: {error}")]))?;
    Ok(AsyncTask::new(Explaining {
        problem: plan.problem.clone(),
        plan: plan.inner.clone(),
        params: ExplainParams { max_runtime },
        cancel: cancel.inner.clone(),
    }))
}

fn explanation(explanation: &Explanation) -> ExplanationRecord {
    let (shipment, index) = match explanation.job {
        Job::Client(id) => (false, id.index()),
        Job::Shipment(id) => (true, id.index()),
    };
    ExplanationRecord {
        shipment,
        index: index as u32,
        prize: explanation.prize,
        impossible: explanation.is_impossible(),
        text: explanation.to_string(),
        by_type: explanation.by_type.iter().map(type_reason).collect(),
        relaxations: explanation.relaxations.iter().map(relaxation).collect(),
        searched: match explanation.searched {
            Searched::Nothing => "nothing",
            Searched::Reasons => "reasons",
            Searched::Everything => "everything",
        }
        .to_owned(),
    }
}

fn type_reason(own: &TypeReason) -> TypeReasonRecord {
    let (kind, cost, obstacles, relation) = match &own.reason {
        Reason::Impossible(obstacles) => ("impossible", None, obstacles.iter().map(obstacle).collect(), None),
        Reason::NotFound(broken) => {
            let alone = |violation: &milkrun::plan::Violation| obstacle(&Obstacle::Alone(violation.clone()));
            ("not_found", None, broken.iter().map(alone).collect(), None)
        }
        Reason::Tied(tie) => ("tied", None, Vec::new(), Some(tie.relation as u32)),
        Reason::NoRoom => ("no_room", None, Vec::new(), None),
        Reason::Possible { cost } => ("possible", Some(*cost), Vec::new(), None),
    };
    TypeReasonRecord { vehicle_type: own.vehicle_type.index() as u32, kind: kind.to_owned(), cost, obstacles, relation }
}

fn obstacle(obstacle: &Obstacle) -> ObstacleRecord {
    let of = |kind: &str| ObstacleRecord { kind: kind.to_owned(), text: obstacle.to_string(), ..Default::default() };
    match obstacle {
        Obstacle::NotAllowed => of("not_allowed"),
        Obstacle::MissingSkills(skills) => ObstacleRecord { skills: Some(skills.clone()), ..of("missing_skills") },
        Obstacle::NoCompartment(id) => ObstacleRecord { material: Some(id.index() as u32), ..of("no_compartment") },
        &Obstacle::TooMuch { dimension, amount, capacity } => ObstacleRecord {
            dimension: Some(dimension as u32),
            amount: Some(amount),
            capacity: Some(capacity),
            ..of("too_much")
        },
        Obstacle::NoSite(material) => {
            ObstacleRecord { material: material.map(|id| id.index() as u32), ..of("no_site") }
        }
        Obstacle::Pinned(tie) => ObstacleRecord { relation: Some(tie.relation as u32), ..of("pinned") },
        Obstacle::Partner { tie, client, .. } => {
            ObstacleRecord { relation: Some(tie.relation as u32), client: Some(client.index() as u32), ..of("partner") }
        }
        Obstacle::Alone(violation) => ObstacleRecord { violation: Some(violation.kind().to_owned()), ..of("alone") },
    }
}

fn relaxation(relaxation: &Relaxation) -> RelaxationRecord {
    let of =
        |kind: &str| RelaxationRecord { kind: kind.to_owned(), text: relaxation.to_string(), ..Default::default() };
    let more = |kind: &str, id: milkrun::VehicleTypeId, by: i64| RelaxationRecord {
        vehicle_type: Some(id.index() as u32),
        by: Some(by),
        ..of(kind)
    };
    match *relaxation {
        Relaxation::Prize { by } => RelaxationRecord { by: Some(by), ..of("prize") },
        Relaxation::Vehicle { vehicle_type } => more("vehicle", vehicle_type, 1),
        Relaxation::Shift { vehicle_type, by } => more("shift", vehicle_type, by),
        Relaxation::MaxDuration { vehicle_type, by } => more("max_duration", vehicle_type, by),
        Relaxation::MaxDriving { vehicle_type, by } => more("max_driving", vehicle_type, by),
        Relaxation::MaxWork { vehicle_type, by } => more("max_work", vehicle_type, by),
        Relaxation::MaxDistance { vehicle_type, by } => more("max_distance", vehicle_type, by),
        Relaxation::Capacity { vehicle_type, dimension, by } => {
            RelaxationRecord { dimension: Some(dimension as u32), ..more("capacity", vehicle_type, by) }
        }
        Relaxation::RouteLoad { vehicle_type, dimension, by } => {
            RelaxationRecord { dimension: Some(dimension as u32), ..more("route_load", vehicle_type, by) }
        }
        Relaxation::MaxStops { vehicle_type, by } => more("max_stops", vehicle_type, by as i64),
        Relaxation::MaxTrips { vehicle_type, by } => more("max_trips", vehicle_type, by as i64),
        Relaxation::Skill { vehicle_type, ref skill } => RelaxationRecord {
            vehicle_type: Some(vehicle_type.index() as u32),
            skill: Some(skill.clone()),
            ..of("skill")
        },
        Relaxation::Allow { vehicle_type } => {
            RelaxationRecord { vehicle_type: Some(vehicle_type.index() as u32), ..of("allow") }
        }
        Relaxation::Break { vehicle_type, pause } => RelaxationRecord {
            vehicle_type: Some(vehicle_type.index() as u32),
            pause: Some(pause as u32),
            ..of("break")
        },
        Relaxation::DriverRule { vehicle_type, rule } => RelaxationRecord {
            vehicle_type: Some(vehicle_type.index() as u32),
            rule: Some(rule as u32),
            ..of("driver_rule")
        },
        Relaxation::Relation { relation } => RelaxationRecord { relation: Some(relation as u32), ..of("relation") },
        Relaxation::Window { client, by } => {
            RelaxationRecord { client: Some(client.index() as u32), by: Some(by), ..of("window") }
        }
        Relaxation::SiteHours { site, until } => {
            RelaxationRecord { site: Some(site.index() as u32), until: Some(until), ..of("site_hours") }
        }
        Relaxation::SiteCapacity { site, dimension, by } => RelaxationRecord {
            site: Some(site.index() as u32),
            dimension: Some(dimension as u32),
            by: Some(by),
            ..of("site_capacity")
        },
        Relaxation::DepotHours { depot, by } => {
            RelaxationRecord { depot: Some(depot.index() as u32), by: Some(by), ..of("depot_hours") }
        }
    }
}
