//! The hypervolume: how much a front covers.

/// The volume that points dominate up to a reference, which none of them may exceed: smaller values are better. Of one to three
/// objectives; of more, by recursion, which takes long.
///
/// Zitzler & Thiele 1998, doi:10.1007/BFb0056872.
///
/// ```
/// use milkrun::pareto::hypervolume;
///
/// // Of a square of 3 by 3: the first point leaves 2 by 1, the second 1 by 2, which share one.
/// assert_eq!(hypervolume(&[vec![1.0, 2.0], vec![2.0, 1.0]], &[3.0, 3.0]), 3.0);
/// ```
pub fn hypervolume(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    let Some((&last, others)) = reference.split_last() else { return 1.0 };
    let mut inside: Vec<&Vec<f64>> = points
        .iter()
        .filter(|point| {
            point.len() == reference.len() && point.iter().zip(reference).all(|(value, limit)| value < limit)
        })
        .collect();
    let height = |point: &Vec<f64>| point.last().copied().unwrap_or(last);
    inside.sort_by(|a, b| height(a).total_cmp(&height(b)));
    // Slices along the last objective: each has the points below it.
    let mut volume = 0.0;
    for (i, point) in inside.iter().enumerate() {
        let next = inside.get(i + 1).map_or(last, |next| height(next));
        let thickness = next - height(point);
        if thickness > 0.0 {
            let below: Vec<Vec<f64>> = inside[..=i].iter().map(|p| p[..others.len()].to_vec()).collect();
            volume += thickness * hypervolume(&below, others);
        }
    }
    volume
}

/// How much of the box from the best values to a tenth beyond the worst a front covers, from 0 to 1.
pub(super) fn share(values: &[&[i64]]) -> f64 {
    const BEYOND: f64 = 1.1;
    let dimensions = values.first().map_or(0, |first| first.len());
    if dimensions == 0 {
        return 0.0;
    }
    let range = |d: usize| {
        let of = values.iter().map(|point| point[d]);
        let (least, most) = (of.clone().min().unwrap_or(0), of.max().unwrap_or(0));
        (least as f64, ((most - least) as f64).max(1.0))
    };
    let ranges: Vec<(f64, f64)> = (0..dimensions).map(range).collect();
    let scaled = |point: &&[i64]| {
        point.iter().zip(&ranges).map(|(&value, (least, range))| (value as f64 - least) / range).collect::<Vec<f64>>()
    };
    let points: Vec<Vec<f64>> = values.iter().map(scaled).collect();
    hypervolume(&points, &vec![BEYOND; dimensions]) / BEYOND.powi(dimensions as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_by_hand() {
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        close(hypervolume(&[vec![1.0]], &[4.0]), 3.0);
        close(hypervolume(&[], &[4.0, 4.0]), 0.0);
        close(hypervolume(&[vec![5.0, 0.0]], &[4.0, 4.0]), 0.0);
        // Two boxes of 1 by 1 by 2 and 2 by 1 by 1 that share one unit cube.
        close(hypervolume(&[vec![1.0, 1.0, 0.0], vec![0.0, 1.0, 1.0]], &[2.0, 2.0, 2.0]), 3.0);
        // A point that another one dominates adds nothing.
        close(hypervolume(&[vec![1.0, 1.0], vec![2.0, 2.0]], &[3.0, 3.0]), 4.0);
        close(share(&[&[10, 20]]), 1.0);
        // (1.1² − 1) of 1.1².
        close(share(&[&[0, 10], &[10, 0]]), 0.21 / 1.21);
    }
}
