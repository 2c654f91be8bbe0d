//! Public keys of authenticators (COSE, RFC 9052 and 9053), and their signatures. Three algorithms are taken, others are not.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use ciborium::Value;

use super::Fault;

/// The algorithms that are taken, the preferred one first: `ES256`, `EdDSA`, `RS256`.
pub(super) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// A point of P-256, uncompressed.
    Es256(Vec<u8>),
    /// Of Ed25519.
    EdDsa(Vec<u8>),
    /// Modulus and exponent.
    Rs256(Vec<u8>, Vec<u8>),
}

/// The whole of some bytes as one CBOR value.
pub(super) fn whole(bytes: &[u8]) -> Result<Value, Fault> {
    let mut rest = bytes;
    let value = first(&mut rest)?;
    if rest.is_empty() { Ok(value) } else { Err(Fault::Malformed) }
}

/// The first CBOR value of some bytes, which are moved on to what follows.
pub(super) fn first(rest: &mut &[u8]) -> Result<Value, Fault> {
    // More than any authenticator nests; what is deeper could not be told from an attack.
    ciborium::de::from_reader_with_recursion_limit(rest, 16).map_err(|_| Fault::Malformed)
}

/// The entries of a map with whole numbers or texts for names, none of which comes twice.
pub(super) fn entries(value: Value) -> Result<Vec<(Value, Value)>, Fault> {
    let Value::Map(entries) = value else { return Err(Fault::Malformed) };
    for (i, (name, _)) in entries.iter().enumerate() {
        let is_name = matches!(name, Value::Integer(_) | Value::Text(_));
        if !is_name || entries[..i].iter().any(|(before, _)| before == name) {
            return Err(Fault::Malformed);
        }
    }
    Ok(entries)
}

/// A key of so many bytes in a map.
fn bytes(entries: &[(Value, Value)], label: i64, length: std::ops::RangeInclusive<usize>) -> Result<Vec<u8>, Fault> {
    let found = entries.iter().find(|(name, _)| *name == Value::from(label));
    match found {
        Some((_, Value::Bytes(bytes))) if length.contains(&bytes.len()) => Ok(bytes.clone()),
        _ => Err(Fault::Key),
    }
}

fn number(entries: &[(Value, Value)], label: i64) -> Result<i64, Fault> {
    let found = entries.iter().find(|(name, _)| *name == Value::from(label));
    let number = found.and_then(|(_, value)| value.as_integer()).and_then(|number| i64::try_from(number).ok());
    number.ok_or(Fault::Key)
}

impl PublicKey {
    /// Reads a key: of a type that fits its algorithm, with nothing but its public parts.
    pub(super) fn read(value: Value) -> Result<Self, Fault> {
        let map = entries(value)?;
        let (kind, algorithm) = (number(&map, 1)?, number(&map, 3)?);
        match (kind, algorithm) {
            (2, -7) if map.len() == 5 && number(&map, -1)? == 1 => {
                let point = [vec![4], bytes(&map, -2, 32..=32)?, bytes(&map, -3, 32..=32)?].concat();
                Ok(Self::Es256(point))
            }
            (1, -8) if map.len() == 4 && number(&map, -1)? == 6 => Ok(Self::EdDsa(bytes(&map, -2, 32..=32)?)),
            (3, -257) if map.len() == 4 => Ok(Self::Rs256(bytes(&map, -1, 256..=1024)?, bytes(&map, -2, 1..=4)?)),
            _ if !ALGORITHMS.contains(&algorithm) => Err(Fault::Algorithm),
            _ => Err(Fault::Key),
        }
    }

    /// The algorithm's number.
    pub(super) const fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => ALGORITHMS[0],
            Self::EdDsa(_) => ALGORITHMS[1],
            Self::Rs256(..) => ALGORITHMS[2],
        }
    }

    /// Checks a signature over a message.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let verified = match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature),
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256(n, e) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        verified.map_err(|_| Fault::Signature)
    }
}
