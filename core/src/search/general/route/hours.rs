//! When service may begin: time windows, hours of sites.

use crate::model::TimeWindow;
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::soft_window::with_soft_window;
use crate::units::{Cost, Time};

/// When service in one of some windows begins for a vehicle that is ready at a time; `None`: all have closed.
#[inline]
pub(crate) fn open_at(windows: &[TimeWindow], ready: Time) -> Option<(Time, Time)> {
    if windows.is_empty() {
        return Some((ready, UNLIMITED));
    }
    windows.iter().find(|w| ready <= w.late).map(|w| (ready.max(w.early), w.late))
}

impl Layout<'_> {
    /// When service at a stop begins for a vehicle that arrives at a time, the latest begin that is as good, and what its soft
    /// window costs.
    #[inline]
    pub(crate) fn serves(&self, vehicle: &Vehicle, u: usize, arrival: Time) -> Option<(Time, Time, Cost)> {
        let (begin, limit) = self.opens(vehicle, u, arrival)?;
        Some(if self.has_soft {
            with_soft_window(&self.stops[u], self.soft_late(vehicle, u), begin, limit)
        } else {
            (begin, limit, 0)
        })
    }

    /// When service at a stop begins for a vehicle that arrives at a time, and until when it may.
    #[inline]
    pub(crate) fn opens(&self, vehicle: &Vehicle, u: usize, arrival: Time) -> Option<(Time, Time)> {
        let windows = self.windows(vehicle, u);
        if windows.is_empty() {
            let stop = &self.stops[u];
            return (arrival <= stop.late).then_some((arrival.max(stop.early), stop.late));
        }
        open_at(windows, arrival)
    }
}
