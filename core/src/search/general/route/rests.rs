//! Driver rules along a route: what a stay adds to the effort, and what a rest resets.

use crate::model::{DriverRule, Effort};
use crate::search::general::layout::Vehicle;
use crate::search::general::route::state::State;
use crate::units::Duration;

/// Applies a rest to a rule: a full one, or the second part of a split one, resets its effort.
#[inline]
fn rest(rule: &DriverRule, length: Duration, effort: &mut i64, first_taken: &mut bool) {
    if length >= rule.rest {
        (*effort, *first_taken) = (0, false);
    } else if let Some((first, second)) = rule.split {
        if *first_taken && length >= second {
            (*effort, *first_taken) = (0, false);
        } else if length >= first {
            *first_taken = true;
        }
    }
}

/// Applies a stay to the driver rules. Whether none is violated.
#[inline]
pub(super) fn stand(vehicle: &Vehicle, state: &mut State, effort: &mut [i64], takes: Duration, pause: bool) -> bool {
    let mut kept = true;
    for (r, rule) in vehicle.rules.iter().enumerate() {
        let mut first_taken = state.split_rest_taken >> r & 1 == 1;
        if pause || (rule.effort == Effort::Driving && rule.any_pause) {
            rest(rule, takes, &mut effort[r], &mut first_taken);
        } else if rule.effort == Effort::Work {
            effort[r] += takes;
        }
        state.split_rest_taken = state.split_rest_taken & !(1 << r) | u64::from(first_taken) << r;
        kept &= effort[r] <= rule.max;
    }
    kept
}
