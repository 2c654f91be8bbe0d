//! What people are told by mail when what protects their account has changed: whoever did not do it learns of it.

use milkrun_providers::Letter;

use crate::crypto::KeyRing;
use crate::error::Error;
use crate::ids::new_id;
use crate::outbox::{Content, enqueue};
use crate::storage::{Connection, Persons as _};

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// The password.
    Password,
    /// A second factor was set up.
    FactorEnrolled,
    /// The second factor was removed by its owner.
    FactorRemoved,
    /// The second factor was removed by an administrator.
    FactorReset,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
}

impl Changed {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Password => (
                "The password of your milkrun account was changed",
                "The password of your account was changed. All other sessions have ended.",
            ),
            Self::FactorEnrolled => (
                "A second factor was set up for your milkrun account",
                "A second factor was set up for your account: from now on it asks for a code at each sign-in. All other sessions \
                 have ended.",
            ),
            Self::FactorRemoved => (
                "The second factor of your milkrun account was removed",
                "The second factor of your account was removed, with all passkeys. All other sessions have ended.",
            ),
            Self::FactorReset => (
                "The second factor of your milkrun account was reset",
                "An administrator of your organisation removed the second factor of your account, with all passkeys. All sessions \
                 have ended: sign in, and set up another one.",
            ),
            Self::PasskeyAdded => (
                "A passkey was added to your milkrun account",
                "A passkey was added to your account. All other sessions have ended.",
            ),
            Self::PasskeyRemoved => (
                "A passkey of your milkrun account was removed",
                "A passkey of your account was removed. All other sessions have ended.",
            ),
        }
    }
}

/// Writes a letter to a user of an organisation, within the transaction of the change.
pub(crate) async fn tell(
    tx: &mut Connection,
    ring: &KeyRing,
    (org, user): (&str, &str),
    changed: Changed,
    now: i64,
) -> Result<(), Error> {
    let Some(person) = tx.person(org, user).await? else { return Ok(()) };
    let cause = format!("account {}", new_id());
    enqueue(tx, ring, (org, "", &cause), &Content::Mail(letter(person.email, changed, now)), now).await
}

fn letter(to: String, changed: Changed, now: i64) -> Letter {
    let (subject, what) = changed.words();
    let when = jiff::Timestamp::from_millisecond(now).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC");
    let text = format!(
        "{what}\n\nWhen: {when}\n\nIf you know of that, there is nothing to do. If not, somebody else has had access: tell an \
         administrator of your organisation at once, change the password, and sign out everywhere.\n"
    );
    Letter { to, subject: subject.to_owned(), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_say_what_has_changed_and_what_to_do() {
        let all = [
            (Changed::Password, "password"),
            (Changed::FactorEnrolled, "second factor"),
            (Changed::FactorRemoved, "second factor"),
            (Changed::FactorReset, "administrator"),
            (Changed::PasskeyAdded, "passkey"),
            (Changed::PasskeyRemoved, "passkey"),
        ];
        for (changed, word) in all {
            let letter = letter("ada@example.org".to_owned(), changed, 1_767_225_600_000);
            assert!(letter.text.contains("When: 2026-01-01 00:00 UTC\n") && letter.text.contains("at once"));
            assert!(letter.text.contains(word) && letter.subject.contains("milkrun account"), "{}", letter.text);
        }
    }
}
