//! Days of the week, in the language of the table.

use crate::fault::{Wrong, wrong};
use crate::vocabulary::{Language, Languages, Vocabulary};

/// A set of days of the week; Monday is day 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weekdays(u8);

impl Weekdays {
    pub(crate) const ALL: Self = Self(0b111_1111);
    pub(crate) const WORKING: Self = Self(0b1_1111);

    pub(crate) fn has(self, day: u8) -> bool {
        self.0 >> day & 1 == 1
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn add(&mut self, day: u8) {
        self.0 |= 1 << day;
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// From one day to another, over the weekend too: `Sa-Mo`.
    pub(crate) fn range(from: u8, to: u8) -> Self {
        let mut days = Self::default();
        let mut day = from % 7;
        days.add(day);
        while day != to % 7 {
            day = (day + 1) % 7;
            days.add(day);
        }
        days
    }
}

/// The languages in which the words of a text that are days, all of them together, are days.
pub(crate) fn languages_of(text: &str, before: Languages) -> Languages {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.fold(before, |languages, word| {
        let days = Vocabulary::get().weekdays(word);
        if days.is_empty() {
            languages
        } else {
            languages.narrowed(days.iter().map(|&(language, _)| language).collect())
        }
    })
}

/// The day that a word means; `None` where it is no day.
pub(crate) fn day(word: &str, languages: Languages) -> Result<Option<u8>, Wrong> {
    let known = Vocabulary::get().weekdays(word);
    let here: Vec<(Language, u8)> = known.iter().copied().filter(|&(language, _)| languages.has(language)).collect();
    let readings = if here.is_empty() { known } else { &here[..] };
    let Some(&(_, first)) = readings.first() else { return Ok(None) };
    if readings.iter().all(|&(_, day)| day == first) {
        return Ok(Some(first));
    }
    let names: Vec<String> =
        readings.iter().map(|&(language, day)| format!("{} ({language:?})", NAMES[day as usize])).collect();
    let message = format!("{word:?} may be {}", names.join(" or "));
    Err(wrong(message, "say --language en, de, fr, es, it or nl, or write the day out"))
}

/// What the days are called in messages.
pub(crate) const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_go_over_the_weekend() {
        let days = |set: Weekdays| (0..7).filter(|&day| set.has(day)).collect::<Vec<_>>();
        assert_eq!(days(Weekdays::range(0, 4)), [0, 1, 2, 3, 4]);
        assert_eq!(days(Weekdays::range(5, 0)), [0, 5, 6]);
        assert_eq!(days(Weekdays::range(2, 2)), [2]);
    }

    #[test]
    fn other_words_tell_the_language() {
        assert_eq!(day("Mi", Languages::ALL), Ok(Some(2)), "German and Spanish agree");
        assert!(day("Do", Languages::ALL).unwrap_err().message.contains("Thursday (De)"));
        let german = languages_of("Mo/Do und Mi", Languages::ALL);
        assert_eq!(day("Do", german), Ok(Some(3)));
        let italian = languages_of("Gio, Dom", Languages::ALL);
        assert_eq!(day("do", italian), Ok(Some(6)));
        assert_eq!(day("Ma", Languages::one(Language::Nl)), Ok(Some(0)));
        assert_eq!(day("Ma", Languages::one(Language::Fr)), Ok(Some(1)));
        assert_eq!(day("gate", Languages::ALL), Ok(None));
    }
}
