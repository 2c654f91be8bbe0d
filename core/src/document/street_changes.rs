//! Travel times that change: closed and slow streets, hours of the week, as documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FailureDocument, IssueDocument};
use crate::geometry::Area;
use crate::model::Coord;
use crate::travel::SpeedStep;
use crate::travel::road::{Change, ChangePlace, Day, Effect};

/// What is not as usual on some streets, in both directions: one place and one effect.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "StreetChange")]
pub struct StreetChangeDocument {
    /// The street that is nearest to a longitude and a latitude, between two junctions.
    pub at: Option<(f64, f64)>,
    /// Those of a way, by the map's number of it.
    pub way: Option<i64>,
    /// Those of a class: `primary`.
    pub road_class: Option<String>,
    /// Those that lie at least partly in a polygon: the longitudes and latitudes of its corners.
    pub area: Option<Vec<(f64, f64)>>,
    /// All of them.
    pub everywhere: bool,
    /// They are closed.
    pub closed: bool,
    /// Their speed is so many percent of the usual one: 1 to 300.
    pub percent: Option<u32>,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Day")]
#[expect(missing_docs, reason = "the names say it")]
pub enum DayKind {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// From when on streets are how fast.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "StreetSpeed")]
pub struct StreetSpeedDocument {
    /// Seconds.
    pub from: i64,
    /// Percent of the usual speed.
    pub percent: u32,
}

impl From<DayKind> for Day {
    fn from(day: DayKind) -> Self {
        match day {
            DayKind::Mon => Self::Mon,
            DayKind::Tue => Self::Tue,
            DayKind::Wed => Self::Wed,
            DayKind::Thu => Self::Thu,
            DayKind::Fri => Self::Fri,
            DayKind::Sat => Self::Sat,
            DayKind::Sun => Self::Sun,
        }
    }
}

impl From<SpeedStep> for StreetSpeedDocument {
    fn from(SpeedStep { from, percent }: SpeedStep) -> Self {
        Self { from, percent }
    }
}

impl StreetChangeDocument {
    /// What documents say of streets.
    ///
    /// # Errors
    ///
    /// A failure with every document that has no place or no effect, or more than one.
    pub fn read_all(documents: Vec<Self>) -> Result<Vec<Change>, FailureDocument> {
        let (mut changes, mut issues) = (Vec::new(), Vec::new());
        for (i, document) in documents.into_iter().enumerate() {
            match document.read() {
                Ok(change) => changes.push(change),
                Err((message, remedy)) => issues.push(IssueDocument {
                    path: format!("changes[{i}]"),
                    message: message.to_owned(),
                    remedy: remedy.to_owned(),
                    ..IssueDocument::default()
                }),
            }
        }
        if issues.is_empty() {
            return Ok(changes);
        }
        let told: Vec<String> =
            issues.iter().map(|issue| format!("{}: {}; {}", issue.path, issue.message, issue.remedy)).collect();
        Err(FailureDocument { issues, ..FailureDocument::new("road", told.join("\n")) })
    }

    fn read(self) -> Result<Change, (&'static str, &'static str)> {
        let point = |(x, y): (f64, f64)| Coord::new(x, y);
        let places = [
            self.at.map(|at| ChangePlace::At(point(at))),
            self.way.map(ChangePlace::Way),
            self.road_class.map(ChangePlace::Class),
            self.area.map(|corners| ChangePlace::Area(Area::polygon(corners))),
            self.everywhere.then_some(ChangePlace::Everywhere),
        ];
        let mut places = places.into_iter().flatten();
        let (Some(place), None) = (places.next(), places.next()) else {
            return Err(("has not exactly one place", "give one of at, way, road_class, area and everywhere"));
        };
        let effect = match (self.closed, self.percent) {
            (true, None) => Effect::Closed,
            (false, Some(percent)) => Effect::Percent(percent),
            _ => return Err(("has not exactly one effect", "give one of closed and percent")),
        };
        Ok(Change { place, effect })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Change>, FailureDocument> {
        StreetChangeDocument::read_all(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn every_place_and_effect_is_read() {
        let text = r#"[{"at": [11, 48], "closed": true}, {"way": 7, "percent": 30}, {"road_class": "primary", "percent": 50},
            {"area": [[0, 0], [1, 0], [1, 1]], "closed": true}, {"everywhere": true, "percent": 90}]"#;
        let changes = read(text).unwrap();
        assert_eq!(changes[0], Change { place: ChangePlace::At(Coord::new(11.0, 48.0)), effect: Effect::Closed });
        assert_eq!(changes[1], Change { place: ChangePlace::Way(7), effect: Effect::Percent(30) });
        assert_eq!(changes[2].place, ChangePlace::Class("primary".to_owned()));
        assert!(matches!(&changes[3].place, ChangePlace::Area(area) if area.polygons[0][0].len() == 3));
        assert_eq!(changes[4], Change { place: ChangePlace::Everywhere, effect: Effect::Percent(90) });
    }

    #[test]
    fn faults_are_told_all_at_once() {
        let text = r#"[{"closed": true}, {"way": 1, "road_class": "primary", "closed": true}, {"way": 1, "closed": true},
            {"way": 1}, {"way": 1, "closed": true, "percent": 5}]"#;
        let failure = read(text).unwrap_err();
        let paths: Vec<&str> = failure.issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(paths, ["changes[0]", "changes[1]", "changes[3]", "changes[4]"]);
        assert!(failure.message.contains("changes[1]: has not exactly one place; give one of at"), "{failure:?}");
    }
}
