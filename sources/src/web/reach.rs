//! Which places may be called when a user chose the address: no private network, and not this machine.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// The places that may be called: public ones, and exceptions that the operator names. Clones share the list.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    exceptions: Arc<Vec<IpAddr>>,
}

impl Reach {
    /// Public addresses, and `exceptions`: addresses of the operator's own systems.
    pub fn new(exceptions: impl IntoIterator<Item = IpAddr>) -> Self {
        Self { exceptions: Arc::new(exceptions.into_iter().map(|address| address.to_canonical()).collect()) }
    }

    /// Whether an address may be called.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.exceptions.contains(&address) || is_public(address)
    }
}

/// Whether an address belongs to the public internet: it is not private, shared, loopback, link-local, multicast, reserved, for
/// documentation or for measurements, nor one of version 6 that stands for one of version 4 (mapped, NAT64, 6to4, Teredo).
///
/// ```
/// use milkrun_sources::web::is_public;
/// assert!(is_public("93.184.215.14".parse()?));
/// assert!(!is_public("169.254.169.254".parse()?)); // what clouds tell their machines
/// assert!(!is_public("::ffff:10.0.0.1".parse()?));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// By the registry of special-purpose addresses (RFC 6890).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        // Shared by the customers of a provider (RFC 6598).
        || (a == 100 && (64..128).contains(&b))
        // Protocols (192.0.0.0/24), 6to4 relays (192.88.99.0/24), measurements (198.18.0.0/15).
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Global unicast alone (`2000::/3`), without the parts of it that are special.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Protocols and Teredo (2001::/23), documentation (2001:db8::/32, 3fff::/20), 6to4 (2002::/16).
    let special = match a {
        0x2001 => b < 0x200 || b == 0xdb8,
        0x2002 => true,
        0x3fff => b < 0x1000,
        _ => false,
    };
    (0x2000..0x4000).contains(&a) && !special
}

/// The error of a host that has no address that may be called.
#[derive(Debug)]
struct Barred;

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no address that may be called")
    }
}

impl std::error::Error for Barred {}

pub(super) fn is_barred(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Barred>)
}

/// Looks names up, and keeps the addresses that may be called. The connection is made to these, not to the name.
#[derive(Debug)]
struct Guard {
    names: DefaultResolver,
    reach: Reach,
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for &address in found.iter().filter(|address| self.reach.allows(address.ip())) {
            kept.push(address);
        }
        if kept.is_empty() {
            return Err(ureq::Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, Barred)));
        }
        Ok(kept)
    }
}

/// An agent that calls only what may be called.
pub(super) fn agent(config: Config, reach: Reach) -> Agent {
    Agent::with_parts(config, DefaultConnector::default(), Guard { names: DefaultResolver::default(), reach })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        let special = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.9.10",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "3fff::1",
            "4000::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for text in special {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in
            ["1.1.1.1", "93.184.215.14", "100.128.0.1", "172.32.0.1", "192.0.1.1", "::ffff:8.8.8.8", "2606:4700::1111"]
        {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn exceptions_are_single_addresses_in_either_form() {
        let reach = Reach::new(["10.0.0.7".parse().unwrap()]);
        assert!(reach.allows("10.0.0.7".parse().unwrap()) && reach.allows("::ffff:10.0.0.7".parse().unwrap()));
        assert!(!reach.allows("10.0.0.8".parse().unwrap()));
    }
}
