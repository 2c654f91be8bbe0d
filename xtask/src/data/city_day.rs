//! A day of a whole city's waste collection: 500 bins, 8 trucks of 3 types, 2 disposal sites, and all that such a day has.

use std::fmt::Write as _;

use super::random::Random;
use super::waste_day::{HOUR, location};

/// The parts of the document that do not depend on chance. Money is in thousandths: a thousandth a metre, ten a second.
const HEAD: &str = r#"{
  "milkrun": "problem",
  "version": 1,
  "name": "Nieuwmeer, all of it",
  "travel": {"type": "haversine", "speed": 7.0, "detour": 1.3},
  "materials": [{"name": "general"}, {"name": "recycling"}, {"name": "organic"}],
  "separate_materials": [["general", "recycling"], ["general", "organic"], ["recycling", "organic"]],
"#;

/// How many bins there are.
const BINS: usize = 500;
/// What lies on a bin's corner.
const STREETS: [&str; 25] = [
    "Acacia", "Birch", "Canal", "Dike", "Elm", "Ferry", "Garden", "Harbour", "Iris", "Juniper", "Kiln", "Lake", "Mill",
    "North", "Orchard", "Peat", "Quay", "Rope", "Station", "Tannery", "Union", "Vine", "Willow", "Xylo", "Yew",
];

/// The problem as milkrun JSON.
pub(super) fn text() -> String {
    let mut text = HEAD.to_owned();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        r#"  "depots": [{{"name": "yard", "location": {}, "time_window": [{}, {}], "service": 300}}],
  "disposal_sites": [
    {{"name": "landfill", "location": {}, "hours": [[{}, {}]], "service": 480, "unloading": [{{"amount": 60, "per": 1000}}], "tipping_fee": [{{"amount": 90, "per": 1}}], "materials": ["general", "organic"]}},
    {{"name": "transfer station", "location": {}, "hours": [[{}, {}], [{}, {}]], "service": 600, "unloading": [{{"amount": 90, "per": 1000}}], "tipping_fee": [{{"amount": 140, "per": 1}}], "daily_capacity": [60000, 400000]}}
  ],
  "clients": [
"#,
        location((-2_900.0, -1_500.0)),
        5 * HOUR,
        19 * HOUR,
        location((9_500.0, 3_200.0)),
        6 * HOUR + HOUR / 2,
        17 * HOUR,
        location((-3_900.0, 2_700.0)),
        6 * HOUR,
        12 * HOUR,
        12 * HOUR + HOUR / 2,
        18 * HOUR
    );
    let mut random = Random::new(500);
    let bins: Vec<String> = (0..BINS).map(|i| bin(&mut random, i)).collect();
    text.push_str(&bins.join(",\n"));
    text.push_str("\n  ],\n  \"vehicle_types\": [\n");
    text.push_str(&truck("rear loader", (4, [9_000, 16_000]), (90_000, 6), r#", "skills": ["key"]"#));
    text.push_str(",\n");
    text.push_str(&truck("small truck", (2, [3_500, 7_000]), (60_000, 6), r#", "skills": ["narrow", "crane"]"#));
    text.push_str(",\n");
    let chambers = r#", "compartments": [{"materials": ["recycling"], "capacity": [4000, 10000]}, {"materials": ["organic"], "capacity": [5000, 8000]}]"#;
    text.push_str(&truck("two-chamber truck", (2, [9_000, 16_000]), (95_000, 7), chambers));
    let _ = write!(
        text,
        r#"
  ],
  "relations": [
    {{"sequence": ["{}", "{}"]}},
    {{"same_vehicle": ["{}", "{}", "{}"]}},
    {{"incompatible": ["{}", "{}"]}}
  ],
  "speeds": [[{{"from": {}, "percent": 70}}, {{"from": {}, "percent": 100}}, {{"from": {}, "percent": 80}}, {{"from": {}, "percent": 100}}]]
}}
"#,
        name(40),
        name(41),
        name(120),
        name(121),
        name(122),
        name(200),
        name(300),
        7 * HOUR,
        9 * HOUR,
        16 * HOUR,
        18 * HOUR
    );
    text
}

/// A truck and its crew; loads are in kilograms and litres.
fn truck(name: &str, (count, capacity): (u32, [u32; 2]), (fixed, from): (u32, i64), more: &str) -> String {
    let (early, late) = (from * HOUR, (from + 10) * HOUR);
    let (lunch, lunch_late) = (11 * HOUR, 13 * HOUR);
    format!(
        r#"    {{"name": "{name}", "count": {count}, "capacity": [{}, {}], "start": "yard", "end": "yard", "fixed_cost": {fixed}, "cost_per_distance": 1, "cost_per_duration": 10, "shift": [{early}, {late}], "disposal_sites": ["landfill", "transfer station"], "end_empty": true, "max_trips": 5, "max_stops": 120, "max_route_load": [24000, 60000], "breaks": [{{"name": "lunch", "start": [{lunch}, {lunch_late}], "duration": 1800, "paid": false}}], "driver_rules": [{{"effort": "driving", "max": 16200, "rest": 2700, "split": [900, 1800]}}], "max_work": {}, "overtime": [{{"after": {}, "cost_per_duration": 5}}]{more}}}"#,
        capacity[0],
        capacity[1],
        10 * HOUR,
        8 * HOUR
    )
}

fn name(i: usize) -> String {
    format!("{} Street {}", STREETS[i / 20], 2 * (i % 20) + 1)
}

/// What one bin is, and when and by whom it can be emptied. Every 20 bins are a street.
fn bin(random: &mut Random, i: usize) -> String {
    let (street, house) = ((i / 20) as i64, (i % 20) as i64);
    let east = -2_600 + (street % 5) * 1_100 + house * 52 + random.between(-15, 15);
    let north = -1_600 + (street / 5) * 700 + (house % 2) * 40 + random.between(-150, 150);
    let material = match i % 20 {
        0..=11 => "general",
        12..=16 => "recycling",
        _ => "organic",
    };
    let litres = random.between(4, 14) * 60;
    let kilograms = litres * if material == "organic" { 35 } else { 15 } / 100;
    let mut line = format!(
        r#"    {{"name": "{}", "location": {}, "pickup": [{kilograms}, {litres}], "material": "{material}", "service": {}"#,
        name(i),
        location((east as f64, north as f64)),
        50 + kilograms / 2
    );
    let tied = [40, 41, 120, 121, 122, 200, 300].contains(&i);
    // Writing to a string cannot fail.
    let _ = match random.between(0, 19) {
        0 | 1 => write!(line, r#", "time_window": [{}, {}]"#, 6 * HOUR, 12 * HOUR),
        2 => write!(line, r#", "time_windows": [[{}, {}], [{}, {}]]"#, 6 * HOUR, 9 * HOUR, 13 * HOUR, 16 * HOUR),
        3 => write!(line, r#", "soft_window": {{"late": {}, "cost_per_late": 2}}"#, 8 * HOUR),
        _ => Ok(()),
    };
    let _ = match random.between(0, 29) {
        _ if tied || material != "general" => Ok(()),
        0 => write!(line, r#", "skills": ["narrow"]"#),
        1 => write!(line, r#", "skills": ["key"]"#),
        _ => Ok(()),
    };
    let _ = match random.between(0, 9) {
        _ if tied => Ok(()),
        // Nearly empty bins may wait; the fuller ones of them should not.
        0..=2 => write!(line, r#", "required": false, "prize": {}"#, 40 * litres),
        3 => write!(line, r#", "required": false, "prize": {}, "priority": 1"#, 60 * litres),
        4 => write!(line, r#", "required": false, "prize": {}, "priority": 2"#, 60 * litres),
        _ => Ok(()),
    };
    line + "}"
}
