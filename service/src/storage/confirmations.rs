//! What drivers say of a day's stops.

use std::collections::HashMap;

use super::Connection;
use super::rows::{self, Value};
use crate::error::Error;

/// A word on a stop, as it is stored: activity and code, whether it was done, the reason, the second of the day, and the vehicle; empty:
/// as planned.
pub(crate) type Word<'a> = (&'a str, &'a str, bool, &'a str, i64, &'a str);

/// By activity and code: whether a stop was done, and the second of the day.
pub(crate) type Words = HashMap<(String, String), (bool, i64)>;

/// The same, with the vehicle.
pub(crate) type VehicleWords = HashMap<(String, String), (bool, i64, String)>;

/// What drivers say of a day's stops: the newest word on each.
pub(crate) trait Confirmations {
    /// Stores words of a day, at most one on each stop. One that is older than what is stored changes nothing.
    async fn confirm(&mut self, of: (&str, &str), words: &[Word<'_>], by: &str, now: i64) -> Result<(), Error>;

    /// By activity and code: whether a stop was done, the second of the day, and the vehicle that was there; empty: as planned.
    async fn words_of_vehicles(&mut self, org: &str, day: &str) -> Result<VehicleWords, Error>;

    /// The words on a day's stops.
    async fn words(&mut self, org: &str, day: &str) -> Result<Words, Error>;
}

impl Confirmations for Connection {
    async fn confirm(&mut self, (org, day): (&str, &str), words: &[Word<'_>], by: &str, now: i64) -> Result<(), Error> {
        let row = |&(activity, code, is_done, reason, at, vehicle): &Word<'_>| -> [Value; 10] {
            let outcome = if is_done { "done" } else { "missed" };
            [
                org.into(),
                day.into(),
                activity.into(),
                code.into(),
                outcome.into(),
                reason.into(),
                at.into(),
                by.into(),
                now.into(),
                vehicle.into(),
            ]
        };
        let rows: Vec<[Value; 10]> = words.iter().map(row).collect();
        rows::insert(
            self,
            "confirmations (org_id, day, activity, code, outcome, reason, at_second, confirmed_by, received_at, vehicle)",
            "ON CONFLICT (org_id, day, activity, code) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
                 at_second = excluded.at_second, confirmed_by = excluded.confirmed_by, received_at = excluded.received_at,
                 vehicle = excluded.vehicle
             WHERE excluded.at_second >= confirmations.at_second",
            &rows,
        )
        .await
    }

    async fn words_of_vehicles(&mut self, org: &str, day: &str) -> Result<VehicleWords, Error> {
        let rows: Vec<(String, String, String, i64, String)> = sqlx::query_as(
            "SELECT activity, code, outcome, at_second, vehicle FROM confirmations WHERE org_id = $1 AND day = $2",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .fetch_all(self)
        .await?;
        let word = |(activity, code, outcome, at, vehicle): (String, String, String, i64, String)| {
            ((activity, code), (outcome == "done", at, vehicle))
        };
        Ok(rows.into_iter().map(word).collect())
    }

    async fn words(&mut self, org: &str, day: &str) -> Result<Words, Error> {
        let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT activity, code, outcome, at_second FROM confirmations WHERE org_id = $1 AND day = $2",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(|(activity, code, outcome, at)| ((activity, code), (outcome == "done", at))).collect())
    }
}
