//! Receives the parts of a form, with files that are written to the data folder while they are read.

use std::collections::BTreeMap;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::http::StatusCode;

use super::access::App;
use super::problem::Problem;
use crate::error::Error;
use crate::fleet::Fault;
use crate::networks::Incoming;

/// Bytes of a body that are not of its files: texts, and what separates the parts.
pub(crate) const BESIDE: usize = 1 << 18;
/// Most bytes of a text.
const LONGEST_TEXT: usize = 1 << 16;
/// Most parts of a form.
const MOST_PARTS: usize = 16;
/// Bytes that are written at a time.
const BATCH: usize = 1 << 20;

/// The parts of a form: texts and files by their names.
#[derive(Default)]
pub(crate) struct Upload {
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) files: BTreeMap<String, Incoming>,
    pub(crate) faults: Vec<Fault>,
}

impl Upload {
    /// Reads a form whose parts have these names. The files together may have so many bytes: reading ends as soon as there
    /// are more.
    pub(crate) async fn receive(
        app: &App,
        mut form: Multipart,
        (texts, files): (&[&str], &[&str]),
        most: u64,
    ) -> Result<Self, Problem> {
        let mut upload = Self::default();
        let mut left = most;
        for _ in 0..MOST_PARTS {
            let Some(mut part) = form.next_field().await.map_err(|error| broken(&error))? else { return Ok(upload) };
            let name = part.name().unwrap_or("").to_owned();
            if upload.texts.contains_key(&name) || upload.files.contains_key(&name) {
                upload.faults.push(Fault::new(format!("$.{name}"), "given twice: send it once"));
            } else if files.contains(&name.as_str()) {
                let file = write(app, &mut part, left).await?;
                let Some(file) = file else { return Err(too_large(most)) };
                left -= file.bytes();
                upload.files.insert(name, file);
            } else if texts.contains(&name.as_str()) {
                match text(&mut part).await? {
                    Some(text) => _ = upload.texts.insert(name, text),
                    None => upload.faults.push(Fault::new(
                        format!("$.{name}"),
                        format!("give text in UTF-8 of at most {LONGEST_TEXT} bytes"),
                    )),
                }
            } else {
                let known: Vec<&str> = texts.iter().chain(files).copied().collect();
                let message = format!("unknown; there are {}", known.join(", "));
                let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
                upload.faults.push(Fault::new(format!("$.{shown}"), message));
            }
        }
        upload.faults.push(Fault::new("$", format!("more than {MOST_PARTS} parts: send each once")));
        Ok(upload)
    }

    /// A text, or none; it must have at most so many characters, none of which is a control character.
    pub(crate) fn line(&mut self, name: &str, longest: usize) -> String {
        let text = self.texts.remove(name).unwrap_or_default();
        let count = text.chars().count();
        if count > longest || text.chars().any(char::is_control) {
            let message = format!("{count} characters: give at most {longest}, and no control characters");
            self.faults.push(Fault::new(format!("$.{name}"), message));
            return String::new();
        }
        text
    }

    /// Adds a fault of a part.
    pub(crate) fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.push(Fault::new(format!("$.{name}"), message));
    }
}

pub(crate) fn too_large(most: u64) -> Problem {
    let text =
        format!("there is more than {most} bytes: that is what may be sent, or what the organisation has room for");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text)
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is larger than an upload may be");
    }
    Problem::new(
        StatusCode::BAD_REQUEST,
        "broken_body",
        "the form could not be read: it is cut off, or not well-formed",
    )
}

/// A short text; `None` if it is too long or not UTF-8.
async fn text(part: &mut Field<'_>) -> Result<Option<String>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| broken(&error))? {
        // What is too long is read to its end, and not kept.
        if bytes.len() <= LONGEST_TEXT {
            bytes.extend(chunk.iter().take(LONGEST_TEXT + 1 - bytes.len()));
        }
    }
    Ok(String::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST_TEXT))
}

/// Writes a file; `None` as soon as it has more bytes than `most`.
async fn write(app: &App, part: &mut Field<'_>, most: u64) -> Result<Option<Incoming>, Problem> {
    let folder = app.shelf.folder().clone();
    let mut file = off_thread(move || folder.receive()).await?;
    let (mut batch, mut bytes) = (Vec::new(), 0);
    loop {
        let chunk = part.chunk().await.map_err(|error| broken(&error))?;
        if let Some(chunk) = &chunk {
            bytes += chunk.len() as u64;
            if bytes > most {
                return Ok(None);
            }
            batch.extend_from_slice(chunk);
        }
        if batch.len() >= BATCH || (chunk.is_none() && !batch.is_empty()) {
            let full = std::mem::take(&mut batch);
            metrics::counter!("milkrun_network_upload_bytes_total").increment(full.len() as u64);
            file = off_thread(move || {
                file.write(&full)?;
                Ok(file)
            })
            .await?;
        }
        if chunk.is_none() {
            return Ok(Some(file));
        }
    }
}

/// Runs what waits for the disk.
pub(crate) async fn off_thread<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(run).await;
    Ok(done.map_err(|_| Error::Stored("a file could not be handled".to_owned()))??)
}
