//! A VRPLIB text, split into specifications and sections, before interpretation.

use super::{SECTIONS, SPECIFICATIONS};
use crate::io::fault::Faults;
use crate::io::quantity::Place;
use crate::io::{FaultKind, text};

/// Specifications and sections, in the order of the file. Names are in upper case.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) specifications: Vec<Specification>,
    pub(super) sections: Vec<Section>,
    /// Whether the text has its `EOF`.
    pub(super) ended: bool,
}

/// A line `KEY : value`.
#[derive(Debug)]
pub(super) struct Specification {
    pub(super) line: usize,
    pub(super) key: String,
    pub(super) value: String,
}

/// A header and the rows of numbers below it. A NaN marks a token that has been reported as not a number.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) line: usize,
    pub(super) name: String,
    values: Vec<f64>,
    /// Line and first value of each row.
    rows: Vec<(usize, usize)>,
}

impl Section {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The numbers of a row, its leading id included.
    pub(super) fn row(&self, row: usize) -> &[f64] {
        let end = self.rows.get(row + 1).map_or(self.values.len(), |&(_, start)| start);
        &self.values[self.rows[row].1..end]
    }

    /// Where a row is.
    pub(super) fn place(&self, row: usize) -> Place<'_> {
        Place { line: self.rows[row].0, section: &self.name }
    }

    /// Where the header is.
    pub(super) fn header(&self) -> Place<'_> {
        Place { line: self.line, section: &self.name }
    }

    /// All numbers of all rows.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The row that holds the given value.
    pub(super) fn row_of_value(&self, value: usize) -> usize {
        self.rows.partition_point(|&(_, start)| start <= value).saturating_sub(1)
    }
}

impl Document {
    /// Number of values in all sections.
    pub(super) fn values(&self) -> usize {
        self.sections.iter().map(|section| section.values.len()).sum()
    }

    /// Splits the text, in one pass.
    pub(super) fn parse(bytes: &[u8], faults: &mut Faults) -> Self {
        let mut document = Self { specifications: Vec::new(), sections: Vec::new(), ended: false };
        let mut in_section = false;
        for (line, content) in text::lines(bytes) {
            let data = content[0].is_ascii_digit() || matches!(content[0], b'-' | b'+' | b'.');
            if !data {
                match classify(content) {
                    Line::Comment => continue,
                    Line::End => {
                        document.ended = true;
                        break;
                    }
                    Line::Header(name) => {
                        document.sections.push(Section { line, name, values: Vec::new(), rows: Vec::new() });
                        in_section = true;
                        continue;
                    }
                    Line::Specification(key, value) => {
                        document.specifications.push(Specification { line, key, value });
                        in_section = false;
                        continue;
                    }
                    Line::Other => {}
                }
            }
            match document.sections.last_mut() {
                Some(section) if in_section => {
                    section.rows.push((line, section.values.len()));
                    let place = Place { line, section: &section.name };
                    place.numbers(faults, content, &mut section.values);
                }
                _ => faults.push(line, "", text::shown(content), FaultKind::StrayLine),
            }
        }
        document
    }
}

/// The kind of a line that does not begin like a number.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Comment,
    End,
    Header(String),
    Specification(String, String),
    Other,
}

/// Most words of a key that is written with blanks: `EDGE WEIGHT TYPE EUC_2D`.
const MOST_WORDS: usize = 4;

pub(super) fn classify(content: &[u8]) -> Line {
    if content[0] == b'#' {
        return Line::Comment;
    }
    let colon = content.iter().position(|&b| b == b':');
    let (key, value) = colon.map_or((content, &[][..]), |at| (&content[..at], &content[at + 1..]));
    let (key, value) = (key.trim_ascii(), value.trim_ascii());
    let is_name = key.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' ' | b'\t'));
    if !is_name || !key.first().is_some_and(u8::is_ascii_alphabetic) {
        return without_colon(content);
    }
    let name = name(key);
    let bare = SECTIONS.contains(&name.as_str()) && !SPECIFICATIONS.contains(&name.as_str());
    if value.is_empty() && (bare || name.ends_with("_SECTION")) {
        Line::Header(if bare { format!("{name}_SECTION") } else { name })
    } else if name == "EOF" && value.is_empty() {
        Line::End
    } else if colon.is_some() {
        Line::Specification(name, text::decode(value).into_owned())
    } else {
        without_colon(content)
    }
}

/// A name as the format spells it. Some files have `demand section`, or `NODE-COORD-SECTION`.
pub(super) fn name(written: &[u8]) -> String {
    let words = written.split(|b| matches!(b, b' ' | b'\t' | b'-' | b'_')).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| String::from_utf8_lossy(word).to_ascii_uppercase()).collect();
    words.join("_")
}

/// A line such as `COMMENT my test`, `CAPACITY = 100` or `EDGE WEIGHT TYPE EUC_2D`.
fn without_colon(content: &[u8]) -> Line {
    let mut found = Line::Other;
    let mut end = 0;
    for word in text::tokens(content).take(MOST_WORDS) {
        let before = content[end..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        end += before + word.iter().position(|&b| b == b'=').unwrap_or(word.len());
        let key = name(&content[..end]);
        if SPECIFICATIONS.contains(&key.as_str()) {
            let value = content[end..].trim_ascii();
            let value = value.strip_prefix(b"=").unwrap_or(value).trim_ascii();
            found = Line::Specification(key, text::decode(value).into_owned());
        }
        if word.contains(&b'=') {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Document, Result<(), crate::io::ReadError>) {
        let mut faults = Faults::new("VRPLIB");
        let document = Document::parse(text.as_bytes(), &mut faults);
        (document, faults.check())
    }

    #[test]
    fn spacing_does_not_matter() {
        let text = "name:a\r\nCOMMENT : \t\"b: c\"\t\r\n# note\nDEMAND_SECTION\t\t\r\n 1\t2.5 \n\n2 -1\nDEPOT_SECTION :\n1\nEOF\nrest";
        let (document, result) = parse(text);
        result.unwrap();
        assert_eq!((document.specifications[0].key.as_str(), document.specifications[0].value.as_str()), ("NAME", "a"));
        assert_eq!(document.specifications[1].value, "\"b: c\"");
        assert_eq!(document.sections[0].row(0), [1.0, 2.5]);
        assert_eq!(document.sections[0].row(1), [2.0, -1.0]);
        assert_eq!(document.sections[0].place(1).line, 7);
        assert_eq!(document.sections[1].name, "DEPOT_SECTION");
    }

    #[test]
    fn names_in_any_spelling() {
        let specification = |key: &str, value: &str| Line::Specification(key.to_owned(), value.to_owned());
        for (line, expected) in [
            ("edge weight type EUC_2D", specification("EDGE_WEIGHT_TYPE", "EUC_2D")),
            ("Edge-Weight-Type : EUC_2D", specification("EDGE_WEIGHT_TYPE", "EUC_2D")),
            ("CAPACITY=100", specification("CAPACITY", "100")),
            ("CAPACITY = 100", specification("CAPACITY", "100")),
            ("COMMENT (a = b)", specification("COMMENT", "(a = b)")),
            ("TYPE CVRP", specification("TYPE", "CVRP")),
            ("demand  section :", Line::Header("DEMAND_SECTION".to_owned())),
            ("Node\tcoord section", Line::Header("NODE_COORD_SECTION".to_owned())),
            ("DEMAND", Line::Header("DEMAND_SECTION".to_owned())),
            ("eof :", Line::End),
            ("DEMANDS 5", Line::Other),
        ] {
            assert_eq!(classify(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn a_specification_ends_a_section() {
        let (document, result) = parse("DEMAND_SECTION\n1 0\nVEHICLES : 3\n2 0\n");
        assert_eq!(document.sections[0].len(), 1);
        assert!(result.unwrap_err().to_string().contains("line 4, `2 0`: this line has no place"));
    }
}
