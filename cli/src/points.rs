//! Points on the Earth, from a CSV file.

use std::path::Path;

use milkrun::travel::{Approach, SourcePoint};

use crate::failure::Failure;
use crate::input;

/// Reads points: columns `lon` and `lat`, and perhaps `name` and `approach` (`any` or `curb`). All faults at once.
pub(crate) fn read(path: &Path) -> Result<Vec<SourcePoint>, Failure> {
    let content = input::bytes(path)?;
    points(&content).map_err(|faults| {
        let shown = input::shown(path);
        Failure::Input(faults.into_iter().map(|fault| format!("{shown}: {fault}")).collect())
    })
}

fn points(content: &[u8]) -> Result<Vec<SourcePoint>, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(content);
    let headers = reader.headers().map_err(|error| vec![error.to_string()])?.clone();
    let column = |names: &[&str]| headers.iter().position(|header| names.contains(&header.to_lowercase().as_str()));
    let (lon, lat) = (column(&["lon", "lng", "longitude"]), column(&["lat", "latitude"]));
    let (Some(lon), Some(lat)) = (lon, lat) else {
        return Err(vec![
            "line 1: there is no column lon or no column lat; name the columns in the first line".to_owned(),
        ]);
    };
    let (name, approach) = (column(&["name", "id"]), column(&["approach"]));
    let (mut points, mut faults) = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                faults.push(error.to_string());
                continue;
            }
        };
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |column: usize| row.get(column).unwrap_or_default();
        let mut degrees = |column: usize, what: &str, most: f64| {
            let value: Option<f64> = cell(column).parse().ok().filter(|value: &f64| value.abs() <= most);
            if value.is_none() {
                faults.push(format!(
                    "line {line}: {what} = {:?} is not between -{most} and {most}; give degrees",
                    cell(column)
                ));
            }
            value
        };
        let (x, y) = (degrees(lon, "lon", 180.0), degrees(lat, "lat", 90.0));
        let approach = match approach.map(cell).unwrap_or_default() {
            "" | "any" => Approach::Any,
            "curb" => Approach::Curb,
            other => {
                faults.push(format!("line {line}: approach = {other:?} is unknown; write any or curb"));
                Approach::Any
            }
        };
        if let (Some(x), Some(y)) = (x, y) {
            let name = name.map(cell).unwrap_or_default();
            points.push(SourcePoint::new(x, y).named(name).approach(approach));
        }
    }
    if points.is_empty() && faults.is_empty() {
        faults.push("there are no points; give a line for each".to_owned());
    }
    if faults.is_empty() { Ok(points) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_may_stand_in_any_order() {
        let found = points(b"name,lat,lon,approach\nyard,43.7, 7.4 ,\nbin,43.8,7.5,curb\n").unwrap();
        assert_eq!(found[0], SourcePoint::new(7.4, 43.7).named("yard"));
        assert_eq!(found[1], SourcePoint::new(7.5, 43.8).named("bin").approach(Approach::Curb));
    }

    #[test]
    fn faults_are_told_all_at_once() {
        let faults = points(b"lon,lat,approach\n200,1,any\n1,x,curb\n1,2,left\n").unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(points(b"a,b\n1,2\n").unwrap_err()[0].contains("no column lon"));
        assert!(points(b"lon,lat\n").unwrap_err()[0].contains("there are no points"));
    }
}
