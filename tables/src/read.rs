//! From files to the problem.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use milkrun::Problem;

use crate::build::{Parts, problem};
use crate::cells::rule::{self, NotDue};
use crate::cells::window::OnDay;
use crate::columns::{Columns, Evidence, headings, score};
use crate::defaults::{Covers, Defaults};
use crate::fault::{Faults, TablesError, wrong};
use crate::grid::{Input, Table, tables};
use crate::options::{Role, TableOptions};
use crate::report::{ColumnReport, TableReport, TablesReport};
use crate::rows::places::PlaceRow;
use crate::rows::{RowReader, bins, places, trucks};
use crate::stops::Gatherer;
use crate::vocabulary::Vocabulary;

/// A problem that was read from tables.
#[derive(Debug)]
#[non_exhaustive]
pub struct Tables {
    /// The problem: metres and seconds from midnight; loads in kilograms, litres or the tables' own unit.
    pub problem: Problem,
    /// The units of its load dimensions, in their order: `kg`, `l`; empty where tables do not say them.
    pub loads: Vec<&'static str>,
    /// What was understood.
    pub report: TablesReport,
}

/// Reads tables: CSV files and workbooks, in any order.
///
/// Memory grows with the files and with what is due, not with their rows: a million rows that are not due cost nothing beyond
/// their text.
///
/// # Errors
///
/// [`TablesError`] with all faults at once, each with file, row, column, value and remedy.
pub fn read(inputs: &[Input], options: &TableOptions) -> Result<Tables, TablesError> {
    let mut faults = Faults::default();
    let day = day(options, &mut faults);
    let defaults = match Defaults::new(options.defaults.as_deref()) {
        Ok(defaults) => defaults,
        Err(fault) => {
            faults.push("defaults", "", fault);
            return Err(faults.into_result().err().unwrap_or(TablesError { issues: Vec::new(), omitted: 0 }));
        }
    };
    let tables = tables(inputs, options.separator, options.encoding.as_deref(), &mut faults);
    let mut report = TablesReport {
        day: day.map(|day| day.to_string()),
        weekday: day.map(|day| rule::weekday_name(day).to_owned()),
        ..TablesReport::default()
    };
    let understood = understand(&tables, options, &mut report, &mut faults);
    let mut parts = Parts::default();
    let mut reading = Reading { defaults: &defaults, day, faults: &mut faults };
    // Bins come last: whether materials are told apart depends on sites and trucks.
    for table in understood.iter().filter(|table| table.role != Role::Bins) {
        reading.each(table, |row| match table.role {
            Role::Trucks => parts.trucks.extend(trucks::truck(row)),
            Role::Sites => parts.sites.extend(places::place(row)),
            Role::Depots => parts.depots.extend(places::place(row)),
            Role::Bins => {}
        });
    }
    leave_out(&mut parts, &understood, &mut report, reading.faults);
    let apart = parts.sites.iter().any(|site| !site.materials.is_empty())
        || parts.trucks.iter().any(|truck| !truck.materials.is_empty());
    let mut gatherer = Gatherer::new(defaults.parking, defaults.service, apart);
    let mut not_due: BTreeMap<NotDue, usize> = BTreeMap::new();
    for table in understood.iter().filter(|table| table.role == Role::Bins) {
        reading.each(table, |row| match bins::bin(row) {
            Some(bins::Due::Yes(bin)) => {
                report.due += 1;
                gatherer.add(bin);
            }
            Some(bins::Due::No(why)) => *not_due.entry(why).or_default() += 1,
            None => {}
        });
    }
    report.count_not_due(&not_due);
    parts.stops = gatherer.stops();
    (report.stops, report.sites, report.depots) = (parts.stops.len(), parts.sites.len(), parts.depots.len());
    report.trucks = parts.trucks.iter().map(|truck| truck.count).sum();
    assume(&understood, &defaults, &mut report);
    if faults.count() == 0 && !understood.iter().any(|table| table.role == Role::Bins) {
        let remedy = "add a table of bins, such as bins.csv with the headings address, latitude, longitude, size";
        faults.push("bins", "", wrong("there are none", remedy));
    }
    let problem = if faults.count() == 0 { problem(&parts, &defaults, day, &mut report, &mut faults) } else { None };
    faults.into_result()?;
    problem
        .map(|(problem, loads)| Tables { problem, loads, report })
        .ok_or(TablesError { issues: Vec::new(), omitted: 0 })
}

/// Leaves out sites that are closed on the day, and says so; so it is with trucks that stay in.
fn leave_out(parts: &mut Parts, understood: &[Understood<'_>], report: &mut TablesReport, faults: &mut Faults) {
    let rows: usize =
        understood.iter().filter(|table| table.role == Role::Trucks).map(|table| table.evidence.rows).sum();
    if faults.count() == 0 && parts.trucks.len() < rows {
        let count = rows - parts.trucks.len();
        report
            .assumed
            .push(format!("{count} rows of trucks are not used: their number is 0, or they do not work on the day"));
    }
    let (open, closed): (Vec<PlaceRow>, Vec<PlaceRow>) =
        std::mem::take(&mut parts.sites).into_iter().partition(|site| site.open != OnDay::Never);
    report.assumed.extend(closed.iter().map(|site| format!("{} is not used: it is closed on the day", site.name)));
    if let (true, Some(site)) = (open.is_empty(), closed.first()) {
        faults.push(
            &site.origin,
            "",
            wrong("is closed on the day, as all disposal sites are", "correct its hours, or plan another day"),
        );
    }
    parts.sites = open;
}

/// The day that is planned.
fn day(options: &TableOptions, faults: &mut Faults) -> Option<Date> {
    let text = options.day.as_deref()?;
    let read = crate::cells::date::of_text(text, options.date_order);
    read.map_err(|fault| faults.push("day", text, fault)).ok()
}

/// A table, and what it is.
struct Understood<'t> {
    table: &'t Table,
    role: Role,
    columns: Columns,
    evidence: Evidence,
    /// The number of the row with the headings.
    headings: u64,
}

fn understand<'t>(
    tables: &'t [Table],
    options: &TableOptions,
    report: &mut TablesReport,
    faults: &mut Faults,
) -> Vec<Understood<'t>> {
    let mut understood = Vec::new();
    for table in tables {
        let found = match headings(table, options) {
            Ok(found) => found,
            Err(fault) => {
                faults.push(&table.name, "", fault);
                continue;
            }
        };
        let is_sheet = table.name.contains(", sheet ");
        let Some((number, names)) = found else {
            if is_sheet {
                report.tables.push(TableReport {
                    name: table.name.clone(),
                    role: None,
                    form: table.form.clone(),
                    headings: 0,
                    rows: 0,
                    columns: Vec::new(),
                });
            } else {
                let remedy = "write the headings into the first row, or say what they are: --map \"heading=address\"";
                faults.push(&table.name, "", wrong("has no headings that are known", remedy));
            }
            continue;
        };
        let Some(role) = role(table, &names, options) else {
            let remedy = "say it: --bins, --trucks, --sites or --depots with its name, or call the file or sheet so";
            faults.push(&table.name, "", wrong("does not tell whether it has bins, trucks, sites or depots", remedy));
            continue;
        };
        let columns = Columns::new(table, role, &names, options, faults);
        match Evidence::new(table, &columns, number, options) {
            Ok(evidence) => {
                let hints = crate::hints::of(table, role, &columns, number, &evidence).unwrap_or_default();
                let hint = |heading: &str| {
                    let index = columns.tags.iter().find(|(_, tag)| tag == heading)?.0;
                    let (_, field) = hints.iter().find(|(column, _)| *column == index)?;
                    let reads = format!("{heading}={field}");
                    Some(format!("; its cells look like {field}: --map {reads:?} reads them so"))
                };
                let said = columns.said.iter().map(|(heading, read)| ColumnReport {
                    heading: heading.clone(),
                    read: format!("{read}{}", hint(heading).unwrap_or_default()),
                });
                report.tables.push(TableReport {
                    name: table.name.clone(),
                    role: Some(role),
                    form: table.form.clone(),
                    headings: number,
                    rows: evidence.rows,
                    columns: said.collect(),
                });
                understood.push(Understood { table, role, columns, evidence, headings: number });
            }
            Err(fault) => faults.push(&table.name, "", fault),
        }
    }
    understood
}

/// What a table is: as the options say, else by its name, else by its headings.
fn role(table: &Table, headings: &[String], options: &TableOptions) -> Option<Role> {
    let named = |name: &str| {
        let file = Path::new(table.name.split(", sheet ").next().unwrap_or_default());
        name == table.name
            || name == table.title
            || Path::new(name) == file
            || file.file_name().is_some_and(|own| own == name)
    };
    if let Some((_, role)) = options.roles.iter().find(|(name, _)| named(name)) {
        return Some(*role);
    }
    let mut words = table.title.split(|c: char| !c.is_alphanumeric());
    let by_name = words.find_map(|word| Vocabulary::get().role(word));
    if let Some(role) = by_name.and_then(|name| Role::ALL.into_iter().find(|role| role.name() == name)) {
        return Some(role);
    }
    let cells: Vec<_> = headings.iter().map(|heading| crate::cells::Cell::text(heading)).collect();
    let scores = Role::ALL.map(|role| (score(role, &cells).1, role));
    let best = scores.iter().map(|(score, _)| *score).max().unwrap_or(0);
    let best: Vec<Role> =
        scores.into_iter().filter(|(score, _)| *score == best && best > 0).map(|(_, role)| role).collect();
    if let [one] = best[..] { Some(one) } else { None }
}

struct Reading<'r> {
    defaults: &'r Defaults,
    day: Option<Date>,
    faults: &'r mut Faults,
}

impl Reading<'_> {
    /// Passes each row below the headings to a function.
    fn each(&mut self, of: &Understood<'_>, mut take: impl FnMut(&mut RowReader<'_>)) {
        let Understood { table, columns, evidence, headings, .. } = of;
        let read = table.each(|row| {
            if row.0 > *headings {
                let (defaults, day) = (self.defaults, self.day);
                let numbered = table.numbered;
                take(&mut RowReader {
                    table: &table.name,
                    numbered,
                    columns,
                    evidence,
                    defaults,
                    day,
                    row,
                    faults: self.faults,
                });
            }
            false
        });
        if let Err(fault) = read {
            self.faults.push(&table.name, "", fault);
        }
    }
}

/// Says what is assumed of bins.
fn assume(understood: &[Understood<'_>], defaults: &Defaults, report: &mut TablesReport) {
    for table in understood.iter().filter(|table| table.role == Role::Bins) {
        let fields = &table.columns.fields;
        let has = |field: &str| fields.contains_key(field);
        let bare = fields
            .get("service")
            .filter(|column| column.unit.is_empty() && table.evidence.longest.contains_key("service"));
        let fill = (defaults.fill * 100.0).round();
        let lines = [
            (bare.is_some(), "numbers of `service` are minutes".to_owned()),
            (
                has("size") && !has("load"),
                format!(
                    "bins are {fill} % full; litres weigh by material, {} kg for those not listed",
                    defaults.density("other")
                ),
            ),
            (
                has("size") && !has("service"),
                "emptying a bin takes as long as the table of defaults says for its size".to_owned(),
            ),
            (!has("service") && !has("setup"), format!("parking takes {} s, once at each place", defaults.parking)),
            (!has("service") && !has("size"), format!("serving a row without a size takes {} s", defaults.service)),
            (!has("number"), "each row is one bin".to_owned()),
            (
                defaults.window_covers == Covers::Service
                    && !has("window_covers")
                    && (has("window") || has("opens") || has("closes")),
                "a stop is left before its hours end".to_owned(),
            ),
        ];
        report.assumed.extend(lines.into_iter().filter(|(is, _)| *is).map(|(_, line)| line));
    }
    report.assumed.dedup();
}
