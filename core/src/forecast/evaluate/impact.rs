//! Costs and savings of one policy relative to another.

use crate::forecast::simulate::DecisionMetrics;

/// Unit costs, in any currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImpactCosts {
    /// A kilometre.
    pub kilometre: f64,
    /// A visit, excluding its kilometres.
    pub visit: f64,
    /// An overflow.
    pub overflow: f64,
}

impl ImpactCosts {
    /// Cost of a policy.
    pub fn of(&self, metrics: &DecisionMetrics) -> f64 {
        let DecisionMetrics { kilometres, visits, overflows, .. } = *metrics;
        self.kilometre * kilometres + self.visit * visits as f64 + self.overflow * overflows as f64
    }
}

/// Change from a baseline to another policy; positive is better.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Impact {
    /// Kilometres saved.
    pub kilometres: f64,
    /// Visits saved.
    pub visits: i64,
    /// Overflows avoided.
    pub overflows: i64,
    /// Money saved.
    pub money: f64,
    /// Money saved as a share of the baseline's cost; NaN if that is zero.
    pub share: f64,
}

/// As a sentence: savings are reported as less, losses as more.
impl std::fmt::Display for Impact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = |positive: bool| if positive { "less" } else { "more" };
        let (kilometres, visits, overflows) = (self.kilometres, self.visits, self.overflows);
        write!(f, "{:.1} km {}, ", kilometres.abs(), word(kilometres >= 0.0))?;
        write!(f, "{} visits {}, ", visits.unsigned_abs(), word(visits >= 0))?;
        write!(f, "{} overflows {}: ", overflows.unsigned_abs(), word(overflows >= 0))?;
        write!(f, "cost {:.2} {}", self.money.abs(), word(self.money >= 0.0))?;
        if self.share.is_finite() { write!(f, " ({:.1} %)", self.share.abs() * 100.0) } else { Ok(()) }
    }
}

/// Compares a policy with a baseline for the same city and days.
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
        let text = "2.0 km less, 5 visits more, 5 overflows less: cost 49.00 less (49.0 %)";
        assert_eq!(found.to_string(), text);
        let nothing = impact(&of(0.0, 0, 0), &of(1.0, 0, 0), &costs);
        assert_eq!(nothing.to_string(), "1.0 km more, 0 visits less, 0 overflows less: cost 2.00 more");
    }
}
