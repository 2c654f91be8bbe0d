//! Where vehicles are.

use crate::audit::Ledger;
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::reports::Position;
use crate::storage::{Driving as _, Reports as _};

/// Stores where a driver's vehicle was; gives whether the user drives one on the day. Of each ten seconds the first word counts. It is
/// not written down in the audit log: there would be nothing else in it.
pub(crate) async fn store(ledger: &Ledger, who: &Identity, day: &str, positions: &[Position]) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    let (now, of) = (change.now(), (who.org.as_str(), day));
    let assigned = change.assigned_vehicles(of, &who.user).await?;
    let Some((vehicle, _)) = assigned.into_iter().find(|(_, holds)| *holds) else { return Ok(false) };
    let own: Vec<Position> =
        positions.iter().map(|position| Position { vehicle: vehicle.clone(), ..position.clone() }).collect();
    change.insert_positions((&who.org, &who.user), day, &own, now).await?;
    change.commit().await?;
    Ok(true)
}

/// Where each vehicle of a day was last.
pub(crate) async fn last(ledger: &Ledger, org: &str, day: &str) -> Result<Vec<Position>, Error> {
    ledger.connection().await?.last_positions(org, day).await
}
