//! From what is asked for to a problem.

use milkrun::io::json::{self, JsonError};
use milkrun::{Client, Coord, Depot, DepotId, Problem, Travel, ValidationError, VehicleType};
use serde::{Deserialize, Serialize};

use crate::crypto::fingerprint;
use crate::error::Error;
use crate::fleet::{self, Fault, Kind, Record};
use crate::storage::Connection;

/// Mean speed on straight lines, metres a second.
const SPEED: f64 = 8.3;
/// What it costs to leave a bin unserved: more than any detour to it.
const PRIZE: i64 = 10_000_000;
/// Most things of a kind that one plan takes from the stored ones.
const MOST: i64 = 100_000;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ask {
    /// A name for people.
    pub(crate) name: String,
    /// What is to be planned.
    pub(crate) source: Source,
    /// Longest search, seconds.
    pub(crate) seconds: u32,
    /// Most iterations.
    pub(crate) iterations: Option<u64>,
    /// Seed of all random choices.
    pub(crate) seed: u64,
}

/// What is to be planned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// A problem in milkrun's own format.
    Document(String),
    /// The stored bins that are at least so full, per cent, with the stored vehicles.
    Fleet {
        /// Fill level.
        min_fill: i64,
    },
}

/// A request as a job keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prepared {
    /// The problem, in milkrun's own format.
    pub(crate) problem: String,
    /// Longest search, seconds.
    pub(crate) seconds: u32,
    /// Most iterations.
    pub(crate) iterations: Option<u64>,
    /// Seed.
    pub(crate) seed: u64,
}

impl Prepared {
    /// Equal requests have equal keys, whatever they are called.
    pub(crate) fn content_key(&self) -> String {
        let Self { problem, seconds, iterations, seed } = self;
        fingerprint(format!("{seconds} {iterations:?} {seed} {problem}").as_bytes())
    }
}

/// Why a request cannot be planned.
#[derive(Debug)]
pub(crate) enum Unplannable {
    /// All that is wrong with it.
    Faults(Vec<Fault>),
    /// Something failed inside.
    Inner(Error),
}

impl From<Error> for Unplannable {
    fn from(error: Error) -> Self {
        Self::Inner(error)
    }
}

/// Builds and checks the problem.
pub(crate) async fn prepare(
    connection: &mut Connection,
    org: &str,
    ask: &Ask,
    max_stops: usize,
) -> Result<Prepared, Unplannable> {
    let problem = match &ask.source {
        Source::Document(text) => json::read_problem(text).map_err(|error| Unplannable::Faults(document(&error)))?,
        Source::Fleet { min_fill } => stored(connection, org, *min_fill).await?,
    };
    let stops = problem.num_stops();
    if stops > max_stops {
        let text = format!("{stops} stops: this service plans at most {max_stops} at a time");
        return Err(Unplannable::Faults(vec![Fault::new("$.problem", text)]));
    }
    let problem = json::write_problem(&problem);
    Ok(Prepared { problem, seconds: ask.seconds, iterations: ask.iterations, seed: ask.seed })
}

fn document(error: &JsonError) -> Vec<Fault> {
    match error {
        JsonError::Content { faults } => {
            faults.iter().map(|f| Fault::new(format!("$.problem.{}", f.path()), f.to_string())).collect()
        }
        JsonError::Invalid(error) => invalid(error),
        JsonError::Shape { path, message, remedy, .. } => {
            vec![Fault::new(format!("$.problem.{path}"), format!("{message}; {remedy}"))]
        }
        other => vec![Fault::new("$.problem", other.to_string())],
    }
}

fn invalid(error: &ValidationError) -> Vec<Fault> {
    error.issues.iter().map(|issue| Fault::new(format!("$.problem.{}", issue.path), issue.to_string())).collect()
}

async fn stored(connection: &mut Connection, org: &str, min_fill: i64) -> Result<Problem, Unplannable> {
    let depots = fleet::list(connection, Kind::Depot, org, "", MOST).await?;
    let sites = fleet::list(connection, Kind::DisposalSite, org, "", MOST).await?;
    let vehicles = fleet::list(connection, Kind::Vehicle, org, "", MOST).await?;
    let bins = fleet::list(connection, Kind::Bin, org, "", MOST).await?;
    build(
        &depots,
        &sites,
        &vehicles,
        bins.iter().filter(|bin| bin.get(Kind::Bin, "fill_percent").integer() >= min_fill),
    )
    .map_err(Unplannable::Faults)
}

/// A day's problem. A disposal site is a place where a vehicle may end one trip and begin the next.
fn build<'a>(
    depots: &[Record],
    sites: &[Record],
    vehicles: &[Record],
    bins: impl Iterator<Item = &'a Record>,
) -> Result<Problem, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut builder = Problem::builder();
    let number = |kind, record: &Record, name| record.get(kind, name).integer();
    let mut place = |kind, record: &Record| {
        let (from, until) = (number(kind, record, "open_from"), number(kind, record, "open_until"));
        let depot = Depot::at(coord(kind, record)).name(record.code()).open(from, until);
        builder.add_depot(depot.service(number(kind, record, "service_seconds")))
    };
    let yards: Vec<(&str, DepotId)> = depots.iter().map(|depot| (depot.code(), place(Kind::Depot, depot))).collect();
    let tips: Vec<DepotId> = sites.iter().map(|site| place(Kind::DisposalSite, site)).collect();
    for vehicle in vehicles {
        let number = |name| number(Kind::Vehicle, vehicle, name);
        let code = vehicle.get(Kind::Vehicle, "depot").text();
        let Some((_, yard)) = yards.iter().find(|(known, _)| *known == code) else {
            let text = format!("no depot has the code {code:?}: import it, or correct the vehicle");
            faults.push(Fault::new(format!("vehicles/{}/depot", vehicle.code()), text));
            continue;
        };
        let kind = VehicleType::new(1).capacity([number("capacity_kg")]).depot(*yard).name(vehicle.code());
        let kind = kind.shift(number("shift_from"), number("shift_until")).fixed_cost(number("fixed_cost"));
        // Without a disposal site, the depot is where vehicles are emptied.
        let reload = if tips.is_empty() { vec![*yard] } else { tips.clone() };
        builder.add_vehicle_type(kind.reload_depots(reload).max_trips(number("max_trips").cast_unsigned() as usize));
    }
    let mut count = 0;
    for bin in bins {
        let number = |name| number(Kind::Bin, bin, name);
        let load = number("load_kg").saturating_mul(number("fill_percent")) / 100;
        let client =
            Client::at(coord(Kind::Bin, bin)).name(bin.code()).pickup([load]).service(number("service_seconds"));
        builder.add_client(client.time_window(number("open_from"), number("open_until")).optional(PRIZE));
        count += 1;
    }
    if vehicles.is_empty() {
        faults.push(Fault::new("vehicles", "there are none: import them first"));
    }
    if count == 0 {
        faults.push(Fault::new("bins", "none is full enough: import bins, or ask for a lower fill level"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    builder.travel(Travel::haversine(SPEED)).build().map_err(|error| invalid(&error))
}

fn coord(kind: Kind, record: &Record) -> Coord {
    Coord::new(record.get(kind, "lon").real(), record.get(kind, "lat").real())
}
