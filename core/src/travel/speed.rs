//! Speeds that change over the day.

use crate::units::Time;

/// The speed of a travel profile over the day, in percent of the speed to which the problem's durations apply.
///
/// Before the first step it is 100 percent. Travel times are first-in, first-out: leaving later never means arriving
/// earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeedCurve {
    /// The steps, in ascending order of time.
    pub steps: Vec<SpeedStep>,
}

/// A step of a [`SpeedCurve`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpeedStep {
    /// When the step begins.
    pub from: Time,
    /// The speed in percent; at least 1.
    pub percent: u32,
}

impl SpeedCurve {
    /// A curve of `(from, percent)` steps.
    pub fn new(steps: impl IntoIterator<Item = (Time, u32)>) -> Self {
        Self { steps: steps.into_iter().map(|(from, percent)| SpeedStep { from, percent }).collect() }
    }

    /// Whether the speed never changes.
    pub fn is_flat(&self) -> bool {
        self.steps.iter().all(|step| step.percent == 100)
    }
}
