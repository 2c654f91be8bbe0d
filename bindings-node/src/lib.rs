//! The native part of the Node package: exact integers in, exact integers out.
//!
//! Units, dates and events are the business of the TypeScript part; here is what must be fast, and what only the core
//! knows. Numbers of JavaScript hold integers up to 2⁵³ exactly.

#![expect(clippy::needless_pass_by_value, reason = "arguments come from JavaScript by value")]
#![expect(unreachable_pub, reason = "what Node sees must be public, though no crate sees it")]
#![cfg_attr(test, allow(dead_code, reason = "only Node calls it, and no test program has that"))]

mod adapt;
mod background;
mod carry;
mod compare;
mod dates;
mod document;
mod explain;
mod failure;
mod forecast;
mod front;
mod handout;
mod network;
mod period;
mod plan;
mod pragmatic;
mod problem;
mod records;
mod scenarios;
mod solve;
mod tables;
