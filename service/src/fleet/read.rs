//! From JSON, CSV or `GeoJSON` to records, with all faults at once. What is read is checked row by row, and reading ends at
//! the first row too many.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::intake::{Cell, Intake, Place, Row};
use super::{Fault, Kind, Value, table};
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
        Format::Csv => table::read(body, &mut intake),
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
