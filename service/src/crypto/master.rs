//! The key over all keys: from a variable or a file. A key service would be another way to make a [`MasterKey`].

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::hkdf;
use data_encoding::HEXLOWER_PERMISSIVE;
use zeroize::Zeroizing;

use crate::crypto::envelope::KEY_ID_LENGTH;
use crate::crypto::{KeyId, Purpose, SealingKey, SecretError, random};
use crate::error::Error;

/// The variable that holds the key; where it is set, no file is read or made.
pub(crate) const VARIABLE: &str = "MILKRUN_MASTER_KEY";
/// The variable that names a file with the key, as systemd and Kubernetes hand secrets out. Who may read it is their business.
const FILE_VARIABLE: &str = "MILKRUN_MASTER_KEY_FILE";

/// 256 secret bits. Neither shown nor stored by anything but the file that they come from.
pub(crate) struct MasterKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// From the variable, else from the file that another variable names, else from `master.key` in `folder`, which is made if `create` allows it.
    ///
    /// # Errors
    ///
    /// If it is no key, the file cannot be read or made, or others may read it.
    pub(crate) fn load(folder: &Path, create: bool) -> Result<Self, Error> {
        if let Ok(text) = std::env::var(VARIABLE) {
            return Ok(Self::parse(&Zeroizing::new(text), VARIABLE)?);
        }
        if let Some(path) = std::env::var_os(FILE_VARIABLE).map(PathBuf::from) {
            let text = Zeroizing::new(fs::read_to_string(&path).map_err(|error| Error::file(&path, error))?);
            return Ok(Self::parse(&text, FILE_VARIABLE)?);
        }
        let path = folder.join("master.key");
        if !path.exists() && create {
            Self::write_new(&path)?;
        }
        check_mode(&path)?;
        let text = Zeroizing::new(fs::read_to_string(&path).map_err(|error| Error::file(&path, error))?);
        Ok(Self::parse(&text, &path.display().to_string())?)
    }

    /// From 64 hexadecimal digits; `place` says where they stand.
    pub(crate) fn parse(text: &str, place: &str) -> Result<Self, SecretError> {
        let fault = || SecretError::MasterKey(place.to_owned());
        let bytes = Zeroizing::new(HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| fault())?);
        Ok(Self(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| fault())?)))
    }

    /// A fresh one.
    #[cfg(test)]
    pub(crate) fn generate() -> Result<Self, SecretError> {
        Ok(Self(random()?))
    }

    /// The key that wraps the data keys of a purpose.
    pub(crate) fn wrapping_key(&self, purpose: Purpose) -> Result<SealingKey, SecretError> {
        let key = self.derive(&[purpose.name().as_bytes()])?;
        SealingKey::new(KeyId(*b"wrapping"), &key)
    }

    /// The key that seals the backup of this salt, and no other.
    pub(crate) fn backup_key(&self, salt: &[u8]) -> Result<SealingKey, SecretError> {
        let key = self.derive(&[b"backup", salt])?;
        SealingKey::new(KeyId(*b"archived"), &key)
    }

    /// What the key is known by; no secret.
    pub(crate) fn fingerprint(&self) -> Result<KeyId, SecretError> {
        KeyId::from_slice(&self.derive(&[b"fingerprint"])?[..KEY_ID_LENGTH])
    }

    /// A key for one use alone. The parts of `info` are of fixed lengths but for the last.
    fn derive(&self, info: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>, SecretError> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"milkrun master key");
        let mut key = Zeroizing::new([0; 32]);
        salt.extract(self.0.as_ref()).expand(info, hkdf::HKDF_SHA256)?.fill(key.as_mut())?;
        Ok(key)
    }

    fn write_new(path: &Path) -> Result<(), Error> {
        let key = random::<32>()?;
        let text = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(key.as_ref()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| Error::file(path, error))
    }
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map_err(|error| Error::file(path, error))?.permissions().mode();
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Error::Refused(format!("{}: others may read the master key; run chmod 600 on it", path.display())))
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(matches!(MasterKey::load(folder.path(), false), Err(Error::File { .. })));
        MasterKey::load(folder.path(), true).unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert!(written.len() == 64 && MasterKey::load(folder.path(), true).is_ok());
        assert_eq!(fs::read_to_string(&path).unwrap(), written, "it is made once");
        for mode in [0o640, 0o604, 0o610, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = MasterKey::load(folder.path(), true).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{mode:o}: {refused}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        MasterKey::load(folder.path(), true).unwrap();
    }

    #[test]
    fn keys_of_different_uses_have_nothing_in_common() {
        let master = MasterKey::parse(&"ab".repeat(32), "test").unwrap();
        let mut keys: Vec<_> = Purpose::ALL.iter().map(|purpose| master.derive(&[purpose.name().as_bytes()])).collect();
        keys.extend([
            master.derive(&[b"fingerprint"]),
            master.derive(&[b"backup", b"1"]),
            master.derive(&[b"backup", b"2"]),
        ]);
        let keys: Vec<_> = keys.into_iter().map(Result::unwrap).collect();
        for (i, key) in keys.iter().enumerate() {
            assert!(keys[..i].iter().all(|other| other != key), "{i}");
        }
        let other = MasterKey::parse(&"cd".repeat(32), "test").unwrap();
        assert_eq!(master.fingerprint().unwrap(), master.fingerprint().unwrap());
        assert_ne!(master.fingerprint().unwrap(), other.fingerprint().unwrap());
    }
}
