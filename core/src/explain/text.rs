//! Explanations in words.

use std::fmt;

use super::{Explanation, Job, Obstacle, Reason, Relaxation, Searched, Tie};
use crate::plan::Violation;

/// So many partners of a relation are named.
const NAMED: usize = 4;
/// So many changes that would help are written.
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
            Self::NotAllowed => f.write_str("the client and the vehicle type are not allowed together"),
            Self::Pinned(tie) => write!(f, "{tie} asks for another vehicle type"),
            Self::MissingSkills(skills) => write!(f, "skills are missing: {}", skills.join(", ")),
            Self::NoCompartment(material) => write!(f, "there is no compartment for material {}", material.index()),
            Self::TooMuch { dimension, amount, capacity } => {
                write!(f, "{amount} in dimension {dimension} is more than the {capacity} that the vehicle may take")
            }
            Self::NoSite(Some(material)) => {
                write!(f, "no disposal site of the vehicle takes material {}", material.index())
            }
            Self::NoSite(None) => f.write_str("the vehicle must come home empty and has no disposal site"),
            Self::Alone(violation) => alone(f, violation),
            Self::Partner { tie, client, obstacles } if obstacles.is_empty() => {
                write!(f, "{tie} asks for client {}, too, whom no vehicle can serve", client.index())
            }
            Self::Partner { tie, client, obstacles } => {
                write!(f, "{tie} asks for client {} on the same vehicle, and: ", client.index())?;
                write!(f, "{}", list(obstacles))
            }
        }
    }
}

/// What is broken even on the shortest ways. The numbers are the least that there can be.
fn alone(f: &mut fmt::Formatter<'_>, violation: &Violation) -> fmt::Result {
    f.write_str("even served alone: ")?;
    match violation {
        Violation::LateService { activity, start, late, .. } => {
            write!(f, "{activity} cannot start before {start}, {} after {late}", start.saturating_sub(*late))
        }
        Violation::LateShift { end, late, .. } => {
            write!(
                f,
                "the route cannot end before {end}, {} after the shift's end at {late}",
                end.saturating_sub(*late)
            )
        }
        Violation::LateReturn { depot, arrival, late, .. } => {
            write!(f, "the vehicle cannot be back before {arrival}, but depot {} closes at {late}", depot.index())
        }
        Violation::TooLong { duration, limit, .. } => {
            write!(f, "the route takes {duration} at least, at most {limit} is allowed")
        }
        Violation::TooFar { distance, limit, .. } => {
            write!(f, "the route is {distance} long at least, at most {limit} is allowed")
        }
        Violation::TooMuchDriving { driving, limit, .. } => {
            write!(f, "it takes {driving} of driving at least, at most {limit} is allowed")
        }
        Violation::TooMuchWork { work, limit, .. } => {
            write!(f, "it takes {work} of work at least, at most {limit} is allowed")
        }
        Violation::Unreachable { from, to, .. } => {
            write!(f, "there is no way from location {} to location {}", from.index(), to.index())
        }
        Violation::TooManyStops { stops, limit, .. } => {
            write!(f, "it makes {stops} stops, at most {limit} are allowed")
        }
        other => write!(f, "{other}"),
    }
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
            Self::Prize { by } => write!(f, "+{by} of prize: there is room, and it costs that much more than it pays"),
            Self::Vehicle { vehicle_type: t } => write!(f, "one more vehicle of type {}", t.index()),
            Self::Shift { vehicle_type: t, by } => type_of(f, format_args!("+{by} of shift"), t),
            Self::MaxDuration { vehicle_type: t, by } => type_of(f, format_args!("+{by} of longest duration"), t),
            Self::MaxDriving { vehicle_type: t, by } => type_of(f, format_args!("+{by} of driving"), t),
            Self::MaxWork { vehicle_type: t, by } => type_of(f, format_args!("+{by} of work"), t),
            Self::MaxDistance { vehicle_type: t, by } => type_of(f, format_args!("+{by} of distance"), t),
            Self::Capacity { vehicle_type: t, dimension, by } => {
                type_of(f, format_args!("+{by} of capacity in dimension {dimension}"), t)
            }
            Self::RouteLoad { vehicle_type: t, dimension, by } => {
                type_of(f, format_args!("+{by} of load a day in dimension {dimension}"), t)
            }
            Self::MaxStops { vehicle_type: t, by } => type_of(f, format_args!("+{by} stops a day"), t),
            Self::MaxTrips { vehicle_type: t, by } => type_of(f, format_args!("+{by} trips a day"), t),
            Self::Skill { vehicle_type: t, skill } => type_of(f, format_args!("the skill {skill:?}"), t),
            Self::Allow { vehicle_type: t } => write!(f, "allow the client on vehicle type {}", t.index()),
            Self::Window { client, by } => write!(f, "+{by} of client {}'s last window", client.index()),
            Self::SiteHours { site, until } => write!(f, "open disposal site {} until {until}", site.index()),
            Self::SiteCapacity { site, dimension, by } => {
                write!(f, "+{by} of disposal site {}'s capacity in dimension {dimension}", site.index())
            }
            Self::DepotHours { depot, by } => write!(f, "+{by} of depot {}'s opening hours", depot.index()),
            Self::Break { vehicle_type: t, pause } => type_of(f, format_args!("no need for break {pause}"), t),
            Self::DriverRule { vehicle_type: t, rule } => type_of(f, format_args!("no driver rule {rule}"), t),
            Self::Relation { relation } => write!(f, "no relation {relation}"),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.searched {
            Searched::Nothing => return write!(f, "{} was not looked at: the time was up", self.job),
            _ if self.is_impossible() => "cannot be served",
            _ => "was not chosen",
        };
        write!(f, "{} {verdict}", self.job)?;
        for own in &self.by_type {
            write!(f, "\n  vehicle type {}: ", own.vehicle_type.index())?;
            match &own.reason {
                Reason::Impossible(obstacles) => f.write_str(&list(obstacles))?,
                Reason::NotFound(broken) => {
                    f.write_str("no way to serve it was found, even alone")?;
                    if !broken.is_empty() {
                        write!(f, ", where the simplest route breaks: {}", list(broken))?;
                    }
                }
                Reason::Tied(tie) => write!(f, "there would be room without {tie}")?,
                Reason::NoRoom => f.write_str("there is no room beside what its vehicles do already")?,
                Reason::Possible { cost } => match self.prize {
                    Some(prize) => write!(f, "it would cost {cost}, and is worth {prize}")?,
                    None => write!(f, "there is room, at a cost of {cost}")?,
                },
            }
        }
        let shown: Vec<String> = self.relaxations.iter().take(SHOWN).map(ToString::to_string).collect();
        if !shown.is_empty() {
            write!(f, "\n  what would help: {}", shown.join("; or "))?;
            if self.relaxations.len() > SHOWN {
                write!(f, "; or one of {} larger changes", self.relaxations.len() - SHOWN)?;
            }
        }
        match self.searched {
            Searched::Reasons => f.write_str("\n  the time was up before all that might help was tried"),
            _ if !shown.is_empty() => Ok(()),
            _ if self.plan_is_broken => f.write_str("\n  the plan breaks rules of its own: mend it first"),
            _ if self.has_room() => f.write_str("\n  nothing needs to change: solve longer, or start from this plan"),
            _ => f.write_str("\n  no single change was found that would help"),
        }
    }
}
