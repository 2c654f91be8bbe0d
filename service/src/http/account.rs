//! Signing up and in, sessions, and one's own second factor.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use data_encoding::BASE64;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::{Address, App, Caller, SignedIn};
use super::input::Input;
use super::passkeys::{self, Used};
use super::problem::Problem;
use crate::auth::factors::{self, Proof};
use crate::auth::invitations::{self, NewUser};
use crate::auth::sessions::{self, Credentials, Grant};
use crate::auth::{Refusal, password};
use crate::entry::Visit;

/// What a new account is made of.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct SignUp {
    /// The secret of a one-time link.
    link: String,
    /// E-mail address.
    #[schema(format = "email")]
    email: String,
    /// Password: 12 characters or more, not easily guessed.
    #[schema(min_length = 12, max_length = 256)]
    password: String,
    /// Name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Name of the organisation, for the first user of one.
    organisation: Option<String>,
}

/// Something that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Created {
    /// Its id.
    pub(super) id: String,
}

#[utoipa::path(post, path = "/v1/sign-up", tag = "account", request_body = SignUp,
    responses((status = 201, description = "the account is made", body = Created)))]
/// Makes an account by a one-time link.
pub(super) async fn sign_up(State(app): State<App>, mut input: Input) -> Result<(StatusCode, Json<Created>), Problem> {
    let link = input.text("link", 1..=100);
    let email = input.email("email");
    let secret = input.text("password", 1..=password::MAX_LENGTH);
    let name = input.text("name", 1..=200);
    let organisation = input.text_or_none("organisation", 1..=200).unwrap_or_else(|| name.clone());
    let now = app.clock.now();
    if !secret.is_empty()
        && let Err(refusal) = password::check(&secret, &[&email, &name])
    {
        input.fault("password", refusal.to_string());
    }
    input.finish()?;
    // Checked first, so that not every request causes hashing.
    if !invitations::is_valid(&mut *app.ledger.connection().await?, &link, now).await? {
        return Err(Refusal::Link.into());
    }
    let password_hash = app.desk.hash_new(secret).await?;
    let user = NewUser { link, email, name, organisation, password_hash };
    let id = invitations::accept(&app.ledger, user).await?;
    Ok((StatusCode::CREATED, Json(Created { id })))
}

/// Credentials of a sign-in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct SignIn {
    /// E-mail address.
    #[schema(format = "email")]
    email: String,
    /// Password.
    password: String,
    /// Code of the second factor, where there is one.
    #[schema(pattern = "^[0-9]{6}$")]
    code: Option<String>,
    /// Or one of the recovery codes.
    recovery_code: Option<String>,
    /// Or the answer of a passkey to the challenge that came with `mfa_required`.
    #[schema(inline)]
    passkey: Option<Used>,
    /// What `device` was in the answer to the last sign-in on this device: a device that is known is less odd.
    #[schema(max_length = 100)]
    device: Option<String>,
    /// Code from the e-mail that was sent when the answer was `confirmation_required`.
    #[schema(max_length = 64)]
    confirmation: Option<String>,
}

/// What a session is used with.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// To be sent as `Authorization: Bearer …`.
    access_token: String,
    /// To be exchanged, once, for a new pair.
    refresh_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Life of the access token, seconds.
    expires_in: i64,
    /// After a sign-in: to be kept on the device, and sent with the next sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
}

fn session(app: &App, grant: Grant, device: Option<String>) -> Json<Session> {
    Json(Session {
        access_token: grant.access,
        refresh_token: grant.refresh,
        token_type: "Bearer",
        expires_in: app.config.auth.access_seconds,
        device,
    })
}

#[utoipa::path(post, path = "/v1/sessions", tag = "account", request_body = SignIn,
    responses((status = 200, description = "signed in", body = Session)))]
/// Signs in. The code `mfa_required` means that the password is right and a code is needed; `confirmation_required`, that the sign-in is
/// unusual, and a code was sent by mail.
pub(super) async fn sign_in(
    State(app): State<App>,
    Address(address): Address,
    headers: HeaderMap,
    mut input: Input,
) -> Result<Json<Session>, Problem> {
    let given = Credentials {
        email: input.email("email"),
        password: input.text("password", 1..=password::MAX_LENGTH),
        code: input.text_or_none("code", 0..=64),
        recovery_code: input.text_or_none("recovery_code", 0..=64),
        passkey: passkeys::used(&mut input),
    };
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let visit = Visit {
        address,
        device: input.text_or_none("device", 1..=100),
        agent,
        confirmation: input.text_or_none("confirmation", 0..=64),
    };
    input.finish()?;
    let entered = app.door.sign_in(given, visit, app.clock.now()).await?;
    // Some sign-ins are told by mail.
    app.wake_outbox.notify_waiters();
    Ok(session(&app, entered.grant, Some(entered.device)))
}

/// A refresh token.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Refresh {
    /// The token.
    refresh_token: String,
}

#[utoipa::path(post, path = "/v1/sessions/refresh", tag = "account", request_body = Refresh,
    responses((status = 200, description = "a new pair of tokens", body = Session)))]
/// Exchanges a refresh token. One that comes a second time ends the session.
pub(super) async fn refresh(State(app): State<App>, mut input: Input) -> Result<Json<Session>, Problem> {
    let token = input.text("refresh_token", 1..=100);
    input.finish()?;
    let grant = app.desk.refresh(&token, app.clock.now()).await?;
    Ok(session(&app, grant, None))
}

#[utoipa::path(delete, path = "/v1/sessions/current", tag = "account", security(("bearer" = [])),
    responses((status = 204, description = "signed out")))]
/// Signs out.
pub(super) async fn sign_out(State(app): State<App>, caller: Caller<SignedIn>) -> Result<StatusCode, Problem> {
    sessions::sign_out(&app.ledger, &caller.who).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/v1/sessions", tag = "account", security(("bearer" = [])),
    responses((status = 204, description = "signed out everywhere")))]
/// Signs out everywhere: all sessions of the account end, this one too.
pub(super) async fn sign_out_everywhere(
    State(app): State<App>,
    caller: Caller<SignedIn>,
) -> Result<StatusCode, Problem> {
    sessions::sign_out_everywhere(&app.ledger, &caller.who).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A proof of presence: the second factor where there is one, else the password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct StepUp {
    /// Password, of an account without a second factor.
    password: Option<String>,
    /// Code of the second factor.
    code: Option<String>,
    /// Or one of the recovery codes.
    recovery_code: Option<String>,
    /// Or the answer of a passkey to a challenge of `/v1/sessions/step-up/passkey`.
    #[schema(inline)]
    passkey: Option<Used>,
}

#[utoipa::path(post, path = "/v1/sessions/step-up", tag = "account", security(("bearer" = [])),
    request_body = StepUp, responses((status = 204, description = "presence is proved for some minutes")))]
/// Proves presence, for actions that ask for it.
pub(super) async fn step_up(
    State(app): State<App>,
    caller: Caller<SignedIn>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    let secret = input.text_or_none("password", 0..=password::MAX_LENGTH);
    let proof =
        Proof { code: input.text_or_none("code", 0..=64), recovery_code: input.text_or_none("recovery_code", 0..=64) };
    let passkey = passkeys::used(&mut input);
    input.finish()?;
    app.desk.step_up(&caller.who, secret, (proof, passkey), app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Oneself.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// The user.
    id: String,
    /// The organisation.
    organisation: String,
    /// E-mail address.
    email: String,
    /// What one may do.
    permissions: Vec<String>,
    /// Whether there is a second factor.
    second_factor: bool,
    /// Whether passkeys can be added here: that depends on the service's address.
    passkeys: bool,
}

#[utoipa::path(get, path = "/v1/me", tag = "account", security(("bearer" = [])),
    responses((status = 200, description = "oneself", body = Me)))]
/// Says who one is and what one may do.
pub(super) async fn me(State(app): State<App>, caller: Caller<SignedIn>) -> Result<Json<Me>, Problem> {
    let who = caller.who;
    let factor = factors::active(&mut *app.ledger.connection().await?, &who.user).await?;
    Ok(Json(Me {
        id: who.user,
        organisation: who.org,
        email: who.email,
        permissions: who.permissions.into_iter().collect(),
        second_factor: factor.is_some(),
        passkeys: app.desk.party.is_some(),
    }))
}

/// A new password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct NewPassword {
    /// The password: 12 characters or more, not easily guessed.
    #[schema(min_length = 12, max_length = 256)]
    password: String,
}

#[utoipa::path(put, path = "/v1/me/password", tag = "account", security(("bearer" = [])), request_body = NewPassword,
    responses((status = 204, description = "changed; all other sessions have ended")))]
/// Changes the password. Asks for a proof of presence.
pub(super) async fn change_password(
    State(app): State<App>,
    caller: Caller<SignedIn>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    let secret = input.text("password", 1..=password::MAX_LENGTH);
    let who = &caller.who;
    if !secret.is_empty()
        && let Err(refusal) = password::check(&secret, &[&who.email])
    {
        input.fault("password", refusal.to_string());
    }
    input.finish()?;
    caller.must_be_present(&app).await?;
    let hash = app.desk.hash_new(secret).await?;
    sessions::change_password(&app.ledger, who, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new second factor, shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct Enrolment {
    /// The factor.
    id: String,
    /// The secret, base32, for typing.
    secret: String,
    /// What the picture says.
    uri: String,
    /// A picture for an authenticator program: SVG.
    qr_svg: String,
    /// The same as PNG, base64.
    qr_png: String,
}

#[utoipa::path(post, path = "/v1/me/mfa", tag = "account", security(("bearer" = [])),
    responses((status = 201, description = "the factor waits for its first code", body = Enrolment)))]
/// Starts to enrol a second factor. Asks for a proof of presence.
pub(super) async fn enrol(
    State(app): State<App>,
    caller: Caller<SignedIn>,
) -> Result<(StatusCode, Json<Enrolment>), Problem> {
    caller.must_be_present(&app).await?;
    let enrolment = factors::enrol(&app.ledger, &caller.who).await?;
    let code = qrcode::QrCode::new(enrolment.uri.as_bytes())
        .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the picture could not be drawn"))?;
    let qr_svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build();
    let qr_png = BASE64.encode(&png(&code));
    let body = Enrolment {
        id: enrolment.id,
        secret: enrolment.secret.to_string(),
        uri: enrolment.uri.to_string(),
        qr_svg,
        qr_png,
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// The modules as grey pixels, six wide, with the margin of four modules that readers need.
fn png(code: &qrcode::QrCode) -> Vec<u8> {
    const SCALE: usize = 6;
    const MARGIN: usize = 4;
    let width = code.width();
    let side = (width + 2 * MARGIN) * SCALE;
    let colors = code.to_colors();
    let mut pixels = vec![255; side * side];
    for (i, pixel) in pixels.iter_mut().enumerate() {
        let (x, y) = ((i % side / SCALE).wrapping_sub(MARGIN), (i / side / SCALE).wrapping_sub(MARGIN));
        if x < width && y < width && colors[y * width + x] == qrcode::Color::Dark {
            *pixel = 0;
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    debug_assert!(written.is_ok(), "memory does not refuse to be written");
    bytes
}

/// A code of the new factor.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Code {
    /// Six digits.
    #[schema(pattern = "^[0-9]{6}$")]
    code: String,
}

/// Recovery codes, shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// Each can be used once.
    recovery_codes: Vec<String>,
}

#[utoipa::path(post, path = "/v1/me/mfa/confirm", tag = "account", security(("bearer" = [])), request_body = Code,
    responses((status = 200, description = "the factor is active", body = RecoveryCodes)))]
/// Finishes the enrolment with the first code. All other sessions end.
pub(super) async fn confirm(
    State(app): State<App>,
    caller: Caller<SignedIn>,
    mut input: Input,
) -> Result<Json<RecoveryCodes>, Problem> {
    let code = input.text("code", 1..=64);
    input.finish()?;
    let recovery_codes = factors::confirm(&app.ledger, &caller.who, &code).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

#[utoipa::path(delete, path = "/v1/me/mfa", tag = "account", security(("bearer" = [])),
    responses((status = 204, description = "removed; all other sessions have ended")))]
/// Removes one's second factor. Asks for a proof of presence.
pub(super) async fn remove_factor(State(app): State<App>, caller: Caller<SignedIn>) -> Result<StatusCode, Problem> {
    caller.must_be_present(&app).await?;
    factors::remove_own(&app.ledger, &caller.who).await?;
    Ok(StatusCode::NO_CONTENT)
}
