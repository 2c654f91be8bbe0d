//! Cordeau's text format: one depot, several depots, several days, or several types of vehicles, each with or without time
//! windows (Cordeau, Gendreau & Laporte 1997, `doi:10.1002/(SICI)1097-0037(199709)30:2<105::AID-NET5>3.0.CO;2-G`).
//!
//! The first line has the kind, the number of vehicles, of clients, and of depots, days or types of vehicles. A line for each
//! of those has the longest duration of a route, service included, and the capacity; 0 is no limit. Then come the clients, the
//! depots after them if there are several, and otherwise the depot before them: number, x, y, service time, demand, number of
//! visits, number of combinations, the combinations, and with time windows the earliest and the latest start.
//!
//! | kind | | what a combination is |
//! |---|---|---|
//! | 0, 4 | one depot | nothing |
//! | 1, 5 | several days: [`read_period`] | days of the visits; the highest bit is the first day |
//! | 2, 6 | several depots, with so many vehicles each | a depot that may serve the client |
//! | 3, 7 | several types of vehicles, so many of each | a type that may serve the client |
//!
//! The depot's window becomes the vehicles' shift. Costs are distances, which equal durations. Clients are the file's in
//! their order; locations are the depots, and then the clients.

use crate::ids::{DepotId, LocationId, VehicleTypeId};
use crate::io::fault::Faults;
use crate::io::quantity::{Place, Quantity};
use crate::io::rows::MAX_VEHICLES;
use crate::io::{FaultKind, ReadError, fleet_numbers, text};
use crate::model::{Client, Coord, Depot, Location, Problem, TimeWindow, VehicleType};
use crate::period::{MAX_DAYS, PeriodParams, Visits};
use crate::travel::{Rounding, Travel};
use crate::units::MAX_VALUE;

const HEAD: &str = "head";
const LIMITS: &str = "limits";
const ROWS: &str = "rows";
/// The most depots or types of vehicles, whose combinations must be numbers that a double holds exactly.
const MOST: usize = 50;

/// What the lines after the first are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Depot,
    Days,
    Depots,
    Types,
}

/// The first line.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: Kind,
    windows: bool,
    vehicles: usize,
    clients: usize,
    /// Number of depots, days or types.
    parts: usize,
}

/// A client or a depot.
#[derive(Clone, Debug)]
struct Row {
    place: Place<'static>,
    coord: Coord,
    service: f64,
    demand: f64,
    visits: f64,
    combinations: Vec<f64>,
    window: Option<[f64; 2]>,
}

/// A file, before its numbers become integers.
struct Document {
    head: Head,
    limits: Vec<(Place<'static>, [f64; 2])>,
    depots: Vec<Row>,
    clients: Vec<Row>,
}

/// The problem that such a text describes, its decimals and distances rounded by a convention.
///
/// ```
/// use milkrun::{Rounding, io::cordeau};
///
/// let text = "2 1 2 2\n30 10\n0 10\n1 3 4 1 7 1 2 1 2\n2 6 8 0 7 1 2 1 2\n3 0 0 0 0 0 0\n4 9 9 0 0 0 0\n";
/// let problem = cordeau::read(text, Rounding::Exact).unwrap();
/// assert_eq!((problem.depots().len(), problem.clients().len()), (2, 2));
/// assert_eq!(problem.vehicle_types()[0].max_duration, Some(30_000));
///
/// let error = cordeau::read(text.replace("2 6 8", "2 6 x"), Rounding::Exact).unwrap_err();
/// assert!(error.to_string().contains("line 5, rows, `x`: not a number"));
/// ```
///
/// # Errors
///
/// [`ReadError`] with every fault of the text at once; one of them is a text about several days.
pub fn read(content: impl AsRef<[u8]>, rounding: Rounding) -> Result<Problem, ReadError> {
    let mut faults = Faults::new("Cordeau");
    let document = parse(content.as_ref(), &mut faults);
    if document.as_ref().is_some_and(|document| document.head.kind == Kind::Days) {
        faults.push(1, HEAD, "", FaultKind::SeveralDays);
    }
    faults.check()?;
    let Some(document) = document else { return Err(faults.into_error()) };
    let (problem, _) = build(&document, rounding, &mut faults)?;
    Ok(problem)
}

/// The day and the period of a text about several days, its decimals and distances rounded by a convention. Other texts are a
/// period of one day.
///
/// ```
/// use milkrun::{Rounding, io::cordeau};
///
/// let text = "1 1 1 3\n0 10\n0 10\n0 10\n0 0 0 0 0 0 0\n1 3 4 1 7 2 2 3 6\n";
/// let (day, params) = cordeau::read_period(text, Rounding::Round).unwrap();
/// assert_eq!((day.clients()[0].delivery[0], params.days), (7, 3));
/// // On the last two days, or on the first two.
/// assert_eq!(params.visits[0].1.patterns, [vec![1, 2], vec![0, 1]]);
/// ```
///
/// # Errors
///
/// [`ReadError`] with every fault of the text at once.
pub fn read_period(content: impl AsRef<[u8]>, rounding: Rounding) -> Result<(Problem, PeriodParams), ReadError> {
    let mut faults = Faults::new("Cordeau");
    let document = parse(content.as_ref(), &mut faults);
    faults.check()?;
    let Some(document) = document else { return Err(faults.into_error()) };
    build(&document, rounding, &mut faults)
}

/// Whether a text begins like one of this format: four numbers, then two.
pub(super) fn begins(counts: &[usize], head: &[u8]) -> bool {
    let kind = text::tokens(head).next().and_then(|token| text::number(token).ok());
    counts == [4, 2] && kind.is_some_and(|kind| (0.0..8.0).contains(&kind) && kind.fract() == 0.0)
}

fn parse(content: &[u8], faults: &mut Faults) -> Option<Document> {
    let mut lines = text::lines(content);
    let Some((line, first)) = lines.next() else {
        faults.push(None, "", "", FaultKind::Empty);
        return None;
    };
    let head = head(faults, line, first)?;
    let mut limits = Vec::new();
    for (line, content) in lines.by_ref().take(head.parts) {
        let place = Place { line, section: LIMITS };
        let mut values = Vec::new();
        place.numbers(faults, content, &mut values);
        if let [duration, capacity] = values[..] {
            limits.push((place, [duration, capacity]));
        } else {
            let kind = FaultKind::RowLength { expected: 2, found: values.len() };
            place.fault(faults, text::shown(content), kind);
        }
    }
    let (first, depots) = if head.kind == Kind::Depots { (1, head.parts) } else { (0, 1) };
    let mut rows = Vec::new();
    for (line, content) in lines {
        let place = Place { line, section: ROWS };
        rows.extend(row(faults, place, content, first + rows.len(), head));
    }
    let expected = head.clients + depots;
    if faults.is_empty() && rows.len() != expected {
        let kind = FaultKind::RowCount { what: "location", expected, found: rows.len() };
        faults.push(None, ROWS, "", kind);
    }
    faults.is_empty().then(|| {
        // Several depots come last, a single one first.
        let clients = if first == 1 { rows.drain(..head.clients) } else { rows.drain(depots..) }.collect();
        Document { head, limits, depots: rows, clients }
    })
}

fn head(faults: &mut Faults, line: usize, content: &[u8]) -> Option<Head> {
    let place = Place { line, section: HEAD };
    let mut values = Vec::new();
    place.numbers(faults, content, &mut values);
    let [kind, vehicles, clients, parts] = values[..] else {
        place.fault(faults, text::shown(content), FaultKind::RowLength { expected: 4, found: values.len() });
        return None;
    };
    let kind = place.index(faults, kind, "kind of problem", 0, 7);
    let vehicles = place.index(faults, vehicles, "number of vehicles", 1, MAX_VEHICLES);
    let clients = place.index(faults, clients, "number of clients", 1, 1 << 20);
    let of = [Kind::Depot, Kind::Days, Kind::Depots, Kind::Types];
    let (what, most) = match kind.map(|kind| of[kind % 4]) {
        Some(Kind::Days) => ("number of days", MAX_DAYS),
        Some(Kind::Depot) => ("number of depots, which is one", 1),
        _ => ("number of depots or types", MOST),
    };
    let parts = place.index(faults, parts, what, 1, most);
    let (kind, vehicles, clients, parts) = (kind?, vehicles? + 1, clients? + 1, parts? + 1);
    Some(Head { kind: of[kind % 4], windows: kind >= 4, vehicles, clients, parts })
}

fn row(faults: &mut Faults, place: Place<'static>, content: &[u8], number: usize, head: Head) -> Option<Row> {
    let mut values = Vec::new();
    place.numbers(faults, content, &mut values);
    let [found, x, y, service, demand, visits, count, rest @ ..] = &values[..] else {
        place.fault(faults, text::shown(content), FaultKind::RowLength { expected: 7, found: values.len() });
        return None;
    };
    let count = place.index(faults, *count, "number of combinations", 0, 1 << 20)?;
    let expected = count + if head.windows { 2 } else { 0 };
    if rest.len() != expected {
        place.fault(faults, text::shown(content), FaultKind::RowLength { expected: 7 + expected, found: values.len() });
        return None;
    }
    place.index(faults, *found, "location in sequence,", number, number)?;
    let (combinations, window) = rest.split_at(count);
    Some(Row {
        place,
        coord: Coord::new(*x, *y),
        service: *service,
        demand: *demand,
        visits: *visits,
        combinations: combinations.to_vec(),
        window: <[f64; 2]>::try_from(window).ok(),
    })
}

fn build(document: &Document, rounding: Rounding, faults: &mut Faults) -> Result<(Problem, PeriodParams), ReadError> {
    let Document { head, limits, depots, clients } = document;
    let mut builder = Problem::builder();
    builder.travel(Travel::euclidean(rounding));
    for row in depots.iter().chain(clients) {
        builder.add_location(Location { coord: row.coord, name: String::new() });
    }
    for depot in 0..depots.len() {
        builder.add_depot(Depot::at(LocationId::new(depot)));
    }
    let types = if head.kind == Kind::Days { &limits[..1] } else { &limits[..] };
    let differs = |limit: &[f64; 2]| limit.iter().zip(limits[0].1).any(|(own, first)| (own - first).abs() > 0.0);
    if let Some((place, _)) = limits.iter().find(|(_, limit)| head.kind == Kind::Days && differs(limit)) {
        place.fault(faults, "", FaultKind::UnlikeDays);
    }
    for (t, &(place, [duration, capacity])) in types.iter().enumerate() {
        let depot = if head.kind == Kind::Depots { t } else { 0 };
        let shift = window(&depots[depot], rounding, faults);
        let numbers = fleet_numbers::name([(t * head.vehicles, (t + 1) * head.vehicles)]);
        let mut own = VehicleType::new(head.vehicles).depot(DepotId::new(depot)).name(numbers);
        own.shift = shift;
        let limit = |value| {
            Some(place.integer(&mut *faults, Quantity::Limit, value, rounding)).filter(|&v| 0 < v && v < MAX_VALUE)
        };
        let [duration, capacity] = [duration, capacity].map(limit);
        own.max_duration = duration;
        // Loads are unlimited, but they are there.
        own.capacity = vec![capacity.unwrap_or(MAX_VALUE)];
        builder.add_vehicle_type(own);
    }
    let mut params = PeriodParams::of_days(if head.kind == Kind::Days { head.parts } else { 1 });
    for (c, row) in clients.iter().enumerate() {
        let own = window(row, rounding, faults);
        let mut client = Client::at(LocationId::new(depots.len() + c)).time_window(own.early, own.late);
        client.delivery = vec![row.place.integer(faults, Quantity::Amount, row.demand, rounding)];
        client.service = row.place.integer(faults, Quantity::Amount, row.service, rounding);
        let combinations = combinations(row, *head, faults);
        if matches!(head.kind, Kind::Depots | Kind::Types) && !combinations.is_empty() {
            let mut allowed: Vec<usize> = combinations.iter().flatten().copied().collect();
            allowed.sort_unstable();
            allowed.dedup();
            if allowed.len() < head.parts {
                client.allowed_vehicles = Some(allowed.into_iter().map(VehicleTypeId::new).collect());
            }
        }
        let client = builder.add_client(client);
        if head.kind == Kind::Days {
            params = params.visit(client, Visits::patterns(combinations));
        }
    }
    faults.check()?;
    Ok((faults.built(builder.build())?, params))
}

fn window(row: &Row, rounding: Rounding, faults: &mut Faults) -> TimeWindow {
    row.window.map_or(TimeWindow::ALWAYS, |[early, late]| row.place.window(faults, early, late, rounding))
}

/// The days, depots or types of each combination, counted from 0.
fn combinations(row: &Row, head: Head, faults: &mut Faults) -> Vec<Vec<usize>> {
    let highest = 1 << (head.parts - 1);
    let mut all = Vec::with_capacity(row.combinations.len());
    for &raw in &row.combinations {
        let Some(code) = row.place.index(faults, raw, "combination", 1, 2 * highest - 1) else { continue };
        all.push((0..head.parts).filter(|part| (code + 1) & (highest >> part) != 0).collect::<Vec<usize>>());
    }
    if head.kind != Kind::Days {
        return all;
    }
    let unlike = all.iter().find(|days| (days.len() as f64 - row.visits).abs() > 0.0);
    if let Some(days) = unlike {
        row.place.fault(faults, text::show_number(row.visits), FaultKind::UnlikeVisits { found: days.len() });
    } else if all.is_empty() {
        row.place.fault(faults, "0", FaultKind::UnlikeVisits { found: 0 });
    }
    all
}
