//! Driving from one halt to the next, with breaks and rests on the way.

use crate::model::{DriverRule, Effort};
use crate::search::day::data::{DayData, Kind, UNLIMITED};
use crate::search::day::label::{Layout, Step, Traveller};
use crate::search::metric::FORBIDDEN;
use crate::travel::Drive;
use crate::units::{Duration, Time};

/// What a pause of `length` does to the sum of a rule, and to whether the first of two short rests was taken.
pub(super) fn rest(rule: &DriverRule, length: Duration, sum: &mut i64, half: &mut bool) {
    if length >= rule.rest {
        (*sum, *half) = (0, false);
    } else if let Some((first, second)) = rule.split {
        if *half && length >= second {
            (*sum, *half) = (0, false);
        } else if length >= first {
            *half = true;
        }
    }
}

impl Traveller {
    /// Lets a pause count for all rules.
    pub(super) fn pause(&mut self, kind: &Kind, layout: &Layout, length: Duration) {
        for (r, rule) in kind.rules.iter().enumerate() {
            let mut half = self.label.halves >> r & 1 == 1;
            rest(rule, length, &mut self.state[layout.sums + r], &mut half);
            self.label.halves = self.label.halves & !(1 << r) | u32::from(half) << r;
        }
    }

    fn add_driving(&mut self, kind: &Kind, layout: &Layout, driven: Duration) {
        self.label.driving += driven;
        self.label.work += driven;
        for r in 0..kind.rules.len() {
            self.state[layout.sums + r] += driven;
        }
    }

    /// Adds a stay; false where it breaks a rule.
    pub(super) fn stay(&mut self, kind: &Kind, layout: &Layout, service: Duration) -> bool {
        self.label.work += service;
        let mut fits = self.label.work <= kind.max_work && self.label.driving <= kind.max_driving;
        for (r, rule) in kind.rules.iter().enumerate() {
            let sum = &mut self.state[layout.sums + r];
            let mut half = self.label.halves >> r & 1 == 1;
            match rule.effort {
                Effort::Driving if rule.any_pause => rest(rule, service, sum, &mut half),
                Effort::Driving => {}
                Effort::Work => *sum += service,
            }
            fits &= *sum <= rule.max;
            self.label.halves = self.label.halves & !(1 << r) | u32::from(half) << r;
        }
        fits
    }

    /// Drives to `to`, where `service` follows, with a break on the way if one is given, and with rests as they are due.
    /// Returns the arrival; `None` where there is no way or a rule cannot be kept.
    pub(super) fn drive(
        &mut self,
        data: &DayData<'_>,
        layout: &Layout,
        kind_index: usize,
        to: usize,
        pause: Option<usize>,
        service: Duration,
    ) -> Option<Time> {
        let kind = &data.kinds[kind_index];
        let vehicle = data.vehicle(kind_index);
        let distance = data.distance(kind_index, self.point, to);
        let duration = data.duration(kind_index, self.point, to);
        if distance >= i64::from(FORBIDDEN) || duration >= i64::from(FORBIDDEN) {
            return None;
        }
        self.label.distance += distance;
        if self.label.distance > vehicle.max_distance {
            return None;
        }
        self.label.cost += vehicle.cost_per_distance * distance;
        let before = self.label.driving;
        let mut drive = Drive::new(kind.speed.as_ref(), self.label.time, duration);
        if let Some(index) = pause {
            let pause = &kind.breaks[index];
            if drive.clock > pause.start.late {
                return None;
            }
            let stops = drive.arrival().min(pause.start.late).min(drive.clock + self.allowance(kind, layout));
            self.add_driving(kind, layout, stops - drive.clock);
            let ends = stops.max(pause.start.early) + pause.duration;
            drive.pause(stops, ends);
            self.pause(kind, layout, pause.duration);
            self.label.breaks |= 1 << index;
            if pause.paid {
                self.label.cost += vehicle.cost_per_duration * pause.duration;
            }
            if !self.step(Step::Break(index as u32)) {
                return None;
            }
        }
        while let Some(length) = self.due_rest(kind, layout, &drive, service) {
            let stops = drive.arrival().min(drive.clock + self.allowance(kind, layout));
            self.add_driving(kind, layout, stops - drive.clock);
            drive.pause(stops, stops + length);
            self.pause(kind, layout, length);
            if kind.paid_rests {
                self.label.cost += vehicle.cost_per_duration * length;
            }
            if !self.step(Step::Rest(length)) {
                return None;
            }
        }
        let arrival = drive.arrival();
        self.add_driving(kind, layout, arrival - drive.clock);
        self.label.cost += vehicle.cost_per_duration * (self.label.driving - before);
        self.point = to;
        self.label.time = arrival;
        (self.label.driving <= kind.max_driving).then_some(arrival)
    }

    /// How long the vehicle may go on driving.
    fn allowance(&self, kind: &Kind, layout: &Layout) -> Duration {
        let left = kind.rules.iter().enumerate().map(|(r, rule)| (rule.max - self.state[layout.sums + r]).max(0));
        left.min().unwrap_or(UNLIMITED)
    }

    /// How long a rest must be taken before the drive, and the service after it, are over; `None`: no rest.
    fn due_rest(&self, kind: &Kind, layout: &Layout, drive: &Drive<'_>, service: Duration) -> Option<Duration> {
        if self.done {
            return None;
        }
        let driving = drive.arrival() - drive.clock;
        let due = kind.rules.iter().enumerate().filter_map(|(r, rule)| {
            let sum = self.state[layout.sums + r];
            let ahead = driving + if rule.effort == Effort::Work { service } else { 0 };
            // A rest that changes nothing does not help either.
            (sum + ahead > rule.max && (sum > 0 || driving > 0)).then_some(rule.rest)
        });
        due.max()
    }
}
