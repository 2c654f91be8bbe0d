//! Great circles with a detour factor: an estimate where no street network is at hand.

use super::{Leg, SourceError, SourcePoint, SourceRun, TableRequest, TravelBlock, TravelSource, check_points};
use crate::travel::great_circle;

/// Great circles, somewhat longer, at one speed. Its [description](TravelSource::describe) says that it is an estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    speed: f64,
    detour: f64,
}

/// A speed or a detour factor that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{what} is {value}: it must be a number from {least} to {most}")]
pub struct EstimateError {
    /// The parameter.
    what: &'static str,
    value: f64,
    least: f64,
    most: f64,
}

impl Estimate {
    /// Great circles at `speed` metres per second (0.1 to 100), with roads `detour` times (1 to 10) as long as the straight
    /// line; 1.3 is common in cities.
    pub fn new(speed: f64, detour: f64) -> Result<Self, EstimateError> {
        for (what, value, least, most) in [("the speed", speed, 0.1, 100.0), ("the detour factor", detour, 1.0, 10.0)] {
            if !(least..=most).contains(&value) {
                return Err(EstimateError { what, value, least, most });
            }
        }
        Ok(Self { speed, detour })
    }

    /// Metres and seconds.
    fn cell(&self, from: &SourcePoint, to: &SourcePoint) -> (f64, f64) {
        let metres = great_circle(from.coord, to.coord) * self.detour;
        (metres, metres / self.speed)
    }
}

impl TravelSource for Estimate {
    fn name(&self) -> &'static str {
        "estimate"
    }

    fn describe(&self) -> String {
        format!("an estimate, not streets: great circles × {} at {} m/s", self.detour, self.speed)
    }

    fn identity(&self) -> String {
        format!("estimate; detour {}; speed {}", self.detour, self.speed)
    }

    fn is_estimate(&self) -> bool {
        true
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        request.check(self.name())?;
        let mut block = TravelBlock::new(request.origins.len(), request.destinations.len());
        for (row, &from) in request.origins.iter().enumerate() {
            request.run.check(self.name())?;
            for (column, &to) in request.destinations.iter().enumerate() {
                let cell = self.cell(&request.points[from], &request.points[to]);
                let set = block.set(row, column, Some(cell));
                debug_assert_eq!(set, Ok(()), "half the Earth's circumference, ten times, at 0.1 m/s is within range");
            }
        }
        let total = request.cells();
        (request.run.progress)(super::SourceProgress { done: total, total });
        Ok(block)
    }

    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        run.check(self.name())?;
        check_points(self.name(), points)?;
        let leg = |pair: &[SourcePoint]| {
            let (distance, duration) = self.cell(&pair[0], &pair[1]);
            let geometry = vec![pair[0].coord, pair[1].coord];
            Leg { distance: distance.round() as i64, duration: duration.round() as i64, geometry }
        };
        Ok(points.windows(2).map(leg).collect())
    }
}
