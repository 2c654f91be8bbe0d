//! Organisations: another one, and those that have lost their way.

use std::process::ExitCode;

use super::arguments::Organisation;
use super::{open, say};
use crate::audit::{self, Event};
use crate::auth::invitations::{self, Invited};
use crate::auth::{Refusal, users};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::storage::Store;

pub(super) async fn run(config: &Config, command: Organisation) -> Result<ExitCode, Error> {
    let clock = Clock::default();
    let (store, ring) = open(config, &clock).await?;
    let (administrator, roles) = match command {
        Organisation::Add => return add(config, &store, &ring, clock.now()).await,
        Organisation::Restore { administrator, roles } => (administrator, roles),
    };
    match users::restore(&store, &ring, &administrator.to_lowercase(), roles, clock.now()).await {
        Ok(user) => {
            say(&format!("{} ({}) is an active administrator", user.email, user.id));
            if roles {
                say("the roles admin, planner, viewer and driver allow what they do in a new organisation");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(Refusal::Inner(error)) => Err(error),
        Err(Refusal::Missing) => Err(Error::Refused(format!("there is no account with the address {administrator}"))),
        Err(other) => Err(Error::Refused(other.to_string())),
    }
}

/// Makes a link by which an organisation is founded.
async fn add(config: &Config, store: &Store, ring: &KeyRing, now: i64) -> Result<ExitCode, Error> {
    let mut tx = store.begin().await?;
    let secret = invitations::create(&mut tx, Invited::Founder, now).await.map_err(|refusal| match refusal {
        Refusal::Inner(error) => error,
        other => Error::Refused(other.to_string()),
    })?;
    audit::append(&mut tx, ring, now, Event::new("organisation.invited")).await?;
    tx.commit().await?;
    say(&format!(
        "sign up the first administrator, once, within three days: {}/#sign-up={secret}",
        config.public_url()
    ));
    Ok(ExitCode::SUCCESS)
}
