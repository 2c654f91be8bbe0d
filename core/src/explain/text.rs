//! Explanations as text.

use std::fmt;

use super::{Blocking, Explanation, Holder, Job, Obstacle, Reason, Relaxation, Searched, Tie, TypeReason};
use crate::model::{Labels, Problem};
use crate::plan::Violation;
use crate::units::{Clock, Cost};

/// The number of a relation's partners that are named.
const NAMED: usize = 4;
/// The number of changes that are listed.
const SHOWN: usize = 4;

/// What can be said with the names of a problem.
trait Say {
    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result;
}

/// Something, and what its parts are called.
struct Said<'a, T>(&'a T, Labels<'a>);

impl<T: Say> fmt::Display for Said<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say(f, self.1)
    }
}

impl Say for Violation {
    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        Self::say(self, f, labels)
    }
}

impl Say for Job {
    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        f.write_str(&match *self {
            Self::Client(id) => labels.client(id),
            Self::Shipment(id) => labels.shipment(id),
        })
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

impl Say for Tie {
    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        write!(f, "relation {} ({}", self.relation, self.kind)?;
        if let Some(t) = self.vehicle_type {
            write!(f, " to {}", labels.vehicle_type(t))?;
        }
        let named = &self.partners[..self.partners.len().min(NAMED)];
        match self.partners.len() {
            0 => {}
            1 => write!(f, " with {}", labels.client(named[0]))?,
            _ => write!(f, " with clients {}", labels.list(named))?,
        }
        if self.partners.len() > NAMED {
            write!(f, " and {} more", self.partners.len() - NAMED)?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

impl Obstacle {
    /// The obstacle in words, with the names that its problem gives.
    pub fn with_names<'a>(&'a self, problem: &'a Problem) -> impl fmt::Display + 'a {
        Said(self, Labels::of(problem))
    }
}

impl Say for Obstacle {
    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed => f.write_str("the vehicle type may not serve the client"),
            Self::OutsideZones => f.write_str("it lies outside the zones that the vehicle type serves"),
            Self::ZoneClosed(zone) => write!(f, "{} is closed to the vehicle type", labels.zone(*zone)),
            Self::Pinned(tie) => write!(f, "{} requires another vehicle type", Said(tie, labels)),
            Self::MissingSkills(skills) => write!(f, "missing skills: {}", skills.join(", ")),
            Self::NoCompartment(material) => write!(f, "no compartment takes {}", labels.material(*material)),
            Self::TooMuch { dimension, amount, capacity } => {
                write!(f, "a load of {amount} in dimension {dimension} exceeds the vehicle's limit of {capacity}")
            }
            Self::NoSite(Some(material)) => {
                write!(f, "no disposal site of the vehicle accepts {}", labels.material(*material))
            }
            Self::NoSite(None) => f.write_str("the vehicle must end empty but has no disposal site"),
            Self::Alone(violation) => alone(f, violation, labels),
            Self::HeldBack { by, until, violation } => {
                match by {
                    Holder::Depot(depot) => write!(f, "{} does not open before {until}; ", labels.depot(*depot))?,
                    Holder::Shift => write!(f, "the shift does not begin before {until}; ")?,
                    Holder::Release(_) => write!(f, "the trip may not load before the release at {until}; ")?,
                }
                alone(f, violation, labels)
            }
            Self::Partner { tie, client, obstacles } if obstacles.is_empty() => {
                write!(f, "{tie} also requires client {}, which no vehicle can serve", client.index())
            }
            Self::Partner { tie, client, obstacles } => {
                write!(f, "{} requires {} on the same vehicle, but: ", Said(tie, labels), labels.client(*client))?;
                write!(f, "{}", list(obstacles, labels))
            }
        }
    }
}

/// A rule that is violated even on shortest paths. The numbers are lower bounds.
fn alone(f: &mut fmt::Formatter<'_>, violation: &Violation, labels: Labels<'_>) -> fmt::Result {
    f.write_str("even if served alone: ")?;
    match violation {
        Violation::LateService { activity, start, late, .. } => {
            write!(
                f,
                "{} cannot start before {}, {} after its latest start at {}",
                labels.activity(*activity),
                labels.time(*start),
                labels.span(start.saturating_sub(*late)),
                labels.time(*late)
            )
        }
        Violation::LateShift { end, late, .. } => {
            write!(
                f,
                "the route cannot end before {}, {} after the shift's end at {}",
                labels.time(*end),
                labels.span(end.saturating_sub(*late)),
                labels.time(*late)
            )
        }
        Violation::LateReturn { depot, arrival, late, .. } => {
            let (arrival, late) = (labels.time(*arrival), labels.time(*late));
            write!(f, "the vehicle cannot return before {arrival}, but {} closes at {late}", labels.depot(*depot))
        }
        Violation::TooLong { duration, limit, .. } => {
            write!(f, "the route takes at least {}, but the limit is {}", labels.span(*duration), labels.span(*limit))
        }
        Violation::TooFar { distance, limit, .. } => {
            write!(f, "the route's distance is at least {distance}, but the limit is {limit}")
        }
        Violation::TooMuchDriving { driving, limit, .. } => {
            let (driving, limit) = (labels.span(*driving), labels.span(*limit));
            write!(f, "it takes at least {driving} of driving, but the limit is {limit}")
        }
        Violation::TooMuchWork { work, limit, .. } => {
            write!(f, "it takes at least {} of work, but the limit is {}", labels.span(*work), labels.span(*limit))
        }
        Violation::Unreachable { from, to, .. } => {
            write!(f, "{} is unreachable from {}", labels.location(*to), labels.location(*from))
        }
        Violation::TooManyStops { stops, limit, .. } => {
            write!(f, "it takes {stops} stops, but the limit is {limit}")
        }
        other => other.say(f, labels),
    }
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn list<T: Say>(items: &[T], labels: Labels<'_>) -> String {
    items.iter().map(|item| Said(item, labels).to_string()).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Relaxation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

impl Relaxation {
    /// The change in words, with the names that the problem gives.
    pub fn with_names<'a>(&'a self, problem: &'a Problem) -> impl fmt::Display + 'a {
        Said(self, Labels::of(problem))
    }
}

impl Say for Relaxation {
    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        let type_of = |f: &mut fmt::Formatter<'_>, what: fmt::Arguments<'_>, t: &crate::ids::VehicleTypeId| {
            write!(f, "{what} for {}", labels.vehicle_type(*t))
        };
        match self {
            Self::Prize { by } => write!(f, "+{by} prize: it can be inserted, but costs that much more than its prize"),
            Self::Vehicle { vehicle_type: t } => write!(f, "one more of {}", labels.vehicle_type(*t)),
            Self::Shift { vehicle_type: t, by } => type_of(f, format_args!("+{} shift time", labels.span(*by)), t),
            Self::ShiftStart { vehicle_type: t, by } => {
                type_of(f, format_args!("a shift that begins {} earlier", labels.span(*by)), t)
            }
            Self::MaxDuration { vehicle_type: t, by } => {
                type_of(f, format_args!("+{} maximum duration", labels.span(*by)), t)
            }
            Self::MaxDriving { vehicle_type: t, by } => {
                type_of(f, format_args!("+{} driving time", labels.span(*by)), t)
            }
            Self::MaxWork { vehicle_type: t, by } => type_of(f, format_args!("+{} working time", labels.span(*by)), t),
            Self::MaxDistance { vehicle_type: t, by } => type_of(f, format_args!("+{by} maximum distance"), t),
            Self::Capacity { vehicle_type: t, dimension, by } => {
                type_of(f, format_args!("+{by} capacity in dimension {dimension}"), t)
            }
            Self::RouteLoad { vehicle_type: t, dimension, by } => {
                type_of(f, format_args!("+{by} route load in dimension {dimension}"), t)
            }
            Self::MaxStops { vehicle_type: t, by } => {
                type_of(f, format_args!("+{by} stop{} per route", plural(*by)), t)
            }
            Self::MaxTrips { vehicle_type: t, by } => {
                type_of(f, format_args!("+{by} trip{} per route", plural(*by)), t)
            }
            Self::Skill { vehicle_type: t, skill } => type_of(f, format_args!("the skill {skill:?}"), t),
            Self::Allow { vehicle_type: t } => {
                write!(f, "permission for {} to serve the client", labels.vehicle_type(*t))
            }
            Self::Window { client, by } => {
                let by = labels.span(*by);
                write!(f, "+{by} at the end of the last time window of {}", labels.client(*client))
            }
            Self::SiteHours { site, until } => write!(f, "{} open until {}", labels.site(*site), labels.time(*until)),
            Self::SiteCapacity { site, dimension, by } => {
                write!(f, "+{by} daily capacity of {} in dimension {dimension}", labels.site(*site))
            }
            Self::DepotHours { depot, by } => {
                write!(f, "+{} opening time of {}", labels.span(*by), labels.depot(*depot))
            }
            Self::DepotOpening { depot, by } => {
                write!(f, "{} open {} earlier", labels.depot(*depot), labels.span(*by))
            }
            Self::Release { client, by } => {
                write!(f, "{} released {} earlier", labels.client(*client), labels.span(*by))
            }
            Self::Break { vehicle_type: t, pause } => {
                type_of(f, format_args!("{} waived", labels.pause(*t, *pause)), t)
            }
            Self::Zones { vehicle_type: t } => type_of(f, format_args!("rules on zones waived"), t),
            Self::DriverRule { vehicle_type: t, rule } => type_of(f, format_args!("driver rule {rule} waived"), t),
            Self::Relation { relation } => write!(f, "relation {relation} removed"),
        }
    }
}

impl TypeReason {
    /// The reason in words, for a job of that prize, if it is optional, with the names that the problem gives.
    pub fn text(&self, prize: Option<Cost>, problem: &Problem) -> String {
        self.say(prize, Labels::of(problem))
    }

    fn say(&self, prize: Option<Cost>, labels: Labels<'_>) -> String {
        match &self.reason {
            Reason::Impossible(obstacles) => list(obstacles, labels),
            Reason::NotFound(violated) => {
                let none = "no feasible route was found, even for a vehicle that serves nothing else";
                match violated.as_slice() {
                    [] => none.to_owned(),
                    violated => format!("{none}; the best simple route violates: {}", list(violated, labels)),
                }
            }
            Reason::Tied(tie) => format!("it could be inserted without {}", Said(tie, labels)),
            Reason::NoRoom => {
                let none = "no vehicle of this type can serve it in addition to its present stops";
                match &self.blocking {
                    Blocking::Unknown => none.to_owned(),
                    Blocking::AnyOf(rules) => format!("{none}, because of {}", rules.join(", or ")),
                    Blocking::Together(rules) => format!("{none}, because of {} together", rules.join(" and ")),
                }
            }
            Reason::Possible { cost } => match prize {
                Some(prize) => format!("inserting it would cost {cost}, but its prize is {prize}"),
                None => format!("it can be inserted at a cost of {cost}"),
            },
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

impl Explanation {
    /// The explanation in words, with the names that its problem gives: `client "mill"`. By itself it displays indices.
    pub fn with_names<'a>(&'a self, problem: &'a Problem) -> impl fmt::Display + 'a {
        Said(self, Labels::of(problem))
    }

    /// The explanation as dispatchers read it: with names, trucks and trips counted from 1 and, with a clock, times of day.
    pub fn in_words<'a>(&'a self, problem: &'a Problem, clock: Option<Clock>) -> impl fmt::Display + 'a {
        Said(self, Labels::for_dispatchers(problem, clock))
    }
}

impl Say for Explanation {
    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        let verdict = match self.searched {
            Searched::Nothing => {
                return write!(f, "{} was not examined: the time limit was reached", Said(&self.job, labels));
            }
            _ if self.is_impossible() => "cannot be served",
            _ => "is unserved",
        };
        write!(f, "{} {verdict}", Said(&self.job, labels))?;
        for own in &self.by_type {
            let (vehicle_type, reason) = (labels.vehicle_type(own.vehicle_type), own.say(self.prize, labels));
            write!(f, "\n  {vehicle_type}: {reason}")?;
        }
        let shown: Vec<String> =
            self.relaxations.iter().take(SHOWN).map(|change| Said(change, labels).to_string()).collect();
        if !shown.is_empty() {
            write!(f, "\n  what would help: {}", shown.join("; or "))?;
            if self.relaxations.len() > SHOWN {
                write!(f, "; or one of {} larger changes", self.relaxations.len() - SHOWN)?;
            }
        }
        match self.searched {
            Searched::Reasons => f.write_str("\n  the time limit was reached before every change was tried"),
            _ if !shown.is_empty() => Ok(()),
            _ if self.plan_is_broken => f.write_str("\n  the plan itself is infeasible: repair it first"),
            _ if self.has_room() => f.write_str("\n  no change is needed: solve longer, or start from this plan"),
            _ => f.write_str("\n  no single change that would help was found"),
        }
    }
}
