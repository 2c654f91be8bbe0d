//! The fuzz targets on their seed inputs, and on those with bytes changed, moved and removed.

#[path = "../../../tests/fuzz/src/lib.rs"]
mod targets;

use std::path::{Path, PathBuf};

/// The fuzz targets, with seed inputs.
type Target = (&'static str, fn(&[u8]) -> bool, Option<&'static str>);

const TARGETS: [Target; 12] = [
    ("problem", targets::problem, Some("examples/data/rules")),
    ("plan", targets::plan, None),
    ("solve", targets::solve, Some("examples/data/rules")),
    ("vrplib", targets::vrplib, None),
    ("solomon", targets::solomon, None),
    ("lilim", targets::lilim, None),
    ("cordeau", targets::cordeau, None),
    ("vroom", targets::vroom, None),
    ("pragmatic", targets::pragmatic, None),
    ("wcvrptw", targets::wcvrptw, None),
    ("solution", targets::solution, None),
    ("readings", targets::readings, None),
];

/// Bytes that mean something to some reader.
const ODD: &[u8] = b" 019-,:[]{}\"\n.eN\xff";

fn inputs(name: &str, more: Option<&str>) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = [Some(format!("tests/fuzz/corpus/{name}")), more.map(str::to_owned)];
    let files = folders.into_iter().flatten().filter_map(|folder| std::fs::read_dir(root.join(folder)).ok()).flatten();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// The input with a few changes.
fn changed(input: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let mut bytes = input.to_vec();
    for _ in 0..=below(4) {
        let (at, other) = (below(bytes.len()), below(bytes.len()));
        match below(5) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] = ODD[below(ODD.len())],
            2 => bytes.drain(at.min(other)..at.max(other)).for_each(drop),
            3 => bytes.extend_from_within(at.min(other)..at.max(other)),
            _ => {
                let piece: Vec<u8> = bytes[at..bytes.len().min(at + 12)].to_vec();
                let place = other.min(bytes.len());
                bytes.splice(place..place, piece);
            }
        }
    }
    bytes
}

#[test]
fn every_target_passes_on_its_inputs_and_on_changed_ones() {
    for (name, target, more) in TARGETS {
        let inputs = inputs(name, more);
        assert!(!inputs.is_empty(), "{name} has no inputs");
        for (i, input) in inputs.iter().enumerate() {
            assert!(target(input), "{name}: input {i} is valid");
            for seed in 0..500 {
                target(&changed(input, seed + 1_000 * i as u64));
            }
        }
    }
}
