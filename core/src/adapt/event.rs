//! What can happen to a plan while it is driven.

use crate::geometry::Area;
use crate::ids::{ClientId, DisposalSiteId, ProfileId, VehicleTypeId};
use crate::model::{Client, TimeWindow};
use crate::travel::ProfileMatrices;
use crate::units::{Cost, Duration, Load, Time};

/// Something that has happened since the plan was published. Routes and clients are the published ones; clients that
/// events add are numbered behind them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A route has done its first activities: it left the last of them at this time. Without such a report, what the plan
    /// says counts as done.
    Done {
        /// The route.
        route: usize,
        /// How many activities.
        activities: usize,
        /// When the vehicle left, or will leave, the last of them.
        at: Time,
    },
    /// A vehicle reaches its next stop so much later than it would have, because of traffic, say.
    Late {
        /// Its route.
        route: usize,
        /// By how much.
        by: Duration,
    },
    /// A vehicle stays where it is, and serves no further client.
    BrokenDown {
        /// Its route.
        route: usize,
    },
    /// Another vehicle of a type can be used.
    Available {
        /// The type.
        vehicle_type: VehicleTypeId,
        /// From when on.
        from: Time,
    },
    /// A shift ends at another time than planned.
    ShiftEnds {
        /// The route of the vehicle.
        route: usize,
        /// When.
        at: Time,
    },
    /// What a vehicle has on board differs from the plan by this amount, which its last service is taken to have picked up.
    Load {
        /// Its route.
        route: usize,
        /// By load dimension; negative: less than planned.
        more: Vec<Load>,
    },
    /// A client that the problem does not have is to be served, too.
    Added(Box<Client>),
    /// A client is no longer to be served.
    Cancelled {
        /// The client.
        client: ClientId,
    },
    /// Something about a client is different; what is `None` stays.
    Changed {
        /// The client.
        client: ClientId,
        /// What is picked up.
        pickup: Option<Vec<Load>>,
        /// What is delivered.
        delivery: Option<Vec<Load>>,
        /// How long service takes.
        service: Option<Duration>,
        /// When service may start.
        time_window: Option<TimeWindow>,
        /// Whether the client must be served.
        required: Option<bool>,
        /// What it costs not to.
        prize: Option<Cost>,
    },
    /// A disposal site takes no waste for a time.
    SiteClosed {
        /// The site.
        site: DisposalSiteId,
        /// From when.
        from: Time,
        /// To when.
        to: Time,
    },
    /// A visit to a disposal site takes so much longer from now on.
    SiteQueue {
        /// The site.
        site: DisposalSiteId,
        /// By how much.
        by: Duration,
    },
    /// All roads of a travel profile are slower for a time.
    Slow {
        /// The profile.
        profile: ProfileId,
        /// From when.
        from: Time,
        /// To when.
        to: Time,
        /// The speed that remains, in percent of what it would have been.
        percent: u32,
    },
    /// Roads in an area are closed or slower for a time. Locations without coordinates are in no area.
    ///
    /// Closed: services inside begin before the time or from its end on; where travel is straight, no vehicle drives across. Slower: drives
    /// take longer that begin or end inside or, where travel is straight, cross the area. A drive that may be made during the time is
    /// planned as slow as then, also where it is made later: tell the plan again when the roads are free.
    Area {
        /// The area, in the coordinates of the problem.
        area: Area,
        /// From when.
        from: Time,
        /// To when.
        to: Time,
        /// The speed that remains, in percent of what it would have been; 0: closed.
        percent: u32,
    },
    /// Travel is known anew: tables for each travel profile, of a street network with closed streets, say. What has been driven stays as it
    /// was. They have a row and a column for each location, with those that added clients bring, in their order.
    Travel(Vec<ProfileMatrices>),
}

impl Event {
    /// Its name in documents: `broken_down`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Late { .. } => "late",
            Self::BrokenDown { .. } => "broken_down",
            Self::Available { .. } => "available",
            Self::ShiftEnds { .. } => "shift_ends",
            Self::Load { .. } => "load",
            Self::Added(_) => "added",
            Self::Cancelled { .. } => "cancelled",
            Self::Changed { .. } => "changed",
            Self::SiteClosed { .. } => "site_closed",
            Self::SiteQueue { .. } => "site_queue",
            Self::Slow { .. } => "slow",
            Self::Area { .. } => "area",
            Self::Travel(_) => "travel",
        }
    }

    /// A client that must be served, too, as an event.
    pub fn added(client: Client) -> Self {
        Self::Added(Box::new(client))
    }

    /// The route that it is about.
    pub(super) const fn route(&self) -> Option<usize> {
        match self {
            Self::Done { route, .. }
            | Self::Late { route, .. }
            | Self::BrokenDown { route }
            | Self::ShiftEnds { route, .. }
            | Self::Load { route, .. } => Some(*route),
            _ => None,
        }
    }
}
