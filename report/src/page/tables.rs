//! The tables of the page: trucks, their stops, what is unserved, and costs.

use askama::Template;
use milkrun::Problem;
use milkrun::explain::{Explanation, Job};
use milkrun::plan::{CostBreakdown, Route};
use milkrun::units::Cost;

use super::colours::colours;
use crate::day::{Day, Row, Totals, TripRows, Truck, called};
use crate::figures::Figures;

/// One row for each truck, and one for all.
#[derive(Template)]
#[template(path = "trucks.html", whitespace = "minimize")]
pub(crate) struct TruckTable {
    loads: Vec<String>,
    trucks: Vec<TruckRow>,
    all: Vec<String>,
    has_overtime: bool,
    has_emissions: bool,
    /// What tells the trucks of one day on a page from those of others.
    prefix: String,
}

struct TruckRow {
    index: usize,
    number: usize,
    name: String,
    light: String,
    dark: String,
    /// Leave, back, stops.
    times: [String; 3],
    loads: Vec<LoadCell>,
    /// Distance, driving, waiting, overtime, emissions, cost.
    figures: Vec<String>,
}

struct LoadCell {
    total: String,
    /// How full it is at most, in percent; empty without a capacity.
    fullest: String,
}

impl TruckTable {
    pub(crate) fn new(day: &Day<'_>) -> Self {
        let dimensions = day.problem.load_dimensions();
        let mut table = Self {
            loads: (0..dimensions).map(|d| day.figures.load_name(d, dimensions)).collect(),
            trucks: Vec::new(),
            all: Vec::new(),
            has_overtime: day.trucks.iter().any(|truck| truck.overtime() > 0),
            has_emissions: day.trucks.iter().any(|truck| truck.route.emitted != 0),
            prefix: String::new(),
        };
        table.trucks = day.trucks.iter().map(|truck| table.row(day, truck)).collect();
        table.all = table.sums(day);
        table
    }

    /// Sets what tells the trucks of one day on a page from those of others.
    pub(crate) fn with_prefix(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.prefix);
        self
    }

    fn row(&self, day: &Day<'_>, truck: &Truck<'_>) -> TruckRow {
        let (figures, route) = (&day.figures, truck.route);
        let totals = Totals::of(truck.rows(), self.loads.len());
        let fullest = |d: usize| {
            let most = truck.trips.iter().filter_map(|trip| trip.trip.max_load.get(d)).max().copied().unwrap_or(0);
            let capacity = truck.vehicle.capacity.get(d).copied().filter(|capacity| *capacity > 0);
            capacity.map_or_else(String::new, |capacity| format!("{:.0} %", most as f64 / capacity as f64 * 100.0))
        };
        let load = |(d, total): (usize, &i64)| LoadCell { total: figures.amount(*total), fullest: fullest(d) };
        let (light, dark) = colours(truck.number - 1);
        TruckRow {
            index: truck.number - 1,
            number: truck.number,
            name: truck.name.clone(),
            light,
            dark,
            times: [figures.time(route.start), figures.time(route.end), totals.stops.to_string()],
            loads: totals.loads.iter().enumerate().map(load).collect(),
            figures: self.figures(
                figures,
                [route.distance, route.driving, route.waiting, truck.overtime(), route.emitted, route.cost()],
            ),
        }
    }

    /// Distance, driving, waiting and, where there are any, overtime and emissions, and cost.
    fn figures(&self, figures: &Figures, values: [i64; 6]) -> Vec<String> {
        let [distance, driving, waiting, overtime, emitted, cost] = values;
        let span = |length: i64| if length == 0 { "–".to_owned() } else { figures.span(length) };
        let mut cells = vec![figures.distance(distance), span(driving), span(waiting)];
        cells.extend(self.has_overtime.then(|| span(overtime)));
        cells.extend(self.has_emissions.then(|| kilograms(emitted)));
        cells.push(figures.cost(cost));
        cells
    }

    fn sums(&self, day: &Day<'_>) -> Vec<String> {
        let totals = Totals::of(day.trucks.iter().flat_map(Truck::rows), self.loads.len());
        let overtime = day.trucks.iter().map(Truck::overtime).fold(0, i64::saturating_add);
        let sum = |of: fn(&Route) -> i64| day.plan.routes().iter().map(of).fold(0, i64::saturating_add);
        let values = [
            sum(|route| route.distance),
            sum(|route| route.driving),
            sum(|route| route.waiting),
            overtime,
            sum(|route| route.emitted),
            sum(Route::cost),
        ];
        let mut cells = vec![totals.stops.to_string()];
        cells.extend(totals.loads.iter().map(|load| day.figures.amount(*load)));
        cells.extend(self.figures(&day.figures, values));
        cells
    }
}

/// Grams of CO₂, as kilograms.
pub(super) fn kilograms(grams: i64) -> String {
    format!("{:.1} kg", grams as f64 / 1e3)
}

/// The stops of each truck.
#[derive(Template)]
#[template(path = "stops.html", whitespace = "minimize")]
pub(crate) struct StopTables {
    trucks: Vec<TruckStops>,
    loads: Vec<String>,
    /// Whether the tables are open from the start.
    open: bool,
    prefix: String,
}

struct TruckStops {
    index: usize,
    number: usize,
    name: String,
    light: String,
    dark: String,
    summary: String,
    rows: Vec<StopRow>,
}

struct StopRow {
    class: &'static str,
    order: String,
    time: String,
    until: String,
    /// How long it was set up before, and waited.
    setup: String,
    waiting: String,
    name: String,
    address: String,
    what: String,
    containers: String,
    loads: Vec<String>,
    notes: Vec<String>,
    /// Of the first row of a trip after the first: its number.
    trip: Option<usize>,
}

impl StopTables {
    pub(crate) fn new(day: &Day<'_>) -> Self {
        let dimensions = day.problem.load_dimensions();
        let figures = &day.figures;
        let truck = |truck: &Truck<'_>| {
            let (light, dark) = colours(truck.number - 1);
            let (from, until) = (figures.time(truck.route.start), figures.time(truck.route.end));
            TruckStops {
                index: truck.number - 1,
                number: truck.number,
                name: truck.name.clone(),
                light,
                dark,
                summary: format!(
                    "{} stops, {from} to {until}, {}",
                    truck.stops(),
                    figures.distance(truck.route.distance)
                ),
                rows: truck.trips.iter().flat_map(|trip| rows(day.problem, figures, trip)).collect(),
            }
        };
        Self {
            trucks: day.trucks.iter().map(truck).collect(),
            loads: (0..dimensions).map(|d| figures.on_board_name(d, dimensions)).collect(),
            open: day.trucks.len() < 2,
            prefix: String::new(),
        }
    }

    /// Sets what tells the trucks of one day on a page from those of others; the tables are closed then.
    pub(crate) fn with_prefix(mut self, prefix: &str) -> Self {
        (self.prefix, self.open) = (prefix.to_owned(), false);
        self
    }
}

fn rows(problem: &Problem, figures: &Figures, trip: &TripRows<'_>) -> Vec<StopRow> {
    let row = |(r, row): (usize, &Row<'_>)| StopRow {
        class: row.step.kind(),
        order: row.order.map_or_else(String::new, |order| order.to_string()),
        time: figures.time(row.start),
        until: figures.time(row.departure),
        setup: if row.setup > 0 { figures.span(row.setup) } else { String::new() },
        waiting: if row.waiting() > 0 { figures.span(row.waiting()) } else { String::new() },
        name: row.name.clone(),
        what: row.what(figures),
        loads: row.load.iter().map(|load| figures.amount(*load)).collect(),
        address: row.address(problem).unwrap_or_default().to_owned(),
        containers: row.containers().unwrap_or_default().to_owned(),
        notes: row.remarks(),
        trip: (r == 0 && trip.number > 1).then_some(trip.number),
    };
    trip.rows.iter().enumerate().map(row).collect()
}

/// What is unserved, with reasons where they are known.
#[derive(Template)]
#[template(path = "unserved.html", whitespace = "minimize")]
pub(crate) struct UnservedTable {
    rows: Vec<UnservedRow>,
    explained: bool,
}

struct UnservedRow {
    name: String,
    what: String,
    /// The prize, or that it is required.
    weight: String,
    reasons: Vec<String>,
    notes: Vec<String>,
}

impl UnservedTable {
    pub(crate) fn new(day: &Day<'_>, explanations: &[Explanation]) -> Self {
        let (problem, figures) = (day.problem, &day.figures);
        let unserved = day.plan.unserved();
        let weight = |required: bool, prize: Cost| {
            if required { "required".to_owned() } else { format!("worth {}", figures.cost(prize)) }
        };
        let reasons = |job: &Job| -> Vec<String> {
            let own = explanations.iter().find(|explanation| explanation.job == *job);
            own.map_or_else(Vec::new, |own| {
                let text = own.in_words(problem, figures.clock).to_string();
                text.lines().skip(1).map(|line| line.trim().to_owned()).collect()
            })
        };
        let client = |id: &milkrun::ClientId| {
            let client = problem.client(*id);
            let what = [("deliver", &client.delivery), ("collect", &client.pickup)];
            let what = what.map(|(word, loads)| (word, figures.amounts(loads)));
            let what: Vec<String> =
                what.iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| format!("{word} {text}")).collect();
            UnservedRow {
                name: called(&client.name, "client", id.index()),
                what: what.join("; "),
                weight: weight(client.required && client.group.is_none(), client.prize),
                reasons: reasons(&Job::Client(*id)),
                notes: said(&client.notes),
            }
        };
        let shipment = |id: &milkrun::ShipmentId| {
            let shipment = problem.shipment(*id);
            UnservedRow {
                name: called(&shipment.name, "shipment", id.index()),
                what: figures.amounts(&shipment.amount),
                weight: weight(shipment.required, shipment.prize),
                reasons: reasons(&Job::Shipment(*id)),
                notes: said(&shipment.notes),
            }
        };
        let rows = unserved.clients.iter().map(client).chain(unserved.shipments.iter().map(shipment)).collect();
        Self { rows, explained: !explanations.is_empty() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn said(notes: &milkrun::Notes) -> Vec<String> {
    Some(notes.remarks.trim()).filter(|text| !text.is_empty()).map(str::to_owned).into_iter().collect()
}

/// Costs by kind.
#[derive(Template)]
#[template(path = "costs.html", whitespace = "minimize")]
pub(crate) struct CostTable {
    rows: Vec<CostRow>,
    total: String,
}

struct CostRow {
    label: &'static str,
    amount: String,
    /// Percent of all costs.
    share: String,
}

impl CostTable {
    pub(crate) fn new(day: &Day<'_>) -> Self {
        let costs = day.plan.breakdown();
        let total = costs.total();
        let kinds = kinds(&costs);
        let shown = kinds.into_iter().filter(|(_, cost)| *cost != 0);
        let share = |cost: Cost| format!("{:.1}", (cost as f64 / total as f64 * 100.0).clamp(0.0, 100.0));
        let row = |(label, cost)| CostRow { label, amount: day.figures.cost(cost), share: share(cost) };
        Self { rows: shown.map(row).collect(), total: day.figures.cost(total) }
    }
}

/// Costs by what they are for.
fn kinds(costs: &CostBreakdown) -> [(&'static str, Cost); 10] {
    [
        ("vehicles used", costs.fixed),
        ("distance", costs.distance),
        ("time", costs.duration),
        ("overtime", costs.overtime),
        ("waiting", costs.waiting),
        ("early and late service", costs.windows),
        ("disposal", costs.disposal),
        ("assignment to dearer vehicles", costs.assignment),
        ("goals", costs.goals),
        ("prizes of what is unserved", costs.unserved),
    ]
}
