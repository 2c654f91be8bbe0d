//! Makes the forecast of a day, some bins at a time, so that memory does not grow with their number but for what is stored.

use milkrun::forecast::ForecastError;

use super::days;
use super::features::Moment;
use super::history::{Batch, History, too_many};
use super::outlook::{self, Outlook};
use super::{registry, settings};
use crate::audit::Ledger;
use crate::config;
use crate::error::Error;
use crate::storage::{Fleet as _, forecasts::RunTask};

/// Why work on forecasts did not end.
#[derive(Debug)]
pub(super) enum Unmade {
    /// It cannot be done, in words for people.
    Failed(String),
    /// Something failed inside.
    Inner(Error),
}

impl From<Error> for Unmade {
    fn from(error: Error) -> Self {
        Self::Inner(error)
    }
}

impl From<ForecastError> for Unmade {
    fn from(error: ForecastError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// How far work is, as a share.
pub(super) type Told<'a> = &'a (dyn Fn(f64) + Sync);

/// All bins of an organisation, some at a time.
pub(super) struct Bins<'a> {
    ledger: &'a Ledger,
    org: &'a str,
    limits: &'a config::Forecasts,
    after: String,
    count: i64,
    done: i64,
}

impl<'a> Bins<'a> {
    /// From the first on.
    pub(super) async fn of(ledger: &'a Ledger, org: &'a str, limits: &'a config::Forecasts) -> Result<Self, Unmade> {
        let count = ledger.connection().await?.count_bins(org).await?;
        if count > limits.max_bins as i64 {
            let most = limits.max_bins;
            return Err(Unmade::Failed(format!("{count} bins: this service forecasts at most {most}")));
        }
        Ok(Self { ledger, org, limits, after: String::new(), count, done: 0 })
    }

    /// The next ones, with what has been known of them of readings within a span; none once there are no more.
    pub(super) async fn next(&mut self, span: (i64, i64), told: Told<'_>) -> Result<Option<History>, Unmade> {
        told(self.done as f64 / self.count.max(1) as f64);
        let (bins, readings) = (self.limits.bins_at_a_time, self.limits.readings_at_a_time);
        let mut connection = self.ledger.connection().await?;
        let codes = connection.bin_codes(self.org, &self.after, bins as i64).await?;
        let Some(last) = codes.last() else { return Ok(None) };
        self.after.clone_from(last);
        self.done += codes.len() as i64;
        let found = History::load(&mut connection, self.org, codes, span, readings).await?;
        found.map(Some).ok_or_else(|| Unmade::Failed(too_many(Batch { bins, readings })))
    }
}

/// Does work that takes a while, on no thread of those that answer requests.
pub(super) async fn apart<T: Send + 'static, E: Into<Unmade> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Unmade> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Unmade::Failed("the work broke off".to_owned()))?.map_err(Into::into)
}

/// A forecast that was made.
#[derive(Debug)]
pub(super) struct Forecast {
    /// What was known, milliseconds since 1970.
    pub(super) as_of: i64,
    /// The model.
    pub(super) model: String,
    /// The bins.
    pub(super) outlooks: Vec<Outlook>,
}

/// Makes the forecast of a day, as of now.
pub(super) async fn forecast(
    ledger: &Ledger,
    limits: &config::Forecasts,
    task: &RunTask,
    told: Told<'_>,
) -> Result<Forecast, Unmade> {
    let settings = settings::find(ledger, &task.org).await?;
    let day = days::date(&task.day).ok_or_else(|| Unmade::Failed("it has no day".to_owned()))?;
    let as_of = ledger.clock.now();
    let moment = Moment::of(&settings, day, as_of);
    if moment.service(0) * days::SECOND <= as_of {
        return Err(Unmade::Failed(format!("the round of {day} serves already: ask for a later day")));
    }
    let model = registry::active(ledger, &task.org).await?;
    let (definition, recipe) = registry::parts(&mut *ledger.connection().await?, &task.org, &model).await?;
    let span = moment.span(&definition);
    let mut bins = Bins::of(ledger, &task.org, limits).await?;
    let mut outlooks = Vec::new();
    while let Some(history) = bins.next(span, told).await? {
        let (definition, moment) = (definition.clone(), moment.clone());
        outlooks
            .extend(apart(move || outlook::outlooks(&history, &definition, &recipe, (&moment, outlook::DAYS))).await?);
    }
    Ok(Forecast { as_of, model: model.id, outlooks })
}
