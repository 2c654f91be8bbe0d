//! From defaults, file, variables and flags to a [`Config`].

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use toml::{Table, Value};

use super::{Config, SignIns};

/// Flags of every command.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Flags {
    /// A TOML file with settings.
    #[arg(long, global = true, value_name = "FILE", env = "MILKRUN_CONFIG")]
    config: Option<PathBuf>,
    /// Where the service listens [default: 127.0.0.1:8080].
    #[arg(long, global = true, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where metrics are served; keep it private [default: 127.0.0.1:9464].
    #[arg(long, global = true, value_name = "ADDR")]
    metrics_listen: Option<SocketAddr>,
    /// Folder of the database and the keys [default: milkrun-data].
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The database: postgres://… or sqlite:… [default: a file in the data folder].
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}; correct --config")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that a variable names cannot be read.
    #[error("{name} names {path}: {source}")]
    Secret {
        /// The variable.
        name: String,
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// File and variables together are not settings.
    #[error("settings: {0}; see docs/service.md for what can be set")]
    Shape(#[from] toml::de::Error),
    /// A value out of its range.
    #[error("settings: {0}")]
    Range(String),
}

const SECTIONS: [&str; 11] = [
    "database",
    "limits",
    "auth",
    "sign_ins",
    "passkeys",
    "planning",
    "networks",
    "outside",
    "driving",
    "forecasts",
    "traces",
];

/// Variables that are not settings: the file's name, and secrets, which no setting holds.
const OTHERS: [&str; 4] = ["MILKRUN_CONFIG", "MILKRUN_MASTER_KEY", "MILKRUN_MASTER_KEY_FILE", "MILKRUN_NEW_MASTER_KEY"];

/// Puts the settings together.
///
/// # Errors
///
/// [`ConfigError`] with the place and what may stand there.
pub(crate) fn load(flags: &Flags, variables: impl Iterator<Item = (String, String)>) -> Result<Config, ConfigError> {
    let mut table = match &flags.config {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.display().to_string(), source })?
            .parse::<Table>()?,
        None => Table::new(),
    };
    for (name, value) in variables {
        match named_file(&name) {
            Some(setting) => {
                let content = std::fs::read_to_string(&value).map_err(|source| ConfigError::Secret {
                    name: name.clone(),
                    path: value,
                    source,
                })?;
                overlay(&mut table, setting, content.trim());
            }
            None => overlay(&mut table, &name, &value),
        }
    }
    let mut config: Config = table.try_into()?;
    config.listen = flags.listen.unwrap_or(config.listen);
    config.metrics_listen = flags.metrics_listen.unwrap_or(config.metrics_listen);
    config.data = flags.data.clone().unwrap_or(config.data);
    config.database_url = flags.database.clone().or(config.database_url);
    check(&config)?;
    Ok(config)
}

/// `MILKRUN_DATABASE_FILE` names a file with what `MILKRUN_DATABASE` would hold: secrets are handed out so.
fn named_file(name: &str) -> Option<&str> {
    name.strip_suffix("_FILE").filter(|setting| setting.starts_with("MILKRUN_") && !OTHERS.contains(setting))
}

/// `MILKRUN_LIMITS_BODY_BYTES=10` is `body_bytes = 10` in the section `limits`; `MILKRUN_DATA` is `data`.
fn overlay(table: &mut Table, name: &str, value: &str) {
    let Some(rest) = name.strip_prefix("MILKRUN_") else { return };
    if OTHERS.contains(&name) || name.starts_with("MILKRUN_TEST_") {
        return;
    }
    let key = match rest.to_ascii_lowercase() {
        // The flag is called so.
        key if key == "database" => "database_url".to_owned(),
        key => key,
    };
    let parsed = parse(value);
    let nested = SECTIONS.iter().find_map(|section| {
        let key = key.strip_prefix(section)?.strip_prefix('_')?;
        (key != "url").then_some((*section, key))
    });
    match nested {
        Some((section, key)) => {
            let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = section {
                section.insert(key.to_owned(), parsed);
            }
        }
        None => {
            table.insert(key, parsed);
        }
    }
}

/// A number, truth value or list where it reads as one; else text.
fn parse(value: &str) -> Value {
    let read = |text: &str| format!("v = {text}").parse::<Table>().ok()?.remove("v");
    match read(value) {
        Some(found @ (Value::Integer(_) | Value::Boolean(_) | Value::Array(_))) => found,
        _ => Value::String(value.to_owned()),
    }
}

fn check(config: &Config) -> Result<(), ConfigError> {
    let mut faults = Vec::new();
    let mut positive = |name: &str, value: i64| {
        if value <= 0 {
            faults.push(format!("{name} is {value}: give at least 1"));
        }
    };
    positive("database.max_connections", i64::from(config.database.max_connections));
    positive("database.acquire_timeout_ms", config.database.acquire_timeout_ms.cast_signed());
    positive("database.statement_timeout_ms", config.database.statement_timeout_ms.cast_signed());
    positive("limits.concurrency", config.limits.concurrency.cast_signed() as i64);
    positive("limits.head_seconds", config.limits.head_seconds.cast_signed());
    positive("limits.body_seconds", config.limits.body_seconds.cast_signed());
    positive("limits.connections", config.limits.connections.cast_signed() as i64);
    positive("limits.connections_per_address", config.limits.connections_per_address.cast_signed() as i64);
    positive("limits.concurrency_per_address", config.limits.concurrency_per_address.cast_signed() as i64);
    positive("limits.request_seconds", config.limits.request_seconds.cast_signed());
    positive("limits.address_per_minute", i64::from(config.limits.address_per_minute));
    positive("limits.user_per_minute", i64::from(config.limits.user_per_minute));
    positive("forecasts.max_bins", config.forecasts.max_bins.cast_signed() as i64);
    positive("forecasts.bins_at_a_time", config.forecasts.bins_at_a_time.cast_signed() as i64);
    positive("forecasts.readings_at_a_time", config.forecasts.readings_at_a_time.cast_signed() as i64);
    positive("forecasts.keep_days", config.forecasts.keep_days);
    positive("traces.queue", config.traces.queue.cast_signed() as i64);
    positive("traces.timeout_seconds", config.traces.timeout_seconds.cast_signed());
    positive("auth.access_seconds", config.auth.access_seconds);
    positive("auth.refresh_seconds", config.auth.refresh_seconds);
    positive("auth.session_seconds", config.auth.session_seconds);
    positive("auth.step_up_seconds", config.auth.step_up_seconds);
    positive("auth.signing_key_seconds", config.auth.signing_key_seconds);
    positive("planning.lease_seconds", config.planning.lease_seconds);
    positive("planning.max_seconds", i64::from(config.planning.max_seconds));
    positive("networks.upload_bytes", config.networks.upload_bytes.cast_signed());
    positive("networks.upload_seconds", config.networks.upload_seconds.cast_signed());
    positive("networks.unpacked_bytes", config.networks.unpacked_bytes.cast_signed());
    positive("networks.bytes_per_organisation", config.networks.bytes_per_organisation.cast_signed());
    positive("networks.per_organisation", config.networks.per_organisation);
    positive("networks.max_places", config.networks.max_places.cast_signed() as i64);
    positive("outside.lease_seconds", config.outside.lease_seconds);
    positive("outside.attempts", i64::from(config.outside.attempts));
    positive("outside.first_wait_seconds", config.outside.first_wait_seconds.cast_signed());
    positive("driving.photo_bytes", config.driving.photo_bytes.cast_signed() as i64);
    positive("driving.photo_days", config.driving.photo_days);
    positive("driving.photo_bytes_per_organisation", config.driving.photo_bytes_per_organisation);
    positive("driving.position_days", config.driving.position_days);
    positive("driving.positions_per_minute", i64::from(config.driving.positions_per_minute));
    check_sign_ins(&config.sign_ins, &mut faults);
    if config.traces.percent > 100 {
        faults.push(format!("traces.percent is {}: give 0 to 100", config.traces.percent));
    }
    if config.auth.access_seconds > 3_600 {
        faults.push(format!("auth.access_seconds is {}: give at most 3600", config.auth.access_seconds));
    }
    if !(1..=4_096).contains(&config.auth.argon2_mib) {
        faults.push(format!(
            "auth.argon2_mib is {}: give 1 to 4096, and 46 or more outside of tests",
            config.auth.argon2_mib
        ));
    }
    let url = config.database_url();
    if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
        faults.push("the database's URL is of no known kind: give sqlite:… or postgres://…".to_owned());
    }
    if faults.is_empty() { Ok(()) } else { Err(ConfigError::Range(faults.join("; "))) }
}

/// The scores grow, and each list has a name of its own and a weight.
fn check_sign_ins(settings: &SignIns, faults: &mut Vec<String>) {
    let SignIns { tell_at, step_up_at, block_at, .. } = *settings;
    if !(1 <= tell_at && tell_at <= step_up_at && step_up_at <= block_at) {
        faults.push(format!(
            "sign_ins.tell_at, step_up_at and block_at are {tell_at}, {step_up_at}, {block_at}: give at least 1, none less than the one before"
        ));
    }
    for (i, list) in settings.lists.iter().enumerate() {
        if list.source.trim().is_empty() || settings.lists[..i].iter().any(|other| other.source == list.source) {
            faults.push(format!("sign_ins.lists[{i}].source is {:?}: give each list a name of its own", list.source));
        }
        if !(1..=1_000).contains(&list.weight) {
            faults.push(format!("sign_ins.lists[{i}].weight is {}: give 1 to 1000", list.weight));
        }
        if list.max_age_hours == 0 {
            faults.push(format!("sign_ins.lists[{i}].max_age_hours is 0: give at least 1"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)], flags: &Flags) -> Result<Config, ConfigError> {
        load(flags, variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn the_later_source_wins() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("service.toml");
        std::fs::write(&file, "data = 'a'\nlog = 'x'\n[limits]\nconcurrency = 3\nbody_bytes = 5").unwrap();
        let flags = Flags { config: Some(file), data: Some("c".into()), ..Flags::default() };
        let variables =
            [("MILKRUN_DATA", "b"), ("MILKRUN_LOG", "y"), ("MILKRUN_LIMITS_BODY_BYTES", "7"), ("HOME", "z")];
        let config = with(&variables, &flags).unwrap();
        assert_eq!(config.data, PathBuf::from("c"));
        assert_eq!((config.log.as_str(), config.limits.concurrency, config.limits.body_bytes), ("y", 3, 7));
    }

    #[test]
    fn urls_and_lists() {
        let variables = [("MILKRUN_DATABASE", "postgres://h/d"), ("MILKRUN_TRUSTED_PROXIES", "['10.0.0.1']")];
        let config = with(&variables, &Flags::default()).unwrap();
        assert_eq!(config.database_url(), "postgres://h/d");
        assert_eq!(config.trusted_proxies.len(), 1);
    }

    #[test]
    fn secrets_come_in_files() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        std::fs::write(&file, "postgres://u:p@h/d\n").unwrap();
        let place = file.to_str().unwrap();
        let config = with(&[("MILKRUN_DATABASE_FILE", place), ("MILKRUN_MASTER_KEY_FILE", "/no")], &Flags::default());
        assert_eq!(config.unwrap().database_url(), "postgres://u:p@h/d");
        let missing = with(&[("MILKRUN_DATABASE_FILE", "/nowhere")], &Flags::default()).unwrap_err().to_string();
        assert!(missing.contains("MILKRUN_DATABASE_FILE names /nowhere"), "{missing}");
    }

    #[test]
    fn faults_say_what_to_mend() {
        let unknown = with(&[("MILKRUN_LIMITS_BODY", "7")], &Flags::default()).unwrap_err().to_string();
        assert!(unknown.contains("unknown field `body`"), "{unknown}");
        let range = [("MILKRUN_DATABASE", "mysql://h"), ("MILKRUN_LIMITS_CONCURRENCY", "0")];
        let range = with(&range, &Flags::default()).unwrap_err().to_string();
        assert!(range.contains("limits.concurrency is 0") && range.contains("postgres://"), "{range}");
    }
}
