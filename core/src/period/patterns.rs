//! How often clients are visited, and the combinations of days that this allows.

use super::overflow::Overflow;
use crate::model::Faults;
use crate::units::Cost;

/// More combinations of days than this are not enumerated.
const MAX_PATTERNS: usize = 2_000;

/// On which days a client is visited.
///
/// Without anything else, visits are spaced as evenly as the days allow, and the period is repeated: from the last visit to the
/// first of the next period counts, too. Two visits in four days are Monday and Wednesday or Tuesday and Thursday; two in five
/// days are two or three days apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Visits {
    /// How many visits there are in the period.
    pub frequency: usize,
    /// The days, counted from 0, on which a visit is possible; `None`: all.
    pub days: Option<Vec<usize>>,
    /// The fewest days from one visit to the next; one: on consecutive days. `None`: evenly spaced, or one where overflow is priced.
    pub min_gap: Option<usize>,
    /// The most days from one visit to the next. `None`: evenly spaced, or no limit where there is a fewest number or overflow is
    /// priced.
    pub max_gap: Option<usize>,
    /// How many days before day 0 the last visit was; one: the day before. The period is then not repeated: gaps count from that
    /// visit, and after the last one in the period at most `max_gap` days may follow in it. A visit that is overdue is made on the
    /// first possible day.
    pub last_visit: Option<usize>,
    /// The combinations of days themselves, instead of all that frequency, days and gaps allow.
    pub patterns: Vec<Vec<usize>>,
    /// What is expected to overflow between visits, if that is priced. Without a frequency the client is then visited as often
    /// as pays, at least once.
    pub overflow: Option<Overflow>,
}

/// A combination of days, and what is expected to overflow if those are the visits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Combination {
    pub(super) days: Vec<usize>,
    pub(super) cost: Cost,
}

impl Visits {
    /// So many visits, evenly spaced.
    pub fn times(frequency: usize) -> Self {
        Self {
            frequency,
            days: None,
            min_gap: None,
            max_gap: None,
            last_visit: None,
            patterns: Vec::new(),
            overflow: None,
        }
    }

    /// As many visits as pay, at least one, by what is expected to overflow between them.
    pub fn by_overflow(overflow: Overflow) -> Self {
        Self { overflow: Some(overflow), ..Self::times(0) }
    }

    /// One of these combinations of days.
    pub fn patterns(patterns: impl Into<Vec<Vec<usize>>>) -> Self {
        let patterns = patterns.into();
        Self { patterns, ..Self::times(0) }
    }

    /// Sets on which days a visit is possible.
    pub fn on_days(mut self, days: impl Into<Vec<usize>>) -> Self {
        self.days = Some(days.into());
        self
    }

    /// Sets the fewest and the most days from one visit to the next.
    pub fn gaps(mut self, min: usize, max: usize) -> Self {
        (self.min_gap, self.max_gap) = (Some(min), Some(max));
        self
    }

    /// Sets how many days before the period the last visit was.
    pub fn last_visit(mut self, days_before: usize) -> Self {
        self.last_visit = Some(days_before);
        self
    }

    /// Sets what is expected to overflow between visits.
    pub fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = Some(overflow);
        self
    }

    /// The combinations of days, each in ascending order; faults are noted with the path of these visits.
    pub(super) fn combinations(&self, num_days: usize, path: &str, faults: &mut Faults) -> Vec<Combination> {
        let days = if self.patterns.is_empty() {
            self.enumerate(num_days, path, faults)
        } else {
            self.given(num_days, path, faults)
        };
        let Some(overflow) = &self.overflow else {
            return days.into_iter().map(|days| Combination { days, cost: 0 }).collect();
        };
        overflow.check(num_days, self.last_visit, &format!("{path}.overflow"), faults);
        let found_any = !days.is_empty();
        let priced = days
            .into_iter()
            .filter(|days| days.iter().all(|&day| day < num_days))
            .filter_map(|days| overflow.cost(&days, num_days, self.last_visit).map(|cost| Combination { days, cost }));
        let priced: Vec<Combination> = priced.collect();
        if found_any && priced.is_empty() && !overflow.after.is_empty() {
            let message = "more days pass between visits than have a cost, whatever the days";
            let remedy = "give costs for more days, or allow more visits";
            faults.add(format!("{path}.overflow.after"), format!("{} values", overflow.after.len()), message, remedy);
        }
        priced
    }

    fn given(&self, num_days: usize, path: &str, faults: &mut Faults) -> Vec<Vec<usize>> {
        if self.frequency > 0 && self.patterns.iter().any(|pattern| pattern.len() != self.frequency) {
            let remedy = "leave the frequency out, or give patterns of that many days";
            faults.add(format!("{path}.frequency"), self.frequency, "some pattern has another number of days", remedy);
        }
        let is_given = [self.days.is_some(), self.min_gap.is_some(), self.max_gap.is_some(), self.last_visit.is_some()];
        for (name, given) in ["days", "min_gap", "max_gap", "last_visit"].iter().zip(is_given) {
            if given {
                let remedy = "keep the patterns or the rest";
                faults.add(format!("{path}.{name}"), "given", "the patterns say which days are possible", remedy);
            }
        }
        let mut all: Vec<Vec<usize>> = Vec::new();
        for (p, pattern) in self.patterns.iter().enumerate() {
            let path = format!("{path}.patterns[{p}]");
            if pattern.is_empty() {
                faults.add(&path, "[]", "the pattern has no days", "name its days, or make the client optional");
            }
            let mut sorted = pattern.clone();
            sorted.sort_unstable();
            for (d, &day) in pattern.iter().enumerate() {
                is_day(day, num_days, &format!("{path}[{d}]"), faults);
            }
            if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
                faults.add(&path, format!("{pattern:?}"), "a day is named twice", "one visit a day is planned at most");
            }
            if !all.contains(&sorted) {
                all.push(sorted);
            }
        }
        all
    }

    fn enumerate(&self, num_days: usize, path: &str, faults: &mut Faults) -> Vec<Vec<usize>> {
        let Self { frequency, min_gap, max_gap, last_visit, .. } = *self;
        let is_free = frequency == 0 && self.overflow.is_some();
        if frequency > num_days || (frequency == 0 && !is_free) {
            let message = format!("a client is visited once a day at most, and the period has {num_days} days");
            let remedy = "give one or more, and no more than there are days";
            faults.add(format!("{path}.frequency"), frequency, &message, remedy);
            return Vec::new();
        }
        let mut days: Vec<usize> = self.days.clone().unwrap_or_else(|| (0..num_days).collect());
        for (d, &day) in days.iter().enumerate() {
            is_day(day, num_days, &format!("{path}.days[{d}]"), faults);
        }
        days.sort_unstable();
        days.dedup();
        days.retain(|&day| day < num_days);
        let (min, max) = match (min_gap, max_gap) {
            (None, None) if self.overflow.is_none() => (num_days / frequency, num_days.div_ceil(frequency)),
            (min, max) => (min.unwrap_or(1).max(1), max.unwrap_or(usize::MAX)),
        };
        if min > max {
            faults.add(format!("{path}.min_gap"), min, &format!("is above the most days, {max}"), "swap the two");
            return Vec::new();
        }
        if last_visit == Some(0) {
            let remedy = "give 1 for the day before the period, or leave it out";
            faults.add(format!("{path}.last_visit"), 0, "day 0 is in the period", remedy);
        }
        let counts = if is_free { (1, days.len()) } else { (frequency, frequency) };
        let repeats =
            last_visit.is_none() && self.overflow.as_ref().is_none_or(|overflow| overflow.until_first.is_empty());
        // More days than have a price never pass.
        let max = self.overflow.as_ref().map_or(max, |overflow| max.min(overflow.after.len()));
        let mut walk =
            Walk { counts, days: &days, num_days, min, max, last_visit, repeats, found: Vec::new(), too_many: false };
        walk.extend(&mut Vec::with_capacity(counts.1), 0);
        let visits = if is_free { "any number of".to_owned() } else { frequency.to_string() };
        if walk.too_many {
            let message = format!("more than {MAX_PATTERNS} combinations of days are possible");
            let remedy = "name the days or the patterns, or bound the gaps between visits";
            faults.add(path, format!("{visits} visits in {} days", days.len()), &message, remedy);
        } else if walk.found.is_empty() {
            let remedy = "allow more days, other gaps, or another frequency";
            let value = format!("{visits} visits on {} days", days.len());
            let gaps = if max == usize::MAX { format!("{min} days or more") } else { format!("{min} to {max} days") };
            let around = if repeats { ", also to the first visit of the next period" } else { "" };
            faults.add(path, value, &format!("no combination of days has gaps of {gaps}{around}"), remedy);
        }
        walk.found
    }
}

/// All combinations of days, one day after the other.
struct Walk<'a> {
    /// The fewest and the most visits.
    counts: (usize, usize),
    days: &'a [usize],
    num_days: usize,
    min: usize,
    max: usize,
    last_visit: Option<usize>,
    /// Whether the period is repeated.
    repeats: bool,
    found: Vec<Vec<usize>>,
    too_many: bool,
}

impl Walk<'_> {
    fn extend(&mut self, chosen: &mut Vec<usize>, from: usize) {
        if self.too_many {
            return;
        }
        let (fewest, most) = self.counts;
        if chosen.len() >= fewest && self.ends_well(chosen) {
            self.too_many = self.found.len() == MAX_PATTERNS;
            if !self.too_many {
                self.found.push(chosen.clone());
            }
        }
        if chosen.len() == most {
            return;
        }
        for i in from..self.days.len() {
            let day = self.days[i];
            let (gap, max) = match (chosen.last(), self.last_visit) {
                (Some(&last), _) => (Some(day - last), self.max),
                // A visit that is overdue is made on the first possible day.
                (None, Some(before)) => {
                    (Some(before.saturating_add(day)), self.max.max(before.saturating_add(self.days[0])))
                }
                (None, None) => (None, self.max),
            };
            if gap.is_some_and(|gap| gap > max) {
                break;
            }
            if gap.is_none_or(|gap| gap >= self.min) {
                chosen.push(day);
                self.extend(chosen, i + 1);
                chosen.pop();
            }
        }
    }

    /// Whether the gap after the last visit is right, too: to the first of the next period, or to the period's end.
    fn ends_well(&self, chosen: &[usize]) -> bool {
        let (Some(&first), Some(&last)) = (chosen.first(), chosen.last()) else { return false };
        if !self.repeats {
            return self.num_days - last <= self.max;
        }
        (self.min..=self.max).contains(&(first + self.num_days - last))
    }
}

fn is_day(day: usize, num_days: usize, path: &str, faults: &mut Faults) {
    if day >= num_days {
        let message = format!("the period has days 0 to {}", num_days.saturating_sub(1));
        faults.add(path, day, &message, "count days from 0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn combinations(visits: &Visits, num_days: usize) -> Vec<Vec<usize>> {
        let mut faults = Faults::default();
        let found = visits.combinations(num_days, "visits[0]", &mut faults);
        assert!(faults.is_empty());
        found.into_iter().map(|combination| combination.days).collect()
    }

    #[test]
    fn overflow_decides_how_often() {
        let visits = Visits::by_overflow(Overflow::after([0, 5]));
        assert_eq!(combinations(&visits, 3), [vec![0, 1], vec![0, 1, 2], vec![0, 2], vec![1, 2]]);
        let now_full = Visits::by_overflow(Overflow::after([0, 5]).until_first([3]));
        assert_eq!(combinations(&now_full, 3), [vec![0, 1], vec![0, 1, 2], vec![0, 2]]);
        let once = Visits::times(1).overflow(Overflow::after([0, 5, 9]));
        assert_eq!(combinations(&once, 3), [[0], [1], [2]]);
        let mut faults = Faults::default();
        Visits::patterns([vec![0]]).overflow(Overflow::after([1])).combinations(3, "visits[0]", &mut faults);
        let issues = faults.into_listing().kept;
        assert!(issues[0].to_string().contains("more days pass between visits than have a cost"), "{}", issues[0]);
    }

    #[test]
    fn visits_are_evenly_spaced() {
        assert_eq!(combinations(&Visits::times(2), 4), [[0, 2], [1, 3]]);
        assert_eq!(combinations(&Visits::times(1), 3), [[0], [1], [2]]);
        assert_eq!(combinations(&Visits::times(3), 6), [[0, 2, 4], [1, 3, 5]]);
        assert_eq!(combinations(&Visits::times(2), 5), [[0, 2], [0, 3], [1, 3], [1, 4], [2, 4]]);
        assert_eq!(combinations(&Visits::times(5), 5), [[0, 1, 2, 3, 4]]);
    }

    #[test]
    fn days_and_gaps_are_kept() {
        assert_eq!(combinations(&Visits::times(2).on_days([0, 1, 3]).gaps(1, 4), 4), [[0, 1], [0, 3], [1, 3]]);
        assert_eq!(
            combinations(&Visits::times(2).gaps(2, 5), 7),
            [
                [0, 2],
                [0, 3],
                [0, 4],
                [0, 5],
                [1, 3],
                [1, 4],
                [1, 5],
                [1, 6],
                [2, 4],
                [2, 5],
                [2, 6],
                [3, 5],
                [3, 6],
                [4, 6]
            ]
        );
    }

    #[test]
    fn the_last_visit_counts() {
        // Two days ago: at most three days until the next, and three until the end.
        let visits = Visits::times(2).gaps(2, 3).last_visit(2);
        assert_eq!(combinations(&visits, 5), [[0, 2], [0, 3], [1, 3], [1, 4]]);
    }

    #[test]
    fn faults_are_told_at_once() {
        let faults = |visits: &Visits| {
            let mut faults = Faults::default();
            visits.combinations(4, "visits[0]", &mut faults);
            faults.into_listing().kept.into_iter().map(|issue| issue.path).collect::<Vec<_>>()
        };
        assert_eq!(faults(&Visits::times(0)), ["visits[0].frequency"]);
        assert_eq!(faults(&Visits::times(5)), ["visits[0].frequency"]);
        assert_eq!(faults(&Visits::times(2).on_days([1, 9])), ["visits[0].days[1]", "visits[0]"]);
        assert_eq!(faults(&Visits::times(2).gaps(3, 2)), ["visits[0].min_gap"]);
        assert_eq!(faults(&Visits::times(1).gaps(1, 2).last_visit(9)), ["visits[0]"]);
        let given = Visits { days: Some(vec![1]), ..Visits::patterns([vec![1, 1], vec![7], vec![]]) };
        assert_eq!(
            faults(&given),
            ["visits[0].days", "visits[0].patterns[0]", "visits[0].patterns[1][0]", "visits[0].patterns[2]"]
        );
    }

    #[test]
    fn too_many_combinations_are_a_fault() {
        let mut faults = Faults::default();
        Visits::times(10).gaps(1, 28).combinations(28, "visits[0]", &mut faults);
        let issues = faults.into_listing().kept;
        assert!(issues[0].message.contains("more than 2000"), "{}", issues[0]);
    }
}
