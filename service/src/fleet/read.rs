//! From JSON, CSV or `GeoJSON` to records, with all faults at once. What is read is checked row by row, and reading ends at
//! the first row too many.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::intake::{Cell, Intake, Place, Row};
use super::kind::Type;
use super::{Fault, Kind, Value};
use crate::raw::{self, Scalar};

/// Most bytes of a point's coordinates.
const LONGEST_POINT: usize = 256;

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
    let mut intake = Intake::new(kind);
    match format {
        Format::Json => json(body, &mut intake),
        Format::Csv => csv(body, &mut intake),
        Format::GeoJson => geojson(body, &mut intake),
    }
    intake.finish()
}

fn json(body: &[u8], intake: &mut Intake) {
    let read = raw::each_item(body, |i, item| {
        let place = Place::Item(i);
        let mut row = Row::new(intake.kind, place);
        match fill(intake.kind, &mut row, item) {
            Ok(()) => intake.take(row),
            Err(_) => intake.fault(place, "give an object"),
        }
    });
    if let Err(error) = read {
        intake.fault("$", format!("give a list of objects: {error}"));
    }
}

/// Puts an object's values into a row.
fn fill(kind: Kind, row: &mut Row, object: &RawValue) -> Result<(), serde_json::Error> {
    raw::each_field(object.get().as_bytes(), |name, value| {
        let cell = raw::scalar(value).map_or_else(|| Cell::Other(raw::shown(value)), Cell::Single);
        row.put(kind, &name, cell)
    })
}

fn csv(body: &[u8], intake: &mut Intake) {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(body);
    let names = match reader.headers() {
        Ok(names) => names.clone(),
        Err(error) => {
            intake.fault(Place::Line(1), error.to_string());
            return;
        }
    };
    let kind = intake.kind;
    let mut line = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut line) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let at = error.position().map_or(1, csv::Position::line);
                intake.fault(Place::Line(at), error.to_string());
                return;
            }
        }
        let place = Place::Line(line.position().map_or(0, csv::Position::line));
        let mut row = Row::new(kind, place);
        for (name, text) in names.iter().zip(&line) {
            // An empty cell is a missing value; a number where text is asked for stays text.
            if text.is_empty() {
                continue;
            }
            let wants_text = kind
                .position(name)
                .is_some_and(|at| matches!(kind.fields()[at].holds, Type::Text(_) | Type::Choice(_)));
            let number = || serde_json::from_str(text).ok().and_then(raw::scalar).filter(is_number);
            let value = if wants_text { None } else { number() };
            let value = value.unwrap_or_else(|| Scalar::Text(text.to_owned()));
            if !row.put(kind, name, Cell::Single(value)) {
                break;
            }
        }
        let more = if line.len() > names.len() {
            let text = format!("{} cells under {} headings: quote cells that hold commas", line.len(), names.len());
            intake.fault(place, text)
        } else {
            intake.take(row)
        };
        if !more {
            return;
        }
    }
}

fn is_number(value: &Scalar) -> bool {
    matches!(value, Scalar::Integer(_) | Scalar::Real(_))
}

/// A feature collection; members that are not known here are allowed, and passed over (RFC 7946, section 6.1).
#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    features: &'a RawValue,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Geometry<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    coordinates: &'a RawValue,
}

fn geojson(body: &[u8], intake: &mut Intake) {
    let collection: Collection<'_> = match serde_json::from_slice(body) {
        Ok(collection) => collection,
        Err(error) => {
            intake.fault("$", error.to_string());
            return;
        }
    };
    if collection.kind != "FeatureCollection" {
        intake.fault("$.type", format!("{:?}: give a FeatureCollection", raw::clipped(&collection.kind)));
        return;
    }
    let kind = intake.kind;
    let read = raw::each_item(collection.features.get().as_bytes(), |i, item| {
        let place = Place::Feature(i);
        let feature: Feature<'_> = match serde_json::from_str(item.get()) {
            Ok(feature) => feature,
            Err(error) => return intake.fault(place, format!("give a feature: {error}")),
        };
        let Some((lon, lat)) = feature.geometry.and_then(point) else {
            return intake.fault(format!("{place}.geometry"), "give a point with a longitude and a latitude");
        };
        let mut row = Row::new(kind, place);
        row.put(kind, "lon", Cell::Single(Scalar::Real(lon)));
        row.put(kind, "lat", Cell::Single(Scalar::Real(lat)));
        match feature.properties.map(|properties| fill(kind, &mut row, properties)) {
            None | Some(Ok(())) => intake.take(row),
            Some(Err(_)) => intake.fault(format!("{place}.properties"), "give an object, or null"),
        }
    });
    if let Err(error) = read {
        intake.fault("$.features", error.to_string());
    }
}

fn point(geometry: &RawValue) -> Option<(f64, f64)> {
    let Geometry { kind, coordinates } = serde_json::from_str(geometry.get()).ok()?;
    if kind != "Point" || coordinates.get().len() > LONGEST_POINT {
        return None;
    }
    let numbers: Vec<f64> = serde_json::from_str(coordinates.get()).ok()?;
    Some((*numbers.first()?, *numbers.get(1)?))
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
    fn reading_ends_at_the_first_row_too_many() {
        // What comes after it is not even well-formed.
        let json = format!("[{}nonsense", r#"{"code": 1},"#.repeat(200));
        let faults = read(Kind::Bin, Format::Json, json.as_bytes()).unwrap_err();
        assert_eq!(faults.len(), 100);
        assert!(faults.iter().all(|fault| fault.path.starts_with("$[")), "{faults:?}");
        let rows = |count: usize| (0..count).fold(String::new(), |rows, i| rows + "c" + &i.to_string() + "\n");
        assert_eq!(
            read(Kind::Driver, Format::Csv, format!("code\n{}", rows(50_000)).as_bytes()).unwrap().len(),
            50_000
        );
        let faults = read(Kind::Driver, Format::Csv, format!("code\n{}a,b", rows(50_001)).as_bytes()).unwrap_err();
        assert_eq!((faults.len(), faults[0].path.as_str()), (1, "$"), "{faults:?}");
    }

    #[test]
    fn what_stands_there_twice_is_a_fault() {
        let json = br#"[{"code": "a", "code": "b"}]"#;
        let faults = read(Kind::Driver, Format::Json, json).unwrap_err();
        assert_eq!(faults, [Fault::new("$[0].code", "given twice: give it once")]);
        let csv = read(Kind::Driver, Format::Csv, b"code,code\na,b\n").unwrap_err();
        assert_eq!(csv, [Fault::new("line 2.code", "given twice: give it once")]);
    }

    #[test]
    fn one_ragged_line_hides_no_other_fault() {
        let csv = b"code,name\na,b,c\n,x\nd\n";
        let faults = read(Kind::Driver, Format::Csv, csv).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["line 2", "line 3.code"]);
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
