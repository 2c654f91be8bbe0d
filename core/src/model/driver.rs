//! Drivers' working time: breaks, rests and overtime.

use crate::model::{Place, TimeWindow};
use crate::units::{Cost, Duration, Time};

/// A break of a vehicle's driver, lunch for example.
///
/// It lies between two stops, never within a service. It is due on every route that starts no later than the window's
/// latest start and ends after it; it may be omitted on other routes.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Break {
    /// When it may start.
    pub start: TimeWindow,
    /// How long it is.
    pub duration: Duration,
    /// Where it is taken; `None`: anywhere, even between two stops.
    pub place: Option<Place>,
    /// Whether it counts as paid time; if not, it adds neither duration cost nor overtime.
    pub paid: bool,
    /// A name for people; may be empty.
    pub name: String,
}

impl Break {
    /// A paid break of `duration` that starts from `early` to `late`, taken anywhere.
    pub fn new(early: Time, late: Time, duration: Duration) -> Self {
        Self { start: TimeWindow::new(early, late), duration, place: None, paid: true, name: String::new() }
    }

    /// Makes the break unpaid.
    pub fn unpaid(mut self) -> Self {
        self.paid = false;
        self
    }

    /// Sets where it is taken.
    pub fn at(mut self, place: impl Into<Place>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// What a [`DriverRule`] adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Driving.
    Driving,
    /// Driving, loading, service and unloading: everything except waiting and pauses.
    Work,
}

/// A limit on driving (or work) without a rest.
///
/// A pause, that is a [`Break`] or a rest, that lasts at least `rest` sets the sum back to zero. So do, where a `split`
/// is given, a pause of at least its first part and later one of at least its second part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct DriverRule {
    /// What is added up.
    pub effort: Effort,
    /// The maximum without a rest.
    pub max: Duration,
    /// How long the rest is. The search adds rests of this length where they become due.
    pub rest: Duration,
    /// Two shorter pauses that may replace the rest, the first before the second.
    pub split: Option<(Duration, Duration)>,
    /// Whether a service of at least `rest` at one stop also counts as a rest, if driving is what is limited. Waiting
    /// never does.
    pub any_pause: bool,
}

impl DriverRule {
    /// A rest of `rest` after at most `max` of `effort`.
    pub const fn new(effort: Effort, max: Duration, rest: Duration) -> Self {
        Self { effort, max, rest, split: None, any_pause: false }
    }

    /// Allows two shorter pauses instead of the rest, the first before the second.
    pub const fn split(mut self, first: Duration, second: Duration) -> Self {
        self.split = Some((first, second));
        self
    }

    /// Lets a long service count as a rest.
    pub const fn any_pause(mut self) -> Self {
        self.any_pause = true;
        self
    }

    /// Regulation (EC) No 561/2006, in seconds: 45 minutes after 4.5 hours of driving, or 15 and then 30.
    pub const fn eu_561() -> Self {
        Self::new(Effort::Driving, 16_200, 2_700).split(900, 1_800)
    }

    /// The United States' 30-minute rule (49 CFR 395.3), in seconds: after 8 hours of driving, 30 minutes without
    /// driving.
    pub const fn us_30_minutes() -> Self {
        Self::new(Effort::Driving, 28_800, 1_800).any_pause()
    }
}

/// One step of the overtime rates: every unit of paid time beyond `after` costs this much more, in addition to
/// [`VehicleType::cost_per_duration`](crate::VehicleType::cost_per_duration) and of the steps before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OvertimeStep {
    /// Paid time beyond which the step applies.
    pub after: Duration,
    /// Extra cost of a unit of time.
    pub cost_per_duration: Cost,
}

impl OvertimeStep {
    /// `cost_per_duration` more from `after` on.
    pub const fn new(after: Duration, cost_per_duration: Cost) -> Self {
        Self { after, cost_per_duration }
    }
}

/// A preferred interval for the start of a service, and the cost of missing it. The time window applies as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoftWindow {
    /// Earlier starts cost; the vehicle does not wait for it.
    pub early: Time,
    /// Later starts cost.
    pub late: Time,
    /// Cost of a unit of time before `early`.
    pub cost_per_early: Cost,
    /// Cost of a unit of time after `late`.
    pub cost_per_late: Cost,
}

impl SoftWindow {
    /// From `early` to `late`, at the given costs of a unit of time before and after.
    pub const fn new(early: Time, late: Time, cost_per_early: Cost, cost_per_late: Cost) -> Self {
        Self { early, late, cost_per_early, cost_per_late }
    }

    /// What a service that starts at `start` costs.
    pub const fn cost(&self, start: Time) -> Cost {
        let early = if start < self.early { self.early - start } else { 0 };
        let late = if start > self.late { start - self.late } else { 0 };
        self.cost_per_early.saturating_mul(early).saturating_add(self.cost_per_late.saturating_mul(late))
    }
}
