//! Maps that are none, damaged, or faulty.

use std::io::Cursor;

use crate::cancel::CancelToken;
use crate::travel::road::{City, MapFormat, Network, NetworkError, Reading, RoadProfile, Streets, StreetsError};

fn pbf(bytes: &[u8]) -> Result<Streets, StreetsError> {
    Streets::from_pbf(Cursor::new(bytes))
}

#[test]
fn a_cut_off_or_damaged_pbf_is_an_error_and_never_a_panic() {
    let mut good = Vec::new();
    City { blocks: 4, ..City::default() }.write_pbf(&mut good).unwrap();
    let whole = pbf(&good).unwrap().num_segments();
    for end in 1..good.len() {
        // At the end of a block, the file is sound but lacks what follows.
        match pbf(&good[..end]) {
            Ok(streets) => assert!(streets.num_segments() <= whole),
            Err(error) => {
                assert!(matches!(error, StreetsError::Damaged { .. } | StreetsError::Empty { .. }), "{error}");
            }
        }
    }
    for at in 0..good.len() {
        for bit in [0, 3, 7] {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            drop(pbf(&bytes));
        }
    }
}

#[test]
fn what_is_no_map_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map");
    let open = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        Streets::open(&path).unwrap_err().to_string()
    };
    assert!(open(b"PK\x03\x04 and more").contains("a zip archive"));
    assert!(open(b"").contains("an empty file"));
    assert!(open(b"BZh91AY").contains("a bzip2 file"));
    assert!(open(b"hello").contains("of no known format"));
    assert!(open(b"<html></html>").contains("without an element <osm>"));
    assert!(open(b"<osm></osm>").contains("has no street"));
    assert!(open(b"<osm><way id='x'/></osm>").contains("is not a number"));
    assert!(open(b"<osm><way id='1'>").contains("cut off"));
    assert!(open(b"{}").contains("GeoJSON"));
    assert!(Streets::open(folder.path().join("none")).unwrap_err().to_string().contains("none"));
    assert!(pbf(b"PK\x03\x04 and more").unwrap_err().to_string().contains("a zip archive"));
    assert!(pbf(b"").unwrap_err().to_string().contains("no block"));
}

#[test]
fn all_faults_of_an_edge_list_are_reported_at_once() {
    let nodes = "node,lon,lat\n1,0,0\n2,0.001,0\n3,200,0\nfour,0,0\n1,0,0\n";
    let links = "link,from,to,highway,metres,direction,geometry\n\
        1,1,2,residential,-5,0,\n2,1,9,residential,5,0,\n3,1,2,residential,5,2,\n4,1,2,residential,NaN,0,\n\
        5,1,2,residential,5,0,\"POINT(0 0)\"\n6,1,1,residential,5,0,\n";
    let error = Streets::from_csv(nodes.as_bytes(), links.as_bytes()).unwrap_err();
    let text = error.to_string();
    let expected = [
        "8 faults",
        "line 4 of the nodes: lon 200",
        "line 5 of the nodes: `node` is `four`",
        "node 1 is listed twice",
        "line 2 of the links: `metres` is -5",
        "line 3 of the links: node 9",
        "line 4 of the links: `direction` is `2`",
        "line 5 of the links: `metres` is NaN",
        "line 6 of the links: `geometry` is `POINT(0 0)`",
    ];
    for part in expected {
        assert!(text.contains(part), "{part} in {text}");
    }
    let missing = Streets::from_csv("a,b\n".as_bytes(), "".as_bytes()).unwrap_err().to_string();
    assert!(missing.contains("column `node` is missing") && missing.contains("column `lat` is missing"), "{missing}");
    let none = Streets::from_csv("node,lon,lat\n".as_bytes(), "link,from,to,highway\n".as_bytes()).unwrap_err();
    assert!(matches!(none, StreetsError::Empty { .. }), "{none}");
}

#[test]
fn a_link_to_its_own_node_is_dropped_and_counted() {
    let nodes = "node,lon,lat\n1,0,0\n2,0.001,0\n";
    let links = "link,from,to,highway\n1,1,2,residential\n2,1,1,residential\n";
    let streets = Streets::from_csv(nodes.as_bytes(), links.as_bytes()).unwrap();
    assert_eq!(streets.num_segments(), 1);
    assert_eq!(streets.report().ignored[0].examples, ["2"]);
}

#[test]
fn xml_geojson_and_tables_describe_the_same_street() {
    let xml = r#"<osm><node id="1" lon="0" lat="0"/><node id="2" lon="0.001" lat="0.0005"/><node id="3" lon="0.002" lat="0"/>
        <way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="A &amp; B"/></way>
        <relation id="1"><member type="way" ref="7" role="from"/><member type="node" ref="3" role="via"/>
        <member type="way" ref="7" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_u_turn"/></relation></osm>"#;
    let geojson = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"highway": "residential",
        "name": "A & B", "id": 7}, "geometry": {"type": "LineString", "coordinates": [[0, 0], [0.001, 0.0005], [0.002, 0]]}}]}"#;
    let nodes = "node,lon,lat\n1,0,0\n3,0.002,0\n";
    let links =
        "link,from,to,highway,name,geometry\n7,1,3,residential,A & B,\"LINESTRING(0 0, 0.001 0.0005, 0.002 0)\"\n";
    let all = [
        Streets::from_osm_xml(xml.as_bytes()).unwrap(),
        Streets::from_geojson(geojson.as_bytes()).unwrap(),
        Streets::from_csv(nodes.as_bytes(), links.as_bytes()).unwrap(),
    ];
    for streets in &all {
        assert_eq!((streets.num_junctions(), streets.num_segments()), (2, 1));
        assert_eq!(streets.geometry(0), all[0].geometry(0));
        assert_eq!((streets.way_of(0).id, streets.way_of(0).name.as_str()), (7, "A & B"));
        assert!((streets.length(0) - 248.6).abs() < 0.1, "{}", streets.length(0));
    }
    assert_eq!(all[0].restrictions().len(), 1);
}

#[test]
fn a_map_without_a_street_for_the_profile_says_why() {
    let nodes = "node,lon,lat\n1,0,0\n2,0.001,0\n";
    let links = "link,from,to,highway,hgv\n1,1,2,residential,no\n2,1,2,footway,\n";
    let streets = Streets::from_csv(nodes.as_bytes(), links.as_bytes()).unwrap();
    let error = Network::new(&streets, &RoadProfile::truck()).unwrap_err();
    assert!(matches!(error, NetworkError::Nothing { .. }));
    assert!(error.to_string().contains("access: no (1)") && error.to_string().contains("footway"), "{error}");
    assert!(Network::new(&streets, &RoadProfile::car()).is_ok());
}

#[test]
fn all_faults_of_a_geojson_edge_list_are_reported_at_once() {
    let feature = |properties: &str, geometry: &str| {
        format!(r#"{{"type": "Feature", "properties": {{{properties}}}, "geometry": {geometry}}}"#)
    };
    let line = r#"{"type": "LineString", "coordinates": [[0, 0], [0.001, 0]]}"#;
    let features = [
        feature(r#""highway": "residential", "metres": "far""#, line),
        feature(r#""highway": "residential", "direction": 7"#, line),
        feature("", line),
        feature(r#""highway": "residential""#, r#"{"type": "Point", "coordinates": [0, 0]}"#),
        feature(r#""highway": "residential""#, r#"{"type": "LineString", "coordinates": [[0, 0], [0, 95]]}"#),
    ];
    let text = format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(", "));
    let error = Streets::from_geojson(text.as_bytes()).unwrap_err().to_string();
    let expected = [
        "5 faults",
        "features[0]: `metres` is `far`",
        "features[1]: `direction` is `7`",
        "features[2]: the property `highway`",
        "features[3]: its geometry is not a LineString",
        "features[4]: its line needs",
    ];
    for part in expected {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn what_unpacks_to_more_than_is_allowed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map");
    let open = |bytes: &[u8], most_unpacked: u64| {
        std::fs::write(&path, bytes).unwrap();
        Streets::open_with(&path, &Reading { most_unpacked, cancel: CancelToken::new() })
    };
    let mut pbf = Vec::new();
    City { blocks: 4, ..City::default() }.write_pbf(&mut pbf).unwrap();
    let xml = br#"<osm><node id="1" lon="0" lat="0"/><node id="2" lon="0.001" lat="0"/>
        <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>"#;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut gzip, xml).unwrap();
    std::io::Write::write_all(&mut gzip, &vec![b' '; 1 << 20]).unwrap();
    let gzip = gzip.finish().unwrap();
    let json = br#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"highway": "primary"},
        "geometry": {"type": "LineString", "coordinates": [[0, 0], [0.001, 0]]}}]}"#;
    for (content, unpacked) in
        [(&pbf[..], 1 << 20), (xml, xml.len()), (&gzip, xml.len() + (1 << 20)), (json, json.len())]
    {
        assert!(open(content, unpacked as u64).is_ok());
        let error = open(content, 100).unwrap_err();
        assert!(matches!(error, StreetsError::Unpacked { limit: 100 }), "{error}");
    }
    assert!(open(&gzip, (xml.len() + (1 << 20) - 1) as u64).is_err());
    std::fs::write(&path, &pbf).unwrap();
    let cancelled = Reading::default();
    cancelled.cancel.cancel();
    assert!(matches!(Streets::open_with(&path, &cancelled).unwrap_err(), StreetsError::Cancelled));
}

#[test]
fn formats_are_known_by_their_first_bytes() {
    let known =
        [(&b"MILKROAD\x01"[..], MapFormat::Prepared), (b" <?xml", MapFormat::Xml), (b"{\"a\"", MapFormat::GeoJson)];
    for (head, format) in
        known.into_iter().chain([(&[0, 0, 0, 13][..], MapFormat::Pbf), (&[0x1f, 0x8b], MapFormat::Gzip)])
    {
        assert_eq!(MapFormat::of(head).unwrap(), format);
    }
    for (head, word) in [(&b"PK\x03\x04"[..], "zip"), (b"", "an empty file"), (b"hello", "no known format")] {
        assert!(MapFormat::of(head).unwrap_err().to_string().contains(word));
    }
}
