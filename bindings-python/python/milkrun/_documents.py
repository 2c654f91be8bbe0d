"""What crosses the border to the compiled part. Generated from the core by `cargo xtask types`: change it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, TypedDict

ActivityKind: TypeAlias = Literal["client", "pickup", "delivery", "dispose", "break", "rest"]


class Adaptation(TypedDict):
    """How an adaptation ended. Problem and plan are documents of their own."""

    difference: Difference
    iterations: int
    order_cost: float
    published_route: tuple[int | None, ...]
    repaired_after: float
    stopped: StopReason
    violations_if_followed: int


class Area(TypedDict):
    """An area: polygons, of which each is a list of rings, the outer one first: longitudes and latitudes."""

    polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]


class Carried(TypedDict):
    """What became of a client or shipment."""

    joined: bool
    missed: int
    name: str
    now: int


class CarriedOver(TypedDict):
    """What became of what was missed."""

    clients: tuple[Carried, ...]
    shipments: tuple[Carried, ...]


class Change(TypedDict):
    """One change of a plan."""

    cause: int | None
    change: ChangeKind
    index: int | None
    kind: ActivityKind | None
    name: str
    route_after: int | None
    route_before: int | None
    start_after: float | None
    start_before: float | None
    text: str

ChangeKind: TypeAlias = Literal["moved", "retimed", "dropped", "inserted", "called_out", "stood_down"]


class ColumnRead(TypedDict):
    """What became of a column."""

    heading: str
    read: str


class Compared(TypedDict):
    """A variant that was solved. Its best plan is a document of its own."""

    figures: tuple[Summary, ...]
    name: str
    runs: tuple[ComparedRun | None, ...]
    text: str


class ComparedRun(TypedDict):
    """What one search found."""

    cost: float
    feasible: bool
    iterations: int
    runtime: float
    stopped: StopReason


class Comparison(TypedDict):
    """Variants side by side."""

    complete: bool
    runtime: float
    seeds: int
    variants: tuple[Compared, ...]


class CostBreakdown(TypedDict):
    """A cost, by cause."""

    assignment: float
    disposal: float
    distance: float
    duration: float
    fixed: float
    goals: float
    overtime: float
    unserved: float
    waiting: float
    windows: float


class Difference(TypedDict):
    """What differs between two plans. Of each pair, the first is before and the second is after."""

    changes: tuple[Change, ...]
    cost: tuple[float, float]
    distance: tuple[float, float]
    duration: tuple[float, float]
    reordered: int
    routes: tuple[int, int]


class Discrepancy(TypedDict):
    """What a plan states and the judge does not find."""

    found: str
    path: str
    stated: str


class Explanation(TypedDict):
    """Why a client or a shipment is not served."""

    by_type: tuple[TypeReason, ...]
    index: int
    is_impossible: bool
    kind: JobKind
    name: str
    prize: float | None
    relaxations: tuple[Relaxation, ...]
    searched: SearchedKind
    text: str


class Failure(TypedDict):
    """An error of any kind."""

    code: str
    issues: tuple[Issue, ...]
    message: str

Figure: TypeAlias = Literal["cost", "vehicles", "distance", "duration", "unserved", "emissions"]


class Front(TypedDict):
    """Plans of which none is nowhere worse than another."""

    complete: bool
    covered: float
    objectives: tuple[Objective, ...]
    points: tuple[FrontPoint, ...]
    runs: int
    runtime: float


class FrontPoint(TypedDict):
    """A point of a front. Its plan is a document of its own."""

    trade: str
    values: tuple[float, ...]


class Issue(TypedDict):
    """One fault of the input."""

    message: str
    path: str
    remedy: str
    value: str

JobKind: TypeAlias = Literal["client", "shipment"]


class LeftOut(TypedDict):
    """Parts of a map that are not in a network, for one reason."""

    count: int
    examples: tuple[str, ...]
    reason: str


class NetworkReport(TypedDict):
    """What a network has, and what it does not have of the map."""

    data_date: int | None
    directed_segments: int
    disconnected_length: float
    disconnected_segments: int
    ignored: tuple[LeftOut, ...] | None
    length: float
    profile: str
    restrictions: int
    segments: int
    turns: int
    unused: tuple[LeftOut, ...]


class NotDue(TypedDict):
    """Bins that are not due, by reason."""

    count: int
    reason: str

Objective: TypeAlias = Literal["cost", "distance", "vehicles", "makespan", "unserved", "balance", "scatter", "emissions"]


class _ObstacleRequired(TypedDict):
    kind: ObstacleKind
    text: str


class Obstacle(_ObstacleRequired, total=False):
    """What keeps a vehicle type from serving it. Fields that the kind does not need are omitted."""

    amount: float
    capacity: float
    client: int
    depot: int
    dimension: int
    material: int
    obstacles: tuple[str, ...]
    relation: int
    skills: tuple[str, ...]
    until: float
    violation: str
    zone: int

ObstacleKind: TypeAlias = Literal["not_allowed", "outside_zones", "zone_closed", "pinned", "missing_skills", "no_compartment", "too_much", "no_site", "alone", "held_back", "partner"]


class Outcomes(TypedDict):
    """What a plan costs as days turn out."""

    deviation: float | None
    infeasible: int
    least: float | None
    mean: float | None
    missed: int
    most: float | None
    scenarios: int
    standard_error: float | None


class Paired(TypedDict):
    """The mean of differences seed by seed, and its noise."""

    half_width: float | None
    mean: float
    pairs: int
    significant: bool
    standard_error: float | None


class PeriodDay(TypedDict):
    """One day of a period."""

    clients: tuple[int, ...]
    cost: float
    distance: float
    duration: float
    routes: int
    vehicle_types: tuple[int, ...]


class PeriodPlan(TypedDict):
    """A planned period. The problems and plans of its days are documents of their own."""

    breakdown: CostBreakdown
    consistency_cost: float
    cost: float
    days: tuple[PeriodDay, ...]
    feasible: bool
    iterations: int
    moved_days: int
    other_time: float
    other_vehicle: int
    overflow_cost: float
    stopped: StopReason
    violations: tuple[str, ...]
    visited: tuple[tuple[int, ...], ...]


class Progress(TypedDict):
    """A look at a running search."""

    best_cost: float | None
    elapsed: float
    iterations: int
    routes: int
    unserved: int

ReasonKind: TypeAlias = Literal["impossible", "not_found", "tied", "no_room", "possible"]

_RelaxationOptional = TypedDict("_RelaxationOptional", {"break": "int"}, total=False)


class _RelaxationRequired(TypedDict):
    kind: RelaxationKind
    text: str


class Relaxation(_RelaxationOptional, _RelaxationRequired, total=False):
    """A single change that would make room. Fields that the kind does not need are omitted."""

    by: float
    client: int
    depot: int
    dimension: int
    relation: int
    rule: int
    site: int
    skill: str
    until: float
    vehicle_type: int

RelaxationKind: TypeAlias = Literal["prize", "vehicle", "shift", "shift_start", "max_duration", "max_driving", "max_work", "max_distance", "capacity", "route_load", "max_stops", "max_trips", "skill", "allow", "break", "zones", "driver_rule", "window", "site_hours", "site_capacity", "depot_hours", "depot_opening", "release", "relation"]


class Report(TypedDict):
    """What the judge found."""

    breakdown: CostBreakdown
    discrepancies: tuple[Discrepancy, ...]
    violations: tuple[Violation, ...]


class RoadLeg(TypedDict):
    """A drive from one point to the next."""

    distance: int
    duration: int
    geometry: tuple[tuple[float, float], ...]
    streets: tuple[str, ...]
    ways: tuple[int, ...]

Role: TypeAlias = Literal["bins", "trucks", "sites", "depots"]


class Route(TypedDict):
    """What one vehicle does."""

    breakdown: CostBreakdown
    consumed: float
    distance: float
    driving: float
    emitted: float
    end: float
    paid: float
    pauses: float
    start: float
    trips: tuple[Trip, ...]
    vehicle_name: str
    vehicle_type: int
    waiting: float
    work: float


class RunsProgress(TypedDict):
    """A look at work that consists of many searches."""

    done: int
    elapsed: float
    searches: int


class ScenarioPlan(TypedDict):
    """How planning over scenarios ended. The plan, and the one for what is expected, are documents of their own."""

    fresh: Outcomes
    fresh_for_means: Outcomes
    outcomes: Outcomes
    outcomes_for_means: Outcomes
    stopped: StopReason
    visited_share: tuple[float | None, ...]


class SearchResult(TypedDict):
    """How a search ended. The plan is a document of its own."""

    iterations: int
    runtime: float
    stopped: StopReason
    threads: int

SearchedKind: TypeAlias = Literal["nothing", "reasons", "everything"]


class Spot(TypedDict):
    """A point on a street."""

    away: float
    on_street: tuple[float, float]
    places: int
    point: tuple[float, float]


class Spread(TypedDict):
    """A figure over several seeds."""

    count: int
    deviation: float | None
    least: float
    mean: float
    most: float

StopReason: TypeAlias = Literal["max_runtime", "max_iterations", "no_improvement", "target_cost", "cancelled", "trivial"]

_StreetSpeedNamed = TypedDict("_StreetSpeedNamed", {"from": "int"})


class StreetSpeed(_StreetSpeedNamed):
    """From when on streets are how fast."""

    percent: int


class Summary(TypedDict):
    """What is known of a figure of a variant."""

    difference: Paired | None
    figure: Figure
    spread: Spread | None


class TableRead(TypedDict):
    """How a table was understood."""

    columns: tuple[ColumnRead, ...]
    form: str
    headings: int
    name: str
    role: Role | None
    rows: int


class TablesReport(TypedDict):
    """What was understood of all tables."""

    assumed: tuple[str, ...]
    day: str | None
    depots: int
    due: int
    not_due: tuple[NotDue, ...]
    sites: int
    stops: int
    tables: tuple[TableRead, ...]
    trucks: int
    weekday: str | None


class Trip(TypedDict):
    """From leaving a depot to reaching the next."""

    arrival: float
    departure: float
    distance: float
    end_depot: int | None
    load: tuple[float, ...]
    max_load: tuple[float, ...]
    start: float
    start_depot: int | None
    visits: tuple[Visit, ...]


class _TypeReasonRequired(TypedDict):
    kind: ReasonKind
    obstacles: tuple[Obstacle, ...]
    vehicle_type: int


class TypeReason(_TypeReasonRequired, total=False):
    """Why one vehicle type does not serve it."""

    cost: float
    relation: int
    rules: tuple[str, ...]
    together: bool


class Unserved(TypedDict):
    """What a plan leaves unserved, by index."""

    clients: tuple[int, ...]
    shipments: tuple[int, ...]


class Violation(TypedDict):
    """A rule that is violated."""

    kind: str
    message: str
    route: int | None


class Visit(TypedDict):
    """One stop of a trip."""

    arrival: float
    departure: float
    index: int
    kind: ActivityKind
    load: tuple[float, ...]
    location: int
    name: str
    setup: float
    start: float

_ActivityOptional = TypedDict("_ActivityOptional", {"break": "Reference"}, total=False)


class Activity(_ActivityOptional, total=False):
    """What a vehicle has done."""

    client: Reference
    pickup: Reference
    delivery: Reference
    dispose: Reference
    rest: Duration


class Adapt(TypedDict, total=False):
    """What is asked of an adaptation, in the solver's numbers."""

    events: Sequence[Event]
    keep: Keep
    keep_until: int | None
    now: int
    prices: ChangePrices | None


class AddedClient(TypedDict, total=False):
    """A client that is added: at a location of the problem, or at coordinates."""

    delivery: Sequence[int]
    location: int | None
    name: str
    pickup: Sequence[int]
    prize: int | None
    service: int
    setup: int
    time_window: tuple[int, int] | None
    window_covers: WindowCovers | None
    x: float
    y: float

Approach: TypeAlias = Literal["any", "curb"]


class AssignmentCost(TypedDict):
    """What serving a client, or carrying a shipment, costs in addition with vehicles of one type."""

    cost: int
    vehicle_type: Reference

Backhauls: TypeAlias = Literal["mixed", "after_linehauls"]


class _BreakRequired(TypedDict):
    duration: Duration
    start: Window


class Break(_BreakRequired, total=False):
    """A break of a vehicle's driver."""

    location: Place | None
    name: str
    paid: bool


class ChangePrices(TypedDict, total=False):
    """What it costs to change a published plan."""

    called_out: int
    dropped: int
    other_order: int
    other_vehicle: int
    per_time: int
    tolerance: int


class _ClientRequired(TypedDict):
    location: Place


class Client(_ClientRequired, total=False):
    """A single stop."""

    allowed_vehicles: Sequence[Reference] | None
    assignment_costs: Sequence[AssignmentCost]
    delivery: Sequence[int]
    forbidden_vehicles: Sequence[Reference]
    group: Reference | None
    material: Reference | None
    name: str
    pickup: Sequence[int]
    priority: int
    prize: int
    release: Time
    remarks: str
    required: bool
    service: Duration
    service_by_type: Sequence[ServiceByType]
    setup: Duration
    skills: Sequence[str]
    soft_window: SoftWindow | None
    tags: dict[str, str]
    time_window: Window
    time_windows: Sequence[Window]
    window_covers: WindowCovers


class _ClosedZoneRequired(TypedDict):
    zone: Reference


class ClosedZone(_ClosedZoneRequired, total=False):
    """A zone that is closed."""

    during: Sequence[Window]


class Compare(TypedDict):
    """Variants of a problem. They are compared with the problem as it is, which comes first."""

    variants: Sequence[Variant]


class _CompartmentRequired(TypedDict):
    materials: Sequence[Reference]


class Compartment(_CompartmentRequired, total=False):
    """A part of a vehicle that takes certain materials only."""

    capacity: Sequence[int]


class Consistency(TypedDict, total=False):
    """What it costs when the visits to a client differ."""

    moved_day: int
    other_vehicle: int
    per_time: int
    tolerance: int


class Consumption(TypedDict, total=False):
    """What a vehicle consumes, in litres or kilowatt-hours, and what it emits."""

    co2: float | None
    energy: Energy
    per_distance: float
    per_idle: float
    per_load_distance: Sequence[float]
    per_stop: float

DateOrder: TypeAlias = Literal["dmy", "mdy"]

Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

DecimalMark: TypeAlias = Literal["point", "comma"]


class _DepotRequired(TypedDict):
    location: Place


class Depot(_DepotRequired, total=False):
    """Where vehicles start, end and reload."""

    name: str
    remarks: str
    service: Duration
    tags: dict[str, str]
    time_window: Window


class _DisposalSiteRequired(TypedDict):
    location: Place


class DisposalSite(_DisposalSiteRequired, total=False):
    """A landfill or transfer station: vehicles leave there what they have picked up from clients."""

    daily_capacity: Sequence[int]
    hours: Sequence[Window]
    materials: Sequence[Reference] | None
    name: str
    remarks: str
    service: Duration
    tags: dict[str, str]
    tipping_fee: Sequence[Rate]
    unloading: Sequence[Rate]
    visit_cost: int


class _DriverRuleRequired(TypedDict):
    effort: Effort
    max: Duration
    rest: Duration


class DriverRule(_DriverRuleRequired, total=False):
    """At most so much driving (or work) without a rest in between."""

    any_pause: bool
    split: tuple[Duration, Duration] | None

Duration: TypeAlias = "int | str"

Effort: TypeAlias = Literal["driving", "work"]

Energy: TypeAlias = Literal["fuel", "electricity"]

_EventOptional = TypedDict("_EventOptional", {"from": "int"}, total=False)


class _EventRequired(TypedDict):
    kind: Literal["done", "late", "broken_down", "available", "shift_ends", "load", "added", "cancelled", "changed", "site_closed", "site_queue", "slow", "area", "travel"]


class Event(_EventOptional, _EventRequired, total=False):
    """Something that has happened. Routes, clients and sites are named by index."""

    activities: int
    at: int
    route: int
    by: int
    vehicle_type: int
    more: Sequence[int]
    client: AddedClient | int
    delivery: Sequence[int] | None
    pickup: Sequence[int] | None
    prize: int | None
    required: bool | None
    service: int | None
    time_window: tuple[int, int] | None
    site: int
    to: int
    percent: int
    profile: int
    corners: Sequence[tuple[float, float]]
    profiles: Sequence[TravelTables]


class _FillModelRequired(TypedDict):
    model: Literal["empirical", "gamma"]


class FillModel(_FillModelRequired, total=False):
    """A model of what goes into bins. Fields that are omitted are as in the defaults of its parameters."""

    gamma: GammaParams
    half_life: int | None
    max_days: int
    min_share: float
    prior_windows: float
    weekday_weight: float
    prior_days: float


class GammaParams(TypedDict, total=False):
    """How a [`GammaProcess`] is fitted."""

    half_life: int | None
    prior_days: float


class _GoalRequired(TypedDict):
    measure: Measure


class Goal(_GoalRequired, total=False):
    """How a figure of the whole plan counts."""

    target: int | None
    weight: int | None


class Group(TypedDict, total=False):
    """Clients of which at most one is served."""

    name: str
    pattern_costs: Sequence[int]
    patterns: Sequence[Sequence[Reference]]
    required: bool

Handout: TypeAlias = Literal["day_page", "map_and_timeline", "driver_sheets", "gpx", "csv", "ical"]

Keep: TypeAlias = Literal["nothing", "vehicles", "order", "times"]

Language: TypeAlias = Literal["en", "de", "fr", "es", "it", "nl"]


class Location(TypedDict, total=False):
    """A place that others refer to."""

    lat: float | None
    lon: float | None
    name: str
    x: float | None
    y: float | None


class Material(TypedDict, total=False):
    """A kind of waste."""

    name: str

Measure: TypeAlias = Literal["vehicles", "makespan", "duration_spread", "load_spread", "stop_spread", "scatter", "emissions", "distance"]


class Missed(TypedDict, total=False):
    """What was missed on a day."""

    clients: Sequence[Reference]
    shipments: Sequence[Reference]
    unserved: bool

Origin: TypeAlias = "str"


class _OutcomeRequired(TypedDict):
    pickup: Sequence[int]


class Outcome(_OutcomeRequired, total=False):
    """What a client turns out to be."""

    prize: int


class _OverflowRequired(TypedDict):
    after: Sequence[int]


class Overflow(_OverflowRequired, total=False):
    """What it costs that a container is expected to overflow before it is emptied, by the days that pass."""

    until_first: Sequence[int]


class OvertimeStep(TypedDict):
    """One step of the price of long days: it adds to the cost of duration and to the steps before."""

    after: Duration
    cost_per_duration: int


class Pareto(TypedDict):
    """What is asked of a front."""

    objectives: Sequence[Objective]
    points: int


class _PeriodRequired(TypedDict):
    days: int


class Period(_PeriodRequired, total=False):
    """What a period is like, in the solver's numbers. The problem says what one day is like."""

    consistency: Consistency
    territories: Sequence[Territory]
    told: Sequence[Told]
    visits: Sequence[Visits]
    working_days: Sequence[WorkingDays]

PeriodHandout: TypeAlias = Literal["page", "driver_sheets"]


class _PinRequired(TypedDict):
    client: Reference


class Pin(_PinRequired, total=False):
    """Who is served by whom, and where on the route."""

    position: Position | None
    vehicle_type: Reference | None

Place: TypeAlias = "Reference | Point"


class Point(TypedDict, total=False):
    """A point of its own."""

    lat: float | None
    lon: float | None
    x: float | None
    y: float | None

Position: TypeAlias = Literal["first", "last"]


class Precedence(TypedDict):
    """Who comes before whom."""

    after: Reference
    before: Reference

_ProblemOptional = TypedDict("_ProblemOptional", {"$schema": "str | None"}, total=False)


class _ProblemRequired(TypedDict):
    milkrun: ProblemKind
    version: int


class Problem(_ProblemOptional, _ProblemRequired, total=False):
    """A routing problem. Lists of amounts have one value for each load dimension; missing ones are zero. Times count from the planning origin."""

    backhauls: Backhauls
    clients: Sequence[Client]
    depots: Sequence[Depot]
    disposal_sites: Sequence[DisposalSite]
    goals: Sequence[Goal]
    groups: Sequence[Group]
    locations: Sequence[Location]
    materials: Sequence[Material]
    name: str
    origin: Origin | None
    relations: Sequence[Relation]
    separate_materials: Sequence[tuple[Reference, Reference]]
    shipments: Sequence[Shipment]
    speeds: Sequence[Sequence[SpeedStep]]
    travel: Travel | None
    vehicle_types: Sequence[VehicleType]
    zones: Sequence[Zone]


class _ProblemChangeRequired(TypedDict):
    kind: Literal["vehicles", "shift", "later_start", "capacity", "depot", "sites", "site_closed", "merge"]


class ProblemChange(_ProblemChangeRequired, total=False):
    """A change of a problem, in the solver's numbers. Without a vehicle type, it applies to all types."""

    by: int
    vehicle_type: Reference | None
    early: int | None
    late: int | None
    capacity: Sequence[int]
    depot: Reference
    sites: Sequence[Reference]
    site: Reference
    patch: dict[str, object]

ProblemKind: TypeAlias = Literal["problem"]


class _ProfileRequired(TypedDict):
    distance: Sequence[Sequence[int | None]]


class Profile(_ProfileRequired, total=False):
    """Matrices with a row for each origin and a column for each destination, both in the order of locations; null if unreachable."""

    duration: Sequence[Sequence[int | None]] | None

ProfileNames: TypeAlias = "str | Sequence[str]"


class Rate(TypedDict):
    """So much for every so much, rounded up: 90 seconds (or coins) for every thousand units of load."""

    amount: int
    per: int

Reference: TypeAlias = "int | str"


class Relation(TypedDict, total=False):
    """A tie between clients, or between a client and its vehicle."""

    same_vehicle: Sequence[Reference]
    sequence: Sequence[Reference]
    precedence: Precedence
    all_or_none: Sequence[Reference]
    incompatible: Sequence[Reference]
    pin: Pin


class ReportOptions(TypedDict, total=False):
    """How a plan is shown."""

    clock: bool | None
    currency: str
    date: str | None
    each_stop: bool
    explain: float
    geographic: bool | None
    loads: Sequence[str]
    route: int | None
    scales: Scales | None

Rounding: TypeAlias = Literal["round", "trunc", "dimacs", "exact", "none", "ceil"]


class _RouteStopsRequired(TypedDict):
    trips: Sequence[TripStops]
    vehicle_type: int


class RouteStops(_RouteStopsRequired, total=False):
    """What a vehicle drives."""

    start: int | None


class Scales(TypedDict, total=False):
    """How many units of the solver one unit of the user is."""

    cost: float
    distance: float
    load: float
    time: float


class _ScenariosRequired(TypedDict):
    uncertain: Sequence[Uncertain]


class Scenarios(_ScenariosRequired, total=False):
    """What is uncertain about a day, in the solver's numbers, and over how many scenarios it is planned. The problem says what is expected."""

    agreement: float | None
    fresh: int
    rounds: int | None
    scenarios: int


class Search(TypedDict, total=False):
    """How to search. Fields that are omitted are as in the default parameters."""

    max_iterations: int | None
    max_runtime: float | None
    no_improvement: int | None
    seed: int
    target_cost: float | None
    threads: int


class ServiceByType(TypedDict):
    """Time that a service takes for vehicles of one type."""

    service: Duration
    vehicle_type: Reference

ServiceKind: TypeAlias = Literal["osrm", "valhalla", "mapbox", "google"]


class _ShipmentRequired(TypedDict):
    delivery: Stop
    pickup: Stop


class Shipment(_ShipmentRequired, total=False):
    """Something taken from one stop to another by the same vehicle on the same trip."""

    amount: Sequence[int]
    assignment_costs: Sequence[AssignmentCost]
    name: str
    prize: int
    remarks: str
    required: bool
    tags: dict[str, str]


class Snap(TypedDict, total=False):
    """How points are snapped to streets. Fields that are omitted are as usual."""

    approach: Approach
    limit: float
    places: int
    slack: float


class SoftWindow(TypedDict, total=False):
    """When a service should start, and what it costs not to. Nobody waits for it; the time window holds all the same."""

    cost_per_early: int
    cost_per_late: int
    early: Time
    late: Time | None

_SpeedStepNamed = TypedDict("_SpeedStepNamed", {"from": "Time"})


class SpeedStep(_SpeedStepNamed):
    """From when on how fast a travel profile is."""

    percent: int


class _StopRequired(TypedDict):
    location: Place


class Stop(_StopRequired, total=False):
    """One end of a shipment."""

    service: Duration
    setup: Duration
    time_window: Window
    window_covers: WindowCovers


class StreetChange(TypedDict, total=False):
    """What is not as usual on some streets, in both directions: one place and one effect."""

    area: Sequence[tuple[float, float]] | None
    at: tuple[float, float] | None
    closed: bool
    everywhere: bool
    percent: int | None
    road_class: str | None
    way: int | None


class TableOptions(TypedDict, total=False):
    """How tables are to be read; all of it is found out where it is not said."""

    date_order: DateOrder | None
    day: str | None
    decimal: DecimalMark | None
    defaults: str | None
    encoding: str | None
    language: Language | None
    map: dict[str, str]
    roles: dict[str, Role]
    separator: str | None


class _TerritoryRequired(TypedDict):
    clients: Sequence[Reference]
    vehicle_type: Reference


class Territory(_TerritoryRequired, total=False):
    """The area of a vehicle."""

    unit: int

Time: TypeAlias = "int | str"


class Told(TypedDict):
    """The days that a client was told."""

    client: Reference
    days: Sequence[int]


class _TravelRequired(TypedDict):
    type: Literal["euclidean", "haversine", "matrices", "network", "service"]


class Travel(_TravelRequired, total=False):
    """Where distances and durations come from."""

    rounding: Rounding
    detour: float
    speed: float
    profiles: Sequence[Profile]
    curb: bool
    file: str
    profile: ProfileNames | None
    budget: int | None
    cache: str | None
    data_date: str | None
    service: ServiceKind
    url: str | None


class _TravelTablesRequired(TypedDict):
    distance: Sequence[Sequence[int | None]]


class TravelTables(_TravelTablesRequired, total=False):
    """The tables of a travel profile: rows are origins, columns destinations, both in the order of locations; null: not reachable."""

    duration: Sequence[Sequence[int | None]] | None


class _TripStopsRequired(TypedDict):
    visits: Sequence[tuple[ActivityKind, int]]


class TripStops(_TripStopsRequired, total=False):
    """What a vehicle does from leaving a depot to reaching the next."""

    end_depot: int | None
    start_depot: int | None


class Uncertain(TypedDict):
    """What a client may turn out to be."""

    client: Reference
    outcomes: Sequence[Outcome]


class _VariantRequired(TypedDict):
    name: str


class Variant(_VariantRequired, total=False):
    """A variant of a problem."""

    changes: Sequence[ProblemChange]


class VehicleType(TypedDict, total=False):
    """A number of vehicles that are alike. Each drives at most one route."""

    allowed_clients: Sequence[Reference] | None
    breaks: Sequence[Break]
    capacity: Sequence[int]
    compartments: Sequence[Compartment]
    consumption: Consumption | None
    cost_per_distance: int
    cost_per_duration: int
    cost_per_waiting: int
    count: int
    disposal_sites: Sequence[Reference]
    driver_rules: Sequence[DriverRule]
    end: Reference | None
    end_empty: bool
    executed: Sequence[Activity]
    fixed_cost: int
    max_distance: int | None
    max_driving: Duration | None
    max_duration: Duration | None
    max_route_load: Sequence[int]
    max_stops: int | None
    max_trips: int | None
    max_work: Duration | None
    name: str
    overtime: Sequence[OvertimeStep]
    paid_rests: bool
    profile: int
    reload_depots: Sequence[Reference]
    remarks: str
    shift: Window
    skills: Sequence[str]
    start: Reference | None
    tags: dict[str, str]
    zones: Sequence[ZoneRule]


class _VisitsRequired(TypedDict):
    client: Reference


class Visits(_VisitsRequired, total=False):
    """On which days a client is visited: so often, evenly spaced if nothing else is said, or by patterns."""

    days: Sequence[int] | None
    frequency: int
    last_visit: int | None
    max_gap: int | None
    min_gap: int | None
    overflow: Overflow | None
    patterns: Sequence[Sequence[int]]

Window: TypeAlias = "tuple[Time | None, Time | None]"

WindowCovers: TypeAlias = Literal["start", "service"]


class WorkingDays(TypedDict):
    """On which days the vehicles of a type work."""

    days: Sequence[int]
    vehicle_type: Reference


class _ZoneRequired(TypedDict):
    area: ZoneArea


class Zone(_ZoneRequired, total=False):
    """A part of the map, to which the rules of vehicle types refer."""

    name: str


class ZoneArea(TypedDict):
    """An area, as a geometry of GeoJSON (RFC 7946)."""

    coordinates: Sequence[Sequence[tuple[float, float]]] | Sequence[Sequence[Sequence[tuple[float, float]]]]
    type: Literal["Polygon", "MultiPolygon"]


class ZoneRule(TypedDict, total=False):
    """What a zone means for the vehicles of a type."""

    serve_only: Reference
    closed: ClosedZone
