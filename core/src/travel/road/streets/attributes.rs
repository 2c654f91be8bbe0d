//! What holds on a way or at a barrier.

/// A street as the map has it, before it is cut at junctions.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Way {
    /// The map's number of it: the way of OpenStreetMap, the link of an edge list.
    pub id: i64,
    /// Its name; empty where it has none.
    pub name: String,
    /// Its class: the value of `highway`, `ferry` for a ferry.
    pub class: String,
    /// What a road of class `service` serves (`driveway`, `alley`, `parking_aisle`); empty elsewhere.
    pub service: String,
    /// In which direction wheels may run.
    pub direction: Direction,
    /// In which direction people may walk, where the map says that of them.
    pub foot_direction: Option<Direction>,
    /// Whether it is part of a roundabout.
    pub roundabout: bool,
    /// The posted speed in km/h: along the geometry, and against it.
    pub max_speed: [Option<f32>; 2],
    /// The posted speed of heavy vehicles in km/h.
    pub max_speed_hgv: Option<f32>,
    /// How large a vehicle may be.
    pub limits: Limits,
    /// How wide the carriageway is in metres, where the map says that.
    pub width: Option<f32>,
    /// Who may use it.
    pub access: Access,
    /// How long a ferry takes in seconds, where the map says that.
    pub duration: Option<f32>,
}

/// In which direction a way may be followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// In both.
    #[default]
    Both,
    /// Along its geometry only.
    Forward,
    /// Against its geometry only.
    Backward,
    /// Not at all: the direction changes with the hour.
    Neither,
}

impl Direction {
    /// Whether it may be followed along its geometry (`forward`), or against it.
    pub fn allows(self, forward: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Forward => forward,
            Self::Backward => !forward,
            Self::Neither => false,
        }
    }
}

/// How large a vehicle may be; `None`: no limit is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Metres.
    pub height: Option<f32>,
    /// Metres.
    pub width: Option<f32>,
    /// Metres.
    pub length: Option<f32>,
    /// Tonnes, with the load.
    pub weight: Option<f32>,
    /// Tonnes on one axle.
    pub axle_load: Option<f32>,
}

/// Who may use a way, by the keys of OpenStreetMap; `None` where the map does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// `access`: all.
    pub access: Option<Permit>,
    /// `vehicle`: all but those on foot.
    pub vehicle: Option<Permit>,
    /// `motor_vehicle`.
    pub motor_vehicle: Option<Permit>,
    /// `motorcar`.
    pub motorcar: Option<Permit>,
    /// `goods`: vans.
    pub goods: Option<Permit>,
    /// `hgv`: heavy vehicles.
    pub hgv: Option<Permit>,
    /// `foot`.
    pub foot: Option<Permit>,
}

/// What a key of [`Access`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Permit {
    /// `yes`, `designated`, `official`.
    Yes,
    /// `permissive`: open until its owner changes their mind.
    Permissive,
    /// `destination`: for those who have an errand there.
    Destination,
    /// `delivery`: for those who deliver there.
    Delivery,
    /// `customers`.
    Customers,
    /// `agricultural`, `forestry`.
    Agricultural,
    /// `private`, `permit`, `residents`, `employees`.
    Private,
    /// `no`.
    No,
}

impl Permit {
    /// What a value of a key of access means; `None` if it is not known.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        Some(match value {
            "yes" | "designated" | "official" | "public" => Self::Yes,
            "permissive" => Self::Permissive,
            "destination" | "destination_only" => Self::Destination,
            "delivery" => Self::Delivery,
            "customers" | "customer" | "visitors" => Self::Customers,
            "agricultural" | "forestry" | "agricultural;forestry" => Self::Agricultural,
            "private" | "permit" | "residents" | "resident" | "employees" | "military" | "emergency" => Self::Private,
            "no" | "none" | "use_sidepath" | "prohibited" => Self::No,
            _ => return None,
        })
    }
}

/// What stands at a junction, and who may pass it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Barrier {
    /// The value of `barrier`: `gate`, `bollard`, `lift_gate`.
    pub kind: String,
    /// Who may pass.
    pub access: Access,
    /// How large a vehicle that passes may be.
    pub limits: Limits,
}
