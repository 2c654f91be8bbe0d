//! A problem that is built.

use std::sync::Arc;

use milkrun::document::{MatrixValues, ProblemDocument, ProfileValues};
use milkrun::io::{json, vrplib};
use milkrun::{Consumption, DepotId, LocationId, ProfileId, Travel, VehicleClass};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::document::taken;
use crate::failure::guard;

/// A problem that is built and valid.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Problem {
    pub(crate) inner: Arc<milkrun::Problem>,
}

impl Problem {
    pub(crate) fn new(problem: milkrun::Problem) -> Self {
        Self { inner: Arc::new(problem) }
    }
}

/// Number of rows, and the bytes of a matrix.
type MatrixBytes<'py> = (usize, Bound<'py, PyBytes>);
/// Distances, and durations where they differ.
type Profile<'py> = (MatrixBytes<'py>, Option<MatrixBytes<'py>>);

fn values((size, bytes): MatrixBytes<'_>) -> MatrixValues {
    let values = bytes.as_bytes().as_chunks::<8>().0.iter().map(|chunk| i64::from_ne_bytes(*chunk)).collect();
    MatrixValues { size, values }
}

#[pymethods]
impl Problem {
    /// The problem of a document and of travel profiles beside it, each with its distances and perhaps durations: the number of
    /// rows, and 64-bit integers of this machine's byte order, row-major.
    #[staticmethod]
    fn of_document(py: Python<'_>, document: &Bound<'_, PyAny>, profiles: Vec<Profile>) -> PyResult<Self> {
        let document: ProblemDocument = taken(document)?;
        let profiles = profiles
            .into_iter()
            .map(|(distance, duration)| ProfileValues { distance: values(distance), duration: duration.map(values) });
        let profiles = profiles.collect();
        guard(py, || Ok(document.with_profiles(profiles)?)).map(Self::new)
    }

    /// Reads milkrun's JSON.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        guard(py, || Ok(json::read_problem(text)?)).map(Self::new)
    }

    /// Writes milkrun's JSON.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(json::write_problem(&self.inner)))
    }

    /// Writes a VRPLIB file.
    fn to_vrplib(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(vrplib::write(&self.inner)?))
    }

    /// The name.
    #[getter]
    fn name(&self) -> String {
        self.inner.name().to_owned()
    }

    /// What is valid but probably a mistake.
    #[getter]
    fn remarks(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        guard(py, || Ok(self.inner.remarks()))
    }

    /// How many load dimensions there are.
    #[getter]
    fn load_dimensions(&self) -> usize {
        self.inner.load_dimensions()
    }

    /// How many vehicles of all types there are.
    #[getter]
    fn num_vehicles(&self) -> usize {
        self.inner.num_vehicles()
    }

    /// Horizontal and vertical coordinate and name of each location.
    fn locations(&self) -> Vec<(f64, f64, String)> {
        self.inner.locations().iter().map(|l| (l.coord.x, l.coord.y, l.name.clone())).collect()
    }

    /// Location and name of each depot.
    fn depots(&self) -> Vec<(usize, String)> {
        self.inner.depots().iter().map(|d| (d.location().index(), d.name.clone())).collect()
    }

    /// Location and name of each client.
    fn clients(&self) -> Vec<(usize, String)> {
        self.inner.clients().iter().map(|c| (c.location().index(), c.name.clone())).collect()
    }

    /// Locations of pickup and delivery, and name, of each shipment.
    fn shipments(&self) -> Vec<(usize, usize, String)> {
        let row = |s: &milkrun::Shipment| (s.pickup.location().index(), s.delivery.location().index(), s.name.clone());
        self.inner.shipments().iter().map(row).collect()
    }

    /// Count, name, start and end depot of each vehicle type.
    fn vehicle_types(&self) -> Vec<(usize, String, Option<usize>, Option<usize>)> {
        let row = |v: &milkrun::VehicleType| {
            (v.count, v.name.clone(), v.start.map(DepotId::index), v.end.map(DepotId::index))
        };
        self.inner.vehicle_types().iter().map(row).collect()
    }

    /// Location and name of each disposal site.
    fn disposal_sites(&self) -> Vec<(usize, String)> {
        self.inner.disposal_sites().iter().map(|site| (site.location().index(), site.name.clone())).collect()
    }

    /// The names of materials.
    fn materials(&self) -> Vec<String> {
        self.inner.materials().iter().map(|material| material.name.clone()).collect()
    }

    /// The names of the breaks of each vehicle type.
    fn breaks(&self) -> Vec<Vec<String>> {
        let names = |v: &milkrun::VehicleType| v.breaks.iter().map(|pause| pause.name.clone()).collect();
        self.inner.vehicle_types().iter().map(names).collect()
    }

    /// Whether travel is computed from longitudes and latitudes.
    #[getter]
    fn is_geographic(&self) -> bool {
        matches!(self.inner.travel(), Travel::Haversine { .. })
    }

    /// Distance and duration from one location to another; `None` if the problem has no such location or profile.
    fn travel(&self, profile: usize, from_location: usize, to_location: usize) -> Option<(i64, i64)> {
        let count = self.inner.locations().len();
        let known = from_location < count && to_location < count && profile < self.inner.travel().num_profiles();
        known.then(|| {
            let (profile, from, to) =
                (ProfileId::new(profile), LocationId::new(from_location), LocationId::new(to_location));
            (self.inner.distance(profile, from, to), self.inner.duration(profile, from, to))
        })
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.inner == other.inner
    }

    // Equal problems have equal numbers of everything.
    fn __hash__(&self) -> usize {
        self.inner.locations().len() ^ self.inner.num_stops().rotate_left(16)
    }
}

/// What vehicles of a class consume on average for each metre, and the CO₂ of that; `None` if no class has the name.
#[pyfunction]
pub(crate) fn average_consumption(vehicle_class: &str) -> Option<(f64, f64)> {
    let average = Consumption::average(VehicleClass::named(vehicle_class)?, 1.0);
    Some((average.per_distance, average.co2))
}

/// The names of the vehicle classes whose average consumption is known.
#[pyfunction]
pub(crate) fn vehicle_classes() -> Vec<&'static str> {
    VehicleClass::ALL.map(VehicleClass::name).to_vec()
}
