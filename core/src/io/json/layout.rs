//! How documents are laid out: indented, with lists of plain values on one line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

/// The document as text.
pub(super) fn to_text(document: &impl Serialize) -> String {
    let mut text = Vec::new();
    let written = document.serialize(&mut Serializer::with_formatter(&mut text, Layout::default()));
    debug_assert!(written.is_ok(), "our documents have only text for keys, and memory does not refuse to be written");
    text.push(b'\n');
    String::from_utf8_lossy(&text).into_owned()
}

/// An array's element is preceded by a line break if it is an array or object, and else by a space. Which of them it
/// is shows one call later, so the separator waits until then.
#[derive(Default)]
struct Layout {
    depth: usize,
    pending: Option<Separator>,
    /// For each open array or object: whether its last element stands on a line of its own.
    broken: Vec<bool>,
}

#[derive(Clone, Copy)]
enum Separator {
    First,
    Next,
}

impl Layout {
    fn line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }

    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.settle(writer, true)?;
        self.depth += 1;
        self.broken.push(false);
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.broken.pop() == Some(true) {
            self.line(writer)?;
        }
        writer.write_all(bracket)
    }

    /// Writes the separator that waits, if any, before an array or object (`wide`) or a plain value.
    fn settle<W: ?Sized + Write>(&mut self, writer: &mut W, wide: bool) -> io::Result<()> {
        let Some(separator) = self.pending.take() else { return Ok(()) };
        if let Some(broken) = self.broken.last_mut() {
            *broken = wide;
        }
        if matches!(separator, Separator::Next) {
            writer.write_all(if wide { b"," } else { b", " })?;
        }
        if wide { self.line(writer) } else { Ok(()) }
    }
}

/// Plain values: settle the separator, then leave the writing to the default.
macro_rules! plain {
    ($($name:ident($($value:ident: $type:ty)?) => $text:expr;)*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $value: $type)?) -> io::Result<()> {
            self.settle(writer, false)?;
            write!(writer, "{}", $text)
        }
    )*};
}

impl Formatter for Layout {
    plain! {
        write_null() => "null";
        write_bool(value: bool) => value;
        write_i32(value: i32) => value;
        write_u32(value: u32) => value;
        write_i64(value: i64) => value;
        write_u64(value: u64) => value;
        begin_string() => '"';
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        self.settle(writer, false)?;
        serde_json::ser::CompactFormatter.write_f64(writer, value)
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        serde_json::ser::CompactFormatter.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        self.pending = Some(if first { Separator::First } else { Separator::Next });
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if let Some(broken) = self.broken.last_mut() {
            *broken = true;
        }
        self.line(writer)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_plain_values_stay_on_a_line() {
        let value = serde_json::json!({
            "a": [1, -2, 0.5, "x\"", null, true], "b": [], "c": [[0, 1], [2, 3]], "d": [{ "e": 1 }, {}]
        });
        insta::assert_snapshot!(to_text(&value), @r#"
        {
          "a": [1, -2, 0.5, "x\"", null, true],
          "b": [],
          "c": [
            [0, 1],
            [2, 3]
          ],
          "d": [
            {
              "e": 1
            },
            {}
          ]
        }
        "#);
    }
}
