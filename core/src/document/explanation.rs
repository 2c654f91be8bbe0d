//! Why a client or a shipment is unserved.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Scales};
use crate::explain::{Blocking, Explanation, Holder, Job, Obstacle, Reason, Relaxation, Searched, TypeReason};
use crate::ids::VehicleTypeId;
use crate::model::Problem;
use crate::plan::Violation;

/// What is not served.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A single client.
    Client,
    /// A shipment.
    Shipment,
}

/// Why a vehicle type does not serve it.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// It cannot, which is proved.
    Impossible,
    /// No feasible route was found, even for a vehicle that does nothing else.
    NotFound,
    /// There would be room without a relation.
    Tied,
    /// It could, but no room was found beside what the plan's vehicles of this type do.
    NoRoom,
    /// It could, in the plan as it is.
    Possible,
}

/// What keeps a vehicle type from serving it, whatever else it does or leaves.
#[derive(Clone, Copy, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObstacleKind {
    /// Lists of the client or of the vehicle type.
    #[default]
    NotAllowed,
    /// It lies outside all zones that the vehicle type serves.
    OutsideZones,
    /// It lies in a zone that is closed to the vehicle type.
    ZoneClosed,
    /// A relation that pins it to another vehicle type.
    Pinned,
    /// Skills that the vehicle lacks.
    MissingSkills,
    /// No compartment for the material.
    NoCompartment,
    /// More than the vehicle carries.
    TooMuch,
    /// No disposal site of the vehicle takes the material.
    NoSite,
    /// A rule that even a vehicle breaks which serves nothing else.
    Alone,
    /// A depot that opens, a shift that begins, or a release that comes too late even for such a vehicle.
    HeldBack,
    /// A client that must be served, too, and cannot be.
    Partner,
}

/// What is changed to make room.
#[derive(Clone, Copy, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds are those of `Relaxation`, which says what they are")]
pub enum RelaxationKind {
    #[default]
    Prize,
    Vehicle,
    Shift,
    ShiftStart,
    MaxDuration,
    MaxDriving,
    MaxWork,
    MaxDistance,
    Capacity,
    RouteLoad,
    MaxStops,
    MaxTrips,
    Skill,
    Allow,
    Break,
    Zones,
    DriverRule,
    Window,
    SiteHours,
    SiteCapacity,
    DepotHours,
    DepotOpening,
    Release,
    Relation,
}

/// How far an explanation got before the time was up.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchedKind {
    /// It was not examined.
    Nothing,
    /// The reasons are complete; changes that would help were not all searched for.
    Reasons,
    /// It is complete.
    Everything,
}

impl From<Searched> for SearchedKind {
    fn from(searched: Searched) -> Self {
        match searched {
            Searched::Nothing => Self::Nothing,
            Searched::Reasons => Self::Reasons,
            Searched::Everything => Self::Everything,
        }
    }
}

/// Why a client or a shipment is not served.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Explanation")]
pub struct ExplanationDocument<'p> {
    /// Which of the two.
    pub kind: JobKind,
    /// Its index.
    pub index: usize,
    /// Its name; may be empty.
    pub name: &'p str,
    /// What serving is worth; null where it is required.
    pub prize: Option<Number>,
    /// Whether no vehicle type can serve it, whatever else it does.
    pub is_impossible: bool,
    /// Why each vehicle type does not serve it.
    pub by_type: Vec<TypeReasonDocument>,
    /// Changes, each of which alone would make room, the smallest first.
    pub relaxations: Vec<RelaxationDocument>,
    /// All of it for people, in the solver's units.
    pub text: String,
    /// How far it got before the time was up.
    pub searched: SearchedKind,
}

/// Why one vehicle type does not serve it.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "TypeReason")]
pub struct TypeReasonDocument {
    /// The index of the vehicle type.
    pub vehicle_type: usize,
    /// Why in a word.
    pub kind: ReasonKind,
    /// What it would cost, where it is possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Number>,
    /// The obstacles.
    pub obstacles: Vec<ObstacleDocument>,
    /// The index of the obstructing relation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<usize>,
    /// Where there is no room: the rules that leave none, as documents call them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<&'static str>,
    /// Whether all of these rules would have to change; otherwise a change of any one of them makes room.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
}

/// What keeps a vehicle type from serving it. Fields that the kind does not need are omitted.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Obstacle")]
pub struct ObstacleDocument {
    /// What it is.
    pub kind: ObstacleKind,
    /// The same for people, in the solver's units.
    pub text: String,
    /// The skills that are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    /// The index of the material.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub material: Option<usize>,
    /// The load dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<usize>,
    /// How much there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Number>,
    /// How much the vehicle may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Number>,
    /// The kind of the violation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub violation: Option<&'static str>,
    /// The index of the relation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<usize>,
    /// The index of the zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<usize>,
    /// The index of the depot that opens too late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depot: Option<usize>,
    /// Until when the vehicle is held back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Number>,
    /// The index of the partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<usize>,
    /// The partner's obstacles, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacles: Option<Vec<String>>,
}

/// A single change that would make room. Fields that the kind does not need are omitted.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Relaxation")]
pub struct RelaxationDocument {
    /// What is changed.
    pub kind: RelaxationKind,
    /// The same for people, in the solver's units.
    pub text: String,
    /// The index of the vehicle type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle_type: Option<usize>,
    /// The index of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<usize>,
    /// The index of the disposal site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<usize>,
    /// The index of the depot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depot: Option<usize>,
    /// The load dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<usize>,
    /// The index of the relation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<usize>,
    /// The index of the break.
    #[serde(rename = "break", skip_serializing_if = "Option::is_none")]
    pub pause: Option<usize>,
    /// The index of the driver rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<usize>,
    /// The skill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// How much more: money, time, distance, load, or a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Number>,
    /// Until when a site would have to be open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Number>,
}

impl<'p> ExplanationDocument<'p> {
    /// The explanation, in the user's units.
    pub fn new(problem: &'p Problem, explanation: &Explanation, scales: &Scales) -> Self {
        let (kind, index, name) = match explanation.job {
            Job::Client(id) => (JobKind::Client, id.index(), &problem.client(id).name),
            Job::Shipment(id) => (JobKind::Shipment, id.index(), &problem.shipment(id).name),
        };
        Self {
            kind,
            index,
            name,
            prize: explanation.prize.map(|prize| scales.cost(prize)),
            is_impossible: explanation.is_impossible(),
            by_type: explanation.by_type.iter().map(|own| type_reason(problem, own, scales)).collect(),
            relaxations: explanation.relaxations.iter().map(|each| relaxation(problem, each, scales)).collect(),
            text: explanation.with_names(problem).to_string(),
            searched: explanation.searched.into(),
        }
    }
}

fn type_reason(problem: &Problem, own: &TypeReason, scales: &Scales) -> TypeReasonDocument {
    let of = |kind| TypeReasonDocument {
        vehicle_type: own.vehicle_type.index(),
        kind,
        cost: None,
        obstacles: Vec::new(),
        relation: None,
        rules: match &own.blocking {
            Blocking::Unknown => Vec::new(),
            Blocking::AnyOf(rules) | Blocking::Together(rules) => rules.clone(),
        },
        together: matches!(own.blocking, Blocking::Together(_)),
    };
    let alone = |violation: &Violation| obstacle(problem, &Obstacle::Alone(violation.clone()), scales);
    match &own.reason {
        Reason::Impossible(found) => TypeReasonDocument {
            obstacles: found.iter().map(|o| obstacle(problem, o, scales)).collect(),
            ..of(ReasonKind::Impossible)
        },
        Reason::NotFound(broken) => {
            TypeReasonDocument { obstacles: broken.iter().map(alone).collect(), ..of(ReasonKind::NotFound) }
        }
        Reason::Tied(tie) => TypeReasonDocument { relation: Some(tie.relation), ..of(ReasonKind::Tied) },
        Reason::NoRoom => of(ReasonKind::NoRoom),
        &Reason::Possible { cost } => TypeReasonDocument { cost: Some(scales.cost(cost)), ..of(ReasonKind::Possible) },
    }
}

fn obstacle(problem: &Problem, obstacle: &Obstacle, scales: &Scales) -> ObstacleDocument {
    let of =
        |kind| ObstacleDocument { kind, text: obstacle.with_names(problem).to_string(), ..ObstacleDocument::default() };
    match obstacle {
        Obstacle::NotAllowed => of(ObstacleKind::NotAllowed),
        Obstacle::OutsideZones => of(ObstacleKind::OutsideZones),
        Obstacle::ZoneClosed(id) => ObstacleDocument { zone: Some(id.index()), ..of(ObstacleKind::ZoneClosed) },
        Obstacle::MissingSkills(skills) => {
            ObstacleDocument { skills: Some(skills.clone()), ..of(ObstacleKind::MissingSkills) }
        }
        Obstacle::NoCompartment(id) => {
            ObstacleDocument { material: Some(id.index()), ..of(ObstacleKind::NoCompartment) }
        }
        &Obstacle::TooMuch { dimension, amount, capacity } => ObstacleDocument {
            dimension: Some(dimension),
            amount: Some(scales.load(amount)),
            capacity: Some(scales.load(capacity)),
            ..of(ObstacleKind::TooMuch)
        },
        Obstacle::NoSite(material) => {
            ObstacleDocument { material: material.map(crate::ids::MaterialId::index), ..of(ObstacleKind::NoSite) }
        }
        Obstacle::Pinned(tie) => ObstacleDocument { relation: Some(tie.relation), ..of(ObstacleKind::Pinned) },
        Obstacle::Partner { tie, client, obstacles } => ObstacleDocument {
            relation: Some(tie.relation),
            client: Some(client.index()),
            obstacles: Some(obstacles.iter().map(|own| own.with_names(problem).to_string()).collect()),
            ..of(ObstacleKind::Partner)
        },
        Obstacle::HeldBack { by, until, violation } => ObstacleDocument {
            depot: if let Holder::Depot(depot) = by { Some(depot.index()) } else { None },
            until: Some(scales.time(*until)),
            violation: Some(violation.kind()),
            ..of(ObstacleKind::HeldBack)
        },
        Obstacle::Alone(violation) => ObstacleDocument { violation: Some(violation.kind()), ..of(ObstacleKind::Alone) },
    }
}

fn relaxation(problem: &Problem, relaxation: &Relaxation, scales: &Scales) -> RelaxationDocument {
    let of = |kind| RelaxationDocument {
        kind,
        text: relaxation.with_names(problem).to_string(),
        ..RelaxationDocument::default()
    };
    let own = |kind, id: VehicleTypeId| RelaxationDocument { vehicle_type: Some(id.index()), ..of(kind) };
    let more = |kind, id, by| RelaxationDocument { by: Some(by), ..own(kind, id) };
    let count = |number: usize| Number::Whole(number as i64);
    match *relaxation {
        Relaxation::Prize { by } => RelaxationDocument { by: Some(scales.cost(by)), ..of(RelaxationKind::Prize) },
        Relaxation::Vehicle { vehicle_type } => more(RelaxationKind::Vehicle, vehicle_type, count(1)),
        Relaxation::Shift { vehicle_type, by } => more(RelaxationKind::Shift, vehicle_type, scales.time(by)),
        Relaxation::ShiftStart { vehicle_type, by } => more(RelaxationKind::ShiftStart, vehicle_type, scales.time(by)),
        Relaxation::MaxDuration { vehicle_type, by } => {
            more(RelaxationKind::MaxDuration, vehicle_type, scales.time(by))
        }
        Relaxation::MaxDriving { vehicle_type, by } => more(RelaxationKind::MaxDriving, vehicle_type, scales.time(by)),
        Relaxation::MaxWork { vehicle_type, by } => more(RelaxationKind::MaxWork, vehicle_type, scales.time(by)),
        Relaxation::MaxDistance { vehicle_type, by } => {
            more(RelaxationKind::MaxDistance, vehicle_type, scales.distance(by))
        }
        Relaxation::Capacity { vehicle_type, dimension, by } => RelaxationDocument {
            dimension: Some(dimension),
            ..more(RelaxationKind::Capacity, vehicle_type, scales.load(by))
        },
        Relaxation::RouteLoad { vehicle_type, dimension, by } => RelaxationDocument {
            dimension: Some(dimension),
            ..more(RelaxationKind::RouteLoad, vehicle_type, scales.load(by))
        },
        Relaxation::MaxStops { vehicle_type, by } => more(RelaxationKind::MaxStops, vehicle_type, count(by)),
        Relaxation::MaxTrips { vehicle_type, by } => more(RelaxationKind::MaxTrips, vehicle_type, count(by)),
        Relaxation::Skill { vehicle_type, ref skill } => {
            RelaxationDocument { skill: Some(skill.clone()), ..own(RelaxationKind::Skill, vehicle_type) }
        }
        Relaxation::Allow { vehicle_type } => own(RelaxationKind::Allow, vehicle_type),
        Relaxation::Break { vehicle_type, pause } => {
            RelaxationDocument { pause: Some(pause), ..own(RelaxationKind::Break, vehicle_type) }
        }
        Relaxation::Zones { vehicle_type } => own(RelaxationKind::Zones, vehicle_type),
        Relaxation::DriverRule { vehicle_type, rule } => {
            RelaxationDocument { rule: Some(rule), ..own(RelaxationKind::DriverRule, vehicle_type) }
        }
        Relaxation::Relation { relation } => {
            RelaxationDocument { relation: Some(relation), ..of(RelaxationKind::Relation) }
        }
        Relaxation::Window { client, by } => {
            RelaxationDocument { client: Some(client.index()), by: Some(scales.time(by)), ..of(RelaxationKind::Window) }
        }
        Relaxation::SiteHours { site, until } => RelaxationDocument {
            site: Some(site.index()),
            until: Some(scales.time(until)),
            ..of(RelaxationKind::SiteHours)
        },
        Relaxation::SiteCapacity { site, dimension, by } => RelaxationDocument {
            site: Some(site.index()),
            dimension: Some(dimension),
            by: Some(scales.load(by)),
            ..of(RelaxationKind::SiteCapacity)
        },
        Relaxation::Release { client, by } => RelaxationDocument {
            client: Some(client.index()),
            by: Some(scales.time(by)),
            ..of(RelaxationKind::Release)
        },
        Relaxation::DepotHours { depot, by } | Relaxation::DepotOpening { depot, by } => {
            let opens = matches!(relaxation, Relaxation::DepotOpening { .. });
            let kind = if opens { RelaxationKind::DepotOpening } else { RelaxationKind::DepotHours };
            RelaxationDocument { depot: Some(depot.index()), by: Some(scales.time(by)), ..of(kind) }
        }
    }
}
