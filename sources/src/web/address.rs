//! Addresses of services.

use std::net::IpAddr;

use ureq::http::Uri;

use crate::setup::SetupError;

/// The address below which a service answers: a scheme, a host, and perhaps a port and a path.
#[derive(Clone, Debug)]
pub struct Address {
    /// Without a slash at its end.
    text: String,
    host: String,
    is_encrypted: bool,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// [`SetupError::Address`] with what is wrong with it; what may hold a password is not repeated.
    pub fn parse(source_name: &'static str, text: &str) -> Result<Self, SetupError> {
        let refused = |problem: &str| Err(SetupError::Address { source_name, problem: problem.to_owned() });
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

    /// The address, without a slash at its end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The host, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is reached over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}
