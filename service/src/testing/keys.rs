//! The data keys.

use super::world::World;
use crate::crypto::{Context, KeyRing, Purpose, SecretError};
use crate::error::Error;

const PLACE: Context<'static> = Context(&["here"]);

#[tokio::test]
async fn a_key_has_one_purpose() {
    let world = World::sqlite().await;
    let (store, ring) = (&world.app.desk.store, &world.app.desk.ring);
    let mut tx = store.begin().await.unwrap();
    let (sealed, key) = ring.seal(&mut tx, Purpose::Mfa, PLACE, b"value").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ring.open_value(Purpose::Mfa, PLACE, &sealed).unwrap().as_slice(), b"value");
    let other = ring.open_value(Purpose::Signing, PLACE, &sealed);
    assert!(matches!(other, Err(SecretError::Rejected(_))), "{other:?}");
    // A key that nobody has, and one that was retired.
    let mut foreign = sealed.clone();
    foreign[4] ^= 1;
    let unknown = ring.open_value(Purpose::Mfa, PLACE, &foreign);
    assert!(matches!(unknown, Err(SecretError::UnknownKey(_))), "{unknown:?}");
    let mut tx = store.begin().await.unwrap();
    ring.add_primary(&mut tx, Purpose::Mfa, 1).await.unwrap();
    ring.retire(&mut tx, key).await.unwrap();
    tx.commit().await.unwrap();
    let retired = ring.open_value(Purpose::Mfa, PLACE, &sealed);
    assert!(matches!(retired, Err(SecretError::RetiredKey(_))), "{retired:?}");
    let unknown = ring.open_value(Purpose::Mfa, PLACE, &foreign);
    assert!(matches!(unknown, Err(SecretError::UnknownKey(_))), "{unknown:?}");
}

/// A key seals 2³¹ values and no more.
#[tokio::test]
async fn a_key_is_used_up() {
    let world = World::sqlite().await;
    let (store, ring) = (&world.app.desk.store, &world.app.desk.ring);
    let mut tx = store.begin().await.unwrap();
    let used = "UPDATE data_keys SET uses = 2147483647 WHERE purpose = 'mfa'";
    sqlx::query(used).execute(&mut *tx).await.unwrap();
    ring.seal(&mut tx, Purpose::Mfa, PLACE, b"the last").await.unwrap();
    let listed = KeyRing::uses(&mut tx).await.unwrap();
    let listed: Vec<(&str, &str)> = listed.iter().map(|key| (key.purpose.as_str(), key.state.as_str())).collect();
    assert_eq!(listed, [("audit", "primary"), ("mfa", "primary"), ("providers", "primary"), ("signing", "primary")]);
    let refused = ring.seal(&mut tx, Purpose::Mfa, PLACE, b"one too many").await.unwrap_err();
    assert!(matches!(refused, Error::Secret(SecretError::Exhausted(_, 2_147_483_649))), "{refused}");
    // The others go on, and so does a new one.
    ring.seal(&mut tx, Purpose::Signing, PLACE, b"value").await.unwrap();
    ring.add_primary(&mut tx, Purpose::Mfa, 1).await.unwrap();
    ring.seal(&mut tx, Purpose::Mfa, PLACE, b"value").await.unwrap();
}

#[tokio::test]
async fn every_service_has_keys_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let world = World::sqlite().await;
        for purpose in Purpose::ALL {
            let bytes = world.app.desk.ring.primary_bytes(purpose).unwrap();
            assert!(bytes.iter().any(|byte| *byte != bytes[0]));
            assert!(seen.insert(bytes.to_vec()), "two keys are alike");
        }
    }
}
