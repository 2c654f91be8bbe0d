//! What drivers take along: a printed sheet for each truck.

use askama::Template;
use milkrun::{Coord, Problem};

use crate::day::{Day, Row, Step, Totals, TripRows, Truck, own_tag};
use crate::ground::Ground;
use crate::page::{label, rendered, title};

const STYLE: &str = include_str!("../templates/sheets.css");

/// Tags of a vehicle type that name who drives, in the languages of tables.
const DRIVERS: [&str; 10] = [
    "driver",
    "fahrer",
    "fahrerin",
    "chauffeur",
    "conducteur",
    "conductrice",
    "conductor",
    "conductora",
    "autista",
    "bestuurder",
];

/// All sheets.
#[derive(Template)]
#[template(path = "sheets.html", whitespace = "minimize")]
struct Sheets {
    style: &'static str,
    title: String,
    trucks: Vec<Sheet>,
}

/// What the driver of one truck is told.
struct Sheet {
    day: String,
    number: usize,
    name: String,
    /// What stands in the head: label and text.
    facts: Vec<(&'static str, String)>,
    remarks: Vec<String>,
    loads: Vec<String>,
    trips: Vec<SheetTrip>,
}

struct SheetTrip {
    number: usize,
    rows: Vec<SheetRow>,
    total: String,
}

struct SheetRow {
    class: &'static str,
    order: String,
    time: String,
    name: String,
    address: String,
    what: String,
    /// What tags say about containers.
    containers: String,
    /// How long setting up the place takes before.
    setup: String,
    notes: Vec<String>,
    /// Where it is, as people and devices read it: `52.42204, 5.43671`.
    coordinates: Option<(String, String)>,
    loads: Vec<String>,
}

/// A page with a sheet for each truck.
pub(crate) fn sheets(day: &Day<'_>, ground: &Ground) -> String {
    rendered(&Sheets {
        style: STYLE,
        title: title(day),
        trucks: day.trucks.iter().map(|truck| sheet(day, ground, truck)).collect(),
    })
}

/// A page with the sheets of several days.
pub(crate) fn of_period(template: &Problem, days: &[Day<'_>], ground: &Ground) -> String {
    let name = template.name().trim();
    let sheets = days.iter().enumerate().flat_map(|(d, day)| {
        let told = label((d, day));
        day.trucks.iter().map(move |truck| Sheet { day: told.clone(), ..sheet(day, ground, truck) })
    });
    rendered(&Sheets {
        style: STYLE,
        title: if name.is_empty() { "Routes of the period".to_owned() } else { name.to_owned() },
        trucks: sheets.collect(),
    })
}

fn sheet(day: &Day<'_>, ground: &Ground, truck: &Truck<'_>) -> Sheet {
    let figures = &day.figures;
    let dimensions = day.problem.load_dimensions();
    let tags = &truck.vehicle.notes.tags;
    let driver = own_tag(tags, &DRIVERS);
    let totals = Totals::of(truck.rows(), dimensions);
    let ends = |row: Option<&Row<'_>>| row.map_or_else(String::new, |row| format!(", {}", row.name));
    let facts = [
        ("Driver", driver.map_or_else(String::new, |(_, name)| name.to_owned())),
        ("Vehicle", truck.vehicle.name.clone()),
        ("Start", format!("{}{}", figures.time(truck.route.start), ends(truck.rows().next()))),
        ("End", format!("{}{}", figures.time(truck.route.end), ends(truck.rows().last()))),
        ("Stops", totals.stops.to_string()),
        ("Trips", if truck.trips.len() > 1 { truck.trips.len().to_string() } else { String::new() }),
        ("Distance", figures.distance(truck.route.distance)),
        ("Load", figures.amounts(&totals.loads)),
        ("Containers", totals.containers()),
        ("Material", totals.materials(figures)),
    ];
    let remarks = Some(truck.vehicle.notes.remarks.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let others = tags.iter().filter(|(tag, _)| driver.is_none_or(|(own, _)| own != tag.as_str()));
    Sheet {
        day: figures.day().unwrap_or_default(),
        number: truck.number,
        name: truck.name.clone(),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        remarks: remarks.into_iter().chain(others.map(|(tag, value)| format!("{tag}: {value}"))).collect(),
        loads: (0..dimensions).map(|d| figures.on_board_name(d, dimensions)).collect(),
        trips: truck.trips.iter().map(|trip| sheet_trip(day, ground, trip)).collect(),
    }
}

fn sheet_trip(day: &Day<'_>, ground: &Ground, trip: &TripRows<'_>) -> SheetTrip {
    let figures = &day.figures;
    let totals = Totals::of(&trip.rows, day.problem.load_dimensions());
    let told = [
        format!("{} stops", totals.stops),
        figures.amounts(&totals.loads),
        totals.containers(),
        totals.materials(figures),
        figures.distance(trip.trip.distance),
    ];
    let told: Vec<String> = told.into_iter().filter(|text| !text.is_empty()).collect();
    SheetTrip {
        number: trip.number,
        rows: trip.rows.iter().map(|row| sheet_row(day, ground, row)).collect(),
        total: told.join(" · "),
    }
}

fn sheet_row(day: &Day<'_>, ground: &Ground, row: &Row<'_>) -> SheetRow {
    let figures = &day.figures;
    SheetRow {
        class: row.step.kind(),
        order: row.order.map_or_else(String::new, |order| order.to_string()),
        time: figures.time(row.start),
        name: row.name.clone(),
        what: row.what(figures),
        containers: row.containers().unwrap_or_default().to_owned(),
        address: row.address(day.problem).unwrap_or_default().to_owned(),
        setup: if row.setup > 0 { figures.span(row.setup) } else { String::new() },
        notes: row.remarks(),
        coordinates: row.location.filter(|_| has_link(row)).and_then(|at| ground.geographic(at)).map(read),
        loads: row.load.iter().map(|load| figures.amount(*load)).collect(),
    }
}

/// The end of a trip needs no more than its name.
fn has_link(row: &Row<'_>) -> bool {
    !matches!(row.step, Step::Leave(_))
}

/// Latitude and longitude, to about a metre.
fn read(at: Coord) -> (String, String) {
    (format!("{:.5}", at.y), format!("{:.5}", at.x))
}
