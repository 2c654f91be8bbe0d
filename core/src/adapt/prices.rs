//! What changes cost, and what may not change.

use super::AdaptParams;
use super::publish::Day;
use crate::ids::VehicleTypeId;
use crate::model::{Activity, Faults, Relation, SoftWindow, TimeWindow};
use crate::plan::{Plan, Visit};
use crate::units::{Cost, Duration, MAX_COST, MAX_VALUE, Time};

/// What it costs to change a published plan, in the problem's unit of cost. All zero: the rest of the day is planned afresh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangePrices {
    /// A client or shipment on another vehicle than published.
    pub other_vehicle: Cost,
    /// A client or shipment stop that is out of order on its vehicle: the fewest that must be taken out for the rest of what the vehicle
    /// keeps to stand in published order. It is no part of the plan's cost: see [`Adaptation::cost`](super::Adaptation::cost).
    pub other_order: Cost,
    /// Each unit of time by which a service begins earlier or later than published, beyond the tolerance. Clients with a soft
    /// window of their own keep that instead.
    pub per_time: Cost,
    /// Changes of time up to this cost nothing.
    pub tolerance: Duration,
    /// An optional client or shipment that was published and is dropped, beside its prize.
    pub dropped: Cost,
    /// A vehicle that was to stand in the depot, beside its fixed cost.
    pub called_out: Cost,
}

impl ChangePrices {
    /// Prices in proportion to what a stop of the plan costs on average: half of that for another vehicle, all of it for a vehicle
    /// that is called out, ten times that for a dropped client, and nothing for times.
    pub fn moderate(plan: &Plan) -> Self {
        let driven: Cost = plan.routes().iter().map(crate::plan::Route::cost).fold(0, Cost::saturating_add);
        let stops: usize = plan.routes().iter().map(crate::plan::Route::num_visits).sum();
        let mean = driven / stops.max(1) as Cost;
        Self { other_vehicle: mean / 2, dropped: 10 * mean, called_out: mean, ..Self::default() }
    }

    /// Sets the price of another vehicle.
    pub fn other_vehicle(mut self, cost: Cost) -> Self {
        self.other_vehicle = cost;
        self
    }

    /// Sets the price of what is out of order on its vehicle.
    pub fn other_order(mut self, cost: Cost) -> Self {
        self.other_order = cost;
        self
    }

    /// Sets the price of each unit of time beyond a tolerance.
    pub fn per_time(mut self, cost: Cost, tolerance: Duration) -> Self {
        (self.per_time, self.tolerance) = (cost, tolerance);
        self
    }

    /// Sets the price of what is dropped.
    pub fn dropped(mut self, cost: Cost) -> Self {
        self.dropped = cost;
        self
    }

    /// Sets the price of a vehicle that is called out.
    pub fn called_out(mut self, cost: Cost) -> Self {
        self.called_out = cost;
        self
    }
}

impl ChangePrices {
    /// Prices are costs like others.
    pub(super) fn check(&self, faults: &mut Faults) {
        let costs = [
            ("other_vehicle", self.other_vehicle),
            ("other_order", self.other_order),
            ("dropped", self.dropped),
            ("called_out", self.called_out),
        ];
        for (name, cost) in costs.into_iter().filter(|(_, cost)| !(0..=MAX_COST).contains(cost)) {
            faults.add(format!("prices.{name}"), cost, "is not between 0 and 2^40", "give such a cost");
        }
        let times = [("per_time", self.per_time), ("tolerance", self.tolerance)];
        for (name, value) in times.into_iter().filter(|(_, value)| !(0..=MAX_VALUE).contains(value)) {
            faults.add(format!("prices.{name}"), value, "is not between 0 and 2^30 - 1", "give such a value");
        }
    }
}

/// What of the published plan may not change, as far as its vehicles still drive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Keep {
    /// Everything may change.
    #[default]
    Nothing,
    /// Clients stay on their vehicles: an optional one is dropped only where nothing else is left.
    Vehicles,
    /// And in their order.
    Order,
    /// And at their times, within the tolerance of the prices.
    Times,
}

impl Keep {
    /// Its name in documents: `vehicles`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Vehicles => "vehicles",
            Self::Order => "order",
            Self::Times => "times",
        }
    }
}

/// Puts the prices, and what is kept, into the day's problem.
pub(super) fn add(day: &mut Day<'_>, params: &AdaptParams) {
    let prices = params.prices;
    let trucks = day.trucks.len();
    for spare in &mut day.builder.vehicle_types[trucks..] {
        spare.fixed_cost += prices.called_out;
    }
    for route in 0..trucks {
        let truck = day.trucks[route].clone();
        let mut before = None;
        for visit in &truck.visits[truck.fixed..] {
            match visit.activity {
                Activity::Client(id) if !day.cancelled.contains(&id) => {
                    price_client(day, route, visit, params);
                    let kept = params.keep >= Keep::Order && truck.out.is_none() && is_kept(params, visit.start);
                    if kept && let Some(before) = before.replace(id) {
                        day.builder.relations.push(Relation::Precedence(before, id));
                    }
                }
                Activity::Pickup(id) => {
                    let costs = others(day, route, prices.other_vehicle);
                    let shipment = &mut day.builder.shipments[id.index()];
                    add_costs(&mut shipment.assignment_costs, &costs);
                    shipment.prize += if shipment.required { 0 } else { prices.dropped };
                }
                _ => {}
            }
        }
    }
}

fn is_kept(params: &AdaptParams, start: Time) -> bool {
    params.keep_until.is_none_or(|until| start < until)
}

fn price_client(day: &mut Day<'_>, route: usize, visit: &Visit, params: &AdaptParams) {
    let Activity::Client(id) = visit.activity else { return };
    let prices = params.prices;
    let costs = others(day, route, prices.other_vehicle);
    let stays = day.trucks[route].out.is_none();
    let client = &mut day.builder.clients[id.index()];
    add_costs(&mut client.assignment_costs, &costs);
    if !client.required && client.group.is_none() {
        client.prize += prices.dropped;
    }
    let around = |by: Duration| (visit.start.saturating_sub(by), visit.start.saturating_add(by));
    let (early, late) = around(prices.tolerance);
    // What the window covers may end as late as it would after the latest start.
    let late = late.saturating_add(client.window_covers.after_start(visit.departure - visit.start));
    if prices.per_time > 0 && client.soft_window.is_none() {
        client.soft_window = Some(SoftWindow::new(early, late, prices.per_time, prices.per_time));
    }
    if !stays || !is_kept(params, visit.start) {
        return;
    }
    if params.keep >= Keep::Vehicles {
        client.allowed_vehicles = Some(vec![VehicleTypeId::new(route)]);
        if !client.required && client.group.is_none() {
            // Before all goals and costs.
            client.priority = u8::MAX;
        }
    }
    if params.keep >= Keep::Times {
        let windows = client.windows().map(|w| TimeWindow::new(w.early.max(early), w.late.min(late)));
        let open: Vec<TimeWindow> = windows.filter(|w| w.early <= w.late).collect();
        if let Some((&first, more)) = open.split_first() {
            (client.time_window, client.more_windows) = (first, more.to_vec());
        }
    }
}

/// The price of all vehicle types but one.
fn others(day: &Day<'_>, route: usize, cost: Cost) -> Vec<(VehicleTypeId, Cost)> {
    if cost == 0 || day.trucks[route].out.is_some() {
        return Vec::new();
    }
    let types = 0..day.builder.vehicle_types.len();
    types.filter(|&t| t != route).map(|t| (VehicleTypeId::new(t), cost)).collect()
}

/// Adds costs to those of the same types.
fn add_costs(own: &mut Vec<(VehicleTypeId, Cost)>, more: &[(VehicleTypeId, Cost)]) {
    for &(t, cost) in more {
        match own.iter_mut().find(|(known, _)| *known == t) {
            Some((_, sum)) => *sum += cost,
            None => own.push((t, cost)),
        }
    }
}
