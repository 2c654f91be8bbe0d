//! Applies a selection to a routing problem.

use std::collections::HashMap;

use super::select::{Action, Choice};
use crate::model::ProblemBuilder;
use crate::units::Load;

/// The result of [`apply_selection`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Clients that must be visited.
    pub must: usize,
    /// Clients that may be visited for a prize.
    pub may: usize,
    /// Clients that need not be visited.
    pub skip: usize,
    /// Bins for which there is no client of the same name.
    pub unmatched: Vec<String>,
}

/// Sets, for every client with the name of a bin, whether it is required, and its prize; other clients are unchanged.
///
/// A bin that is skipped becomes optional with a prize of zero. With `load_when_full`, the first dimension of the pickup
/// becomes the expected load: that of a full bin times the expected share.
///
/// ```
/// use milkrun::forecast::{Action, Choice, Reason, apply_selection};
/// use milkrun::{Client, Coord, Depot, Problem, VehicleType};
///
/// let mut builder = Problem::builder();
/// let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// builder.add_client(Client::at(Coord::new(3.0, 4.0)).name("bin 7"));
/// builder.add_vehicle_type(VehicleType::new(1).depot(yard));
/// let reason = Reason::DueSoon { periods: 1, cycle: 6 };
/// let choice = Choice { action: Action::May, reason, prize: 9, full_now: 0.0, full_next: 0.01, level: 70.0 };
/// let applied = apply_selection(&mut builder, &["bin 7"], &[choice], 100.0, Some(50));
/// assert_eq!(applied.may, 1);
/// let problem = builder.build().unwrap();
/// let client = &problem.clients()[0];
/// assert_eq!((client.required, client.prize, client.pickup[0]), (false, 9, 35));
/// ```
pub fn apply_selection<S: AsRef<str>>(
    builder: &mut ProblemBuilder,
    bins: &[S],
    choices: &[Choice],
    full: f64,
    load_when_full: Option<Load>,
) -> Applied {
    let mut clients: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, client) in builder.clients_mut().iter().enumerate() {
        clients.entry(client.name.clone()).or_default().push(i);
    }
    let mut applied = Applied::default();
    for (bin, choice) in bins.iter().zip(choices) {
        let bin = bin.as_ref();
        let Some(found) = clients.get(bin) else {
            applied.unmatched.push(bin.to_owned());
            continue;
        };
        for &i in found {
            let client = &mut builder.clients_mut()[i];
            client.required = choice.action == Action::Must;
            client.prize = if choice.action == Action::May { choice.prize } else { 0 };
            if let Some(load) = load_when_full {
                // A bin of unknown level is assumed to be full.
                let share = if choice.level.is_nan() { 1.0 } else { (choice.level / full).clamp(0.0, 1.0) };
                let expected = (load as f64 * share).round() as Load;
                match client.pickup.first_mut() {
                    Some(first) => *first = expected,
                    None => client.pickup.push(expected),
                }
            }
            match choice.action {
                Action::Must => applied.must += 1,
                Action::May => applied.may += 1,
                Action::Skip => applied.skip += 1,
            }
        }
    }
    applied
}
