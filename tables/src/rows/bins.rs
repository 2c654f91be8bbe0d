//! Bins: what is visited, if it is due.

use jiff::civil::Date;

use super::{Point, RowReader, Said};
use crate::cells::rule::{self, NotDue, Rule};
use crate::cells::window::OnDay;
use crate::cells::{Cell, date};
use crate::defaults::Covers;
use crate::fault::{Wrong, wrong};
use crate::loads::{Amounts, amounts};
use crate::vocabulary::Vocabulary;

/// Bins of one row.
#[derive(Clone, Debug)]
pub(crate) struct BinRow {
    pub(crate) origin: String,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) point: Point,
    pub(crate) number: usize,
    /// Litres of one bin, where they are said.
    pub(crate) size: Option<f64>,
    pub(crate) material: String,
    /// What all of them hold.
    pub(crate) load: Amounts,
    /// Seconds that the service takes without parking; `None`: the default of a stop.
    pub(crate) service: Option<i64>,
    /// Whether the table says how long the service takes, with all that belongs to it.
    pub(crate) service_is_given: bool,
    /// Seconds of parking, or of a gate, where the table says it.
    pub(crate) setup: Option<i64>,
    pub(crate) open: OnDay,
    /// What must lie within its hours.
    pub(crate) covers: Covers,
    pub(crate) required: bool,
    pub(crate) prize: Option<f64>,
    pub(crate) priority: u8,
    pub(crate) skills: Vec<String>,
    pub(crate) trucks: Vec<String>,
    pub(crate) said: Said,
}

/// A row that was understood: due today, or not.
#[expect(clippy::large_enum_variant, reason = "one at a time, and nearly all of them are due")]
pub(crate) enum Due {
    Yes(BinRow),
    No(NotDue),
}

/// Reads a row of bins; nothing where it is faulty.
pub(crate) fn bin(row: &mut RowReader<'_>) -> Option<Due> {
    let count = row.faults.count();
    let rule = due_rule(row);
    let hours = row.hours();
    let refused = refused(rule.as_ref(), row);
    let open = match hours.map(|hours| hours.on(row.weekday())) {
        None => OnDay::Always,
        Some(Ok(open)) => open,
        Some(Err(fault)) => {
            row.fault("window", fault);
            OnDay::Always
        }
    };
    let read = described(row, open);
    if row.faults.count() > count {
        return None;
    }
    match refused {
        Some(why) => Some(Due::No(why)),
        None => read.map(|bin| if bin.open == OnDay::Never { Due::No(NotDue::Closed) } else { Due::Yes(bin) }),
    }
}

/// Why it is not due on the day, if it is not. Rules without a day are a fault.
fn refused(rule: Option<&Rule>, row: &mut RowReader<'_>) -> Option<NotDue> {
    let rule = rule?;
    let Some(day) = row.day else {
        row.fault("days", wrong("depends on the day", "say which day is planned: --day 2026-12-03"));
        return None;
    };
    rule.on(day).err()
}

/// The rule of days, of all columns that have a part of it.
fn due_rule(row: &mut RowReader<'_>) -> Option<Rule> {
    let single = |cell: &Cell<'_>| !matches!(cell, Cell::Text(_));
    let mut texts = Vec::new();
    for field in ["days", "rhythm"] {
        // A date of a workbook is no text.
        let text = match row.cell(field) {
            Some(cell) if single(cell) && field == "days" => date_text(cell),
            Some(cell) => cell.shown().into_owned(),
            None => continue,
        };
        texts.push(text);
    }
    let (start, until) = (date_of(row, "start"), date_of(row, "until"));
    if texts.is_empty() && start.is_none() && until.is_none() {
        return None;
    }
    let (languages, order) = (row.evidence.languages, row.evidence.order);
    let read = if texts.is_empty() { Ok(Rule::default()) } else { rule::of_text(&texts.join(" "), languages, order) };
    let checked = read.and_then(|mut rule| {
        rule.start = start.or(rule.start);
        rule.until = until.or(rule.until);
        rule.check().map(|()| rule)
    });
    match checked {
        Ok(rule) => Some(rule),
        Err(fault) => {
            row.fault(if row.cell("days").is_some() { "days" } else { "rhythm" }, fault);
            None
        }
    }
}

fn date_text(cell: &Cell<'_>) -> String {
    date::of_cell(cell, None).map_or_else(|_| cell.shown().into_owned(), |date| date.to_string())
}

fn date_of(row: &mut RowReader<'_>, field: &str) -> Option<Date> {
    row.read(field, |cell, _, evidence| date::of_cell(cell, evidence.order))
}

/// All that is said of the bins, whether they are due or not.
fn described(row: &mut RowReader<'_>, open: OnDay) -> Option<BinRow> {
    let number = row.whole("number", 1e6).unwrap_or(1);
    let size = row.amount("size").map(|(value, unit)| (value, if unit.is_empty() { "l".to_owned() } else { unit }));
    let size = size.and_then(|(value, unit)| {
        let litres = amounts(value, &unit).ok().and_then(|amounts| amounts.litres);
        if litres.is_none() {
            row.fault("size", wrong("is no volume", "write litres, such as 240 or 1100 l"));
        }
        litres
    });
    let material = row.defaults.material(&row.text("material")).to_owned();
    let given = row.amount("load");
    let given = given.and_then(|(value, unit)| match amounts(value, &unit) {
        Ok(load) => Some(load),
        Err(fault) => {
            row.fault("load", fault);
            None
        }
    });
    let service = row.length("service");
    let setup = row.length("setup");
    let covers = row.read("window_covers", |cell, _, _| start_or_service(&cell.shown()));
    let load = load(row, given, size, number, &material);
    let emptying = size.map(|litres| row.defaults.emptying(litres).saturating_mul(number as i64));
    let required = row.read("required", |cell, _, _| yes_or_no(&cell.shown()));
    let prize = row.number("prize");
    let priority = row.whole("priority", 255.0).unwrap_or(0);
    let point = row.point()?;
    Some(BinRow {
        origin: row.origin(),
        name: row.text("name"),
        address: row.text("address"),
        point,
        number,
        size,
        material,
        load,
        service: service.or(emptying),
        service_is_given: service.is_some(),
        setup,
        open,
        covers: covers.unwrap_or(row.defaults.window_covers),
        required: required.unwrap_or(prize.is_none() && priority == 0),
        prize,
        priority: priority as u8,
        skills: row.list("skills"),
        trucks: row.list("trucks"),
        said: row.said(),
    })
}

/// What the bins hold: as the table says, else by their size.
fn load(row: &RowReader<'_>, given: Option<Amounts>, size: Option<f64>, number: usize, material: &str) -> Amounts {
    let defaults = row.defaults;
    let litres = size.map(|litres| litres * number as f64 * defaults.fill);
    let density = defaults.density(material);
    let by_size = Amounts { kilograms: litres.map(|litres| litres * density), litres, bare: None };
    match given {
        None => by_size,
        Some(Amounts { bare: Some(bare), .. }) => Amounts { bare: Some(bare), ..Amounts::default() },
        Some(Amounts { kilograms: Some(kilograms), .. }) => {
            let loose = if density > 0.0 { Some(kilograms / density) } else { None };
            Amounts { kilograms: Some(kilograms), litres: by_size.litres.or(loose), bare: None }
        }
        Some(given) => Amounts { kilograms: given.litres.map(|litres| litres * density), ..given },
    }
}

fn start_or_service(text: &str) -> Result<Covers, Wrong> {
    let words = Vocabulary::get();
    match (words.is("covers_start", text), words.is("covers_service", text)) {
        (true, false) => Ok(Covers::Start),
        (false, true) => Ok(Covers::Service),
        _ => Err(wrong("is neither start nor service", "write what must lie within the hours: start or service")),
    }
}

fn yes_or_no(text: &str) -> Result<bool, Wrong> {
    let words = Vocabulary::get();
    match (text == "-" || words.is("no", text), words.is("yes", text)) {
        (true, false) => Ok(false),
        (false, true) => Ok(true),
        _ => Err(wrong("is neither yes nor no", "write yes or no")),
    }
}
