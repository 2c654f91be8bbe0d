//! The plans that a walk meets on its way.

use crate::plan::RouteStops;

/// Most plans that are kept of a walk.
const MOST: usize = 64;

/// Plans that were the best of a walk for a while, the first ones first: of those that follow each other closely, the last. Where there
/// are many, every other one goes, and the rest are as far apart again.
pub(super) struct Met {
    plans: Vec<Vec<RouteStops>>,
    /// How many looks go by between two plans.
    gap: u32,
    waited: u32,
    improved: bool,
}

impl Met {
    /// Nothing was met yet.
    pub(super) fn new() -> Self {
        Self { plans: Vec::new(), gap: 1, waited: 0, improved: false }
    }

    /// Notes that there is a new best plan.
    pub(super) fn improved(&mut self) {
        self.improved = true;
    }

    /// Takes the best plan, if it is another one than before and the last look is long enough ago.
    pub(super) fn look(&mut self, best: impl FnOnce() -> Vec<RouteStops>) {
        self.waited = self.waited.saturating_add(1);
        if !self.improved || self.waited < self.gap {
            return;
        }
        (self.improved, self.waited) = (false, 0);
        if self.plans.len() == MOST {
            let mut at = 0;
            self.plans.retain(|_| {
                at += 1;
                at % 2 == 0
            });
            self.gap = self.gap.saturating_mul(2);
        }
        self.plans.push(best());
    }

    pub(super) fn into_plans(self) -> Vec<Vec<RouteStops>> {
        self.plans
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::VehicleTypeId;

    fn plan(number: usize) -> Vec<RouteStops> {
        vec![RouteStops { vehicle_type: VehicleTypeId::new(number), start: None, trips: Vec::new() }]
    }

    #[test]
    fn however_many_are_met_few_are_kept_and_all_over_the_way() {
        let mut met = Met::new();
        for look in 0..1_000 {
            met.improved();
            met.look(|| plan(look));
        }
        met.look(|| unreachable!("nothing is new"));
        let kept: Vec<usize> = met.into_plans().iter().map(|plan| plan[0].vehicle_type.index()).collect();
        assert!((MOST / 2..=MOST).contains(&kept.len()), "{kept:?}");
        assert!(kept.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= 64), "{kept:?}");
        assert!(kept[0] < 64 && *kept.last().unwrap() >= 900, "{kept:?}");
    }
}
