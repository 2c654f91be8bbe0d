//! The bins that a day's plan must or may visit, by the day's forecast.

use milkrun::forecast::{Action, Choice};

use super::features::Moment;
use super::making::apart;
use super::outlook::Outlooks;
use super::{read, settings};
use crate::audit::Ledger;
use crate::error::Error;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::Forecasts as _;
use crate::storage::plans::PlanForecast;

/// Bins that are decided at once.
const PAGE: i64 = 500;

/// Which forecast a plan is to come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FromForecast {
    /// The day.
    pub(crate) day: jiff::civil::Date,
    /// A bin that is full before the next round with a higher probability must be visited; none: that of the settings.
    pub(crate) risk: Option<f64>,
}

/// Bins that a plan must or may visit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selection {
    /// What the plan says of where it comes from.
    pub(crate) source: PlanForecast,
    /// The bins, by code; those that are skipped are not among them.
    pub(crate) bins: Vec<(String, Choice)>,
}

impl Outcome for Selection {}

/// What the newest forecast of a day has a plan visit; none: there is no such forecast.
pub(crate) async fn select(ledger: &Ledger, org: &str, of: FromForecast) -> Result<Option<Selection>, Error> {
    watched(Operation::Forecasts, || async move {
        let settings = settings::find(ledger, org).await?;
        let mut connection = ledger.connection().await?;
        let day = of.day.to_string();
        let run = connection.forecast_of_day(org, &day, i64::MAX).await?;
        let Some((run, as_of)) = run.and_then(|run| run.as_of.map(|as_of| (run, as_of))) else { return Ok(None) };
        let moment = Moment::of(&settings, of.day, as_of);
        let (risk, costs) = (of.risk.unwrap_or(settings.risk), (settings.visit_cost, settings.overflow_cost));
        let (id, model_id) = (run.id.clone(), run.model_id);
        let mut source = PlanForecast { id, day, as_of, model_id, risk, must: 0, may: 0, skip: 0 };
        let (mut bins, mut after) = (Vec::new(), String::new());
        loop {
            let outlooks = connection.outlooks(&run.id, &after, PAGE).await?;
            let Some(last) = outlooks.last() else { break };
            after.clone_from(&last.bin);
            let moment = moment.clone();
            let decided = apart(move || {
                let choices = Outlooks::of(&outlooks, &moment)?.choices(risk, costs)?;
                let names = outlooks.into_iter().map(|outlook| outlook.bin);
                Ok::<_, milkrun::forecast::ForecastError>(names.zip(choices).collect::<Vec<_>>())
            });
            for (bin, choice) in decided.await.map_err(read::inner)? {
                match choice.action {
                    Action::Must => source.must += 1,
                    Action::May => source.may += 1,
                    Action::Skip => source.skip += 1,
                }
                if choice.action != Action::Skip {
                    bins.push((bin, choice));
                }
            }
        }
        Ok(Some(Selection { source, bins }))
    })
    .await
}
