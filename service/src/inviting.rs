//! Invitations, which may go by mail.

use crate::audit::{Event, Ledger};
use crate::auth::invitations::{self, Invited};
use crate::auth::sessions::Identity;
use crate::auth::{Refusal, roles};
use crate::ids::new_id;
use crate::outbox;
use crate::storage::Roles as _;

/// Invites into a role that allows nothing that the caller may not do; gives the link, which begins with `public_url`, and sends it to an
/// address, if there is one. Who will drive, and may not see plans, signs up where drivers are at home.
pub(crate) async fn invite(
    ledger: &Ledger,
    who: &Identity,
    role: &str,
    (public_url, email): (&str, Option<&str>),
) -> Result<String, Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    roles::must_be_within(&mut change, &who.org, &[role.to_owned()], &who.permissions).await?;
    let secret = invitations::create(&mut change, Invited::Member { org: &who.org, role }, now).await?;
    let allowed = change.roles(&who.org).await?.into_iter().find(|known| known.id == role);
    let allows = |permission: &str| allowed.as_ref().is_some_and(|role| role.permissions.contains(permission));
    let page = if allows(roles::DRIVES) && !allows("plans:read") { "/driver/" } else { "/" };
    let link = format!("{public_url}{page}#sign-up={secret}");
    if let Some(email) = email {
        let cause = format!("invitation {}", new_id());
        outbox::invited(&mut change, &ledger.ring, (&who.org, &cause), (email, &link), now).await?;
    }
    change.commit_with(Event::new("user.invited").by(&who.org, &who.user).on(role)).await?;
    Ok(link)
}
