//! What it costs that containers overflow before they are emptied.

use crate::model::Faults;
use crate::units::{Cost, MAX_COST};

/// The most that one interval's overflow may cost, so that a period's sum is within [`MAX_COST`].
const MAX_OVERFLOW: Cost = MAX_COST / 32;

/// What it costs that containers are expected to overflow before they are emptied, by the days that pass.
///
/// Where `p[n]` is the probability that a container is full within `n + 1` days, `price * p[n]` is the cost of one cleaning,
/// `price * (p[0] + … + p[n])` that of each day on which it is full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overflow {
    /// The expected cost if one day passes from one visit to the next, if two do, and so on. More days than there are values
    /// never pass: the list takes the place of [`Visits::max_gap`](super::Visits::max_gap).
    pub after: Vec<Cost>,
    /// The expected cost until the first visit, if that is on day 0, on day 1, and so on, by how full the container is now: it
    /// takes the place of [`Visits::last_visit`](super::Visits::last_visit). Empty: the days since the last visit count, or the
    /// period is repeated.
    pub until_first: Vec<Cost>,
}

impl Overflow {
    /// The expected cost if one day passes between visits, if two do, and so on.
    pub fn after(costs: impl Into<Vec<Cost>>) -> Self {
        Self { after: costs.into(), until_first: Vec::new() }
    }

    /// Sets the expected cost until the first visit, if that is on day 0, on day 1, and so on.
    pub fn until_first(mut self, costs: impl Into<Vec<Cost>>) -> Self {
        self.until_first = costs.into();
        self
    }

    /// The expected cost of a combination of days, in ascending order; `None`: more days pass than have a value.
    pub(super) fn cost(&self, pattern: &[usize], num_days: usize, last_visit: Option<usize>) -> Option<Cost> {
        let (&first, &last) = (pattern.first()?, pattern.last()?);
        // The day of a visit does not end before it: so many days pass as there are from one to the next.
        let passed = |days: usize| self.after.get(days.checked_sub(1)?).copied();
        let ends = match (self.until_first.is_empty(), last_visit) {
            (false, _) => self.until_first.get(first)?.saturating_add(passed(num_days - last)?),
            (true, Some(before)) => {
                // A visit that is overdue costs what the longest interval does.
                let waited = passed(before.saturating_add(first)).or(self.after.last().copied())?;
                waited.saturating_add(passed(num_days - last)?)
            }
            (true, None) => passed(first + num_days - last)?,
        };
        pattern.windows(2).try_fold(ends, |sum, pair| Some(sum.saturating_add(passed(pair[1] - pair[0])?)))
    }

    pub(super) fn check(&self, num_days: usize, last_visit: Option<usize>, path: &str, faults: &mut Faults) {
        for (name, costs) in [("after", &self.after), ("until_first", &self.until_first)] {
            for (d, cost) in costs.iter().enumerate().filter(|(_, cost)| !(0..=MAX_OVERFLOW).contains(*cost)) {
                let message = format!("must be from 0 to {MAX_OVERFLOW}");
                faults.add(format!("{path}.{name}[{d}]"), cost, &message, "use a coarser unit of money");
            }
        }
        if self.after.is_empty() {
            let remedy = "give the expected cost if one day passes between visits, if two do, and so on";
            faults.add(format!("{path}.after"), "[]", "no number of days between visits has a cost", remedy);
        }
        if !self.until_first.is_empty() && last_visit.is_some() {
            let message = "is given, too: both say what has happened since the last visit";
            faults.add(format!("{path}.until_first"), "last_visit", message, "keep one of the two");
        }
        if self.until_first.len() > num_days {
            let message = format!("the period has {num_days} days");
            let remedy = "give one value for each day on which the first visit may be";
            faults.add(format!("{path}.until_first"), format!("{} values", self.until_first.len()), &message, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_costs_what_may_happen_in_it() {
        let overflow = Overflow::after([0, 10, 100]);
        // Repeated: two days from 0 to 2, and one from 2 to the next period's 0.
        assert_eq!(overflow.cost(&[0, 2], 3, None), Some(10));
        assert_eq!(overflow.cost(&[1], 3, None), Some(100));
        assert_eq!(overflow.cost(&[1], 4, None), None);
        // The last visit was the day before: two days until day 1, and two until the end.
        assert_eq!(overflow.cost(&[1], 3, Some(1)), Some(20));
        // Overdue: no more than three days have a cost.
        assert_eq!(overflow.cost(&[0], 3, Some(9)), Some(200));
        // By how full it is now.
        let full = overflow.until_first([7, 70]);
        assert_eq!(full.cost(&[1, 2], 3, None), Some(70));
        assert_eq!(full.cost(&[0], 2, None), Some(17));
        assert_eq!(full.cost(&[2], 3, None), None);
    }

    #[test]
    fn faults_are_told_at_once() {
        let mut faults = Faults::default();
        let wrong = Overflow::after([-1]).until_first([1, 2, MAX_COST]);
        wrong.check(2, Some(1), "visits[0].overflow", &mut faults);
        Overflow::default().check(2, None, "visits[1].overflow", &mut faults);
        let paths: Vec<String> = faults.into_listing().kept.into_iter().map(|issue| issue.path).collect();
        assert_eq!(
            paths,
            [
                "visits[0].overflow.after[0]",
                "visits[0].overflow.until_first[2]",
                "visits[0].overflow.until_first",
                "visits[0].overflow.until_first",
                "visits[1].overflow.after"
            ]
        );
    }
}
