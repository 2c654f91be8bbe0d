//! Seasonal patterns of regular series.

/// The mean deviation of each phase from the moving average over a season, centred to sum zero. `values` must have at
/// least two seasons.
pub(super) fn pattern(values: &[f64], season: usize) -> Vec<f64> {
    let trend = |i: usize| -> Option<f64> {
        let half = season / 2;
        let (first, last) = (i.checked_sub(half)?, i + half);
        if last >= values.len() {
            return None;
        }
        let inner: f64 = values[first + 1..last].iter().sum();
        let ends = values[first] + values[last];
        // An even season reaches half a step beyond on each side.
        let sum = if season.is_multiple_of(2) { inner + ends / 2.0 } else { inner + ends };
        Some(sum / season as f64)
    };
    let mut sums = vec![(0.0, 0_u32); season];
    for (i, value) in values.iter().enumerate() {
        if let Some(trend) = trend(i) {
            let cell = &mut sums[i % season];
            *cell = (cell.0 + value - trend, cell.1 + 1);
        }
    }
    let means: Vec<f64> = sums.iter().map(|&(sum, n)| if n == 0 { 0.0 } else { sum / f64::from(n) }).collect();
    let centre = means.iter().sum::<f64>() / season as f64;
    means.iter().map(|mean| mean - centre).collect()
}

/// Whether the autocorrelation at the season is significant (one-sided, 5 %), by Bartlett's formula.
pub(super) fn is_seasonal(values: &[f64], season: usize) -> bool {
    if season < 2 || values.len() < 3 * season {
        return false;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    if variance <= 0.0 {
        return false;
    }
    let correlation = |lag: usize| {
        let pairs = values.iter().zip(&values[lag..]);
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / variance
    };
    let before: f64 = (1..season).map(|lag| correlation(lag).powi(2)).sum();
    correlation(season) > 1.645 * ((1.0 + 2.0 * before) / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_found() {
        let week = [3.0, -1.0, -1.0, -1.0, 0.0, 0.0, 0.0];
        let values: Vec<f64> = (0..70).map(|i| 10.0 + 0.1 * i as f64 + week[i % 7]).collect();
        for (found, expected) in pattern(&values, 7).iter().zip(week) {
            assert!((found - expected).abs() < 1e-9);
        }
        let level: Vec<f64> = values.iter().enumerate().map(|(i, v)| v - 0.1 * i as f64).collect();
        assert!(is_seasonal(&level, 7));
        assert!(!is_seasonal(&level, 5));
    }

    #[test]
    fn an_even_season() {
        let values: Vec<f64> = (0..16).map(|i| f64::from([2.0_f32, 0.0, -2.0, 0.0][i % 4])).collect();
        assert_eq!(pattern(&values, 4), [2.0, 0.0, -2.0, 0.0]);
    }
}
