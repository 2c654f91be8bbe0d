//! What may be said beside the tables.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::cells::date::DateOrder;
use crate::cells::number::DecimalMark;
use crate::vocabulary::Language;

/// What a table is about.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Bins, or clients of any kind: what is visited.
    Bins,
    /// The trucks.
    Trucks,
    /// Where trucks empty: landfills and transfer stations.
    Sites,
    /// Where trucks start and end.
    Depots,
}

impl Role {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Bins, Self::Trucks, Self::Sites, Self::Depots];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bins => "bins",
            Self::Trucks => "trucks",
            Self::Sites => "sites",
            Self::Depots => "depots",
        }
    }
}

/// How tables are to be read; all of it is found out where it is not said.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TableOptions {
    /// The day that is planned, such as `2026-12-03`: only what is due on it is a client. Needed where tables have days.
    pub day: Option<String>,
    /// What columns are, by their headings: `{"Standort-Nr": "name", "Kap.": "capacity:kg", "Intern": "tag"}`. A unit may
    /// follow a colon; `tag` keeps a column as it is, `ignore` drops it.
    pub map: BTreeMap<String, String>,
    /// What files or sheets are, by their names.
    pub roles: BTreeMap<String, Role>,
    /// What separates cells; found out if not given.
    pub separator: Option<char>,
    /// The encoding, such as `windows-1252`; found out if not given.
    pub encoding: Option<String>,
    /// The mark before decimals; found out if not given.
    pub decimal: Option<DecimalMark>,
    /// Which part of `03/04/2026` stands first; found out if not given.
    pub date_order: Option<DateOrder>,
    /// The language of days; found out if not given.
    pub language: Option<Language>,
    /// Defaults, as TOML or JSON, that replace milkrun's own one by one.
    pub defaults: Option<String>,
}
