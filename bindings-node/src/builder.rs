//! Putting a problem together.

use milkrun::travel::{EuclideanRounding, Matrix, ProfileMatrices};
use milkrun::{
    Backhauls, Client, ClientGroup, ClientId, Coord, Depot, DepotId, Error, GroupId, Location, LocationId, Material,
    MaterialId, Place, ProfileId, Rounding, Shipment, ShipmentStop, TimeWindow, Travel, VehicleType,
};
use napi::bindgen_prelude::{Float64Array, Result};
use napi_derive::napi;

use crate::day;
use crate::day_records::{ClientVehiclesRecord, DisposalSiteRecord, RelationRecord, SpeedStepRecord, VehicleDayRecord};
use crate::failure::{coded, guard};
use crate::problem::NativeProblem;
use crate::records::{ClientRecord, DepotRecord, ShipmentRecord, ShipmentStopRecord, VehicleTypeRecord, WindowRecord};

/// Collects the parts of a problem as integers in the solver's units.
#[napi]
#[derive(Default)]
pub struct NativeBuilder {
    inner: milkrun::ProblemBuilder,
    profiles: Vec<ProfileMatrices>,
}

#[napi]
impl NativeBuilder {
    /// A builder with nothing in it.
    #[napi(constructor)]
    pub fn new(name: String) -> Self {
        let mut builder = Self::default();
        builder.inner.name(name);
        builder
    }

    /// Adds a location; gives its index.
    #[napi]
    pub fn add_location(&mut self, x: f64, y: f64, name: String) -> u32 {
        self.inner.add_location(Location { coord: Coord::new(x, y), name }).index() as u32
    }

    /// Adds a depot.
    #[napi]
    pub fn add_depot(&mut self, depot: DepotRecord) {
        let DepotRecord { location, service, window, name } = depot;
        let mut depot = Depot::at(place(location)).service(service).name(name);
        depot.time_window = of_window(&window);
        self.inner.add_depot(depot);
    }

    /// Adds a group of clients.
    #[napi]
    pub fn add_group(&mut self, required: bool, name: String) {
        self.inner.add_group(ClientGroup { required, name });
    }

    /// Adds a client.
    #[napi]
    pub fn add_client(&mut self, client: ClientRecord) {
        self.inner.add_client(Client {
            delivery: client.delivery,
            pickup: client.pickup,
            service: client.service,
            time_window: of_window(&client.window),
            release: client.release,
            prize: client.prize,
            required: client.required,
            group: client.group.map(|group| GroupId::new(group as usize)),
            material: client.material.map(|material| MaterialId::new(material as usize)),
            more_windows: client.more_windows.iter().map(of_window).collect(),
            soft_window: client.soft_window.as_ref().map(day::soft_window),
            skills: client.skills,
            priority: u8::try_from(client.priority).unwrap_or(u8::MAX),
            name: client.name,
            ..Client::at(place(client.location))
        });
    }

    /// Adds a shipment.
    #[napi]
    pub fn add_shipment(&mut self, shipment: ShipmentRecord) {
        let mut added =
            Shipment::new(stop(&shipment.pickup), stop(&shipment.delivery)).amount(shipment.amount).name(shipment.name);
        (added.prize, added.required) = (shipment.prize, shipment.required);
        self.inner.add_shipment(added);
    }

    /// Adds a vehicle type.
    #[napi]
    pub fn add_vehicle_type(&mut self, vehicle_type: VehicleTypeRecord, day: VehicleDayRecord) -> Result<()> {
        let ids = |ids: Vec<u32>| ids.into_iter().map(depot).collect::<Vec<_>>();
        let clients = |ids: Vec<u32>| ids.into_iter().map(|id| ClientId::new(id as usize)).collect();
        let added = VehicleType {
            capacity: vehicle_type.capacity,
            start: vehicle_type.start.map(depot),
            end: vehicle_type.end.map(depot),
            fixed_cost: vehicle_type.fixed_cost,
            cost_per_distance: vehicle_type.cost_per_distance,
            cost_per_duration: vehicle_type.cost_per_duration,
            shift: of_window(&vehicle_type.shift),
            max_duration: vehicle_type.max_duration,
            max_distance: vehicle_type.max_distance,
            allowed_clients: vehicle_type.allowed_clients.map(clients),
            reload_depots: ids(vehicle_type.reload_depots),
            max_trips: vehicle_type.max_trips.map(|trips| trips as usize),
            profile: ProfileId::new(vehicle_type.profile as usize),
            name: vehicle_type.name,
            ..VehicleType::new(vehicle_type.count as usize)
        };
        self.inner.add_vehicle_type(day::with_day(added, day)?);
        Ok(())
    }

    /// Adds a material.
    #[napi]
    pub fn add_material(&mut self, name: String) {
        self.inner.add_material(Material::new(name));
    }

    /// Keeps two materials from being on board at the same time.
    #[napi]
    pub fn separate_materials(&mut self, a: u32, b: u32) {
        self.inner.separate_materials(MaterialId::new(a as usize), MaterialId::new(b as usize));
    }

    /// Adds a disposal site.
    #[napi]
    pub fn add_disposal_site(&mut self, site: DisposalSiteRecord) {
        self.inner.add_disposal_site(day::disposal_site(site));
    }

    /// Says which vehicle types may serve a client, and how long each takes.
    #[napi]
    pub fn set_client_vehicles(&mut self, client: u32, vehicles: ClientVehiclesRecord) {
        if let Some(client) = self.inner.clients_mut().get_mut(client as usize) {
            day::tie_to_vehicles(client, vehicles);
        }
    }

    /// Adds a tie between clients.
    #[napi]
    pub fn add_relation(&mut self, relation: RelationRecord) -> Result<()> {
        self.inner.add_relation(day::relation(&relation)?);
        Ok(())
    }

    /// Adds a goal: weighted, or ranked if it has no weight.
    #[napi]
    pub fn add_goal(&mut self, measure: String, weight: Option<i64>) -> Result<()> {
        self.inner.add_goal(day::goal(&measure, weight)?);
        Ok(())
    }

    /// Sets how fast a travel profile is over the day.
    #[napi]
    pub fn set_speed(&mut self, profile: u32, steps: Vec<SpeedStepRecord>) {
        self.inner.speed(ProfileId::new(profile as usize), day::speed_curve(&steps));
    }

    /// Sets whether pickups come after all deliveries of a trip.
    #[napi]
    pub fn set_backhauls_after_linehauls(&mut self, after: bool) {
        self.inner.backhauls(if after { Backhauls::AfterLinehauls } else { Backhauls::Mixed });
    }

    /// Takes straight lines; `rounding` is one of round, trunc, dimacs, exact, none, ceil.
    #[napi]
    pub fn travel_euclidean(&mut self, rounding: String) -> Result<()> {
        let rounding = if rounding == "ceil" {
            EuclideanRounding::Ceil
        } else {
            let convention = rounding.parse::<Rounding>();
            EuclideanRounding::Convention(
                convention.map_err(|error| coded(&["setting".to_owned(), error.to_string()]))?,
            )
        };
        self.inner.travel(Travel::Euclidean { rounding });
        Ok(())
    }

    /// Takes great circles.
    #[napi]
    pub fn travel_haversine(&mut self, speed: f64, detour: f64) {
        self.inner.travel(Travel::Haversine { speed, detour });
    }

    /// Adds a travel profile. Matrices are row-major and hold whole numbers.
    #[napi]
    pub fn add_profile(&mut self, size: u32, distance: Float64Array, duration: Option<Float64Array>) -> Result<()> {
        let profile = guard(|| {
            let duration = duration.map(|values| matrix(size, &values)).transpose()?;
            Ok(ProfileMatrices { distance: matrix(size, &distance)?, duration })
        })?;
        self.profiles.push(profile);
        Ok(())
    }

    /// Checks all parts and makes the problem.
    #[napi]
    pub fn build(&self) -> Result<NativeProblem> {
        guard(|| {
            if self.profiles.is_empty() {
                return Ok(self.inner.build()?);
            }
            let mut builder = self.inner.clone();
            builder.travel(Travel::Matrices(self.profiles.clone()));
            Ok(builder.build()?)
        })
        .map(NativeProblem::new)
    }
}

/// A place at a location.
pub(crate) fn place(location: u32) -> Place {
    Place::Location(LocationId::new(location as usize))
}

/// The window that a record describes.
pub(crate) fn of_window(window: &WindowRecord) -> TimeWindow {
    TimeWindow::new(window.early, window.late)
}

fn stop(stop: &ShipmentStopRecord) -> ShipmentStop {
    let mut read = ShipmentStop::at(place(stop.location)).service(stop.service);
    read.time_window = of_window(&stop.window);
    read
}

fn depot(index: u32) -> DepotId {
    DepotId::new(index as usize)
}

fn matrix(size: u32, values: &[f64]) -> std::result::Result<Matrix, Error> {
    Ok(Matrix::new(size as usize, values.iter().map(|&value| value as i64).collect())?)
}
