//! What threads share. In tests of interleavings these are loom's, so that all orders are tried.

#[cfg(feature = "interleavings")]
pub(crate) use loom::sync::atomic::{AtomicUsize, Ordering};
#[cfg(feature = "interleavings")]
pub(crate) use loom::sync::{Arc, Mutex, MutexGuard};
#[cfg(not(feature = "interleavings"))]
pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};
#[cfg(not(feature = "interleavings"))]
pub(crate) use std::sync::{Arc, Mutex, MutexGuard};
