//! Colours of routes.

/// The first routes have colours that all kinds of sight tell apart (Okabe & Ito 2008), on a light and on a dark ground; they
/// have no number of their own in any other theme.
const FIRST: [(&str, &str); 8] = [
    ("#0063a5", "#56b4e9"),
    ("#c24a00", "#ff9a4d"),
    ("#007a56", "#2fd3a0"),
    ("#a8387d", "#ee9fc9"),
    ("#8a6d00", "#f0d64a"),
    ("#5b3fb5", "#b9a6ff"),
    ("#2b2f36", "#f2f2f2"),
    ("#a61c28", "#ff8189"),
];

/// Dashes: the longer there are more routes than colours that are told apart at a glance.
const DASHES: [&str; 5] = ["", "9 4", "2 4", "12 4 2 4", "5 3"];

/// The colours of the route with that index on a light and on a dark ground. No two routes have the same: beyond the first
/// ones, hues advance by the golden angle.
pub(crate) fn colours(route: usize) -> (String, String) {
    if let Some((light, dark)) = FIRST.get(route) {
        return ((*light).to_owned(), (*dark).to_owned());
    }
    let hue = (route as f64 * 137.507_764).rem_euclid(360.0);
    let step = [0, 6, -6][route % 3];
    (format!("hsl({hue:.2} 68% {}%)", 36 + step), format!("hsl({hue:.2} 72% {}%)", 68 + step))
}

/// How its line is dashed; empty: not at all.
pub(crate) const fn dash(route: usize) -> &'static str {
    DASHES[route / FIRST.len() % DASHES.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_routes_look_the_same() {
        let seen: HashSet<_> = (0..1000).map(colours).collect();
        assert_eq!(seen.len(), 1000);
        assert_ne!(dash(0), dash(8));
    }
}
