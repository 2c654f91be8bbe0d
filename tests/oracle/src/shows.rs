//! Whether a problem really has what it was made to have. Shares nothing with the generator.

use milkrun::plan::Activity;
use milkrun::{
    Backhauls, Client, ClientGroup, Effort, Measure, Position, Problem, Relation, Travel, VehicleType, WindowCovers,
    ZoneRule,
};

use crate::factor::{Factor, Level};
use crate::generate::Instance;

/// Whether the level shows in the problem.
pub fn shows(level: Level, instance: &Instance) -> bool {
    let problem = &instance.problem;
    let name = level.name();
    match level.factor {
        Factor::Relation => problem.relations().first().is_some_and(|relation| kind(relation) == name),
        Factor::Relation2 => {
            let [first, second, ..] = problem.relations() else { return false };
            kind(second) == name
                && (first.clients().iter().any(|c| second.clients().contains(c)) || pins(first, second))
        }
        Factor::Members => problem.relations().first().is_some_and(|relation| {
            let required = relation.clients().iter().filter(|&&c| problem.client(c).required).count();
            required > 0 && required < relation.clients().len()
        }),
        Factor::RankedGoal => has_goal(problem, name, false),
        Factor::WeightedGoal => has_goal(problem, name, true),
        Factor::Initial => instance.initial.is_some(),
        Factor::Executed => executed(problem, name),
        Factor::Travel | Factor::Profiles | Factor::Speed => travel(level, problem),
        _ => of_client(level, problem)
            .or_else(|| of_shipment(level, problem))
            .or_else(|| of_site(level, problem))
            .or_else(|| of_driver(level, problem))
            .unwrap_or_else(|| of_vehicle(level, problem)),
    }
}

/// A pin ties one client, which another relation need not share.
fn pins(first: &Relation, second: &Relation) -> bool {
    matches!(first, Relation::Pin { .. }) || matches!(second, Relation::Pin { .. })
}

fn kind(relation: &Relation) -> &'static str {
    match relation {
        Relation::SameVehicle(_) => "same vehicle",
        Relation::Sequence(_) => "sequence",
        Relation::Precedence(..) => "precedence",
        Relation::AllOrNone(_) => "all or none",
        Relation::Incompatible(_) => "incompatible",
        Relation::Pin { vehicle_type: Some(_), .. } => "pin type",
        Relation::Pin { position: Position::First, .. } => "pin first",
        Relation::Pin { .. } => "pin last",
        other => unreachable!("no factor makes {other:?}"),
    }
}

fn has_goal(problem: &Problem, name: &str, weighted: bool) -> bool {
    let measure = Measure::ALL.into_iter().find(|measure| measure.name() == name);
    let emits = problem.has_consumption() || measure != Some(Measure::Emissions);
    let has = |goal: &milkrun::Goal| Some(goal.measure) == measure && goal.weight.is_some_and(|w| w > 0) == weighted;
    emits && problem.goals().iter().any(has)
}

fn executed(problem: &Problem, name: &str) -> bool {
    let mut executed = problem.vehicle_types().iter().flat_map(|v| &v.executed);
    executed.any(|activity| match name {
        "disposal" => matches!(activity, Activity::Dispose(_)),
        "break" => matches!(activity, Activity::Break(_)),
        _ => activity.is_service(),
    })
}

fn travel(level: Level, problem: &Problem) -> bool {
    let profiles = (0..problem.travel().num_profiles()).map(milkrun::ProfileId::new);
    match (level.factor, level.name()) {
        (Factor::Travel, "great circle") => matches!(problem.travel(), Travel::Haversine { .. }),
        (Factor::Travel, "unreachable") => {
            let places = || (0..problem.locations().len()).map(milkrun::LocationId::new);
            profiles
                .into_iter()
                .any(|p| places().any(|a| places().any(|b| problem.distance(p, a, b) >= milkrun::travel::UNREACHABLE)))
        }
        (Factor::Travel, _) => matches!(problem.travel(), Travel::Matrices(_)),
        (Factor::Profiles, _) => problem.vehicle_types().iter().any(|v| v.profile.index() == 1),
        _ => profiles.into_iter().any(|p| problem.speed(p).is_some()),
    }
}

fn of_client(level: Level, problem: &Problem) -> Option<bool> {
    let clients = problem.clients();
    let any = |has: &dyn Fn(&Client) -> bool| Some(clients.iter().any(has));
    let positive = |list: &[i64]| list.iter().any(|&amount| amount > 0);
    match (level.factor, level.name()) {
        (Factor::Demand, "pickup") => any(&|c| positive(&c.pickup)),
        (Factor::Demand, "delivery") => any(&|c| positive(&c.delivery)),
        (Factor::Demand, "both") => any(&|c| positive(&c.pickup) && positive(&c.delivery)),
        (Factor::Demand, _) => {
            Some(clients.iter().any(|c| !positive(&c.delivery)) && clients.iter().any(|c| positive(&c.delivery)))
        }
        (Factor::Dimensions, _) => Some(problem.load_dimensions() == 2),
        (Factor::Windows, "tight") => any(&|c| !c.time_window.is_always()),
        (Factor::Windows, _) => any(&|c| !c.more_windows.is_empty()),
        (Factor::Soft, "early") => any(&|c| c.soft_window.is_some_and(|soft| soft.cost_per_early > 0)),
        (Factor::Soft, "late") => any(&|c| c.soft_window.is_some_and(|soft| soft.cost_per_late > 0)),
        (Factor::Soft, _) => any(&|c| c.soft_window.is_some_and(|s| s.cost_per_early > 0 && s.cost_per_late > 0)),
        (Factor::Release, _) => any(&|c| c.release > 0),
        (Factor::Optional, "some") => {
            Some(clients.iter().any(|c| c.required) && clients.iter().any(|c| !c.required && c.prize > 0))
        }
        (Factor::Optional, _) => Some(clients.iter().all(|c| !c.required)),
        (Factor::Priority, "one class") => any(&|c| c.priority == 1),
        (Factor::Priority, _) => Some((1..=2).all(|class| clients.iter().any(|c| c.priority == class))),
        (Factor::Group, name) => {
            let (required, patterns) = (!name.starts_with("optional"), name.ends_with("patterns"));
            let shows = |group: &ClientGroup| group.required == required && group.patterns.is_empty() != patterns;
            any(&|c| c.group.is_some_and(|group| shows(&problem.groups()[group.index()])))
        }
        (Factor::Setup, _) => any(&|c| c.setup > 0),
        (Factor::Covers, _) => any(&|c| c.window_covers == WindowCovers::Service && c.service > 0),
        (Factor::Service, "some") => any(&|c| c.service > 0),
        (Factor::Service, _) => any(&|c| !c.service_by_type.is_empty()),
        (Factor::Assignment, "clients") => any(&|c| !c.assignment_costs.is_empty()),
        (Factor::Skills, _) => any(&|c| !c.skills.is_empty()),
        (Factor::Lists, "allowed vehicles") => any(&|c| c.allowed_vehicles.is_some()),
        (Factor::Lists, "forbidden vehicles") => any(&|c| !c.forbidden_vehicles.is_empty()),
        (Factor::Lists, _) => Some(problem.vehicle_types().iter().any(|v| v.allowed_clients.is_some())),
        (Factor::Material, "two") => any(&|c| c.material.is_some()),
        (Factor::Material, _) => {
            Some(!problem.separate_materials().is_empty() && clients.iter().any(|c| c.material.is_some()))
        }
        (Factor::Backhauls, _) => Some(
            problem.backhauls() == Backhauls::AfterLinehauls
                && (0..clients.len()).any(|c| problem.is_backhaul(milkrun::ClientId::new(c)))
                && (0..clients.len()).any(|c| problem.is_linehaul(milkrun::ClientId::new(c))),
        ),
        _ => None,
    }
}

fn of_shipment(level: Level, problem: &Problem) -> Option<bool> {
    let shipments = problem.shipments();
    match (level.factor, level.name()) {
        (Factor::Shipments, "untimed") => Some(!shipments.is_empty()),
        (Factor::Shipments, "timed") => Some(shipments.iter().any(|s| !s.pickup.time_window.is_always())),
        (Factor::Shipments, "optional") => Some(shipments.iter().any(|s| !s.required)),
        (Factor::Shipments, _) => Some(shipments.len() == 2),
        (Factor::Assignment, _) => Some(shipments.iter().any(|s| !s.assignment_costs.is_empty())),
        _ => None,
    }
}

fn of_site(level: Level, problem: &Problem) -> Option<bool> {
    let sites = problem.disposal_sites();
    let used = problem.vehicle_types().iter().any(|v| !v.disposal_sites.is_empty());
    let found = match (level.factor, level.name()) {
        (Factor::Disposal, "one site") => sites.len() == 1,
        (Factor::Disposal, "two sites") => sites.len() == 2,
        (Factor::Disposal, _) => sites.iter().any(|site| site.materials.is_some()),
        (Factor::SiteHours, "one") => sites.iter().any(|site| site.hours.len() == 1),
        (Factor::SiteHours, _) => sites.iter().any(|site| site.hours.len() == 2),
        (Factor::SiteTime, "service") => sites.iter().any(|site| site.service > 0),
        (Factor::SiteTime, _) => sites.iter().any(|site| !site.unloading.is_empty()),
        (Factor::Fees, "visit") => sites.iter().any(|site| site.visit_cost > 0),
        (Factor::Fees, _) => sites.iter().any(|site| !site.tipping_fee.is_empty()),
        (Factor::DailyCapacity, _) => sites.iter().any(|site| !site.daily_capacity.is_empty()),
        _ => return None,
    };
    Some(found && used)
}

fn of_driver(level: Level, problem: &Problem) -> Option<bool> {
    let any = |has: &dyn Fn(&VehicleType) -> bool| Some(problem.vehicle_types().iter().any(has));
    match (level.factor, level.name()) {
        (Factor::Breaks, "anywhere") => any(&|v| v.breaks.iter().any(|b| b.place.is_none())),
        (Factor::Breaks, "at a place") => any(&|v| v.breaks.iter().any(|b| b.place.is_some())),
        (Factor::Breaks, "unpaid") => any(&|v| v.breaks.iter().any(|b| !b.paid)),
        (Factor::Breaks, _) => any(&|v| v.breaks.len() == 2),
        (Factor::DriverRules, "driving") => any(&|v| v.driver_rules.iter().any(|r| r.effort == Effort::Driving)),
        (Factor::DriverRules, "work") => any(&|v| v.driver_rules.iter().any(|r| r.effort == Effort::Work)),
        (Factor::DriverRules, "split") => any(&|v| v.driver_rules.iter().any(|r| r.split.is_some())),
        (Factor::DriverRules, "any pause") => any(&|v| v.driver_rules.iter().any(|r| r.any_pause)),
        (Factor::DriverRules, _) => any(&|v| v.driver_rules.len() == 2),
        (Factor::UnpaidRests, _) => any(&|v| !v.paid_rests && !v.driver_rules.is_empty()),
        (Factor::Overtime, "one step") => any(&|v| v.overtime.len() == 1),
        (Factor::Overtime, _) => any(&|v| v.overtime.len() == 2),
        (Factor::WaitingCost, _) => any(&|v| v.cost_per_waiting > 0),
        _ => None,
    }
}

fn of_vehicle(level: Level, problem: &Problem) -> bool {
    let types = problem.vehicle_types();
    let any = |has: &dyn Fn(&VehicleType) -> bool| types.iter().any(has);
    let counts: Vec<usize> = types.iter().map(|v| v.count).collect();
    match (level.factor, level.name()) {
        (Factor::Compartments, "unlimited") => any(&|v| v.compartments.iter().any(|c| c.capacity.is_empty())),
        (Factor::Compartments, _) => any(&|v| v.compartments.iter().any(|c| !c.capacity.is_empty())),
        (Factor::DepotHours, _) => problem.depots().iter().any(|depot| !depot.time_window.is_always()),
        (Factor::Loading, _) => problem.depots().iter().any(|depot| depot.service > 0),
        (Factor::Ends, "open start") => any(&|v| v.start.is_none() && v.end.is_some()),
        (Factor::Ends, "open end") => any(&|v| v.start.is_some() && v.end.is_none()),
        (Factor::Ends, "open") => any(&|v| v.start.is_none() && v.end.is_none()),
        (Factor::Ends, _) => any(&|v| v.start.is_some() && v.end.is_some() && v.start != v.end),
        (Factor::Reload, "yard") => any(&|v| v.reload_depots.iter().any(|depot| depot.index() == 0)),
        (Factor::Reload, _) => any(&|v| v.reload_depots.iter().any(|depot| depot.index() != 0)),
        (Factor::MaxTrips, "one") => any(&|v| v.max_trips == Some(1)),
        (Factor::MaxTrips, _) => any(&|v| v.max_trips == Some(2)),
        (Factor::Fleet, "two alike") => counts == [2],
        (Factor::Fleet, "two types") => counts == [1, 1],
        (Factor::Fleet, _) => counts.iter().sum::<usize>() == 3,
        (Factor::Capacity, _) => any(&|v| !v.capacity.is_empty()),
        (Factor::FixedCost, _) => any(&|v| v.fixed_cost > 0),
        (Factor::UnitCost, "duration") => any(&|v| v.cost_per_duration > 0 && v.cost_per_distance == 0),
        (Factor::UnitCost, _) => any(&|v| v.cost_per_duration > 0 && v.cost_per_distance > 0),
        (Factor::Shift, _) => any(&|v| !v.shift.is_always()),
        (Factor::MaxDuration, _) => any(&|v| v.max_duration.is_some()),
        (Factor::MaxDistance, _) => any(&|v| v.max_distance.is_some()),
        (Factor::MaxDriving, _) => any(&|v| v.max_driving.is_some()),
        (Factor::MaxWork, _) => any(&|v| v.max_work.is_some()),
        (Factor::MaxStops, _) => any(&|v| v.max_stops.is_some()),
        (Factor::RouteLoad, _) => any(&|v| !v.max_route_load.is_empty()),
        (Factor::Zones, name) => any(&|v| {
            v.zones.iter().any(|rule| match rule {
                ZoneRule::ServeOnly(_) => name == "serve only",
                ZoneRule::Closed(_) => name == "closed",
                _ => name == "closed hours",
            })
        }),
        (Factor::EndEmpty, _) => any(&|v| v.end_empty),
        _ => false,
    }
}
