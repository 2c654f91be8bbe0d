//! Amounts: kilograms, litres, or numbers whose unit nobody says.

use crate::fault::{Wrong, wrong};
use crate::vocabulary::key;

/// An amount, in each unit that is known of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Amounts {
    pub(crate) kilograms: Option<f64>,
    pub(crate) litres: Option<f64>,
    pub(crate) bare: Option<f64>,
}

impl Amounts {
    /// What either of the two knows.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            kilograms: self.kilograms.or(other.kilograms),
            litres: self.litres.or(other.litres),
            bare: self.bare.or(other.bare),
        }
    }

    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        let sum = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (one, other) => one.or(other),
        };
        Self {
            kilograms: sum(self.kilograms, other.kilograms),
            litres: sum(self.litres, other.litres),
            bare: sum(self.bare, other.bare),
        }
    }
}

/// The amount of so many units.
pub(crate) fn amounts(value: f64, unit: &str) -> Result<Amounts, Wrong> {
    let none = Amounts::default();
    Ok(match key(unit).as_str() {
        "" => Amounts { bare: Some(value), ..none },
        "kg" | "kilo" | "kilos" | "kilogramm" | "kilograms" => Amounts { kilograms: Some(value), ..none },
        "t" | "to" | "ton" | "tons" | "tonne" | "tonnes" | "tonnen" => {
            Amounts { kilograms: Some(value * 1_000.0), ..none }
        }
        "l" | "ltr" | "liter" | "litre" | "liters" | "litres" | "litros" | "litri" => {
            Amounts { litres: Some(value), ..none }
        }
        "m3" | "m³" | "cbm" => Amounts { litres: Some(value * 1_000.0), ..none },
        _ => {
            return Err(wrong(
                format!("has the unit {unit:?}, which is none of weight or volume"),
                "use kg, t, l or m3",
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        assert_eq!(amounts(7.5, "t").unwrap().kilograms, Some(7_500.0));
        assert_eq!(amounts(20.0, "m³").unwrap().litres, Some(20_000.0));
        assert_eq!(amounts(3.0, "").unwrap().bare, Some(3.0));
        assert!(amounts(3.0, "pallets").is_err());
    }
}
