//! Addresses of services.

use std::net::IpAddr;

use ureq::http::Uri;

use crate::setup::SetupError;

/// The address below which a service answers: a scheme, a host, and perhaps a port and a path.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// Without a slash at its end.
    text: String,
    host: String,
    is_encrypted: bool,
}

impl Address {
    pub(super) fn parse(source_name: &'static str, text: &str) -> Result<Self, SetupError> {
        let refused = |problem: &str| Err(SetupError::Address { source_name, problem: problem.to_owned() });
        // What may hold a password is not repeated.
        if text.contains('@') {
            return refused("has a user name or a password in it");
        }
        let Ok(uri) = text.parse::<Uri>() else { return refused("is not an address") };
        let is_encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return refused("begins with neither https:// nor http://"),
        };
        let Some(host) = uri.host().filter(|host| !host.is_empty()) else { return refused("has no host") };
        if uri.query().is_some() || text.contains('#') {
            return refused("has a query or a fragment");
        }
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { text: text.trim_end_matches('/').to_owned(), host, is_encrypted })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Whether it is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}
