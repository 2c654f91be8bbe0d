//! Passwords: argon2id, with a bound on how many are hashed at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::auth::Refusal;
use crate::crypto::random;
use crate::error::Error;

/// Longest password, characters: hashing long ones could keep the service busy.
pub(crate) const MAX_LENGTH: usize = 256;
/// Shortest password, characters.
pub(crate) const MIN_LENGTH: usize = 12;

/// Hashes and verifies passwords. Clones share the bound.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    argon2: Argon2<'static>,
    /// Hash of a password that no user has: verified if there is no account, so that this takes equally long.
    decoy: Arc<str>,
    slots: Arc<Semaphore>,
}

impl Passwords {
    /// With `mib` of memory for each hash (OWASP ASVS 5.0, appendix C: 46 or more, with one pass and one lane).
    pub(crate) fn new(mib: u32) -> Result<Self, Error> {
        let params = Params::new(mib * 1_024, 1, 1, None).map_err(|_| Error::Hash)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, &crate::crypto::bearer_secret()?)?.into();
        Ok(Self { argon2, decoy, slots: Arc::new(Semaphore::new(4)) })
    }

    /// The hash to store.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Error> {
        let password = Zeroizing::new(password);
        let argon2 = self.argon2.clone();
        self.work(move || hash(&argon2, &password)).await?
    }

    /// Whether the password is that of the hash. Without a hash it takes as long, and says no.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        let password = Zeroizing::new(password);
        let argon2 = self.argon2.clone();
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let right = self.work(move || verify(&argon2, &password, &stored)).await?;
        Ok(known && right)
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let _slot = self.slots.acquire().await.map_err(|_| Error::Hash)?;
        tokio::task::spawn_blocking(job).await.map_err(|_| Error::Hash)
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, Error> {
    Ok(argon2
        .hash_password_with_salt(password.as_bytes(), random::<16>()?.as_ref())
        .map_err(|_| Error::Hash)?
        .to_string())
}

fn verify(argon2: &Argon2<'_>, password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok())
}

/// Whether a password may be used: long enough, and not among what is tried first. `own` are words of the account.
pub(crate) fn check(password: &str, own: &[&str]) -> Result<(), Refusal> {
    let length = password.chars().count();
    if !(MIN_LENGTH..=MAX_LENGTH).contains(&length) {
        let text = format!("the password has {length} characters: give {MIN_LENGTH} to {MAX_LENGTH}");
        return Err(Refusal::WeakPassword(text));
    }
    let mut words: Vec<&str> =
        own.iter().flat_map(|word| word.split(['@', '.', ' '])).filter(|w| w.len() > 2).collect();
    words.push("milkrun");
    // What is left without the account's own words must be worth something by itself.
    let rest = words.iter().fold(password.to_lowercase(), |rest, word| rest.replace(&word.to_lowercase(), ""));
    let estimate = zxcvbn::zxcvbn(password, &words);
    if estimate.score() < zxcvbn::Score::Three || rest.chars().count() < 8 {
        let text = "the password is easy to guess: use several unrelated words, or a password manager";
        return Err(Refusal::WeakPassword(text.to_owned()));
    }
    Ok(())
}

/// A short-lived hash for values that are random already (recovery codes): salted, with little work.
pub(crate) fn light() -> Result<Argon2<'static>, Error> {
    let params = Params::new(4_096, 1, 1, None).map_err(|_| Error::Hash)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a recovery code.
pub(crate) fn hash_code(code: &str) -> Result<String, Error> {
    hash(&light()?, code)
}

/// Whether a recovery code is that of the hash.
pub(crate) fn verify_code(code: &str, stored: &str) -> Result<bool, Error> {
    Ok(verify(&light()?, code, stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused() {
        for weak in ["short", "password1234", "aaaaaaaaaaaaaaaa", "qwertyuiop12", "jane.doe1234"] {
            assert!(check(weak, &["jane.doe@example.org"]).is_err(), "{weak}");
        }
        check("seven bright kettles sing", &[]).unwrap();
        check(&"ärmelkanal fährt gelb ".repeat(4), &[]).unwrap();
        assert!(check(&"x".repeat(257), &[]).is_err());
    }

    #[test]
    fn limits_are_exact() {
        let allowed = |password: &str, own: &[&str]| check(password, own).is_ok();
        // The service's name does not count; eight characters beside it do.
        assert!(allowed("milkrunq7zk2vxp", &[]) && !allowed("milkrunq7zk2vx", &[]));
        // Words of two letters are no names.
        assert!(
            allowed("alqalxalzalwalkalv", &["al@example.org"])
                && !allowed("aliqalixalizaliwalik", &["ali@example.org"])
        );
        let score = |password: &str| zxcvbn::zxcvbn(password, &["milkrun"]).score();
        let (three, two) = ("lanterncopper3", "lanterncopper");
        assert_eq!((score(three), score(two)), (zxcvbn::Score::Three, zxcvbn::Score::Two));
        assert!(allowed(three, &[]) && !allowed(two, &[]));
    }

    #[test]
    fn recovery_codes_are_hashed_with_little_work() {
        let hash = hash_code("code").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=4096,t=1,p=1$"), "{hash}");
        assert!(verify_code("code", &hash).unwrap() && !verify_code("Code", &hash).unwrap());
    }

    #[tokio::test]
    async fn verifies_and_refuses() {
        let passwords = Passwords::new(1).unwrap();
        let hash = passwords.hash("correct".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=1024,t=1,p=1$"));
        assert!(passwords.verify("correct".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("Correct".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("correct".to_owned(), None).await.unwrap());
    }
}
