//! A server on this machine that answers as it is told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The length is promised, and half of it is sent.
    Truncated(String),
    /// The beginning of an answer, and nothing more until the other side gives up.
    Stalled,
    /// As many bytes as the other side reads.
    Endless,
    /// The connection is closed.
    Closed,
    /// Bytes that are not HTTP.
    Noise,
}

impl Reply {
    pub(super) fn ok(body: impl Into<String>) -> Self {
        Self::status(200, body)
    }

    pub(super) fn status(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }

    pub(super) fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        match self {
            Self::Answer { status, mut headers, body } => {
                headers.push((name, value.into()));
                Self::Answer { status, headers, body }
            }
            other => other,
        }
    }
}

type Answers = dyn FnMut(&Asked, usize) -> Reply + Send;

/// The server; it ends when this is dropped.
pub(super) struct Stub {
    place: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    ends: Arc<AtomicBool>,
}

impl Stub {
    /// Answers requests by a function of the request and of how many came before.
    pub(super) fn start(answers: impl FnMut(&Asked, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap();
        let (asked, ends) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let answers: Arc<Mutex<Box<Answers>>> = Arc::new(Mutex::new(Box::new(answers)));
        let (kept, ended) = (Arc::clone(&asked), Arc::clone(&ends));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let (answers, kept) = (Arc::clone(&answers), Arc::clone(&kept));
                thread::spawn(move || serve(stream, &answers, &kept));
            }
        });
        Self { place, asked, ends }
    }

    pub(super) fn address(&self) -> String {
        format!("http://{}", self.place)
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(super) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.place);
    }
}

/// One request and one answer. What fails here, fails on the other side.
fn serve(mut stream: TcpStream, answers: &Mutex<Box<Answers>>, kept: &Mutex<Vec<Asked>>) {
    let Some(asked) = stream.try_clone().ok().and_then(read) else { return };
    let before = {
        let mut kept = kept.lock().unwrap();
        kept.push(asked.clone());
        kept.len() - 1
    };
    let reply = (*answers.lock().unwrap())(&asked, before);
    let head = |status: u16, length: usize| {
        format!("HTTP/1.1 {status} Told\r\nconnection: close\r\ncontent-length: {length}\r\n")
    };
    let _ = match reply {
        Reply::Answer { status, headers, body } => {
            let mut text = head(status, body.len());
            for (name, value) in headers {
                text = [text, format!("{name}: {value}\r\n")].concat();
            }
            stream.write_all(format!("{text}\r\n{body}").as_bytes())
        }
        Reply::Truncated(body) => {
            let half = &body[..body.len() / 2];
            stream.write_all(format!("{}\r\n{half}", head(200, body.len())).as_bytes())
        }
        Reply::Stalled => {
            let begun = stream.write_all(format!("{}\r\n{{", head(200, 1_000)).as_bytes());
            begun.and_then(|()| stream.read_to_end(&mut Vec::new()).map(drop))
        }
        Reply::Endless => {
            let spaces = vec![b' '; 65_536];
            let mut written = stream.write_all(b"HTTP/1.1 200 Told\r\nconnection: close\r\n\r\n");
            while written.is_ok() {
                written = stream.write_all(&spaces);
            }
            written
        }
        Reply::Closed => Ok(()),
        Reply::Noise => stream.write_all(b"220 mail.example.org ESMTP ready for whatever may come\r\n\r\n"),
    };
}

fn read(stream: TcpStream) -> Option<Asked> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        line.clear();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut asked = Asked { method, path, headers, body: String::new() };
    let length = asked.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    stream.take(length).read_to_string(&mut asked.body).ok()?;
    Some(asked)
}
