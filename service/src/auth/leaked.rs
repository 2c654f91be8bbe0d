//! A list of leaked passwords, as "Have I Been Pwned" offers it for download: SHA-1 digests in order, one a line, with how often each was
//! seen. It is searched where it lies, in some thirty steps; nothing of a password leaves the machine.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest;
use data_encoding::HEXUPPER;

use crate::auth::Refusal;
use crate::error::Error;

/// Digits of a digest.
const DIGITS: usize = 40;
/// Longest line, bytes: a digest, a colon, a number, and the end.
const LONGEST: u64 = 64;
/// Lines that are tried at the start.
const SAMPLES: u64 = 64;

/// The list. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Leaked {
    path: Arc<Path>,
}

impl Leaked {
    /// A list whose lines are digests in order, as far as some of them tell.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub(crate) fn open(path: PathBuf) -> Result<Self, String> {
        let at = |fault: &dyn std::fmt::Display| format!("auth.leaked_passwords: {}: {fault}", path.display());
        let mut file = File::open(&path).map_err(|error| at(&error))?;
        let length = file.metadata().map_err(|error| at(&error))?.len();
        if length == 0 {
            return Err(at(&"the file is empty"));
        }
        let mut last = String::new();
        for sample in 0..SAMPLES {
            let place = (length - 1) / SAMPLES * sample;
            let (start, _, digest) = line(&mut file, place, length).map_err(|fault| at(&fault))?;
            if digest < last {
                return Err(at(&format!("byte {start}: the digests are not in order")));
            }
            last = digest;
        }
        Ok(Self { path: path.into() })
    }

    /// Refuses a password that is on the list.
    pub(crate) async fn check(&self, password: &str) -> Result<(), Refusal> {
        let wanted = HEXUPPER.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref());
        let path = self.path.clone();
        let search = tokio::task::spawn_blocking(move || search(&path, &wanted));
        if search.await.map_err(|_| Error::Hash)?? {
            let text = "the password is on a list of leaked ones, which is tried first: use another";
            return Err(Refusal::WeakPassword(text.to_owned()));
        }
        Ok(())
    }
}

/// Whether a file has a digest.
fn search(path: &Path, wanted: &str) -> Result<bool, Error> {
    let mut file = File::open(path).map_err(|error| Error::file(path, error))?;
    let length = file.metadata().map_err(|error| Error::file(path, error))?.len();
    let (mut from, mut until) = (0, length);
    while from < until {
        let (start, end, digest) = line(&mut file, from.midpoint(until), length)
            .map_err(|fault| Error::Stored(format!("{}: {fault}", path.display())))?;
        match wanted.cmp(&digest) {
            Ordering::Equal => return Ok(true),
            Ordering::Less => until = start,
            Ordering::Greater => from = end,
        }
    }
    Ok(false)
}

/// The line that a byte belongs to: where it starts, where the next one does, and its digest.
fn line(file: &mut File, place: u64, length: u64) -> Result<(u64, u64, String), String> {
    let from = place.saturating_sub(LONGEST);
    let mut bytes = Vec::new();
    let mut read = || {
        file.seek(SeekFrom::Start(from))?;
        file.by_ref().take(place - from + LONGEST).read_to_end(&mut bytes)
    };
    read().map_err(|error| error.to_string())?;
    let (before, after) = bytes.split_at((place - from) as usize);
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let end = after.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| before.len() + end + 1);
    let fault = || format!("byte {}: give a digest of 40 digits and a colon in each line", from + start as u64);
    let is_whole = (start > 0 || from == 0) && (bytes[..end].ends_with(b"\n") || from + end as u64 == length);
    let digest = bytes.get(start..start + DIGITS).filter(|_| is_whole && start + DIGITS <= end).ok_or_else(fault)?;
    let is_ended = bytes.get(start + DIGITS).is_none_or(|byte| b":\r\n".contains(byte));
    if !is_ended || !digest.iter().all(u8::is_ascii_hexdigit) {
        return Err(fault());
    }
    let digest = String::from_utf8_lossy(digest).to_ascii_uppercase();
    Ok((from + start as u64, from + end as u64, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(password: &str) -> String {
        HEXUPPER.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref())
    }

    /// A list of so many passwords, with ends of lines of both kinds and counts of any length.
    fn list(count: usize, end: &str) -> String {
        let mut digests: Vec<String> = (0..count).map(|i| of(&format!("password {i}"))).collect();
        digests.sort();
        let lines: Vec<String> =
            digests.iter().enumerate().map(|(i, digest)| format!("{digest}:{}{end}", i * i * 7 + 1)).collect();
        lines.concat()
    }

    #[test]
    fn every_line_is_found_and_nothing_else() {
        assert_eq!(of("password"), "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        let (mut found, mut missing) = (0, 0);
        for (count, end) in [(1, "\n"), (2, "\r\n"), (3, "\n"), (997, "\r\n"), (1_000, "\n")] {
            for cut in [0, end.len()] {
                let text = list(count, end);
                std::fs::write(&path, &text[..text.len() - cut]).unwrap();
                Leaked::open(path.clone()).unwrap();
                for i in 0..count {
                    assert!(search(&path, &of(&format!("password {i}"))).unwrap(), "{i} of {count}");
                    assert!(!search(&path, &of(&format!("other {i}"))).unwrap());
                    (found, missing) = (found + 1, missing + 1);
                }
                for edge in ["0".repeat(40), "F".repeat(40)] {
                    assert!(!search(&path, &edge).unwrap());
                }
            }
        }
        eprintln!("leaked passwords: {found} of {found} found, {missing} others not");
    }

    #[tokio::test]
    async fn what_is_listed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        std::fs::write(&path, list(500, "\r\n")).unwrap();
        let leaked = Leaked::open(path).unwrap();
        assert!(matches!(leaked.check("password 7").await, Err(Refusal::WeakPassword(_))));
        leaked.check("Password 7").await.unwrap();
    }

    #[test]
    fn what_is_no_list_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        let open = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Leaked::open(path.clone()).map(|_| ()).unwrap_err()
        };
        assert!(open("").ends_with("the file is empty"));
        for text in ["password\nsecret\n", &"x".repeat(1_000), &format!("{}0:1\n", of("a")), &of("a")[..39]] {
            assert!(open(text).contains("byte 0: give a digest of 40 digits"), "{text}");
        }
        let backwards: Vec<String> = (0..200).rev().map(|i| format!("{:040X}:1\n", i * 1_000)).collect();
        assert!(open(&backwards.concat()).contains("not in order"));
        assert!(Leaked::open(folder.path().join("nowhere")).unwrap_err().contains("auth.leaked_passwords"));
    }
}
