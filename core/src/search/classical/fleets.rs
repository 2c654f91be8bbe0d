//! Starts with fewer and fewer vehicles. Where routes are short, closing one costs far more than any temperature allows, and whether a
//! vehicle less is cheaper shows only once the rest has been improved: several numbers are tried, and the best goes on.

use crate::plan::RouteStops;
use crate::search::Searcher as _;
use crate::search::classical::ClassicalSearch;
use crate::search::classical::class::Class;
use crate::search::classical::found::Found;

/// In how many steps the number of vehicles falls to the fewest that loads allow.
const STEPS: usize = 3;

/// What has been tried.
#[derive(Default)]
pub(super) struct Fleets {
    /// What the first walk found: where all others begin.
    first: Vec<RouteStops>,
    trials: usize,
    /// How many vehicles the present walk is to have; none: as many as it likes.
    target: Option<usize>,
    aside: Vec<Found>,
}

impl<C: Class> ClassicalSearch<'_, C> {
    pub(super) fn set_fleet_aside(&mut self) {
        let used = self.routes.best().used;
        let found = self.leave(self.fleets.target.map(|target| target.max(used)));
        if self.fleets.trials == 0 {
            // The next walk goes on from there, with as many vehicles.
            self.fleets.first = found.routes;
        } else {
            self.fleets.aside.push(found);
        }
    }

    /// Begins with what the first walk found: at first with as many vehicles, then with fewer each time.
    pub(super) fn try_next_fleet(&mut self) {
        let data = self.routes.data;
        let first = std::mem::take(&mut self.fleets.first);
        let load: u64 = data.demand.iter().map(|&q| u64::from(q.unsigned_abs())).sum();
        let least = usize::try_from(load.div_ceil(data.capacity.unsigned_abs().max(1))).unwrap_or(usize::MAX).max(1);
        let spare = first.len().saturating_sub(least);
        let step = self.fleets.trials.min(STEPS);
        self.fleets.target = (step > 0).then(|| first.len() - (spare * step).div_ceil(STEPS));
        self.fleets.trials += 1;
        self.begin_with(&first);
        self.fleets.first = first;
    }

    /// Goes on with the best of the `last` solutions that were set aside.
    pub(super) fn resume_fleet(&mut self, last: usize) {
        let aside = &mut self.fleets.aside;
        aside.drain(..aside.len().saturating_sub(last));
        let best = (0..aside.len()).min_by(|&a, &b| aside[a].value.cmp(&aside[b].value));
        if let Some(best) = best {
            let best = aside.remove(best);
            self.fleets.target = best.limit;
            self.begin_with(&best.routes);
            self.routes.limit = best.limit.unwrap_or(usize::MAX);
        }
    }

    /// Takes a vehicle away where there are more than the present walk is to have. Whether there still are.
    pub(super) fn approach_fleet(&mut self) -> bool {
        let Some(target) = self.fleets.target else { return false };
        if self.routes.limit <= target {
            return self.routes.missing > 0;
        }
        if self.routes.missing == 0 {
            self.routes.limit = (self.routes.num_used().max(1) - 1).max(target);
            if self.routes.num_used() > self.routes.limit {
                self.drop_smallest();
            }
        }
        true
    }
}
