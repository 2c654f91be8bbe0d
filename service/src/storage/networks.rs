//! Street networks.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::Connection;
use super::queue::{self, Queue};
use crate::error::Error;
use crate::traces;

/// The networks that wait or are being prepared.
pub(crate) const QUEUE: Queue = Queue { table: "networks", ready: queue::ANY, busy: "preparing", most_attempts: 3 };

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

/// Whether a job that waits or runs has the network `n` in its request.
const NEEDED: &str = "EXISTS (SELECT 1 FROM plan_jobs j WHERE j.org_id = n.org_id
                              AND j.state IN ('queued', 'running') AND j.request LIKE '%' || n.id || '%')";

/// A network to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewNetwork<'a> {
    /// The organisation, and who uploads.
    pub(crate) by: (&'a str, &'a str),
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation's own name for it.
    pub(crate) code: &'a str,
    /// A name for people.
    pub(crate) name: &'a str,
    /// What was uploaded.
    pub(crate) format: &'a str,
    /// The profile's name and definition.
    pub(crate) profile: (&'a str, &'a str),
    /// Bytes of the upload, and SHA-256 of it.
    pub(crate) upload: (i64, &'a str),
    /// When.
    pub(crate) created_at: i64,
}

/// A network that is ready.
#[derive(Clone, Debug)]
pub(crate) struct ReadyNetwork<'a> {
    /// The name of its profile.
    pub(crate) profile: &'a str,
    /// SHA-256 of its file, and its bytes.
    pub(crate) file: (&'a str, i64),
    /// The date of the map's data.
    pub(crate) data_date: Option<i64>,
    /// What it has, as JSON.
    pub(crate) report: &'a str,
}

/// What a preparer must know: organisation, format, the profile's definition, SHA-256 of the upload.
pub(crate) type NetworkTask = (String, String, String, String);

/// Street networks, in versions.
pub(crate) trait Networks {
    /// All networks of an organisation, by code, the newest version first.
    async fn networks(&mut self, org: &str) -> Result<Vec<Network>, Error>;

    /// The newest version of an organisation's network.
    async fn network(&mut self, org: &str, code: &str) -> Result<Option<Network>, Error>;

    /// Bytes in the data folder and number of an organisation's networks.
    async fn network_room(&mut self, org: &str) -> Result<(i64, i64), Error>;

    /// The code of the organisation's usual network; empty if it has none.
    async fn usual_network(&mut self, org: &str) -> Result<String, Error>;

    /// Makes a network the organisation's usual one; none, if the code is empty.
    async fn set_usual_network(&mut self, org: &str, code: &str) -> Result<(), Error>;

    /// The version of a code that plans use: the newest that is ready.
    async fn ready_network(&mut self, org: &str, code: &str) -> Result<Option<Found>, Error>;

    /// Deletes the versions of a code that could not be prepared.
    async fn drop_failed_networks(&mut self, org: &str, code: &str) -> Result<(), Error>;

    /// Inserts a network that waits to be prepared, as the next version of its code.
    async fn insert_network(&mut self, new: &NewNetwork<'_>) -> Result<(), Error>;

    /// Codes of the first depots whose vehicles drive on a network.
    async fn depots_on_network(&mut self, org: &str, code: &str, limit: i64) -> Result<Vec<String>, Error>;

    /// How many jobs that wait or run need a network.
    async fn jobs_on_network(&mut self, org: &str, code: &str) -> Result<i64, Error>;

    /// Deletes all versions of a network; gives their ids.
    async fn delete_networks(&mut self, org: &str, code: &str) -> Result<Vec<String>, Error>;

    /// Deletes versions that a newer one has replaced and that no job needs; gives their organisations and ids.
    async fn sweep_networks(&mut self) -> Result<Vec<(String, String)>, Error>;

    /// The ids of all networks of all organisations that have files: all but those that failed.
    async fn networks_with_files(&mut self) -> Result<Vec<String>, Error>;

    /// What a preparer must know of a network.
    async fn network_task(&mut self, id: &str) -> Result<NetworkTask, Error>;

    /// Bytes in the data folder of an organisation's networks but one.
    async fn network_bytes_beside(&mut self, org: &str, id: &str) -> Result<i64, Error>;

    /// A preparer's network is ready. Gives its code and version if it was still its own.
    async fn finish_network(
        &mut self,
        own: (&str, &str),
        made: &ReadyNetwork<'_>,
        now: i64,
    ) -> Result<Option<(String, i64)>, Error>;

    /// Marks the ready versions of a code before this one as replaced.
    async fn supersede_networks(&mut self, org: &str, code: &str, version: i64) -> Result<(), Error>;

    /// A network that failed has nothing left in the data folder.
    async fn clear_network(&mut self, id: &str) -> Result<(), Error>;
}

impl Networks for Connection {
    async fn networks(&mut self, org: &str) -> Result<Vec<Network>, Error> {
        let statement = format!("SELECT {COLUMNS} FROM networks WHERE org_id = $1 ORDER BY code, version DESC");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(org.to_owned()).fetch_all(self).await?;
        Ok(rows.iter().map(network).collect::<Result<_, _>>()?)
    }

    async fn network(&mut self, org: &str, code: &str) -> Result<Option<Network>, Error> {
        let statement =
            format!("SELECT {COLUMNS} FROM networks WHERE org_id = $1 AND code = $2 ORDER BY version DESC LIMIT 1");
        let query = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(org.to_owned()).bind(code.to_owned());
        Ok(query.fetch_optional(self).await?.map(|row| network(&row)).transpose()?)
    }

    async fn network_room(&mut self, org: &str) -> Result<(i64, i64), Error> {
        Ok(sqlx::query_as(
            "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT), COUNT(*) FROM networks WHERE org_id = $1",
        )
        .bind(org.to_owned())
        .fetch_one(self)
        .await?)
    }

    async fn usual_network(&mut self, org: &str) -> Result<String, Error> {
        let query = sqlx::query_as("SELECT code FROM default_networks WHERE org_id = $1").bind(org.to_owned());
        let code: Option<(String,)> = query.fetch_optional(self).await?;
        Ok(code.map_or_else(String::new, |(code,)| code))
    }

    async fn set_usual_network(&mut self, org: &str, code: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM default_networks WHERE org_id = $1").bind(org.to_owned()).execute(&mut *self).await?;
        if !code.is_empty() {
            sqlx::query("INSERT INTO default_networks (org_id, code) VALUES ($1, $2)")
                .bind(org.to_owned())
                .bind(code.to_owned())
                .execute(self)
                .await?;
        }
        Ok(())
    }

    async fn ready_network(&mut self, org: &str, code: &str) -> Result<Option<Found>, Error> {
        let row: Option<(String, String, i64, String, Option<i64>)> = sqlx::query_as(
            "SELECT id, file_sha256, version, profile, data_date FROM networks
             WHERE org_id = $1 AND code = $2 AND state = 'ready' AND superseded = 0 ORDER BY version DESC LIMIT 1",
        )
        .bind(org.to_owned())
        .bind(code.to_owned())
        .fetch_optional(self)
        .await?;
        let code = code.to_owned();
        Ok(row.map(|(id, sha256, version, profile, data_date)| Found { id, sha256, code, version, profile, data_date }))
    }

    async fn drop_failed_networks(&mut self, org: &str, code: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM networks WHERE org_id = $1 AND code = $2 AND state = 'failed'");
        query.bind(org.to_owned()).bind(code.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn insert_network(&mut self, new: &NewNetwork<'_>) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO networks (id, org_id, user_id, code, version, name, format, profile, profile_toml, upload_bytes,
                                   upload_sha256, stored_bytes, state, created_at, trace)
             VALUES ($1, $2, $3, $4,
                     (SELECT COALESCE(MAX(version), 0) + 1 FROM networks WHERE org_id = $2 AND code = $4),
                     $5, $6, $7, $8, $9, $10, $9, 'queued', $11, $12)",
        )
        .bind(new.id.to_owned())
        .bind(new.by.0.to_owned())
        .bind(new.by.1.to_owned())
        .bind(new.code.to_owned())
        .bind(new.name.to_owned())
        .bind(new.format.to_owned())
        .bind(new.profile.0.to_owned())
        .bind(new.profile.1.to_owned())
        .bind(new.upload.0)
        .bind(new.upload.1.to_owned())
        .bind(new.created_at)
        .bind(traces::current())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn depots_on_network(&mut self, org: &str, code: &str, limit: i64) -> Result<Vec<String>, Error> {
        let query = sqlx::query_as("SELECT code FROM depots WHERE org_id = $1 AND network = $2 ORDER BY code LIMIT $3");
        let rows: Vec<(String,)> = query.bind(org.to_owned()).bind(code.to_owned()).bind(limit).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(code,)| code).collect())
    }

    async fn jobs_on_network(&mut self, org: &str, code: &str) -> Result<i64, Error> {
        let text = format!("SELECT COUNT(*) FROM networks n WHERE n.org_id = $1 AND n.code = $2 AND {NEEDED}");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(code.to_owned());
        let (jobs,) = query.fetch_one(self).await?;
        Ok(jobs)
    }

    async fn delete_networks(&mut self, org: &str, code: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_as("DELETE FROM networks WHERE org_id = $1 AND code = $2 RETURNING id");
        let ids: Vec<(String,)> = query.bind(org.to_owned()).bind(code.to_owned()).fetch_all(self).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    async fn sweep_networks(&mut self) -> Result<Vec<(String, String)>, Error> {
        let text = format!(
            "DELETE FROM networks WHERE id IN (SELECT n.id FROM networks n WHERE n.superseded = 1 AND NOT {NEEDED})
             RETURNING org_id, id"
        );
        Ok(sqlx::query_as(AssertSqlSafe(text)).fetch_all(self).await?)
    }

    async fn networks_with_files(&mut self) -> Result<Vec<String>, Error> {
        let query = sqlx::query_as("SELECT id FROM networks WHERE state <> 'failed'");
        let ids: Vec<(String,)> = query.fetch_all(self).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    async fn network_task(&mut self, id: &str) -> Result<NetworkTask, Error> {
        let query = sqlx::query_as("SELECT org_id, format, profile_toml, upload_sha256 FROM networks WHERE id = $1");
        Ok(query.bind(id.to_owned()).fetch_one(self).await?)
    }

    async fn network_bytes_beside(&mut self, org: &str, id: &str) -> Result<i64, Error> {
        let query = sqlx::query_as(
            "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) FROM networks WHERE org_id = $1 AND id <> $2",
        );
        let (bytes,) = query.bind(org.to_owned()).bind(id.to_owned()).fetch_one(self).await?;
        Ok(bytes)
    }

    async fn finish_network(
        &mut self,
        (worker, id): (&str, &str),
        made: &ReadyNetwork<'_>,
        now: i64,
    ) -> Result<Option<(String, i64)>, Error> {
        let query = sqlx::query_as(
            "UPDATE networks SET state = 'ready', profile = $1, file_sha256 = $2, stored_bytes = $3, data_date = $4,
                                 report = $5, finished_at = $6, progress = '{}'
             WHERE id = $7 AND worker = $8 AND state = 'preparing' RETURNING code, version",
        )
        .bind(made.profile.to_owned())
        .bind(made.file.0.to_owned())
        .bind(made.file.1)
        .bind(made.data_date)
        .bind(made.report.to_owned())
        .bind(now);
        Ok(query.bind(id.to_owned()).bind(worker.to_owned()).fetch_optional(self).await?)
    }

    async fn supersede_networks(&mut self, org: &str, code: &str, version: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE networks SET superseded = 1 WHERE org_id = $1 AND code = $2 AND version < $3 AND state = 'ready'",
        )
        .bind(org.to_owned())
        .bind(code.to_owned())
        .bind(version)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn clear_network(&mut self, id: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE networks SET stored_bytes = 0, progress = '{}' WHERE id = $1");
        query.bind(id.to_owned()).execute(self).await?;
        Ok(())
    }
}
