//! What needs no account: messages, letters and invoices go into a folder, positions come from a file.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use milkrun::CancelToken;
use serde::Serialize;
use serde_json::json;

use crate::capabilities::{
    Customer, Dispatch, Invoice, Letter, Mail, Message, Messages, NotInvoiced, Page, Payments, Position, Provider,
    Receipt, Replaced, Telematics,
};
use crate::error::CallError;
use crate::guard::Health;

/// The provider's name.
const NAME: &str = "local";
/// Positions of one page.
const PAGE: usize = 1_000;
/// Longest line of positions, bytes.
const LINE: u64 = 4_096;

/// A folder in which each message, letter and invoice is a file, named after its key: what is sent twice is there once. For
/// installations without accounts, and for trying things out.
#[derive(Clone, Debug)]
pub struct LocalOutbox {
    folder: PathBuf,
}

impl LocalOutbox {
    /// Into this folder, which is made when it is needed.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Removes the letters to an address; gives how many there were. What cannot be read stays.
    pub fn forget_letters(&self, address: &str) -> usize {
        let mut forgotten = 0;
        for entry in fs::read_dir(self.folder.join("mail")).into_iter().flatten().flatten() {
            let letter = fs::read(entry.path()).ok().and_then(|text| serde_json::from_slice::<Letter>(&text).ok());
            if letter.is_some_and(|letter| letter.to.eq_ignore_ascii_case(address)) {
                forgotten += usize::from(fs::remove_file(entry.path()).is_ok());
            }
        }
        forgotten
    }

    /// The folder of a kind, and the file of a key in it.
    fn place(&self, kind: &str, key: &str) -> Result<(PathBuf, PathBuf), CallError> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if key.is_empty() || key.len() > 100 || !key.chars().all(is_name) {
            let problem = format!("the key {key:?} is not a file's name");
            let remedy = "give letters, digits and hyphens, at most 100";
            return Err(CallError::Refused { provider: NAME, call: "a file", status: None, problem, remedy });
        }
        let folder = self.folder.join(kind);
        let path = folder.join(format!("{key}.json"));
        Ok((folder, path))
    }

    /// Removes a file, if it is there.
    fn remove(&self, kind: &str, key: &str) -> Result<(), CallError> {
        let (folder, path) = self.place(kind, key)?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unavailable(&folder, &error)),
            _ => Ok(()),
        }
    }

    fn write(&self, kind: &str, key: &str, content: &impl Serialize) -> Result<Receipt, CallError> {
        let (folder, path) = self.place(kind, key)?;
        let unavailable = |error: std::io::Error| unavailable(&folder, &error);
        let receipt = Receipt { reference: format!("{kind}/{key}.json") };
        if path.exists() {
            return Ok(receipt);
        }
        fs::create_dir_all(&folder).map_err(unavailable)?;
        // The whole file or none, whenever the process ends.
        let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(unavailable)?;
        serde_json::to_writer_pretty(&mut file, content).map_err(|error| unavailable(error.into()))?;
        file.write_all(b"\n").and_then(|()| file.as_file().sync_all()).map_err(unavailable)?;
        match file.persist_noclobber(&path) {
            Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(unavailable(error.error)),
            _ => Ok(receipt),
        }
    }
}

fn unavailable(folder: &Path, error: &std::io::Error) -> CallError {
    let problem = format!("{}: {error}: make the folder writable, and some room", folder.display());
    CallError::Unavailable { provider: NAME, problem }
}

impl Provider for LocalOutbox {
    fn name(&self) -> &'static str {
        NAME
    }

    fn honours_keys(&self) -> bool {
        true
    }

    fn health(&self) -> Option<Health> {
        None
    }
}

impl Messages for LocalOutbox {
    fn send(&self, message: &Message, key: &str, _: &CancelToken) -> Result<Receipt, CallError> {
        self.write("messages", key, message)
    }
}

impl Mail for LocalOutbox {
    fn send(&self, letter: &Letter, key: &str, _: &CancelToken) -> Result<Receipt, CallError> {
        self.write("mail", key, letter)
    }
}

impl Payments for LocalOutbox {
    fn account(&self, _: &CancelToken) -> Result<String, CallError> {
        Ok(NAME.to_owned())
    }

    fn customer(&self, customer: &Customer, key: &str, _: &CancelToken) -> Result<Receipt, CallError> {
        self.write("customers", key, customer)
    }

    fn invoice(&self, invoice: &Invoice, key: &str, _: &CancelToken) -> Result<Receipt, NotInvoiced> {
        Ok(self.write("invoices", key, invoice)?)
    }

    fn refund(&self, payment: &str, amount: Option<i64>, key: &str, _: &CancelToken) -> Result<Receipt, CallError> {
        self.write("refunds", key, &json!({"payment": payment, "amount": amount}))
    }
}

/// Positions from a file to which others append a JSON object a line: `{"vehicle": "t1", "at": 1764576000000, "lon": 4.9, "lat": 52.37,
/// "speed": 8.3}`. Lines that cannot be read are passed over, and counted. Routes go into the outbox.
#[derive(Clone, Debug)]
pub struct LocalPositions {
    file: PathBuf,
    outbox: LocalOutbox,
}

impl LocalPositions {
    /// From this file, which may be missing.
    pub fn new(file: impl Into<PathBuf>, outbox: LocalOutbox) -> Self {
        Self { file: file.into(), outbox }
    }

    fn read(&self, from: u64) -> std::io::Result<Page> {
        let mut file = File::open(&self.file)?;
        let length = file.metadata()?.len();
        // A file that was begun anew is read from its beginning.
        let mut place = if from > length { 0 } else { from };
        file.seek(SeekFrom::Start(place))?;
        let mut lines = BufReader::new(file);
        let (mut positions, mut passed_over, mut why) = (Vec::new(), 0, String::new());
        let mut line = Vec::new();
        while positions.len() < PAGE {
            line.clear();
            let read = (&mut lines).take(LINE).read_until(b'\n', &mut line)? as u64;
            // The last line may still be written.
            if !line.ends_with(b"\n") && read < LINE {
                break;
            }
            let begins_at = place;
            place += read;
            let is_place = |p: &Position| (-90.0..=90.0).contains(&p.lat) && (-180.0..=180.0).contains(&p.lon);
            match serde_json::from_slice::<Position>(&line) {
                Ok(position) if is_place(&position) => positions.push(position),
                _ if line.trim_ascii().is_empty() => {}
                _ => {
                    passed_over += 1;
                    if why.is_empty() {
                        why = format!("the line at byte {begins_at} is not a position");
                    }
                }
            }
        }
        Ok(Page { has_more: positions.len() == PAGE, positions, passed_over, why, cursor: place.to_string() })
    }
}

impl Provider for LocalPositions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn honours_keys(&self) -> bool {
        true
    }

    fn health(&self) -> Option<Health> {
        None
    }
}

impl Telematics for LocalPositions {
    fn positions(&self, cursor: Option<&str>, _: &CancelToken) -> Result<Page, CallError> {
        let from = match cursor {
            Some(cursor) => cursor.parse().unwrap_or(0),
            None => fs::metadata(&self.file).map_or(0, |known| known.len()),
        };
        match self.read(from) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let (positions, why, cursor) = (Vec::new(), String::new(), "0".to_owned());
                Ok(Page { positions, passed_over: 0, why, cursor, has_more: false })
            }
            Err(error) => {
                let problem = format!("{}: {error}: make the file readable", self.file.display());
                Err(CallError::Unavailable { provider: NAME, problem })
            }
            Ok(page) => Ok(page),
        }
    }

    fn dispatch(
        &self,
        route: &Dispatch,
        key: &str,
        replaced: &Replaced,
        _: &CancelToken,
    ) -> Result<Receipt, CallError> {
        for before in replaced.sent.iter().chain(&replaced.uncertain).filter(|before| *before != key) {
            self.outbox.remove("routes", before)?;
        }
        self.outbox.write("routes", key, route)
    }

    fn take_back(&self, key: &str, _: &CancelToken) -> Result<(), CallError> {
        self.outbox.remove("routes", key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_twice_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let (outbox, never) = (LocalOutbox::new(folder.path().join("outbox")), CancelToken::new());
        let message = |text: &str| Message { to: "+4915112345678".to_owned(), text: text.to_owned() };
        let first = Messages::send(&outbox, &message("go"), "k-1", &never).unwrap();
        assert_eq!(Messages::send(&outbox, &message("other"), "k-1", &never).unwrap(), first);
        Messages::send(&outbox, &message("stop"), "k-2", &never).unwrap();
        let text = fs::read_to_string(folder.path().join("outbox").join(&first.reference)).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), message("go"));
        let files: Vec<_> = fs::read_dir(folder.path().join("outbox/messages")).unwrap().collect();
        assert_eq!(files.len(), 2);
        for key in ["", "../k", "a/b", "a.b"] {
            assert!(Messages::send(&outbox, &message("go"), key, &never).unwrap_err().is_final(), "{key:?}");
        }
    }

    #[test]
    fn a_route_takes_the_place_of_those_before() {
        let folder = tempfile::tempdir().unwrap();
        let (outbox, never) = (LocalOutbox::new(folder.path()), CancelToken::new());
        let device = LocalPositions::new(folder.path().join("positions.jsonl"), outbox);
        let route = |name: &str| Dispatch {
            id: "7f".to_owned(),
            name: name.to_owned(),
            vehicle: "v1".to_owned(),
            stops: Vec::new(),
        };
        let files = || -> Vec<String> {
            let all = fs::read_dir(folder.path().join("routes")).unwrap();
            all.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
        };
        device.dispatch(&route("one"), "k-1", &Replaced::default(), &never).unwrap();
        let replaced = Replaced { sent: vec!["k-1".to_owned()], uncertain: vec!["k-0".to_owned()] };
        device.dispatch(&route("two"), "k-2", &replaced, &never).unwrap();
        assert_eq!(files(), ["k-2.json"]);
        for _ in 0..2 {
            device.take_back("k-2", &never).unwrap();
            assert_eq!(files(), [""; 0]);
        }
    }

    #[test]
    fn positions_are_read_on_from_where_it_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("positions.jsonl");
        let (source, never) = (LocalPositions::new(&file, LocalOutbox::new(folder.path())), CancelToken::new());
        assert_eq!(source.positions(None, &never).unwrap().cursor, "0");
        let line =
            |at: i64| json!({"vehicle": "t1", "at": at, "lon": 4.9, "lat": 52.4, "speed": 8.0}).to_string() + "\n";
        fs::write(&file, [line(1), "nonsense\n".to_owned(), line(2), "{\"vehicle\": \"t".to_owned()].concat()).unwrap();
        let page = source.positions(Some("0"), &never).unwrap();
        assert_eq!(page.positions.iter().map(|p| p.at).collect::<Vec<_>>(), [1, 2]);
        let told = format!("the line at byte {} is not a position", line(1).len());
        assert_eq!((page.passed_over, page.why), (1, told));
        let mut whole = fs::read_to_string(&file).unwrap().replace("{\"vehicle\": \"t", "");
        whole += &line(3);
        fs::write(&file, whole).unwrap();
        let page = source.positions(Some(&page.cursor), &never).unwrap();
        assert_eq!((page.positions.len(), page.positions[0].at, page.has_more), (1, 3, false));
    }
}
