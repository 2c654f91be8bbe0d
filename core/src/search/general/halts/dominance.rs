//! When a label is dominated by another, and which labels are kept at a stop.

use crate::search::general::halts::label::Label;
use crate::search::general::halts::{Halts, Thoroughness};
use crate::search::general::layout::Vehicle;
use crate::search::general::route::State;

impl Halts {
    /// Keeps a label, whose row is the last one, unless another one dominates it. Whether it was kept.
    pub(super) fn offer(
        &mut self,
        vehicle: &Vehicle,
        thoroughness: Thoroughness,
        label: Label,
        row: usize,
        is_goal: bool,
    ) -> bool {
        if is_goal {
            let width = self.rows.len() - row;
            let own = &self.rows[row..];
            let mut i = 0;
            while i < self.next.len() {
                let other = self.next[i] as usize;
                let other_row = &self.rows[other * width..(other + 1) * width];
                if self.apart && self.labels[other].state.trips != label.state.trips {
                    // When trips are released is known of whole routes only.
                    i += 1;
                    continue;
                }
                if dominates(vehicle, thoroughness, &self.labels[other], other_row, &label, own) {
                    return false;
                }
                if dominates(vehicle, thoroughness, &label, own, &self.labels[other], other_row) {
                    self.next.swap_remove(i);
                } else {
                    i += 1;
                }
            }
            if self.next.len() >= thoroughness.width {
                let worst = (0..self.next.len()).max_by_key(|&i| self.labels[self.next[i] as usize].rank);
                let Some(worst) = worst else { return false };
                if self.labels[self.next[worst] as usize].rank <= label.rank {
                    return false;
                }
                self.next.swap_remove(worst);
            }
            self.next.push(self.labels.len() as u32);
        }
        self.labels.push(label);
        true
    }
}

/// Whether the first label dominates the second: it is at least as good in everything that the rest of the route depends on.
fn dominates(
    vehicle: &Vehicle,
    thoroughness: Thoroughness,
    a: &Label,
    a_row: &[i64],
    b: &Label,
    b_row: &[i64],
) -> bool {
    let (x, y) = (&a.state, &b.state);
    if x.leave > y.leave
        || (thoroughness.keeps_later && x.leave < y.leave)
        || a.cost > b.cost
        || x.breaks & y.breaks != y.breaks
        || x.split_rest_taken & y.split_rest_taken != y.split_rest_taken
        || x.loads + x.emptied + x.trips > y.loads + y.emptied + y.trips
    {
        return false;
    }
    if thoroughness.thorough && vehicle.scheduled {
        let shift = |s: &State| s.slack.min(s.waited);
        if x.slack < y.slack || x.leave - shift(x) - x.unpaid > y.leave - shift(y) - y.unpaid {
            return false;
        }
    }
    if thoroughness.thorough && (x.driving > y.driving || x.work > y.work || x.distance > y.distance) {
        return false;
    }
    a_row.iter().zip(b_row).all(|(a, b)| a <= b)
}
