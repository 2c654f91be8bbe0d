//! Routes while they are sent: of several versions the last one is on the device, and no older one comes late and stays. Each version has a
//! key of its own, by which it is taken back; that an attempt may still arrive is written down before it is made.

use milkrun_providers::Replaced;

use crate::audit::Ledger;
use crate::error::Error;
use crate::storage::Outbox as _;
use crate::storage::outbox::{Outgoing, UNCERTAIN};

/// Most older versions that are taken back with a newer one.
const MOST: i64 = 20;

/// What is to be done with a route.
pub(super) enum Turn {
    /// It is sent, in place of these.
    Send(Replaced),
    /// An older version is being sent: it is waited for.
    Wait,
    /// A newer version was written: this one is not sent, and taken back if something of it may be there.
    Superseded { may_be_there: bool },
    /// It is another worker's by now.
    Lost,
}

/// Whose turn it is. A route that is to be sent is noted as one of which something may be there.
pub(super) async fn turn(ledger: &Ledger, of: (&str, &str), row: &Outgoing) -> Result<Turn, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    if change.is_superseded(row).await? {
        return Ok(Turn::Superseded { may_be_there: row.remains > 0 });
    }
    if change.is_preceded(row, now).await? {
        return Ok(Turn::Wait);
    }
    if !change.begin_outgoing(of).await? {
        return Ok(Turn::Lost);
    }
    let mut replaced = Replaced::default();
    // What an attempt of its own brings late has the same key, and goes first.
    replaced.sent.extend((row.remains > 0).then(|| row.id.clone()));
    for (id, remains) in change.remaining(row, MOST).await? {
        if remains == UNCERTAIN { replaced.uncertain.push(id) } else { replaced.sent.push(id) }
    }
    change.commit().await?;
    Ok(Turn::Send(replaced))
}
