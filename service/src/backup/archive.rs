//! The file of a backup.
//!
//! A header: `mkbackup`, a version, the id of the master key, and a salt from which the file's own key follows. Then
//! pieces, each with its length before it, sealed together with the header, its number, and whether it is the last. So
//! nothing can be changed, omitted, put in another order, cut off or added without being noticed. Within the pieces are
//! files, and at the end the manifest.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;

use super::{Manifest, Part};
use crate::crypto::{Context, Envelope, MasterKey, SealingKey, random};
use crate::error::Error;

const MAGIC: &[u8; 8] = b"mkbackup";
const VERSION: u8 = 1;
const SALT: usize = 16;
const HEADER: usize = 8 + 1 + 8 + SALT;
/// Bytes of a piece before it is sealed; only the last has fewer.
const PIECE: usize = 1 << 20;
/// Most bytes that sealing adds to a piece.
const SEAL: usize = 64;
/// Bytes of a file that are read at a time.
const BLOCK: usize = 1 << 16;
/// Longest manifest.
const LONGEST_MANIFEST: usize = 64 << 20;

/// What comes next within the pieces.
const A_FILE: u8 = 1;
const THE_MANIFEST: u8 = 2;

/// Writes a backup under a name of its own; it gets its name at the end, once it has been read again.
pub(super) struct Writer {
    out: PathBuf,
    part: Unfinished,
    file: BufWriter<File>,
    key: SealingKey,
    header: String,
    pieces: u64,
    piece: Vec<u8>,
    files: Vec<Part>,
}

impl Writer {
    /// Begins a backup that is to be the file `out`, which must not be there yet.
    pub(super) fn create(out: &Path, master: &MasterKey) -> Result<Self, Error> {
        if out.exists() {
            return Err(Error::Refused(format!("{} is there already: give another name", out.display())));
        }
        let mut part = out.as_os_str().to_owned();
        part.push(".part");
        let part = Unfinished(PathBuf::from(part));
        let salt = random::<SALT>()?;
        let header = [&MAGIC[..], &[VERSION], &master.fingerprint()?.0, salt.as_ref()].concat();
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = BufWriter::new(options.open(&part.0).map_err(|error| Error::file(&part.0, error))?);
        file.write_all(&header).map_err(|error| Error::file(&part.0, error))?;
        Ok(Self {
            out: out.to_owned(),
            part,
            file,
            key: master.backup_key(salt.as_ref())?,
            header: HEXLOWER.encode(&header),
            pieces: 0,
            piece: Vec::with_capacity(PIECE),
            files: Vec::new(),
        })
    }

    /// Puts a file into it.
    pub(super) fn add(&mut self, name: &str, from: &mut dyn Read) -> Result<(), Error> {
        let length = u16::try_from(name.len()).map_err(|_| Error::Stored(format!("{name}: the name is too long")))?;
        self.write(&[&[A_FILE][..], &length.to_be_bytes(), name.as_bytes()].concat())?;
        let (mut context, mut bytes, mut block) = (digest::Context::new(&digest::SHA256), 0, vec![0; BLOCK]);
        loop {
            let read = match from.read(&mut block) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::file(Path::new(name), error)),
            };
            self.write(&(read as u32).to_be_bytes())?;
            if read == 0 {
                break;
            }
            context.update(&block[..read]);
            bytes += read as u64;
            self.write(&block[..read])?;
        }
        self.files.push(Part { name: name.to_owned(), bytes, sha256: HEXLOWER.encode(context.finish().as_ref()) });
        Ok(())
    }

    /// Ends it with the manifest, to which its files are added, and reads all of it again. It has its name only after
    /// [`Finished::keep`].
    pub(super) fn finish(mut self, manifest: Manifest, master: &MasterKey) -> Result<Finished, Error> {
        let manifest = Manifest { files: std::mem::take(&mut self.files), ..manifest };
        let text = serde_json::to_vec(&manifest).map_err(|error| Error::Stored(error.to_string()))?;
        self.write(&[&[THE_MANIFEST][..], &(text.len() as u32).to_be_bytes(), &text].concat())?;
        self.seal("last")?;
        let Self { out, part, mut file, .. } = self;
        let written = file.flush().and_then(|()| file.get_ref().sync_all());
        written.map_err(|error| Error::file(&part.0, error))?;
        let again = read(&part.0, master, |_| Ok(Box::new(io::sink())))?;
        if again != manifest {
            return Err(Error::Stored(format!("{}: what was written is not what is read", part.0.display())));
        }
        Ok(Finished { out, part, manifest })
    }

    fn write(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while !bytes.is_empty() {
            if self.piece.len() == PIECE {
                self.seal("more")?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal(&mut self, follows: &str) -> Result<(), Error> {
        let place = ["backup/v1", &self.header, &self.pieces.to_string(), follows];
        let sealed = self.key.seal(Context(&place), &self.piece)?;
        let written =
            self.file.write_all(&(sealed.len() as u32).to_be_bytes()).and_then(|()| self.file.write_all(&sealed));
        written.map_err(|error| Error::file(&self.part.0, error))?;
        self.piece.clear();
        self.pieces += 1;
        Ok(())
    }
}

/// The file of a backup that does not have its name yet. It goes, unless it gets it.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A backup that is whole, and does not have its name yet.
pub(super) struct Finished {
    out: PathBuf,
    part: Unfinished,
    /// What is in it.
    pub(super) manifest: Manifest,
}

impl Finished {
    /// Gives it its name.
    pub(super) fn keep(self) -> Result<Manifest, Error> {
        fs::rename(&self.part.0, &self.out).map_err(|error| Error::file(&self.out, error))?;
        let folder = self.out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // The name lasts once the folder has been written.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Error::file(folder, error))?;
        Ok(self.manifest)
    }
}

/// Reads all of a backup. `place` says where a file of a name goes. Gives the manifest, with which the files agree.
///
/// # Errors
///
/// If it is no backup, was made with another master key, or is damaged anywhere.
pub(super) fn read<'a>(
    path: &Path,
    master: &MasterKey,
    mut place: impl FnMut(&str) -> Result<Box<dyn Write + 'a>, Error>,
) -> Result<Manifest, Error> {
    let mut pieces = Pieces::open(path, master)?;
    let mut files = Vec::new();
    loop {
        let [what] = pieces.array()?;
        match what {
            A_FILE => {
                let length = u16::from_be_bytes(pieces.array()?);
                let name = pieces.text(usize::from(length))?;
                if !is_plain(&name) {
                    return Err(pieces.damaged(&format!("{name:?} is no name of a file")));
                }
                files.push(copy(&mut pieces, &name, &mut *place(&name)?)?);
            }
            THE_MANIFEST => {
                let length = u32::from_be_bytes(pieces.array()?) as usize;
                if length > LONGEST_MANIFEST {
                    return Err(pieces.damaged("the manifest is too long"));
                }
                let text = pieces.text(length)?;
                let manifest: Manifest = serde_json::from_str(&text)
                    .map_err(|error| pieces.damaged(&format!("the manifest cannot be read: {error}")))?;
                if !pieces.is_over() {
                    return Err(pieces.damaged("something follows the manifest"));
                }
                if manifest.files != files {
                    return Err(pieces.damaged("its files are not those of the manifest"));
                }
                return Ok(manifest);
            }
            _ => return Err(pieces.damaged("neither a file nor the manifest follows")),
        }
    }
}

fn copy(pieces: &mut Pieces, name: &str, to: &mut dyn Write) -> Result<Part, Error> {
    let (mut context, mut bytes, mut block) = (digest::Context::new(&digest::SHA256), 0, vec![0; BLOCK]);
    loop {
        let length = u32::from_be_bytes(pieces.array()?) as usize;
        if length == 0 {
            break;
        }
        let block = block.get_mut(..length).ok_or_else(|| pieces.damaged("a block is too long"))?;
        pieces.fill(block)?;
        context.update(block);
        bytes += length as u64;
        to.write_all(block).map_err(|error| Error::file(Path::new(name), error))?;
    }
    to.flush().map_err(|error| Error::file(Path::new(name), error))?;
    Ok(Part { name: name.to_owned(), bytes, sha256: HEXLOWER.encode(context.finish().as_ref()) })
}

/// Whether a name stays within a folder.
fn is_plain(name: &str) -> bool {
    let path = Path::new(name);
    !name.is_empty() && path.components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// The pieces of a backup, opened one after the other.
struct Pieces {
    path: PathBuf,
    file: BufReader<File>,
    key: SealingKey,
    header: String,
    /// How many were opened.
    opened: u64,
    piece: zeroize::Zeroizing<Vec<u8>>,
    at: usize,
    is_last: bool,
}

impl Pieces {
    fn open(path: &Path, master: &MasterKey) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::file(path, error))?;
        let mut file = BufReader::new(file);
        let mut header = [0; HEADER];
        let no_backup = || Error::Refused(format!("{} is no backup of this service", path.display()));
        file.read_exact(&mut header).map_err(|_| no_backup())?;
        if !header.starts_with(MAGIC) {
            return Err(no_backup());
        }
        if header[MAGIC.len()] != VERSION {
            let version = header[MAGIC.len()];
            return Err(Error::Refused(format!(
                "{}: the form of this backup is {version}, and this release knows {VERSION}",
                path.display()
            )));
        }
        let (made_with, salt) = header[MAGIC.len() + 1..].split_at(8);
        let own = master.fingerprint()?;
        if made_with != own.0 {
            return Err(Error::Refused(format!(
                "{}: made with the master key {}, and the one given is {}: give the key of that time",
                path.display(),
                HEXLOWER.encode(made_with),
                own.hex()
            )));
        }
        let key = master.backup_key(salt)?;
        let (path, header) = (path.to_owned(), HEXLOWER.encode(&header));
        Ok(Self { path, file, key, header, opened: 0, piece: Vec::new().into(), at: 0, is_last: false })
    }

    fn damaged(&self, why: &str) -> Error {
        Error::Refused(format!("{}: the backup is damaged at piece {}: {why}", self.path.display(), self.opened))
    }

    /// Opens the next piece. What is not opened is given to nobody.
    fn next(&mut self) -> Result<(), Error> {
        if self.is_last {
            return Err(self.damaged("it ends too soon"));
        }
        let mut length = [0; 4];
        let mut sealed = Vec::new();
        self.file.read_exact(&mut length).map_err(|_| self.damaged("it is cut off"))?;
        let length = u32::from_be_bytes(length) as usize;
        if length > PIECE + SEAL {
            return Err(self.damaged("a piece is too long"));
        }
        sealed.resize(length, 0);
        self.file.read_exact(&mut sealed).map_err(|_| self.damaged("it is cut off"))?;
        let is_last = self.file.fill_buf_is_empty().map_err(|error| Error::file(&self.path, error))?;
        let follows = if is_last { "last" } else { "more" };
        let place = ["backup/v1", &self.header, &self.opened.to_string(), follows];
        let opened = Envelope::parse(&sealed).and_then(|envelope| self.key.open(Context(&place), &envelope));
        self.piece = opened.map_err(|error| self.damaged(&error.to_string()))?;
        (self.at, self.is_last) = (0, is_last);
        self.opened += 1;
        Ok(())
    }

    fn fill(&mut self, mut to: &mut [u8]) -> Result<(), Error> {
        while !to.is_empty() {
            if self.at == self.piece.len() {
                self.next()?;
                continue;
            }
            let some = to.len().min(self.piece.len() - self.at);
            let (now, later) = to.split_at_mut(some);
            now.copy_from_slice(&self.piece[self.at..self.at + some]);
            self.at += some;
            to = later;
        }
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn text(&mut self, length: usize) -> Result<String, Error> {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| self.damaged("a text is not UTF-8"))
    }

    fn is_over(&self) -> bool {
        self.is_last && self.at == self.piece.len()
    }
}

/// Whether nothing is left to be read.
trait Ends {
    fn fill_buf_is_empty(&mut self) -> io::Result<bool>;
}

impl<R: io::BufRead> Ends for R {
    fn fill_buf_is_empty(&mut self) -> io::Result<bool> {
        Ok(self.fill_buf()?.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master() -> MasterKey {
        MasterKey::parse(&"5a".repeat(32), "test").unwrap()
    }

    /// A backup of two files, the larger of more than a piece.
    fn made(folder: &Path, large: usize) -> PathBuf {
        let out = folder.join("b");
        let _ = fs::remove_file(&out);
        let mut writer = Writer::create(&out, &master()).unwrap();
        let long: Vec<u8> = (0..large).map(|i| (i % 251) as u8).collect();
        writer.add("database", &mut long.as_slice()).unwrap();
        writer.add("networks/o/n.network", &mut &b"streets"[..]).unwrap();
        assert!(!out.exists());
        let finished = writer.finish(Manifest { schema: 7, ..Manifest::default() }, &master()).unwrap();
        assert_eq!(finished.keep().unwrap().bytes(), large as u64 + 7);
        out
    }

    fn all(path: &Path) -> Result<Manifest, Error> {
        read(path, &master(), |_| Ok(Box::new(io::sink())))
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        for large in [0, 1, BLOCK, PIECE - 40, 2 * PIECE + 3] {
            let path = made(folder.path(), large);
            let manifest = all(&path).unwrap();
            assert_eq!((manifest.schema, manifest.files.len(), manifest.files[0].bytes), (7, 2, large as u64));
            assert!(!folder.path().join("b.part").exists());
        }
        let again = Writer::create(&folder.path().join("b"), &master()).err().unwrap().to_string();
        assert!(again.contains("is there already"), "{again}");
        let other = MasterKey::parse(&"a5".repeat(32), "test").unwrap();
        let refused = read(&folder.path().join("b"), &other, |_| Ok(Box::new(io::sink()))).unwrap_err().to_string();
        assert!(refused.contains("made with the master key"), "{refused}");
    }

    #[test]
    fn a_damaged_byte_anywhere_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = made(folder.path(), 300);
        let whole = fs::read(&path).unwrap();
        let mut noticed = 0;
        for at in 0..whole.len() {
            for bit in [1, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= bit;
                fs::write(&path, bytes).unwrap();
                assert!(all(&path).is_err(), "byte {at}");
                noticed += 1;
            }
        }
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            assert!(all(&path).is_err(), "cut to {cut}");
            noticed += 1;
        }
        for more in [&b"x"[..], &whole, &[0, 0, 0, 0]] {
            fs::write(&path, [&whole, more].concat()).unwrap();
            assert!(all(&path).is_err());
            noticed += 1;
        }
        fs::write(&path, &whole).unwrap();
        all(&path).unwrap();
        eprintln!("backups: {noticed} damages of {} bytes noticed, 0 not", whole.len());
    }

    #[test]
    fn pieces_are_in_their_places() {
        let folder = tempfile::tempdir().unwrap();
        let path = made(folder.path(), 3 * PIECE);
        let whole = fs::read(&path).unwrap();
        let mut places = vec![HEADER];
        while let Some(length) = whole.get(places[places.len() - 1]..).and_then(<[u8]>::first_chunk::<4>) {
            places.push(places[places.len() - 1] + 4 + u32::from_be_bytes(*length) as usize);
        }
        let piece = |i: usize| &whole[places[i]..places[i + 1]];
        let (head, last) = (&whole[..HEADER], places.len() - 2);
        assert_eq!(last, 3);
        let swapped = [head, piece(1), piece(0), piece(2), piece(3)].concat();
        let without = [head, piece(0), piece(2), piece(3)].concat();
        let doubled = [head, piece(0), piece(0), piece(1), piece(2), piece(3)].concat();
        let cut = [head, piece(0), piece(1), piece(2)].concat();
        for bytes in [swapped, without, doubled, cut] {
            fs::write(&path, bytes).unwrap();
            let told = all(&path).unwrap_err().to_string();
            assert!(told.contains("damaged at piece"), "{told}");
        }
    }

    #[test]
    fn names_stay_within_the_folder() {
        for name in ["", "/etc/x", "../x", "a/../../x", "./x"] {
            assert!(!is_plain(name), "{name}");
        }
        assert!(is_plain("networks/o/n.network") && is_plain("database"));
    }
}
