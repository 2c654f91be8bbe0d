//! The program as a process: what it prints, how it is killed, how it stops, and what its log holds.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PASSWORD: &str = "canary quiet copper lanterns drift";

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_milkrun-service"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MILKRUN_")) {
        command.env_remove(name);
    }
    command.args(["--data"]).arg(data).args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
    command.env("MILKRUN_AUTH_ARGON2_MIB", "1").stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    program(data).args(arguments).output().unwrap()
}

struct Service {
    child: Child,
    address: String,
    metrics: String,
    link: Option<String>,
    log: std::thread::JoinHandle<String>,
}

impl Service {
    fn start(data: &Path) -> Self {
        let mut child = program(data).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut after = |part: &str| {
            let line = lines.next().unwrap_or_default();
            line.split_once(part).unwrap_or_else(|| panic!("{line:?} without {part:?}")).1.to_owned()
        };
        let address = after("listens on http://");
        let metrics = after("metrics are on http://").trim_end_matches("/metrics").to_owned();
        let mut service = Self { child, address, metrics, link: None, log };
        if !data.join("signed-up").exists() {
            service.link = Some(after("#sign-up="));
        }
        service
    }

    fn signal(&self, name: &str) {
        let done = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    fn stop(mut self) -> String {
        self.signal("-TERM");
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
        self.log.join().unwrap()
    }
}

/// One request over a connection of its own; `None` if nobody answers.
fn request(
    address: &str,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let body = body.map_or_else(String::new, Value::to_string);
    let token = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{token}content-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let (_, content) = text.split_once("\r\n\r\n")?;
    Some((status, content.to_owned()))
}

fn json_of(answer: Option<(u16, String)>, status: u16) -> Value {
    let (found, text) = answer.expect("an answer");
    assert_eq!(found, status, "{text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

fn sign_up(service: &Service, data: &Path) -> String {
    let link = service.link.as_ref().unwrap();
    let body = json!({"link": link, "email": "ada@example.org", "password": PASSWORD, "name": "Ada"});
    json_of(request(&service.address, "POST", "/v1/sign-up", None, Some(&body)), 201);
    std::fs::write(data.join("signed-up"), "").unwrap();
    sign_in(service)
}

fn sign_in(service: &Service) -> String {
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let session = json_of(request(&service.address, "POST", "/v1/sessions", None, Some(&body)), 200);
    session["access_token"].as_str().unwrap().to_owned()
}

/// Row 22 of the plan: what must stay secret is in no log, no figure and no answer.
#[test]
fn it_starts_with_nothing_and_tells_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());
    let link = service.link.clone().unwrap();
    let access = sign_up(&service, folder.path());
    let factor = json_of(request(&service.address, "POST", "/v1/me/mfa", Some(&access), Some(&json!({}))), 201);
    let wrong = json!({"email": "canary-mail@example.org", "password": "canary-password", "code": "canary"});
    json_of(request(&service.address, "POST", "/v1/sessions", None, Some(&wrong)), 401);
    json_of(request(&service.address, "GET", "/v1/fleet/bins?canary-query=1", Some("canary-token"), None), 401);
    json_of(request(&service.address, "GET", "/canary-path", None, None), 404);
    json_of(request(&service.address, "GET", "/health/ready", None, None), 200);
    let (status, figures) = request(&service.metrics, "GET", "/metrics", None, None).unwrap();
    assert!(status == 200 && figures.contains("milkrun_requests_total"), "{figures}");
    assert_eq!(request(&service.address, "GET", "/metrics", None, None).unwrap().0, 404, "figures are private");
    let log = service.stop();
    assert!(log.lines().count() > 5);
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string());
    }
    let key = std::fs::read_to_string(folder.path().join("master.key")).unwrap();
    let secrets = [&link, &access, factor["secret"].as_str().unwrap(), PASSWORD, key.trim(), "canary"];
    let mut searched = 0;
    for text in [&log, &figures] {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} is told");
            searched += 1;
        }
    }
    let checked = run(folder.path(), &["audit", "verify"]);
    assert!(checked.status.success(), "{checked:?}");
    let exported = String::from_utf8(run(folder.path(), &["audit", "export"]).stdout).unwrap();
    assert!(exported.contains("session.refused") && !secrets.iter().any(|secret| exported.contains(secret)));
    eprintln!("secrets: {} searches of log, figures and audit export, 0 found", searched + secrets.len());
    // A link is used once, and a second start gives no other.
    let again = Service::start(folder.path());
    sign_in(&again);
    again.stop();
}

/// Row 1 of the plan, for the embedded database: the migration and the rotation are killed wherever they are.
#[test]
fn killed_migrations_lose_nothing() {
    const SECRETS: usize = 1_500;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert!(run(data, &["schema", "up", "--to", "1"]).status.success());
    fill(data, SECRETS);
    let mut kills = 0;
    let mut delay = 5;
    for arguments in [["mfa", "migrate"].as_slice(), &["mfa", "rotate"], &["mfa", "rotate", "--resume"]] {
        for _ in 0..15 {
            let mut child = program(data).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(delay));
            if child.try_wait().unwrap().is_none() {
                child.kill().unwrap();
                kills += 1;
            }
            child.wait().unwrap();
            delay = (delay * 3 / 2) % 250 + 5;
        }
    }
    for arguments in [["mfa", "migrate", "--finish"].as_slice(), &["mfa", "rotate", "--resume"], &["audit", "verify"]] {
        let done = run(data, arguments);
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }
    let verified = String::from_utf8(run(data, &["mfa", "verify"]).stdout).unwrap();
    assert_eq!(verified.trim(), format!("0 plaintext, {SECRETS} sealed, {SECRETS} opened"));
    let scrubbed = run(data, &["mfa", "scrub-check"]);
    let text = String::from_utf8_lossy(&scrubbed.stdout).into_owned();
    assert!(
        scrubbed.status.success() && text.contains(&format!("{SECRETS} secrets looked for, 0 places found")),
        "{text}"
    );
    eprintln!("kills: {kills} of migration and rotation, {SECRETS} of {SECRETS} secrets whole, 0 places left");
    assert!(kills >= 10, "{kills}");
}

/// Fills a database of schema 1 with plaintext secrets, as the release before encryption stored them.
fn fill(data: &Path, secrets: usize) {
    use std::fmt::Write as _;

    use sqlx::Connection as _;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite:{}", data.join("milkrun.sqlite").display());
        let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
        let mut text = String::from("BEGIN; INSERT INTO organisations VALUES ('o', 'o', 0);");
        for i in 0..secrets {
            let bytes: Vec<u8> =
                (0..20_u8).map(|b| b.wrapping_mul(37) ^ (i % 256) as u8 ^ (i / 256) as u8 & b).collect();
            let plain = data_encoding::BASE32_NOPAD.encode(&[&(i as u32).to_be_bytes()[..], &bytes[4..]].concat());
            let _ = write!(
                text,
                "INSERT INTO users VALUES ('u{i}', 'o', '{i}@example.org', 'u', '-', 'active', 0);
                 INSERT INTO factors (id, org_id, user_id, state, secret_plain, created_at)
                 VALUES ('f{i:05}', 'o', 'u{i}', 'active', '{plain}', 0);"
            );
        }
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{text} COMMIT"))).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// Rows 16 and 18 of the plan: a killed service loses no job, and a stopped one drops no request that it accepted.
/// Whether an answer over HTTP 1.1 has as many bytes of body as its head announces.
fn is_whole(answer: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return false };
    let announced =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    announced == Some(body.len())
}

#[test]
fn jobs_survive_and_requests_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut service = Service::start(data);
    let access = sign_up(&service, data);
    let clients: Vec<Value> =
        (0..40).map(|i| json!({"location": {"x": i * 37 % 100, "y": i * 61 % 100}, "delivery": [1]})).collect();
    let problem = json!({"milkrun": "problem", "version": 1, "depots": [{"name": "y", "location": {"x": 50, "y": 50}}],
        "clients": clients, "vehicle_types": [{"count": 5, "capacity": [10], "start": "y", "end": "y"}]});
    let body = json!({"problem": problem, "seconds": 3});
    let job = json_of(request(&service.address, "POST", "/v1/plans", Some(&access), Some(&body)), 202);
    let id = job["job"]["id"].as_str().unwrap().to_owned();
    std::thread::sleep(Duration::from_millis(700));
    service.child.kill().unwrap();
    service.child.wait().unwrap();
    let service = Service::start(data);
    let killed = Instant::now();
    let access = sign_in(&service);
    loop {
        let job = json_of(request(&service.address, "GET", &format!("/v1/jobs/{id}"), Some(&access), None), 200);
        if job["state"] == "done" {
            break;
        }
        assert!(killed.elapsed() < Duration::from_mins(1), "{job}");
        std::thread::sleep(Duration::from_millis(200));
    }
    eprintln!("jobs: done {:?} after its process was killed", killed.elapsed());
    // Stopping under load: a request either is answered in full or finds no one listening. A fast machine asks more
    // than a user may ask in a minute, and is told so in full, too.
    let address = service.address.clone();
    let loads: Vec<_> = (0..4)
        .map(|_| {
            let (address, access) = (address.clone(), access.clone());
            std::thread::spawn(move || {
                let (mut answered, mut broken) = (0, 0);
                for _ in 0..2_000 {
                    let Ok(mut stream) = TcpStream::connect(&address) else { break };
                    let head = format!(
                        "GET /v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {access}\r\n\r\n"
                    );
                    let mut text = String::new();
                    let sent = stream.write_all(head.as_bytes());
                    let read = stream.read_to_string(&mut text);
                    // A connection that was never accepted is reset without a byte.
                    if text.is_empty() && (sent.is_err() || read.is_err()) {
                        break;
                    }
                    let status = text.split(' ').nth(1);
                    if matches!(status, Some("200" | "429")) && is_whole(&text) {
                        answered += 1;
                    } else {
                        broken += 1;
                    }
                }
                (answered, broken)
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    service.stop();
    let (answered, broken) = loads.into_iter().fold((0, 0), |sum, load| {
        let (answered, broken) = load.join().unwrap();
        (sum.0 + answered, sum.1 + broken)
    });
    eprintln!("stopping under load: {answered} requests answered in full, {broken} broken off");
    assert!(answered > 0 && broken == 0);
}
