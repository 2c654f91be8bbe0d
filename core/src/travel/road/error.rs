//! What can be wrong with a map, a profile, a network or a query.

use crate::geometry::Coord;
use crate::listing;

/// Why streets could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreetsError {
    /// The file could not be opened or read.
    #[error("{file}: {source}")]
    Io {
        /// The file, or `the map` where it has no name.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The content is of another format.
    #[error("the {expected} is {found}: {remedy}")]
    Format {
        /// What was expected: `OSM PBF file`.
        expected: &'static str,
        /// What it is instead.
        found: String,
        /// How to mend it.
        remedy: &'static str,
    },
    /// The content is damaged or cut off.
    #[error("the {format} is damaged at byte {offset}: {what}; fetch it again")]
    Damaged {
        /// The format that was expected.
        format: &'static str,
        /// Where, in bytes from the beginning.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// Lines of a table are faulty.
    #[error("the {format} has {}", listing::counted(faults, *omitted))]
    Faults {
        /// The format that was expected.
        format: &'static str,
        /// The first faults, each with its line or index, value and remedy.
        faults: Vec<String>,
        /// Number of further ones.
        omitted: usize,
    },
    /// There is no street in it.
    #[error("the {format} has no street: {detail}")]
    Empty {
        /// The format that was expected.
        format: &'static str,
        /// What was found instead.
        detail: String,
    },
    /// There are more parts than 32-bit numbers can count.
    #[error("the map has {count} {what}, more than {limit}: cut it to the region that is driven in")]
    TooLarge {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Once unpacked, the content is larger than the reader allows.
    #[error("the map has more than {limit} bytes once it is unpacked: cut it to the region that is driven in")]
    Unpacked {
        /// How many bytes there may be.
        limit: u64,
    },
    /// Reading was cancelled.
    #[error("reading the map was cancelled")]
    Cancelled,
}

/// Why a network could not be prepared from streets and a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The profile has faults.
    #[error(transparent)]
    Profile(#[from] crate::travel::road::ProfileError),
    /// The profile may use none of the streets.
    #[error("the profile `{profile}` may use none of the {segments} segments: {detail}")]
    Nothing {
        /// The name of the profile.
        profile: String,
        /// Number of segments of the map.
        segments: usize,
        /// Why the segments were excluded, with numbers.
        detail: String,
    },
    /// There are more states or arcs than 32-bit numbers can count.
    #[error("the network has {count} {what}, more than {limit}: cut the map to the region that is driven in")]
    TooLarge {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Preparing was cancelled.
    #[error("preparing the network was cancelled")]
    Cancelled,
}

/// Why a question to a network has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RoadError {
    /// Points are far from every street.
    #[error("{}", listing::counted(points, *omitted))]
    OffRoad {
        /// The points.
        points: Vec<OffRoad>,
        /// Number of further ones.
        omitted: usize,
    },
    /// No path leads from one point to another.
    #[error("no path leads from {from} to {to} for the profile `{profile}`")]
    Unreachable {
        /// The origin's name.
        from: String,
        /// The destination's name.
        to: String,
        /// The name of the profile.
        profile: String,
    },
    /// A table would have more cells than can be stored.
    #[error("a table of {rows} × {columns} cells is too large: at most {limit} cells")]
    TooLarge {
        /// Number of origins.
        rows: usize,
        /// Number of destinations.
        columns: usize,
        /// How many cells there may be.
        limit: usize,
    },
    /// An argument lies outside of what is allowed.
    #[error("{what} is {value}: {remedy}")]
    Argument {
        /// Which argument.
        what: String,
        /// Its value.
        value: String,
        /// What is allowed.
        remedy: &'static str,
    },
    /// The computation was cancelled.
    #[error("the computation was cancelled")]
    Cancelled,
}

/// A point that no street is near to.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} at {}, {} (longitude, latitude) {}", at.x, at.y, reason(*nearest, *limit))]
#[non_exhaustive]
pub struct OffRoad {
    /// The point's name: `point 3`, or what the caller calls it.
    pub name: String,
    /// Where it is.
    pub at: Coord,
    /// Metres to the nearest street that the profile may use; `None` where none is within twice the limit, or where the
    /// coordinate is not a longitude and latitude.
    pub nearest: Option<f64>,
    /// How many metres are allowed.
    pub limit: f64,
}

fn reason(nearest: Option<f64>, limit: f64) -> String {
    match nearest {
        Some(metres) => format!(
            "is {metres:.0} m from the nearest street that the profile may use, beyond the limit of {limit} m: move it or raise the limit"
        ),
        None => format!(
            "has no street within {limit} m that the profile may use: is it longitude before latitude, and inside the map?"
        ),
    }
}

/// Why a file of a prepared network could not be written or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file could not be opened, read or written.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not a prepared network.
    #[error("{file} is not a prepared network of milkrun: it begins with other bytes; prepare it from the map")]
    Foreign {
        /// The file.
        file: String,
    },
    /// It was written by another version.
    #[error("{file} has version {found} of the format, this program reads version {expected}: prepare it again")]
    Version {
        /// The file.
        file: String,
        /// The version in the file.
        found: u32,
        /// The version that can be read.
        expected: u32,
    },
    /// It is damaged.
    #[error("{file} is damaged: {what}; prepare it again")]
    Damaged {
        /// The file.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// Its numbers are little-endian, this machine's are not.
    #[error("{file} cannot be mapped on a big-endian machine")]
    Endianness {
        /// The file.
        file: String,
    },
}
