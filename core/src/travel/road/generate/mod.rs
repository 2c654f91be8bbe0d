//! Synthetic cities: maps without a download, different for each seed.

mod layout;
mod write;

use std::io::{Cursor, Write};

use crate::geometry::Coord;
use crate::travel::road::StreetsError;
use crate::travel::road::streets::Streets;

/// How the streets of a synthetic city run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CityPlan {
    /// A chequerboard.
    #[default]
    Grid,
    /// Rings around a square, and streets that lead out from it.
    Radial,
    /// A chequerboard with a river across, over which few bridges lead, some of them for light vehicles only.
    River,
}

/// A synthetic city: streets of all classes, one-way streets, dead ends, turn restrictions also through streets, posted
/// speeds, low bridges, traffic signals and bollards. The same parameters give the same city.
///
/// ```
/// use milkrun::travel::road::{City, CityPlan, Network, RoadProfile};
/// let city = City { plan: CityPlan::River, blocks: 12, ..City::default() };
/// let streets = city.streets()?;
/// let network = Network::new(&streets, &RoadProfile::waste_truck())?;
/// assert!(network.report().directed_segments > 400);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// What differs between cities of the same parameters.
    pub seed: u64,
    /// How the streets run.
    pub plan: CityPlan,
    /// Blocks along each side; 2 to 2,000. A city has some four directed segments for each block.
    pub blocks: u32,
    /// Metres between parallel streets; 30 to 1,000.
    pub block_length: f64,
    /// Where its centre is: longitude and latitude, the latter within ±70.
    pub centre: Coord,
}

impl Default for City {
    fn default() -> Self {
        Self { seed: 1, plan: CityPlan::Grid, blocks: 40, block_length: 120.0, centre: Coord::new(11.0, 48.0) }
    }
}

/// The map of a city as OpenStreetMap would have it.
#[derive(Debug, Default)]
struct CityMap {
    nodes: Vec<CityNode>,
    ways: Vec<CityWay>,
    restrictions: Vec<CityRestriction>,
}

/// A node; its number is its place in the list plus one.
#[derive(Debug)]
struct CityNode {
    lon: f64,
    lat: f64,
    tag: Option<(&'static str, &'static str)>,
}

/// A way; its number is its place in the list plus one.
#[derive(Debug)]
struct CityWay {
    nodes: Vec<i64>,
    tags: Vec<(&'static str, String)>,
}

#[derive(Debug)]
struct CityRestriction {
    kind: &'static str,
    from: i64,
    /// A way if the flag is set.
    via: (bool, i64),
    to: i64,
}

impl City {
    /// Writes the city as an extract of OpenStreetMap in its PBF format, for any program that reads such.
    ///
    /// Parameters outside of their bounds are brought within them.
    pub fn write_pbf(&self, file: impl Write) -> std::io::Result<()> {
        write::write(&layout::lay_out(&self.within_bounds()), file)
    }

    /// The streets of the city, read from its PBF.
    pub fn streets(&self) -> Result<Streets, StreetsError> {
        let mut bytes = Vec::new();
        self.write_pbf(&mut bytes)
            .map_err(|source| StreetsError::Io { file: "the synthetic city".to_owned(), source })?;
        Streets::from_pbf(Cursor::new(bytes))
    }

    fn within_bounds(&self) -> Self {
        let finite = |value: f64, usual: f64| if value.is_finite() { value } else { usual };
        let Coord { x, y } = self.centre;
        Self {
            blocks: self.blocks.clamp(2, 2_000),
            block_length: finite(self.block_length, 120.0).clamp(30.0, 1_000.0),
            centre: Coord::new(finite(x, 0.0).clamp(-150.0, 150.0), finite(y, 0.0).clamp(-70.0, 70.0)),
            ..self.clone()
        }
    }
}
