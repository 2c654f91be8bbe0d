//! Reads profiles, and says all that is wrong with one.

use std::fmt;

use crate::listing;
use crate::travel::road::profile::{GREATEST_SPEED, RoadProfile, minutes};

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the road profile{} has {}", named(name), listing::counted(faults, 0))]
#[non_exhaustive]
pub struct ProfileError {
    /// The profile's name, as far as it is known.
    pub name: String,
    /// All faults.
    pub faults: Vec<ProfileFault>,
}

/// One fault of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProfileFault {
    /// Where: `turns.left`.
    pub path: String,
    /// What is wrong there, and how to mend it.
    pub text: String,
}

impl fmt::Display for ProfileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.text) } else { write!(f, "{}: {}", self.path, self.text) }
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" `{name}`") }
}

/// The keys of the profile itself, and of its tables.
const KEYS: [&str; 14] = [
    "name",
    "on_foot",
    "access",
    "barred",
    "driving_side",
    "max_speed",
    "posted",
    "posted_factor",
    "classes",
    "services",
    "vehicle",
    "turns",
    "barriers",
    "traffic",
];
const TABLES: [(&str, &[&str]); 4] = [
    ("vehicle", &["height", "width", "clearance", "length", "weight", "axle_load"]),
    ("turns", &["left", "right", "sharp", "u_turn", "u_turns", "signals", "destination", "restrictions"]),
    ("barriers", &["closed", "seconds"]),
    ("traffic", &["name", "days", "from", "to", "percent", "classes"]),
];
const ACCESS_KEYS: [&str; 7] = ["access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "foot"];

impl RoadProfile {
    /// Reads a profile from TOML, and says all that is wrong with it.
    ///
    /// ```
    /// use milkrun::travel::road::RoadProfile;
    /// let error = RoadProfile::from_toml("name = 'van'\nspeed = 3").unwrap_err();
    /// assert!(error.to_string().contains("speed: is not known"));
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let fault = |path: String, text: String| ProfileFault { path, text };
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| ProfileError {
            name: String::new(),
            faults: vec![fault(String::new(), error.to_string().trim_end().to_owned())],
        })?;
        let name = table.get("name").and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let mut faults = unknown_keys(&table);
        match toml::from_str::<Self>(text) {
            Ok(profile) => {
                profile.check(&mut |path, text| faults.push(fault(path, text)));
                if faults.is_empty() {
                    return Ok(profile);
                }
            }
            // An unknown key is in the list already.
            Err(error) if !error.message().starts_with("unknown field") => {
                faults.push(fault(String::new(), error.to_string().trim_end().to_owned()));
            }
            Err(_) => {}
        }
        Err(ProfileError { name, faults })
    }

    /// All that is wrong with the profile.
    pub fn validate(&self) -> Result<(), ProfileError> {
        let mut faults = Vec::new();
        self.check(&mut |path, text| faults.push(ProfileFault { path, text }));
        if faults.is_empty() { Ok(()) } else { Err(ProfileError { name: self.name.clone(), faults }) }
    }

    fn check(&self, fault: &mut dyn FnMut(String, String)) {
        let mut within = |path: &str, value: f64, low: f64, high: f64| {
            if !(low..=high).contains(&value) {
                fault(path.to_owned(), format!("is {value}: write a number from {low} to {high}"));
            }
        };
        within("max_speed", self.max_speed, 1.0, GREATEST_SPEED);
        within("posted_factor", self.posted_factor, 0.05, 2.0);
        for (class, &speed) in &self.classes {
            within(&format!("classes.{class}"), speed, 1.0, GREATEST_SPEED);
        }
        for (service, &speed) in &self.services {
            if speed != 0.0 {
                within(&format!("services.{service}"), speed, 1.0, GREATEST_SPEED);
            }
        }
        let turns = &self.turns;
        let costs = [
            ("left", turns.left),
            ("right", turns.right),
            ("sharp", turns.sharp),
            ("u_turn", turns.u_turn),
            ("signals", turns.signals),
            ("destination", turns.destination),
        ];
        for (name, seconds) in costs {
            within(&format!("turns.{name}"), seconds, 0.0, 3600.0);
        }
        within("barriers.seconds", self.barriers.seconds, 0.0, 3600.0);
        let vehicle = &self.vehicle;
        let sizes = [
            ("height", vehicle.height),
            ("width", vehicle.width),
            ("length", vehicle.length),
            ("weight", vehicle.weight),
            ("axle_load", vehicle.axle_load),
        ];
        for (name, size) in sizes {
            within(&format!("vehicle.{name}"), size.unwrap_or(1.0), 0.01, 1000.0);
        }
        within("vehicle.clearance", vehicle.clearance, 0.0, 10.0);
        for (i, rule) in self.traffic.iter().enumerate() {
            within(&format!("traffic[{i}].percent"), f64::from(rule.percent), 1.0, 300.0);
            for (class, &percent) in &rule.classes {
                within(&format!("traffic[{i}].classes.{class}"), f64::from(percent), 1.0, 300.0);
            }
        }
        self.check_names(fault);
    }

    fn check_names(&self, fault: &mut dyn FnMut(String, String)) {
        if self.name.trim().is_empty() {
            fault("name".to_owned(), "is empty: name the profile".to_owned());
        }
        if self.classes.is_empty() {
            fault("classes".to_owned(), "is empty: write the speed of each class of street that is used".to_owned());
        }
        if self.access.is_empty() {
            fault("access".to_owned(), "is empty: write the keys that say what it may use".to_owned());
        }
        for (i, key) in self.access.iter().enumerate() {
            if !ACCESS_KEYS.contains(&key.as_str()) {
                fault(format!("access[{i}]"), format!("`{key}` is not known: use {}", ACCESS_KEYS.join(", ")));
            }
        }
        for (i, rule) in self.traffic.iter().enumerate() {
            if rule.days.is_empty() {
                fault(format!("traffic[{i}].days"), "is empty: write the days of the week".to_owned());
            }
            for (name, time) in [("from", &rule.from), ("to", &rule.to)] {
                if minutes(time).is_none() {
                    fault(
                        format!("traffic[{i}].{name}"),
                        format!("is `{time}`: write hours and minutes, 00:00 to 24:00"),
                    );
                }
            }
            if let (Some(from), Some(to)) = (minutes(&rule.from), minutes(&rule.to))
                && from >= to
            {
                fault(
                    format!("traffic[{i}].to"),
                    format!("is {}, not after {}: split it at midnight", rule.to, rule.from),
                );
            }
        }
    }
}

fn unknown_keys(table: &toml::Table) -> Vec<ProfileFault> {
    let mut faults = Vec::new();
    let mut check = |path: &str, table: &toml::Table, known: &[&str]| {
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            let text = format!("is not known: the keys are {}", known.join(", "));
            faults.push(ProfileFault { path: format!("{path}{key}"), text });
        }
    };
    check("", table, &KEYS);
    for (name, known) in TABLES {
        match table.get(name) {
            Some(toml::Value::Table(inner)) => check(&format!("{name}."), inner, known),
            Some(toml::Value::Array(list)) => {
                for (i, inner) in list.iter().filter_map(toml::Value::as_table).enumerate() {
                    check(&format!("{name}[{i}]."), inner, known);
                }
            }
            _ => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_reported_at_once() {
        let text = r#"
            name = "van"
            access = ["goods", "bike"]
            barred = ["no"]
            max_speed = 900
            colour = "red"
            classes = { primary = -3.0 }
            [turns]
            left = -1.0
            lift = 3
            [[traffic]]
            name = "peak"
            days = ["mon"]
            from = "9"
            to = "08:00"
            percent = 0
        "#;
        let error = RoadProfile::from_toml(text).unwrap_err();
        let paths: Vec<&str> = error.faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["colour", "turns.lift"], "{error}");
        let text = text.replace("colour = \"red\"", "").replace("lift = 3", "");
        let error = RoadProfile::from_toml(&text).unwrap_err();
        let paths: Vec<&str> = error.faults.iter().map(|fault| fault.path.as_str()).collect();
        let expected =
            ["max_speed", "classes.primary", "turns.left", "traffic[0].percent", "access[1]", "traffic[0].from"];
        assert_eq!(paths, expected, "{error}");
    }
}
