//! When service may start.

use crate::units::{Duration, MAX_VALUE, Time};

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

/// What of a service must lie within its windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WindowCovers {
    /// Its start: it may end after the window has closed.
    #[default]
    Start,
    /// All of it: "between 9 and 12" means that the vehicle has left by 12. It lies within one window. A soft window's
    /// late end is when the service should have ended.
    Service,
}

impl WindowCovers {
    /// How long before a window closes a service of some duration must start.
    pub(crate) const fn after_start(self, service: Duration) -> Duration {
        match self {
            Self::Start => 0,
            Self::Service => service,
        }
    }
}

impl TimeWindow {
    /// When a service may start that needs the window for so long; it closes before it opens where that is too long.
    pub(crate) const fn for_starts(self, needs: Duration) -> Self {
        let late = if self.late >= Self::UNBOUNDED_LATE { self.late } else { self.late.saturating_sub(needs) };
        Self { early: self.early, late }
    }

    /// As [`for_starts`](Self::for_starts), for several windows of which those that are too short are omitted; of
    /// windows that all are, the last one stays, closed before it opens.
    pub(crate) fn all_for_starts(windows: impl IntoIterator<Item = Self>, needs: Duration) -> Vec<Self> {
        let mut starts: Vec<Self> = windows.into_iter().map(|window| window.for_starts(needs)).collect();
        let last = starts.last().copied();
        starts.retain(|window| window.early <= window.late);
        if starts.is_empty() {
            starts.extend(last);
        }
        starts
    }
}

impl Default for TimeWindow {
    fn default() -> Self {
        Self::ALWAYS
    }
}
