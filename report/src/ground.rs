//! Where things are.

use milkrun::{Coord, LocationId, Problem, Travel};

/// The coordinates of a problem's locations.
pub(crate) struct Ground {
    /// Whether they are longitudes and latitudes.
    pub(crate) geographic: bool,
    points: Vec<Option<Coord>>,
}

impl Ground {
    /// The coordinates, which are longitudes and latitudes if that is said, or else where travel is computed from them as
    /// such; with matrices, where all of them can be. With matrices, a location at (0, 0) has none.
    pub(crate) fn new(problem: &Problem, said: Option<bool>) -> Self {
        let matrices = matches!(problem.travel(), Travel::Matrices(_));
        let known = |at: Coord| !(matrices && at.x == 0.0 && at.y == 0.0);
        let points: Vec<Option<Coord>> =
            problem.locations().iter().map(|location| Some(location.coord).filter(|at| known(*at))).collect();
        let fits = || {
            let mut known = points.iter().flatten().peekable();
            known.peek().is_some() && known.all(|at| at.x.abs() <= 180.0 && at.y.abs() <= 90.0)
        };
        let geographic = said.unwrap_or_else(|| match problem.travel() {
            Travel::Haversine { .. } => true,
            Travel::Matrices(_) => fits(),
            _ => false,
        });
        Self { geographic, points }
    }

    /// Where a location is; `None` if it has no coordinates.
    pub(crate) fn at(&self, location: LocationId) -> Option<Coord> {
        self.points.get(location.index()).copied().flatten()
    }

    /// Longitude and latitude of a location; `None` if they are not known.
    pub(crate) fn geographic(&self, location: LocationId) -> Option<Coord> {
        self.at(location).filter(|_| self.geographic)
    }

    /// How many locations have no coordinates.
    pub(crate) fn missing(&self) -> usize {
        self.points.iter().filter(|point| point.is_none()).count()
    }
}
