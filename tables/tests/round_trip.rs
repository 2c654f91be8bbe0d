//! A table that is written from a random problem is read as that problem, however it is written.

mod common;

use std::fmt::Write as _;

use common::{fleet, on};
use milkrun_tables::{Input, read};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// One bin, as numbers.
#[derive(Clone, Debug)]
struct Bin {
    lat: i32,
    lon: i32,
    size: i32,
    number: i32,
    window: Option<(i32, i32)>,
    /// In tenths of a minute.
    service: i32,
    due: bool,
    remark: String,
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Style {
    separator: char,
    comma: bool,
    encoding: &'static str,
    quoted: bool,
    german: bool,
}

fn bins() -> impl Strategy<Value = Vec<Bin>> {
    let bin = (
        (-8_000_000..8_000_000, -17_000_000..17_000_000, select(vec![60, 120, 240, 660, 1_100]), 1..9),
        (prop::option::of((0..1_000, 1..400)), 1..600, any::<bool>(), "[ a-zäöüß,;\"]{0,12}"),
    );
    let bin = bin.prop_map(|((lat, lon, size, number), (window, service, due, remark))| Bin {
        lat,
        lon,
        size,
        number,
        window: window.map(|(from, length)| (from, from + length)),
        service,
        due,
        remark,
    });
    vec(bin, 1..20)
}

fn style() -> impl Strategy<Value = Style> {
    let encodings = select(vec!["utf-8", "utf-8 with a mark", "windows-1252", "utf-16"]);
    (select(vec![',', ';', '\t', '|']), any::<bool>(), encodings, any::<bool>(), any::<bool>())
        .prop_map(|(separator, comma, encoding, quoted, german)| Style { separator, comma, encoding, quoted, german })
}

fn written(bins: &[Bin], style: &Style) -> Vec<u8> {
    let mark = |number: f64, digits: usize| {
        let text = format!("{number:.digits$}");
        if style.comma { text.replace('.', ",") } else { text }
    };
    let headings = if style.german {
        [
            "Behälter",
            "Breitengrad",
            "Längengrad",
            "Größe",
            "Anzahl",
            "Öffnungszeiten",
            "Servicezeit (min)",
            "Tage",
            "Bemerkung",
        ]
    } else {
        ["bin", "latitude", "longitude", "size", "number", "opening hours", "service (min)", "days", "remarks"]
    };
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    for (number, bin) in bins.iter().enumerate() {
        let clock = |minutes: i32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        rows.push(vec![
            format!("b{number}"),
            mark(f64::from(bin.lat) / 1e5, 5),
            mark(f64::from(bin.lon) / 1e5, 5),
            bin.size.to_string(),
            bin.number.to_string(),
            bin.window.map_or(String::new(), |(from, to)| format!("{}-{}", clock(from), clock(to))),
            mark(f64::from(bin.service) / 10.0, 1),
            match (bin.due, style.german) {
                (true, true) => "Mo/Do",
                (true, false) => "Mon/Thu",
                (false, true) => "Mi",
                (false, false) => "Wed",
            }
            .to_owned(),
            bin.remark.clone(),
        ]);
    }
    let mut text = String::new();
    for row in &rows {
        for (column, cell) in row.iter().enumerate() {
            let separator = if column == 0 { String::new() } else { style.separator.to_string() };
            let quoted = style.quoted || cell.contains([style.separator, '"']);
            let cell = if quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() };
            let _ = write!(text, "{separator}{cell}");
        }
        text.push_str("\r\n");
    }
    match style.encoding {
        "utf-8" => text.into_bytes(),
        "utf-8 with a mark" => ["\u{feff}".as_bytes(), text.as_bytes()].concat(),
        "windows-1252" => text.chars().map(|c| c as u32 as u8).collect(),
        _ => "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn tables_are_read_as_they_are_meant(bins in bins(), style in style()) {
        let [trucks, depots] = fleet();
        let inputs = [Input::new("bins.csv", written(&bins, &style)), trucks, depots];
        let tables = match read(&inputs, &on("2026-12-03")) {
            Ok(tables) => tables,
            Err(error) => return Err(TestCaseError::fail(format!("{error}\n{}", String::from_utf8_lossy(&inputs[0].bytes)))),
        };
        let due: Vec<(usize, &Bin)> = bins.iter().enumerate().filter(|(_, bin)| bin.due).collect();
        prop_assert_eq!(tables.report.due, due.len());
        // Places may coincide, if rarely: then one stop has both.
        let clients = tables.problem.clients();
        prop_assert!(clients.len() <= due.len());
        if clients.len() < due.len() {
            return Ok(());
        }
        for ((number, bin), client) in due.into_iter().zip(clients) {
            prop_assert_eq!(&client.name, &format!("b{number}"));
            let coord = tables.problem.coord(client.location());
            prop_assert_eq!((coord.x, coord.y), (f64::from(bin.lon) / 1e5, f64::from(bin.lat) / 1e5));
            let weight = f64::from(bin.size * bin.number) * 0.12;
            prop_assert_eq!(&client.pickup, &[(weight - 1e-6).ceil() as i64]);
            prop_assert_eq!(client.service, i64::from(bin.service) * 6);
            let window = bin.window.map(|(from, to)| (i64::from(from) * 60, i64::from(to) * 60));
            prop_assert_eq!(window.is_none(), client.time_window == milkrun::TimeWindow::ALWAYS);
            if let Some((from, to)) = window.filter(|(_, to)| *to <= 86_400) {
                prop_assert_eq!((client.time_window.early, client.time_window.late), (from, to));
            }
            prop_assert_eq!(client.notes.remarks.as_str(), bin.remark.trim());
        }
    }
}
