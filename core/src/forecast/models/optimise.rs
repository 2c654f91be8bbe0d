//! Minimisation of a smooth function of a few variables.

/// Finds a minimum by Nelder and Mead (1965), [doi:10.1093/comjnl/7.4.308](https://doi.org/10.1093/comjnl/7.4.308): no
/// derivatives, at most `most` evaluations. Values that are not finite count as the worst.
pub(super) fn nelder_mead(start: &[f64], step: f64, most: usize, mut function: impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    let n = start.len();
    let mut used = 0;
    let mut of = |x: &[f64]| {
        used += 1;
        let value = function(x);
        (if value.is_finite() { value } else { f64::INFINITY }, used)
    };
    let mut simplex: Vec<(f64, Vec<f64>)> = vec![(of(start).0, start.to_vec())];
    for i in 0..n {
        let mut x = start.to_vec();
        x[i] += step;
        simplex.push((of(&x).0, x));
    }
    loop {
        simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (best, worst) = (simplex[0].0, simplex[n].0);
        if n == 0 || worst - best <= 1e-9 * (best.abs() + 1e-12) {
            break;
        }
        let centre: Vec<f64> = (0..n).map(|k| simplex[..n].iter().map(|p| p.1[k]).sum::<f64>() / n as f64).collect();
        let towards =
            |factor: f64| -> Vec<f64> { (0..n).map(|k| centre[k] + factor * (simplex[n].1[k] - centre[k])).collect() };
        let reflected = towards(-1.0);
        let (value, count) = of(&reflected);
        if count >= most {
            break;
        }
        let (candidate, x) = if value < best {
            let expanded = towards(-2.0);
            let further = of(&expanded).0;
            if further < value { (further, expanded) } else { (value, reflected) }
        } else if value < simplex[n - 1].0 {
            (value, reflected)
        } else {
            let contracted = towards(if value < worst { -0.5 } else { 0.5 });
            (of(&contracted).0, contracted)
        };
        if candidate < worst.min(value) || candidate < simplex[n - 1].0 {
            simplex[n] = (candidate, x);
            continue;
        }
        let nearest = simplex[0].1.clone();
        for point in &mut simplex[1..] {
            for (x, near) in point.1.iter_mut().zip(&nearest) {
                *x = near + 0.5 * (*x - near);
            }
            point.0 = of(&point.1).0;
        }
    }
    simplex.swap_remove(0).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosenbrock() {
        let found =
            nelder_mead(&[-1.2, 1.0], 0.5, 2000, |x| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2));
        assert!((found[0] - 1.0).abs() < 1e-3 && (found[1] - 1.0).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn a_function_that_is_nowhere_finite_ends() {
        assert_eq!(nelder_mead(&[1.0], 0.5, 50, |_| f64::NAN), [1.0]);
    }
}
