//! Linehauls before backhauls. Arcs that break this order are far longer than all others, so that few moves that have one look better, and
//! none of these is made; ruin may leave some behind, where all linehauls before a backhaul are gone.

use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;
use crate::search::data::BackhaulOrder;
use crate::search::travel_table::OUT_OF_ORDER;

impl<C: Class> Routes<'_, C> {
    /// Whether any route serves backhauls before linehauls, or first.
    pub(crate) fn is_out_of_order(&self) -> bool {
        C::ORDERED && self.num_out_of_order > 0
    }

    /// Counts the arcs that break the order.
    #[inline]
    pub(super) fn note_arcs<const N: usize, const M: usize>(&mut self, gone: [i32; N], new: [i32; M]) {
        if C::ORDERED {
            let count = |arcs: &[i32]| arcs.iter().filter(|&&arc| arc >= OUT_OF_ORDER).count() as i32;
            self.num_out_of_order += count(&new) - count(&gone);
        }
    }

    /// Whether the order lets `c` stand between `v` and `w`.
    #[inline]
    pub(super) fn is_in_order(&self, c: usize, v: usize, w: usize) -> bool {
        !C::ORDERED || (self.distance(v, c) < OUT_OF_ORDER && self.distance(c, w) < OUT_OF_ORDER)
    }

    /// Whether distances are the same in both directions, where the order allows them.
    #[inline]
    pub(crate) fn is_symmetric(&self) -> bool {
        let travel = &self.data.travel;
        if C::ORDERED { travel.is_symmetric_in_order() } else { travel.is_symmetric() }
    }

    /// Whether a node is a backhaul that must come after linehauls.
    #[inline]
    pub(crate) fn is_backhaul(&self, node: usize) -> bool {
        C::ORDERED && self.is_stop(node) && self.data.order[node] == BackhaulOrder::Backhaul
    }

    /// Whether the piece of route from `first` to `last` may be driven in the opposite direction, at the same distance.
    #[inline]
    pub(crate) fn is_reversible(&self, first: usize, last: usize) -> bool {
        self.is_backhaul(first) == self.is_backhaul(last)
    }

    /// Whether a backhaul must be served and is not, and there are vehicles that could.
    pub(crate) fn has_waiting_backhaul(&self) -> bool {
        C::ORDERED
            && self.missing > 0
            && self.unserved().iter().any(|&u| self.is_backhaul(u as usize) && self.data.required[u as usize])
            && (0..self.num_types()).any(|t| self.unused_of(t).is_some())
    }

    /// Whether an arc leads from the last linehaul to the first backhaul.
    #[inline]
    pub(crate) fn is_turn(&self, u: usize, v: usize) -> bool {
        self.is_backhaul(u) != self.is_backhaul(v)
    }

    /// Whether one of these arcs would break the order. What a move saves elsewhere may be more than that costs, where vehicles have fixed
    /// costs, or rates differ.
    #[inline]
    pub(crate) fn arcs_break_order<const N: usize>(&self, arcs: [(usize, usize); N]) -> bool {
        C::ORDERED && arcs.iter().any(|&(u, v)| self.distance(u, v) >= OUT_OF_ORDER)
    }

    /// Whether a sequence of stops on a route would break the order.
    pub(crate) fn sequence_breaks_order(&self, route: usize, list: &[u32]) -> bool {
        let mut at = self.start(route);
        C::ORDERED
            && list.iter().any(|&c| self.distance(std::mem::replace(&mut at, c as usize), c as usize) >= OUT_OF_ORDER)
    }
}
