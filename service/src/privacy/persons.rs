//! What is stored about somebody who has an account, and its erasure.
//!
//! Whatever somebody does is written down under the id of the account, which is random: it is a pseudonym. With the account, what
//! ties it to a person is gone, and the audit log and the plans stay as they are, signatures included.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::auth::{Refusal, users};
use crate::crypto::fingerprint;
use crate::outbox;
use crate::providers::Hub;
use crate::storage::persons::{Mention, Person};
use crate::storage::{Outbox as _, Persons as _};

/// What is stored about somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct About {
    /// The account.
    account: Person,
    /// Where the account's id stands, by kind: sessions, jobs, versions of days, confirmations, entries of the audit log.
    mentions: BTreeMap<&'static str, Vec<Mention>>,
    /// Subjects of letters to the account's address that wait to be sent or were given up.
    letters: Vec<String>,
}

/// An account whose data was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Erased {
    /// The account's id: from now on a name without a person.
    pub(crate) user: String,
    /// When, milliseconds since 1970.
    #[expect(clippy::struct_field_names, reason = "part of the interface, beside `scrubbed_at`")]
    pub(crate) erased_at: i64,
    /// When the database's files were written anew since, so that no deleted bytes are left in them; null: not yet.
    pub(crate) scrubbed_at: Option<i64>,
}

/// What is stored about an account of the organisation. That it was read is written down.
pub(crate) async fn about(ledger: &Ledger, who: &Identity, id: &str) -> Result<About, Refusal> {
    let mut connection = ledger.connection().await?;
    let account = connection.person(&who.org, id).await?.ok_or(Refusal::Missing)?;
    let mentions = connection.mentions(&who.org, id).await?;
    let letters = outbox::letters_to(&mut connection, &ledger.ring, &who.org, &account.email).await?;
    drop(connection);
    let event = Event::new("user.data_read").by(&who.org, &who.user).on(id);
    ledger.begin().await?.commit_with(event).await?;
    Ok(About { account, mentions, letters: letters.into_iter().map(|(_, subject)| subject).collect() })
}

/// Erases an account of the organisation: name, address, password, factors, sessions, roles, and letters that wait.
/// Nobody erases an account that may do more than themselves, and an administrator remains. A second time changes nothing.
pub(crate) async fn erase(ledger: &Ledger, hub: &Hub, who: &Identity, id: &str) -> Result<Erased, Refusal> {
    let known = {
        let mut connection = ledger.connection().await?;
        let known = connection.person(&who.org, id).await?;
        if known.is_some() {
            users::must_be_within(&mut connection, &who.org, id, &who.permissions).await?;
        }
        known
    };
    if let Some(person) = known {
        // Before the address is gone by which they are found.
        hub.forget_letters(&who.org, &person.email).await;
    }
    let mut change = ledger.begin().await?;
    let now = change.now();
    if let Some((erased_at, scrubbed_at)) = change.erasure(&who.org, id).await? {
        return Ok(Erased { user: id.to_owned(), erased_at, scrubbed_at });
    }
    let before = users::administrators(&mut change, &who.org).await?;
    users::must_be_within(&mut change, &who.org, id, &who.permissions).await?;
    let person = change.person(&who.org, id).await?.ok_or(Refusal::Missing)?;
    let letters = outbox::letters_to(&mut change, &ledger.ring, &who.org, &person.email).await?;
    for (letter, _) in &letters {
        change.drop_outgoing(letter).await?;
    }
    change.erase_person(&who.org, id, &fingerprint(person.email.as_bytes())).await?;
    users::an_administrator_remains(&mut change, &who.org, before).await?;
    change.insert_erasure(&who.org, id, &who.user, now).await?;
    let detail = json!({"letters": letters.len()});
    change.commit_with(Event::new("user.erased").by(&who.org, &who.user).on(id).with(detail)).await?;
    Ok(Erased { user: id.to_owned(), erased_at: now, scrubbed_at: None })
}
