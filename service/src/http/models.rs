//! Models of forecasts.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::access::{App, Caller, ForecastsManage, PlansRead};
use super::admin::Asked;
use super::days::{Most, most};
use super::forecasts::queued;
use super::input::Input;
use super::problem::Problem;
use crate::forecasts::registry::{self, Changed, Model};
use crate::forecasts::runs::{self, Run, Wanted};
use crate::forecasts::{METHODS, Recipe, Training, feature_sets};

/// What is to be trained.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct TrainingRequest {
    /// `empirical`, the library's usual one, or `gamma`.
    #[schema(pattern = "^(empirical|gamma)$", default = "empirical")]
    method: Option<String>,
    /// Parameters of the method, as the library names them; what is not given has its default.
    #[schema(value_type = Option<Object>, example = json!({"prior_windows": 4}))]
    parameters: Option<Value>,
    /// The feature set.
    #[schema(max_length = 64, default = "usual")]
    feature_set: Option<String>,
    /// Its version; the newest, unless given.
    #[schema(minimum = 1)]
    version: Option<i64>,
}

#[utoipa::path(post, path = "/v1/forecast-models", operation_id = "train_model", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])), request_body = TrainingRequest,
    responses((status = 202, description = "it was queued, or a training is under way", body = Run)))]
/// Trains a candidate, and tests it and the active model on the last fourteen evenings that are known.
pub(super) async fn train(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    mut input: Input,
) -> Result<Response, Problem> {
    let method = input.text_or_none("method", 1..=20).unwrap_or_else(|| METHODS[0].to_owned());
    let parameters = input.take("parameters").map_or_else(|| "{}".to_owned(), |text| text.get().to_owned());
    let feature_set = input.text_or_none("feature_set", 1..=64).unwrap_or_else(|| feature_sets::USUAL.to_owned());
    let version = input.integer("version", 1..=i64::from(i32::MAX));
    if let Err(faults) = Recipe::read(&method, &parameters) {
        input.faults(faults);
    }
    input.finish()?;
    let parameters: Value = serde_json::from_str(&parameters).unwrap_or_else(|_| json!({}));
    let training = Training { method, parameters, feature_set, version };
    let wanted = Wanted { kind: "training", day: "", request: json!(training) };
    Ok(queued(&app, runs::ask(&app.ledger, &caller.who, &wanted).await?))
}

#[utoipa::path(get, path = "/v1/forecast-models", operation_id = "list_models", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(Most),
    responses((status = 200, description = "models, the newest first", body = [Model])))]
/// Lists the models.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    limit: Asked<Most>,
) -> Result<Json<Vec<Model>>, Problem> {
    let limit = most(limit)?;
    Ok(Json(registry::list(&app.ledger, &caller.who.org, limit).await?))
}

#[utoipa::path(get, path = "/v1/forecast-models/{id}", operation_id = "find_model", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(("id" = String, Path, description = "the model")),
    responses((status = 200, description = "the model, its backtest and its last review", body = Model,
        example = json!({"id": "0191", "number": 2, "method": "empirical", "parameters": {}, "feature_set": "usual",
            "feature_set_version": 1, "trained_from": 1_785_000_000_000_i64, "trained_until": 1_796_000_000_000_i64,
            "state": "active", "backtest": {"evenings": 14, "risk": 0.3, "better_by": 0.08, "active": null,
                "scores": {"windows": 900, "questions": 890, "mae": 4.5, "bias": 0.2, "pinball": 1.5, "coverage": 0.81,
                    "brier": 0.05, "hit_rate": 0.93, "precision": 0.55, "base_rate": 0.12}},
            "review": {"as_of": 1_796_300_000_000_i64, "days": 14, "retrain": true,
                "reasons": ["residual: stability index 0.312 exceeds 0.2"],
                "drift": [{"name": "residual", "psi": 0.312, "ks": 0.2, "ks_p": 0.0001}]},
            "trained_by": null, "created_at": 1_796_000_000_000_i64, "promoted_by": null, "promoted_at": null,
            "retired_at": null}))))]
/// One model.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Json<Model>, Problem> {
    let found = registry::find(&app.ledger, &caller.who.org, &id).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

fn answered(changed: Changed) -> Result<Json<Model>, Problem> {
    match changed {
        Changed::Done(model) => Ok(Json(*model)),
        Changed::Missing => Err(Problem::missing()),
        Changed::Not(why) => Err(Problem::new(StatusCode::CONFLICT, "not_allowed", why)),
    }
}

#[utoipa::path(post, path = "/v1/forecast-models/{id}/promotion", operation_id = "promote_model", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])), params(("id" = String, Path, description = "the model")),
    responses((status = 200, description = "it makes forecasts from now on", body = Model)))]
/// Makes a model the active one; the one that was is retired.
pub(super) async fn promote(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    Path(id): Path<String>,
) -> Result<Json<Model>, Problem> {
    answered(registry::promote(&app.ledger, &caller.who, &id).await?)
}

#[utoipa::path(post, path = "/v1/forecast-models/{id}/retirement", operation_id = "retire_model", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])), params(("id" = String, Path, description = "the model")),
    responses((status = 200, description = "it is no candidate from now on", body = Model)))]
/// Retires a candidate.
pub(super) async fn retire(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    Path(id): Path<String>,
) -> Result<Json<Model>, Problem> {
    answered(registry::retire(&app.ledger, &caller.who, &id).await?)
}
