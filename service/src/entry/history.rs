//! Sign-ins as people and administrators see them.

use serde::Serialize;

use crate::audit::Ledger;
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::SignIns as _;
use crate::storage::sign_ins::{SignIn, WhichSignIns};

/// A sign-in, as it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Seen {
    /// Its id.
    id: String,
    /// The user.
    user: String,
    /// When, milliseconds since 1970.
    at: i64,
    /// From which address.
    address: String,
    /// Program and system, as far as they say; empty: nothing.
    device: String,
    /// Country of the address, where that is known.
    country: String,
    /// How odd it was, in points.
    score: i64,
    /// Why: `new_network`, `new_device`, `impossible_travel`, `new_country`, `unusual_hour`, `failures_before`,
    /// `failures_elsewhere`, `listed`.
    reasons: Vec<String>,
    /// What was done: `let_in`; `told`: let in, and the person told; `confirmed`: let in after a second factor or a code;
    /// `asked`: a code was asked for; `blocked`: refused with a right password; `refused`: with a wrong one.
    outcome: String,
}

fn seen(row: SignIn) -> Seen {
    let reasons = row.reasons.split_whitespace().map(str::to_owned).collect();
    let SignIn { id, user, at, address, agent, country, score, outcome, .. } = row;
    Seen { id, user, at, address, device: agent, country, score, reasons, outcome }
}

/// The caller's own sign-ins before a time, the newest first.
pub(crate) async fn of_user(ledger: &Ledger, who: &Identity, before: i64, limit: i64) -> Result<Vec<Seen>, Error> {
    of_organisation(ledger, &who.org, (&who.user, before, limit)).await
}

/// Sign-ins of an organisation before a time, the newest first; of one user, unless that is empty.
pub(crate) async fn of_organisation(
    ledger: &Ledger,
    org: &str,
    (user, before, limit): (&str, i64, i64),
) -> Result<Vec<Seen>, Error> {
    let which = WhichSignIns { user, before, limit };
    Ok(ledger.connection().await?.sign_ins_of(org, which).await?.into_iter().map(seen).collect())
}
