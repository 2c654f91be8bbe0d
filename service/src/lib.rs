//! The reference service of milkrun: plans over HTTP, signed in, encrypted, persistent.
//!
//! The program's whole surface is its command line ([`main`]) and what it serves; the chapter on the service in the
//! book describes both. Nothing here plans routes: that is the business of the `milkrun` crate.

mod analytics;
mod audit;
mod auth;
mod background;
mod backup;
mod billing;
mod clock;
mod commands;
mod config;
mod crypto;
mod driving;
mod entry;
mod error;
mod fleet;
mod forecasts;
mod http;
mod ids;
mod inviting;
mod logging;
mod mfa;
mod networks;
mod notices;
mod operations;
mod outbox;
mod planning;
mod privacy;
mod providers;
mod raw;
mod services;
mod storage;
#[cfg(test)]
mod testing;
mod traces;
mod webhooks;

use std::process::ExitCode;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    commands::main()
}
