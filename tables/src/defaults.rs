//! What is assumed where tables are silent: data, which a file of one's own may replace.

use std::collections::BTreeMap;

use milkrun::WindowCovers;
use serde::Deserialize;

use crate::fault::{Wrong, wrong};
use crate::vocabulary::key;

/// The table of defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Defaults {
    pub(crate) speed: f64,
    pub(crate) detour: f64,
    pub(crate) parking: i64,
    pub(crate) service: i64,
    pub(crate) window_covers: Covers,
    pub(crate) unloading: i64,
    pub(crate) loading: i64,
    pub(crate) fill: f64,
    pub(crate) compaction: f64,
    pub(crate) truck: TruckDefaults,
    density: BTreeMap<String, f64>,
    materials: BTreeMap<String, Vec<String>>,
    bins: Vec<BinDefaults>,
}

/// What of a service must lie within the hours of its stop.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Covers {
    Start,
    Service,
}

impl From<Covers> for WindowCovers {
    fn from(covers: Covers) -> Self {
        match covers {
            Covers::Start => Self::Start,
            Covers::Service => Self::Service,
        }
    }
}

/// What is assumed of a truck.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TruckDefaults {
    pub(crate) shift: String,
    pub(crate) cost_per_km: f64,
    pub(crate) cost_per_hour: f64,
    pub(crate) fixed_cost: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BinDefaults {
    litres: f64,
    seconds: i64,
}

impl Defaults {
    /// milkrun's own defaults, and what `own` replaces.
    pub(crate) fn new(own: Option<&str>) -> Result<Self, Wrong> {
        let broken = |error: &dyn std::fmt::Display| {
            wrong(format!("cannot be read: {error}"), "see data/defaults.toml of milkrun-tables for what there is")
        };
        let mut all: toml::Table =
            toml::from_str(include_str!("../data/defaults.toml")).map_err(|error| broken(&error))?;
        if let Some(text) = own {
            let is_json = text.trim_start().starts_with('{');
            let own: toml::Table = if is_json {
                serde_json::from_str(text).map_err(|error| broken(&error))?
            } else {
                toml::from_str(text).map_err(|error| broken(&error))?
            };
            merge(&mut all, own);
        }
        let mut defaults: Self = all.try_into().map_err(|error: toml::de::Error| broken(&error.message()))?;
        defaults.bins.sort_by(|a, b| a.litres.total_cmp(&b.litres));
        defaults.check()?;
        Ok(defaults)
    }

    fn check(&self) -> Result<(), Wrong> {
        let positive = [("speed", self.speed), ("detour", self.detour), ("compaction", self.compaction)];
        let others = [
            ("fill", self.fill),
            ("truck.cost_per_km", self.truck.cost_per_km),
            ("truck.cost_per_hour", self.truck.cost_per_hour),
            ("truck.fixed_cost", self.truck.fixed_cost),
        ];
        let densities = self.density.iter().map(|(name, value)| (name.as_str(), *value));
        let not_negative = others.into_iter().chain(densities).map(|(name, value)| (name, value, value >= 0.0));
        let all = positive.into_iter().map(|(name, value)| (name, value, value > 0.0)).chain(not_negative);
        for (name, value, holds) in all {
            if !holds || value > 1e6 {
                return Err(wrong(format!("{name} = {value} cannot be"), "give a number from 0 to a million"));
            }
        }
        let seconds = [self.parking, self.service, self.unloading, self.loading];
        let seconds = seconds.into_iter().chain(self.bins.iter().map(|bin| bin.seconds));
        for value in seconds {
            if !(0..=86_400).contains(&value) {
                return Err(wrong(format!("{value} seconds cannot be"), "give 0 to 86400 seconds"));
            }
        }
        if self.bins.is_empty() { Err(wrong("bins = [] is empty", "list at least one size")) } else { Ok(()) }
    }

    /// The material that a word in a table means; the word itself, if it is none of the list.
    pub(crate) fn material<'a>(&'a self, word: &'a str) -> &'a str {
        let wanted = key(word);
        let known =
            self.materials.iter().find(|(name, words)| key(name) == wanted || words.iter().any(|w| key(w) == wanted));
        known.map_or(word, |(name, _)| name)
    }

    /// Kilograms of a litre of a material.
    pub(crate) fn density(&self, material: &str) -> f64 {
        let known = self.density.get(material).or_else(|| self.density.get("other"));
        known.copied().unwrap_or_default()
    }

    /// Seconds that emptying one bin takes.
    pub(crate) fn emptying(&self, litres: f64) -> i64 {
        let next = self.bins.iter().find(|bin| bin.litres >= litres).or(self.bins.last());
        next.map_or(0, |bin| bin.seconds)
    }
}

/// Replaces values one by one; tables within are merged, lists replaced.
fn merge(all: &mut toml::Table, own: toml::Table) {
    for (name, value) in own {
        match (all.get_mut(&name), value) {
            (Some(toml::Value::Table(known)), toml::Value::Table(value)) => merge(known, value),
            (Some(toml::Value::Float(known)), toml::Value::Integer(value)) => *known = value as f64,
            (_, value) => _ = all.insert(name, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ones_own_replaces_values_one_by_one() {
        let own = Defaults::new(None).unwrap();
        assert_eq!((own.emptying(240.0), own.emptying(100.0), own.emptying(9_999.0)), (30, 25, 240));
        assert_eq!((own.material("Restmüll"), own.material("Batteries")), ("residual", "Batteries"));
        assert_eq!((own.density("paper"), own.density("Batteries")), (0.06, 0.12));
        assert_eq!(own.window_covers, Covers::Start);
        assert_eq!(Defaults::new(Some("window_covers = \"service\"")).unwrap().window_covers, Covers::Service);
        let toml = "parking = 90\nspeed = 25\n[density]\npaper = 0.08\n[truck]\nshift = \"05:00-13:00\"";
        let json = r#"{"parking": 90, "speed": 25, "density": {"paper": 0.08}, "truck": {"shift": "05:00-13:00"}}"#;
        for text in [toml, json] {
            let changed = Defaults::new(Some(text)).unwrap();
            assert_eq!((changed.parking, changed.speed, changed.density("paper")), (90, 25.0, 0.08));
            assert_eq!(
                (changed.truck.shift.as_str(), changed.truck.cost_per_km),
                ("05:00-13:00", own.truck.cost_per_km)
            );
            assert!((changed.density("glass") - own.density("glass")).abs() < 1e-9);
        }
    }

    #[test]
    fn wrong_defaults_are_refused() {
        for text in [
            "parking = -1",
            "window_covers = \"end\"",
            "speed = 0",
            "speed = nan",
            "unknown = 1",
            "bins = []",
            "{",
            "x",
            "fill = \"full\"",
            "[truck]\nx = 1",
        ] {
            assert!(Defaults::new(Some(text)).is_err(), "{text}");
        }
    }
}
