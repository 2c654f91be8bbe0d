//! The arguments of `matrix`, `route` and `network`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

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

A file that ends in .json has the travel of a problem document (\"travel\"); any other is CSV: from, to, seconds, metres.
Cells without a path are empty.";

#[derive(Debug, Args)]
#[command(after_help = MATRIX_HELP)]
pub(crate) struct MatrixArgs {
    #[command(flatten)]
    pub(crate) streets: OnStreets,
    /// Where to write the table; standard output, if not given
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
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
