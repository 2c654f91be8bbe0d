//! Failed attempts are counted in the database, before the attempt is judged: attempts at the same time count as
//! attempts one after another, and a restart forgets none.

use std::net::{IpAddr, Ipv6Addr};

use crate::error::Error;
use crate::storage::{Attempts as _, Connection, Store};

/// How attempts at something are limited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// Failures without a wait.
    pub(crate) free: i64,
    /// Failures after which nothing but a reset helps.
    pub(crate) most: i64,
    /// Failures are forgotten after so many milliseconds without one.
    pub(crate) forget_after: i64,
}

/// A second factor: only a caller who knows the password gets this far, so strangers cannot lock users out.
pub(crate) const FACTOR: Policy = Policy { free: 5, most: 100, forget_after: i64::MAX };
/// An account from one address: another address has its own count.
pub(crate) const ACCOUNT: Policy = Policy { free: 5, most: i64::MAX, forget_after: 86_400_000 };
/// An address.
pub(crate) const ADDRESS: Policy = Policy { free: 50, most: i64::MAX, forget_after: 86_400_000 };

/// What is counted as one address: of version 6, all 2^64 that one line is given.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

/// Milliseconds to wait after so many failures: 30 s, doubling up to an hour.
fn wait(policy: Policy, failures: i64) -> i64 {
    if failures >= policy.most {
        return i64::MAX / 4;
    }
    match failures - policy.free {
        ..=0 => 0,
        over => (30_000_i64 << (over - 1).min(7)).min(3_600_000),
    }
}

/// Counts an attempt as failed, until it is [`clear`]ed or [taken back](take_back). Gives the milliseconds to wait if it may not
/// be made.
pub(crate) async fn attempt(store: &Store, subject: &str, policy: Policy, now: i64) -> Result<Result<(), i64>, Error> {
    let mut tx = store.begin().await?;
    let since = now.saturating_sub(policy.forget_after);
    let Some(failures) = tx.count_attempt(subject, since, now).await? else {
        return Ok(Err(wait_of(&mut tx, subject, now).await?));
    };
    tx.block_attempts(subject, now.saturating_add(wait(policy, failures))).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Milliseconds until the next attempt may be made; 0: now.
pub(crate) async fn wait_of(connection: &mut Connection, subject: &str, now: i64) -> Result<i64, Error> {
    let until = connection.attempts_blocked_until(subject).await?;
    Ok(until.map_or(0, |until| until.saturating_sub(now).max(0)))
}

/// Forgets the failures: the attempt succeeded, and whoever made it owns what they are counted for.
pub(crate) async fn clear(tx: &mut Connection, subject: &str) -> Result<(), Error> {
    tx.forget_attempts(subject).await
}

/// Takes one attempt back, since it succeeded; the failures of others stay. It was let in, so nothing was blocked before it.
pub(crate) async fn take_back(tx: &mut Connection, subject: &str) -> Result<(), Error> {
    tx.forget_attempt(subject).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        assert_eq!(of("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_ne!(of("2001:db8:1:3::"), of("2001:db8:1:2::"));
    }

    #[test]
    fn waits_grow_to_an_hour() {
        let waits: Vec<i64> = [1, 5, 6, 7, 8, 12, 13, 99].map(|failures| wait(FACTOR, failures) / 1_000).into();
        assert_eq!(waits, [0, 0, 30, 60, 120, 1_920, 3_600, 3_600]);
        assert!(wait(FACTOR, 100) > 365 * 86_400_000);
        assert_eq!(wait(ACCOUNT, 1_000_000), 3_600_000);
    }
}
