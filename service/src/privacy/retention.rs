//! For how long an organisation keeps what comes in every day. What is older is deleted in the background, some thousand rows
//! at a time. The audit log and the plans of days are kept.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::Retention as _;
use crate::storage::retention::Aged;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Rows that are deleted in one transaction, so that nobody waits long for its end.
const BATCH: i64 = 5_000;

/// A kind of what is kept, and for how many days unless the organisation says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is in the database.
    aged: Aged,
    /// Days that are usual.
    pub(crate) usual: i64,
    /// Fewest days.
    pub(crate) least: i64,
}

/// Most days that anything may be kept.
pub(crate) const MOST: i64 = 36_500;

/// All kinds.
pub(crate) const RULES: [Rule; 7] = [
    // Forecasts learn from two summers.
    Rule { name: "readings", aged: Aged::Readings, usual: 730, least: 1 },
    Rule { name: "jobs", aged: Aged::Jobs, usual: 90, least: 1 },
    Rule { name: "sign_ins", aged: Aged::SignIns, usual: 7, least: 1 },
    // A season: who comes back after it is new once.
    Rule { name: "sign_in_history", aged: Aged::SignInHistory, usual: 90, least: 1 },
    Rule { name: "messages", aged: Aged::Messages, usual: 30, least: 1 },
    Rule { name: "events", aged: Aged::Events, usual: 90, least: 1 },
    // Ten years, as books are kept in most places; longer than anything can be billed after it was done.
    Rule { name: "invoices", aged: Aged::Invoices, usual: 3_653, least: 1_096 },
];

/// For how many days an organisation keeps things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Kept {
    /// Readings of fill levels.
    readings: i64,
    /// Jobs that have ended. Plans stay.
    jobs: i64,
    /// Sessions that are over.
    sign_ins: i64,
    /// What was new or odd about sign-ins, with their addresses.
    sign_in_history: i64,
    /// What was sent to people and systems, or was given up.
    messages: i64,
    /// What providers have told.
    events: i64,
    /// Invoices that were sent, with what was on them.
    invoices: i64,
}

impl Kept {
    fn new(chosen: &BTreeMap<String, i64>) -> Self {
        let days = |name: &str| {
            let usual = RULES.iter().find(|rule| rule.name == name).map_or(MOST, |rule| rule.usual);
            chosen.get(name).copied().unwrap_or(usual)
        };
        Self {
            readings: days("readings"),
            jobs: days("jobs"),
            sign_ins: days("sign_ins"),
            sign_in_history: days("sign_in_history"),
            messages: days("messages"),
            events: days("events"),
            invoices: days("invoices"),
        }
    }
}

/// For how many days the organisation keeps things.
pub(crate) async fn kept(ledger: &Ledger, org: &str) -> Result<Kept, Error> {
    Ok(Kept::new(&ledger.connection().await?.retention(org).await?))
}

/// Says for how many days the organisation keeps things, by kind; the other kinds are kept as usual from now on.
pub(crate) async fn set_kept(ledger: &Ledger, who: &Identity, chosen: &BTreeMap<String, i64>) -> Result<Kept, Error> {
    let mut change = ledger.begin().await?;
    change.set_retention(&who.org, chosen).await?;
    let kept = Kept::new(chosen);
    change.commit_with(Event::new("retention.changed").by(&who.org, &who.user).with(json!(kept))).await?;
    Ok(kept)
}

/// Deletes what is older than each organisation keeps it. Gives how many rows. It may be interrupted anywhere.
pub(super) async fn sweep(ledger: &Ledger) -> Result<u64, Error> {
    let mut deleted = 0;
    let organisations = ledger.connection().await?.organisation_ids().await?;
    for org in &organisations {
        let chosen = ledger.connection().await?.retention(org).await?;
        for rule in RULES {
            let days = chosen.get(rule.name).copied().unwrap_or(rule.usual);
            let before = ledger.clock.now() - days * DAY;
            deleted += sweep_kind(ledger, org, rule, before).await?;
        }
    }
    Ok(deleted)
}

/// Deletes an organisation's rows of a kind from before a time, batch after batch, each in a transaction of its own with its
/// entry in the log.
async fn sweep_kind(ledger: &Ledger, org: &str, rule: Rule, before: i64) -> Result<u64, Error> {
    let (mut total, mut after) = (0, String::new());
    loop {
        // Looking costs no turn to write.
        if !ledger.connection().await?.has_aged(rule.aged, org, before, &after).await? {
            return Ok(total);
        }
        let mut change = ledger.begin().await?;
        let (deleted, reached) = change.delete_aged(rule.aged, org, (before, &after), BATCH).await?;
        if deleted > 0 {
            let detail = json!({"kind": rule.name, "rows": deleted, "before": before});
            change.note(Event::new("data.expired").of(org).with(detail)).await?;
        }
        change.commit().await?;
        total += deleted;
        match reached {
            Some(reached) => after = reached,
            None if deleted == 0 => return Ok(total),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_shown() {
        let shown = serde_json::to_value(Kept::new(&BTreeMap::from([("jobs".to_owned(), 3)]))).unwrap();
        let names: Vec<&String> = shown.as_object().unwrap().keys().collect();
        let mut rules: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        rules.sort_unstable();
        let mut names: Vec<&str> = names.into_iter().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, rules);
        for rule in RULES {
            assert_eq!(shown[rule.name], if rule.name == "jobs" { 3 } else { rule.usual }, "{}", rule.name);
        }
    }
}
