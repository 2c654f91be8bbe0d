//! A service in a folder of its own, over a database of its own.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use sqlx::Connection as _;
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::auth::invitations;
use crate::clock::Clock;
use crate::config::Config;
use crate::http::{App, AppState, router};
use crate::services::Services;
use crate::storage::AuditLog as _;

/// A password that may be used.
pub(crate) const PASSWORD: &str = "quiet copper lanterns drift";

/// The service, with what tests need to look behind it.
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) app: App,
    pub(crate) clock: Clock,
    router: Router,
    pub(crate) folder: TempDir,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) email: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) text: String,
    pub(crate) headers: axum::http::HeaderMap,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.body
    }
}

/// A database of its own on the server that tests are given.
pub(crate) async fn new_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("MILKRUN_TEST_POSTGRES").expect("MILKRUN_TEST_POSTGRES: cargo xtask test sets it");
    sqlx::any::install_default_drivers();
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = sqlx::AnyConnection::connect(&format!("{server}/postgres")).await.unwrap();
    let statement = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    format!("{server}/{name}")
}

/// Settings of a test: little memory for hashes, and limits that tests do not meet by accident.
pub(crate) fn config(folder: &TempDir, database_url: Option<String>) -> Config {
    let mut config = Config { data: folder.path().join("data"), database_url, ..Config::default() };
    config.auth.argon2_mib = 1;
    config.limits.address_per_minute = 1_000_000;
    config.limits.user_per_minute = 1_000_000;
    config.database.acquire_timeout_ms = 20_000;
    config.database.statement_timeout_ms = 20_000;
    config.database.max_connections = 6;
    config.outside.private_addresses = vec![IpAddr::from([127, 0, 0, 1])];
    config
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder, None);
        Self::start(folder, config).await
    }

    pub(crate) async fn postgres() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder, Some(new_database().await));
        Self::start(folder, config).await
    }

    pub(crate) async fn start(folder: TempDir, config: Config) -> Self {
        let clock = Clock::default();
        let desk = crate::commands::desk(&config, &clock).await.unwrap();
        let app = AppState::new(Services::new(config.clone(), desk, clock.clone()), None);
        Self { config, router: router(app.clone()), app, clock, folder }
    }

    /// The same service with other settings.
    pub(crate) async fn restart(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { mut config, folder, .. } = self;
        change(&mut config);
        Self::start(folder, config).await
    }

    /// Sets the clock, which goes on from there.
    pub(crate) fn set_to(&self, moment: &str) {
        self.clock.advance(moment.parse::<jiff::Timestamp>().unwrap().as_millisecond() - self.clock.now());
    }

    /// Starts a worker; it ends with what is returned.
    pub(crate) fn work(&self) -> watch::Sender<bool> {
        let (sender, stop) = watch::channel(false);
        tokio::spawn(self.app.worker().run(stop));
        sender
    }

    /// Starts a preparer of networks; it ends with what is returned.
    pub(crate) fn prepare(&self) -> watch::Sender<bool> {
        let (sender, stop) = watch::channel(false);
        tokio::spawn(self.app.preparer().run(stop));
        sender
    }

    pub(crate) async fn raw(&self, mut request: Request<Body>) -> Response<Body> {
        let peer = SocketAddr::new(IpAddr::from([192, 0, 2, 1]), 4_000);
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.raw(request).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, body, text, headers: parts.headers }
    }

    pub(crate) async fn send(&self, token: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.answer(request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, actor: &Actor, path: &str) -> Answer {
        self.send(Some(&actor.access), "GET", path, None).await
    }

    pub(crate) async fn post(&self, actor: &Actor, path: &str, body: Value) -> Answer {
        self.send(Some(&actor.access), "POST", path, Some(body)).await
    }

    /// Signs somebody in.
    pub(crate) async fn sign_in(&self, email: &str, more: Value) -> Answer {
        let mut body = json!({"email": email, "password": PASSWORD});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.send(None, "POST", "/v1/sessions", Some(body)).await
    }

    pub(crate) async fn actor(&self, email: &str) -> Actor {
        let session = self.sign_in(email, json!({})).await.expect(200);
        let text = |name: &str| session[name].as_str().unwrap().to_owned();
        Actor { email: email.to_owned(), access: text("access_token"), refresh: text("refresh_token") }
    }

    /// A new organisation with an administrator.
    pub(crate) async fn founder(&self, name: &str) -> Actor {
        let mut tx = self.app.desk.store.begin().await.unwrap();
        let link = invitations::create(&mut tx, invitations::Invited::Founder, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let email = format!("{name}@example.org");
        let body = json!({"link": link, "email": email, "password": PASSWORD, "name": name});
        self.send(None, "POST", "/v1/sign-up", Some(body)).await.expect(201);
        self.actor(&email).await
    }

    /// A role's id.
    pub(crate) async fn role(&self, admin: &Actor, name: &str) -> String {
        let roles = self.get(admin, "/v1/roles").await.expect(200);
        let role = roles.as_array().unwrap().iter().find(|role| role["name"] == name).unwrap();
        role["id"].as_str().unwrap().to_owned()
    }

    /// A new user of the administrator's organisation.
    pub(crate) async fn member(&self, admin: &Actor, name: &str, role: &str) -> Actor {
        let role = self.role(admin, role).await;
        let link = self.post(admin, "/v1/invitations", json!({"role": role})).await.expect(201);
        let link = link["link"].as_str().unwrap().split_once("#sign-up=").unwrap().1.to_owned();
        let email = format!("{name}@example.org");
        let body = json!({"link": link, "email": email, "password": PASSWORD, "name": name});
        self.send(None, "POST", "/v1/sign-up", Some(body)).await.expect(201);
        self.actor(&email).await
    }

    /// Sets a second factor up; gives its secret and the recovery codes.
    pub(crate) async fn enrol(&self, actor: &Actor) -> (Vec<u8>, Vec<String>) {
        let factor = self.post(actor, "/v1/me/mfa", json!({})).await.expect(201);
        let secret = BASE32_NOPAD.decode(factor["secret"].as_str().unwrap().as_bytes()).unwrap();
        let body = json!({"code": self.code(&secret)});
        let codes = self.post(actor, "/v1/me/mfa/confirm", body).await.expect(200);
        let codes = codes["recovery_codes"].as_array().unwrap();
        // The next code is one of another step.
        self.clock.advance(30_000);
        (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    /// The code of the running step.
    pub(crate) fn code(&self, secret: &[u8]) -> String {
        code_at(secret, self.clock.now())
    }

    /// Sends a table.
    pub(crate) async fn import(&self, actor: &Actor, kind: &str, rows: Value) -> Answer {
        self.post(actor, &format!("/v1/fleet/{kind}/import"), rows).await
    }

    /// A small city: a depot, a tip, two trucks, some bins.
    pub(crate) async fn city(&self, actor: &Actor, bins: usize) {
        let depot = json!([{"code": "yard", "lon": 4.90, "lat": 52.37}]);
        self.import(actor, "depots", depot).await.expect(200);
        let tip = json!([{"code": "tip", "lon": 4.95, "lat": 52.40}]);
        self.import(actor, "disposal-sites", tip).await.expect(200);
        let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 5000},
                            {"code": "t2", "depot": "yard", "capacity_kg": 5000}]);
        self.import(actor, "vehicles", trucks).await.expect(200);
        let rows: Vec<Value> = (0..bins)
            .map(|i| {
                let (x, y) = (i as f64 * 0.618 % 1.0, i as f64 * 0.414 % 1.0);
                json!({"code": format!("b{i:04}"), "lon": 4.85 + x / 10.0, "lat": 52.33 + y / 10.0, "load_kg": 150})
            })
            .collect();
        self.import(actor, "bins", rows.into()).await.expect(200);
    }

    /// The audit log's actions, in order.
    pub(crate) async fn audited(&self) -> Vec<String> {
        let mut connection = self.app.desk.store.connection().await.unwrap();
        let entries = connection.entries(0, 100_000).await.unwrap();
        entries.into_iter().map(|entry| entry.action).collect()
    }

    /// The details of the entries of one action, in order.
    pub(crate) async fn details(&self, action: &str) -> Vec<Value> {
        let mut connection = self.app.desk.store.connection().await.unwrap();
        let entries = connection.entries(0, 100_000).await.unwrap();
        let of = entries.into_iter().filter(|entry| entry.action == action);
        of.map(|entry| serde_json::from_str(&entry.detail).unwrap()).collect()
    }

    /// Sends a request without a body.
    pub(crate) async fn delete(&self, actor: &Actor, path: &str) -> Answer {
        self.send(Some(&actor.access), "DELETE", path, None).await
    }

    /// A user's own id.
    pub(crate) async fn id(&self, actor: &Actor) -> String {
        self.get(actor, "/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned()
    }

    /// Rows of a table.
    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let mut connection = self.app.desk.store.connection().await.unwrap();
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let (rows,) = sqlx::query_as(count).fetch_one(&mut *connection).await.unwrap();
        rows
    }

    /// Sends all that is due. Gives how many rows were taken up.
    pub(crate) async fn deliver(&self) -> usize {
        let (_sender, mut stop) = watch::channel(false);
        let (deliverer, mut count) = (self.app.deliverer(), 0);
        while let Some(claim) = deliverer.claim("test").await.unwrap() {
            deliverer.deliver("test", &claim, &mut stop).await.unwrap();
            count += 1;
        }
        count
    }

    /// Sends the oldest row that is due, and cuts that off after a number of steps, as by a process that is killed. Gives whether it ended.
    pub(crate) async fn deliver_some(&self, steps: usize) -> bool {
        let (_sender, mut stop) = watch::channel(false);
        let deliverer = self.app.deliverer();
        let work = async {
            if let Some(claim) = deliverer.claim("first").await.unwrap() {
                deliverer.deliver("first", &claim, &mut stop).await.unwrap();
            }
        };
        let (mut work, mut left) = (Box::pin(work), steps);
        std::future::poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(false);
            }
            left -= 1;
            work.as_mut().poll(context).map(|()| true)
        })
        .await
    }

    /// Sends one row after the other, as `write` writes them, each of which is cut off after one more step than the one before, until one
    /// ends before it is cut off; what is cut off is taken up by another process once its time is over. Gives rows and cuts.
    pub(crate) async fn cut_off_after_each_step(&self, mut write: impl AsyncFnMut(usize)) -> (usize, usize) {
        let (mut rows, mut cuts) = (0, 0);
        loop {
            let steps = rows;
            rows += 1;
            write(rows).await;
            let ended = self.deliver_some(steps).await;
            cuts += usize::from(!ended);
            self.clock.advance((self.config.outside.lease_seconds + 1) * 1_000);
            for _ in 0..50 {
                self.deliver().await;
                if self.count("outbox WHERE state <> 'sent'").await == 0 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                self.clock.advance(60_000);
            }
            assert_eq!(self.count("outbox WHERE state <> 'sent'").await, 0, "after {steps} steps");
            if (ended && steps > 5) || rows > 200 {
                break;
            }
        }
        // On a busy machine more is ready at each step, so that there are fewer.
        assert!(cuts >= 3, "{cuts}");
        (rows, cuts)
    }

    /// Waits for a job's end.
    pub(crate) async fn ended(&self, actor: &Actor, id: &str) -> Value {
        for _ in 0..600 {
            let job = self.get(actor, &format!("/v1/jobs/{id}")).await.expect(200);
            if !["queued", "running"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the job {id} does not end");
    }
}

/// The code of a secret at a time.
pub(crate) fn code_at(secret: &[u8], ms: i64) -> String {
    let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::new(secret.into())).build_noncompliant();
    totp.generate((ms / 1_000).cast_unsigned()).to_string()
}

/// Shares a world among tasks.
pub(crate) fn shared(world: World) -> Arc<World> {
    Arc::new(world)
}
