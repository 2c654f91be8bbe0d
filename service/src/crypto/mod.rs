//! Secrets at rest: envelopes (AES-256-GCM), a ring of data keys for each purpose, and the master key over them.
//!
//! The master key never encrypts data. From it, HKDF derives one key for each purpose, which wraps that purpose's data
//! keys; these seal values, or sign the audit log's entries.

mod envelope;
mod master;
mod ring;

pub(crate) use envelope::{Context, Envelope, KeyId, SealingKey};
pub(crate) use master::MasterKey;
pub(crate) use ring::{KeyRing, Purpose};

use aws_lc_rs::digest;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use zeroize::Zeroizing;

/// Why a key or a sealed value cannot be used. No variant holds any part of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecretError {
    /// The bytes are no envelope.
    #[error("a sealed value has no valid header")]
    Malformed,
    /// The ring has no such key.
    #[error("a sealed value names the key {0}, which is not in the key ring")]
    UnknownKey(String),
    /// The key may no longer be used.
    #[error("a sealed value names the key {0}, which is retired")]
    RetiredKey(String),
    /// Authentication failed: another key, another place, or other bytes.
    #[error("a sealed value does not open with the key {0}: it was altered, moved, or the key is another")]
    Rejected(String),
    /// A key of the ring does not match its check value.
    #[error("the key {0} does not open with this master key: give the master key that this database was made with")]
    WrongMasterKey(String),
    /// A key has sealed as many values as one key may.
    #[error("the key {0} has been used {1} times: rotate it with `milkrun-service mfa rotate`")]
    Exhausted(String, i64),
    /// No primary key for a purpose.
    #[error("there is no primary key for {0}")]
    NoPrimary(&'static str),
    /// The master key is not one.
    #[error("{0}: the master key must be 32 bytes, as 64 hexadecimal digits")]
    MasterKey(String),
    /// The operating system gave no randomness, or the library refused a key.
    #[error("the cryptographic library refused to work")]
    Library,
}

impl From<aws_lc_rs::error::Unspecified> for SecretError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Library
    }
}

/// Fresh bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, SecretError> {
    let mut bytes = Zeroizing::new([0; N]);
    aws_lc_rs::rand::fill(bytes.as_mut())?;
    Ok(bytes)
}

/// A secret for a bearer to carry: 256 random bits as text.
pub(crate) fn bearer_secret() -> Result<String, SecretError> {
    Ok(BASE64URL_NOPAD.encode(random::<32>()?.as_ref()))
}

/// What is stored of a bearer's secret: SHA-256 is enough for 256 random bits.
pub(crate) fn bearer_hash(secret: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// SHA-256 as hexadecimal digits.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref())
}
