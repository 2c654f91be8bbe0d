//! For whom authenticators sign: from the settings.

use url::{Host, Url};

use super::RelyingParty;
use crate::config::Passkeys;

impl RelyingParty {
    /// From the settings, or from how the outside calls the service. None, if that is nothing to which browsers would give a passkey
    /// (an address in numbers, or no TLS) and nothing was set.
    ///
    /// # Errors
    ///
    /// All that is wrong with what was set, in words.
    pub(crate) fn of(settings: &Passkeys, public_url: &str) -> Result<Option<Self>, String> {
        let is_set = settings.origin.is_some() || settings.rp_id.is_some();
        let origin = settings.origin.as_deref().unwrap_or(public_url);
        match Self::read(origin, settings.rp_id.as_deref()) {
            Ok((id, origin)) => Ok(Some(Self { id, origin, verifies_users: settings.require_user_verification })),
            Err(_) if !is_set => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Domain and origin.
    fn read(origin: &str, id: Option<&str>) -> Result<(String, String), String> {
        let fault = |remedy: &str| Err(format!("passkeys.origin is {origin:?}: {remedy}"));
        let Ok(url) = Url::parse(origin) else { return fault("give https://, a domain, and no path") };
        let written = url.origin().ascii_serialization();
        if origin.trim_end_matches('/') != written {
            return fault(&format!("give {written}"));
        }
        let Some(Host::Domain(host)) = url.host() else { return fault("give a domain, not an address in numbers") };
        let is_local = host == "localhost" || host.ends_with(".localhost");
        if url.scheme() != "https" && !(url.scheme() == "http" && is_local) {
            return fault("give https://; http:// is for localhost alone");
        }
        let id = id.unwrap_or(host);
        let is_within = host == id || host.strip_suffix(id).is_some_and(|rest| rest.ends_with('.'));
        if id.is_empty() || !is_within || (id != host && !id.contains('.') && id != "localhost") {
            return Err(format!("passkeys.rp_id is {id:?}: give {host}, or a domain above it of two parts or more"));
        }
        Ok((id.to_owned(), written))
    }

    /// What browsers are asked for.
    pub(super) const fn user_verification(&self) -> &'static str {
        if self.verifies_users { "required" } else { "preferred" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(origin: Option<&str>, rp_id: Option<&str>, public_url: &str) -> Result<Option<(String, String)>, String> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let settings = Passkeys { origin: text(origin), rp_id: text(rp_id), require_user_verification: false };
        Ok(RelyingParty::of(&settings, public_url)?.map(|party| (party.id, party.origin)))
    }

    #[test]
    fn origins_are_of_tls_or_of_this_machine() {
        let is = |id: &str, origin: &str| Ok(Some((id.to_owned(), origin.to_owned())));
        assert_eq!(of(None, None, "https://fleet.example.org/"), is("fleet.example.org", "https://fleet.example.org"));
        assert_eq!(of(None, None, "http://localhost:8080"), is("localhost", "http://localhost:8080"));
        let origin = "https://fleet.example.org:8443";
        assert_eq!(of(Some(origin), Some("example.org"), "http://127.0.0.1"), is("example.org", origin));
        // Nothing was set, and browsers would refuse.
        for url in ["http://127.0.0.1:8080", "http://fleet.example.org", "https://[::1]", "https://a.example/path", "x"]
        {
            assert_eq!(of(None, None, url), Ok(None), "{url}");
        }
        for (origin, id) in [
            (Some("http://fleet.example.org"), None),
            (Some("https://192.0.2.1"), None),
            (Some("https://fleet.example.org/plans"), None),
            (Some("https://Fleet.example.org"), None),
            (Some("https://fleet.example.org"), Some("org")),
            (Some("https://fleet.example.org"), Some("leet.example.org")),
            (Some("https://fleet.example.org"), Some("other.example.org")),
            (Some("https://fleet.example.org"), Some("")),
            (None, Some("example.org")),
            (Some("fleet.example.org"), None),
        ] {
            let fault = of(origin, id, "http://127.0.0.1:8080").unwrap_err();
            assert!(fault.starts_with("passkeys."), "{fault}");
        }
    }
}
