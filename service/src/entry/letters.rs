//! What people are told by mail about sign-ins to their account.

use milkrun_providers::Letter;

use crate::crypto::KeyRing;
use crate::error::Error;
use crate::outbox::{Content, enqueue};
use crate::storage::Connection;
use crate::storage::sign_ins::SignIn;

/// What a letter is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About<'a> {
    /// A sign-in that was let in.
    Entered,
    /// One that was refused although the password was right.
    Blocked,
    /// One that is to be confirmed with this code.
    Code(&'a str),
}

/// Writes a letter about a sign-in to the person, within the transaction that stores it.
pub(super) async fn send(
    tx: &mut Connection,
    ring: &KeyRing,
    to: &str,
    row: &SignIn,
    about: About<'_>,
) -> Result<(), Error> {
    let (subject, text) = words(row, about);
    let letter = Letter { to: to.to_owned(), subject: subject.to_owned(), text };
    let cause = format!("sign-in {}", row.id);
    enqueue(tx, ring, (&row.org, "", &cause), &Content::Mail(letter), row.at).await
}

fn words(row: &SignIn, about: About<'_>) -> (&'static str, String) {
    let when = jiff::Timestamp::from_millisecond(row.at).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC");
    let country = if row.country.is_empty() { String::new() } else { format!(" ({})", row.country) };
    let what = format!("When: {when}\nFrom: {}{country}\nWith: {}\n", row.address, row.agent);
    let not_you = "If that was not you, somebody knows your password: change it now, and sign out everywhere.\n";
    match about {
        About::Entered => (
            "A new sign-in to your milkrun account",
            format!("Your account was signed in to.\n\n{what}\nIf that was you, there is nothing to do. {not_you}"),
        ),
        About::Blocked => (
            "A sign-in to your milkrun account was refused",
            format!(
                "Somebody tried to sign in to your account with the right password, and was refused.\n\n{what}\n\
                 If that was you, sign in from where you usually do, or set up a second factor there. {not_you}"
            ),
        ),
        About::Code(code) => (
            "Your code to sign in to milkrun",
            format!(
                "To sign in, type this code within ten minutes: {code}\n\n{what}\n\
                 Give it to nobody. {not_you}"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_say_what_is_to_be_done() {
        let row = SignIn {
            id: "1".to_owned(),
            org: "o".to_owned(),
            user: "u".to_owned(),
            at: 1_767_225_600_000,
            address: "203.0.113.9".to_owned(),
            network: "203.0.113.0/24".to_owned(),
            device_shown: String::new(),
            device_given: String::new(),
            agent: "Firefox on Linux".to_owned(),
            country: "NL".to_owned(),
            position: None,
            score: 60,
            reasons: "new_network new_device".to_owned(),
            outcome: "told".to_owned(),
        };
        let place = "When: 2026-01-01 00:00 UTC\nFrom: 203.0.113.9 (NL)\nWith: Firefox on Linux\n";
        for about in [About::Entered, About::Blocked, About::Code("abcd-efgh")] {
            let (_, text) = words(&row, about);
            assert!(text.contains(place) && text.contains("change it now"), "{text}");
            assert_eq!(text.contains("abcd-efgh"), matches!(about, About::Code(_)));
        }
    }
}
