//! What an organisation demands of everybody: a second factor, from a moment on.

use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::Accounts as _;

/// From when on everybody must show a second factor, milliseconds since 1970; none: nobody must.
pub(crate) async fn second_factor_from(ledger: &Ledger, org: &str) -> Result<Option<i64>, Error> {
    ledger.connection().await?.second_factor_from(org).await
}

/// Demands a second factor of everybody from a moment on, or no longer.
pub(crate) async fn demand_second_factor(ledger: &Ledger, who: &Identity, from: Option<i64>) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    change.set_second_factor_from(&who.org, from).await?;
    let event = Event::new("second_factor.demanded").by(&who.org, &who.user).with(json!({"from": from}));
    change.commit_with(event).await
}
