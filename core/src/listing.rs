//! Long lists of faults and long values, cut to a readable length.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// How many faults a message lists.
const SHOWN: usize = 50;
/// How many faults are kept for programs to examine. The rest are only counted: a million wrong rows would otherwise
/// take more memory than the file.
const KEPT: usize = 1_000;
/// How many characters of a value a message shows.
const LONGEST: usize = 60;

/// Faults in the order in which they are found: the first ones, and the number of the rest.
#[derive(Clone, Debug)]
pub(crate) struct Listing<T> {
    pub(crate) kept: Vec<T>,
    pub(crate) omitted: usize,
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), omitted: 0 }
    }
}

impl<T> Listing<T> {
    #[cfg(any(feature = "io", feature = "forecast", feature = "roads"))]
    pub(crate) fn push(&mut self, fault: T) {
        self.push_with(|| fault);
    }

    /// Like `push`, but constructs the fault only if it is kept.
    pub(crate) fn push_with(&mut self, fault: impl FnOnce() -> T) {
        if self.kept.len() < KEPT {
            self.kept.push(fault());
        } else {
            self.omitted += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many there are, kept or not.
    #[cfg(feature = "io")]
    pub(crate) fn len(&self) -> usize {
        self.kept.len() + self.omitted
    }
}

/// `2 faults:` and a line for each of the first ones; `omitted` more were not kept.
pub(crate) fn counted(faults: &[impl fmt::Display], omitted: usize) -> String {
    let n = faults.len() + omitted;
    format!("{n} fault{}:{}", if n == 1 { "" } else { "s" }, lines(faults, omitted))
}

/// A line for each of the first faults, and the number of the rest.
pub(crate) fn lines(faults: &[impl fmt::Display], omitted: usize) -> String {
    let mut text = String::new();
    for fault in faults.iter().take(SHOWN) {
        let _ = write!(text, "\n  {fault}");
    }
    let more = faults.len().saturating_sub(SHOWN) + omitted;
    if more > 0 {
        let _ = write!(text, "\n  … and {more} more");
    }
    text
}

/// A value as shown in a message: only its beginning if it is long.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_faults_are_counted_and_a_thousand_kept() {
        let mut found = Listing::default();
        (0..1_000_000).for_each(|i| found.push(i));
        assert_eq!((found.kept.len(), found.len()), (1_000, 1_000_000));
        let text = counted(&found.kept, found.omitted);
        assert!(text.starts_with("1000000 faults:\n  0\n") && text.ends_with("\n  49\n  … and 999950 more"), "{text}");
        assert_eq!(counted(&["one"], 0), "1 fault:\n  one");
    }

    #[test]
    fn a_long_value_ends_early_and_between_characters() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"ä".repeat(1_000_000)).chars().count(), LONGEST + 1);
    }
}
