//! The two ceremonies of `WebAuthn` level 2, step by step: an authenticator registers a key (§ 7.1), and signs with it (§ 7.2).
//!
//! Challenges are found and used up before this; here is what the bytes must say.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use ciborium::Value;
use serde::Deserialize;

use super::Fault;
use super::keys::{PublicKey, entries, first, whole};

/// Longest name that an authenticator gives a key, bytes.
const LONGEST_CREDENTIAL: usize = 1_023;

/// Whom an authenticator must have signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RelyingParty {
    /// The domain to which keys belong.
    pub(crate) id: String,
    /// The origin of the page that asks.
    pub(crate) origin: String,
    /// Whether the authenticator must have recognised its user.
    pub(crate) verifies_users: bool,
}

/// Which ceremony it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// A key is registered.
    Create,
    /// A key is used.
    Get,
}

/// What the browser says that it asked the authenticator for. Unknown fields are allowed: the standard has them.
#[derive(Deserialize)]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    is_cross_origin: bool,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<serde::de::IgnoredAny>,
    #[serde(rename = "tokenBinding", default)]
    token_binding: Option<TokenBinding>,
}

#[derive(Deserialize)]
struct TokenBinding {
    status: String,
}

impl ClientData {
    /// Reads what the browser says (steps 5 and 6 of § 7.1, 9 and 10 of § 7.2).
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        serde_json::from_slice(bytes).map_err(|_| Fault::Malformed)
    }

    /// The challenge that it answers, base64url.
    pub(super) fn challenge(&self) -> &str {
        &self.challenge
    }

    /// Type, origin and token binding (steps 7, 9 and 10 of § 7.1; 11, 13 and 14 of § 7.2).
    fn check(&self, ceremony: Ceremony, party: &RelyingParty) -> Result<(), Fault> {
        let kind = match ceremony {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        };
        if self.kind != kind {
            return Err(Fault::Type);
        }
        // No page of another origin embeds this one.
        if self.origin != party.origin || self.is_cross_origin || self.top_origin.is_some() {
            return Err(Fault::Origin);
        }
        // The connection has no token binding.
        if self.token_binding.as_ref().is_some_and(|binding| binding.status == "present") {
            return Err(Fault::TokenBinding);
        }
        Ok(())
    }
}

/// What an authenticator says, which it signs.
struct AuthenticatorData<'a> {
    rp_id_hash: &'a [u8],
    flags: u8,
    sign_count: u32,
    /// Of a new key: its name and the key, when there is one.
    attested: Option<(&'a [u8], PublicKey, &'a [u8])>,
}

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// The first `n` bytes, which are taken away.
fn take<'a>(rest: &mut &'a [u8], n: usize) -> Result<&'a [u8], Fault> {
    let (taken, left) = rest.split_at_checked(n).ok_or(Fault::Malformed)?;
    *rest = left;
    Ok(taken)
}

impl<'a> AuthenticatorData<'a> {
    /// Reads it to its last byte.
    fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut rest = bytes;
        let rp_id_hash = take(&mut rest, 32)?;
        let flags = take(&mut rest, 1)?[0];
        let count = take(&mut rest, 4)?;
        let sign_count = u32::from_be_bytes([count[0], count[1], count[2], count[3]]);
        let attested = if flags & ATTESTED == 0 {
            None
        } else {
            take(&mut rest, 16)?;
            let length = take(&mut rest, 2)?;
            let credential = take(&mut rest, usize::from(u16::from_be_bytes([length[0], length[1]])))?;
            let before = rest;
            let key = PublicKey::read(first(&mut rest)?)?;
            Some((credential, key, &before[..before.len() - rest.len()]))
        };
        if flags & EXTENSIONS != 0 {
            // None were asked for, and what they say is not used; they must be well-formed.
            entries(first(&mut rest)?)?;
        }
        if rest.is_empty() { Ok(Self { rp_id_hash, flags, sign_count, attested }) } else { Err(Fault::Malformed) }
    }

    /// The party, and that a user was there (steps 13 to 15 of § 7.1; 15 to 17 of § 7.2).
    fn check(&self, party: &RelyingParty) -> Result<(), Fault> {
        let expected = digest::digest(&digest::SHA256, party.id.as_bytes());
        verify_slices_are_equal(expected.as_ref(), self.rp_id_hash).map_err(|_| Fault::RelyingParty)?;
        let backup = self.flags & (BACKUP_ELIGIBLE | BACKED_UP);
        if backup == BACKED_UP {
            return Err(Fault::Flags);
        }
        if self.flags & USER_PRESENT == 0 {
            return Err(Fault::NotPresent);
        }
        if party.verifies_users && self.flags & USER_VERIFIED == 0 {
            return Err(Fault::NotVerified);
        }
        Ok(())
    }
}

/// A key that was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Registered {
    /// The authenticator's name for it.
    pub(super) credential: Vec<u8>,
    /// The key as it came (COSE).
    pub(super) public_key: Vec<u8>,
    /// How often it has signed.
    pub(super) sign_count: u32,
}

/// Checks a registration (§ 7.1, from step 7 on, but for the challenge).
pub(super) fn register(
    party: &RelyingParty,
    client: &ClientData,
    client_bytes: &[u8],
    attestation: &[u8],
) -> Result<Registered, Fault> {
    client.check(Ceremony::Create, party)?;
    let mut object = entries(whole(attestation)?)?;
    let mut part = |name: &str| {
        let place = object.iter().position(|(key, _)| key.as_text() == Some(name));
        place.map(|place| object.swap_remove(place).1).ok_or(Fault::Malformed)
    };
    let (format, data, statement) = (part("fmt")?, part("authData")?, part("attStmt")?);
    let (Value::Text(format), Value::Bytes(data), true) = (format, data, object.is_empty()) else {
        return Err(Fault::Malformed);
    };
    let told = AuthenticatorData::read(&data)?;
    told.check(party)?;
    let (credential, key, public_key) = told.attested.as_ref().ok_or(Fault::Malformed)?;
    if credential.is_empty() || credential.len() > LONGEST_CREDENTIAL {
        return Err(Fault::Malformed);
    }
    let statement = entries(statement)?;
    match format.as_str() {
        "none" if statement.is_empty() => {}
        // Signed with the new key itself: browsers may leave it in, although none was asked for.
        "packed" => check_self_attestation(&statement, key, &signed(&data, client_bytes))?,
        _ => return Err(Fault::Attestation),
    }
    Ok(Registered { credential: credential.to_vec(), public_key: public_key.to_vec(), sign_count: told.sign_count })
}

/// An attestation without certificates: its algorithm is the key's, and the key has signed.
fn check_self_attestation(statement: &[(Value, Value)], key: &PublicKey, message: &[u8]) -> Result<(), Fault> {
    let of = |name: &str| statement.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value);
    let (Some(algorithm), Some(Value::Bytes(signature)), 2) = (of("alg"), of("sig"), statement.len()) else {
        return Err(Fault::Attestation);
    };
    if *algorithm != Value::from(key.algorithm()) {
        return Err(Fault::Attestation);
    }
    key.verify(message, signature)
}

/// What an authenticator signs.
fn signed(data: &[u8], client_bytes: &[u8]) -> Vec<u8> {
    [data, digest::digest(&digest::SHA256, client_bytes).as_ref()].concat()
}

/// What a browser answers when a key is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assertion {
    /// The authenticator's name for the key.
    pub(crate) credential: Vec<u8>,
    /// What the browser says that it asked for.
    pub(crate) client_data: Vec<u8>,
    /// What the authenticator says.
    pub(crate) authenticator_data: Vec<u8>,
    /// Its signature over both.
    pub(crate) signature: Vec<u8>,
    /// Whose the key is, by what was said at its registration, if it says so.
    pub(crate) user_handle: Option<Vec<u8>>,
}

/// Checks the use of a key (§ 7.2, from step 11 on, but for the challenge); gives the new count of signatures.
pub(super) fn verify(
    party: &RelyingParty,
    client: &ClientData,
    given: &Assertion,
    (public_key, count): (&[u8], i64),
) -> Result<i64, Fault> {
    client.check(Ceremony::Get, party)?;
    let told = AuthenticatorData::read(&given.authenticator_data)?;
    told.check(party)?;
    let key = PublicKey::read(whole(public_key)?)?;
    key.verify(&signed(&given.authenticator_data, &given.client_data), &given.signature)?;
    let new = i64::from(told.sign_count);
    // Authenticators that do not count say zero for ever. One that counted and says no more than before has a double.
    if (new, count) != (0, 0) && new <= count {
        return Err(Fault::Counter);
    }
    Ok(new)
}
