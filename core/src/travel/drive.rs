//! A drive that may be interrupted, at speeds that may change.

use crate::travel::{SpeedCurve, SpeedStep};
use crate::units::{Duration, Time};

/// A drive in progress: what remains of it, in units of time or, with a speed curve, in hundredths of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drive<'k> {
    speed: Option<&'k SpeedCurve>,
    pub(crate) clock: Time,
    left: i64,
}

impl<'k> Drive<'k> {
    /// A drive from `clock` on that takes `duration` at full speed.
    pub(crate) fn new(speed: Option<&'k SpeedCurve>, clock: Time, duration: Duration) -> Self {
        let left = if speed.is_some() { duration.saturating_mul(100) } else { duration };
        Self { speed, clock, left }
    }

    /// When the vehicle arrives if the drive is not interrupted.
    pub(crate) fn arrival(&self) -> Time {
        match self.speed {
            None => self.clock.saturating_add(self.left),
            Some(curve) => reach(curve, self.clock, self.left),
        }
    }

    /// Drives until `time`, no later than the arrival, then pauses until `until`.
    pub(crate) fn pause(&mut self, time: Time, until: Time) {
        let covered = match self.speed {
            None => time - self.clock,
            Some(curve) => progress(curve, self.clock, time),
        };
        self.left = (self.left - covered).max(0);
        self.clock = until;
    }
}

/// The speed at a time, in percent, and the steps after it.
fn from(curve: &SpeedCurve, clock: Time) -> (i64, &[SpeedStep]) {
    let (begun, later) = curve.steps.split_at(curve.steps.partition_point(|step| step.from <= clock));
    (begun.last().map_or(100, |step| i64::from(step.percent.max(1))), later)
}

/// When the remaining drive `left` (in hundredths) is completed.
fn reach(curve: &SpeedCurve, mut clock: Time, mut left: i64) -> Time {
    let (mut percent, steps) = from(curve, clock);
    for step in steps {
        let made = (step.from - clock).saturating_mul(percent);
        if made >= left {
            break;
        }
        left -= made;
        clock = step.from;
        percent = i64::from(step.percent.max(1));
    }
    clock.saturating_add((left + percent - 1) / percent)
}

/// How much of the drive (in hundredths) is covered from one time to another.
fn progress(curve: &SpeedCurve, mut clock: Time, until: Time) -> i64 {
    let (mut percent, steps) = from(curve, clock);
    let mut covered = 0_i64;
    for step in steps.iter().take_while(|step| step.from < until) {
        covered = covered.saturating_add((step.from - clock).saturating_mul(percent));
        clock = step.from;
        percent = i64::from(step.percent.max(1));
    }
    covered.saturating_add((until - clock).max(0).saturating_mul(percent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_the_speed_takes_twice_as_long() {
        let curve = SpeedCurve::new([(100, 50), (200, 200)]);
        // 30 of the drive until 100, then 50 until 200, then 20 at double speed.
        assert_eq!(Drive::new(Some(&curve), 70, 100).arrival(), 210);
        assert_eq!(Drive::new(Some(&curve), 0, 100).arrival(), 100);
        // One more unit of time covers half a unit at the slow speed: rounded up.
        assert_eq!(Drive::new(Some(&curve), 0, 101).arrival(), 102);
        assert_eq!(Drive::new(None, 5, 7).arrival(), 12);
    }

    proptest! {
        #[test]
        fn leaving_later_never_means_arriving_earlier(
            steps in prop::collection::vec((0i64..50, 1u32..300), 0..5), length in 0i64..200, from in -20i64..300,
        ) {
            let mut at = 0;
            let curve = SpeedCurve::new(steps.into_iter().map(|(gap, percent)| {
                at += gap + 1;
                (at, percent)
            }));
            let arrival = |clock| Drive::new(Some(&curve), clock, length).arrival();
            prop_assert!(arrival(from) <= arrival(from + 1));
            prop_assert!(arrival(from) >= from);
        }

        #[test]
        fn a_pause_of_no_length_changes_nothing_but_rounding(
            percent in 1u32..300, length in 0i64..200, part in 0i64..100,
        ) {
            let curve = SpeedCurve::new([(30, percent)]);
            let mut drive = Drive::new(Some(&curve), 10, length);
            let arrival = drive.arrival();
            let stop = (10 + part).min(arrival);
            drive.pause(stop, stop);
            prop_assert_eq!(drive.arrival().max(stop), arrival);
        }
    }
}
