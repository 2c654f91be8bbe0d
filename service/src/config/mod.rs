//! Settings of the service: defaults, then a TOML file, then `MILKRUN_*` variables, then flags; the later one wins.

mod load;

pub(crate) use load::{ConfigError, Flags, load};

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the public interface listens.
    pub(crate) listen: SocketAddr,
    /// Where metrics are served: a port that the outside does not reach.
    pub(crate) metrics_listen: SocketAddr,
    /// Folder of the embedded database, the master key and the audit checkpoints.
    pub(crate) data: PathBuf,
    /// `postgres://…`, or `sqlite:…`; without it, an `SQLite` file in `data`.
    pub(crate) database_url: Option<String>,
    /// How the outside calls the service; printed in links.
    pub(crate) public_url: Option<String>,
    /// Origins that browsers may call from; none by default.
    pub(crate) cors_origins: Vec<String>,
    /// Addresses whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// What is logged, as in `info,sqlx=warn`.
    pub(crate) log: String,
    /// The database pool.
    pub(crate) database: Database,
    /// Limits of requests.
    pub(crate) limits: Limits,
    /// Sign-in.
    pub(crate) auth: Auth,
    /// What is new or odd about sign-ins, and what is done then.
    pub(crate) sign_ins: SignIns,
    /// Passkeys.
    pub(crate) passkeys: Passkeys,
    /// The planning jobs.
    pub(crate) planning: Planning,
    /// Street networks.
    pub(crate) networks: Networks,
    /// Outside systems.
    pub(crate) outside: Outside,
    /// What comes back from the road.
    pub(crate) driving: Driving,
    /// Forecasts.
    pub(crate) forecasts: Forecasts,
    /// Traces.
    pub(crate) traces: Traces,
}

/// The database pool: limits, timeouts and retries.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    /// Most connections.
    pub(crate) max_connections: u32,
    /// Longest wait for a free connection, milliseconds; then the request is answered with 503.
    pub(crate) acquire_timeout_ms: u64,
    /// Longest run of one statement (`PostgreSQL`) or wait for a lock (`SQLite`), milliseconds.
    pub(crate) statement_timeout_ms: u64,
    /// How often connecting is tried again at start, with doubling waits from 250 ms.
    pub(crate) connect_retries: u32,
}

/// Limits of requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Largest body, bytes; imports and plan requests may have eight times as much.
    pub(crate) body_bytes: usize,
    /// Longest time for a request's head to arrive, and longest rest of a connection, seconds.
    pub(crate) head_seconds: u64,
    /// Longest time for a request's body to arrive, seconds; uploads of networks have their own.
    pub(crate) body_seconds: u64,
    /// Most connections; more are closed at once.
    pub(crate) connections: usize,
    /// Most connections of one address that is not a trusted proxy.
    pub(crate) connections_per_address: usize,
    /// Most requests under way; more are answered with 503.
    pub(crate) concurrency: usize,
    /// Most requests under way from one address; more are answered with 429.
    pub(crate) concurrency_per_address: usize,
    /// Longest time for a request, seconds; event streams are exempt.
    pub(crate) request_seconds: u64,
    /// Requests a minute from one address.
    pub(crate) address_per_minute: u32,
    /// Requests a minute of one user.
    pub(crate) user_per_minute: u32,
    /// How long requests under way may take after a signal to stop, seconds.
    pub(crate) shutdown_seconds: u64,
}

/// Sign-in.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Auth {
    /// Issuer and audience of access tokens.
    pub(crate) issuer: String,
    /// Life of an access token, seconds.
    pub(crate) access_seconds: i64,
    /// Life of an unused refresh token, seconds.
    pub(crate) refresh_seconds: i64,
    /// Longest life of a session, seconds.
    pub(crate) session_seconds: i64,
    /// How long a proof of presence counts for sensitive actions, seconds.
    pub(crate) step_up_seconds: i64,
    /// Memory of one password hash, MiB.
    pub(crate) argon2_mib: u32,
    /// Age at which a signing key is replaced, seconds.
    pub(crate) signing_key_seconds: i64,
    /// A file with the SHA-1 digests of leaked passwords, in order: none of them may be chosen.
    pub(crate) leaked_passwords: Option<PathBuf>,
}

/// What is new or odd about sign-ins: from which score on something is done, and what is known of addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SignIns {
    /// The score from which on the person is told.
    pub(crate) tell_at: i64,
    /// The score from which on more than the password is asked for.
    pub(crate) step_up_at: i64,
    /// The score from which on a sign-in without a second factor is refused.
    pub(crate) block_at: i64,
    /// A file with the places of addresses: `network,lon,lat,country` in each line.
    pub(crate) places: Option<PathBuf>,
    /// Lists of addresses.
    pub(crate) lists: Vec<AddressList>,
}

/// A list of addresses from which sign-ins are odd.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressList {
    /// A file with a network or an address in each line.
    pub(crate) path: PathBuf,
    /// Whose list it is, in words.
    pub(crate) source: String,
    /// How old the file may be, hours; an older list is not counted.
    #[serde(default = "a_week")]
    pub(crate) max_age_hours: u32,
    /// What an address of it adds to the score.
    #[serde(default = "forty")]
    pub(crate) weight: i64,
}

fn a_week() -> u32 {
    168
}

fn forty() -> i64 {
    40
}

impl Default for SignIns {
    fn default() -> Self {
        Self { tell_at: 40, step_up_at: 60, block_at: 120, places: None, lists: Vec::new() }
    }
}

/// Passkeys.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Passkeys {
    /// The origin of the page: `https://` and a domain; without it, that of `public_url`.
    pub(crate) origin: Option<String>,
    /// The domain to which passkeys belong: that of the origin, or one above it. Another one makes all passkeys worthless.
    pub(crate) rp_id: Option<String>,
    /// Whether authenticators must recognise their user by a number, a finger or a face; else they are asked to.
    pub(crate) require_user_verification: bool,
}

/// The planning jobs.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Planning {
    /// Jobs solved at a time by this process; 0: none, another process does it.
    pub(crate) workers: usize,
    /// Longest search, seconds.
    pub(crate) max_seconds: u32,
    /// Threads of one search.
    pub(crate) threads: usize,
    /// A job whose process has not been heard of for so long is taken over, seconds.
    pub(crate) lease_seconds: i64,
    /// Most jobs of one organisation that wait or run.
    pub(crate) queue_per_organisation: i64,
    /// Most stops of one problem.
    pub(crate) max_stops: usize,
    /// Size of the cache of plans, MiB.
    pub(crate) cache_mib: u64,
}

/// Street networks.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Networks {
    /// Networks prepared at a time by this process; 0: none, another process does it.
    pub(crate) workers: usize,
    /// Largest upload, bytes.
    pub(crate) upload_bytes: u64,
    /// Longest upload, seconds.
    pub(crate) upload_seconds: u64,
    /// Most bytes of a map once it is unpacked.
    pub(crate) unpacked_bytes: u64,
    /// Most bytes of one organisation's uploads and networks in the data folder.
    pub(crate) bytes_per_organisation: u64,
    /// Most networks of one organisation, versions included.
    pub(crate) per_organisation: i64,
    /// Most places of a plan on streets: their table has the square of it.
    pub(crate) max_places: usize,
}

/// Outside systems: providers, and webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Outside {
    /// Messages, letters and events sent at a time by this process; 0: none, another process does it.
    pub(crate) workers: usize,
    /// What a process that has not been heard of for so long was sending is sent again, seconds: more than a call takes.
    pub(crate) lease_seconds: i64,
    /// How often something is tried to be sent before it is given up.
    pub(crate) attempts: u32,
    /// The first wait after an attempt that failed, seconds; the next ones are twice as long each time, up to an hour.
    pub(crate) first_wait_seconds: u64,
    /// Addresses that webhooks may go to although they are not public.
    pub(crate) private_addresses: Vec<IpAddr>,
}

/// What comes back from the road.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Driving {
    /// Largest photo, bytes.
    pub(crate) photo_bytes: usize,
    /// How long photos are kept, days.
    pub(crate) photo_days: i64,
    /// Most bytes of one organisation's photos.
    pub(crate) photo_bytes_per_organisation: i64,
    /// How long positions are kept, days.
    pub(crate) position_days: i64,
    /// How often a driver may report positions in a minute.
    pub(crate) positions_per_minute: u32,
}

impl Default for Driving {
    fn default() -> Self {
        Self {
            photo_bytes: 4 << 20,
            photo_days: 90,
            photo_bytes_per_organisation: 4 << 30,
            position_days: 30,
            positions_per_minute: 30,
        }
    }
}

/// Traces of what requests and work in the background are made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Traces {
    /// A collector that speaks OTLP over HTTP, as `http://127.0.0.1:4318`; without it nothing is traced.
    pub(crate) endpoint: Option<String>,
    /// What the header `authorization` of requests to the collector holds.
    pub(crate) authorization: Option<Secret>,
    /// How many of a hundred traces are recorded.
    pub(crate) percent: u8,
    /// Most spans that wait to be sent; more are dropped, and counted.
    pub(crate) queue: usize,
    /// Longest request to the collector, with all attempts, seconds.
    pub(crate) timeout_seconds: u64,
}

impl Default for Traces {
    fn default() -> Self {
        Self { endpoint: None, authorization: None, percent: 100, queue: 4_096, timeout_seconds: 5 }
    }
}

/// A text that no error and no log shows.
#[derive(Clone, Deserialize)]
#[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "nothing is sent without the feature"))]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Forecasts of fill levels.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Forecasts {
    /// Forecasts, reviews and trainings made at a time by this process; 0: none, another process does it.
    pub(crate) workers: usize,
    /// Most bins of a forecast.
    pub(crate) max_bins: usize,
    /// Bins that are worked on at once: they are in memory with their readings.
    pub(crate) bins_at_a_time: usize,
    /// Most readings of these bins.
    pub(crate) readings_at_a_time: usize,
    /// Days for which forecasts are kept; scores and impact are kept longer.
    pub(crate) keep_days: i64,
}

impl Default for Forecasts {
    fn default() -> Self {
        Self { workers: 1, max_bins: 50_000, bins_at_a_time: 100, readings_at_a_time: 1_000_000, keep_days: 60 }
    }
}

impl Default for Outside {
    fn default() -> Self {
        Self { workers: 4, lease_seconds: 60, attempts: 15, first_wait_seconds: 5, private_addresses: Vec::new() }
    }
}

impl Default for Networks {
    fn default() -> Self {
        Self {
            workers: 1,
            upload_bytes: 128 << 20,
            upload_seconds: 300,
            unpacked_bytes: 512 << 20,
            bytes_per_organisation: 1 << 30,
            per_organisation: 20,
            max_places: 2_000,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            data: PathBuf::from("milkrun-data"),
            database_url: None,
            public_url: None,
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            log: "info,sqlx=warn".to_owned(),
            database: Database::default(),
            limits: Limits::default(),
            auth: Auth::default(),
            sign_ins: SignIns::default(),
            passkeys: Passkeys::default(),
            planning: Planning::default(),
            networks: Networks::default(),
            outside: Outside::default(),
            driving: Driving::default(),
            forecasts: Forecasts::default(),
            traces: Traces::default(),
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { max_connections: 8, acquire_timeout_ms: 1_500, statement_timeout_ms: 5_000, connect_retries: 5 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            head_seconds: 10,
            body_seconds: 10,
            connections: 2_048,
            connections_per_address: 256,
            concurrency: 256,
            concurrency_per_address: 64,
            request_seconds: 15,
            address_per_minute: 600,
            user_per_minute: 1_200,
            shutdown_seconds: 20,
        }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            issuer: "milkrun".to_owned(),
            access_seconds: 600,
            refresh_seconds: 14 * 86_400,
            session_seconds: 30 * 86_400,
            step_up_seconds: 300,
            argon2_mib: 46,
            signing_key_seconds: 30 * 86_400,
            leaked_passwords: None,
        }
    }
}

impl Default for Planning {
    fn default() -> Self {
        Self {
            workers: 1,
            max_seconds: 60,
            threads: 1,
            lease_seconds: 15,
            queue_per_organisation: 100,
            max_stops: 5_000,
            cache_mib: 64,
        }
    }
}

impl Config {
    /// The database's URL: the one given, or that of the file in the data folder.
    pub(crate) fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}?mode=rwc", self.data.join("milkrun.sqlite").display()))
    }

    /// How the outside calls the service.
    pub(crate) fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}
