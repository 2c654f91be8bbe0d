//! The arguments of `import`, and those with which `solve` reads tables.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use milkrun_tables::{DateOrder, DecimalMark, Language};

const IMPORT_HELP: &str = "\
Examples:
  milkrun import bins.csv trucks.csv sites.csv depots.csv --day 2026-12-03 --out day.json
  milkrun import book.xlsx --day 2026-12-03 --out day.json
  milkrun import tables/ --day 2026-12-03 --map 'Standort-Nr=name' --map 'Kap.=capacity:kg' --out day.json

Files are CSV or TSV in any encoding, workbooks (.xlsx, .ods), or points of a map (.geojson); a folder stands for all tables in it. What each of them has,
and what its columns are, is known by names and headings in English, German, French, Spanish, Italian and Dutch; all other
columns are kept as tags. What was understood and what is assumed goes to standard error. All faults are told at once, with
file, row, column, value and remedy.";

/// The heading of [`TableArgs`] in the help.
const TABLES: &str = "How tables (CSV, .xlsx, .ods) are read";

/// How tables are read.
#[derive(Debug, Args)]
pub(crate) struct TableArgs {
    /// The day that is planned: only what is due on it is visited
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = TABLES)]
    pub(crate) day: Option<String>,
    /// What a column is, as 'heading=field', 'heading=field:unit', 'heading=tag' or 'heading=ignore'; may be repeated
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = mapping, help_heading = TABLES)]
    pub(crate) map: Vec<(String, String)>,
    /// A file, or a worksheet by its name, with bins or other clients; may be repeated, as the next three
    #[arg(long, value_name = "TABLE", value_hint = ValueHint::FilePath, help_heading = TABLES)]
    pub(crate) bins: Vec<String>,
    /// A file or worksheet with trucks
    #[arg(long, value_name = "TABLE", value_hint = ValueHint::FilePath, help_heading = TABLES)]
    pub(crate) trucks: Vec<String>,
    /// A file or worksheet with disposal sites
    #[arg(long, value_name = "TABLE", value_hint = ValueHint::FilePath, help_heading = TABLES)]
    pub(crate) sites: Vec<String>,
    /// A file or worksheet with depots
    #[arg(long, value_name = "TABLE", value_hint = ValueHint::FilePath, help_heading = TABLES)]
    pub(crate) depots: Vec<String>,
    /// What separates cells of CSV; found out by default
    #[arg(long, value_name = "CHARACTER", help_heading = TABLES)]
    pub(crate) separator: Option<char>,
    /// The encoding of CSV, such as windows-1252; found out by default
    #[arg(long, value_name = "NAME", help_heading = TABLES)]
    pub(crate) encoding: Option<String>,
    /// The mark before decimals; found out by default
    #[arg(long, value_enum, help_heading = TABLES)]
    pub(crate) decimal: Option<Mark>,
    /// Which part of 03/04/2026 stands first; found out by default
    #[arg(long, value_enum, help_heading = TABLES)]
    pub(crate) date_order: Option<Order>,
    /// The language of days such as Di and Do; found out by default
    #[arg(long, value_enum, help_heading = TABLES)]
    pub(crate) language: Option<Spoken>,
    /// What is assumed where tables are silent (TOML or JSON): loads and times of bins, speed, costs
    #[arg(long, value_name = "DEFAULTS", value_hint = ValueHint::FilePath, help_heading = TABLES)]
    pub(crate) defaults: Option<PathBuf>,
}

fn mapping(text: &str) -> Result<(String, String), String> {
    // A heading may have the sign itself.
    let (column, field) = text.rsplit_once('=').ok_or("give a heading and a field, such as 'Kap.=capacity:kg'")?;
    Ok((column.trim().to_owned(), field.trim().to_owned()))
}

/// The mark before decimals.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Mark {
    Point,
    Comma,
}

impl From<Mark> for DecimalMark {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Point => Self::Point,
            Mark::Comma => Self::Comma,
        }
    }
}

/// The order of day and month.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Order {
    /// The day
    Dmy,
    /// The month
    Mdy,
}

impl From<Order> for DateOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Dmy => Self::Dmy,
            Order::Mdy => Self::Mdy,
        }
    }
}

/// A language of tables.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Spoken {
    En,
    De,
    Fr,
    Es,
    It,
    Nl,
}

impl From<Spoken> for Language {
    fn from(spoken: Spoken) -> Self {
        match spoken {
            Spoken::En => Self::En,
            Spoken::De => Self::De,
            Spoken::Fr => Self::Fr,
            Spoken::Es => Self::Es,
            Spoken::It => Self::It,
            Spoken::Nl => Self::Nl,
        }
    }
}

/// `import`.
#[derive(Debug, Args)]
#[command(after_help = IMPORT_HELP)]
pub(crate) struct Import {
    /// Tables: CSV files, workbooks, points of a map (.geojson), or folders of tables
    #[arg(value_hint = ValueHint::AnyPath, required_unless_present_any = ["bins"])]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) tables: TableArgs,
    /// Where to write the problem (milkrun JSON)
    #[arg(long, value_name = "PROBLEM.json", value_hint = ValueHint::FilePath, default_value = "-")]
    pub(crate) out: PathBuf,
    /// Do not say what was understood, only errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
