//! The interface's description (`OpenAPI` 3.1), made from the handlers, and the router that serves both.

use std::sync::OnceLock;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, RefOr, ResponseBuilder};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use super::access::App;
use super::problem::Problem;
use super::{
    account, admin, alternatives, analytics, billing, boards, days, driver_page, drivers, driving, features, fleet,
    forecasts, guard, models, networks, page, passkeys, plans, pragmatic, privacy, providers, sign_ins, upload, vroom,
};
use crate::auth::tokens::Jwks;
use crate::fleet::Kind;

#[derive(OpenApi)]
#[openapi(
    info(title = "milkrun", description = "Plans of vehicle routes, over HTTP."),
    components(schemas(Problem, FleetItem, FleetKind))
)]
struct Description;

/// Kinds of things.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "describes a part of an address")]
pub(super) enum FleetKind {
    /// Where vehicles start and end.
    Depots,
    /// Where vehicles are emptied.
    DisposalSites,
    /// What drives.
    Vehicles,
    /// Who drives.
    Drivers,
    /// What is emptied.
    Bins,
    /// Who pays for that.
    Payers,
}

/// One thing of a kind: its fields are those of the kind's schema.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "describes bodies whose fields depend on the kind")]
pub(super) struct FleetItem(Value);

/// Problems that any operation can end with, and what they mean.
const PROBLEMS: [(&str, &str); 13] = [
    ("400", "the request cannot be read"),
    ("401", "not signed in"),
    ("403", "not permitted, or a proof of presence is needed"),
    ("404", "there is no such object"),
    ("405", "this method is not allowed here"),
    ("408", "the body did not arrive in time"),
    ("409", "it does not fit what is there"),
    ("413", "the body is too large"),
    ("415", "the body's media type is not read here"),
    ("422", "the content has faults; all are listed"),
    ("429", "too many requests"),
    ("500", "the service failed"),
    ("503", "out of reach, busy, or too slow"),
];

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(account::sign_up))
        .routes(routes!(account::sign_in, account::sign_out_everywhere))
        .routes(routes!(account::refresh))
        .routes(routes!(account::sign_out))
        .routes(routes!(account::step_up))
        .routes(routes!(account::me))
        .routes(routes!(account::change_password))
        .routes(routes!(passkeys::list, passkeys::add))
        .routes(routes!(passkeys::start))
        .routes(routes!(passkeys::remove))
        .routes(routes!(passkeys::ask))
        .routes(routes!(sign_ins::own))
        .routes(routes!(sign_ins::list))
        .routes(routes!(account::enrol, account::remove_factor))
        .routes(routes!(account::confirm))
        .routes(routes!(admin::list_users))
        .routes(routes!(admin::change_user))
        .routes(routes!(admin::reset_factor))
        .routes(routes!(admin::demand, admin::set_demand, admin::lift_demand))
        .routes(routes!(admin::invite))
        .routes(routes!(admin::list_roles, admin::create_role))
        .routes(routes!(admin::change_role))
        .routes(routes!(admin::audit_entries))
        .routes(routes!(admin::audit_verify))
        .routes(routes!(fleet::list))
        .routes(routes!(fleet::find, fleet::delete))
        .routes(routes!(fleet::import))
        .routes(routes!(fleet::within))
        .routes(routes!(fleet::report))
        .routes(routes!(fleet::readings_of, fleet::delete_readings))
        .routes(routes!(networks::list))
        .routes(routes!(networks::find, networks::delete))
        .routes(routes!(networks::usual, networks::choose_usual))
        .routes(routes!(plans::request_plan, plans::list_plans))
        .routes(routes!(plans::plan, plans::delete_plan))
        .routes(routes!(plans::summary))
        .routes(routes!(plans::remarks))
        .routes(routes!(plans::map))
        .routes(routes!(boards::board))
        .routes(routes!(plans::list_jobs))
        .routes(routes!(plans::job, plans::cancel_job))
        .routes(routes!(plans::days))
        .routes(routes!(days::list))
        .routes(routes!(days::find, days::choose))
        .routes(routes!(days::history))
        .routes(routes!(days::routes))
        .routes(routes!(days::adapt, days::list_adaptations))
        .routes(routes!(days::adaptation))
        .routes(routes!(days::accept))
        .routes(routes!(days::reject))
        .routes(routes!(boards::judge))
        .routes(routes!(boards::keep))
        .routes(routes!(days::confirm))
        .routes(routes!(days::analysis))
        .routes(routes!(alternatives::request, alternatives::list))
        .routes(routes!(alternatives::find, alternatives::delete))
        .routes(routes!(alternatives::compare))
        .routes(routes!(alternatives::choose))
        .routes(routes!(analytics::performance))
        .routes(routes!(analytics::similar))
        .routes(routes!(providers::list))
        .routes(routes!(providers::set, providers::remove))
        .routes(routes!(providers::list_outbox))
        .routes(routes!(providers::retry))
        .routes(routes!(providers::endpoints, providers::add_endpoint))
        .routes(routes!(providers::renew_secret))
        .routes(routes!(providers::remove_endpoint))
        .routes(routes!(providers::events))
        .routes(routes!(providers::hook))
        .routes(routes!(pragmatic::answer_pragmatic))
        .routes(routes!(privacy::kept, privacy::set_kept))
        .routes(routes!(privacy::own_data))
        .routes(routes!(privacy::data))
        .routes(routes!(privacy::erase))
        .routes(routes!(vroom::answer))
        .routes(routes!(jwks))
        .merge(paid_for())
        .merge(on_the_road())
        .merge(foresight())
}

/// Invoices.
fn paid_for() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(billing::draft, billing::list))
        .routes(routes!(billing::find, billing::delete))
        .routes(routes!(billing::approve))
        .routes(routes!(billing::withdraw))
        .routes(routes!(billing::resolve))
}

/// What drivers do and say.
fn on_the_road() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(drivers::list))
        .routes(routes!(drivers::assign, drivers::release))
        .routes(routes!(drivers::reports))
        .routes(routes!(drivers::positions))
        .routes(routes!(drivers::photo))
        .routes(routes!(driving::days))
        .routes(routes!(driving::route))
        .routes(routes!(driving::report))
        .routes(routes!(driving::own_photo, driving::keep_photo))
        .routes(routes!(driving::positions))
}

/// Feature sets, models and forecasts.
fn foresight() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(features::find_settings, features::set_settings))
        .routes(routes!(features::list))
        .routes(routes!(features::define))
        .routes(routes!(features::rows))
        .routes(routes!(forecasts::request))
        .routes(routes!(forecasts::of_day))
        .routes(routes!(forecasts::bins))
        .routes(routes!(forecasts::review))
        .routes(routes!(forecasts::list))
        .routes(routes!(forecasts::find, forecasts::cancel))
        .routes(routes!(forecasts::performance))
        .routes(routes!(forecasts::impact))
        .routes(routes!(models::train, models::list))
        .routes(routes!(models::find))
        .routes(routes!(models::promote))
        .routes(routes!(models::retire))
}

/// What is answered whatever else is under way.
fn health() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(networks::import))
}

fn streams() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(plans::job_events))
}

#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "service",
    responses((status = 200, description = "public keys", body = Jwks)))]
/// The keys that access tokens are verified with.
async fn jwks(State(app): State<App>) -> Json<Jwks> {
    Json(app.desk.tokens.jwks())
}

/// A word.
#[derive(serde::Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
}

#[utoipa::path(get, path = "/health/live", tag = "service",
    responses((status = 200, description = "the process works", body = Health)))]
/// Whether the process works.
async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

#[utoipa::path(get, path = "/health/ready", tag = "service",
    responses((status = 200, description = "requests can be answered", body = Health)))]
/// Whether requests can be answered: the database is there, has the right schema, and can be written to.
async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let longest = std::time::Duration::from_secs(2);
    if tokio::time::timeout(longest, app.desk.store.is_ready()).await.unwrap_or(false) {
        return Ok(Json(Health { status: "ok" }));
    }
    Err(Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "the database cannot be reached, or not be written to",
    ))
}

/// The description, complete.
pub(crate) fn document() -> &'static utoipa::openapi::OpenApi {
    static DOCUMENT: OnceLock<utoipa::openapi::OpenApi> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let (_, mut document) = api().split_for_parts();
        document.merge(health().split_for_parts().1);
        document.merge(streams().split_for_parts().1);
        document.merge(uploads().split_for_parts().1);
        complete(&mut document);
        document
    })
}

/// Adds what all operations have in common: the problems, how to sign in, the kinds' fields.
fn complete(document: &mut utoipa::openapi::OpenApi) {
    let components = document.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.security_schemes.insert("bearer".to_owned(), RefOr::T(bearer));
    let item = json!({"anyOf": Kind::ALL.map(Kind::schema)});
    if let Ok(schema) = serde_json::from_value(item) {
        components.schemas.insert("FleetItem".to_owned(), RefOr::T(schema));
    }
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete, &mut path.patch];
        for operation in operations.into_iter().flatten() {
            for (status, meaning) in PROBLEMS {
                let schema = utoipa::openapi::Ref::from_schema_name("Problem");
                let content = ContentBuilder::new().schema(Some(schema)).build();
                let response = ResponseBuilder::new().description(meaning).content("application/problem+json", content);
                let responses = &mut operation.responses.responses;
                responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(response.build()));
            }
        }
    }
}

/// Everything that the public port serves.
pub(crate) fn router(app: App) -> Router {
    let (api, _) = api().split_for_parts();
    let (health, _) = health().split_for_parts();
    let (streams, _) = streams().split_for_parts();
    let (uploads, _) = uploads().split_for_parts();
    let largest = usize::try_from(app.config.networks.upload_bytes).unwrap_or(usize::MAX);
    let uploads = uploads
        // The body may be so large at all; the parts are measured while they are read.
        .layer(DefaultBodyLimit::max(largest.saturating_add(upload::BESIDE)))
        .layer(middleware::from_fn_with_state(app.clone(), guard::limit_upload));
    let described = document().clone();
    let docs = SwaggerUi::new("/docs").url("/v1/openapi.json", described);
    let limited = api
        .merge(page::router())
        .merge(driver_page::router())
        .merge(docs)
        .fallback(|| async { Problem::missing() })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this method is not allowed here")
        })
        .layer(middleware::from_fn_with_state(app.clone(), guard::limit));
    let mut router = limited
        .merge(health)
        .merge(streams)
        .merge(uploads)
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(middleware::from_fn(guard::protect))
        .layer(middleware::from_fn(guard::observe));
    if !app.config.cors_origins.is_empty() {
        router = router.layer(cors(&app.config.cors_origins));
    }
    router.with_state(app)
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            "idempotency-key".parse().unwrap_or(header::ACCEPT),
        ])
}
