//! The one way by which adapters call their providers.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use milkrun::CancelToken;
use milkrun::travel::SourceLimits;
use milkrun_sources::SetupError;
use milkrun_sources::web::{
    Address, Answer, Body, Clock, Failure, HttpSettings, Method, Pace, Patience, Reach, Request, SystemClock,
    Transport, Wait, chance, message, redacted, retry_after,
};
use secrecy::SecretString;

use crate::budget::{DayBudget, OverBudget, Purse};
use crate::error::CallError;
use crate::guard::{Breaker, BreakerSettings, Bulkhead, Health, Pass, State};
use crate::meter::{Meter, Metered, Outcome, Unmetered};

/// How a client behaves. Clock, random numbers, budget and meter are arguments.
#[derive(Clone)]
pub struct ClientOptions {
    /// Times, attempts, waits and sizes. Ten seconds, three attempts, waits of at most five seconds and answers of at most a
    /// mebibyte unless given: what takes longer is tried again by the caller that keeps the calls.
    pub http: HttpSettings,
    /// When the breaker opens.
    pub breaker: BreakerSettings,
    /// Calls under way at once; four unless given.
    pub most_at_once: usize,
    /// Calls in any minute, if the provider limits them.
    pub calls_per_minute: Option<u64>,
    /// Who gives the money for calls; without limit unless given.
    pub purse: Arc<dyn Purse>,
    /// Who counts; no one unless given.
    pub meter: Arc<dyn Meter>,
    /// The clock; the machine's unless given.
    pub clock: Arc<dyn Clock>,
    /// A number from 0 to 1 that shortens waits; random unless given.
    pub chance: fn() -> f64,
    /// The trace that a call belongs to, as the header `traceparent` (W3C) tells it; none unless given.
    pub traceparent: fn() -> Option<String>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        let http = HttpSettings {
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            attempts: 3,
            longest_wait: Duration::from_secs(5),
            longest_body: 1 << 20,
            ..HttpSettings::default()
        };
        Self {
            http,
            breaker: BreakerSettings::default(),
            most_at_once: 4,
            calls_per_minute: None,
            purse: Arc::new(DayBudget::new(u64::MAX)),
            meter: Arc::new(Unmetered),
            clock: Arc::new(SystemClock::new()),
            chance,
            traceparent: || None,
        }
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("http", &self.http)
            .field("breaker", &self.breaker)
            .field("most_at_once", &self.most_at_once)
            .finish_non_exhaustive()
    }
}

/// Where a provider is, and with which secret it is called.
#[derive(Clone, Debug)]
pub struct Account {
    /// The address; the provider's own unless given.
    pub address: Option<String>,
    /// The secret: what it is, the adapter says. Never logged.
    pub secret: SecretString,
    /// What one call costs, millionths of the account's currency.
    pub price: u64,
}

/// Whether a call may be sent again if the first one may have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It reads, or carries a key that the provider honours.
    Always,
    /// It would be done twice.
    UnlessArrived,
}

/// One call.
pub(crate) struct Ask {
    /// What errors and figures call it.
    pub(crate) call: &'static str,
    pub(crate) method: Method,
    /// Path and query; begins with a slash.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, SecretString)>,
    pub(crate) body: Option<Body>,
    /// Millionths of the account's currency.
    pub(crate) cost: u64,
    pub(crate) repeat: Repeat,
}

impl Ask {
    /// A call that reads.
    pub(crate) fn get(call: &'static str, path: impl Into<String>) -> Self {
        let path = path.into();
        Self { call, method: Method::Get, path, headers: Vec::new(), body: None, cost: 0, repeat: Repeat::Always }
    }

    /// A call that carries JSON.
    pub(crate) fn json(call: &'static str, method: Method, path: impl Into<String>, body: &serde_json::Value) -> Self {
        let body = Some(Body { media_type: "application/json", bytes: body.to_string().into_bytes() });
        Self { method, body, repeat: Repeat::UnlessArrived, ..Self::get(call, path) }
    }

    /// A call that carries a form.
    pub(crate) fn form(call: &'static str, path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let body = Some(Body { media_type: "application/x-www-form-urlencoded", bytes: form.into_bytes() });
        Self { method: Method::Post, body, repeat: Repeat::UnlessArrived, ..Self::get(call, path) }
    }

    /// With another header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<SecretString>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// It may be sent again whatever happened: `key` tells the provider that it is the same.
    pub(crate) fn keyed(mut self, name: &'static str, key: impl Into<SecretString>) -> Self {
        self.repeat = Repeat::Always;
        self.with(name, key)
    }

    /// It costs money.
    pub(crate) fn costing(mut self, cost: u64) -> Self {
        self.cost = cost;
        self
    }
}

/// What is made of an answer of success; a text says why it is not what was promised.
pub(crate) type Read<'a, T> = &'a dyn Fn(&Answer) -> Result<T, String>;

/// How an attempt ended without the result.
struct Attempted {
    error: CallError,
    outcome: Outcome,
    again: Again,
}

/// Whether another attempt may help at once.
enum Again {
    No,
    /// Yes, after what `Retry-After` says.
    After(Option<String>),
}

/// One provider by HTTP: its address and secrets, and everything that holds calls to it back.
pub struct Client {
    provider: &'static str,
    address: Address,
    secrets: Vec<SecretString>,
    transport: Transport,
    patience: Patience,
    pace: Pace,
    breaker: Breaker,
    bulkhead: Bulkhead,
    options: ClientOptions,
    last_problem: Mutex<Option<String>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("provider", &self.provider)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client of a provider at an address that the operator gave.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address or a setting cannot be used, or a secret would be sent unencrypted.
    pub fn new(
        provider: &'static str,
        address: &str,
        secrets: Vec<SecretString>,
        options: ClientOptions,
    ) -> Result<Self, SetupError> {
        Self::build(provider, address, secrets, options, None)
    }

    /// A client of an address that a user chose: it calls only what `reach` allows, which is examined when the name is
    /// looked up.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn guarded(
        provider: &'static str,
        address: &str,
        secrets: Vec<SecretString>,
        options: ClientOptions,
        reach: Reach,
    ) -> Result<Self, SetupError> {
        Self::build(provider, address, secrets, options, Some(reach))
    }

    fn build(
        provider: &'static str,
        address: &str,
        secrets: Vec<SecretString>,
        options: ClientOptions,
        reach: Option<Reach>,
    ) -> Result<Self, SetupError> {
        let address = Address::parse(provider, address)?;
        options.http.check(provider)?;
        if !secrets.is_empty() && !address.is_encrypted() && !address.is_loopback() {
            return Err(SetupError::Insecure { source_name: provider, host: address.host().to_owned() });
        }
        let transport = match reach {
            None => Transport::new(provider, &address, &options.http)?,
            Some(reach) => Transport::guarded(provider, &address, &options.http, reach)?,
        };
        let mut limits = SourceLimits::default();
        limits.requests_per_minute = options.calls_per_minute;
        Ok(Self {
            provider,
            address,
            secrets,
            transport,
            patience: Patience::new(&options.http, options.chance),
            pace: Pace::new(&limits),
            breaker: Breaker::new(options.breaker),
            bulkhead: Bulkhead::new(options.most_at_once),
            options,
            last_problem: Mutex::default(),
        })
    }

    /// The provider's name.
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// How the provider does.
    pub fn health(&self) -> Health {
        let (under_way, most) = self.bulkhead.load();
        let last_problem = self.last_problem.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Health { state: self.breaker.state(), failures: self.breaker.failures(), under_way, most, last_problem }
    }

    /// Calls, again where that helps, and gives what `read` makes of the answer.
    pub(crate) fn call<T>(&self, ask: &Ask, cancel: &CancelToken, read: Read<'_, T>) -> Result<T, CallError> {
        let mut attempt = 1;
        loop {
            let ended = match self.attempt(ask, cancel, read) {
                Ok(value) => return Ok(value),
                Err(ended) => ended,
            };
            let may_repeat = ask.repeat == Repeat::Always || !ended.error.may_have_arrived();
            let header = match ended.again {
                Again::After(header) if may_repeat => header,
                _ => return Err(ended.error),
            };
            match self.patience.wait(attempt, header.as_deref(), self.options.clock.date()) {
                Wait::For(time) => self.options.clock.wait(time, cancel),
                Wait::TooOften | Wait::TooLong(_) => return Err(ended.error),
            }
            if cancel.is_cancelled() {
                let may_have_arrived = ended.error.may_have_arrived();
                return Err(CallError::Cancelled { provider: self.provider, may_have_arrived });
            }
            attempt += 1;
        }
    }

    /// One attempt: what holds it back, the exchange, what becomes of it, and the figures.
    fn attempt<T>(&self, ask: &Ask, cancel: &CancelToken, read: Read<'_, T>) -> Result<T, Attempted> {
        let clock = &self.options.clock;
        let held_back = |error| Attempted { error, outcome: Outcome::HeldBack, again: Again::No };
        let (pass, _room) = self.admit(ask, cancel).map_err(|error| {
            self.count(ask, Outcome::HeldBack, Duration::ZERO, 0);
            held_back(error)
        })?;
        let (start, date) = (clock.now(), clock.date());
        let exchanged = self.transport.exchange(&self.request(ask), cancel);
        let latency = clock.now().saturating_sub(start);
        let ended = match exchanged {
            Ok(answer) => self.examine(ask, &answer, read),
            Err(_) if cancel.is_cancelled() => Err(self.cancelled()),
            Err(failure) => Err(self.failed(ask, failure)),
        };
        let outcome = ended.as_ref().map_or_else(|ended| ended.outcome, |_| Outcome::Done);
        match outcome {
            Outcome::Done | Outcome::Refused | Outcome::Limited => pass.succeeded(),
            Outcome::Failed | Outcome::Unexpected => pass.failed(clock.now()),
            // What the provider would have answered is not known.
            Outcome::HeldBack | Outcome::Cancelled => drop(pass),
        }
        let is_billed = ended.as_ref().map_or_else(|ended| ended.error.may_have_arrived(), |_| true);
        if !is_billed {
            self.options.purse.give_back(ask.cost, date);
        }
        self.count(ask, outcome, latency, if is_billed { ask.cost } else { 0 });
        if let Err(ended) = &ended {
            *self.last_problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended.error.to_string());
        }
        ended
    }

    /// Room, the provider's pace, the breaker, and last the money, so that nothing is taken for what does not pass.
    fn admit(&self, ask: &Ask, cancel: &CancelToken) -> Result<(Pass, crate::guard::Room), CallError> {
        let (provider, clock) = (self.provider, &self.options.clock);
        let room = self.bulkhead.enter().ok_or(CallError::Full { provider, most: self.bulkhead.load().1 })?;
        // The breaker is asked last of what costs no money: its probe must be sent.
        if self.breaker.state() != State::Open {
            while let Some(wait) = self.pace.take(clock.now(), 1) {
                if cancel.is_cancelled() {
                    return Err(CallError::Cancelled { provider, may_have_arrived: false });
                }
                if wait > self.options.http.longest_wait {
                    return Err(CallError::Resting { provider, wait });
                }
                clock.wait(wait, cancel);
            }
        }
        let pass = self.breaker.ask(clock.now()).map_err(|wait| {
            // While a probe is under way, its outcome is known within one request's time.
            let wait = if wait.is_zero() { self.options.http.timeout } else { wait };
            CallError::Resting { provider, wait }
        })?;
        if ask.cost > 0 {
            self.options.purse.take(ask.cost, clock.date()).map_err(|over| match over {
                OverBudget::Spent { budget, left, wait } => {
                    CallError::OverBudget { provider, budget, left, cost: ask.cost, wait }
                }
                OverBudget::Unknown(problem) => CallError::Unavailable { provider, problem },
            })?;
        }
        Ok((pass, room))
    }

    fn request(&self, ask: &Ask) -> Request {
        let mut headers = ask.headers.clone();
        headers.extend((self.options.traceparent)().map(|trace| ("traceparent", trace.into())));
        Request {
            method: ask.method,
            url: format!("{}{}", self.address.text(), ask.path).into(),
            headers,
            body: ask.body.clone(),
        }
    }

    /// Tells what was promised from what asks for patience, and from what ends the matter.
    fn examine<T>(&self, ask: &Ask, answer: &Answer, read: Read<'_, T>) -> Result<T, Attempted> {
        let (provider, call, status) = (self.provider, ask.call, answer.status);
        let said = || message(&answer.body, &self.secrets);
        match status {
            200..=299 => read(answer).map_err(|problem| {
                let problem = redacted(&problem, &self.secrets);
                let error = CallError::Unexpected { provider, call, problem };
                Attempted { error, outcome: Outcome::Unexpected, again: Again::After(None) }
            }),
            // A conflict of keys: the same call is under way.
            409 if ask.repeat == Repeat::Always && ask.method != Method::Get => {
                let problem = said().unwrap_or_else(|| "the same call is under way".to_owned());
                let status = Some(status);
                let error =
                    CallError::Failed { provider, call, status, problem, retry_after: None, may_have_arrived: true };
                Err(Attempted { error, outcome: Outcome::Limited, again: Again::After(None) })
            }
            408 | 425 | 429 | 500..=599 => {
                let outcome = if status == 429 { Outcome::Limited } else { Outcome::Failed };
                let usual = if status == 429 { "too many requests" } else { "the service fails" };
                let header = answer.retry_after.clone();
                let error = CallError::Failed {
                    provider,
                    call,
                    status: Some(status),
                    problem: said().unwrap_or_else(|| usual.to_owned()),
                    retry_after: header.as_deref().and_then(|text| retry_after(text, self.options.clock.date())),
                    // Those that turn it away at the door have not done it; of the others it is not known.
                    may_have_arrived: match status {
                        408 | 425 | 429 => false,
                        503 => answer.retry_after.is_none(),
                        _ => true,
                    },
                };
                Err(Attempted { error, outcome, again: Again::After(header) })
            }
            _ => {
                let (usual, remedy) = match status {
                    300..=399 => ("it points to another address", "give the address to which it points"),
                    401 | 403 => ("access is refused", "check the secret, and what it may be used for"),
                    _ => ("the request is refused", "check what was asked for, and the account's settings"),
                };
                let problem = said().unwrap_or_else(|| usual.to_owned());
                let error = CallError::Refused { provider, call, status: Some(status), problem, remedy };
                Err(Attempted { error, outcome: Outcome::Refused, again: Again::No })
            }
        }
    }

    fn failed(&self, ask: &Ask, failure: Failure) -> Attempted {
        let Failure { status, problem, may_have_arrived, remedy, .. } = failure;
        let problem = redacted(&problem, &self.secrets);
        let problem = remedy.map_or_else(|| problem.clone(), |remedy| format!("{problem}: {remedy}"));
        let (provider, call) = (self.provider, ask.call);
        let error = CallError::Failed { provider, call, status, problem, retry_after: None, may_have_arrived };
        // What another attempt does not help is not tried again at once, but it may be in order later.
        let again = if remedy.is_none() { Again::After(None) } else { Again::No };
        Attempted { error, outcome: Outcome::Failed, again }
    }

    fn cancelled(&self) -> Attempted {
        let error = CallError::Cancelled { provider: self.provider, may_have_arrived: true };
        Attempted { error, outcome: Outcome::Cancelled, again: Again::No }
    }

    fn count(&self, ask: &Ask, outcome: Outcome, latency: Duration, cost: u64) {
        let (provider, call, state) = (self.provider, ask.call, self.breaker.state());
        self.options.meter.called(&Metered { provider, call, outcome, latency, cost, state });
    }
}

/// An answer's JSON.
pub(crate) fn json(answer: &Answer) -> Result<serde_json::Value, String> {
    serde_json::from_slice(&answer.body).map_err(|error| format!("it is not JSON ({error})"))
}

/// A text of an answer's JSON that must be there, as `/data/id`.
pub(crate) fn text_at(value: &serde_json::Value, pointer: &str) -> Result<String, String> {
    let found = value.pointer(pointer).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
    found.map(str::to_owned).ok_or_else(|| format!("{pointer} is missing"))
}
