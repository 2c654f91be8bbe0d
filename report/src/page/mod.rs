//! The page of a day.

mod colours;
mod map;
mod period;
mod tables;
mod timeline;

use askama::Template;
use milkrun::explain::Explanation;
use milkrun::io::geojson::Along;

use crate::day::Day;
use crate::ground::Ground;
use map::Map;
pub(crate) use period::{label, page as of_period};
use tables::{CostTable, StopTables, TruckTable, UnservedTable, kilograms};
use timeline::Timeline;

pub(crate) const STYLE: &str = include_str!("../../templates/page.css");
pub(crate) const SCRIPT: &str = include_str!("../../templates/page.js");

/// A whole page.
#[derive(Template)]
#[template(path = "page.html", whitespace = "minimize")]
struct Page {
    style: &'static str,
    script: &'static str,
    title: String,
    day: String,
    tiles: Vec<Tile>,
    violations: Vec<String>,
    map: Map,
    timeline: Timeline,
    trucks: TruckTable,
    stops: StopTables,
    unserved: UnservedTable,
    costs: CostTable,
}

/// Map and timeline, to stand in another page.
#[derive(Template)]
#[template(path = "fragment.html", whitespace = "minimize")]
struct Fragment {
    style: &'static str,
    script: &'static str,
    tiles: Vec<Tile>,
    map: Map,
    timeline: Timeline,
}

/// The same, without style and script.
#[derive(Template)]
#[template(path = "drawing.html", whitespace = "minimize")]
struct Drawing {
    map: Map,
    timeline: Timeline,
}

/// A figure of the day.
struct Tile {
    value: String,
    label: &'static str,
    is_bad: bool,
}

/// The whole page.
pub(crate) fn page(day: &Day<'_>, ground: &Ground, explanations: &[Explanation], along: Option<&Along<'_>>) -> String {
    let said = |violation: &milkrun::plan::Violation| violation.in_words(day.problem, day.figures.clock).to_string();
    rendered(&Page {
        style: STYLE,
        script: SCRIPT,
        title: title(day),
        day: day.figures.day().unwrap_or_default(),
        tiles: tiles(day),
        violations: day.plan.violations().iter().map(said).collect(),
        map: Map::new(day, ground, along),
        timeline: Timeline::new(day),
        trucks: TruckTable::new(day),
        stops: StopTables::new(day),
        unserved: UnservedTable::new(day, explanations),
        costs: CostTable::new(day),
    })
}

/// Map and timeline.
pub(crate) fn fragment(day: &Day<'_>, ground: &Ground, along: Option<&Along<'_>>) -> String {
    let (map, timeline) = (Map::new(day, ground, along), Timeline::new(day));
    rendered(&Fragment { style: STYLE, script: SCRIPT, tiles: tiles(day), map, timeline })
}

/// Map and timeline without style and script.
pub(crate) fn drawing(day: &Day<'_>, ground: &Ground, along: Option<&Along<'_>>) -> String {
    rendered(&Drawing { map: Map::new(day, ground, along), timeline: Timeline::new(day) })
}

/// Text of a template; writing to a string cannot fail.
pub(crate) fn rendered(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

/// What the page is called.
pub(crate) fn title(day: &Day<'_>) -> String {
    let name = day.problem.name().trim();
    // A problem that was read from tables is called by its day, which stands beside the title.
    if name.is_empty() || name.parse::<jiff::civil::Date>().is_ok() {
        "Routes of the day".to_owned()
    } else {
        name.to_owned()
    }
}

fn tiles(day: &Day<'_>) -> Vec<Tile> {
    let (plan, figures) = (day.plan, &day.figures);
    let tile = |label, value: String| Tile { value, label, is_bad: false };
    let distance = plan.routes().iter().map(|route| route.distance).fold(0, i64::saturating_add);
    let driving = plan.routes().iter().map(|route| route.driving).fold(0, i64::saturating_add);
    let mut tiles = vec![
        tile(if day.trucks.len() == 1 { "truck" } else { "trucks" }, day.trucks.len().to_string()),
        tile("stops", day.stops().to_string()),
        tile("distance", figures.distance(distance)),
        tile("driving", figures.span(driving)),
        tile("cost", figures.cost(plan.cost())),
    ];
    let emitted = plan.consumption(day.problem).emitted;
    if day.problem.vehicle_types().iter().any(|vehicle| vehicle.consumption.is_some()) {
        tiles.push(tile("CO₂", kilograms(emitted)));
    }
    let unserved = plan.unserved().len();
    tiles.push(Tile { value: unserved.to_string(), label: "unserved", is_bad: unserved > 0 });
    if !plan.is_feasible() {
        let count = plan.violations().len();
        let label = if count == 1 { "rule is violated" } else { "rules are violated" };
        tiles.push(Tile { value: count.to_string(), label, is_bad: true });
    }
    tiles
}
