//! A problem that is built, and reading one.

use std::path::Path;
use std::sync::Arc;

use milkrun::document::{MatrixValues, ProblemDocument, ProfileValues};
use milkrun::io::{Format, json, vrplib};
use milkrun::{Consumption, DepotId, Error, LocationId, ProfileId, Rounding, Travel, VehicleClass};
use napi::bindgen_prelude::{Result, Uint8Array};
use napi_derive::napi;

use crate::document::taken;
use crate::failure::{coded, guard};
use crate::records::{FleetRecord, LocationRecord, MatrixRecord, PlaceRecord, ProfileRecord};

/// A problem that is built and valid.
#[napi]
pub struct NativeProblem {
    pub(crate) inner: Arc<milkrun::Problem>,
}

impl NativeProblem {
    pub(crate) fn new(problem: milkrun::Problem) -> Self {
        Self { inner: Arc::new(problem) }
    }
}

#[napi]
impl NativeProblem {
    /// The problem of a document and of travel profiles beside it.
    #[napi(factory)]
    pub fn of_document(document: String, profiles: Vec<ProfileRecord>) -> Result<Self> {
        let document: ProblemDocument = taken(&document)?;
        let profiles = profiles.into_iter().map(|profile| ProfileValues {
            distance: values(&profile.distance),
            duration: profile.duration.as_ref().map(values),
        });
        let profiles = profiles.collect();
        guard(|| Ok(document.with_profiles(profiles)?)).map(Self::new)
    }

    /// Reads a problem of any format.
    #[napi(factory)]
    pub fn read(
        content: Uint8Array,
        path: Option<String>,
        format: Option<String>,
        rounding: Option<String>,
    ) -> Result<Self> {
        let rounding = rounding.map(|name| name.parse::<Rounding>()).transpose();
        let rounding = rounding.map_err(|error| coded("setting", error.to_string()))?;
        let instance = guard(|| {
            let format = format.map(|name| name.parse::<Format>()).transpose().map_err(Error::from)?;
            milkrun::io::read_problem(&content, path.as_deref().map(Path::new), format, rounding)
        })?;
        Ok(Self::new(instance.problem))
    }

    /// Writes milkrun's JSON.
    #[napi]
    pub fn to_json(&self) -> Result<String> {
        guard(|| Ok(json::write_problem(&self.inner)))
    }

    /// Writes a VRPLIB file.
    #[napi]
    pub fn to_vrplib(&self) -> Result<String> {
        guard(|| Ok(vrplib::write(&self.inner)?))
    }

    /// The name.
    #[napi(getter)]
    pub fn name(&self) -> String {
        self.inner.name().to_owned()
    }

    /// What is valid but probably a mistake.
    #[napi]
    pub fn remarks(&self) -> Result<Vec<String>> {
        guard(|| Ok(self.inner.remarks()))
    }

    /// How many load dimensions there are.
    #[napi(getter)]
    pub fn load_dimensions(&self) -> u32 {
        self.inner.load_dimensions() as u32
    }

    /// How many vehicles of all types there are.
    #[napi(getter)]
    pub fn num_vehicles(&self) -> i64 {
        self.inner.num_vehicles() as i64
    }

    /// Whether travel is computed from longitudes and latitudes.
    #[napi(getter)]
    pub fn is_geographic(&self) -> bool {
        matches!(self.inner.travel(), Travel::Haversine { .. })
    }

    /// The locations.
    #[napi]
    pub fn locations(&self) -> Vec<LocationRecord> {
        let record = |l: &milkrun::Location| LocationRecord { x: l.coord.x, y: l.coord.y, name: l.name.clone() };
        self.inner.locations().iter().map(record).collect()
    }

    /// The depots.
    #[napi]
    pub fn depots(&self) -> Vec<PlaceRecord> {
        self.inner.depots().iter().map(|depot| place(depot.location(), &depot.name)).collect()
    }

    /// The clients.
    #[napi]
    pub fn clients(&self) -> Vec<PlaceRecord> {
        self.inner.clients().iter().map(|client| place(client.location(), &client.name)).collect()
    }

    /// The disposal sites.
    #[napi]
    pub fn disposal_sites(&self) -> Vec<PlaceRecord> {
        self.inner.disposal_sites().iter().map(|site| place(site.location(), &site.name)).collect()
    }

    /// The names of the materials.
    #[napi]
    pub fn materials(&self) -> Vec<String> {
        self.inner.materials().iter().map(|material| material.name.clone()).collect()
    }

    /// The pickups of the shipments.
    #[napi]
    pub fn shipments(&self) -> Vec<PlaceRecord> {
        self.inner.shipments().iter().map(|shipment| place(shipment.pickup.location(), &shipment.name)).collect()
    }

    /// The vehicle types.
    #[napi]
    pub fn vehicle_types(&self) -> Vec<FleetRecord> {
        let depot = |id: Option<DepotId>| id.map(|id| id.index() as u32);
        let record = |v: &milkrun::VehicleType| FleetRecord {
            count: u32::try_from(v.count).unwrap_or(u32::MAX),
            name: v.name.clone(),
            start: depot(v.start),
            end: depot(v.end),
            breaks: v.breaks.iter().map(|pause| pause.name.clone()).collect(),
        };
        self.inner.vehicle_types().iter().map(record).collect()
    }

    /// Distance and duration from one location to another; nothing if the problem has no such location or profile.
    #[napi]
    pub fn travel(&self, profile: u32, from: u32, to: u32) -> Option<Vec<i64>> {
        let (profile, from, to) = (profile as usize, from as usize, to as usize);
        let count = self.inner.locations().len();
        let known = from < count && to < count && profile < self.inner.travel().num_profiles();
        known.then(|| {
            let (profile, from, to) = (ProfileId::new(profile), LocationId::new(from), LocationId::new(to));
            vec![self.inner.distance(profile, from, to), self.inner.duration(profile, from, to)]
        })
    }

    /// Whether this is the same problem as another.
    #[napi]
    pub fn equals(&self, other: &NativeProblem) -> bool {
        self.inner == other.inner
    }
}

fn values(matrix: &MatrixRecord) -> MatrixValues {
    MatrixValues { size: matrix.size as usize, values: matrix.values.iter().map(|&value| value as i64).collect() }
}

fn place(location: LocationId, name: &str) -> PlaceRecord {
    PlaceRecord { location: location.index() as u32, name: name.to_owned() }
}

/// What vehicles of a class consume on average for each metre, and the CO₂ of that; nothing if no class has the name.
#[napi]
pub fn average_consumption(vehicle_class: String) -> Option<Vec<f64>> {
    let average = Consumption::average(VehicleClass::named(&vehicle_class)?, 1.0);
    Some(vec![average.per_distance, average.co2])
}

/// The names of the vehicle classes whose average consumption is known.
#[napi]
pub fn vehicle_classes() -> Vec<String> {
    VehicleClass::ALL.map(|class| class.name().to_owned()).to_vec()
}
