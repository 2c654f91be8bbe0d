//! Invitations, which may go by mail.

use crate::audit::{Event, Ledger};
use crate::auth::invitations::{self, Invited};
use crate::auth::sessions::Identity;
use crate::auth::{Refusal, roles};
use crate::ids::new_id;
use crate::outbox;

/// Invites into a role that allows nothing that the caller may not do; gives the link, which begins with `sign_up`, and sends it to an
/// address, if there is one.
pub(crate) async fn invite(
    ledger: &Ledger,
    who: &Identity,
    role: &str,
    (sign_up, email): (&str, Option<&str>),
) -> Result<String, Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    roles::must_be_within(&mut change, &who.org, &[role.to_owned()], &who.permissions).await?;
    let secret = invitations::create(&mut change, Invited::Member { org: &who.org, role }, now).await?;
    let link = format!("{sign_up}{secret}");
    if let Some(email) = email {
        let cause = format!("invitation {}", new_id());
        outbox::invited(&mut change, &ledger.ring, (&who.org, &cause), (email, &link), now).await?;
    }
    change.commit_with(Event::new("user.invited").by(&who.org, &who.user).on(role)).await?;
    Ok(link)
}
