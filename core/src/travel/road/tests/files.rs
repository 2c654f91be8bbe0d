//! Files of prepared networks.

use crate::geometry::Coord;
use crate::travel::road::tests::maps::Sketch;
use crate::travel::road::{FileError, Network, RoadProfile, Snap};

fn network() -> Network {
    let streets = Sketch::default()
        .node(1, 0, 0)
        .node(2, 10, 0)
        .node(3, 10, 10)
        .node(4, 0, 12)
        .way(1, &[1, 2, 3], &[("name", "Bow")])
        .way(2, &[3, 4, 1], &[])
        .way(3, &[1, 3], &[("highway", "primary")])
        .streets();
    Network::new(&streets, &RoadProfile::waste_truck()).unwrap()
}

#[test]
fn a_network_from_its_file_answers_like_the_one_that_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sketch.network");
    let saved = network();
    saved.save(&path).unwrap();
    let opened = Network::open(&path).unwrap();
    assert_eq!((opened.profile(), opened.report()), (saved.profile(), saved.report()));
    let points: Vec<Coord> = (0..10).map(|i| Coord::new(f64::from(i) * 1e-4, f64::from(i * 7 % 10) * 1e-4)).collect();
    let answers = |network: &Network| {
        let spots = network.snap(&points, &Snap::default()).unwrap();
        (network.table(&spots, &spots).unwrap(), network.route(&spots).unwrap())
    };
    assert_eq!(answers(&opened), answers(&saved));
    // What was opened can be changed and saved again, over the file that is mapped.
    opened.save(&path).unwrap();
    assert_eq!(answers(&Network::open(&path).unwrap()), answers(&opened));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn a_damaged_or_foreign_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sketch.network");
    network().save(&path).unwrap();
    let good = std::fs::read(&path).unwrap();
    let open = |bytes: &[u8]| {
        let path = folder.path().join("bad.network");
        std::fs::write(&path, bytes).unwrap();
        Network::open(&path).unwrap_err()
    };
    assert!(matches!(open(&[]), FileError::Foreign { .. }));
    assert!(matches!(open(&[b'P'; 100]), FileError::Foreign { .. }));
    let changed = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        open(&bytes)
    };
    assert!(matches!(changed(8), FileError::Version { found: 0, expected: 1, .. }));
    for at in (12..good.len()).step_by(37) {
        assert!(matches!(changed(at), FileError::Damaged { .. }), "byte {at}");
    }
    for end in (24..good.len()).step_by(101) {
        assert!(matches!(open(&good[..end]), FileError::Damaged { .. }), "cut off at {end}");
    }
    assert!(matches!(Network::open(folder.path().join("none")), Err(FileError::Io { .. })));
}

#[test]
fn a_file_with_a_right_checksum_and_wrong_arrays_is_refused_or_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sketch.network");
    network().save(&path).unwrap();
    let good = std::fs::read(&path).unwrap();
    let arrays = 24 + u64::from_le_bytes(good[16..24].try_into().unwrap()) as usize;
    let mut refused = 0;
    for at in (arrays.next_multiple_of(64)..good.len()).step_by(4) {
        let mut bytes = good.clone();
        bytes[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
        let checksum = crc32fast::hash(&bytes[16..]);
        bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
        std::fs::write(&path, &bytes).unwrap();
        match Network::open(&path) {
            Err(error) => {
                assert!(matches!(error, FileError::Damaged { .. }));
                refused += 1;
            }
            Ok(network) => {
                let spots = network.snap(&[Coord::new(0.0, 0.0)], &Snap::default());
                drop(spots.map(|spots| network.table(&spots, &spots)));
            }
        }
    }
    assert!(refused > 100, "{refused} files were refused");
}
