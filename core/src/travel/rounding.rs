//! The conventions by which benchmark sets turn decimals into the integers that costs are compared in.

use std::fmt;
use std::str::FromStr;

/// A name that is not a rounding convention's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown rounding `{0}`: use one of round, trunc, dimacs, exact, none")]
pub struct UnknownRounding(pub String);

/// How decimals become integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rounding {
    /// To the nearest integer, halves away from zero (CVRPLIB's X set, TSPLIB's `EUC_2D`).
    #[default]
    Round,
    /// Cut off after the decimal point.
    Trunc,
    /// Ten times the value, cut off (DIMACS challenge on time windows: one decimal).
    Dimacs,
    /// A thousand times the value, to the nearest integer.
    Exact,
    /// No scaling: data must be integers already; computed lengths go to the nearest integer.
    None,
}

impl Rounding {
    /// All conventions, for listings.
    pub const ALL: [Self; 5] = [Self::Round, Self::Trunc, Self::Dimacs, Self::Exact, Self::None];

    /// The factor by which values grow: 1, 10 or 1000.
    pub const fn scale(self) -> f64 {
        match self {
            Self::Round | Self::Trunc | Self::None => 1.0,
            Self::Dimacs => 10.0,
            Self::Exact => 1000.0,
        }
    }

    /// The integer that represents `value`. Values beyond 64 bits saturate; NaN becomes 0.
    ///
    /// ```
    /// use milkrun::Rounding;
    /// assert_eq!(Rounding::Round.apply(2.5), 3);
    /// assert_eq!(Rounding::Trunc.apply(2.9), 2);
    /// assert_eq!(Rounding::Dimacs.apply(2.59), 25);
    /// assert_eq!(Rounding::Exact.apply(2.5999), 2600);
    /// ```
    #[inline]
    pub fn apply(self, value: f64) -> i64 {
        match self {
            Self::Round | Self::None => value.round() as i64,
            Self::Trunc => value as i64,
            Self::Dimacs => (10.0 * value) as i64,
            Self::Exact => (1000.0 * value).round() as i64,
        }
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Round => "round",
            Self::Trunc => "trunc",
            Self::Dimacs => "dimacs",
            Self::Exact => "exact",
            Self::None => "none",
        })
    }
}

impl FromStr for Rounding {
    type Err = UnknownRounding;

    fn from_str(s: &str) -> Result<Self, UnknownRounding> {
        Self::ALL.into_iter().find(|rounding| rounding.to_string() == s).ok_or_else(|| UnknownRounding(s.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for rounding in Rounding::ALL {
            assert_eq!(rounding.to_string().parse(), Ok(rounding));
        }
        let error = "up".parse::<Rounding>().unwrap_err();
        assert_eq!(error.to_string(), "unknown rounding `up`: use one of round, trunc, dimacs, exact, none");
    }
}
