//! Authentication and authorisation of users.

pub(crate) mod demands;
pub(crate) mod factors;
pub(crate) mod invitations;
pub(crate) mod leaked;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod throttle;
pub(crate) mod tokens;
pub(crate) mod turns;
pub(crate) mod users;

use crate::error::Error;

/// Why a request is refused. Its message reveals no more than the caller may know.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// No account, a wrong password, or a disabled account: which of them is not said.
    #[error("the e-mail address or the password is wrong")]
    SignIn,
    /// The password is right; a second factor is needed: a code, or the passkey that is asked for, if there is one.
    #[error("a code of the second factor is needed")]
    FactorNeeded(Option<Box<passkeys::Asked>>),
    /// The second factor's code is wrong, was used before, or comes too soon after wrong ones.
    #[error("the code was not accepted")]
    Factor {
        /// Milliseconds until another is examined.
        wait: i64,
    },
    /// The password is right, and the sign-in is odd: a code was sent by mail.
    #[error("this sign-in is unusual: a code was sent to your e-mail address, sign in again with it")]
    ConfirmationNeeded,
    /// The code that was sent is wrong, was used before, is too old, or comes too soon after wrong ones.
    #[error("the code from the e-mail was not accepted")]
    Confirmation {
        /// Milliseconds until another is examined.
        wait: i64,
    },
    /// A token or session is invalid or has expired.
    #[error("the token is not valid")]
    Token,
    /// Too many failures: wait.
    #[error("too many failed attempts; wait a while")]
    Throttled {
        /// How long, milliseconds.
        wait: i64,
    },
    /// A one-time link is unknown, used or too old.
    #[error("the link is no longer valid")]
    Link,
    /// A password that is too easily guessed.
    #[error("{0}")]
    WeakPassword(String),
    /// The address is taken.
    #[error("there is already an account with this address")]
    Taken,
    /// The organisation has a role of this name.
    #[error("there is already a role of this name")]
    RoleTaken,
    /// The requested object does not exist, or belongs to another organisation.
    #[error("there is no such object")]
    Missing,
    /// Something that must not be done, and why.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// It would grant permissions that the caller does not have, or change a user who has more.
    #[error("that requires permissions that you do not have")]
    Beyond,
    /// Something failed inside.
    #[error(transparent)]
    Inner(#[from] Error),
}

impl From<crate::crypto::SecretError> for Refusal {
    fn from(error: crate::crypto::SecretError) -> Self {
        Self::Inner(error.into())
    }
}
