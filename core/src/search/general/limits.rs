//! Numbers that stand for no limit, and the size up to which a problem is searched nearly to exhaustion.

use crate::units::Cost;

/// More than any quantity of a problem, and small enough to be added up.
pub(crate) const UNLIMITED: i64 = i64::MAX / 64;

/// The prize of a required job: more than any cost.
pub(crate) const REQUIRED_PRIZE: Cost = UNLIMITED / 8;

/// Problems of so few stops are searched nearly to exhaustion.
pub(super) const MAX_TINY_STOPS: usize = 9;
