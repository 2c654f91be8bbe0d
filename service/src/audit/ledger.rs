//! Changes that are written down: the only way in which use cases change the database.

use std::ops::{Deref, DerefMut};

use super::{Event, append};
use crate::clock::Clock;
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::storage::{Connection, Reader, Store, Tx};

/// The database, the key that signs the audit log, and the time. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    /// The database.
    pub(crate) store: Store,
    /// The keys.
    pub(crate) ring: KeyRing,
    /// The time.
    pub(crate) clock: Clock,
}

impl Ledger {
    /// A connection to read with.
    pub(crate) async fn connection(&self) -> Result<Reader, Error> {
        self.store.connection().await
    }

    /// Begins a change, at the present time.
    pub(crate) async fn begin(&self) -> Result<Change<'_>, Error> {
        Ok(Change { tx: self.store.begin().await?, ring: &self.ring, now: self.clock.now() })
    }
}

/// A transaction that writes, with the entries of the audit log that tell what it does. It is rolled back unless it is committed.
pub(crate) struct Change<'a> {
    tx: Tx,
    ring: &'a KeyRing,
    now: i64,
}

impl Change<'_> {
    /// When it began, milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    /// Writes an entry. Whoever else writes one waits from here on until this change has ended, so it comes late, unless that is what is
    /// wanted.
    pub(crate) async fn note(&mut self, event: Event<'_>) -> Result<(), Error> {
        append(&mut self.tx, self.ring, self.now, event).await
    }

    /// Makes it last, with all entries that were noted.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await
    }

    /// Makes it last, with this entry.
    pub(crate) async fn commit_with(mut self, event: Event<'_>) -> Result<(), Error> {
        self.note(event).await?;
        self.commit().await
    }
}

impl Deref for Change<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

impl DerefMut for Change<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.tx
    }
}
