//! Billing: what payers owe for emptyings that drivers have confirmed, and invoices for that.
//!
//! An emptying is billed if the newest word on it says that it was done, and so does the newest report of a driver; each is on one
//! invoice at most, which the database sees to. A draft holds its emptyings until it is deleted. What is approved goes through the
//! outbox to the organisation's provider of payments: the account, the customer and the key are written on it before anything is made
//! there, and every attempt goes by them. What cannot be sent is withdrawn, or resolved.
//!
//! All amounts are whole numbers of the currency's smallest unit. Where they are rounded, and how, [`money`] says.

mod approving;
mod drafting;
mod lines;
mod money;
mod withdrawing;

pub(crate) use approving::{Approval, Approved, approve};
pub(crate) use drafting::{Draft, Drafted, Period, delete, draft, find, list};
pub(crate) use withdrawing::{Left, resolve, withdraw};

pub(crate) use crate::storage::billing::{Invoice, Item};
