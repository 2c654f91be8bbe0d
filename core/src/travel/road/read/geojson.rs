//! Reads edge lists in GeoJSON: one line for each link.

use std::collections::HashMap;
use std::io::Read;

use ::geojson::{FeatureCollection, GeometryValue, JsonValue};

use crate::listing::{Listing, shortened};
use crate::travel::road::StreetsError;
use crate::travel::road::position::Position;
use crate::travel::road::read::edges::{EdgeList, Link};
use crate::travel::road::streets::{Direction, Streets};

const FORMAT: &str = "GeoJSON edge list";

impl Streets {
    /// Reads links of a GeoJSON feature collection of lines: properties are those of the columns of
    /// [`from_csv`](Self::from_csv), or tags of OpenStreetMap. Links meet where their ends have the same coordinates, to
    /// seven decimals of a degree; each feature needs `highway`.
    pub fn from_geojson(mut links: impl Read) -> Result<Self, StreetsError> {
        let mut text = String::new();
        links
            .read_to_string(&mut text)
            .map_err(|source| StreetsError::Io { file: "the GeoJSON edge list".to_owned(), source })?;
        let collection: FeatureCollection = text.parse().map_err(|error: ::geojson::Error| StreetsError::Faults {
            format: FORMAT,
            faults: vec![error.to_string()],
            omitted: 0,
        })?;
        let mut faults = Listing::default();
        let mut list = EdgeList::default();
        let mut at_position: HashMap<Position, i64> = HashMap::new();
        for (index, feature) in collection.features.iter().enumerate() {
            let mut fault = |text: String| faults.push(format!("features[{index}]: {text}"));
            let lines = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
                Some(GeometryValue::LineString { coordinates }) => std::slice::from_ref(coordinates),
                Some(GeometryValue::MultiLineString { coordinates }) => coordinates.as_slice(),
                _ => {
                    fault("its geometry is not a LineString: drop it or draw a line".to_owned());
                    continue;
                }
            };
            let owned = properties(feature.properties.as_ref());
            let text = |name: &str| owned.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
            if text("highway").is_none() {
                fault("the property `highway` is missing: write the class of the street".to_owned());
            }
            for line in lines {
                let positions = line.iter().map(|at| match at[..] {
                    [lon, lat, ..] => Position::new(lon, lat),
                    _ => None,
                });
                let Some(line) = positions.collect::<Option<Vec<_>>>().filter(|line| line.len() > 1) else {
                    fault("its line needs two or more longitudes and latitudes in degrees".to_owned());
                    continue;
                };
                let ends = [line[0], line[line.len() - 1]].map(|end| {
                    let next = at_position.len() as i64;
                    *at_position.entry(end).or_insert_with(|| {
                        list.nodes.insert(next, end);
                        next
                    })
                });
                let metres = text("metres").map(str::parse::<f64>);
                if let (Some(Err(_)), Some(value)) = (&metres, text("metres")) {
                    fault(format!("`metres` is `{}`: write a number", shortened(value)));
                }
                // The length of a street in several lines is that of none of them.
                let metres = metres.and_then(Result::ok).filter(|_| lines.len() == 1);
                let direction = match text("direction") {
                    None => None,
                    Some("0") => Some(Direction::Both),
                    Some("1") => Some(Direction::Forward),
                    Some("-1") => Some(Direction::Backward),
                    Some(other) => {
                        fault(format!("`direction` is `{}`: write 0, 1 or -1", shortened(other)));
                        None
                    }
                };
                let link = Link {
                    id: text("link").or(text("id")).and_then(|id| id.parse().ok()).unwrap_or(index as i64),
                    ends,
                    direction,
                    metres,
                    line,
                    modes: text("modes"),
                    tags: owned.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
                };
                list.push(link, &mut fault);
            }
        }
        list.finish(faults)
    }
}

/// Properties as texts: what is no text or number is not used.
fn properties(object: Option<&::geojson::JsonObject>) -> Vec<(String, String)> {
    let texts = object.into_iter().flatten().filter_map(|(key, value)| match value {
        JsonValue::String(text) => Some((key.clone(), text.clone())),
        JsonValue::Number(number) => Some((key.clone(), number.to_string())),
        _ => None,
    });
    texts.collect()
}
