//! The waste-collection instances of Kim, Kim & Sahoo 2006 (doi:10.1016/j.cor.2005.02.045): one depot, landfills, a
//! lunch break, and daily limits of vehicles.
//!
//! Five lines, each a number with a remark, give the vehicle's capacity, the maximum that it may collect in a day, the
//! maximum number of stops in a day, the length of lunch in seconds, and the speed in miles per hour. Below a heading
//! there is a row for each location: number, x, y (feet), earliest and latest time (`HHMM`, not always padded; `2400`
//! is midnight, and `875`, which one file has, is 75 minutes past eight), service time (seconds), load (yards), and
//! type: 0 the depot, 1 a stop, 2 a landfill. Some files have tabs and quotation marks in odd places, which are
//! ignored.
//!
//! How the problem is built:
//!
//! - Distances are rectilinear, in whole feet, and durations in whole seconds at the file's speed, each rounded to the
//!   nearest.
//! - Loads are in yards, or in tenths of a yard if any has decimals.
//! - Trucks leave the depot and return within its window, must end empty, and may use all landfills within their hours;
//!   unloading takes a landfill's service time.
//! - Lunch starts between 11:00 and 12:00 wherever the truck is, and is due on routes under way at that time. It is
//!   part of the route's duration.
//! - There are as many trucks as stops, at most 200. The number of trucks used is minimised first, then the distance.

use crate::ids::LocationId;
use crate::io::fault::Faults;
use crate::io::quantity::{Place, Quantity};
use crate::io::{FaultKind, ReadError, text};
use crate::model::{
    Break, Client, Coord, Depot, DisposalSite, Goal, Location, Measure, Problem, TimeWindow, VehicleType,
};
use crate::travel::{Matrix, ProfileMatrices, Rounding, Travel};
use crate::units::{Load, Time};

/// The maximum number of trucks.
const MAX_TRUCKS: usize = 200;
/// The maximum number of locations, since a matrix is computed.
const MAX_PLACES: usize = 10_000;
/// When lunch may start.
const LUNCH: (Time, Time) = (11 * 3_600, 12 * 3_600);

/// The five lines of the head.
const HEAD: [&str; 5] =
    ["the vehicle capacity", "the day's load", "the day's stops", "the lunch duration", "the speed"];

/// The kind of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Depot,
    Stop,
    Landfill,
}

struct Row {
    place: Place<'static>,
    kind: Kind,
    values: [f64; 8],
}

/// The problem that such a file describes.
///
/// Client `i` is the file's stop number `i` in the order of rows; landfills are disposal sites in the same way.
///
/// ```
/// use milkrun::io::wcvrptw;
///
/// let text = "280.0 \t// vehicle capacity\n400 \t// yards a day\n500 \t// stops a day\n3600 \t// lunch\n40 \t// speed\n\
///     Stop_ID\tX(feet)\tY(feet)\n\
///     0 1215029.00 3461398.00 0400 1500 0 9999.00 0\n\
///     1 1229125.00 3460107.00 0000 2400 1600 9999.00 2\n\
///     3 1208344.00 3469904.00 0700 2400 180 12.00 1\n";
/// let problem = wcvrptw::read(text).unwrap();
/// assert_eq!((problem.clients().len(), problem.disposal_sites().len()), (1, 1));
/// let (depot, landfill) = (problem.depots()[0].location(), problem.disposal_sites()[0].location());
/// assert_eq!(problem.distance(problem.vehicle_types()[0].profile, depot, landfill), 15_387);
/// assert_eq!(problem.duration(problem.vehicle_types()[0].profile, depot, landfill), 262);
/// ```
pub fn read(content: impl AsRef<[u8]>) -> Result<Problem, ReadError> {
    let content = content.as_ref();
    let mut faults = Faults::new("waste collection");
    let mut lines = text::lines(content);
    let mut head = [0.0; 5];
    for (value, name) in head.iter_mut().zip(HEAD) {
        let Some((line, content)) = lines.next() else {
            let kind = if name == HEAD[0] { FaultKind::Empty } else { FaultKind::MissingHead(name) };
            faults.push(None, "", "", kind);
            return Err(faults.into_error());
        };
        *value = first_number(&mut faults, line, content, name);
    }
    if lines.next().is_none() {
        faults.push(None, "", "", FaultKind::MissingHead("the names of the columns"));
        return Err(faults.into_error());
    }
    let rows: Vec<Row> = lines.filter_map(|(line, content)| row(&mut faults, line, content)).collect();
    if rows.len() > MAX_PLACES {
        faults.push(None, ROWS, "", FaultKind::TooManyPairs { limit: MAX_PLACES });
    }
    let of_type = |kind: Kind| rows.iter().filter(move |row| row.kind == kind);
    match of_type(Kind::Depot).count() {
        0 => faults.push(None, ROWS, "", FaultKind::NoDepot),
        1 => {}
        _ => {
            let first_line = of_type(Kind::Depot).next().map_or(0, |row| row.place.line);
            let others: Vec<Place<'static>> = of_type(Kind::Depot).skip(1).map(|row| row.place).collect();
            for place in others {
                place.fault(&mut faults, "0", FaultKind::DuplicateRow { what: "depot", first_line });
            }
        }
    }
    if of_type(Kind::Stop).next().is_none() {
        faults.push(None, ROWS, "", FaultKind::NoClient);
    }
    faults.check()?;
    build(&mut faults, head, &rows)
}

const ROWS: &str = "rows";

/// The number that a line of the head begins with.
fn first_number(faults: &mut Faults, line: usize, content: &[u8], name: &'static str) -> f64 {
    let place = Place { line, section: name };
    let token = text::tokens(content).next().unwrap_or_default();
    match text::number(token) {
        Ok(value) if value > 0.0 => value,
        Ok(_) => {
            place.fault(faults, text::shown(token), FaultKind::OutOfRange { what: "number", low: 1, high: 1 << 30 });
            1.0
        }
        Err(kind) => {
            place.fault(faults, text::shown(token), kind);
            1.0
        }
    }
}

fn row(faults: &mut Faults, line: usize, content: &[u8]) -> Option<Row> {
    let place = Place { line, section: ROWS };
    let mut values = Vec::with_capacity(8);
    place.numbers(faults, content, &mut values);
    let Ok(values) = <[f64; 8]>::try_from(values.as_slice()) else {
        place.fault(faults, text::shown(content), FaultKind::RowLength { expected: 8, found: values.len() });
        return None;
    };
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let kind = [Kind::Depot, Kind::Stop, Kind::Landfill][place.index(faults, values[7], "type", 0, 2)?];
    Some(Row { place, kind, values })
}

/// The seconds after midnight of an `HHMM`.
fn seconds(faults: &mut Faults, place: Place<'_>, raw: f64) -> Time {
    let clock = raw as i64;
    if raw.fract() != 0.0 || !(0..=2_400).contains(&clock) {
        let kind = FaultKind::OutOfRange { what: "time of day as HHMM", low: 0, high: 2_400 };
        place.fault(faults, text::show_number(raw), kind);
        return 0;
    }
    clock / 100 * 3_600 + clock % 100 * 60
}

fn build(faults: &mut Faults, head: [f64; 5], rows: &[Row]) -> Result<Problem, ReadError> {
    let loads = || rows.iter().filter(|row| row.kind == Kind::Stop).map(|row| row.values[6]);
    let tenths = loads().chain([head[0], head[1]]).any(|load| load.fract() != 0.0);
    let amount = |load: f64| (load * if tenths { 10.0 } else { 1.0 }).round() as Load;
    let mut builder = Problem::builder();
    let (mut depot, mut shift, mut sites, mut stops) = (None, TimeWindow::ALWAYS, Vec::new(), 0_usize);
    for (i, row) in rows.iter().enumerate() {
        let [number, x, y, early, late, service, load, _] = row.values;
        let place = row.place;
        let name = text::show_number(number);
        builder.add_location(Location { coord: Coord::new(x, y), name: name.clone() });
        let window = TimeWindow::new(seconds(faults, place, early), seconds(faults, place, late));
        if window.early > window.late {
            let shown = format!("{} {}", text::show_number(early), text::show_number(late));
            place.fault(faults, shown, FaultKind::InvertedWindow);
        }
        let service = place.integer(faults, Quantity::Amount, service, Rounding::Round);
        let at = LocationId::new(i);
        if row.kind == Kind::Depot {
            depot = Some(builder.add_depot(Depot::at(at).open(window.early, window.late).name(name)));
            shift = window;
        } else if row.kind == Kind::Landfill {
            sites.push(builder.add_disposal_site(DisposalSite::at(at).hours([window]).service(service).name(name)));
        } else {
            place.integer(faults, Quantity::Amount, load, Rounding::Round);
            let client = Client::at(at).pickup([amount(load)]).service(service).name(name);
            builder.add_client(client.time_window(window.early, window.late));
            stops += 1;
        }
    }
    faults.check()?;
    let mut truck = VehicleType::new(stops.min(MAX_TRUCKS))
        .capacity([amount(head[0])])
        .shift(shift.early, shift.late)
        .disposal_sites(sites)
        .end_empty()
        .max_route_load([amount(head[1])])
        .max_stops(head[2] as usize)
        .add_break(Break::new(LUNCH.0, LUNCH.1, head[3] as i64).name("lunch"));
    if let Some(depot) = depot {
        truck = truck.depot(depot);
    }
    builder.add_vehicle_type(truck);
    builder.add_goal(Goal::ranked(Measure::Vehicles));
    builder.travel(rectilinear(rows, head[4]));
    faults.built(builder.build())
}

/// Rectilinear distances.
fn rectilinear(rows: &[Row], miles_an_hour: f64) -> Travel {
    let feet_a_second = miles_an_hour * 5_280.0 / 3_600.0;
    let feet = |a: &Row, b: &Row| (a.values[1] - b.values[1]).abs() + (a.values[2] - b.values[2]).abs();
    let table = |of: &dyn Fn(f64) -> f64| {
        let values = rows.iter().flat_map(|a| rows.iter().map(move |b| of(feet(a, b)).round() as i64)).collect();
        Matrix::new(rows.len(), values)
    };
    match (table(&|feet| feet), table(&|feet| feet / feet_a_second)) {
        (Ok(distance), Ok(duration)) => Travel::Matrices(vec![ProfileMatrices { distance, duration: Some(duration) }]),
        // Values that exceed the limit of a matrix are reported when the problem is built.
        _ => Travel::euclidean(Rounding::Round),
    }
}
