//! The page of several days.

use askama::Template;
use milkrun::io::geojson::Along;
use milkrun::period::PeriodPlan;
use milkrun::plan::{Activity, Route};
use milkrun::{ClientId, Problem};

use super::map::Map;
use super::tables::{StopTables, TruckTable};
use super::timeline::Timeline;
use super::{SCRIPT, STYLE, Tile, rendered};
use crate::day::{Day, called};
use crate::ground::Ground;

/// A whole page.
#[derive(Template)]
#[template(path = "period.html", whitespace = "minimize")]
struct Page {
    style: &'static str,
    script: &'static str,
    title: String,
    /// From when to when.
    span: String,
    tiles: Vec<Tile>,
    violations: Vec<String>,
    days: Vec<OneDay>,
    visits: Vec<VisitRow>,
}

/// What is shown of one day.
struct OneDay {
    index: usize,
    label: String,
    /// As narrow as the head of a column must be.
    short: String,
    /// Trucks, stops, distance, driving, cost.
    figures: [String; 5],
    map: Map,
    timeline: Timeline,
    trucks: TruckTable,
    stops: StopTables,
}

/// When a client is visited.
struct VisitRow {
    name: String,
    /// By day: the number of the truck, and when service starts.
    cells: Vec<Option<(usize, String)>>,
    count: usize,
    is_unserved: bool,
}

/// The page of a period: `template` is what is repeated, `days` the days laid out.
pub(crate) fn page(
    template: &Problem,
    period: &PeriodPlan,
    days: &[Day<'_>],
    ground: &Ground,
    along: Option<&Along<'_>>,
) -> String {
    let labels: Vec<String> = days.iter().enumerate().map(label).collect();
    let one = |(index, day): (usize, &Day<'_>)| {
        let prefix = format!("{index}-");
        let sum = |of: fn(&Route) -> i64| day.plan.routes().iter().map(of).fold(0, i64::saturating_add);
        OneDay {
            index,
            label: labels[index].clone(),
            short: day.figures.origin.map_or_else(|| index.to_string(), |at| at.strftime("%a %-d").to_string()),
            figures: [
                day.trucks.len().to_string(),
                day.stops().to_string(),
                day.figures.distance(sum(|route| route.distance)),
                day.figures.span(sum(|route| route.driving)),
                day.figures.cost(day.plan.cost()),
            ],
            map: Map::new(day, ground, along),
            timeline: Timeline::new(day).with_patterns(index == 0),
            trucks: TruckTable::new(day).with_prefix(&prefix),
            stops: StopTables::new(day).with_prefix(&prefix),
        }
    };
    let visits: Vec<VisitRow> = (0..template.clients().len()).map(|c| visits(template, period, days, c)).collect();
    let span = match (labels.first(), labels.last()) {
        (Some(first), Some(last)) if labels.len() > 1 => format!("{first} to {last}"),
        (Some(only), _) => only.clone(),
        _ => String::new(),
    };
    let name = template.name().trim();
    rendered(&Page {
        style: STYLE,
        script: SCRIPT,
        title: if name.is_empty() { "Routes of the period".to_owned() } else { name.to_owned() },
        span,
        tiles: tiles(period, days, &visits),
        violations: period
            .plan
            .violations()
            .iter()
            .map(|one| one.in_words(&period.problem, None).to_string())
            .collect(),
        days: days.iter().enumerate().map(one).collect(),
        visits,
    })
}

/// `Monday, 30 November 2026`, or the day's number, as files and documents have it.
pub(crate) fn label((index, day): (usize, &Day<'_>)) -> String {
    day.figures.day().unwrap_or_else(|| format!("Day {index}"))
}

/// The row of a client.
fn visits(template: &Problem, period: &PeriodPlan, days: &[Day<'_>], client: usize) -> VisitRow {
    let cell = |(d, day): (usize, &Day<'_>)| {
        let own = period.days[d].clients.iter().position(|id| id.index() == client)?;
        let visit = Activity::Client(ClientId::new(own));
        let found = day
            .plan
            .routes()
            .iter()
            .enumerate()
            .find_map(|(r, route)| Some((r + 1, route.visits().find(|at| at.activity == visit)?.start)));
        found.map(|(truck, start)| (truck, day.figures.time(start)))
    };
    let cells: Vec<_> = days.iter().enumerate().map(cell).collect();
    let count = cells.iter().flatten().count();
    let of = &template.clients()[client];
    let name = if of.name.is_empty() { &template.locations()[of.location().index()].name } else { &of.name };
    VisitRow { name: called(name, "client", client), cells, count, is_unserved: count == 0 }
}

fn tiles(period: &PeriodPlan, days: &[Day<'_>], visits: &[VisitRow]) -> Vec<Tile> {
    let Some(first) = days.first() else { return Vec::new() };
    let figures = &first.figures;
    let tile = |label, value: String| Tile { value, label, is_bad: false };
    let distance = period.plan.routes().iter().map(|route| route.distance).fold(0, i64::saturating_add);
    let unserved = visits.iter().filter(|row| row.is_unserved).count();
    let mut tiles = vec![
        tile(if days.len() == 1 { "day" } else { "days" }, days.len().to_string()),
        tile("stops", days.iter().map(Day::stops).fold(0, usize::saturating_add).to_string()),
        tile("distance", figures.distance(distance)),
        tile("cost", figures.cost(period.cost())),
        Tile { value: unserved.to_string(), label: "clients unserved", is_bad: unserved > 0 },
    ];
    if !period.plan.is_feasible() {
        let (count, label) = (period.plan.violations().len(), "rules are violated");
        tiles.push(Tile { value: count.to_string(), label, is_bad: true });
    }
    tiles
}
