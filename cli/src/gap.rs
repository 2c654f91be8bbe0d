//! The gap between a cost and a reference.

use milkrun::units::Cost;

/// By how many percent `cost` exceeds `reference`; `None` if the reference is not positive.
pub(crate) fn percent(cost: Cost, reference: Cost) -> Option<f64> {
    (reference > 0).then(|| 100.0 * (cost as f64 / reference as f64 - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_below_and_undefined() {
        assert_eq!(percent(150, 100), Some(50.0));
        assert_eq!(percent(75, 100), Some(-25.0));
        assert_eq!(percent(5, 0), None);
    }
}
