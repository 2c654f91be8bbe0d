//! Plans of which none is better than another in all respects.

use super::FrontPoint;
use crate::plan::Plan;

/// Whether the first values are nowhere worse than the others.
pub(super) fn covers(a: &[i64], b: &[i64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b)
}

/// The plans found so far of which no other one covers any.
#[derive(Default)]
pub(super) struct Archive {
    pub(super) points: Vec<FrontPoint>,
}

impl Archive {
    /// Adds a plan, unless one that is there is nowhere worse. Those that the plan covers go.
    pub(super) fn add(&mut self, values: Vec<i64>, plan: Plan) {
        if self.points.iter().any(|known| covers(&known.values, &values)) {
            return;
        }
        self.points.retain(|known| !covers(&values, &known.values));
        self.points.push(FrontPoint { values, plan });
    }

    /// The plan with the least first value among those that keep to limits of the others, or else the one that exceeds them least
    /// in proportion.
    pub(super) fn nearest(&self, limits: &[Option<i64>]) -> Option<&Plan> {
        let excess = |point: &FrontPoint| -> f64 {
            let beyond = |(value, limit): (&i64, &Option<i64>)| {
                limit.map_or(0.0, |limit| (value - limit).max(0) as f64 / (limit.abs() as f64 + 1.0))
            };
            point.values.iter().zip(limits).map(beyond).sum()
        };
        let best = self.points.iter().min_by(|a, b| excess(a).total_cmp(&excess(b)).then(a.values.cmp(&b.values)));
        best.map(|point| &point.plan)
    }
}
