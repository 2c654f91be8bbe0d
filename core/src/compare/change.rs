//! Changes of a problem.

use super::fault::CompareError;
use crate::ids::{DepotId, DisposalSiteId, VehicleTypeId};
use crate::model::{Faults, Problem, ProblemBuilder, VehicleType};
use crate::units::{Duration, Load, MAX_VALUE, Time};

/// A change of a problem. Where `vehicle_type` is `None`, it applies to all types.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemChange {
    /// More vehicles of a type, or fewer.
    Vehicles {
        /// The type.
        vehicle_type: VehicleTypeId,
        /// How many more; negative: fewer.
        by: i64,
    },
    /// Shifts at other times; what is `None` stays.
    Shift {
        /// The type.
        vehicle_type: Option<VehicleTypeId>,
        /// The earliest start.
        early: Option<Time>,
        /// The latest end.
        late: Option<Time>,
    },
    /// Shifts start later, and end when they did.
    LaterStart {
        /// The type.
        vehicle_type: Option<VehicleTypeId>,
        /// By how much; negative: earlier.
        by: Duration,
    },
    /// Another capacity.
    Capacity {
        /// The type.
        vehicle_type: VehicleTypeId,
        /// By load dimension.
        capacity: Vec<Load>,
    },
    /// Routes start and end at another depot.
    Depot {
        /// The type.
        vehicle_type: Option<VehicleTypeId>,
        /// The depot.
        depot: DepotId,
    },
    /// Vehicles unload at these disposal sites, and at no others.
    Sites {
        /// The type.
        vehicle_type: Option<VehicleTypeId>,
        /// The sites.
        sites: Vec<DisposalSiteId>,
    },
    /// A disposal site is closed: no vehicle unloads there.
    SiteClosed {
        /// The site.
        site: DisposalSiteId,
    },
}

impl ProblemChange {
    /// The problem with changes, which apply in their order.
    ///
    /// # Errors
    ///
    /// Every fault of the changes, or else of the changed problem, at once.
    pub fn apply(changes: &[Self], problem: &Problem) -> Result<Problem, CompareError> {
        let mut faults = Faults::default();
        let mut builder = problem.to_builder();
        for (i, change) in changes.iter().enumerate() {
            apply(&mut builder, change, &format!("changes[{i}]"), &mut faults);
        }
        faults.finish::<CompareError>()?;
        builder.build().map_err(|error| CompareError { issues: error.issues, omitted: error.omitted })
    }
}

/// Applies a change, unless it is faulty by itself. What the changed problem says of it comes when it is built.
pub(crate) fn apply(builder: &mut ProblemBuilder, change: &ProblemChange, path: &str, faults: &mut Faults) {
    if !is_known(builder, change, path, faults) {
        return;
    }
    let types = &mut builder.vehicle_types[..];
    match change {
        ProblemChange::Vehicles { vehicle_type, by } => {
            let count = &mut types[vehicle_type.index()].count;
            let changed = i64::try_from(*count).unwrap_or(i64::MAX).checked_add(*by);
            if let Some(changed) = changed.and_then(|changed| usize::try_from(changed).ok()) {
                *count = changed;
            } else {
                let message = format!("there are {count} of them");
                faults.add(format!("{path}.by"), by, &message, "take away no more than there are");
            }
        }
        ProblemChange::Shift { vehicle_type, early, late } => {
            for own in selected(types, *vehicle_type) {
                own.shift.early = early.unwrap_or(own.shift.early);
                own.shift.late = late.unwrap_or(own.shift.late);
            }
        }
        ProblemChange::LaterStart { vehicle_type, by } => {
            if by.saturating_abs() > MAX_VALUE {
                faults.add(format!("{path}.by"), by, "is longer than any day", "give less than 2^30");
                return;
            }
            for own in selected(types, *vehicle_type) {
                own.shift.early = own.shift.early.saturating_add(*by);
            }
        }
        ProblemChange::Capacity { vehicle_type, capacity } => {
            types[vehicle_type.index()].capacity.clone_from(capacity);
        }
        ProblemChange::Depot { vehicle_type, depot } => {
            for own in selected(types, *vehicle_type) {
                (own.start, own.end) = (own.start.map(|_| *depot), own.end.map(|_| *depot));
            }
        }
        ProblemChange::Sites { vehicle_type, sites } => {
            for own in selected(types, *vehicle_type) {
                own.disposal_sites.clone_from(sites);
            }
        }
        ProblemChange::SiteClosed { site } => {
            for own in types {
                own.disposal_sites.retain(|open| open != site);
            }
        }
    }
}

fn selected(types: &mut [VehicleType], one: Option<VehicleTypeId>) -> impl Iterator<Item = &mut VehicleType> {
    types.iter_mut().enumerate().filter(move |(t, _)| one.is_none_or(|one| one.index() == *t)).map(|(_, own)| own)
}

/// Whether what the change names exists.
fn is_known(builder: &ProblemBuilder, change: &ProblemChange, path: &str, faults: &mut Faults) -> bool {
    use ProblemChange as Change;
    let vehicle_type = match change {
        Change::Vehicles { vehicle_type, .. } | Change::Capacity { vehicle_type, .. } => Some(*vehicle_type),
        Change::Shift { vehicle_type, .. }
        | Change::LaterStart { vehicle_type, .. }
        | Change::Depot { vehicle_type, .. }
        | Change::Sites { vehicle_type, .. } => *vehicle_type,
        Change::SiteClosed { .. } => None,
    };
    let types = builder.vehicle_types.len();
    let mut known =
        vehicle_type.is_none_or(|own| faults.known(format!("{path}.vehicle_type"), "vehicle type", own.index(), types));
    match change {
        Change::Depot { depot, .. } => {
            known &= faults.known(format!("{path}.depot"), "depot", depot.index(), builder.depots.len());
        }
        Change::Sites { sites, .. } => {
            for (i, site) in sites.iter().enumerate() {
                let path = format!("{path}.sites[{i}]");
                known &= faults.known(path, "disposal site", site.index(), builder.disposal_sites.len());
            }
        }
        Change::SiteClosed { site } => {
            known &= faults.known(format!("{path}.site"), "disposal site", site.index(), builder.disposal_sites.len());
        }
        _ => {}
    }
    known
}
