//! What was known of some bins at any moment. Readings that came later, and corrections, are not seen before they came.

use milkrun::forecast::{Cleaned, Emptyings, ForecastError, SeriesSet, clean};

use super::days::SECOND;
use super::definition::Definition;
use crate::error::Error;
use crate::storage::readings::Known;
use crate::storage::{Connection, Readings as _};

/// All that has ever been known of some bins.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// The bins.
    pub(super) bins: Vec<String>,
    known: Vec<Vec<Known>>,
}

impl History {
    /// Readings that were taken within a span, milliseconds since 1970, and arrived by its end. `None`: more than `most`.
    pub(super) async fn load(
        connection: &mut Connection,
        org: &str,
        bins: Vec<String>,
        span: (i64, i64),
        most: usize,
    ) -> Result<Option<Self>, Error> {
        let known = connection.known_readings(org, &bins, span, most).await?;
        Ok(known.map(|known| Self { bins, known }))
    }

    /// What was known at a moment of readings that were taken within a span, both in milliseconds since 1970, its ends
    /// included.
    pub(super) fn as_of(&self, moment: i64, (from, until): (i64, i64)) -> Result<SeriesSet, ForecastError> {
        let (mut starts, mut times, mut values) = (vec![0], Vec::new(), Vec::new());
        for bin in &self.known {
            let then = bin.iter().filter(|row| row.from <= moment && moment < row.until);
            for row in then.filter(|row| (from..=until.min(moment)).contains(&row.at)) {
                times.push(row.at.div_euclid(SECOND));
                values.push(row.fill_percent);
            }
            starts.push(times.len());
        }
        SeriesSet::from_parts(self.bins.clone(), starts, times, values)
    }

    /// The same, cleaned.
    pub(super) fn cleaned(
        &self,
        definition: &Definition,
        moment: i64,
        span: (i64, i64),
    ) -> Result<Cleaned, ForecastError> {
        clean(&self.as_of(moment, span)?, Emptyings::Infer, &definition.cleaning())
    }
}

/// What may be done at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    /// Bins.
    pub(super) bins: usize,
    /// Readings.
    pub(super) readings: usize,
}

/// Why so many readings are not used.
pub(super) fn too_many(batch: Batch) -> String {
    format!(
        "{} bins have more than {} readings within the history: use fewer days of history, or raise \
         forecasts.readings_at_a_time",
        batch.bins, batch.readings
    )
}
