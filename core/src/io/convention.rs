//! Reads a problem in any format, with the usual rounding convention for the file unless another one is given.

use std::borrow::Cow;
use std::path::Path;

use crate::io::{Error, Format, cordeau, json, lilim, pragmatic, solomon, vroom, vrplib, wcvrptw};
use crate::model::Problem;
use crate::travel::Rounding;

/// A problem, and how its text was interpreted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Instance {
    /// The problem.
    pub problem: Problem,
    /// The format that it was read from.
    pub format: Format,
    /// The convention by which decimals became integers; `None` if the format has integers (JSON).
    pub rounding: Option<Rounding>,
}

/// Reads a problem in any format. Missing arguments are inferred: the format from the content and the path's extension,
/// the rounding by [`usual_rounding`].
///
/// # Errors
///
/// [`Error`] with every fault of the text at once.
///
/// ```
/// let text = b"NAME : two\nTYPE : CVRP\nDIMENSION : 2\nCAPACITY : 9\nEDGE_WEIGHT_TYPE : EUC_2D\n\
///              NODE_COORD_SECTION\n1 0 0\n2 3 4\nDEMAND_SECTION\n1 0\n2 7\nDEPOT_SECTION\n1\n-1\nEOF\n";
/// let instance = milkrun::io::read_problem(text, None, None, None).unwrap();
/// assert_eq!(instance.format, milkrun::io::Format::Vrplib);
/// assert_eq!(instance.problem.clients().len(), 1);
/// ```
pub fn read_problem(
    content: &[u8],
    path: Option<&Path>,
    format: Option<Format>,
    rounding: Option<Rounding>,
) -> Result<Instance, Error> {
    let format = format.or_else(|| Format::detect(content, path)).ok_or(Error::UnknownFormat)?;
    let rounding = rounding.unwrap_or_else(|| usual_rounding(&instance_kind(content, format)));
    let problem = match format {
        Format::Vrplib => vrplib::read(content, rounding)?,
        Format::Solomon => solomon::read(content, rounding)?,
        Format::LiLim => lilim::read(content, rounding)?,
        Format::Cordeau => cordeau::read(content, rounding)?,
        Format::Wcvrptw => wcvrptw::read(content)?,
        Format::Json => json::read_problem(utf8(content)?)?,
        Format::Vroom => vroom::problem(utf8(content)?)?,
        Format::Pragmatic => pragmatic::problem(utf8(content)?)?,
    };
    let decimal = !matches!(format, Format::Json | Format::Vroom | Format::Pragmatic | Format::Wcvrptw);
    Ok(Instance { problem, format, rounding: decimal.then_some(rounding) })
}

/// The text without a byte order mark.
fn utf8(content: &[u8]) -> Result<&str, Error> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    std::str::from_utf8(content).map_err(|error| Error::NotUtf8 { at: error.valid_up_to() })
}

/// The kind of instance that a file declares: the `TYPE` of a VRPLIB file, otherwise the format's name.
pub fn instance_kind(content: &[u8], format: Format) -> Cow<'static, str> {
    match format {
        Format::Vrplib => vrplib::declared_type(content).map_or(Cow::Borrowed("VRPLIB"), Cow::Owned),
        Format::Solomon => Cow::Borrowed("Solomon"),
        Format::LiLim => Cow::Borrowed("Li & Lim"),
        Format::Cordeau => Cow::Borrowed("Cordeau"),
        Format::Wcvrptw => Cow::Borrowed("WCVRPTW"),
        Format::Json => Cow::Borrowed("JSON"),
        Format::Vroom => Cow::Borrowed("VROOM"),
        Format::Pragmatic => Cow::Borrowed("pragmatic"),
    }
}

/// The convention under which results for this kind of instance are usually compared.
pub fn usual_rounding(kind: &str) -> Rounding {
    match kind {
        "VRPTW" | "PCVRPTW" | "MTVRPTWR" => Rounding::Dimacs,
        "MDVRPTW" | "SDVRPTW" | "HFVRP" | "PDPTW" | "Solomon" | "Li & Lim" | "Cordeau" => Rounding::Exact,
        // CVRP, VRPB, GVRP, TSP, and unknown types.
        _ => Rounding::Round,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_found_despite_blanks() {
        let kind_of = |text: &str| instance_kind(text.as_bytes(), Format::Vrplib).into_owned();
        assert_eq!(kind_of("NAME : a\r\nTYPE : \tVRPTW\t\r\n"), "VRPTW");
        assert_eq!(kind_of("type: cvrp (mine)\n"), "CVRP");
        assert_eq!(kind_of("name a\rtype vrptw\rdimension 3\r"), "VRPTW");
        assert_eq!(kind_of("DIMENSION : 3\nNODE_COORD_SECTION\nTYPE : CVRP\n"), "VRPLIB");
    }

    #[test]
    fn conventions() {
        assert_eq!(usual_rounding("CVRP"), Rounding::Round);
        assert_eq!(usual_rounding("VRPTW"), Rounding::Dimacs);
        assert_eq!(usual_rounding("Solomon"), Rounding::Exact);
        assert_eq!(usual_rounding("anything"), Rounding::Round);
    }
}
