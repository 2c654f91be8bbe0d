//! Takes rows one by one, checks them, and says when it has enough: of rows, or of faults.

use std::collections::HashMap;
use std::fmt;

use super::kind::{Default, Type};
use super::{Fault, Field, Kind, Record, Value, prices};
use crate::raw::{self, Scalar};

/// Most records of one import.
const MAX_RECORDS: usize = 50_000;
/// Most faults that are reported.
const MAX_FAULTS: usize = 100;

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a list, counted from 0.
    Item(usize),
    /// Among the features of a map, counted from 0.
    Feature(usize),
    /// In a table: the line, as editors count.
    Line(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(i) => write!(f, "$[{i}]"),
            Self::Feature(i) => write!(f, "$.features[{i}]"),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

/// What stands in a field of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// A single value.
    Single(Scalar),
    /// A list, an object, or whatever else no field holds; as messages repeat it.
    Other(String),
}

/// The values of one row by the kind's fields, and what is wrong with their names.
pub(super) struct Row {
    place: Place,
    cells: Vec<Option<Cell>>,
    faults: Vec<Fault>,
}

impl Row {
    pub(super) fn new(kind: Kind, place: Place) -> Self {
        Self { place, cells: vec![None; kind.fields().len()], faults: Vec::new() }
    }

    /// Puts a value into the field of this name. Gives whether more may come.
    pub(super) fn put(&mut self, kind: Kind, name: &str, cell: Cell) -> bool {
        let path = || format!("{}.{}", self.place, raw::clipped(name));
        match kind.position(name) {
            None => {
                let known: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
                self.faults.push(Fault::new(path(), format!("unknown; there are {}", known.join(", "))));
            }
            Some(at) if self.cells[at].is_some() => {
                self.faults.push(Fault::new(path(), "given twice: give it once"));
            }
            Some(at) => self.cells[at] = Some(cell),
        }
        self.faults.len() < MAX_FAULTS
    }
}

/// The records so far.
pub(super) struct Intake {
    pub(super) kind: Kind,
    records: Vec<Record>,
    faults: Vec<Fault>,
    seen: HashMap<String, Place>,
    /// Rows that were examined, of which the last may be one too many.
    rows: usize,
}

impl Intake {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, records: Vec::new(), faults: Vec::new(), seen: HashMap::new(), rows: 0 }
    }

    /// Checks a row. Gives whether more may come.
    pub(super) fn take(&mut self, row: Row) -> bool {
        let place = row.place;
        self.rows += 1;
        if self.rows > MAX_RECORDS {
            return false;
        }
        let before = self.faults.len();
        let record = self.record(row);
        if self.faults.len() == before {
            let code = record.code().to_owned();
            match self.seen.insert(code, place) {
                None => self.records.push(record),
                Some(first) => {
                    let text = format!("the same code as at {first}: give each its own");
                    self.faults.push(Fault::new(format!("{place}.code"), text));
                }
            }
        }
        self.faults.len() < MAX_FAULTS
    }

    /// Notes something wrong. Gives whether more may come.
    pub(super) fn fault(&mut self, path: impl fmt::Display, message: impl Into<String>) -> bool {
        self.faults.push(Fault::new(path.to_string(), message));
        self.faults.len() < MAX_FAULTS
    }

    /// The records, or all faults; of very many, the first hundred.
    pub(super) fn finish(mut self) -> Result<Vec<Record>, Vec<Fault>> {
        if self.rows > MAX_RECORDS {
            let text = format!("more than {MAX_RECORDS} records: send at most {MAX_RECORDS} at a time");
            return Err(vec![Fault::new("$", text)]);
        }
        self.faults.truncate(MAX_FAULTS);
        if self.faults.is_empty() { Ok(self.records) } else { Err(self.faults) }
    }

    fn record(&mut self, row: Row) -> Record {
        let (kind, Row { place, cells, faults }) = (self.kind, row);
        self.faults.extend(faults);
        let mut values = Vec::with_capacity(cells.len());
        for (field, cell) in kind.fields().iter().zip(cells) {
            values.push(value(*field, cell).unwrap_or_else(|message| {
                self.faults.push(Fault::new(format!("{place}.{}", field.name), message));
                Value::Integer(0)
            }));
        }
        for (from, until) in [("open_from", "open_until"), ("shift_from", "shift_until"), ("break_from", "break_until")]
        {
            let time = |name| kind.position(name).and_then(|at| values.get(at)).map(Value::integer);
            if let (Some(early), Some(late)) = (time(from), time(until))
                && early > late
            {
                let text = format!("{late} is before {from}, {early}: give a later time");
                self.faults.push(Fault::new(format!("{place}.{until}"), text));
            }
        }
        if kind == Kind::Payer {
            let text = |name| kind.position(name).and_then(|at| values.get(at)).map_or("", Value::text);
            let email = text("email");
            let (user, host) = email.split_once('@').unwrap_or_default();
            if email.is_empty() && text("customer").is_empty() {
                let message = "missing; give where invoices go, or the provider's name for the customer";
                self.faults.push(Fault::new(format!("{place}.email"), message));
            } else if !email.is_empty() && (user.is_empty() || host.is_empty() || email.contains(char::is_whitespace)) {
                let shown = raw::clipped(email);
                self.faults.push(Fault::new(format!("{place}.email"), format!("{shown:?}: give an e-mail address")));
            }
        }
        Record(values)
    }
}

/// One field's value; the error says what is wrong with it and what may stand there.
fn value(field: Field, given: Option<Cell>) -> Result<Value, String> {
    let given = match given {
        None | Some(Cell::Single(Scalar::Null)) => None,
        Some(Cell::Single(scalar)) => Some(Ok(scalar)),
        Some(Cell::Other(text)) => Some(Err(text)),
    };
    let Some(given) = given else {
        return match field.default {
            Some(Default::Empty) => Ok(Value::Text(String::new())),
            Some(Default::Integer(value)) => Ok(Value::Integer(value)),
            None => Err(format!("missing; give {}", field.meaning)),
        };
    };
    let shown = match &given {
        Ok(Scalar::Text(text)) => format!("{:?}", raw::clipped(text)),
        Ok(Scalar::Integer(value)) => value.to_string(),
        Ok(Scalar::Real(value)) => value.to_string(),
        Ok(Scalar::Bool) => "true or false".to_owned(),
        Ok(Scalar::Null) => "null".to_owned(),
        Err(text) => text.clone(),
    };
    match (field.holds, given.ok()) {
        (Type::Text(most), Some(Scalar::Text(text))) => {
            let length = text.chars().count();
            let control = text.chars().any(char::is_control);
            if control || length > most || (length == 0 && field.default.is_none()) {
                return Err(format!("{length} characters: give 1 to {most}, and no control characters"));
            }
            Ok(Value::Text(text))
        }
        (Type::Prices(most), Some(Scalar::Text(text))) if text.chars().count() <= most => match prices::read(&text) {
            Ok(_) => Ok(Value::Text(text)),
            Err(message) => Err(message),
        },
        (Type::Prices(most), _) => Err(format!("{shown}: give prices such as paper=4000, at most {most} characters")),
        (Type::Text(most), _) => Err(format!("{shown}: give text of at most {most} characters")),
        (Type::Choice(choices), Some(Scalar::Text(text))) if choices.contains(&text.as_str()) => Ok(Value::Text(text)),
        (Type::Choice(choices), _) => {
            let named = choices.iter().filter(|choice| !choice.is_empty()).copied().collect::<Vec<_>>().join(", ");
            Err(format!("{shown}: give one of {named}, or nothing"))
        }
        (Type::Integer(from, to), Some(Scalar::Integer(value))) if (from..=to).contains(&value) => {
            Ok(Value::Integer(value))
        }
        (Type::Integer(from, to), _) => Err(format!("{shown}: give a whole number from {from} to {to}")),
        (Type::Real(from, to), given) => {
            let number = match given {
                Some(Scalar::Integer(value)) => Some(value as f64),
                Some(Scalar::Real(value)) => Some(value),
                _ => None,
            };
            let number = number.filter(|value| (from..=to).contains(value));
            number.map(Value::Real).ok_or_else(|| format!("{shown}: give a number from {from} to {to}"))
        }
    }
}
