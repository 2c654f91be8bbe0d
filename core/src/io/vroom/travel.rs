//! The places of a problem, and the travel between them.

use std::collections::{BTreeMap, HashMap};

use super::Travels;
use super::input::{Input, Spot, Table, Task, Vehicle};
use crate::geometry::Coord;
use crate::io::fields::Found;
use crate::travel::{Matrix, ProfileMatrices, UNREACHABLE};
use crate::units::{Duration, MAX_VALUE};

/// The most places between which a table is made.
const MOST_PLACES: usize = 5_000;

/// Travel among all places, by profile.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// Where each place is, as far as that is known.
    pub(super) coords: Vec<Option<Coord>>,
    pub(super) profiles: BTreeMap<String, Profile>,
    by_coord: HashMap<[u64; 2], usize>,
    /// Whether places are the rows of the matrices.
    pub(super) given: bool,
}

/// The travel of a profile.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) durations: Table,
    pub(super) distances: Option<Table>,
    pub(super) costs: Option<Table>,
}

impl Table {
    pub(super) fn at(&self, from: usize, to: usize) -> i64 {
        self.values[from * self.size + to]
    }
}

impl Places {
    /// The places of all tasks and vehicles, with the travel that the document gives or `travels` knows.
    pub(super) fn new(found: &mut Found, input: &Input, travels: Travels<'_>) -> Self {
        let profiles: Vec<&str> = input.vehicles.iter().map(|vehicle| vehicle.profile.as_str()).collect();
        let given = profiles.iter().all(|&profile| input.matrices.contains_key(profile)) && !input.matrices.is_empty();
        let mut places = Self { coords: Vec::new(), profiles: BTreeMap::new(), by_coord: HashMap::new(), given };
        if given {
            places.of_matrices(found, input, &profiles);
        } else {
            places.of_points(found, input, &profiles, travels);
        }
        places
    }

    /// The place of a spot that was checked.
    pub(super) fn of(&self, spot: Spot) -> usize {
        if self.given {
            return spot.index.unwrap_or(0);
        }
        spot.coord.and_then(|coord| self.by_coord.get(&key(coord)).copied()).unwrap_or(0)
    }

    fn of_matrices(&mut self, found: &mut Found, input: &Input, profiles: &[&str]) {
        let mut size = None;
        for &profile in profiles {
            if self.profiles.contains_key(profile) {
                continue;
            }
            let tables = &input.matrices[profile];
            let path = format!("matrices.{profile}");
            let Some(durations) = &tables.durations else {
                // A faulty one is reported already.
                if found.faults.is_empty() {
                    found.faults.add(path, "", "has no durations", "add durations, in seconds");
                }
                continue;
            };
            let expected = *size.get_or_insert(durations.size);
            for (key, table) in [
                ("durations", Some(durations)),
                ("distances", tables.distances.as_ref()),
                ("costs", tables.costs.as_ref()),
            ] {
                if let Some(table) = table.filter(|table| table.size != expected) {
                    let message = format!("has {} rows, but other matrices have {expected}", table.size);
                    found.faults.add(format!("{path}.{key}"), table.size, &message, "give matrices of one size");
                }
            }
            let (distances, costs) = (tables.distances.clone(), tables.costs.clone());
            self.profiles.insert(profile.to_owned(), Profile { durations: durations.clone(), distances, costs });
        }
        let size = size.unwrap_or(0);
        self.coords = vec![None; size];
        for (path, spot) in spots(input) {
            match spot.index {
                Some(index) if index < size => self.coords[index] = spot.coord.or(self.coords[index]),
                Some(index) if size > 0 => {
                    let message = format!("is beyond the matrices, which have {size} rows");
                    found.faults.add(path.index, index, &message, "correct it, or complete the matrices");
                }
                Some(_) => {}
                None => found.faults.add(path.index, "", "is missing", "name the row of the matrices"),
            }
        }
    }

    fn of_points(&mut self, found: &mut Found, input: &Input, profiles: &[&str], travels: Travels<'_>) {
        let mut points = Vec::new();
        for (path, spot) in spots(input) {
            let Some(coord) = spot.coord else {
                let remedy = "give longitude and latitude, or matrices for every profile";
                found.faults.add(path.coord, "", "is missing", remedy);
                continue;
            };
            if !(-180.0..=180.0).contains(&coord.x) || !(-90.0..=90.0).contains(&coord.y) {
                let value = format!("[{}, {}]", coord.x, coord.y);
                found.faults.add(
                    path.coord,
                    value,
                    "is not a longitude and latitude",
                    "give degrees, the longitude first",
                );
            }
            if let std::collections::hash_map::Entry::Vacant(entry) = self.by_coord.entry(key(coord)) {
                entry.insert(points.len());
                points.push(coord);
            }
        }
        if points.len() > MOST_PLACES {
            let message = format!("there are more than {MOST_PLACES} places");
            found.faults.add("jobs", points.len(), &message, "give matrices, or split the problem");
        }
        self.coords = points.iter().copied().map(Some).collect();
        if !found.faults.is_empty() {
            return;
        }
        for &profile in profiles {
            if self.profiles.contains_key(profile) {
                continue;
            }
            match travels(profile, &points) {
                Ok(tables) => {
                    self.profiles.insert(profile.to_owned(), of_tables(&tables, points.len()));
                }
                Err(reason) => found.routing = Some(reason),
            }
        }
    }

    /// Seconds from one place to another, for a vehicle; none from a place to itself, whatever the matrix says.
    pub(super) fn duration(&self, vehicle: &Vehicle, from: usize, to: usize) -> Duration {
        let Some(profile) = self.profiles.get(&vehicle.profile).filter(|_| from != to) else { return 0 };
        at_speed(profile.durations.at(from, to), vehicle.speed)
    }

    /// Metres, where they are known.
    pub(super) fn distance(&self, vehicle: &Vehicle, from: usize, to: usize) -> Option<i64> {
        let distances = self.profiles.get(&vehicle.profile)?.distances.as_ref()?;
        Some(if from == to { 0 } else { distances.at(from, to) })
    }
}

/// A duration at a speed in hundredths, to the nearest second. As in VROOM, the reciprocal has two digits.
pub(super) fn at_speed(duration: Duration, speed: i64) -> Duration {
    if speed == 100 || duration >= UNREACHABLE {
        return duration;
    }
    let factor = (10_000 + speed / 2) / speed.max(1);
    ((duration.saturating_mul(factor) + 50) / 100).min(MAX_VALUE)
}

fn of_tables(tables: &ProfileMatrices, size: usize) -> Profile {
    let table = |matrix: &Matrix| Table {
        size,
        values: (0..size).flat_map(|i| (0..size).map(move |j| (i, j))).map(|(i, j)| matrix.get(i, j)).collect(),
    };
    let durations = table(tables.duration.as_ref().unwrap_or(&tables.distance));
    Profile { durations, distances: Some(table(&tables.distance)), costs: None }
}

fn key(coord: Coord) -> [u64; 2] {
    // Minus zero is zero.
    [(coord.x + 0.0).to_bits(), (coord.y + 0.0).to_bits()]
}

/// Where a spot's fields are.
struct SpotPath {
    coord: String,
    index: String,
}

/// All spots of a document.
fn spots(input: &Input) -> Vec<(SpotPath, Spot)> {
    let path = |path: &str, coord: &str, index: &str| SpotPath {
        coord: format!("{path}.{coord}"),
        index: format!("{path}.{index}"),
    };
    let task = |(at, task): (String, &Task)| (path(&at, "location", "location_index"), task.spot);
    let mut all: Vec<(SpotPath, Spot)> = input.tasks().map(task).collect();
    for (v, vehicle) in input.vehicles.iter().enumerate() {
        let at = format!("vehicles[{v}]");
        all.extend(vehicle.start.map(|spot| (path(&at, "start", "start_index"), spot)));
        all.extend(vehicle.end.map(|spot| (path(&at, "end", "end_index"), spot)));
    }
    all
}
