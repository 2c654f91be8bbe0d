//! The cost of a plan, by cause.

use std::fmt;

use crate::units::Cost;

/// The cost of a plan, by cause.
///
/// Sums saturate at 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CostBreakdown {
    /// Vehicles used.
    pub fixed: Cost,
    /// Distance driven.
    pub distance: Cost,
    /// Time from the start to the end of each route.
    pub duration: Cost,
    /// Overtime.
    pub overtime: Cost,
    /// Waiting.
    pub waiting: Cost,
    /// Services that start outside of their soft windows.
    pub windows: Cost,
    /// Visits to disposal sites, and tipping fees.
    pub disposal: Cost,
    /// Clients and shipments on vehicles of types that cost more for them.
    pub assignment: Cost,
    /// Weighted goals.
    pub goals: Cost,
    /// Prizes of unserved clients and shipments.
    ///
    /// An unserved client costs its prize, unless another member of its group is served. An unserved *required* client
    /// costs nothing: the plan is infeasible, and no prize makes up for that.
    pub unserved: Cost,
}

impl CostBreakdown {
    /// The sum of all causes.
    pub const fn total(&self) -> Cost {
        let driven = self.fixed.saturating_add(self.distance).saturating_add(self.duration);
        let day = self.overtime.saturating_add(self.waiting).saturating_add(self.windows).saturating_add(self.disposal);
        let served = driven.saturating_add(day).saturating_add(self.assignment);
        served.saturating_add(self.goals).saturating_add(self.unserved)
    }
}

impl fmt::Display for CostBreakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fixed, distance, duration, overtime, waiting, windows, disposal, assignment, goals, unserved } =
            self;
        write!(f, "{} = fixed {fixed} + distance {distance} + duration {duration}", self.total())?;
        let others = [
            ("overtime", overtime),
            ("waiting", waiting),
            ("windows", windows),
            ("disposal", disposal),
            ("assignment", assignment),
            ("goals", goals),
        ];
        others.iter().filter(|(_, cost)| **cost != 0).try_for_each(|(name, cost)| write!(f, " + {name} {cost}"))?;
        write!(f, " + unserved {unserved}")
    }
}
