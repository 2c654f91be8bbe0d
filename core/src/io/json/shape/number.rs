//! Numbers, and text where a number belongs.

use super::node::{InWords, Node};
use crate::io::json::problem_document::duration;
use crate::listing::shortened;
use crate::units::time_of_day;

/// What is wrong with a number where a number belongs, and how to mend it; `None` where nothing is.
pub(super) fn fault(node: &Node, raw: &str) -> Option<(String, String)> {
    let shown = shortened(raw);
    let Some((low, high)) = node.integer else {
        let finite = raw.parse::<f64>().is_ok_and(f64::is_finite);
        return (!finite).then(|| (format!("{shown} is too large"), "give a number below 1e308".to_owned()));
    };
    let bytes = raw.as_bytes();
    // Eighteen digits fit in any range but the small ones.
    if bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit) && high >= i128::from(i64::MAX) {
        return None;
    }
    let expected = node.expected();
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        let value: Option<i128> = raw.parse().ok();
        return match value {
            Some(0) if raw != "0" => Some((format!("{raw} is written as no whole number is"), "write 0".to_owned())),
            Some(value) if (low..=high).contains(&value) => None,
            _ if raw.starts_with('-') && low == 0 => {
                Some((format!("expected {expected}, found {shown}"), "give zero or more".to_owned()))
            }
            _ if high < i128::from(i64::MAX) => {
                Some((format!("{shown} is out of range"), format!("give {low} to {high}")))
            }
            _ if raw.starts_with('-') => Some((format!("{shown} is out of range"), SMALLER.to_owned())),
            _ => Some((format!("{shown} is out of range"), COARSER.to_owned())),
        };
    }
    let value: f64 = raw.parse().unwrap_or(f64::INFINITY);
    if !value.is_finite() || value.abs() >= 9e15 {
        return Some((format!("{shown} is out of range"), COARSER.to_owned()));
    }
    if value.fract() == 0.0 {
        let whole = value as i64;
        return Some((format!("expected {expected}, found {shown}"), format!("write it as {whole}")));
    }
    let remedy = "use a finer unit (such as metres in place of kilometres), so that it has no decimals";
    Some((format!("expected {expected}, found {shown}"), remedy.to_owned()))
}

const COARSER: &str = "use a coarser unit: values go up to 1073741823 (2^30 - 1), costs up to 2^40";
const SMALLER: &str = "use a coarser unit: values go down to -1073741823 (1 - 2^30)";

/// The remedy for text in place of a number, where it can be told what the text means.
pub(super) fn of_text(node: &Node, raw: &str) -> Option<String> {
    let text = raw.trim_matches('"').trim();
    if node.integer.is_none() && !node.number {
        return None;
    }
    if node.time == Some(InWords::Span) {
        // `1:30` is taken for hours and minutes, which may be meant or not.
        let seconds = time_of_day(text).map(|seconds| format!("write {seconds} or \"PT{}M\" for {text}", seconds / 60));
        return seconds
            .or_else(|| Some("write seconds as a number, or as in \"PT45S\", \"PT10M\", \"PT1H30M\"".to_owned()));
    }
    if let Some(seconds) = time_of_day(text) {
        return Some(format!(
            "times are whole numbers counted from the planning origin: {text} is {seconds} where that is midnight and the \
             unit is a second"
        ));
    }
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite) && text.len() <= 40;
    is_number.then(|| format!("write {text} without quotation marks"))
}

/// Whether text says the time that belongs there, where a time does.
pub(super) fn is_time(node: &Node, text: &str) -> bool {
    match node.time {
        // What dates mean depends on the document.
        None | Some(InWords::Clock | InWords::Origin) => true,
        Some(InWords::Span) => duration(text).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        let whole = |low, high| Node { integer: Some((low, high)), ..Node::default() };
        let remedy = |node: &Node, raw: &str| fault(node, raw).map(|(_, remedy)| remedy).unwrap_or_default();
        let node = whole(i64::MIN.into(), i64::MAX.into());
        for raw in ["0", "-1", "1073741824", "-9223372036854775808"] {
            assert_eq!(fault(&node, raw), None, "{raw}");
        }
        assert_eq!(remedy(&node, "1e3"), "write it as 1000");
        assert_eq!(remedy(&node, "-0"), "write 0");
        assert!(remedy(&node, "5.5").contains("finer"));
        for raw in ["9223372036854775808", "1e300", "1e400", "-9223372036854775809"] {
            assert!(remedy(&node, raw).contains("coarser"), "{raw}");
        }
        assert_eq!(remedy(&whole(0, 255), "256"), "give 0 to 255");
        assert_eq!(remedy(&whole(0, 255), "-1"), "give zero or more");
        let number = Node { number: true, ..Node::default() };
        assert_eq!((fault(&number, "1e308"), fault(&number, "1e309").is_some()), (None, true));
    }
}
