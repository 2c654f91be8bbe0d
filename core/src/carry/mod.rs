//! What was missed on a day, taken into the next one.
//!
//! A bin behind a parked car is not emptied; a delivery finds a locked door. The day's plan is over, and [`carry`] adds what is still to be
//! done to the problem of the day that comes: to the client of the same name, where there is one, or as a client of its own.

mod fault;
mod translate;

pub use fault::CarryError;

use crate::ids::{ClientId, ShipmentId};
use crate::model::{Client, Faults, Notes, Problem, Shipment};
use crate::plan::Plan;
use crate::travel::Travel;
use translate::Translation;

/// The tag of what was carried over; its value is the name of the problem that it comes from, or `yes`.
pub const CARRIED: &str = "carried";

/// What was missed on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Missed {
    /// The clients that were not served.
    pub clients: Vec<ClientId>,
    /// The shipments that were not carried.
    pub shipments: Vec<ShipmentId>,
    /// Whether they must be served on the next day, also those that were optional.
    pub required: bool,
}

impl Missed {
    /// Clients that were planned and must now be served on the next day.
    pub fn clients(clients: impl Into<Vec<ClientId>>) -> Self {
        Self { clients: clients.into(), shipments: Vec::new(), required: true }
    }

    /// What a plan leaves unserved, which is as required or optional as it was. Groups of which nothing is served are omitted: what
    /// becomes of their other members is not said.
    pub fn unserved(problem: &Problem, plan: &Plan) -> Self {
        let unserved = plan.unserved();
        let is_single = |id: &ClientId| problem.client(*id).group.is_none();
        let clients = unserved.clients.iter().copied().filter(is_single).collect();
        Self { clients, shipments: unserved.shipments.clone(), required: false }
    }

    /// Sets the shipments.
    pub fn shipments(mut self, shipments: impl Into<Vec<ShipmentId>>) -> Self {
        self.shipments = shipments.into();
        self
    }
}

/// The next day's problem with what was missed.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct CarriedOver {
    /// The problem.
    pub problem: Problem,
    /// What became of each client, in the order in which they were given.
    pub clients: Vec<Carried<ClientId>>,
    /// What became of each shipment.
    pub shipments: Vec<Carried<ShipmentId>>,
}

/// What became of a client or shipment that was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Carried<Id> {
    /// Which it was.
    pub missed: Id,
    /// Which it is in the next day's problem.
    pub now: Id,
    /// Whether that one was to be served anyway: the amounts are added.
    pub joined: bool,
}

/// Takes what was missed on a day into the problem of the next one.
///
/// A client that the next day has, too, under the same name, gets the amounts of both days, the longer of both services, the higher
/// prize and priority, and its windows and place of the next day. Any other becomes a client of the next day as it was: its place by
/// coordinates or, where the next day has tables of travel, by the name or the coordinates of one of its locations; vehicle types and
/// materials by name; without release, since what was to be delivered is in the depot. Times count from each day's own origin.
/// Relations do not go with it. What is carried has a [tag](CARRIED).
///
/// ```
/// use milkrun::carry::{Missed, carry};
/// use milkrun::{Client, Coord, Depot, Problem, VehicleType};
///
/// let day = |clients: &[(&str, f64, i64)]| {
///     let mut b = Problem::builder();
///     let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
///     b.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(yard));
///     let ids: Vec<_> = clients
///         .iter()
///         .map(|&(name, x, load)| b.add_client(Client::at(Coord::new(x, 0.0)).pickup([load]).name(name)))
///         .collect();
///     (b.build().unwrap(), ids)
/// };
/// let (today, ids) = day(&[("bakery", 5.0, 2), ("school", 9.0, 3)]);
/// let (tomorrow, _) = day(&[("bakery", 5.0, 2), ("market", 7.0, 4)]);
/// let next = carry(&today, &[Missed::clients(ids)], &tomorrow).unwrap();
/// let loads: Vec<_> = next.problem.clients().iter().map(|c| (c.name.as_str(), c.pickup[0])).collect();
/// assert_eq!(loads, [("bakery", 4), ("market", 4), ("school", 3)]);
/// ```
///
/// # Errors
///
/// Every fault at once: ids that the day does not have, members of groups, places, materials and vehicle types that the next day
/// does not have, days of different kinds of coordinates, and whatever makes the resulting problem invalid.
pub fn carry(day: &Problem, missed: &[Missed], next: &Problem) -> Result<CarriedOver, CarryError> {
    let mut faults = Faults::default();
    if let (Some(own), Some(other)) = (coordinates(day), coordinates(next))
        && own != other
    {
        let remedy = "give both days the same kind of coordinates";
        faults.add("travel", own, &format!("the next day's places have {other}"), remedy);
        return Err(faults.into());
    }
    let mut to = Translation::new(day, next);
    let mut carried = (Vec::new(), Vec::new());
    let (mut seen_clients, mut seen_shipments) = (vec![false; day.clients().len()], vec![false; day.shipments().len()]);
    for (m, list) in missed.iter().enumerate() {
        for (c, &id) in list.clients.iter().enumerate() {
            let path = format!("missed[{m}].clients[{c}]");
            if is_new(&path, "client", id.index(), &mut seen_clients, &mut faults) {
                carried.0.extend(to.client(&path, id, list.required, &mut faults));
            }
        }
        for (s, &id) in list.shipments.iter().enumerate() {
            let path = format!("missed[{m}].shipments[{s}]");
            if is_new(&path, "shipment", id.index(), &mut seen_shipments, &mut faults) {
                carried.1.extend(to.shipment(&path, id, list.required, &mut faults));
            }
        }
    }
    faults.finish::<CarryError>()?;
    Ok(CarriedOver { problem: to.builder.build()?, clients: carried.0, shipments: carried.1 })
}

/// What the coordinates of a problem's places are; `None`: tables of travel do not say.
fn coordinates(problem: &Problem) -> Option<&'static str> {
    match problem.travel() {
        Travel::Euclidean { .. } => Some("x and y"),
        Travel::Haversine { .. } => Some("longitude and latitude"),
        Travel::Matrices(_) => None,
    }
}

/// Whether the day has the client or shipment, and it has not been named before.
fn is_new(path: &str, what: &str, index: usize, seen: &mut [bool], faults: &mut Faults) -> bool {
    if !faults.known(path, what, index, seen.len()) {
        return false;
    }
    if std::mem::replace(&mut seen[index], true) {
        faults.add(path, index, &format!("the {what} is named twice"), "name it once");
        return false;
    }
    true
}

/// Adds the amounts of one day to those of another.
fn add_amounts(to: &mut Vec<i64>, more: &[i64]) {
    to.resize(to.len().max(more.len()), 0);
    for (sum, &amount) in to.iter_mut().zip(more) {
        *sum = sum.saturating_add(amount);
    }
}

/// What is to be done for a client on two days, on the second one.
fn join_client(next: &mut Client, missed: &Client, required: bool, tag: &str) {
    add_amounts(&mut next.pickup, &missed.pickup);
    add_amounts(&mut next.delivery, &missed.delivery);
    next.service = next.service.max(missed.service);
    next.setup = next.setup.max(missed.setup);
    next.prize = next.prize.max(missed.prize);
    next.priority = next.priority.max(missed.priority);
    next.required |= required || missed.required;
    join_notes(&mut next.notes, &missed.notes, tag);
}

/// What is to be carried on two days, on the second one.
fn join_shipment(next: &mut Shipment, missed: &Shipment, required: bool, tag: &str) {
    add_amounts(&mut next.amount, &missed.amount);
    for (next, missed) in [(&mut next.pickup, &missed.pickup), (&mut next.delivery, &missed.delivery)] {
        next.service = next.service.max(missed.service);
        next.setup = next.setup.max(missed.setup);
    }
    next.prize = next.prize.max(missed.prize);
    next.required |= required || missed.required;
    join_notes(&mut next.notes, &missed.notes, tag);
}

/// The remarks of both days, once each; tags of the next day come before those of the one that is over.
fn join_notes(next: &mut Notes, missed: &Notes, tag: &str) {
    if !next.remarks.contains(&missed.remarks) {
        let both = [next.remarks.as_str(), missed.remarks.as_str()];
        next.remarks = both.iter().filter(|remarks| !remarks.is_empty()).copied().collect::<Vec<_>>().join("; ");
    }
    for (name, value) in &missed.tags {
        next.tags.entry(name.clone()).or_insert_with(|| value.clone());
    }
    next.tags.insert(CARRIED.to_owned(), tag.to_owned());
}
