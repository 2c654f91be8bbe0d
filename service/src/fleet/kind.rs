//! The kinds of things and their fields.

use serde_json::{Map, json};

use super::prices;
use crate::storage::fleet::{Holds, Table};

pub(crate) use crate::storage::rows::Value;

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Where vehicles start and end.
    Depot,
    /// Where vehicles are emptied.
    DisposalSite,
    /// What drives.
    Vehicle,
    /// Who drives.
    Driver,
    /// What is emptied.
    Bin,
    /// Who pays for that.
    Payer,
}

/// What a field holds, with its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Type {
    /// Text of at most so many characters.
    Text(usize),
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A whole number in a range.
    Integer(i64, i64),
    /// A number in a range.
    Real(f64, f64),
    /// Prices by material, as `paper=4000 glass=2500`, in at most so many characters.
    Prices(usize),
}

/// A field of a kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Field {
    /// Its name: also the column's, in tables and in the database.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) holds: Type,
    /// The default; `None`: it must be given.
    pub(crate) default: Option<Default>,
    /// What it means.
    pub(crate) meaning: &'static str,
}

/// A default that can be a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Default {
    /// No text.
    Empty,
    /// A whole number.
    Integer(i64),
}

const DAY: i64 = 86_400;

const fn field(name: &'static str, holds: Type, default: Option<Default>, meaning: &'static str) -> Field {
    Field { name, holds, default, meaning }
}

const CODE: Field = field("code", Type::Text(64), None, "the organisation's own name for it, unique among its kind");
const NAME: Field = field("name", Type::Text(200), Some(Default::Empty), "a name for people");
const LON: Field = field("lon", Type::Real(-180.0, 180.0), None, "longitude, degrees");
const LAT: Field = field("lat", Type::Real(-90.0, 90.0), None, "latitude, degrees");

const fn time(name: &'static str, default: i64, meaning: &'static str) -> Field {
    field(name, Type::Integer(0, 2 * DAY), Some(Default::Integer(default)), meaning)
}

const fn service(default: i64, meaning: &'static str) -> Field {
    field("service_seconds", Type::Integer(0, DAY), Some(Default::Integer(default)), meaning)
}

const OPEN: [Field; 2] = [
    time("open_from", 0, "opens at, seconds after midnight"),
    time("open_until", DAY, "closes at, seconds after midnight"),
];
const fn amount(name: &'static str, most: i64, default: i64, meaning: &'static str) -> Field {
    field(name, Type::Integer(0, most), Some(Default::Integer(default)), meaning)
}

/// Largest price of one thing.
const PRICE: i64 = 1_000_000_000;
/// The rules on rests: none, Regulation (EC) No 561/2006, and the United States' rule of 30 minutes.
const RULES: [&str; 3] = ["", "eu561", "us30"];

const DEPOT: [Field; 8] = [
    CODE,
    NAME,
    LON,
    LAT,
    OPEN[0],
    OPEN[1],
    service(0, "time to set out, seconds"),
    field(
        "network",
        Type::Text(64),
        Some(Default::Empty),
        "code of the street network that its vehicles drive on; empty: the organisation's usual one",
    ),
];
const DISPOSAL: [Field; 11] = [
    CODE,
    NAME,
    LON,
    LAT,
    OPEN[0],
    OPEN[1],
    service(900, "time that every visit takes, seconds"),
    amount("unload_seconds_per_tonne", DAY, 0, "time on top for each tonne that is unloaded, seconds"),
    amount("visit_cost", PRICE, 0, "cost of every visit"),
    amount("fee_per_tonne", PRICE, 0, "tipping fee of a tonne"),
    amount("daily_capacity_kg", PRICE, 0, "maximum that it accepts per day, kilograms; 0: no limit"),
];
const VEHICLE: [Field; 17] = [
    CODE,
    NAME,
    field("depot", Type::Text(64), None, "code of the depot where it starts and ends"),
    field("capacity_kg", Type::Integer(1, 100_000), None, "maximum load, kilograms"),
    time("shift_from", 6 * 3_600, "may start at, seconds after midnight"),
    time("shift_until", 15 * 3_600, "must be back at, seconds after midnight"),
    amount("fixed_cost", PRICE, 0, "cost of using it for a day"),
    amount("cost_per_metre", 1_000_000, 1, "cost of driving a metre"),
    amount("cost_per_second", 1_000_000, 0, "cost of a second of its day"),
    field("max_trips", Type::Integer(1, 50), Some(Default::Integer(4)), "maximum number of trips per day"),
    amount("max_stops", 100_000, 0, "maximum number of bins per day; 0: no limit"),
    time("break_from", 11 * 3_600, "the driver's break may start at, seconds after midnight"),
    time("break_until", 14 * 3_600, "the break must have started by, seconds after midnight"),
    amount("break_seconds", DAY, 0, "how long the break is, seconds; 0: none"),
    field("driver_rule", Type::Choice(&RULES), Some(Default::Empty), "rule on rests: eu561, us30, or empty for none"),
    field("skills", Type::Text(200), Some(Default::Empty), "what it can do, words with spaces between"),
    field(
        "tracker",
        Type::Text(64),
        Some(Default::Empty),
        "how the provider of telematics calls it; empty: by its code",
    ),
];
const DRIVER: [Field; 4] = [
    CODE,
    NAME,
    field("vehicle", Type::Text(64), Some(Default::Empty), "code of the vehicle usually driven"),
    field(
        "phone",
        Type::Text(20),
        Some(Default::Empty),
        "number for messages, as +4915112345678; empty: none are sent",
    ),
];
/// Currencies that invoices may be in; amounts are in their smallest unit.
const CURRENCIES: [&str; 16] =
    ["aud", "bgn", "cad", "chf", "czk", "dkk", "eur", "gbp", "huf", "jpy", "nok", "nzd", "pln", "ron", "sek", "usd"];
const PAYER: [Field; 10] = [
    CODE,
    NAME,
    field("email", Type::Text(254), Some(Default::Empty), "where invoices go"),
    field(
        "customer",
        Type::Text(100),
        Some(Default::Empty),
        "the provider's name for the customer, such as cus_123; empty: one is made when the first invoice is sent",
    ),
    field("currency", Type::Choice(&CURRENCIES), None, "three letters, such as eur"),
    amount("price_per_emptying", PRICE, 0, "price of an emptying, in the currency's smallest unit"),
    amount("price_per_tonne", PRICE, 0, "price of a tonne, in the currency's smallest unit; 0: weight costs nothing"),
    field(
        "material_prices",
        Type::Prices(500),
        Some(Default::Empty),
        "prices of a tonne by the bins' material, as paper=4000 glass=2500; of other materials, price_per_tonne",
    ),
    amount("tax_basis_points", 10_000, 0, "tax, hundredths of a per cent: 1900 are 19 per cent"),
    field("days_until_due", Type::Integer(1, 365), Some(Default::Integer(14)), "days until an invoice is due"),
];
const BIN: [Field; 15] = [
    CODE,
    NAME,
    LON,
    LAT,
    field("load_kg", Type::Integer(0, 100_000), None, "what it holds when full, kilograms"),
    field("fill_percent", Type::Integer(0, 200), Some(Default::Integer(100)), "how full it is, per cent"),
    OPEN[0],
    OPEN[1],
    service(60, "time to empty it, seconds"),
    amount("priority", 9, 0, "a bin of a higher priority is never unserved in favour of bins of lower priorities"),
    field(
        "skills",
        Type::Text(200),
        Some(Default::Empty),
        "what the vehicle must be able to do, words with spaces between",
    ),
    field("address", Type::Text(200), Some(Default::Empty), "street and number, for the driver"),
    field("remarks", Type::Text(500), Some(Default::Empty), "what the driver should know, such as who has the key"),
    field("payer", Type::Text(64), Some(Default::Empty), "code of who pays for its emptyings; empty: nobody"),
    field("material", Type::Text(64), Some(Default::Empty), "what is in it, a word, for prices alone"),
];

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Depot, Self::DisposalSite, Self::Vehicle, Self::Driver, Self::Bin, Self::Payer];

    /// Its name in addresses.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Depot => "depots",
            Self::DisposalSite => "disposal-sites",
            Self::Vehicle => "vehicles",
            Self::Driver => "drivers",
            Self::Bin => "bins",
            Self::Payer => "payers",
        }
    }

    /// The kind of this name in addresses.
    pub(crate) fn from_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.path() == path)
    }

    /// Its table.
    pub(super) fn stored(self) -> Table {
        let name = match self {
            Self::Depot => "depots",
            Self::DisposalSite => "disposal_sites",
            Self::Vehicle => "vehicles",
            Self::Driver => "drivers",
            Self::Bin => "bins",
            Self::Payer => "payers",
        };
        let column = |field: &Field| {
            let holds = match field.holds {
                Type::Text(_) | Type::Choice(_) | Type::Prices(_) => Holds::Text,
                Type::Integer(..) => Holds::Integer,
                Type::Real(..) => Holds::Real,
            };
            (field.name, holds)
        };
        Table { name, columns: self.fields().iter().map(column).collect() }
    }

    /// Its fields; the first is the code.
    pub(crate) const fn fields(self) -> &'static [Field] {
        match self {
            Self::Depot => &DEPOT,
            Self::DisposalSite => &DISPOSAL,
            Self::Vehicle => &VEHICLE,
            Self::Driver => &DRIVER,
            Self::Bin => &BIN,
            Self::Payer => &PAYER,
        }
    }

    /// The place of the field in [`fields`](Self::fields).
    pub(crate) fn position(self, name: &str) -> Option<usize> {
        self.fields().iter().position(|field| field.name == name)
    }

    /// JSON Schema of one thing as it is answered.
    pub(crate) fn schema(self) -> serde_json::Value {
        let mut properties = Map::new();
        for field in self.fields() {
            let mut schema = match field.holds {
                Type::Text(most) => json!({"type": "string", "maxLength": most}),
                Type::Prices(most) => json!({"type": "string", "maxLength": most, "pattern": prices::PATTERN}),
                Type::Choice(choices) => json!({"type": "string", "enum": choices}),
                Type::Integer(from, to) => json!({"type": "integer", "minimum": from, "maximum": to}),
                Type::Real(from, to) => json!({"type": "number", "minimum": from, "maximum": to}),
            };
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".to_owned(), field.meaning.into());
                match field.default {
                    Some(Default::Empty) => schema.insert("default".to_owned(), "".into()),
                    Some(Default::Integer(value)) => schema.insert("default".to_owned(), value.into()),
                    None => None,
                };
                if field.name == "code" {
                    schema.insert("minLength".to_owned(), 1.into());
                }
            }
            properties.insert(field.name.to_owned(), schema);
        }
        let required: Vec<&str> = self.fields().iter().filter(|f| f.default.is_none()).map(|f| f.name).collect();
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    }
}

impl Value {
    /// As JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Integer(value) => (*value).into(),
            Self::Real(value) => (*value).into(),
            Self::Null => serde_json::Value::Null,
        }
    }

    /// The whole number, or 0 if it is none.
    pub(crate) fn integer(&self) -> i64 {
        if let Self::Integer(value) = self { *value } else { 0 }
    }

    /// The number, or 0 if it is none.
    pub(crate) fn real(&self) -> f64 {
        if let Self::Real(value) = self { *value } else { 0.0 }
    }

    /// The text, or none.
    pub(crate) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}
