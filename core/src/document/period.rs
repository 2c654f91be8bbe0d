//! A period of days: how often clients are visited, and what was planned.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CostDocument, Number, Scales, StopKind};
use crate::algorithm::SolveParams;
use crate::ids::{ClientId, VehicleTypeId};
use crate::io::json::{Names, Ref};
use crate::listing::Listing;
use crate::model::{Faults, Problem};
use crate::period::{Consistency, Overflow, PeriodError, PeriodParams, PeriodPlan, Territory, Visits};

/// What a period is like, in the solver's numbers. The problem says what one day is like.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Period")]
pub struct PeriodDocument {
    /// The number of days, at most 28.
    pub days: usize,
    /// How often clients are visited; those that are not listed, once in the period, on any day.
    #[serde(default)]
    pub visits: Vec<VisitsDocument>,
    /// On which days vehicles work; those of types that are not listed, on all days.
    #[serde(default)]
    pub working_days: Vec<WorkingDaysDocument>,
    /// What it costs when days differ.
    #[serde(default)]
    pub consistency: ConsistencyDocument,
    /// Which vehicle's area clients lie in: that vehicle is their usual one.
    #[serde(default)]
    pub territories: Vec<TerritoryDocument>,
    /// The days that clients were told.
    #[serde(default)]
    pub told: Vec<ToldDocument>,
}

/// On which days a client is visited: so often, evenly spaced if nothing else is said, or by patterns.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Visits")]
pub struct VisitsDocument {
    /// The client.
    client: Ref,
    /// How many visits there are in the period; omitted where patterns are given.
    #[serde(default)]
    frequency: usize,
    /// The days, counted from 0, on which a visit is possible; all, if not given.
    #[serde(default)]
    days: Option<Vec<usize>>,
    /// The fewest days from one visit to the next: 1, on consecutive days.
    #[serde(default)]
    min_gap: Option<usize>,
    /// The most days from one visit to the next.
    #[serde(default)]
    max_gap: Option<usize>,
    /// How many days before day 0 the last visit was; if not given, the period is repeated.
    #[serde(default)]
    last_visit: Option<usize>,
    /// The combinations of days, instead of frequency, days and gaps.
    #[serde(default)]
    patterns: Vec<Vec<usize>>,
    /// What is expected to overflow between visits, if that is priced. Without a frequency the client is then visited as often as
    /// pays, at least once.
    #[serde(default)]
    overflow: Option<OverflowDocument>,
}

/// What it costs that a container is expected to overflow before it is emptied, by the days that pass.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Overflow")]
pub struct OverflowDocument {
    /// The expected cost if one day passes from one visit to the next, if two do, and so on. More days than there are values
    /// never pass.
    after: Vec<i64>,
    /// The expected cost until the first visit, if that is on day 0, on day 1, and so on, by how full the container is now; if not
    /// given, the days since the last visit count, or the period is repeated.
    #[serde(default)]
    until_first: Vec<i64>,
}

/// On which days the vehicles of a type work.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WorkingDays")]
pub struct WorkingDaysDocument {
    /// The vehicle type.
    vehicle_type: Ref,
    /// The days, counted from 0.
    days: Vec<usize>,
}

/// The area of a vehicle.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Territory")]
pub struct TerritoryDocument {
    /// The vehicle's type.
    vehicle_type: Ref,
    /// Which of the type's vehicles it is, counted from 0.
    #[serde(default)]
    unit: usize,
    /// The clients in it.
    clients: Vec<Ref>,
}

/// The days that a client was told.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Told")]
pub struct ToldDocument {
    /// The client.
    client: Ref,
    /// The days, counted from 0.
    days: Vec<usize>,
}

/// What it costs when the visits to a client differ.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Consistency")]
pub struct ConsistencyDocument {
    /// Each visit by another vehicle than the client's usual one.
    pub other_vehicle: i64,
    /// Each visit on a day that was not told, of clients that were told days.
    pub moved_day: i64,
    /// Each unit of time by which a visit begins earlier or later than is usual for the client, beyond the tolerance.
    pub per_time: i64,
    /// Differences of time up to this cost nothing.
    pub tolerance: i64,
}

impl PeriodDocument {
    /// The parameters, with when to stop, seed and threads of a search.
    ///
    /// # Errors
    ///
    /// References to clients and vehicle types that the problem does not have, all at once.
    pub fn params(&self, day: &Problem, search: &SolveParams) -> Result<PeriodParams, PeriodError> {
        let clients = Names::new("client", day.clients().iter().map(|client| client.name.as_str()));
        let types = Names::new("vehicle type", day.vehicle_types().iter().map(|t| t.name.as_str()));
        let mut faults = Faults::default();
        let mut params = PeriodParams::of_days(self.days);
        for (v, visits) in self.visits.iter().enumerate() {
            let path = format!("visits[{v}].client");
            if let Some(client) = resolve(&clients, &visits.client, &path, &mut faults) {
                params.visits.push((ClientId::new(client), visits.visits()));
            }
        }
        for (w, working) in self.working_days.iter().enumerate() {
            let path = format!("working_days[{w}].vehicle_type");
            if let Some(vehicle_type) = resolve(&types, &working.vehicle_type, &path, &mut faults) {
                params.working_days.push((VehicleTypeId::new(vehicle_type), working.days.clone()));
            }
        }
        for (t, territory) in self.territories.iter().enumerate() {
            let path = format!("territories[{t}]");
            let own = resolve(&types, &territory.vehicle_type, &format!("{path}.vehicle_type"), &mut faults);
            let inside = territory.clients.iter().enumerate().filter_map(|(c, client)| {
                resolve(&clients, client, &format!("{path}.clients[{c}]"), &mut faults).map(ClientId::new)
            });
            let inside: Vec<ClientId> = inside.collect();
            params.territories.extend(own.map(|t| Territory::new(VehicleTypeId::new(t), territory.unit, inside)));
        }
        for (t, told) in self.told.iter().enumerate() {
            if let Some(client) = resolve(&clients, &told.client, &format!("told[{t}].client"), &mut faults) {
                params.told.push((ClientId::new(client), told.days.clone()));
            }
        }
        let ConsistencyDocument { other_vehicle, moved_day, per_time, tolerance } = self.consistency;
        let consistency = Consistency::default().other_vehicle(other_vehicle).moved_day(moved_day);
        params.consistency = consistency.per_time(per_time, tolerance);
        (params.stop, params.seed, params.threads) = (search.stop, search.seed, search.threads);
        faults.finish::<PeriodError>().map(|()| params)
    }
}

impl VisitsDocument {
    fn visits(&self) -> Visits {
        let mut visits = Visits::times(self.frequency);
        visits.days.clone_from(&self.days);
        (visits.min_gap, visits.max_gap, visits.last_visit) = (self.min_gap, self.max_gap, self.last_visit);
        visits.patterns.clone_from(&self.patterns);
        visits.overflow = self
            .overflow
            .as_ref()
            .map(|overflow| Overflow::after(overflow.after.clone()).until_first(overflow.until_first.clone()));
        visits
    }
}

/// What a reference means; otherwise the fault is noted.
pub(super) fn resolve(names: &Names<'_>, reference: &Ref, path: &str, faults: &mut Faults) -> Option<usize> {
    let mut unknown = Listing::default();
    let found = names.resolve(reference, || path.to_owned(), &mut unknown);
    if found.is_none() {
        let value = match reference {
            Ref::Index(index) => index.to_string(),
            Ref::Name(name) => name.clone(),
        };
        let remedy = "give an index, counted from 0, or a name that no other one has";
        faults.add(path, value, "the problem has no such thing, or several", remedy);
    }
    found
}

/// A planned period. The problems and plans of its days are documents of their own.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "PeriodPlan")]
pub struct PeriodPlanDocument {
    /// Whether all days are feasible and all required clients are visited as their patterns say.
    pub feasible: bool,
    /// What the period costs, with the prices of consistency.
    pub cost: Number,
    /// The cost of all routes, by cause.
    pub breakdown: CostDocument,
    /// What other vehicles and times than usual cost.
    pub consistency_cost: Number,
    /// What is expected to overflow between visits, which is in the cost of assignment.
    pub overflow_cost: Number,
    /// How many visits are by another vehicle than the client's usual one.
    pub other_vehicle: usize,
    /// How many visits are on days that were not told, of clients that were told days.
    pub moved_days: usize,
    /// By how much visits begin earlier or later than is usual for their clients, beyond the tolerance, in all.
    pub other_time: Number,
    /// By client, the days on which it is visited; none: it is unserved.
    pub visited: Vec<Vec<usize>>,
    /// The days, one after the other.
    pub days: Vec<DayDocument>,
    /// Which rules are violated, in words.
    pub violations: Vec<String>,
    /// Why the search ended.
    pub stopped: StopKind,
    /// How many iterations it did.
    pub iterations: u64,
}

/// One day of a period.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "PeriodDay")]
pub struct DayDocument {
    /// What the day costs.
    pub cost: Number,
    /// Distance driven.
    pub distance: Number,
    /// The sum of the routes' durations.
    pub duration: Number,
    /// Number of routes.
    pub routes: usize,
    /// For each client of the day's problem, its index in the problem that is repeated.
    pub clients: Vec<usize>,
    /// For each vehicle type of the day's problem, its index in the problem that is repeated.
    pub vehicle_types: Vec<usize>,
}

impl PeriodPlanDocument {
    /// The period, with numbers in the user's units.
    pub fn new(period: &PeriodPlan, scales: &Scales) -> Self {
        let day = |day: &crate::period::DayPlan| DayDocument {
            cost: scales.cost(day.plan.cost()),
            distance: scales.distance(day.plan.routes().iter().map(|route| route.distance).sum()),
            duration: scales.time(day.plan.routes().iter().map(crate::plan::Route::duration).sum()),
            routes: day.plan.routes().len(),
            clients: day.clients.iter().map(|client| client.index()).collect(),
            vehicle_types: day.vehicle_types.iter().map(|vehicle_type| vehicle_type.index()).collect(),
        };
        Self {
            feasible: period.plan.is_feasible(),
            cost: scales.cost(period.cost()),
            breakdown: CostDocument::new(&period.plan.breakdown(), scales),
            consistency_cost: scales.cost(period.inconsistency.cost),
            overflow_cost: scales.cost(period.overflow),
            other_vehicle: period.inconsistency.other_vehicle,
            moved_days: period.inconsistency.moved_days,
            other_time: scales.time(period.inconsistency.time),
            visited: period.visited.clone(),
            days: period.days.iter().map(day).collect(),
            violations: period.plan.violations().iter().map(ToString::to_string).collect(),
            stopped: period.stopped.into(),
            iterations: period.iterations,
        }
    }
}
