//! What one way of deciding costs and spares against another.

use crate::forecast::simulate::DecisionMetrics;

/// What things cost, in any money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImpactCosts {
    /// A kilometre.
    pub kilometre: f64,
    /// A visit, beside its kilometres.
    pub visit: f64,
    /// An overflow.
    pub overflow: f64,
}

/// What changes from a baseline to another policy; positive is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impact {
    /// Kilometres spared.
    pub kilometres: f64,
    /// Visits spared.
    pub visits: i64,
    /// Overflows avoided.
    pub overflows: i64,
    /// Money spared.
    pub money: f64,
    /// Money spared as a share of what the baseline costs; NaN where that is nothing.
    pub share: f64,
}

/// Compares a policy with a baseline on the same city and days.
pub fn impact(baseline: &DecisionMetrics, policy: &DecisionMetrics, costs: &ImpactCosts) -> Impact {
    let money = |m: &DecisionMetrics| {
        costs.kilometre * m.kilometres + costs.visit * m.visits as f64 + costs.overflow * m.overflows as f64
    };
    let spared = money(baseline) - money(policy);
    Impact {
        kilometres: baseline.kilometres - policy.kilometres,
        visits: baseline.visits as i64 - policy.visits as i64,
        overflows: baseline.overflows as i64 - policy.overflows as i64,
        money: spared,
        share: spared / money(baseline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        let of =
            |kilometres, visits, overflows| DecisionMetrics { visits, overflows, kilometres, ..Default::default() };
        let costs = ImpactCosts { kilometre: 2.0, visit: 1.0, overflow: 10.0 };
        let found = impact(&of(10.0, 20, 6), &of(8.0, 25, 1), &costs);
        assert_eq!((found.visits, found.overflows, found.money), (-5, 5, 49.0));
        assert_eq!(found.share, 0.49);
    }
}
