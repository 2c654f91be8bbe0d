//! Breakers, bulkheads and budgets of the providers on loom, which tries every order in which threads can take their turns.
//!
//! They are compiled from the providers' sources: with all that providers need beside them, it would take minutes.
#![cfg(test)]

#[path = "../../../providers/src/budget.rs"]
pub mod budget;
#[path = "../../../providers/src/guard/mod.rs"]
pub mod guard;
#[path = "../../../providers/src/sync.rs"]
mod sync;
mod tests;
