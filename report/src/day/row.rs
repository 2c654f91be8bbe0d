//! One thing that happens on a trip.

use milkrun::plan::Activity;
use milkrun::units::{Duration, Load, Time};
use milkrun::{DepotId, LocationId, Notes, Problem};

use super::names::called;
use crate::figures::Figures;

/// Tags that say which containers are emptied.
const CONTAINERS: [&str; 2] = ["bins", "containers"];

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The vehicle loads and leaves a depot.
    Leave(DepotId),
    /// It serves, unloads or pauses.
    Visit(Activity),
    /// It comes back to a depot.
    Return(DepotId),
}

/// One thing that happens on a trip: a row of tables, a place on maps.
pub(crate) struct Row<'a> {
    pub(crate) step: Step,
    /// The number of a service on its route, counted from 1.
    pub(crate) order: Option<usize>,
    /// Its position among the trip's visits, counted from 0.
    pub(crate) position: Option<usize>,
    pub(crate) name: String,
    /// Where; `None` for a pause during a drive.
    pub(crate) location: Option<LocationId>,
    /// How long setting up took before the arrival.
    pub(crate) setup: Duration,
    pub(crate) arrival: Time,
    pub(crate) start: Time,
    pub(crate) departure: Time,
    /// What is brought, by load dimension; empty if nothing is.
    pub(crate) brought: Vec<Load>,
    /// What is taken along.
    pub(crate) taken: Vec<Load>,
    /// The material of what is taken.
    pub(crate) material: Option<&'a str>,
    /// What is on board afterwards.
    pub(crate) load: &'a [Load],
    pub(crate) notes: Option<&'a Notes>,
}

impl Step {
    /// A word for programs, as documents have it; depots have words of their own.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Leave(_) => "leave",
            Self::Return(_) => "return",
            Self::Visit(Activity::Client(_)) => "client",
            Self::Visit(Activity::Pickup(_)) => "pickup",
            Self::Visit(Activity::Delivery(_)) => "delivery",
            Self::Visit(Activity::Dispose(_)) => "dispose",
            Self::Visit(Activity::Break(_)) => "break",
            Self::Visit(_) => "rest",
        }
    }

    pub(crate) const fn is_service(self) -> bool {
        matches!(self, Self::Visit(activity) if activity.is_service())
    }

    pub(crate) const fn is_disposal(self) -> bool {
        matches!(self, Self::Visit(Activity::Dispose(_)))
    }

    pub(crate) const fn is_pause(self) -> bool {
        matches!(self, Self::Visit(Activity::Break(_) | Activity::Rest(_)))
    }
}

impl Row<'_> {
    pub(crate) const fn waiting(&self) -> i64 {
        self.start.saturating_sub(self.arrival)
    }

    /// What is done, in words.
    pub(crate) fn what(&self, figures: &Figures) -> String {
        let of = self.material.map(|material| format!(" ({material})")).unwrap_or_default();
        let (brought, taken) = (figures.amounts(&self.brought), figures.amounts(&self.taken));
        let length = figures.span(self.departure.saturating_sub(self.start));
        match self.step {
            Step::Leave(_) if taken.is_empty() => "leave".to_owned(),
            Step::Leave(_) => format!("load {taken}"),
            Step::Return(_) => "return".to_owned(),
            Step::Visit(Activity::Dispose(_)) if brought.is_empty() => "unload".to_owned(),
            Step::Visit(Activity::Dispose(_)) => format!("unload {brought}"),
            Step::Visit(Activity::Break(_)) => format!("break, {length}"),
            Step::Visit(activity) if !activity.is_service() => format!("rest, {length}"),
            Step::Visit(_) => match (brought.is_empty(), taken.is_empty()) {
                (true, true) => {
                    self.material.map_or_else(|| "visit".to_owned(), |material| format!("collect {material}"))
                }
                (true, false) => format!("collect {taken}{of}"),
                (false, true) => format!("deliver {brought}"),
                (false, false) => format!("deliver {brought}; collect {taken}{of}"),
            },
        }
    }

    /// The address, where it is not the name: a tag, or what the location is called.
    pub(crate) fn address<'t>(&'t self, problem: &'t Problem) -> Option<&'t str> {
        let tagged = self.notes.and_then(|notes| super::own_tag(&notes.tags, &["address"])).map(|(_, value)| value);
        let located = || self.location.map(|location| problem.locations()[location.index()].name.as_str());
        tagged.or_else(located).map(str::trim).filter(|address| !address.is_empty() && *address != self.name)
    }

    /// Remarks, and tags that have no place of their own, each as a line.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let Some(notes) = self.notes else { return Vec::new() };
        let own = [super::own_tag(&notes.tags, &["address"]), super::own_tag(&notes.tags, &CONTAINERS)];
        let is_own = |tag: &str| own.iter().flatten().any(|(own, _)| *own == tag);
        let remarks = Some(notes.remarks.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        let tags = notes.tags.iter().filter(|(tag, _)| !is_own(tag)).map(|(tag, value)| format!("{tag}: {value}"));
        remarks.into_iter().chain(tags).collect()
    }

    /// The containers that are emptied, where a tag says so: `1 × 1100 l, 2 × 240 l`.
    pub(crate) fn containers(&self) -> Option<&str> {
        super::own_tag(&self.notes?.tags, &CONTAINERS).map(|(_, value)| value)
    }
}

/// What an activity is called, and what people say about it.
pub(super) fn named<'a>(
    problem: &'a Problem,
    vehicle: &'a milkrun::VehicleType,
    activity: Activity,
) -> (String, Option<&'a Notes>) {
    match activity {
        Activity::Client(id) => {
            let client = problem.client(id);
            (called(place(problem, &client.name, client.location()), "client", id.index()), Some(&client.notes))
        }
        Activity::Pickup(id) | Activity::Delivery(id) => {
            let shipment = problem.shipment(id);
            (called(&shipment.name, "shipment", id.index()), Some(&shipment.notes))
        }
        Activity::Dispose(id) => {
            let site = problem.disposal_site(id);
            (called(place(problem, &site.name, site.location()), "disposal site", id.index()), Some(&site.notes))
        }
        Activity::Break(index) => {
            (vehicle.breaks.get(index).map_or_else(String::new, |pause| called(&pause.name, "break", index)), None)
        }
        _ => ("rest".to_owned(), None),
    }
}

/// A name or, where there is none, that of the location.
pub(super) fn place<'a>(problem: &'a Problem, name: &'a str, location: LocationId) -> &'a str {
    if name.is_empty() { &problem.locations()[location.index()].name } else { name }
}
