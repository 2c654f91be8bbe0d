//! Providers, the outbox, endpoints of webhooks, and what providers tell.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use milkrun_providers::webhooks::Incoming;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, ProvidersManage};
use super::admin::{Asked, Page, asked};
use super::input::{self, Input};
use super::problem::Problem;
use crate::outbox;
use crate::providers::{self, CAPABILITIES, Given, Secrets, Shown, Unusable};
use crate::storage::outbox::Sent;
use crate::storage::webhooks::ProviderEvent;
use crate::webhooks::{self, EVENTS, Made, Refused, ShownEndpoint};

/// Largest amount of money, millionths.
const MOST_MONEY: i64 = 1_000_000_000_000;
/// Most secrets of one provider's webhooks: one replaces the other.
const MOST_SECRETS: usize = 2;

#[utoipa::path(get, path = "/v1/providers", operation_id = "list_providers", tag = "providers",
    security(("bearer" = ["providers:manage"])),
    responses((status = 200, description = "what there is for each capability, and how it does", body = [Shown])))]
/// The providers of the organisation and how they do, without secrets.
pub(super) async fn list(State(app): State<App>, caller: Caller<ProvidersManage>) -> Result<Json<Vec<Shown>>, Problem> {
    Ok(Json(providers::list(&app.ledger, &app.hub, &caller.who.org, &app.config.public_url()).await?))
}

/// An account at a provider.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Setup {
    /// Whose it is: `twilio`, `sendgrid`, `stripe`, `samsara`, or `local` for none.
    #[schema(max_length = 20)]
    provider: String,
    /// The adapter's settings; `address` in place of the provider's own.
    #[schema(value_type = Option<Object>)]
    settings: Option<Value>,
    /// With which calls are authorised. It is sealed, and never shown.
    #[schema(max_length = 4096)]
    secret: Option<String>,
    /// What its webhooks are signed with: the new one and the old one while one replaces the other.
    #[schema(max_items = 2)]
    webhook_secrets: Option<Vec<String>>,
    /// What a call costs, millionths of the account's currency; 0 unless given.
    #[schema(minimum = 0)]
    price: Option<i64>,
    /// What may be spent in a day, by universal time; 0 unless given.
    #[schema(minimum = 0)]
    day_budget: Option<i64>,
}

/// The capability of an address.
fn capability(text: &str) -> Result<&'static (&'static str, [&'static str; 2]), Problem> {
    CAPABILITIES.iter().find(|(name, _)| *name == text).ok_or_else(Problem::missing)
}

#[utoipa::path(put, path = "/v1/providers/{capability}", operation_id = "set_provider", tag = "providers",
    security(("bearer" = ["providers:manage"])),
    params(("capability" = String, Path, description = "messages, mail, payments or telematics")), request_body = Setup,
    responses((status = 204, description = "set up; what is sent from now on goes there")))]
/// Sets an account up. Requires a proof of presence.
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    Path(text): Path<String>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    let provider = input.text("provider", 1..=20);
    let settings = input.take("settings").map_or_else(|| "{}".to_owned(), |value| value.get().to_owned());
    let key = input.text_or_none("secret", 1..=4_096).unwrap_or_default();
    let webhook = input.texts("webhook_secrets").unwrap_or_default();
    let price = input.integer("price", 0..=MOST_MONEY).unwrap_or(0);
    let day_budget = input.integer("day_budget", 0..=MOST_MONEY).unwrap_or(0);
    if webhook.len() > MOST_SECRETS || webhook.iter().any(|secret| secret.is_empty() || secret.len() > 4_096) {
        input.fault("webhook_secrets", "give one, or two while one replaces the other, of at most 4096 characters");
    }
    if settings.len() > 10_000 || !settings.starts_with('{') {
        input.fault("settings", "give an object of at most 10000 bytes");
    }
    if key.is_empty() && !provider.is_empty() && provider != "local" {
        input.fault("secret", "missing; give the provider's secret");
    }
    let secrets = Secrets { key, webhook };
    input.finish()?;
    let (name, known) = *capability(&text)?;
    if !known.contains(&provider.as_str()) {
        return Err(Problem::fault("$.provider", format!("{provider:?}: give {}", known.join(" or "))));
    }
    caller.must_be_present(&app).await?;
    let given = Given { capability: name.to_owned(), provider, settings, secrets, price, day_budget };
    match providers::put(&app.ledger, &app.hub, &caller.who, given).await {
        Ok(()) => {
            app.wake_outbox.notify_waiters();
            Ok(StatusCode::NO_CONTENT)
        }
        Err(Unusable::Setting(why)) => Err(Problem::fault("$.settings", why)),
        Err(Unusable::Inner(error)) => Err(error.into()),
    }
}

#[utoipa::path(delete, path = "/v1/providers/{capability}", operation_id = "remove_provider", tag = "providers",
    security(("bearer" = ["providers:manage"])),
    params(("capability" = String, Path, description = "messages, mail, payments or telematics")),
    responses((status = 204, description = "removed; what is sent from now on goes into the local outbox")))]
/// Removes an account and its secrets. Requires a proof of presence.
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    Path(text): Path<String>,
) -> Result<StatusCode, Problem> {
    let (name, _) = *capability(&text)?;
    caller.must_be_present(&app).await?;
    if providers::remove(&app.ledger, &caller.who, name).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::missing())
    }
}

/// Which rows of the outbox.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `queued`, `sending`, `sent` or `dead`; all unless given.
    #[serde(default)]
    state: String,
    /// How many at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
}

fn fifty() -> i64 {
    50
}

#[utoipa::path(get, path = "/v1/outbox", operation_id = "list_outbox", tag = "providers",
    security(("bearer" = ["providers:manage"])), params(Which),
    responses((status = 200, description = "what was or is to be sent, the newest first, without what it says", body = [Sent])))]
/// What was sent, waits to be sent, or was given up.
pub(super) async fn list_outbox(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    which: Asked<Which>,
) -> Result<Json<Vec<Sent>>, Problem> {
    let Which { state, limit } = asked(which)?;
    let limit = Page { after: String::new(), limit }.limit()?;
    Ok(Json(outbox::list(&app.ledger, &caller.who.org, &state, limit).await?))
}

#[utoipa::path(post, path = "/v1/outbox/{id}/retry", operation_id = "retry_outbox", tag = "providers",
    security(("bearer" = ["providers:manage"])), params(("id" = String, Path, description = "what was given up")),
    responses((status = 204, description = "it is sent again")))]
/// Has something sent again that was given up.
pub(super) async fn retry(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if !outbox::revive(&app.ledger, &caller.who, &id).await? {
        return Err(Problem::missing());
    }
    app.wake_outbox.notify_waiters();
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(get, path = "/v1/webhook-endpoints", operation_id = "list_endpoints", tag = "providers",
    security(("bearer" = ["providers:manage"])),
    responses((status = 200, description = "the endpoints, without their secrets", body = [ShownEndpoint])))]
/// Where events go.
pub(super) async fn endpoints(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
) -> Result<Json<Vec<ShownEndpoint>>, Problem> {
    Ok(Json(webhooks::list(&app.ledger, &app.hub, &caller.who.org).await?))
}

/// A new endpoint.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct NewEndpoint {
    /// Where events go: `https://`, and a public address.
    #[schema(max_length = 2000)]
    url: String,
    /// Which: `day.plan_changed`.
    events: Vec<String>,
}

#[utoipa::path(post, path = "/v1/webhook-endpoints", operation_id = "add_endpoint", tag = "providers",
    security(("bearer" = ["providers:manage"])), request_body = NewEndpoint,
    responses((status = 201, description = "the secret, shown once", body = Made)))]
/// Has events sent to an address, signed by the scheme of Standard Webhooks. Requires a proof of presence.
pub(super) async fn add_endpoint(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    mut input: Input,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let url = input.text("url", 1..=2_000);
    let events = input.texts("events").unwrap_or_default();
    let is_known = |event: &String| EVENTS.contains(&event.as_str());
    if events.is_empty() || !events.iter().all(is_known) {
        input.fault("events", format!("give some of {}", EVENTS.join(", ")));
    }
    input.finish()?;
    caller.must_be_present(&app).await?;
    let added = webhooks::add(&app.ledger, &app.hub, &caller.who, (&url, &events)).await?;
    match added {
        Ok(made) => Ok((StatusCode::CREATED, Json(made))),
        Err(why) => Err(Problem::fault("$.url", why)),
    }
}

#[utoipa::path(post, path = "/v1/webhook-endpoints/{id}/secret", operation_id = "renew_endpoint_secret", tag = "providers",
    security(("bearer" = ["providers:manage"])), params(("id" = String, Path, description = "the endpoint")),
    responses((status = 201, description = "another secret, shown once; the one before signs as well until the next change", body = Made)))]
/// Gives an endpoint another secret. Requires a proof of presence.
pub(super) async fn renew_secret(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    caller.must_be_present(&app).await?;
    Ok((StatusCode::CREATED, Json(webhooks::renew(&app.ledger, &caller.who, &id).await?)))
}

#[utoipa::path(delete, path = "/v1/webhook-endpoints/{id}", operation_id = "remove_endpoint", tag = "providers",
    security(("bearer" = ["providers:manage"])), params(("id" = String, Path, description = "the endpoint")),
    responses((status = 204, description = "removed; what waits for it is given up")))]
/// Removes an endpoint.
pub(super) async fn remove_endpoint(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    webhooks::remove(&app.ledger, &caller.who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many of the newest.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Newest {
    /// How many at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
}

#[utoipa::path(get, path = "/v1/webhook-events", operation_id = "list_webhook_events", tag = "providers",
    security(("bearer" = ["providers:manage"])), params(Newest),
    responses((status = 200, description = "what providers told, the newest first", body = [ProviderEvent])))]
/// What providers have told.
pub(super) async fn events(
    State(app): State<App>,
    caller: Caller<ProvidersManage>,
    newest: Asked<Newest>,
) -> Result<Json<Vec<ProviderEvent>>, Problem> {
    let limit = Page { after: String::new(), limit: asked(newest)?.limit }.limit()?;
    Ok(Json(webhooks::told(&app.ledger, &caller.who.org, limit).await?))
}

#[utoipa::path(post, path = "/v1/hooks/{id}", operation_id = "receive_webhook", tag = "providers",
    params(("id" = String, Path, description = "the account at the provider")),
    request_body(content = String, content_type = "application/octet-stream", description = "whatever the provider sends"),
    responses((status = 204, description = "verified and kept; what comes again is not kept twice")))]
/// Takes what a provider tells. It is verified by the provider's own scheme before anything of it is read.
pub(super) async fn hook(
    State(app): State<App>,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", app.config.public_url());
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let body: Bytes = input::bytes(body, &app.config.limits, 1).await?;
    let incoming = Incoming { url: &url, headers: &headers, body: &body, now: app.clock.now() / 1_000 };
    match webhooks::receive(&app.ledger, &id, &incoming).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(Refused::Missing) => Err(Problem::missing()),
        Err(Refused::Unverified(why)) => Err(Problem::new(StatusCode::UNAUTHORIZED, "unverified", why.to_string())),
        Err(Refused::Inner(error)) => Err(error.into()),
    }
}
