//! A plan as a readable table.

use std::fmt;

use crate::listing::shortened;
use crate::model::Problem;
use crate::plan::{Plan, Route};
use crate::units::{Clock, Load};

/// Displays a plan: one line per route, then the unserved jobs, the cost and the violations.
///
/// Made by [`Plan::table`].
#[derive(Clone, Copy, Debug)]
pub struct PlanTable<'a> {
    plan: &'a Plan,
    problem: &'a Problem,
    clock: Option<Clock>,
    for_dispatchers: bool,
}

const HEADINGS: [&str; 9] = ["route", "vehicle", "trips", "stops", "load", "start–end", "distance", "duration", "cost"];

impl<'a> PlanTable<'a> {
    pub(super) fn new(plan: &'a Plan, problem: &'a Problem) -> Self {
        Self { plan, problem, clock: None, for_dispatchers: false }
    }

    /// Words it for dispatchers: trucks count from 1, as on pages, and, with a clock, times are times of day, and lengths of time are
    /// in hours and minutes.
    pub fn for_dispatchers(mut self, clock: Option<Clock>) -> Self {
        (self.clock, self.for_dispatchers) = (clock, true);
        self
    }

    fn row(&self, index: usize, route: &Route) -> [String; 9] {
        let id = route.vehicle_type.index();
        let name = self.problem.vehicle_types().get(id).map_or("", |vehicle_type| &vehicle_type.name);
        [
            (index + usize::from(self.for_dispatchers)).to_string(),
            if name.is_empty() { format!("#{id}") } else { name.to_owned() },
            route.trips.len().to_string(),
            route.num_visits().to_string(),
            load(route),
            self.clock.map_or_else(
                || format!("{}–{}", route.start, route.end),
                |clock| format!("{}–{}", clock.time_of_day(route.start), clock.time_of_day(route.end)),
            ),
            route.distance.to_string(),
            self.clock.map_or_else(|| route.duration().to_string(), |clock| clock.span(route.duration())),
            route.cost().to_string(),
        ]
        // A column is as wide as its widest cell: a name of a million characters would fill the screen.
        .map(|cell| shortened(&cell).into_owned())
    }
}

/// The maximum load of any trip: `7`, or `7+30` with two dimensions.
fn load(route: &Route) -> String {
    let dimensions = route.trips.first().map_or(0, |trip| trip.max_load.len());
    if dimensions == 0 {
        return "-".to_owned();
    }
    let most = |d: usize| route.trips.iter().map(|trip| trip.max_load[d]).fold(Load::MIN, Load::max);
    (0..dimensions).map(|d| most(d).to_string()).collect::<Vec<_>>().join("+")
}

impl fmt::Display for PlanTable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        let mut rows = vec![HEADINGS.map(str::to_owned)];
        if self.for_dispatchers {
            "truck".clone_into(&mut rows[0][0]);
        }
        rows.extend(plan.routes().iter().enumerate().map(|(i, route)| self.row(i, route)));
        let widths: [usize; 9] =
            std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
        for row in &rows {
            for (column, (text, width)) in row.iter().zip(widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                // Names are aligned left, numbers right.
                if column == 1 { write!(f, "{gap}{text:<width$}")? } else { write!(f, "{gap}{text:>width$}")? }
            }
            writeln!(f)?;
        }
        let unserved = plan.unserved();
        if !unserved.is_empty() {
            writeln!(
                f,
                "unserved clients: {}, unserved shipments: {}",
                unserved.clients.len(),
                unserved.shipments.len()
            )?;
        }
        writeln!(f, "cost: {}", plan.breakdown())?;
        if self.problem.has_consumption() {
            writeln!(f, "consumption: {}", plan.consumption(self.problem))?;
        }
        if plan.is_feasible() {
            return f.write_str("feasible");
        }
        write!(f, "infeasible:")?;
        plan.violations().iter().try_for_each(|violation| {
            if self.for_dispatchers {
                write!(f, "\n  {}", violation.in_words(self.problem, self.clock))
            } else {
                write!(f, "\n  {}", violation.with_names(self.problem))
            }
        })
    }
}
