//! Who drives which vehicle of a day, and the stops of a vehicle as its driver needs them.

use std::collections::HashSet;

use serde::Serialize;

use super::Connection;
use crate::error::Error;

/// A user who can be assigned to a vehicle, and the vehicle of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Driver {
    /// The user.
    pub(crate) user: String,
    /// Name.
    pub(crate) name: String,
    /// The vehicle of the day; null: none.
    pub(crate) vehicle: Option<String>,
    /// Since when, milliseconds since 1970.
    pub(crate) assigned_at: Option<i64>,
}

/// A day on which a user drives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct DrivenDay {
    /// The day, as `2026-12-03`.
    pub(crate) day: String,
    /// The vehicle.
    pub(crate) vehicle: String,
}

/// A stop as its driver needs it.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DrivenStop {
    /// On which trip, counted from 0.
    pub(crate) trip: i64,
    /// `client`, `pickup`, `delivery`, `dispose`, `break` or `rest`.
    pub(crate) activity: String,
    /// With which bin, shipment or site.
    pub(crate) code: String,
    /// A name for people; may be empty.
    pub(crate) name: String,
    /// Street and number; may be empty.
    pub(crate) address: String,
    /// What the driver should know; may be empty.
    pub(crate) remarks: String,
    /// How full the bin is taken to be, per cent; null where that is not known.
    pub(crate) fill_percent: Option<i64>,
    /// What is collected or delivered: kilograms, of the stored fleet.
    pub(crate) load: i64,
    /// Longitude.
    pub(crate) lon: f64,
    /// Latitude.
    pub(crate) lat: f64,
    /// When the vehicle is there, seconds of the day.
    pub(crate) arrival: i64,
    /// When the service begins.
    pub(crate) start_at: i64,
    /// When the vehicle leaves.
    pub(crate) departure: i64,
    /// `done`, `missed`, or null: nothing has been said.
    pub(crate) outcome: Option<String>,
    /// When that was, seconds of the day.
    pub(crate) outcome_at: Option<i64>,
}

type StopRow = (
    i64,
    String,
    String,
    String,
    String,
    String,
    Option<i64>,
    i64,
    f64,
    f64,
    i64,
    i64,
    i64,
    Option<String>,
    Option<i64>,
);

/// Vehicle, activity and code.
pub(crate) type Drivable = HashSet<(String, String, String)>;

/// Drivers of days.
pub(crate) trait Driving {
    /// Active users of an organisation who have a permission, by name, with their vehicle of a day.
    async fn day_drivers(&mut self, org: &str, day: &str, permission: &str) -> Result<Vec<Driver>, Error>;

    /// Whether an active user of an organisation has a permission; `None`: there is no such user.
    async fn is_driver(&mut self, org: &str, user: &str, permission: &str) -> Result<Option<bool>, Error>;

    /// Ends a user's assignments of a day. Gives how many there were.
    async fn end_assignments(&mut self, of: (&str, &str), user: &str, now: i64) -> Result<u64, Error>;

    /// Assigns a user to a vehicle.
    async fn assign(&mut self, of: (&str, &str), user: &str, vehicle: &str, by: &str, now: i64) -> Result<(), Error>;

    /// The vehicles that a user drives or drove on a day, with whether it still holds.
    async fn assigned_vehicles(&mut self, of: (&str, &str), user: &str) -> Result<Vec<(String, bool)>, Error>;

    /// The newest days on which a user drives.
    async fn driven_days(&mut self, org: &str, user: &str, limit: i64) -> Result<Vec<DrivenDay>, Error>;

    /// The vehicles of a day that have a driver.
    async fn driven_vehicles(&mut self, org: &str, day: &str) -> Result<Vec<String>, Error>;

    /// Whether a vehicle is stored, or has a route in the plan.
    async fn is_vehicle(&mut self, org: &str, plan: &str, vehicle: &str) -> Result<bool, Error>;

    /// The stops of a plan that a vehicle makes, in order, with the newest words of the day on them.
    async fn driven_stops(&mut self, of: (&str, &str), plan: &str, vehicle: &str) -> Result<Vec<DrivenStop>, Error>;

    /// The services that any version of the day's plan from one on has, or had, for the vehicles that a user drives or drove.
    async fn drivable_stops(&mut self, of: (&str, &str), user: &str, from: i64) -> Result<Drivable, Error>;
}

impl Driving for Connection {
    async fn day_drivers(&mut self, org: &str, day: &str, permission: &str) -> Result<Vec<Driver>, Error> {
        let rows: Vec<(String, String, Option<String>, Option<i64>)> = sqlx::query_as(
            "SELECT u.id, u.name, a.vehicle, a.assigned_at FROM users u
             LEFT JOIN assignments a ON a.user_id = u.id AND a.org_id = u.org_id AND a.day = $2 AND a.ended_at IS NULL
             WHERE u.org_id = $1 AND u.status = 'active'
               AND EXISTS (SELECT 1 FROM user_roles r JOIN role_permissions p ON p.role_id = r.role_id
                           WHERE r.user_id = u.id AND p.permission = $3)
             ORDER BY u.name, u.id LIMIT 1000",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(permission.to_owned())
        .fetch_all(self)
        .await?;
        let driver = |(user, name, vehicle, assigned_at)| Driver { user, name, vehicle, assigned_at };
        Ok(rows.into_iter().map(driver).collect())
    }

    async fn is_driver(&mut self, org: &str, user: &str, permission: &str) -> Result<Option<bool>, Error> {
        let row: Option<(i64,)> = sqlx::query_as(
            "SELECT COUNT(p.permission) FROM users u LEFT JOIN user_roles r ON r.user_id = u.id
             LEFT JOIN role_permissions p ON p.role_id = r.role_id AND p.permission = $3 AND u.status = 'active'
             WHERE u.org_id = $1 AND u.id = $2 GROUP BY u.id",
        )
        .bind(org.to_owned())
        .bind(user.to_owned())
        .bind(permission.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(|(count,)| count > 0))
    }

    async fn end_assignments(&mut self, (org, day): (&str, &str), user: &str, now: i64) -> Result<u64, Error> {
        let done = sqlx::query(
            "UPDATE assignments SET ended_at = $4 WHERE org_id = $1 AND day = $2 AND user_id = $3 AND ended_at IS NULL",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(user.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(done.rows_affected())
    }

    async fn assign(
        &mut self,
        (org, day): (&str, &str),
        user: &str,
        vehicle: &str,
        by: &str,
        now: i64,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO assignments (org_id, day, user_id, vehicle, assigned_by, assigned_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (org_id, day, user_id, vehicle) DO UPDATE SET
                 assigned_by = excluded.assigned_by, assigned_at = excluded.assigned_at, ended_at = NULL",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(user.to_owned())
        .bind(vehicle.to_owned())
        .bind(by.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn assigned_vehicles(&mut self, (org, day): (&str, &str), user: &str) -> Result<Vec<(String, bool)>, Error> {
        let rows: Vec<(String, Option<i64>)> = sqlx::query_as(
            "SELECT vehicle, ended_at FROM assignments WHERE org_id = $1 AND day = $2 AND user_id = $3
             ORDER BY assigned_at DESC, vehicle",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(user.to_owned())
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(|(vehicle, ended)| (vehicle, ended.is_none())).collect())
    }

    async fn driven_days(&mut self, org: &str, user: &str, limit: i64) -> Result<Vec<DrivenDay>, Error> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT day, vehicle FROM assignments WHERE user_id = $2 AND org_id = $1 AND ended_at IS NULL
             ORDER BY day DESC LIMIT $3",
        )
        .bind(org.to_owned())
        .bind(user.to_owned())
        .bind(limit)
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(|(day, vehicle)| DrivenDay { day, vehicle }).collect())
    }

    async fn driven_vehicles(&mut self, org: &str, day: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_as(
            "SELECT DISTINCT vehicle FROM assignments WHERE org_id = $1 AND day = $2 AND ended_at IS NULL ORDER BY vehicle",
        );
        let rows: Vec<(String,)> = query.bind(org.to_owned()).bind(day.to_owned()).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(vehicle,)| vehicle).collect())
    }

    async fn is_vehicle(&mut self, org: &str, plan: &str, vehicle: &str) -> Result<bool, Error> {
        let (rows,): (i64,) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM vehicles WHERE org_id = $1 AND code = $3)
                  + (SELECT COUNT(*) FROM routes WHERE plan_id = $2 AND vehicle = $3)",
        )
        .bind(org.to_owned())
        .bind(plan.to_owned())
        .bind(vehicle.to_owned())
        .fetch_one(self)
        .await?;
        Ok(rows > 0)
    }

    async fn driven_stops(
        &mut self,
        (org, day): (&str, &str),
        plan: &str,
        vehicle: &str,
    ) -> Result<Vec<DrivenStop>, Error> {
        let rows: Vec<StopRow> = sqlx::query_as(
            "SELECT s.trip, s.activity, s.code, COALESCE(b.name, d.name, ''), COALESCE(b.address, ''), COALESCE(b.remarks, ''),
                    b.fill_percent, s.load, s.lon, s.lat, s.arrival, s.start_at, s.departure, c.outcome, c.at_second
             FROM stops s JOIN routes r ON r.plan_id = s.plan_id AND r.route = s.route
             LEFT JOIN bins b ON b.org_id = $1 AND b.code = s.code AND s.activity = 'client'
             LEFT JOIN disposal_sites d ON d.org_id = $1 AND d.code = s.code AND s.activity = 'dispose'
             LEFT JOIN confirmations c ON c.org_id = $1 AND c.day = $2 AND c.activity = s.activity AND c.code = s.code
             WHERE s.plan_id = $3 AND r.vehicle = $4 ORDER BY s.route, s.trip, s.position",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(plan.to_owned())
        .bind(vehicle.to_owned())
        .fetch_all(self)
        .await?;
        let stop = |row: StopRow| {
            let (trip, activity, code, name, address, remarks, fill_percent, load, lon, lat, ..) = row.clone();
            let (.., arrival, start_at, departure, outcome, outcome_at) = row;
            DrivenStop {
                trip,
                activity,
                code,
                name,
                address,
                remarks,
                fill_percent,
                load,
                lon,
                lat,
                arrival,
                start_at,
                departure,
                outcome,
                outcome_at,
            }
        };
        Ok(rows.into_iter().map(stop).collect())
    }

    async fn drivable_stops(&mut self, (org, day): (&str, &str), user: &str, from: i64) -> Result<Drivable, Error> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT DISTINCT r.vehicle, s.activity, s.code FROM day_versions v
             JOIN routes r ON r.plan_id = v.plan_id JOIN stops s ON s.plan_id = r.plan_id AND s.route = r.route
             WHERE v.org_id = $1 AND v.day = $2 AND v.version >= $4 AND s.activity IN ('client', 'pickup', 'delivery')
               AND r.vehicle IN (SELECT vehicle FROM assignments WHERE org_id = $1 AND day = $2 AND user_id = $3)",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(user.to_owned())
        .bind(from)
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().collect())
    }
}
