//! Roads that are closed or slower in an area, and travel that is known anew.
//!
//! A day has one table of travel: what changes holds for the rest of it, for each arc that may be driven while it does. What has been
//! driven stays as it was.

use std::collections::HashSet;

use super::apply::{beside, close_site, is_span};
use super::event::Event;
use super::publish::Day;
use crate::geometry::Area;
use crate::ids::{ClientId, DepotId, DisposalSiteId, LocationId, ProfileId, ShipmentId};
use crate::model::{Activity, Faults, Problem, TimeWindow};
use crate::plan::Visit;
use crate::travel::{Matrix, ProfileMatrices, Travel, UNREACHABLE};
use crate::units::{MAX_VALUE, Time};

/// With more locations, travel is not tabled.
const MAX_TABLED: usize = 3_000;

/// Applies all events about roads, after all others. Their faults are noted.
pub(super) fn apply(day: &mut Day<'_>, events: &[Event], faults: &mut Faults) {
    for (e, event) in events.iter().enumerate() {
        let path = format!("events[{e}].{}", event.name());
        match event {
            Event::Area { area, from, to, percent } => {
                let closure = Closure { area, from: (*from).max(day.now), to: *to, percent: *percent, event: e };
                closure.apply(day, &path, faults);
            }
            Event::Travel(tables) => travel(day, tables, &path, faults),
            _ => {}
        }
    }
}

/// The problem as the events have made it so far; where it has faults, they are told when it is built for good.
fn built(day: &Day<'_>) -> Option<Problem> {
    day.builder.build().ok()
}

/// An area that is avoided for a time.
struct Closure<'a> {
    area: &'a Area,
    from: Time,
    to: Time,
    percent: u32,
    event: usize,
}

impl Closure<'_> {
    fn apply(&self, day: &mut Day<'_>, path: &str, faults: &mut Faults) {
        if !self.is_sound(day, path, faults) {
            return;
        }
        let Some(problem) = built(day) else { return };
        let area = self.area.shape();
        let inside: Vec<bool> = problem.locations().iter().map(|location| area.contains(location.coord)).collect();
        if self.percent == 0 {
            self.close(day, &problem, &inside);
        }
        let straight = !matches!(problem.travel(), Travel::Matrices(_));
        let touches = |u: usize, v: usize| -> bool {
            let crosses = || straight && area.is_crossed(problem.locations()[u].coord, problem.locations()[v].coord);
            let ends = inside[u] || inside[v];
            // Who is inside a closed area or wants to be is let through before or after: see the windows.
            if self.percent == 0 { !ends && crosses() } else { ends || crosses() }
        };
        let open = Open::of(&problem);
        let concerned = |u: usize, v: usize| {
            u != v && open.last_begin[v] >= self.from && open.first_begin[u] < self.to && touches(u, v)
        };
        let count = problem.locations().len();
        if self.percent == 100 || !(0..count).any(|u| (0..count).any(|v| concerned(u, v))) {
            return;
        }
        if straight && count > MAX_TABLED {
            let message = format!("travel between more than {MAX_TABLED} locations is not tabled");
            faults.add(format!("{path}.corners"), count, &message, "give travel as matrices, or plan parts of the day");
            return;
        }
        let percent = i64::from(self.percent);
        let slower = |duration: i64| match percent {
            0 => UNREACHABLE,
            _ if duration >= UNREACHABLE => UNREACHABLE,
            _ => ((duration * 100 + percent - 1) / percent).min(UNREACHABLE - 1),
        };
        let driven = driven(day, &problem);
        // The services inside are those of the closed area.
        let problem = if self.percent == 0 { built(day).unwrap_or(problem.clone()) } else { problem.clone() };
        retable(day, &problem, |u, v, _, distance, duration| {
            let changes = !driven.contains(&(u, v)) && concerned(u, v);
            (distance, if changes { slower(duration) } else { duration })
        });
    }

    /// Whether the event has no faults; they are noted.
    fn is_sound(&self, day: &Day<'_>, path: &str, faults: &mut Faults) -> bool {
        let mut sound = true;
        for fault in self.area.faults() {
            let remedy = "give at least three corners of a polygon that does not cross itself";
            faults.add(format!("{path}.corners"), "", &fault, remedy);
            sound = false;
        }
        if self.percent > 100 {
            let message = "is not a share of the speed";
            faults.add(format!("{path}.percent"), self.percent, message, "give 1 to 100, or 0 for closed roads");
            sound = false;
        }
        if self.to <= day.now && (-MAX_VALUE..=MAX_VALUE).contains(&self.to) {
            faults.add(format!("{path}.to"), self.to, "is over", "leave the event out");
            sound = false;
        } else {
            sound &= is_span(faults, path, self.from, self.to);
        }
        sound
    }

    /// Services inside begin before the closure or after it.
    fn close(&self, day: &mut Day<'_>, problem: &Problem, inside: &[bool]) {
        let begun: HashSet<Activity> =
            day.trucks.iter().flat_map(|truck| &truck.visits[..truck.fixed]).map(|visit| visit.activity).collect();
        let is_inside = |location: Option<LocationId>| location.is_some_and(|id| inside.get(id.index()) == Some(&true));
        for (c, client) in problem.clients().iter().enumerate() {
            let activity = Activity::Client(ClientId::new(c));
            if begun.contains(&activity) || !is_inside(Some(client.location())) {
                continue;
            }
            let windows: Vec<TimeWindow> = client.windows().collect();
            let open = beside(windows, self.from, self.to);
            let own = &mut day.builder.clients[c];
            match open.split_first() {
                Some((&first, more)) => (own.time_window, own.more_windows) = (first, more.to_vec()),
                None => own.allowed_vehicles = Some(Vec::new()),
            }
            day.causes.insert(activity, self.event);
        }
        for (s, shipment) in problem.shipments().iter().enumerate() {
            let id = ShipmentId::new(s);
            for (activity, stop) in
                [(Activity::Pickup(id), &shipment.pickup), (Activity::Delivery(id), &shipment.delivery)]
            {
                if begun.contains(&activity) || !is_inside(Some(stop.place.location())) {
                    continue;
                }
                // A stop has one window: the part of it that is left after the closure, if there is one.
                let open = beside(vec![stop.time_window], self.from, self.to);
                let own = &mut day.builder.shipments[s];
                let own = if matches!(activity, Activity::Pickup(_)) { &mut own.pickup } else { &mut own.delivery };
                if let Some(&last) = open.last() {
                    own.time_window = last;
                }
                day.causes.insert(activity, self.event);
            }
        }
        for (d, site) in problem.disposal_sites().iter().enumerate() {
            if is_inside(Some(site.location())) {
                close_site(day, DisposalSiteId::new(d), self.from, self.to);
            }
        }
    }
}

/// When services may begin at each location: the first and the last moment of all of them. Depots and disposal sites are always open
/// here.
struct Open {
    first_begin: Vec<Time>,
    last_begin: Vec<Time>,
}

impl Open {
    fn of(problem: &Problem) -> Self {
        let count = problem.locations().len();
        let mut open = Self { first_begin: vec![Time::MAX; count], last_begin: vec![Time::MIN; count] };
        for client in problem.clients() {
            client.windows().for_each(|window| open.add(client.location(), window));
        }
        for shipment in problem.shipments() {
            for stop in [&shipment.pickup, &shipment.delivery] {
                open.add(stop.place.location(), stop.time_window);
            }
        }
        let always = TimeWindow { early: Time::MIN, late: Time::MAX };
        problem.depots().iter().for_each(|depot| open.add(depot.location(), always));
        problem.disposal_sites().iter().for_each(|site| open.add(site.location(), always));
        let breaks = problem.vehicle_types().iter().flat_map(|v| &v.breaks);
        breaks.filter_map(|pause| pause.place).for_each(|place| open.add(place.location(), always));
        open
    }

    fn add(&mut self, location: LocationId, window: TimeWindow) {
        let (first, last) = (&mut self.first_begin[location.index()], &mut self.last_begin[location.index()]);
        (*first, *last) = ((*first).min(window.early), (*last).max(window.late));
    }
}

/// Replaces the tables of travel, but for what has been driven.
fn travel(day: &mut Day<'_>, tables: &[ProfileMatrices], path: &str, faults: &mut Faults) {
    let Some(problem) = built(day) else { return };
    let (profiles, count) = (problem.travel().num_profiles(), problem.locations().len());
    if tables.len() != profiles {
        let message = format!("the problem has {profiles} travel profiles");
        faults.add(path, tables.len(), &message, "give the tables of each");
        return;
    }
    for (p, table) in tables.iter().enumerate() {
        let sizes = [Some(table.distance.size()), table.duration.as_ref().map(Matrix::size)];
        if let Some(size) = sizes.into_iter().flatten().find(|&size| size != count) {
            let message = format!("the problem has {count} locations, with those that events add");
            faults.add(format!("{path}[{p}]"), size, &message, "give a row and a column for each of them");
            return;
        }
    }
    let driven = driven(day, &problem);
    retable(day, &problem, |u, v, p, distance, duration| {
        if driven.contains(&(u, v)) {
            return (distance, duration);
        }
        let ProfileMatrices { distance, duration } = &tables[p];
        (distance.get(u, v), duration.as_ref().unwrap_or(distance).get(u, v))
    });
}

/// Sets distance and duration of each arc, from what they were.
fn retable(day: &mut Day<'_>, problem: &Problem, change: impl Fn(usize, usize, usize, i64, i64) -> (i64, i64)) {
    let count = problem.locations().len();
    let tables = (0..problem.travel().num_profiles()).map(|p| {
        let (profile, id) = (ProfileId::new(p), LocationId::new);
        let mut values = (Vec::with_capacity(count * count), Vec::with_capacity(count * count));
        for u in 0..count {
            for v in 0..count {
                let (from, to) = (id(u), id(v));
                let (distance, duration) =
                    change(u, v, p, problem.distance(profile, from, to), problem.duration(profile, from, to));
                values.0.push(distance.clamp(0, UNREACHABLE));
                values.1.push(duration.clamp(0, UNREACHABLE));
            }
        }
        let table = |values| Matrix::new(count, values).ok();
        Some(ProfileMatrices { distance: table(values.0)?, duration: table(values.1) })
    });
    // Square tables of values within their range.
    if let Some(tables) = tables.collect::<Option<Vec<_>>>() {
        day.builder = problem.to_builder();
        day.builder.travel(Travel::Matrices(tables));
    }
}

/// The arcs that vehicles have driven, or are driving.
fn driven(day: &Day<'_>, problem: &Problem) -> HashSet<(usize, usize)> {
    let mut driven = HashSet::new();
    let place = |activity: Activity| match activity {
        Activity::Client(id) => Some(problem.client(id).location()),
        Activity::Pickup(id) => Some(problem.shipment(id).pickup.place.location()),
        Activity::Delivery(id) => Some(problem.shipment(id).delivery.place.location()),
        Activity::Dispose(id) => Some(problem.disposal_sites()[id.index()].location()),
        Activity::Break(_) | Activity::Rest(_) => None,
    };
    for (truck, route) in day.trucks.iter().zip(day.published.routes()) {
        let is_over = truck.is_over(day.now);
        let mut done = 0;
        for trip in &route.trips {
            if done >= truck.fixed && !is_over {
                break;
            }
            let depot = |depot: Option<DepotId>| depot.map(|id| problem.depots()[id.index()].location());
            let mut at = depot(trip.start_depot);
            for Visit { activity, .. } in &trip.visits {
                if done >= truck.fixed {
                    break;
                }
                done += 1;
                let Some(next) = place(*activity) else { continue };
                driven.extend(at.map(|from| (from.index(), next.index())));
                at = Some(next);
            }
            let goes_on = done < truck.fixed || is_over;
            driven
                .extend(at.zip(depot(trip.end_depot)).filter(|_| goes_on).map(|(from, to)| (from.index(), to.index())));
        }
    }
    driven
}
