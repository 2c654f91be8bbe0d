//! Converts raw decimals to a problem's integers.

use crate::io::FaultKind;
use crate::io::fault::Faults;
use crate::io::text::{self, number};
use crate::model::TimeWindow;
use crate::travel::Rounding;
use crate::units::{MAX_COST, MAX_VALUE};

/// What a number measures, which determines its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// A load or duration: 0 to `MAX_VALUE`.
    Amount,
    /// An upper limit: from `MAX_VALUE` on, it is no restriction and becomes `MAX_VALUE`.
    Limit,
    /// Prizes and costs: 0 to `MAX_COST`.
    Money,
    /// A point in time: ±`MAX_VALUE`.
    Time,
    /// The end of a time window: from `MAX_VALUE` on, the window has no end.
    Deadline,
    /// A count that no rounding convention scales; from `MAX_VALUE` on, it becomes `MAX_VALUE`.
    Count,
    /// A price for each unit, which no rounding convention scales.
    Rate,
}

impl Quantity {
    /// The integer that represents `raw`. A NaN marks a token that has already been reported, and becomes 0.
    pub(super) fn integer(self, raw: f64, rounding: Rounding) -> Result<i64, FaultKind> {
        if raw.is_nan() {
            return Ok(0);
        }
        let signed = matches!(self, Self::Time | Self::Deadline);
        if raw < 0.0 && !signed {
            return Err(FaultKind::Negative);
        }
        let value = match self {
            Self::Count | Self::Rate if raw.fract() != 0.0 => return Err(FaultKind::NotAnInteger),
            Self::Count | Self::Rate => Rounding::None.apply(raw),
            _ if rounding == Rounding::None && raw.fract() != 0.0 => return Err(FaultKind::Fractional),
            _ => rounding.apply(raw),
        };
        match self {
            Self::Limit | Self::Deadline | Self::Count if value >= MAX_VALUE => Ok(MAX_VALUE),
            Self::Money if value > MAX_COST => Err(FaultKind::TooLarge { limit: MAX_COST }),
            Self::Amount | Self::Time | Self::Rate if value > MAX_VALUE => {
                Err(FaultKind::TooLarge { limit: MAX_VALUE })
            }
            Self::Time | Self::Deadline if value < -MAX_VALUE => Err(FaultKind::TooLarge { limit: MAX_VALUE }),
            _ => Ok(value),
        }
    }
}

/// Where a number was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) line: usize,
    pub(super) section: &'a str,
}

impl Place<'_> {
    pub(super) fn fault(self, faults: &mut Faults, text: impl Into<String>, kind: FaultKind) {
        faults.push(self.line, self.section, text, kind);
    }

    /// The integer that represents `raw`; 0 if a fault is reported.
    pub(super) fn integer(self, faults: &mut Faults, quantity: Quantity, raw: f64, rounding: Rounding) -> i64 {
        quantity.integer(raw, rounding).unwrap_or_else(|kind| {
            self.fault(faults, text::show_number(raw), kind);
            0
        })
    }

    /// The window from two raw times.
    pub(super) fn window(self, faults: &mut Faults, early: f64, late: f64, rounding: Rounding) -> TimeWindow {
        let window = TimeWindow::new(
            self.integer(faults, Quantity::Time, early, rounding),
            self.integer(faults, Quantity::Deadline, late, rounding),
        );
        if early > late {
            let shown = format!("{} {}", text::show_number(early), text::show_number(late));
            self.fault(faults, shown, FaultKind::InvertedWindow);
        }
        window
    }

    /// The zero-based index of the number `raw` in `low ..= high` (`low` becomes 0). A NaN marks a token that has
    /// already been reported.
    pub(super) fn index(
        self,
        faults: &mut Faults,
        raw: f64,
        what: &'static str,
        low: usize,
        high: usize,
    ) -> Option<usize> {
        if raw.is_nan() {
            return None;
        }
        if raw.fract() != 0.0 {
            self.fault(faults, text::show_number(raw), FaultKind::NotAnInteger);
            None
        } else if raw < low as f64 || raw > high as f64 {
            self.fault(faults, text::show_number(raw), FaultKind::OutOfRange { what, low, high });
            None
        } else {
            Some(raw as usize - low)
        }
    }

    /// The numbers of a row; NaN marks a token that is reported here.
    pub(super) fn numbers(self, faults: &mut Faults, line: &[u8], values: &mut Vec<f64>) {
        let mut reported = false;
        for token in text::tokens(line) {
            let value = number(token).unwrap_or_else(|kind| {
                if !reported {
                    self.fault(faults, text::shown(token), kind);
                }
                reported = true;
                f64::NAN
            });
            values.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        let integer = |q: Quantity, raw| q.integer(raw, Rounding::Dimacs);
        assert_eq!(integer(Quantity::Amount, 2.59), Ok(25));
        assert_eq!(integer(Quantity::Amount, -0.1), Err(FaultKind::Negative));
        assert_eq!(integer(Quantity::Amount, 2e9), Err(FaultKind::TooLarge { limit: MAX_VALUE }));
        assert_eq!(integer(Quantity::Limit, 2e9), Ok(MAX_VALUE));
        assert_eq!(integer(Quantity::Money, 2e9), Ok(20_000_000_000));
        assert_eq!(integer(Quantity::Money, 1e300), Err(FaultKind::TooLarge { limit: MAX_COST }));
        assert_eq!(integer(Quantity::Time, -3.0), Ok(-30));
        assert_eq!(integer(Quantity::Deadline, 1e300), Ok(MAX_VALUE));
        assert_eq!(integer(Quantity::Deadline, -1e300), Err(FaultKind::TooLarge { limit: MAX_VALUE }));
        assert_eq!(integer(Quantity::Count, 7.0), Ok(7));
        assert_eq!(integer(Quantity::Rate, 1.5), Err(FaultKind::NotAnInteger));
        assert_eq!(Quantity::Amount.integer(1.5, Rounding::None), Err(FaultKind::Fractional));
    }
}
