//! The entry: signing in with a password, what is new or odd about it, and what is done then.
//!
//! Every sign-in with a right password gets a score ([`signs`]) from the person's own history, from failures before it, and from
//! lists of addresses ([`addresses`]). From thresholds of the settings on, the person gets a letter, or more than the password is
//! asked for, or it is refused like a wrong password. Devices are known by a random secret that was given to them: nothing about the
//! browser or the screen is measured.

mod addresses;
mod confirmation;
mod door;
mod history;
mod letters;
#[cfg(test)]
mod rehearsal;
mod signs;

pub(crate) use addresses::Addresses;
pub(crate) use door::{Door, Visit};
pub(crate) use history::{Seen, of_organisation, of_user};
