//! Requests over HTTP: paced, tried again where that can help, and with errors that keep secrets.

use std::sync::Arc;

use milkrun::travel::{RequestError, SourceError, SourceLimits, SourceRun};
use secrecy::{ExposeSecret as _, SecretString};

use crate::setup::SetupError;
use crate::web::{
    Address, Body, Clock, Failure, Method, Pace, Patience, Request, SystemClock, Transport, Wait, chance, message,
    redacted,
};
pub(crate) use crate::web::{Answer, HttpSettings};

/// One request of a source.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// What errors call it: `the table of 3 × 4 points`.
    pub(crate) label: String,
    /// Path and query, without a key; begins with a slash.
    pub(crate) path: String,
    /// Sent with POST, as JSON; without it, the request is a GET.
    pub(crate) body: Option<String>,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// How many cells it asks for, for limits by the minute.
    pub(crate) cells: u64,
}

/// Where a key goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyPlace {
    /// Into the query, under this name.
    Query(&'static str),
    /// Into a header of this name.
    Header(&'static str),
}

/// One service, its address and key, and its pace.
pub(crate) struct Http {
    source: &'static str,
    address: Address,
    key: Option<(KeyPlace, SecretString)>,
    patience: Patience,
    transport: Transport,
    pace: Pace,
    clock: Arc<dyn Clock>,
}

impl Http {
    pub(crate) fn new(
        source: &'static str,
        address: &str,
        key: Option<(KeyPlace, SecretString)>,
        settings: &HttpSettings,
        limits: &SourceLimits,
    ) -> Result<Self, SetupError> {
        let address = Address::parse(source, address)?;
        settings.check(source)?;
        if let Some((_, key)) = &key {
            check_key(source, key)?;
            if !address.is_encrypted() && !address.is_loopback() {
                return Err(SetupError::Insecure { source_name: source, host: address.host().to_owned() });
            }
        }
        let transport = Transport::new(source, &address, settings)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        Ok(Self {
            source,
            address,
            key,
            patience: Patience::new(settings, chance),
            transport,
            pace: Pace::new(limits),
            clock,
        })
    }

    /// With another clock.
    #[cfg(test)]
    pub(crate) fn set_clock(&mut self, clock: Arc<dyn Clock>) {
        self.clock = clock;
    }

    /// The address without a key, for descriptions.
    pub(crate) fn address(&self) -> &str {
        self.address.text()
    }

    /// Sends a request, again if need be, and gives the answer with which the source must come to terms: no status that
    /// asks for patience, none that refuses the key.
    pub(crate) fn send(&self, call: &Call, run: SourceRun<'_>) -> Result<Answer, SourceError> {
        let mut attempt = 1;
        loop {
            self.wait_for_turn(call, run)?;
            let failure = match self.transport.exchange(&self.request(call), run.cancel) {
                Ok(answer) => match self.examine(call, answer)? {
                    Ok(answer) => return Ok(answer),
                    Err(failure) => failure,
                },
                Err(failure) => failure,
            };
            run.check(self.source)?;
            if let Some(remedy) = failure.remedy {
                return Err(self.fault(&call.label, failure.status, &failure.problem, remedy));
            }
            match self.patience.wait(attempt, failure.retry_after.as_deref(), self.clock.date()) {
                Wait::For(time) => self.clock.wait(time, run.cancel),
                Wait::TooOften => {
                    let problem = format!("{}, after {attempt} attempts", failure.problem);
                    let remedy = "check that the service runs and is not overloaded, or ask again later";
                    return Err(self.fault(&call.label, failure.status, &problem, remedy));
                }
                Wait::TooLong(time) => {
                    let problem = format!("{}; it asks to wait {} s", failure.problem, time.as_secs());
                    let remedy = "ask again after that time, or allow longer waits";
                    return Err(self.fault(&call.label, failure.status, &problem, remedy));
                }
            }
            run.check(self.source)?;
            attempt += 1;
        }
    }

    /// Waits until limits by the minute allow the request.
    fn wait_for_turn(&self, call: &Call, run: SourceRun<'_>) -> Result<(), SourceError> {
        loop {
            run.check(self.source)?;
            let Some(time) = self.pace.take(self.clock.now(), call.cells) else { return Ok(()) };
            self.clock.wait(time, run.cancel);
        }
    }

    /// Tells answers for the source from those that ask for patience, and from those that end the matter.
    fn examine(&self, call: &Call, answer: Answer) -> Result<Result<Answer, Failure>, SourceError> {
        let status = answer.status;
        let end = |problem: &str, remedy: &str| Err(self.fault(&call.label, Some(status), problem, remedy));
        match status {
            408 | 429 | 500 | 502..=504 => {
                let problem = match self.message(&answer.body) {
                    Some(text) => text,
                    None if status == 429 => "too many requests".to_owned(),
                    None => "the service fails".to_owned(),
                };
                Ok(Err(Failure {
                    status: Some(status),
                    problem,
                    retry_after: answer.retry_after,
                    ..Failure::default()
                }))
            }
            300..=399 => end("it points to another address", "give the address to which it points"),
            401 | 403 => {
                let problem = self.message(&answer.body).unwrap_or_else(|| "access is refused".to_owned());
                end(&problem, "check the key, what it may be used for, and whether billing is set up")
            }
            _ => Ok(Ok(answer)),
        }
    }

    /// The request as it is sent.
    fn request(&self, call: &Call) -> Request {
        let mut url = format!("{}{}", self.address.text(), call.path);
        let mut headers: Vec<(&'static str, SecretString)> =
            call.headers.iter().map(|&(name, value)| (name, SecretString::from(value))).collect();
        match &self.key {
            Some((KeyPlace::Query(name), key)) => {
                let separator = if call.path.contains('?') { '&' } else { '?' };
                url = format!("{url}{separator}{name}={}", key.expose_secret());
            }
            Some((KeyPlace::Header(name), key)) => headers.push((name, key.clone())),
            None => {}
        }
        let method = if call.body.is_some() { Method::Post } else { Method::Get };
        let body =
            call.body.as_ref().map(|text| Body { media_type: "application/json", bytes: text.clone().into_bytes() });
        Request { method, url: url.into(), headers, body }
    }

    /// An error about a request. What services tell is cut, and freed from the key.
    pub(crate) fn fault(&self, request: &str, status: Option<u16>, problem: &str, remedy: &str) -> SourceError {
        SourceError::Request(Box::new(RequestError {
            source_name: self.source.to_owned(),
            request: format!("{request} at {}", self.address.text()),
            status,
            problem: self.redacted(problem),
            remedy: remedy.to_owned(),
        }))
    }

    /// An error about an answer of which the source can make nothing.
    pub(crate) fn unexpected(&self, call: &Call, answer: &Answer) -> SourceError {
        let problem = self.message(&answer.body).unwrap_or_else(|| "the request is refused".to_owned());
        let remedy = "check the address, the profile and the options, and the limits of the service";
        self.fault(&call.label, Some(answer.status), &problem, remedy)
    }

    /// An error about an answer that is not what the source promises.
    pub(crate) fn malformed(&self, call: &Call, answer: &Answer, problem: &str) -> SourceError {
        let remedy = "check that the address belongs to this kind of source, and its release";
        self.fault(&call.label, Some(answer.status), problem, remedy)
    }

    fn message(&self, body: &[u8]) -> Option<String> {
        message(body, self.secrets())
    }

    fn redacted(&self, text: &str) -> String {
        redacted(text, self.secrets())
    }

    fn secrets(&self) -> &[SecretString] {
        self.key.as_ref().map_or(&[], |(_, key)| std::slice::from_ref(key))
    }
}

/// Keys are words; anything else would end up elsewhere in the request.
fn check_key(source: &'static str, key: &SecretString) -> Result<(), SetupError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    let problem = match key.expose_secret() {
        "" => "is empty",
        text if text.len() > 4_096 || !text.chars().all(is_plain) => "has characters that no key has",
        _ => return Ok(()),
    };
    Err(SetupError::Key { source_name: source, problem })
}
