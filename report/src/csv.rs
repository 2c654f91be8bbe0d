//! Stops for spreadsheets.

use std::collections::BTreeSet;

use milkrun::plan::Activity;

use crate::day::{Day, Row, Step, TripRows, Truck};
use crate::ground::Ground;

/// The columns that every table has, in their order.
pub(crate) const COLUMNS: [&str; 18] = [
    "truck",
    "vehicle",
    "vehicle_type",
    "trip",
    "position",
    "stop",
    "kind",
    "index",
    "name",
    "setup",
    "arrival",
    "start",
    "departure",
    "waiting",
    "material",
    "lat_or_y",
    "lon_or_x",
    "remarks",
];

/// Writes a row for each thing that happens, depots included.
pub(crate) fn csv(day: &Day<'_>, ground: &Ground, trucks: &[&Truck<'_>]) -> String {
    let dimensions = day.problem.load_dimensions();
    let tags: BTreeSet<&str> = (trucks.iter().flat_map(|truck| truck.rows()))
        .flat_map(|row| row.notes.into_iter().flat_map(|notes| notes.tags.keys().map(String::as_str)))
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<String> = COLUMNS.map(str::to_owned).into();
    for what in ["delivered", "collected", "on_board"] {
        head.extend((1..=dimensions).map(|d| format!("{what}_{d}")));
    }
    head.extend(tags.iter().map(|tag| format!("tag:{tag}")));
    // Writing to memory cannot fail, and all rows are equally long.
    let mut written = writer.write_record(&head);
    for truck in trucks {
        for trip in &truck.trips {
            for row in &trip.rows {
                written = written.and_then(|()| writer.write_record(cells(day, ground, (truck, trip, row), &tags)));
            }
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    written.ok().and_then(|()| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn cells(
    day: &Day<'_>,
    ground: &Ground,
    (truck, trip, row): (&Truck<'_>, &TripRows<'_>, &Row<'_>),
    tags: &BTreeSet<&str>,
) -> Vec<String> {
    let figures = &day.figures;
    let dimensions = day.problem.load_dimensions();
    let number = |number: Option<usize>| number.map_or_else(String::new, |number| number.to_string());
    let at = row.location.and_then(|location| ground.at(location));
    let mut cells = vec![
        truck.number.to_string(),
        text(&truck.name),
        truck.route.vehicle_type.index().to_string(),
        trip.number.to_string(),
        number(row.position.map(|position| position + 1)),
        number(row.order),
        row.step.kind().to_owned(),
        number(index(row.step)),
        text(&row.name),
        figures.length(row.setup),
        figures.stamp(row.arrival),
        figures.stamp(row.start),
        figures.stamp(row.departure),
        figures.length(row.waiting()),
        text(row.material.unwrap_or_default()),
        at.map_or_else(String::new, |at| at.y.to_string()),
        at.map_or_else(String::new, |at| at.x.to_string()),
        text(row.notes.map_or("", |notes| &notes.remarks)),
    ];
    // The head of a trip loads what is delivered later, and its end leaves what was collected: each counts once.
    let counted = row.order.is_some() || row.step.is_disposal();
    for loads in [&row.brought[..], &row.taken[..]] {
        let own = loads.iter().take(if counted { dimensions } else { 0 });
        let own = own.map(|load| figures.quantity(*load)).chain(std::iter::repeat_with(|| "0".to_owned()));
        cells.extend(own.take(dimensions));
    }
    cells.extend((0..dimensions).map(|d| row.load.get(d).map_or_else(String::new, |load| figures.quantity(*load))));
    let tag = |tag: &&str| text(row.notes.and_then(|notes| notes.tags.get(*tag)).map_or("", String::as_str));
    cells.extend(tags.iter().map(tag));
    cells
}

/// The index of the client, shipment, site, break or depot.
const fn index(step: Step) -> Option<usize> {
    match step {
        Step::Leave(depot) | Step::Return(depot) => Some(depot.index()),
        Step::Visit(Activity::Client(id)) => Some(id.index()),
        Step::Visit(Activity::Pickup(id) | Activity::Delivery(id)) => Some(id.index()),
        Step::Visit(Activity::Dispose(id)) => Some(id.index()),
        Step::Visit(Activity::Break(index)) => Some(index),
        Step::Visit(_) => None,
    }
}

/// A text that no spreadsheet takes for a formula: one that begins as a formula does has an apostrophe before it.
fn text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
