//! A street network as a source of travel tables.

use crate::travel::road::{Network, RoadError, Snap, Spot};
use crate::travel::{
    Leg, PointProblem, SourceError, SourcePoint, SourceProgress, SourceRun, TableRequest, TravelBlock, TravelSource,
};

/// A network, and how points are snapped to it.
#[derive(Clone, Copy, Debug)]
pub struct NetworkSource<'n> {
    network: &'n Network,
    snap: Snap,
}

const NAME: &str = "network";

impl<'n> NetworkSource<'n> {
    /// The network as a source, with points snapped so. The approach is that of each point.
    pub fn new(network: &'n Network, snap: Snap) -> Self {
        Self { network, snap }
    }

    /// The places of some of the points; all that are far from every street are named.
    fn spots(&self, points: &[SourcePoint], indices: &[usize]) -> Result<Vec<Spot>, SourceError> {
        let (mut spots, mut faults) = (Vec::with_capacity(indices.len()), Vec::new());
        for &index in indices {
            match self.network.snap_named(&points[index..=index], &self.snap) {
                Ok(mut own) => spots.append(&mut own),
                Err(RoadError::OffRoad { .. }) => {
                    faults.push((index, PointProblem::Unsnapped { limit: Some(self.snap.limit) }));
                }
                Err(other) => return Err(SourceError::answer(NAME, "snapping of points", &other.to_string())),
            }
        }
        faults.sort_by_key(|(index, _)| *index);
        faults.dedup_by_key(|(index, _)| *index);
        SourceError::of_points(NAME, points, faults)?;
        Ok(spots)
    }
}

impl TravelSource for NetworkSource<'_> {
    fn name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> String {
        format!("paths along streets, as the profile `{}` drives them", self.network.profile().name)
    }

    fn identity(&self) -> String {
        let Snap { limit, slack, places, .. } = self.snap;
        let date = self.network.data_date().map_or_else(|| "no date".to_owned(), |date| date.to_string());
        let report = self.network.report();
        format!("network; {:?}; {date}; {report:?}; snap {limit} {slack} {places}", self.network.profile())
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        request.check(NAME)?;
        request.run.check(NAME)?;
        let (from, to) =
            (self.spots(request.points, request.origins)?, self.spots(request.points, request.destinations)?);
        let table = self.network.table_with(&from, &to, request.run.cancel, &|_| {}).map_err(|error| match error {
            RoadError::Cancelled => SourceError::Cancelled { source_name: NAME.to_owned() },
            other => SourceError::answer(NAME, "the table", &other.to_string()),
        })?;
        let mut block = TravelBlock::new(from.len(), to.len());
        for row in 0..from.len() {
            for column in 0..to.len() {
                let cell = table.distance(row, column).zip(table.duration(row, column));
                let cell = cell.map(|(distance, duration)| (distance as f64, duration as f64));
                block.set(row, column, cell).map_err(|value| {
                    SourceError::answer(NAME, "the table", &format!("{value} is beyond what a matrix holds"))
                })?;
            }
        }
        let total = request.cells();
        (request.run.progress)(SourceProgress { done: total, total });
        Ok(block)
    }

    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        run.check(NAME)?;
        crate::travel::check_points(NAME, points)?;
        let all: Vec<usize> = (0..points.len()).collect();
        let spots = self.spots(points, &all)?;
        let (mut legs, mut missing) = (Vec::new(), Vec::new());
        for (i, pair) in spots.windows(2).enumerate() {
            run.check(NAME)?;
            match self.network.route(pair) {
                Ok(route) => legs.extend(route.legs.into_iter().map(|leg| Leg {
                    distance: leg.distance,
                    duration: leg.duration,
                    geometry: leg.geometry,
                })),
                Err(_) => missing.push((i, i + 1)),
            }
        }
        SourceError::of_pairs(NAME, points, missing)?;
        Ok(legs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelToken;
    use crate::travel::road::{City, CityPlan, RoadProfile};

    #[test]
    fn a_city_answers_like_its_network() {
        let city = City { plan: CityPlan::Grid, blocks: 6, seed: 4, ..City::default() };
        let streets = city.streets().unwrap();
        let network = Network::new(&streets, &RoadProfile::car()).unwrap();
        let [west, south, east, north] = streets.bounds();
        let share = |part: f64| (west + (east - west) * part, south + (north - south) * (1.0 - part));
        let points: Vec<SourcePoint> =
            [0.2, 0.4, 0.7].map(share).into_iter().map(|(x, y)| SourcePoint::new(x, y)).collect();
        let source = NetworkSource::new(&network, Snap::default());
        let cancel = CancelToken::new();
        let table = source.table(&points, SourceRun::new(&cancel)).unwrap();
        let spots = network.snap_named(&points, &Snap::default()).unwrap();
        let own = network.table(&spots, &spots).unwrap();
        for (i, j) in [(0, 1), (1, 2), (2, 0)] {
            assert_eq!(Some(table.distance.get(i, j)), own.distance(i, j));
            assert_eq!(Some(table.duration.get(i, j)), own.duration(i, j));
        }
        let legs = source.legs(&points, SourceRun::new(&cancel)).unwrap();
        assert_eq!((legs.len(), legs[0].distance), (2, table.distance.get(0, 1)));
        assert!(!source.is_estimate());

        let mut far = points.clone();
        far.push(SourcePoint::new(west - 1.0, south).named("at sea"));
        let error = source.table(&far, SourceRun::new(&cancel)).unwrap_err();
        assert!(error.to_string().contains("at sea"), "{error}");
        cancel.cancel();
        let error = source.table(&points, SourceRun::new(&cancel)).unwrap_err();
        assert!(matches!(error, SourceError::Cancelled { .. }));
    }
}
