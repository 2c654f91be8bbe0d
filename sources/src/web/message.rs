//! What services say about faults, without secrets.

use secrecy::{ExposeSecret, SecretString};

/// Most characters of a service's message in an error.
const LONGEST_MESSAGE: usize = 300;

/// Most bytes in which a message is looked for: nothing longer is one.
const LONGEST_FAULT: usize = 65_536;

/// What a service says about a fault, freed from the secrets and then cut: the beginning of a key is one, too. `None`: it says
/// nothing.
pub fn message(body: &[u8], secrets: &[SecretString]) -> Option<String> {
    let text = redacted(&told(body), secrets);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect();
    (!text.is_empty()).then_some(text)
}

/// The text with `[key]` in place of each secret.
pub fn redacted(text: &str, secrets: &[SecretString]) -> String {
    let known = secrets.iter().map(ExposeSecret::expose_secret).filter(|secret| !secret.is_empty());
    known.fold(text.to_owned(), |text, secret| text.replace(secret, "[key]"))
}

/// The message in a service's JSON, or else its text.
fn told(body: &[u8]) -> String {
    let value = serde_json::from_slice::<serde_json::Value>(body.get(..LONGEST_FAULT).unwrap_or(body)).ok();
    let message = value.as_ref().and_then(|value| {
        let value = value.get(0).unwrap_or(value);
        let error = value.get("error");
        let first = value.get("errors").and_then(|errors| errors.get(0)).and_then(|error| error.get("message"));
        let places = [error.and_then(|error| error.get("message")), value.get("message"), first, error];
        places.into_iter().flatten().find_map(|text| text.as_str())
    });
    message
        .map_or_else(|| String::from_utf8_lossy(body.get(..LONGEST_FAULT).unwrap_or(body)).into_owned(), str::to_owned)
}
