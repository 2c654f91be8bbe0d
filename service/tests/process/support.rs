//! The program in a folder of its own, and requests to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

pub(crate) const PASSWORD: &str = "canary quiet copper lanterns drift";

/// How often what is killed is killed.
pub(crate) fn rounds() -> u64 {
    std::env::var("MILKRUN_TEST_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A folder, and a database in it or on the server that tests are given.
pub(crate) struct Place {
    folder: TempDir,
    server: Option<String>,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: None }
    }

    /// A database of its own, named `name`.
    pub(crate) fn postgres(name: &str) -> Self {
        Self::on_server(name, "")
    }

    /// The same, in a table space at a place that the server has.
    pub(crate) fn postgres_within(name: &str, place: &str) -> Self {
        Self::on_server(name, &format!("CREATE TABLESPACE small LOCATION '{place}'"))
    }

    fn on_server(name: &str, space: &str) -> Self {
        let server = std::env::var("MILKRUN_TEST_POSTGRES").expect("MILKRUN_TEST_POSTGRES: cargo xtask test sets it");
        let name = format!("p{}_{name}", std::process::id());
        runtime().block_on(async {
            sqlx::any::install_default_drivers();
            let mut connection = AnyConnection::connect(&format!("{server}/postgres")).await.unwrap();
            let mut create = format!("CREATE DATABASE {name}");
            if !space.is_empty() {
                sqlx::raw_sql(AssertSqlSafe(space)).execute(&mut connection).await.unwrap();
                create += " TABLESPACE small";
            }
            sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        });
        Self { folder: tempfile::tempdir().unwrap(), server: Some(format!("{server}/{name}")) }
    }

    /// The same database by way of another address.
    pub(crate) fn reach_through(&mut self, address: &str) {
        let server = self.server.take().unwrap();
        self.server = Some(server.replacen(&host_of(&server), address, 1));
    }

    /// Host and port of the server.
    pub(crate) fn host(&self) -> String {
        host_of(self.server.as_ref().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.path().join("milkrun.sqlite").display());
        self.server.clone().unwrap_or_else(file)
    }

    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_milkrun-service"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MILKRUN_")) {
            command.env_remove(name);
        }
        command.arg("--data").arg(self.path()).args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
        command.envs(self.server.as_ref().map(|server| ("MILKRUN_DATABASE", server)));
        command.envs([("MILKRUN_AUTH_ARGON2_MIB", "1"), ("MILKRUN_PLANNING_LEASE_SECONDS", "2")]);
        command.env("MILKRUN_LIMITS_USER_PER_MINUTE", "1000000");
        command.env("MILKRUN_LIMITS_ADDRESS_PER_MINUTE", "1000000").stdin(Stdio::null());
        command
    }

    /// The program, started by another one that ends by running what it is given.
    pub(crate) fn program_by(&self, mut starter: Command) -> Command {
        let program = self.program();
        starter.arg(program.get_program()).args(program.get_args()).stdin(Stdio::null());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => starter.env(name, value),
                None => starter.env_remove(name),
            };
        }
        starter
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.program().args(arguments).output().unwrap()
    }
}

/// Rows of a table.
pub(crate) fn count_of(place: &Place, table: &str) -> i64 {
    runtime().block_on(async {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&place.url()).await.unwrap();
        let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let (rows,) = sqlx::query_as(count).fetch_one(&mut connection).await.unwrap();
        rows
    })
}

/// Runs statements on a place's database.
pub(crate) fn run_on(place: &Place, statements: &str) {
    runtime().block_on(async {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&place.url()).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
    });
}

fn host_of(url: &str) -> String {
    let (_, rest) = url.split_once('@').unwrap();
    rest.split('/').next().unwrap().to_owned()
}

pub(crate) struct Service {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) metrics: String,
    pub(crate) link: Option<String>,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    pub(crate) fn start(place: &Place) -> Self {
        Self::start_by(place, place.program())
    }

    pub(crate) fn start_by(place: &Place, mut program: Command) -> Self {
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        Self::started(place, child, log)
    }

    /// With a log of which nothing is read here.
    pub(crate) fn start_logging(place: &Place, log: impl Into<Stdio>) -> Self {
        let child = place.program().stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        Self::started(place, child, std::thread::spawn(String::new))
    }

    fn started(place: &Place, mut child: Child, log: std::thread::JoinHandle<String>) -> Self {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut after = |part: &str| {
            let line = lines.next().unwrap_or_default();
            line.split_once(part).unwrap_or_else(|| panic!("{line:?} without {part:?}")).1.to_owned()
        };
        let address = after("listens on http://");
        let metrics = after("metrics are on http://").trim_end_matches("/metrics").to_owned();
        let mut service = Self { child, address, metrics, link: None, log: Some(log) };
        if !place.path().join("signed-up").exists() {
            service.link = Some(after("#sign-up="));
        }
        service
    }

    pub(crate) fn request(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
        request(&self.address, method, path, token, body)
    }

    pub(crate) fn sign_up(&self, place: &Place) -> String {
        let link = self.link.as_ref().unwrap();
        let body = json!({"link": link, "email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
        json_of(self.request("POST", "/v1/sign-up", None, Some(&body)), 201);
        std::fs::write(place.path().join("signed-up"), "").unwrap();
        self.sign_in()
    }

    pub(crate) fn sign_in(&self) -> String {
        let body = json!({"email": "ada@example.org", "password": PASSWORD});
        let session = json_of(self.request("POST", "/v1/sessions", None, Some(&body)), 200);
        session["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn stop(mut self) -> String {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
        self.log.take().unwrap().join().unwrap()
    }
}

/// Status and body; `None` if nobody answers.
pub(crate) type Answer = Option<(u16, String)>;

/// One request over a connection of its own.
pub(crate) fn request(address: &str, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
    let body = body.map_or_else(String::new, Value::to_string);
    request_of(address, (method, path), token, ("application/json", body.as_bytes()))
}

/// One request with a body of any type.
pub(crate) fn request_of(
    address: &str,
    (method, path): (&str, &str),
    token: Option<&str>,
    (media_type, body): (&str, &[u8]),
) -> Answer {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_mins(2))).ok()?;
    let token = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{token}content-type: {media_type}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let (_, content) = text.split_once("\r\n\r\n")?;
    Some((status, content.to_owned()))
}

#[track_caller]
pub(crate) fn json_of(answer: Answer, status: u16) -> Value {
    let (found, text) = answer.expect("an answer");
    assert_eq!(found, status, "{text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}
