//! Prices of a tonne by material, as they are written down: `paper=4000 glass=2500`.

/// What they look like.
pub(super) const PATTERN: &str = "^( *[^ =]+=[0-9]{1,10}( +[^ =]+=[0-9]{1,10})* *)?$";
/// Largest price of a tonne.
const MOST: i64 = 1_000_000_000;

/// Materials with their prices, in the order in which they stand.
///
/// # Errors
///
/// What is wrong with them.
pub(crate) fn read(text: &str) -> Result<Vec<(&str, i64)>, String> {
    let mut prices: Vec<(&str, i64)> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let (material, digits) = word.split_once('=').unwrap_or_default();
        let price = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        let Some(price) = price.filter(|price| (0..=MOST).contains(price) && !material.is_empty()) else {
            return Err(format!("{word:?}: give a material and its price, such as paper=4000, at most {MOST}"));
        };
        if material.chars().any(char::is_control) {
            return Err(format!("{material:?} is no word for a material"));
        }
        if prices.iter().any(|(known, _)| *known == material) {
            return Err(format!("{material:?} is given twice: give it once"));
        }
        prices.push((material, price));
    }
    Ok(prices)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn prices_are_read_as_they_are_written() {
        assert_eq!(read("").unwrap(), []);
        assert_eq!(read(" paper=4000  Glas=0 ").unwrap(), [("paper", 4_000), ("Glas", 0)]);
        for wrong in ["paper", "paper=", "=5", "paper=-1", "paper=1.5", "paper=1000000001", "a=1 a=2", "a=b=1", "a=+1"]
        {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
