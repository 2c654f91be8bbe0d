//! `GeoJSON`: features whose properties are columns, as tables.

use std::borrow::Cow;
use std::collections::BTreeMap;

use geojson::feature::Id;
use geojson::{Feature, GeometryValue};
use serde_json::{Map, Value};

use crate::cells::Cell;
use crate::fault::{Faults, Wrong, wrong};
use crate::grid::{Numbered, Rows, Table};
use crate::options::Role;
use crate::vocabulary::Vocabulary;

/// The property that tells what a feature is.
const KIND: &str = "kind";
/// The columns of a feature's point.
const POINT: [&str; 2] = ["longitude", "latitude"];
/// Most properties that all features of a kind have together.
const WIDEST: usize = 1_024;

/// The features of one kind.
#[derive(Default)]
struct Gathered {
    headings: Vec<String>,
    /// The number of each feature, from 0, with its cells by heading.
    rows: Vec<(u64, Vec<Cell<'static>>)>,
}

/// The tables of a feature collection: one for each kind of feature. What is wrong with a feature is a fault.
pub(crate) fn tables(name: &str, bytes: &[u8], faults: &mut Faults) -> Vec<Table> {
    let features = match features(bytes) {
        Ok(features) => features,
        Err(fault) => {
            faults.push(name, "", fault);
            return Vec::new();
        }
    };
    let mut gathered: BTreeMap<Role, Gathered> = BTreeMap::new();
    for (number, feature) in features.into_iter().enumerate() {
        let path = format!("{name}, features[{number}]");
        match serde_json::from_value::<Feature>(feature) {
            Ok(feature) => gather(&mut gathered, faults, (&path, number as u64), feature),
            Err(error) => faults.push(path, "", wrong(error.to_string(), "mend the feature, or leave it out")),
        }
    }
    let table = |(role, Gathered { headings, rows }): (Role, Gathered)| {
        let width = headings.len();
        let first = (0, headings.into_iter().map(|heading| Cell::Text(Cow::Owned(heading))).collect());
        let rest = rows.into_iter().map(|(number, mut cells)| {
            cells.resize(width, Cell::Empty);
            (number + 1, cells)
        });
        Table {
            name: name.to_owned(),
            title: role.name().to_owned(),
            form: format!("GeoJSON: features of the kind {}", role.name()),
            numbered: Numbered::Features,
            rows: Rows::Sheet(std::iter::once(first).chain(rest).collect()),
        }
    };
    gathered.into_iter().map(table).collect()
}

/// The features of a text.
fn features(bytes: &[u8]) -> Result<Vec<Value>, Wrong> {
    let remedy = "give a FeatureCollection of points, as RFC 7946 has it";
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| wrong(format!("is not JSON: {error}"), remedy))?;
    let Value::Object(mut members) = value else { return Err(wrong("is not GeoJSON", remedy)) };
    let is_world = |crs: &Value| ["CRS84", "4326"].iter().any(|world| crs.to_string().contains(world));
    if members.get("crs").is_some_and(|crs| !crs.is_null() && !is_world(crs)) {
        return Err(wrong(
            "has a `crs` of its own",
            "save it with longitudes and latitudes (WGS 84), as RFC 7946 has it",
        ));
    }
    let features = members.remove("features");
    match (members.get("type").and_then(Value::as_str), features) {
        (Some("FeatureCollection"), Some(Value::Array(features))) => Ok(features),
        (Some("Feature"), _) => Ok(vec![Value::Object(members)]),
        _ => Err(wrong("is not a FeatureCollection", remedy)),
    }
}

fn gather(all: &mut BTreeMap<Role, Gathered>, faults: &mut Faults, (path, number): (&str, u64), feature: Feature) {
    let mut properties = feature.properties.unwrap_or_default();
    let Some(role) = role(&mut properties, path, faults) else { return };
    let point = match feature.geometry.map(|geometry| geometry.value) {
        // Trucks are where their depots are.
        _ if role == Role::Trucks => None,
        Some(GeometryValue::Point { coordinates }) => match coordinates.as_slice() {
            [lon, lat, ..] => Some([*lon, *lat]),
            _ => None,
        },
        None => None,
        Some(_) => {
            let fault = wrong("is not a point", "give its entrance as a point, or leave it out");
            faults.push(format!("{path}.geometry"), "", fault);
            return;
        }
    };
    if point.is_none() && role != Role::Trucks {
        faults.push(format!("{path}.geometry"), "", wrong("is missing", "give a point, longitude and latitude"));
        return;
    }
    let own = all.entry(role).or_default();
    let mut cells = Vec::new();
    for (heading, value) in POINT.into_iter().zip(point.into_iter().flatten()) {
        put(own, &mut cells, heading, Cell::Number(value));
    }
    for (heading, value) in properties {
        put(own, &mut cells, &heading, cell(value));
    }
    if let Some(id) = feature.id {
        let id = match id {
            Id::String(id) => id,
            Id::Number(id) => id.to_string(),
        };
        put(own, &mut cells, "id", Cell::Text(Cow::Owned(id)));
    }
    own.rows.push((number, cells));
}

/// What a feature is: as its kind says, else a client.
fn role(properties: &mut Map<String, Value>, path: &str, faults: &mut Faults) -> Option<Role> {
    let kind = match properties.remove(KIND) {
        None | Some(Value::Null) => return Some(Role::Bins),
        Some(Value::String(kind)) => kind,
        Some(other) => other.to_string(),
    };
    let vocabulary = Vocabulary::get();
    let name = vocabulary.role(&kind).or_else(|| vocabulary.role(&format!("{kind}s")));
    let role = name.and_then(|name| Role::ALL.into_iter().find(|role| role.name() == name));
    if role.is_none() {
        let fault = wrong("is not a kind of feature", "give client, depot, site or truck, or leave the property out");
        faults.push(format!("{path}.properties.{KIND}"), &kind, fault);
    }
    role
}

/// Puts a cell into the column of its heading; of two, the first stays.
fn put(of: &mut Gathered, cells: &mut Vec<Cell<'static>>, heading: &str, cell: Cell<'static>) {
    let column = match of.headings.iter().position(|known| known == heading) {
        Some(column) => column,
        None if of.headings.len() < WIDEST => {
            of.headings.push(heading.to_owned());
            of.headings.len() - 1
        }
        None => return,
    };
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    if cells[column].is_empty() {
        cells[column] = cell;
    }
}

/// A property as a cell; those of a list stand beside each other.
fn cell(value: Value) -> Cell<'static> {
    let text = |text: String| match Cell::text(&text) {
        Cell::Empty => Cell::Empty,
        _ => Cell::Text(Cow::Owned(text.trim().to_owned())),
    };
    match value {
        Value::Null => Cell::Empty,
        Value::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
        Value::String(string) => text(string),
        Value::Array(list) => {
            let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            text(list.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        other => text(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The title of a table, and its rows by number.
    type Shown = (String, Vec<(u64, Vec<String>)>);

    fn faults(text: &str) -> Vec<String> {
        let mut faults = Faults::default();
        tables("a.geojson", text.as_bytes(), &mut faults);
        let issues = faults.into_result().err().map(|error| error.issues).unwrap_or_default();
        issues.into_iter().map(|issue| format!("{}: {}", issue.path, issue.message)).collect()
    }

    #[test]
    fn features_are_rows_of_the_table_of_their_kind() {
        let text = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [13.4, 52.5, 30]}, "id": 7,
             "properties": {"days": ["Mo", "Th"], "gate": null, "load": 120, "required": true}},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [13, 52]}, "properties": {"kind": "Depot"}},
            {"type": "Feature", "geometry": null, "properties": {"kind": "truck", "capacity": "5 t"}},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [13.1, 52.1]}, "properties": {"size": 240}}]}"#;
        let mut faults = Faults::default();
        let tables = tables("a.geojson", text.as_bytes(), &mut faults);
        assert_eq!(faults.count(), 0);
        let shown: Vec<Shown> = tables
            .iter()
            .map(|table| {
                let Rows::Sheet(rows) = &table.rows else { panic!("features are cells") };
                let cells = |cells: &Vec<Cell<'_>>| cells.iter().map(|cell| cell.shown().into_owned()).collect();
                (table.title.clone(), rows.iter().map(|(number, row)| (*number, cells(row))).collect())
            })
            .collect();
        let bins = &shown[0].1;
        assert_eq!(bins[0].1, ["longitude", "latitude", "days", "gate", "load", "required", "id", "size"]);
        assert_eq!(
            (bins[1].0, &bins[1].1[..]),
            (1, &["13.4", "52.5", "Mo, Th", "", "120", "true", "7", ""].map(String::from)[..])
        );
        assert_eq!((bins[2].0, bins[2].1[7].as_str()), (4, "240"));
        assert_eq!((shown[1].0.as_str(), &shown[1].1[1].1[..]), ("trucks", &["5 t".to_owned()][..]));
        assert_eq!((shown[2].0.as_str(), shown[2].1[1].0), ("depots", 2));
    }

    #[test]
    fn faults_name_the_feature() {
        let of = |feature: &str| faults(&format!(r#"{{"type": "FeatureCollection", "features": [{feature}]}}"#));
        let line = r#"{"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}"#;
        assert_eq!(of(line), ["a.geojson, features[0].geometry: is not a point"]);
        assert_eq!(
            of(r#"{"type": "Feature", "properties": {}, "geometry": null}"#),
            ["a.geojson, features[0].geometry: is missing"]
        );
        let boat = r#"{"type": "Feature", "properties": {"kind": "boat"}, "geometry": null}"#;
        assert_eq!(of(boat), ["a.geojson, features[0].properties.kind: is not a kind of feature"]);
        assert!(of("3")[0].starts_with("a.geojson, features[0]: "));
        assert_eq!(faults("{}"), ["a.geojson: is not a FeatureCollection"]);
        assert!(faults("[").first().is_some_and(|fault| fault.starts_with("a.geojson: is not JSON")));
        let planar = r#"{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:25832"}}, "features": []}"#;
        assert_eq!(faults(planar), ["a.geojson: has a `crs` of its own"]);
    }
}
