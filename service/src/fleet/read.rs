//! From JSON, CSV or `GeoJSON` to records, with all faults at once.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::kind::{Default, Type};
use super::{Fault, Field, Kind, Value};

/// Most records of one import.
const MAX_RECORDS: usize = 50_000;
/// Most faults that are reported.
const MAX_FAULTS: usize = 100;

/// How a table is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A list of objects.
    Json,
    /// A table with a line of names.
    Csv,
    /// A feature collection of points.
    GeoJson,
}

impl Format {
    /// By the media type of a body.
    pub(crate) fn of_media_type(media_type: &str) -> Option<Self> {
        match media_type.split(';').next()?.trim() {
            "application/json" => Some(Self::Json),
            "text/csv" => Some(Self::Csv),
            "application/geo+json" => Some(Self::GeoJson),
            _ => None,
        }
    }
}

/// The values of a kind's fields, in their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record(pub(crate) Vec<Value>);

/// Reads records of a kind.
///
/// # Errors
///
/// All faults, each with its place; of very many, the first hundred.
pub(crate) fn read(kind: Kind, format: Format, body: &[u8]) -> Result<Vec<Record>, Vec<Fault>> {
    let rows = match format {
        Format::Json => json_rows(body),
        Format::Csv => csv_rows(kind, body),
        Format::GeoJson => geojson_rows(body),
    }
    .map_err(|fault| vec![fault])?;
    if rows.len() > MAX_RECORDS {
        let text = format!("{} records: send at most {MAX_RECORDS} at a time", rows.len());
        return Err(vec![Fault::new("$", text)]);
    }
    let mut faults = Vec::new();
    let mut records = Vec::with_capacity(rows.len());
    let mut seen: HashMap<String, String> = HashMap::with_capacity(rows.len());
    for (path, row) in rows {
        if faults.len() >= MAX_FAULTS {
            break;
        }
        let before = faults.len();
        let record = record(kind, &path, &row, &mut faults);
        if faults.len() > before {
            continue;
        }
        let code = record.0.first().map_or("", Value::text).to_owned();
        if let Some(first) = seen.insert(code, path.clone()) {
            faults.push(Fault::new(format!("{path}.code"), format!("the same code as at {first}: give each its own")));
        }
        records.push(record);
    }
    if faults.is_empty() { Ok(records) } else { Err(faults) }
}

type Row = (String, Map<String, Json>);

fn json_rows(body: &[u8]) -> Result<Vec<Row>, Fault> {
    let json: Json = serde_json::from_slice(body).map_err(|error| Fault::new("$", error.to_string()))?;
    let Json::Array(items) = json else { return Err(Fault::new("$", "give a list of objects")) };
    let row = |(i, item)| match item {
        Json::Object(row) => Ok((format!("$[{i}]"), row)),
        _ => Err(Fault::new(format!("$[{i}]"), "give an object")),
    };
    items.into_iter().enumerate().map(row).collect()
}

fn csv_rows(kind: Kind, body: &[u8]) -> Result<Vec<Row>, Fault> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body);
    let fault = |line: usize, error: &csv::Error| Fault::new(format!("line {line}"), error.to_string());
    let names = reader.headers().map_err(|error| fault(1, &error))?.clone();
    let mut rows = Vec::new();
    for (i, line) in reader.records().enumerate() {
        let line = line.map_err(|error| fault(i + 2, &error))?;
        let mut row = Map::new();
        for (name, text) in names.iter().zip(&line) {
            // An empty cell is a missing value; a number where text is asked for stays text.
            if text.is_empty() {
                continue;
            }
            let wants_text = kind
                .position(name)
                .is_some_and(|at| matches!(kind.fields()[at].holds, Type::Text(_) | Type::Choice(_)));
            let number = serde_json::from_str::<serde_json::Number>(text).ok().filter(|_| !wants_text);
            row.insert(name.to_owned(), number.map_or_else(|| Json::String(text.to_owned()), Json::Number));
        }
        rows.push((format!("line {}", i + 2), row));
    }
    Ok(rows)
}

fn geojson_rows(body: &[u8]) -> Result<Vec<Row>, Fault> {
    let collection: geojson::FeatureCollection =
        serde_json::from_slice(body).map_err(|error| Fault::new("$", error.to_string()))?;
    let row = |(i, feature): (usize, geojson::Feature)| {
        let path = format!("$.features[{i}]");
        let mut row = feature.properties.unwrap_or_default();
        let geometry = feature.geometry.map(|geometry| geometry.value);
        let Some(geojson::GeometryValue::Point { coordinates }) = geometry else {
            return Err(Fault::new(format!("{path}.geometry"), "give a point"));
        };
        let (Some(&lon), Some(&lat)) = (coordinates.as_slice().first(), coordinates.as_slice().get(1)) else {
            return Err(Fault::new(format!("{path}.geometry"), "give a longitude and a latitude"));
        };
        row.insert("lon".to_owned(), lon.into());
        row.insert("lat".to_owned(), lat.into());
        Ok((path, row))
    };
    collection.features.into_iter().enumerate().map(row).collect()
}

fn record(kind: Kind, path: &str, row: &Map<String, Json>, faults: &mut Vec<Fault>) -> Record {
    for name in row.keys() {
        if kind.position(name).is_none() {
            let known: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
            faults.push(Fault::new(format!("{path}.{name}"), format!("unknown; there are {}", known.join(", "))));
        }
    }
    let values: Vec<Value> = kind
        .fields()
        .iter()
        .map(|field| match value(*field, row.get(field.name)) {
            Ok(value) => value,
            Err(message) => {
                faults.push(Fault::new(format!("{path}.{}", field.name), message));
                Value::Integer(0)
            }
        })
        .collect();
    for (from, until) in [("open_from", "open_until"), ("shift_from", "shift_until"), ("break_from", "break_until")] {
        let time = |name| kind.position(name).and_then(|at| values.get(at)).map(Value::integer);
        if let (Some(early), Some(late)) = (time(from), time(until))
            && early > late
        {
            let text = format!("{late} is before {from}, {early}: give a later time");
            faults.push(Fault::new(format!("{path}.{until}"), text));
        }
    }
    Record(values)
}

/// One field's value; the error says what is wrong with it and what may stand there.
fn value(field: Field, given: Option<&Json>) -> Result<Value, String> {
    let given = given.filter(|given| !given.is_null());
    match (field.holds, given, field.default) {
        (_, None, Some(Default::Empty)) => Ok(Value::Text(String::new())),
        (_, None, Some(Default::Integer(value))) => Ok(Value::Integer(value)),
        (_, None, None) => Err(format!("missing; give {}", field.meaning)),
        (Type::Text(most), Some(Json::String(text)), default) => {
            let length = text.chars().count();
            let control = text.chars().any(char::is_control);
            if control || length > most || (length == 0 && default.is_none()) {
                return Err(format!("{length} characters: give 1 to {most}, and no control characters"));
            }
            Ok(Value::Text(text.clone()))
        }
        (Type::Text(most), Some(other), _) => Err(format!("{other}: give text of at most {most} characters")),
        (Type::Choice(choices), Some(given), _) => {
            let known = given.as_str().filter(|text| choices.contains(text));
            let named = choices.iter().filter(|choice| !choice.is_empty()).copied().collect::<Vec<_>>().join(", ");
            known
                .map(|text| Value::Text(text.to_owned()))
                .ok_or_else(|| format!("{given}: give one of {named}, or nothing"))
        }
        (Type::Integer(from, to), Some(given), _) => {
            let whole = given.as_i64().filter(|value| (from..=to).contains(value));
            whole.map(Value::Integer).ok_or_else(|| format!("{given}: give a whole number from {from} to {to}"))
        }
        (Type::Real(from, to), Some(given), _) => {
            let number = given.as_f64().filter(|value| (from..=to).contains(value));
            number.map(Value::Real).ok_or_else(|| format!("{given}: give a number from {from} to {to}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_formats_say_the_same() {
        let json = br#"[{"code": "7", "lon": 4.9, "lat": 52.5, "load_kg": 120, "open_until": 50000}]"#;
        let csv = b"code, lon, lat, load_kg, name, open_until\n7, 4.9, 52.5, 120, , 50000\n";
        let geojson = br#"{"type": "FeatureCollection", "features": [{"type": "Feature",
            "geometry": {"type": "Point", "coordinates": [4.9, 52.5]},
            "properties": {"code": "7", "load_kg": 120, "open_until": 50000}}]}"#;
        let expected = read(Kind::Bin, Format::Json, json).unwrap();
        assert_eq!(read(Kind::Bin, Format::Csv, csv).unwrap(), expected);
        assert_eq!(read(Kind::Bin, Format::GeoJson, geojson).unwrap(), expected);
        assert_eq!(expected[0].0[0], Value::Text("7".to_owned()));
    }

    #[test]
    fn all_faults_at_once_with_their_paths() {
        let body = br#"[{"code": "", "lon": 181, "lat": null, "load_kg": 1.5, "colour": 1},
                        {"code": "b", "lon": 1, "lat": 1, "load_kg": 1, "open_from": 9, "open_until": 5},
                        {"code": "c", "lon": 1, "lat": 1, "load_kg": 1},
                        {"code": "c", "lon": 1, "lat": 1, "load_kg": 1}]"#;
        let faults = read(Kind::Bin, Format::Json, body).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(
            paths,
            ["$[0].colour", "$[0].code", "$[0].lon", "$[0].lat", "$[0].load_kg", "$[1].open_until", "$[3].code"]
        );
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for body in [&b""[..], b"\xff\xfe", b"[", b"{}", b"[1]", b"null", b"a\n\"", b"{\"type\":\"FeatureCollection\"}"]
        {
            for kind in Kind::ALL {
                for format in [Format::Json, Format::Csv, Format::GeoJson] {
                    let _ = read(kind, format, body);
                }
            }
        }
    }
}
