//! What outside systems are for, with any provider.

use milkrun::CancelToken;
use serde::{Deserialize, Serialize};

use crate::error::CallError;
use crate::guard::Health;

/// What all adapters have.
pub trait Provider: Send + Sync {
    /// The provider's name, in lower case.
    fn name(&self) -> &'static str;

    /// Whether what is sent twice with the same key is done once. Where it is not, a call that may have arrived and is repeated is
    /// done twice at worst.
    fn honours_keys(&self) -> bool;

    /// How the provider does. `None`: nothing is called that could fail to answer.
    fn health(&self) -> Option<Health>;
}

/// What a provider says of something that it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The provider's name for it.
    pub reference: String,
}

/// A short message to a telephone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The number, with a plus and the country's code: `+4915112345678`.
    pub to: String,
    /// What it says.
    pub text: String,
}

/// Short messages.
pub trait Messages: Provider {
    /// Sends one. `key` is the same whenever the same message is sent again.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it is not known to be sent.
    fn send(&self, message: &Message, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError>;
}

/// An e-mail in plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// E-mail.
pub trait Mail: Provider {
    /// Sends one; as [`Messages::send`].
    ///
    /// # Errors
    ///
    /// [`CallError`] if it is not known to be sent.
    fn send(&self, letter: &Letter, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError>;
}

/// A client that pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Our own name for it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where invoices go.
    pub email: String,
}

/// What is to be paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceItem {
    /// What it is: emptyings of a bin, tonnes.
    pub description: String,
    /// How many, or how much.
    pub quantity: u32,
    /// Price of one, in the currency's smallest unit.
    pub unit_amount: i64,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// The provider's name for the customer, from [`Payments::customer`].
    pub customer: String,
    /// Three letters in lower case: `eur`.
    pub currency: String,
    /// What is to be paid for.
    pub items: Vec<InvoiceItem>,
    /// Days until it is due.
    pub days_until_due: u32,
}

/// What a provider has of an invoice that was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// That is not known.
    Unknown,
    /// Nothing: that is certain.
    Nothing,
    /// Nothing, nor is there the customer, who was deleted or never made.
    NoCustomer,
}

/// Why an invoice was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct NotInvoiced {
    /// What was wrong.
    pub error: CallError,
    /// What the provider has of the invoice.
    pub remains: Remains,
}

impl From<CallError> for NotInvoiced {
    /// What the provider has of it is not known.
    fn from(error: CallError) -> Self {
        Self { error, remains: Remains::Unknown }
    }
}

/// Payments.
pub trait Payments: Provider {
    /// The provider's own name for the account, whatever it is called with: the same for each of its secrets, and another one for each other
    /// account. Where the secret may not ask for it, a name for the secret.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it cannot be had.
    fn account(&self, cancel: &CancelToken) -> Result<String, CallError>;

    /// Makes a customer known; the receipt names it.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it is not known to be made.
    fn customer(&self, customer: &Customer, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError>;

    /// Makes an invoice and has it sent.
    ///
    /// # Errors
    ///
    /// [`NotInvoiced`] if it is not known to be sent. Asking again with the same key and the same customer goes on where it stopped. Once
    /// nothing of it is there, another attempt takes another key.
    fn invoice(&self, invoice: &Invoice, key: &str, cancel: &CancelToken) -> Result<Receipt, NotInvoiced>;

    /// Gives a payment back, or `amount` of it, in the currency's smallest unit.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it is not known to be given back.
    fn refund(&self, payment: &str, amount: Option<i64>, key: &str, cancel: &CancelToken)
    -> Result<Receipt, CallError>;
}

/// Where a vehicle was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// The provider's name for the vehicle.
    pub vehicle: String,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// Metres a second.
    pub speed: f64,
}

/// A part of what has come in since a cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Positions, in the provider's order.
    pub positions: Vec<Position>,
    /// How many positions were passed over, since they cannot be read or are no place.
    pub passed_over: usize,
    /// What is wrong with the first of them; empty: nothing.
    pub why: String,
    /// Where the next page begins.
    pub cursor: String,
    /// Whether there is more already.
    pub has_more: bool,
}

/// A stop of a route for a driver's device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DispatchStop {
    /// What it is called.
    pub name: String,
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// When the vehicle is expected, milliseconds since 1970.
    pub arrival: i64,
}

/// A route for a driver's device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// Our own name for it, letters and digits: a route takes the place of one that was sent under the same name.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The provider's name for the vehicle.
    pub vehicle: String,
    /// Its stops, in order; the first is where it starts. Without any, the route that was sent before is taken back.
    pub stops: Vec<DispatchStop>,
}

/// What was sent before a route, and is to be gone: the keys of older versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// Those that were sent, as is known.
    pub sent: Vec<String>,
    /// Those of which an attempt may still arrive.
    pub uncertain: Vec<String>,
}

/// Vehicles that tell where they are.
pub trait Telematics: Provider {
    /// Positions since a cursor; from now on if there is none.
    ///
    /// # Errors
    ///
    /// [`CallError`] if they cannot be had.
    fn positions(&self, cursor: Option<&str>, cancel: &CancelToken) -> Result<Page, CallError>;

    /// Sends a route to a vehicle, in place of the ones before. They are gone when this is done, also those that arrive meanwhile.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it is not known to be sent, or not known to be the only one.
    fn dispatch(
        &self,
        route: &Dispatch,
        key: &str,
        replaced: &Replaced,
        cancel: &CancelToken,
    ) -> Result<Receipt, CallError>;

    /// Takes back the route that was sent under a key, if there is one.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it is not known to be gone.
    fn take_back(&self, key: &str, cancel: &CancelToken) -> Result<(), CallError>;
}

/// Something near what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// Its name.
    pub id: String,
    /// The Euclidean distance of the vectors.
    pub distance: f64,
}

/// Nearest neighbours among vectors: days that were like tomorrow.
pub trait Similarity: Provider {
    /// Keeps a vector under a name, in place of one that was there.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it is not kept, or is not as long as the others.
    fn keep(&self, id: &str, vector: &[f32], cancel: &CancelToken) -> Result<(), CallError>;

    /// The nearest of them, the nearest first.
    ///
    /// # Errors
    ///
    /// [`CallError`] if they cannot be had.
    fn nearest(&self, vector: &[f32], count: usize, cancel: &CancelToken) -> Result<Vec<Near>, CallError>;
}
