//! From rows to what they describe.

pub(crate) mod bins;
pub(crate) mod places;
pub(crate) mod trucks;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::cells::number::{plain, quantity};
use crate::cells::position::{First, degrees, of_cell};
use crate::cells::window::Hours;
use crate::cells::{Cell, duration, rule, time, window};
use crate::columns::{Column, Columns, Evidence};
use crate::defaults::Defaults;
use crate::fault::{Faults, Wrong, wrong};
use crate::grid::{Numbered, Row};
use crate::vocabulary::Vocabulary;

/// Where something is: in degrees, or on a plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Point {
    /// Longitude and latitude.
    Degrees(f64, f64),
    /// To the right and up, in metres.
    Planar(f64, f64),
}

/// What people say about a row: remarks, and columns that mean nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) remarks: String,
    pub(crate) tags: BTreeMap<String, String>,
}

/// A row of a table that is understood.
pub(crate) struct RowReader<'r> {
    pub(crate) table: &'r str,
    pub(crate) numbered: Numbered,
    pub(crate) columns: &'r Columns,
    pub(crate) evidence: &'r Evidence,
    pub(crate) defaults: &'r Defaults,
    pub(crate) day: Option<Date>,
    pub(crate) row: Row<'r, 'r>,
    pub(crate) faults: &'r mut Faults,
}

impl RowReader<'_> {
    /// `bins.csv, row 12`, or `points.geojson, features[11]`.
    pub(crate) fn origin(&self) -> String {
        format!("{}, {}", self.table, self.numbered.shown(self.row.0))
    }

    pub(crate) fn fault(&mut self, field: &str, fault: Wrong) {
        let heading = self.columns.fields.get(field).map(|column| format!(", column {:?}", column.heading));
        let value = self.cell(field).map(|cell| cell.shown().into_owned()).unwrap_or_default();
        let path = format!("{}{}", self.origin(), heading.unwrap_or_default());
        self.faults.push(path, &value, fault);
    }

    /// The cell of a field, unless it is empty.
    pub(crate) fn cell(&self, field: &str) -> Option<&Cell<'_>> {
        let column = self.columns.fields.get(field)?;
        self.row.1.get(column.index).filter(|cell| !cell.is_empty())
    }

    pub(crate) fn text(&self, field: &str) -> String {
        self.cell(field).map(|cell| cell.shown().into_owned()).unwrap_or_default()
    }

    /// What a cell says; nothing where it is empty or faulty.
    pub(crate) fn read<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&Cell<'_>, &Column, &Evidence) -> Result<T, Wrong>,
    ) -> Option<T> {
        let (cell, column) = (self.cell(field)?, self.columns.fields.get(field)?);
        match read(cell, column, self.evidence) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(field, fault);
                None
            }
        }
    }

    /// A number without a unit that is not negative.
    pub(crate) fn number(&mut self, field: &str) -> Option<f64> {
        self.read(field, |cell, column, evidence| not_negative(plain(cell, evidence.mark(column))?))
    }

    /// A whole number.
    pub(crate) fn whole(&mut self, field: &str, most: f64) -> Option<usize> {
        self.read(field, |cell, column, evidence| {
            let number = plain(cell, evidence.mark(column))?;
            if number.fract() == 0.0 && (0.0..=most).contains(&number) {
                return Ok(number as usize);
            }
            Err(wrong("is no whole number that can be here", format!("write 0 to {most}")))
        })
    }

    /// A number that is not negative, and its unit: the cell's own, else that of the heading.
    pub(crate) fn amount(&mut self, field: &str) -> Option<(f64, String)> {
        self.read(field, |cell, column, evidence| {
            let (number, unit) = quantity(cell, evidence.mark(column))?;
            let unit = if unit.is_empty() { column.unit.as_str() } else { unit };
            Ok((not_negative(number)?, unit.to_lowercase()))
        })
    }

    /// A length of time in seconds.
    pub(crate) fn length(&mut self, field: &str) -> Option<i64> {
        self.read(field, |cell, column, evidence| {
            let given = duration::unit(&column.unit);
            if given.is_none() && !column.unit.is_empty() {
                return Err(wrong(
                    format!("has the unit {:?}, which is no unit of time", column.unit),
                    "give min, s or h",
                ));
            }
            let longest = evidence.longest.get(field).copied().unwrap_or_default();
            let mark = evidence.mark(column);
            if given.is_none() && longest > 60.0 && duration::is_bare(cell, mark).is_some() {
                let remedy = format!(
                    "say which: --map {:?} or --map {:?}",
                    format!("{}={field}:min", column.heading),
                    format!("{}={field}:s", column.heading)
                );
                return Err(wrong("may be minutes or seconds", remedy));
            }
            duration::of_cell(cell, mark, given.unwrap_or(60.0))
        })
    }

    /// When it is open, in a cell or in two.
    pub(crate) fn hours(&mut self) -> Option<Hours> {
        if self.cell("window").is_some() {
            return self.read("window", |cell, _, evidence| window::of_cell(cell, evidence.languages));
        }
        if self.cell("opens").is_none() && self.cell("closes").is_none() {
            return None;
        }
        for field in ["opens", "closes"] {
            let is_word =
                |cell: &Cell<'_>| ["closed", "always"].iter().any(|word| Vocabulary::get().is(word, &cell.shown()));
            if self.cell(field).is_some_and(is_word) {
                return self.read(field, |cell, _, evidence| window::of_cell(cell, evidence.languages));
            }
        }
        let count = self.faults.count();
        let opens = self.read("opens", |cell, _, _| time::of_cell(cell));
        let closes = self.read("closes", |cell, _, _| time::of_cell(cell));
        if self.faults.count() > count {
            return None;
        }
        match Hours::between(opens.unwrap_or(0), closes.unwrap_or(time::DAY)) {
            Ok(hours) => Some(hours),
            Err(fault) => {
                self.fault("opens", fault);
                None
            }
        }
    }

    /// The day of the week that is planned.
    pub(crate) fn weekday(&self) -> Option<u8> {
        self.day.map(rule::weekday)
    }

    /// Where it is; a fault where that is not said.
    pub(crate) fn point(&mut self) -> Option<Point> {
        for (field, first) in [("position", First::Latitude), ("lon_lat", First::Longitude)] {
            if self.cell(field).is_some() {
                return self.read(field, |cell, _, _| of_cell(cell, first)).map(|(lon, lat)| Point::Degrees(lon, lat));
            }
        }
        if self.cell("latitude").is_some() && self.cell("longitude").is_some() {
            let lat = self.read("latitude", |cell, _, _| degrees(cell, 90.0));
            let lon = self.read("longitude", |cell, _, _| degrees(cell, 180.0));
            return Some(Point::Degrees(lon?, lat?));
        }
        if self.cell("x").is_some() && self.cell("y").is_some() {
            let mut planar = |field| self.read(field, |cell, column, evidence| plain(cell, evidence.mark(column)));
            let (x, y) = (planar("x"), planar("y"));
            return Some(Point::Planar(x?, y?));
        }
        let remedy = "add columns `latitude` and `longitude`, or one such as `position` with 52.43187, 5.47301; \
                      milkrun asks no one for the positions of addresses";
        self.fault("address", wrong("has no position", remedy));
        None
    }

    /// Remarks and every column that means nothing.
    pub(crate) fn said(&self) -> Said {
        let cells = self.row.1;
        let tags = self.columns.tags.iter().filter_map(|(index, heading)| {
            let cell = cells.get(*index).filter(|cell| !cell.is_empty())?;
            Some((heading.clone(), cell.shown().into_owned()))
        });
        Said { remarks: self.text("remarks"), tags: tags.collect() }
    }

    /// The words of a list in a cell.
    pub(crate) fn list(&self, field: &str) -> Vec<String> {
        let text = self.text(field);
        let words = text.split([',', ';', '/', '|', '+']).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    }
}

fn not_negative(number: f64) -> Result<f64, Wrong> {
    if (0.0..=1e9).contains(&number) {
        return Ok(number);
    }
    Err(wrong("is negative or beyond a thousand million", "write a number from 0 on"))
}
