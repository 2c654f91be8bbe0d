//! Explanations as text.

use std::fmt;

use super::{Explanation, Job, Obstacle, Reason, Relaxation, Searched, Tie, TypeReason};
use crate::plan::Violation;
use crate::units::Cost;

/// The number of a relation's partners that are named.
const NAMED: usize = 4;
/// The number of changes that are listed.
const SHOWN: usize = 4;

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(id) => write!(f, "client {}", id.index()),
            Self::Shipment(id) => write!(f, "shipment {}", id.index()),
        }
    }
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "relation {} ({}", self.relation, self.kind)?;
        if let Some(t) = self.vehicle_type {
            write!(f, " to vehicle type {}", t.index())?;
        }
        for (i, partner) in self.partners.iter().take(NAMED).enumerate() {
            let before = match (i, self.partners.len()) {
                (0, 1) => " with client ",
                (0, _) => " with clients ",
                _ => ", ",
            };
            write!(f, "{before}{}", partner.index())?;
        }
        if self.partners.len() > NAMED {
            write!(f, " and {} more", self.partners.len() - NAMED)?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed => f.write_str("the vehicle type may not serve the client"),
            Self::Pinned(tie) => write!(f, "{tie} requires another vehicle type"),
            Self::MissingSkills(skills) => write!(f, "missing skills: {}", skills.join(", ")),
            Self::NoCompartment(material) => write!(f, "no compartment takes material {}", material.index()),
            Self::TooMuch { dimension, amount, capacity } => {
                write!(f, "a load of {amount} in dimension {dimension} exceeds the vehicle's limit of {capacity}")
            }
            Self::NoSite(Some(material)) => {
                write!(f, "no disposal site of the vehicle accepts material {}", material.index())
            }
            Self::NoSite(None) => f.write_str("the vehicle must end empty but has no disposal site"),
            Self::Alone(violation) => alone(f, violation),
            Self::Partner { tie, client, obstacles } if obstacles.is_empty() => {
                write!(f, "{tie} also requires client {}, which no vehicle can serve", client.index())
            }
            Self::Partner { tie, client, obstacles } => {
                write!(f, "{tie} requires client {} on the same vehicle, but: ", client.index())?;
                write!(f, "{}", list(obstacles))
            }
        }
    }
}

/// A rule that is violated even on shortest paths. The numbers are lower bounds.
fn alone(f: &mut fmt::Formatter<'_>, violation: &Violation) -> fmt::Result {
    f.write_str("even if served alone: ")?;
    match violation {
        Violation::LateService { activity, start, late, .. } => {
            write!(
                f,
                "{activity} cannot start before {start}, {} after its latest start at {late}",
                start.saturating_sub(*late)
            )
        }
        Violation::LateShift { end, late, .. } => {
            write!(
                f,
                "the route cannot end before {end}, {} after the shift's end at {late}",
                end.saturating_sub(*late)
            )
        }
        Violation::LateReturn { depot, arrival, late, .. } => {
            write!(f, "the vehicle cannot return before {arrival}, but depot {} closes at {late}", depot.index())
        }
        Violation::TooLong { duration, limit, .. } => {
            write!(f, "the route takes at least {duration}, but the limit is {limit}")
        }
        Violation::TooFar { distance, limit, .. } => {
            write!(f, "the route's distance is at least {distance}, but the limit is {limit}")
        }
        Violation::TooMuchDriving { driving, limit, .. } => {
            write!(f, "it takes at least {driving} of driving, but the limit is {limit}")
        }
        Violation::TooMuchWork { work, limit, .. } => {
            write!(f, "it takes at least {work} of work, but the limit is {limit}")
        }
        Violation::Unreachable { from, to, .. } => {
            write!(f, "location {} is unreachable from location {}", to.index(), from.index())
        }
        Violation::TooManyStops { stops, limit, .. } => {
            write!(f, "it takes {stops} stops, but the limit is {limit}")
        }
        other => write!(f, "{other}"),
    }
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn list<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Relaxation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let type_of = |f: &mut fmt::Formatter<'_>, what: fmt::Arguments<'_>, t: &crate::ids::VehicleTypeId| {
            write!(f, "{what} for vehicle type {}", t.index())
        };
        match self {
            Self::Prize { by } => write!(f, "+{by} prize: it can be inserted, but costs that much more than its prize"),
            Self::Vehicle { vehicle_type: t } => write!(f, "one more vehicle of type {}", t.index()),
            Self::Shift { vehicle_type: t, by } => type_of(f, format_args!("+{by} shift time"), t),
            Self::MaxDuration { vehicle_type: t, by } => type_of(f, format_args!("+{by} maximum duration"), t),
            Self::MaxDriving { vehicle_type: t, by } => type_of(f, format_args!("+{by} driving time"), t),
            Self::MaxWork { vehicle_type: t, by } => type_of(f, format_args!("+{by} working time"), t),
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
                write!(f, "permission for vehicle type {} to serve the client", t.index())
            }
            Self::Window { client, by } => {
                write!(f, "+{by} at the end of client {}'s last time window", client.index())
            }
            Self::SiteHours { site, until } => write!(f, "disposal site {} open until {until}", site.index()),
            Self::SiteCapacity { site, dimension, by } => {
                write!(f, "+{by} daily capacity of disposal site {} in dimension {dimension}", site.index())
            }
            Self::DepotHours { depot, by } => write!(f, "+{by} opening time of depot {}", depot.index()),
            Self::Break { vehicle_type: t, pause } => type_of(f, format_args!("break {pause} waived"), t),
            Self::DriverRule { vehicle_type: t, rule } => type_of(f, format_args!("driver rule {rule} waived"), t),
            Self::Relation { relation } => write!(f, "relation {relation} removed"),
        }
    }
}

impl TypeReason {
    /// The reason, for a job of that prize, if it is optional.
    pub fn text(&self, prize: Option<Cost>) -> String {
        match &self.reason {
            Reason::Impossible(obstacles) => list(obstacles),
            Reason::NotFound(violated) => {
                let none = "no feasible route was found, even for a vehicle that serves nothing else";
                match violated.as_slice() {
                    [] => none.to_owned(),
                    violated => format!("{none}; the best simple route violates: {}", list(violated)),
                }
            }
            Reason::Tied(tie) => format!("it could be inserted without {tie}"),
            Reason::NoRoom => "no vehicle of this type can serve it in addition to its present stops".to_owned(),
            Reason::Possible { cost } => match prize {
                Some(prize) => format!("inserting it would cost {cost}, but its prize is {prize}"),
                None => format!("it can be inserted at a cost of {cost}"),
            },
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.searched {
            Searched::Nothing => return write!(f, "{} was not examined: the time limit was reached", self.job),
            _ if self.is_impossible() => "cannot be served",
            _ => "is unserved",
        };
        write!(f, "{} {verdict}", self.job)?;
        for own in &self.by_type {
            write!(f, "\n  vehicle type {}: {}", own.vehicle_type.index(), own.text(self.prize))?;
        }
        let shown: Vec<String> = self.relaxations.iter().take(SHOWN).map(ToString::to_string).collect();
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
