//! On which days something is due: days of the week, every so many weeks, even and odd weeks, dates.

use jiff::civil::Date;

use super::date::{self, DateOrder};
use super::weekday::{NAMES, Weekdays, day};
use crate::fault::{Wrong, wrong};
use crate::vocabulary::{Languages, Vocabulary, key};

/// When something is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    /// On these days of the week; on all, if there are none.
    weekdays: Weekdays,
    /// In which weeks.
    weeks: Weeks,
    /// On these dates, and on no others.
    dates: Vec<Date>,
    /// Not before.
    pub(crate) start: Option<Date>,
    /// Not after.
    pub(crate) until: Option<Date>,
    /// Only when somebody calls.
    never: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Weeks {
    #[default]
    All,
    /// Every so many days from the start, a multiple of seven where it is about weeks.
    Every(i32),
    Even,
    Odd,
}

/// Why something is not due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NotDue {
    Weekday,
    Week,
    Date,
    NotYet,
    NoLonger,
    OnCall,
    Closed,
}

impl NotDue {
    /// The reason in words that follow "not due: 12 …".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Weekday => "on other days of the week",
            Self::Week => "in other weeks",
            Self::Date => "on other dates",
            Self::NotYet => "before their start",
            Self::NoLonger => "after their end",
            Self::OnCall => "only on call",
            Self::Closed => "closed on the day",
        }
    }
}

impl Rule {
    /// Whether it is due on a date; if not, why.
    pub(crate) fn on(&self, date: Date) -> Result<(), NotDue> {
        let refuse = |refused: bool, why: NotDue| if refused { Err(why) } else { Ok(()) };
        refuse(self.never, NotDue::OnCall)?;
        refuse(self.start.is_some_and(|start| date < start), NotDue::NotYet)?;
        refuse(self.until.is_some_and(|until| date > until), NotDue::NoLonger)?;
        if !self.dates.is_empty() {
            return refuse(!self.dates.contains(&date), NotDue::Date);
        }
        refuse(!self.weekdays.is_empty() && !self.weekdays.has(weekday(date)), NotDue::Weekday)?;
        let week = date.iso_week_date().week();
        match self.weeks {
            Weeks::All => Ok(()),
            Weeks::Even => refuse(week % 2 != 0, NotDue::Week),
            Weeks::Odd => refuse(week % 2 == 0, NotDue::Week),
            Weeks::Every(days) => {
                let start = self.start.unwrap_or(date);
                // Weeks count from Monday to Monday where days of the week are named.
                let back = |date: Date| if self.weekdays.is_empty() { 0 } else { i32::from(weekday(date)) };
                let passed = (date - start).get_days() - back(date) + back(start);
                refuse(passed.rem_euclid(days) != 0, NotDue::Week)
            }
        }
    }

    /// A fault where it cannot be known when it is due.
    pub(crate) fn check(&self) -> Result<(), Wrong> {
        if matches!(self.weeks, Weeks::Every(days) if days != 7) && self.start.is_none() && !self.never {
            let remedy = "give a column `start` with a date on which it is due, or write even weeks or odd weeks";
            return Err(wrong("does not say from which week on", remedy));
        }
        if self.start.zip(self.until).is_some_and(|(start, until)| until < start) {
            return Err(wrong("ends before it starts", "correct the start or the end"));
        }
        Ok(())
    }
}

/// Monday is 0.
pub(crate) fn weekday(date: Date) -> u8 {
    date.weekday().to_monday_zero_offset().unsigned_abs()
}

/// The name of the day of the week.
pub(crate) fn weekday_name(date: Date) -> &'static str {
    NAMES[usize::from(weekday(date)) % 7]
}

const EXAMPLES: &str = "write Mon/Thu, Mo-Fr, every 2nd week, even weeks, or dates such as 2026-12-03";

/// What one word of a rule is.
enum Word {
    Day(u8),
    Dash,
    Date(Date),
    Number(i32),
    Of(&'static str),
}

const CLASSES: [&str; 12] =
    ["never", "unclear", "workdays", "daily", "weekly", "fortnightly", "odd", "even", "week", "day", "from", "to"];

/// The rule that a text says.
pub(crate) fn of_text(text: &str, languages: Languages, order: Option<DateOrder>) -> Result<Rule, Wrong> {
    if Vocabulary::get().is("never", text) {
        return Ok(Rule { never: true, ..Rule::default() });
    }
    let mut rule = Rule::default();
    let (mut last_day, mut dash, mut count, mut from, mut to) = (None, false, None, false, false);
    for word in words(text, languages, order)? {
        match word {
            Word::Day(day) => {
                let days = match last_day.filter(|_| dash) {
                    Some(first) => Weekdays::range(first, day),
                    None => Weekdays::range(day, day),
                };
                rule.weekdays = rule.weekdays.with(days);
                (last_day, dash) = (Some(day), false);
                continue;
            }
            Word::Dash if last_day.is_some() && !dash => {
                dash = true;
                continue;
            }
            Word::Date(date) if from => (rule.start, from) = (Some(date), false),
            Word::Date(date) if to => (rule.until, to) = (Some(date), false),
            Word::Date(date) => rule.dates.push(date),
            Word::Number(number) if count.is_none() && number > 0 => count = Some(number),
            Word::Of("from") => from = true,
            Word::Of("to") if last_day.is_some() && rule.start.is_none() => {
                dash = true;
                continue;
            }
            Word::Of("to") => to = true,
            Word::Of("daily") => rule.weekdays = Weekdays::ALL,
            Word::Of("workdays") => rule.weekdays = Weekdays::WORKING,
            Word::Of("weekly") => rule.weeks = Weeks::Every(7),
            Word::Of("fortnightly") => rule.weeks = Weeks::Every(14),
            Word::Of("even") => rule.weeks = Weeks::Even,
            Word::Of("odd") => rule.weeks = Weeks::Odd,
            Word::Of("week") if matches!(rule.weeks, Weeks::Even | Weeks::Odd) => {}
            Word::Of("week") => rule.weeks = Weeks::Every(7 * count.take().unwrap_or(1)),
            Word::Of("day") => match count.take() {
                None | Some(1) => rule.weekdays = Weekdays::ALL,
                Some(days) => rule.weeks = Weeks::Every(days),
            },
            Word::Of("unclear") => {
                let remedy = "write every 2nd week, or the days of the week";
                return Err(wrong("may be twice a week or every two weeks", remedy));
            }
            Word::Of(_) | Word::Dash | Word::Number(_) => return Err(wrong("is no rule of days", EXAMPLES)),
        }
        (last_day, dash) = (None, false);
    }
    let is_rule = rule != Rule { start: rule.start, until: rule.until, ..Rule::default() } || rule.start.is_some();
    if !is_rule || dash || from || to || count.is_some() {
        return Err(wrong("is no rule of days", EXAMPLES));
    }
    if !rule.dates.is_empty() && (!rule.weekdays.is_empty() || rule.weeks != Weeks::All) {
        return Err(wrong("has dates and a rule", "give one of the two, or write `from` before the date of a start"));
    }
    Ok(rule)
}

/// The words of a rule; dates are told from lists of days by their shape.
fn words(text: &str, languages: Languages, order: Option<DateOrder>) -> Result<Vec<Word>, Wrong> {
    let mut found = Vec::new();
    let spaced = text.replace(['–', '—', '−', '‑'], "-").replace('-', " - ");
    // Dates have dashes of their own.
    let chunks: Vec<&str> = text.split(|c: char| c.is_whitespace() || ",;()".contains(c)).collect();
    if chunks.iter().any(|chunk| date::is_date(chunk.trim_end_matches('.'))) {
        for chunk in chunks {
            let bare = if date::is_date(chunk) { chunk } else { chunk.trim_end_matches('.') };
            if date::is_date(bare) {
                found.push(Word::Date(date::of_text(bare, order)?));
            } else {
                split(&chunk.replace('-', " - "), languages, &mut found)?;
            }
        }
    } else {
        split(&spaced, languages, &mut found)?;
    }
    Ok(found)
}

fn split(text: &str, languages: Languages, found: &mut Vec<Word>) -> Result<(), Wrong> {
    let vocabulary = Vocabulary::get();
    for word in text.split(|c: char| c.is_whitespace() || ",;/+&().|:".contains(c)).filter(|word| !word.is_empty()) {
        if word == "-" {
            // `14-tägig`: the dash belongs to the word.
            if !matches!(found.last(), Some(Word::Number(_))) {
                found.push(Word::Dash);
            }
            continue;
        }
        if let Some(day) = day(word, languages)? {
            found.push(Word::Day(day));
            continue;
        }
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        if digits > 0 {
            let number = word[..digits].parse().map_err(|_| wrong("is no rule of days", EXAMPLES))?;
            found.push(Word::Number(number));
            let ending = key(&word[digits..]);
            if !["", "st", "nd", "rd", "th", "e", "eme", "er", "a", "o", "de", "te", "ten", "ª", "º", "x"]
                .contains(&ending.as_str())
            {
                split(&word[digits..], languages, found)?;
            }
            continue;
        }
        let number =
            [("other", 2), ("third", 3), ("fourth", 4)].into_iter().find(|(class, _)| vocabulary.is(class, word));
        if let Some((_, number)) = number {
            found.push(Word::Number(number));
            continue;
        }
        match CLASSES.into_iter().find(|class| vocabulary.is(class, word)) {
            Some(class) => found.push(Word::Of(class)),
            None if vocabulary.is("filler", word) => {}
            None => return Err(wrong(format!("has {word:?}, which is no day"), EXAMPLES)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Rule, String> {
        let languages = super::super::weekday::languages_of(text, Languages::ALL);
        let rule = of_text(text, languages, None).map_err(|fault| fault.message)?;
        rule.check().map_err(|fault| fault.message).map(|()| rule)
    }

    /// The days from Monday, 30 November 2026 (week 49), to Sunday, 13 December.
    fn due(text: &str) -> Vec<i8> {
        let rule = read(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let first = Date::constant(2026, 11, 30);
        let days = (0..14).map(|day| first.checked_add(jiff::Span::new().days(day)).unwrap());
        days.filter(|&day| rule.on(day).is_ok()).map(Date::day).collect()
    }

    #[test]
    fn rules_as_people_write_them() {
        let mon_thu: &[i8] = &[30, 3, 7, 10];
        let working: &[i8] = &[30, 1, 2, 3, 4, 7, 8, 9, 10, 11];
        let table: [(&str, &[i8]); 26] = [
            ("Mon/Thu", mon_thu),
            ("Mo, Do und Mi", &[30, 2, 3, 7, 9, 10]),
            ("mon + thu", mon_thu),
            ("Montag & Donnerstag", mon_thu),
            ("lundi et jeudi", mon_thu),
            ("lunes y jueves", mon_thu),
            ("lunedì e giovedì", mon_thu),
            ("maandag en donderdag", mon_thu),
            ("every Monday and Thursday", mon_thu),
            ("Mo-Fr", working),
            ("Mon – Fri", working),
            ("Mon to Fri", working),
            ("Montag bis Freitag", working),
            ("weekdays", working),
            ("Sa-Mo", &[30, 5, 6, 7, 12, 13]),
            ("daily", &[30, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
            ("even weeks Thu", &[10]),
            ("Donnerstag, ungerade KW", &[3]),
            ("Thu every 2nd week from 2026-11-26", &[10]),
            ("Thursday every other week starting 2026-11-17", &[3]),
            ("alle 14 Tage Donnerstag ab 19.11.2026", &[3]),
            ("Mi, 14-tägig ab 2.12.2026", &[2]),
            ("jeudi, toutes les 2 semaines depuis 2026-11-19", &[3]),
            ("every 5 days from 2026-12-01", &[1, 6, 11]),
            ("2026-12-03, 2026-12-08", &[3, 8]),
            ("3.12.2026; 8.12.2026", &[3, 8]),
        ];
        for (text, days) in table {
            assert_eq!(due(text), days, "{text}");
        }
        assert_eq!(due("weekly Thu"), [3, 10]);
        assert_eq!(due("every week on Thursday"), [3, 10]);
        assert_eq!(due("on call"), [0_i8; 0]);
        assert_eq!(due("Thu from 2026-12-04"), [10]);
    }

    #[test]
    fn why_something_is_not_due() {
        let thursday = Date::constant(2026, 12, 3);
        let why = |text: &str| read(text).unwrap().on(thursday);
        assert_eq!(why("Thu"), Ok(()));
        assert_eq!(why("Fri"), Err(NotDue::Weekday));
        assert_eq!(why("even weeks"), Err(NotDue::Week));
        assert_eq!(why("2026-12-04"), Err(NotDue::Date));
        assert_eq!(why("Thu from 2026-12-04"), Err(NotDue::NotYet));
        assert_eq!(why("auf Abruf"), Err(NotDue::OnCall));
    }

    #[test]
    fn what_is_no_rule() {
        for text in [
            "",
            "x",
            "every",
            "2nd",
            "Mo-",
            "-Mo",
            "Mo--Fr",
            "every 2nd week",
            "biweekly",
            "0 weeks",
            "from",
            "Mon until",
            "03/04/2026",
            "2026-12-03 Mon",
            "99999999999 weeks",
            "/",
            "every 2nd 3rd week",
            "31.02.2026",
            "M",
            "even",
            "bi-weekly Mon",
        ] {
            let odd = matches!(text, "even");
            assert_eq!(read(text).is_err(), !odd, "{text}");
        }
        assert!(read("Do").unwrap_err().contains("Thursday (De)"), "Thursday in German, Sunday in Spanish");
        assert!(read("biweekly").unwrap_err().contains("twice a week"));
        assert!(read("every 2nd week").unwrap_err().contains("from which week"));
    }

    #[test]
    fn weeks_over_the_new_year() {
        // 2026 has 53 weeks: an odd week follows an odd one, every second week goes on.
        let rule = read("Thu every 2nd week from 2026-12-17").unwrap();
        assert_eq!(rule.on(Date::constant(2026, 12, 31)), Ok(()));
        assert_eq!(rule.on(Date::constant(2027, 1, 7)), Err(NotDue::Week));
        let odd = read("Thu odd weeks").unwrap();
        assert_eq!((odd.on(Date::constant(2026, 12, 31)), odd.on(Date::constant(2027, 1, 7))), (Ok(()), Ok(())));
    }
}
