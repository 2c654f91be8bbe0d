//! A day of waste collection in Nieuwmeer, a city that does not exist.

use std::fmt::Write as _;

use super::random::Random;

pub(super) const HOUR: i64 = 3600;
/// The market square, around which the streets are laid out.
const CENTRE: (f64, f64) = (5.4700, 52.4400);
/// Degrees of longitude and latitude of a metre, there.
const DEGREES: (f64, f64) = (1.474e-5, 8.983e-6);
/// Streets run east, a little towards the north.
const TILT: f64 = 0.2;
const STREETS: [&str; 12] = [
    "Dike Road",
    "Mill Street",
    "Ropewalk",
    "Elm Street",
    "Chapel Street",
    "Market Street",
    "Harbour Street",
    "Tannery Lane",
    "Station Road",
    "Orchard Street",
    "Canal Street",
    "Heron Road",
];

/// A stop to collect from.
struct Stop {
    name: String,
    /// Metres east and north of the centre, before the streets are tilted.
    place: (f64, f64),
    kilograms: i64,
    service: i64,
    window: Option<(i64, i64)>,
    /// What it costs to leave the bin for another day; `None` if it must be emptied.
    may_wait: Option<i64>,
    /// Only a small truck gets there.
    narrow: bool,
}

/// The problem as milkrun JSON.
pub(super) fn text() -> String {
    let stops = stops();
    let mut text = String::from(
        r#"{
  "milkrun": "problem",
  "version": 1,
  "name": "Nieuwmeer, Tuesday",
  "travel": {"type": "haversine", "speed": 6.5, "detour": 1.3},
  "depots": [
"#,
    );
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        r#"    {{"name": "yard", "location": {}, "time_window": [{}, {}], "service": 300}},"#,
        location((-2900.0, -1500.0)),
        5 * HOUR,
        18 * HOUR
    );
    let _ = writeln!(
        text,
        r#"    {{"name": "transfer station", "location": {}, "time_window": [{}, {}], "service": 900}}"#,
        location((3100.0, 1700.0)),
        6 * HOUR,
        16 * HOUR
    );
    text.push_str("  ],\n  \"clients\": [\n");
    let lines: Vec<String> = stops.iter().map(line).collect();
    text.push_str(&lines.join(",\n"));
    text.push_str("\n  ],\n  \"vehicle_types\": [\n");
    let wide: Vec<String> =
        stops.iter().enumerate().filter(|(_, stop)| !stop.narrow).map(|(i, _)| i.to_string()).collect();
    text.push_str(&truck(
        "large truck",
        (2, 4_200),
        (60_000, 6),
        &format!(r#", "allowed_clients": [{}]"#, wide.join(", ")),
    ));
    text.push_str(",\n");
    text.push_str(&truck("small truck", (2, 1_500), (35_000, 7), ""));
    text.push_str("\n  ]\n}\n");
    text
}

/// A truck and its crew: money in thousandths, a thousandth a metre and ten a second.
fn truck(name: &str, (count, capacity): (u32, u32), (fixed, from): (u32, i64), more: &str) -> String {
    let (early, late) = (from * HOUR, (from + 8) * HOUR);
    format!(
        r#"    {{"name": "{name}", "count": {count}, "capacity": [{capacity}], "start": "yard", "end": "yard", "reload_depots": ["transfer station"], "max_trips": 2, "fixed_cost": {fixed}, "cost_per_distance": 1, "cost_per_duration": 10, "shift": [{early}, {late}]{more}}}"#
    )
}

fn line(stop: &Stop) -> String {
    let mut line = format!(
        r#"    {{"name": "{}", "location": {}, "pickup": [{}], "service": {}"#,
        stop.name,
        location(stop.place),
        stop.kilograms,
        stop.service
    );
    if let Some((early, late)) = stop.window {
        let _ = write!(line, r#", "time_window": [{early}, {late}]"#);
    }
    if let Some(prize) = stop.may_wait {
        let _ = write!(line, r#", "required": false, "prize": {prize}"#);
    }
    line + "}"
}

pub(super) fn location((east, north): (f64, f64)) -> String {
    let (sin, cos) = TILT.sin_cos();
    let (x, y) = (east * cos - north * sin, east * sin + north * cos);
    format!(r#"{{"lon": {:.5}, "lat": {:.5}}}"#, CENTRE.0 + x * DEGREES.0, CENTRE.1 + y * DEGREES.1)
}

fn stops() -> Vec<Stop> {
    let mut random = Random::new(2026);
    let mut stops = Vec::new();
    for (s, street) in STREETS.iter().enumerate() {
        let north = (s as f64 - 5.5) * 230.0;
        // Outer streets are shorter.
        let reach = 1_700 - 160 * (s as i64 - 5).abs();
        let mut number = 0;
        for _ in 0..9 {
            number += random.between(3, 14);
            let east = (-reach + number * 2 * reach / 100) as f64;
            stops.push(household(&mut random, format!("{street} {number}"), (east, north)));
        }
    }
    let special = [
        ("Market Square", (20.0, 60.0), 420, Some((6 * HOUR, 8 * HOUR + HOUR / 2))),
        ("St Anna Hospital", (980.0, -640.0), 560, Some((9 * HOUR, 11 * HOUR))),
        ("Harbour School", (-760.0, 420.0), 240, Some((9 * HOUR, 12 * HOUR))),
        ("Dike School", (540.0, -1_210.0), 210, Some((9 * HOUR, 12 * HOUR))),
        ("Station Kiosks", (310.0, 640.0), 330, Some((6 * HOUR, 7 * HOUR + HOUR / 2))),
        ("Fish Auction", (-1_250.0, 160.0), 480, Some((10 * HOUR, 12 * HOUR + HOUR / 2))),
        ("Town Hall", (-90.0, -70.0), 180, Some((7 * HOUR, 10 * HOUR))),
        ("Brewery", (1_420.0, 930.0), 520, None),
        ("Swimming Pool", (-1_060.0, -880.0), 200, None),
        ("Garden Centre", (860.0, 1_260.0), 390, Some((8 * HOUR, 13 * HOUR))),
        ("Library", (160.0, -310.0), 110, None),
        ("Concert Hall", (-330.0, 350.0), 260, Some((7 * HOUR, 11 * HOUR))),
    ];
    stops.extend(special.map(|(name, place, kilograms, window)| Stop {
        name: name.to_owned(),
        place,
        kilograms,
        service: 60 + kilograms,
        window,
        may_wait: None,
        narrow: false,
    }));
    stops
}

fn household(random: &mut Random, name: String, place: (f64, f64)) -> Stop {
    let kilograms = random.between(50, 230);
    // Nearly empty bins may wait; what waits gets fuller, so it costs by what is in it.
    let may_wait = (kilograms < 65).then_some(60 * kilograms);
    Stop {
        narrow: name.starts_with("Tannery Lane") || name.starts_with("Ropewalk"),
        name,
        place,
        kilograms,
        service: 45 + kilograms / 2,
        window: (random.between(0, 9) == 0).then_some((7 * HOUR, 12 * HOUR)),
        may_wait,
    }
}
