//! What differs between two plans for the same clients.

use std::collections::HashMap;
use std::fmt;

use super::order::out_of_order;
use super::publish::Day;
use crate::model::{Activity, Labels, Problem};
use crate::plan::Plan;
use crate::units::{Clock, Cost, Distance, Duration, Time};

/// One change of a plan, with the event that it is due to where that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A service is on another route.
    Moved {
        /// The client or shipment stop.
        activity: Activity,
        /// Its name; may be empty.
        name: String,
        /// The routes and beginnings of service.
        from: (usize, Time),
        /// The same, now.
        to: (usize, Time),
        /// The event.
        cause: Option<usize>,
    },
    /// A service begins at another time on the same route.
    Retimed {
        /// The client or shipment stop.
        activity: Activity,
        /// Its name; may be empty.
        name: String,
        /// The route.
        route: usize,
        /// When service was to begin.
        before: Time,
        /// When it begins now.
        after: Time,
        /// The event.
        cause: Option<usize>,
    },
    /// A client or shipment stop that was to be served is not.
    Dropped {
        /// The client or shipment stop.
        activity: Activity,
        /// Its name; may be empty.
        name: String,
        /// Where and when it was to be served.
        from: (usize, Time),
        /// The event.
        cause: Option<usize>,
    },
    /// A client or shipment stop that was not planned is served.
    Inserted {
        /// The client or shipment stop.
        activity: Activity,
        /// Its name; may be empty.
        name: String,
        /// Where and when.
        to: (usize, Time),
        /// The event.
        cause: Option<usize>,
    },
    /// A route is driven that was not planned.
    CalledOut {
        /// The route.
        route: usize,
        /// The vehicle's name; may be empty.
        name: String,
        /// When it starts.
        start: Time,
    },
    /// A planned route is not driven.
    StoodDown {
        /// The route.
        route: usize,
        /// The vehicle's name; may be empty.
        name: String,
    },
}

/// What differs between two plans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Every change, by route and time of the plan before.
    pub changes: Vec<Change>,
    /// How many services are out of order on their route: of those that a route has in both plans, the fewest that must be taken out
    /// for the rest to stand in the order before.
    pub reordered: usize,
    /// Costs before and after; of an adaptation, without the prices of changes and of what is unserved.
    pub cost: (Cost, Cost),
    /// Distances before and after.
    pub distance: (Distance, Distance),
    /// The sums of the routes' durations before and after.
    pub duration: (Duration, Duration),
    /// Numbers of routes before and after.
    pub routes: (usize, usize),
}

/// What differs between two plans of a problem: routes are compared by their index. Services that begin at most `tolerance`
/// earlier or later are the same.
///
/// ```
/// use milkrun::adapt::diff;
/// use milkrun::{Client, Coord, Depot, Plan, Problem, SolveParams, Stop, VehicleType, solve};
///
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// b.add_client(Client::at(Coord::new(3.0, 4.0)).name("mill"));
/// b.add_vehicle_type(VehicleType::new(1).depot(yard));
/// let problem = b.build().unwrap();
/// let plan = solve(&problem, &SolveParams { stop: Stop::after_iterations(5), ..SolveParams::default() }).plan;
/// let difference = diff(&problem, &Plan::empty(&problem), &plan, 0);
/// let told: Vec<String> = difference.changes.iter().map(ToString::to_string).collect();
/// assert_eq!(told, ["route 0 is called out, start 0", "client 0 (mill) is served by route 0 at 5"]);
/// let told = difference.changes[1].in_words(&problem, None).to_string();
/// assert_eq!(told, "client \"mill\" is served by truck 1 at 5");
/// ```
pub fn diff(problem: &Problem, before: &Plan, after: &Plan, tolerance: Duration) -> Difference {
    let (was, is) = (Places::of(before, &|route| route), Places::of(after, &|route| route));
    let mut difference = compare(problem, &was, &is, tolerance, &HashMap::new());
    difference.totals(before, after);
    difference.cost = (before.cost(), after.cost());
    difference
}

/// What differs between the published plan and the adapted one; `driven` is the adapted one without the prices of changes.
pub(super) fn since(day: &Day<'_>, (before, driven): (&Plan, &Plan), (now, after): (&Problem, &Plan)) -> Difference {
    // The first vehicle types are those of the published routes; routes of other types are numbered behind them.
    let published = day.trucks.len();
    let type_of = |route: &crate::plan::RouteStops| route.vehicle_type.index();
    let index_of = |route: usize| {
        let routes = &after.route_stops()[..=route];
        let called_out = routes.iter().filter(|route| type_of(route) >= published).count();
        if type_of(&routes[route]) < published { type_of(&routes[route]) } else { published + called_out - 1 }
    };
    let (was, is) = (Places::of(before, &|route| route), Places::of(after, &index_of));
    let mut difference = compare(now, &was, &is, 0, &day.causes);
    difference.totals(before, after);
    let cost = |plan: &Plan| plan.cost().saturating_sub(plan.breakdown().unserved);
    difference.cost = (cost(before), cost(driven));
    difference
}

/// Where each service is, and which routes there are.
struct Places {
    services: Vec<(Activity, usize, Time)>,
    by_activity: HashMap<Activity, (usize, Time)>,
    routes: Vec<(usize, usize, Time)>,
}

impl Places {
    fn of(plan: &Plan, index_of: &dyn Fn(usize) -> usize) -> Self {
        let mut places = Self { services: Vec::new(), by_activity: HashMap::new(), routes: Vec::new() };
        for (r, route) in plan.routes().iter().enumerate() {
            let index = index_of(r);
            places.routes.push((index, route.vehicle_type.index(), route.start));
            for visit in route.visits().filter(|visit| visit.activity.is_service()) {
                places.services.push((visit.activity, index, visit.start));
                places.by_activity.entry(visit.activity).or_insert((index, visit.start));
            }
        }
        places
    }

    fn has(&self, route: usize) -> bool {
        self.routes.iter().any(|&(index, ..)| index == route)
    }
}

fn compare(
    problem: &Problem,
    was: &Places,
    is: &Places,
    tolerance: Duration,
    causes: &HashMap<Activity, usize>,
) -> Difference {
    let mut changes = Vec::new();
    let truck = |t: usize| problem.vehicle_types().get(t).map_or(String::new(), |v| v.name.clone());
    for &(route, t, _) in was.routes.iter().filter(|&&(route, ..)| !is.has(route)) {
        changes.push(Change::StoodDown { route, name: truck(t) });
    }
    for &(route, t, start) in is.routes.iter().filter(|&&(route, ..)| !was.has(route)) {
        changes.push(Change::CalledOut { route, name: truck(t), start });
    }
    for &(activity, route, before) in &was.services {
        let (name, cause) = (name_of(problem, activity), causes.get(&activity).copied());
        match is.by_activity.get(&activity) {
            None => changes.push(Change::Dropped { activity, name, from: (route, before), cause }),
            Some(&to) if to.0 != route => {
                changes.push(Change::Moved { activity, name, from: (route, before), to, cause });
            }
            Some(&(_, after)) if (after - before).abs() > tolerance => {
                changes.push(Change::Retimed { activity, name, route, before, after, cause });
            }
            Some(_) => {}
        }
    }
    for &(activity, route, start) in &is.services {
        if !was.by_activity.contains_key(&activity) {
            let (name, cause) = (name_of(problem, activity), causes.get(&activity).copied());
            changes.push(Change::Inserted { activity, name, to: (route, start), cause });
        }
    }
    Difference { changes, reordered: reordered(was, is), ..Difference::default() }
}

/// How many services are out of order on the route that they stay on.
fn reordered(was: &Places, is: &Places) -> usize {
    let mut places: HashMap<usize, Vec<usize>> = HashMap::new();
    let before: HashMap<(Activity, usize), usize> =
        was.services.iter().enumerate().map(|(at, &(activity, route, _))| ((activity, route), at)).collect();
    for &(activity, route, _) in &is.services {
        if let Some(&at) = before.get(&(activity, route)) {
            places.entry(route).or_default().push(at);
        }
    }
    places.values().map(|places| out_of_order(places)).sum()
}

impl Difference {
    fn totals(&mut self, before: &Plan, after: &Plan) {
        let distance = |plan: &Plan| plan.routes().iter().map(|route| route.distance).sum();
        let duration = |plan: &Plan| plan.routes().iter().map(crate::plan::Route::duration).sum();
        self.distance = (distance(before), distance(after));
        self.duration = (duration(before), duration(after));
        self.routes = (before.routes().len(), after.routes().len());
    }
}

fn name_of(problem: &Problem, activity: Activity) -> String {
    match activity {
        Activity::Client(id) => problem.clients().get(id.index()).map(|client| client.name.clone()),
        Activity::Pickup(id) | Activity::Delivery(id) => {
            problem.shipments().get(id.index()).map(|shipment| shipment.name.clone())
        }
        _ => None,
    }
    .unwrap_or_default()
}

/// `client 3 (mill)`
struct Named<'a>(Activity, &'a str);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Activity::Client(id) => write!(f, "client {}", id.index())?,
            Activity::Pickup(id) => write!(f, "the pickup of shipment {}", id.index())?,
            Activity::Delivery(id) => write!(f, "the delivery of shipment {}", id.index())?,
            other => write!(f, "{other:?}")?,
        }
        if self.1.is_empty() { Ok(()) } else { write!(f, " ({})", self.1) }
    }
}

impl fmt::Display for Change {
    /// For programs: routes and clients by their indices, times as numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

/// A change in the words of dispatchers.
struct InWords<'a>(&'a Change, Labels<'a>);

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say(f, self.1)
    }
}

impl Change {
    /// The change in words for dispatchers: trucks count from 1, as on pages, clients have the names that the problem gives, and, with a
    /// clock, times are times of day. By itself a change displays indices.
    ///
    /// The problem is that of the plan after the change.
    pub fn in_words<'a>(&'a self, problem: &'a Problem, clock: Option<Clock>) -> impl fmt::Display + 'a {
        InWords(self, Labels::for_dispatchers(problem, clock))
    }

    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        let who = |activity: &Activity, name: &str| {
            if labels.has_names() { labels.activity(*activity) } else { Named(*activity, name).to_string() }
        };
        let vehicle = |route: usize, name: &str| {
            let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
            format!("{}{name}", labels.route(route))
        };
        let at = |(route, time): &(usize, Time)| format!("{} at {}", labels.route(*route), labels.time(*time));
        match self {
            Self::Moved { activity, name, from, to, .. } => {
                write!(f, "{} moves from {} to {}", who(activity, name), at(from), at(to))
            }
            Self::Retimed { activity, name, route, before, after, .. } => {
                let word = if after > before { "later" } else { "earlier" };
                let by = labels.span((after - before).abs());
                let (who, route) = (who(activity, name), labels.route(*route));
                let (before, after) = (labels.time(*before), labels.time(*after));
                write!(f, "{who} is served {by} {word} by {route}, at {after} instead of {before}")
            }
            Self::Dropped { activity, name, from: (route, time), .. } => {
                let (route, time) = (labels.route(*route), labels.time(*time));
                write!(f, "{} is dropped from {route}, where it was due at {time}", who(activity, name))
            }
            Self::Inserted { activity, name, to, .. } => {
                write!(f, "{} is served by {}", who(activity, name), at(to))
            }
            Self::CalledOut { route, name, start } => {
                write!(f, "{} is called out, start {}", vehicle(*route, name), labels.time(*start))
            }
            Self::StoodDown { route, name } => write!(f, "{} is stood down", vehicle(*route, name)),
        }
    }
}
