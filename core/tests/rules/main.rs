//! One file for each rule of the model: problems whose best plans can be computed by hand, with the rule alone and
//! combined with another one. If the rule is not applied, or the search ignores it, the numbers differ.

mod assignment;
mod backhauls;
mod breaks;
mod capacity;
mod costs;
mod depots;
mod disposal;
mod emissions;
mod ends;
mod executed;
mod goals;
mod groups;
mod initial;
mod limits;
mod lists;
mod many;
mod materials;
mod max_stops;
mod overtime;
mod priorities;
mod prizes;
mod profiles;
mod relations;
mod release;
mod rests;
mod route_load;
mod service;
mod shipments;
mod skills;
mod soft_windows;
mod speeds;
mod support;
mod trips;
mod waiting;
mod windows;
