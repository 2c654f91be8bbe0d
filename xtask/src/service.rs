//! The service as a process, with an administrator who is signed in, and requests to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::shell::{output, target};

/// The administrator's address and password.
pub(crate) const ADMINISTRATOR: (&str, &str) = ("ada@example.org", "quiet copper lanterns drift");
/// Longest wait for an answer.
const LONGEST: Duration = Duration::from_secs(120);
/// How long a job may take, with those before it in the queue: fifty organisations that plan at once take minutes on two cores.
const LONGEST_JOB: Duration = Duration::from_secs(900);

/// A running service. It ends when this is dropped.
pub(crate) struct Service {
    child: Child,
    program: PathBuf,
    settings: Vec<(String, String)>,
    data: PathBuf,
    /// Host and port.
    pub(crate) address: String,
    /// Host and port of its figures.
    figures: String,
    /// The administrator's access token.
    pub(crate) token: String,
}

/// An answer: its status and its body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Service {
    /// Starts a program of the service in a fresh folder, signs an administrator up, and in. Limits on the number of
    /// requests are out of the way, and tokens live for the whole run.
    pub(crate) fn start(program: &Path, name: &str, settings: &[(&str, &str)]) -> Result<Self, String> {
        let data = target().join("service").join(name);
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;
        let log = fs::File::create(data.join("log.jsonl")).map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MILKRUN_")) {
            command.env_remove(name);
        }
        command.arg("--data").arg(&data).args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
        command.envs([
            ("MILKRUN_LIMITS_ADDRESS_PER_MINUTE", "100000000"),
            ("MILKRUN_LIMITS_USER_PER_MINUTE", "100000000"),
            ("MILKRUN_AUTH_ACCESS_SECONDS", "3600"),
        ]);
        command.envs(settings.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().map_err(|error| format!("cannot start {}: {error}", program.display()))?;
        let printed = child.stdout.take().ok_or("no output")?;
        let mut service = Self {
            child,
            program: program.to_owned(),
            settings: settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            data,
            address: String::new(),
            figures: String::new(),
            token: String::new(),
        };
        let link = service.read_link(printed)?;
        service.sign_up(&link)?;
        Ok(service)
    }

    /// Reads the address and the one-time link from what the program prints.
    fn read_link(&mut self, printed: ChildStdout) -> Result<String, String> {
        let mut lines = BufReader::new(printed).lines().map_while(Result::ok);
        for line in lines.by_ref() {
            if let Some((_, address)) = line.split_once("listens on http://") {
                address.trim_end_matches('/').clone_into(&mut self.address);
            }
            if let Some((_, address)) = line.split_once("metrics are on http://") {
                address.trim_end_matches("/metrics").clone_into(&mut self.figures);
            }
            if let Some((_, link)) = line.split_once("#sign-up=") {
                let link = link.trim().to_owned();
                // What it prints later is read, so that it never waits for a reader.
                thread::spawn(move || lines.for_each(drop));
                return Ok(link);
            }
        }
        Err(format!("the service printed no link; its log is in {}", self.data.display()))
    }

    fn sign_up(&mut self, link: &str) -> Result<(), String> {
        self.token = self.founded(link, ADMINISTRATOR.0)?;
        Ok(())
    }

    /// Founds an organisation by a link; gives its administrator's access token.
    fn founded(&self, link: &str, email: &str) -> Result<String, String> {
        let who = format!(r#""email": "{email}", "password": "{}""#, ADMINISTRATOR.1);
        let body = format!(r#"{{"link": "{link}", "name": "Ada", {who}}}"#);
        self.send("POST", "/v1/sign-up", Some(&body))?.expect(201)?;
        Connection::open(self)?.sign_in(email)
    }

    /// Founds another organisation; gives its administrator's access token.
    pub(crate) fn another_organisation(&self, number: usize) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(&self.data).args(["organisation", "add"]);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        let told = output(&mut command)?;
        let (_, link) = told.trim().split_once("#sign-up=").ok_or("no link for another organisation")?;
        self.founded(link, &format!("ada{number}@example.org"))
    }

    /// Sends a request over a connection of its own.
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<&str>) -> Result<Answer, String> {
        Connection::open(self)?.send(method, path, body)
    }

    /// Host and port of its figures.
    pub(crate) fn figures_address(&self) -> &str {
        &self.figures
    }

    /// All of its figures.
    pub(crate) fn figures_text(&self) -> Result<String, String> {
        get(&self.figures, "/metrics")
    }

    /// One of its own figures, named with its labels; 0 before it is first counted.
    pub(crate) fn figure(&self, name: &str) -> Result<f64, String> {
        let told = self.figures_text()?;
        let value = told.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        value.map_or(Ok(0.0), |value| value.parse().map_err(|error| format!("{name} is {value}: {error}")))
    }

    /// Waits for a job's end; gives its plan.
    pub(crate) fn ended(&self, job: &str) -> Result<String, String> {
        Connection::open(self)?.ended(job)
    }

    /// A connection with another token.
    pub(crate) fn connection_of(&self, token: &str) -> Result<Connection, String> {
        Connection::to(&self.address, token)
    }

    /// Memory that it holds, in MiB; only on Linux.
    pub(crate) fn memory(&self) -> Result<f64, String> {
        self.status("VmRSS:")
    }

    fn status(&self, name: &str) -> Result<f64, String> {
        let file = format!("/proc/{}/status", self.child.id());
        let told = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
        let kib = told.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse().ok());
        Ok(kib.map_or(f64::NAN, |kib: f64| kib / 1_024.0))
    }

    /// The most memory that it ever held, in MiB; only on Linux.
    pub(crate) fn most_memory(&self) -> Result<f64, String> {
        self.status("VmHWM:")
    }

    /// Files and connections that it has open; only on Linux.
    pub(crate) fn files(&self) -> Result<usize, String> {
        let folder = format!("/proc/{}/fd", self.child.id());
        Ok(fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?.count())
    }

    /// Bytes of the embedded database; 0 where it has another one.
    pub(crate) fn database_bytes(&self) -> u64 {
        let bytes =
            |ending: &str| fs::metadata(self.data.join(format!("milkrun.sqlite{ending}"))).map_or(0, |m| m.len());
        ["", "-wal"].into_iter().map(bytes).sum()
    }

    /// Whether it still runs.
    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What an address answers to a request without a body.
pub(crate) fn get(address: &str, path: &str) -> Result<String, String> {
    Connection::to(address, "")?.send("GET", path, None)?.expect(200)
}

/// A connection that is kept open.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
    token: String,
    /// The address that it is sent on for.
    forwarded: Option<String>,
}

impl Connection {
    pub(crate) fn open(service: &Service) -> Result<Self, String> {
        Self::to(&service.address, &service.token)
    }

    fn to(address: &str, token: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(address).map_err(|error| format!("{address}: {error}"))?;
        let prepared = stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(LONGEST)));
        prepared.map_err(|error| error.to_string())?;
        Ok(Self {
            stream: BufReader::new(stream),
            address: address.to_owned(),
            token: token.to_owned(),
            forwarded: None,
        })
    }

    /// As a proxy would, says that another address asks.
    pub(crate) fn from(self, address: &str) -> Self {
        Self { forwarded: Some(address.to_owned()), ..self }
    }

    /// Signs a user in, whose password is that of the administrator; gives an access token.
    pub(crate) fn sign_in(&mut self, email: &str) -> Result<String, String> {
        let who = format!(r#"{{"email": "{email}", "password": "{}"}}"#, ADMINISTRATOR.1);
        let session = self.send_patiently("POST", "/v1/sessions", Some(&who))?.expect(200)?;
        Ok(text_of(&session, "access_token").ok_or("no access token")?.to_owned())
    }

    /// Waits for a job's end; gives its plan.
    pub(crate) fn ended(&mut self, job: &str) -> Result<String, String> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(50);
        while start.elapsed() < LONGEST_JOB {
            let told = self.send_patiently("GET", &format!("/v1/jobs/{job}"), None)?.expect(200)?;
            match text_of(&told, "state") {
                Some("queued" | "running") => {
                    thread::sleep(pause);
                    pause = (pause * 3 / 2).min(Duration::from_secs(1));
                }
                Some("done") => return Ok(text_of(&told, "plan_id").ok_or(told.as_str())?.to_owned()),
                _ => return Err(told),
            }
        }
        Err(format!("the job {job} does not end"))
    }

    /// Sends a request again and again, a second apart, as long as the service is too busy for it: a minute at most.
    pub(crate) fn send_patiently(&mut self, method: &str, path: &str, body: Option<&str>) -> Result<Answer, String> {
        let start = Instant::now();
        loop {
            let answer = self.send(method, path, body)?;
            if answer.status != 503 || start.elapsed() > Duration::from_secs(60) {
                return Ok(answer);
            }
            thread::sleep(Duration::from_secs(1));
        }
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: Option<&str>) -> Result<Answer, String> {
        self.exchange(method, path, body).map_err(|error| format!("{method} {path}: {error}"))
    }

    /// Whether the service has closed the connection meanwhile, as it does with those that are idle.
    fn is_closed(&self) -> std::io::Result<bool> {
        let stream = self.stream.get_ref();
        stream.set_nonblocking(true)?;
        let closed = matches!(stream.peek(&mut [0]), Ok(0));
        stream.set_nonblocking(false)?;
        Ok(closed)
    }

    fn exchange(&mut self, method: &str, path: &str, body: Option<&str>) -> std::io::Result<Answer> {
        if self.is_closed()? {
            self.stream = Self::to(&self.address, "").map_err(std::io::Error::other)?.stream;
        }
        let token =
            if self.token.is_empty() { String::new() } else { format!("authorization: Bearer {}\r\n", self.token) };
        let forwarded =
            self.forwarded.as_ref().map_or_else(String::new, |address| format!("x-forwarded-for: {address}\r\n"));
        let length = body.map_or(0, str::len);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: service\r\n{token}{forwarded}content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        self.stream.get_mut().write_all(&[head.as_bytes(), body.unwrap_or_default().as_bytes()].concat())?;
        let (mut status, mut length, mut line) = (0, Some(0), String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let text = line.trim_end().to_ascii_lowercase();
            if text.is_empty() {
                break;
            }
            if let Some(rest) = text.strip_prefix("http/1.1 ") {
                status = rest.split(' ').next().and_then(|code| code.parse().ok()).unwrap_or(0);
            } else if let Some(value) = text.strip_prefix("content-length:") {
                length = value.trim().parse().ok();
            } else if text == "transfer-encoding: chunked" {
                length = None;
            }
        }
        let content = match length {
            Some(length) => self.bytes(length)?,
            None => self.chunks()?,
        };
        Ok(Answer { status, body: String::from_utf8_lossy(&content).into_owned() })
    }

    fn bytes(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        let mut content = vec![0; length];
        self.stream.read_exact(&mut content)?;
        Ok(content)
    }

    /// A body whose length is not known beforehand: chunks after a line with their length each, the last one empty.
    fn chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut content = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim_end(), 16).map_err(std::io::Error::other)?;
            content.extend(self.bytes(length)?);
            // Each ends with a line break.
            self.bytes(2)?;
            if length == 0 {
                return Ok(content);
            }
        }
    }
}

impl Answer {
    /// The body, if the status is this one.
    pub(crate) fn expect(self, status: u16) -> Result<String, String> {
        if self.status == status {
            Ok(self.body)
        } else {
            Err(format!("{} instead of {status}: {}", self.status, self.body))
        }
    }
}

/// A text of a JSON document, by its name; the names that are asked for hold nothing that is escaped.
pub(crate) fn text_of<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}
