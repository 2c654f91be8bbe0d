//! Tests of the engine: against petgraph on whole networks, and against a search over histories on small ones.

mod bad_maps;
mod changes;
mod cities;
mod files;
mod maps;
mod oracle;
mod real;
mod restrictions;
mod spots;
mod vehicles;
