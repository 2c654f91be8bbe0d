//! Which streets a profile may use, and how fast.

use crate::travel::road::label::{LONGEST, drive_time};
use crate::travel::road::profile::{Posted, RoadProfile};
use crate::travel::road::streets::{Barrier, Limits, Permit, Tally, Way};

/// How a profile uses a way: km/h along its geometry and against it; `None` where it may not.
pub(super) fn speeds(profile: &RoadProfile, way: &Way, closed: &mut Tally) -> [Option<f64>; 2] {
    let Some(&class_speed) = profile.classes.get(&way.class) else {
        let class = if way.class.is_empty() { "streets without a class" } else { &way.class };
        closed.add(&format!("class not in the profile: {class}"), way.id);
        return [None; 2];
    };
    if let Some(permit) = profile.permit(way.access).filter(|permit| profile.barred.contains(permit)) {
        closed.add(&format!("access: {}", name(permit)), way.id);
        return [None; 2];
    }
    if let Some(limit) = too_large(profile, &way.limits) {
        closed.add(limit, way.id);
        return [None; 2];
    }
    if way
        .width
        .zip(profile.vehicle.width)
        .is_some_and(|(has, needs)| f64::from(has) < needs + profile.vehicle.clearance)
    {
        closed.add("carriageway too narrow", way.id);
        return [None; 2];
    }
    let mut speed = class_speed;
    if way.class == "service"
        && let Some(&service) = profile.services.get(&way.service)
    {
        if service == 0.0 {
            closed.add(&format!("service not used: {}", way.service), way.id);
            return [None; 2];
        }
        speed = service;
    }
    let direction = if profile.on_foot { way.foot_direction.unwrap_or_default() } else { way.direction };
    [true, false].map(|forward| direction.allows(forward).then(|| driven(profile, way, speed, forward)))
}

/// The speed on a way in one direction.
fn driven(profile: &RoadProfile, way: &Way, speed: f64, forward: bool) -> f64 {
    let mut posted = way.max_speed[usize::from(!forward)];
    if profile.access.iter().any(|key| key == "hgv") {
        posted = [posted, way.max_speed_hgv].into_iter().flatten().reduce(f32::min);
    }
    let speed = match (posted.map(|posted| f64::from(posted) * profile.posted_factor), profile.posted) {
        (None, _) => speed,
        (Some(posted), Posted::Caps) => speed.min(posted),
        (Some(posted), Posted::Replaces) => posted,
    };
    speed.clamp(1.0, profile.max_speed)
}

/// Milliseconds of a segment of a way.
pub(super) fn segment_time(way: &Way, length: f64, way_length: f64, speed: f64) -> u32 {
    match way.duration.filter(|_| way.class == "ferry" && way_length > 0.0) {
        // The time of a crossing, shared among its segments; but nothing is faster than a ferry could be.
        Some(seconds) => {
            let share = f64::from(seconds) * 1000.0 * length / way_length;
            (share.ceil().min(f64::from(LONGEST)) as u32).max(drive_time(length, 100.0))
        }
        None => drive_time(length, speed),
    }
}

/// Whether a profile is barred from passing a junction.
pub(super) fn is_closed(profile: &RoadProfile, barrier: &Barrier) -> bool {
    match profile.permit(barrier.access) {
        Some(permit) if profile.barred.contains(&permit) => true,
        _ if too_large(profile, &barrier.limits).is_some() => true,
        Some(_) => false,
        None => profile.barriers.closed.contains(&barrier.kind),
    }
}

/// Whether only those with an errand there may use a way.
pub(super) fn is_destination(profile: &RoadProfile, way: &Way) -> bool {
    let permit = profile.permit(way.access);
    matches!(permit, Some(Permit::Destination | Permit::Delivery | Permit::Customers | Permit::Private))
}

/// The limit that the vehicle exceeds.
fn too_large(profile: &RoadProfile, limits: &Limits) -> Option<&'static str> {
    let vehicle = &profile.vehicle;
    let all = [
        ("vehicle too high", vehicle.height, limits.height),
        ("vehicle too wide", vehicle.width, limits.width),
        ("vehicle too long", vehicle.length, limits.length),
        ("vehicle too heavy", vehicle.weight, limits.weight),
        ("axle load too high", vehicle.axle_load, limits.axle_load),
    ];
    // Limits are single precision: 3.8 of the map is less than the 3.8 of the profile.
    let exceeds = |has: Option<f64>, limit: Option<f32>| has.zip(limit).is_some_and(|(has, limit)| has as f32 > limit);
    all.into_iter().find(|&(_, has, limit)| exceeds(has, limit)).map(|(text, ..)| text)
}

fn name(permit: Permit) -> &'static str {
    match permit {
        Permit::Yes => "yes",
        Permit::Permissive => "permissive",
        Permit::Destination => "destination",
        Permit::Delivery => "delivery",
        Permit::Customers => "customers",
        Permit::Agricultural => "agricultural",
        Permit::Private => "private",
        Permit::No => "no",
    }
}
