//! Workbooks that are made for tests, and small tables.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use milkrun_tables::{Input, TableOptions};
use zip::write::SimpleFileOptions;

/// Trucks and depots for any table of bins with degrees.
pub(crate) fn fleet() -> [Input; 2] {
    let trucks = "name,capacity (kg),shift,cost per km,cost per hour,fixed cost\nRed,7500,06:00-14:00,1,30,50\n";
    [Input::new("trucks.csv", trucks), Input::new("depots.csv", "name,lat,lon\nyard,52.0,5.0\n")]
}

/// Options for a day.
pub(crate) fn on(day: &str) -> TableOptions {
    TableOptions { day: Some(day.to_owned()), ..TableOptions::default() }
}

/// An archive of parts.
pub(crate) fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// One cell of a sheet.
pub(crate) enum Value {
    Text(&'static str),
    Number(f64),
    /// Shown as a time or a date.
    Time(f64),
    Empty,
}

/// A workbook of sheets: names and rows.
pub(crate) fn xlsx(sheets: &[(&str, Vec<Vec<Value>>)]) -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const KINDS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut list, mut links, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, rows)) in (1..).zip(sheets) {
        let _ = write!(list, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
        let target = format!("worksheets/sheet{number}.xml");
        let _ = write!(links, "<Relationship Id=\"rId{number}\" Type=\"{LINKS}/worksheet\" Target=\"{target}\"/>");
        parts.push((
            format!("xl/{target}"),
            format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{}</sheetData></worksheet>", cells(rows)),
        ));
    }
    let _ = write!(links, "<Relationship Id=\"rId99\" Type=\"{LINKS}/styles\" Target=\"styles.xml\"/>");
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets>{list}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("{HEAD}<Relationships xmlns=\"{KINDS}\">{links}</Relationships>"),
    ));
    let start = format!("<Relationship Id=\"rId1\" Type=\"{LINKS}/officeDocument\" Target=\"xl/workbook.xml\"/>");
    parts.push(("_rels/.rels".to_owned(), format!("{HEAD}<Relationships xmlns=\"{KINDS}\">{start}</Relationships>")));
    let styles = "<cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"20\" applyNumberFormat=\"1\"/></cellXfs>";
    parts.push(("xl/styles.xml".to_owned(), format!("{HEAD}<styleSheet xmlns=\"{MAIN}\">{styles}</styleSheet>")));
    let parts: Vec<(&str, String)> = parts.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    archive(&parts)
}

fn cells(rows: &[Vec<Value>]) -> String {
    let mut text = String::new();
    for (r, row) in (1..).zip(rows) {
        let _ = write!(text, "<row r=\"{r}\">");
        for (c, value) in row.iter().enumerate() {
            let at = format!("{}{r}", char::from(b'A' + c as u8));
            let _ = match value {
                Value::Text(value) => write!(text, "<c r=\"{at}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
                Value::Number(value) => write!(text, "<c r=\"{at}\"><v>{value}</v></c>"),
                Value::Time(value) => write!(text, "<c r=\"{at}\" s=\"1\"><v>{value}</v></c>"),
                Value::Empty => Ok(()),
            };
        }
        text.push_str("</row>");
    }
    text
}
