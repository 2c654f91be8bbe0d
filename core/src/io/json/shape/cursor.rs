//! A walk through text that is known to be JSON, which knows at every step where it is.

use std::borrow::Cow;

/// What a value is, by its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    List,
    Text,
    Number,
    Bool,
    Null,
}

/// A place in a text that a JSON reader has found to be in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Before the document's value.
    pub(super) fn new(text: &'a str) -> Self {
        let mut cursor = Self { text, at: 0 };
        cursor.skip_blanks();
        cursor
    }

    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// The bytes before the value that comes next.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// What comes next.
    pub(super) fn kind(&self) -> Kind {
        match self.peek() {
            b'{' => Kind::Object,
            b'[' => Kind::List,
            b'"' => Kind::Text,
            b't' | b'f' => Kind::Bool,
            b'n' => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// Passes a value, and gives it as it is written.
    pub(super) fn raw(&mut self) -> &'a str {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                b'"' => self.pass_text(),
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                _ => self.pass_word(),
            }
            if depth == 0 || self.at >= self.text.len() {
                break;
            }
        }
        let raw = &self.text[start..self.at];
        self.skip_blanks();
        raw
    }

    /// Passes a number or a word such as `null`.
    fn pass_word(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |b: &u8| matches!(b, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
        self.at += rest.iter().position(ends).unwrap_or(rest.len()).max(1);
    }

    fn pass_text(&mut self) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while self.at < bytes.len() && bytes[self.at] != b'"' {
            self.at += 1 + usize::from(bytes[self.at] == b'\\');
        }
        self.at = (self.at + 1).min(bytes.len());
    }

    /// Enters an object or list.
    pub(super) fn enter(&mut self) {
        self.at += 1;
        self.skip_blanks();
    }

    /// Whether there is another field or element before the end of the object or list; passes the end.
    pub(super) fn more(&mut self) -> bool {
        if self.peek() == b',' {
            self.enter();
        }
        let ended = matches!(self.peek(), b'}' | b']' | 0);
        if ended {
            self.enter();
        }
        !ended
    }

    /// Passes the name of a field and the colon.
    pub(super) fn name(&mut self) -> Cow<'a, str> {
        let name = unescaped(self.raw()).unwrap_or(Cow::Borrowed("\u{fffd}"));
        self.enter();
        name
    }

    /// The value of an object's first field of the given name. The cursor stays before the object.
    pub(super) fn field(mut self, name: &str) -> Option<Cursor<'a>> {
        if self.kind() != Kind::Object {
            return None;
        }
        self.enter();
        while self.more() {
            if self.name() == name {
                return Some(self);
            }
            self.raw();
        }
        None
    }
}

/// What quoted text says; `None` where an escape stands for no character.
pub(super) fn unescaped(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(raw).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

/// Line and column of a place, both from 1.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_places() {
        let text = "\n{ \"a\" : [1, {\"b\": \"]}\\\"\"}] , \"c\\u0064\":-1e400,\"e\":{} }";
        let document = Cursor::new(text);
        assert_eq!(document.field("a").unwrap().raw(), "[1, {\"b\": \"]}\\\"\"}]");
        let mut number = document.field("cd").unwrap();
        assert_eq!((number.kind(), number.raw()), (Kind::Number, "-1e400"));
        let mut empty = document.field("e").unwrap();
        assert_eq!(line_and_column(text, empty.offset()), (2, 51));
        empty.enter();
        assert!(!empty.more());
        assert!(document.field("b").is_none(), "a field of something inside is not the object's");
        assert_eq!(unescaped(r#""\ud800""#), None);
    }
}
