//! Secrets of second factors, and keys.

use std::path::PathBuf;
use std::process::ExitCode;

use super::arguments::{Keys, Mfa};
use super::{code, make_folder, open, say};
use crate::auth::tokens::Tokens;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::{KeyRing, MasterKey};
use crate::error::Error;
use crate::storage::Store;
use crate::{audit, mfa};

/// Secrets of second factors.
pub(super) async fn run(config: &Config, command: Mfa) -> Result<ExitCode, Error> {
    let clock = Clock::default();
    // The others bring the schema up to date, and make keys.
    if let Mfa::ScrubCheck { files } = &command {
        return scrub_check(config, files).await;
    }
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
            for (id, fault) in &done.faults {
                say(&format!("factor {id}: {fault}; restore it from a backup, or reset the factor of its user"));
            }
            Ok(code(done.faults.is_empty()))
        }
        Mfa::ScrubCheck { files } => scrub_check(config, &files).await,
        Mfa::Rollback { decrypt_all_secrets: false } => {
            Err(Error::Refused("this stores all secrets as plaintext: confirm with --decrypt-all-secrets".into()))
        }
        Mfa::Rollback { .. } => {
            say(&format!("{} secrets decrypted", mfa::rollback(&store, &ring, clock.now()).await?));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Looks for plaintext as the database is: neither its schema nor its keys are touched.
async fn scrub_check(config: &Config, files: &[PathBuf]) -> Result<ExitCode, Error> {
    make_folder(config)?;
    let store = Store::open(config).await?;
    let found = mfa::scrub_check(&store, &mfa::Keys::Below(&config.data), files).await?;
    if found.version == 0 {
        say("the database has no schema: there are no secrets that could be looked for");
        return Ok(ExitCode::FAILURE);
    }
    for (file, hits) in &found.files {
        say(&format!("{hits:>6}  {}", file.display()));
    }
    for file in &found.unread {
        say(&format!("unread  {}", file.display()));
    }
    for (id, fault) in &found.unopened {
        say(&format!("factor {id}: {fault}: whether its secret lies somewhere as plaintext cannot be known"));
    }
    say(&format!(
        "schema {}: {} secrets are stored as plaintext and {} sealed; {} secrets looked for, {} places found; {}",
        found.version,
        found.plain,
        found.sealed,
        found.secrets,
        found.hits(),
        found.elsewhere
    ));
    if found.plain > 0 {
        say("run `mfa migrate`, `mfa verify`, and `mfa migrate --finish`");
    }
    Ok(code(found.is_clean()))
}

/// The keys themselves.
pub(super) async fn keys(config: &Config, command: Keys) -> Result<ExitCode, Error> {
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
