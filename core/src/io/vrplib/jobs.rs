//! Clients, mutually exclusive groups, and shipments.

use super::tables::{Column, Context, LOCATION};
use crate::ids::{GroupId, LocationId};
use crate::io::FaultKind;
use crate::io::pairs::{self, PairRow, PairRules};
use crate::io::quantity::Quantity;
use crate::io::text;
use crate::model::{Client, Shipment, TimeWindow};

const PAIRS: &str = "PICKUP_AND_DELIVERY_SECTION";

/// The sections that pickup and delivery rows replace, or that do not apply to shipments.
const EXCLUDED_BY_PAIRS: [&str; 8] = [
    "BACKHAUL_SECTION",
    "DEMAND_SECTION",
    "LINEHAUL_SECTION",
    "MUTUALLY_EXCLUSIVE_GROUP_SECTION",
    "PRIZE_SECTION",
    "RELEASE_TIME_SECTION",
    "SERVICE_TIME_SECTION",
    "TIME_WINDOW_SECTION",
];

/// The jobs, and when each location is open.
#[derive(Debug)]
pub(super) struct Jobs {
    pub(super) clients: Vec<Client>,
    pub(super) shipments: Vec<Shipment>,
    pub(super) num_groups: usize,
    pub(super) windows: Column<TimeWindow>,
    pub(super) load_dimensions: usize,
}

/// Reads all jobs of a file with `count` locations, of which the first `depots` are depots.
pub(super) fn read(context: &mut Context<'_>, count: usize, depots: usize) -> Jobs {
    if context.section(PAIRS).is_some() {
        read_pairs(context, count, depots)
    } else {
        read_clients(context, count, depots)
    }
}

fn read_clients(context: &mut Context<'_>, count: usize, depots: usize) -> Jobs {
    let key = if context.section("DEMAND_SECTION").is_some() { "DEMAND" } else { "LINEHAUL" };
    if let (Some(_), Some(section)) = (context.section("DEMAND_SECTION"), context.section("LINEHAUL_SECTION")) {
        section.header().fault(&mut context.faults, "", FaultKind::Conflict { other: "DEMAND_SECTION" });
    }
    let deliveries = context.loads(key, count, LOCATION, Quantity::Amount);
    let pickups = context.loads("BACKHAUL", count, LOCATION, Quantity::Amount);
    let services = context.column("SERVICE_TIME", count, LOCATION, Quantity::Amount, 0);
    let releases = context.column("RELEASE_TIME", count, LOCATION, Quantity::Amount, 0);
    let prizes = context.column("PRIZE", count, LOCATION, Quantity::Money, 0);
    let windows = time_windows(context, count);
    let groups = read_groups(context, count, depots);
    let mut clients: Vec<Client> = (depots..count)
        .map(|i| {
            let window = windows.get(i);
            let mut client = Client::at(LocationId::new(i))
                .delivery(deliveries.get(i).clone())
                .pickup(pickups.get(i).clone())
                .service(*services.get(i))
                .release(*releases.get(i))
                .time_window(window.early, window.late);
            client.prize = *prizes.get(i);
            client.required = client.prize == 0;
            client
        })
        .collect();
    for (g, members) in groups.iter().enumerate() {
        for &member in members {
            clients[member].group = Some(GroupId::new(g));
            clients[member].required = false;
        }
    }
    let width = |column: &Column<Vec<i64>>| column.get(depots).len();
    let load_dimensions = width(&deliveries).max(width(&pickups));
    Jobs { clients, shipments: Vec::new(), num_groups: groups.len(), windows, load_dimensions }
}

fn time_windows(context: &mut Context<'_>, count: usize) -> Column<TimeWindow> {
    let Some(section) = context.section("TIME_WINDOW_SECTION") else { return Column::All(TimeWindow::ALWAYS) };
    let Some(table) = context.table::<2>(section, count, LOCATION) else { return Column::All(TimeWindow::ALWAYS) };
    let window = |(place, [early, late]): (crate::io::quantity::Place<'_>, [f64; 2])| {
        place.window(&mut context.faults, early, late, context.rounding)
    };
    Column::Each(table.into_iter().map(window).collect())
}

/// The members, as client indices, of every group that has a choice.
fn read_groups(context: &mut Context<'_>, count: usize, depots: usize) -> Vec<Vec<usize>> {
    let Some(section) = context.section("MUTUALLY_EXCLUSIVE_GROUP_SECTION") else { return Vec::new() };
    let mut groups = Vec::new();
    let mut grouped = vec![false; count - depots];
    let mut first_lines = std::collections::HashMap::new();
    for row in 0..section.len() {
        let place = section.place(row);
        let raw = section.row(row)[0];
        if let Some(id) = place.index(&mut context.faults, raw, "group", 1, section.len()) {
            let first_line = *first_lines.entry(id).or_insert(place.line);
            if first_line != place.line {
                let kind = FaultKind::DuplicateRow { what: "group", first_line };
                place.fault(&mut context.faults, text::show_number(raw), kind);
            }
        }
        let mut members = Vec::new();
        for &raw in &section.row(row)[1..] {
            let Some(client) = context.client(place, raw, depots, count) else { continue };
            if std::mem::replace(&mut grouped[client], true) {
                place.fault(&mut context.faults, text::show_number(raw), FaultKind::GroupedTwice);
            }
            members.push(client);
        }
        if members.len() > 1 {
            groups.push(members);
        }
    }
    groups
}

fn read_pairs(context: &mut Context<'_>, count: usize, depots: usize) -> Jobs {
    let mut jobs = Jobs {
        clients: Vec::new(),
        shipments: Vec::new(),
        num_groups: 0,
        windows: Column::All(TimeWindow::ALWAYS),
        load_dimensions: 1,
    };
    for name in EXCLUDED_BY_PAIRS {
        let key = name.trim_end_matches("_SECTION");
        let line = context.section(name).map(|section| section.line);
        if let Some(line) = line.or_else(|| context.specification(key).map(|specification| specification.line)) {
            context.faults.push(line, name, "", FaultKind::Conflict { other: PAIRS });
        }
    }
    let Some(section) = context.section(PAIRS) else { return jobs };
    if !context.order.is_same() {
        section.header().fault(&mut context.faults, "", FaultKind::DepotOrder);
        return jobs;
    }
    let Some(table) = context.table::<6>(section, count, LOCATION) else { return jobs };
    let rows: Vec<PairRow> = table.iter().map(|&(place, columns)| PairRow { line: place.line, columns }).collect();
    let rules = PairRules { first: 1, depots, section: PAIRS, rounding: context.rounding };
    jobs.shipments = pairs::shipments(&rows, rules, &mut context.faults);
    let depot_windows = table
        .iter()
        .take(depots)
        .map(|&(place, [_, early, late, ..])| place.window(&mut context.faults, early, late, context.rounding));
    jobs.windows = Column::Each(depot_windows.collect());
    jobs
}
