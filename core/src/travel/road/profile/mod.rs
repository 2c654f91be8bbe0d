//! Who drives: which streets, how fast, at what cost of turning.

mod check;
mod shipped;
mod traffic;

pub use check::{ProfileError, ProfileFault};
pub(super) use traffic::minutes;
pub use traffic::{Day, TrafficRule};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::travel::road::streets::{Access, Permit};

/// The greatest speed that a profile may have, in km/h.
///
/// Below it, no drive's distance can outgrow the numbers of its travel time: see the hierarchy's label.
pub const GREATEST_SPEED: f64 = 140.0;

/// Who drives: which streets it may use, how fast it is on them, and what turning costs.
///
/// A profile is data: the shipped ones are TOML texts ([`car`](Self::car), [`truck`](Self::truck),
/// [`waste_truck`](Self::waste_truck), [`foot`](Self::foot)), and [`from_toml`](Self::from_toml) reads another. Speeds are in
/// km/h, lengths in metres, masses in tonnes, times in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadProfile {
    /// What it is called in messages and files.
    pub name: String,
    /// Whether it walks: one-way rules and turn restrictions of vehicles do not hold.
    #[serde(default)]
    pub on_foot: bool,
    /// The keys of OpenStreetMap that say whether it may use a street, the most specific first: the first that a street has
    /// decides. Of `access`, `vehicle`, `motor_vehicle`, `motorcar`, `goods`, `hgv`, `foot`.
    pub access: Vec<String>,
    /// What such a key says where the street is closed to it.
    pub barred: Vec<Permit>,
    /// On which side of the street it drives.
    #[serde(default)]
    pub driving_side: Side,
    /// How fast it can be, in km/h; at most [`GREATEST_SPEED`].
    pub max_speed: f64,
    /// Whether a posted speed replaces the speed of the class, or only lowers it.
    #[serde(default)]
    pub posted: Posted,
    /// The share of a posted speed that is reached.
    #[serde(default = "one")]
    pub posted_factor: f64,
    /// Speeds in km/h by class of street (`highway`; `ferry` for ferries). Other classes are not used.
    pub classes: BTreeMap<String, f64>,
    /// Speeds in km/h on roads of class `service`, by what they serve; 0: not used.
    #[serde(default)]
    pub services: BTreeMap<String, f64>,
    /// How large the vehicle is; what is not said does not exclude a street.
    #[serde(default)]
    pub vehicle: VehicleSize,
    /// What turning costs.
    #[serde(default)]
    pub turns: TurnCosts,
    /// What cannot be passed.
    #[serde(default)]
    pub barriers: BarrierRule,
    /// How speeds change over the week. Where several rules hold, the first one does.
    #[serde(default)]
    pub traffic: Vec<TrafficRule>,
}

fn one() -> f64 {
    1.0
}

/// A side of the street.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The right side, as on most of the continents.
    #[default]
    Right,
    /// The left side.
    Left,
}

/// What a posted speed means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posted {
    /// It is what is driven, times [`posted_factor`](RoadProfile::posted_factor).
    #[default]
    Replaces,
    /// It lowers the speed of the class, but never raises it.
    Caps,
}

/// The size of a vehicle with its load; `None`: not known, so that no limit excludes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VehicleSize {
    /// Metres.
    pub height: Option<f64>,
    /// Metres.
    pub width: Option<f64>,
    /// Metres by which a carriageway must be wider than the vehicle, where the map says how wide it is.
    pub clearance: f64,
    /// Metres.
    pub length: Option<f64>,
    /// Tonnes.
    pub weight: Option<f64>,
    /// Tonnes on one axle.
    pub axle_load: Option<f64>,
}

/// What turning costs, in seconds. A bend of a street without another one at it is no turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TurnCosts {
    /// A turn to the left.
    pub left: f64,
    /// A turn to the right.
    pub right: f64,
    /// What is added to a turn, whatever its side, by more than 120 degrees.
    pub sharp: f64,
    /// A U-turn.
    pub u_turn: f64,
    /// Where U-turns are made.
    pub u_turns: UTurns,
    /// Traffic signals at a junction, on average, in whatever direction it is passed.
    pub signals: f64,
    /// Turning from a street without restriction into one for those with an errand there (`access=destination` and the
    /// like), so that it is not used to pass through.
    pub destination: f64,
    /// Whether turn restrictions hold.
    pub restrictions: bool,
}

impl Default for TurnCosts {
    fn default() -> Self {
        Self {
            left: 0.0,
            right: 0.0,
            sharp: 0.0,
            u_turn: 0.0,
            u_turns: UTurns::Everywhere,
            signals: 0.0,
            destination: 0.0,
            restrictions: true,
        }
    }
}

/// Where U-turns are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UTurns {
    /// At every junction and end of a street, at the cost of [`u_turn`](TurnCosts::u_turn).
    #[default]
    Everywhere,
    /// Only where there is nothing else to do: at dead ends, and where all other streets are closed to the profile.
    DeadEnds,
}

/// What cannot be passed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BarrierRule {
    /// Kinds of barriers (`bollard`, `block`) that close a junction, unless the map says who may pass.
    pub closed: Vec<String>,
    /// Seconds that any other barrier takes to pass.
    pub seconds: f64,
}

impl RoadProfile {
    /// What the map says of this profile at a street or barrier, by the most specific key.
    pub(super) fn permit(&self, access: Access) -> Option<Permit> {
        self.access.iter().find_map(|key| match key.as_str() {
            "access" => access.access,
            "vehicle" => access.vehicle,
            "motor_vehicle" => access.motor_vehicle,
            "motorcar" => access.motorcar,
            "goods" => access.goods,
            "hgv" => access.hgv,
            _ => access.foot,
        })
    }

    /// Whether a restriction that names modes holds for this profile.
    pub(super) fn is_restricted_by(&self, only_for: &str, except: &[String]) -> bool {
        let concerned = |mode: &str| self.access.iter().any(|key| key == mode);
        self.turns.restrictions
            && !self.on_foot
            && (only_for.is_empty() || concerned(only_for))
            && !except.iter().any(|mode| concerned(mode))
    }
}
