//! Clients (single stops), mutually exclusive groups of them, and shipments (a pickup with its delivery).

use crate::ids::{ClientId, GroupId, LocationId, MaterialId, VehicleTypeId};
use crate::model::{Notes, Place, SoftWindow, TimeWindow, WindowCovers};
use crate::units::{Cost, Duration, Load, Time};

/// A single stop: a delivery from the depot, a pickup for it, or both.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Client {
    /// Where the client is.
    pub place: Place,
    /// Amount brought from the depot, by load dimension; missing dimensions are zero.
    pub delivery: Vec<Load>,
    /// Amount taken to the depot, by load dimension; missing dimensions are zero.
    pub pickup: Vec<Load>,
    /// Time that the service takes.
    pub service: Duration,
    /// Time that the vehicle spends before it can serve here, such as on parking and on a gate, where it comes from
    /// [another place](crate::Problem::is_same_place): see [`setup`](Self::setup()).
    pub setup: Duration,
    /// When the service may start, or last: see [`window_covers`](Self::window_covers).
    pub time_window: TimeWindow,
    /// The trip that serves the client may not start loading at its depot before this time; 0: no release.
    pub release: Time,
    /// Gained when the client is served: an unserved client costs its prize.
    pub prize: Cost,
    /// Whether the client must be served. Ignored for members of a group: the group's own flag applies.
    pub required: bool,
    /// The mutually exclusive group that the client belongs to: at most one member is served.
    pub group: Option<GroupId>,
    /// What is picked up; `None`: waste that every disposal site takes.
    pub material: Option<MaterialId>,
    /// Further windows. Together with `time_window`, which comes first, they are in
    /// ascending order and do not overlap.
    pub more_windows: Vec<TimeWindow>,
    /// When service should start; other starts cost.
    pub soft_window: Option<SoftWindow>,
    /// Whether the windows, the soft one included, hold the start of the service or all of it.
    pub window_covers: WindowCovers,
    /// Time that the service takes for vehicles of these types, instead of `service`.
    pub service_by_type: Vec<(VehicleTypeId, Duration)>,
    /// What serving it costs in addition with vehicles of these types, such as those of another driver.
    pub assignment_costs: Vec<(VehicleTypeId, Cost)>,
    /// Skills that the vehicle must have.
    pub skills: Vec<String>,
    /// The vehicle types that may serve the client; `None`: all.
    pub allowed_vehicles: Option<Vec<VehicleTypeId>>,
    /// Vehicle types that may not serve the client.
    pub forbidden_vehicles: Vec<VehicleTypeId>,
    /// The priority class of an optional client: fewer unserved clients of a higher class are better, whatever the
    /// lower classes and the cost. Class 0 is not ranked: only its prizes count.
    pub priority: u8,
    /// A name for people; may be empty.
    pub name: String,
    /// What people say about it.
    pub notes: Notes,
}

impl Client {
    /// A required client with no demand at `place`.
    pub fn at(place: impl Into<Place>) -> Self {
        Self {
            place: place.into(),
            delivery: Vec::new(),
            pickup: Vec::new(),
            service: 0,
            setup: 0,
            time_window: TimeWindow::ALWAYS,
            release: 0,
            prize: 0,
            required: true,
            group: None,
            material: None,
            more_windows: Vec::new(),
            soft_window: None,
            window_covers: WindowCovers::Start,
            service_by_type: Vec::new(),
            assignment_costs: Vec::new(),
            skills: Vec::new(),
            allowed_vehicles: None,
            forbidden_vehicles: Vec::new(),
            priority: 0,
            name: String::new(),
            notes: Notes::default(),
        }
    }

    /// Sets the amount delivered, by load dimension.
    pub fn delivery(mut self, amount: impl Into<Vec<Load>>) -> Self {
        self.delivery = amount.into();
        self
    }

    /// Sets the amount picked up, by load dimension.
    pub fn pickup(mut self, amount: impl Into<Vec<Load>>) -> Self {
        self.pickup = amount.into();
        self
    }

    /// Sets the time that the service takes.
    pub fn service(mut self, duration: Duration) -> Self {
        self.service = duration;
        self
    }

    /// Sets the time that is spent once at the place, before its first service: parking, unlocking a gate.
    ///
    /// It is spent where the vehicle comes from [another place](crate::Problem::is_same_place), right after the drive; the
    /// arrival is after it. It is work, and part of the route's duration, but neither driving nor a rest, and no window holds it. A
    /// route without a depot at its start begins at its first stop, which is set up then.
    ///
    /// ```
    /// use milkrun::{Client, Coord, Depot, Problem, SolveParams, Stop, VehicleType, solve};
    ///
    /// let mut b = Problem::builder();
    /// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    /// // Two skips behind one gate, 100 away, that takes 30 to unlock; a service takes 5.
    /// for _ in 0..2 {
    ///     b.add_client(Client::at(Coord::new(100.0, 0.0)).service(5).setup(30));
    /// }
    /// b.add_vehicle_type(VehicleType::new(1).depot(yard));
    /// let problem = b.build().unwrap();
    /// let plan = solve(&problem, &SolveParams { stop: Stop::after_iterations(10), ..SolveParams::default() }).plan;
    /// let route = &plan.routes()[0];
    /// assert_eq!(route.visits().map(|visit| visit.setup).collect::<Vec<_>>(), [30, 0]);
    /// assert_eq!((route.duration(), route.driving, route.work), (240, 200, 240));
    /// ```
    pub fn setup(mut self, duration: Duration) -> Self {
        self.setup = duration;
        self
    }

    /// Sets when the service may start.
    pub fn time_window(mut self, early: Time, late: Time) -> Self {
        self.time_window = TimeWindow::new(early, late);
        self
    }

    /// Sets the earliest departure of the trip that serves the client.
    pub fn release(mut self, time: Time) -> Self {
        self.release = time;
        self
    }

    /// Makes the client optional: it is worth `prize` to serve it.
    pub fn optional(mut self, prize: Cost) -> Self {
        self.prize = prize;
        self.required = false;
        self
    }

    /// Makes the client a member of `group`.
    pub fn group(mut self, group: GroupId) -> Self {
        self.group = Some(group);
        self
    }

    /// Sets what is picked up.
    pub fn material(mut self, material: MaterialId) -> Self {
        self.material = Some(material);
        self
    }

    /// Sets all windows in which service may start; none: always.
    pub fn time_windows(mut self, windows: impl IntoIterator<Item = TimeWindow>) -> Self {
        let mut windows = windows.into_iter();
        self.time_window = windows.next().unwrap_or(TimeWindow::ALWAYS);
        self.more_windows = windows.collect();
        self
    }

    /// Sets when service should start; other starts cost.
    pub fn soft_window(mut self, window: SoftWindow) -> Self {
        self.soft_window = Some(window);
        self
    }

    /// Sets what of the service the windows hold.
    ///
    /// ```
    /// use milkrun::{Client, Coord, Depot, Problem, SolveParams, Stop, VehicleType, WindowCovers, solve};
    ///
    /// let mut b = Problem::builder();
    /// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    /// // Half an hour of service that must have ended by the time of 2,000.
    /// let shop = Client::at(Coord::new(100.0, 0.0)).time_window(0, 2_000).service(1_800);
    /// b.add_client(shop.window_covers(WindowCovers::Service));
    /// // So does this one, where no vehicle can be before the time of 300.
    /// let late = Client::at(Coord::new(300.0, 0.0)).time_window(0, 2_000).service(1_800).optional(1_000);
    /// let late = b.add_client(late.window_covers(WindowCovers::Service));
    /// b.add_vehicle_type(VehicleType::new(2).depot(yard));
    /// let problem = b.build().unwrap();
    /// let plan = solve(&problem, &SolveParams { stop: Stop::after_iterations(100), ..SolveParams::default() }).plan;
    /// assert!(plan.is_feasible());
    /// assert_eq!(plan.unserved().clients, [late]);
    /// ```
    pub fn window_covers(mut self, covers: WindowCovers) -> Self {
        self.window_covers = covers;
        self
    }

    /// Sets the time that the service takes for vehicles of one type.
    pub fn service_by(mut self, vehicle_type: VehicleTypeId, duration: Duration) -> Self {
        self.service_by_type.push((vehicle_type, duration));
        self
    }

    /// Sets what serving it costs in addition with vehicles of one type.
    pub fn assignment_cost(mut self, vehicle_type: VehicleTypeId, cost: Cost) -> Self {
        self.assignment_costs.push((vehicle_type, cost));
        self
    }

    /// What serving it costs in addition with a vehicle of the given type.
    pub fn assignment_cost_for(&self, vehicle_type: VehicleTypeId) -> Cost {
        self.assignment_costs.iter().find(|(t, _)| *t == vehicle_type).map_or(0, |&(_, cost)| cost)
    }

    /// Sets the skills that the vehicle must have.
    pub fn skills(mut self, skills: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.skills = skills.into_iter().map(Into::into).collect();
        self
    }

    /// Restricts which vehicle types may serve the client.
    pub fn allowed_vehicles(mut self, types: impl Into<Vec<VehicleTypeId>>) -> Self {
        self.allowed_vehicles = Some(types.into());
        self
    }

    /// Sets which vehicle types may not serve the client.
    pub fn forbidden_vehicles(mut self, types: impl Into<Vec<VehicleTypeId>>) -> Self {
        self.forbidden_vehicles = types.into();
        self
    }

    /// Sets the class that ranks the client among optional ones.
    pub fn priority(mut self, class: u8) -> Self {
        self.priority = class;
        self
    }

    /// Time that the service takes for a vehicle of the given type.
    pub fn service_for(&self, vehicle_type: VehicleTypeId) -> Duration {
        self.service_by_type.iter().find(|(t, _)| *t == vehicle_type).map_or(self.service, |&(_, duration)| duration)
    }

    /// The windows in which service by a vehicle of the given type may start, in order: as [`windows`](Self::windows), but
    /// closed earlier by the service where they [cover](WindowCovers) it. Where that fits into no window, one that closes
    /// before it opens.
    pub fn start_windows(&self, vehicle_type: VehicleTypeId) -> Vec<TimeWindow> {
        TimeWindow::all_for_starts(self.windows(), self.window_covers.after_start(self.service_for(vehicle_type)))
    }

    /// When service by a vehicle of the given type should start.
    pub(crate) fn soft_window_for(&self, vehicle_type: VehicleTypeId) -> Option<SoftWindow> {
        let needs = self.window_covers.after_start(self.service_for(vehicle_type));
        let late = |soft: SoftWindow| TimeWindow::new(soft.early, soft.late).for_starts(needs).late;
        self.soft_window.map(|soft| SoftWindow { late: late(soft), ..soft })
    }

    /// Whether vehicle types may start the service at different times, because it takes them differently long.
    pub(crate) fn has_windows_by_type(&self) -> bool {
        self.window_covers == WindowCovers::Service && !self.service_by_type.is_empty()
    }

    /// How long before the end of a window the service must start, at least and at most over all vehicle types.
    pub(crate) fn window_needs(&self) -> (Duration, Duration) {
        let all = || self.service_by_type.iter().map(|&(_, service)| service).chain([self.service]);
        let needs = |service: Option<Duration>| self.window_covers.after_start(service.unwrap_or(0));
        (needs(all().min()), needs(all().max()))
    }

    /// All windows of the service, in order: see [`window_covers`](Self::window_covers) for what of it they hold.
    pub fn windows(&self) -> impl Iterator<Item = TimeWindow> + '_ {
        std::iter::once(self.time_window).chain(self.more_windows.iter().copied())
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The client's location in a built problem.
    pub fn location(&self) -> LocationId {
        self.place.location()
    }
}

/// Clients of which at most one is served, or those of one visit pattern.
///
/// With visit patterns a group is what a client of a period is: its members are the possible visits, one for each day, say, and
/// each pattern is a combination of days (Christofides & Beasley 1984, doi:10.1002/net.3230140205).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct ClientGroup {
    /// Whether one member, or all of one pattern, must be served.
    pub required: bool,
    /// Visit patterns: sets of members. The members that are served are exactly those of one of them, or none where the group is
    /// optional. Without patterns, each member is one by itself. A group with patterns has at most 64 members.
    pub patterns: Vec<Vec<ClientId>>,
    /// What each pattern costs where it is the one that is served, from 0 to [`MAX_COST`](crate::units::MAX_COST): as many values as
    /// patterns, or none, which is 0 for all. It is counted with the assignment costs.
    pub pattern_costs: Vec<Cost>,
    /// A name for people; may be empty.
    pub name: String,
}

impl ClientGroup {
    /// A group of which exactly one member, or pattern, must be served.
    pub fn required() -> Self {
        Self { required: true, patterns: Vec::new(), pattern_costs: Vec::new(), name: String::new() }
    }

    /// A group of which one member, or pattern, may be served.
    pub fn optional() -> Self {
        Self { required: false, patterns: Vec::new(), pattern_costs: Vec::new(), name: String::new() }
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// One end of a shipment.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct ShipmentStop {
    /// Where the stop is.
    pub place: Place,
    /// Time that loading or unloading takes.
    pub service: Duration,
    /// Time that is spent before it where the vehicle comes from another place: as [`Client::setup`](Client::setup()).
    pub setup: Duration,
    /// When it may start, or last.
    pub time_window: TimeWindow,
    /// Whether the window holds the start of the service or all of it.
    pub window_covers: WindowCovers,
}

impl ShipmentStop {
    /// A stop at `place` that takes no time and is always open.
    pub fn at(place: impl Into<Place>) -> Self {
        let (time_window, window_covers) = (TimeWindow::ALWAYS, WindowCovers::Start);
        Self { place: place.into(), service: 0, setup: 0, time_window, window_covers }
    }

    /// Sets the time that loading or unloading takes.
    pub fn service(mut self, duration: Duration) -> Self {
        self.service = duration;
        self
    }

    /// Sets the time that is spent before it where the vehicle comes from another place.
    pub fn setup(mut self, duration: Duration) -> Self {
        self.setup = duration;
        self
    }

    /// Sets when the service may start.
    pub fn time_window(mut self, early: Time, late: Time) -> Self {
        self.time_window = TimeWindow::new(early, late);
        self
    }

    /// Sets what of the service the window holds.
    pub fn window_covers(mut self, covers: WindowCovers) -> Self {
        self.window_covers = covers;
        self
    }

    /// The window in which the service may start: it closes earlier by the service where the window covers it.
    pub fn start_window(&self) -> TimeWindow {
        self.time_window.for_starts(self.window_covers.after_start(self.service))
    }

    /// The stop's location in a built problem.
    pub fn location(&self) -> LocationId {
        self.place.location()
    }
}

/// Something taken from a pickup stop to a delivery stop by the same vehicle, in this order and on the same trip.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Shipment {
    /// Where it is loaded.
    pub pickup: ShipmentStop,
    /// Where it is unloaded.
    pub delivery: ShipmentStop,
    /// The amount, by load dimension; missing dimensions are zero.
    pub amount: Vec<Load>,
    /// Gained when the shipment is carried: an uncarried shipment costs its prize.
    pub prize: Cost,
    /// Whether the shipment must be carried.
    pub required: bool,
    /// What carrying it costs in addition with vehicles of these types, such as those of another driver.
    pub assignment_costs: Vec<(VehicleTypeId, Cost)>,
    /// A name for people; may be empty.
    pub name: String,
    /// What people say about it.
    pub notes: Notes,
}

impl Shipment {
    /// A required shipment with no amount yet.
    pub fn new(pickup: ShipmentStop, delivery: ShipmentStop) -> Self {
        let (amount, assignment_costs, name) = (Vec::new(), Vec::new(), String::new());
        Self { pickup, delivery, amount, prize: 0, required: true, assignment_costs, name, notes: Notes::default() }
    }

    /// Sets the amount, by load dimension.
    pub fn amount(mut self, amount: impl Into<Vec<Load>>) -> Self {
        self.amount = amount.into();
        self
    }

    /// Makes the shipment optional: it is worth `prize` to carry it.
    pub fn optional(mut self, prize: Cost) -> Self {
        self.prize = prize;
        self.required = false;
        self
    }

    /// Sets what carrying it costs in addition with vehicles of one type.
    pub fn assignment_cost(mut self, vehicle_type: VehicleTypeId, cost: Cost) -> Self {
        self.assignment_costs.push((vehicle_type, cost));
        self
    }

    /// What carrying it costs in addition with a vehicle of the given type.
    pub fn assignment_cost_for(&self, vehicle_type: VehicleTypeId) -> Cost {
        self.assignment_costs.iter().find(|(t, _)| *t == vehicle_type).map_or(0, |&(_, cost)| cost)
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}
