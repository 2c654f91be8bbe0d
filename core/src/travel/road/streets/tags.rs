//! What the tags of OpenStreetMap mean: <https://wiki.openstreetmap.org/wiki/Map_features>.

use crate::travel::road::streets::{Access, Barrier, Direction, Limits, Permit, Tally, Way};

/// Values of `highway` that are no street.
const NO_STREET: [&str; 17] = [
    "abandoned",
    "bus_stop",
    "construction",
    "corridor",
    "demolished",
    "disused",
    "elevator",
    "emergency_bay",
    "no",
    "planned",
    "platform",
    "proposed",
    "raceway",
    "razed",
    "rest_area",
    "services",
    "via_ferrata",
];

/// Whether a way with these tags is a street or a ferry.
pub(in crate::travel::road) fn is_street<'t>(tags: impl IntoIterator<Item = (&'t str, &'t str)>) -> bool {
    let (mut street, mut area) = (false, false);
    for (key, value) in tags {
        match key {
            "highway" => street |= !NO_STREET.contains(&value),
            "route" => street |= value == "ferry",
            "area" => area = value == "yes",
            _ => {}
        }
    }
    street && !area
}

/// The attributes of a street from its tags. What cannot be used is counted.
pub(in crate::travel::road) fn way_tags<'t>(
    id: i64,
    tags: impl IntoIterator<Item = (&'t str, &'t str)>,
    ignored: &mut Tally,
) -> Way {
    let mut way = Way { id, ..Way::default() };
    let (mut oneway, mut oneway_vehicle, mut posted) = (None, None, None);
    for (key, value) in tags {
        match key {
            "highway" if way.class.is_empty() => value.clone_into(&mut way.class),
            "route" if value == "ferry" => "ferry".clone_into(&mut way.class),
            "name" => value.clone_into(&mut way.name),
            "ref" if way.name.is_empty() => value.clone_into(&mut way.name),
            "service" => value.clone_into(&mut way.service),
            "junction" => way.roundabout = matches!(value, "roundabout" | "circular"),
            "oneway" => oneway = Some(value),
            "oneway:motor_vehicle" | "oneway:vehicle" => oneway_vehicle = Some(value),
            "oneway:foot" => way.foot_direction = direction(value),
            "maxspeed" => posted = Some(value),
            "maxspeed:forward" => way.max_speed[0] = read(speed(value), key, value, id, ignored),
            "maxspeed:backward" => way.max_speed[1] = read(speed(value), key, value, id, ignored),
            "maxspeed:hgv" => way.max_speed_hgv = read(speed(value), key, value, id, ignored),
            "width" => way.width = read(metres(value), key, value, id, ignored),
            "duration" => way.duration = read(duration(value), key, value, id, ignored),
            _ if key.ends_with(":conditional") => conditional(key, id, ignored),
            _ => common(&mut way.access, &mut way.limits, key, value, id, ignored),
        }
    }
    if let Some(speed) = posted.and_then(|value| read(speed(value), "maxspeed", value, id, ignored)) {
        way.max_speed = way.max_speed.map(|posted| posted.or(Some(speed)));
    }
    way.direction = match oneway_vehicle.or(oneway).map(|value| (value, direction(value))) {
        Some((_, Some(direction))) => direction,
        unknown => {
            if let Some((value, None)) = unknown {
                ignored.add(&format!("oneway={value}, which is not known"), id);
            }
            let implied = way.roundabout || matches!(way.class.as_str(), "motorway" | "motorway_link");
            if implied { Direction::Forward } else { Direction::Both }
        }
    };
    if way.direction == Direction::Neither {
        ignored.add("direction that changes with the hour: closed to vehicles", id);
    }
    way
}

/// What stands at a node: a barrier, and whether there are traffic signals.
pub(in crate::travel::road) fn node_tags<'t>(
    id: i64,
    tags: impl IntoIterator<Item = (&'t str, &'t str)>,
    ignored: &mut Tally,
) -> (Option<Barrier>, bool) {
    let mut kind = None;
    let mut signals = false;
    let (mut access, mut limits) = (Access::default(), Limits::default());
    for (key, value) in tags {
        match key {
            "barrier" => kind = Some(value.to_owned()),
            "highway" => signals = value == "traffic_signals",
            _ if kind.is_some() && key.ends_with(":conditional") => conditional(key, id, ignored),
            _ => common(&mut access, &mut limits, key, value, id, ignored),
        }
    }
    // A node may be closed without a barrier: `access=no` alone.
    let tagged = access != Access::default() || limits != Limits::default();
    let kind = kind.or_else(|| tagged.then(String::new));
    (kind.map(|kind| Barrier { kind, access, limits }), signals)
}

/// Keys that ways and barriers have in common.
fn common(access: &mut Access, limits: &mut Limits, key: &str, value: &str, id: i64, ignored: &mut Tally) {
    let permit = match key {
        "access" => &mut access.access,
        "vehicle" => &mut access.vehicle,
        "motor_vehicle" => &mut access.motor_vehicle,
        "motorcar" => &mut access.motorcar,
        "goods" => &mut access.goods,
        "hgv" => &mut access.hgv,
        "foot" => &mut access.foot,
        _ => {
            let limit = match key {
                "maxheight" | "maxheight:physical" => &mut limits.height,
                "maxwidth" | "maxwidth:physical" => &mut limits.width,
                "maxlength" => &mut limits.length,
                "maxweight" | "maxweightrating" => &mut limits.weight,
                "maxaxleload" => &mut limits.axle_load,
                _ => return,
            };
            let found =
                if matches!(key, "maxheight" | "maxwidth" | "maxheight:physical" | "maxwidth:physical" | "maxlength") {
                    metres(value)
                } else {
                    tonnes(value)
                };
            if let Some(found) = read(found, key, value, id, ignored) {
                // Where a sign and the bridge itself differ, the smaller one holds.
                *limit = Some(limit.map_or(found, |other| other.min(found)));
            }
            return;
        }
    };
    *permit = Permit::parse(value);
    if permit.is_none() && value != "unknown" {
        ignored.add(&format!("{key}={value}, which is not known"), id);
    }
}

/// Tags that hold at some hours only are not read, but counted where they could matter.
fn conditional(key: &str, id: i64, ignored: &mut Tally) {
    let base = key.trim_end_matches(":conditional").split(':').next().unwrap_or_default();
    let matters = ["access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "foot", "oneway"].contains(&base)
        || base.starts_with("max")
        || base == "restriction";
    if matters {
        ignored.add(&format!("{key}: rules by the hour are not applied"), id);
    }
}

/// What a value says: `Err` if it cannot be understood, `Ok(None)` if it says that there is none.
type Reading = Result<Option<f32>, ()>;

fn read(reading: Reading, key: &str, value: &str, id: i64, ignored: &mut Tally) -> Option<f32> {
    reading.unwrap_or_else(|()| {
        let value = crate::listing::shortened(value);
        ignored.add(&format!("{key} that is not understood"), format_args!("{id}: {value}"));
        None
    })
}

fn direction(value: &str) -> Option<Direction> {
    Some(match value {
        "yes" | "true" | "1" => Direction::Forward,
        "-1" | "reverse" => Direction::Backward,
        "no" | "false" | "0" => Direction::Both,
        "reversible" | "alternating" => Direction::Neither,
        _ => return None,
    })
}

/// A number and the unit after it.
fn number(value: &str) -> Option<(f32, &str)> {
    let value = value.trim();
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let number: f32 = value[..end].parse().ok()?;
    (number.is_finite() && number >= 0.0).then(|| (number, value[end..].trim()))
}

/// A posted speed in km/h. Of several, as `50;30`, the least holds.
fn speed(value: &str) -> Reading {
    if value.contains(';') {
        let all: Result<Vec<_>, ()> = value.split(';').map(speed).collect();
        return Ok(all?.into_iter().flatten().reduce(f32::min));
    }
    match value {
        "none" | "signals" | "variable" => return Ok(None),
        "walk" => return Ok(Some(6.0)),
        _ => {}
    }
    if let Some((_, zone)) = value.split_once(':') {
        return implied(zone);
    }
    let (number, unit) = number(value).ok_or(())?;
    match unit {
        _ if number == 0.0 => Err(()),
        "" | "km/h" | "kmh" | "kph" => Ok(Some(number)),
        "mph" => Ok(Some(number * 1.609_344)),
        "knots" => Ok(Some(number * 1.852)),
        _ => Err(()),
    }
}

/// The speed that a country's rule implies, as `DE:urban`: what most countries have.
fn implied(zone: &str) -> Reading {
    match zone {
        "urban" => Ok(Some(50.0)),
        "rural" => Ok(Some(80.0)),
        "trunk" => Ok(Some(100.0)),
        "motorway" => Ok(None),
        "living_street" | "walk" => Ok(Some(10.0)),
        "bicycle_road" => Ok(Some(30.0)),
        _ => zone.trim_start_matches("zone").trim_start_matches(':').parse().map(Some).map_err(|_| ()),
    }
}

/// A length in metres: `3.5`, `3.5 m`, `11'6"`.
fn metres(value: &str) -> Reading {
    if matches!(value, "none" | "default" | "no_sign" | "no_indications" | "unsigned" | "below_default") {
        return Ok(None);
    }
    if let Some((feet, inches)) = value.split_once('\'') {
        let feet: f32 = feet.trim().parse().map_err(|_| ())?;
        let inches = inches.trim().trim_end_matches('"').trim();
        let inches: f32 = if inches.is_empty() { 0.0 } else { inches.parse().map_err(|_| ())? };
        return Ok(Some(feet * 0.3048 + inches * 0.0254));
    }
    let value = value.replace(',', ".");
    let (number, unit) = number(&value).ok_or(())?;
    match unit {
        "" | "m" | "metres" | "meters" => Ok(Some(number)),
        "cm" => Ok(Some(number / 100.0)),
        "ft" | "feet" => Ok(Some(number * 0.3048)),
        _ => Err(()),
    }
}

/// A mass in tonnes: `7.5`, `7.5 t`, `3500 kg`, `10 st` (short tons), `16000 lbs`.
fn tonnes(value: &str) -> Reading {
    if matches!(value, "none" | "default" | "no_sign" | "unsigned") {
        return Ok(None);
    }
    let value = value.replace(',', ".");
    let (number, unit) = number(&value).ok_or(())?;
    match unit {
        "" | "t" | "tonnes" => Ok(Some(number)),
        "kg" => Ok(Some(number / 1000.0)),
        "st" => Ok(Some(number * 0.907_185)),
        "lt" => Ok(Some(number * 1.016_047)),
        "lbs" | "lb" => Ok(Some(number * 0.000_453_592)),
        _ => Err(()),
    }
}

/// Seconds of `minutes`, `hh:mm` or `hh:mm:ss`.
fn duration(value: &str) -> Reading {
    let parts: Result<Vec<f32>, _> = value.split(':').map(str::parse).collect();
    let seconds = match parts.map_err(|_| ())?[..] {
        [minutes] => minutes * 60.0,
        [hours, minutes] => hours * 3600.0 + minutes * 60.0,
        [hours, minutes, seconds] => hours * 3600.0 + minutes * 60.0 + seconds,
        _ => return Err(()),
    };
    if seconds > 0.0 && seconds.is_finite() { Ok(Some(seconds)) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read() {
        assert_eq!(speed("30 mph"), Ok(Some(48.280_32)));
        assert_eq!(speed("walk"), Ok(Some(6.0)));
        assert_eq!(speed("DE:urban"), Ok(Some(50.0)));
        assert_eq!(speed("FR:zone30"), Ok(Some(30.0)));
        assert_eq!(speed("80;60"), Ok(Some(60.0)));
        assert_eq!(speed("none"), Ok(None));
        assert_eq!(speed("fast"), Err(()));
        assert_eq!(speed("0"), Err(()));
        assert_eq!(metres("11'6\""), Ok(Some(11.0 * 0.3048 + 6.0 * 0.0254)));
        assert_eq!(metres("3,5 m"), Ok(Some(3.5)));
        assert_eq!(tonnes("7500 kg"), Ok(Some(7.5)));
        assert_eq!(duration("01:30"), Ok(Some(5400.0)));
    }

    #[test]
    fn a_roundabout_and_a_motorway_are_one_way_unless_the_map_says_otherwise() {
        let read = |tags: &[(&'static str, &'static str)]| way_tags(1, tags.iter().copied(), &mut Tally::default());
        assert_eq!(read(&[("highway", "residential")]).direction, Direction::Both);
        assert_eq!(read(&[("highway", "residential"), ("junction", "roundabout")]).direction, Direction::Forward);
        assert_eq!(read(&[("highway", "motorway")]).direction, Direction::Forward);
        assert_eq!(read(&[("highway", "motorway"), ("oneway", "no")]).direction, Direction::Both);
        assert_eq!(read(&[("highway", "primary"), ("oneway", "-1")]).direction, Direction::Backward);
        let way = read(&[("maxspeed", "50"), ("highway", "primary"), ("maxspeed:backward", "30")]);
        assert_eq!(way.max_speed, [Some(50.0), Some(30.0)]);
    }

    #[test]
    fn what_is_not_applied_is_counted() {
        let mut tally = Tally::default();
        let tags = [("highway", "primary"), ("hgv:conditional", "no @ (22:00-06:00)"), ("maxheight", "tall")];
        way_tags(7, tags, &mut tally);
        let list = tally.into_list();
        let reasons: Vec<&str> = list.iter().map(|ignored| ignored.reason.as_str()).collect();
        assert_eq!(reasons, ["hgv:conditional: rules by the hour are not applied", "maxheight that is not understood"]);
        assert_eq!(list[1].examples, ["7: tall"]);
    }
}
