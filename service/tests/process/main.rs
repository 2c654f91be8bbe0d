//! The program as a process: what it prints, how it is killed, how it stops, what it does without its database, and
//! what its log holds.
//!
//! Tests that kill or stop it do so as often as `MILKRUN_TEST_ROUNDS` says, once unless it is set.

mod backups;
mod commands;
mod deliveries;
mod forecasts;
mod full_disk;
mod kills;
mod log;
mod memory;
mod monitoring;
mod networks;
mod outages;
mod slow;
mod start;
mod stop;
mod support;
#[cfg(feature = "otlp")]
mod traces;
