//! Reads `.sol` text.

use std::collections::HashMap;

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
/// faults.
///
/// ```
/// use milkrun::{Rounding, io::{solution, vrplib}};
///
/// let text = "DIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\nEOF\n";
/// let problem = vrplib::read(text, Rounding::Round).unwrap();
/// let solution = solution::read("Route #1: 1 2\nCost 20\n", &problem).unwrap();
/// assert_eq!(solution.routes[0].trips[0].activities.len(), 2);
/// assert_eq!(solution.cost, Some(20.0));
///
/// let error = solution::read("Route #1: 1 3\n", &problem).unwrap_err();
/// assert!(error.to_string().contains("line 1, Route #1, `3`: must be a stop from 0 to 2"));
/// ```
pub fn read(content: impl AsRef<[u8]>, problem: &Problem) -> Result<SolFile, ReadError> {
    let mut reader = Reader {
        problem,
        stops: StopNumbers::new(problem),
        fleet: FleetNumbers::new(problem),
        visited: HashMap::new(),
        faults: Faults::new("solution"),
    };
    let mut solution = SolFile { routes: Vec::new(), cost: None };
    let mut vehicle = 0;
    let mut empty = true;
    for (line, content) in text::lines(content.as_ref()) {
        if content[0] == b'#' {
            continue;
        }
        match classify(content) {
            Line::Route { number, stops } => {
                solution.routes.extend(reader.route(line, number, vehicle, stops));
                vehicle += 1;
                empty = false;
            }
            Line::Cost(value) => {
                match text::number(value) {
                    Ok(cost) => solution.cost = Some(cost),
                    Err(kind) => reader.faults.push(line, "Cost", text::shown(value), kind),
                }
                empty = false;
            }
            Line::Remark => {}
            Line::Stray => reader.faults.push(line, "", text::shown(content), FaultKind::StrayLine),
        }
    }
    if empty && reader.faults.is_empty() {
        reader.faults.push(None, "", "", FaultKind::Empty);
    }
    reader.faults.check()?;
    Ok(solution)
}

enum Line<'a> {
    /// The number after `#` (empty if there is none), and what follows the colon.
    Route {
        number: &'a [u8],
        stops: &'a [u8],
    },
    Cost(&'a [u8]),
    /// A line such as `Optimal: True`.
    Remark,
    Stray,
}

fn classify(content: &[u8]) -> Line<'_> {
    let split = content.iter().position(|b| *b == b':');
    let (key, value) = split.map_or((content, None), |at| (&content[..at], Some(&content[at + 1..])));
    let word = key.split(|b| !b.is_ascii_alphabetic()).next().unwrap_or_default();
    let rest = key[word.len()..].trim_ascii();
    if word.eq_ignore_ascii_case(b"route") {
        let number = rest.strip_prefix(b"#").unwrap_or(rest).trim_ascii();
        return match value {
            Some(stops) if number.iter().all(u8::is_ascii_digit) => Line::Route { number, stops },
            _ => Line::Stray,
        };
    }
    if word.eq_ignore_ascii_case(b"cost") {
        return Line::Cost(value.unwrap_or(rest).trim_ascii());
    }
    if word.is_empty() || !content.iter().all(|b| b.is_ascii_graphic() || matches!(b, b' ' | b'\t' | 0x80..)) {
        Line::Stray
    } else {
        Line::Remark
    }
}

struct Reader<'a> {
    problem: &'a Problem,
    stops: StopNumbers,
    fleet: FleetNumbers,
    /// The line of each stop's visit.
    visited: HashMap<Activity, usize>,
    faults: Faults,
}

impl Reader<'_> {
    /// The route on a line, which belongs to `vehicle`; `None` for an unused vehicle.
    fn route(&mut self, line: usize, number: &[u8], vehicle: usize, stops: &[u8]) -> Option<RouteStops> {
        let section = format!("Route #{}", vehicle + 1);
        let place = Place { line, section: &section };
        if !self.fleet.is_uniform() && !number.is_empty() && text::number(number) != Ok((vehicle + 1) as f64) {
            place.fault(&mut self.faults, text::shown(number), FaultKind::RouteNumber { expected: vehicle + 1 });
        }
        let visits: Vec<Numbered> = text::tokens(stops).filter_map(|token| self.visit(place, token)).collect();
        if visits.is_empty() {
            return None;
        }
        let Some(vehicle_type) = self.fleet.type_of(vehicle) else {
            let kind = FaultKind::TooManyRoutes { vehicles: self.fleet.len() };
            place.fault(&mut self.faults, text::shown(stops.trim_ascii()), kind);
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
        let index = place.index(&mut self.faults, raw, "stop", 0, self.stops.len().saturating_sub(1))?;
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
