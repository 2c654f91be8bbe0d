//! Periodic waste collection with intermediate facilities, as GeoJSON: the instances of Taverna and Tilk, after the problem of
//! Angelelli & Speranza 2002 (doi:10.1016/S0377-2217(01)00206-5).
//!
//! A feature collection with a depot, customers and intermediate facilities (disposal sites), whose properties give each
//! customer's frequency in the horizon, demand at a visit and service time; `info` gives the vehicles, their capacity, the longest
//! duration of a route, and the horizon in days; `duration` is a matrix of travel times between the features.
//!
//! How the period is built: travel times are what is minimised, and are durations and distances alike. Vehicles start and end at
//! the depot, must end empty, and may visit all facilities as often as they like. Visits are evenly spaced: a frequency of two in
//! four days is the first and third day, or the second and fourth.

use serde::Deserialize;

use crate::ids::LocationId;
use crate::model::{Client, Coord, Depot, DisposalSite, Faults, Location, Problem, VehicleType};
use crate::period::{MAX_DAYS, PeriodError, PeriodParams, Visits};
use crate::travel::{Matrix, Travel};
use crate::units::MAX_VALUE;

#[derive(Deserialize)]
struct Document {
    info: Info,
    features: Vec<Feature>,
    duration: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    num_vehicles: usize,
    max_duration: f64,
    max_capacity: f64,
    planning_horizon: usize,
    #[serde(default)]
    area: String,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    frequency: f64,
    #[serde(default)]
    demand: f64,
    #[serde(default)]
    service: f64,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Depot,
    Customer,
    IntermediateFacility,
}

#[derive(Deserialize)]
struct Geometry {
    coordinates: [f64; 2],
}

/// The day and the period that such a file describes. Client `i` is the file's customer number `i`, in the order of its features;
/// so are disposal sites.
///
/// ```
/// use milkrun::io::pvrpif;
/// use milkrun::period::plan_period;
///
/// let feature = |kind: &str, frequency: usize| {
///     format!(
///         r#"{{"properties": {{"type": "{kind}", "frequency": {frequency}, "demand": 5, "service": 1}},
///             "geometry": {{"type": "Point", "coordinates": [9.1, 45.4]}}}}"#
///     )
/// };
/// let text = format!(
///     r#"{{"type": "FeatureCollection",
///         "info": {{"numVehicles": 1, "maxDuration": 30, "maxCapacity": 10, "planningHorizon": 2}},
///         "features": [{}, {}, {}],
///         "duration": [[0, 4, 3], [4, 0, 2], [3, 2, 0]]}}"#,
///     feature("depot", 0),
///     feature("customer", 2),
///     feature("intermediateFacility", 0)
/// );
/// let (day, params) = pvrpif::read(text).unwrap();
/// let period = plan_period(&day, &params).unwrap();
/// // On both days to the customer, to the facility, and back.
/// assert_eq!(period.cost(), 2 * (4 + 2 + 3));
/// ```
///
/// # Errors
///
/// [`PeriodError`], with every fault of the numbers at once; where the text is not such a document, with the first.
pub fn read(content: impl AsRef<[u8]>) -> Result<(Problem, PeriodParams), PeriodError> {
    let mut faults = Faults::default();
    let document: Document = match serde_json::from_slice(content.as_ref()) {
        Ok(document) => document,
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let remedy = "give a feature collection with info, features and duration";
            faults.add("", place, &error.to_string(), remedy);
            return Err(faults.into());
        }
    };
    check(&document, &mut faults);
    faults.finish::<PeriodError>()?;
    build(&document)
}

/// Numbers that cannot be what they should be.
fn check(document: &Document, faults: &mut Faults) {
    let Info { max_duration, max_capacity, planning_horizon, .. } = document.info;
    whole("info.maxDuration", max_duration, faults);
    whole("info.maxCapacity", max_capacity, faults);
    if !(1..=MAX_DAYS).contains(&planning_horizon) {
        let message = format!("a period has 1 to {MAX_DAYS} days");
        faults.add("info.planningHorizon", planning_horizon, &message, "give a shorter horizon");
    }
    let features = &document.features;
    let depots = features.iter().filter(|feature| feature.properties.kind == Kind::Depot).count();
    if depots != 1 {
        faults.add("features", format!("{depots} depots"), "there must be one depot", "give exactly one");
    }
    for (f, Feature { properties, .. }) in features.iter().enumerate() {
        let path = format!("features[{f}].properties");
        whole(&format!("{path}.demand"), properties.demand, faults);
        whole(&format!("{path}.service"), properties.service, faults);
        let least = f64::from(u8::from(properties.kind == Kind::Customer));
        if properties.frequency.fract() != 0.0 || !(least..=MAX_DAYS as f64).contains(&properties.frequency) {
            let message = format!("must be a whole number of visits, {least} to {MAX_DAYS}");
            faults.add(format!("{path}.frequency"), properties.frequency, &message, "correct the number");
        }
    }
    let n = features.len();
    if document.duration.len() != n {
        let value = format!("{} rows", document.duration.len());
        faults.add("duration", value, &format!("there are {n} features"), "give a row for each feature");
    }
    for (i, row) in document.duration.iter().enumerate() {
        if row.len() != n {
            let value = format!("{} values", row.len());
            let path = format!("duration[{i}]");
            faults.add(path, value, &format!("there are {n} features"), "give a value for each feature");
        }
        for (j, &value) in row.iter().enumerate() {
            whole(&format!("duration[{i}][{j}]"), value, faults);
        }
    }
}

/// Whether a number is whole, and neither negative nor too large.
fn whole(path: &str, value: f64, faults: &mut Faults) {
    if value.fract() != 0.0 || !(0.0..MAX_VALUE as f64).contains(&value) {
        let message = "must be a whole number that is not negative, and below 2^30 - 1";
        faults.add(path, value, message, "round it, or use a coarser unit");
    }
}

fn build(document: &Document) -> Result<(Problem, PeriodParams), PeriodError> {
    let info = &document.info;
    let n = document.features.len();
    let mut b = Problem::builder();
    b.name(info.area.clone());
    let mut params = PeriodParams::of_days(info.planning_horizon);
    let (mut depot, mut sites) = (None, Vec::new());
    for (f, Feature { properties, geometry }) in document.features.iter().enumerate() {
        let [x, y] = geometry.coordinates;
        b.add_location(Location { coord: Coord::new(x, y), name: String::new() });
        let place = LocationId::new(f);
        let (demand, service) = (properties.demand as i64, properties.service as i64);
        match properties.kind {
            Kind::Depot => depot = Some(b.add_depot(Depot::at(place))),
            Kind::IntermediateFacility => sites.push(b.add_disposal_site(DisposalSite::at(place).service(service))),
            Kind::Customer => {
                let client = b.add_client(Client::at(place).pickup([demand]).service(service));
                params = params.visit(client, Visits::times(properties.frequency as usize));
            }
        }
    }
    let mut vehicle = VehicleType::new(info.num_vehicles)
        .capacity([info.max_capacity as i64])
        .max_duration(info.max_duration as i64)
        .disposal_sites(sites)
        .end_empty();
    (vehicle.start, vehicle.end) = (depot, depot);
    b.add_vehicle_type(vehicle);
    let values = document.duration.iter().flatten().map(|&value| value as i64).collect();
    let matrix = Matrix::new(n, values).map_err(|error| {
        let mut faults = Faults::default();
        faults.add("duration", format!("{n} rows"), &error.to_string(), "correct the matrix");
        PeriodError::from(faults)
    })?;
    b.travel(Travel::matrix(matrix));
    Ok((b.build()?, params))
}
