//! Explanations of random problems in which rules bind: whatever is said must be so.

use std::collections::BTreeMap;

use milkrun::explain::{Blocking, Explanation, Holder, Job, Obstacle, Reason, Relaxation, Searched, explain};
use milkrun::plan::Activity;
use milkrun::plan::check::check_plan;
use milkrun::{Plan, Position, Problem, ProblemBuilder, Relation, SolveParams, Stop, VehicleTypeId, solve};
use milkrun_oracle::cover::BLOCK;
use milkrun_oracle::generate::Generator;
use milkrun_oracle::oracle::{Limits, best_plan};

/// The number of problems with unserved jobs.
const PROBLEMS: usize = 200;

/// Fewer evaluations than usual: there are many questions.
const LIMITS: Limits = Limits { evaluations: 12_000, halts_per_route: 5, ..Limits::QUICK };

/// Makes a problem tighter, depending on its index.
fn tightened(problem: &Problem, index: usize) -> Option<Problem> {
    let mut builder = problem.to_builder();
    let job = Job::Client(milkrun::ClientId::new(0));
    // The changes, turned round.
    let mut tighten = |change: Relaxation| change.apply(&mut builder, job);
    match index % 10 {
        7 => {
            for (depot, own) in problem.depots().iter().enumerate() {
                let depot = milkrun::DepotId::new(depot);
                tighten(Relaxation::DepotOpening { depot, by: own.time_window.early - 40 });
                tighten(Relaxation::DepotHours { depot, by: 160 - own.time_window.late });
            }
        }
        8 => {
            let sites = (0..problem.disposal_sites().len()).map(milkrun::DisposalSiteId::new);
            sites.for_each(|site| tighten(Relaxation::SiteHours { site, until: 45 }));
        }
        9 => {
            for client in builder.clients_mut().iter_mut().filter(|client| client.more_windows.is_empty()) {
                client.time_window.late = client.time_window.late.min(client.time_window.early.max(20) + 30);
            }
        }
        _ => {}
    }
    for vehicle_type in builder.vehicle_types_mut() {
        match index % 10 {
            0 => vehicle_type.max_stops = Some(1),
            1 => vehicle_type.shift.late -= (vehicle_type.shift.late / 3).min(40),
            2 => vehicle_type.max_distance = Some(vehicle_type.max_distance.unwrap_or(120).min(120)),
            3 => vehicle_type.capacity.iter_mut().for_each(|capacity| *capacity = *capacity * 2 / 3),
            4 => vehicle_type.max_work = Some(vehicle_type.max_work.unwrap_or(110).min(110)),
            5 => vehicle_type.max_trips = Some(1),
            _ => {}
        }
    }
    builder.build().ok()
}

/// The problem in which a job, and every job served by the plan, is required, and no other.
fn demanding(builder: &mut ProblemBuilder, plan: &Plan, job: Job) -> Result<Problem, String> {
    let served = |activity: Activity| {
        let mut all = plan.route_stops().iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.activities);
        all.any(|&other| other == activity)
    };
    let with_patterns: Vec<bool> = builder.groups_mut().iter().map(|group| !group.patterns.is_empty()).collect();
    let has_patterns = |client: &milkrun::Client| client.group.is_some_and(|group| with_patterns[group.index()]);
    for (c, client) in builder.clients_mut().iter_mut().enumerate() {
        let id = milkrun::ClientId::new(c);
        client.required = job == Job::Client(id) || served(Activity::Client(id));
        client.priority = 0;
        if client.required {
            client.prize = 0;
            if !has_patterns(client) {
                client.group = None;
            }
        }
    }
    let members: Vec<Option<usize>> =
        builder.clients_mut().iter().map(|client| client.group.map(milkrun::GroupId::index)).collect();
    for (g, group) in builder.groups_mut().iter_mut().enumerate() {
        // Of a group with patterns, what is served stays, and the job comes with a pattern that it is in.
        let of_group = |id: &milkrun::ClientId| members[id.index()] == Some(g);
        let ids = || (0..members.len()).map(milkrun::ClientId::new).filter(of_group);
        let stays: Vec<_> = ids().filter(|&id| served(Activity::Client(id))).collect();
        let asked = ids().find(|&id| job == Job::Client(id));
        group.required = !group.patterns.is_empty() && (!stays.is_empty() || asked.is_some());
        let remains = |pattern: &Vec<milkrun::ClientId>| match asked {
            _ if !stays.is_empty() => stays.iter().all(|id| pattern.contains(id)) && pattern.len() == stays.len(),
            Some(asked) => pattern.contains(&asked),
            None => true,
        };
        let kept: Vec<usize> = (0..group.patterns.len()).filter(|&p| remains(&group.patterns[p])).collect();
        group.pattern_costs = kept.iter().filter_map(|&p| group.pattern_costs.get(p).copied()).collect();
        group.patterns = kept.iter().map(|&p| group.patterns[p].clone()).collect();
    }
    // Members that no pattern is left for are in no group.
    let patterns: Vec<_> = builder.groups_mut().iter().map(|group| group.patterns.clone()).collect();
    for (c, client) in builder.clients_mut().iter_mut().enumerate() {
        let named = |group: milkrun::GroupId| patterns[group.index()].iter().flatten().any(|id| id.index() == c);
        if client.group.is_some_and(|group| !patterns[group.index()].is_empty() && !named(group)) {
            (client.group, client.required) = (None, false);
        }
    }
    for (s, shipment) in builder.shipments_mut().iter_mut().enumerate() {
        let id = milkrun::ShipmentId::new(s);
        shipment.required = job == Job::Shipment(id) || served(Activity::Pickup(id));
        if shipment.required {
            shipment.prize = 0;
        }
    }
    builder.build().map_err(|error| error.to_string())
}

/// Whether there is a feasible plan, as far as the solver and the oracle can tell.
fn is_feasible(problem: &Problem) -> bool {
    let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
    let plan = solve(problem, &params).plan;
    if plan.is_feasible() && check_plan(problem, &plan).is_feasible() {
        return true;
    }
    best_plan(problem, &LIMITS).is_some_and(|answer| answer.plan.is_some())
}

/// Whether any plan serves a job by a vehicle of the type, whatever else is served.
fn may_serve(problem: &Problem, job: Job, vehicle_type: VehicleTypeId) -> bool {
    let mut builder = problem.to_builder();
    let empty = Plan::empty(problem);
    if let Job::Client(client) = job {
        builder.add_relation(Relation::Pin { client, vehicle_type: Some(vehicle_type), position: Position::Any });
    } else {
        for (t, other) in builder.vehicle_types_mut().iter_mut().enumerate() {
            if t != vehicle_type.index() {
                other.executed.clear();
                other.max_stops = Some(0);
            }
        }
    }
    // A second pin is a fault: then there is nothing to try.
    demanding(&mut builder, &empty, job).is_ok_and(|problem| is_feasible(&problem))
}

/// What is wrong with an explanation.
fn wrong(problem: &Problem, plan: &Plan, explanation: &Explanation) -> Vec<String> {
    let mut wrong = Vec::new();
    let job = explanation.job;
    // For an infeasible plan, insertions are relative to its violations.
    let is_sound = !explanation.plan_is_broken;
    for own in &explanation.by_type {
        let t = own.vehicle_type;
        match &own.reason {
            Reason::Impossible(obstacles) => {
                if obstacles.is_empty() {
                    wrong.push(format!("{job}: impossible by type {} for no reason", t.index()));
                }
                wrong.extend(obstacles.iter().filter(|o| !is_so(problem, job, t, o)).map(|o| format!("{job}: {o}")));
                if may_serve(problem, job, t) {
                    wrong.push(format!("{job}: type {} serves it in some plan", t.index()));
                }
            }
            Reason::NoRoom => {
                // A rule is named for a change that was proposed, or several are where none was.
                let single = |rule: &str| explanation.relaxations.iter().any(|change| change.rule() == rule);
                let is_so = match &own.blocking {
                    Blocking::AnyOf(rules) => !rules.is_empty() && rules.iter().all(|rule| single(rule)),
                    Blocking::Together(rules) => !rules.is_empty() && explanation.relaxations.is_empty(),
                    _ => true,
                };
                if !is_so {
                    wrong.push(format!("{job}: type {} is not blocked by {:?}", t.index(), own.blocking));
                }
            }
            Reason::Tied(tie) if is_sound => {
                let change = Relaxation::Relation { relation: tie.relation };
                wrong.extend(helps(problem, plan, job, &change).err());
            }
            Reason::Possible { .. } if is_sound && !has_room(problem, plan, job) => {
                wrong.push(format!("{job}: there is no room on type {}", t.index()));
            }
            _ => {}
        }
    }
    for relaxation in &explanation.relaxations {
        if with(problem, job, relaxation).is_some_and(|changed| changed == *problem) {
            wrong.push(format!("{job}: {relaxation} changes nothing"));
        }
        wrong.extend(helps(problem, plan, job, relaxation).err());
        if let Relaxation::Prize { .. } = relaxation
            && explanation.prize.is_none()
        {
            wrong.push(format!("{job}: a prize for who must be served"));
        }
        // A change that also repairs the plan may allow the insertion before it repairs the plan.
        if is_sound
            && let Some(less) = less(relaxation)
            && let Some(relaxed) = with(problem, job, &less)
        {
            let again = explain(&relaxed, &Plan::new(&relaxed, plan.route_stops().to_vec()).expect("the same ids"));
            if again.iter().any(|other| other.job == job && other.has_room()) {
                wrong.push(format!("{job}: {less} does, too, not only {relaxation}"));
            }
        }
    }
    wrong
}

fn has_room(problem: &Problem, plan: &Plan, job: Job) -> bool {
    demanding(&mut problem.to_builder(), plan, job).is_ok_and(|problem| is_feasible(&problem))
}

fn with(problem: &Problem, job: Job, change: &Relaxation) -> Option<Problem> {
    let mut builder = problem.to_builder();
    change.apply(&mut builder, job);
    builder.build().ok()
}

fn helps(problem: &Problem, plan: &Plan, job: Job, change: &Relaxation) -> Result<(), String> {
    let mut builder = problem.to_builder();
    change.apply(&mut builder, job);
    let relaxed = demanding(&mut builder, plan, job).map_err(|e| format!("{job}: {change}: {e}"))?;
    if is_feasible(&relaxed) { Ok(()) } else { Err(format!("{job}: {change} does not help")) }
}

/// The same change by one less, where it has an amount.
fn less(relaxation: &Relaxation) -> Option<Relaxation> {
    let mut less = relaxation.clone();
    match &mut less {
        Relaxation::Shift { by, .. }
        | Relaxation::MaxDuration { by, .. }
        | Relaxation::MaxDriving { by, .. }
        | Relaxation::MaxWork { by, .. }
        | Relaxation::MaxDistance { by, .. }
        | Relaxation::Capacity { by, .. }
        | Relaxation::RouteLoad { by, .. }
        | Relaxation::Window { by, .. }
        | Relaxation::SiteCapacity { by, .. }
        | Relaxation::DepotHours { by, .. }
        | Relaxation::DepotOpening { by, .. }
        | Relaxation::ShiftStart { by, .. }
        | Relaxation::Release { by, .. } => *by -= 1,
        Relaxation::MaxStops { by, .. } | Relaxation::MaxTrips { by, .. } => *by -= 1,
        Relaxation::SiteHours { until, .. } => *until -= 1,
        _ => return None,
    }
    Some(less)
}

/// Whether an obstacle is what the problem says.
fn is_so(problem: &Problem, job: Job, t: VehicleTypeId, obstacle: &Obstacle) -> bool {
    let v = problem.vehicle_type(t);
    let Job::Client(id) = job else {
        return match obstacle {
            Obstacle::OutsideZones | Obstacle::ZoneClosed(_) => !v.zones.is_empty(),
            _ => matches!(obstacle, Obstacle::TooMuch { .. } | Obstacle::Alone(_) | Obstacle::HeldBack { .. }),
        };
    };
    let client = problem.client(id);
    match obstacle {
        Obstacle::NotAllowed => {
            client.forbidden_vehicles.contains(&t)
                || client.allowed_vehicles.as_ref().is_some_and(|list| !list.contains(&t))
                || v.allowed_clients.as_ref().is_some_and(|list| !list.contains(&id))
        }
        Obstacle::Pinned(tie) => matches!(
            problem.relations()[tie.relation],
            Relation::Pin { client, vehicle_type: Some(pinned), .. } if client == id && pinned != t
        ),
        Obstacle::MissingSkills(skills) => {
            skills.iter().all(|skill| client.skills.contains(skill) && !v.skills.contains(skill))
        }
        Obstacle::NoCompartment(material) => client.material == Some(*material),
        Obstacle::OutsideZones | Obstacle::ZoneClosed(_) => !v.zones.is_empty(),
        Obstacle::TooMuch { amount, capacity, .. } => amount > capacity,
        Obstacle::NoSite(_) => v.end_empty,
        Obstacle::Partner { tie, client, .. } => problem.relations()[tie.relation].clients().contains(client),
        // The verdict as a whole is tried.
        Obstacle::Alone(_) => true,
        Obstacle::HeldBack { by, until, .. } => match by {
            Holder::Depot(depot) => v.start == Some(*depot) && problem.depot(*depot).time_window.early == *until,
            Holder::Shift => v.shift.early == *until,
            Holder::Release(client) => *client == id && problem.client(id).release == *until,
            _ => false,
        },
        _ => false,
    }
}

#[test]
fn every_explanation_of_two_hundred_random_problems_is_true() {
    let generator = Generator::new(11, 2 * BLOCK);
    let (mut problems, mut index) = (0, 0);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrongs = Vec::new();
    while problems < PROBLEMS && index < 2 * BLOCK {
        let instance = generator.instance(index);
        index += 1;
        let Some(problem) = tightened(&instance.problem, index) else { continue };
        let params = SolveParams { stop: Stop::after_iterations(150), ..SolveParams::default() };
        let plan = solve(&problem, &params).plan;
        if plan.unserved().is_empty() {
            continue;
        }
        problems += 1;
        for explanation in explain(&problem, &plan) {
            assert_eq!(explanation.searched, Searched::Everything);
            let text = explanation.to_string();
            assert!(!text.contains("10737418"), "{index}: {text}");
            for own in &explanation.by_type {
                let reason = format!("{:?}", own.reason);
                let word = reason.split(['(', ' ', '{']).next().unwrap_or_default().to_owned();
                *counts.entry(word).or_default() += 1;
            }
            for relaxation in &explanation.relaxations {
                let relaxation = format!("{relaxation:?}");
                *counts.entry(relaxation.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
            }
            for own in &explanation.by_type {
                let blocking = format!("{:?}", own.blocking);
                *counts.entry(blocking.split('(').next().unwrap_or_default().to_owned()).or_default() += 1;
            }
            let found = wrong(&problem, &plan, &explanation);
            wrongs.extend(found.into_iter().map(|wrong| format!("{index}: {wrong}")));
        }
    }
    assert_eq!(problems, PROBLEMS);
    assert!(wrongs.is_empty(), "{}\n{counts:?}", wrongs.join("\n"));
    // All kinds of answers must have been asked for.
    let kinds = ["Impossible", "NoRoom", "Possible", "Tied", "AnyOf", "Together"];
    let changes = [
        "Shift",
        "MaxDistance",
        "MaxStops",
        "Capacity",
        "Relation",
        "Window",
        "Vehicle",
        "MaxTrips",
        "SiteHours",
        "DepotHours",
    ];
    for kind in kinds.into_iter().chain(changes) {
        assert!(counts.contains_key(kind), "no {kind}: {counts:?}");
    }
    assert!(counts.values().sum::<usize>() > 2 * PROBLEMS, "{counts:?}");
}
