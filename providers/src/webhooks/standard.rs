//! Signatures by the scheme of Standard Webhooks: HMAC-SHA256 of `id.time.body`, in the headers `webhook-id`,
//! `webhook-timestamp` and `webhook-signature`.

use aws_lc_rs::hmac;
use aws_lc_rs::rand;
use data_encoding::BASE64;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Incoming, Unverified, matches};

/// What secrets begin with.
const PREFIX: &str = "whsec_";
/// Bytes of a new secret.
const BYTES: usize = 32;

/// A new secret, from the operating system's randomness. `None` if it gives none.
pub fn new_secret() -> Option<SecretString> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).ok()?;
    Some(SecretString::from(format!("{PREFIX}{}", BASE64.encode(&bytes))))
}

fn key(secret: &SecretString) -> Option<Vec<u8>> {
    let text = secret.expose_secret();
    let bytes = BASE64.decode(text.strip_prefix(PREFIX).unwrap_or(text).as_bytes()).ok()?;
    (16..=64).contains(&bytes.len()).then_some(bytes)
}

/// The value of `webhook-signature`: one signature for each secret, the first secret's first. `time` is seconds since 1970. `None` if
/// no secret is base64 of 16 to 64 bytes.
///
/// ```
/// use milkrun_providers::webhooks::standard::sign;
/// // The test vector of the scheme's own libraries.
/// let secret = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()];
/// let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
/// assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
/// ```
pub fn sign(secrets: &[SecretString], id: &str, time: i64, body: &[u8]) -> Option<String> {
    let signed = [format!("{id}.{time}.").as_bytes(), body].concat();
    let signatures: Vec<String> = secrets
        .iter()
        .filter_map(key)
        .map(|key| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed))
        .map(|tag| format!("v1,{}", BASE64.encode(tag.as_ref())))
        .collect();
    (!signatures.is_empty()).then(|| signatures.join(" "))
}

/// Verifies a request that was signed so; gives its id.
///
/// # Errors
///
/// [`Unverified`] if it is not from who it should be.
pub fn verify(incoming: &Incoming<'_>, secrets: &[SecretString]) -> Result<String, Unverified> {
    let (id, time) = (incoming.header("webhook-id")?, incoming.header("webhook-timestamp")?);
    let header = incoming.header("webhook-signature")?;
    let keys: Vec<Vec<u8>> = secrets.iter().filter_map(key).collect();
    if keys.is_empty() {
        return Err(Unverified::NoSecret("it must be base64 of 16 to 64 bytes"));
    }
    let signatures: Vec<Vec<u8>> =
        header.split(' ').filter_map(|part| BASE64.decode(part.strip_prefix("v1,")?.as_bytes()).ok()).collect();
    if signatures.is_empty() {
        return Err(Unverified::Malformed("there is no v1"));
    }
    let signed = [id.as_bytes(), b".", time.as_bytes(), b".", incoming.body];
    if !matches(hmac::HMAC_SHA256, &keys, &signed, &signatures) {
        return Err(Unverified::Mismatch);
    }
    incoming.fresh(time)?;
    Ok(id.to_owned())
}
