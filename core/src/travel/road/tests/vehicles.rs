//! Which streets a vehicle may use, and how fast: by detours around what is closed to it.

use std::io::Write;

use crate::geometry::Coord;
use crate::travel::road::tests::maps::Sketch;
use crate::travel::road::{Network, RoadProfile, Snap, Streets};

/// Two streets from west to east: a straight one with the given tags, 1 km, and one around it, some 2 km.
fn streets(tags: &[(&str, &str)]) -> Streets {
    Sketch::default()
        .node(1, -20, 0)
        .node(2, 0, 0)
        .node(3, 90, 0)
        .node(4, 110, 0)
        .node(5, 0, 45)
        .node(6, 90, 45)
        .way(1, &[1, 2], &[])
        .way(2, &[2, 3], tags)
        .way(3, &[3, 4], &[])
        .way(4, &[2, 5, 6, 3], &[])
        .streets()
}

/// Metres and seconds from west to east, or back.
fn drive(streets: &Streets, profile: &RoadProfile, back: bool) -> (i64, i64) {
    let network = Network::new(streets, profile).unwrap();
    let ends = [Coord::new(-10e-4, 0.0), Coord::new(100e-4, 0.0)];
    let mut spots = network.snap(&ends, &Snap::default()).unwrap();
    if back {
        spots.reverse();
    }
    let table = network.table(&spots[..1], &spots[1..]).unwrap();
    (table.distance(0, 0).unwrap(), table.duration(0, 0).unwrap())
}

/// Whether the direct street is used.
fn direct(tags: &[(&str, &str)], profile: &RoadProfile) -> bool {
    let (metres, _) = drive(&streets(tags), profile, false);
    assert!(metres == 1223 || metres == 2224, "{metres} for {tags:?}");
    metres == 1223
}

#[test]
fn a_vehicle_drives_around_what_is_too_low_narrow_or_weak_for_it() {
    let (car, truck, waste) = (RoadProfile::car(), RoadProfile::truck(), RoadProfile::waste_truck());
    assert!(direct(&[], &car) && direct(&[], &truck));
    for (key, closed, open) in [
        ("maxheight", "3.9", "4.0"),
        ("maxheight", "12'6\"", "13'6\""),
        ("maxweight", "7.5", "26"),
        ("maxweight", "12000 lbs", "40 t"),
        ("maxwidth", "2.3 m", "2.6 m"),
        ("maxaxleload", "8", "11.5"),
        ("maxlength", "8", "12"),
        ("width", "2.6", "3.5"),
        ("hgv", "no", "destination"),
        ("access", "no", "permissive"),
        ("motor_vehicle", "agricultural", "yes"),
    ] {
        assert!(!direct(&[(key, closed)], &truck), "{key}={closed} is closed to a truck");
        // A delay at streets for errands only is no reason for a long detour.
        assert!(direct(&[(key, open)], &waste), "{key}={open} is open to it");
        let for_all = matches!(key, "access" | "motor_vehicle");
        assert_eq!(direct(&[(key, closed)], &car), !for_all, "{key}={closed} and a car");
    }
    // Who lifts 3.8 m passes below 3.8 m.
    assert!(direct(&[("maxheight", "3.8")], &waste));
    // The most specific key decides.
    assert!(direct(&[("access", "no"), ("hgv", "yes")], &truck));
    assert!(!direct(&[("access", "private")], &car) && direct(&[("access", "private")], &waste));
}

#[test]
fn one_way_streets_bind_wheels_and_not_feet() {
    let map = streets(&[("oneway", "yes")]);
    let (car, foot) = (RoadProfile::car(), RoadProfile::foot());
    assert_eq!((drive(&map, &car, false).0, drive(&map, &car, true).0), (1223, 2224));
    assert_eq!((drive(&map, &foot, false).0, drive(&map, &foot, true).0), (1223, 1223));
    let reverse = streets(&[("oneway", "-1")]);
    assert_eq!((drive(&reverse, &car, false).0, drive(&reverse, &car, true).0), (2224, 1223));
}

#[test]
fn a_posted_speed_replaces_or_caps_that_of_the_class() {
    let with = |profile: &RoadProfile, posted: &'static str| drive(&streets(&[("maxspeed", posted)]), profile, false).1;
    let (car, waste) = (RoadProfile::car(), RoadProfile::waste_truck());
    // 222 m at 25 km/h and 1,001 m at 0.85 × 50 km/h.
    assert_eq!(with(&car, "50"), 32 + 85);
    assert!(with(&car, "30 mph") < with(&car, "40") && with(&car, "walk") > with(&car, "30"));
    assert_eq!(with(&waste, "50"), with(&waste, "70"), "it stays slow where people live");
    assert!(with(&waste, "10") > with(&waste, "50"));
}

#[test]
fn compressed_xml_is_read_by_its_content() {
    let xml = r#"<osm><node id="1" lon="0" lat="0"/><node id="2" lon="0.001" lat="0"/><node id="3" lon="0.002" lat="0">
        <tag k="barrier" v="bollard"/></node><node id="4" lon="0.003" lat="0"/>
        <way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way></osm>"#;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.osm.gz");
    let mut file = flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), flate2::Compression::fast());
    file.write_all(xml.as_bytes()).unwrap();
    file.finish().unwrap();
    let streets = Streets::open(&path).unwrap();
    assert_eq!(streets.num_segments(), 2, "the way is cut at the bollard");
    // A car turns there; behind it, as much is left as on this side, but not connected.
    let network = Network::new(&streets, &RoadProfile::car()).unwrap();
    assert_eq!((network.report().segments, network.report().disconnected_segments), (1, 1));
    assert_eq!(Network::new(&streets, &RoadProfile::foot()).unwrap().report().segments, 2);
}
