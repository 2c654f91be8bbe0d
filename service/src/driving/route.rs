//! The route of a driver: the stops of the vehicle of the day, of the plan that holds.

use serde::Serialize;

use crate::audit::Ledger;
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::driving::{DrivenDay, DrivenStop};
use crate::storage::{Connection, Days as _, Driving as _};

/// What a driver does on a day.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DriverRoute {
    /// The day, as `2026-12-03`.
    pub(crate) day: String,
    /// The vehicle.
    pub(crate) vehicle: String,
    /// The version of the day's plan; 0: there is none yet.
    pub(crate) version: i64,
    /// The stops, in order.
    pub(crate) stops: Vec<RouteStop>,
}

/// A stop, and how to get there.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct RouteStop {
    /// What is to be done there.
    #[serde(flatten)]
    pub(crate) stop: DrivenStop,
    /// An address for programs that navigate (RFC 5870); null of what has no place of its own.
    pub(crate) geo: Option<String>,
    /// The same as a link for browsers.
    pub(crate) map: Option<String>,
}

/// The newest days on which a user drives.
pub(crate) async fn days(ledger: &Ledger, who: &Identity, limit: i64) -> Result<Vec<DrivenDay>, Error> {
    ledger.connection().await?.driven_days(&who.org, &who.user, limit).await
}

/// The route of a user on a day; `None`: the user is not assigned to a vehicle.
pub(crate) async fn of_user(ledger: &Ledger, who: &Identity, day: &str) -> Result<Option<DriverRoute>, Error> {
    read(&mut *ledger.connection().await?, who, day).await
}

/// The same on a connection.
pub(super) async fn read(connection: &mut Connection, who: &Identity, day: &str) -> Result<Option<DriverRoute>, Error> {
    let of = (who.org.as_str(), day);
    let assigned = connection.assigned_vehicles(of, &who.user).await?;
    let Some((vehicle, _)) = assigned.into_iter().find(|(_, holds)| *holds) else { return Ok(None) };
    let found = connection.day_version(&who.org, day).await?;
    let (version, stops) = match found {
        None => (0, Vec::new()),
        Some(found) => (found.version, connection.driven_stops(of, &found.plan_id, &vehicle).await?),
    };
    let stops = stops.into_iter().map(|stop| {
        let link = is_place(&stop).then(|| links(stop.lat, stop.lon));
        let (geo, map) = link.unzip();
        RouteStop { stop, geo, map }
    });
    Ok(Some(DriverRoute { day: day.to_owned(), vehicle, version, stops: stops.collect() }))
}

/// Whether a stop is somewhere on earth: a break is where the vehicle happens to be.
fn is_place(stop: &DrivenStop) -> bool {
    !matches!(stop.activity.as_str(), "break" | "rest") && stop.lat.abs() <= 90.0 && stop.lon.abs() <= 180.0
}

fn links(lat: f64, lon: f64) -> (String, String) {
    let place = format!("{lat:.6},{lon:.6}");
    (format!("geo:{place}?q={place}"), format!("https://www.google.com/maps/dir/?api=1&destination={place}"))
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_lead_to_the_place() {
        let (geo, map) = links(52.370_216, -4.895_168);
        assert_eq!(geo, "geo:52.370216,-4.895168?q=52.370216,-4.895168");
        assert_eq!(map, "https://www.google.com/maps/dir/?api=1&destination=52.370216,-4.895168");
    }
}
