//! The command line.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::auth::password::Passwords;
use crate::auth::sessions::AuthContext;
use crate::auth::tokens::Tokens;
use crate::auth::{Refusal, invitations};
use crate::clock::Clock;
use crate::config::{self, Config, Flags};
use crate::crypto::{KeyRing, MasterKey};
use crate::error::Error;
use crate::http::{self, AppState};
use crate::storage::{NEWEST, Store};
use crate::{audit, mfa};

/// The reference service of milkrun: plans over HTTP, signed in, encrypted, persistent.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve (the default).
    Serve,
    /// The database's schema.
    #[command(subcommand)]
    Schema(Schema),
    /// The secrets of second factors.
    #[command(subcommand)]
    Mfa(Mfa),
    /// The audit log.
    #[command(subcommand)]
    Audit(Audit),
    /// The keys.
    #[command(subcommand)]
    Keys(Keys),
    /// Print the description of the interface (`OpenAPI` 3.1).
    Openapi,
}

#[derive(Subcommand)]
enum Schema {
    /// Bring it up to the newest version, or to a given one.
    Up {
        /// The version.
        #[arg(long)]
        to: Option<i64>,
    },
    /// Take it down to a version; 0 deletes everything.
    Down {
        /// The version.
        #[arg(long)]
        to: i64,
    },
    /// Print its version.
    Version,
}

#[derive(Subcommand)]
enum Mfa {
    /// Seal all plaintext secrets; it can be stopped and started again.
    Migrate {
        /// Then make plaintext impossible, and scrub the database's files.
        #[arg(long)]
        finish: bool,
    },
    /// Prove that every secret is sealed and opens.
    Verify,
    /// Make a new key, seal every secret with it, and retire the old one.
    Rotate {
        /// Make no new key: resume an interrupted rotation.
        #[arg(long)]
        resume: bool,
    },
    /// Count plaintext secrets in the database's files, and in others.
    ScrubCheck {
        /// Dumps and copies to search as well.
        files: Vec<PathBuf>,
    },
    /// Decrypt all secrets, for a release that knows no encryption.
    Rollback {
        /// Say that you mean it.
        #[arg(long)]
        decrypt_all_secrets: bool,
    },
}

#[derive(Subcommand)]
enum Audit {
    /// Work all signatures out again; names the first entry that is wrong.
    Verify,
    /// Print the log, one JSON object a line.
    Export,
}

#[derive(Subcommand)]
enum Keys {
    /// List the keys with their states and how often they were used.
    List,
    /// Replace the key that signs access tokens. Tokens signed before stay valid until they expire.
    RotateSigning,
    /// Wrap all keys with the master key in the variable `MILKRUN_NEW_MASTER_KEY`.
    ChangeMaster,
}

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
            log(&config);
            runtime.block_on(serve(config))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema(command) => runtime.block_on(schema(&config, command)),
        Command::Mfa(command) => runtime.block_on(secrets(&config, command)),
        Command::Audit(command) => runtime.block_on(audit_log(&config, command)),
        Command::Keys(command) => runtime.block_on(keys(&config, command)),
    }
}

/// Prints a line. A closed output is not a reason to stop.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// JSON lines on standard error.
fn log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let built = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in one process (tests) is no fault.
    let _ = built.try_init();
}

fn make_folder(config: &Config) -> Result<(), Error> {
    std::fs::create_dir_all(&config.data).map_err(|error| Error::file(&config.data, error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&config.data, private).map_err(|error| Error::file(&config.data, error))?;
    }
    Ok(())
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
    let (keys,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM data_keys").fetch_one(&mut *store.connection().await?).await?;
    let master = MasterKey::load(&config.data, keys == 0)?;
    KeyRing::open(store, master, clock.now()).await
}

/// Everything that serving needs.
pub(crate) async fn desk(config: &Config, clock: &Clock) -> Result<AuthContext, Error> {
    let (store, ring) = open(config, clock).await?;
    let tokens = Tokens::open(&store, &ring, &config.auth, clock.now()).await?;
    let passwords = Passwords::new(config.auth.argon2_mib)?;
    Ok(AuthContext { store, ring, tokens, passwords, settings: config.auth.clone() })
}

async fn serve(config: Config) -> Result<(), Error> {
    let clock = Clock::default();
    let figures = http::install_metrics();
    let desk = desk(&config, &clock).await?;
    let (plain, _) = mfa::counts(&mut *desk.store.connection().await?).await?;
    if plain > 0 {
        tracing::error!(plain, "secrets of second factors are stored as plaintext: run `milkrun-service mfa migrate`");
    }
    let bind = async |address| {
        TcpListener::bind(address).await.map_err(|source| Error::File { path: format!("{address}"), source })
    };
    let public = bind(config.listen).await?;
    let private = bind(config.metrics_listen).await?;
    let address = |listener: &TcpListener| listener.local_addr().map_or_else(|_| String::new(), |a| a.to_string());
    say(&format!("milkrun-service listens on http://{}", address(&public)));
    say(&format!("metrics are on http://{}/metrics", address(&private)));
    match invitations::founder_link(&desk.store, clock.now()).await {
        Ok(Some(secret)) => {
            let url = config.public_url.clone().unwrap_or_else(|| format!("http://{}", address(&public)));
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
    http::serve(AppState::new(config, desk, clock, figures), (public, private), stop).await
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

async fn schema(config: &Config, command: Schema) -> Result<ExitCode, Error> {
    make_folder(config)?;
    let store = Store::open(config).await?;
    match command {
        Schema::Up { to } => store.migrate_up(to).await?,
        Schema::Down { to } => store.migrate_down(to).await?,
        Schema::Version => {}
    }
    say(&format!("{} of {NEWEST} ({})", store.version().await?, store.backend().name()));
    Ok(ExitCode::SUCCESS)
}

async fn secrets(config: &Config, command: Mfa) -> Result<ExitCode, Error> {
    let clock = Clock::default();
    let (store, ring) = open(config, &clock).await?;
    match command {
        Mfa::Migrate { finish } => {
            let now = || clock.now();
            let done = mfa::migrate(&store, &ring, now, |sealed| say(&format!("{sealed} sealed"))).await?;
            say(&format!("{} secrets sealed, {} compared with the originals", done.sealed, done.compared));
            for id in &done.unreadable {
                say(&format!("factor {id}: the stored secret is not base32; reset the factor of its user"));
            }
            if finish {
                let left = mfa::finish(&store, &ring, clock.now()).await?;
                say(&format!(
                    "plaintext is impossible from now on; {} places left in the database's files",
                    left.hits()
                ));
                if left.hits() > 0 || !left.unread.is_empty() {
                    say("run `mfa scrub-check` for where they are, and this command again when less is going on");
                    return Ok(ExitCode::FAILURE);
                }
            }
            Ok(code(done.unreadable.is_empty()))
        }
        Mfa::Verify => {
            let found = mfa::verify(&store, &ring).await?;
            say(&format!("{} plaintext, {} sealed, {} opened", found.plain, found.sealed, found.opened));
            for (id, fault) in &found.faults {
                say(&format!("factor {id}: {fault}"));
            }
            Ok(code(found.is_complete()))
        }
        Mfa::Rotate { resume } => {
            let now = || clock.now();
            let done = mfa::rotate(&store, &ring, resume, now, |n| say(&format!("{n} resealed"))).await?;
            say(&format!("{} secrets resealed; keys retired: {}", done.resealed, done.retired.join(", ")));
            Ok(ExitCode::SUCCESS)
        }
        Mfa::ScrubCheck { files } => {
            let found = mfa::scrub_check(&store, &ring, &files).await?;
            for (file, hits) in &found.files {
                say(&format!("{hits:>6}  {}", file.display()));
            }
            for file in &found.unread {
                say(&format!("unread  {}", file.display()));
            }
            say(&format!("{} secrets looked for, {} places found; {}", found.secrets, found.hits(), found.elsewhere));
            Ok(code(found.hits() == 0 && found.unread.is_empty()))
        }
        Mfa::Rollback { decrypt_all_secrets: false } => {
            Err(Error::Refused("this stores all secrets as plaintext: confirm with --decrypt-all-secrets".into()))
        }
        Mfa::Rollback { .. } => {
            say(&format!("{} secrets decrypted", mfa::rollback(&store, &ring, clock.now()).await?));
            Ok(ExitCode::SUCCESS)
        }
    }
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
                let entries = audit::entries(&mut connection, None, after, 1_000).await?;
                let Some(last) = entries.last() else { return Ok(ExitCode::SUCCESS) };
                after = last.seq;
                for entry in &entries {
                    say(&serde_json::to_string(entry).map_err(|error| Error::Stored(error.to_string()))?);
                }
            }
        }
    }
}

async fn keys(config: &Config, command: Keys) -> Result<ExitCode, Error> {
    let clock = Clock::default();
    let (store, ring) = open(config, &clock).await?;
    match command {
        Keys::List => {
            for key in KeyRing::uses(&mut *store.connection().await?).await? {
                say(&format!("{}  {:<8} {:<13} {}", key.key_id.hex(), key.purpose, key.state, key.times));
            }
        }
        Keys::RotateSigning => {
            let tokens = Tokens::open(&store, &ring, &config.auth, clock.now()).await?;
            tokens.maintain(&store, &ring, clock.now(), true).await?;
            say("access tokens are signed with a new key, by running services within half a minute");
        }
        Keys::ChangeMaster => {
            let text = std::env::var("MILKRUN_NEW_MASTER_KEY")
                .map_err(|_| Error::Refused("set MILKRUN_NEW_MASTER_KEY to 64 hexadecimal digits".to_owned()))?;
            let new = MasterKey::parse(&zeroize::Zeroizing::new(text), "MILKRUN_NEW_MASTER_KEY")?;
            let mut tx = store.begin().await?;
            let keys = ring.change_master(&mut tx, &new).await?;
            audit::append(&mut tx, &ring, clock.now(), audit::Event::new("master_key.changed")).await?;
            tx.commit().await?;
            say(&format!("{keys} keys have been rewrapped; replace the old master key with the new one"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
