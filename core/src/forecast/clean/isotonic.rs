//! The non-decreasing sequence nearest to noisy readings.

/// Replaces `values` by the non-decreasing sequence with the least squared distance: pool adjacent violators.
///
/// Between two emptyings a level cannot fall; clipping falls to zero instead would count noise as waste.
/// Ayer et al. (1955), [doi:10.1214/aoms/1177728423](https://doi.org/10.1214/aoms/1177728423).
pub(super) fn make_non_decreasing(values: &mut [f64]) {
    let mut blocks: Vec<(f64, usize)> = Vec::with_capacity(values.len());
    for &value in values.iter() {
        blocks.push((value, 1));
        while let [.., a, b] = blocks[..] {
            if a.0 <= b.0 {
                break;
            }
            let count = a.1 + b.1;
            let mean = (a.0 * a.1 as f64 + b.0 * b.1 as f64) / count as f64;
            blocks.truncate(blocks.len() - 2);
            blocks.push((mean, count));
        }
    }
    let pooled = blocks.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count));
    for (value, pooled) in values.iter_mut().zip(pooled) {
        *value = pooled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_what_falls() {
        let mut values = [1.0, 3.0, 2.0, 2.0, 5.0, 4.0];
        make_non_decreasing(&mut values);
        let third = 7.0 / 3.0;
        for (value, expected) in values.iter().zip([1.0, third, third, third, 4.5, 4.5]) {
            assert!((value - expected).abs() < 1e-12, "{values:?}");
        }
    }
}
