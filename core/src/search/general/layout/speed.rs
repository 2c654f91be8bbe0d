//! Arrival times at speeds that change over the day, in constant time (Ichoua et al. 2003,
//! doi:10.1016/S0377-2217(02)00147-9).

use crate::model::SpeedCurve;
use crate::search::general::limits::UNLIMITED;
use crate::units::{Duration, Time};

/// How far a vehicle gets. A drive is counted in hundredths of a unit of time at full speed, or in units where the speed never
/// changes.
pub(crate) struct Speed {
    /// When each step begins; the first long before any day.
    from: Vec<Time>,
    percent: Vec<i64>,
    /// Progress made until the step begins.
    base: Vec<i64>,
    /// The step of each stretch of the day, as a place to begin to look.
    hint: Vec<u32>,
    first: Time,
    /// Stretches are as long as a power of two.
    shift: u32,
    highest: i64,
    /// Whether the speed never changes from 100 percent.
    pub(crate) flat: bool,
}

/// Stretches into which the day is cut.
const STRETCHES: i64 = 256;

/// Before any time.
const LONG_AGO: Time = -(1 << 32);

impl Speed {
    pub(crate) fn new(curve: Option<&SpeedCurve>) -> Self {
        let steps = curve.filter(|curve| !curve.is_flat()).map_or(&[][..], |curve| &curve.steps);
        let (mut from, mut percent, mut base) = (vec![LONG_AGO], vec![100], vec![0]);
        for step in steps {
            let last = from.len() - 1;
            base.push(base[last] + (step.from - from[last]) * percent[last]);
            from.push(step.from);
            percent.push(i64::from(step.percent.max(1)));
        }
        let first = from.get(1).copied().unwrap_or(0);
        let shift = 64 - ((from[from.len() - 1] - first) / STRETCHES).max(1).leading_zeros();
        let hint = (0..=STRETCHES).map(|s| from.partition_point(|&f| f <= first + (s << shift)) as u32 - 1).collect();
        let highest = percent.iter().copied().max().unwrap_or(100);
        Self { flat: steps.is_empty(), highest, from, percent, base, hint, first, shift }
    }

    /// A whole drive that takes `duration` at full speed.
    #[inline]
    pub(crate) fn whole(&self, duration: Duration) -> i64 {
        if self.flat { duration } else { duration * 100 }
    }

    /// The least time that a drive of `duration` at full speed takes; of a difference of two drives, about that.
    #[inline]
    pub(crate) fn shortest(&self, duration: Duration) -> Duration {
        if self.highest == 100 { duration } else { duration * 100 / self.highest }
    }

    #[inline]
    fn step(&self, time: Time) -> usize {
        if time < self.first {
            return 0;
        }
        let mut k = self.hint[((time - self.first) >> self.shift).min(STRETCHES) as usize] as usize;
        while k + 1 < self.from.len() && self.from[k + 1] <= time {
            k += 1;
        }
        k
    }

    /// When `left` of a drive is done by a vehicle that sets out at `time`.
    #[inline]
    pub(crate) fn arrival(&self, time: Time, left: i64) -> Time {
        if self.flat {
            return time + left;
        }
        let mut k = self.step(time);
        let goal = self.base[k] + (time - self.from[k]) * self.percent[k] + left;
        while k + 1 < self.from.len() && goal > self.base[k + 1] {
            k += 1;
        }
        let (rest, percent) = (goal - self.base[k], self.percent[k]);
        // A division of half the width takes half the time.
        match (u32::try_from(rest), u32::try_from(percent)) {
            (Ok(rest), Ok(percent)) => self.from[k] + i64::from(rest.div_ceil(percent)),
            _ => self.from[k] + (rest + percent - 1) / percent,
        }
    }

    /// How much of a drive is done between two times.
    #[inline]
    pub(crate) fn progress(&self, from: Time, to: Time) -> i64 {
        if self.flat { to - from } else { self.done_by(to) - self.done_by(from) }
    }

    fn done_by(&self, time: Time) -> i64 {
        let k = self.step(time);
        self.base[k] + (time - self.from[k]) * self.percent[k]
    }

    /// The latest time to set out for a drive of `left` that is over by `time`.
    #[inline]
    pub(crate) fn latest_departure(&self, time: Time, left: i64) -> Time {
        if self.flat || time >= UNLIMITED / 2 {
            return time - left;
        }
        let mut k = self.step(time);
        let goal = self.base[k] + (time - self.from[k]) * self.percent[k] - left;
        while k > 0 && goal < self.base[k] {
            k -= 1;
        }
        self.from[k] + (goal - self.base[k]).div_euclid(self.percent[k])
    }

    /// The speed at a time, in percent.
    #[inline]
    pub(crate) fn percent_at(&self, time: Time) -> i64 {
        if self.flat { 100 } else { self.percent[self.step(time)] }
    }

    /// When the speed changes.
    pub(crate) fn steps(&self) -> &[Time] {
        &self.from[1..]
    }

    /// The lowest speed of the day, in percent.
    pub(crate) fn lowest(&self) -> i64 {
        self.percent.iter().copied().min().unwrap_or(100)
    }

    /// The highest speed of the day, in percent.
    pub(crate) fn highest(&self) -> i64 {
        self.highest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::travel::Drive;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn drives_take_as_long_as_in_a_plan(
            steps in prop::collection::vec((0i64..50, 1u32..300), 0..5), way in 0i64..200, from in -20i64..300, part in 0i64..99,
        ) {
            let mut at = 0;
            let curve = SpeedCurve::new(steps.into_iter().map(|(gap, percent)| {
                at += gap + 1;
                (at, percent)
            }));
            let speed = Speed::new(Some(&curve));
            let mut drive = Drive::new(Some(&curve), from, way);
            let arrival = speed.arrival(from, speed.whole(way));
            prop_assert_eq!(arrival, drive.arrival());
            prop_assert!(speed.latest_departure(arrival, speed.whole(way)) >= from);
            let latest = speed.latest_departure(from, speed.whole(way));
            prop_assert!(speed.arrival(latest, speed.whole(way)) <= from);
            prop_assert!(speed.arrival(latest + 1, speed.whole(way)) > from);
            let stop = (from + part).min(arrival);
            let left = (speed.whole(way) - speed.progress(from, stop)).max(0);
            drive.pause(stop, stop + 7);
            prop_assert_eq!(speed.arrival(stop + 7, left), drive.arrival());
        }
    }
}
