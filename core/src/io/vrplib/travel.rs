//! Distances: from coordinates, or from an explicit matrix in any of the triangular layouts.

use super::document::{self, Section};
use super::tables::Context;
use crate::io::FaultKind;
use crate::io::quantity::{Place, Quantity};
use crate::model::Coord;
use crate::travel::{EuclideanRounding, Matrix, Rounding, Travel};

/// The maximum number of locations for which a matrix is computed, if the library has no such metric: 200 MB while
/// reading.
const TABLE_LIMIT: usize = 5_000;

/// Coordinates of `count` locations, and the travel between them; `None` if a fault is reported.
pub(super) fn read(context: &mut Context<'_>, count: usize) -> Option<(Vec<Coord>, Travel)> {
    let Some(kind) = context.specification("EDGE_WEIGHT_TYPE") else {
        context.faults.push(None, "", "", FaultKind::MissingSpecification("EDGE_WEIGHT_TYPE"));
        return None;
    };
    let place = Place { line: kind.line, section: &kind.key };
    let weights = context.section("EDGE_WEIGHT_SECTION");
    let metric = document::name(kind.value.as_bytes());
    let explicit = metric == "EXPLICIT";
    let points = coordinates(context, count, !explicit, metric.ends_with("_3D"))?;
    let coords: Vec<Coord> = points.iter().map(|&[x, y, _]| Coord::new(x, y)).collect();
    if explicit {
        let Some(section) = weights else {
            context.faults.push(None, "", "", FaultKind::MissingSection("EDGE_WEIGHT_SECTION"));
            return None;
        };
        let matrix = explicit_matrix(context, section, count)?;
        return Some((coords, Travel::matrix(matrix)));
    }
    if let Some(section) = weights {
        let conflict = FaultKind::Conflict { other: "an EDGE_WEIGHT_TYPE that is not EXPLICIT" };
        section.header().fault(&mut context.faults, "", conflict);
        return None;
    }
    let unscaled = context.rounding.scale() as i64 == 1;
    let euclidean = |rounding| Some(Travel::Euclidean { rounding: EuclideanRounding::Convention(rounding) });
    let simple = match metric.as_str() {
        "EUC_2D" => euclidean(context.rounding),
        "CEIL_2D" if unscaled => Some(Travel::Euclidean { rounding: EuclideanRounding::Ceil }),
        "FLOOR_2D" if unscaled => euclidean(Rounding::Trunc),
        "EXACT_2D" if unscaled => euclidean(Rounding::Exact),
        _ => None,
    };
    if let Some(travel) = simple {
        return Some((coords, travel));
    }
    let Some(length) = length(&metric) else {
        let shown = crate::io::text::shown(kind.value.as_bytes());
        place.fault(&mut context.faults, shown, FaultKind::UnknownEdgeWeightType);
        return None;
    };
    if count > TABLE_LIMIT {
        place.fault(&mut context.faults, kind.value.as_str(), FaultKind::TooManyPairs { limit: TABLE_LIMIT });
        return None;
    }
    let pairs = points.iter().enumerate().flat_map(|(i, &a)| {
        let of = move |(j, &b): (usize, &Point)| if i == j { 0.0 } else { length(a, b) };
        points.iter().enumerate().map(of)
    });
    let rounding = if context.rounding == Rounding::None { Rounding::Round } else { context.rounding };
    let mut values = Vec::with_capacity(count * count);
    for raw in pairs {
        match Quantity::Amount.integer(raw, rounding) {
            Ok(value) => values.push(value),
            Err(fault) => {
                place.fault(&mut context.faults, crate::io::text::show_number(raw), fault);
                return None;
            }
        }
    }
    let matrix = Matrix::new(count, values).ok()?;
    // For maps: GEO has the latitude first.
    let shown = |c: Coord| if metric == "GEO" { Coord::new(degrees(c.y), degrees(c.x)) } else { c };
    Some((coords.into_iter().map(shown).collect(), Travel::matrix(matrix)))
}

/// Three coordinates.
type Point = [f64; 3];

/// The metric of that name, without rounding.
fn length(metric: &str) -> Option<fn(Point, Point) -> f64> {
    Some(match metric {
        "CEIL_2D" => |a, b| straight(a, b).ceil(),
        "FLOOR_2D" => |a, b| straight(a, b).floor(),
        "EXACT_2D" => |a, b| (1000.0 * straight(a, b)).round(),
        "EUC_3D" => straight,
        "MAN_2D" | "MAN_3D" => |a, b| (0..3).map(|k| (a[k] - b[k]).abs()).sum(),
        "MAX_2D" | "MAX_3D" => |a, b| (0..3).map(|k| (a[k] - b[k]).abs()).fold(0.0, f64::max),
        "GEO" => geographic,
        "ATT" => |a, b| (((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)) / 10.0).sqrt().ceil(),
        _ => return None,
    })
}

fn straight(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1]).hypot(a[2] - b[2])
}

/// Degrees from a number with minutes after its decimal point.
fn degrees(value: f64) -> f64 {
    value.trunc() + 5.0 * value.fract() / 3.0
}

/// TSPLIB's `GEO`: kilometres, truncated, between latitudes and longitudes in degrees and, after the decimal point,
/// minutes.
fn geographic(a: Point, b: Point) -> f64 {
    // Radius and pi are TSPLIB's, to reproduce its integers.
    const RADIUS: f64 = 6_378.388;
    #[expect(clippy::approx_constant, reason = "TSPLIB's own")]
    const PI: f64 = 3.141_592;
    let radians = |value: f64| PI * degrees(value) / 180.0;
    let (latitude_a, latitude_b) = (radians(a[0]), radians(b[0]));
    let q1 = (radians(a[1]) - radians(b[1])).cos();
    let q2 = (latitude_a - latitude_b).cos();
    let q3 = (latitude_a + latitude_b).cos();
    let angle = (0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)).clamp(-1.0, 1.0).acos();
    (RADIUS * angle + 1.0).floor()
}

/// One point for each location; all at the origin if there are none and none are needed. Without `solid`, they have two
/// coordinates in the file, and the third is 0.
fn coordinates(context: &mut Context<'_>, count: usize, needed: bool, solid: bool) -> Option<Vec<Point>> {
    let display = if needed { None } else { context.section("DISPLAY_DATA_SECTION") };
    let Some(section) = context.section("NODE_COORD_SECTION").or(display) else {
        if needed {
            context.faults.push(None, "", "", FaultKind::MissingSection("NODE_COORD_SECTION"));
            return None;
        }
        // The matrix that follows proves the number of locations.
        let values = context.section("EDGE_WEIGHT_SECTION").map_or(0, |section| section.values().len());
        return Some(vec![[0.0; 3]; count.min(values + 1)]);
    };
    if solid {
        let table = context.table::<3>(section, count, "location")?;
        return Some(table.into_iter().map(|(_, point)| point).collect());
    }
    let table = context.table::<2>(section, count, "location")?;
    Some(table.into_iter().map(|(_, [x, y])| [x, y, 0.0]).collect())
}

/// The layout of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Full,
    /// Row by row below the diagonal. By symmetry, also column by column above it.
    Lower {
        diagonal: bool,
    },
    /// Row by row above the diagonal. By symmetry, also column by column below it.
    Upper {
        diagonal: bool,
    },
}

impl Layout {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "FULL_MATRIX" => Self::Full,
            "LOWER_ROW" | "UPPER_COL" => Self::Lower { diagonal: false },
            "LOWER_DIAG_ROW" | "UPPER_DIAG_COL" => Self::Lower { diagonal: true },
            "UPPER_ROW" | "LOWER_COL" => Self::Upper { diagonal: false },
            "UPPER_DIAG_ROW" | "LOWER_DIAG_COL" => Self::Upper { diagonal: true },
            _ => return None,
        })
    }

    /// Number of values for `n` locations.
    fn len(self, n: u128) -> u128 {
        match self {
            Self::Full => n * n,
            Self::Lower { diagonal: false } | Self::Upper { diagonal: false } => n * n.saturating_sub(1) / 2,
            Self::Lower { diagonal: true } | Self::Upper { diagonal: true } => n * (n + 1) / 2,
        }
    }

    /// The columns that the values of a row fill.
    fn columns(self, row: usize, n: usize) -> std::ops::Range<usize> {
        match self {
            Self::Full => 0..n,
            Self::Lower { diagonal } => 0..row + usize::from(diagonal),
            Self::Upper { diagonal } => row + usize::from(!diagonal)..n,
        }
    }
}

fn explicit_matrix(context: &mut Context<'_>, section: &Section, count: usize) -> Option<Matrix> {
    let Some(format) = context.specification("EDGE_WEIGHT_FORMAT") else {
        context.faults.push(None, "", "", FaultKind::MissingSpecification("EDGE_WEIGHT_FORMAT"));
        return None;
    };
    let Some(layout) = Layout::parse(&document::name(format.value.as_bytes())) else {
        let shown = crate::io::text::shown(format.value.as_bytes());
        context.faults.push(format.line, &format.key, shown, FaultKind::UnknownEdgeWeightFormat);
        return None;
    };
    let (expected, found) = (layout.len(count as u128), section.values().len());
    if expected != found as u128 {
        section.header().fault(&mut context.faults, "", FaultKind::ValueCount { expected, found });
        return None;
    }
    let mut values = vec![0; count.checked_mul(count)?];
    let mut next = 0;
    for row in 0..count {
        for column in layout.columns(row, count) {
            let raw = section.values()[next];
            // The diagonal stays zero: some files fill it with a large number to forbid those arcs.
            if row != column {
                let place = section.place(section.row_of_value(next));
                let value = context.integer(place, Quantity::Limit, raw);
                let (row, column) = (context.order.place(row), context.order.place(column));
                values[row * count + column] = value;
                if layout != Layout::Full {
                    values[column * count + row] = value;
                }
            }
            next += 1;
        }
    }
    Matrix::new(count, values).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_hold_each_pair_once() {
        for n in 1..5 {
            for name in ["FULL_MATRIX", "LOWER_ROW", "LOWER_DIAG_ROW", "UPPER_ROW", "UPPER_DIAG_ROW"] {
                let layout = Layout::parse(name).unwrap();
                let filled: usize = (0..n).map(|row| layout.columns(row, n).len()).sum();
                assert_eq!(filled as u128, layout.len(n as u128), "{name} of {n}");
            }
        }
        assert_eq!(Layout::parse("LOWER_COL"), Layout::parse("UPPER_ROW"));
        assert_eq!(Layout::parse("DIAGONAL"), None);
    }
}
