//! Organisations that have lost their way.

use std::process::ExitCode;

use super::arguments::Organisation;
use super::{open, say};
use crate::auth::{Refusal, users};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;

pub(super) async fn run(config: &Config, command: Organisation) -> Result<ExitCode, Error> {
    let clock = Clock::default();
    let (store, ring) = open(config, &clock).await?;
    let Organisation::Restore { administrator, roles } = command;
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
