//! Asks providers of telematics where vehicles are, for organisations that have an account. Positions and how far they were read are
//! stored in one transaction: a process that is killed asks again for what it had not stored.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use milkrun::CancelToken;
use milkrun_providers::{CallError, Page, Position};
use tokio::sync::watch;
use tokio::task::JoinError;

use super::positions::AHEAD;
use crate::audit::Ledger;
use crate::background::CancelOnDrop;
use crate::error::Error;
use crate::forecasts;
use crate::providers::{Hub, Live};
use crate::storage::Tracking as _;
use crate::storage::tracking::{Tracked, TrackedPosition};

/// How often it is looked which account is due.
const LOOK: Duration = Duration::from_secs(5);
/// How long after one question the next one follows, milliseconds.
const EVERY: i64 = 30_000;
/// Most pages of one question; what is left comes with the next one.
const PAGES: usize = 20;

/// What of the answers to one question could not be used.
#[derive(Debug, Default)]
struct PassedOver {
    unreadable: usize,
    /// What was wrong with the first of them.
    why: String,
    ahead: usize,
}

impl PassedOver {
    fn add(&mut self, page: &Page, ahead: usize) {
        if self.unreadable == 0 {
            self.why.clone_from(&page.why);
        }
        self.unreadable += page.passed_over;
        self.ahead += ahead;
    }
}

impl Display for PassedOver {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { unreadable, why, ahead } = self;
        if *unreadable > 0 {
            write!(f, "positions that were passed over, since they cannot be read: {unreadable}; the first: {why}")?;
        }
        if *ahead > 0 {
            let space = if *unreadable > 0 { "; " } else { "" };
            write!(f, "{space}positions that were passed over, since they lie ahead of the service's clock: {ahead}")?;
        }
        Ok(())
    }
}

/// What asks.
#[derive(Clone, Debug)]
pub(crate) struct Tracker {
    /// The database, with its log, and the time.
    pub(crate) ledger: Ledger,
    /// The adapters.
    pub(crate) hub: Arc<Hub>,
}

impl Tracker {
    /// Asks until a signal to stop.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.ask_one(&mut stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "positions of vehicles could not be stored"),
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Asks an account that is due. Gives whether there was one.
    pub(crate) async fn ask_one(&self, stop: &mut watch::Receiver<bool>) -> Result<bool, Error> {
        let mut change = self.ledger.begin().await?;
        let now = change.now();
        change.agree_on_tracking().await?;
        let taken = change.take_tracked(&self.ledger.store, now, now + EVERY).await?;
        change.commit().await?;
        let Some(tracked) = taken else { return Ok(false) };
        let live = match self.hub.adapter(&tracked.org, "telematics").await {
            Ok(live) => live,
            Err(error) => {
                self.note(&tracked, &error.to_string(), false).await?;
                return Ok(true);
            }
        };
        let (mut cursor, mut passed_over) = (tracked.cursor.clone(), PassedOver::default());
        for _ in 0..PAGES {
            let page = match ask(&live, cursor.clone(), stop).await {
                Some(Ok(Ok(page))) => page,
                Some(Ok(Err(error))) => {
                    self.note(&tracked, &error.to_string(), error.is_final()).await?;
                    return Ok(true);
                }
                Some(Err(_)) => {
                    self.note(&tracked, "asking broke off", false).await?;
                    return Ok(true);
                }
                None => return Ok(true),
            };
            self.store(&tracked, &page, &mut passed_over).await?;
            cursor = Some(page.cursor);
            if !page.has_more || *stop.borrow() {
                break;
            }
        }
        Ok(true)
    }

    /// Stores a page, that it was read, and what of it could not be used.
    async fn store(&self, tracked: &Tracked, page: &Page, passed_over: &mut PassedOver) -> Result<(), Error> {
        let zone = forecasts::zone_of(&self.ledger, &tracked.org).await?;
        let mut change = self.ledger.begin().await?;
        let (now, vehicles) = (change.now(), change.vehicles_by_tracker(&tracked.org).await?);
        let known = page.positions.iter().filter(|at| at.at <= now + AHEAD * 1_000);
        let timely = known.clone().count();
        let of: Vec<TrackedPosition> = known.filter_map(|at| own(at, &vehicles, &zone)).collect();
        passed_over.add(page, page.positions.len() - timely);
        change.insert_tracked(&tracked.org, &of, now).await?;
        change.set_tracked(&tracked.account, Some(&page.cursor), &passed_over.to_string()).await?;
        change.commit().await?;
        let count = |vehicle: &'static str, by: usize| {
            metrics::counter!("milkrun_tracked_positions_total", "vehicle" => vehicle).increment(by as u64);
        };
        count("known", of.len());
        count("unknown", timely - of.len());
        count("unreadable", page.passed_over);
        metrics::counter!("milkrun_positions_ahead_total", "from" => "telematics")
            .increment((page.positions.len() - timely) as u64);
        if page.passed_over > 0 || page.positions.len() > timely {
            tracing::warn!(account = tracked.account, passed_over = %passed_over, "some positions cannot be used");
        }
        Ok(())
    }

    /// Notes why there was no answer. What is refused for good is not asked again from the same place.
    async fn note(&self, tracked: &Tracked, problem: &str, is_final: bool) -> Result<(), Error> {
        tracing::warn!(account = tracked.account, problem, "where vehicles are is not known");
        let mut change = self.ledger.begin().await?;
        if is_final {
            change.restart_tracking(&tracked.account).await?;
        }
        change.set_tracked(&tracked.account, None, problem).await?;
        change.commit().await
    }
}

/// Asks a provider, away from the threads that answer requests; `None`: the process stops.
async fn ask(
    live: &Live,
    cursor: Option<String>,
    stop: &mut watch::Receiver<bool>,
) -> Option<Result<Result<Page, CallError>, JoinError>> {
    let Live::Telematics(provider) = live.clone() else { return None };
    let cancel = CancelToken::new();
    let _guard = CancelOnDrop(cancel.clone());
    let asking = tokio::task::spawn_blocking(move || provider.positions(cursor.as_deref(), &cancel));
    tokio::select! {
        answer = asking => Some(answer),
        _ = stop.wait_for(|stop| *stop) => None,
    }
}

/// A position as it is stored: by the vehicle's code, the day and its seconds as clocks of the organisation show them. None of vehicles that
/// the organisation does not have.
fn own(at: &Position, vehicles: &HashMap<String, String>, zone: &TimeZone) -> Option<TrackedPosition> {
    let vehicle = vehicles.get(&at.vehicle)?.clone();
    let moment = Timestamp::from_millisecond(at.at).ok()?.to_zoned(zone.clone());
    let time = moment.time();
    let seconds = i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    Some(TrackedPosition { day: moment.date().to_string(), vehicle, at: seconds, lon: at.lon, lat: at.lat })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_of_the_organisations_day() {
        let vehicles = HashMap::from([("281474".to_owned(), "t1".to_owned())]);
        let at = |vehicle: &str, at: &str| {
            let at = at.parse::<Timestamp>().unwrap().as_millisecond();
            Position { vehicle: vehicle.to_owned(), at, lon: 4.9, lat: 52.4, speed: 8.0 }
        };
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let own = |position: &Position| own(position, &vehicles, &zone).map(|own| (own.day, own.vehicle, own.at));
        let day = |day: &str, seconds: i64| Some((day.to_owned(), "t1".to_owned(), seconds));
        assert_eq!(own(&at("281474", "2026-12-03T06:30:05Z")), day("2026-12-03", 7 * 3_600 + 30 * 60 + 5));
        assert_eq!(own(&at("281474", "2026-12-03T23:30:00Z")), day("2026-12-04", 1_800));
        // When clocks are turned back, seconds are those that clocks show, as plans of that day have them.
        assert_eq!(own(&at("281474", "2026-10-25T06:00:00Z")), day("2026-10-25", 7 * 3_600));
        assert_eq!(own(&at("t1", "2026-12-03T06:30:05Z")), None);
    }
}
