//! Putting a problem together.

use milkrun::travel::{Matrix, ProfileMatrices, Travel};
use milkrun::{
    Backhauls, Client, ClientGroup, ClientId, Coord, Depot, DepotId, Error, GroupId, Location, LocationId, Place,
    ProfileId, Rounding, Shipment, ShipmentStop, TimeWindow, VehicleType,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::failure::guard;
use crate::problem::Problem;

/// Collects the parts of a problem as integers in the solver's units.
#[pyclass(module = "milkrun._core")]
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) inner: milkrun::ProblemBuilder,
    profiles: Vec<ProfileMatrices>,
}

/// Earliest and latest time.
pub(crate) type Window = (i64, i64);
/// Location, service, time window.
type Stop = (u32, i64, Window);

#[pymethods]
impl Builder {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Sets the problem's name.
    fn set_name(&mut self, name: String) {
        self.inner.name(name);
    }

    /// Adds a location; gives its index.
    fn add_location(&mut self, x: f64, y: f64, name: String) -> usize {
        self.inner.add_location(Location { coord: Coord::new(x, y), name }).index()
    }

    /// Adds a depot.
    fn add_depot(&mut self, location: u32, service: i64, open: Window, name: String) {
        self.inner.add_depot(Depot::at(place(location)).service(service).open(open.0, open.1).name(name));
    }

    /// Adds a group of clients.
    fn add_group(&mut self, required: bool, name: String) {
        self.inner.add_group(ClientGroup { required, name });
    }

    /// Adds a client.
    #[pyo3(signature = (location, delivery, pickup, service, time_window, release, prize, required, group, name))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a client")]
    fn add_client(
        &mut self,
        location: u32,
        delivery: Vec<i64>,
        pickup: Vec<i64>,
        service: i64,
        time_window: Window,
        release: i64,
        prize: i64,
        required: bool,
        group: Option<u32>,
        name: String,
    ) {
        self.inner.add_client(Client {
            delivery,
            pickup,
            service,
            time_window: window(time_window),
            release,
            prize,
            required,
            group: group.map(|group| GroupId::new(group as usize)),
            name,
            ..Client::at(place(location))
        });
    }

    /// Adds a shipment.
    fn add_shipment(
        &mut self,
        pickup: Stop,
        delivery: Stop,
        amount: Vec<i64>,
        prize: i64,
        required: bool,
        name: String,
    ) {
        let mut shipment = Shipment::new(stop(pickup), stop(delivery)).amount(amount).name(name);
        (shipment.prize, shipment.required) = (prize, required);
        self.inner.add_shipment(shipment);
    }

    /// Adds a vehicle type.
    #[pyo3(signature = (
        count, capacity, start, end, fixed_cost, cost_per_distance, cost_per_duration, shift, max_duration,
        max_distance, allowed_clients, reload_depots, max_trips, profile, name
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a vehicle type")]
    fn add_vehicle_type(
        &mut self,
        count: usize,
        capacity: Vec<i64>,
        start: Option<u32>,
        end: Option<u32>,
        fixed_cost: i64,
        cost_per_distance: i64,
        cost_per_duration: i64,
        shift: Window,
        max_duration: Option<i64>,
        max_distance: Option<i64>,
        allowed_clients: Option<Vec<u32>>,
        reload_depots: Vec<u32>,
        max_trips: Option<usize>,
        profile: u32,
        name: String,
    ) {
        let mut vehicle_type = VehicleType::new(count)
            .capacity(capacity)
            .fixed_cost(fixed_cost)
            .cost_per_distance(cost_per_distance)
            .cost_per_duration(cost_per_duration)
            .shift(shift.0, shift.1)
            .reload_depots(reload_depots.into_iter().map(depot).collect::<Vec<_>>())
            .profile(ProfileId::new(profile as usize))
            .name(name);
        vehicle_type.start = start.map(depot);
        vehicle_type.end = end.map(depot);
        vehicle_type.max_duration = max_duration;
        vehicle_type.max_distance = max_distance;
        vehicle_type.max_trips = max_trips;
        vehicle_type.allowed_clients =
            allowed_clients.map(|ids| ids.into_iter().map(|id| ClientId::new(id as usize)).collect());
        self.inner.add_vehicle_type(vehicle_type);
    }

    /// Sets whether pickups come after all deliveries of a trip.
    fn set_backhauls_after_linehauls(&mut self, after: bool) {
        self.inner.backhauls(if after { Backhauls::AfterLinehauls } else { Backhauls::Mixed });
    }

    /// Takes straight lines; `rounding` is one of round, trunc, dimacs, exact, none, ceil.
    fn travel_euclidean(&mut self, rounding: &str) -> PyResult<()> {
        let travel = if rounding == "ceil" {
            Travel::Euclidean { rounding: milkrun::travel::EuclideanRounding::Ceil }
        } else {
            Travel::euclidean(rounding.parse::<Rounding>().map_err(|error| PyValueError::new_err(error.to_string()))?)
        };
        self.inner.travel(travel);
        Ok(())
    }

    /// Takes great circles.
    fn travel_haversine(&mut self, speed: f64, detour: f64) {
        self.inner.travel(Travel::Haversine { speed, detour });
    }

    /// Adds a travel profile. Matrices are 64-bit integers of this machine's byte order, row-major.
    #[pyo3(signature = (size, distance, duration))]
    fn add_profile(&mut self, py: Python<'_>, size: usize, distance: &[u8], duration: Option<&[u8]>) -> PyResult<()> {
        let profile = guard(py, || {
            let duration = duration.map(|bytes| matrix(size, bytes)).transpose()?;
            Ok(ProfileMatrices { distance: matrix(size, distance)?, duration })
        })?;
        self.profiles.push(profile);
        Ok(())
    }

    /// Checks all parts and makes the problem.
    fn build(&self, py: Python<'_>) -> PyResult<Problem> {
        guard(py, || {
            if self.profiles.is_empty() {
                return Ok(self.inner.build()?);
            }
            let mut builder = self.inner.clone();
            builder.travel(Travel::Matrices(self.profiles.clone()));
            Ok(builder.build()?)
        })
        .map(Problem::new)
    }
}

/// A place at a location.
pub(crate) fn place(location: u32) -> Place {
    Place::Location(LocationId::new(location as usize))
}

/// A time window.
pub(crate) fn window((early, late): Window) -> TimeWindow {
    TimeWindow::new(early, late)
}

fn stop((location, service, (early, late)): Stop) -> ShipmentStop {
    ShipmentStop::at(place(location)).service(service).time_window(early, late)
}

fn depot(index: u32) -> DepotId {
    DepotId::new(index as usize)
}

fn matrix(size: usize, bytes: &[u8]) -> Result<Matrix, Error> {
    let values = bytes.as_chunks::<8>().0.iter().map(|chunk| i64::from_ne_bytes(*chunk)).collect();
    Ok(Matrix::new(size, values)?)
}
