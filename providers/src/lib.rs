//! Outside systems that the service talks to: one trait for each capability ([`Messages`], [`Mail`], [`Payments`], [`Telematics`],
//! [`Similarity`]), one adapter for each provider, and one that needs no account anywhere and is the default. Travel times
//! and maps are the business of `milkrun-sources`.
//!
//! Every adapter calls by way of one [`Client`], so that all have the same limits of time, the same retries, one circuit breaker, one
//! bulkhead, one budget of money by day, and one [`Meter`] that counts. [`webhooks`] verifies what providers send, and signs
//! what the service sends to others.
//!
//! Nothing here knows a database, a runtime or a web framework. Calls block; the clock, the random numbers and the budget are
//! arguments.

mod budget;
mod capabilities;
mod client;
mod error;
mod guard;
mod local;
mod meter;
mod neighbours;
mod samsara;
mod sendgrid;
mod stripe;
mod sync;
#[cfg(test)]
mod tests;
mod twilio;
mod weaviate;
pub mod webhooks;

pub use budget::{DayBudget, OverBudget, Purse};
pub use capabilities::{
    Customer, Dispatch, DispatchStop, Invoice, InvoiceItem, Letter, Mail, Message, Messages, Near, NotInvoiced, Page,
    Payments, Position, Provider, Receipt, Remains, Replaced, Similarity, Telematics,
};
pub use client::{Account, Client, ClientOptions};
pub use error::CallError;
pub use guard::{Breaker, BreakerSettings, Bulkhead, Health, Pass, Room, State};
pub use local::{LocalOutbox, LocalPositions};
pub use meter::{Meter, Metered, Outcome, Unmetered};
pub use milkrun_sources::SetupError;
pub use milkrun_sources::web::{Clock, HttpSettings, Patience, Reach, SystemClock, Wait, chance};
pub use neighbours::Neighbours;
pub use samsara::Samsara;
pub use sendgrid::{SendGrid, SendGridSettings};
pub use stripe::Stripe;
pub use twilio::{Twilio, TwilioSettings};
pub use weaviate::{Weaviate, WeaviateSettings};
