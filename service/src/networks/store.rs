//! Networks in the database.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Format;
use crate::error::Error;
use crate::storage::{Connection, Store};

/// A version of a network as it is answered.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Network {
    /// Its id.
    pub(crate) id: String,
    /// The organisation's own name for it: what depots refer to.
    pub(crate) code: String,
    /// Counts the uploads under this code, from 1.
    pub(crate) version: i64,
    /// A name for people.
    pub(crate) name: String,
    /// What was uploaded: `map`, `csv` or `prepared`.
    pub(crate) format: String,
    /// The name of the profile that it is prepared for; empty until a prepared network has been read.
    pub(crate) profile: String,
    /// `queued`, `preparing`, `ready` or `failed`.
    pub(crate) state: String,
    /// Whether plans use this version: the newest that is ready.
    pub(crate) is_current: bool,
    /// How far preparing is: `step`, and `share` from 0 to 1.
    #[schema(value_type = Object)]
    pub(crate) progress: serde_json::Value,
    /// Why it failed.
    pub(crate) error: Option<String>,
    /// The date that the map's data is from, where it says that: seconds since 1970.
    pub(crate) data_date: Option<i64>,
    /// What the network has, and what of the map is not used.
    #[schema(value_type = Object)]
    pub(crate) report: serde_json::Value,
    /// Size of the upload, bytes.
    pub(crate) upload_bytes: i64,
    /// SHA-256 of the upload, as hexadecimal digits; of two tables, that of the nodes, then that of the links.
    pub(crate) upload_sha256: String,
    /// Bytes in the data folder.
    pub(crate) stored_bytes: i64,
    /// When it was uploaded, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// When preparing ended.
    pub(crate) finished_at: Option<i64>,
}

/// One version: what plans refer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    /// The network.
    pub(crate) id: String,
    /// SHA-256 of its file.
    pub(crate) sha256: String,
    /// The organisation's own name for it.
    pub(crate) code: String,
    /// Its version.
    pub(crate) version: i64,
    /// The name of the profile.
    pub(crate) profile: String,
    /// The date of the data, seconds since 1970.
    pub(crate) data_date: Option<i64>,
}

/// Whether a code can be planned with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Usable {
    /// By this version.
    Ready(Found),
    /// Not yet: the first version is being prepared.
    Pending,
    /// No: no version is ready, and the last one failed with this.
    Failed(String),
    /// There is none of this code.
    Missing,
}

/// A network to be made.
#[derive(Clone, Debug)]
pub(crate) struct Order<'a> {
    /// The organisation, and who uploads.
    pub(crate) by: (&'a str, &'a str),
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation's own name for it.
    pub(crate) code: &'a str,
    /// A name for people.
    pub(crate) name: &'a str,
    /// What was uploaded.
    pub(crate) format: Format,
    /// The profile's name and definition.
    pub(crate) profile: (&'a str, &'a str),
    /// Bytes of the upload, and SHA-256 of it.
    pub(crate) upload: (u64, &'a str),
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Too many networks.
    TooMany,
    /// No room for so many bytes.
    NoRoom,
    /// There is no such network.
    Missing,
    /// Something needs it: what.
    InUse(String),
}

/// Bytes in the data folder and number of an organisation's networks.
pub(crate) async fn room_of(connection: &mut Connection, org: &str) -> Result<(i64, i64), Error> {
    Ok(sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT), COUNT(*) FROM networks WHERE org_id = $1",
    )
    .bind(org.to_owned())
    .fetch_one(connection)
    .await?)
}

/// Inserts a network that waits to be prepared, as the next version of its code. Failed versions of the code go.
pub(crate) async fn insert(
    tx: &mut Connection,
    order: &Order<'_>,
    (most, most_bytes): (i64, u64),
    now: i64,
) -> Result<Result<Network, Refused>, Error> {
    let (org, user) = order.by;
    sqlx::query("DELETE FROM networks WHERE org_id = $1 AND code = $2 AND state = 'failed'")
        .bind(org.to_owned())
        .bind(order.code.to_owned())
        .execute(&mut *tx)
        .await?;
    let (bytes, count) = room_of(tx, org).await?;
    if count >= most {
        return Ok(Err(Refused::TooMany));
    }
    if bytes.cast_unsigned().saturating_add(order.upload.0) > most_bytes {
        return Ok(Err(Refused::NoRoom));
    }
    sqlx::query(
        "INSERT INTO networks (id, org_id, user_id, code, version, name, format, profile, profile_toml, upload_bytes,
                               upload_sha256, stored_bytes, state, created_at)
         VALUES ($1, $2, $3, $4,
                 (SELECT COALESCE(MAX(version), 0) + 1 FROM networks WHERE org_id = $2 AND code = $4),
                 $5, $6, $7, $8, $9, $10, $9, 'queued', $11)",
    )
    .bind(order.id.to_owned())
    .bind(org.to_owned())
    .bind(user.to_owned())
    .bind(order.code.to_owned())
    .bind(order.name.to_owned())
    .bind(order.format.name())
    .bind(order.profile.0.to_owned())
    .bind(order.profile.1.to_owned())
    .bind(order.upload.0.cast_signed())
    .bind(order.upload.1.to_owned())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    let made = find(tx, org, order.code).await?;
    Ok(made.ok_or(Refused::Missing))
}

const COLUMNS: &str = "id, code, version, name, format, profile, state, superseded, progress, error, data_date, report,
                       upload_bytes, upload_sha256, stored_bytes, created_at, finished_at";

fn network(row: &sqlx::any::AnyRow) -> Result<Network, sqlx::Error> {
    use sqlx::Row as _;
    let json = |text: String| serde_json::from_str(&text).unwrap_or_else(|_| json!({}));
    let state: String = row.try_get(6)?;
    let superseded: i64 = row.try_get(7)?;
    Ok(Network {
        id: row.try_get(0)?,
        code: row.try_get(1)?,
        version: row.try_get(2)?,
        name: row.try_get(3)?,
        format: row.try_get(4)?,
        profile: row.try_get(5)?,
        is_current: state == "ready" && superseded == 0,
        state,
        progress: json(row.try_get(8)?),
        error: row.try_get(9)?,
        data_date: row.try_get(10)?,
        report: json(row.try_get(11)?),
        upload_bytes: row.try_get(12)?,
        upload_sha256: row.try_get(13)?,
        stored_bytes: row.try_get(14)?,
        created_at: row.try_get(15)?,
        finished_at: row.try_get(16)?,
    })
}

/// All networks of an organisation, by code, the newest version first.
pub(crate) async fn list(connection: &mut Connection, org: &str) -> Result<Vec<Network>, Error> {
    let statement = format!("SELECT {COLUMNS} FROM networks WHERE org_id = $1 ORDER BY code, version DESC");
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(org.to_owned()).fetch_all(connection).await?;
    Ok(rows.iter().map(network).collect::<Result<_, _>>()?)
}

/// The newest version of an organisation's network.
pub(crate) async fn find(connection: &mut Connection, org: &str, code: &str) -> Result<Option<Network>, Error> {
    let statement =
        format!("SELECT {COLUMNS} FROM networks WHERE org_id = $1 AND code = $2 ORDER BY version DESC LIMIT 1");
    let query = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(org.to_owned()).bind(code.to_owned());
    Ok(query.fetch_optional(connection).await?.map(|row| network(&row)).transpose()?)
}

/// What plans would use of a code.
pub(crate) async fn usable(connection: &mut Connection, org: &str, code: &str) -> Result<Usable, Error> {
    let ready: Option<(String, String, i64, String, Option<i64>)> = sqlx::query_as(
        "SELECT id, file_sha256, version, profile, data_date FROM networks
         WHERE org_id = $1 AND code = $2 AND state = 'ready' AND superseded = 0 ORDER BY version DESC LIMIT 1",
    )
    .bind(org.to_owned())
    .bind(code.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    if let Some((id, sha256, version, profile, data_date)) = ready {
        let code = code.to_owned();
        return Ok(Usable::Ready(Found { id, sha256, code, version, profile, data_date }));
    }
    Ok(match find(connection, org, code).await? {
        None => Usable::Missing,
        Some(Network { state, error, .. }) if state == "failed" => Usable::Failed(error.unwrap_or_default()),
        Some(_) => Usable::Pending,
    })
}

/// The code of the organisation's usual network; empty if it has none.
pub(crate) async fn default_of(connection: &mut Connection, org: &str) -> Result<String, Error> {
    let query = sqlx::query_as("SELECT code FROM default_networks WHERE org_id = $1").bind(org.to_owned());
    let code: Option<(String,)> = query.fetch_optional(connection).await?;
    Ok(code.map_or_else(String::new, |(code,)| code))
}

/// Makes a network the organisation's usual one; none, if the code is empty.
pub(crate) async fn set_default(tx: &mut Connection, org: &str, code: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM default_networks WHERE org_id = $1").bind(org.to_owned()).execute(&mut *tx).await?;
    if !code.is_empty() {
        sqlx::query("INSERT INTO default_networks (org_id, code) VALUES ($1, $2)")
            .bind(org.to_owned())
            .bind(code.to_owned())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// What needs a network, in words; nothing if it may be deleted.
async fn users_of(connection: &mut Connection, org: &str, code: &str) -> Result<Option<String>, Error> {
    let depots: Vec<(String,)> =
        sqlx::query_as("SELECT code FROM depots WHERE org_id = $1 AND network = $2 ORDER BY code LIMIT 11")
            .bind(org.to_owned())
            .bind(code.to_owned())
            .fetch_all(&mut *connection)
            .await?;
    if !depots.is_empty() {
        let named: Vec<String> = depots.iter().take(10).map(|(depot,)| depot.clone()).collect();
        let more = if depots.len() > 10 { ", and others" } else { "" };
        return Ok(Some(format!(
            "vehicles of the depots {}{more} drive on it: choose another for them",
            named.join(", ")
        )));
    }
    if default_of(connection, org).await? == code {
        return Ok(Some("it is the organisation's usual network: choose another first".to_owned()));
    }
    let statement = format!("SELECT COUNT(*) FROM networks n WHERE n.org_id = $1 AND n.code = $2 AND {NEEDED}");
    let (jobs,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(org.to_owned())
        .bind(code.to_owned())
        .fetch_one(connection)
        .await?;
    Ok((jobs > 0).then(|| "a plan is being made on it: wait for it, or cancel it".to_owned()))
}

/// Whether a job that waits or runs has the network `n` in its request.
const NEEDED: &str = "EXISTS (SELECT 1 FROM plan_jobs j WHERE j.org_id = n.org_id
                              AND j.state IN ('queued', 'running') AND j.request LIKE '%' || n.id || '%')";

/// Deletes all versions of a network, unless something needs it; gives their ids, whose files are then to be removed.
pub(crate) async fn delete(tx: &mut Connection, org: &str, code: &str) -> Result<Result<Vec<String>, Refused>, Error> {
    if find(tx, org, code).await?.is_none() {
        return Ok(Err(Refused::Missing));
    }
    if let Some(users) = users_of(tx, org, code).await? {
        return Ok(Err(Refused::InUse(users)));
    }
    let ids: Vec<(String,)> = sqlx::query_as("DELETE FROM networks WHERE org_id = $1 AND code = $2 RETURNING id")
        .bind(org.to_owned())
        .bind(code.to_owned())
        .fetch_all(tx)
        .await?;
    Ok(Ok(ids.into_iter().map(|(id,)| id).collect()))
}

/// Deletes versions that a newer one has replaced and that no job needs; gives their organisations and ids, and the ids of all
/// that are left.
pub(crate) async fn sweep(store: &Store) -> Result<(Vec<(String, String)>, Vec<String>), Error> {
    let mut tx = store.begin().await?;
    let statement = format!(
        "DELETE FROM networks WHERE id IN (SELECT n.id FROM networks n WHERE n.superseded = 1 AND NOT {NEEDED})
         RETURNING org_id, id"
    );
    let gone = sqlx::query_as(sqlx::AssertSqlSafe(statement)).fetch_all(&mut *tx).await?;
    let left: Vec<(String,)> = sqlx::query_as("SELECT id FROM networks").fetch_all(&mut *tx).await?;
    tx.commit().await?;
    Ok((gone, left.into_iter().map(|(id,)| id).collect()))
}
