//! What service before or after a soft window costs.

use crate::search::general::layout::Stop;
use crate::units::{Cost, Time};

/// Of a stop that should have begun at `soft_late`: a begin of service, the latest one that is as good, and what the begin
/// costs for being early or late.
pub(super) fn with_soft_window(stop: &Stop, soft_late: Time, begin: Time, limit: Time) -> (Time, Time, Cost) {
    if begin > soft_late {
        (begin, begin, stop.late_rate * (begin - soft_late))
    } else {
        (begin, limit.min(soft_late), stop.early_rate * (stop.soft_early - begin).max(0))
    }
}
