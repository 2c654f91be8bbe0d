//! Reading JSON bodies, with all faults at once and their paths.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use data_encoding::BASE64URL_NOPAD;
use serde_json::value::RawValue;
use tokio::sync::{AcquireError, OwnedSemaphorePermit};

use super::access::App;
use super::problem::Problem;
use super::shares::Share;
use crate::config::Limits;
use crate::fleet::Fault;
use crate::raw::{self, Scalar};

/// Most fields of a body, items of a list, and faults that are reported.
const MOST: usize = 100;

/// How many times as many bytes as usual a body with a table or a problem may have.
const LARGE: usize = 8;

/// A large body, which keeps others of its kind waiting until it is dropped.
pub(crate) struct Large {
    /// Its bytes.
    pub(crate) bytes: Bytes,
    _permit: OwnedSemaphorePermit,
    _share: Option<Share<String>>,
}

/// The whole of a body that holds a table or a problem.
pub(crate) async fn large(app: &App, body: Body) -> Result<Large, Problem> {
    let permit = app.large.clone().acquire_owned().await.map_err(busy)?;
    let limit = app.config.limits.body_bytes.saturating_mul(LARGE);
    Ok(Large { bytes: up_to(body, &app.config.limits, limit).await?, _permit: permit, _share: None })
}

/// The whole of a body that is a photo of a user. Photos come over weak networks: they keep nothing waiting but other photos, and
/// nobody keeps all of these waiting.
pub(crate) async fn photo(app: &App, body: Body, user: &str) -> Result<Large, Problem> {
    let share = app.photographers.take(Some(user.to_owned())).map_err(|_| {
        let text = "too many photos at the same time: send one after another";
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", text)
    })?;
    let permit = app.photos.clone().acquire_owned().await.map_err(busy)?;
    let bytes = up_to(body, &app.config.limits, app.config.driving.photo_bytes).await?;
    Ok(Large { bytes, _permit: permit, _share: Some(share) })
}

fn busy(_: AcquireError) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many large bodies")
}

/// The whole body, of at most `times` as many bytes as is usual, and within the time for it.
pub(crate) async fn bytes(body: Body, limits: &Limits, times: usize) -> Result<Bytes, Problem> {
    up_to(body, limits, limits.body_bytes.saturating_mul(times)).await
}

async fn up_to(body: Body, limits: &Limits, limit: usize) -> Result<Bytes, Problem> {
    let longest = Duration::from_secs(limits.body_seconds);
    let read = tokio::time::timeout(longest, axum::body::to_bytes(body, limit)).await;
    let read = read.map_err(|_| {
        let text = format!("the body did not arrive within {} seconds", limits.body_seconds);
        Problem::new(StatusCode::REQUEST_TIMEOUT, "slow_body", text)
    })?;
    read.map_err(|error| {
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

/// The fields of a JSON object, taken one by one. What is not taken is unknown, and a fault. Fields are kept as they stand
/// there, and read when they are taken: a body needs no more memory than its bytes.
#[derive(Debug, Default)]
pub(crate) struct Input {
    fields: BTreeMap<String, Box<RawValue>>,
    faults: Vec<Fault>,
}

impl FromRequest<App> for Input {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if media_type(&request) != "application/json" {
            return Err(unsupported("application/json"));
        }
        Self::parse(&bytes(request.into_body(), &app.config.limits, 1).await?)
    }
}

impl Input {
    /// Reads a body.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Problem> {
        let mut input = Self::default();
        let read = raw::each_field(body, |name, value| {
            let shown = raw::clipped(&name);
            if input.fields.contains_key(name.as_ref()) {
                input.fault(&shown, "given twice: give it once");
            } else if input.fields.len() == MOST {
                input.faults.push(Fault::new("$", format!("more than {MOST} fields")));
                return false;
            } else {
                input.fields.insert(name.into_owned(), value.to_owned());
            }
            input.faults.len() < MOST
        });
        match read {
            Ok(()) => Ok(input),
            Err(error) if error.is_data() => Err(Problem::fault("$", "give an object")),
            Err(error) => Err(Problem::new(StatusCode::BAD_REQUEST, "not_json", error.to_string())),
        }
    }

    /// A field as it stands there, if it is there and not null.
    pub(crate) fn take(&mut self, name: &str) -> Option<Box<RawValue>> {
        self.fields.remove(name).filter(|value| value.get() != "null")
    }

    /// Whether a field is there and not null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| value.get() != "null")
    }

    /// Adds a fault of a field.
    pub(crate) fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.push(Fault::new(format!("$.{name}"), message));
    }

    /// Whether further faults are worth looking for.
    pub(crate) fn has_room(&self) -> bool {
        self.faults.len() < MOST
    }

    /// Text of so many characters, if it is there.
    pub(crate) fn text_or_none(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        let Some(Scalar::Text(text)) = raw::scalar(&self.take(name)?) else {
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
        let number = match raw::scalar(&value) {
            Some(Scalar::Integer(number)) if range.contains(&number) => Some(number),
            _ => None,
        };
        if number.is_none() {
            let shown = raw::shown(&value);
            self.fault(name, format!("{shown}: give a whole number from {} to {}", range.start(), range.end()));
        }
        number
    }

    /// A whole number that must be there; the remedy says what to give.
    pub(crate) fn number(&mut self, name: &str, range: RangeInclusive<i64>, remedy: &str) -> i64 {
        let before = self.faults.len();
        let number = self.integer(name, range);
        if number.is_none() && self.faults.len() == before {
            self.fault(name, remedy);
        }
        number.unwrap_or_default()
    }

    /// `true` or `false`, if it is there.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.take(name)?;
        let flag = serde_json::from_str(value.get()).ok();
        if flag.is_none() {
            self.fault(name, format!("{}: give true or false", raw::shown(&value)));
        }
        flag
    }

    /// Adds faults that were found in a field.
    pub(crate) fn faults(&mut self, faults: Vec<Fault>) {
        self.faults.extend(faults);
    }

    /// Bytes as base64url without padding, of so many characters at most.
    pub(crate) fn base64(&mut self, name: &str, most: usize) -> Vec<u8> {
        let text = self.text(name, 1..=most);
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
        if bytes.is_err() {
            self.fault(name, "give base64url without padding");
        }
        bytes.unwrap_or_default()
    }

    /// What is read from the object in a field, if it is there. Its faults have their path.
    pub(crate) fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let value = self.take(name)?;
        let Ok(mut object) = Self::parse(value.get().as_bytes()) else {
            self.fault(name, "give an object");
            return None;
        };
        let found = read(&mut object);
        object.refuse_the_rest();
        let faults = object.faults.into_iter();
        self.faults
            .extend(faults.map(|fault| Fault::new(fault.path.replacen('$', &format!("$.{name}"), 1), fault.message)));
        Some(found)
    }

    /// A list of texts, if it is there.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let mut texts = Vec::new();
        let read = raw::each_item(value.get().as_bytes(), |i, item| {
            match raw::scalar(item) {
                Some(Scalar::Text(text)) if !text.chars().any(char::is_control) => texts.push(text),
                _ => self.fault(&format!("{name}[{i}]"), format!("{}: give text", raw::shown(item))),
            }
            if i == MOST {
                self.fault(name, format!("more than {MOST} texts"));
            }
            i < MOST
        });
        if read.is_err() {
            self.fault(name, "give a list of texts");
            return None;
        }
        Some(texts)
    }

    /// What is left as a document of the library, and as it was sent; faults have their path.
    pub(crate) fn document<T: serde::de::DeserializeOwned>(mut self) -> Result<(String, T), Problem> {
        let text = serde_json::to_string(&self.fields)
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "not_json", error.to_string()))?;
        match serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&text)) {
            Ok(document) if self.faults.is_empty() => Ok((text, document)),
            Ok(_) => Err(Problem::invalid(self.faults)),
            Err(error) => {
                let path = error.path().to_string();
                let path = if path == "." { "$".to_owned() } else { format!("$.{path}") };
                self.faults.push(Fault::new(path, raw::clipped(&error.inner().to_string())));
                Err(Problem::invalid(self.faults))
            }
        }
    }

    /// Nothing may be left, and no fault be found.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        self.refuse_the_rest();
        if self.faults.is_empty() { Ok(()) } else { Err(Problem::invalid(self.faults)) }
    }

    /// Whatever was not taken is a fault.
    fn refuse_the_rest(&mut self) {
        for name in std::mem::take(&mut self.fields).keys() {
            self.fault(&raw::clipped(name), "unknown: leave it out, or correct its name");
        }
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
        let mut input = Input::parse(deep.as_bytes()).unwrap();
        assert_eq!((input.text("a", 1..=5), input.faults.len()), (String::new(), 1));
    }

    #[test]
    fn what_stands_there_twice_is_a_fault() {
        let mut input = Input::parse(br#"{"a": "x", "b": 1, "\u0061": "y"}"#).unwrap();
        assert_eq!((input.text("a", 1..=5).as_str(), input.integer("b", 0..=9)), ("x", Some(1)));
        let problem = serde_json::to_value(input.finish().unwrap_err()).unwrap();
        assert_eq!(problem["faults"], serde_json::json!([{"path": "$.a", "message": "given twice: give it once"}]));
    }

    #[test]
    fn no_body_grows_when_it_is_read() {
        let many = (0..100_000).fold(String::new(), |many, i| many + "\"f" + &i.to_string() + "\":0,");
        let input = Input::parse(format!("{{{many}\"z\":0}}").as_bytes()).unwrap();
        assert_eq!((input.fields.len(), input.faults.len()), (MOST, 1));
        assert!(Input::parse(b"[1]").is_err() && Input::parse(b"{").is_err());
    }
}
