//! When a search must end whatever it is doing.

/// Whether the search must end now: its time is up, or it is cancelled. Asked before every piece of work that may take long,
/// so that no instance, however odd, holds up an answer.
pub(crate) type Interrupt<'a> = &'a (dyn Fn() -> bool + Sync);

/// For what is never interrupted.
pub(crate) const NEVER: Interrupt<'static> = &|| false;
