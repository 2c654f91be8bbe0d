//! How speeds change over the week.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Speeds in percent of those of a quiet street, at some hours of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrafficRule {
    /// What it is called.
    pub name: String,
    /// The days it holds on.
    pub days: Vec<Day>,
    /// When it begins: `07:00`.
    pub from: String,
    /// When it ends, later on the same day: `09:30`, at most `24:00`.
    pub to: String,
    /// Percent of the speed on a quiet street: 1 to 300.
    pub percent: u32,
    /// Percent by class of street, where it differs.
    #[serde(default)]
    pub classes: BTreeMap<String, u32>,
}

impl TrafficRule {
    /// Whether the rule holds on a day, so many minutes after midnight.
    pub(in crate::travel::road) fn holds(&self, day: Day, minute: u32) -> bool {
        let span = minutes(&self.from).zip(minutes(&self.to));
        self.days.contains(&day) && span.is_some_and(|(from, to)| (from..to).contains(&minute))
    }

    /// The percentage for a class of street.
    pub(in crate::travel::road) fn percent_of(&self, class: &str) -> u32 {
        self.classes.get(class).copied().unwrap_or(self.percent)
    }
}

/// Minutes after midnight of `hh:mm`, up to `24:00`.
pub(in crate::travel::road) fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}
