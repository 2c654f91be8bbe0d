//! Where things are, and the travel between these places.

use std::collections::HashMap;

use serde_json::Value;

use super::input::Input;
use crate::cancel::CancelToken;
use crate::geometry::Coord;
use crate::io::fields::{Fields, Found};
use crate::travel::{Estimate, Matrix, ProfileMatrices, SourcePoint, SourceRun, TravelSource as _, UNREACHABLE};
use crate::units::MAX_VALUE;

/// The most places between which a table is made.
const MOST_PLACES: usize = 5_000;
/// The most cells of all tables of a problem together.
pub(super) const MOST_CELLS: usize = 200_000_000;

/// The places of a document, in the order in which it first names them: that of the rows of matrices.
#[derive(Clone, Debug, Default)]
pub(super) struct Locations {
    /// Points; none where places are rows of matrices.
    pub(super) coords: Vec<Coord>,
    by_coord: HashMap<[u64; 2], usize>,
    /// The highest row that is named, with the path of its place.
    pub(super) highest: Option<(usize, String)>,
    /// The path of the first point.
    first_point: Option<String>,
}

impl Locations {
    /// The place that a location names.
    pub(super) fn read(&mut self, found: &mut Found, path: &str, value: &Value) -> usize {
        let mut fields = Fields::new(found, path, value);
        let index = fields.index(found, "index");
        if index.is_none() && fields.get("index").is_none() {
            let unknown = fields.get("type").is_some();
            if unknown {
                let message = "is a place without coordinates";
                found.faults.add(path, "", message, "give `lat` and `lng`, or a row of the matrices as `index`");
                return 0;
            }
            let lat = fields.number(found, "lat", -90.0, 90.0);
            let lng = fields.number(found, "lng", -180.0, 180.0);
            for key in ["lat", "lng"] {
                if fields.get(key).is_none() {
                    fields.missing(found, key);
                }
            }
            fields.finish(found);
            let (Some(lat), Some(lng)) = (lat, lng) else { return 0 };
            self.first_point.get_or_insert_with(|| path.to_owned());
            return self.point(Coord::new(lng, lat));
        }
        fields.finish(found);
        let index = index.unwrap_or(0);
        if self.highest.as_ref().is_none_or(|(highest, _)| index > *highest) {
            self.highest = Some((index, path.to_owned()));
        }
        index
    }

    fn point(&mut self, coord: Coord) -> usize {
        // Minus zero is zero.
        let key = [(coord.x + 0.0).to_bits(), (coord.y + 0.0).to_bits()];
        *self.by_coord.entry(key).or_insert_with(|| {
            self.coords.push(coord);
            self.coords.len() - 1
        })
    }

    /// Whether places are rows of matrices.
    pub(super) fn are_rows(&self) -> bool {
        self.highest.is_some()
    }

    /// Reports places of both kinds.
    pub(super) fn check(&self, found: &mut Found) {
        if let (Some(point), Some((_, row))) = (&self.first_point, &self.highest) {
            let message = format!("is a point, but {row} is a row of the matrices");
            found.faults.add(point.clone(), "", &message, "give all places in one of the two ways");
        }
    }
}

/// A matrix as its file states it.
#[derive(Clone, Debug)]
pub(super) struct GivenMatrix {
    profile: Option<String>,
    matrices: ProfileMatrices,
}

/// Reads the text of a matrix; `number` is its place among them.
pub(super) fn matrix(found: &mut Found, number: usize, text: &str) -> Option<GivenMatrix> {
    let path = format!("matrices[{number}]");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            found.faults.add(path, "", &format!("is not JSON: {error}"), "mend the JSON there");
            return None;
        }
    };
    let value = super::read::without_nulls(value);
    let mut fields = Fields::new(found, path.clone(), &value);
    let profile = fields.text(found, "profile");
    let message = "travel times that change over the day are not read from matrices";
    fields.refuse(found, "timestamp", message, "give one matrix for each profile, without a timestamp");
    let durations = if fields.get("travelTimes").is_some() { "travelTimes" } else { "durations" };
    let times = fields.amounts(found, durations);
    let distances = fields.amounts(found, "distances");
    let codes = fields.integers(found, "errorCodes", i64::MAX);
    fields.finish(found);
    let (Some(mut times), Some(mut distances)) = (times, distances) else {
        for key in ["travelTimes", "distances"] {
            if fields_lack(&value, key) {
                found.faults.add(
                    format!("{path}.{key}"),
                    "",
                    "is missing",
                    "add it: one number for each pair of places",
                );
            }
        }
        return None;
    };
    let size = times.len().isqrt();
    for (key, list) in [(durations, times.len()), ("distances", distances.len())] {
        if list != size * size || list != times.len() {
            let message = "is not a square of numbers, as many as travel times";
            found.faults.add(format!("{path}.{key}"), list, message, "give one number for each pair of places");
            return None;
        }
    }
    if let Some(codes) = codes {
        if codes.len() != times.len() {
            let message = "are not as many as travel times";
            found.faults.add(format!("{path}.errorCodes"), codes.len(), message, "give one for each pair of places");
            return None;
        }
        for (cell, _) in codes.iter().enumerate().filter(|(_, code)| **code != 0) {
            (times[cell], distances[cell]) = (UNREACHABLE, UNREACHABLE);
        }
    }
    let (distance, duration) = (Matrix::new(size, distances).ok()?, Matrix::new(size, times).ok()?);
    Some(GivenMatrix { profile, matrices: ProfileMatrices { distance, duration: Some(duration) } })
}

fn fields_lack(value: &Value, key: &str) -> bool {
    value.get(key).is_none() && (key != "travelTimes" || value.get("durations").is_none())
}

/// The travel of each profile, in the document's order: that of the matrices or, without any, along great circles.
pub(super) fn travel(found: &mut Found, input: &Input, given: &[GivenMatrix]) -> Option<Vec<ProfileMatrices>> {
    if given.is_empty() {
        return estimates(found, input);
    }
    let mut all = Vec::new();
    for (p, profile) in input.profiles.iter().enumerate() {
        // Without names, matrices are those of the profiles in order.
        let unnamed = given.iter().all(|matrix| matrix.profile.is_none());
        let own = if unnamed {
            given.get(p)
        } else {
            given.iter().find(|matrix| matrix.profile.as_deref() == Some(&profile.name))
        };
        if let Some(own) = own {
            all.push(own.matrices.clone());
        } else {
            let message = "has no matrix, though others have";
            found.faults.add(format!("fleet.profiles[{p}].name"), &profile.name, message, "add its matrix");
        }
    }
    for (m, matrix) in given.iter().enumerate() {
        let known = |name: &String| input.profiles.iter().any(|profile| profile.name == *name);
        if let Some(name) = matrix.profile.as_ref().filter(|name| !known(name)) {
            let message = "is not a profile of the fleet";
            found.faults.add(
                format!("matrices[{m}].profile"),
                name,
                message,
                "correct the name, or leave the matrix out",
            );
        }
        let size = matrix.matrices.distance.size();
        let expected =
            if input.locations.are_rows() { given[0].matrices.distance.size() } else { input.locations.coords.len() };
        if size != expected {
            let message = format!("has {size} rows, but there are {expected} places");
            let remedy = "give one row for each place, in the order in which the document first names them";
            found.faults.add(format!("matrices[{m}]"), size, &message, remedy);
        }
        if let Some((index, path)) = input.locations.highest.as_ref().filter(|(index, _)| *index >= size) {
            let message = format!("is beyond the matrix, which has {size} rows");
            found.faults.add(format!("{path}.index"), index, &message, "correct it, or complete the matrix");
        }
    }
    found.faults.is_empty().then_some(all)
}

fn estimates(found: &mut Found, input: &Input) -> Option<Vec<ProfileMatrices>> {
    if let Some((index, path)) = &input.locations.highest {
        let message = "is a row of a matrix, but there is none";
        found.faults.add(format!("{path}.index"), index, message, "give the matrices, or `lat` and `lng`");
        return None;
    }
    let coords = &input.locations.coords;
    if coords.len() > MOST_PLACES {
        let message = format!("there are more than {MOST_PLACES} places");
        found.faults.add("plan.jobs", coords.len(), &message, "give matrices, or split the problem");
        return None;
    }
    if input.profiles.len().saturating_mul(coords.len() * coords.len()) > MOST_CELLS {
        let message = "so many profiles with so many places need too large tables";
        found.faults.add("fleet.profiles", input.profiles.len(), message, "give matrices, or fewer profiles");
        return None;
    }
    let points: Vec<SourcePoint> = coords.iter().map(|point| SourcePoint::new(point.x, point.y)).collect();
    let mut all = Vec::new();
    for (p, profile) in input.profiles.iter().enumerate() {
        let path = format!("fleet.profiles[{p}].speed");
        let table = Estimate::new(profile.speed, 1.0).map_err(|error| error.to_string());
        let cancel = CancelToken::new();
        let table = table.and_then(|e| e.table(&points, SourceRun::new(&cancel)).map_err(|error| error.to_string()));
        match table {
            Ok(table) => all.push(ProfileMatrices { distance: table.distance, duration: Some(table.duration) }),
            Err(reason) => found.faults.add(path, profile.speed, &reason, "correct it, or give a matrix"),
        }
    }
    found.faults.is_empty().then_some(all)
}

/// The travel of a vehicle that takes `scale` times as long as its profile says.
pub(super) fn scaled(matrices: &ProfileMatrices, scale: f64) -> ProfileMatrices {
    let size = matrices.distance.size();
    let Some(duration) = matrices.duration.as_ref().filter(|_| (scale - 1.0).abs() > f64::EPSILON) else {
        return matrices.clone();
    };
    let longer = |value: i64| match value {
        UNREACHABLE => UNREACHABLE,
        // Within the bounds of both factors, this fits.
        value => ((value as f64 * scale).round() as i64).clamp(0, MAX_VALUE - 1),
    };
    let cells = (0..size).flat_map(|i| (0..size).map(move |j| (i, j)));
    let values = cells.map(|(i, j)| longer(duration.get(i, j))).collect();
    let duration = Matrix::new(size, values).unwrap_or_else(|_| duration.clone());
    ProfileMatrices { distance: matrices.distance.clone(), duration: Some(duration) }
}
