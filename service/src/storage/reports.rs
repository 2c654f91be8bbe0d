//! What drivers report: words on stops, photos, and positions.

use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::Connection;
use super::rows::{self, Value};
use crate::error::Error;

/// What a driver reports of a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewReport {
    /// The id, made where it was said.
    pub(crate) id: String,
    /// The vehicle.
    pub(crate) vehicle: String,
    /// `client`, `pickup` or `delivery`.
    pub(crate) activity: String,
    /// With which bin or shipment.
    pub(crate) code: String,
    /// Whether it was done; else it was missed.
    pub(crate) is_done: bool,
    /// Why it was missed: one of a list; empty if it was done.
    pub(crate) reason: String,
    /// What else is to be said.
    pub(crate) remark: String,
    /// Kilograms, if they were seen.
    pub(crate) amount: Option<i64>,
    /// How full it was, per cent, if that was seen.
    pub(crate) fill_percent: Option<i64>,
    /// When, seconds of the day.
    pub(crate) at: i64,
    /// Which version of the day's plan the driver saw.
    pub(crate) version: i64,
}

/// A report as it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Report {
    /// The id, made where it was said; unique among those of a user.
    pub(crate) id: String,
    /// The user.
    pub(crate) user: String,
    /// The vehicle.
    pub(crate) vehicle: String,
    /// `client`, `pickup` or `delivery`.
    pub(crate) activity: String,
    /// With which bin or shipment.
    pub(crate) code: String,
    /// `done` or `missed`.
    pub(crate) outcome: String,
    /// Why it was missed; empty if it was done.
    pub(crate) reason: String,
    /// What else was said.
    pub(crate) remark: String,
    /// Kilograms, if they were seen.
    pub(crate) amount: Option<i64>,
    /// How full it was, per cent, if that was seen.
    pub(crate) fill_percent: Option<i64>,
    /// When, seconds of the day.
    pub(crate) at: i64,
    /// Which version of the day's plan the driver saw.
    pub(crate) version: i64,
    /// When it came, milliseconds since 1970.
    pub(crate) received_at: i64,
    /// The photo's id; null: there is none.
    pub(crate) photo: Option<String>,
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    Option<i64>,
    Option<i64>,
    i64,
    i64,
    i64,
    Option<String>,
);

fn report(row: Row) -> Report {
    let (
        id,
        user,
        vehicle,
        activity,
        code,
        outcome,
        reason,
        remark,
        amount,
        fill_percent,
        at,
        version,
        received_at,
        photo,
    ) = row;
    Report {
        id,
        user,
        vehicle,
        activity,
        code,
        outcome,
        reason,
        remark,
        amount,
        fill_percent,
        at,
        version,
        received_at,
        photo,
    }
}

const COLUMNS: &str = "r.id, r.user_id, r.vehicle, r.activity, r.code, r.outcome, r.reason, r.remark, r.amount, \
                       r.fill_percent, r.at_second, r.version, r.received_at, p.id";
const TABLES: &str = "reports r LEFT JOIN photos p ON p.user_id = r.user_id AND p.report_id = r.id";

/// A photo to be stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPhoto<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation, and the user who took it.
    pub(crate) by: (&'a str, &'a str),
    /// The report that it belongs to.
    pub(crate) report: &'a str,
    /// `image/jpeg` or `image/png`.
    pub(crate) media_type: &'static str,
    /// SHA-256 of the content, and of what was sent.
    pub(crate) sha256: [&'a str; 2],
    /// The picture without what else the file said.
    pub(crate) content: &'a [u8],
}

/// A stored photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Photo {
    /// `image/jpeg` or `image/png`.
    pub(crate) media_type: String,
    /// SHA-256 of the content as hexadecimal digits.
    pub(crate) sha256: String,
    /// The content.
    pub(crate) content: Vec<u8>,
}

/// Where a vehicle was.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Position {
    /// The vehicle.
    pub(crate) vehicle: String,
    /// When, seconds of the day.
    pub(crate) at: i64,
    /// Longitude.
    pub(crate) lon: f64,
    /// Latitude.
    pub(crate) lat: f64,
    /// By how much it may be wrong, metres.
    pub(crate) accuracy: i64,
}

/// By how much a receiver in a vehicle may be wrong, metres: providers do not tell.
const TELEMATICS: i64 = 10;
/// Seconds of the slot of which one position is kept.
const SLOT: i64 = 10;

/// What comes back from the road.
pub(crate) trait Reports {
    /// Stores a report of a user. Gives whether it is new: one of its id is not replaced.
    async fn insert_report(&mut self, by: (&str, &str), day: &str, new: &NewReport, now: i64) -> Result<bool, Error>;

    /// A user's report.
    async fn report(&mut self, user: &str, id: &str) -> Result<Option<(String, Report)>, Error>;

    /// How many reports of a day a user has sent.
    async fn count_reports(&mut self, user: &str, day: &str) -> Result<i64, Error>;

    /// The reports of a day, the newest first.
    async fn reports_of_day(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<Report>, Error>;

    /// Stores a photo. Gives whether the report had none.
    async fn insert_photo(&mut self, new: &NewPhoto<'_>, now: i64) -> Result<bool, Error>;

    /// SHA-256 of what was sent as the photo of a report.
    async fn photo_sent(&mut self, user: &str, report: &str) -> Result<Option<String>, Error>;

    /// A photo of an organisation.
    async fn photo(&mut self, org: &str, id: &str) -> Result<Option<Photo>, Error>;

    /// The photo of a user's own report.
    async fn own_photo(&mut self, user: &str, report: &str) -> Result<Option<Photo>, Error>;

    /// Bytes of an organisation's photos.
    async fn photo_bytes(&mut self, org: &str) -> Result<i64, Error>;

    /// Deletes photos that are older. Gives how many.
    async fn forget_photos(&mut self, before: i64) -> Result<u64, Error>;

    /// Stores where a user's vehicle was, once for each ten seconds.
    async fn insert_positions(&mut self, by: (&str, &str), day: &str, of: &[Position], now: i64) -> Result<(), Error>;

    /// Where each vehicle was last.
    async fn last_positions(&mut self, org: &str, day: &str) -> Result<Vec<Position>, Error>;

    /// Deletes positions that came before a time. Gives how many.
    async fn forget_positions(&mut self, before: i64) -> Result<u64, Error>;
}

impl Reports for Connection {
    async fn insert_report(
        &mut self,
        (org, user): (&str, &str),
        day: &str,
        new: &NewReport,
        now: i64,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO reports (org_id, user_id, day, id, vehicle, activity, code, outcome, reason, remark, amount,
                                  fill_percent, at_second, version, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING",
        )
        .bind(org.to_owned())
        .bind(user.to_owned())
        .bind(day.to_owned())
        .bind(new.id.clone())
        .bind(new.vehicle.clone())
        .bind(new.activity.clone())
        .bind(new.code.clone())
        .bind(if new.is_done { "done" } else { "missed" })
        .bind(new.reason.clone())
        .bind(new.remark.clone())
        .bind(new.amount)
        .bind(new.fill_percent)
        .bind(new.at)
        .bind(new.version)
        .bind(now)
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn report(&mut self, user: &str, id: &str) -> Result<Option<(String, Report)>, Error> {
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE r.user_id = $1 AND r.id = $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(user.to_owned()).bind(id.to_owned());
        let row: Option<Row> = query.fetch_optional(&mut *self).await?;
        let Some(row) = row else { return Ok(None) };
        let query = sqlx::query_as("SELECT day FROM reports WHERE user_id = $1 AND id = $2");
        let (day,): (String,) = query.bind(user.to_owned()).bind(id.to_owned()).fetch_one(self).await?;
        Ok(Some((day, report(row))))
    }

    async fn count_reports(&mut self, user: &str, day: &str) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT COUNT(*) FROM reports WHERE user_id = $1 AND day = $2");
        let (count,) = query.bind(user.to_owned()).bind(day.to_owned()).fetch_one(self).await?;
        Ok(count)
    }

    async fn reports_of_day(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<Report>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE r.org_id = $1 AND r.day = $2
             ORDER BY r.received_at DESC, r.at_second DESC, r.id LIMIT $3"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(day.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(report).collect())
    }

    async fn insert_photo(&mut self, new: &NewPhoto<'_>, now: i64) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO photos (id, org_id, user_id, report_id, media_type, sha256, sent_sha256, bytes, content, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        )
        .bind(new.id.to_owned())
        .bind(new.by.0.to_owned())
        .bind(new.by.1.to_owned())
        .bind(new.report.to_owned())
        .bind(new.media_type)
        .bind(new.sha256[0].to_owned())
        .bind(new.sha256[1].to_owned())
        .bind(new.content.len() as i64)
        .bind(new.content.to_vec())
        .bind(now)
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn photo_sent(&mut self, user: &str, report: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT sent_sha256 FROM photos WHERE user_id = $1 AND report_id = $2");
        let row: Option<(String,)> = query.bind(user.to_owned()).bind(report.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(sha256,)| sha256))
    }

    async fn photo(&mut self, org: &str, id: &str) -> Result<Option<Photo>, Error> {
        let query = sqlx::query_as("SELECT media_type, sha256, content FROM photos WHERE org_id = $1 AND id = $2");
        let row: Option<(String, String, Vec<u8>)> =
            query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(media_type, sha256, content)| Photo { media_type, sha256, content }))
    }

    async fn own_photo(&mut self, user: &str, report: &str) -> Result<Option<Photo>, Error> {
        let query =
            sqlx::query_as("SELECT media_type, sha256, content FROM photos WHERE user_id = $1 AND report_id = $2");
        let row: Option<(String, String, Vec<u8>)> =
            query.bind(user.to_owned()).bind(report.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(media_type, sha256, content)| Photo { media_type, sha256, content }))
    }

    async fn photo_bytes(&mut self, org: &str) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM photos WHERE org_id = $1");
        let (bytes,) = query.bind(org.to_owned()).fetch_one(self).await?;
        Ok(bytes)
    }

    async fn forget_photos(&mut self, before: i64) -> Result<u64, Error> {
        let query = sqlx::query("DELETE FROM photos WHERE created_at < $1").bind(before);
        Ok(query.execute(self).await?.rows_affected())
    }

    async fn insert_positions(
        &mut self,
        (org, user): (&str, &str),
        day: &str,
        of: &[Position],
        now: i64,
    ) -> Result<(), Error> {
        let row = |position: &Position| -> [Value; 10] {
            [
                user.into(),
                day.into(),
                position.at.div_euclid(SLOT).into(),
                org.into(),
                (&position.vehicle).into(),
                position.at.into(),
                position.lon.into(),
                position.lat.into(),
                position.accuracy.into(),
                now.into(),
            ]
        };
        let rows: Vec<[Value; 10]> = of.iter().map(row).collect();
        rows::insert(
            self,
            "positions (user_id, day, slot, org_id, vehicle, at_second, lon, lat, accuracy, received_at)",
            "ON CONFLICT DO NOTHING",
            &rows,
        )
        .await
    }

    async fn last_positions(&mut self, org: &str, day: &str) -> Result<Vec<Position>, Error> {
        let rows: Vec<(String, i64, f64, f64, i64)> = sqlx::query_as(
            "SELECT vehicle, at_second, lon, lat, accuracy FROM (
                 SELECT vehicle, at_second, lon, lat, accuracy, user_id FROM positions p WHERE org_id = $1 AND day = $2
                   AND at_second = (SELECT MAX(at_second) FROM positions q
                                    WHERE q.org_id = p.org_id AND q.day = p.day AND q.vehicle = p.vehicle)
                 UNION ALL
                 SELECT vehicle, at_second, lon, lat, $3, '' FROM tracked_positions t WHERE org_id = $1 AND day = $2
                   AND slot = (SELECT MAX(slot) FROM tracked_positions u
                               WHERE u.org_id = t.org_id AND u.day = t.day AND u.vehicle = t.vehicle)) told
             ORDER BY vehicle, at_second DESC, user_id",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(TELEMATICS)
        .fetch_all(self)
        .await?;
        let position = |(vehicle, at, lon, lat, accuracy)| Position { vehicle, at, lon, lat, accuracy };
        let mut found: Vec<Position> = rows.into_iter().map(position).collect();
        // Of all who know, one tells where it is: who knew it last.
        found.dedup_by(|later, first| later.vehicle == first.vehicle);
        Ok(found)
    }

    async fn forget_positions(&mut self, before: i64) -> Result<u64, Error> {
        let query = sqlx::query("DELETE FROM positions WHERE received_at < $1").bind(before);
        Ok(query.execute(self).await?.rows_affected())
    }
}
