//! Parses durations and moments of the command line.

use std::time::Duration;

use milkrun::calendar::{Origin, TimeError};

/// Reads `10s`, `500ms`, `2m`, `1h`, or a bare number of seconds; fractions are allowed.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    const HELP: &str = "give a number with a unit, such as 10s, 500ms, 2m or 1h; a bare number means seconds";
    let text = text.trim();
    // From the end, since `1e1` has a letter in the number.
    let unit_from = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (number, unit) = text.split_at(unit_from);
    let factor = match unit.trim() {
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("unknown unit `{unit}`; {HELP}")),
    };
    let number: f64 = number.trim().parse().map_err(|_| HELP.to_owned())?;
    if number.is_nan() || number < 0.0 {
        return Err(format!("a time limit cannot be negative; {HELP}"));
    }
    Duration::try_from_secs_f64(number * factor).map_err(|_| format!("that is too long; {HELP}"))
}

/// Reads `10:15`, `10:15:30` or a number, as the problem counts time. Where its origin is known, times of day are those of the origin's
/// day, and dates with times are read, too.
pub(crate) fn parse_moment(text: &str, origin: Option<&Origin>) -> Result<i64, String> {
    const HELP: &str = "give a time of day, such as 10:15, or a number in the problem's time";
    let text = text.trim();
    if let Some(origin) = origin {
        let read = text.parse().or_else(|_| origin.time(text));
        return read
            .map_err(|error| if error == TimeError::NoTime { HELP.to_owned() } else { format!("{text} {error}") });
    }
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() == 1 {
        return text.parse().map_err(|_| HELP.to_owned());
    }
    let numbers: Option<Vec<i64>> = parts.iter().map(|part| part.parse().ok()).collect();
    match numbers.as_deref() {
        Some([hours, minutes @ 0..=59]) => Ok(hours * 3600 + minutes * 60),
        Some([hours, minutes @ 0..=59, seconds @ 0..=59]) => Ok(hours * 3600 + minutes * 60 + seconds),
        _ => Err(HELP.to_owned()),
    }
}

/// Reads `20m`, `90s`, or a number, as the problem counts time.
pub(crate) fn parse_length(text: &str) -> Result<i64, String> {
    if let Ok(number) = text.trim().parse() {
        return Ok(number);
    }
    let seconds = parse_duration(text)?.as_secs();
    i64::try_from(seconds).map_err(|_| "that is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        let read = |text| parse_duration(text).unwrap();
        assert_eq!(read("10s"), Duration::from_secs(10));
        assert_eq!(read("500ms"), Duration::from_millis(500));
        assert_eq!(read("2m"), Duration::from_secs(120));
        assert_eq!(read("30.0"), Duration::from_secs(30));
        assert_eq!(read("1.5 h"), Duration::from_secs(5400));
        assert_eq!(read("1e1"), Duration::from_secs(10), "some programs print ten like this");
    }

    #[test]
    fn invalid_durations_are_refused() {
        for text in ["", "s", "ten", "-1s", "-0.5", "1d", "nan", "inf", "1e300h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn moments_and_lengths() {
        let read = |text| parse_moment(text, None);
        assert_eq!((read("10:15"), read("0:00:07"), read("-30")), (Ok(36_900), Ok(7), Ok(-30)));
        assert_eq!(parse_length("20m"), Ok(1_200));
        assert_eq!(parse_length("90"), Ok(90));
        for text in ["", "10:", "10:60", "1:2:3:4", "noon"] {
            assert!(parse_moment(text, None).is_err(), "{text}");
        }
        let origin = Origin::new("2026-10-25T00:00[Europe/Amsterdam]").unwrap();
        let read = |text| parse_moment(text, Some(&origin));
        assert_eq!((read("10:15"), read("900"), read("2026-10-26")), (Ok(40_500), Ok(900), Ok(90_000)));
        assert!(read("2:30").is_err_and(|fault| fault.contains("occurs twice")));
        assert!(read("noon").is_err_and(|fault| fault.contains("a time of day")));
    }
}
