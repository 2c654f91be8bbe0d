//! How far a route has come.

use crate::model::Activity;
use crate::plan::{Route, Visit};
use crate::units::{Duration, Time};

/// One vehicle of the published plan.
#[derive(Clone, Debug)]
pub(super) struct Truck {
    /// What its route was to do, with the published times.
    pub(super) visits: Vec<Visit>,
    /// How many activities are done.
    pub(super) done: usize,
    /// How many activities are done, or are under way and cannot be taken back.
    pub(super) fixed: usize,
    /// When it left its last done activity; known of a vehicle that is on its way from it or still there.
    pub(super) left: Option<Time>,
    /// Whether the next activity is one that it is driving to or waiting at.
    pub(super) is_under_way: bool,
    /// By how much it is later than published at the last fixed activity.
    pub(super) late: Duration,
    /// When the published route starts.
    pub(super) start: Time,
    /// The event that took it out of service.
    pub(super) out: Option<usize>,
    /// The latest end of its shift by an event.
    pub(super) shift_end: Option<Time>,
}

impl Truck {
    /// What a route that goes as published has done at a moment.
    pub(super) fn as_published(route: &Route, now: Time) -> Self {
        let visits: Vec<Visit> = route.visits().cloned().collect();
        let done = if route.start <= now { visits.iter().take_while(|visit| visit.start <= now).count() } else { 0 };
        let mut truck = Self {
            visits,
            done: 0,
            fixed: 0,
            left: None,
            is_under_way: false,
            late: 0,
            start: route.start,
            out: None,
            shift_end: None,
        };
        if route.start <= now {
            truck.has_done(done, None, now);
        }
        truck
    }

    /// Notes that the first activities are done, the last of which was left at a time: the published one, if none is given.
    pub(super) fn has_done(&mut self, done: usize, at: Option<Time>, now: Time) {
        let planned = done.checked_sub(1).map(|last| self.visits[last].departure);
        self.left = at.or(planned);
        self.late = at.zip(planned).map_or(0, |(at, planned)| at - planned);
        (self.done, self.fixed) = (done, done);
        self.is_under_way = self.left.is_none_or(|left| left <= now) && done < self.visits.len();
        if self.is_under_way {
            // A break during the drive does not change where the vehicle drives.
            let ahead = self.visits[done..].iter().take_while(|visit| is_en_route(visit.activity)).count();
            self.fixed = (done + ahead + 1).min(self.visits.len());
        }
    }

    /// Takes it out of service: it does not reach what it was driving to.
    pub(super) fn stays(&mut self, event: usize) {
        self.out = Some(event);
        self.fixed = self.done;
        self.is_under_way = false;
    }

    /// Whether it has set out.
    pub(super) fn has_started(&self, now: Time) -> bool {
        self.fixed > 0 || self.start <= now
    }

    /// Whether it has done everything, and at most drives home.
    pub(super) fn is_over(&self, now: Time) -> bool {
        self.fixed == self.visits.len() && !self.is_under_way && self.left.is_some_and(|left| left <= now)
    }

    /// What cannot be taken back.
    pub(super) fn executed(&self) -> Vec<Activity> {
        self.visits[..self.fixed].iter().map(|visit| visit.activity).collect()
    }
}

/// Whether an activity may happen between two places.
fn is_en_route(activity: Activity) -> bool {
    matches!(activity, Activity::Break(_) | Activity::Rest(_))
}
