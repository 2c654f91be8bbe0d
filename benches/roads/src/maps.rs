//! The maps that are measured.

use std::path::{Path, PathBuf};

use milkrun::travel::road::{City, CityPlan, Network, RoadProfile, Streets};

use crate::kit::Outcome;

/// Blocks along each side of the synthetic city, which has a million directed segments.
const BLOCKS: u32 = 580;

/// A car as OSRM has it, for comparing distances.
const OSRM_CAR: &str = include_str!("../osrm-car.toml");

/// A map, and the folder of what is made of it.
pub struct Map {
    pub name: &'static str,
    work: PathBuf,
    source: Source,
}

enum Source {
    Pbf(PathBuf),
    Lists(PathBuf, PathBuf),
    City,
}

/// The real maps of the shared data, and the synthetic city.
pub const NAMES: [&str; 4] = ["coquimbo", "helsinki", "monaco", "city"];

/// All maps, or those named; what is not there is said and omitted.
pub fn all(names: &[&str], work: &Path) -> Result<Vec<Map>, String> {
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(name)) {
        return Err(format!("there is no map {unknown}; these exist: {}", NAMES.join(", ")));
    }
    let wanted = NAMES.into_iter().filter(|name| names.is_empty() || names.contains(name));
    let mut maps = Vec::new();
    for name in wanted {
        let map = found(name, work)?;
        if map.is_there() {
            map.write_city()?;
            maps.push(map);
        } else {
            eprintln!("skipped: {name} is not in the shared data; MILKRUN_SHARED names its folder");
        }
    }
    if maps.is_empty() { Err("there are no maps".to_owned()) } else { Ok(maps) }
}

/// The map of a name.
pub fn found(name: &str, work: &Path) -> Result<Map, String> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("MILKRUN_SHARED").map_or_else(beside, PathBuf::from).join("data/osm");
    let source = match name {
        "coquimbo" => Source::Lists(folder.join("coquimbo_nodes.csv.gz"), folder.join("coquimbo_links.csv.gz")),
        "helsinki" => Source::Pbf(folder.join("Helsinki.osm.pbf")),
        "monaco" => Source::Pbf(folder.join("monaco.osm.pbf")),
        _ => Source::City,
    };
    let name = NAMES.into_iter().find(|known| *known == name).ok_or_else(|| format!("there is no map {name}"))?;
    Ok(Map { name, work: work.to_owned(), source })
}

impl Map {
    /// A file of this map in the folder of the work.
    pub fn file(&self, ending: &str) -> PathBuf {
        self.work.join(format!("{}.{ending}", self.name))
    }

    fn is_there(&self) -> bool {
        match &self.source {
            Source::Pbf(path) | Source::Lists(path, _) => path.is_file(),
            Source::City => true,
        }
    }

    /// The synthetic city is written as a map that all programs read.
    fn write_city(&self) -> Outcome {
        let Source::City = self.source else { return Ok(()) };
        let path = self.file("osm.pbf");
        let city = City { plan: CityPlan::River, blocks: BLOCKS, ..City::default() };
        let file = std::fs::File::create(&path).map(std::io::BufWriter::new);
        file.and_then(|file| city.write_pbf(file)).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Reads the map.
    pub fn streets(&self) -> Result<Streets, String> {
        let streets = match &self.source {
            Source::Pbf(path) => Streets::open(path),
            Source::Lists(nodes, links) => Streets::open_csv(nodes, links),
            Source::City => Streets::open(self.file("osm.pbf")),
        };
        streets.map_err(|error| error.to_string())
    }

    /// Who drives on it: the car that is compared with OSRM's.
    pub fn profile() -> Result<RoadProfile, String> {
        RoadProfile::from_toml(OSRM_CAR).map_err(|error| error.to_string())
    }

    /// The network that was prepared.
    pub fn network(&self) -> Result<Network, String> {
        Network::open(self.file("network")).map_err(|error| error.to_string())
    }
}
