//! Proves that every secret is sealed and opens.

use crate::auth::factors::context;
use crate::crypto::{Context, KeyRing, Purpose};
use crate::error::Error;
use crate::storage::Store;

use super::{counts, page};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verified {
    /// Secrets stored as plaintext.
    pub(crate) plain: i64,
    /// Secrets stored sealed.
    pub(crate) sealed: i64,
    /// Secrets that opened with the key and in the place that they belong to.
    pub(crate) opened: i64,
    /// Factors whose secret does not open, with the reason.
    pub(crate) faults: Vec<(String, String)>,
}

impl Verified {
    /// Whether nothing is left to do or mend.
    pub(crate) fn is_complete(&self) -> bool {
        self.plain == 0 && self.faults.is_empty() && self.opened == self.sealed
    }
}

/// Opens every sealed secret.
pub(crate) async fn verify(store: &Store, ring: &KeyRing) -> Result<Verified, Error> {
    let mut connection = store.connection().await?;
    let (plain, sealed) = counts(&mut connection).await?;
    let mut verified = Verified { plain, sealed, ..Verified::default() };
    let mut cursor = String::new();
    loop {
        let batch = page(&mut connection, &cursor).await?;
        let Some(last) = batch.last() else { return Ok(verified) };
        cursor.clone_from(&last.factor.id);
        for row in batch {
            let Some(sealed) = row.sealed else { continue };
            match ring.open_value(Purpose::Mfa, Context(&context(&row.factor)), &sealed) {
                Ok(_) => verified.opened += 1,
                Err(error) => verified.faults.push((row.factor.id, error.to_string())),
            }
        }
    }
}
