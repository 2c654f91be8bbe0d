//! Columns whose headings mean nothing and whose cells all look like something that is read: most often a rule that would be
//! lost.

use crate::cells::{Cell, rule, window};
use crate::columns::{Columns, Evidence};
use crate::fault::Wrong;
use crate::grid::Table;
use crate::options::Role;
use crate::vocabulary::{Language, Languages};

/// A column, by its index, and the field that its cells look like.
pub(crate) fn of(
    table: &Table,
    role: Role,
    columns: &Columns,
    after: u64,
    evidence: &Evidence,
) -> Result<Vec<(usize, &'static str)>, Wrong> {
    let has = |field: &str| columns.fields.contains_key(field);
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    for &(index, _) in &columns.tags {
        if role == Role::Bins && !has("days") {
            open.push((index, "days"));
        }
        if !has("window") && !has("opens") && !has("closes") {
            open.push((index, "window"));
        }
    }
    let mut seen = vec![false; open.len()];
    table.each(|(number, cells)| {
        if number <= after {
            return false;
        }
        let looks = |(index, field): (usize, &str), seen: &mut bool| {
            let Some(cell) = cells.get(index).filter(|cell| !cell.is_empty()) else { return true };
            *seen = true;
            match cell {
                Cell::Text(text) if text.chars().any(char::is_alphabetic) && field == "days" => {
                    // A heading that nobody knows says nothing of the language.
                    let reads = |language| rule::of_text(text, Languages::one(language), evidence.order).is_ok();
                    Language::ALL.into_iter().any(reads)
                }
                Cell::Text(text) if text.contains(|c: char| c.is_ascii_digit()) && field == "window" => {
                    window::of_cell(cell, evidence.languages).is_ok()
                }
                _ => false,
            }
        };
        let keep: Vec<bool> = open.iter().zip(&mut seen).map(|(&column, seen)| looks(column, seen)).collect();
        let mut kept = keep.iter();
        open.retain(|_| kept.next() == Some(&true));
        let mut kept = keep.iter();
        seen.retain(|_| kept.next() == Some(&true));
        open.is_empty()
    })?;
    Ok(open.into_iter().zip(seen).filter(|(_, seen)| *seen).map(|(column, _)| column).collect())
}
