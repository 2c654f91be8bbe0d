//! Which of its windows each step of a route uses, where not all can be kept.
//!
//! Counted from where the route's travel and work before it would have each step start, starts never fall along the route. In a best
//! choice, each is one of the ends of windows so counted; so a step after another is tried at all of them.

use crate::model::TimeWindow;
use crate::units::{Duration, Time};

/// The most starts that are tried, over all steps. Beyond, the first windows that are open are used.
const MOST_CELLS: usize = 20_000_000;

/// A step, and when it may start.
pub(super) struct Choice<'a> {
    /// The time from the start of the step before to its own, at least.
    pub(super) gap: Duration,
    /// Empty: at any time.
    pub(super) windows: &'a [TimeWindow],
    /// It starts neither before nor after this.
    pub(super) stated: (Option<Time>, Option<Time>),
}

impl Choice<'_> {
    /// The seconds by which a start misses a window, and each second by which it misses what is stated `weight` times.
    fn missed(&self, time: Time, weight: i64) -> i64 {
        let outside = self.windows.iter().map(|window| outside(*window, time)).min().unwrap_or(0);
        let (after, before) = self.stated;
        let early = after.map_or(0, |after| (after - time).max(0));
        let late = before.map_or(0, |before| (time - before).max(0));
        outside.saturating_add((early + late).saturating_mul(weight))
    }
}

/// The seconds by which a start misses a window.
fn outside(window: TimeWindow, time: Time) -> Duration {
    (window.early - time).max(time - window.late).max(0)
}

/// The window of each step with which all of them together miss their windows least; `None` where the route is too long, or a
/// step has no window.
pub(super) fn best(steps: &[Choice<'_>], weight: i64) -> Option<Vec<Option<TimeWindow>>> {
    let mut offsets = Vec::with_capacity(steps.len());
    let mut offset = 0;
    for step in steps {
        offset += step.gap;
        offsets.push(offset);
    }
    let mut starts: Vec<Time> = Vec::new();
    for (step, offset) in steps.iter().zip(&offsets) {
        let ends = step.windows.iter().flat_map(|window| [window.early, window.late]);
        let stated = [step.stated.0, step.stated.1].into_iter().flatten();
        starts.extend(ends.chain(stated).map(|time| time - offset));
    }
    starts.sort_unstable();
    starts.dedup();
    if starts.is_empty() || starts.len().saturating_mul(steps.len()) > MOST_CELLS {
        return None;
    }
    // The least that the steps so far miss if the last of them starts at each time or before, and the latter's number.
    let mut least = vec![0i64; starts.len()];
    let mut from: Vec<Vec<u32>> = Vec::with_capacity(steps.len());
    for (step, offset) in steps.iter().zip(&offsets) {
        let mut best_so_far: Option<(i64, u32)> = None;
        let mut chosen = Vec::with_capacity(starts.len());
        for (s, start) in starts.iter().enumerate() {
            let missed = least[s].saturating_add(step.missed(start + offset, weight));
            let (fewest, at) = best_so_far.filter(|(fewest, _)| *fewest <= missed).unwrap_or((missed, s as u32));
            best_so_far = Some((fewest, at));
            least[s] = fewest;
            chosen.push(at);
        }
        from.push(chosen);
    }
    let mut at = starts.len() - 1;
    let mut picks = vec![None; steps.len()];
    for k in (0..steps.len()).rev() {
        at = from[k][at] as usize;
        let time = starts[at] + offsets[k];
        picks[k] = steps[k].windows.iter().copied().min_by_key(|window| outside(*window, time));
    }
    Some(picks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_late_now_may_be_better_than_much_later() {
        let (first, second) = ([TimeWindow::new(0, 10), TimeWindow::new(100, 110)], [TimeWindow::new(0, 20)]);
        let step = |gap, windows| Choice { gap, windows, stated: (None, None) };
        let start = Choice { gap: 0, windows: &[], stated: (Some(0), None) };
        let picks = best(&[start, step(12, &first[..]), step(5, &second[..])], 1 << 40).unwrap();
        assert_eq!(picks, [None, Some(first[0]), Some(second[0])]);
        // Alone, the second window costs nothing.
        let start = Choice { gap: 0, windows: &[], stated: (Some(0), None) };
        assert_eq!(best(&[start, step(12, &first[..])], 1 << 40).unwrap()[1], Some(first[1]));
    }
}
