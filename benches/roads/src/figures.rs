//! What was measured, in a file: map, program, measure, value.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::kit::Outcome;

/// The name of the file, to which the scripts append, too.
const FILE: &str = "figures.tsv";

pub struct Figures {
    path: PathBuf,
}

/// One line of the file.
pub struct Figure {
    pub map: String,
    pub program: String,
    pub measure: String,
    pub value: String,
}

impl Figures {
    /// An empty file.
    pub fn create(work: &Path) -> Result<Self, String> {
        let path = work.join(FILE);
        File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path })
    }

    /// Adds lines of a measure and a value.
    pub fn add(&mut self, map: &str, program: &str, text: &str) -> Outcome {
        let told = |error: std::io::Error| format!("{}: {error}", self.path.display());
        let mut file = File::options().append(true).open(&self.path).map_err(told)?;
        for (measure, value) in text.lines().filter_map(|line| line.split_once(' ')) {
            writeln!(file, "{map}\t{program}\t{measure}\t{value}").map_err(told)?;
        }
        Ok(())
    }

    /// An error where programs found different travel times between the same states.
    pub fn agree(&self, map: &str) -> Outcome {
        let all = read(&self.path)?;
        let sums = all.iter().filter(|figure| figure.map == map && figure.measure == "sum");
        let mut sums: Vec<(&str, &str)> = sums.map(|figure| (figure.program.as_str(), figure.value.as_str())).collect();
        sums.dedup_by_key(|sum| sum.1);
        if sums.len() > 1 { Err(format!("{map}: the programs disagree: {sums:?}")) } else { Ok(()) }
    }
}

/// All figures of a folder.
pub fn read_all(work: &Path) -> Result<Vec<Figure>, String> {
    read(&work.join(FILE))
}

fn read(path: &Path) -> Result<Vec<Figure>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let figure = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        Some(Figure { map: cells.next()?, program: cells.next()?, measure: cells.next()?, value: cells.next()? })
    };
    Ok(text.lines().filter_map(figure).collect())
}
