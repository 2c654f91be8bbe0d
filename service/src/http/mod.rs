//! The service over HTTP. Handlers read a request, call what does the work, and write the answer; nothing else.

mod access;
mod account;
mod admin;
mod alternatives;
mod analytics;
mod billing;
mod boards;
mod connections;
mod days;
mod documents;
mod driver_page;
mod drivers;
mod driving;
mod features;
mod fleet;
mod forecasts;
mod guard;
mod input;
mod metrics;
mod models;
mod networks;
mod page;
mod passkeys;
mod plans;
mod pragmatic;
mod privacy;
mod problem;
mod providers;
mod server;
mod shares;
mod sign_ins;
mod streams;
mod upload;
mod vroom;
mod within_request;

#[cfg(test)]
pub(crate) use access::App;
pub(crate) use access::AppState;
pub(crate) use documents::document;
#[cfg(test)]
pub(crate) use documents::router;
pub(crate) use server::serve;

pub(crate) use metrics::install as install_metrics;
