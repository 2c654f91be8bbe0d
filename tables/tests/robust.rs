//! Cut and garbled files never make the reader panic, and long ones are read in bounded memory.

mod common;

use std::fmt::Write as _;
use std::path::Path;

use common::{Value, fleet, on, xlsx};
use milkrun_tables::{Input, TableOptions, open, read};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

fn examples(folder: &str) -> Vec<Input> {
    open(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data").join(folder)]).unwrap()
}

/// A file that is cut, and in which some bytes are others.
fn garbled(bytes: &[u8], cut: Option<Index>, changes: &[(Index, u8)]) -> Vec<u8> {
    let mut bytes = bytes[..cut.map_or(bytes.len(), |cut| cut.index(bytes.len() + 1))].to_vec();
    for (at, byte) in changes {
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
    }
    bytes
}

fn is_told(inputs: &[Input], options: &TableOptions) {
    if let Err(error) = read(inputs, options) {
        assert!(!error.issues.is_empty());
        assert!(error.issues.iter().all(|issue| !issue.message.is_empty()), "{error}");
        assert!(error.to_string().lines().count() <= 52);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn garbled_tables(
        cut in option::of(any::<Index>()),
        changes in vec((any::<Index>(), any::<u8>()), 0..9),
        which in any::<Index>(),
        german in any::<bool>(),
    ) {
        let mut inputs = examples(if german { "tabellen" } else { "tables" });
        let at = which.index(inputs.len());
        inputs[at].bytes = garbled(&inputs[at].bytes, cut, &changes);
        is_told(&inputs, &on("2026-12-03"));
    }

    #[test]
    fn garbled_workbooks(cut in option::of(any::<Index>()), changes in vec((any::<Index>(), any::<u8>()), 0..9)) {
        let row = || vec![Value::Text("a"), Value::Number(52.1), Value::Number(5.1), Value::Time(0.25)];
        let head = vec![Value::Text("Name"), Value::Text("Lat"), Value::Text("Lon"), Value::Text("Opens")];
        let book = xlsx(&[("Bins", vec![head, row(), row(), row()])]);
        let bytes = garbled(&book, cut, &changes);
        let [trucks, depots] = fleet();
        is_told(&[Input::new("book.xlsx", bytes), trucks, depots], &on("2026-12-03"));
    }

    #[test]
    fn any_cells(cells in vec("[\\PC\n]{0,20}", 12), day in "[0-9/.-]{0,10}") {
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let head = "name,lat,lon,days,rhythm,start,until,hours,service,size,number,load";
        let [trucks, depots] = fleet();
        let bins = Input::new("bins.csv", format!("{head}\n{}\n", quoted.join(",")));
        is_told(&[bins, trucks, depots], &TableOptions { day: Some(day), ..TableOptions::default() });
    }
}

#[test]
fn a_million_rows_keep_only_what_is_due() {
    let mut text = String::from("name,lat,lon,days,size\n");
    for row in 0..1_000_000_u32 {
        // One of a hundred is due, at one of a thousand places.
        let (place, days) = (row / 100 % 1_000, if row % 100 == 0 { "Thu" } else { "Fri" });
        let _ = writeln!(text, "b{row},52.{place:05},5.1,{days},120");
    }
    let [trucks, depots] = fleet();
    let tables = read(&[Input::new("bins.csv", text), trucks, depots], &on("2026-12-03")).unwrap();
    assert_eq!((tables.report.due, tables.report.stops), (10_000, 1_000));
    assert_eq!(tables.report.not_due[0].count, 990_000);
    let client = &tables.problem.clients()[0];
    assert_eq!(client.pickup, [144], "ten bins of 120 l at 0.12 kg");
    assert!(client.notes.tags["names"].len() < 200);
}

#[test]
fn a_million_faults_are_counted_and_a_thousand_kept() {
    let mut text = String::from("name,lat,lon,days\n");
    for row in 0..1_000_000_u32 {
        let _ = writeln!(text, "b{row},,,Thu");
    }
    let [trucks, depots] = fleet();
    let error = read(&[Input::new("bins.csv", text), trucks, depots], &on("2026-12-03")).unwrap_err();
    assert_eq!((error.issues.len(), error.omitted), (1_000, 999_000));
    assert_eq!(error.issues[0].path, "bins.csv, row 2");
    assert_eq!(error.to_string().lines().count(), 52);
}
