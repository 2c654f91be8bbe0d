//! Records from a table, as people write them: whatever separates cells and stands before decimals, in whatever encoding, with
//! headings in six languages.

use milkrun_tables::{Input, Role, Sheet, TablesError, heading, time_of_day};

use super::Kind;
use super::intake::{Cell, Intake, Place, Row};
use super::kind::Type;
use crate::raw::{self, Scalar};

/// What a column is for.
#[derive(Clone, Debug)]
struct Column {
    /// The field, by its name; or a heading that no field has.
    name: String,
    /// What the heading says of the unit.
    unit: Unit,
}

/// Units of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// The field's own.
    Own,
    /// Tonnes, where the field has kilograms.
    Tonne,
}

/// Reads a table into records.
pub(super) fn read(body: &[u8], intake: &mut Intake) {
    let told = |intake: &mut Intake, error: &TablesError| {
        for issue in &error.issues {
            intake.fault("$", format!("{}: {}", issue.message, issue.remedy));
        }
    };
    let sheet = match Sheet::read(&Input::new("$", body)) {
        Ok(sheet) => sheet,
        Err(error) => return told(intake, &error),
    };
    let kind = intake.kind;
    let mut columns: Vec<Column> = Vec::new();
    let read = sheet.each(|line, cells| {
        let place = Place::Line(line);
        if columns.is_empty() {
            columns = columns_of(kind, cells.iter().map(AsRef::as_ref));
            return true;
        }
        if cells.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
            let (found, headings) = (cells.len(), columns.len());
            let text = format!("{found} cells under {headings} headings: quote cells that hold the separator");
            return intake.fault(place, text);
        }
        let mut row = Row::new(kind, place);
        for (column, text) in columns.iter().zip(cells) {
            // An empty cell is a missing value.
            if !text.is_empty() && !row.put(kind, &column.name, cell(kind, &sheet, column, text)) {
                break;
            }
        }
        intake.take(row)
    });
    if let Err(error) = read {
        told(intake, &error);
    }
}

/// What the columns are for. A field's own name goes before what a heading means; where no column is called `code`, the names
/// are the codes.
fn columns_of<'a>(kind: Kind, headings: impl Iterator<Item = &'a str>) -> Vec<Column> {
    let mut columns: Vec<Column> = headings.map(|text| column(kind, text)).collect();
    if !columns.iter().any(|column| column.name == "code")
        && let Some(names) = columns.iter_mut().find(|column| column.name == "name")
    {
        "code".clone_into(&mut names.name);
    }
    columns
}

fn column(kind: Kind, text: &str) -> Column {
    let own = |name: &str| Column { name: name.to_owned(), unit: Unit::Own };
    let known = text.trim().to_lowercase();
    if kind.position(&known).is_some() {
        return own(&known);
    }
    let role = match kind {
        Kind::Depot => Some(Role::Depots),
        Kind::DisposalSite => Some(Role::Sites),
        Kind::Vehicle => Some(Role::Trucks),
        Kind::Bin => Some(Role::Bins),
        Kind::Driver | Kind::Payer => None,
    };
    let Some((meaning, unit)) = role.and_then(|role| heading(role, text)) else { return own(text) };
    let field = match meaning {
        "latitude" => "lat",
        "longitude" => "lon",
        "load" => "load_kg",
        "capacity" => "capacity_kg",
        "opens" if kind == Kind::Vehicle => "shift_from",
        "closes" if kind == Kind::Vehicle => "shift_until",
        "opens" => "open_from",
        "closes" => "open_until",
        "name" | "priority" | "skills" | "depot" | "max_stops" | "fixed_cost" => meaning,
        _ => return own(text),
    };
    match (field, weight(&unit)) {
        ("load_kg" | "capacity_kg", Some(unit)) => Column { name: field.to_owned(), unit },
        _ if unit.is_empty() => own(field),
        // Litres are no kilograms: better an unknown column than a wrong weight.
        _ => own(text),
    }
}

fn weight(unit: &str) -> Option<Unit> {
    match unit.trim().to_lowercase().as_str() {
        "" | "kg" => Some(Unit::Own),
        "t" | "to" => Some(Unit::Tonne),
        _ => None,
    }
}

/// What a cell says in a column.
fn cell(kind: Kind, sheet: &Sheet, column: &Column, text: &str) -> Cell {
    let said = || Cell::Single(Scalar::Text(text.to_owned()));
    let doubt = |why: &str| Cell::Other(format!("{:?} {why}", raw::clipped(text)));
    let Some(field) = kind.position(&column.name).map(|at| kind.fields()[at]) else { return said() };
    // A number where text is asked for stays text.
    if matches!(field.holds, Type::Text(_) | Type::Choice(_) | Type::Prices(_)) {
        return said();
    }
    let is_time = ["_from", "_until"].iter().any(|end| field.name.ends_with(end));
    if is_time && text.parse::<i64>().is_err() {
        return match time_of_day(text) {
            Ok(seconds) => Cell::Single(Scalar::Integer(seconds)),
            Err(why) => doubt(&why),
        };
    }
    let (number, unit) = match sheet.number(text) {
        Ok(read) => read,
        Err(why) => return doubt(&why),
    };
    let unit = match unit {
        "" => Some(column.unit),
        unit if field.name.ends_with("_kg") => weight(unit),
        _ => None,
    };
    match unit {
        Some(Unit::Own) => Cell::Single(scalar(number)),
        Some(Unit::Tonne) => Cell::Single(scalar(number * 1_000.0)),
        None => said(),
    }
}

/// A number as a whole one, where it is.
fn scalar(number: f64) -> Scalar {
    let whole = number.round();
    if (number - whole).abs() < 1e-9 && whole.abs() < 9.0e15 {
        return Scalar::Integer(whole as i64);
    }
    Scalar::Real(number)
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Record, Value, read};
    use super::*;

    fn bins(text: impl AsRef<[u8]>) -> Vec<Record> {
        read(Kind::Bin, Format::Csv, text.as_ref()).unwrap()
    }

    #[test]
    fn tables_are_read_as_people_write_them() {
        let plain = bins("code,name,lon,lat,load_kg,open_from\nb1,Straße 5,4.9,52.4,1500,27000\n");
        assert_eq!(plain[0].0[1], Value::Text("Straße 5".to_owned()));
        for text in [
            &b"code;name;lon;lat;load_kg;open_from\nb1;Stra\xdfe 5;4,9;52,4;1500;27000\n"[..],
            "\u{feff}code\tname\tlon\tlat\tload_kg\topen_from\nb1\tStraße 5\t4.9\t52.4\t1500 kg\t7:30\n".as_bytes(),
            "Code;Name;Längengrad;Breitengrad;Gewicht (t);von\r\nb1;Straße 5;4,9;52,4;1,5;07:30\r\n".as_bytes(),
            "code|denominación|longitud|latitud|peso|abre\n\nb1|Straße 5|4,9|52,4|1,5 t|7h30\n".as_bytes(),
        ] {
            assert_eq!(bins(text), plain, "{}", String::from_utf8_lossy(text));
        }
        let named = bins("Behälter;Breite;Länge;Gewicht\nT-7;52,4;4,9;80\n");
        assert_eq!((named[0].code(), named[0].get(Kind::Bin, "load_kg")), ("T-7", &Value::Integer(80)));
    }

    #[test]
    fn what_means_nothing_or_two_things_is_said() {
        let faults = |text: &str| {
            let faults = read(Kind::Bin, Format::Csv, text.as_bytes()).unwrap_err();
            faults.into_iter().map(|fault| format!("{} {}", fault.path, fault.message)).collect::<Vec<_>>().join("\n")
        };
        let litres = faults("code,lon,lat,load (l)\nb1,4.9,52.4,120\n");
        assert!(litres.contains("line 2.load (l) unknown") && litres.contains("line 2.load_kg missing"), "{litres}");
        let doubt = faults("code,lon,lat,load_kg\nb1,4,52,\"1.234\"\n");
        assert!(doubt.contains("may be 1234 or 1.234"), "{doubt}");
        let ragged = faults("code;lon;lat;load_kg\nb1;4.9;52.4;1;x\n;4.9;52.4;-1\nb3;4.9;52.4\n");
        assert!(ragged.starts_with("line 2 5 cells under 4 headings"), "{ragged}");
        for fault in ["line 3.code missing", "line 3.load_kg -1", "line 4.load_kg missing"] {
            assert!(ragged.contains(fault), "{ragged}");
        }
        let time = faults("code,lon,lat,load_kg,open_from\nb1,4.9,52.4,1,noon\n");
        assert!(time.contains("line 2.open_from \"noon\" is no time of day"), "{time}");
    }
}
