//! Speeds of profiles over the day.

use super::Validator;
use super::travel::longest_duration;
use crate::model::SpeedCurve;
use crate::travel::Travel;
use crate::units::MAX_VALUE;

/// A drive that takes a day at full speed takes more than three months at the lowest speed, and under three hours at
/// the highest.
const PERCENT: std::ops::RangeInclusive<u32> = 1..=1000;

impl Validator<'_> {
    pub(super) fn speeds(&mut self, travel: &Travel) {
        let builder = self.builder;
        let profiles = travel.num_profiles().max(1);
        for (profile, curve) in &builder.speeds {
            let p = profile.index();
            if p >= profiles {
                let message = "there is no such travel profile";
                let remedy = "use a profile that has matrices";
                self.fault(format!("speeds[{p}]"), format!("{} steps", curve.steps.len()), message, remedy);
                continue;
            }
            self.speed(p, curve);
            if self.issues.is_empty() {
                self.slowest(p, curve, travel);
            }
        }
    }

    fn speed(&mut self, profile: usize, curve: &SpeedCurve) {
        for (s, step) in curve.steps.iter().enumerate() {
            let path = format!("speeds[{profile}][{s}]");
            if !(-MAX_VALUE..=MAX_VALUE).contains(&step.from) {
                let remedy = "count time from the planning origin (not from 1970), or use a coarser unit";
                self.fault(format!("{path}.from"), step.from, "is outside ±1073741823 (2^30 - 1)", remedy);
            }
            if !PERCENT.contains(&step.percent) {
                let remedy = "give percent of the speed that the durations assume; 100 changes nothing";
                self.fault(format!("{path}.percent"), step.percent, "is outside 1 ..= 1000", remedy);
            }
        }
        for (s, pair) in curve.steps.windows(2).enumerate() {
            if pair[1].from <= pair[0].from {
                let path = format!("speeds[{profile}][{}].from", s + 1);
                let message = format!("is not later than the previous step, {}", pair[0].from);
                self.fault(path, pair[1].from, &message, "give the steps in ascending order, each once");
            }
        }
    }

    /// No arc's duration may exceed the range of times.
    fn slowest(&mut self, profile: usize, curve: &SpeedCurve, travel: &Travel) {
        let Some((s, step)) = curve.steps.iter().enumerate().min_by_key(|(_, step)| step.percent) else { return };
        let slowest = longest_duration(self.builder, travel, profile) * 100 / i128::from(step.percent.max(1));
        if slowest > i128::from(MAX_VALUE) {
            let path = format!("speeds[{profile}][{s}].percent");
            let message = "makes the longest arc take more than 1073741823 (2^30 - 1)";
            self.fault(path, step.percent, message, "use a coarser unit of time, or a higher speed");
        }
    }
}
