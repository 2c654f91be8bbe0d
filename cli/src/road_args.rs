//! The arguments of `matrix`, `route` and `network`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use milkrun::io::json::{ServiceKind, ServiceTravel};

/// Straight lines: km/h, and length of roads for each metre.
const SPEED: f64 = 30.0;
const DETOUR: f64 = 1.3;

/// Which streets.
#[derive(Debug, Args)]
pub(crate) struct OnStreets {
    /// A map of OpenStreetMap (PBF or XML), an edge list (GeoJSON), or a prepared network
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) network: PathBuf,
    /// Who drives: car, truck, waste-truck, foot, or a TOML file; a prepared network has its own
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Points: CSV with the columns lon and lat, and perhaps name and approach (any or curb)
    #[arg(long, value_name = "POINTS.csv", value_hint = ValueHint::FilePath)]
    pub(crate) points: PathBuf,
}

const MATRIX_HELP: &str = "\
Examples:
  milkrun matrix --network city.osm.pbf --profile waste-truck --points bins.csv --out table.csv
  milkrun matrix --network city.network --points bins.csv --out travel.json
  milkrun matrix --source osrm --url http://127.0.0.1:5000 --points bins.csv --cache tables --out table.npz
  milkrun matrix --source google --key-env ROUTES_KEY --budget 10000 --points bins.csv --out table.csv

A file that ends in .json has the travel of a problem document (\"travel\"); in .npz, arrays of numpy: seconds and metres,
from rows to columns in the order of the points, -1 without a path; any other is CSV: from, to, seconds, metres, of which
cells without a path are empty.";

#[derive(Debug, Args)]
#[command(after_help = MATRIX_HELP)]
pub(crate) struct MatrixArgs {
    /// A map of OpenStreetMap (PBF or XML), an edge list (GeoJSON), or a prepared network
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "source")]
    #[arg(required_unless_present = "source")]
    pub(crate) network: Option<PathBuf>,
    /// Who drives. On a network, and for Valhalla, whose costing has the measures of its vehicle: car, truck, waste-truck,
    /// foot, or a TOML file; for the others, a word of theirs
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// Points: CSV with the columns lon and lat, and perhaps name and approach (any or curb)
    #[arg(long, value_name = "POINTS.csv", value_hint = ValueHint::FilePath)]
    pub(crate) points: PathBuf,
    /// Where to write the table; standard output, if not given
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
}

/// Travel times that come from elsewhere.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    /// Where travel times come from, in place of a network
    #[arg(long, value_enum)]
    pub(crate) source: Option<Source>,
    /// The server's address, of OSRM and Valhalla
    #[arg(long, value_name = "URL", requires = "source")]
    pub(crate) url: Option<String>,
    /// The environment variable that has the key, of Mapbox and Google; otherwise
    /// `MILKRUN_MAPBOX_KEY` and `MILKRUN_GOOGLE_KEY`
    #[arg(long, value_name = "NAME", requires = "source")]
    pub(crate) key_env: Option<String>,
    /// The most elements, cells of the table, that may be asked for; Mapbox and Google, which bill them, need it
    #[arg(long, value_name = "ELEMENTS", requires = "source")]
    pub(crate) budget: Option<u64>,
    /// A folder in which answers are kept, so that only new cells are asked for
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, requires = "source")]
    pub(crate) cache: Option<PathBuf>,
    /// A name of the source's data, such as their date: kept answers of other data are not used
    #[arg(long, value_name = "NAME", requires = "source")]
    pub(crate) data_date: Option<String>,
    /// Speed of straight lines, km/h
    #[arg(long, value_name = "KM/H", requires = "source", default_value_t = SPEED)]
    pub(crate) speed: f64,
    /// Length of roads per straight line
    #[arg(long, value_name = "FACTOR", requires = "source", default_value_t = DETOUR)]
    pub(crate) detour: f64,
}

impl SourceArgs {
    /// A server of OSRM or Valhalla.
    pub(crate) fn at(source: Source, url: &str) -> Self {
        Self {
            source: Some(source),
            url: Some(url.to_owned()),
            key_env: None,
            budget: None,
            cache: None,
            data_date: None,
            speed: SPEED,
            detour: DETOUR,
        }
    }

    /// What a document asks for, relative to its folder.
    pub(crate) fn of(asked: &ServiceTravel, folder: &Path) -> Self {
        let source = match asked.service {
            ServiceKind::Osrm => Source::Osrm,
            ServiceKind::Valhalla => Source::Valhalla,
            ServiceKind::Mapbox => Source::Mapbox,
            ServiceKind::Google => Source::Google,
        };
        Self {
            source: Some(source),
            url: asked.url.clone(),
            key_env: None,
            budget: asked.budget,
            cache: asked.cache.as_ref().map(|cache| folder.join(cache)),
            data_date: asked.data_date.clone(),
            speed: SPEED,
            detour: DETOUR,
        }
    }
}

/// What knows travel times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Source {
    /// An estimate: great circles, somewhat longer, at one speed
    Straight,
    /// A server of OSRM
    Osrm,
    /// A server of Valhalla
    Valhalla,
    /// Mapbox (profiles: driving, driving-traffic, cycling, walking)
    Mapbox,
    /// Google Routes (profiles: drive, drive-traffic, drive-traffic-optimal, walk, bicycle)
    Google,
}

#[derive(Debug, Args)]
pub(crate) struct RouteArgs {
    #[command(flatten)]
    pub(crate) streets: OnStreets,
    /// Where to write the route (GeoJSON)
    #[arg(long, value_name = "OUT.geojson", value_hint = ValueHint::FilePath)]
    pub(crate) geojson: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct NetworkArgs {
    #[command(subcommand)]
    pub(crate) what: NetworkCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NetworkCommand {
    /// Say what a map or a prepared network has, and what of it a profile does not use
    Info {
        /// The map or the prepared network
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// Who drives: car, truck, waste-truck, foot, or a TOML file
        #[arg(long, value_name = "PROFILE")]
        profile: Option<String>,
    },
    /// Prepare a network for fast questions, as a file
    Prepare {
        /// The map
        #[arg(value_hint = ValueHint::FilePath)]
        map: PathBuf,
        /// Who drives: car, truck, waste-truck, foot, or a TOML file
        #[arg(long, value_name = "PROFILE", default_value = "car")]
        profile: String,
        /// Where to write it
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        out: PathBuf,
    },
    /// Print a shipped profile, to start another one from
    Profile {
        /// car, truck, waste-truck or foot
        name: String,
    },
    /// Write the map of a synthetic city (OSM PBF)
    City {
        /// How its streets run
        #[arg(long, value_enum, default_value_t = Plan::Grid)]
        plan: Plan,
        /// Blocks along each side, 2 to 2,000
        #[arg(long, value_name = "N", default_value_t = 40)]
        blocks: u32,
        /// What differs between cities of the same size
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// Where to write it
        #[arg(long, value_name = "OUT.osm.pbf", value_hint = ValueHint::FilePath)]
        out: PathBuf,
    },
}

/// How the streets of a synthetic city run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plan {
    /// A chequerboard
    Grid,
    /// Rings and spokes
    Radial,
    /// Two banks of a river with few bridges
    River,
}
