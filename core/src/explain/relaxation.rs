//! The least changes of a problem that make room for somebody.

use super::Job;
use crate::ids::{ClientId, DisposalSiteId, VehicleTypeId};
use crate::model::{Problem, ProblemBuilder, TimeWindow};
use crate::plan::Plan;
use crate::units::{Cost, Duration, Load, MAX_VALUE, Time};

/// A single change that would make room.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names and the variant's sentence say all that there is to say")]
pub enum Relaxation {
    /// The client must pay more, or matter more: nothing else is in the way.
    Prize { by: Cost },
    /// One more vehicle.
    Vehicle { vehicle_type: VehicleTypeId },
    /// A longer shift.
    Shift { vehicle_type: VehicleTypeId, by: Duration },
    /// A longer route.
    MaxDuration { vehicle_type: VehicleTypeId, by: Duration },
    /// More driving.
    MaxDriving { vehicle_type: VehicleTypeId, by: Duration },
    /// More work.
    MaxWork { vehicle_type: VehicleTypeId, by: Duration },
    /// A farther route.
    MaxDistance { vehicle_type: VehicleTypeId, by: i64 },
    /// A larger vehicle.
    Capacity { vehicle_type: VehicleTypeId, dimension: usize, by: Load },
    /// More in a day.
    RouteLoad { vehicle_type: VehicleTypeId, dimension: usize, by: Load },
    /// More stops in a day.
    MaxStops { vehicle_type: VehicleTypeId, by: usize },
    /// More trips in a day.
    MaxTrips { vehicle_type: VehicleTypeId, by: usize },
    /// A skill for the vehicle.
    Skill { vehicle_type: VehicleTypeId, skill: String },
    /// The client allowed on the vehicle.
    Allow { vehicle_type: VehicleTypeId },
    /// The client's last window open longer.
    Window { client: ClientId, by: Duration },
    /// A disposal site open until later.
    SiteHours { site: DisposalSiteId, until: Time },
    /// A disposal site that takes more.
    SiteCapacity { site: DisposalSiteId, dimension: usize, by: Load },
    /// A depot open until later.
    DepotHours { depot: crate::ids::DepotId, by: Duration },
}

/// Makes a change of the given amount.
type Apply<'c> = Box<dyn Fn(&mut ProblemBuilder, i64) + 'c>;
/// Says what a change of the given amount is.
type Name<'c> = Box<dyn Fn(i64) -> Relaxation + 'c>;
/// A limit, where a vehicle type keeps it, and what raising it is called.
type Limit = (Option<i64>, fn(&mut ProblemBuilder, usize) -> &mut Option<i64>, fn(VehicleTypeId, i64) -> Relaxation);

/// A kind of change whose amount is to be found.
struct Change<'c> {
    /// Makes the change of the given amount.
    apply: Apply<'c>,
    /// Says what it was.
    name: Name<'c>,
    /// The largest amount worth asking for; 1 where there is only one.
    most: i64,
    /// What is changed, to compare amounts by.
    scale: i64,
}

/// All single changes that make room, the smallest first.
pub(super) fn find(problem: &Problem, plan: &Plan, job: Job, places: &[Option<Cost>]) -> Vec<Relaxation> {
    if let Some(cost) = places.iter().flatten().min() {
        // There is room already: it does not pay, or a better search would use it.
        let prize = super::prize(problem, job).unwrap_or(0);
        return vec![Relaxation::Prize { by: (cost - prize).max(0) + 1 }];
    }
    let helps = |change: &Change<'_>, amount: i64| {
        let mut builder = problem.to_builder();
        (change.apply)(&mut builder, amount);
        builder.build().is_ok_and(|relaxed| {
            let places = super::places(&relaxed, plan.route_stops(), &[job]);
            places.iter().flatten().any(Option::is_some)
        })
    };
    let mut found: Vec<(f64, Relaxation)> = Vec::new();
    for change in changes(problem, job) {
        if !helps(&change, change.most) {
            continue;
        }
        let (mut low, mut high) = (0, change.most);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if helps(&change, middle) { high = middle } else { low = middle }
        }
        found.push((high as f64 / change.scale.max(1) as f64, (change.name)(high)));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, relaxation)| relaxation).collect()
}

fn changes(problem: &Problem, job: Job) -> Vec<Change<'_>> {
    let mut changes = Vec::new();
    for t in 0..problem.vehicle_types().len() {
        of_vehicle_type(problem, VehicleTypeId::new(t), job, &mut changes);
    }
    for s in 0..problem.disposal_sites().len() {
        of_site(problem, DisposalSiteId::new(s), &mut changes);
    }
    for (d, depot) in problem.depots().iter().enumerate() {
        if !depot.time_window.is_always() {
            changes.push(Change {
                apply: Box::new(move |b, by| b.depots[d].time_window.late += by),
                name: Box::new(move |by| Relaxation::DepotHours { depot: crate::ids::DepotId::new(d), by }),
                most: room(depot.time_window.late),
                scale: length(depot.time_window),
            });
        }
    }
    if let Job::Client(client) = job {
        let window = problem.client(client).windows().last().unwrap_or(TimeWindow::ALWAYS);
        if window.late < TimeWindow::UNBOUNDED_LATE {
            changes.push(Change {
                apply: Box::new(move |b, by| {
                    let own = &mut b.clients[client.index()];
                    own.more_windows.last_mut().unwrap_or(&mut own.time_window).late += by;
                }),
                name: Box::new(move |by| Relaxation::Window { client, by }),
                most: room(window.late),
                scale: length(window),
            });
        }
    }
    changes
}

/// How much later a time may become.
fn room(late: Time) -> i64 {
    (MAX_VALUE - 1 - late).clamp(0, 1 << 22)
}

fn length(window: TimeWindow) -> i64 {
    (window.late - window.early).max(1)
}

fn of_vehicle_type<'c>(problem: &'c Problem, id: VehicleTypeId, job: Job, changes: &mut Vec<Change<'c>>) {
    let v = problem.vehicle_type(id);
    let t = id.index();
    changes.push(Change {
        apply: Box::new(move |b, by| b.vehicle_types[t].count += by as usize),
        name: Box::new(move |_| Relaxation::Vehicle { vehicle_type: id }),
        most: 1,
        scale: v.count.max(1) as i64,
    });
    if v.shift.late < TimeWindow::UNBOUNDED_LATE {
        changes.push(Change {
            apply: Box::new(move |b, by| b.vehicle_types[t].shift.late += by),
            name: Box::new(move |by| Relaxation::Shift { vehicle_type: id, by }),
            most: room(v.shift.late),
            scale: length(v.shift),
        });
    }
    of_limits(problem, id, changes);
    of_loads(problem, id, changes);
    of_counts(problem, id, changes);
    if let Job::Client(client) = job {
        of_permissions(problem, id, client, changes);
    }
}

/// Limits of duration, driving, work and distance.
fn of_limits<'c>(problem: &'c Problem, id: VehicleTypeId, changes: &mut Vec<Change<'c>>) {
    let v = problem.vehicle_type(id);
    let t = id.index();
    let limits: [Limit; 4] = [
        (
            v.max_duration,
            |b, t| &mut b.vehicle_types[t].max_duration,
            |vehicle_type, by| Relaxation::MaxDuration { vehicle_type, by },
        ),
        (
            v.max_driving,
            |b, t| &mut b.vehicle_types[t].max_driving,
            |vehicle_type, by| Relaxation::MaxDriving { vehicle_type, by },
        ),
        (
            v.max_work,
            |b, t| &mut b.vehicle_types[t].max_work,
            |vehicle_type, by| Relaxation::MaxWork { vehicle_type, by },
        ),
        (
            v.max_distance,
            |b, t| &mut b.vehicle_types[t].max_distance,
            |vehicle_type, by| Relaxation::MaxDistance { vehicle_type, by },
        ),
    ];
    for (limit, field, name) in limits {
        let Some(limit) = limit else { continue };
        let apply = move |b: &mut ProblemBuilder, by: i64| {
            if let Some(limit) = field(b, t) {
                *limit += by;
            }
        };
        changes.push(Change {
            apply: Box::new(apply),
            name: Box::new(move |by| name(id, by)),
            most: room(limit),
            scale: limit,
        });
    }
}

/// Capacities, and loads of a day.
fn of_loads<'c>(problem: &'c Problem, id: VehicleTypeId, changes: &mut Vec<Change<'c>>) {
    let v = problem.vehicle_type(id);
    let t = id.index();
    for (dimension, &capacity) in v.capacity.iter().enumerate() {
        changes.push(Change {
            apply: Box::new(move |b, by| b.vehicle_types[t].capacity[dimension] += by),
            name: Box::new(move |by| Relaxation::Capacity { vehicle_type: id, dimension, by }),
            most: room(capacity),
            scale: capacity,
        });
    }
    for (dimension, &limit) in v.max_route_load.iter().enumerate() {
        changes.push(Change {
            apply: Box::new(move |b, by| b.vehicle_types[t].max_route_load[dimension] += by),
            name: Box::new(move |by| Relaxation::RouteLoad { vehicle_type: id, dimension, by }),
            most: room(limit),
            scale: limit,
        });
    }
}

/// Stops and trips of a day.
fn of_counts<'c>(problem: &'c Problem, id: VehicleTypeId, changes: &mut Vec<Change<'c>>) {
    const MORE: i64 = 4;
    let v = problem.vehicle_type(id);
    let t = id.index();
    if let Some(limit) = v.max_stops {
        changes.push(Change {
            apply: Box::new(move |b, by| b.vehicle_types[t].max_stops = Some(limit + by as usize)),
            name: Box::new(move |by| Relaxation::MaxStops { vehicle_type: id, by: by as usize }),
            most: MORE,
            scale: limit as i64,
        });
    }
    if let Some(limit) = v.max_trips {
        changes.push(Change {
            apply: Box::new(move |b, by| b.vehicle_types[t].max_trips = Some(limit + by as usize)),
            name: Box::new(move |by| Relaxation::MaxTrips { vehicle_type: id, by: by as usize }),
            most: MORE,
            scale: limit as i64,
        });
    }
}

/// Skills, and who may serve whom.
fn of_permissions<'c>(problem: &'c Problem, id: VehicleTypeId, client: ClientId, changes: &mut Vec<Change<'c>>) {
    let (v, c) = (problem.vehicle_type(id), problem.client(client));
    let t = id.index();
    let missing: Vec<&String> = c.skills.iter().filter(|skill| !v.skills.contains(skill)).collect();
    if let [skill] = missing[..] {
        changes.push(Change {
            apply: Box::new(move |b, _| b.vehicle_types[t].skills.push(skill.clone())),
            name: Box::new(move |_| Relaxation::Skill { vehicle_type: id, skill: skill.clone() }),
            most: 1,
            scale: 1,
        });
    }
    let listed = v.allowed_clients.as_ref().is_none_or(|list| list.contains(&client))
        && c.allowed_vehicles.as_ref().is_none_or(|list| list.contains(&id))
        && !c.forbidden_vehicles.contains(&id);
    if listed {
        return;
    }
    let apply = move |b: &mut ProblemBuilder, _| {
        if let Some(list) = &mut b.vehicle_types[t].allowed_clients {
            list.push(client);
        }
        let own = &mut b.clients[client.index()];
        own.forbidden_vehicles.retain(|&other| other != id);
        if let Some(list) = &mut own.allowed_vehicles {
            list.push(id);
        }
    };
    changes.push(Change {
        apply: Box::new(apply),
        name: Box::new(move |_| Relaxation::Allow { vehicle_type: id }),
        most: 1,
        scale: 1,
    });
}

fn of_site<'c>(problem: &'c Problem, id: DisposalSiteId, changes: &mut Vec<Change<'c>>) {
    let site = problem.disposal_site(id);
    let s = id.index();
    if let Some(last) = site.hours.last().filter(|last| last.late < TimeWindow::UNBOUNDED_LATE) {
        let late = last.late;
        changes.push(Change {
            apply: Box::new(move |b, by| {
                if let Some(last) = b.disposal_sites[s].hours.last_mut() {
                    last.late += by;
                }
            }),
            name: Box::new(move |by| Relaxation::SiteHours { site: id, until: late + by }),
            most: room(late),
            scale: length(*last),
        });
    }
    for (dimension, &capacity) in site.daily_capacity.iter().enumerate() {
        changes.push(Change {
            apply: Box::new(move |b, by| b.disposal_sites[s].daily_capacity[dimension] += by),
            name: Box::new(move |by| Relaxation::SiteCapacity { site: id, dimension, by }),
            most: room(capacity),
            scale: capacity,
        });
    }
}
