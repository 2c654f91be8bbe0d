//! What was read from a map, and what was ignored.

use std::collections::BTreeMap;
use std::fmt;

/// How many examples of each kind are named.
const EXAMPLES: usize = 5;

/// What was read from a map, and what was ignored for which reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreetsReport {
    /// Number of ways or links that are streets.
    pub ways: usize,
    /// Number of turn restrictions that are kept, each between segments.
    pub restrictions: usize,
    /// What was ignored, by reason.
    pub ignored: Vec<Ignored>,
    /// The date that the map's data is from, where it says that: seconds since 1970.
    pub data_date: Option<i64>,
}

/// Parts of a map that were ignored for one reason.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Ignored {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: usize,
    /// The first of them.
    pub examples: Vec<String>,
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} ({}", self.count, self.reason, self.examples.join(", "))?;
        f.write_str(if self.count > self.examples.len() { ", …)" } else { ")" })
    }
}

/// Counts what is ignored.
#[derive(Clone, Debug, Default)]
pub(in crate::travel::road) struct Tally(BTreeMap<String, (usize, Vec<String>)>);

impl Tally {
    /// Counts `what`, ignored for `reason`.
    pub(in crate::travel::road) fn add(&mut self, reason: &str, what: impl fmt::Display) {
        if !self.0.contains_key(reason) {
            self.0.insert(reason.to_owned(), (0, Vec::new()));
        }
        let (count, examples) = self.0.get_mut(reason).expect("it was inserted");
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(what.to_string());
        }
    }

    /// The list, most frequent first.
    pub(in crate::travel::road) fn into_list(self) -> Vec<Ignored> {
        let mut list: Vec<Ignored> =
            self.0.into_iter().map(|(reason, (count, examples))| Ignored { reason, count, examples }).collect();
        list.sort_by_key(|ignored| std::cmp::Reverse(ignored.count));
        list
    }
}
