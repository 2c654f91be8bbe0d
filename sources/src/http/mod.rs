//! Requests over HTTP: paced, tried again where that can help, and with errors that keep secrets.

mod address;
mod pace;
mod retry;
mod tls;
mod transport;

use std::sync::Arc;
use std::time::Duration;

use milkrun::travel::{RequestError, SourceError, SourceLimits, SourceRun};
use secrecy::{ExposeSecret as _, SecretString};

use crate::clock::{Clock, SystemClock};
use crate::setup::{SetupError, check_range};
use address::Address;
use pace::Pace;
use retry::{Patience, Wait};
use transport::{Failure, Transport};

/// How a source's requests are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSettings {
    /// Longest time of one request, from sending it to the end of its answer; a minute unless given.
    pub timeout: Duration,
    /// Longest time until there is a connection; ten seconds unless given.
    pub connect_timeout: Duration,
    /// How often a request is sent at most; five times unless given.
    pub attempts: u32,
    /// Wait before the second attempt; the next ones wait twice as long each time. Half a second unless given. The actual wait
    /// is shortened at random by at most a half, so that several clients do not come back at once.
    pub first_wait: Duration,
    /// Longest wait between two attempts; two minutes unless given. A service that asks for a longer one is not asked again.
    pub longest_wait: Duration,
    /// Most bytes of an answer, unpacked; 64 MiB unless given.
    pub longest_body: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            attempts: 5,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(120),
            longest_body: 64 << 20,
        }
    }
}

impl HttpSettings {
    fn check(&self, source: &'static str) -> Result<(), SetupError> {
        const HOUR: f64 = 3_600.0;
        for (setting, time, range, remedy) in [
            ("timeout", self.timeout, 0.001..=HOUR, "it must be from a millisecond to an hour"),
            ("connect_timeout", self.connect_timeout, 0.001..=HOUR, "it must be from a millisecond to an hour"),
            ("first_wait", self.first_wait, 0.001..=HOUR, "it must be from a millisecond to an hour"),
            ("longest_wait", self.longest_wait, 0.001..=24.0 * HOUR, "it must be from a millisecond to a day"),
        ] {
            check_range(source, setting, time.as_secs_f64(), range, remedy)?;
        }
        check_range(source, "attempts", self.attempts.into(), 1.0..=100.0, "it must be from 1 to 100")?;
        let body = self.longest_body as f64;
        check_range(source, "longest_body", body, 1_000.0..=4e9, "it must be from 1,000 to 4,000,000,000 bytes")
    }
}

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

/// An answer that has come to its end: of success, or of a fault that the source explains.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
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
        Ok(Self { source, address, key, patience: Patience::new(settings), transport, pace: Pace::new(limits), clock })
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
    fn examine(
        &self,
        call: &Call,
        (answer, retry_after): (Answer, Option<String>),
    ) -> Result<Result<Answer, Failure>, SourceError> {
        let status = answer.status;
        let end = |problem: &str, remedy: &str| Err(self.fault(&call.label, Some(status), problem, remedy));
        match status {
            408 | 429 | 500 | 502..=504 => {
                let problem = match self.message(&answer.body) {
                    Some(text) => text,
                    None if status == 429 => "too many requests".to_owned(),
                    None => "the service fails".to_owned(),
                };
                Ok(Err(Failure { status: Some(status), problem, retry_after, ..Failure::default() }))
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
    fn request(&self, call: &Call) -> transport::Request {
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
        transport::Request { url: url.into(), headers, body: call.body.clone() }
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

    /// What a service says about a fault, freed from the key and then cut: the beginning of a key is one, too.
    fn message(&self, body: &[u8]) -> Option<String> {
        let text = self.redacted(&told(body));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect();
        (!text.is_empty()).then_some(text)
    }

    fn redacted(&self, text: &str) -> String {
        match &self.key {
            Some((_, key)) => text.replace(key.expose_secret(), "[key]"),
            None => text.to_owned(),
        }
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

/// Most characters of a service's message in an error.
const LONGEST_MESSAGE: usize = 300;

/// Most bytes in which a message is looked for: nothing longer is one.
const LONGEST_FAULT: usize = 65_536;

/// What a service says about a fault: the message in its JSON, or else its text.
fn told(body: &[u8]) -> String {
    let value = serde_json::from_slice::<serde_json::Value>(body.get(..LONGEST_FAULT).unwrap_or(body)).ok();
    let message = value.as_ref().and_then(|value| {
        let value = value.get(0).unwrap_or(value);
        let error = value.get("error");
        let places = [error.and_then(|error| error.get("message")), value.get("message"), error];
        places.into_iter().flatten().find_map(|text| text.as_str())
    });
    message.map_or_else(|| String::from_utf8_lossy(body).into_owned(), str::to_owned)
}
