//! Settings of sources that cannot be used.

/// A setting of a source that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The address is not one of a web service.
    #[error("{source_name}: the address {problem}; give one as https://host or http://127.0.0.1:5000")]
    Address {
        /// The source.
        source_name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A key would be sent in the clear.
    #[error("{source_name}: the key would be sent unencrypted to {host}: use https")]
    Insecure {
        /// The source.
        source_name: &'static str,
        /// Where it would be sent.
        host: String,
    },
    /// There is no key, or it has characters that no key has.
    #[error("{source_name}: the key {problem}")]
    Key {
        /// The source.
        source_name: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Another setting is out of range.
    #[error("{source_name}: {setting} is {value}: {remedy}")]
    Setting {
        /// The source.
        source_name: &'static str,
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        remedy: &'static str,
    },
    /// Connections cannot be encrypted on this machine.
    #[error("{source_name}: https cannot be used: {problem}")]
    Encryption {
        /// The source.
        source_name: &'static str,
        /// Why.
        problem: &'static str,
    },
}

/// Refuses a number outside a range.
pub(crate) fn check_range(
    source_name: &'static str,
    setting: &'static str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    remedy: &'static str,
) -> Result<(), SetupError> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(SetupError::Setting { source_name, setting, value: value.to_string(), remedy })
}

/// Most metres between a point and the street it is taken to.
pub(crate) fn check_snap(source_name: &'static str, snap_limit: Option<f64>) -> Result<(), SetupError> {
    let value = snap_limit.unwrap_or(1.0);
    check_range(source_name, "snap_limit", value, 1.0..=100_000.0, "it must be from 1 to 100,000 metres")
}

/// A word that becomes part of an address.
pub(crate) fn check_word(source_name: &'static str, setting: &'static str, word: &str) -> Result<(), SetupError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !word.is_empty() && word.len() <= 100 && word.chars().all(is_plain) {
        return Ok(());
    }
    let value = format!("{word:?}");
    let remedy = "it must consist of letters, digits, hyphens, dots and underscores";
    Err(SetupError::Setting { source_name, setting, value, remedy })
}
