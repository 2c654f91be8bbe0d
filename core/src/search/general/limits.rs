//! Numbers that stand for no limit, and the size up to which a problem is searched nearly to exhaustion.

use crate::units::Cost;

/// More than any quantity of a problem, and small enough to be added up.
pub(crate) const UNLIMITED: i64 = i64::MAX / 64;

/// What serving a required job is worth: more than any cost.
pub(crate) const REQUIRED_WORTH: Cost = UNLIMITED / 8;

/// Problems of so few stops are searched nearly to exhaustion.
pub(super) const TINY: usize = 9;
