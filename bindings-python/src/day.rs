//! The parts of a working day.

use milkrun::plan::Activity;
use milkrun::{
    Break, ClientId, Compartment, DisposalSite, DisposalSiteId, DriverRule, Effort, Goal, Material, MaterialId,
    Measure, OvertimeStep, Position, ProfileId, Rate, Relation, SoftWindow, SpeedCurve, VehicleTypeId,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::builder::{Builder, Window, place, window};
use crate::plan::activity_of;

/// Amount, and per how much load.
type RateRow = (i64, i64);
/// Start window, duration, location, whether it is paid, name.
type BreakRow = (Window, i64, Option<u32>, bool, String);
/// Whether driving alone counts, most of it, rest, split, whether any pause counts.
type DriverRuleRow = (bool, i64, i64, Option<(i64, i64)>, bool);

/// Adds a material.
#[pyfunction]
pub(crate) fn add_material(mut builder: PyRefMut<'_, Builder>, name: String) {
    builder.inner.add_material(Material::new(name));
}

/// Keeps two materials from being on board at the same time.
#[pyfunction]
pub(crate) fn separate_materials(mut builder: PyRefMut<'_, Builder>, a: u32, b: u32) {
    builder.inner.separate_materials(material(a), material(b));
}

/// Adds a disposal site.
#[pyfunction]
#[pyo3(signature = (builder, location, hours, service, unloading, visit_cost, tipping_fee, materials, daily_capacity, name
))]
#[expect(clippy::too_many_arguments, reason = "one for each field of a site")]
pub(crate) fn add_disposal_site(
    mut builder: PyRefMut<'_, Builder>,
    location: u32,
    hours: Vec<Window>,
    service: i64,
    unloading: Vec<RateRow>,
    visit_cost: i64,
    tipping_fee: Vec<RateRow>,
    materials: Option<Vec<u32>>,
    daily_capacity: Vec<i64>,
    name: String,
) {
    builder.inner.add_disposal_site(DisposalSite {
        hours: hours.into_iter().map(window).collect(),
        service,
        unloading: rates(unloading),
        visit_cost,
        tipping_fee: rates(tipping_fee),
        materials: materials.map(|ids| ids.into_iter().map(material).collect()),
        daily_capacity,
        name,
        ..DisposalSite::at(place(location))
    });
}

/// Gives the client that was added last its day: material, windows beside the first, soft window (early, late, costs),
/// skills, priority.
#[pyfunction]
#[pyo3(signature = (builder, material_index, more_windows, soft_window, skills, priority))]
pub(crate) fn set_client_day(
    mut builder: PyRefMut<'_, Builder>,
    material_index: Option<u32>,
    more_windows: Vec<Window>,
    soft_window: Option<(i64, i64, i64, i64)>,
    skills: Vec<String>,
    priority: u8,
) {
    if let Some(client) = builder.inner.clients_mut().last_mut() {
        client.material = material_index.map(material);
        client.more_windows = more_windows.into_iter().map(window).collect();
        client.soft_window =
            soft_window.map(|(early, late, before, after)| SoftWindow::new(early, late, before, after));
        client.skills = skills;
        client.priority = priority;
    }
}

/// Says which vehicle types may serve a client, and how long each takes.
#[pyfunction]
#[pyo3(signature = (builder, client, allowed, forbidden, services))]
pub(crate) fn set_client_vehicles(
    mut builder: PyRefMut<'_, Builder>,
    client: usize,
    allowed: Option<Vec<u32>>,
    forbidden: Vec<u32>,
    services: Vec<(u32, i64)>,
) {
    let types = |ids: Vec<u32>| ids.into_iter().map(vehicle_type).collect::<Vec<_>>();
    if let Some(client) = builder.inner.clients_mut().get_mut(client) {
        client.allowed_vehicles = allowed.map(types);
        client.forbidden_vehicles = types(forbidden);
        client.service_by_type = services.into_iter().map(|(id, service)| (vehicle_type(id), service)).collect();
    }
}

/// Gives the vehicle type that was added last its day.
#[pyfunction]
#[pyo3(signature = (builder, disposal_sites, end_empty, compartments, max_route_load, max_stops, breaks, driver_rules, paid_rests,
    max_driving, max_work, overtime, cost_per_waiting, skills, executed
))]
#[expect(clippy::too_many_arguments, reason = "one for each field of a vehicle's day")]
pub(crate) fn set_vehicle_day(
    mut builder: PyRefMut<'_, Builder>,
    disposal_sites: Vec<u32>,
    end_empty: bool,
    compartments: Vec<(Vec<u32>, Vec<i64>)>,
    max_route_load: Vec<i64>,
    max_stops: Option<usize>,
    breaks: Vec<BreakRow>,
    driver_rules: Vec<DriverRuleRow>,
    paid_rests: bool,
    max_driving: Option<i64>,
    max_work: Option<i64>,
    overtime: Vec<(i64, i64)>,
    cost_per_waiting: i64,
    skills: Vec<String>,
    executed: Vec<(String, u32)>,
) -> PyResult<()> {
    let executed: Vec<Activity> =
        executed.iter().map(|(kind, index)| activity_of(kind, *index)).collect::<PyResult<_>>()?;
    let Some(own) = builder.inner.vehicle_types_mut().last_mut() else { return Ok(()) };
    own.disposal_sites = disposal_sites.into_iter().map(|id| DisposalSiteId::new(id as usize)).collect();
    own.end_empty = end_empty;
    own.compartments = compartments
        .into_iter()
        .map(|(ids, capacity)| Compartment::new(ids.into_iter().map(material).collect::<Vec<_>>(), capacity))
        .collect();
    own.max_route_load = max_route_load;
    own.max_stops = max_stops;
    own.breaks = breaks.into_iter().map(pause).collect();
    own.driver_rules = driver_rules.into_iter().map(driver_rule).collect();
    own.paid_rests = paid_rests;
    own.max_driving = max_driving;
    own.max_work = max_work;
    own.overtime = overtime.into_iter().map(|(after, cost)| OvertimeStep::new(after, cost)).collect();
    own.cost_per_waiting = cost_per_waiting;
    own.skills = skills;
    own.executed = executed;
    Ok(())
}

/// Adds a tie between clients: `same_vehicle`, `sequence`, `precedence`, `all_or_none`, `incompatible` or `pin`, the last
/// with a vehicle type and a position.
#[pyfunction]
#[pyo3(signature = (builder, kind, clients, vehicle_type_index, position))]
pub(crate) fn add_relation(
    mut builder: PyRefMut<'_, Builder>,
    kind: &str,
    clients: Vec<u32>,
    vehicle_type_index: Option<u32>,
    position: Option<&str>,
) -> PyResult<()> {
    let clients: Vec<ClientId> = clients.into_iter().map(|id| ClientId::new(id as usize)).collect();
    let position = match position {
        None => Position::Any,
        Some("first") => Position::First,
        Some("last") => Position::Last,
        Some(other) => {
            return Err(PyValueError::new_err(format!("position is {other:?}: use \"first\", \"last\" or None")));
        }
    };
    let relation = match (kind, clients.as_slice()) {
        ("same_vehicle", _) => Relation::SameVehicle(clients),
        ("sequence", _) => Relation::Sequence(clients),
        ("all_or_none", _) => Relation::AllOrNone(clients),
        ("incompatible", _) => Relation::Incompatible(clients),
        ("precedence", &[before, after]) => Relation::Precedence(before, after),
        ("pin", &[client]) => Relation::Pin { client, vehicle_type: vehicle_type_index.map(vehicle_type), position },
        (other, _) => return Err(PyValueError::new_err(format!("there is no such relation: {other:?}"))),
    };
    builder.inner.add_relation(relation);
    Ok(())
}

/// Adds a goal: weighted, or ranked if it has no weight.
#[pyfunction]
#[pyo3(signature = (builder, measure, weight))]
pub(crate) fn add_goal(mut builder: PyRefMut<'_, Builder>, measure: &str, weight: Option<i64>) -> PyResult<()> {
    let Some(measure) = Measure::ALL.into_iter().find(|known| known.name() == measure) else {
        let known = Measure::ALL.map(Measure::name).join(", ");
        return Err(PyValueError::new_err(format!("measure is {measure:?}: use one of {known}")));
    };
    builder.inner.add_goal(Goal { measure, weight });
    Ok(())
}

/// Sets how fast a travel profile is over the day: from when on, and per cent.
#[pyfunction]
pub(crate) fn set_speed(mut builder: PyRefMut<'_, Builder>, profile: u32, steps: Vec<(i64, u32)>) {
    builder.inner.speed(ProfileId::new(profile as usize), SpeedCurve::new(steps));
}

fn pause((start, duration, location, paid, name): BreakRow) -> Break {
    Break { start: window(start), duration, place: location.map(place), paid, name }
}

fn driver_rule((driving, max, rest, split, any_pause): DriverRuleRow) -> DriverRule {
    let effort = if driving { Effort::Driving } else { Effort::Work };
    DriverRule { split, any_pause, ..DriverRule::new(effort, max, rest) }
}

fn rates(rates: Vec<RateRow>) -> Vec<Rate> {
    rates.into_iter().map(|(amount, per)| Rate::new(amount, per)).collect()
}

fn material(id: u32) -> MaterialId {
    MaterialId::new(id as usize)
}

fn vehicle_type(id: u32) -> VehicleTypeId {
    VehicleTypeId::new(id as usize)
}
