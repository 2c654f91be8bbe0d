//! In place of street networks, where milkrun was built without them.

use std::path::Path;

use milkrun::io::geojson::Along;
use milkrun::io::json::AskedTravel;
use milkrun::{Location, Travel};

/// What such a build says when it is asked for streets.
pub(crate) const MISSING: &str =
    "this milkrun was built without street networks; leave out `--no-default-features`, or add `--features roads`";

/// Networks, of which there are none.
pub(crate) enum Roads {}

impl Roads {
    /// Refuses.
    pub(crate) fn open(_: &AskedTravel, _: &Path, _: &[Location]) -> Result<Self, String> {
        Err(MISSING.to_owned())
    }

    /// Seconds and metres among all locations.
    pub(crate) fn travel(&self, _: bool) -> Result<Travel, String> {
        match *self {}
    }

    /// What knows the streets.
    pub(crate) fn lines(&self) -> Box<Along<'_>> {
        match *self {}
    }
}
