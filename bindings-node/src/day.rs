//! From plain objects to the parts of a working day.

use milkrun::{
    Break, Client, ClientId, Compartment, DisposalSite, DisposalSiteId, DriverRule, Effort, Goal, MaterialId, Measure,
    OvertimeStep, Position, Rate, Relation, SoftWindow, SpeedCurve, VehicleType, VehicleTypeId,
};
use napi::bindgen_prelude::Result;

use crate::builder::{of_window, place};
use crate::day_records::{
    BreakRecord, ClientVehiclesRecord, DisposalSiteRecord, DriverRuleRecord, RateRecord, RelationRecord,
    SoftWindowRecord, SpeedStepRecord, VehicleDayRecord,
};
use crate::failure::coded;
use crate::plan::activity;

/// The site that a record describes.
pub(crate) fn disposal_site(site: DisposalSiteRecord) -> DisposalSite {
    DisposalSite {
        hours: site.hours.iter().map(of_window).collect(),
        service: site.service,
        unloading: rates(&site.unloading),
        visit_cost: site.visit_cost,
        tipping_fee: rates(&site.tipping_fee),
        materials: site.materials.as_deref().map(materials),
        daily_capacity: site.daily_capacity,
        name: site.name,
        ..DisposalSite::at(place(site.location))
    }
}

/// The soft window that a record describes.
pub(crate) fn soft_window(soft: &SoftWindowRecord) -> SoftWindow {
    SoftWindow::new(soft.window.early, soft.window.late, soft.cost_per_early, soft.cost_per_late)
}

/// Ties a client to vehicle types, in place of what it was tied to.
pub(crate) fn tie_to_vehicles(client: &mut Client, vehicles: ClientVehiclesRecord) {
    let types = |ids: Vec<u32>| ids.into_iter().map(vehicle_type).collect::<Vec<_>>();
    let services = vehicles.service_by_type.iter();
    client.allowed_vehicles = vehicles.allowed.map(types);
    client.forbidden_vehicles = types(vehicles.forbidden);
    client.service_by_type = services.map(|by| (vehicle_type(by.vehicle_type), by.service)).collect();
}

/// Gives a vehicle type its day.
pub(crate) fn with_day(vehicle_type: VehicleType, day: VehicleDayRecord) -> Result<VehicleType> {
    let sites = day.disposal_sites.into_iter();
    let compartments = day.compartments.into_iter();
    let overtime = day.overtime.iter();
    Ok(VehicleType {
        disposal_sites: sites.map(|id| DisposalSiteId::new(id as usize)).collect(),
        end_empty: day.end_empty,
        compartments: compartments.map(|c| Compartment::new(materials(&c.materials), c.capacity)).collect(),
        max_route_load: day.max_route_load,
        max_stops: day.max_stops.map(|stops| stops as usize),
        breaks: day.breaks.into_iter().map(pause).collect(),
        driver_rules: day.driver_rules.iter().map(driver_rule).collect(),
        paid_rests: day.paid_rests,
        max_driving: day.max_driving,
        max_work: day.max_work,
        overtime: overtime.map(|step| OvertimeStep::new(step.after, step.cost_per_duration)).collect(),
        cost_per_waiting: day.cost_per_waiting,
        skills: day.skills,
        executed: day.executed.iter().map(activity).collect::<Result<_>>()?,
        ..vehicle_type
    })
}

/// The tie that a record describes.
pub(crate) fn relation(relation: &RelationRecord) -> Result<Relation> {
    let clients: Vec<ClientId> = relation.clients.iter().map(|&id| ClientId::new(id as usize)).collect();
    Ok(match (relation.kind.as_str(), clients.as_slice()) {
        ("same_vehicle", _) => Relation::SameVehicle(clients),
        ("sequence", _) => Relation::Sequence(clients),
        ("all_or_none", _) => Relation::AllOrNone(clients),
        ("incompatible", _) => Relation::Incompatible(clients),
        ("precedence", &[before, after]) => Relation::Precedence(before, after),
        ("pin", &[client]) => Relation::Pin {
            client,
            vehicle_type: relation.vehicle_type.map(vehicle_type),
            position: position(relation.position.as_deref())?,
        },
        (kind, _) => {
            let kinds = "same_vehicle, sequence, precedence, all_or_none, incompatible, pin";
            return Err(coded(&["setting", &format!("unknown relation `{kind}`: use one of {kinds}")]));
        }
    })
}

/// The goal of the given measure; ranked if it has no weight.
pub(crate) fn goal(measure: &str, weight: Option<i64>) -> Result<Goal> {
    let Some(measure) = Measure::ALL.into_iter().find(|known| known.name() == measure) else {
        let known = Measure::ALL.map(Measure::name).join(", ");
        return Err(coded(&["setting", &format!("unknown measure `{measure}`: use one of {known}")]));
    };
    Ok(Goal { measure, weight })
}

/// The curve that the steps describe.
pub(crate) fn speed_curve(steps: &[SpeedStepRecord]) -> SpeedCurve {
    SpeedCurve::new(steps.iter().map(|step| (step.from, step.percent)))
}

fn position(name: Option<&str>) -> Result<Position> {
    match name {
        None | Some("any") => Ok(Position::Any),
        Some("first") => Ok(Position::First),
        Some("last") => Ok(Position::Last),
        Some(name) => {
            Err(coded(&["setting", &format!("unknown position `{name}`: use first or last, or leave it out")]))
        }
    }
}

fn pause(pause: BreakRecord) -> Break {
    Break {
        start: of_window(&pause.start),
        duration: pause.duration,
        place: pause.location.map(place),
        paid: pause.paid,
        name: pause.name,
    }
}

fn driver_rule(rule: &DriverRuleRecord) -> DriverRule {
    let effort = if rule.driving { Effort::Driving } else { Effort::Work };
    let split = match rule.split.as_deref() {
        Some(&[first, second]) => Some((first, second)),
        _ => None,
    };
    DriverRule { split, any_pause: rule.any_pause, ..DriverRule::new(effort, rule.max, rule.rest) }
}

fn rates(rates: &[RateRecord]) -> Vec<Rate> {
    rates.iter().map(|rate| Rate::new(rate.amount, rate.per)).collect()
}

fn materials(ids: &[u32]) -> Vec<MaterialId> {
    ids.iter().map(|&id| MaterialId::new(id as usize)).collect()
}

fn vehicle_type(id: u32) -> VehicleTypeId {
    VehicleTypeId::new(id as usize)
}
