//! Explanations in words.

use std::fmt;

use super::{Explanation, Job, Obstacle, Reason, Relaxation};

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(id) => write!(f, "client {}", id.index()),
            Self::Shipment(id) => write!(f, "shipment {}", id.index()),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed => f.write_str("the client and the vehicle type are not allowed together"),
            Self::MissingSkills(skills) => write!(f, "skills are missing: {}", skills.join(", ")),
            Self::NoCompartment(material) => write!(f, "there is no compartment for material {}", material.index()),
            Self::TooMuch { dimension, amount, capacity } => {
                write!(f, "{amount} in dimension {dimension} is more than the {capacity} that the vehicle may take")
            }
            Self::NoSite(Some(material)) => {
                write!(f, "no disposal site of the vehicle takes material {}", material.index())
            }
            Self::NoSite(None) => f.write_str("the vehicle must come home empty and has no disposal site"),
            Self::Alone(violation) => write!(f, "even served alone: {violation}"),
        }
    }
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
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_impossible() { "cannot be served" } else { "was not chosen" };
        write!(f, "{} {verdict}", self.job)?;
        for own in &self.by_type {
            write!(f, "\n  vehicle type {}: ", own.vehicle_type.index())?;
            match &own.reason {
                Reason::Impossible(obstacles) => {
                    let texts: Vec<String> = obstacles.iter().map(ToString::to_string).collect();
                    f.write_str(&texts.join("; "))?;
                }
                Reason::NoRoom => f.write_str("there is no room beside what its vehicles do already")?,
                Reason::Possible { cost } => match self.prize {
                    Some(prize) => write!(f, "it would cost {cost}, and is worth {prize}")?,
                    None => write!(f, "there is room, at a cost of {cost}")?,
                },
            }
        }
        match self.relaxations.first() {
            Some(least) => write!(f, "\n  what would help: {least}"),
            None => f.write_str("\n  no single change would help"),
        }
    }
}
