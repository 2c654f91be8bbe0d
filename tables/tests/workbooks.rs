//! Workbooks say what CSV files say.

mod common;

use common::{Value, archive, fleet, on, xlsx};
use milkrun_tables::{Input, read};

use Value::{Empty, Number, Text, Time};

fn book() -> Vec<u8> {
    let bins = vec![
        vec![Text("Bins of the city")],
        vec![],
        vec![
            Text("Name"),
            Text("Lat"),
            Text("Lon"),
            Text("Opens"),
            Text("Closes"),
            Text("Start"),
            Text("Days"),
            Text("Size"),
        ],
        vec![
            Text("a"),
            Number(52.1),
            Number(5.1),
            Time(0.25),
            Time(0.75),
            Time(46_331.0),
            Text("every 2nd week Thu"),
            Number(240.0),
        ],
        vec![Text("b"), Number(52.2), Number(5.2), Empty, Empty, Empty, Time(46_359.0), Number(1100.0)],
        vec![Text("c"), Number(52.2), Number(5.2), Empty, Empty, Empty, Text("Fri"), Number(1100.0)],
    ];
    let trucks = vec![vec![Text("Truck"), Text("Capacity (t)")], vec![Text("Red"), Number(7.5)]];
    let depots = vec![vec![Text("Depot"), Text("Position")], vec![Text("yard"), Text("52.0, 5.0")]];
    let notes = vec![vec![Text("Written by the office")]];
    xlsx(&[("Bins", bins), ("Fleet", trucks), ("Depots", depots), ("About", notes)])
}

#[test]
fn sheets_are_tables() {
    let tables = read(&[Input::new("book.xlsx", book())], &on("2026-12-03")).unwrap();
    let clients = tables.problem.clients();
    assert_eq!(clients.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((clients[0].time_window.early, clients[0].time_window.late), (6 * 3_600, 18 * 3_600));
    assert_eq!(tables.problem.vehicle_types()[0].capacity, [7_500]);
    let text = tables.report.to_string();
    assert!(text.contains("book.xlsx, sheet Bins: bins, 3 rows (a sheet of a workbook; headings in row 3)"), "{text}");
    assert!(text.contains("book.xlsx, sheet About: not read, for no heading is known"), "{text}");
}

#[test]
fn faults_name_sheet_row_and_column() {
    let bins = vec![
        vec![Text("Name"), Text("Lat"), Text("Lon"), Text("Opens")],
        vec![Text("a"), Number(52.1), Number(5.1), Number(7.3)],
        vec![Text("b"), Number(152.1), Number(5.1), Empty],
    ];
    let error = read(&[Input::new("book.xlsx", xlsx(&[("Bins", bins)]))], &on("2026-12-03")).unwrap_err();
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(
        paths,
        ["book.xlsx, sheet Bins, row 2, column \"Opens\"", "book.xlsx, sheet Bins, row 3, column \"Lat\""]
    );
    assert_eq!(error.issues[0].message, "may be 7:30 or 7.3 hours");
}

#[test]
fn an_open_document_is_a_workbook() {
    let cell = |kind: &str, value: &str| match kind {
        "string" => {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{value}</text:p></table:table-cell>")
        }
        "time" => format!("<table:table-cell office:value-type=\"time\" office:time-value=\"{value}\"/>"),
        _ => format!("<table:table-cell office:value-type=\"float\" office:value=\"{value}\"/>"),
    };
    let row = |cells: &[(&str, &str)]| {
        let cells: String = cells.iter().map(|(kind, value)| cell(kind, value)).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let s = "string";
    let rows = row(&[(s, "Name"), (s, "Lat"), (s, "Lon"), (s, "Opens"), (s, "Closes")])
        + &row(&[(s, "a"), ("float", "52.1"), ("float", "5.1"), ("time", "PT06H00M00S"), ("time", "PT14H30M00S")]);
    let names = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
                 xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
                 xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"";
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {names}><office:body><office:spreadsheet>\
         <table:table table:name=\"Bins\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let manifest =
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>".to_owned();
    let kind = "application/vnd.oasis.opendocument.spreadsheet".to_owned();
    let parts = [("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content)];
    let [trucks, depots] = fleet();
    let tables = read(&[Input::new("book.ods", archive(&parts)), trucks, depots], &on("2026-12-03")).unwrap();
    let window = tables.problem.clients()[0].time_window;
    assert_eq!((window.early, window.late), (6 * 3_600, 14 * 3_600 + 1_800));
}

#[test]
fn a_cell_in_the_last_corner_costs_nothing() {
    let far = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">\
               <c r=\"A1\" t=\"inlineStr\"><is><t>Name</t></is></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c>\
               </row></sheetData></worksheet>";
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(book())).unwrap();
    let mut again = Vec::new();
    for index in 0..parts.len() {
        let mut part = parts.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        again.push((name.clone(), if name.ends_with("sheet1.xml") { far.to_owned() } else { text }));
    }
    let again: Vec<(&str, String)> = again.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    // The sheet has a heading and no rows below it that are near.
    let error = read(&[Input::new("book.xlsx", archive(&again))], &on("2026-12-03"));
    assert!(error.is_err() || error.is_ok_and(|tables| tables.report.due == 0));
}

#[test]
fn what_is_no_workbook_is_refused() {
    for bytes in [&b"PK\x03\x04"[..], b"", b"PK\x03\x04\0\0\0\0\0\0", b"<html></html>"] {
        let error = read(&[Input::new("book.xlsx", bytes)], &on("2026-12-03")).unwrap_err();
        assert!(error.issues[0].message.starts_with("is no workbook that can be read"), "{error}");
    }
    let other = archive(&[("a.txt", "x".to_owned())]);
    assert!(read(&[Input::new("book.xlsx", other)], &on("2026-12-03")).is_err());
}
