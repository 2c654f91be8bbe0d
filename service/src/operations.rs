//! The operations of a plan's life, watched alike: how each ends and how long it takes is counted, and where two of
//! them meet in the database, so that it turns one of them away, that one is tried again.

use std::time::{Duration, Instant};

use tracing::Instrument as _;

use crate::error::Error;
use crate::traces;

/// What is done with plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A result is stored.
    StoreResult,
    /// The present plan of a day, of a vehicle or a depot is read.
    ReadCurrent,
    /// A stored plan is brought into the engine's form.
    LoadForm,
    /// A day's plan is adapted to what has happened.
    Adapt,
    /// An adaptation is accepted or rejected.
    Decide,
    /// A day gets another plan.
    Update,
    /// What drivers report is stored.
    Report,
    /// Alternatives are stored, read or chosen.
    Alternatives,
    /// Invoices are drafted, read, approved or deleted.
    Invoices,
    /// Figures are read.
    Figures,
    /// Feature sets are defined, and features read.
    FeatureSets,
    /// Days like a day are looked for.
    SimilarDays,
    /// A forecast is asked for, made or read.
    Forecasts,
    /// Models are trained, promoted, retired or read.
    Models,
    /// What a forecast was worth is worked out or read.
    ForecastReviews,
}

impl Operation {
    /// Its name in the figures.
    const fn name(self) -> &'static str {
        match self {
            Self::StoreResult => "store_result",
            Self::ReadCurrent => "read_current",
            Self::LoadForm => "load_form",
            Self::Adapt => "adapt",
            Self::Decide => "decide",
            Self::Update => "update",
            Self::Report => "report",
            Self::Alternatives => "alternatives",
            Self::Invoices => "invoices",
            Self::Figures => "figures",
            Self::SimilarDays => "similar_days",
            Self::FeatureSets => "feature_sets",
            Self::Forecasts => "forecasts",
            Self::Models => "forecast_models",
            Self::ForecastReviews => "forecast_reviews",
        }
    }
}

/// How often an operation is tried.
const TRIES: u32 = 4;
/// The wait before the second try; it doubles.
const WAIT: Duration = Duration::from_millis(10);

/// What an operation ended with, in a word.
pub(crate) trait Outcome {
    /// `done` unless it says otherwise.
    fn word(&self) -> &'static str {
        "done"
    }
}

impl<T> Outcome for Option<T> {
    fn word(&self) -> &'static str {
        if self.is_some() { "done" } else { "missing" }
    }
}

impl<T> Outcome for Vec<T> {}
impl<A, B> Outcome for (A, B) {}

/// Why an operation did not end.
pub(crate) trait Failure {
    /// What failed inside, if it did; else it was refused.
    fn inner(&self) -> Option<&Error>;
}

impl Failure for Error {
    fn inner(&self) -> Option<&Error> {
        Some(self)
    }
}

/// Does an operation, and counts it. It may be done again after it failed, as long as it has changed nothing: a
/// transaction that did not end has not.
///
/// # Errors
///
/// Those of the last try.
pub(crate) async fn watched<T: Outcome, E: Failure, F: Future<Output = Result<T, E>>>(
    operation: Operation,
    work: impl Fn() -> F,
) -> Result<T, E> {
    let (name, start) = (operation.name(), Instant::now());
    let span = traces::operation(name);
    let mut wait = WAIT;
    let mut tries = 1;
    let ended = loop {
        let ended = work().instrument(span.clone()).await;
        let collided = ended.as_ref().err().and_then(Failure::inner).is_some_and(Error::is_collision);
        if !collided || tries == TRIES {
            break ended;
        }
        metrics::counter!("milkrun_operation_retries_total", "operation" => name).increment(1);
        tokio::time::sleep(wait).await;
        tries += 1;
        wait *= 2;
    };
    let word = match &ended {
        Ok(value) => value.word(),
        Err(error) => match error.inner() {
            None => "refused",
            Some(error) if error.is_outage() => "unavailable",
            Some(_) => "failed",
        },
    };
    traces::operated(&span, word, tries);
    metrics::counter!("milkrun_operations_total", "operation" => name, "ended" => word).increment(1);
    metrics::histogram!("milkrun_operation_seconds", "operation" => name).record(start.elapsed().as_secs_f64());
    ended
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    struct Wrong(Error);

    impl Failure for Wrong {
        fn inner(&self) -> Option<&Error> {
            Some(&self.0)
        }
    }

    async fn tries(error: fn() -> Error, succeeds_at: u32) -> (u32, bool) {
        let tried = AtomicU32::new(0);
        let work = || {
            let number = tried.fetch_add(1, Ordering::Relaxed) + 1;
            std::future::ready(if number == succeeds_at { Ok(Some(())) } else { Err(Wrong(error())) })
        };
        let ended = watched(Operation::Update, work).await;
        (tried.load(Ordering::Relaxed), ended.is_ok())
    }

    #[tokio::test]
    async fn only_collisions_are_tried_again() {
        let collision = || Error::Collision("two at once".to_owned());
        let stored = || Error::Stored("damaged".to_owned());
        assert_eq!(tries(collision, 1).await, (1, true));
        assert_eq!(tries(collision, 3).await, (3, true));
        assert_eq!(tries(collision, 99).await, (TRIES, false));
        assert_eq!(tries(stored, 99).await, (1, false));
    }
}
