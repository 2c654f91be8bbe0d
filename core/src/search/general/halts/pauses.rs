//! Where a break or a rest is placed: on the leg to the next element.

use crate::search::general::halts::label::Label;
use crate::search::general::halts::{Halts, Request};
use crate::search::general::layout::{Element, Layout, Pause, Role, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::State;
use crate::units::Time;

/// Up to three pauses in a row.
#[derive(Clone, Copy)]
pub(super) struct Pauses {
    list: [Element; 3],
    length: usize,
}

impl Pauses {
    fn one(pause: Element) -> Self {
        Self { list: [pause; 3], length: 1 }
    }

    fn list(&self) -> &[Element] {
        &self.list[..self.length]
    }
}

/// Which pauses there are on a leg, beside the rests that come due.
#[derive(Clone, Copy)]
pub(super) enum EnRoute<'p> {
    /// These before the rests, and one behind them.
    Pauses(&'p [Element], Option<Element>),
    /// Every break that would be too late behind the leg.
    EveryBreak,
}

/// Whether a break that has a place of its own may come next. `direct`: when the vehicle would leave the target without it.
pub(super) fn may_visit_break(
    vehicle: &Vehicle,
    label: &Label,
    b: usize,
    thorough: bool,
    direct: Option<Time>,
) -> bool {
    let pause = &vehicle.breaks[b];
    pause.point.is_some()
        && label.state.breaks >> b & 1 == 0
        && label.state.leave <= pause.late
        && (thorough || direct.is_none_or(|leave| leave >= pause.early))
}

impl Halts {
    /// Extends a label to an element, with every choice of pauses on the leg that is worth a try. Returns when the
    /// vehicle leaves there if it takes no more pauses than it must.
    pub(super) fn extend_to(
        &mut self,
        layout: &Layout<'_>,
        request: Request<'_>,
        position: usize,
        id: u32,
        target: Element,
        is_goal: bool,
    ) -> Option<Time> {
        let vehicle = &layout.vehicles[request.vehicle_type];
        let direct = self.extend_over(layout, request, position, id, EnRoute::Pauses(&[], None), target, is_goal);
        if vehicle.breaks.is_empty() && vehicle.rules.is_empty() {
            return direct;
        }
        let thorough = request.thoroughness.thorough;
        let mut pauses = std::mem::take(&mut self.pauses);
        self.choose_pauses(layout, request, id, target, direct, &mut pauses);
        for one in &pauses {
            self.extend_over(layout, request, position, id, EnRoute::Pauses(one.list(), None), target, is_goal);
        }
        let is_break = |one: &&Pauses| one.length == 1 && matches!(one.list[0].role(), Role::Break(_));
        if direct.is_none() && pauses.iter().filter(is_break).count() > 2 {
            self.extend_over(layout, request, position, id, EnRoute::EveryBreak, target, is_goal);
        }
        if thorough && !vehicle.rules.is_empty() && !vehicle.speed.flat {
            // A rest that is not due yet moves driving into faster hours.
            for rest in pauses.iter().filter(|one| one.length == 1 && matches!(one.list[0].role(), Role::Rest(_))) {
                self.extend_over(
                    layout,
                    request,
                    position,
                    id,
                    EnRoute::Pauses(&[], Some(rest.list[0])),
                    target,
                    is_goal,
                );
            }
        }
        self.pauses = pauses;
        direct
    }

    /// The pauses that are worth a try on the leg from a label to an element.
    fn choose_pauses(
        &self,
        layout: &Layout<'_>,
        request: Request<'_>,
        id: u32,
        target: Element,
        direct: Option<Time>,
        pauses: &mut Vec<Pauses>,
    ) {
        let vehicle = &layout.vehicles[request.vehicle_type];
        let (label, thorough) = (&self.labels[id as usize], request.thoroughness.thorough);
        pauses.clear();
        for (b, pause) in vehicle.breaks.iter().enumerate() {
            if pause.point.is_none()
                && label.state.breaks >> b & 1 == 0
                && label.state.leave <= pause.late
                && (thorough || direct.is_none_or(|leave| leave >= pause.early))
            {
                pauses.push(Pauses::one(Element::pause(b)));
            }
        }
        if !vehicle.rules.is_empty() {
            for (r, &length) in layout.rests.iter().enumerate() {
                let counts = |rule: &crate::model::DriverRule| {
                    length == rule.rest || rule.split.is_some_and(|split| split.0 == length || split.1 == length)
                };
                // A rest while waiting costs nothing.
                if vehicle.rules.iter().any(counts) && (thorough || Self::waits(layout, vehicle, label, target, length))
                {
                    pauses.push(Pauses::one(Element::rest(r)));
                }
            }
        }
        let singles = pauses.len();
        if direct.is_some() && !(thorough && request.order.len() <= 6) {
            return;
        }
        for a in 0..singles {
            for b in 0..singles {
                let (first, second) = (pauses[a].list[0], pauses[b].list[0]);
                if a != b || matches!(first.role(), Role::Rest(_)) {
                    pauses.push(Pauses { list: [first, second, second], length: 2 });
                }
            }
        }
        if request.thoroughness.keeps_later {
            // A route with time to spare may rest longer.
            for a in 0..singles {
                for b in 0..singles {
                    for c in 0..singles {
                        let list = [a, b, c].map(|i| pauses[i].list[0]);
                        if list.iter().all(|pause| matches!(pause.role(), Role::Rest(_))) {
                            pauses.push(Pauses { list, length: 3 });
                        }
                    }
                }
            }
        }
    }

    /// Whether the vehicle would wait at the target for so long.
    fn waits(layout: &Layout<'_>, vehicle: &Vehicle, label: &Label, target: Element, length: i64) -> bool {
        let Some(u) = target.node() else { return false };
        let (drive, setup) = layout.drive_and_setup(vehicle, label.state.point, u as u32);
        let arrival = vehicle.speed.arrival(label.state.leave, vehicle.speed.whole(drive)) + setup;
        layout.opens(vehicle, u, arrival).is_some_and(|(begin, _)| begin - arrival >= length)
    }

    /// Whether no break is due that can no longer be taken.
    pub(super) fn keeps_breaks(&self, vehicle: &Vehicle, state: &State) -> bool {
        let earliest = self.start;
        vehicle.breaks.iter().enumerate().all(|(b, pause)| {
            state.breaks >> b & 1 == 1
                || state.leave <= pause.late
                || earliest.saturating_add(state.slack) > pause.late
                || earliest > pause.late
        })
    }
}

/// The length of a pause as far as it is paid.
pub(super) fn paid_length(layout: &Layout<'_>, vehicle: &Vehicle, pause: Element) -> i64 {
    match pause.role() {
        Role::Break(b) if vehicle.breaks[b].paid => vehicle.breaks[b].duration,
        Role::Rest(r) if vehicle.paid_rests => layout.rests[r],
        _ => 0,
    }
}

/// The rest that must be taken before the target is reached and served; `None`: none.
pub(super) fn rest_due(
    layout: &Layout<'_>,
    vehicle: &Vehicle,
    state: &State,
    row: &[i64],
    target: Element,
    to: u32,
) -> Option<i64> {
    let (whole, setup) = layout.drive_and_setup(vehicle, state.point, to);
    let left = if state.left >= 0 { state.left } else { vehicle.speed.whole(whole) };
    let drive = vehicle.speed.arrival(state.leave, left) - state.leave;
    let stay = match target.role() {
        Role::Stop(u) => setup + layout.service(vehicle, u),
        Role::Site(k) => layout.sites[k].service,
        _ => 0,
    };
    let mut longest = None;
    for (r, rule) in vehicle.rules.iter().enumerate() {
        let effort = row[layout.resource_effort() + r];
        let ahead = drive + if rule.effort == crate::model::Effort::Work { stay } else { 0 };
        if effort + ahead > rule.max && (effort > 0 || drive > 0) {
            let first_taken = state.split_rest_taken >> r & 1 == 1;
            let length = rule.split.filter(|_| first_taken).map_or(rule.rest, |(_, second)| second.min(rule.rest));
            longest = longest.max(Some(length));
        }
    }
    longest
}

/// The break on the leg that comes next: the first that would be too late behind the leg, unless a rest comes before it.
pub(super) fn break_due(
    layout: &Layout<'_>,
    vehicle: &Vehicle,
    state: &State,
    row: &[i64],
    to: u32,
) -> Option<Element> {
    let (drive, setup) = layout.drive_and_setup(vehicle, state.point, to);
    let left = if state.left >= 0 { state.left } else { vehicle.speed.whole(drive) };
    let arrival = vehicle.speed.arrival(state.leave, left) + setup;
    let allowance =
        vehicle.rules.iter().enumerate().map(|(r, rule)| rule.max - row[layout.resource_effort() + r]).min();
    let resting = state.leave.saturating_add(allowance.unwrap_or(UNLIMITED));
    let waits = |b: usize, pause: &Pause| pause.point.is_none() && state.breaks >> b & 1 == 0 && pause.late < arrival;
    let waiting = vehicle.breaks.iter().enumerate().filter(|&(b, pause)| waits(b, pause));
    let (b, pause) = waiting.min_by_key(|(_, pause)| (pause.late, pause.early))?;
    (pause.late <= resting || pause.early <= resting).then(|| Element::pause(b))
}
