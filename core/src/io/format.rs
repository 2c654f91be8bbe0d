//! File formats and their detection.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::io::{cordeau, text, vrplib};

/// A file format for problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// VRPLIB and TSPLIB: see [`vrplib`](crate::io::vrplib).
    Vrplib,
    /// Solomon's and Gehring & Homberger's text: see [`solomon`](crate::io::solomon).
    Solomon,
    /// Li & Lim's text: see [`lilim`](crate::io::lilim).
    LiLim,
    /// Cordeau's text: see [`cordeau`](crate::io::cordeau).
    Cordeau,
    /// Kim, Kim & Sahoo's waste collection: see [`wcvrptw`](crate::io::wcvrptw).
    Wcvrptw,
    /// JSON of any other kind.
    Json,
    /// VROOM's JSON: see [`vroom`](crate::io::vroom).
    Vroom,
    /// vrp's pragmatic JSON: see [`pragmatic`](crate::io::pragmatic).
    Pragmatic,
}

/// A name that is not a format's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`: use one of vrplib, solomon, lilim, cordeau, wcvrptw, json, vroom, pragmatic")]
pub struct UnknownFormat(pub String);

impl Format {
    /// All formats, for listings.
    pub const ALL: [Self; 8] = [
        Self::Vrplib,
        Self::Solomon,
        Self::LiLim,
        Self::Cordeau,
        Self::Wcvrptw,
        Self::Json,
        Self::Vroom,
        Self::Pragmatic,
    ];

    /// The format of a file, from its content or, if that is inconclusive, from the extension of its path.
    ///
    /// ```
    /// use milkrun::io::Format;
    /// assert_eq!(Format::detect(b"NAME : tiny\nTYPE : CVRP\n", None), Some(Format::Vrplib));
    /// assert_eq!(Format::detect(b" { \"clients\": [] }", None), Some(Format::Json));
    /// assert_eq!(Format::detect(b"{\"vehicles\": []}", None), Some(Format::Vroom));
    /// assert_eq!(Format::detect(b"{\"plan\": {}, \"fleet\": {}}", None), Some(Format::Pragmatic));
    /// assert_eq!(Format::detect(b"", Some("tiny.vrp".as_ref())), Some(Format::Vrplib));
    /// assert_eq!(Format::detect(b"hello", None), None);
    /// ```
    pub fn detect(content: &[u8], path: Option<&Path>) -> Option<Self> {
        Self::of_content(content).or_else(|| Self::of_path(path?))
    }

    fn of_content(content: &[u8]) -> Option<Self> {
        let head: Vec<&[u8]> = text::lines(content).map(|(_, line)| line).take(8).collect();
        let first = head.first()?;
        if matches!(first.first(), Some(b'{' | b'[')) {
            let has = |key: &[u8]| content.windows(key.len()).any(|found| found == key);
            let format = if has(br#""milkrun""#) {
                Self::Json
            } else if has(br#""fleet""#) && has(br#""plan""#) {
                Self::Pragmatic
            } else if has(br#""vehicles""#) {
                Self::Vroom
            } else {
                Self::Json
            };
            return Some(format);
        }
        if head.iter().any(|line| begins_with(line, b"Stop_ID")) {
            return Some(Self::Wcvrptw);
        }
        let counts: Vec<usize> = head.iter().take(2).map(|line| numbers(line)).collect();
        if counts == [3, 9] {
            return Some(Self::LiLim);
        }
        if cordeau::begins(&counts, first) {
            return Some(Self::Cordeau);
        }
        if head.iter().any(|line| line.eq_ignore_ascii_case(b"VEHICLE"))
            && head.iter().any(|line| begins_with(line, b"NUMBER"))
        {
            return Some(Self::Solomon);
        }
        head.iter().find(|line| line[0] != b'#').filter(|line| vrplib::is_head(line)).map(|_| Self::Vrplib)
    }

    fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "vrp" | "tsp" | "atsp" => Some(Self::Vrplib),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

fn begins_with(line: &[u8], word: &[u8]) -> bool {
    line.len() >= word.len() && line[..word.len()].eq_ignore_ascii_case(word)
}

/// Number of numbers on the line; 0 if it contains anything else.
fn numbers(line: &[u8]) -> usize {
    let tokens: Vec<_> = text::tokens(line).take(10).map(text::number).collect();
    if tokens.iter().all(Result::is_ok) { tokens.len() } else { 0 }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vrplib => "vrplib",
            Self::Solomon => "solomon",
            Self::LiLim => "lilim",
            Self::Cordeau => "cordeau",
            Self::Wcvrptw => "wcvrptw",
            Self::Json => "json",
            Self::Vroom => "vroom",
            Self::Pragmatic => "pragmatic",
        })
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(s: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.to_string() == s).ok_or_else(|| UnknownFormat(s.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_before_the_path() {
        let solomon = b"C1\r\n\r\nVEHICLE\r\nNUMBER     CAPACITY\r\n 25 200\r\n";
        assert_eq!(Format::detect(solomon, Some("c1.vrp".as_ref())), Some(Format::Solomon));
        assert_eq!(Format::detect(b"25 200 1\n0 4 5 0 0 100 0 0 0\n", None), Some(Format::LiLim));
        assert_eq!(Format::detect(b"# made by hand\nNODE_COORD_SECTION\n", None), Some(Format::Vrplib));
        assert_eq!(Format::detect(b"name tiny\rtype cvrp\r", None), Some(Format::Vrplib));
        assert_eq!(Format::detect(b"\xff\xfe\0", Some("a.JSON".as_ref())), Some(Format::Json));
    }

    #[test]
    fn names_come_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        assert!("xml".parse::<Format>().unwrap_err().to_string().contains("solomon"));
    }
}
