//! The problem of the demonstration.

/// A day of waste collection in a fictitious city, as milkrun JSON, with straight lines.
pub(crate) const CITY_DAY: &str = include_str!("../data/city_day.json");

#[cfg(feature = "roads")]
pub(crate) use streets::{PROFILE, map, on_streets};

/// The streets of the fictitious city.
#[cfg(feature = "roads")]
mod streets {
    use std::path::Path;

    use milkrun::Coord;
    use milkrun::travel::road::{City, CityPlan};

    /// Who drives.
    pub(crate) const PROFILE: &str = "waste-truck";
    /// The travel of the day, which streets replace.
    pub(super) const STRAIGHT: &str = r#"{"type": "haversine", "speed": 7.0, "detour": 1.3}"#;

    /// The map of the city, as OpenStreetMap would have it: streets from the landfill in the north-east to the last bins.
    pub(crate) fn map() -> std::io::Result<Vec<u8>> {
        let centre = Coord::new(5.502, 52.453);
        let city = City { seed: 7, plan: CityPlan::Grid, blocks: 60, block_length: 250.0, centre };
        let mut bytes = Vec::new();
        city.write_pbf(&mut bytes)?;
        Ok(bytes)
    }

    /// The day, with travel along the streets of a file.
    pub(crate) fn on_streets(file: &Path) -> String {
        let name = serde_json::Value::from(file.to_string_lossy());
        let travel = format!(r#"{{"type": "network", "file": {name}, "profile": "{PROFILE}"}}"#);
        super::CITY_DAY.replacen(STRAIGHT, &travel, 1)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_day_has_one_travel_to_replace() {
            assert_eq!(super::super::CITY_DAY.matches(STRAIGHT).count(), 1);
            let text = on_streets(Path::new("a \"city\".osm.pbf"));
            let day: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(day["travel"]["file"], "a \"city\".osm.pbf");
            assert_eq!(day["clients"].as_array().unwrap().len(), 500);
        }
    }
}
