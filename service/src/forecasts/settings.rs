//! What an organisation sets for its forecasts, and when the next one is due.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::days::{self, SECOND};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::fleet::Fault;
use crate::storage::{Connection, FeatureSets as _};

/// What an organisation sets for its forecasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(default)]
pub(crate) struct Settings {
    /// Whether a forecast is made every day.
    pub(crate) enabled: bool,
    /// The time zone of its days, as Europe/Amsterdam.
    #[schema(max_length = 64)]
    pub(crate) zone: String,
    /// When the next day's forecast is made, seconds after midnight.
    #[schema(minimum = 0, maximum = 86_399)]
    pub(crate) run_at: i64,
    /// When a round serves, seconds after midnight.
    #[schema(minimum = 0, maximum = 86_399)]
    pub(crate) service_at: i64,
    /// A bin that is full before the next round with a higher probability must be visited.
    #[schema(minimum = 0.02, maximum = 0.9)]
    pub(crate) risk: f64,
    /// What a visit adds to a route at another time, in the unit of cost of the vehicles.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub(crate) visit_cost: i64,
    /// What an overflow costs.
    #[schema(minimum = 0, maximum = 10_000_000_000_i64)]
    pub(crate) overflow_cost: i64,
    /// Days between two visits of the fixed rhythm that forecasts are compared with.
    #[schema(minimum = 1, maximum = 28)]
    pub(crate) rhythm_days: i64,
    /// A visit to a bin below this level is one that could have waited, per cent.
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) low_percent: i64,
    /// Whether a candidate that is better than the active model by `margin` is promoted by itself.
    pub(crate) auto_promote: bool,
    /// By which share its loss must be smaller.
    #[schema(minimum = 0.0, maximum = 0.9)]
    pub(crate) margin: f64,
    /// Whether a candidate is trained by itself where a review advises it, at most once in seven days.
    pub(crate) auto_train: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: true,
            zone: "UTC".to_owned(),
            run_at: 18 * 3_600,
            service_at: 7 * 3_600,
            risk: 0.3,
            visit_cost: 1_000,
            overflow_cost: 10_000,
            rhythm_days: 3,
            low_percent: 50,
            auto_promote: false,
            margin: 0.05,
            auto_train: false,
        }
    }
}

/// Least and greatest risk: beyond them, quantiles do not tell it.
pub(crate) const RISKS: std::ops::RangeInclusive<f64> = 0.02..=0.9;

impl Settings {
    /// All that is wrong.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut within = |name: &str, is_right: bool, remedy: &str| {
            if !is_right {
                faults.push(Fault::new(format!("$.{name}"), remedy.to_owned()));
            }
        };
        within("zone", days::zone(&self.zone).is_some(), "unknown: give a time zone such as Europe/Amsterdam, or UTC");
        let second = |value: i64| (0..86_400).contains(&value);
        within("run_at", second(self.run_at), "give 0 to 86399 seconds after midnight");
        within("service_at", second(self.service_at), "give 0 to 86399 seconds after midnight");
        within("risk", RISKS.contains(&self.risk), "give a probability from 0.02 to 0.9");
        within("visit_cost", (1..=1_000_000_000).contains(&self.visit_cost), "give 1 to 1000000000");
        within("overflow_cost", (0..=10_000_000_000).contains(&self.overflow_cost), "give 0 to 10000000000");
        within("rhythm_days", (1..=28).contains(&self.rhythm_days), "give 1 to 28 days");
        within("low_percent", (1..=100).contains(&self.low_percent), "give 1 to 100 per cent");
        within("margin", (0.0..=0.9).contains(&self.margin), "give a share from 0 to 0.9");
        faults
    }

    /// Its time zone; UTC if this release does not know it.
    pub(super) fn time_zone(&self) -> TimeZone {
        days::zone(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The last moment at which a forecast was due, and the next one after it, milliseconds since 1970.
    pub(super) fn due(&self, now: i64) -> (i64, i64) {
        let zone = self.time_zone();
        let today = days::day_of(&zone, now);
        let at = |day: i64| days::moment(&zone, days::later(today, day), self.run_at) * SECOND;
        if at(0) <= now { (at(0), at(1)) } else { (at(-1), at(0)) }
    }

    /// The day that a forecast is for which is made now: tomorrow, once it is due.
    pub(crate) fn tomorrow(&self, now: i64) -> jiff::civil::Date {
        days::later(days::day_of(&self.time_zone(), now), 1)
    }

    /// As it is stored.
    pub(super) fn text(&self) -> String {
        json!(self).to_string()
    }
}

/// What an organisation has set, or the defaults.
pub(super) async fn of(connection: &mut Connection, org: &str) -> Result<Settings, Error> {
    let stored = connection.forecast_settings(org).await?;
    let read = |text: String| serde_json::from_str(&text).map_err(|error| Error::Stored(format!("settings: {error}")));
    stored.map_or_else(|| Ok(Settings::default()), read)
}

/// What an organisation has set, or the defaults.
pub(crate) async fn find(ledger: &Ledger, org: &str) -> Result<Settings, Error> {
    of(&mut *ledger.connection().await?, org).await
}

/// The time zone of an organisation's days.
pub(crate) async fn zone_of(ledger: &Ledger, org: &str) -> Result<TimeZone, Error> {
    Ok(find(ledger, org).await?.time_zone())
}

/// The time zone of an organisation's days, over a connection.
pub(crate) async fn zone_over(connection: &mut Connection, org: &str) -> Result<TimeZone, Error> {
    Ok(of(connection, org).await?.time_zone())
}

/// The time zone of an organisation's days, unless it has left it at UTC: then nobody has said where it is.
pub(crate) async fn zone_if_set(ledger: &Ledger, org: &str) -> Result<Option<TimeZone>, Error> {
    let settings = find(ledger, org).await?;
    Ok((settings.zone != Settings::default().zone).then(|| settings.time_zone()))
}

/// Stores what an organisation sets.
pub(crate) async fn set(ledger: &Ledger, who: &Identity, settings: &Settings) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let next = settings.enabled.then(|| settings.due(change.now()).1);
    change.set_forecast_settings(&who.org, &settings.text(), next).await?;
    change.commit_with(Event::new("forecasts.set").by(&who.org, &who.user).with(json!(settings))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_once_a_day_at_local_time() {
        let settings = Settings { zone: "Asia/Kolkata".to_owned(), run_at: 3_600, ..Settings::default() };
        assert!(settings.faults().is_empty());
        // Half past midnight there, on the 3rd: the last one was due on the 2nd.
        let now = 1_796_238_000_000;
        assert_eq!(days::day_of(&settings.time_zone(), now).to_string(), "2026-12-03");
        let (last, next) = settings.due(now);
        assert_eq!((next - now, next - last), (1_800_000, 86_400_000));
        assert_eq!(settings.due(next), (next, next + 86_400_000));
        assert_eq!(settings.tomorrow(now).to_string(), "2026-12-04");
    }

    #[test]
    fn what_is_wrong_is_said_at_once() {
        let wrong =
            Settings { zone: "Mars".to_owned(), run_at: 90_000, risk: 0.0, rhythm_days: 0, ..Settings::default() };
        assert_eq!(wrong.faults().len(), 4);
    }
}
