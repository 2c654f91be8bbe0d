//! Opening hours: several windows, over midnight, different by day of the week.

use super::weekday::{Weekdays, day};
use super::{Cell, time};
use crate::fault::{Wrong, wrong};
use crate::vocabulary::{Languages, Vocabulary, key};

/// From when until when, in seconds since midnight; an end after 24:00 is on the next day.
pub(crate) type Span = (i64, i64);

/// When something is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hours {
    parts: Vec<(Weekdays, Open)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Open {
    Always,
    Never,
    From(Vec<Span>),
}

/// When something is open on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OnDay {
    /// At any time.
    Always,
    /// At no time.
    Never,
    /// In these windows, which ascend and are apart.
    Windows(Vec<Span>),
}

const EXAMPLES: &str = "write 06:00-10:00, 14:00-16:30, or closed";

impl Hours {
    /// Open from one time to another, on all days.
    pub(crate) fn between(from: i64, to: i64) -> Result<Self, Wrong> {
        Ok(Self { parts: vec![(Weekdays::ALL, Open::From(vec![span(Some(from), Some(to))?]))] })
    }

    /// When it is open on a day of the week; without a day, if no days are told apart.
    pub(crate) fn on(&self, day: Option<u8>) -> Result<OnDay, Wrong> {
        let yesterday = self.begun_on(day.map(|day| (day + 6) % 7))?;
        let (today, OnDay::Windows(before)) = (self.begun_on(day)?, yesterday) else { return self.begun_on(day) };
        // What began yesterday evening may go on this morning.
        let morning: Vec<Span> =
            before.into_iter().filter(|(_, to)| *to > time::DAY).map(|(_, to)| (0, to - time::DAY)).collect();
        Ok(match today {
            OnDay::Always => OnDay::Always,
            OnDay::Never if morning.is_empty() => OnDay::Never,
            OnDay::Never => OnDay::Windows(morning),
            OnDay::Windows(windows) => OnDay::Windows(apart(windows.into_iter().chain(morning).collect())),
        })
    }

    /// The windows that begin on a day of the week.
    pub(crate) fn begun_on(&self, day: Option<u8>) -> Result<OnDay, Wrong> {
        let told_apart = self.parts.iter().any(|(days, _)| *days != Weekdays::ALL);
        if day.is_none() && told_apart {
            return Err(wrong("depends on the day of the week", "say which day is planned: --day 2026-12-03"));
        }
        let mut spans = Vec::new();
        for (_, open) in self.parts.iter().filter(|(days, _)| days.has(day.unwrap_or(0))) {
            match open {
                Open::Always => return Ok(OnDay::Always),
                Open::Never => {}
                Open::From(windows) => spans.extend(windows.iter().copied()),
            }
        }
        Ok(match spans.is_empty() {
            true if self.parts.is_empty() => OnDay::Always,
            true => OnDay::Never,
            false => OnDay::Windows(apart(spans)),
        })
    }
}

/// The windows in order, joined where they overlap or touch.
fn apart(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// A window; over midnight, where it ends before it begins.
fn span(from: Option<i64>, to: Option<i64>) -> Result<Span, Wrong> {
    match (from, to) {
        (Some(from), Some(to)) if from == to => Err(wrong("begins when it ends", EXAMPLES)),
        (Some(from), Some(to)) if to < from => Ok((from, to + time::DAY)),
        (None, None) => Err(wrong("has no time", EXAMPLES)),
        (from, to) => Ok((from.unwrap_or(0), to.unwrap_or(time::DAY))),
    }
}

/// The hours that a cell says; days of the week are words of the given languages.
pub(crate) fn of_cell(cell: &Cell<'_>, languages: Languages) -> Result<Hours, Wrong> {
    let Cell::Text(text) = cell else { return Err(wrong("is a single time, not a window", EXAMPLES)) };
    let all = |open| Ok(Hours { parts: vec![(Weekdays::ALL, open)] });
    if Vocabulary::get().is("always", text) {
        return all(Open::Always);
    }
    if Vocabulary::get().is("closed", text) {
        return all(Open::Never);
    }
    let mut parts: Vec<(Weekdays, Open)> = Vec::new();
    let (mut days, mut fresh) = (Weekdays::ALL, false);
    for piece in pieces(text) {
        let (names, times) = split_days(&piece, languages)?;
        if let Some(named) = names {
            // Days that stand alone wait for the hours of the next piece: `Mo, Tu 06:00-10:00`.
            days = if fresh { days.with(named) } else { named };
            fresh = true;
        }
        if times.is_empty() {
            if names.is_none() {
                return Err(wrong("has an empty part", EXAMPLES));
            }
            continue;
        }
        let open = open(times)?;
        match (parts.last_mut(), open) {
            (Some((before, Open::From(spans))), Open::From(more)) if !fresh && *before == days => spans.extend(more),
            (_, open) => parts.push((days, open)),
        }
        fresh = false;
    }
    if fresh || parts.is_empty() {
        return Err(wrong("has days without hours", "write Mo-Fr 06:00-14:30"));
    }
    Ok(Hours { parts })
}

/// The parts of a list of windows.
fn pieces(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let and = |word: &&str| ["and", "und", "et", "y", "e", "en"].contains(&word.to_lowercase().as_str());
    let joined = words.split(and).map(|words| words.join(" ")).collect::<Vec<_>>().join(";");
    let joined = joined.replace(['–', '—', '−', '‑'], "-");
    let pieces = joined.split([',', ';', '/', '|', '&', '+', '\n']).map(|piece| piece.trim().to_owned());
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// The days at the beginning of a piece, and the rest.
fn split_days(piece: &str, languages: Languages) -> Result<(Option<Weekdays>, &str), Wrong> {
    let mut found: Option<Weekdays> = None;
    let (mut rest, mut from): (&str, Option<u8>) = (piece, None);
    loop {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = &rest[..end];
        let meant = if word.is_empty() { None } else { day(word, languages)? };
        let Some(to) = meant else { break };
        found.get_or_insert_default();
        let days = match from.take() {
            Some(from) => Weekdays::range(from, to),
            None => Weekdays::range(to, to),
        };
        found = found.map(|before| before.with(days));
        rest = rest[end..].trim_start_matches(['.', ':']).trim_start();
        if let Some(after) = rest.strip_prefix('-') {
            (rest, from) = (after.trim_start(), Some(to));
        }
    }
    if from.is_some() {
        return Err(wrong("has a range of days without an end", "write Mo-Fr 06:00-14:30"));
    }
    Ok((found, rest))
}

/// What one piece says without its days.
fn open(text: &str) -> Result<Open, Wrong> {
    let words = Vocabulary::get();
    if words.is("closed", text) {
        return Ok(Open::Never);
    }
    if words.is("always", text) {
        return Ok(Open::Always);
    }
    let (from, to) = ends(text)?;
    Ok(Open::From(vec![span(from, to)?]))
}

/// Begin and end of `06:00-10:00`, `from 6:00`, `6 bis 10 Uhr`, `7:30 am - 2 pm`.
fn ends(text: &str) -> Result<(Option<i64>, Option<i64>), Wrong> {
    if let Some((date, rest)) = text.split_once('T')
        && super::date::is_iso(date)
    {
        return Err(wrong(format!("has a date, {date}"), format!("write the times of day alone: {}", key(rest))));
    }
    let words = Vocabulary::get();
    let mut text = text.trim();
    let mut open_end = false;
    // A word before the first digit: from, until.
    let digit = text.find(|c: char| c.is_ascii_digit() || c == '-').unwrap_or(text.len());
    let lead = text[..digit].trim();
    let mut sides: Vec<&str> = Vec::new();
    if !lead.is_empty() {
        text = &text[digit..];
        if words.is("after", lead) {
            open_end = true;
        } else if words.is("before", lead) {
            sides.push("");
        } else {
            return Err(wrong(format!("has {lead:?}, which is no time"), EXAMPLES));
        }
    }
    sides.extend(between(text));
    match sides[..] {
        [from, to] => half_days(from, to),
        [from] if open_end => Ok((Some(time::of_text(from)?), None)),
        [_] => Err(wrong("is a single time, not a window", EXAMPLES)),
        _ => Err(wrong("is no window", EXAMPLES)),
    }
}

/// The two sides of a dash, or of a word such as `bis`.
fn between(text: &str) -> Vec<&str> {
    if text.contains('-') {
        return text.split('-').map(str::trim).collect();
    }
    let word = text.split_whitespace().find(|word| Vocabulary::get().is("to", word));
    match word.and_then(|word| text.split_once(&format!(" {word} "))) {
        Some((from, to)) => vec![from.trim(), to.trim()],
        None => vec![text],
    }
}

/// Both times; a morning or afternoon that only the end names holds for the begin too, where that comes before it.
fn half_days(from: &str, to: &str) -> Result<(Option<i64>, Option<i64>), Wrong> {
    let read = |text: &str| if text.is_empty() { Ok(None) } else { time::of_text(text).map(Some) };
    let late = read(to)?;
    if let ((begin, None), (_, Some(half))) = (time::half(from), time::half(to))
        && !begin.is_empty()
        && let Ok(early) = time::in_half(begin, half)
    {
        if Some(early) < late {
            return Ok((Some(early), late));
        }
        return Err(wrong("may begin in the morning or in the afternoon", "write am or pm behind both times"));
    }
    Ok((read(from)?, late))
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: i64 = 3_600;

    fn read(text: &str, day: u8) -> Result<OnDay, String> {
        let hours = of_cell(&Cell::text(text), Languages::ALL).map_err(|fault| fault.message)?;
        hours.on(Some(day)).map_err(|fault| fault.message)
    }

    #[test]
    fn windows_as_people_write_them() {
        let half = H / 2;
        let table: [(&str, &[Span]); 22] = [
            ("06:00-14:30", &[(6 * H, 14 * H + half)]),
            ("6-14", &[(6 * H, 14 * H)]),
            ("06:00–10:00, 14:00–16:30", &[(6 * H, 10 * H), (14 * H, 16 * H + half)]),
            ("14:00-16:30; 06:00-10:00", &[(6 * H, 10 * H), (14 * H, 16 * H + half)]),
            ("6:00-10:00 und 14:00-16:00", &[(6 * H, 10 * H), (14 * H, 16 * H)]),
            ("06:00-10:00 / 09:00-12:00", &[(6 * H, 12 * H)]),
            ("6 Uhr bis 10 Uhr", &[(6 * H, 10 * H)]),
            ("6:00 to 10:00", &[(6 * H, 10 * H)]),
            ("6h30-10h", &[(6 * H + half, 10 * H)]),
            ("7:30 am - 2 pm", &[(7 * H + half, 14 * H)]),
            ("7-10am", &[(7 * H, 10 * H)]),
            ("0600-1430", &[(6 * H, 14 * H + half)]),
            ("6.30-10.00", &[(6 * H + half, 10 * H)]),
            ("from 7:00", &[(7 * H, 24 * H)]),
            ("ab 7 Uhr", &[(7 * H, 24 * H)]),
            ("before 10:00", &[(0, 10 * H)]),
            ("bis 10:00", &[(0, 10 * H)]),
            ("- 10:00", &[(0, 10 * H)]),
            ("7:00 -", &[(7 * H, 24 * H)]),
            ("von 6:00 bis 10:00", &[(6 * H, 10 * H)]),
            ("22:00-05:00", &[(0, 5 * H), (22 * H, 29 * H)]),
            ("00:00-24:00", &[(0, 24 * H)]),
        ];
        for (text, spans) in table {
            assert_eq!(read(text, 2), Ok(OnDay::Windows(spans.to_vec())), "{text}");
        }
        for text in ["24/7", "24h", "all day", "Ganztägig", "0-24"] {
            assert_eq!(read(text, 2), Ok(OnDay::Always), "{text}");
        }
        for text in ["closed", "geschlossen", "Fermé"] {
            assert_eq!(read(text, 2), Ok(OnDay::Never), "{text}");
        }
    }

    #[test]
    fn hours_by_day() {
        let text = "Mo-Fr 06:00-14:30; Sat 07:00-12:00";
        assert_eq!(read(text, 0), Ok(OnDay::Windows(vec![(6 * H, 14 * H + H / 2)])));
        assert_eq!(read(text, 5), Ok(OnDay::Windows(vec![(7 * H, 12 * H)])));
        assert_eq!(read(text, 6), Ok(OnDay::Never));
        let text = "Mon, Thu 06:00-10:00, 14:00-16:00; Wed closed";
        assert_eq!(read(text, 3), Ok(OnDay::Windows(vec![(6 * H, 10 * H), (14 * H, 16 * H)])));
        assert_eq!(read(text, 2), Ok(OnDay::Never));
        // Fridays until four in the morning of Saturday.
        assert_eq!(read("Fri 20:00-04:00", 5), Ok(OnDay::Windows(vec![(0, 4 * H)])));
        assert_eq!(read("Fri 20:00-04:00", 4), Ok(OnDay::Windows(vec![(20 * H, 28 * H)])));
        let hours = of_cell(&Cell::text(text), Languages::ALL).unwrap();
        assert!(hours.on(None).unwrap_err().remedy.contains("--day"));
        assert_eq!(
            of_cell(&Cell::text("6-7"), Languages::ALL).unwrap().on(None),
            Ok(OnDay::Windows(vec![(6 * H, 7 * H)]))
        );
    }

    #[test]
    fn what_is_no_window() {
        for text in [
            "7:00",
            "x",
            "06:00-06:00",
            "06:00-25:00",
            "6-10-14",
            "Mo-",
            "Mo-Fr",
            "Mo-Fr; Sa",
            "11-2pm",
            "-",
            ",",
            "gate 6-10",
            "06:00-10:00 x",
            "2026-12-03T06:00-10:00",
            "6--10",
        ] {
            assert!(read(text, 0).is_err(), "{text}");
        }
        assert!(of_cell(&Cell::Moment(0.25), Languages::ALL).is_err());
        assert!(read("Do 6-10", 3).unwrap_err().contains("may be Thursday (De)"));
    }
}
