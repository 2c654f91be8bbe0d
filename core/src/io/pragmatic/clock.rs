//! Times: RFC 3339 text in documents, seconds since 1970 inside.

use jiff::Timestamp;
use serde_json::Value;

use crate::io::fields::{Fields, Found};
use crate::model::TimeWindow;
use crate::units::Time;

/// The text of a time.
pub(super) fn text(time: Time) -> String {
    // All times of a plan lie near those of its document.
    Timestamp::from_second(time).map_or_else(|_| time.to_string(), |time| time.to_string())
}

/// A time; fractions of a second are dropped.
pub(super) fn time(found: &mut Found, path: &str, value: &Value) -> Option<Time> {
    let time = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    if time.is_none() {
        let remedy = "give a time with its offset, such as 2026-07-04T09:00:00Z";
        found.faults.add(path, value, "is not a time by RFC 3339", remedy);
    }
    time.map(Timestamp::as_second)
}

/// A time that a field states.
pub(super) fn field(found: &mut Found, fields: &mut Fields<'_>, key: &'static str) -> Option<Time> {
    let value = fields.get(key)?;
    time(found, &fields.path(key), value)
}

/// Two times, the first before the second.
pub(super) fn window(found: &mut Found, path: &str, value: &Value) -> Option<TimeWindow> {
    let Some([early, late]) = value.as_array().map(Vec::as_slice) else {
        found.wrong(path, value, "a pair of times");
        return None;
    };
    let early = time(found, &format!("{path}[0]"), early);
    let late = time(found, &format!("{path}[1]"), late);
    let (early, late) = (early?, late?);
    if early > late {
        found.faults.add(path, value, "closes before it opens", "swap the two times");
        return None;
    }
    Some(TimeWindow::new(early, late))
}

/// Windows in ascending order.
pub(super) fn windows(found: &mut Found, fields: &mut Fields<'_>, key: &'static str) -> Vec<TimeWindow> {
    let values = fields.values(found, key);
    let mut windows: Vec<TimeWindow> = values.iter().filter_map(|(path, value)| window(found, path, value)).collect();
    windows.sort_by_key(|window| window.early);
    if windows.windows(2).any(|pair| pair[0].late >= pair[1].early) {
        found.faults.add(fields.path(key), "", "the windows overlap", "join those that do");
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_understood() {
        let mut found = Found::default();
        let of = |found: &mut Found, text: &str| time(found, "at", &Value::from(text));
        assert_eq!(of(&mut found, "2019-07-04T11:00:00+02:00"), of(&mut found, "2019-07-04T09:00:00Z"));
        assert!(found.faults.is_empty());
        assert_eq!(of(&mut found, "2019-07-04T09:00:00"), None);
        assert!(!found.faults.is_empty());
        assert_eq!(text(1_562_230_800), "2019-07-04T09:00:00Z");
    }
}
