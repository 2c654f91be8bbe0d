//! Which streets a plan is made on: chosen and checked when it is asked for, measured when it is made.

use std::collections::HashMap;
use std::sync::Arc;

use milkrun::travel::road::{Network as RoadNetwork, RoadError, Snap, Spot};
use milkrun::travel::{Matrix, ProfileMatrices, SourcePoint, UNREACHABLE};
use milkrun::{CancelToken, Coord, LocationId, Problem, ProfileId, Travel};
use serde::{Deserialize, Serialize};

use super::plans::Used;
use super::problem::Places;
use crate::fleet::Fault;
use crate::networks::{Found, Shelf};

/// Most faults that are reported.
const MAX_FAULTS: usize = 100;

/// The travel of a problem: one entry for each travel profile, and the profile of each vehicle type. Of a problem that none
/// of it concerns there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Streets {
    /// The network of each travel profile; none: straight lines.
    pub(super) profiles: Vec<Option<Found>>,
    /// The profile of each vehicle type.
    pub(super) of_vehicle: Vec<usize>,
}

/// The networks of the profiles, opened.
pub(super) type Opened = Vec<Option<Arc<RoadNetwork>>>;

impl Streets {
    /// Which network each vehicle drives on; `None` if all of them drive along straight lines.
    pub(super) fn new(of_vehicle: Vec<Option<Found>>) -> Option<Self> {
        let mut profiles: Vec<Option<Found>> = Vec::new();
        let of_vehicle = of_vehicle
            .into_iter()
            .map(|network| {
                profiles.iter().position(|known| *known == network).unwrap_or_else(|| {
                    profiles.push(network);
                    profiles.len() - 1
                })
            })
            .collect();
        profiles.iter().any(Option::is_some).then_some(Self { profiles, of_vehicle })
    }

    /// Opens the networks; else says which cannot be opened and why.
    pub(super) async fn open(&self, shelf: &Shelf, org: &str) -> Result<Opened, String> {
        let mut opened = Vec::new();
        for profile in &self.profiles {
            opened.push(match profile {
                None => None,
                Some(Found { id, sha256, code, version, .. }) => {
                    let network = shelf.open(org, id, sha256).await;
                    Some(network.map_err(|why| format!("the network {code}, version {version}: {why}"))?)
                }
            });
        }
        Ok(opened)
    }

    /// What is said of the travel in the plan.
    pub(super) fn used(&self) -> Vec<Used> {
        self.profiles.iter().map(|profile| profile.as_ref().map_or_else(Used::straight, Used::streets)).collect()
    }

    /// Checks that each place is on streets and can be reached: a depot on those of its vehicles, others on those of some.
    pub(super) fn check(&self, problem: &Problem, places: &Places, networks: &Opened) -> Vec<Fault> {
        let all: Vec<On> = networks.iter().map(|network| On::new(problem, network.as_deref())).collect();
        let mut faults = Vec::new();
        let mut reached: Vec<HashMap<usize, Result<(), String>>> = Vec::new();
        for (p, on) in all.iter().enumerate() {
            let yards: Vec<usize> = self.yards(problem, p);
            for &yard in &yards {
                if let Err(why) = &on.spots[yard] {
                    faults.push(Fault::new(places.path(yard), format!("{}{why}", self.of(p))));
                }
            }
            reached.push(on.reached(&yards, networks[p].as_deref(), &|i| places.path(i)));
        }
        for i in places.of_stops() {
            let mut why: Option<String> = None;
            let somewhere = all.iter().zip(&reached).enumerate().any(|(p, (on, reached))| {
                let found = on.spots[i].clone().and_then(|_| reached.get(&i).cloned().unwrap_or(Ok(())));
                found.map_err(|text| why.get_or_insert(format!("{}{text}", self.of(p))).len()).is_ok()
            });
            if !somewhere && faults.len() < MAX_FAULTS {
                faults.push(Fault::new(places.path(i), why.unwrap_or_default()));
            }
        }
        faults
    }

    /// Of which network a fault is.
    fn of(&self, profile: usize) -> String {
        self.profiles[profile].as_ref().map_or_else(String::new, |found| format!("on the network {}: ", found.code))
    }

    /// The locations of the depots of a profile's vehicles.
    fn yards(&self, problem: &Problem, profile: usize) -> Vec<usize> {
        let own = problem.vehicle_types().iter().zip(&self.of_vehicle).filter(|(_, p)| **p == profile);
        let mut yards: Vec<usize> = own
            .flat_map(|(vehicle, _)| [vehicle.start, vehicle.end])
            .flatten()
            .map(|depot| problem.depot(depot).location().index())
            .collect();
        yards.sort_unstable();
        yards.dedup();
        yards
    }

    /// The problem with the streets' times and distances, and where its locations are on the streets.
    pub(super) fn measure(
        &self,
        problem: &Problem,
        networks: &Opened,
        cancel: &CancelToken,
        told: &(dyn Fn(f64) + Sync),
    ) -> Result<Measured, String> {
        let all: Vec<On> = networks.iter().map(|network| On::new(problem, network.as_deref())).collect();
        let mut matrices = Vec::new();
        for (p, on) in all.iter().enumerate() {
            let begun = p as f64 / all.len() as f64;
            let told = |share: f64| told(begun + share / all.len() as f64);
            matrices.push(on.matrices(problem, networks[p].as_deref(), cancel, &told)?);
        }
        let mut builder = problem.to_builder();
        builder.travel(Travel::Matrices(matrices));
        for (vehicle, &profile) in builder.vehicle_types_mut().iter_mut().zip(&self.of_vehicle) {
            vehicle.profile = ProfileId::new(profile);
        }
        let problem = builder.build().map_err(|error| error.to_string())?;
        Ok(Measured { problem, on: all })
    }
}

/// A problem on streets.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) problem: Problem,
    on: Vec<On>,
}

impl Measured {
    /// A problem that has the streets' tables already, and where its locations are on the streets.
    pub(super) fn with_tables(problem: &Problem, networks: &Opened) -> Self {
        let on = networks.iter().map(|network| On::new(problem, network.as_deref())).collect();
        Self { problem: problem.clone(), on }
    }

    /// The streets from one location to another.
    pub(super) fn along(
        &self,
        networks: &Opened,
        profile: ProfileId,
        from: LocationId,
        to: LocationId,
    ) -> Option<Vec<Coord>> {
        let network = networks.get(profile.index())?.as_ref()?;
        let spot = |id: LocationId| self.on.get(profile.index())?.spots.get(id.index())?.clone().ok().flatten();
        let route = network.route(&[spot(from)?, spot(to)?]).ok()?;
        route.legs.into_iter().next().map(|leg| leg.geometry)
    }
}

/// Where locations are on the streets of a profile: no spot where it has no streets, or why there is none.
#[derive(Debug)]
struct On {
    spots: Vec<Result<Option<Spot>, String>>,
}

impl On {
    fn new(problem: &Problem, network: Option<&RoadNetwork>) -> Self {
        let Some(network) = network else { return Self { spots: vec![Ok(None); problem.locations().len()] } };
        let spot = |location: &milkrun::Location| {
            let point = SourcePoint::new(location.coord.x, location.coord.y).named("it");
            match network.snap_named(&[point], &Snap::default()) {
                Ok(mut spots) => Ok(spots.pop()),
                Err(RoadError::OffRoad { points, .. }) => {
                    Err(points.first().map_or_else(String::new, ToString::to_string))
                }
                Err(error) => Err(error.to_string()),
            }
        };
        Self { spots: problem.locations().iter().map(spot).collect() }
    }

    /// The locations that are on streets, with their spots.
    fn found(&self) -> (Vec<usize>, Vec<Spot>) {
        let found = self.spots.iter().enumerate();
        found.filter_map(|(i, spot)| Some((i, spot.as_ref().ok()?.clone()?))).unzip()
    }

    /// For each location that no yard is joined with, there and back, what is missing. A network is one where each street
    /// is reached from each, unless some were closed: so that what is joined with a yard is joined with all else that is.
    fn reached(
        &self,
        yards: &[usize],
        network: Option<&RoadNetwork>,
        path: &dyn Fn(usize) -> String,
    ) -> HashMap<usize, Result<(), String>> {
        let Some(network) = network else { return HashMap::new() };
        let (places, spots) = self.found();
        let (at, own): (Vec<usize>, Vec<Spot>) =
            yards.iter().filter_map(|&yard| Some((yard, self.spots[yard].as_ref().ok()?.clone()?))).unzip();
        let (Ok(out), Ok(back)) = (network.table(&own, &spots), network.table(&spots, &own)) else {
            return HashMap::new();
        };
        let joined = |i: usize| {
            let mut missing = None;
            let found = at.iter().enumerate().any(|(y, &yard)| {
                let ways = [(out.duration(y, i), yard, places[i]), (back.duration(i, y), places[i], yard)];
                let cut = ways.into_iter().find(|(time, ..)| time.is_none());
                if let Some((_, from, to)) = cut {
                    missing.get_or_insert(format!("no path leads from {} to {}", path(from), path(to)));
                }
                cut.is_none()
            });
            if found || at.is_empty() { Ok(()) } else { Err(missing.unwrap_or_default()) }
        };
        places.iter().enumerate().map(|(i, &place)| (place, joined(i))).collect()
    }

    /// Metres and seconds among all locations. What is on no street of this profile is not driven to.
    fn matrices(
        &self,
        problem: &Problem,
        network: Option<&RoadNetwork>,
        cancel: &CancelToken,
        told: &(dyn Fn(f64) + Sync),
    ) -> Result<ProfileMatrices, String> {
        let size = problem.locations().len();
        let (mut metres, mut seconds) = (vec![UNREACHABLE; size * size], vec![UNREACHABLE; size * size]);
        if let Some(network) = network {
            let (places, spots) = self.found();
            let rows = places.len().max(1) as f64;
            let table = network.table_with(&spots, &spots, cancel, &|done| told(done as f64 / rows));
            let table = table.map_err(|error| error.to_string())?;
            for (row, &from) in places.iter().enumerate() {
                for (column, &to) in places.iter().enumerate() {
                    let cell = table.distance(row, column).zip(table.duration(row, column));
                    (metres[from * size + to], seconds[from * size + to]) = cell.unwrap_or((UNREACHABLE, UNREACHABLE));
                }
            }
        } else {
            let (profile, id) = (ProfileId::new(0), LocationId::new);
            for (cell, (metres, seconds)) in metres.iter_mut().zip(&mut seconds).enumerate() {
                let (from, to) = (id(cell / size), id(cell % size));
                (*metres, *seconds) = (problem.distance(profile, from, to), problem.duration(profile, from, to));
            }
        }
        // A vehicle that stays where it is drives nowhere.
        for place in 0..size {
            (metres[place * size + place], seconds[place * size + place]) = (0, 0);
        }
        let matrix = |values| Matrix::new(size, values).map_err(|error| error.to_string());
        Ok(ProfileMatrices { distance: matrix(metres)?, duration: Some(matrix(seconds)?) })
    }
}
