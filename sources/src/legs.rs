//! Paths along points in parts that a source answers at once.

use milkrun::travel::{Leg, SourceError, SourcePoint, SourceProgress, SourceRun, check_points};

use crate::budget::ElementBudget;

/// A part of a path: its points, and the index of the first of them.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) points: &'a [SourcePoint],
    pub(crate) first: usize,
}

impl Stretch<'_> {
    /// What errors call it.
    pub(crate) fn label(&self) -> String {
        format!("the path along points {} to {}", self.first, self.first + self.points.len() - 1)
    }

    /// Faults of points by their index in the whole path.
    pub(crate) fn faults(
        &self,
        source: &str,
        all: &[SourcePoint],
        problems: impl IntoIterator<Item = (usize, milkrun::travel::PointProblem)>,
    ) -> Result<(), SourceError> {
        SourceError::of_points(source, all, problems.into_iter().map(|(i, problem)| (self.first + i, problem)))
    }
}

/// Asks for the legs of a path, at most `most` points at once. `ask` gives `None` where there is no path; then every leg
/// is asked for alone, so that the error names all that have none.
pub(crate) fn along(
    source: &str,
    points: &[SourcePoint],
    most: usize,
    run: SourceRun<'_>,
    budget: Option<&ElementBudget>,
    ask: impl Fn(Stretch<'_>) -> Result<Option<Vec<Leg>>, SourceError>,
) -> Result<Vec<Leg>, SourceError> {
    run.check(source)?;
    check_points(source, points)?;
    let total = points.len().saturating_sub(1);
    let mut reservation = budget.map(|budget| budget.reserve(source, total as u64)).transpose()?;
    let (mut legs, mut open) = (Vec::with_capacity(total), Vec::new());
    let mut first = 0;
    while first < total {
        run.check(source)?;
        let last = (first + most.max(2) - 1).min(total);
        let stretch = |first: usize, last: usize| Stretch { points: &points[first..=last], first };
        if let Some(reservation) = &mut reservation {
            reservation.spend((last - first) as u64);
        }
        match ask(stretch(first, last))? {
            Some(found) => legs.extend(found),
            None if last == first + 1 => open.push((first, last)),
            None => {
                // These legs are paid for a second time.
                if let Some(budget) = budget {
                    let legs = (last - first) as u64;
                    budget.reserve(source, legs)?.spend(legs);
                }
                for from in first..last {
                    run.check(source)?;
                    match ask(stretch(from, from + 1))? {
                        Some(found) => legs.extend(found),
                        None => open.push((from, from + 1)),
                    }
                }
            }
        }
        first = last;
        (run.progress)(SourceProgress { done: first as u64, total: total as u64 });
    }
    SourceError::of_pairs(source, points, open)?;
    if legs.len() == total {
        return Ok(legs);
    }
    // Each leg has a path alone, and yet they have none together.
    Err(SourceError::answer(source, "the path along all points", "it lacks legs"))
}
