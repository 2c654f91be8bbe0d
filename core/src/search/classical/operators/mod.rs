//! The moves of the local search. A move says which pieces of routes it would join; [`Routes`] knows what that costs and
//! whether it may be.

mod change_vehicle;
mod relocate;
mod swap;
mod swap_star;
mod swap_tails;
mod two_opt;

pub(crate) use change_vehicle::{change_vehicle, exchange_vehicles};
pub(crate) use relocate::relocate;
pub(crate) use swap::swap;
pub(crate) use swap_star::swap_star;
pub(crate) use swap_tails::{swap_tails, swap_tails_reversed};
pub(crate) use two_opt::two_opt;

use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;

/// Space for the sequences of changed routes, kept between moves.
#[derive(Default)]
pub(crate) struct Scratch {
    a: Vec<u32>,
    b: Vec<u32>,
}

/// Appends the nodes from `from` on, up to but without `until`.
fn forward<C: Class>(routes: &Routes<'_, C>, list: &mut Vec<u32>, from: usize, until: usize) {
    let mut u = from;
    while u != until {
        list.push(u as u32);
        u = routes.nodes[u].next as usize;
    }
}

/// Appends the nodes from `from` backwards, down to but without `until`.
fn backward<C: Class>(routes: &Routes<'_, C>, list: &mut Vec<u32>, from: usize, until: usize) {
    let mut u = from;
    while u != until {
        list.push(u as u32);
        u = routes.nodes[u].prev as usize;
    }
}
