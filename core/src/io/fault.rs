//! Faults of a file.

use std::fmt;

use crate::model::ValidationError;

/// How many faults of one file are kept; a file in another format would otherwise fill pages.
const KEPT: usize = 50;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text itself is faulty.
    #[error("the {format} file has {} fault{}:{}", faults.len() + omitted, plural(faults.len() + omitted), list(faults, *omitted))]
    Faults {
        /// The format that was expected.
        format: &'static str,
        /// The faults, in the order of their discovery.
        faults: Vec<Fault>,
        /// Number of further ones.
        omitted: usize,
    },
    /// The file is well-formed, but the problem that it describes is invalid.
    #[error("the {format} file is well-formed, but {source}")]
    Invalid {
        /// The format that was expected.
        format: &'static str,
        /// The faults of the problem.
        source: ValidationError,
    },
}

impl ReadError {
    /// The faults of the text; empty if it is well-formed.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Faults { faults, .. } => faults,
            Self::Invalid { .. } => &[],
        }
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn list(faults: &[Fault], omitted: usize) -> String {
    let mut lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    if omitted > 0 {
        lines.push(format!("… and {omitted} more"));
    }
    lines.iter().flat_map(|line| ["\n  ", line]).collect()
}

/// One fault of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The line, counted from one; `None` if something is missing from the file as a whole.
    pub line: Option<usize>,
    /// The section or specification, as named in the file; empty outside of all.
    pub section: String,
    /// The offending text, shortened; empty if something is missing.
    pub text: String,
    /// What is wrong.
    pub kind: FaultKind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        if !self.section.is_empty() {
            write!(f, "{}, ", self.section)?;
        }
        if !self.text.is_empty() {
            write!(f, "`{}`: ", self.text)?;
        }
        write!(f, "{}; {}", self.kind, self.kind.remedy())
    }
}

/// What is wrong with a piece of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// The line is neither specification, section header nor data.
    #[error("this line has no place in the format")]
    StrayLine,
    /// A required specification is missing.
    #[error("{0} is missing")]
    MissingSpecification(&'static str),
    /// A required section is missing.
    #[error("{0} is missing")]
    MissingSection(&'static str),
    /// An unknown specification.
    #[error("unknown specification")]
    UnknownSpecification,
    /// An unknown section.
    #[error("unknown section")]
    UnknownSection,
    /// A specification or section is repeated.
    #[error("was already given on line {first_line}")]
    Repeated {
        /// The line of its first occurrence.
        first_line: usize,
    },
    /// Two sections that specify the same data.
    #[error("cannot be combined with {other}")]
    Conflict {
        /// The other one.
        other: &'static str,
    },
    /// An edge weight type that is not supported.
    #[error("unknown edge weight type")]
    UnknownEdgeWeightType,
    /// An edge weight format that is not supported.
    #[error("unknown edge weight format")]
    UnknownEdgeWeightFormat,
    /// Text instead of a number.
    #[error("not a number")]
    NotANumber,
    /// Infinity, not-a-number, or beyond what a double holds.
    #[error("not a finite number")]
    NotFinite,
    /// A decimal where an integer is required.
    #[error("not an integer")]
    NotAnInteger,
    /// A decimal under [`Rounding::None`](crate::Rounding::None).
    #[error("has decimals, but the data is read without rounding")]
    Fractional,
    /// Below zero.
    #[error("must not be negative")]
    Negative,
    /// Above the limit of a problem.
    #[error("after rounding and scaling, the value exceeds {limit}")]
    TooLarge {
        /// The largest permitted value.
        limit: i64,
    },
    /// A number or count that is out of range.
    #[error("must be a {what} from {low} to {high}")]
    OutOfRange {
        /// The kind of number.
        what: &'static str,
        /// The smallest number.
        low: usize,
        /// The largest number.
        high: usize,
    },
    /// A row that is too short or too long.
    #[error("the row has {found} values instead of {expected}")]
    RowLength {
        /// The expected number of values.
        expected: usize,
        /// The number found.
        found: usize,
    },
    /// A section with too few or too many rows.
    #[error("the section has {found} rows for {expected} {what}s")]
    RowCount {
        /// What each row describes.
        what: &'static str,
        /// The expected number of rows.
        expected: usize,
        /// The number found.
        found: usize,
    },
    /// An edge weight section with too few or too many values.
    #[error("the section has {found} values instead of {expected}")]
    ValueCount {
        /// The expected number of values.
        expected: u128,
        /// The number found.
        found: usize,
    },
    /// Two rows for the same thing.
    #[error("this {what} already has a row on line {first_line}")]
    DuplicateRow {
        /// The kind of object that has two rows.
        what: &'static str,
        /// The line of the first one.
        first_line: usize,
    },
    /// A time window that closes before it opens.
    #[error("the time window closes before it opens")]
    InvertedWindow,
    /// A depot section without depots.
    #[error("there is no depot")]
    NoDepot,
    /// Depots that are not the first locations, in a file with pickups and deliveries.
    #[error("with this section, the depots must be the first locations, in ascending order")]
    DepotOrder,
    /// A text without its end.
    #[error("the file ends without EOF, so part of it may be missing")]
    CutOff,
    /// An unknown type of problem.
    #[error("unknown type of problem, for which the same data may mean something else")]
    UnknownKind,
    /// Demands without a capacity.
    #[error("there are demands, but no CAPACITY")]
    NoCapacity,
    /// Vehicles that may start at several depots.
    #[error("there are {depots} depots, but the file does not say where these vehicles start")]
    NoHomes {
        /// How many depots there are.
        depots: usize,
    },
    /// A client instead of a depot.
    #[error("this is a client, not a depot")]
    ClientAsDepot,
    /// All locations are depots.
    #[error("there is no client")]
    NoClient,
    /// A depot instead of a client.
    #[error("this is a depot, not a client")]
    DepotAsClient,
    /// A client that is in two groups, or twice in one.
    #[error("the client is already in a group")]
    GroupedTwice,
    /// A stop that is neither pickup nor delivery, or both.
    #[error("exactly one of the columns for pickup and delivery must name another stop")]
    Unpaired,
    /// A pickup and a delivery that do not name each other.
    #[error("stop {partner} does not name this one as its counterpart")]
    OneSidedPair {
        /// The number of the stop that should name this one.
        partner: usize,
    },
    /// A delivery whose amount differs from its pickup's.
    #[error("the delivery's demand must be the negative of the pickup's, {expected}")]
    PairAmount {
        /// The expected demand.
        expected: String,
    },
    /// Capacities and demands with different numbers of columns.
    #[error("capacities have {found} load dimensions, but demands have {expected}")]
    LoadDimensions {
        /// The number that demands have.
        expected: usize,
        /// The number that capacities have.
        found: usize,
    },
    /// Too many locations for a kind of travel that needs a table of all pairs.
    #[error("this edge weight type needs a table of all pairs, which is limited to {limit} locations")]
    TooManyPairs {
        /// The largest number of locations.
        limit: usize,
    },
    /// A missing part of a file's head.
    #[error("the line with {0} is missing")]
    MissingHead(&'static str),
    /// A stop that is visited twice.
    #[error("is already visited on line {first_line}")]
    VisitedTwice {
        /// The line of the first visit.
        first_line: usize,
    },
    /// More routes than vehicles.
    #[error("there are only {vehicles} vehicles")]
    TooManyRoutes {
        /// The number of vehicles.
        vehicles: usize,
    },
    /// A text about several days where one is read.
    #[error("the file describes a period of several days")]
    SeveralDays,
    /// Days with different limits.
    #[error("the limits of this day differ from those of the first")]
    UnlikeDays,
    /// A combination of days that does not have as many as there are visits.
    #[error("there must be so many visits, but a combination has {found} days")]
    UnlikeVisits {
        /// The number of days.
        found: usize,
    },
    /// Numbers from 0 in a format that counts from 1.
    #[error("locations and vehicles are numbered from 1, but these from 0")]
    CountedFromZero,
    /// An edge that every solution must have.
    #[error("an edge that must be driven, in either direction, cannot be stated")]
    FixedEdge,
    /// Routes that are not numbered 1, 2, 3, … although vehicles differ.
    #[error("vehicles differ, so routes must be numbered in sequence: expected {expected}")]
    RouteNumber {
        /// The expected number.
        expected: usize,
    },
}

impl FaultKind {
    /// How to correct it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Empty => "give a file with data",
            Self::StrayLine => "correct or remove the line, or name the correct format",
            Self::MissingSpecification(_) => "add a line `KEY : value` before the sections",
            Self::MissingSection(_) => "add the section",
            Self::UnknownSpecification | Self::UnknownSection => "correct its name, or remove it if it is irrelevant",
            Self::Repeated { .. } => "keep one of the two",
            Self::Conflict { .. } => "keep the one that applies",
            Self::UnknownEdgeWeightType => {
                "use one of EUC_2D, CEIL_2D, FLOOR_2D, EXACT_2D, MAN_2D, MAX_2D, EUC_3D, MAN_3D, MAX_3D, GEO, ATT, EXPLICIT"
            }
            Self::UnknownEdgeWeightFormat => {
                "use FULL_MATRIX, or LOWER or UPPER with _ROW, _DIAG_ROW, _COL or _DIAG_COL"
            }
            Self::NotANumber | Self::NotFinite => "give a number such as 12, -3.5 or 1e3",
            Self::NotAnInteger => "give an integer",
            Self::Fractional => "use --round with round, trunc, dimacs or exact",
            Self::Negative => "give zero or more",
            Self::TooLarge { .. } => "use a coarser unit, or a rounding that scales less",
            Self::OutOfRange { .. } => "correct the number, or the count that it exceeds",
            Self::RowLength { .. } => "correct the row",
            Self::RowCount { .. } => "give one row for each, or correct the number at the top of the file",
            Self::ValueCount { .. } => "complete the section, or correct DIMENSION or EDGE_WEIGHT_FORMAT",
            Self::DuplicateRow { .. } => "keep one row for each",
            Self::InvertedWindow => "swap the two times or, if the window spans midnight, add a day to the later one",
            Self::NoDepot => "name location 1 as the depot, or omit the section",
            Self::DepotOrder => "put the depots first, and list them as 1, 2, 3, …",
            Self::CutOff => "complete the file, or end it with a line EOF",
            Self::UnknownKind => {
                "use one of ACVRP, ATSP, CVRP, DCVRP, GVRP, HFVRP, MDVRP, MDVRPTW, MTVRPTWR, PCVRPTW, PDPTW, SDVRPTW, TSP, \
                 VRP, VRPB, VRPTW"
            }
            Self::NoCapacity => "add CAPACITY (1073741823 for unlimited vehicles), or CAPACITY_SECTION",
            Self::NoHomes { .. } => "add VEHICLES_DEPOT_SECTION, or omit VEHICLES for an unlimited fleet at each depot",
            Self::ClientAsDepot => "name a depot of DEPOT_SECTION",
            Self::NoClient => "add at least one client",
            Self::DepotAsClient => "name a client",
            Self::GroupedTwice => "keep the client in one group",
            Self::Unpaired => "give the delivery of a pickup, or the pickup of a delivery, and 0 in the other column",
            Self::OneSidedPair { .. } => "make pickup and delivery name each other",
            Self::PairAmount { .. } => "correct one of the two demands",
            Self::LoadDimensions { .. } => "give as many capacity columns as demand columns",
            Self::TooManyPairs { .. } => "use a rounding that does not scale, or EUC_2D",
            Self::MissingHead(_) => "complete the head of the file, or name the correct format",
            Self::VisitedTwice { .. } => "keep one of the visits",
            Self::TooManyRoutes { .. } => "check that the solution belongs to this problem",
            Self::SeveralDays => "plan it with `milkrun period`",
            Self::UnlikeDays => "give all days the same limits",
            Self::UnlikeVisits { .. } => "correct the number of visits, or the combinations",
            Self::CountedFromZero => "add 1 to all numbers of locations, those of DEPOT_SECTION too",
            Self::FixedEdge => "remove it; a direction can be fixed in JSON, by a relation of kind sequence",
            Self::RouteNumber { .. } => "give one line `Route #k:` for each vehicle, without stops if it is unused",
        }
    }
}

/// The faults found so far.
#[derive(Debug)]
pub(super) struct Faults {
    format: &'static str,
    list: Vec<Fault>,
    omitted: usize,
}

impl Faults {
    pub(super) fn new(format: &'static str) -> Self {
        Self { format, list: Vec::new(), omitted: 0 }
    }

    pub(super) fn push(
        &mut self,
        line: impl Into<Option<usize>>,
        section: &str,
        text: impl Into<String>,
        kind: FaultKind,
    ) {
        if self.list.len() < KEPT {
            self.list.push(Fault { line: line.into(), section: section.to_owned(), text: text.into(), kind });
        } else {
            self.omitted += 1;
        }
    }

    /// The error that lists the faults.
    pub(super) fn into_error(self) -> ReadError {
        ReadError::Faults { format: self.format, faults: self.list, omitted: self.omitted }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// `Ok` if there is no fault yet.
    pub(super) fn check(&mut self) -> Result<(), ReadError> {
        if self.is_empty() {
            return Ok(());
        }
        let faults = std::mem::take(&mut self.list);
        Err(ReadError::Faults { format: self.format, faults, omitted: self.omitted })
    }

    /// The problem built, or the error why it could not be.
    pub(super) fn built<T>(&self, result: Result<T, ValidationError>) -> Result<T, ReadError> {
        result.map_err(|source| ReadError::Invalid { format: self.format, source })
    }
}
