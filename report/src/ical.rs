//! Routes for calendars, as iCalendar (RFC 5545).

use icalendar::{Calendar, Component as _, Event, EventLike as _, Property};
use milkrun::Problem;
use milkrun::units::Time;

use crate::day::{Day, Row, Truck};
use crate::fault::ReportError;
use crate::ground::Ground;
use crate::ical_zone::Zone;
use crate::page::title;

/// Writes a calendar with an event for each route, or for each stop. Its times have the problem's time zone; where none is known, they
/// are floating: of the place where they are read.
pub(crate) fn ical(
    day: &Day<'_>,
    ground: &Ground,
    trucks: &[&Truck<'_>],
    each_stop: bool,
) -> Result<String, ReportError> {
    if day.figures.clock.is_none() {
        return Err(ReportError::NoClock);
    }
    let Some(origin) = day.figures.origin else { return Err(ReportError::NoDate) };
    let mut calendar = Calendar::empty();
    let head = [("VERSION", "2.0"), ("PRODID", "-//milkrun//milkrun-report//EN"), ("CALSCALE", "GREGORIAN")];
    for (name, value) in head {
        calendar.append_property(Property::new(name, value));
    }
    calendar.name(&title(day));
    let zone = day.figures.zone.as_ref().and_then(Zone::new);
    let stamp = origin.strftime("%Y%m%dT000000Z").to_string();
    for truck in trucks {
        if each_stop {
            for row in truck.rows().filter(|row| row.order.is_some()) {
                calendar.push(stop(day, ground, truck, row, &stamp)?);
            }
        } else {
            calendar.push(route(day, ground, truck, &stamp)?);
        }
    }
    let text = calendar.done().to_string();
    Ok(zone.map_or_else(|| text.clone(), |zone| zone.within(&text)))
}

fn route(day: &Day<'_>, ground: &Ground, truck: &Truck<'_>, stamp: &str) -> Result<Event, ReportError> {
    let figures = &day.figures;
    let line = |row: &Row<'_>| {
        let order = row.order.map_or_else(String::new, |order| format!("{order} "));
        format!("{} {order}{}: {}", figures.time(row.start), row.name, row.what(figures))
    };
    let lines: Vec<String> = truck.rows().map(line).collect();
    let mut event = event(day, (truck.route.start, truck.route.end), stamp, &format!("{}", truck.number))?;
    event.summary(&format!("{}: {} stops, {}", truck.name, truck.stops(), figures.distance(truck.route.distance)));
    event.description(&lines.join("\n"));
    if let Some(first) = truck.rows().next() {
        place(&mut event, day.problem, ground, first);
    }
    Ok(event)
}

fn stop(day: &Day<'_>, ground: &Ground, truck: &Truck<'_>, row: &Row<'_>, stamp: &str) -> Result<Event, ReportError> {
    let order = row.order.unwrap_or_default();
    let mut event = event(day, (row.start, row.departure), stamp, &format!("{}-{order}", truck.number))?;
    event.summary(&format!("{}: {order} {}", truck.name, row.name));
    let told: Vec<String> =
        [row.what(&day.figures)].into_iter().chain(row.containers().map(str::to_owned)).chain(row.remarks()).collect();
    event.description(&told.join("\n"));
    place(&mut event, day.problem, ground, row);
    Ok(event)
}

fn event(day: &Day<'_>, (from, until): (Time, Time), stamp: &str, own: &str) -> Result<Event, ReportError> {
    let mut event = Event::new();
    // The same for the same route of a day: a calendar that is read again replaces what it has.
    let date = stamp.get(..8).unwrap_or_default();
    event.uid(&format!("{date}-{own}-{:08x}@milkrun", sum(day.problem.name())));
    event.add_property("DTSTAMP", stamp);
    for (name, time) in [("DTSTART", from), ("DTEND", until)] {
        let mut property = Property::new(name, moment(day, time)?);
        if let Some(zone) = day.figures.zone.as_ref().and_then(Zone::new) {
            property.add_parameter("TZID", zone.name());
        }
        event.append_property(property);
    }
    Ok(event)
}

/// A number for a name that stays the same: FNV-1a.
fn sum(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn place(event: &mut Event, problem: &Problem, ground: &Ground, row: &Row<'_>) {
    let address = row.address(problem).map_or_else(String::new, |address| format!(", {address}"));
    event.location(&format!("{}{address}", row.name));
    if let Some(at) = row.location.and_then(|location| ground.geographic(location)) {
        event.add_property("GEO", format!("{};{}", at.y, at.x));
    }
}

/// A moment of the problem's time zone; where none is known, of the place where it is read.
fn moment(day: &Day<'_>, time: Time) -> Result<String, ReportError> {
    let moment = day.figures.moment(time)?.ok_or(ReportError::NoDate)?;
    Ok(moment.strftime("%Y%m%dT%H%M%S").to_string())
}
