//! Takes in what has happened.

use super::AdaptParams;
use super::event::Event;
use super::fault::AdaptError;
use super::follow::client_of;
use super::progress::Truck;
use super::publish::Day;
use super::roads;
use crate::ids::{ClientId, DisposalSiteId, ProfileId, VehicleTypeId};
use crate::model::{Activity, Client, Faults, Place, Relation, SpeedStep, TimeWindow, VehicleType};
use crate::travel::Travel;
use crate::units::{Duration, Load, MAX_VALUE, Time};

/// Applies the events in their order.
pub(super) fn events(day: &mut Day<'_>, params: &AdaptParams) -> Result<(), AdaptError> {
    let mut faults = Faults::default();
    params.prices.check(&mut faults);
    for (e, event) in params.events.iter().enumerate() {
        let path = format!("events[{e}].{}", event.name());
        if is_known(day, event, &path, &mut faults) {
            Application { day, faults: &mut faults, path, index: e }.apply(event);
        }
    }
    roads::apply(day, &params.events, &mut faults);
    faults.finish()
}

/// Whether what the event names exists.
fn is_known(day: &Day<'_>, event: &Event, path: &str, faults: &mut Faults) -> bool {
    if let Some(route) = event.route() {
        return faults.known(format!("{path}.route"), "route", route, day.trucks.len());
    }
    match event {
        Event::Cancelled { client } | Event::Changed { client, .. } => {
            faults.known(format!("{path}.client"), "client", client.index(), day.builder.clients.len())
        }
        Event::SiteClosed { site, .. } | Event::SiteQueue { site, .. } => {
            faults.known(format!("{path}.site"), "disposal site", site.index(), day.builder.disposal_sites.len())
        }
        Event::Available { vehicle_type, .. } => {
            let count = day.problem.vehicle_types().len();
            faults.known(format!("{path}.vehicle_type"), "vehicle type", vehicle_type.index(), count)
        }
        Event::Slow { profile, .. } => {
            let profiles = day.problem.travel().num_profiles();
            faults.known(format!("{path}.profile"), "travel profile", profile.index(), profiles)
        }
        _ => true,
    }
}

/// One event on its way into the day.
struct Application<'d, 'a> {
    day: &'d mut Day<'a>,
    faults: &'d mut Faults,
    path: String,
    index: usize,
}

impl Application<'_, '_> {
    fn fault(&mut self, field: &str, value: impl std::fmt::Display, message: &str, remedy: &str) {
        self.faults.add(format!("{}.{field}", self.path), value, message, remedy);
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Done { route, activities, at } => self.done(*route, *activities, *at),
            Event::Late { route, by } => self.late(*route, *by),
            Event::BrokenDown { route } => self.broken_down(*route),
            Event::Available { vehicle_type, from } => self.available(*vehicle_type, *from),
            Event::ShiftEnds { route, at } => self.shift_ends(*route, *at),
            Event::Load { route, more } => self.load(*route, more),
            Event::Added(client) => self.added(client),
            Event::Cancelled { client } => self.cancelled(*client),
            Event::Changed { client, .. } => self.changed(*client, event),
            Event::SiteClosed { site, from, to } => self.site_closed(*site, *from, *to),
            Event::SiteQueue { site, by } => self.site_queue(*site, *by),
            Event::Slow { profile, from, to, percent } => self.slow(*profile, *from, *to, *percent),
            // After all others.
            Event::Area { .. } | Event::Travel(_) => {}
        }
    }

    /// Whether the vehicle still drives.
    fn drives(&mut self, route: usize) -> bool {
        let Some(event) = self.day.trucks[route].out else { return true };
        let message = format!("the vehicle has broken down by events[{event}]");
        self.fault("route", route, &message, "remove one of the two events");
        false
    }

    fn done(&mut self, route: usize, activities: usize, at: Time) {
        let now = self.day.now;
        let truck = &self.day.trucks[route];
        let (count, first) = (truck.visits.len(), truck.visits.first().map_or(truck.start, |visit| visit.start));
        if activities == 0 || activities > count {
            let message = format!("the route has {count} activities");
            self.fault("activities", activities, &message, "give the number of those that are done, at least 1");
            return;
        }
        if at < first || at > now.saturating_add(MAX_VALUE) {
            self.fault("at", at, "is before the route's start", "give the time at which the vehicle left the stop");
            return;
        }
        if self.drives(route) {
            self.day.trucks[route].has_done(activities, Some(at), now);
        }
    }

    fn late(&mut self, route: usize, by: Duration) {
        let now = self.day.now;
        if !(0..=MAX_VALUE).contains(&by) {
            self.fault("by", by, "is not a delay", "give zero or more");
        } else if self.day.trucks[route].is_over(now) {
            self.fault("route", route, "has nothing left to be late for", "remove the event");
        } else if self.drives(route) {
            self.day.trucks[route].late += by;
        }
    }

    fn broken_down(&mut self, route: usize) {
        if !self.drives(route) {
            return;
        }
        let index = self.index;
        let truck = &mut self.day.trucks[route];
        truck.stays(index);
        let (aboard, left): (Vec<Activity>, Vec<Activity>) = {
            let (done, left) = truck.visits.split_at(truck.fixed);
            (done.iter().map(|v| v.activity).collect(), left.iter().map(|v| v.activity).collect())
        };
        for activity in left {
            self.day.causes.insert(activity, index);
            // What was picked up as a shipment stays on the vehicle and cannot be delivered.
            if let Activity::Delivery(id) = activity
                && aboard.contains(&Activity::Pickup(id))
            {
                self.day.builder.shipments[id.index()].required = false;
            }
        }
    }

    fn available(&mut self, vehicle_type: VehicleTypeId, from: Time) {
        let original = self.day.problem.vehicle_type(vehicle_type).clone();
        if from > original.shift.late {
            self.fault("from", from, "is after the end of the shift", "give an earlier time, or another vehicle type");
            return;
        }
        let mut another = VehicleType { count: 1, ..original };
        another.shift.early = another.shift.early.max(from).max(self.day.now);
        self.day.builder.add_vehicle_type(another);
    }

    fn shift_ends(&mut self, route: usize, at: Time) {
        if at < self.day.now {
            self.fault(
                "at",
                at,
                "is in the past",
                "give a moment from now on, or say that the vehicle has broken down",
            );
        } else if self.drives(route) {
            self.day.trucks[route].shift_end = Some(at);
        }
    }

    fn load(&mut self, route: usize, more: &[Load]) {
        let dimensions = self.day.problem.load_dimensions();
        if more.len() > dimensions {
            let message = format!("the problem has {dimensions} load dimensions");
            self.fault("more", more.len(), &message, "give one value for each");
            return;
        }
        let truck = &self.day.trucks[route];
        let last = truck.visits[..truck.done].iter().rev().find_map(|visit| client_of(visit.activity));
        let Some(last) = last else {
            self.fault("route", route, "has served no client yet", "change the amounts of the clients ahead instead");
            return;
        };
        let pickup = &mut self.day.builder.clients[last.index()].pickup;
        pickup.resize(pickup.len().max(more.len()), 0);
        let mut below = false;
        for (own, &more) in pickup.iter_mut().zip(more) {
            *own = own.saturating_add(more);
            below |= *own < 0;
            *own = (*own).max(0);
        }
        if below {
            let message = format!("is less than client {} gave, which was served last", last.index());
            self.fault("more", format!("{more:?}"), &message, "correct the clients before with events of their own");
        }
    }

    fn added(&mut self, client: &Client) {
        let known = self.day.builder.locations.len();
        match client.place {
            Place::Coord(_) if matches!(self.day.problem.travel(), Travel::Matrices(_)) => {
                let remedy = "give a location that the matrices have";
                self.fault("place", "coordinates", "the matrices say nothing of this place", remedy);
            }
            Place::Location(id) if id.index() >= known => {
                self.faults.known(format!("{}.place", self.path), "location", id.index(), known);
            }
            _ => {
                let id = self.day.builder.add_client(client.clone());
                self.day.causes.insert(Activity::Client(id), self.index);
            }
        }
    }

    /// Whether the client can still be changed.
    fn is_open(&mut self, client: ClientId) -> bool {
        let activity = Activity::Client(client);
        if self.day.cancelled.contains(&client) {
            self.fault(
                "client",
                client.index(),
                "has been cancelled by an earlier event",
                "remove one of the two events",
            );
            return false;
        }
        let is_done = |visits: &[crate::plan::Visit]| visits.iter().any(|visit| visit.activity == activity);
        if self.day.trucks.iter().any(|truck| is_done(&truck.visits[..truck.done])) {
            self.fault(
                "client",
                client.index(),
                "has been served",
                "remove the event, or report what has been done first",
            );
            return false;
        }
        true
    }

    fn cancelled(&mut self, client: ClientId) {
        if !self.is_open(client) {
            return;
        }
        let activity = Activity::Client(client);
        for truck in &mut self.day.trucks {
            // A vehicle that is driving there turns to the next stop.
            if truck.visits[truck.done..truck.fixed].iter().any(|visit| visit.activity == activity) {
                truck.fixed = truck.done;
                truck.is_under_way = false;
            }
        }
        let own = &mut self.day.builder.clients[client.index()];
        (own.required, own.prize, own.priority, own.group) = (false, 0, 0, None);
        own.allowed_vehicles = Some(Vec::new());
        for relation in &mut self.day.builder.relations {
            match relation {
                Relation::SameVehicle(list)
                | Relation::Sequence(list)
                | Relation::AllOrNone(list)
                | Relation::Incompatible(list) => list.retain(|&c| c != client),
                Relation::Precedence(..) | Relation::Pin { .. } => {}
            }
        }
        let ties = |relation: &Relation| relation.clients().len() > 1 || matches!(relation, Relation::Pin { .. });
        self.day.builder.relations.retain(|relation| {
            let named = relation.clients().contains(&client);
            !named && ties(relation)
        });
        self.day.cancelled.insert(client);
        self.day.causes.insert(activity, self.index);
    }

    fn changed(&mut self, client: ClientId, event: &Event) {
        let Event::Changed { pickup, delivery, service, time_window, required, prize, .. } = event else { return };
        if !self.is_open(client) {
            return;
        }
        let own = &mut self.day.builder.clients[client.index()];
        if let Some(pickup) = pickup {
            own.pickup.clone_from(pickup);
        }
        if let Some(delivery) = delivery {
            own.delivery.clone_from(delivery);
        }
        if let Some(service) = service {
            own.service = *service;
            own.service_by_type.clear();
        }
        if let Some(window) = time_window {
            (own.time_window, own.more_windows) = (*window, Vec::new());
        }
        own.required = required.unwrap_or(own.required);
        own.prize = prize.unwrap_or(own.prize);
        self.day.causes.insert(Activity::Client(client), self.index);
    }

    fn site_closed(&mut self, site: DisposalSiteId, from: Time, to: Time) {
        if is_span(self.faults, &self.path, from, to) {
            close_site(self.day, site, from, to);
        }
    }

    fn site_queue(&mut self, site: DisposalSiteId, by: Duration) {
        if !(0..=MAX_VALUE).contains(&by) {
            self.fault("by", by, "is not a delay", "give zero or more");
            return;
        }
        self.keep_past_visits(site);
        let service = &mut self.day.builder.disposal_sites[site.index()].service;
        *service = service.saturating_add(by);
    }

    /// Leaves visits to a site that were made before now as they were: they are visits to a copy of it, which is closed from now on.
    fn keep_past_visits(&mut self, site: DisposalSiteId) {
        let visited = Activity::Dispose(site);
        let has_been = |truck: &Truck| truck.visits[..truck.done].iter().any(|visit| visit.activity == visited);
        if self.day.past_sites.contains_key(&site) || !self.day.trucks.iter().any(has_been) {
            return;
        }
        let left = self.left_at(site);
        let now = self.day.now;
        let current = &mut self.day.builder.disposal_sites[site.index()];
        let mut past = current.clone();
        for (capacity, left) in current.daily_capacity.iter_mut().zip(left) {
            *capacity = (*capacity - left).max(0);
        }
        past.daily_capacity = Vec::new();
        format!("{} (before)", current.name).trim_start().clone_into(&mut past.name);
        if past.hours.is_empty() {
            past.hours.push(TimeWindow::ALWAYS);
        }
        past.hours.retain(|window| window.early <= now);
        past.hours.iter_mut().for_each(|window| window.late = window.late.min(now));
        let past = self.day.builder.add_disposal_site(past);
        self.day.past_sites.insert(site, past);
    }

    /// What has been left at a site by now, by load dimension.
    fn left_at(&self, site: DisposalSiteId) -> Vec<Load> {
        let mut left = vec![0; self.day.problem.load_dimensions()];
        for (route, truck) in self.day.published.routes().iter().zip(&self.day.trucks) {
            let mut done = 0;
            for trip in &route.trips {
                let mut before = &trip.load;
                for visit in &trip.visits {
                    done += 1;
                    if done <= truck.done && visit.activity == Activity::Dispose(site) {
                        left.iter_mut().zip(before.iter().zip(&visit.load)).for_each(|(sum, (b, a))| *sum += b - a);
                    }
                    before = &visit.load;
                }
            }
        }
        left
    }

    fn slow(&mut self, profile: ProfileId, from: Time, to: Time, percent: u32) {
        if !(1..=100).contains(&percent) {
            self.fault("percent", percent, "is not a share of the speed", "give 1 to 100");
            return;
        }
        if !is_span(self.faults, &self.path, from, to) {
            return;
        }
        let steps = self.day.builder.speeds.get(&profile).map(|curve| curve.steps.clone()).unwrap_or_default();
        let speed_at = |time: Time| steps.iter().rev().find(|step| step.from <= time).map_or(100, |step| step.percent);
        let slower = |speed: u32| (u64::from(speed) * u64::from(percent)).div_ceil(100).max(1) as u32;
        let outside = steps.iter().filter(|step| step.from < from || step.from > to).copied();
        let inside = steps.iter().filter(|step| from < step.from && step.from < to);
        let mut new: Vec<SpeedStep> = outside.collect();
        new.push(SpeedStep { from, percent: slower(speed_at(from)) });
        new.extend(inside.map(|step| SpeedStep { from: step.from, percent: slower(step.percent) }));
        new.push(SpeedStep { from: to, percent: speed_at(to) });
        new.sort_by_key(|step| step.from);
        self.day.builder.speeds.entry(profile).or_default().steps = new;
    }
}

/// Whether the times are times, the first before the second.
pub(super) fn is_span(faults: &mut Faults, path: &str, from: Time, to: Time) -> bool {
    for (field, time) in [("from", from), ("to", to)] {
        if !(-MAX_VALUE..=MAX_VALUE).contains(&time) {
            let path = format!("{path}.{field}");
            faults.add(path, time, "is outside ±1073741823 (2^30 - 1)", "count time from the planning origin");
            return false;
        }
    }
    if from >= to {
        faults.add(format!("{path}.to"), to, "is not after the beginning", "give a later time");
    }
    from < to
}

/// What is left of windows in which something may begin before a time and from another one on.
pub(super) fn beside(windows: Vec<TimeWindow>, from: Time, to: Time) -> Vec<TimeWindow> {
    let parts = windows.into_iter().flat_map(|window| {
        let before = TimeWindow::new(window.early, window.late.min(from - 1));
        [before, TimeWindow::new(window.early.max(to), window.late)]
    });
    parts.filter(|w| w.early <= w.late).collect()
}

/// Visits to a disposal site begin before the closure or from its end on.
pub(super) fn close_site(day: &mut Day<'_>, site: DisposalSiteId, from: Time, to: Time) {
    let hours = &mut day.builder.disposal_sites[site.index()].hours;
    if hours.is_empty() {
        hours.push(TimeWindow::ALWAYS);
    }
    *hours = beside(std::mem::take(hours), from, to);
    if hours.is_empty() {
        // Closed for good: no vehicle is sent there.
        hours.push(TimeWindow::ALWAYS);
        for v in &mut day.builder.vehicle_types {
            v.disposal_sites.retain(|&s| s != site);
        }
    }
}
