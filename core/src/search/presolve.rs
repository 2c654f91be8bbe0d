//! Rules that cannot bind in any sensible plan are removed before the search begins, so that a problem is searched as what
//! it is. Whatever is feasible and costs something without them does so with them.

use std::borrow::Cow;

use crate::ids::{ClientId, LocationId, ProfileId};
use crate::model::{Backhauls, Client, Problem, TimeWindow, VehicleType, ZoneRule};
use crate::travel::{ProfileMatrices, Travel, UNREACHABLE};
use crate::units::{Duration, MAX_VALUE, Time};

/// The problem without its idle rules: the same clients, depots and vehicles under the same ids.
pub(crate) fn without_idle_rules(problem: &Problem) -> Cow<'_, Problem> {
    let bounds = Bounds::new(problem);
    let mut changed = false;
    let vehicle_types: Vec<VehicleType> = problem
        .vehicle_types
        .iter()
        .enumerate()
        .map(|(t, v)| {
            let reduced = bounds.vehicle_type(problem, t, v);
            changed |= reduced != *v;
            reduced
        })
        .collect();
    let clients: Vec<Client> = problem
        .clients
        .iter()
        .map(|client| {
            let reduced = bounds.client(client);
            changed |= reduced != *client;
            reduced
        })
        .collect();
    let goals: Vec<_> = problem.goals.iter().copied().filter(|goal| goal.weight != Some(0)).collect();
    let has_backhauls = (0..clients.len()).any(|c| problem.is_backhaul(ClientId::new(c)));
    let backhauls = if has_backhauls { problem.backhauls } else { Backhauls::Mixed };
    if !changed && goals.len() == problem.goals.len() && backhauls == problem.backhauls {
        return Cow::Borrowed(problem);
    }
    Cow::Owned(Problem { clients, vehicle_types, backhauls, goals, ..problem.clone() })
}

/// Between what times anything can happen.
struct Bounds {
    /// By vehicle type: when a route that never waits in vain has ended.
    end: Vec<Time>,
    /// No vehicle of any type is under way before, or after.
    first: Time,
    last: Time,
    /// The latest time at which any vehicle may be under way.
    closed: Time,
    stops: usize,
    /// Whether anything is picked up from single clients.
    has_waste: bool,
}

impl Bounds {
    fn new(problem: &Problem) -> Self {
        let starts = problem.vehicle_types.iter().map(|v| earliest(problem, v));
        let first = starts.min().unwrap_or(0);
        let open = horizon(problem);
        let closed = |v: &VehicleType| {
            let depot = v.end.map_or(Time::MAX, |id| problem.depot(id).time_window.late);
            let late = v.shift.late.min(depot);
            if late >= MAX_VALUE { Time::MAX } else { late }
        };
        let end: Vec<Time> = problem.vehicle_types.iter().map(|v| closed(v).min(open)).collect();
        Self {
            first,
            last: end.iter().copied().max().unwrap_or(0),
            closed: problem.vehicle_types.iter().map(closed).max().unwrap_or(0),
            end,
            stops: problem.num_stops(),
            has_waste: problem.clients.iter().any(|client| client.pickup.iter().any(|&amount| amount > 0)),
        }
    }

    fn vehicle_type(&self, problem: &Problem, t: usize, original: &VehicleType) -> VehicleType {
        let mut v = original.clone();
        if !v.executed.is_empty() {
            return v;
        }
        let longest = self.end[t].saturating_sub(earliest(problem, original));
        v.max_stops = v.max_stops.filter(|&most| most < self.stops);
        for limit in [&mut v.max_work, &mut v.max_driving, &mut v.max_duration] {
            *limit = limit.filter(|&most| most < longest);
        }
        v.overtime.retain(|step| step.after < longest && step.cost_per_duration > 0);
        if v.driver_rules.is_empty() && v.breaks.iter().all(|pause| pause.start.late >= self.end[t]) {
            v.breaks.clear();
        }
        if !self.has_waste {
            v.disposal_sites.clear();
            v.end_empty = false;
        }
        v
    }

    fn client(&self, original: &Client) -> Client {
        let mut client = original.clone();
        let needs = client.window_needs().1;
        client.soft_window = client.soft_window.filter(|soft| {
            (soft.cost_per_early > 0 && soft.early > self.first)
                || (soft.cost_per_late > 0 && soft.late - needs < self.last)
        });
        // Windows after one that is open for as long as any vehicle is under way, or after all vehicles' hours.
        let mut needed = client.time_window.for_starts(needs).late < self.last;
        client.more_windows.retain(|window| {
            let keeps = needed && window.early <= self.closed;
            needed &= window.for_starts(needs).late < self.last;
            keeps
        });
        client
    }
}

/// When a route can start at the earliest.
fn earliest(problem: &Problem, v: &VehicleType) -> Time {
    v.shift.early.max(v.start.map_or(Time::MIN, |id| problem.depot(id).time_window.early))
}

/// When everything is over even if one vehicle did it all, each leg were the longest, and it went back to a depot or disposal
/// site after each stop: `Time::MAX` where that is not known.
fn horizon(problem: &Problem) -> Time {
    let pauses = problem.vehicle_types.iter().any(|v| !v.driver_rules.is_empty() || !v.executed.is_empty());
    if pauses || problem.speeds.iter().any(|curve| !curve.is_flat()) {
        return Time::MAX;
    }
    let Some(leg) = longest_leg(problem) else { return Time::MAX };
    let windows = problem
        .clients
        .iter()
        .map(|client| client.time_window)
        .chain(problem.shipments.iter().flat_map(|s| [s.pickup.time_window, s.delivery.time_window]));
    let hours = problem.depots.iter().map(|d| d.time_window).chain(problem.vehicle_types.iter().map(|v| v.shift));
    let sites = problem.disposal_sites.iter().flat_map(|site| site.hours.iter().copied());
    let releases = problem.clients.iter().map(|client| client.release);
    // A vehicle may wait for a soft window, or start later for it.
    let wishes = problem.clients.iter().filter_map(|client| client.soft_window).map(|soft| soft.early);
    // Zones that open again.
    let zones = problem.vehicle_types.iter().flat_map(|v| &v.zones).filter_map(|rule| match rule {
        ZoneRule::ClosedDuring(_, during) => during.iter().map(|hours| hours.late).max(),
        _ => None,
    });
    let opens = windows.chain(hours).chain(sites).map(|w: TimeWindow| w.early);
    let early = opens.chain(releases).chain(wishes).chain(zones).max().unwrap_or(0);
    let clients = problem.clients.iter().map(|client| {
        let services = client.service_by_type.iter().map(|&(_, service)| service).chain([client.service]);
        services.max().unwrap_or(0) + client.setup
    });
    let ends = problem.shipments.iter().flat_map(|s| [&s.pickup, &s.delivery]);
    let shipments = ends.map(|end| end.service + end.setup);
    let service: Duration = clients.chain(shipments).fold(0, Duration::saturating_add);
    let loading = problem.depots.iter().map(|depot| depot.service).max().unwrap_or(0);
    let unloading = problem.disposal_sites.iter().any(|site| !site.unloading.is_empty());
    let visit = problem.disposal_sites.iter().map(|site| site.service).max().unwrap_or(0);
    let breaks = problem.vehicle_types.iter().map(|v| {
        let each = |pause: &crate::model::Break| pause.duration.saturating_add(leg);
        v.breaks.iter().map(each).fold(0, Duration::saturating_add)
    });
    if unloading {
        return Time::MAX;
    }
    let each = leg.saturating_mul(2).saturating_add(loading.max(visit));
    let stops = Duration::try_from(problem.num_stops() + 1).unwrap_or(Duration::MAX);
    let takes = service.saturating_add(each.saturating_mul(stops)).saturating_add(breaks.max().unwrap_or(0));
    // A vehicle waits for a later window only where it may miss the ones before.
    let mut end = early.saturating_add(takes);
    loop {
        let waits = problem.clients.iter().flat_map(|client| {
            let needs = client.window_needs().1;
            let before = client.windows().map(move |window| window.for_starts(needs).late);
            client.more_windows.iter().zip(before).filter(|&(_, late)| late < end).map(|(window, _)| window.early)
        });
        let later = waits.max().unwrap_or(early).max(early).saturating_add(takes);
        if later <= end {
            return end;
        }
        end = later;
    }
}

/// An upper bound of the duration between two locations.
fn longest_leg(problem: &Problem) -> Option<Duration> {
    if let Travel::Matrices(profiles) = problem.travel() {
        let longest = |p: &ProfileMatrices| p.duration.as_ref().unwrap_or(&p.distance).largest_reachable();
        return profiles.iter().map(longest).max();
    }
    // By the triangle inequality, over one of the locations; each of the two is rounded.
    let (profile, id) = (ProfileId::new(0), LocationId::new);
    let far = (0..problem.locations.len()).map(|l| problem.duration(profile, id(0), id(l))).max()?;
    (far < UNREACHABLE).then_some(2 * far + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Break, Coord, Depot, DisposalSite, Goal, Measure, OvertimeStep, SoftWindow, SpeedCurve};
    use crate::search::general::is_general;

    /// Four clients that one vehicle serves in less than 200, however it drives.
    fn with(change: impl FnOnce(&mut crate::ProblemBuilder, &mut Client, &mut VehicleType)) -> Problem {
        let mut builder = Problem::builder();
        let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
        let mut client = Client::at(Coord::new(3.0, 0.0)).delivery([1]);
        let mut v = VehicleType::new(2).capacity([3]).depot(yard);
        change(&mut builder, &mut client, &mut v);
        builder.add_client(client);
        for x in [5.0, 7.0, 9.0] {
            builder.add_client(Client::at(Coord::new(x, 0.0)).delivery([1]));
        }
        builder.add_vehicle_type(v);
        builder.build().unwrap()
    }

    fn is_idle(problem: &Problem) -> bool {
        let reduced = without_idle_rules(problem);
        assert_eq!(reduced.clients.len(), problem.clients.len());
        !is_general(&reduced)
    }

    #[test]
    fn what_cannot_bind_is_removed() {
        let idle = [
            with(|_, _, v| v.max_stops = Some(4)),
            with(|_, _, v| v.max_work = Some(1_000)),
            with(|_, _, v| v.max_driving = Some(1_000)),
            with(|_, _, v| v.overtime.push(OvertimeStep::new(1_000, 5))),
            with(|_, _, v| v.breaks.push(Break::new(1_000, 1_100, 10))),
            with(|_, c, _| c.soft_window = Some(SoftWindow::new(0, 1_000, 0, 3))),
            with(|_, c, _| {
                c.time_window = TimeWindow::new(0, 1_000);
                c.more_windows.push(TimeWindow::new(2_000, 3_000));
            }),
            with(|b, _, _| {
                b.add_goal(Goal::weighted(Measure::Makespan, 0));
            }),
            with(|b, _, v| {
                v.disposal_sites.push(b.add_disposal_site(DisposalSite::at(Coord::new(1.0, 1.0))));
            }),
        ];
        for (i, problem) in idle.iter().enumerate() {
            assert!(is_general(problem), "{i}");
            assert!(is_idle(problem), "{i}");
        }
        assert!(matches!(without_idle_rules(&with(|_, _, _| ())), Cow::Borrowed(_)));
    }

    #[test]
    fn an_order_without_backhauls_is_removed() {
        let ordered = |b: &mut crate::ProblemBuilder| {
            b.backhauls(Backhauls::AfterLinehauls);
        };
        assert_eq!(without_idle_rules(&with(|b, _, _| ordered(b))).backhauls(), Backhauls::Mixed);
        let mixed = with(|b, c, _| {
            ordered(b);
            *c = Client::at(Coord::new(3.0, 0.0)).pickup([1]);
        });
        assert_eq!(without_idle_rules(&mixed).backhauls(), Backhauls::AfterLinehauls);
    }

    #[test]
    fn what_may_bind_stays() {
        let binding = [
            with(|_, _, v| v.max_stops = Some(3)),
            with(|_, _, v| v.max_work = Some(20)),
            with(|_, _, v| v.max_driving = Some(20)),
            with(|_, _, v| v.overtime.push(OvertimeStep::new(10, 5))),
            with(|_, _, v| v.breaks.push(Break::new(10, 20, 10))),
            with(|_, c, _| c.soft_window = Some(SoftWindow::new(0, 2, 0, 3))),
            with(|_, c, _| {
                c.time_window = TimeWindow::new(0, 5);
                c.more_windows.push(TimeWindow::new(50, 60));
            }),
            with(|b, _, _| {
                b.add_goal(Goal::weighted(Measure::Makespan, 1));
            }),
            with(|b, c, v| {
                c.pickup = vec![1];
                v.disposal_sites.push(b.add_disposal_site(DisposalSite::at(Coord::new(1.0, 1.0))));
            }),
            with(|b, _, v| {
                b.speed(v.profile, SpeedCurve::new([(0, 50)]));
                v.max_work = Some(1_000);
            }),
        ];
        for (i, problem) in binding.iter().enumerate() {
            assert!(!is_idle(problem), "{i}");
        }
    }
}
