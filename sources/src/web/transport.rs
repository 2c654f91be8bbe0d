//! One request and its answer.

use std::io::Read as _;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use milkrun::CancelToken;
use secrecy::{ExposeSecret as _, SecretString};
use ureq::tls::{TlsConfig, TlsProvider};

use super::{Address, HttpSettings, Reach, reach, tls};
use crate::setup::SetupError;

/// How often a request under way is asked whether it was cancelled.
const STEP: Duration = Duration::from_millis(20);

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes something, or asks with a body.
    Post,
    /// Puts something in place of what was there.
    Put,
    /// Removes.
    Delete,
}

/// What a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// `application/json`, or what else it is.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A request as it is sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// The whole address; may hold a key.
    pub url: SecretString,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, SecretString)>,
    /// What it carries.
    pub body: Option<Body>,
}

/// An answer that has come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// What the header `Retry-After` says.
    pub retry_after: Option<String>,
}

/// A request without an answer, or with one that asks for patience.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The status, if there was one.
    pub status: Option<u16>,
    /// What is wrong, in words that quote nothing of the request.
    pub problem: String,
    /// What the header `Retry-After` says.
    pub retry_after: Option<String>,
    /// What helps, if another attempt does not.
    pub remedy: Option<&'static str>,
    /// Whether the service may have received the request: who repeats it may do it twice.
    pub may_have_arrived: bool,
}

/// Connections to one service, which are kept open between requests.
#[derive(Debug)]
pub struct Transport {
    agent: ureq::Agent,
    longest_body: usize,
}

impl Transport {
    /// Connections to an address, by way of the proxy that the environment names, if any.
    ///
    /// # Errors
    ///
    /// [`SetupError::Encryption`] if https cannot be used.
    pub fn new(source_name: &'static str, address: &Address, settings: &HttpSettings) -> Result<Self, SetupError> {
        Self::with_reach(source_name, address, settings, None)
    }

    /// Connections to an address that a user chose: to those places only that `reach` allows. The host's name is looked
    /// up for each connection, and the connection is made to the very address that was examined; there is no proxy.
    ///
    /// # Errors
    ///
    /// [`SetupError::Encryption`] if https cannot be used.
    pub fn guarded(
        source_name: &'static str,
        address: &Address,
        settings: &HttpSettings,
        reach: Reach,
    ) -> Result<Self, SetupError> {
        Self::with_reach(source_name, address, settings, Some(reach))
    }

    fn with_reach(
        source_name: &'static str,
        address: &Address,
        settings: &HttpSettings,
        reach: Option<Reach>,
    ) -> Result<Self, SetupError> {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A key must not travel on to where someone else points.
            .max_redirects(0)
            .timeout_global(Some(settings.timeout))
            .timeout_connect(Some(settings.connect_timeout))
            .user_agent(concat!("milkrun/", env!("CARGO_PKG_VERSION")));
        if address.is_loopback() || reach.is_some() {
            config = config.proxy(None);
        }
        if address.is_encrypted() {
            let provider = tls::provider().map_err(|problem| SetupError::Encryption { source_name, problem })?;
            let tls = TlsConfig::builder()
                .provider(TlsProvider::Rustls)
                .root_certs(tls::roots())
                .unversioned_rustls_crypto_provider(provider);
            config = config.tls_config(tls.build());
        }
        let agent = match reach {
            None => config.build().new_agent(),
            Some(reach) => reach::agent(config.build(), reach),
        };
        Ok(Self { agent, longest_body: settings.longest_body })
    }

    /// Sends a request and reads the answer to its end. When it is cancelled, the request is left to its timeout.
    ///
    /// # Errors
    ///
    /// [`Failure`] if there is no whole answer.
    pub fn exchange(&self, request: &Request, cancel: &CancelToken) -> Result<Answer, Failure> {
        let request = build(request)?;
        let (agent, longest) = (self.agent.clone(), self.longest_body);
        let (sender, receiver) = mpsc::sync_channel(1);
        let work = move || drop(sender.send(exchange(&agent, request, longest)));
        if let Err(error) = thread::Builder::new().name("milkrun-request".to_owned()).spawn(work) {
            let problem = format!("the system refuses a thread for it: {error}");
            let remedy = Some("close other programs, or allow more threads");
            return Err(Failure { problem, remedy, ..Failure::default() });
        }
        loop {
            match receiver.recv_timeout(STEP) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Timeout) if !cancel.is_cancelled() => {}
                Err(_) => {
                    let problem = "the request was given up".to_owned();
                    return Err(Failure { problem, may_have_arrived: true, ..Failure::default() });
                }
            }
        }
    }
}

type Sent = ureq::http::Request<Option<Vec<u8>>>;

fn build(request: &Request) -> Result<Sent, Failure> {
    let method = match request.method {
        Method::Get => ureq::http::Method::GET,
        Method::Post => ureq::http::Method::POST,
        Method::Put => ureq::http::Method::PUT,
        Method::Delete => ureq::http::Method::DELETE,
    };
    let mut builder = ureq::http::Request::builder().method(method).uri(request.url.expose_secret());
    for (name, value) in &request.headers {
        builder = builder.header(*name, value.expose_secret());
    }
    if let Some(body) = &request.body {
        builder = builder.header("content-type", body.media_type);
    }
    // What is wrong with it is not told: it may quote a key.
    let unsendable = |_| Failure {
        problem: "the request cannot be sent".to_owned(),
        remedy: Some("check the address and the key"),
        ..Failure::default()
    };
    builder.body(request.body.as_ref().map(|body| body.bytes.clone())).map_err(unsendable)
}

fn exchange(agent: &ureq::Agent, request: Sent, longest: usize) -> Result<Answer, Failure> {
    let (head, body) = request.into_parts();
    let sent = match body {
        Some(body) => agent.run(ureq::http::Request::from_parts(head, body)),
        None => agent.run(ureq::http::Request::from_parts(head, ())),
    };
    let response = sent.map_err(|error| failure(&error))?;
    let status = response.status().as_u16();
    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    let limit = longest as u64;
    let read = response.into_body().into_reader().take(limit.saturating_add(1)).read_to_end(&mut body);
    if body.len() > longest {
        return Err(Failure {
            status: Some(status),
            problem: format!("the answer is longer than {longest} bytes"),
            remedy: Some("check that the address belongs to this kind of source, or allow longer answers"),
            may_have_arrived: true,
            ..Failure::default()
        });
    }
    match read {
        Ok(_) => Ok(Answer { status, body, retry_after }),
        Err(error) => Err(Failure {
            status: Some(status),
            problem: format!("the answer ends early ({})", kind(&error)),
            may_have_arrived: true,
            ..Failure::default()
        }),
    }
}

/// What is wrong with an answer's stream, in words that quote nothing of the request.
fn kind(error: &std::io::Error) -> String {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
        Some(ureq::Error::Timeout(_)) => "it took too long".to_owned(),
        _ => error.kind().to_string(),
    }
}

/// What is wrong with a request, in words that quote nothing of it.
fn failure(error: &ureq::Error) -> Failure {
    const CONNECTION: &str = "check the address, and that the service runs";
    let (problem, remedy) = match error {
        ureq::Error::Io(error) if reach::is_barred(error) => {
            ("the host has no address that may be called".to_owned(), Some("give the address of a public host"))
        }
        ureq::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(error) => unencrypted(error),
            None => (format!("the connection fails: {error}"), None),
        },
        ureq::Error::Rustls(error) => unencrypted(error),
        ureq::Error::Tls(error) => unencrypted(error),
        ureq::Error::Timeout(_) => ("there was no answer in time".to_owned(), None),
        ureq::Error::HostNotFound => ("the host is not found".to_owned(), Some(CONNECTION)),
        ureq::Error::ConnectionFailed => ("there is no connection".to_owned(), None),
        ureq::Error::InvalidProxyUrl | ureq::Error::ConnectProxyFailed(_) => {
            ("the proxy refuses the connection".to_owned(), Some("check the proxy that the environment names"))
        }
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            ("the answer is not HTTP".to_owned(), Some(CONNECTION))
        }
        _ => ("the request fails".to_owned(), Some(CONNECTION)),
    };
    Failure { problem, remedy, may_have_arrived: may_have_arrived(error), ..Failure::default() }
}

/// Whether the service may have the request. In doubt, it may.
fn may_have_arrived(error: &ureq::Error) -> bool {
    use std::io::ErrorKind;
    match error {
        ureq::Error::Io(error) => {
            !reach::is_barred(error)
                && !matches!(
                    error.kind(),
                    ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable
                )
        }
        ureq::Error::Timeout(when) => !matches!(when, ureq::Timeout::Resolve | ureq::Timeout::Connect),
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Tls(_)
        | ureq::Error::Http(_)
        | ureq::Error::BadUri(_) => false,
        _ => true,
    }
}

/// A connection on whose encryption both sides cannot agree.
fn unencrypted(error: &dyn std::fmt::Display) -> (String, Option<&'static str>) {
    (
        format!("the connection cannot be encrypted: {error}"),
        Some("check the address, and the certificate of the service"),
    )
}
