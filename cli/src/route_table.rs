//! A plan as crews need it: times of day, kilometres, kilograms.

use milkrun::plan::{Activity, Route, Trip};
use milkrun::units::Clock;
use milkrun::{Plan, Problem};

const HEADINGS: [&str; 9] = ["truck", "type", "out", "lunch", "back", "loads", "stops", "collected", "distance"];

/// A table in plain text: one line per route, then the totals. For problems in metres, seconds since midnight and
/// kilograms.
pub(crate) fn route_table(problem: &Problem, plan: &Plan) -> String {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(plan.routes().iter().enumerate().map(|(r, route)| row(problem, r, route)));
    let stops: usize = plan.routes().iter().map(stops).sum();
    let kilograms: i64 = plan.routes().iter().map(|route| collected(problem, route)).sum();
    let metres = plan.routes().iter().map(|route| route.distance).sum();
    rows.push([
        "all".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        plan.routes().iter().map(loads).sum::<usize>().to_string(),
        stops.to_string(),
        format!("{kilograms} kg"),
        kilometres(metres),
    ]);
    aligned(&rows)
}

/// Number of loads that a route collects.
fn loads(route: &Route) -> usize {
    let disposals = |trip: &Trip| trip.visits.iter().filter(|v| matches!(v.activity, Activity::Dispose(_))).count();
    route.trips.iter().map(|trip| disposals(trip).max(1)).sum()
}

/// Number of bins that a route empties.
fn stops(route: &Route) -> usize {
    route.visits().filter(|visit| visit.activity.is_service()).count()
}

fn row(problem: &Problem, r: usize, route: &Route) -> [String; 9] {
    let clock = Clock::default();
    let lunch = route.visits().find(|visit| matches!(visit.activity, Activity::Break(_)));
    [
        (r + 1).to_string(),
        problem.vehicle_type(route.vehicle_type).name.clone(),
        clock.time_of_day(route.start),
        lunch.map_or_else(|| "-".to_owned(), |visit| clock.time_of_day(visit.start)),
        clock.time_of_day(route.end),
        loads(route).to_string(),
        stops(route).to_string(),
        format!("{} kg", collected(problem, route)),
        kilometres(route.distance),
    ]
}

/// Total pickup of a route's clients.
fn collected(problem: &Problem, route: &Route) -> i64 {
    let clients = route.visits().filter_map(|visit| match visit.activity {
        Activity::Client(id) => Some(problem.client(id)),
        _ => None,
    });
    clients.filter_map(|client| client.pickup.first()).sum()
}

fn kilometres(metres: i64) -> String {
    format!("{:.1} km", metres as f64 / 1000.0)
}

/// Columns as wide as their widest cell; the second is aligned left, the others right.
fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| match column {
            1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["a", "bb"], ["ccc", "d"]].map(|row| row.map(str::to_owned));
        assert_eq!(aligned(&rows), "  a  bb\nccc  d\n");
    }
}
