//! From bytes to text: UTF-8, UTF-16 and Windows-1252 are told apart.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::fault::{Wrong, wrong};

/// The text of a file and what it was taken for. `asked` is the name of an encoding, if one is given.
pub(crate) fn text<'a>(bytes: &'a [u8], asked: Option<&str>) -> Result<(Cow<'a, str>, String), Wrong> {
    let remedy = "give a name such as utf-8, utf-16le, windows-1252 or iso-8859-2";
    if let Some(name) = asked {
        let encoding =
            Encoding::for_label(name.as_bytes()).ok_or_else(|| wrong(format!("{name:?} is no encoding"), remedy))?;
        let (text, encoding, _) = encoding.decode(bytes);
        return Ok((text, format!("{}, as asked for", encoding.name())));
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _, _) = encoding.decode(bytes);
        return Ok((text, format!("{}, by its first bytes", encoding.name())));
    }
    if let Some(encoding) = utf_16(bytes) {
        let (text, _, _) = encoding.decode(bytes);
        return Ok((text, format!("{}, for every other byte is 0", encoding.name())));
    }
    if bytes.contains(&0) {
        return Err(wrong("is no text: it has bytes that are 0", "save the table as CSV, or as .xlsx or .ods"));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), UTF_8.name().to_owned()));
    }
    let (text, _, _) = WINDOWS_1252.decode(bytes);
    Ok((text, "windows-1252, for it is not UTF-8; another one with --encoding".to_owned()))
}

/// UTF-16 without a mark: nearly all characters of a table are below 256.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(4_096)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let half = start.len() / 2;
    if half < 2 {
        return None;
    }
    match (zeros(0) * 10 > half * 9, zeros(1) * 10 > half * 9) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| "Straße;Größe".encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let table: [(Vec<u8>, &str); 6] = [
            ("Straße;Größe".as_bytes().to_vec(), "UTF-8"),
            ("\u{feff}Straße;Größe".as_bytes().to_vec(), "UTF-8, by"),
            (b"Stra\xdfe;Gr\xf6\xdfe".to_vec(), "windows-1252, for"),
            (utf_16(u16::to_le_bytes), "UTF-16LE, for"),
            (utf_16(u16::to_be_bytes), "UTF-16BE, for"),
            ([b"\xff\xfe".to_vec(), utf_16(u16::to_le_bytes)].concat(), "UTF-16LE, by"),
        ];
        for (bytes, expected) in table {
            let (text, said) = text(&bytes, None).unwrap();
            assert_eq!(text, "Straße;Größe", "{said}");
            assert!(said.starts_with(expected), "{said}");
        }
        assert_eq!(text(b"\xb1", Some("iso-8859-2")).unwrap().0, "ą");
        assert!(text(b"x", Some("klingon")).is_err());
        assert!(text(b"PK\x03\x04\0\0\0abcdefgh", None).is_err());
        assert_eq!(text(b"", None).unwrap().0, "");
    }
}
