//! How much a ruin by adjacent strings removes (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914).

use crate::search::data::{Data, FleetMix};
use crate::search::random::Random;

/// How often a string keeps some of its middle.
const SPLIT: f64 = 0.5;
/// How often the middle that is kept does not grow by another stop.
const SPLIT_STOP: f64 = 0.01;
/// Stops on a route up to which it is short.
const SHORT_ROUTE: f64 = 12.0;
/// Stops up to which more is removed at once: small problems have few local optima left that small ruins escape.
const SMALL: usize = 300;

/// Mean numbers of stops removed.
const FEW: f64 = 7.0;
const USUAL: f64 = 10.0;
const MANY: f64 = 15.0;

/// How much is removed, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuinParams {
    /// Mean number of stops removed, and the longest string.
    pub(crate) removed: f64,
    /// The same where routes are short.
    pub(crate) removed_from_short: f64,
    /// How often the whole route of the seed goes, too, where it is not long.
    pub(crate) whole_route: f64,
    /// How often the trip of the seed goes, from one emptying to the next.
    pub(crate) trip: f64,
    /// How often the waste of one class goes from the trip of the seed.
    pub(crate) sort: f64,
}

impl RuinParams {
    /// For routes of nothing but stops and reloads.
    pub(crate) fn of_stops(data: &Data<'_>) -> Self {
        // Where every stop must be served in its window, most of what is cut out finds no other place: of long routes, too, where
        // vehicles, depots or orders leave it fewer.
        let in_time = data.timed && !data.has_optional;
        let removed = match (in_time, data.classical == Some(FleetMix::Homogeneous)) {
            (true, false) => FEW,
            _ if data.num_stops() <= SMALL && !data.timed => MANY,
            _ => USUAL,
        };
        let removed_from_short = if in_time { FEW } else { removed };
        let whole_route = match (data.timed, data.vehicles.len()) {
            (true, _) => 0.05,
            // A route that is built anew may get another vehicle.
            (false, 2..) => 0.1,
            _ => 0.0,
        };
        Self { removed, removed_from_short, whole_route, trip: 0.0, sort: 0.0 }
    }

    /// The longest string, and how many strings are removed, on routes of so many stops on average.
    pub(crate) fn draw_strings(&self, random: &mut Random, mean_size: f64) -> (f64, usize) {
        let removed = if mean_size <= SHORT_ROUTE { self.removed_from_short } else { self.removed };
        let longest = removed.min(mean_size);
        let most = 4.0 * removed / (1.0 + longest) - 1.0;
        (longest, (random.unit() * most + 1.0) as usize)
    }
}

/// How many stops a string on a route of `size` stops takes, and how many it leaves in its middle.
pub(crate) fn draw_length(random: &mut Random, longest: f64, size: usize) -> (usize, usize) {
    let length = ((random.unit() * longest.min(size as f64) + 1.0) as usize).min(size);
    let mut kept = 0;
    if length > 1 && length < size && random.unit() < SPLIT {
        kept = 1;
        while length + kept < size && random.unit() > SPLIT_STOP {
            kept += 1;
        }
    }
    (length, kept)
}
