//! Sections as tables: one row for each location or vehicle, found by its number.

use std::collections::{HashMap, HashSet};

use super::document::{Document, Section, Specification};
use crate::io::fault::Faults;
use crate::io::quantity::{Place, Quantity};
use crate::io::{FaultKind, text};
use crate::travel::Rounding;

/// The state of reading: the document, its rounding, and the faults so far.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) document: &'a Document,
    pub(super) rounding: Rounding,
    pub(super) faults: Faults,
    /// The locations, by their numbers in the file minus one, in the order of the problem: depots first.
    pub(super) order: Order,
}

/// The correspondence of the file's locations and the problem's.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The file's location for each of the problem's; empty if both orders are the same.
    numbers: Vec<usize>,
    /// The problem's location for each of the file's.
    places: Vec<usize>,
}

impl Order {
    /// The given depots first, then all others of `count` locations.
    pub(super) fn new(depots: &[usize], count: usize) -> Self {
        if depots.iter().enumerate().all(|(i, &depot)| i == depot) {
            return Self::default();
        }
        let first: HashSet<usize> = depots.iter().copied().collect();
        let others = (0..count).filter(|i| !first.contains(i));
        let numbers: Vec<usize> = depots.iter().copied().chain(others).collect();
        let mut places = vec![0; count];
        for (place, &number) in numbers.iter().enumerate() {
            places[number] = place;
        }
        Self { numbers, places }
    }

    /// Whether the file has the problem's order.
    pub(super) fn is_same(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The problem's location for one of the file's.
    pub(super) fn place(&self, number: usize) -> usize {
        self.places.get(number).copied().unwrap_or(number)
    }
}

/// The kind of rows that describe locations.
pub(super) const LOCATION: &str = "location";

/// A value for each of several objects, or one for all.
#[derive(Clone, Debug)]
pub(super) enum Column<T> {
    All(T),
    Each(Vec<T>),
}

impl<T> Column<T> {
    pub(super) fn get(&self, index: usize) -> &T {
        match self {
            Self::All(value) => value,
            Self::Each(values) => &values[index],
        }
    }

    pub(super) fn is_uniform(&self) -> bool {
        matches!(self, Self::All(_))
    }
}

impl<'a> Context<'a> {
    pub(super) fn section(&self, name: &str) -> Option<&'a Section> {
        self.document.sections.iter().find(|section| section.name == name)
    }

    pub(super) fn specification(&self, key: &str) -> Option<&'a Specification> {
        self.document.specifications.iter().find(|specification| specification.key == key)
    }

    /// Whether the file has the name, as a specification or a section.
    pub(super) fn has(&self, key: &str) -> bool {
        self.specification(key).is_some() || self.section(&format!("{key}_SECTION")).is_some()
    }

    /// The number that a specification gives, and its place.
    pub(super) fn number(&mut self, key: &str) -> Option<(f64, Place<'a>)> {
        let specification = self.specification(key)?;
        let place = Place { line: specification.line, section: &specification.key };
        match text::number(specification.value.as_bytes()) {
            Ok(value) => Some((value, place)),
            Err(kind) => {
                place.fault(&mut self.faults, text::shown(specification.value.as_bytes()), kind);
                None
            }
        }
    }

    /// The count that a specification gives.
    pub(super) fn count(&mut self, key: &str, low: usize, high: usize) -> Option<usize> {
        let (value, place) = self.number(key)?;
        place.index(&mut self.faults, value, "count", low, high).map(|index| index + low)
    }

    pub(super) fn integer(&mut self, place: Place<'_>, quantity: Quantity, raw: f64) -> i64 {
        place.integer(&mut self.faults, quantity, raw, self.rounding)
    }

    /// For each of `count` objects, its row in the section; `None` if a fault is reported.
    pub(super) fn rows(&mut self, section: &Section, count: usize, what: &'static str) -> Option<Vec<usize>> {
        if section.len() != count {
            let kind = FaultKind::RowCount { what, expected: count, found: section.len() };
            section.header().fault(&mut self.faults, "", kind);
            return None;
        }
        if counts_from_zero(section) {
            let first = (0..count).find(|&row| section.row(row)[0] == 0.0).unwrap_or(0);
            section.place(first).fault(&mut self.faults, "0", FaultKind::CountedFromZero);
            return None;
        }
        let mut rows = vec![usize::MAX; count];
        let mut complete = true;
        for row in 0..count {
            let place = section.place(row);
            let raw = section.row(row)[0];
            let Some(index) = place.index(&mut self.faults, raw, what, 1, count) else {
                complete = false;
                continue;
            };
            if rows[index] == usize::MAX {
                rows[index] = row;
            } else {
                let first_line = section.place(rows[index]).line;
                let kind = FaultKind::DuplicateRow { what, first_line };
                place.fault(&mut self.faults, text::show_number(raw), kind);
                complete = false;
            }
        }
        if what == LOCATION && !self.order.is_same() {
            rows = self.order.numbers.iter().map(|&number| rows[number]).collect();
        }
        complete.then_some(rows)
    }

    /// Reports rows that do not have `columns` numbers after their id.
    pub(super) fn check_width(&mut self, section: &Section, columns: usize) -> Option<()> {
        let mut fits = true;
        for row in 0..section.len() {
            let found = section.row(row).len();
            if found != columns + 1 {
                let kind = FaultKind::RowLength { expected: columns + 1, found };
                section.place(row).fault(&mut self.faults, show_row(section.row(row)), kind);
                fits = false;
            }
        }
        fits.then_some(())
    }

    /// A table with `columns` numbers for each of `count` objects.
    pub(super) fn table<const N: usize>(
        &mut self,
        section: &'a Section,
        count: usize,
        what: &'static str,
    ) -> Option<Vec<(Place<'a>, [f64; N])>> {
        self.check_width(section, N)?;
        let rows = self.rows(section, count, what)?;
        let mut table = Vec::with_capacity(count);
        for row in rows {
            let values = <[f64; N]>::try_from(&section.row(row)[1..]).ok()?;
            table.push((section.place(row), values));
        }
        Some(table)
    }

    /// One integer for each of `count` objects: from the section `KEY_SECTION`, else from the specification `KEY`, else
    /// `default`.
    pub(super) fn column(
        &mut self,
        key: &str,
        count: usize,
        what: &'static str,
        quantity: Quantity,
        default: i64,
    ) -> Column<i64> {
        if let Some(section) = self.section(&format!("{key}_SECTION")) {
            let Some(table) = self.table::<1>(section, count, what) else { return Column::All(default) };
            let values = table.into_iter().map(|(place, [raw])| self.integer(place, quantity, raw));
            return Column::Each(values.collect());
        }
        match self.number(key) {
            Some((raw, place)) => Column::All(self.integer(place, quantity, raw)),
            None => Column::All(default),
        }
    }

    /// The load of each of `count` objects, with as many dimensions as the section has columns.
    pub(super) fn loads(
        &mut self,
        key: &str,
        count: usize,
        what: &'static str,
        quantity: Quantity,
    ) -> Column<Vec<i64>> {
        if let Some(section) = self.section(&format!("{key}_SECTION")) {
            let width = if section.len() == 0 { 1 } else { section.row(0).len().saturating_sub(1).max(1) };
            if self.check_width(section, width).is_none() {
                return Column::All(Vec::new());
            }
            let Some(rows) = self.rows(section, count, what) else { return Column::All(Vec::new()) };
            let load = |row: usize| {
                let values = section.row(row)[1..].iter();
                values.map(|&raw| self.integer(section.place(row), quantity, raw)).collect()
            };
            return Column::Each(rows.into_iter().map(load).collect());
        }
        match self.number(key) {
            Some((raw, place)) => Column::All(vec![self.integer(place, quantity, raw)]),
            None => Column::All(Vec::new()),
        }
    }

    /// The depots, by location, that a list gives for each of `count` vehicles.
    pub(super) fn depot_lists(&mut self, key: &str, count: usize, depots: usize, all: usize) -> Option<Vec<Vec<u32>>> {
        self.lists(key, count, |context, place, raw| context.depot(place, raw, depots, all))
    }

    /// The clients that a list gives for each of `count` vehicles.
    pub(super) fn client_lists(&mut self, key: &str, count: usize, depots: usize, all: usize) -> Option<Vec<Vec<u32>>> {
        self.lists(key, count, |context, place, raw| context.client(place, raw, depots, all))
    }

    fn lists(
        &mut self,
        key: &str,
        count: usize,
        mut item: impl FnMut(&mut Self, Place<'_>, f64) -> Option<usize>,
    ) -> Option<Vec<Vec<u32>>> {
        let section = self.section(key)?;
        let rows = self.rows(section, count, "vehicle")?;
        let mut lists = Vec::with_capacity(count);
        for row in rows {
            let mut list = Vec::with_capacity(section.row(row).len() - 1);
            for &raw in &section.row(row)[1..] {
                list.extend(item(self, section.place(row), raw).map(|index| index as u32));
            }
            lists.push(list);
        }
        Some(lists)
    }

    /// The depot with the given number among `all` locations.
    pub(super) fn depot(&mut self, place: Place<'_>, raw: f64, depots: usize, all: usize) -> Option<usize> {
        let high = if self.order.is_same() { depots } else { all };
        let depot = self.order.place(place.index(&mut self.faults, raw, "depot", 1, high)?);
        if depot < depots {
            return Some(depot);
        }
        place.fault(&mut self.faults, text::show_number(raw), FaultKind::ClientAsDepot);
        None
    }

    /// The client with the given number among `all` locations.
    pub(super) fn client(&mut self, place: Place<'_>, raw: f64, depots: usize, all: usize) -> Option<usize> {
        let location = self.order.place(place.index(&mut self.faults, raw, LOCATION, 1, all)?);
        if location >= depots {
            return Some(location - depots);
        }
        place.fault(&mut self.faults, text::show_number(raw), FaultKind::DepotAsClient);
        None
    }

    /// Reports names that are unknown or given twice.
    pub(super) fn check_names(&mut self, specifications: &[&str], sections: &[&str]) {
        let mut first_lines: HashMap<&str, usize> = HashMap::new();
        let document = self.document;
        for Specification { line, key, value } in &document.specifications {
            if !specifications.contains(&key.as_str()) {
                let shown = text::shown(value.as_bytes());
                self.faults.push(*line, key, shown, FaultKind::UnknownSpecification);
            } else if key != "COMMENT" {
                self.check_first(&mut first_lines, key, *line, key);
            }
        }
        for Section { line, name, .. } in &document.sections {
            let key = name.strip_suffix("_SECTION").unwrap_or(name);
            if sections.contains(&key) {
                self.check_first(&mut first_lines, key, *line, name);
            } else {
                self.faults.push(*line, name, "", FaultKind::UnknownSection);
            }
        }
    }

    /// Reports an unknown `TYPE`.
    pub(super) fn check_kind(&mut self, kinds: &[&str]) {
        let Some(Specification { line, key, value }) = self.specification("TYPE") else { return };
        let known = super::kind(self).is_none_or(|kind| kinds.contains(&kind.as_str()));
        if !known {
            self.faults.push(*line, key, text::shown(value.as_bytes()), FaultKind::UnknownKind);
        }
    }

    fn check_first(&mut self, first_lines: &mut HashMap<&'a str, usize>, key: &'a str, line: usize, shown: &str) {
        let first_line = *first_lines.entry(key).or_insert(line);
        if first_line != line {
            self.faults.push(line, shown, "", FaultKind::Repeated { first_line });
        }
    }
}

/// Whether the rows are numbered 0, 1, 2, …, in any order.
fn counts_from_zero(section: &Section) -> bool {
    let numbers = || (0..section.len()).map(|row| section.row(row)[0]);
    numbers().any(|number| number == 0.0)
        && numbers().all(|number| number.fract() == 0.0 && (0.0..section.len() as f64).contains(&number))
}

pub(super) fn show_row(row: &[f64]) -> String {
    let numbers: Vec<String> = row.iter().map(|&value| text::show_number(value)).collect();
    text::shown(numbers.join(" ").as_bytes())
}
