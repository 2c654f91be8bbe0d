//! Reading JSON bodies, with all faults at once and their paths.

use std::ops::RangeInclusive;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde_json::{Map, Value};

use super::access::App;
use super::problem::Problem;
use crate::fleet::Fault;

/// The whole body, within a limit.
pub(crate) async fn bytes(body: Body, limit: usize) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        // The limit's error is the only one that is the sender's fault; a broken connection gets no answer.
        let large = std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("limit"));
        if large {
            let text = format!("the body has more than {limit} bytes");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text)
        } else {
            Problem::new(StatusCode::BAD_REQUEST, "broken_body", "the body could not be read")
        }
    })
}

/// The media type that a request says its body has.
pub(crate) fn media_type(request: &Request) -> &str {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim()
}

/// Of a media type that is not read.
pub(crate) fn unsupported(readable: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", format!("send {readable}"))
}

/// The fields of a JSON object, taken one by one. What is not taken is unknown, and a fault.
#[derive(Debug)]
pub(crate) struct Input {
    fields: Map<String, Value>,
    faults: Vec<Fault>,
}

impl FromRequest<App> for Input {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if media_type(&request) != "application/json" {
            return Err(unsupported("application/json"));
        }
        let limit = app.config.limits.body_bytes;
        Self::parse(&bytes(request.into_body(), limit).await?)
    }
}

impl Input {
    /// Reads a body.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Problem> {
        let value: Value = serde_json::from_slice(body)
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "not_json", error.to_string()))?;
        match value {
            Value::Object(fields) => Ok(Self { fields, faults: Vec::new() }),
            _ => Err(Problem::fault("$", "give an object")),
        }
    }

    /// A field, if it is there and not null.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// Adds a fault of a field.
    pub(crate) fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.push(Fault::new(format!("$.{name}"), message));
    }

    /// Text of so many characters, if it is there.
    pub(crate) fn text_or_none(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        let Value::String(text) = self.take(name)? else {
            self.fault(name, "give text");
            return None;
        };
        let count = text.chars().count();
        if !length.contains(&count) || text.chars().any(char::is_control) {
            let (from, to) = (length.start(), length.end());
            self.fault(name, format!("{count} characters: give {from} to {to}, and no control characters"));
            return None;
        }
        Some(text)
    }

    /// Text that must be there.
    pub(crate) fn text(&mut self, name: &str, length: RangeInclusive<usize>) -> String {
        let before = self.faults.len();
        let text = self.text_or_none(name, length);
        if text.is_none() && self.faults.len() == before {
            self.fault(name, "missing; give text");
        }
        text.unwrap_or_default()
    }

    /// An e-mail address, in lower case.
    pub(crate) fn email(&mut self, name: &str) -> String {
        let email = self.text(name, 3..=254).to_lowercase();
        let parts = email.split_once('@');
        let right = parts.is_some_and(|(user, host)| {
            !user.is_empty() && host.contains('.') && !host.contains('@') && !email.contains(char::is_whitespace)
        });
        if !email.is_empty() && !right {
            self.fault(name, "give an e-mail address");
        }
        email
    }

    /// A whole number in a range, if it is there.
    pub(crate) fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.take(name)?;
        let number = value.as_i64().filter(|number| range.contains(number));
        if number.is_none() {
            self.fault(name, format!("{value}: give a whole number from {} to {}", range.start(), range.end()));
        }
        number
    }

    /// A list of texts, if it is there.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let Value::Array(items) = value else {
            self.fault(name, "give a list of texts");
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            match item {
                Value::String(text) if !text.chars().any(char::is_control) => texts.push(text),
                other => self.fault(&format!("{name}[{i}]"), format!("{other}: give text")),
            }
        }
        Some(texts)
    }

    /// Nothing may be left, and no fault be found.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        for name in std::mem::take(&mut self.fields).keys() {
            self.fault(name, "unknown: leave it out, or correct its name");
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Problem::invalid(self.faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_at_once() {
        let mut input = Input::parse(br#"{"a": 5, "n": 11, "t": "", "list": ["x", 1], "z": 0}"#).unwrap();
        assert_eq!(input.text("a", 1..=5), "");
        assert_eq!(input.integer("n", 0..=10), None);
        input.text("t", 1..=5);
        input.email("mail");
        input.texts("list");
        let problem = serde_json::to_value(input.finish().unwrap_err()).unwrap();
        let paths: Vec<&str> =
            problem["faults"].as_array().unwrap().iter().map(|fault| fault["path"].as_str().unwrap()).collect();
        assert_eq!(paths, ["$.a", "$.n", "$.t", "$.mail", "$.list[1]", "$.z"]);
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(422), Some("invalid")));
    }

    #[test]
    fn deep_nesting_is_a_fault_and_no_crash() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert!(Input::parse(deep.as_bytes()).is_err());
    }
}
