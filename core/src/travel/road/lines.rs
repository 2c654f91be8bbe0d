//! Lines along streets between the locations of a problem.

use super::{Network, Snap, Spot};
use crate::{Coord, Location, LocationId, ProfileId};

/// The lines that vehicles drive between locations, for maps: those of a network for each travel profile that has one.
///
/// ```
/// use milkrun::travel::road::{City, Network, RoadProfile, Snap, StreetLines};
/// use milkrun::{Coord, Location, LocationId, ProfileId};
///
/// let streets = City { blocks: 4, ..City::default() }.streets()?;
/// let network = Network::new(&streets, &RoadProfile::car())?;
/// let ends = [(11.0, 48.0), (11.002, 48.001)].map(|(x, y)| Location { coord: Coord::new(x, y), name: String::new() });
/// let lines = StreetLines::new(&ends, [Some((network, Snap::default())), None]);
/// let (from, to) = (LocationId::new(0), LocationId::new(1));
/// let line = lines.along(ProfileId::new(0), from, to).unwrap();
/// assert!(line.len() > 2, "round corners");
/// assert_eq!(lines.along(ProfileId::new(1), from, to), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct StreetLines {
    /// By travel profile, and in that by location.
    profiles: Vec<Option<(Network, Vec<Option<Spot>>)>>,
}

impl StreetLines {
    /// Finds locations on the streets of networks: by travel profile, which network it drives on, and how locations are snapped to its
    /// streets. A location that is far from every street has no lines.
    pub fn new(locations: &[Location], networks: impl IntoIterator<Item = Option<(Network, Snap)>>) -> Self {
        let spots = |network: &Network, snap: &Snap| {
            let spot = |location: &Location| network.snap(&[location.coord], snap).ok()?.pop();
            locations.iter().map(spot).collect::<Vec<_>>()
        };
        let profile = |(network, snap): (Network, Snap)| {
            let found = spots(&network, &snap);
            (network, found)
        };
        Self { profiles: networks.into_iter().map(|own| own.map(profile)).collect() }
    }

    /// Longitudes and latitudes of the fastest drive from one location to another, at least two; none where no path leads, or where the
    /// profile has no network.
    pub fn along(&self, profile: ProfileId, from: LocationId, to: LocationId) -> Option<Vec<Coord>> {
        let (network, spots) = self.profiles.get(profile.index())?.as_ref()?;
        let ends = [from, to].map(|end| spots.get(end.index())?.clone());
        let [Some(from), Some(to)] = ends else { return None };
        let route = network.route(&[from, to]).ok()?;
        route.legs.into_iter().next().map(|leg| leg.geometry)
    }
}
