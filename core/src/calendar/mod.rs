//! Moments with a date and a time zone.

mod origin;
#[cfg(any(feature = "io", feature = "forecast"))]
mod text;

pub use origin::Origin;
#[cfg(any(feature = "io", feature = "forecast"))]
pub use text::TimeError;
#[cfg(feature = "forecast")]
pub use text::{format_time, parse_time};
