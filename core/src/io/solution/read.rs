//! Reads `.sol` text.

use std::collections::{HashMap, HashSet};

use crate::ids::{DepotId, VehicleTypeId};
use crate::io::fault::Faults;
use crate::io::fleet_numbers::FleetNumbers;
use crate::io::quantity::Place;
use crate::io::solution::SolFile;
use crate::io::stop_numbers::{Numbered, StopNumbers};
use crate::io::{FaultKind, ReadError, text};
use crate::model::Problem;
use crate::plan::{Activity, RouteStops, TripStops};

/// The routes and the cost in a `.sol` text, for the problem that it solves.
///
/// Feasibility is not checked; a stop that does not exist or is visited twice, and a route without a vehicle, are
/// faults. Rows `Route #1: 1 2`, `Route 1 1 2` and `1 2` mean the same, and the stops of a TSPLIB tour are those after its
/// `TOUR_SECTION`. Stops that count from 1, the depot, are recognised by the number of the last, where all are
/// visited: [`SolFile::first_number`] says so.
///
/// ```
/// use milkrun::{Rounding, io::{solution, vrplib}};
///
/// let text = "DIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\nEOF\n";
/// let problem = vrplib::read(text, Rounding::Round).unwrap();
/// let solution = solution::read("Route #1: 1 2\nCost 20\n", &problem).unwrap();
/// assert_eq!(solution.routes[0].trips[0].activities.len(), 2);
/// assert_eq!(solution.cost, Some(20.0));
/// assert_eq!(solution::read("1 2 3 1\n", &problem).unwrap().first_number, 1);
///
/// let error = solution::read("Route #1: 1 4\n", &problem).unwrap_err();
/// assert!(error.to_string().contains("line 1, Route #1, `4`: must be a stop from 0 to 2"));
/// ```
pub fn read(content: impl AsRef<[u8]>, problem: &Problem) -> Result<SolFile, ReadError> {
    let stops = StopNumbers::new(problem);
    let mut faults = Faults::new("solution");
    let text = Text::parse(content.as_ref(), &stops, &mut faults);
    if text.rows.is_empty() && text.cost.is_none() && faults.is_empty() {
        faults.push(None, "", "", FaultKind::Empty);
    }
    let first_number = usize::from(text.counts_from_one(&stops));
    let fleet = FleetNumbers::new(problem);
    let mut reader = Reader { problem, stops, fleet, first_number, visited: HashMap::new(), faults };
    let rows = text.rows.iter().enumerate();
    let routes = rows.filter_map(|(vehicle, row)| reader.route(row, vehicle)).collect();
    reader.faults.check()?;
    Ok(SolFile { routes, cost: text.cost, first_number })
}

/// A route as written.
struct Row<'a> {
    line: usize,
    /// The number after `#`; empty if there is none.
    number: &'a [u8],
    stops: Vec<&'a [u8]>,
}

/// The lines of a solution, before their numbers are looked up.
#[derive(Default)]
struct Text<'a> {
    rows: Vec<Row<'a>>,
    cost: Option<f64>,
    /// Whether it is a TSPLIB tour, which counts from 1.
    is_tour: bool,
}

impl<'a> Text<'a> {
    fn parse(content: &'a [u8], stops: &StopNumbers, faults: &mut Faults) -> Self {
        let mut text = Self::default();
        let mut tour_ended = false;
        for (line, content) in text::lines(content) {
            match classify(content) {
                Line::Route { number, stops } => text.rows.push(Row { line, number, stops: numbers(stops).collect() }),
                Line::Cost(value) => match text::number(value) {
                    Ok(cost) => text.cost = Some(cost),
                    Err(kind) => faults.push(line, "Cost", text::shown(value), kind),
                },
                Line::Tour => {
                    text.is_tour = true;
                    text.rows.push(Row { line, number: b"", stops: Vec::new() });
                }
                Line::Numbers if text.is_tour => {
                    let row = text.rows.last_mut().filter(|_| !tour_ended);
                    let Some(row) = row else {
                        faults.push(line, "TOUR_SECTION", text::shown(content), FaultKind::StrayLine);
                        continue;
                    };
                    let until_end = numbers(content).take_while(|&token| token != b"-1");
                    row.stops.extend(until_end);
                    tour_ended = numbers(content).any(|token| token == b"-1");
                }
                Line::Numbers => match alone(content).filter(|&value| text.cost.is_none() && !is_stop(value, stops)) {
                    Some(cost) => text.cost = Some(cost),
                    None => text.rows.push(Row { line, number: b"", stops: numbers(content).collect() }),
                },
                Line::Remark => {}
                Line::Stray => faults.push(line, "", text::shown(content), FaultKind::StrayLine),
            }
        }
        text
    }

    /// Whether 1 is the first depot: in a tour, and where that reading alone visits every stop, as in a plan that serves
    /// all.
    fn counts_from_one(&self, stops: &StopNumbers) -> bool {
        let found: HashSet<usize> =
            self.rows.iter().flat_map(|row| &row.stops).filter_map(|token| index(token)).collect();
        self.is_tour || !found.contains(&0) && (stops.first_stop()..stops.len()).all(|stop| found.contains(&(stop + 1)))
    }
}

fn index(token: &[u8]) -> Option<usize> {
    let value = text::number(token).ok()?;
    (value >= 0.0 && value.fract() == 0.0 && value < 1e15).then_some(value as usize)
}

/// The number on a line that has no other.
fn alone(content: &[u8]) -> Option<f64> {
    let mut tokens = numbers(content);
    let first = text::number(tokens.next()?).ok()?;
    tokens.next().is_none().then_some(first)
}

fn is_stop(value: f64, stops: &StopNumbers) -> bool {
    value.fract() == 0.0 && value <= stops.len() as f64
}

/// The pieces between blanks and commas.
fn numbers(stops: &[u8]) -> impl Iterator<Item = &[u8]> {
    stops.split(|b| b.is_ascii_whitespace() || *b == b',').filter(|token| !token.is_empty())
}

enum Line<'a> {
    /// The number after `#` (empty if there is none), and the stops.
    Route {
        number: &'a [u8],
        stops: &'a [u8],
    },
    Cost(&'a [u8]),
    /// The header of a tour.
    Tour,
    /// A row that begins like a number.
    Numbers,
    /// A line such as `Optimal: True`.
    Remark,
    Stray,
}

/// The words that begin a route.
const ROUTE: [&[u8]; 4] = [b"route", b"tour", b"truck", b"vehicle"];

/// What precedes a cost.
const COST: [&[&str]; 6] =
    [&["cost"], &["objective"], &["solution", "cost"], &["total", "cost"], &["total", "distance"], &["value"]];

/// What follows the words, with blanks between them, if the line begins with them.
fn after<'a>(line: &'a [u8], words: &[&str]) -> Option<&'a [u8]> {
    words.iter().try_fold(line, |rest, word| {
        let (begin, rest) = rest.trim_ascii_start().split_at_checked(word.len())?;
        let ends = !rest.first().is_some_and(u8::is_ascii_alphabetic);
        (ends && begin.eq_ignore_ascii_case(word.as_bytes())).then_some(rest)
    })
}

fn classify(content: &[u8]) -> Line<'_> {
    if content[0] == b'#' {
        return Line::Remark;
    }
    if content[0].is_ascii_digit() || matches!(content[0], b'-' | b'+' | b'.') {
        let plain = numbers(content).all(|token| text::number(token).is_ok());
        return if plain { Line::Numbers } else { Line::Stray };
    }
    let split = content.iter().position(|b| matches!(b, b':' | b'='));
    let (key, value) = split.map_or((content, None), |at| (&content[..at], Some(&content[at + 1..])));
    let word = key.split(|b| !b.is_ascii_alphabetic()).next().unwrap_or_default();
    let rest = key[word.len()..].trim_ascii();
    if ROUTE.iter().any(|route| word.eq_ignore_ascii_case(route)) && !rest.first().is_some_and(u8::is_ascii_alphabetic)
    {
        if rest.eq_ignore_ascii_case(b"_SECTION") {
            return Line::Tour;
        }
        return route(rest, value);
    }
    if let Some(after) = COST.iter().find_map(|words| after(key, words)) {
        return Line::Cost(value.unwrap_or(after).trim_ascii());
    }
    if word.is_empty() || !content.iter().all(|b| b.is_ascii_graphic() || matches!(b, b' ' | b'\t' | 0x80..)) {
        Line::Stray
    } else {
        Line::Remark
    }
}

/// A route from what follows its first word, up to the colon and after it.
fn route<'a>(rest: &'a [u8], value: Option<&'a [u8]>) -> Line<'a> {
    let rest = rest.strip_prefix(b"#").unwrap_or(rest).trim_ascii();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let (number, after) = rest.split_at(digits);
    match value {
        Some(stops) if after.is_empty() => Line::Route { number, stops },
        None if digits > 0 && after.first().is_none_or(u8::is_ascii_whitespace) => Line::Route { number, stops: after },
        _ => Line::Stray,
    }
}

struct Reader<'a> {
    problem: &'a Problem,
    stops: StopNumbers,
    fleet: FleetNumbers,
    /// What the first depot is called: 0 or 1.
    first_number: usize,
    /// The line of each stop's visit.
    visited: HashMap<Activity, usize>,
    faults: Faults,
}

impl Reader<'_> {
    /// The route of a row, which belongs to `vehicle`; `None` for an unused vehicle.
    fn route(&mut self, row: &Row<'_>, vehicle: usize) -> Option<RouteStops> {
        let section = format!("Route #{}", vehicle + 1);
        let place = Place { line: row.line, section: &section };
        if !self.fleet.is_uniform() && !row.number.is_empty() && text::number(row.number) != Ok((vehicle + 1) as f64) {
            place.fault(&mut self.faults, text::shown(row.number), FaultKind::RouteNumber { expected: vehicle + 1 });
        }
        let visits: Vec<Numbered> = row.stops.iter().filter_map(|token| self.visit(place, token)).collect();
        if visits.is_empty() {
            return None;
        }
        let Some(vehicle_type) = self.fleet.type_of(vehicle) else {
            let kind = FaultKind::TooManyRoutes { vehicles: self.fleet.len() };
            place.fault(&mut self.faults, text::shown(&row.stops.join(&b' ')), kind);
            return None;
        };
        self.trips(vehicle_type, &visits)
    }

    fn visit(&mut self, place: Place<'_>, token: &[u8]) -> Option<Numbered> {
        let raw = match text::number(token) {
            Ok(raw) => raw,
            Err(kind) => {
                place.fault(&mut self.faults, text::shown(token), kind);
                return None;
            }
        };
        let (first, last) = (self.first_number, self.stops.len().saturating_sub(1) + self.first_number);
        let index = place.index(&mut self.faults, raw, "stop", first, last)?;
        let visit = self.stops.get(index)?;
        if let Numbered::Stop(activity) = visit {
            if let Some(&first_line) = self.visited.get(&activity) {
                place.fault(&mut self.faults, text::shown(token), FaultKind::VisitedTwice { first_line });
                return None;
            }
            self.visited.insert(activity, place.line);
        }
        Some(visit)
    }

    fn trips(&self, vehicle_type: VehicleTypeId, visits: &[Numbered]) -> Option<RouteStops> {
        let vehicle = self.problem.vehicle_type(vehicle_type);
        let is = |visit: Option<&Numbered>, depot: Option<DepotId>| {
            depot.is_some_and(|depot| visit == Some(&Numbered::Depot(depot)))
        };
        let mut visits = visits;
        while is(visits.first(), vehicle.start) {
            visits = &visits[1..];
        }
        while is(visits.last(), vehicle.end) {
            visits = &visits[..visits.len() - 1];
        }
        if visits.is_empty() {
            return None;
        }
        let mut trips = Vec::new();
        let mut trip = TripStops { start: vehicle.start, activities: Vec::new(), end: None };
        for &visit in visits {
            match visit {
                Numbered::Stop(activity) => trip.activities.push(activity),
                Numbered::Depot(depot) => {
                    let next = TripStops { start: Some(depot), activities: Vec::new(), end: None };
                    let mut ended = std::mem::replace(&mut trip, next);
                    ended.end = Some(depot);
                    trips.push(ended);
                }
            }
        }
        trip.end = vehicle.end;
        trips.push(trip);
        Some(RouteStops { vehicle_type, start: None, trips })
    }
}
