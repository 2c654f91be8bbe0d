//! How the time of a route is spent.

use milkrun::units::Time;

use crate::day::{Row, Step, Truck};

/// What a vehicle does for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doing {
    Driving,
    Serving,
    Waiting,
    Unloading,
    Loading,
    Resting,
}

impl Doing {
    pub(crate) const ALL: [Self; 6] =
        [Self::Driving, Self::Serving, Self::Waiting, Self::Unloading, Self::Loading, Self::Resting];

    /// The class of what is drawn.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Driving => "drive",
            Self::Serving => "serve",
            Self::Waiting => "wait",
            Self::Unloading => "unload",
            Self::Loading => "load",
            Self::Resting => "rest",
        }
    }

    /// What the legend says.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Driving => "driving",
            Self::Serving => "service at a stop",
            Self::Waiting => "waiting",
            Self::Unloading => "disposal",
            Self::Loading => "loading at a depot",
            Self::Resting => "break or rest",
        }
    }
}

/// A part of a route's time.
#[derive(Clone, Copy)]
pub(crate) struct Span<'t> {
    pub(crate) doing: Doing,
    pub(crate) from: Time,
    pub(crate) until: Time,
    /// Where; a drive leads there.
    pub(crate) at: Option<&'t Row<'t>>,
}

/// The time of a route without gaps: from its start to its end, each part after the other. Parts of no length are omitted.
pub(crate) fn spans<'t>(truck: &'t Truck<'t>) -> Vec<Span<'t>> {
    let mut found: Vec<Span<'t>> = Vec::with_capacity(3 * truck.route.num_visits());
    let mut now = truck.route.start;
    let mut spend = |doing, until: Time, at| {
        if until > now {
            found.push(Span { doing, from: now, until, at });
            now = until;
        }
    };
    for trip in &truck.trips {
        spend(Doing::Waiting, trip.trip.start, None);
        for row in &trip.rows {
            let here = Some(row);
            match row.step {
                Step::Leave(_) => spend(Doing::Loading, row.departure, here),
                Step::Return(_) => spend(Doing::Driving, row.arrival, here),
                Step::Visit(_) => {
                    spend(Doing::Driving, row.arrival, here);
                    spend(Doing::Waiting, row.start, here);
                    let doing = match row.step {
                        step if step.is_pause() => Doing::Resting,
                        step if step.is_disposal() => Doing::Unloading,
                        _ => Doing::Serving,
                    };
                    spend(doing, row.departure, here);
                }
            }
        }
    }
    spend(Doing::Waiting, truck.route.end, None);
    found
}
