//! What a database holds, and whether its sealed values open.

use super::{FORMAT, Manifest};
use crate::auth::factors;
use crate::crypto::{Context, KeyRing, Purpose, SecretError};
use crate::error::Error;
use crate::storage::factors::Factor;
use crate::storage::frozen::{Sealed, SealedValue};
use crate::storage::{Backend, Connection, Inventory as _};

/// Sealed values that are read at a time.
const BATCH: i64 = 500;

/// What a database holds, but for the files of the data folder.
pub(super) async fn describe(
    connection: &mut Connection,
    backend: &dyn Backend,
    ring: &KeyRing,
    now: i64,
) -> Result<Manifest, Error> {
    let (secrets, unopened) = open_all(connection, ring).await?;
    let keys = KeyRing::uses(connection).await?;
    Ok(Manifest {
        format: FORMAT,
        release: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        database: backend.name().to_owned(),
        schema: connection.schema_version().await?,
        tables: connection.rows_of_tables(backend).await?,
        keys: keys.into_iter().map(|key| (key.key_id.hex(), format!("{} {}", key.purpose, key.state))).collect(),
        secrets,
        unopened,
        ..Manifest::default()
    })
}

/// Opens every sealed value; gives how many opened, and which did not, with the reason.
pub(super) async fn open_all(connection: &mut Connection, ring: &KeyRing) -> Result<(u64, Vec<String>), Error> {
    let (mut opened, mut unopened) = (0, Vec::new());
    for of in Sealed::ALL {
        let mut after = String::new();
        loop {
            let batch = connection.sealed_values(of, &after, BATCH).await?;
            let Some(last) = batch.last() else { break };
            after.clone_from(&last.id);
            for value in &batch {
                match open(ring, of, value) {
                    Ok(()) => opened += 1,
                    Err(error) => unopened.push(format!("{} {}: {error}", of.name(), value.id)),
                }
            }
        }
    }
    Ok((opened, unopened))
}

/// Opens one sealed value where it belongs.
fn open(ring: &KeyRing, of: Sealed, value: &SealedValue) -> Result<(), SecretError> {
    let SealedValue { id, org, user, sealed } = value;
    let opened = match of {
        Sealed::Factor => {
            let factor = Factor { id: id.clone(), org: org.clone(), user: user.clone() };
            ring.open_value(Purpose::Mfa, Context(&factors::context(&factor)), sealed)
        }
        Sealed::SigningKey => ring.open_value(Purpose::Signing, Context(&["signing-key/v1", id]), sealed),
        Sealed::Provider => ring.open_value(Purpose::Providers, Context(&["provider/v1", org, id]), sealed),
        Sealed::Endpoint => ring.open_value(Purpose::Providers, Context(&["webhook-endpoint/v1", org, id]), sealed),
        Sealed::Outgoing => ring.open_value(Purpose::Providers, Context(&["outbox/v1", org, id]), sealed),
    };
    opened.map(drop)
}
