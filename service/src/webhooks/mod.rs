//! Webhooks: what providers tell is verified and kept before it is acknowledged; events go to the endpoints that users chose.

mod endpoints;
mod incoming;

pub(crate) use endpoints::{EVENTS, Made, ShownEndpoint, add, list, remove, renew, told};
pub(crate) use incoming::{Refused, receive};
