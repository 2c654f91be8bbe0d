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

impl ImpactCosts {
    /// What a policy cost.
    pub fn of(&self, metrics: &DecisionMetrics) -> f64 {
        let DecisionMetrics { kilometres, visits, overflows, .. } = *metrics;
        self.kilometre * kilometres + self.visit * visits as f64 + self.overflow * overflows as f64
    }
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

/// As a sentence: what is spared is said to be less, and what is lost to be more.
impl std::fmt::Display for Impact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = |positive: bool| if positive { "less" } else { "more" };
        let (kilometres, visits, overflows) = (self.kilometres, self.visits, self.overflows);
        write!(f, "{:.1} km {}, ", kilometres.abs(), word(kilometres >= 0.0))?;
        write!(f, "{} visits {}, ", visits.unsigned_abs(), word(visits >= 0))?;
        write!(f, "{} overflows {}: ", overflows.unsigned_abs(), word(overflows >= 0))?;
        write!(f, "{:.2} of money {}", self.money.abs(), word(self.money >= 0.0))?;
        if self.share.is_finite() { write!(f, " ({:.1} %)", self.share.abs() * 100.0) } else { Ok(()) }
    }
}

/// Compares a policy with a baseline on the same city and days.
pub fn impact(baseline: &DecisionMetrics, policy: &DecisionMetrics, costs: &ImpactCosts) -> Impact {
    let spared = costs.of(baseline) - costs.of(policy);
    Impact {
        kilometres: baseline.kilometres - policy.kilometres,
        visits: baseline.visits as i64 - policy.visits as i64,
        overflows: baseline.overflows as i64 - policy.overflows as i64,
        money: spared,
        share: spared / costs.of(baseline),
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
        let text = "2.0 km less, 5 visits more, 5 overflows less: 49.00 of money less (49.0 %)";
        assert_eq!(found.to_string(), text);
        let nothing = impact(&of(0.0, 0, 0), &of(1.0, 0, 0), &costs);
        assert_eq!(nothing.to_string(), "1.0 km more, 0 visits less, 0 overflows less: 2.00 of money more");
    }
}
