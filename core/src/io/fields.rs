//! Reads JSON values of other programs field by field, and keeps all faults with their paths.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::geometry::Coord;
use crate::io::ForeignError;
use crate::model::Faults;
use crate::model::TimeWindow;
use crate::units::{Load, MAX_VALUE, Time};

/// The farthest times that are understood: seconds since 1970 for longer than anyone plans.
const FARTHEST: i64 = 1 << 40;

/// What was found so far.
#[derive(Default)]
pub(in crate::io) struct Found {
    pub(in crate::io) faults: Faults,
    /// Why travel could not be found out.
    pub(in crate::io) routing: Option<String>,
    /// What is understood in another way than the other program would.
    pub(in crate::io) warnings: Vec<String>,
    /// The paths of fields that mean nothing to the other program either.
    pub(in crate::io) ignored: Vec<String>,
}

impl Found {
    /// All faults as one error, if there are any.
    pub(in crate::io) fn refused(self) -> Result<(), ForeignError> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let listing = self.faults.into_listing();
        Err(ForeignError::Input { issues: listing.kept, omitted: listing.omitted })
    }

    /// Reports a value that is not what was expected.
    pub(in crate::io) fn wrong(&mut self, path: &str, value: &Value, expected: &str) {
        let remedy = match value {
            Value::Number(number) if number.is_f64() => "give a whole number, in a finer unit if need be",
            _ => "give what is expected",
        };
        self.faults.add(path, value, &format!("is not {expected}"), remedy);
    }

    pub(in crate::io) fn integer(&mut self, path: &str, value: &Value, low: i64, high: i64) -> Option<i64> {
        let found = value.as_i64().filter(|number| (low..=high).contains(number));
        if found.is_none() {
            self.wrong(path, value, &format!("a whole number from {low} to {high}"));
        }
        found
    }

    pub(in crate::io) fn number(&mut self, path: &str, value: &Value, low: f64, high: f64) -> Option<f64> {
        let found = value.as_f64().filter(|number| (low..=high).contains(number));
        if found.is_none() {
            self.faults.add(path, value, &format!("is not a number from {low} to {high}"), "give what is expected");
        }
        found
    }

    pub(in crate::io) fn list<'a>(&mut self, path: &str, value: &'a Value) -> &'a [Value] {
        let Value::Array(list) = value else {
            self.wrong(path, value, "a list");
            return &[];
        };
        list
    }

    fn window(&mut self, path: &str, value: &Value) -> Option<TimeWindow> {
        let Some([early, late]) = value.as_array().map(Vec::as_slice) else {
            self.wrong(path, value, "a pair of times");
            return None;
        };
        let early = self.integer(&format!("{path}[0]"), early, -FARTHEST, FARTHEST);
        let late = self.integer(&format!("{path}[1]"), late, -FARTHEST, i64::MAX).map(|late| late.min(FARTHEST));
        let (early, late) = (early?, late?);
        if early > late {
            self.faults.add(path, value, "closes before it opens", "swap the two times");
            return None;
        }
        Some(TimeWindow::new(early, late))
    }
}

/// The fields of an object.
pub(in crate::io) struct Fields<'a> {
    path: String,
    map: Option<&'a Map<String, Value>>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub(in crate::io) fn new(found: &mut Found, path: impl Into<String>, value: &'a Value) -> Self {
        let path = path.into();
        if !value.is_object() {
            found.wrong(&path, value, "an object");
        }
        Self { path, map: value.as_object(), known: Vec::new() }
    }

    /// The path of a field.
    pub(in crate::io) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// A field, if it is there.
    pub(in crate::io) fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.map?.get(key)
    }

    pub(in crate::io) fn integer(&mut self, found: &mut Found, key: &'static str, low: i64, high: i64) -> Option<i64> {
        let value = self.get(key)?;
        found.integer(&self.path(key), value, low, high)
    }

    /// A duration, an amount or a distance.
    pub(in crate::io) fn amount(&mut self, found: &mut Found, key: &'static str) -> Option<i64> {
        self.integer(found, key, 0, MAX_VALUE)
    }

    pub(in crate::io) fn time(&mut self, found: &mut Found, key: &'static str) -> Option<Time> {
        self.integer(found, key, -FARTHEST, FARTHEST)
    }

    /// The identifier, which must be there.
    pub(in crate::io) fn id(&mut self, found: &mut Found) -> u64 {
        let value = self.get("id").unwrap_or(&Value::Null);
        value.as_u64().unwrap_or_else(|| {
            found.wrong(&self.path("id"), value, "a whole number from 0 on");
            0
        })
    }

    pub(in crate::io) fn text(&mut self, found: &mut Found, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        if !value.is_string() {
            found.wrong(&self.path(key), value, "a text");
        }
        value.as_str().map(str::to_owned)
    }

    /// A text that must be there.
    pub(in crate::io) fn needed_text(&mut self, found: &mut Found, key: &'static str) -> String {
        if self.map.is_some_and(|map| !map.contains_key(key)) {
            self.missing(found, key);
        }
        self.text(found, key).unwrap_or_default()
    }

    /// Reports that a field should be there.
    pub(in crate::io) fn missing(&self, found: &mut Found, key: &str) {
        if self.map.is_some() {
            found.faults.add(self.path(key), "", "is missing", "add it");
        }
    }

    pub(in crate::io) fn number(&mut self, found: &mut Found, key: &'static str, low: f64, high: f64) -> Option<f64> {
        let value = self.get(key)?;
        found.number(&self.path(key), value, low, high)
    }

    /// The values of a list with their paths; nothing where it is missing.
    pub(in crate::io) fn values(&mut self, found: &mut Found, key: &'static str) -> Vec<(String, &'a Value)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let path = self.path(key);
        let list = found.list(&path, value);
        list.iter().enumerate().map(|(i, value)| (format!("{path}[{i}]"), value)).collect()
    }

    pub(in crate::io) fn texts(&mut self, found: &mut Found, key: &'static str) -> Vec<String> {
        let mut texts = Vec::new();
        for (path, value) in self.values(found, key) {
            match value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => found.wrong(&path, value, "a text"),
            }
        }
        texts
    }

    /// Reports a field that says what cannot be planned, if it is there.
    pub(in crate::io) fn refuse(&mut self, found: &mut Found, key: &'static str, message: &str, remedy: &str) {
        if let Some(value) = self.get(key) {
            let value = if value.is_object() || value.is_array() { String::new() } else { value.to_string() };
            found.faults.add(self.path(key), value, message, remedy);
        }
    }

    pub(in crate::io) fn flag(&mut self, found: &mut Found, key: &'static str) -> bool {
        let Some(value) = self.get(key) else { return false };
        if !value.is_boolean() {
            found.wrong(&self.path(key), value, "true or false");
        }
        value.as_bool().unwrap_or(false)
    }

    pub(in crate::io) fn integers(&mut self, found: &mut Found, key: &'static str, high: i64) -> Option<Vec<i64>> {
        let value = self.get(key)?;
        let path = self.path(key);
        let list = found.list(&path, value);
        let number = |(i, value): (usize, &Value)| found.integer(&format!("{path}[{i}]"), value, 0, high);
        Some(list.iter().enumerate().filter_map(number).collect())
    }

    /// An amount in every dimension.
    pub(in crate::io) fn loads(&mut self, found: &mut Found, key: &'static str) -> Option<Vec<Load>> {
        self.integers(found, key, MAX_VALUE)
    }

    /// Whole numbers of any notation, `3.0` as well as `3`.
    pub(in crate::io) fn amounts(&mut self, found: &mut Found, key: &'static str) -> Option<Vec<i64>> {
        let value = self.get(key)?;
        let path = self.path(key);
        let list = found.list(&path, value);
        let number = |(i, value): (usize, &Value)| {
            let number = found.number(&format!("{path}[{i}]"), value, 0.0, MAX_VALUE as f64)?;
            Some(number.round() as i64)
        };
        Some(list.iter().enumerate().filter_map(number).collect())
    }

    pub(in crate::io) fn window(&mut self, found: &mut Found, key: &'static str) -> Option<TimeWindow> {
        let value = self.get(key)?;
        found.window(&self.path(key), value)
    }

    /// Windows in ascending order.
    pub(in crate::io) fn windows(&mut self, found: &mut Found, key: &'static str) -> Vec<TimeWindow> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let path = self.path(key);
        let list = found.list(&path, value);
        if value.is_array() && list.is_empty() {
            found.faults.add(&path, "[]", "the list is empty", "leave it out where any time will do");
        }
        let window = |(i, value): (usize, &Value)| found.window(&format!("{path}[{i}]"), value);
        let windows: Vec<TimeWindow> = list.iter().enumerate().filter_map(window).collect();
        if windows.windows(2).any(|pair| pair[0].late >= pair[1].early) {
            found.faults.add(&path, value, "overlap or are not in ascending order", "sort and join them");
        }
        windows
    }

    /// Durations by the type of the vehicle.
    pub(in crate::io) fn per_type(&mut self, found: &mut Found, key: &'static str) -> BTreeMap<String, i64> {
        let Some(value) = self.get(key) else { return BTreeMap::new() };
        let path = self.path(key);
        let Some(map) = value.as_object() else {
            found.wrong(&path, value, "an object with a duration for each type");
            return BTreeMap::new();
        };
        let duration = |(kind, value): (&String, &Value)| {
            Some((kind.clone(), found.integer(&format!("{path}.{kind}"), value, 0, MAX_VALUE)?))
        };
        map.iter().filter_map(duration).collect()
    }

    /// Longitude and latitude.
    pub(in crate::io) fn coord(&mut self, found: &mut Found, key: &'static str) -> Option<Coord> {
        let value = self.get(key)?;
        let pair = value.as_array().filter(|pair| pair.len() == 2);
        let coord = pair.and_then(|pair| Some(Coord::new(pair[0].as_f64()?, pair[1].as_f64()?)));
        if coord.is_none() {
            found.wrong(&self.path(key), value, "a pair of longitude and latitude");
        }
        coord
    }

    pub(in crate::io) fn index(&mut self, found: &mut Found, key: &'static str) -> Option<usize> {
        self.integer(found, key, 0, i64::from(u32::MAX)).map(|index| index as usize)
    }

    /// Notes the fields that were never asked for.
    pub(in crate::io) fn finish(self, found: &mut Found) {
        let Some(map) = self.map else { return };
        for key in map.keys().filter(|key| !self.known.contains(&key.as_str())) {
            let path = self.path(key);
            found.ignored.push(path);
        }
    }
}
