//! Travel as part of a problem's document.

use schemars::JsonSchema;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::JsonFault;
use super::asked_travel::{AskedTravel, NetworkTravel, ProfileNames, ServiceKind, ServiceTravel};
use crate::listing::Listing;
use crate::travel::{EuclideanRounding, Matrix, ProfileMatrices, Rounding, Travel, UNREACHABLE};
use crate::units::MAX_VALUE;

/// Where distances and durations come from.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "Travel")]
pub(super) enum TravelDocument {
    /// Straight lines between planar points; durations equal distances.
    Euclidean {
        /// How lengths become integers.
        #[serde(default)]
        rounding: RoundingDocument,
    },
    /// Great circles between points given in degrees; metres and seconds.
    Haversine {
        /// Metres per second.
        speed: f64,
        /// Road length per length as the crow flies.
        #[serde(default = "usual_detour")]
        detour: f64,
    },
    /// Matrices given.
    Matrices {
        /// One for each kind of vehicle that travels differently.
        profiles: Vec<ProfileDocument>,
    },
    /// Along the streets of a map or of a prepared network: metres and seconds between longitudes and latitudes.
    Network(NetworkTravel),
    /// What a service knows: metres and seconds between longitudes and latitudes.
    Service(ServiceTravel),
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Rounding")]
pub(super) enum RoundingDocument {
    /// To the nearest integer.
    #[default]
    Round,
    /// Cut off after the decimal point.
    Trunc,
    /// Ten times the value, cut off.
    Dimacs,
    /// A thousand times the value, to the nearest integer.
    Exact,
    /// No scaling; lengths to the nearest integer.
    None,
    /// Up to the next integer.
    Ceil,
}

/// A matrix with a row for each origin and a column for each destination, both in the order of locations; null if
/// unreachable.
type MatrixDocument = Vec<Vec<Option<i64>>>;

/// Matrices with a row for each origin and a column for each destination, both in the order of locations; null if
/// unreachable.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Profile")]
pub(super) struct ProfileDocument {
    /// Distances.
    distance: MatrixDocument,
    /// Durations; equal to the distances, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration: Option<MatrixDocument>,
}

fn usual_detour() -> f64 {
    1.3
}

/// All that any kind of travel has. Reading these one by one, rather than as a tagged enum, keeps the place of an error
/// and does not hold matrices twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    r#type: Kind,
    rounding: Option<RoundingDocument>,
    speed: Option<f64>,
    detour: Option<f64>,
    profiles: Option<Vec<ProfileDocument>>,
    file: Option<String>,
    profile: Option<ProfileNames>,
    curb: Option<bool>,
    service: Option<ServiceKind>,
    url: Option<String>,
    budget: Option<u64>,
    cache: Option<String>,
    data_date: Option<String>,
}

impl Fields {
    /// Whether no field is given but these.
    fn has_only(&self, allowed: &[&str]) -> bool {
        let given = [
            ("rounding", self.rounding.is_some()),
            ("speed", self.speed.is_some()),
            ("detour", self.detour.is_some()),
            ("profiles", self.profiles.is_some()),
            ("file", self.file.is_some()),
            ("profile", self.profile.is_some()),
            ("curb", self.curb.is_some()),
            ("service", self.service.is_some()),
            ("url", self.url.is_some()),
            ("budget", self.budget.is_some()),
            ("cache", self.cache.is_some()),
            ("data_date", self.data_date.is_some()),
        ];
        given.iter().all(|(name, is_given)| !is_given || allowed.contains(name))
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Euclidean,
    Haversine,
    Matrices,
    Network,
    Service,
}

impl<'de> Deserialize<'de> for TravelDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let kind = fields.r#type;
        let found = match kind {
            Kind::Euclidean if fields.has_only(&["rounding"]) => {
                Some(Self::Euclidean { rounding: fields.rounding.unwrap_or_default() })
            }
            Kind::Haversine if fields.has_only(&["speed", "detour"]) => {
                fields.speed.map(|speed| Self::Haversine { speed, detour: fields.detour.unwrap_or_else(usual_detour) })
            }
            Kind::Matrices if fields.has_only(&["profiles"]) => {
                fields.profiles.map(|profiles| Self::Matrices { profiles })
            }
            Kind::Network if fields.has_only(&["file", "profile", "curb"]) => {
                let Fields { file, profile, curb, .. } = fields;
                file.map(|file| Self::Network(NetworkTravel { file, profile, curb: curb.unwrap_or(false) }))
            }
            Kind::Service
                if fields.has_only(&["service", "url", "profile", "curb", "budget", "cache", "data_date"]) =>
            {
                let Fields { service, url, profile, curb, budget, cache, data_date, .. } = fields;
                let curb = curb.unwrap_or(false);
                service.map(|service| {
                    Self::Service(ServiceTravel { service, url, profile, curb, budget, cache, data_date })
                })
            }
            _ => None,
        };
        found.ok_or_else(|| {
            Error::custom(match kind {
                Kind::Euclidean => "euclidean travel has a rounding and nothing else",
                Kind::Haversine => "haversine travel has a speed, may have a detour, and has nothing else",
                Kind::Matrices => "travel by matrices has profiles and nothing else",
                Kind::Network => "travel along a network has a file, may have a profile and curb, and has nothing else",
                Kind::Service => {
                    "travel of a service has a service, may have a url, a profile, curb, a budget, a cache and a \
                     data_date, and has nothing else"
                }
            })
        })
    }
}

impl From<&Travel> for TravelDocument {
    fn from(travel: &Travel) -> Self {
        match travel {
            Travel::Euclidean { rounding } => Self::Euclidean {
                rounding: match rounding {
                    EuclideanRounding::Ceil => RoundingDocument::Ceil,
                    EuclideanRounding::Convention(Rounding::Round) => RoundingDocument::Round,
                    EuclideanRounding::Convention(Rounding::Trunc) => RoundingDocument::Trunc,
                    EuclideanRounding::Convention(Rounding::Dimacs) => RoundingDocument::Dimacs,
                    EuclideanRounding::Convention(Rounding::Exact) => RoundingDocument::Exact,
                    EuclideanRounding::Convention(Rounding::None) => RoundingDocument::None,
                },
            },
            &Travel::Haversine { speed, detour } => Self::Haversine { speed, detour },
            Travel::Matrices(profiles) => Self::Matrices {
                profiles: profiles
                    .iter()
                    .map(|p| ProfileDocument { distance: rows(&p.distance), duration: p.duration.as_ref().map(rows) })
                    .collect(),
            },
        }
    }
}

/// Writes travel as a problem's document has it.
pub fn write_travel(travel: &Travel) -> String {
    super::layout::to_text(&TravelDocument::from(travel))
}

fn rows(matrix: &Matrix) -> MatrixDocument {
    let n = matrix.size();
    let entry = |i, j| Some(matrix.get(i, j)).filter(|&value| value != UNREACHABLE);
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

impl TravelDocument {
    /// Whether points are longitudes and latitudes for certain.
    pub(super) fn is_geographic(&self) -> bool {
        matches!(self, Self::Haversine { .. } | Self::Network(_) | Self::Service(_))
    }

    /// What is to be looked up.
    pub(super) fn asked(&self) -> Option<AskedTravel> {
        match self {
            Self::Network(network) => Some(AskedTravel::Network(network.clone())),
            Self::Service(service) => Some(AskedTravel::Service(service.clone())),
            _ => None,
        }
    }

    /// Whether nothing is computed from coordinates.
    pub(super) fn is_given(&self) -> bool {
        matches!(self, Self::Matrices { .. })
    }

    /// The travel; `None` if a fault was added.
    pub(super) fn into_travel(self, faults: &mut Listing<JsonFault>) -> Option<Travel> {
        match self {
            Self::Euclidean { rounding } => Some(match rounding {
                RoundingDocument::Ceil => Travel::Euclidean { rounding: EuclideanRounding::Ceil },
                RoundingDocument::Round => Travel::euclidean(Rounding::Round),
                RoundingDocument::Trunc => Travel::euclidean(Rounding::Trunc),
                RoundingDocument::Dimacs => Travel::euclidean(Rounding::Dimacs),
                RoundingDocument::Exact => Travel::euclidean(Rounding::Exact),
                RoundingDocument::None => Travel::euclidean(Rounding::None),
            }),
            Self::Haversine { speed, detour } => Some(Travel::Haversine { speed, detour }),
            Self::Network(NetworkTravel { file, .. }) => {
                faults.push(JsonFault::NoNetwork { path: "travel".to_owned(), file });
                None
            }
            Self::Service(ServiceTravel { service, .. }) => {
                faults.push(JsonFault::NoService { path: "travel".to_owned(), service: service.name() });
                None
            }
            Self::Matrices { profiles } => {
                let mut read = Vec::with_capacity(profiles.len());
                for (p, profile) in profiles.into_iter().enumerate() {
                    let path = format!("travel.profiles[{p}]");
                    let distance = matrix(&profile.distance, &format!("{path}.distance"), faults);
                    let duration = profile.duration.map(|rows| matrix(&rows, &format!("{path}.duration"), faults));
                    if let (Some(distance), Some(duration)) = (distance, duration.map_or(Some(None), |d| d.map(Some))) {
                        read.push(ProfileMatrices { distance, duration });
                    }
                }
                faults.is_empty().then_some(Travel::Matrices(read))
            }
        }
    }
}

/// The matrix; `None` if a fault was added: of each row the first.
fn matrix(rows: &MatrixDocument, path: &str, faults: &mut Listing<JsonFault>) -> Option<Matrix> {
    let before = faults.len();
    let n = rows.len();
    let mut values = Vec::with_capacity(rows.iter().map(Vec::len).sum());
    for (i, row) in rows.iter().enumerate() {
        if row.len() != n {
            faults.push(JsonFault::RaggedMatrix { path: format!("{path}[{i}]"), expected: n, found: row.len() });
            continue;
        }
        let wrong = |value: &Option<i64>| value.is_some_and(|value| !(0..=MAX_VALUE).contains(&value));
        if let Some(j) = row.iter().position(wrong) {
            let value = row[j].unwrap_or_default();
            faults.push(JsonFault::MatrixValue { path: format!("{path}[{i}][{j}]"), value });
        }
        values.extend(row.iter().map(|value| value.unwrap_or(UNREACHABLE)));
    }
    if faults.len() > before { None } else { Matrix::new(n, values).ok() }
}
