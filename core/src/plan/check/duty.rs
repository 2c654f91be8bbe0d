//! A driver's effort between rests.

use super::replay::ReplayedStop;
use crate::model::{DriverRule, Effort};
use crate::units::Duration;

/// The driver's effort since the last rest, under one rule.
pub(super) struct DutyCounter {
    rule: DriverRule,
    sum: Duration,
    /// The most that there was.
    pub(super) most: Duration,
    rested_once: bool,
}

impl DutyCounter {
    pub(super) fn of(rule: DriverRule) -> Self {
        Self { rule, sum: 0, most: 0, rested_once: false }
    }

    /// How much may be added.
    pub(super) fn left(&self) -> Duration {
        (self.rule.max - self.sum).max(0)
    }

    pub(super) fn add(&mut self, effort: Duration) {
        self.sum += effort;
        self.most = self.most.max(self.sum);
    }

    fn rest(&mut self, length: Duration) {
        let full = length >= self.rule.rest;
        let second = self.rule.split.is_some_and(|split| self.rested_once && length >= split.1);
        if full || second {
            self.sum = 0;
            self.rested_once = false;
        } else if self.rule.split.is_some_and(|split| length >= split.0) {
            self.rested_once = true;
        }
    }

    /// Accounts for a stop, and for the set-up before it.
    pub(super) fn stop(&mut self, stop: &ReplayedStop) {
        if stop.is_pause() {
            self.rest(stop.takes);
        } else if self.rule.effort == Effort::Work {
            self.add(stop.sets_up + stop.takes);
        } else if self.rule.any_pause {
            self.rest(stop.takes);
        }
    }
}
