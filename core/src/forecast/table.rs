//! Readings as CSV.

use super::fault::{Checks, ForecastError};
use super::series::SeriesSet;
use crate::calendar::parse_time;

/// The columns of a table; names that are not given are detected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableColumns {
    /// The series; by default `id`, `unique_id`, `series`, `bin` or `name`.
    pub id: Option<String>,
    /// The time; by default `time`, `ds`, `timestamp` or `datetime`.
    pub time: Option<String>,
    /// The value; by default `value`, `y`, `level` or `fill`.
    pub value: Option<String>,
}

const IDS: &[&str] = &["id", "unique_id", "series", "bin", "name"];
const TIMES: &[&str] = &["time", "ds", "timestamp", "datetime"];
const VALUES: &[&str] = &["value", "y", "level", "fill"];

/// Reads a long table with a heading: series, time and value; other columns are ignored.
///
/// Times are in the forms that [`parse_time`] accepts: seconds since 1970, or ISO 8601 (`2026-04-27T06:30:00Z`,
/// `2026-04-27 06:30`). Text is UTF-8. An empty value, `NaN` and `null` mean a missing value. A table without a value
/// column (emptyings) has missing values.
///
/// ```
/// use milkrun::forecast::{TableColumns, read_table};
///
/// let set = read_table(b"bin,time,fill\na,1970-01-02,50\na,3600,\n", &TableColumns::default()).unwrap();
/// assert_eq!(set.get(0).times, [3600, 86_400]);
/// ```
///
/// # Errors
///
/// Every fault at once, each with its line.
pub fn read_table(content: &[u8], columns: &TableColumns) -> Result<SeriesSet, ForecastError> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut checks = Checks::default();
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(content);
    let heading = match reader.byte_headers() {
        Ok(heading) => heading.clone(),
        Err(error) => {
            checks.fault("line 1", error, "is not a heading", "give a table of comma-separated values with a heading");
            return Err(checks.finish().err().unwrap_or(ForecastError { faults: Vec::new(), omitted: 0 }));
        }
    };
    let id = find(&mut checks, &heading, columns.id.as_deref(), IDS, "id");
    let time = find(&mut checks, &heading, columns.time.as_deref(), TIMES, "time");
    let value = if columns.value.is_none() && !has(&heading, VALUES) {
        None
    } else {
        find(&mut checks, &heading, columns.value.as_deref(), VALUES, "value")
    };
    checks.finish()?;
    let (Some(id), Some(time)) = (id, time) else { return Ok(SeriesSet::of_rows(Vec::new(), Vec::new())) };
    read_rows(&mut reader, id, time, value)
}

fn read_rows(
    reader: &mut csv::Reader<&[u8]>,
    id: usize,
    time: usize,
    value: Option<usize>,
) -> Result<SeriesSet, ForecastError> {
    let mut checks = Checks::default();
    let (mut ids, mut times, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                checks.fault("table", error, "cannot be parsed", "correct the table there");
                break;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        let name = cell(&mut checks, &record, id);
        if name.as_deref() == Some("") {
            checks.fault(format!("line {line}"), "nothing", "the series has no name", "give it a name");
        }
        let text = cell(&mut checks, &record, time);
        let at = text.as_deref().map(parse_time);
        if let (Some(text), Some(Err(error))) = (&text, at) {
            checks.fault(format!("line {line}"), format!("{text:?}"), error.message(), error.remedy());
        }
        // If there is no column, the value is missing.
        let text = value.map_or_else(|| Some(String::new()), |column| cell(&mut checks, &record, column));
        let number = text.as_deref().map(parse_value);
        if let (Some(text), Some(None)) = (&text, number) {
            let remedy = "give a number, or leave the value empty if it is missing";
            checks.fault(format!("line {line}"), format!("{text:?}"), "is not a number", remedy);
        }
        ids.push(name.unwrap_or_default());
        times.push(at.and_then(Result::ok).unwrap_or(0));
        values.push(number.flatten().unwrap_or(f64::NAN));
    }
    checks.finish()?;
    SeriesSet::from_long(&ids, &times, &values)
}

/// The text of a column; `None` if a fault is reported: replacing bytes could merge two series into one.
fn cell(checks: &mut Checks, record: &csv::ByteRecord, column: usize) -> Option<String> {
    let cell = record.get(column).unwrap_or_default();
    let text = std::str::from_utf8(cell).ok().map(str::to_owned);
    if text.is_none() {
        let line = record.position().map_or(0, csv::Position::line);
        let shown = String::from_utf8_lossy(cell);
        checks.fault(format!("line {line}"), format!("{shown:?}"), "is not UTF-8", "save the table as UTF-8");
    }
    text
}

fn has(heading: &csv::ByteRecord, names: &[&str]) -> bool {
    heading.iter().any(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name.as_bytes())))
}

/// The column with the given name, or else with one of the usual names.
fn find(
    checks: &mut Checks,
    heading: &csv::ByteRecord,
    name: Option<&str>,
    usual: &[&str],
    what: &'static str,
) -> Option<usize> {
    let at = |name: &str| heading.iter().position(|cell| cell.eq_ignore_ascii_case(name.as_bytes()));
    let found = match name {
        Some(name) => at(name),
        None => usual.iter().find_map(|name| at(name)),
    };
    if found.is_none() {
        let cells: Vec<_> = heading.iter().map(String::from_utf8_lossy).collect();
        let value = format!("[{}]", cells.join(", "));
        let message = match what {
            "id" => "has no column for the series",
            "time" => "has no column for the time",
            _ => "has no column for the value",
        };
        checks.fault("line 1", value, message, "name the columns id, time and value, or specify their names");
    }
    found
}

fn parse_value(text: &str) -> Option<f64> {
    if text.is_empty() || text.eq_ignore_ascii_case("nan") || text.eq_ignore_ascii_case("null") {
        return Some(f64::NAN);
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_with_its_line() {
        let text = b"id,time,value\na,0,1\n,noon,x\nb,5,inf\n";
        let error = read_table(text, &TableColumns::default()).unwrap_err().to_string();
        assert!(error.contains("4 faults") && error.contains("line 3") && error.contains("line 4"), "{error}");
    }

    #[test]
    fn headings() {
        let columns = TableColumns { value: Some("kg".to_owned()), ..TableColumns::default() };
        let set = read_table(b"\xef\xbb\xbfunique_id,DS,kg\na,1,2\n", &columns).unwrap();
        assert_eq!(set.values(), [2.0]);
        let error = read_table(b"what,ever\n", &TableColumns::default()).unwrap_err();
        assert_eq!(error.faults.len(), 2, "{error}");
        assert!(read_table(b"", &TableColumns::default()).is_err());
        let emptyings = read_table(b"bin,time\na,5\n", &TableColumns::default()).unwrap();
        assert!(emptyings.values()[0].is_nan());
        assert!(read_table(b"\xff\xfe\x00", &TableColumns::default()).is_err());
    }

    #[test]
    fn bytes_that_are_not_text_are_reported_and_give_no_name() {
        let error = read_table(b"id,time,value\nM\xfcll,0,1\nM\xe4ll,0,\xb2\nMull,\xff,1\n", &TableColumns::default());
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("4 faults") && error.contains("line 2") && error.contains("save the table as UTF-8"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_zone_is_reported() {
        let error =
            read_table(b"id,time,value\na,2026-01-01T00:00[Mars/Olympus],1\n", &TableColumns::default()).unwrap_err();
        insta::assert_snapshot!(error, @r#"
        the input has 1 fault:
          line 2 = "2026-01-01T00:00[Mars/Olympus]": names an unknown time zone; name one such as Europe/Berlin, or give an offset such as +01:00
        "#);
    }
}
