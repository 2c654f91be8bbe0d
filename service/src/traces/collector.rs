//! Requests to the collector, by the same client that calls providers: no second implementation of HTTP or TLS.

use std::pin::Pin;
use std::time::Duration;

use milkrun::CancelToken;
use milkrun_sources::SetupError;
use milkrun_sources::web::{Address, Body, HttpSettings, Method, Request as Sent, Transport};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};

use crate::config::Secret;

/// What errors call it.
const NAME: &str = "traces.endpoint";
/// Most bytes of an answer, which says little.
const LONGEST_ANSWER: usize = 1 << 16;
const MEDIA_TYPE: &str = "application/x-protobuf";

/// The collector.
#[derive(Debug)]
pub(super) struct Collector {
    transport: Transport,
    authorization: Option<Secret>,
}

impl Collector {
    /// A collector at an address, with what the header `authorization` holds.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address cannot be used, or a secret would be sent unencrypted.
    pub(super) fn new(endpoint: &str, authorization: Option<Secret>, longest: Duration) -> Result<Self, SetupError> {
        let address = Address::parse(NAME, endpoint)?;
        if authorization.is_some() && !address.is_encrypted() && !address.is_loopback() {
            return Err(SetupError::Insecure { source_name: NAME, host: address.host().to_owned() });
        }
        let settings = HttpSettings {
            timeout: longest,
            connect_timeout: longest,
            longest_body: LONGEST_ANSWER,
            ..HttpSettings::default()
        };
        settings.check(NAME)?;
        Ok(Self { transport: Transport::new(NAME, &address, &settings)?, authorization })
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let authorization = self.authorization.iter().map(|value| ("authorization", value.0.as_str().into()));
        let sent = Sent {
            method: Method::Post,
            url: head.uri.to_string().into(),
            headers: authorization.collect(),
            body: Some(Body { media_type: MEDIA_TYPE, bytes: body.into() }),
        };
        let answer = self.transport.exchange(&sent, &CancelToken::new()).map_err(|failure| failure.problem)?;
        Ok(Response::builder().status(answer.status).body(answer.body.into())?)
    }
}

impl HttpClient for Collector {
    // As the trait's macro writes it: the call blocks, which is what the thread is for that sends.
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(std::future::ready(self.send(request)))
    }
}
