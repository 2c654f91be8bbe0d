//! Street networks: opening them, and travel along them.

use std::path::Path;

use milkrun::io::geojson::Along;
use milkrun::io::json::{AskedTravel, ServiceKind};
use milkrun::travel::road::{Network, RoadProfile, Snap, Spot, Streets};
use milkrun::travel::{Approach, ProfileMatrices, SourcePoint, SourceProgress, SourceRun};
use milkrun::{CancelToken, Coord, Location, LocationId, ProfileId, Travel};

use crate::failure::Failure;
use crate::input::shown;
use crate::progress::CellsLine;
use crate::road_args::SourceArgs;
use crate::source::{self, Opened};

/// What every prepared network begins with.
const PREPARED: &[u8] = b"MILKROAD";

/// What knows the travel of a problem's profiles, with its locations.
pub(crate) struct Roads {
    profiles: Vec<Lines>,
    points: Vec<SourcePoint>,
}

/// What knows the travel of one profile.
enum Lines {
    Network(Network, Vec<Spot>),
    /// Whether it draws lines without being paid for each.
    Service(Opened, bool),
}

impl Roads {
    /// Opens what a document names, relative to its folder, and finds the locations on the streets.
    pub(crate) fn open(asked: &AskedTravel, folder: &Path, locations: &[Location]) -> Result<Self, String> {
        let (names, curb) = match asked {
            AskedTravel::Network(network) => (network.profiles(), network.curb),
            AskedTravel::Service(service) => (service.profiles(), service.curb),
            _ => return Err("this kind of travel is not known to the command line".to_owned()),
        };
        let names: Vec<Option<&str>> = match names {
            [] => vec![None],
            names => names.iter().map(|name| Some(name.as_str())).collect(),
        };
        let points = points(locations, if curb { Approach::Curb } else { Approach::Any });
        let profiles = match asked {
            AskedTravel::Service(service) => {
                let is_free = matches!(service.service, ServiceKind::Osrm | ServiceKind::Valhalla);
                let opened = source::remote(&SourceArgs::of(service, folder), &names, folder)?;
                opened.into_iter().map(|source| Lines::Service(source, is_free)).collect()
            }
            AskedTravel::Network(asked) => {
                let file = folder.join(&asked.file);
                let open = |name: Option<&str>| {
                    let network = network(&file, name, folder)?;
                    let spots = network.snap_named(&points, &Snap::default()).map_err(|error| error.to_string())?;
                    Ok(Lines::Network(network, spots))
                };
                names.into_iter().map(open).collect::<Result<_, String>>()?
            }
            _ => Vec::new(),
        };
        Ok(Self { profiles, points })
    }

    /// One network, on whose streets the locations are found.
    pub(crate) fn on(network: Network, locations: &[Location]) -> Result<Self, String> {
        let points = points(locations, Approach::Any);
        let spots = network.snap_named(&points, &Snap::default()).map_err(|error| error.to_string())?;
        Ok(Self { profiles: vec![Lines::Network(network, spots)], points })
    }

    /// Seconds and metres among all locations. Unless `quiet`, a line shows how much of a service's table is there. Ctrl-C ends
    /// the program at once: there is nothing yet that could be kept but answers in a cache, which are there already.
    pub(crate) fn travel(&self, quiet: bool) -> Result<Travel, String> {
        let cancel = CancelToken::new();
        let line = CellsLine::new(quiet);
        let progress = |now: SourceProgress| line.show(now.done, now.total);
        let table = |lines: &Lines| match lines {
            Lines::Network(network, spots) => {
                let table = network.table(spots, spots).map_err(|error| error.to_string())?;
                table.to_matrices().map_err(|error| error.to_string())
            }
            Lines::Service(source, _) => {
                let table = source.table(&self.points, SourceRun { cancel: &cancel, progress: &progress });
                line.clear();
                let table = table.map_err(|error| error.to_string())?;
                table.check_connected(source.name(), &self.points).map_err(|error| error.to_string())?;
                Ok(ProfileMatrices { distance: table.distance, duration: Some(table.duration) })
            }
        };
        Ok(Travel::Matrices(self.profiles.iter().map(table).collect::<Result<_, String>>()?))
    }

    /// [`along`](Self::along), as maps ask for it.
    pub(crate) fn lines(&self) -> Box<Along<'_>> {
        Box::new(|profile, from, to| self.along(profile, from, to))
    }

    /// The streets from one location to another; none of a service that bills each of them.
    pub(crate) fn along(&self, profile: ProfileId, from: LocationId, to: LocationId) -> Option<Vec<Coord>> {
        match self.profiles.get(profile.index())? {
            Lines::Network(network, spots) => {
                let pair = [spots.get(from.index())?.clone(), spots.get(to.index())?.clone()];
                network.route(&pair).ok()?.legs.into_iter().next().map(|leg| leg.geometry)
            }
            Lines::Service(_, false) => None,
            Lines::Service(source, true) => {
                let pair = [self.points.get(from.index())?.clone(), self.points.get(to.index())?.clone()];
                let legs = source.legs(&pair, SourceRun::new(&CancelToken::new())).ok()?;
                legs.into_iter().next().map(|leg| leg.geometry)
            }
        }
    }
}

/// The locations as points with names.
fn points(locations: &[Location], approach: Approach) -> Vec<SourcePoint> {
    let point = |(i, location): (usize, &Location)| {
        let name = if location.name.is_empty() { format!("location {i}") } else { location.name.clone() };
        SourcePoint::new(location.coord.x, location.coord.y).named(name).approach(approach)
    };
    locations.iter().enumerate().map(point).collect()
}

/// A network: prepared, or of a map as a profile drives it (a car, if none is named). The profile is shipped or a file.
pub(crate) fn network(file: &Path, profile: Option<&str>, folder: &Path) -> Result<Network, String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", shown(file));
    if is_prepared(file) {
        let network = Network::open(file).map_err(|error| told(&error))?;
        let own = &network.profile().name;
        return match profile {
            Some(asked) if asked != own => Err(told(&format!(
                "the network was prepared for the profile `{own}`, not for `{asked}`; prepare another one from the map"
            ))),
            _ => Ok(network),
        };
    }
    let streets = Streets::open(file).map_err(|error| told(&error))?;
    let profile = road_profile(profile.unwrap_or("car"), folder)?;
    Network::new(&streets, &profile).map_err(|error| told(&error))
}

fn is_prepared(file: &Path) -> bool {
    use std::io::Read as _;
    let mut start = [0; PREPARED.len()];
    std::fs::File::open(file).is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == PREPARED
}

/// A profile that is shipped, or in a file.
pub(crate) fn road_profile(name: &str, folder: &Path) -> Result<RoadProfile, String> {
    if let Some(profile) = RoadProfile::shipped(name) {
        return Ok(profile);
    }
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let shipped = RoadProfile::SHIPPED.join(", ");
        format!(
            "there is no profile `{name}`, and no file {}: {error}; use one of {shipped}, or a TOML file",
            shown(&path)
        )
    })?;
    RoadProfile::from_toml(&text).map_err(|error| format!("{}: {error}", shown(&path)))
}

/// The fault of an input.
pub(crate) fn failure(message: String) -> Failure {
    Failure::input(message)
}
