//! The prepared network.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::cancel::CancelToken;
use crate::travel::road::NetworkError;
use crate::travel::road::graph::{Geometry, Graph, NetworkReport, prepare};
use crate::travel::road::hierarchy::{Hierarchy, Scratch, Weights, street_order};
use crate::travel::road::profile::RoadProfile;
use crate::travel::road::query::Index;
use crate::travel::road::streets::Streets;

/// Which share of preparing is done once the cuts are found, and once the states are contracted: rough, as both depend on
/// the city.
const CUTS: f64 = 0.6;
const CONTRACTED: f64 = 0.85;

/// The streets of a map as one profile drives them, prepared for fast questions.
///
/// Clones share what was prepared. A network whose travel times were changed ([`change`](Self::change)) shares all but the
/// times with the one it came from.
///
/// ```
/// use milkrun::Coord;
/// use milkrun::travel::road::{Network, RoadProfile, Snap, Streets};
///
/// // Two streets that cross: A–B–C from west to east, B–D to the north; some 100 metres each.
/// let links = "link,from,to,highway,metres\n1,1,2,residential,100\n2,2,3,residential,100\n3,2,4,residential,100\n";
/// let nodes = "node,lon,lat\n1,0.0,0.0\n2,0.0009,0.0\n3,0.0018,0.0\n4,0.0009,0.0009\n";
/// let streets = Streets::from_csv(nodes.as_bytes(), links.as_bytes())?;
/// let network = Network::new(&streets, &RoadProfile::car())?;
/// let spots = network.snap(&[Coord::new(0.0, 0.0001), Coord::new(0.0018, 0.0001)], &Snap::default())?;
/// let table = network.table(&spots, &spots)?;
/// assert_eq!(table.distance(0, 1), Some(200));
/// // 25 km/h where no speed is posted.
/// assert_eq!(table.duration(0, 1), Some(29));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Network {
    pub(super) base: Arc<Base>,
    pub(super) weights: Arc<Weights>,
}

/// What does not depend on travel times.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) profile: RoadProfile,
    pub(super) graph: Graph,
    pub(super) geometry: Geometry,
    pub(super) classes: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) report: NetworkReport,
    pub(super) data_date: Option<i64>,
    pub(super) hierarchy: Hierarchy,
    /// Where segments are; made when the first point is snapped.
    pub(super) index: OnceLock<Index>,
    /// Arrays of searches that are not running.
    scratch: Mutex<Vec<Scratch>>,
}

impl Network {
    /// Prepares the streets for a profile. Takes seconds for a city and minutes for a country: keep the result in a file
    /// ([`save`](Self::save)).
    pub fn new(streets: &Streets, profile: &RoadProfile) -> Result<Self, NetworkError> {
        Self::new_with(streets, profile, &CancelToken::new(), &|_| {})
    }

    /// The same; can be cancelled, and tells now and then, from any thread, about which share of the work is done: 0 to 1.
    pub fn new_with(
        streets: &Streets,
        profile: &RoadProfile,
        cancel: &CancelToken,
        progress: &(dyn Fn(f64) + Sync),
    ) -> Result<Self, NetworkError> {
        let prepared = prepare(streets, profile)?;
        let graph = prepared.graph;
        let states: Vec<u8> = (0..prepared.ends.len() as u32)
            .map(|segment| (graph.states(2 * segment).count() + graph.states(2 * segment + 1).count()).min(100) as u8)
            .collect();
        let cuts = |share: f64| progress(CUTS * share);
        let order = street_order(&prepared.junctions, (&prepared.ends, &states), cancel, &cuts);
        let contraction = |share: f64| progress(CUTS + (CONTRACTED - CUTS) * share);
        let hierarchy = Hierarchy::new(&graph, &order, cancel, &contraction).ok_or(NetworkError::Cancelled)?;
        progress(CONTRACTED);
        let weights = Weights::new(&hierarchy, &graph, graph.time.to_vec(), cancel).ok_or(NetworkError::Cancelled)?;
        progress(1.0);
        let base = Base::new(
            profile.clone(),
            (graph, prepared.geometry, hierarchy),
            (prepared.classes, prepared.names),
            prepared.report,
            streets.report.data_date,
        );
        Ok(Self { base: Arc::new(base), weights: Arc::new(weights) })
    }

    /// The profile that drives.
    pub fn profile(&self) -> &RoadProfile {
        &self.base.profile
    }

    /// What the network has, and what it does not have of the map.
    pub fn report(&self) -> &NetworkReport {
        &self.base.report
    }

    /// The date that the map's data is from, where it says that: seconds since 1970.
    pub fn data_date(&self) -> Option<i64> {
        self.base.data_date
    }

    /// Number of arcs of the hierarchy: what a change of all travel times has to compute.
    pub fn hierarchy_arcs(&self) -> usize {
        self.base.hierarchy.head.len()
    }

    /// Runs with the arrays of a search.
    pub(super) fn with_scratch<T>(&self, run: impl FnOnce(&mut Scratch) -> T) -> T {
        let pool = || self.base.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = pool().pop().unwrap_or_default();
        let result = run(&mut scratch);
        pool().push(scratch);
        result
    }
}

impl Base {
    /// A base from its parts; `names` are those of classes and of streets.
    pub(super) fn new(
        profile: RoadProfile,
        (graph, geometry, hierarchy): (Graph, Geometry, Hierarchy),
        (classes, names): (Vec<String>, Vec<String>),
        report: NetworkReport,
        data_date: Option<i64>,
    ) -> Self {
        let (index, scratch) = (OnceLock::new(), Mutex::default());
        Self { profile, graph, geometry, classes, names, report, data_date, hierarchy, index, scratch }
    }
}
