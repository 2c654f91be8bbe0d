//! Drivers, and what comes back from the road. A user with the permission `routes:drive` is assigned to a vehicle for a day, and sees
//! the stops of that vehicle, of the plan that holds, and nothing else.
//!
//! A phone may have no connection for hours: each report has an id that was made on the phone and says when it happened, so that it
//! may come late, in any order, and more than once. Of several words on a stop the one that was said last counts.

mod assignments;
mod photos;
mod picture;
mod positions;
mod reports;
mod route;
mod tracker;

#[cfg(test)]
pub(crate) use picture::tests::photo as a_photo;

pub(crate) use assignments::{Assigned, assign, drivers, release};
pub(crate) use photos::{Taken, keep_photo, own_photo, photo};
pub(crate) use positions::{Told, last as last_positions, store as store_positions};
pub(crate) use reports::{REASONS, Received, list as list_reports, receive};
pub(crate) use route::{DriverRoute, days, of_user};
pub(crate) use tracker::Tracker;

pub(crate) use crate::storage::driving::{DrivenDay, Driver};
pub(crate) use crate::storage::reports::{NewReport, Photo, Position, Report};

use crate::audit::Ledger;
use crate::config::Driving as Settings;
use crate::error::Error;
use crate::storage::{Reports as _, Tracking as _};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Deletes photos and positions that are older than they are kept.
pub(crate) async fn sweep(ledger: &Ledger, settings: &Settings) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let before = |days: i64| now.saturating_sub(days.saturating_mul(DAY));
    let photos = change.forget_photos(before(settings.photo_days)).await?;
    let positions = change.forget_positions(before(settings.position_days)).await?
        + change.forget_tracked(before(settings.position_days)).await?;
    change.commit().await?;
    if photos + positions > 0 {
        tracing::info!(photos, positions, "photos and positions were deleted for their age");
    }
    Ok(())
}
