//! An authenticator made of software, for tests: it does what the standard says, but for what a test bends.

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use ciborium::Value;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value as Json, json};

/// A pair of keys.
enum Pair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

/// An authenticator with one key.
pub(crate) struct Authenticator {
    pair: Pair,
    /// Its name for the key.
    pub(crate) credential: Vec<u8>,
    /// How often it has signed; 0 stays 0.
    pub(crate) count: u32,
    /// The party for which it signs.
    pub(crate) rp_id: String,
    /// The page that asks.
    pub(crate) origin: String,
    /// Its flags, but for that of a new key: user present and verified.
    pub(crate) flags: u8,
}

/// An answer, in parts.
#[derive(Clone)]
pub(crate) struct Answered {
    /// What the browser says.
    pub(crate) client_data: Vec<u8>,
    /// What the authenticator says.
    pub(crate) data: Vec<u8>,
    /// Its signature.
    pub(crate) signature: Vec<u8>,
}

impl Authenticator {
    /// One of an algorithm.
    pub(crate) fn new(algorithm: i64, rp_id: &str, origin: &str) -> Self {
        let pair = match algorithm {
            -7 => Pair::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            -8 => Pair::EdDsa(Ed25519KeyPair::generate().unwrap()),
            _ => Pair::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        };
        let mut credential = vec![0; 32];
        aws_lc_rs::rand::fill(&mut credential).unwrap();
        Self { pair, credential, count: 1, rp_id: rp_id.to_owned(), origin: origin.to_owned(), flags: 0b101 }
    }

    /// The public key (COSE).
    pub(crate) fn public_key(&self) -> Value {
        let map = |entries: &[(i64, Value)]| {
            Value::Map(entries.iter().map(|(label, value)| (Value::from(*label), value.clone())).collect())
        };
        match &self.pair {
            Pair::Es256(pair) => {
                let point = pair.public_key().as_ref();
                let part = |from: usize| Value::Bytes(point[from..from + 32].to_vec());
                map(&[(1, 2.into()), (3, (-7).into()), (-1, 1.into()), (-2, part(1)), (-3, part(33))])
            }
            Pair::EdDsa(pair) => {
                let key = Value::Bytes(pair.public_key().as_ref().to_vec());
                map(&[(1, 1.into()), (3, (-8).into()), (-1, 6.into()), (-2, key)])
            }
            Pair::Rs256(pair) => {
                let key = pair.public_key();
                let n = Value::Bytes(key.modulus().big_endian_without_leading_zero().to_vec());
                let e = Value::Bytes(key.exponent().big_endian_without_leading_zero().to_vec());
                map(&[(1, 3.into()), (3, (-257).into()), (-1, n), (-2, e)])
            }
        }
    }

    /// Signs.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Es256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// What the browser says of a ceremony.
    pub(crate) fn client_data(&self, kind: &str, challenge: &str) -> Json {
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
    }

    /// What the authenticator says, with the new key or without.
    pub(crate) fn data(&self, with_key: bool) -> Vec<u8> {
        let mut data = digest::digest(&digest::SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(self.flags | if with_key { 1 << 6 } else { 0 });
        data.extend(self.count.to_be_bytes());
        if with_key {
            data.extend([0; 16]);
            data.extend((self.credential.len() as u16).to_be_bytes());
            data.extend(&self.credential);
            data.extend(cbor(&self.public_key()));
        }
        data
    }

    /// Makes the key: what the browser says, and the attestation.
    pub(crate) fn create(&self, challenge: &str) -> (Vec<u8>, Vec<u8>) {
        let client = self.client_data("webauthn.create", challenge).to_string().into_bytes();
        (client, attestation("none", Value::Map(Vec::new()), &self.data(true)))
    }

    /// Uses the key.
    pub(crate) fn get(&mut self, challenge: &str) -> Answered {
        let client = self.client_data("webauthn.get", challenge);
        self.count += u32::from(self.count > 0);
        self.answer(&client, self.data(false))
    }

    /// An answer of these parts, signed.
    pub(crate) fn answer(&self, client: &Json, data: Vec<u8>) -> Answered {
        let client_data = client.to_string().into_bytes();
        let signature = self.sign(&signed(&data, &client_data));
        Answered { client_data, data, signature }
    }

    /// The body of a sign-in's field `passkey`.
    pub(crate) fn body(&self, answered: &Answered) -> Json {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        json!({"credential": text(&self.credential), "client_data": text(&answered.client_data),
            "authenticator_data": text(&answered.data), "signature": text(&answered.signature)})
    }
}

/// What is signed.
pub(crate) fn signed(data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [data, digest::digest(&digest::SHA256, client_data).as_ref()].concat()
}

/// A value's bytes.
pub(crate) fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// An attestation.
pub(crate) fn attestation(format: &str, statement: Value, data: &[u8]) -> Vec<u8> {
    let text = |text: &str| Value::Text(text.to_owned());
    cbor(&Value::Map(vec![
        (text("fmt"), text(format)),
        (text("attStmt"), statement),
        (text("authData"), Value::Bytes(data.to_vec())),
    ]))
}
