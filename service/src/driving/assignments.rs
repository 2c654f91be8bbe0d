//! Who drives which vehicle of a day.

use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::auth::roles::DRIVES;
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::driving::Driver;
use crate::storage::{Days as _, Driving as _};

/// What became of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Assigned {
    /// It holds.
    Done,
    /// The organisation has no such user.
    Missing,
    /// The user's roles do not allow to drive, or the account is disabled.
    NoDriver,
    /// The organisation has no such vehicle.
    NoVehicle,
}

/// Users who can be assigned, with their vehicle of a day.
pub(crate) async fn drivers(ledger: &Ledger, org: &str, day: &str) -> Result<Vec<Driver>, Error> {
    ledger.connection().await?.day_drivers(org, day, DRIVES).await
}

/// Assigns a user to a vehicle for a day, in place of another vehicle.
pub(crate) async fn assign(
    ledger: &Ledger,
    who: &Identity,
    day: &str,
    user: &str,
    vehicle: &str,
) -> Result<Assigned, Error> {
    let mut change = ledger.begin().await?;
    let (now, of) = (change.now(), (who.org.as_str(), day));
    match change.is_driver(&who.org, user, DRIVES).await? {
        None => return Ok(Assigned::Missing),
        Some(false) => return Ok(Assigned::NoDriver),
        Some(true) => {}
    }
    let plan = change.day_version(&who.org, day).await?.map_or_else(String::new, |version| version.plan_id);
    if !change.is_vehicle(&who.org, &plan, vehicle).await? {
        return Ok(Assigned::NoVehicle);
    }
    change.end_assignments(of, user, now).await?;
    change.assign(of, user, vehicle, &who.user, now).await?;
    let event = Event::new("driver.assigned").by(&who.org, &who.user).on(user);
    change.commit_with(event.with(json!({"day": day, "vehicle": vehicle}))).await?;
    Ok(Assigned::Done)
}

/// Ends a user's assignment of a day. Gives whether there was one.
pub(crate) async fn release(ledger: &Ledger, who: &Identity, day: &str, user: &str) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    if change.end_assignments((&who.org, day), user, now).await? == 0 {
        return Ok(false);
    }
    let event = Event::new("driver.released").by(&who.org, &who.user).on(user).with(json!({"day": day}));
    change.commit_with(event).await?;
    Ok(true)
}
