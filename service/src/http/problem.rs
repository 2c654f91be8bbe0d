//! Error responses (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::auth::Refusal;
use crate::auth::passkeys::Asked;
use crate::error::Error;
use crate::fleet::Fault;

/// An answer that is no success. It never says more than the caller may know.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: `code` says what kind it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status' usual words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What kind of problem, for programs: it stays the same over releases.
    code: &'static str,
    /// What is wrong, for people.
    detail: String,
    /// Everything that is wrong with the request's content.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault>,
    /// With `mfa_required`, where the account has passkeys: what the browser is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey: Option<Box<Asked>>,
    /// When to come again, seconds.
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    /// Of a status, a code, and words.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Unknown");
        Self {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            code,
            detail: detail.into(),
            faults: Vec::new(),
            passkey: None,
            retry_after: None,
        }
    }

    /// Content that has faults.
    pub(crate) fn invalid(faults: Vec<Fault>) -> Self {
        let detail = format!("the content has {} fault{}", faults.len(), if faults.len() == 1 { "" } else { "s" });
        Self { faults, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }

    /// One fault of the content.
    pub(crate) fn fault(path: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![Fault::new(path, message)])
    }

    /// An object that does not exist, or belongs to another organisation: the answer is the same.
    pub(crate) fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is no such object")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let retry_after = self.retry_after;
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("30"));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        if error.is_outage() {
            tracing::warn!(%error, "out of reach");
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again in a while");
        }
        tracing::error!(%error, "a request failed");
        if matches!(error, Error::Secret(_)) {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "mfa_unavailable", "second factors cannot be checked");
        }
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the service failed; the request's id is in the log")
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match &refusal {
            Refusal::SignIn => (StatusCode::UNAUTHORIZED, "sign_in_failed"),
            Refusal::FactorNeeded(_) => (StatusCode::UNAUTHORIZED, "mfa_required"),
            Refusal::Factor { .. } => (StatusCode::UNAUTHORIZED, "mfa_failed"),
            Refusal::ConfirmationNeeded => (StatusCode::UNAUTHORIZED, "confirmation_required"),
            Refusal::Confirmation { .. } => (StatusCode::UNAUTHORIZED, "confirmation_failed"),
            Refusal::Token => (StatusCode::UNAUTHORIZED, "token_invalid"),
            Refusal::Throttled { .. } => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
            Refusal::Link => (StatusCode::UNPROCESSABLE_ENTITY, "link_invalid"),
            Refusal::WeakPassword(_) => return Self::fault("$.password", refusal.to_string()),
            Refusal::Taken | Refusal::RoleTaken => (StatusCode::CONFLICT, "taken"),
            Refusal::Missing => return Self::missing(),
            Refusal::NotAllowed(_) => (StatusCode::CONFLICT, "not_allowed"),
            Refusal::Beyond => (StatusCode::FORBIDDEN, "forbidden"),
            Refusal::Inner(_) => {
                let Refusal::Inner(error) = refusal else { return Self::missing() };
                return error.into();
            }
        };
        let wait = match refusal {
            Refusal::Factor { wait } | Refusal::Confirmation { wait } | Refusal::Throttled { wait } => wait,
            _ => 0,
        };
        // Begun seconds count, so that whoever waits as long does not come too early.
        let seconds = u32::try_from(wait.unsigned_abs().div_ceil(1_000)).unwrap_or(u32::MAX);
        let retry_after = (wait > 0).then_some(seconds);
        let detail = refusal.to_string();
        let passkey = match refusal {
            Refusal::FactorNeeded(asked) => asked,
            _ => None,
        };
        Self { passkey, retry_after, ..Self::new(status, code, detail) }
    }
}
