//! Speeds that change over the day.

use crate::units::Time;

/// How fast a travel profile is over the day, in percent of the durations that the problem's travel states.
///
/// Before the first step it is 100 percent. Who leaves later never arrives earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeedCurve {
    /// From when on how fast; ascending.
    pub steps: Vec<SpeedStep>,
}

/// A step of a [`SpeedCurve`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpeedStep {
    /// From when on.
    pub from: Time,
    /// How fast, in percent; at least 1.
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
