//! Units of every quantity: exact integers, whose meaning the problem's author chooses.
//!
//! Readers of benchmark files scale decimals by the named [`Rounding`](crate::Rounding) convention; an application
//! typically takes metres and seconds. Every quantity must stay within ±[`MAX_VALUE`], which leaves room for the sums
//! that a search forms; [`ProblemBuilder::build`](crate::ProblemBuilder::build) reports what lies outside.

/// A length of travel, in whole units (metres, unless the problem's author scales otherwise).
pub type Distance = i64;

/// A length of time, in whole units (seconds, unless the problem's author scales otherwise).
pub type Duration = i64;

/// A point in time: [`Duration`] since the planning origin.
pub type Time = i64;

/// Money, in whole units of the smallest coin that matters to the problem's author.
pub type Cost = i64;

/// An amount in one load dimension (kilograms, litres, pallets, …).
pub type Load = i64;

/// The largest distance, duration, load or time that a problem may hold: 2³⁰ − 1.
///
/// A metre-second model reaches a million kilometres and 34 years before it meets this bound.
pub const MAX_VALUE: i64 = (1 << 30) - 1;

/// The largest fixed cost or prize that a problem may hold: 2⁴⁰.
pub const MAX_COST: i64 = 1 << 40;
