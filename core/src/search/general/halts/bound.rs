//! Lower bounds of what the rest of an order costs: legs, service, disposal fees, and the fewest disposal visits.

use crate::search::general::halts::{Halts, Request};
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::units::{Cost, Duration};

impl Halts {
    /// Computes what serving the rest of the order costs at least, fees of what is picked up on it included.
    pub(super) fn compute_bounds(&mut self, layout: &Layout<'_>, request: Request<'_>) {
        let vehicle = &layout.vehicles[request.vehicle_type];
        let (n, dims) = (request.order.len(), layout.dims);
        self.to_go.clear();
        self.to_go.resize(n + 1, 0);
        self.ahead.clear();
        self.ahead.resize((n + 1) * dims, 0);
        self.least_fees.clear();
        self.least_visit = 0;
        if request.thoroughness.thorough {
            // The bound assumes the triangle inequality.
            return;
        }
        if vehicle.end_empty {
            self.least_fees
                .extend((0..layout.waste_classes * dims).map(|i| least_fee(layout, vehicle, i / dims, i % dims)));
            let sites = vehicle.sites.iter().map(|&k| &layout.sites[k as usize]);
            let visit = sites.map(|site| site.visit_cost + vehicle.cost_per_duration * site.service).min();
            self.least_visit = visit.unwrap_or(0);
        }
        let mut to = vehicle.end_point;
        let mut sum = 0;
        self.least_detour.clear();
        self.least_detour.resize(n + 1, 0);
        self.least_stay.clear();
        self.least_stay.resize(n + 1, 0);
        let (mut least_detour, mut least_stay) = (UNLIMITED, UNLIMITED);
        for (position, &u) in request.order.iter().enumerate().rev() {
            let node = u as usize;
            if vehicle.end_empty {
                let (detour, stay) = site_detour(layout, vehicle, u, to);
                (least_detour, least_stay) = (least_detour.min(detour), least_stay.min(stay));
                (self.least_detour[position], self.least_stay[position]) = (least_detour, least_stay);
            }
            sum += vehicle.cost_per_distance * layout.distance(vehicle, u, to)
                + vehicle.cost_per_duration * vehicle.speed.shortest(layout.duration(vehicle, u, to));
            self.to_go[position] = sum;
            sum += vehicle.cost_per_duration * layout.service(vehicle, node);
            for d in 0..dims {
                let waste = layout.waste[node * dims + d];
                if vehicle.end_empty {
                    sum += (self.least_fees[layout.stops[node].waste_class * dims + d] * waste as f64) as Cost;
                }
            }
            // What lies ahead of the stop before this one includes this one.
            if position > 0 {
                for d in 0..dims {
                    self.ahead[(position - 1) * dims + d] = layout.waste[node * dims + d];
                }
            }
            to = u;
        }
        for position in (0..n).rev() {
            for d in 0..dims {
                self.ahead[position * dims + d] += self.ahead[(position + 1) * dims + d];
            }
        }
    }

    /// A lower bound of what emptying costs from the stop at a position on: fees of what is on board, as the row that begins
    /// at `row` says, and the visits that it takes; and how many these are.
    #[inline]
    pub(super) fn emptying_bound(
        &self,
        layout: &Layout<'_>,
        vehicle: &Vehicle,
        position: usize,
        row: usize,
    ) -> (Cost, i64) {
        if self.least_fees.is_empty() {
            return (0, 0);
        }
        let dims = layout.dims;
        let waste = &self.rows[row + layout.resource_waste()..row + layout.resource_effort()];
        let fees: f64 = waste.iter().zip(&self.least_fees).map(|(&load, fee)| load as f64 * fee).sum();
        let mut visits = 0;
        if self.least_visit > 0 || self.least_detour[position] > 0 || self.least_stay[position] > 0 {
            for d in 0..dims {
                let load: i64 = waste.iter().skip(d).step_by(dims).sum::<i64>() + self.ahead[position * dims + d];
                let most = vehicle.capacity[d];
                if load > 0 && most > 0 {
                    visits = visits.max(if load > most { (load + most - 1) / most } else { 1 });
                }
            }
        }
        (fees as Cost + (self.least_visit + self.least_detour[position]) * visits, visits)
    }

    /// A lower bound of what an order costs; zero where none is known.
    pub(crate) fn lower_bound(&mut self, layout: &Layout<'_>, request: Request<'_>) -> Cost {
        if request.prefix.len() > 1 || request.order.is_empty() {
            return 0;
        }
        self.compute_bounds(layout, request);
        self.order_bound(layout, request)
    }

    /// The bound of the whole order, all that it picks up included.
    pub(super) fn order_bound(&self, layout: &Layout<'_>, request: Request<'_>) -> Cost {
        let (vehicle, dims) = (&layout.vehicles[request.vehicle_type], layout.dims);
        let Some(&first) = request.order.first().filter(|_| !request.thoroughness.thorough) else { return 0 };
        let node = first as usize;
        let drive = vehicle.speed.shortest(layout.duration(vehicle, vehicle.start_point, first));
        let mut least = vehicle.fixed_cost
            + vehicle.cost_per_distance * layout.distance(vehicle, vehicle.start_point, first)
            + vehicle.cost_per_duration * (vehicle.loading + drive + layout.service(vehicle, node))
            + self.to_go[0];
        if self.least_fees.is_empty() {
            return least;
        }
        let mut visits = 0;
        for d in 0..dims {
            let own = layout.waste[node * dims + d];
            least += (self.least_fees[layout.stops[node].waste_class * dims + d] * own as f64) as Cost;
            let (load, most) = (own + self.ahead[d], vehicle.capacity[d]);
            if load > 0 && most > 0 {
                visits = visits.max(if load > most { (load + most - 1) / most } else { 1 });
            }
        }
        least + (self.least_visit + self.least_detour[0]) * visits
    }
}

/// What the detour over the best disposal site between two points costs, and how long the shortest one takes with the visit.
fn site_detour(layout: &Layout<'_>, vehicle: &Vehicle, from: u32, to: u32) -> (Cost, Duration) {
    let arc = |a: u32, b: u32| {
        let takes = vehicle.speed.shortest(layout.duration(vehicle, a, b));
        (vehicle.cost_per_distance * layout.distance(vehicle, a, b) + vehicle.cost_per_duration * takes, takes)
    };
    let (mut least, mut shortest) = (UNLIMITED, UNLIMITED);
    for site in vehicle.sites.iter().map(|&k| &layout.sites[k as usize]) {
        let (there, back) = (arc(from, site.point), arc(site.point, to));
        least = least.min(there.0 + back.0);
        shortest = shortest.min(there.1 + back.1 + site.service);
    }
    let direct = arc(from, to);
    if least == UNLIMITED { (0, 0) } else { ((least - direct.0).max(0), (shortest - direct.1).max(0)) }
}

/// What emptying a unit of a waste class costs at least.
fn least_fee(layout: &Layout<'_>, vehicle: &Vehicle, waste_class: usize, dimension: usize) -> f64 {
    let sites = vehicle.sites.iter().map(|&k| &layout.sites[k as usize]).filter(|site| site.accepts[waste_class]);
    let rates =
        sites.map(|site| site.fee.get(dimension).map_or(0.0, |rate| rate.amount as f64 / rate.per.max(1) as f64));
    rates.reduce(f64::min).unwrap_or(0.0)
}
