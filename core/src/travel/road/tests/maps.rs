//! Maps to test on.

use std::path::PathBuf;

use crate::travel::road::position::Position;
use crate::travel::road::streets::{
    RawMap, RawNode, RawRestriction, RawWay, RestrictionKind, Streets, Via, build, way_tags,
};

/// The folder of real maps, which is not part of the repository: `MILKRUN_SHARED`, or `shared` beside the repository.
/// `None`, with a word, where it is not there.
pub(super) fn real_maps() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("MILKRUN_SHARED").map_or_else(beside, PathBuf::from).join("data/osm");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no folder of real maps at {}", folder.display());
    None
}

/// A map of nodes at whole numbers of some eleven metres, ways by their nodes, and restrictions.
#[derive(Default)]
pub(super) struct Sketch {
    map: RawMap,
}

impl Sketch {
    pub(super) fn node(mut self, id: i64, x: i32, y: i32) -> Self {
        let at = Position { lon: x * 1000, lat: y * 1000 };
        self.map.nodes.push(RawNode { id, at, barrier: None, signals: false });
        self
    }

    pub(super) fn way(mut self, id: i64, refs: &[i64], tags: &[(&str, &str)]) -> Self {
        let class = [("highway", "residential")];
        let way = way_tags(id, class.into_iter().chain(tags.iter().copied()), &mut self.map.ignored);
        self.map.ways.push(RawWay { way, refs: refs.to_vec() });
        self
    }

    pub(super) fn restriction(mut self, kind: RestrictionKind, from: i64, via: Via, to: i64) -> Self {
        let id = self.map.restrictions.len() as i64;
        let (only_for, except) = (String::new(), Vec::new());
        self.map.restrictions.push(RawRestriction { id, from: vec![from], via, to: vec![to], kind, only_for, except });
        self
    }

    pub(super) fn streets(self) -> Streets {
        build(self.map, "sketch").expect("the sketch has streets")
    }
}
