//! When service may start.

use crate::units::{MAX_VALUE, Time};

/// A closed interval of time in which a service may start (or a depot is open, or a shift runs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeWindow {
    /// Earliest start. Arriving earlier means waiting.
    pub early: Time,
    /// Latest start; [`TimeWindow::UNBOUNDED_LATE`] where there is none.
    pub late: Time,
}

impl TimeWindow {
    /// The largest time: means "no latest time".
    pub const UNBOUNDED_LATE: Time = MAX_VALUE;

    /// Always open.
    pub const ALWAYS: Self = Self { early: 0, late: Self::UNBOUNDED_LATE };

    /// From `early` to `late`, both included. An inverted window is reported when the problem is built.
    pub const fn new(early: Time, late: Time) -> Self {
        Self { early, late }
    }

    /// Whether the window excludes no time at all.
    pub const fn is_always(&self) -> bool {
        self.early <= 0 && self.late >= Self::UNBOUNDED_LATE
    }

    /// Whether `time` lies inside.
    pub const fn contains(&self, time: Time) -> bool {
        self.early <= time && time <= self.late
    }
}

impl Default for TimeWindow {
    fn default() -> Self {
        Self::ALWAYS
    }
}
