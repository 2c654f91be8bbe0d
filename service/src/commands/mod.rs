//! The command line.

mod arguments;
mod backups;
mod health;
mod organisations;
mod schema;
mod secrets;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::arguments::{Arguments, Audit, Command};
use crate::auth::leaked::Leaked;
use crate::auth::passkeys::RelyingParty;
use crate::auth::password::Passwords;
use crate::auth::sessions::AuthContext;
use crate::auth::tokens::Tokens;
use crate::auth::{Refusal, invitations};
use crate::clock::Clock;
use crate::config::{self, Config, ConfigError};
use crate::crypto::{KeyRing, MasterKey};
use crate::error::Error;
use crate::http::{self, AppState};
use crate::services::Services;
use crate::storage::{AuditLog as _, Keys as _, STATEMENTS, Store};
use crate::{audit, logging, mfa, traces};

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "milkrun-service: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Error> {
    let config = config::load(
        &arguments.flags,
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
    )?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|source| Error::File { path: "the runtime".to_owned(), source })?;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Openapi => {
            say(&http::document().to_pretty_json().map_err(|error| Error::Stored(error.to_string()))?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve => {
            let (listener, sending) = traces::start(&config, STATEMENTS)?;
            // Traces go first: what they have to say then is in the log.
            let _written = logging::start(&config.log, listener);
            let _sent = sending;
            runtime.block_on(serve(config))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Health => health::ask(&config),
        Command::Schema(command) => runtime.block_on(schema::run(&config, command)),
        Command::Mfa(command) => runtime.block_on(secrets::run(&config, command)),
        Command::Audit(command) => runtime.block_on(audit_log(&config, command)),
        Command::Keys(command) => runtime.block_on(secrets::keys(&config, command)),
        Command::Backup { out } => runtime.block_on(backups::create(&config, &out)),
        Command::Restore { from, check } => runtime.block_on(backups::restore(&config, &from, check)),
        Command::Organisation(command) => runtime.block_on(organisations::run(&config, command)),
    }
}

/// Prints a line. A closed output is not a reason to stop.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Makes the data folder, which only its owner may read. One that is there is left as it is.
fn make_folder(config: &Config) -> Result<(), Error> {
    if config.data.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(&config.data).map_err(|error| Error::file(&config.data, error))
}

/// Opens the database and the keys, both of which are made if there are none.
pub(crate) async fn open(config: &Config, clock: &Clock) -> Result<(Store, KeyRing), Error> {
    make_folder(config)?;
    let store = Store::open(config).await?;
    store.migrate_up(None).await?;
    mfa::enforce(&store).await?;
    let ring = ring(config, &store, clock).await?;
    Ok((store, ring))
}

async fn ring(config: &Config, store: &Store, clock: &Clock) -> Result<KeyRing, Error> {
    // A master key is made only for a database without keys: for another one it would be the wrong key.
    let keys = store.connection().await?.count_keys().await?;
    let master = MasterKey::load(&config.data, keys == 0)?;
    KeyRing::open(store, master, clock.now()).await
}

/// Everything that serving needs.
pub(crate) async fn desk(config: &Config, clock: &Clock) -> Result<AuthContext, Error> {
    let (store, ring) = open(config, clock).await?;
    let tokens = Tokens::open(&store, &ring, &config.auth, clock.now()).await?;
    let passwords = Passwords::new(config.auth.argon2_mib)?;
    let party = RelyingParty::of(&config.passkeys, &config.public_url()).map_err(ConfigError::Range)?;
    let (settings, party) = (config.auth.clone(), party.map(Arc::new));
    let leaked = config.auth.leaked_passwords.clone().map(Leaked::open).transpose().map_err(ConfigError::Range)?;
    Ok(AuthContext { store, ring, tokens, passwords, settings, leaked, party, turns: Arc::default() })
}

async fn serve(config: Config) -> Result<(), Error> {
    let clock = Clock::default();
    let figures = http::install_metrics();
    let desk = desk(&config, &clock).await?;
    let (plain, _) = mfa::counts(&mut *desk.store.connection().await?).await?;
    if plain > 0 {
        tracing::error!(plain, "secrets of second factors are stored as plaintext: run `milkrun-service mfa migrate`");
    }
    let services = Services::new(config, desk, clock.clone());
    // What an operator has set up must be readable at the start; later, what was read before stays.
    let faults = services.door.addresses.refresh();
    if !faults.is_empty() {
        return Err(Error::Refused(faults.join("\n")));
    }
    let bind = async |address| {
        TcpListener::bind(address).await.map_err(|source| Error::File { path: format!("{address}"), source })
    };
    let public = bind(services.config.listen).await?;
    let private = bind(services.config.metrics_listen).await?;
    let address = |listener: &TcpListener| listener.local_addr().map_or_else(|_| String::new(), |a| a.to_string());
    say(&format!("milkrun-service listens on http://{}", address(&public)));
    say(&format!("metrics are on http://{}/metrics", address(&private)));
    match invitations::founder_link(&services.desk.store, clock.now()).await {
        Ok(Some(secret)) => {
            let url = services.config.public_url.clone().unwrap_or_else(|| format!("http://{}", address(&public)));
            say(&format!("sign up the first administrator, once, within three days: {url}/#sign-up={secret}"));
        }
        Ok(None) => {}
        Err(Refusal::Inner(error)) => return Err(error),
        Err(other) => return Err(Error::Refused(other.to_string())),
    }
    let (sender, stop) = watch::channel(false);
    tokio::spawn(async move {
        signalled().await;
        tracing::info!("stopping");
        sender.send_replace(true);
        // The sender must outlive its receivers.
        sender.closed().await;
    });
    let app = AppState::new(services, figures);
    http::serve(app, (public, private), stop).await;
    Ok(())
}

async fn signalled() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

fn code(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn audit_log(config: &Config, command: Audit) -> Result<ExitCode, Error> {
    let (store, ring) = open(config, &Clock::default()).await?;
    let mut connection = store.connection().await?;
    match command {
        Audit::Verify => {
            let report = audit::verify(&mut connection, &ring, &config.data).await?;
            say(&format!("{} entries and {} checkpoints are valid", report.entries, report.checkpoints));
            if let (Some(seq), Some(reason)) = (report.first_bad, &report.reason) {
                say(&format!("entry {seq}: {reason}"));
            }
            Ok(code(report.first_bad.is_none()))
        }
        Audit::Export => {
            let mut after = 0;
            loop {
                let entries = connection.entries(after, 1_000).await?;
                let Some(last) = entries.last() else { return Ok(ExitCode::SUCCESS) };
                after = last.seq;
                for entry in &entries {
                    say(&serde_json::to_string(entry).map_err(|error| Error::Stored(error.to_string()))?);
                }
            }
        }
    }
}
