//! Travel that a document only names: along streets of a file, or of a service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Travel along streets. The library opens no file: a reader looks it up (`read_problem_on`).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Network")]
pub struct NetworkTravel {
    /// The map (OSM PBF or XML) or the prepared network, relative to the document.
    pub file: String,
    /// Who drives: a profile that is shipped, or a file (TOML); a list, if vehicles travel differently. A prepared network has its
    /// own, if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileNames>,
    /// Whether vehicles stop on the side of the street on which they drive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub curb: bool,
}

/// Travel that a service knows. The library opens no connection: a reader looks it up (`read_problem_on`).
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Service")]
pub struct ServiceTravel {
    /// Which one.
    pub service: ServiceKind,
    /// The server's address, of `osrm` and `valhalla`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who drives, in the service's words; of `valhalla`, a road profile whose measures the vehicle has. A list, if vehicles
    /// travel differently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileNames>,
    /// Whether vehicles stop on the side of the street on which they drive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub curb: bool,
    /// The most elements, cells of tables, that may be asked for; `mapbox` and `google`, which bill them, need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u64>,
    /// A folder, relative to the document, in which answers are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    /// A name of the service's data, such as their date: kept answers of other data are not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_date: Option<String>,
}

/// A service that knows travel times.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// A server of OSRM.
    Osrm,
    /// A server of Valhalla.
    Valhalla,
    /// Mapbox, with the key in the environment.
    Mapbox,
    /// Google Routes, with the key in the environment.
    Google,
}

impl ServiceKind {
    /// As documents have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Osrm => "osrm",
            Self::Valhalla => "valhalla",
            Self::Mapbox => "mapbox",
            Self::Google => "google",
        }
    }
}

/// The names of travel profiles.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ProfileNames {
    /// The one profile.
    One(String),
    /// Several, to which vehicle types refer by index.
    Several(Vec<String>),
}

impl ProfileNames {
    /// The names; none of a profile that is not given.
    pub fn list(names: Option<&Self>) -> &[String] {
        match names {
            None => &[],
            Some(Self::One(name)) => std::slice::from_ref(name),
            Some(Self::Several(names)) => names,
        }
    }
}

impl NetworkTravel {
    /// The names of the profiles.
    pub fn profiles(&self) -> &[String] {
        ProfileNames::list(self.profile.as_ref())
    }
}

impl ServiceTravel {
    /// The names of the profiles.
    pub fn profiles(&self) -> &[String] {
        ProfileNames::list(self.profile.as_ref())
    }
}

/// What a document names, and a reader looks up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AskedTravel {
    /// Streets of a file.
    Network(NetworkTravel),
    /// What a service knows.
    Service(ServiceTravel),
}
