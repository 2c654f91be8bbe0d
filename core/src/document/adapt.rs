//! What has happened to a plan, and what became of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ActivityKind, Number, Scales, StopKind};
use crate::adapt::{AdaptParams, Adaptation, Change, ChangePrices, Difference, Event, Keep};
use crate::algorithm::SolveParams;
use crate::geometry::Area;
use crate::ids::{ClientId, DisposalSiteId, LocationId, ProfileId, VehicleTypeId};
use crate::io::json::WindowCoversDocument;
use crate::model::{Client, Coord, Place, TimeWindow};
use crate::plan::Plan;
use crate::travel::{Matrix, ProfileMatrices, UNREACHABLE};

/// What is asked of an adaptation, in the solver's numbers.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Adapt")]
pub struct AdaptDocument {
    /// The present moment; the command line has its own.
    #[serde(default)]
    pub now: i64,
    /// What has happened since the plan was published, in this order.
    #[serde(default)]
    pub events: Vec<EventDocument>,
    /// What changes cost; moderate prices, in proportion to the plan's, if not given.
    #[serde(default)]
    pub prices: Option<PricesDocument>,
    /// What may not change.
    #[serde(default)]
    pub keep: KeepKind,
    /// What is kept applies to services that were to begin before this time; to all, if not given.
    #[serde(default)]
    pub keep_until: Option<i64>,
}

impl AdaptDocument {
    /// Asks for nothing but the moment.
    pub fn at(now: i64) -> Self {
        Self { now, events: Vec::new(), prices: None, keep: KeepKind::Nothing, keep_until: None }
    }

    /// The parameters, with when to stop, seed and threads of a search.
    pub fn params(&self, published: &Plan, search: &SolveParams) -> AdaptParams {
        let mut params = AdaptParams::at(self.now);
        params.events = self.events.iter().map(Event::from).collect();
        params.prices = self.prices.as_ref().map_or_else(|| ChangePrices::moderate(published), PricesDocument::prices);
        (params.keep, params.keep_until) = (self.keep.into(), self.keep_until);
        (params.stop, params.seed, params.threads) = (search.stop, search.seed, search.threads);
        params
    }
}

/// What it costs to change a published plan.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ChangePrices")]
pub struct PricesDocument {
    /// A client or shipment on another vehicle.
    pub other_vehicle: i64,
    /// A client or shipment stop that is out of order on its vehicle.
    pub other_order: i64,
    /// Each unit of time that a service begins earlier or later, beyond the tolerance.
    pub per_time: i64,
    /// Changes of time up to this cost nothing.
    pub tolerance: i64,
    /// An optional client or shipment that is dropped.
    pub dropped: i64,
    /// A vehicle that was to stand in the depot.
    pub called_out: i64,
}

impl PricesDocument {
    fn prices(&self) -> ChangePrices {
        ChangePrices::default()
            .other_vehicle(self.other_vehicle)
            .other_order(self.other_order)
            .per_time(self.per_time, self.tolerance)
            .dropped(self.dropped)
            .called_out(self.called_out)
    }
}

/// What of the published plan may not change.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Keep")]
pub enum KeepKind {
    /// Everything may change.
    #[default]
    Nothing,
    /// Clients stay on their vehicles.
    Vehicles,
    /// And in their order.
    Order,
    /// And at their times.
    Times,
}

impl From<KeepKind> for Keep {
    fn from(kind: KeepKind) -> Self {
        match kind {
            KeepKind::Nothing => Self::Nothing,
            KeepKind::Vehicles => Self::Vehicles,
            KeepKind::Order => Self::Order,
            KeepKind::Times => Self::Times,
        }
    }
}

/// Something that has happened. Routes, clients and sites are named by index.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "kind")]
#[schemars(rename = "Event")]
#[expect(missing_docs, reason = "the kinds and fields are those of `Event`, which says what they are")]
pub enum EventDocument {
    /// A route has done its first activities, and left the last of them at a time.
    Done { route: usize, activities: usize, at: i64 },
    /// A vehicle reaches its next stop so much later.
    Late { route: usize, by: i64 },
    /// A vehicle stays where it is.
    BrokenDown { route: usize },
    /// Another vehicle of a type can be used.
    Available { vehicle_type: usize, from: i64 },
    /// A shift ends at another time.
    ShiftEnds { route: usize, at: i64 },
    /// A vehicle has more on board than planned, or less.
    Load { route: usize, more: Vec<i64> },
    /// A client is to be served, too.
    Added { client: AddedClient },
    /// A client is no longer to be served.
    Cancelled { client: usize },
    /// Something about a client is different; what is omitted stays.
    Changed {
        client: usize,
        #[serde(default)]
        pickup: Option<Vec<i64>>,
        #[serde(default)]
        delivery: Option<Vec<i64>>,
        #[serde(default)]
        service: Option<i64>,
        #[serde(default)]
        time_window: Option<(i64, i64)>,
        #[serde(default)]
        required: Option<bool>,
        #[serde(default)]
        prize: Option<i64>,
    },
    /// A disposal site takes no waste for a time.
    SiteClosed { site: usize, from: i64, to: i64 },
    /// Visits to a disposal site take longer from now on.
    SiteQueue { site: usize, by: i64 },
    /// All roads of a travel profile are slower for a time.
    Slow {
        #[serde(default)]
        profile: usize,
        from: i64,
        to: i64,
        percent: u32,
    },
    /// Roads in an area are closed or slower for a time.
    Area {
        /// The corners: x and y, or longitude and latitude.
        corners: Vec<(f64, f64)>,
        from: i64,
        to: i64,
        /// The speed that remains, in percent; 0, closed, if not given.
        #[serde(default)]
        percent: u32,
    },
    /// Travel is known anew: tables for each travel profile.
    Travel { profiles: Vec<TravelTables> },
}

/// The tables of a travel profile: rows are origins, columns destinations, both in the order of locations; null: not reachable.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TravelTables {
    /// Distances.
    pub distance: Vec<Vec<Option<i64>>>,
    /// Durations; as the distances, if not given.
    #[serde(default)]
    pub duration: Option<Vec<Vec<Option<i64>>>>,
}

/// A client that is added: at a location of the problem, or at coordinates.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct AddedClient {
    /// The index of a location.
    pub location: Option<usize>,
    /// Or the coordinates: longitude, or along the first axis.
    pub x: f64,
    /// Latitude, or along the second axis.
    pub y: f64,
    /// What is picked up.
    pub pickup: Vec<i64>,
    /// What is delivered.
    pub delivery: Vec<i64>,
    /// How long service takes.
    pub service: i64,
    /// Time that is spent before it where the vehicle comes from another place.
    pub setup: i64,
    /// When it may start, or last.
    pub time_window: Option<(i64, i64)>,
    /// Whether the window holds the `start` of the service, as it does if nothing is given, or all of the `service`.
    pub window_covers: Option<WindowCoversDocument>,
    /// What it costs to leave the client unserved; a client without a prize must be served.
    pub prize: Option<i64>,
    /// A name for people.
    pub name: String,
}

impl TravelTables {
    /// The matrices; of tables that are not square or have values out of range, empty ones, which fit no problem.
    fn matrices(&self) -> ProfileMatrices {
        let matrix = |rows: &Vec<Vec<Option<i64>>>| -> Matrix {
            let values = || rows.iter().flatten().map(|value| value.unwrap_or(UNREACHABLE)).collect();
            let is_square = rows.iter().all(|row| row.len() == rows.len());
            is_square.then(|| Matrix::new(rows.len(), values()).ok()).flatten().unwrap_or_default()
        };
        ProfileMatrices { distance: matrix(&self.distance), duration: self.duration.as_ref().map(matrix) }
    }
}

impl From<&AddedClient> for Client {
    fn from(added: &AddedClient) -> Self {
        let place = match added.location {
            Some(index) => Place::Location(LocationId::new(index)),
            None => Place::Coord(Coord::new(added.x, added.y)),
        };
        let mut client = Client::at(place)
            .pickup(added.pickup.clone())
            .delivery(added.delivery.clone())
            .service(added.service)
            .setup(added.setup)
            .name(added.name.clone());
        if let Some((early, late)) = added.time_window {
            client = client.time_window(early, late);
        }
        if let Some(covers) = added.window_covers {
            client.window_covers = covers.into();
        }
        match added.prize {
            Some(prize) => client.optional(prize),
            None => client,
        }
    }
}

impl From<&EventDocument> for Event {
    fn from(document: &EventDocument) -> Self {
        let (client, site) = (ClientId::new, DisposalSiteId::new);
        match document.clone() {
            EventDocument::Done { route, activities, at } => Self::Done { route, activities, at },
            EventDocument::Late { route, by } => Self::Late { route, by },
            EventDocument::BrokenDown { route } => Self::BrokenDown { route },
            EventDocument::Available { vehicle_type, from } => {
                Self::Available { vehicle_type: VehicleTypeId::new(vehicle_type), from }
            }
            EventDocument::ShiftEnds { route, at } => Self::ShiftEnds { route, at },
            EventDocument::Load { route, more } => Self::Load { route, more },
            EventDocument::Added { client } => Self::added((&client).into()),
            EventDocument::Cancelled { client: index } => Self::Cancelled { client: client(index) },
            EventDocument::Changed { client: index, pickup, delivery, service, time_window, required, prize } => {
                let time_window = time_window.map(|(early, late)| TimeWindow::new(early, late));
                Self::Changed { client: client(index), pickup, delivery, service, time_window, required, prize }
            }
            EventDocument::SiteClosed { site: index, from, to } => Self::SiteClosed { site: site(index), from, to },
            EventDocument::SiteQueue { site: index, by } => Self::SiteQueue { site: site(index), by },
            EventDocument::Slow { profile, from, to, percent } => {
                Self::Slow { profile: ProfileId::new(profile), from, to, percent }
            }
            EventDocument::Area { corners, from, to, percent } => {
                Self::Area { area: Area::polygon(corners), from, to, percent }
            }
            EventDocument::Travel { profiles } => Self::Travel(profiles.iter().map(TravelTables::matrices).collect()),
        }
    }
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A service is on another route.
    Moved,
    /// A service begins at another time.
    Retimed,
    /// What was to be served is not.
    Dropped,
    /// What was not planned is served.
    Inserted,
    /// A route is driven that was not planned.
    CalledOut,
    /// A planned route is not driven.
    StoodDown,
}

/// One change of a plan.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Change")]
pub struct ChangeDocument {
    /// What kind of change it is.
    pub change: ChangeKind,
    /// What is served; null of a change of a whole route.
    pub kind: Option<ActivityKind>,
    /// The index of the client or shipment; null of a change of a whole route.
    pub index: Option<usize>,
    /// The name of the client, shipment or vehicle; may be empty.
    pub name: String,
    /// The route before; null where there was none.
    pub route_before: Option<usize>,
    /// The route after; null where there is none.
    pub route_after: Option<usize>,
    /// When service was to begin.
    pub start_before: Option<Number>,
    /// When service begins, or the route starts.
    pub start_after: Option<Number>,
    /// The index of the event that it is due to, where that is known.
    pub cause: Option<usize>,
    /// The change in words, in the solver's numbers.
    pub text: String,
}

impl ChangeDocument {
    fn new(change: &Change, scales: &Scales) -> Self {
        let time = |time: i64| Some(scales.time(time));
        let (kind, activity, before, after) = match change {
            Change::Moved { activity, from, to, .. } => (ChangeKind::Moved, Some(*activity), Some(*from), Some(*to)),
            Change::Retimed { activity, route, before, after, .. } => {
                (ChangeKind::Retimed, Some(*activity), Some((*route, *before)), Some((*route, *after)))
            }
            Change::Dropped { activity, from, .. } => (ChangeKind::Dropped, Some(*activity), Some(*from), None),
            Change::Inserted { activity, to, .. } => (ChangeKind::Inserted, Some(*activity), None, Some(*to)),
            Change::CalledOut { route, start, .. } => (ChangeKind::CalledOut, None, None, Some((*route, *start))),
            Change::StoodDown { route, .. } => (ChangeKind::StoodDown, None, Some((*route, 0)), None),
        };
        let (name, cause) = match change {
            Change::Moved { name, cause, .. }
            | Change::Retimed { name, cause, .. }
            | Change::Dropped { name, cause, .. }
            | Change::Inserted { name, cause, .. } => (name, *cause),
            Change::CalledOut { name, .. } | Change::StoodDown { name, .. } => (name, None),
        };
        let is_route = activity.is_none();
        Self {
            change: kind,
            kind: activity.map(|activity| ActivityKind::of(activity).0),
            index: activity.map(|activity| ActivityKind::of(activity).1),
            name: name.clone(),
            route_before: before.map(|(route, _)| route),
            route_after: after.map(|(route, _)| route),
            start_before: before.filter(|_| !is_route).and_then(|(_, start)| time(start)),
            start_after: after.and_then(|(_, start)| time(start)),
            cause,
            text: change.to_string(),
        }
    }
}

/// What differs between two plans. Of each pair, the first is before and the second is after.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Difference")]
pub struct DifferenceDocument {
    /// Every change.
    pub changes: Vec<ChangeDocument>,
    /// How many services are out of order on their route: the fewest that must be taken out for the rest to stand as before.
    pub reordered: usize,
    /// Costs.
    pub cost: (Number, Number),
    /// Distances.
    pub distance: (Number, Number),
    /// The sums of the routes' durations.
    pub duration: (Number, Number),
    /// Numbers of routes.
    pub routes: (usize, usize),
}

impl DifferenceDocument {
    /// The difference in the user's units.
    pub fn new(difference: &Difference, scales: &Scales) -> Self {
        let Difference { changes, reordered, cost, distance, duration, routes } = difference;
        Self {
            reordered: *reordered,
            changes: changes.iter().map(|change| ChangeDocument::new(change, scales)).collect(),
            cost: (scales.cost(cost.0), scales.cost(cost.1)),
            distance: (scales.distance(distance.0), scales.distance(distance.1)),
            duration: (scales.time(duration.0), scales.time(duration.1)),
            routes: *routes,
        }
    }
}

/// How an adaptation ended. Problem and plan are documents of their own.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Adaptation")]
pub struct AdaptationDocument {
    /// What changed.
    pub difference: DifferenceDocument,
    /// What it costs that services are out of order on their vehicles; no part of the plan's cost.
    pub order_cost: Number,
    /// For each vehicle type of the adapted problem, the published route of its vehicle; null: it stood in the depot.
    pub published_route: Vec<Option<usize>>,
    /// How many rules the published plan violates as it is now.
    pub violations_if_followed: usize,
    /// How many seconds it took until there was a repaired plan.
    pub repaired_after: f64,
    /// Why the search ended.
    pub stopped: StopKind,
    /// How many iterations it did.
    pub iterations: u64,
}

impl AdaptationDocument {
    /// The adaptation, with numbers in the user's units.
    pub fn new(adaptation: &Adaptation, scales: &Scales) -> Self {
        Self {
            difference: DifferenceDocument::new(&adaptation.difference, scales),
            order_cost: scales.cost(adaptation.order_cost),
            published_route: adaptation.published_route.clone(),
            violations_if_followed: adaptation.followed.violations().len(),
            repaired_after: adaptation.repaired_after.as_secs_f64(),
            stopped: adaptation.stopped.into(),
            iterations: adaptation.iterations,
        }
    }
}
