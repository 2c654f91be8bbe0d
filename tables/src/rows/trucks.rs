//! Trucks.

use super::{RowReader, Said};
use crate::cells::window::{Hours, OnDay};
use crate::cells::{Cell, duration, window};
use crate::fault::{Wrong, wrong};
use crate::loads::{Amounts, amounts};

/// Trucks that are alike.
#[derive(Clone, Debug)]
pub(crate) struct TruckRow {
    pub(crate) origin: String,
    pub(crate) name: String,
    pub(crate) count: usize,
    pub(crate) capacity: Amounts,
    /// The names of depots where it starts and ends.
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
    pub(crate) shift: Option<(i64, i64)>,
    /// Earliest and latest start, and length.
    pub(crate) pause: Option<(i64, i64, i64)>,
    pub(crate) cost_km: Option<f64>,
    pub(crate) cost_hour: Option<f64>,
    pub(crate) fixed_cost: Option<f64>,
    pub(crate) max_stops: Option<usize>,
    pub(crate) skills: Vec<String>,
    pub(crate) materials: Vec<String>,
    pub(crate) said: Said,
}

/// Reads a row of trucks; nothing where it is faulty, or where the trucks stay in today.
pub(crate) fn truck(row: &mut RowReader<'_>) -> Option<TruckRow> {
    let count = row.faults.count();
    let number = row.whole("number", 100_000.0).unwrap_or(1);
    let mut capacity = Amounts::default();
    for field in ["capacity", "volume"] {
        if let Some((value, unit)) = row.amount(field) {
            let unit = if unit.is_empty() && field == "volume" { "m3".to_owned() } else { unit };
            match amounts(value, &unit) {
                Ok(more) => capacity = capacity.or(more),
                Err(fault) => row.fault(field, fault),
            }
        }
    }
    let depot = Some(row.text("depot")).filter(|name| !name.is_empty());
    let named = |row: &RowReader<'_>, field| Some(row.text(field)).filter(|name| !name.is_empty()).or(depot.clone());
    let (start, end) = (named(row, "start_depot"), named(row, "end_depot"));
    let shift = row.hours();
    let shift = shift.map(|hours| one_window(&hours, row.weekday()));
    let shift = match shift.transpose() {
        Ok(shift) => shift,
        Err(fault) => {
            row.fault("window", fault);
            None
        }
    };
    let pause = row.read("break", |cell, _, evidence| pause(cell, evidence.languages));
    let [cost_km, cost_hour, fixed_cost] = ["cost_km", "cost_hour", "fixed_cost"].map(|field| row.number(field));
    let max_stops = row.whole("max_stops", 1e6);
    let (skills, materials) = (row.list("skills"), row.list("materials"));
    let materials = materials.iter().map(|word| row.defaults.material(word).to_owned()).collect();
    if row.faults.count() > count || number == 0 || shift == Some(None) {
        return None;
    }
    let shift = shift.flatten();
    let (origin, name, said) = (row.origin(), row.text("name"), row.said());
    let costs = (cost_km, cost_hour, fixed_cost);
    let (cost_km, cost_hour, fixed_cost) = costs;
    Some(TruckRow {
        origin,
        name,
        count: number,
        capacity,
        start,
        end,
        shift,
        pause,
        cost_km,
        cost_hour,
        fixed_cost,
        max_stops,
        skills,
        materials,
        said,
    })
}

/// The window that begins on the day; nothing where there is none.
pub(crate) fn one_window(hours: &Hours, day: Option<u8>) -> Result<Option<(i64, i64)>, Wrong> {
    match hours.begun_on(day)? {
        OnDay::Always => Ok(Some((0, crate::cells::time::DAY))),
        OnDay::Never => Ok(None),
        OnDay::Windows(windows) => match windows[..] {
            [one] => Ok(Some(one)),
            _ => Err(wrong("has several windows", "give one from begin to end, and breaks in a column `break`")),
        },
    }
}

/// A break: `12:00-13:00 30 min` begins in the window and ends in it; `12:00-12:30` is all of it.
fn pause(cell: &Cell<'_>, languages: crate::vocabulary::Languages) -> Result<(i64, i64, i64), Wrong> {
    const EXAMPLES: &str = "write 12:00-13:00 30 min";
    let text = cell.shown();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = None;
    for take in [2, 1] {
        if words.len() > take {
            let (first, rest) = words.split_at(take);
            let (before, last) = words.split_at(words.len() - take);
            for (length, window) in [(last, before), (first, rest)] {
                let length = length.join(" ");
                if length.contains(|c: char| c.is_alphabetic())
                    && let Ok(seconds) = duration::of_cell(&Cell::text(&length), None, 60.0)
                {
                    found = found.or(Some((seconds, window.join(" "))));
                }
            }
        }
    }
    let (seconds, window) = found.map_or((None, text.into_owned()), |(seconds, window)| (Some(seconds), window));
    let hours = window::of_cell(&Cell::text(&window), languages).map_err(|_| wrong("is no break", EXAMPLES))?;
    let Some((from, to)) = one_window(&hours, None)? else { return Err(wrong("is no break", EXAMPLES)) };
    let seconds = seconds.unwrap_or(to - from);
    if seconds == 0 || seconds > to - from {
        return Err(wrong("is longer than its window", EXAMPLES));
    }
    Ok((from, to - seconds, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Languages;

    #[test]
    fn breaks_as_people_write_them() {
        const H: i64 = 3_600;
        let read = |text: &'static str| pause(&Cell::text(text), Languages::ALL).ok();
        for text in ["11:00-13:00 30 min", "30 min 11:00-13:00", "11:00-13:00 30min", "11-13 30 min"] {
            assert_eq!(read(text), Some((11 * H, 12 * H + H / 2, H / 2)), "{text}");
        }
        assert_eq!(read("12:00-12:30"), Some((12 * H, 12 * H, H / 2)));
        for text in ["30 min", "12:00", "12:00-12:30 45 min", "x", "12:00-13:00 0 min", "closed"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
