//! Passkeys: a second factor beside codes.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::access::{App, Caller, SignedIn};
use super::account::Created;
use super::input::Input;
use super::problem::Problem;
use crate::auth::passkeys::{self, Asked, Assertion, Creation, Passkey, RelyingParty};

/// What a browser answers when a passkey is used; all of it base64url without padding.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Used {
    /// The passkey's name: `rawId`.
    #[schema(max_length = 1400)]
    credential: String,
    /// `response.clientDataJSON`.
    #[schema(max_length = 8192)]
    client_data: String,
    /// `response.authenticatorData`.
    #[schema(max_length = 8192)]
    authenticator_data: String,
    /// `response.signature`.
    #[schema(max_length = 2048)]
    signature: String,
    /// `response.userHandle`, if there is one.
    #[schema(max_length = 128)]
    user_handle: Option<String>,
}

/// Reads the field `passkey`.
pub(super) fn used(input: &mut Input) -> Option<Assertion> {
    input.object("passkey", |of| Assertion {
        credential: of.base64("credential", 1_400),
        client_data: of.base64("client_data", 8_192),
        authenticator_data: of.base64("authenticator_data", 8_192),
        signature: of.base64("signature", 2_048),
        user_handle: of.has("user_handle").then(|| of.base64("user_handle", 128)),
    })
}

/// The party for which authenticators sign, where the service has an address that browsers take.
fn party(app: &App) -> Result<&RelyingParty, Problem> {
    app.desk.party.as_deref().ok_or_else(|| {
        let text = "passkeys need an address with TLS, or localhost: see passkeys.origin in the settings";
        Problem::new(StatusCode::CONFLICT, "not_allowed", text)
    })
}

#[utoipa::path(post, path = "/v1/me/passkeys/challenge", operation_id = "start_passkey", tag = "account",
    security(("bearer" = [])), responses((status = 201, description = "what the browser is asked for", body = Creation)))]
/// Starts to add a passkey to an account that has codes. Requires a proof of presence.
pub(super) async fn start(
    State(app): State<App>,
    caller: Caller<SignedIn>,
) -> Result<(StatusCode, Json<Creation>), Problem> {
    let party = party(&app)?;
    caller.must_be_present(&app).await?;
    Ok((StatusCode::CREATED, Json(passkeys::start(&app.ledger, party, &caller.who).await?)))
}

/// A passkey that a browser has made; all but the name base64url without padding.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct NewPasskey {
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// `response.clientDataJSON`.
    #[schema(max_length = 8192)]
    client_data: String,
    /// `response.attestationObject`.
    #[schema(max_length = 16384)]
    attestation: String,
}

#[utoipa::path(post, path = "/v1/me/passkeys", operation_id = "add_passkey", tag = "account",
    security(("bearer" = [])), request_body = NewPasskey,
    responses((status = 201, description = "the passkey is added; all other sessions have ended", body = Created)))]
/// Adds a passkey that answers the challenge. All other sessions end.
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller<SignedIn>,
    mut input: Input,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let name = input.text("name", 1..=100);
    let (client, attestation) = (input.base64("client_data", 8_192), input.base64("attestation", 16_384));
    input.finish()?;
    let party = party(&app)?;
    let id = passkeys::add(&app.ledger, party, &caller.who, &name, (&client, &attestation)).await?;
    Ok((StatusCode::CREATED, Json(Created { id })))
}

#[utoipa::path(get, path = "/v1/me/passkeys", operation_id = "passkeys", tag = "account", security(("bearer" = [])),
    responses((status = 200, description = "passkeys, the oldest first", body = [Passkey])))]
/// Lists one's own passkeys.
pub(super) async fn list(State(app): State<App>, caller: Caller<SignedIn>) -> Result<Json<Vec<Passkey>>, Problem> {
    Ok(Json(passkeys::list(&app.ledger, &caller.who).await?))
}

#[utoipa::path(delete, path = "/v1/me/passkeys/{id}", operation_id = "remove_passkey", tag = "account",
    security(("bearer" = [])), params(("id" = String, Path, description = "the passkey")),
    responses((status = 204, description = "removed; all other sessions have ended")))]
/// Removes one of one's own passkeys. Requires a proof of presence. All other sessions end.
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller<SignedIn>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must_be_present(&app).await?;
    passkeys::remove(&app.ledger, &caller.who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/v1/sessions/step-up/passkey", operation_id = "ask_for_passkey", tag = "account",
    security(("bearer" = [])), responses((status = 201, description = "what the browser is asked for", body = Asked)))]
/// Asks for a passkey, as a proof of presence.
pub(super) async fn ask(
    State(app): State<App>,
    caller: Caller<SignedIn>,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let asked = app.desk.ask_for_passkey(&caller.who, app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(*asked.ok_or_else(Problem::missing)?)))
}
