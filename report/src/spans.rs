//! How the time of a route is spent.

use milkrun::units::Time;

use crate::day::{Row, Step, Truck};

/// What a vehicle does for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doing {
    Driving,
    SettingUp,
    Serving,
    Waiting,
    Unloading,
    Loading,
    Resting,
}

impl Doing {
    pub(crate) const ALL: [Self; 7] =
        [Self::Driving, Self::SettingUp, Self::Serving, Self::Waiting, Self::Unloading, Self::Loading, Self::Resting];

    /// The class of what is drawn.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Driving => "drive",
            Self::SettingUp => "setup",
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
            Self::SettingUp => "set-up at a place",
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
                    spend(Doing::Driving, row.arrival.saturating_sub(row.setup), here);
                    spend(Doing::SettingUp, row.arrival, here);
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

#[cfg(test)]
mod tests {
    use milkrun::{Plan, SolveParams, Stop, solve};
    use milkrun_oracle::generate::Generator;

    use super::*;
    use crate::day::Day;
    use crate::figures::Figures;
    use crate::options::ReportOptions;

    #[test]
    fn the_time_of_a_route_is_spent_as_the_plan_says() {
        const PROBLEMS: usize = 600;
        let generator = Generator::new(11, PROBLEMS);
        let (mut routes, mut setups) = (0, 0);
        for index in 0..PROBLEMS {
            let instance = generator.instance(index);
            let problem = &instance.problem;
            let stop = Stop { max_iterations: Some(5), ..Stop::default() };
            let plan: Plan = solve(problem, &SolveParams { stop, ..SolveParams::default() }).plan;
            let figures = Figures::new(problem, &ReportOptions::default()).unwrap();
            for truck in &Day::new(problem, &plan, figures).trucks {
                let spans = spans(truck);
                let spent = |doing| -> i64 {
                    spans.iter().filter(|span| span.doing == doing).map(|span| span.until - span.from).sum()
                };
                let all: i64 = Doing::ALL.map(spent).into_iter().sum();
                let route = truck.route;
                assert_eq!((all, spent(Doing::Resting)), (route.duration(), route.pauses), "problem {index}");
                assert_eq!(
                    (spent(Doing::Driving), spent(Doing::SettingUp), spent(Doing::Waiting)),
                    (route.driving, route.setup(), route.waiting),
                    "problem {index}"
                );
                assert!(spans.windows(2).all(|pair| pair[0].until == pair[1].from));
                routes += 1;
                setups += usize::from(route.setup() > 0);
            }
        }
        assert!(routes > 400 && setups > 5, "{routes}, {setups}");
    }
}
