//! JSON that is read piece by piece: each piece is seen as it stands there, and none is kept. So a body needs hardly more
//! memory than its bytes, whatever it holds, and names that stand in it twice are seen.

use std::borrow::Cow;

use serde::de::{Deserializer as _, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Error};

/// Characters of a value that messages repeat.
const SHOWN: usize = 60;

/// Passes the items of a list to a function, until that has enough.
///
/// # Errors
///
/// What was passed until then was well-formed; the rest is not, or it is no list.
pub(crate) fn each_item<'a>(json: &'a [u8], take: impl FnMut(usize, &'a RawValue) -> bool) -> Result<(), Error> {
    let mut has_enough = false;
    let mut reader = Deserializer::from_slice(json);
    let read = reader.deserialize_seq(Items { take, has_enough: &mut has_enough });
    if has_enough { Ok(()) } else { read.and_then(|()| reader.end()) }
}

/// Passes the names and values of an object to a function, until that has enough.
///
/// # Errors
///
/// What was passed until then was well-formed; the rest is not, or it is no object.
pub(crate) fn each_field<'a>(
    json: &'a [u8],
    take: impl FnMut(Cow<'a, str>, &'a RawValue) -> bool,
) -> Result<(), Error> {
    let mut has_enough = false;
    let mut reader = Deserializer::from_slice(json);
    let read = reader.deserialize_map(Fields { take, has_enough: &mut has_enough });
    if has_enough { Ok(()) } else { read.and_then(|()| reader.end()) }
}

struct Items<'f, F> {
    take: F,
    has_enough: &'f mut bool,
}

impl<'a, F: FnMut(usize, &'a RawValue) -> bool> Visitor<'a> for Items<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut count = 0;
        while let Some(item) = items.next_element::<&RawValue>()? {
            if !(self.take)(count, item) {
                *self.has_enough = true;
                return Err(A::Error::custom("that is enough"));
            }
            count += 1;
        }
        Ok(())
    }
}

struct Fields<'f, F> {
    take: F,
    has_enough: &'f mut bool,
}

/// A name, borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a, F: FnMut(Cow<'a, str>, &'a RawValue) -> bool> Visitor<'a> for Fields<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut fields: A) -> Result<(), A::Error> {
        while let Some((Name(name), value)) = fields.next_entry::<Name<'_>, &RawValue>()? {
            if !(self.take)(name, value) {
                *self.has_enough = true;
                return Err(A::Error::custom("that is enough"));
            }
        }
        Ok(())
    }
}

/// A value that is neither a list nor an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer(i64),
    /// Another number.
    Real(f64),
    /// Text.
    Text(String),
}

/// A value, unless it is a list or an object.
pub(crate) fn scalar(value: &RawValue) -> Option<Scalar> {
    let text = value.get();
    Some(match text.as_bytes().first()? {
        b'[' | b'{' => return None,
        b'"' => Scalar::Text(serde_json::from_str(text).ok()?),
        b'n' => Scalar::Null,
        b't' | b'f' => Scalar::Bool,
        _ => match serde_json::from_str(text) {
            Ok(whole) => Scalar::Integer(whole),
            Err(_) => Scalar::Real(serde_json::from_str(text).ok()?),
        },
    })
}

/// A value as messages repeat it.
pub(crate) fn shown(value: &RawValue) -> String {
    clipped(value.get())
}

/// The start of a text, as messages repeat it.
pub(crate) fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_seen_until_it_is_enough() {
        let mut seen = Vec::new();
        let mut items = |json: &'static str, most: usize| {
            seen.clear();
            let read = each_item(json.as_bytes(), |i, item| {
                seen.push(item.get());
                i + 1 < most
            });
            (read.is_ok(), seen.join(" "))
        };
        assert_eq!(items(r#"[1, {"a": [2]}, "x"]"#, 9), (true, r#"1 {"a": [2]} "x""#.to_owned()));
        // What comes after the end of what is wanted is not examined.
        assert_eq!(items("[1, 2, nonsense", 2), (true, "1 2".to_owned()));
        assert_eq!(items("[1, 2, nonsense", 9), (false, "1 2".to_owned()));
        assert_eq!(items("[1] 2", 9), (false, "1".to_owned()));
        assert_eq!(items("{}", 9), (false, String::new()));
        let mut names = Vec::new();
        each_field(br#"{"a": 1, "\u0061": [], "b": null}"#, |name, value| {
            names.push((name.into_owned(), scalar(value)));
            true
        })
        .unwrap();
        let expected = [("a", Some(Scalar::Integer(1))), ("a", None), ("b", Some(Scalar::Null))];
        assert_eq!(names, expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn deep_nesting_is_no_crash() {
        let deep = format!("[{}{}]", "[".repeat(1_000_000), "]".repeat(1_000_000));
        each_item(deep.as_bytes(), |_, item| {
            assert_eq!(scalar(item), None);
            assert_eq!(shown(item).chars().count(), SHOWN + 1);
            true
        })
        .unwrap();
    }

    #[test]
    fn numbers_are_whole_or_not() {
        let of = |text: &str| scalar(serde_json::from_str(text).unwrap()).unwrap();
        assert_eq!(of("-5"), Scalar::Integer(-5));
        assert_eq!(of("5.0"), Scalar::Real(5.0));
        assert_eq!(of("9223372036854775808"), Scalar::Real(9_223_372_036_854_775_808.0));
        assert_eq!(of("true"), Scalar::Bool);
        assert_eq!(of(r#""\n""#), Scalar::Text("\n".to_owned()));
    }
}
