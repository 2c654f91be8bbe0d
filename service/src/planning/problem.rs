//! From what is asked for to a problem.

use std::collections::HashMap;

use milkrun::forecast::{Choice, apply_selection};
use milkrun::io::json::{self, JsonError};
use milkrun::{
    Break, Client, Coord, Depot, DepotId, DisposalSite, DisposalSiteId, DriverRule, LocationId, Problem, Rate,
    TimeWindow, Travel, ValidationError, VehicleType,
};
use serde::{Deserialize, Serialize};

use super::alternatives::Wanted;
use super::plans::Used;
use super::streets::Streets;
use crate::audit::Ledger;
use crate::crypto::fingerprint;
use crate::error::Error;
use crate::fleet::{self, Fault, Kind, Record, Value};
use crate::forecasts::{self, FromForecast, Selection};
use crate::networks::{self, Shelf, Usable};
use crate::storage::plans::PlanForecast;
use crate::storage::{Connection, Networks as _};

/// Mean speed on straight lines, metres a second.
pub(super) const SPEED: f64 = 8.3;
/// How much longer roads are than straight lines.
pub(super) const DETOUR: f64 = 1.3;
/// What it costs to leave a bin unserved: more than any detour to it.
const PRIZE: i64 = 10_000_000;
/// Kilograms of a tonne.
const TONNE: i64 = 1_000;

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
        /// Whether straight lines are asked for, whatever networks are chosen.
        straight: bool,
        /// The forecast that says which bins must or may be visited, in place of a fill level.
        forecast: Option<FromForecast>,
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
    /// The streets that are driven on; the problem has straight lines in their place.
    #[serde(default)]
    pub(crate) streets: Option<Streets>,
    /// On what its times and distances rest.
    #[serde(default)]
    pub(crate) travel: Vec<Used>,
    /// The alternatives that are asked for, in place of one plan.
    #[serde(default)]
    pub(crate) front: Option<Wanted>,
    /// The forecast that its bins come from.
    #[serde(default)]
    pub(crate) forecast: Option<PlanForecast>,
    /// What looks unlikely in the problem, for who asks.
    #[serde(skip)]
    pub(crate) remarks: Vec<String>,
}

impl Prepared {
    /// Equal requests have equal keys, whatever they are called.
    pub(crate) fn content_key(&self) -> String {
        let Self { problem, seconds, iterations, seed, streets, front, forecast, .. } = self;
        let streets = streets.as_ref().map_or_else(String::new, |streets| format!("{streets:?} "));
        let front = front.as_ref().map_or_else(String::new, |front| format!("{front:?} "));
        // A plan names its forecast: another forecast is another plan.
        let forecast = forecast.as_ref().map_or_else(String::new, |forecast| format!("{forecast:?} "));
        fingerprint(format!("{forecast}{front}{streets}{seconds} {iterations:?} {seed} {problem}").as_bytes())
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

/// What may be asked for, and where networks are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within<'a> {
    /// Most stops of one problem.
    pub(crate) max_stops: usize,
    /// Most places of a problem on streets.
    pub(crate) max_places: usize,
    /// The networks.
    pub(crate) shelf: &'a Shelf,
}

/// Builds and checks the problem. Places that are far from every street, or that no path leads to, are all named.
pub(crate) async fn prepare(
    ledger: &Ledger,
    org: &str,
    ask: &Ask,
    within: Within<'_>,
) -> Result<Prepared, Unplannable> {
    let mut source = None;
    let (problem, streets, travel) = match &ask.source {
        Source::Document(text) => {
            let problem = json::read_problem(text).map_err(|error| Unplannable::Faults(document(&error)))?;
            (problem, None, vec![Used::given()])
        }
        Source::Fleet { min_fill, straight, forecast } => {
            let selection = match forecast {
                Some(of) => Some(selected(ledger, org, *of, within.max_stops).await?),
                None => None,
            };
            let mut connection = ledger.connection().await?;
            let stored = stored(&mut connection, org, (*min_fill, selection.as_ref()), within.max_stops).await?;
            source = selection.map(|selection| selection.source);
            let streets = if *straight { None } else { chosen(&mut connection, org, &stored).await? };
            drop(connection);
            let problem = match &streets {
                None => stored.problem,
                Some(streets) => on_streets(stored, streets, org, within).await?,
            };
            let travel = streets.as_ref().map_or_else(|| vec![Used::straight()], Streets::used);
            (problem, streets, travel)
        }
    };
    let stops = problem.num_stops();
    if stops > within.max_stops {
        let text = format!("{stops} stops: this service plans at most {} at a time", within.max_stops);
        return Err(Unplannable::Faults(vec![Fault::new("$.problem", text)]));
    }
    let remarks = problem.remarks();
    let problem = json::write_problem(&problem);
    let Ask { seconds, iterations, seed, .. } = *ask;
    Ok(Prepared { problem, seconds, iterations, seed, streets, travel, front: None, forecast: source, remarks })
}

/// What a forecast has the plan visit.
async fn selected(ledger: &Ledger, org: &str, of: FromForecast, most: usize) -> Result<Selection, Unplannable> {
    let fault = |text: String| Unplannable::Faults(vec![Fault::new("$.from_forecast", text)]);
    let Some(found) = forecasts::selection::select(ledger, org, of).await? else {
        return Err(fault(format!("there is no forecast of {}: ask for one, and wait until it is made", of.day)));
    };
    let count = found.bins.len();
    if count > most {
        let text = format!("{count} bins must or may be visited: this service plans with at most {most} at a time");
        return Err(fault(format!("{text}; raise the risk")));
    }
    if count == 0 {
        return Err(fault("no bin must or may be visited: there is nothing to plan".to_owned()));
    }
    Ok(found)
}

/// The network of each vehicle: that of its depot, or the organisation's usual one.
async fn chosen(connection: &mut Connection, org: &str, stored: &Stored) -> Result<Option<Streets>, Unplannable> {
    let usual = connection.usual_network(org).await?;
    let (mut known, mut faults) = (HashMap::new(), Vec::new());
    for (depot, code) in &stored.networks {
        let code = if code.is_empty() { &usual } else { code };
        if code.is_empty() {
            continue;
        }
        let path = || format!("depots/{depot}/network");
        match networks::usable(connection, org, code).await? {
            Usable::Ready(found) => _ = known.insert(depot.clone(), found),
            Usable::Pending => {
                faults.push(Fault::new(path(), format!("the network {code:?} is being prepared: wait for it")));
            }
            Usable::Failed(why) => {
                let text = format!("the network {code:?} could not be prepared ({why}): upload it again");
                faults.push(Fault::new(path(), text));
            }
            Usable::Missing => {
                let text = format!("there is no network {code:?}: upload it, or correct the depot");
                faults.push(Fault::new(path(), text));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Unplannable::Faults(faults));
    }
    Ok(Streets::new(stored.vehicles.iter().map(|depot| known.get(depot).cloned()).collect()))
}

/// The problem, once all its places have been found on the streets.
async fn on_streets(stored: Stored, streets: &Streets, org: &str, within: Within<'_>) -> Result<Problem, Unplannable> {
    let fault = |path: &str, text: String| Unplannable::Faults(vec![Fault::new(path, text)]);
    let places = stored.problem.locations().len();
    if places > within.max_places {
        let text = format!("{places} places: this service plans at most {} on streets", within.max_places);
        return Err(fault("$", text));
    }
    let opened = streets.open(within.shelf, org).await.map_err(|why| fault("networks", why))?;
    let streets = streets.clone();
    let checked = tokio::task::spawn_blocking(move || {
        let faults = streets.check(&stored.problem, &stored.places, &opened);
        if faults.is_empty() { Ok(stored.problem) } else { Err(faults) }
    });
    let checked = checked.await.map_err(|_| Error::Stored("places could not be looked up".to_owned()))?;
    checked.map_err(Unplannable::Faults)
}

fn document(error: &JsonError) -> Vec<Fault> {
    match error {
        JsonError::Content { faults, .. } => {
            faults.iter().map(|f| Fault::new(format!("$.problem.{}", f.path()), f.to_string())).collect()
        }
        JsonError::Invalid(error) => invalid(error),
        JsonError::Shape { faults, .. } => faults
            .iter()
            .map(|f| Fault::new(format!("$.problem.{}", f.path), format!("{}; {}", f.message, f.remedy)))
            .collect(),
        other => vec![Fault::new("$.problem", other.to_string())],
    }
}

fn invalid(error: &ValidationError) -> Vec<Fault> {
    error.issues.iter().map(|issue| Fault::new(format!("$.problem.{}", issue.path), issue.to_string())).collect()
}

/// Where the locations of a problem come from.
#[derive(Debug, Default)]
pub(super) struct Places {
    paths: HashMap<usize, String>,
    stops: Vec<usize>,
}

impl Places {
    /// What is at a location: `bins/b7`.
    pub(super) fn path(&self, location: usize) -> String {
        self.paths.get(&location).cloned().unwrap_or_else(|| format!("location {location}"))
    }

    /// The locations of bins and disposal sites.
    pub(super) fn of_stops(&self) -> impl Iterator<Item = usize> {
        self.stops.iter().copied()
    }

    fn of(problem: &Problem) -> Self {
        let mut places = Self::default();
        let mut add = |kind: Kind, name: &str, location: LocationId| {
            places.paths.insert(location.index(), format!("{}/{name}", kind.path()));
            if kind != Kind::Depot {
                places.stops.push(location.index());
            }
        };
        problem.depots().iter().for_each(|depot| add(Kind::Depot, &depot.name, depot.location()));
        problem.disposal_sites().iter().for_each(|site| add(Kind::DisposalSite, &site.name, site.location()));
        problem.clients().iter().for_each(|client| add(Kind::Bin, &client.name, client.location()));
        places
    }
}

/// The problem of the stored fleet, and what else is to be known of it.
#[derive(Debug)]
struct Stored {
    problem: Problem,
    places: Places,
    /// Each depot that has vehicles, with the code of its network.
    networks: Vec<(String, String)>,
    /// The depot of each vehicle type.
    vehicles: Vec<String>,
}

async fn stored(
    connection: &mut Connection,
    org: &str,
    (min_fill, selection): (i64, Option<&Selection>),
    most: usize,
) -> Result<Stored, Unplannable> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for kind in [Kind::Depot, Kind::DisposalSite, Kind::Vehicle, Kind::Bin] {
        if let Some(selection) = selection.filter(|_| kind == Kind::Bin) {
            found.push(forecast_bins(connection, org, selection).await?);
            continue;
        }
        match fleet::for_plan(connection, kind, org, min_fill, most as i64).await? {
            Ok(records) => found.push(records),
            Err(count) => {
                let (few, what) = (if kind == Kind::Bin { ": ask for fuller ones" } else { "" }, kind.path());
                let text = format!("{count}: this service plans with at most {most} at a time{few}");
                faults.push(Fault::new(what, text));
            }
        }
    }
    let Ok([depots, sites, vehicles, bins]) = <[Vec<Record>; 4]>::try_from(found) else {
        return Err(Unplannable::Faults(faults));
    };
    let problem = build(&depots, &sites, &vehicles, (&bins, selection)).map_err(Unplannable::Faults)?;
    let vehicles: Vec<String> =
        vehicles.iter().map(|record| record.get(Kind::Vehicle, "depot").text().to_owned()).collect();
    let used = depots.iter().filter(|depot| vehicles.iter().any(|code| code == depot.code()));
    let networks = used.map(|depot| {
        let network = depot.get(Kind::Depot, "network").text();
        (depot.code().to_owned(), network.to_owned())
    });
    Ok(Stored { places: Places::of(&problem), problem, networks: networks.collect(), vehicles })
}

/// The bins of a selection, as full as they are expected to be.
async fn forecast_bins(
    connection: &mut Connection,
    org: &str,
    selection: &Selection,
) -> Result<Vec<Record>, Unplannable> {
    let codes: Vec<String> = selection.bins.iter().map(|(code, _)| code.clone()).collect();
    let levels: HashMap<&str, f64> =
        selection.bins.iter().map(|(code, choice)| (code.as_str(), choice.level)).collect();
    let expected = |record: Record| {
        // A bin of unknown level is taken to be full.
        let level = levels.get(record.code()).copied().filter(|level| level.is_finite()).unwrap_or(100.0);
        record.with(Kind::Bin, "fill_percent", Value::Integer(level.round() as i64))
    };
    Ok(fleet::bins_of(connection, org, &codes).await?.into_iter().map(expected).collect())
}

/// A day's problem. Vehicles are emptied at the disposal sites, also before they return to their depot; where there are none, at
/// their depot. Of a selection, bins that must be visited are required, and the others have the prize of a visit.
fn build(
    depots: &[Record],
    sites: &[Record],
    vehicles: &[Record],
    (bins, selection): (&[Record], Option<&Selection>),
) -> Result<Problem, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut builder = Problem::builder();
    let yards: HashMap<&str, DepotId> =
        depots.iter().map(|record| (record.code(), builder.add_depot(depot(record)))).collect();
    let tips: Vec<DisposalSiteId> =
        sites.iter().map(|record| builder.add_disposal_site(disposal_site(record))).collect();
    for record in vehicles {
        let code = record.get(Kind::Vehicle, "depot").text();
        if let Some(yard) = yards.get(code) {
            builder.add_vehicle_type(vehicle(record, *yard, &tips));
        } else {
            let text = format!("no depot has the code {code:?}: import it, or correct the vehicle");
            faults.push(Fault::new(format!("vehicles/{}/depot", record.code()), text));
        }
    }
    for record in bins {
        builder.add_client(bin(record));
    }
    if let Some(selection) = selection {
        let (names, choices): (Vec<&String>, Vec<Choice>) =
            selection.bins.iter().map(|(name, choice)| (name, *choice)).unzip();
        apply_selection(&mut builder, &names, &choices, 100.0, None);
    }
    if vehicles.is_empty() {
        faults.push(Fault::new("vehicles", "there are none: import them first"));
    }
    if bins.is_empty() {
        faults.push(Fault::new("bins", "none is full enough: import bins, or ask for a lower fill level"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    builder.travel(Travel::Haversine { speed: SPEED, detour: DETOUR }).build().map_err(|error| invalid(&error))
}

/// A field's whole number.
fn number(kind: Kind, record: &Record, name: &str) -> i64 {
    record.get(kind, name).integer()
}

/// A limit where 0 stands for none.
fn limit(kind: Kind, record: &Record, name: &str) -> Option<i64> {
    Some(number(kind, record, name)).filter(|value| *value > 0)
}

fn open(kind: Kind, record: &Record) -> (i64, i64) {
    (number(kind, record, "open_from"), number(kind, record, "open_until"))
}

fn skills(kind: Kind, record: &Record) -> Vec<String> {
    record.get(kind, "skills").text().split_whitespace().map(str::to_owned).collect()
}

fn depot(record: &Record) -> Depot {
    let kind = Kind::Depot;
    let (from, until) = open(kind, record);
    let depot = Depot::at(coord(kind, record)).name(record.code()).open(from, until);
    depot.service(number(kind, record, "service_seconds"))
}

fn disposal_site(record: &Record) -> DisposalSite {
    let kind = Kind::DisposalSite;
    let number = |name| number(kind, record, name);
    let (from, until) = open(kind, record);
    let site = DisposalSite::at(coord(kind, record)).name(record.code()).hours([TimeWindow::new(from, until)]);
    let site = site.service(number("service_seconds")).visit_cost(number("visit_cost"));
    let site = site.unloading([Rate::new(number("unload_seconds_per_tonne"), TONNE)]);
    let site = site.tipping_fee([Rate::new(number("fee_per_tonne"), TONNE)]);
    match limit(kind, record, "daily_capacity_kg") {
        Some(most) => site.daily_capacity([most]),
        None => site,
    }
}

fn vehicle(record: &Record, yard: DepotId, sites: &[DisposalSiteId]) -> VehicleType {
    let kind = Kind::Vehicle;
    let number = |name| number(kind, record, name);
    let mut vehicle = VehicleType::new(1)
        .capacity([number("capacity_kg")])
        .depot(yard)
        .name(record.code())
        .shift(number("shift_from"), number("shift_until"))
        .fixed_cost(number("fixed_cost"))
        .cost_per_distance(number("cost_per_metre"))
        .cost_per_duration(number("cost_per_second"))
        .skills(skills(kind, record));
    vehicle.max_trips = usize::try_from(number("max_trips")).ok();
    vehicle.max_stops = limit(kind, record, "max_stops").and_then(|most| usize::try_from(most).ok());
    if let Some(length) = limit(kind, record, "break_seconds") {
        vehicle = vehicle.add_break(Break::new(number("break_from"), number("break_until"), length).name("break"));
    }
    vehicle = match record.get(kind, "driver_rule").text() {
        "eu561" => vehicle.driver_rule(DriverRule::eu_561()),
        "us30" => vehicle.driver_rule(DriverRule::us_30_minutes()),
        _ => vehicle,
    };
    if sites.is_empty() { vehicle.reload_depots([yard]) } else { vehicle.disposal_sites(sites).end_empty() }
}

fn bin(record: &Record) -> Client {
    let kind = Kind::Bin;
    let number = |name| number(kind, record, name);
    let load = number("load_kg").saturating_mul(number("fill_percent")) / 100;
    let (from, until) = open(kind, record);
    let client = Client::at(coord(kind, record)).name(record.code()).pickup([load]).time_window(from, until);
    let client = client.service(number("service_seconds")).skills(skills(kind, record)).optional(PRIZE);
    let client = client.remarks(record.get(kind, "remarks").text());
    client.priority(u8::try_from(number("priority")).unwrap_or(u8::MAX))
}

fn coord(kind: Kind, record: &Record) -> Coord {
    Coord::new(record.get(kind, "lon").real(), record.get(kind, "lat").real())
}
