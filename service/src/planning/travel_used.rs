//! On what a plan's times and distances rest, as it is told to people and programs.

use milkrun::travel::Estimate;
use milkrun::travel::TravelSource as _;

use super::problem::{DETOUR, SPEED};
use crate::networks::Found;
use crate::storage::plans::Used;

impl Used {
    fn words(kind: &str, label: String) -> Self {
        let (network, profile, sha256) = (None, None, None);
        Self { kind: kind.to_owned(), network, version: None, sha256, data_date: None, profile, label }
    }

    /// The streets of a network.
    pub(super) fn streets(found: &Found) -> Self {
        let Found { sha256, code, version, profile, data_date, .. } = found.clone();
        let date = data_date.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let date = date
            .map_or_else(|| "data without a date".to_owned(), |date| format!("data of {}", date.strftime("%Y-%m-%d")));
        Self {
            network: Some(code.clone()),
            version: Some(version),
            sha256: Some(sha256),
            data_date,
            profile: Some(profile.clone()),
            ..Self::words("streets", format!("streets of {code}, version {version}, {date}, profile {profile}"))
        }
    }

    /// Straight lines, where no network is chosen.
    pub(super) fn straight() -> Self {
        let estimate = Estimate::new(SPEED, DETOUR);
        let label = estimate.map_or_else(|error| error.to_string(), |estimate| estimate.describe());
        Self::words("straight_lines", label)
    }

    /// Whatever the problem says that was sent.
    pub(super) fn given() -> Self {
        Self::words("given", "times and distances of the problem that was sent".to_owned())
    }
}
