//! Splits bytes into lines, tokens and numbers.

use std::borrow::Cow;

use crate::io::FaultKind;

/// The text without a byte order mark.
pub(super) fn body(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// All lines that are not blank: number from one, and content without surrounding blanks. They end with a line feed, a
/// carriage return, or both.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let pieces = body(bytes).split(|&b| b == b'\n').map(|piece| piece.strip_suffix(b"\r").unwrap_or(piece));
    let lines = pieces.flat_map(|piece| piece.split(|&b| b == b'\r')).map(<[u8]>::trim_ascii);
    lines.enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.is_empty())
}

/// The pieces between blanks.
pub(super) fn tokens(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace).filter(|token| !token.is_empty())
}

/// Decodes UTF-8 if it is valid, otherwise Latin-1.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&b| char::from(b)).collect()),
    }
}

/// A piece of the file for a message: short, and without control characters.
pub(super) fn shown(bytes: &[u8]) -> String {
    const LONGEST: usize = 40;
    let text = decode(&bytes[..bytes.len().min(4 * LONGEST)]).into_owned();
    let mut short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// The finite number that the token denotes.
pub(super) fn number(token: &[u8]) -> Result<f64, FaultKind> {
    // Fifteen digits are exact in a double, and most tokens are that short.
    if token.len() <= 15 && token.iter().all(u8::is_ascii_digit) && !token.is_empty() {
        return Ok(token.iter().fold(0u64, |n, &d| 10 * n + u64::from(d - b'0')) as f64);
    }
    let value: f64 = std::str::from_utf8(token).ok().and_then(|text| text.parse().ok()).ok_or(FaultKind::NotANumber)?;
    if value.is_finite() { Ok(value) } else { Err(FaultKind::NotFinite) }
}

/// A number for a message.
pub(super) fn show_number(value: f64) -> String {
    // From 2⁵³ on, a double's digits are no longer the file's.
    if value.abs() < 9e15 { format!("{value}") } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(number(b"0042"), Ok(42.0));
        assert_eq!(number(b"-1.5e2"), Ok(-150.0));
        assert_eq!(number(b"9223372036854775808"), Ok(9_223_372_036_854_775_808.0));
        assert_eq!(number(b"1e400"), Err(FaultKind::NotFinite));
        assert_eq!(number(b"nan"), Err(FaultKind::NotFinite));
        assert_eq!(number(b"1,5"), Err(FaultKind::NotANumber));
        assert_eq!(number(b""), Err(FaultKind::NotANumber));
    }

    #[test]
    fn latin_1_and_line_endings() {
        assert_eq!(decode(b"Li\xe8ge"), "Liège");
        let found: Vec<_> = lines(b"\xef\xbb\xbfa \r\n\r\n\tb\t\n").collect();
        assert_eq!(found, [(1, &b"a"[..]), (3, &b"b"[..])]);
        let found: Vec<_> = lines(b"a\rb\r\rc\r").collect();
        assert_eq!(found, [(1, &b"a"[..]), (2, &b"b"[..]), (4, &b"c"[..])]);
    }

    #[test]
    fn messages_stay_short() {
        assert_eq!(shown(&[b'x'; 500]).chars().count(), 41);
        assert_eq!(shown(b"a\0b"), "a\\0b");
    }
}
