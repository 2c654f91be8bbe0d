//! End-to-end tests of the binary: each starts `milkrun` as a user would.

mod adapt;
mod bad_input;
mod bench;
mod carry;
mod check;
mod compare;
mod convert;
mod demo;
#[cfg(all(unix, feature = "tables", feature = "roads"))]
mod docs;
mod explain;
mod find;
mod forecast;
#[cfg(feature = "tables")]
mod import;
#[cfg(unix)]
mod interrupt;
mod pareto;
mod period;
mod pragmatic;
mod print;
#[cfg(feature = "roads")]
mod roads;
mod scenarios;
mod show;
mod solve;
#[cfg(all(feature = "sources", feature = "npz"))]
mod sources;
mod streams;
mod support;
#[cfg(target_os = "linux")]
mod system;
mod vroom;
