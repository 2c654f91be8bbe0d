//! Driver rules along a route: what a stay adds to the effort, and what a rest resets.

use crate::model::{DriverRule, Effort};
use crate::search::general::layout::Vehicle;
use crate::search::general::route::state::State;
use crate::units::Duration;

/// Lets a rest count for a rule.
#[inline]
fn rest(rule: &DriverRule, length: Duration, effort: &mut i64, half: &mut bool) {
    if length >= rule.rest {
        (*effort, *half) = (0, false);
    } else if let Some((first, second)) = rule.split {
        if *half && length >= second {
            (*effort, *half) = (0, false);
        } else if length >= first {
            *half = true;
        }
    }
}

/// Lets a stay count for the driver rules. Whether none is broken.
#[inline]
pub(super) fn stand(vehicle: &Vehicle, state: &mut State, effort: &mut [i64], takes: Duration, pause: bool) -> bool {
    let mut kept = true;
    for (r, rule) in vehicle.rules.iter().enumerate() {
        let mut half = state.split_rest_taken >> r & 1 == 1;
        if pause || (rule.effort == Effort::Driving && rule.any_pause) {
            rest(rule, takes, &mut effort[r], &mut half);
        } else if rule.effort == Effort::Work {
            effort[r] += takes;
        }
        state.split_rest_taken = state.split_rest_taken & !(1 << r) | u64::from(half) << r;
        kept &= effort[r] <= rule.max;
    }
    kept
}
