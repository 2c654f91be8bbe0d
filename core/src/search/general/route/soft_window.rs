//! What service before or after a soft window costs.

use crate::search::general::layout::Stop;
use crate::units::{Cost, Time};

/// A begin of service, the latest one that is as good, and what the begin costs for being early or late.
pub(super) fn with_soft_window(stop: &Stop, begin: Time, limit: Time) -> (Time, Time, Cost) {
    if begin > stop.soft_late {
        (begin, begin, stop.late_rate * (begin - stop.soft_late))
    } else {
        (begin, limit.min(stop.soft_late), stop.early_rate * (stop.soft_early - begin).max(0))
    }
}
