//! What can be asked of the program.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::config::Flags;

/// The reference service of milkrun: plans over HTTP, signed in, encrypted, persistent.
#[derive(Parser)]
#[command(version, about)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) flags: Flags,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Subcommand)]
pub(super) enum Command {
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
    /// Organisations: another one, and those that have lost their way.
    #[command(subcommand)]
    Organisation(Organisation),
    /// Make a backup, while the service runs or not: everything but the master key, sealed in one file.
    Backup {
        /// The file, which must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Bring a backup back, into an empty database and a data folder that has the master key alone.
    Restore {
        /// The backup.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// Only read all of it, and say whether it is whole.
        #[arg(long)]
        check: bool,
    },
    /// Ask the service that runs here whether requests can be answered; for health checks.
    Health,
    /// Print the description of the interface (`OpenAPI` 3.1).
    Openapi,
}

#[derive(Subcommand)]
pub(super) enum Schema {
    /// Bring it up to the newest version, or to a given one.
    Up {
        /// The version.
        #[arg(long)]
        to: Option<i64>,
    },
    /// Take it down to a version; 0 deletes everything. Refused where data would be lost, unless you say that you mean it.
    Down {
        /// The version.
        #[arg(long)]
        to: i64,
        /// Say that you mean it: what the lower version has no place for is deleted.
        #[arg(long)]
        delete_data: bool,
    },
    /// Print its version.
    Version,
}

#[derive(Subcommand)]
pub(super) enum Mfa {
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
    /// Count plaintext secrets in the database, in its files, and in others. It changes nothing, whatever the schema's version.
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
pub(super) enum Audit {
    /// Work all signatures out again; names the first entry that is wrong.
    Verify,
    /// Print the log, one JSON object a line.
    Export,
}

#[derive(Subcommand)]
pub(super) enum Keys {
    /// List the keys with their states and how often they were used.
    List,
    /// Replace the key that signs access tokens. Tokens signed before stay valid until they expire.
    RotateSigning,
    /// Wrap all keys with the master key in the variable `MILKRUN_NEW_MASTER_KEY`.
    ChangeMaster,
}

#[derive(Subcommand)]
pub(super) enum Organisation {
    /// Print a link by which the first administrator of another organisation signs up, once, within three days.
    Add,
    /// Make a user administrator again: of an organisation that has lost its last one.
    Restore {
        /// The user's e-mail address.
        #[arg(long)]
        administrator: String,
        /// Give the roles `planner`, `viewer` and `driver`, too, what they allow in a new organisation.
        #[arg(long)]
        roles: bool,
    },
}
