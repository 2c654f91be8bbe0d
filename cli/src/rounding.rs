//! Which rounding convention a file is meant for, where nobody says it.

use std::borrow::Cow;

use milkrun::Rounding;
use milkrun::io::Format;

/// What kind of instance a file is, as far as its own words go: the `TYPE` of a VRPLIB file, else the format's name.
pub(crate) fn kind(content: &[u8], format: Format) -> Cow<'static, str> {
    match format {
        Format::Vrplib => vrplib_type(content).map_or(Cow::Borrowed("VRPLIB"), Cow::Owned),
        Format::Solomon => Cow::Borrowed("Solomon"),
        Format::LiLim => Cow::Borrowed("Li & Lim"),
        Format::Json => Cow::Borrowed("JSON"),
    }
}

/// The convention under which results for this kind of instance are usually compared.
pub(crate) fn usual(kind: &str) -> Rounding {
    match kind {
        "VRPTW" | "PCVRPTW" | "MTVRPTWR" => Rounding::Dimacs,
        "MDVRPTW" | "SDVRPTW" | "HFVRP" | "PDPTW" | "Solomon" | "Li & Lim" => Rounding::Exact,
        // CVRP, VRPB, GVRP, TSP, and what is unknown.
        _ => Rounding::Round,
    }
}

fn vrplib_type(content: &[u8]) -> Option<String> {
    for line in content.split(|&b| b == b'\n') {
        let line = line.trim_ascii();
        let Some(colon) = line.iter().position(|&b| b == b':') else {
            if line.ends_with(b"_SECTION") {
                return None;
            }
            continue;
        };
        if line[..colon].trim_ascii().eq_ignore_ascii_case(b"TYPE") {
            let value = line[colon + 1..].split(u8::is_ascii_whitespace).find(|word| !word.is_empty())?;
            return Some(String::from_utf8_lossy(value).to_ascii_uppercase());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_is_found_whatever_the_blanks() {
        let kind_of = |text: &str| kind(text.as_bytes(), Format::Vrplib).into_owned();
        assert_eq!(kind_of("NAME : a\r\nTYPE : \tVRPTW\t\r\n"), "VRPTW");
        assert_eq!(kind_of("type: cvrp (mine)\n"), "CVRP");
        assert_eq!(kind_of("DIMENSION : 3\nNODE_COORD_SECTION\nTYPE : CVRP\n"), "VRPLIB");
    }

    #[test]
    fn conventions() {
        assert_eq!(usual("CVRP"), Rounding::Round);
        assert_eq!(usual("VRPTW"), Rounding::Dimacs);
        assert_eq!(usual("Solomon"), Rounding::Exact);
        assert_eq!(usual("anything"), Rounding::Round);
    }
}
