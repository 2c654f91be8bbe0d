//! What any client of a web service needs: its address, encryption, one request with limits of time and size, how long to
//! wait before the next attempt, and limits by the minute. The sources of travel tables are built on it, and so are the
//! adapters of other services.

mod address;
mod clock;
mod message;
mod pace;
mod reach;
mod retry;
mod settings;
mod tls;
mod transport;

pub use address::Address;
pub use clock::{Clock, SystemClock};
pub use message::{message, redacted};
pub use pace::Pace;
pub use reach::{Reach, is_public};
pub use retry::{Patience, Wait, chance, retry_after};
pub use settings::HttpSettings;
pub use transport::{Answer, Body, Failure, Method, Request, Transport};
