//! The data keys in the database: made, checked at start, rotated.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::crypto::{Context, Envelope, KeyId, MasterKey, SealingKey, SecretError, random};
use crate::error::Error;
use crate::storage::keys::DataKey;
use crate::storage::{Connection, Keys as _, Store};

/// What a key is for. Keys of different purposes have nothing in common but the master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// Seals the secrets of second factors.
    Mfa,
    /// Signs the entries of the audit log.
    Audit,
    /// Seals the private keys that sign access tokens.
    Signing,
    /// Seals the secrets of providers and of webhooks, and what is to be sent.
    Providers,
}

impl Purpose {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Mfa, Self::Audit, Self::Signing, Self::Providers];

    /// Its stored name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Mfa => "mfa",
            Self::Audit => "audit",
            Self::Signing => "signing",
            Self::Providers => "providers",
        }
    }
}

/// Values that one key may seal with random nonces of 96 bits: half of NIST SP 800-38D's 2³².
const MOST_USES: i64 = 1 << 31;
/// From here on, the log asks for a rotation.
const MANY_USES: i64 = 1 << 28;

/// What is sealed with each key to know it by.
const CHECK: &[u8] = b"milkrun key check";

/// How often a value may be sealed with a key, and how often it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Uses {
    /// The key.
    pub(crate) key_id: KeyId,
    /// What it is for.
    pub(crate) purpose: String,
    /// `primary`, `decrypt_only` or `retired`.
    pub(crate) state: String,
    /// How many values it has sealed.
    pub(crate) times: i64,
}

/// A key with what it is for, ready to seal and as bytes.
type Usable = (Purpose, Arc<SealingKey>, Arc<Zeroizing<[u8; 32]>>);

#[derive(Default)]
struct Keys {
    usable: HashMap<KeyId, Usable>,
    retired: Vec<KeyId>,
    primary: HashMap<Purpose, KeyId>,
}

/// All data keys, opened. Clones share them.
#[derive(Clone)]
pub(crate) struct KeyRing {
    master: Arc<MasterKey>,
    keys: Arc<RwLock<Keys>>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(…)")
    }
}

impl KeyRing {
    /// Opens all keys and checks each against its check value; makes a key for each purpose that has none.
    ///
    /// # Errors
    ///
    /// [`SecretError::WrongMasterKey`] if a key does not open.
    pub(crate) async fn open(store: &Store, master: MasterKey, now: i64) -> Result<Self, Error> {
        let ring = Self { master: Arc::new(master), keys: Arc::default() };
        let mut tx = store.begin().await?;
        ring.reload(&mut tx).await?;
        for purpose in Purpose::ALL {
            if ring.primary(purpose).is_err() {
                ring.add_primary(&mut tx, purpose, now).await?;
            }
        }
        tx.commit().await?;
        ring.reload(&mut *store.connection().await?).await?;
        Ok(ring)
    }

    /// Opens the keys that are there, and makes none.
    ///
    /// # Errors
    ///
    /// [`SecretError::WrongMasterKey`] if a key does not open.
    pub(crate) async fn read(connection: &mut Connection, master: MasterKey) -> Result<Self, Error> {
        let ring = Self { master: Arc::new(master), keys: Arc::default() };
        ring.reload(connection).await?;
        Ok(ring)
    }

    /// The key over all keys.
    pub(crate) fn master(&self) -> Arc<MasterKey> {
        self.master.clone()
    }

    /// Reads the keys anew: another process may have rotated them.
    pub(crate) async fn reload(&self, connection: &mut Connection) -> Result<(), Error> {
        let rows: Vec<DataKey> = connection.data_keys().await?;
        let mut keys = Keys::default();
        for (id, purpose, wrapped, state, check) in rows {
            let id = KeyId::from_slice(&id)?;
            let purpose = Purpose::ALL
                .into_iter()
                .find(|p| p.name() == purpose)
                .ok_or_else(|| Error::Stored(format!("the key {} is for {purpose:?}, which is unknown", id.hex())))?;
            if state == "retired" {
                keys.retired.push(id);
                continue;
            }
            let raw = self.unwrap(purpose, id, &wrapped)?;
            let key = SealingKey::new(id, &raw)?;
            let checked = key.open(Context(&["check", purpose.name()]), &Envelope::parse(&check)?);
            if !checked.is_ok_and(|value| value.as_slice() == CHECK) {
                return Err(SecretError::WrongMasterKey(id.hex()).into());
            }
            if state == "primary" {
                keys.primary.insert(purpose, id);
            }
            keys.usable.insert(id, (purpose, Arc::new(key), Arc::new(raw)));
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    fn unwrap(&self, purpose: Purpose, id: KeyId, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, SecretError> {
        let wrong = || SecretError::WrongMasterKey(id.hex());
        let hex = id.hex();
        let context = ["data-key/v1", purpose.name(), hex.as_str()];
        let raw = self.master.wrapping_key(purpose)?.open(Context(&context), &Envelope::parse(wrapped)?);
        let raw = raw.map_err(|_| wrong())?;
        Ok(Zeroizing::new(raw.as_slice().try_into().map_err(|_| wrong())?))
    }

    fn wrap(master: &MasterKey, purpose: Purpose, id: KeyId, raw: &[u8; 32]) -> Result<Vec<u8>, SecretError> {
        let hex = id.hex();
        master.wrapping_key(purpose)?.seal(Context(&["data-key/v1", purpose.name(), hex.as_str()]), raw)
    }

    /// Makes a new primary key for a purpose; the one before it opens values from then on, and seals none.
    /// [`reload`](Self::reload) after the commit.
    pub(crate) async fn add_primary(&self, tx: &mut Connection, purpose: Purpose, now: i64) -> Result<KeyId, Error> {
        let id = KeyId(*random::<8>()?);
        let raw = random::<32>()?;
        let wrapped = Self::wrap(&self.master, purpose, id, &raw)?;
        let check = SealingKey::new(id, &raw)?.seal(Context(&["check", purpose.name()]), CHECK)?;
        tx.replace_primary(purpose.name(), [&id.0, &wrapped, &check], now).await?;
        self.reload(tx).await?;
        Ok(id)
    }

    /// Retires a key: nothing opens with it from then on.
    pub(crate) async fn retire(&self, tx: &mut Connection, id: KeyId) -> Result<(), Error> {
        tx.retire_key(&id.0).await?;
        self.reload(tx).await
    }

    /// Wraps all keys with another master key, in one transaction. The sealed values stay as they are.
    pub(crate) async fn change_master(&self, tx: &mut Connection, new: &MasterKey) -> Result<usize, Error> {
        let all: Vec<_> = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            keys.usable.iter().map(|(id, (purpose, _, raw))| (*id, *purpose, Arc::clone(raw))).collect()
        };
        for (id, purpose, raw) in &all {
            let wrapped = Self::wrap(new, *purpose, *id, raw)?;
            tx.rewrap_key(&id.0, &wrapped).await?;
        }
        Ok(all.len())
    }

    /// The key that seals new values of a purpose.
    pub(crate) fn primary(&self, purpose: Purpose) -> Result<Arc<SealingKey>, SecretError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let id = keys.primary.get(&purpose).ok_or(SecretError::NoPrimary(purpose.name()))?;
        keys.usable.get(id).map(|(_, key, _)| Arc::clone(key)).ok_or(SecretError::NoPrimary(purpose.name()))
    }

    /// The bytes of a purpose's primary key, for a signature that is no envelope.
    pub(crate) fn primary_bytes(&self, purpose: Purpose) -> Result<Arc<Zeroizing<[u8; 32]>>, SecretError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let id = keys.primary.get(&purpose).ok_or(SecretError::NoPrimary(purpose.name()))?;
        keys.usable.get(id).map(|(_, _, raw)| Arc::clone(raw)).ok_or(SecretError::NoPrimary(purpose.name()))
    }

    /// Seals a value, and counts it.
    pub(crate) async fn seal(
        &self,
        tx: &mut Connection,
        purpose: Purpose,
        context: Context<'_>,
        value: &[u8],
    ) -> Result<(Vec<u8>, KeyId), Error> {
        // The second try is for a key that another process has just replaced: a replaced key seals nothing.
        for _ in 0..2 {
            let key = self.primary(purpose)?;
            let Some(uses) = tx.count_use(&key.id().0).await? else {
                self.reload(tx).await?;
                continue;
            };
            if uses > MOST_USES {
                return Err(SecretError::Exhausted(key.id().hex(), uses).into());
            }
            if uses == MANY_USES {
                tracing::error!(key = key.id().hex(), uses, "the key should be rotated");
            }
            return Ok((key.seal(context, value)?, key.id()));
        }
        Err(SecretError::NoPrimary(purpose.name()).into())
    }

    /// Opens a value, after a look at the database where the key is not known yet.
    pub(crate) async fn open_fresh(
        &self,
        connection: &mut Connection,
        purpose: Purpose,
        context: Context<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self.open_value(purpose, context, sealed) {
            Err(SecretError::UnknownKey(_)) => {
                self.reload(connection).await?;
                Ok(self.open_value(purpose, context, sealed)?)
            }
            known => Ok(known?),
        }
    }

    /// Opens a value with the key that it names, and no other.
    pub(crate) fn open_value(
        &self,
        purpose: Purpose,
        context: Context<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let envelope = Envelope::parse(sealed)?;
        let hex = || envelope.key_id.hex();
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        match keys.usable.get(&envelope.key_id) {
            Some((of, key, _)) if *of == purpose => key.open(context, &envelope),
            Some(_) => Err(SecretError::Rejected(hex())),
            None if keys.retired.contains(&envelope.key_id) => Err(SecretError::RetiredKey(hex())),
            None => Err(SecretError::UnknownKey(hex())),
        }
    }

    /// All keys with their states and counts.
    pub(crate) async fn uses(connection: &mut Connection) -> Result<Vec<Uses>, Error> {
        let rows = connection.key_uses().await?;
        let read = |(id, purpose, state, uses): (Vec<u8>, _, _, _)| {
            Ok(Uses { key_id: KeyId::from_slice(&id)?, purpose, state, times: uses })
        };
        rows.into_iter().map(read).collect()
    }
}
