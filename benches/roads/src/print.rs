//! Tables of Markdown from what was measured.

use std::path::Path;

use crate::figures::{Figure, read_all};
use crate::kit::Outcome;

/// Columns: heading, measure, digits after the point.
const COLUMNS: [(&str, &str, usize); 10] = [
    ("prepared, s", "prepare", 2),
    ("file, MB", "file", 1),
    ("memory preparing, MB", "memory_prepare", 0),
    ("memory asked, MB", "memory_ask", 0),
    ("all travel times anew, ms", "customise", 1),
    ("100 edges, ms", "change", 1),
    ("path p50, µs", "p50", 0),
    ("p99, µs", "p99", 0),
    ("100 × 100, ms", "table_100", 1),
    ("1,000 × 1,000, ms", "table_1000", 0),
];

/// What stands below the tables.
const NOTES: &str = "\
One thread. A path of milkrun, OSRM and Valhalla begins with coordinates, which are snapped, and ends with the line along the
streets; so do the cells of tables without the lines. OSRM and Valhalla are asked over HTTP on this machine, one request after the
other, and the whole of an answer is read but not parsed. petgraph and `fast_paths` get states of the graph and give
travel times (`fast_paths`: also the states of the path). `≈`: estimated from fewer rows or from the smaller table.
`all travel times anew` of OSRM's MLD is a run of osrm-customize.";

/// Prints all that there is.
pub fn tables(work: &Path) -> Outcome {
    let figures = read_all(work)?;
    let value = |map: &str, program: &str, measure: &str| -> Option<&str> {
        let is_it = |figure: &&Figure| (&*figure.map, &*figure.program, &*figure.measure) == (map, program, measure);
        figures.iter().find(is_it).map(|figure| figure.value.as_str())
    };
    println!("| map | program | {} |", COLUMNS.map(|column| column.0).join(" | "));
    println!("| --- | --- |{}", " ---: |".repeat(COLUMNS.len()));
    for (map, program) in rows(&figures) {
        let cell = |(_, measure, digits): (&str, &str, usize)| {
            let number = |text: &str| text.parse::<f64>().map(|number| format!("{number:.digits$}")).ok();
            let estimate = || value(map, program, &format!("{measure}_estimate")).and_then(number);
            let found = value(map, program, measure).and_then(number);
            found.or_else(|| Some(format!("≈ {}", estimate()?))).unwrap_or_default()
        };
        let label = match (value(map, program, "note"), value(map, program, "edges")) {
            (Some(note), _) => format!("{program}: {note}"),
            (None, Some(edges)) => format!("{program} ({edges} directed edges)"),
            (None, None) => program.to_owned(),
        };
        println!("| {map} | {label} | {} |", COLUMNS.map(cell).join(" | "));
    }
    println!("\n{NOTES}");
    for figure in figures.iter().filter(|figure| figure.measure == "nearest") {
        println!("\n{}, the 10 nearest of each: {} {:.0} ms", figure.map, figure.program, number(&figure.value));
    }
    let text = std::fs::read_to_string(work.join("distances.md")).unwrap_or_default();
    if !text.is_empty() {
        println!("\n{text}");
    }
    Ok(())
}

/// Maps and programs: all of a map one after the other.
fn rows(figures: &[Figure]) -> Vec<(&str, &str)> {
    let is_row = |figure: &&Figure| figure.measure == "prepare" || figure.measure == "note";
    let mut rows: Vec<(&str, &str)> = Vec::new();
    for Figure { map, program, .. } in figures.iter().filter(is_row) {
        let (map, program) = (map.as_str(), program.as_str());
        if rows.contains(&(map, program)) {
            continue;
        }
        let at = rows.iter().rposition(|row| row.0 == map).map_or(rows.len(), |last| last + 1);
        rows.insert(at, (map, program));
    }
    rows
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}
