//! What the columns of a table are, and what all of its cells together show.

use std::collections::BTreeMap;

use crate::cells::date::{DateOrder, Orders};
use crate::cells::number::{DecimalMark, Marks};
use crate::cells::{Cell, duration, weekday};
use crate::fault::{Faults, Wrong, wrong};
use crate::grid::Table;
use crate::options::{Role, TableOptions};
use crate::vocabulary::{Languages, Vocabulary, key};

/// Fields that any table of places has.
const PLACE: [&str; 8] = ["name", "address", "latitude", "longitude", "position", "lon_lat", "x", "y"];
const HOURS: [&str; 4] = ["window", "opens", "closes", "remarks"];

/// The fields that a kind of table may have.
pub(crate) fn fields(role: Role) -> Vec<&'static str> {
    let own: &[&str] = match role {
        Role::Bins => &[
            "service",
            "setup",
            "window_covers",
            "size",
            "number",
            "material",
            "load",
            "days",
            "rhythm",
            "start",
            "until",
            "required",
            "prize",
            "priority",
            "skills",
            "trucks",
        ],
        Role::Trucks => &[
            "name",
            "capacity",
            "volume",
            "number",
            "depot",
            "start_depot",
            "end_depot",
            "break",
            "cost_km",
            "cost_hour",
            "fixed_cost",
            "max_stops",
            "skills",
            "materials",
        ],
        Role::Sites => &["service", "fee", "materials"],
        Role::Depots => &["service"],
    };
    let place: &[&str] = if role == Role::Trucks { &[] } else { &PLACE };
    [place, &HOURS, own].concat()
}

/// One column that means something.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) index: usize,
    pub(crate) heading: String,
    /// The unit that the heading or the mapping gives, if any.
    pub(crate) unit: String,
}

/// The columns of a table.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) fields: BTreeMap<&'static str, Column>,
    /// Columns that are kept as they are.
    pub(crate) tags: Vec<(usize, String)>,
    /// Each heading, and what became of it.
    pub(crate) said: Vec<(String, String)>,
    pub(crate) languages: Option<Languages>,
}

/// A heading without a unit at its end, and the unit: `Capacity (kg)`, `load_kg`, `Kapazität in t`.
fn without_unit(heading: &str) -> (&str, &str) {
    let heading = heading.trim();
    let is_unit = |word: &str| {
        duration::unit(word).is_some()
            || ["kg", "t", "to", "l", "ltr", "litre", "liter", "m3", "m³", "cbm", "km", "€"].contains(&word)
    };
    if let Some(open) = heading.rfind(['(', '[']) {
        let unit = heading[open + 1..].trim_end_matches([')', ']']).trim();
        return (heading[..open].trim(), unit);
    }
    match heading.rfind([' ', '_']) {
        Some(at) if is_unit(&heading[at + 1..].to_lowercase()) => {
            let name = heading[..at].trim();
            (name.strip_suffix(" in").unwrap_or(name), &heading[at + 1..])
        }
        _ => (heading, ""),
    }
}

/// What a heading means for a kind of table: the field, its unit, and the languages that call it so.
pub(crate) fn meaning(role: Role, heading: &str) -> Option<(&'static str, &str, Languages)> {
    let find = |name: &str| {
        let (field, languages) = Vocabulary::get().field(role.name(), name)?;
        Some((fields(role).into_iter().find(|known| *known == field)?, languages))
    };
    if let Some((field, languages)) = find(heading) {
        // A heading such as `kg` is a unit and nothing else.
        let own = heading.trim();
        return Some((field, if own.eq_ignore_ascii_case("kg") { own } else { "" }, languages));
    }
    let (name, unit) = without_unit(heading);
    let (field, languages) = find(name)?;
    Some((field, unit, languages))
}

/// How many headings mean something for a kind of table, and how many of these mean nothing for most others.
pub(crate) fn score(role: Role, headings: &[Cell<'_>]) -> (usize, usize) {
    let own = |field: &&str| !PLACE.contains(field) && !HOURS.contains(field) && !["service", "number"].contains(field);
    let known: Vec<&str> =
        headings.iter().filter_map(|cell| meaning(role, &cell.shown()).map(|(field, ..)| field)).collect();
    (known.len(), known.iter().filter(|field| own(field)).count())
}

/// The row of headings: of the first twenty rows the one with the most that mean something.
pub(crate) fn headings(table: &Table, options: &TableOptions) -> Result<Option<(u64, Vec<String>)>, Wrong> {
    let (mut best, mut most, mut seen) = (None, 0, 0);
    table.each(|(number, cells)| {
        let mapped =
            |cell: &&Cell<'_>| options.map.keys().any(|name| key(name) == key(&cell.shown()) && !name.is_empty());
        let known = Role::ALL.into_iter().map(|role| score(role, cells).0).max().unwrap_or(0);
        let known = known.max(cells.iter().filter(|cell| !cell.is_empty()).filter(mapped).count());
        if known > most {
            (best, most) = (Some((number, cells.iter().map(|cell| cell.shown().into_owned()).collect())), known);
        }
        seen += 1;
        seen == 20
    })?;
    Ok(best)
}

impl Columns {
    pub(crate) fn new(
        table: &Table,
        role: Role,
        headings: &[String],
        options: &TableOptions,
        faults: &mut Faults,
    ) -> Self {
        let mut columns = Self::default();
        for (index, heading) in headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty()) {
            let asked = options.map.iter().find(|(name, _)| key(name) == key(heading)).map(|(_, to)| to.as_str());
            let said = match asked {
                Some("ignore") => "left out, as asked for".to_owned(),
                Some("tag") => columns.keep(index, heading, "as asked for"),
                Some(to) => {
                    let (name, unit) = to.split_once(':').unwrap_or((to, ""));
                    match fields(role).into_iter().find(|field| *field == name) {
                        Some(field) => columns.read(field, index, heading, unit),
                        // A heading may stand in several tables; the field must be one of some table's.
                        None if Role::ALL.into_iter().any(|other| fields(other).contains(&name)) => {
                            columns.keep(index, heading, "its field is another table's")
                        }
                        None => {
                            let remedy = format!("give tag, ignore, or one of {}", fields(role).join(", "));
                            faults.push(format!("--map {heading}"), name, wrong("is no field", remedy));
                            continue;
                        }
                    }
                }
                None => match meaning(role, heading) {
                    Some((field, unit, languages)) => {
                        let before = columns.languages.unwrap_or(Languages::ALL);
                        columns.languages = Some(before.narrowed(languages));
                        columns.read(field, index, heading, unit)
                    }
                    None => columns.keep(index, heading, ""),
                },
            };
            columns.said.push((heading.clone(), said));
        }
        columns.pair_hours();
        let known: Vec<&str> = columns.said.iter().map(|(heading, _)| heading.as_str()).collect();
        if known.is_empty() {
            faults.push(&table.name, "", wrong("has no headings", "write what the columns are into the first row"));
        }
        columns
    }

    /// `open` beside `close` is when it opens, not all of its hours.
    fn pair_hours(&mut self) {
        let is_pair = self.fields.contains_key("closes") && !self.fields.contains_key("opens");
        if is_pair && self.fields.get("window").is_some_and(|column| key(&column.heading) == "open") {
            let column = self.fields.remove("window");
            for (_, said) in self.said.iter_mut().filter(|(heading, _)| key(heading) == "open") {
                "read as opens".clone_into(said);
            }
            self.fields.extend(column.map(|column| ("opens", column)));
        }
    }

    fn read(&mut self, field: &'static str, index: usize, heading: &str, unit: &str) -> String {
        if let Some(other) = self.fields.get(field) {
            let why = format!("for `{}` is read as {field} already", other.heading);
            return self.keep(index, heading, &why);
        }
        self.fields.insert(field, Column { index, heading: heading.to_owned(), unit: unit.to_owned() });
        if unit.is_empty() { format!("read as {field}") } else { format!("read as {field}, in {unit}") }
    }

    fn keep(&mut self, index: usize, heading: &str, why: &str) -> String {
        self.tags.push((index, heading.to_owned()));
        if why.is_empty() { "kept as a tag".to_owned() } else { format!("kept as a tag, {why}") }
    }
}

/// What all cells of a table together show.
#[derive(Debug)]
pub(crate) struct Evidence {
    marks: Vec<Marks>,
    all: Marks,
    pub(crate) order: Option<DateOrder>,
    pub(crate) languages: Languages,
    /// The largest bare number of a column of lengths of time.
    pub(crate) longest: BTreeMap<&'static str, f64>,
    decimal: Option<DecimalMark>,
    /// How many rows there are below the headings.
    pub(crate) rows: usize,
}

impl Evidence {
    pub(crate) fn new(table: &Table, columns: &Columns, after: u64, options: &TableOptions) -> Result<Self, Wrong> {
        let mut orders = Orders::default();
        let mut evidence = Self {
            marks: Vec::new(),
            all: Marks::default(),
            order: options.date_order,
            languages: Languages::ALL,
            longest: BTreeMap::new(),
            decimal: options.decimal,
            rows: 0,
        };
        table.each(|(number, cells)| {
            if number <= after {
                return false;
            }
            evidence.rows += 1;
            for (&field, column) in &columns.fields {
                let Some(cell) = cells.get(column.index).filter(|cell| !cell.is_empty()) else { continue };
                evidence.see(field, column, cell, &mut orders);
            }
            false
        })?;
        for (index, marks) in evidence.marks.iter().enumerate() {
            // Devices write degrees with a point in every country; a comma is that of the spreadsheet.
            let is_degree =
                columns.fields.iter().any(|(f, c)| c.index == index && ["latitude", "longitude"].contains(f));
            if !is_degree || marks.only() == Some(DecimalMark::Comma) {
                evidence.all = evidence.all.with(*marks);
            }
        }
        evidence.order = evidence.order.or(orders.only());
        evidence.languages = match options.language {
            Some(language) => Languages::one(language),
            None => evidence.languages.narrowed(columns.languages.unwrap_or(Languages::ALL)),
        };
        Ok(evidence)
    }

    fn see(&mut self, field: &'static str, column: &Column, cell: &Cell<'_>, orders: &mut Orders) {
        match field {
            "days" | "rhythm" | "start" | "until" | "window" => {
                if let Cell::Text(text) = cell {
                    orders.see(text);
                    if field != "start" && field != "until" {
                        self.languages = weekday::languages_of(text, self.languages);
                    }
                }
            }
            "service" | "setup" => {
                if let Some(number) = duration::is_bare(cell, Some(DecimalMark::Point)) {
                    let longest = self.longest.entry(field).or_default();
                    *longest = longest.max(number);
                }
            }
            "name" | "address" | "remarks" | "material" | "window_covers" | "skills" | "trucks" | "position"
            | "lon_lat" => {}
            _ => {
                if self.marks.len() <= column.index {
                    self.marks.resize(column.index + 1, Marks::default());
                }
                self.marks[column.index].see(cell);
            }
        }
    }

    /// The decimal mark of a column: its own, else that of the table.
    pub(crate) fn mark(&self, column: &Column) -> Option<DecimalMark> {
        let own = self.marks.get(column.index).copied().unwrap_or_default();
        self.decimal.or(own.only()).or(if own == Marks::default() { self.all.only() } else { None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_with_units() {
        for (heading, expected) in [
            ("Capacity (kg)", Some(("capacity", "kg"))),
            ("Kapazität [t]", Some(("capacity", "t"))),
            ("capacity_kg", Some(("capacity", "kg"))),
            ("Nutzlast in t", Some(("capacity", "t"))),
            ("cost per km", Some(("cost_km", ""))),
            ("Kosten je km", Some(("cost_km", ""))),
            ("Farbe", None),
            ("kg", None),
            ("(kg)", None),
        ] {
            assert_eq!(meaning(Role::Trucks, heading).map(|(field, unit, _)| (field, unit)), expected, "{heading}");
        }
    }

    #[test]
    fn every_field_of_the_vocabulary_is_one_that_is_read() {
        for role in Role::ALL {
            let known = fields(role);
            for field in Vocabulary::get().fields(role.name()) {
                let elsewhere = role == Role::Trucks && (PLACE.contains(&field) || field == "service");
                assert!(known.contains(&field) || elsewhere, "{} has no {field}", role.name());
            }
            for field in known {
                assert!(Vocabulary::get().fields(role.name()).contains(&field), "nothing is called {field}");
            }
        }
    }
}
