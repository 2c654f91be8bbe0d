/** What crosses the border to the compiled part. Generated from the core by `cargo xtask types`: change it there. */

/** What is done at a stop. */
export const activityKindWords = ["client", "pickup", "delivery", "dispose", "break", "rest"] as const;
/** What is done at a stop. */
export type ActivityKind = (typeof activityKindWords)[number];

/** How an adaptation ended. Problem and plan are documents of their own. */
export interface Adaptation {
  /** What changed. */
  readonly difference: Difference;
  /** How many iterations it did. */
  readonly iterations: number;
  /** What it costs that services are out of order on their vehicles; no part of the plan's cost. */
  readonly orderCost: number;
  /** For each vehicle type of the adapted problem, the published route of its vehicle; null: it stood in the depot. */
  readonly publishedRoute: readonly (number | null)[];
  /** How many seconds it took until there was a repaired plan. */
  readonly repairedAfter: number;
  /** Why the search ended. */
  readonly stopped: StopReason;
  /** How many rules the published plan violates as it is now. */
  readonly violationsIfFollowed: number;
}

/** An area: polygons, of which each is a list of rings, the outer one first: longitudes and latitudes. */
export interface Area {
  /** The coordinates of a multipolygon, as `GeoJSON` has them. */
  readonly polygons: readonly (readonly (readonly (readonly [number, number])[])[])[];
}

/** What became of a client or shipment. */
export interface Carried {
  /** Whether it was to be served on that day anyway: the amounts are added. */
  readonly joined: boolean;
  /** Which it was. */
  readonly missed: number;
  /** Its name; may be empty. */
  readonly name: string;
  /** Which it is on the next day. */
  readonly now: number;
}

/** What became of what was missed. */
export interface CarriedOver {
  /** The clients. */
  readonly clients: readonly Carried[];
  /** The shipments. */
  readonly shipments: readonly Carried[];
}

/** One change of a plan. */
export interface Change {
  /** The index of the event that it is due to, where that is known. */
  readonly cause: number | null;
  /** What kind of change it is. */
  readonly change: ChangeKind;
  /** The index of the client or shipment; null of a change of a whole route. */
  readonly index: number | null;
  /** What is served; null of a change of a whole route. */
  readonly kind: ActivityKind | null;
  /** The name of the client, shipment or vehicle; may be empty. */
  readonly name: string;
  /** The route after; null where there is none. */
  readonly routeAfter: number | null;
  /** The route before; null where there was none. */
  readonly routeBefore: number | null;
  /** When service begins, or the route starts. */
  readonly startAfter: number | null;
  /** When service was to begin. */
  readonly startBefore: number | null;
  /** The change in words, in the solver's numbers. */
  readonly text: string;
}

/** What kind of change it is. */
export const changeKindWords = ["moved", "retimed", "dropped", "inserted", "called_out", "stood_down"] as const;
/** What kind of change it is. */
export type ChangeKind = (typeof changeKindWords)[number];

/** What became of a column. */
export interface ColumnRead {
  /** Its heading. */
  readonly heading: string;
  /** What it was read as, or why not. */
  readonly read: string;
}

/** A variant that was solved. Its best plan is a document of its own. */
export interface Compared {
  /** The figures of the feasible plans. */
  readonly figures: readonly Summary[];
  /** The variant's name. */
  readonly name: string;
  /** What each search found, in the order of seeds; null where it did not begin. */
  readonly runs: readonly (ComparedRun | null)[];
  /** What the variant costs against the first, in words; may be empty. */
  readonly text: string;
}

/** What one search found. */
export interface ComparedRun {
  /** What the plan costs. */
  readonly cost: number;
  /** Whether the plan violates no rule. */
  readonly feasible: boolean;
  /** How many iterations it did. */
  readonly iterations: number;
  /** How many seconds it took. */
  readonly runtime: number;
  /** Why the search ended. */
  readonly stopped: StopReason;
}

/** Variants side by side. */
export interface Comparison {
  /** Whether every search ran to its end. */
  readonly complete: boolean;
  /** How many seconds it took. */
  readonly runtime: number;
  /** How many seeds there are. */
  readonly seeds: number;
  /** The variants in their order. Differences are those to the first, the problem as it is. */
  readonly variants: readonly Compared[];
}

/** A cost, by cause. */
export interface CostBreakdown {
  /** Clients and shipments on vehicles of types that cost more for them. */
  readonly assignment: number;
  /** Visits to disposal sites, and tipping fees. */
  readonly disposal: number;
  /** Distance driven. */
  readonly distance: number;
  /** Time from the start to the end of each route. */
  readonly duration: number;
  /** Vehicles used. */
  readonly fixed: number;
  /** Weighted goals; only of the whole plan. */
  readonly goals: number;
  /** Overtime. */
  readonly overtime: number;
  /** Prizes of what is unserved; only of the whole plan. */
  readonly unserved: number;
  /** Waiting. */
  readonly waiting: number;
  /** Services that start outside of their soft windows. */
  readonly windows: number;
}

/** What differs between two plans. Of each pair, the first is before and the second is after. */
export interface Difference {
  /** Every change. */
  readonly changes: readonly Change[];
  /** Costs. */
  readonly cost: readonly [number, number];
  /** Distances. */
  readonly distance: readonly [number, number];
  /** The sums of the routes' durations. */
  readonly duration: readonly [number, number];
  /** How many services are out of order on their route: the fewest that must be taken out for the rest to stand as before. */
  readonly reordered: number;
  /** Numbers of routes. */
  readonly routes: readonly [number, number];
}

/** What a plan states and the judge does not find. */
export interface Discrepancy {
  /** What it is. */
  readonly found: string;
  /** Where. */
  readonly path: string;
  /** What the plan says. */
  readonly stated: string;
}

/** Why a client or a shipment is not served. */
export interface Explanation {
  /** Why each vehicle type does not serve it. */
  readonly byType: readonly TypeReason[];
  /** Its index. */
  readonly index: number;
  /** Whether no vehicle type can serve it, whatever else it does. */
  readonly isImpossible: boolean;
  /** Which of the two. */
  readonly kind: JobKind;
  /** Its name; may be empty. */
  readonly name: string;
  /** What serving is worth; null where it is required. */
  readonly prize: number | null;
  /** Changes, each of which alone would make room, the smallest first. */
  readonly relaxations: readonly Relaxation[];
  /** How far it got before the time was up. */
  readonly searched: SearchedKind;
  /** All of it for people, in the solver's units. */
  readonly text: string;
}

/** An error of any kind. */
export interface Failure {
  /** A word for the kind of error that stays the same over versions. */
  readonly code: string;
  /** Every fault at once; empty where the message says all. */
  readonly issues: readonly Issue[];
  /** What went wrong. */
  readonly message: string;
}

/** A figure of a plan that is compared. */
export const figureWords = ["cost", "vehicles", "distance", "duration", "unserved", "emissions"] as const;
/** A figure of a plan that is compared. */
export type Figure = (typeof figureWords)[number];

/** Plans of which none is nowhere worse than another. */
export interface Front {
  /** Whether the front was not cut short. */
  readonly complete: boolean;
  /** How much of the box between the best values and a tenth beyond the worst the front covers, from 0 to 1. */
  readonly covered: number;
  /** The objectives: cost, if it is one, and the others in their order. */
  readonly objectives: readonly Objective[];
  /** The points, by their values. */
  readonly points: readonly FrontPoint[];
  /** How many searches there were. */
  readonly runs: number;
  /** How many seconds it took. */
  readonly runtime: number;
}

/** A point of a front. Its plan is a document of its own. */
export interface FrontPoint {
  /** What it takes to get here from the point before, in words; empty for the first. */
  readonly trade: string;
  /** The values of the objectives, in their order. */
  readonly values: readonly number[];
}

/** One fault of the input. */
export interface Issue {
  /** What is wrong with it. */
  readonly message: string;
  /** Where it is: `clients[3].time_window`, or `line 12, DEMAND_SECTION`. */
  readonly path: string;
  /** How to mend it. */
  readonly remedy: string;
  /** The offending value; empty where there is none to show. */
  readonly value: string;
}

/** What is not served. */
export const jobKindWords = ["client", "shipment"] as const;
/** What is not served. */
export type JobKind = (typeof jobKindWords)[number];

/** Parts of a map that are not in a network, for one reason. */
export interface LeftOut {
  /** How many. */
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly string[];
  /** Why. */
  readonly reason: string;
}

/** What a network has, and what it does not have of the map. */
export interface NetworkReport {
  /** The date that the map's data is from, in seconds since 1970; null where it does not say that. */
  readonly dataDate: number | null;
  /** Number of directed segments: the ways to be on a street. */
  readonly directedSegments: number;
  /** Metres of the disconnected segments. */
  readonly disconnectedLength: number;
  /** Number of segments that can be driven but are not connected, there and back, with the rest. */
  readonly disconnectedSegments: number;
  /** What the map says that is not applied, by reason; null of a network that comes from a file of its own. */
  readonly ignored: readonly LeftOut[] | null;
  /** Metres of the segments. */
  readonly length: number;
  /** The name of the profile that drives. */
  readonly profile: string;
  /** Number of turn restrictions that hold for the profile. */
  readonly restrictions: number;
  /** Number of segments that can be driven in at least one direction. */
  readonly segments: number;
  /** Number of turns. */
  readonly turns: number;
  /** Segments that the profile does not use, by reason. */
  readonly unused: readonly LeftOut[];
}

/** Bins that are not due, by reason. */
export interface NotDue {
  /** How many rows. */
  readonly count: number;
  /** Why, in words. */
  readonly reason: string;
}

/** A figure of a plan that should be small. */
export const objectiveWords = ["cost", "distance", "vehicles", "makespan", "unserved", "balance", "scatter", "emissions"] as const;
/** A figure of a plan that should be small. */
export type Objective = (typeof objectiveWords)[number];

/** What keeps a vehicle type from serving it. Fields that the kind does not need are omitted. */
export interface Obstacle {
  /** How much there is. */
  readonly amount?: number;
  /** How much the vehicle may take. */
  readonly capacity?: number;
  /** The index of the partner. */
  readonly client?: number;
  /** The index of the depot that opens too late. */
  readonly depot?: number;
  /** The load dimension. */
  readonly dimension?: number;
  /** What it is. */
  readonly kind: ObstacleKind;
  /** The index of the material. */
  readonly material?: number;
  /** The partner's obstacles, for people. */
  readonly obstacles?: readonly string[];
  /** The index of the relation. */
  readonly relation?: number;
  /** The skills that are missing. */
  readonly skills?: readonly string[];
  /** The same for people, in the solver's units. */
  readonly text: string;
  /** Until when the vehicle is held back. */
  readonly until?: number;
  /** The kind of the violation. */
  readonly violation?: string;
  /** The index of the zone. */
  readonly zone?: number;
}

/** What keeps a vehicle type from serving it, whatever else it does or leaves. */
export const obstacleKindWords = ["not_allowed", "outside_zones", "zone_closed", "pinned", "missing_skills", "no_compartment", "too_much", "no_site", "alone", "held_back", "partner"] as const;
/** What keeps a vehicle type from serving it, whatever else it does or leaves. */
export type ObstacleKind = (typeof obstacleKindWords)[number];

/** What a plan costs as days turn out. */
export interface Outcomes {
  /** The standard deviation of the cost; null with fewer than two scenarios. */
  readonly deviation: number | null;
  /** In how many scenarios no feasible plan could be made of it. */
  readonly infeasible: number;
  /** The least cost. */
  readonly least: number | null;
  /** The mean cost, with the prizes of what is left unserved; null: there is no scenario. */
  readonly mean: number | null;
  /** How many visits that were planned could not be made, over all scenarios. */
  readonly missed: number;
  /** The largest. */
  readonly most: number | null;
  /** How many scenarios there are. */
  readonly scenarios: number;
  /** The standard error of the mean; null with fewer than two scenarios. */
  readonly standardError: number | null;
}

/** The mean of differences seed by seed, and its noise. */
export interface Paired {
  /** Half the width of the 95 % confidence interval of the mean; null with one pair. */
  readonly halfWidth: number | null;
  /** The mean difference. */
  readonly mean: number;
  /** How many pairs there are. */
  readonly pairs: number;
  /** Whether the interval excludes zero. */
  readonly significant: boolean;
  /** The standard error of the mean; null with one pair. */
  readonly standardError: number | null;
}

/** One day of a period. */
export interface PeriodDay {
  /** For each client of the day's problem, its index in the problem that is repeated. */
  readonly clients: readonly number[];
  /** What the day costs. */
  readonly cost: number;
  /** Distance driven. */
  readonly distance: number;
  /** The sum of the routes' durations. */
  readonly duration: number;
  /** Number of routes. */
  readonly routes: number;
  /** For each vehicle type of the day's problem, its index in the problem that is repeated. */
  readonly vehicleTypes: readonly number[];
}

/** A planned period. The problems and plans of its days are documents of their own. */
export interface PeriodPlan {
  /** The cost of all routes, by cause. */
  readonly breakdown: CostBreakdown;
  /** What other vehicles and times than usual cost. */
  readonly consistencyCost: number;
  /** What the period costs, with the prices of consistency. */
  readonly cost: number;
  /** The days, one after the other. */
  readonly days: readonly PeriodDay[];
  /** Whether all days are feasible and all required clients are visited as their patterns say. */
  readonly feasible: boolean;
  /** How many iterations it did. */
  readonly iterations: number;
  /** How many visits are on days that were not told, of clients that were told days. */
  readonly movedDays: number;
  /** By how much visits begin earlier or later than is usual for their clients, beyond the tolerance, in all. */
  readonly otherTime: number;
  /** How many visits are by another vehicle than the client's usual one. */
  readonly otherVehicle: number;
  /** What is expected to overflow between visits, which is in the cost of assignment. */
  readonly overflowCost: number;
  /** Why the search ended. */
  readonly stopped: StopReason;
  /** Which rules are violated, in words. */
  readonly violations: readonly string[];
  /** By client, the days on which it is visited; none: it is unserved. */
  readonly visited: readonly (readonly number[])[];
}

/** A look at a running search. */
export interface Progress {
  /** Cost of the best feasible plan so far; null if there is none. */
  readonly bestCost: number | null;
  /** Seconds since the call. */
  readonly elapsed: number;
  /** Iterations so far. */
  readonly iterations: number;
  /** Routes of the best plan so far. */
  readonly routes: number;
  /** Clients and shipments that must be served and are not, in the best plan so far. */
  readonly unserved: number;
}

/** Why a vehicle type does not serve it. */
export const reasonKindWords = ["impossible", "not_found", "tied", "no_room", "possible"] as const;
/** Why a vehicle type does not serve it. */
export type ReasonKind = (typeof reasonKindWords)[number];

/** A single change that would make room. Fields that the kind does not need are omitted. */
export interface Relaxation {
  /** The index of the break. */
  readonly break?: number;
  /** How much more: money, time, distance, load, or a number. */
  readonly by?: number;
  /** The index of the client. */
  readonly client?: number;
  /** The index of the depot. */
  readonly depot?: number;
  /** The load dimension. */
  readonly dimension?: number;
  /** What is changed. */
  readonly kind: RelaxationKind;
  /** The index of the relation. */
  readonly relation?: number;
  /** The index of the driver rule. */
  readonly rule?: number;
  /** The index of the disposal site. */
  readonly site?: number;
  /** The skill. */
  readonly skill?: string;
  /** The same for people, in the solver's units. */
  readonly text: string;
  /** Until when a site would have to be open. */
  readonly until?: number;
  /** The index of the vehicle type. */
  readonly vehicleType?: number;
}

/** What is changed to make room. */
export const relaxationKindWords = ["prize", "vehicle", "shift", "shift_start", "max_duration", "max_driving", "max_work", "max_distance", "capacity", "route_load", "max_stops", "max_trips", "skill", "allow", "break", "zones", "driver_rule", "window", "site_hours", "site_capacity", "depot_hours", "depot_opening", "release", "relation"] as const;
/** What is changed to make room. */
export type RelaxationKind = (typeof relaxationKindWords)[number];

/** What the judge found. */
export interface Report {
  /** What the stops cost. */
  readonly breakdown: CostBreakdown;
  /** Every number of the plan that is wrong. */
  readonly discrepancies: readonly Discrepancy[];
  /** Every rule that they break. */
  readonly violations: readonly Violation[];
}

/** A drive from one point to the next. */
export interface RoadLeg {
  /** Metres. */
  readonly distance: number;
  /** Seconds. */
  readonly duration: number;
  /** Longitudes and latitudes along the streets, at least two. */
  readonly geometry: readonly (readonly [number, number])[];
  /** The names of the streets that it follows, in their order, without those that have none. */
  readonly streets: readonly string[];
  /** The map's numbers of the ways that it follows. */
  readonly ways: readonly number[];
}

/** What a table is about. */
export const roleWords = ["bins", "trucks", "sites", "depots"] as const;
/** What a table is about. */
export type Role = (typeof roleWords)[number];

/** What one vehicle does. */
export interface Route {
  /** What the route costs, by cause. */
  readonly breakdown: CostBreakdown;
  /** What the vehicle consumes, in litres or kilowatt-hours; 0 where it does not say. */
  readonly consumed: number;
  /** Distance driven. */
  readonly distance: number;
  /** Time spent driving. */
  readonly driving: number;
  /** Kilograms of CO₂ that it emits; 0 where it does not say. */
  readonly emitted: number;
  /** When the route is over. */
  readonly end: number;
  /** Duration without unpaid breaks and rests. */
  readonly paid: number;
  /** Time spent on breaks and rests. */
  readonly pauses: number;
  /** When the vehicle starts to load. */
  readonly start: number;
  /** What the vehicle drives. */
  readonly trips: readonly Trip[];
  /** Its name; may be empty. */
  readonly vehicleName: string;
  /** The index of the vehicle type. */
  readonly vehicleType: number;
  /** Time spent waiting. */
  readonly waiting: number;
  /** Time spent driving, loading, serving and unloading. */
  readonly work: number;
}

/** A look at work that consists of many searches. */
export interface RunsProgress {
  /** Searches that have ended. */
  readonly done: number;
  /** Seconds since the call. */
  readonly elapsed: number;
  /** All searches, as far as they are known. */
  readonly searches: number;
}

/** How planning over scenarios ended. The plan, and the one for what is expected, are documents of their own. */
export interface ScenarioPlan {
  /** What the plan costs in fresh scenarios. */
  readonly fresh: Outcomes;
  /** What the plan for what is expected costs in them. */
  readonly freshForMeans: Outcomes;
  /** What the plan costs in the scenarios that it was made for. In fresh ones it will cost more. */
  readonly outcomes: Outcomes;
  /** What the plan for what is expected costs in them. */
  readonly outcomesForMeans: Outcomes;
  /** Why the search ended. */
  readonly stopped: StopReason;
  /** By client, the share of scenarios of the last round in which it was undecided that visited it; null: it never was undecided. */
  readonly visitedShare: readonly (number | null)[];
}

/** How a search ended. The plan is a document of its own. */
export interface SearchResult {
  /** How many iterations it did. */
  readonly iterations: number;
  /** How many seconds it took. */
  readonly runtime: number;
  /** Why it ended. */
  readonly stopped: StopReason;
  /** How many threads searched. */
  readonly threads: number;
}

/** How far an explanation got before the time was up. */
export const searchedKindWords = ["nothing", "reasons", "everything"] as const;
/** How far an explanation got before the time was up. */
export type SearchedKind = (typeof searchedKindWords)[number];

/** A point on a street. */
export interface Spot {
  /** Metres between the two. They are in no travel time. */
  readonly away: number;
  /** Longitude and latitude of its nearest place on a street. */
  readonly onStreet: readonly [number, number];
  /** How many places on streets it may be reached at. */
  readonly places: number;
  /** Longitude and latitude of the point. */
  readonly point: readonly [number, number];
}

/** A figure over several seeds. */
export interface Spread {
  /** How many values there are. */
  readonly count: number;
  /** Their standard deviation; null with one value. */
  readonly deviation: number | null;
  /** The least of them. */
  readonly least: number;
  /** Their mean. */
  readonly mean: number;
  /** The largest. */
  readonly most: number;
}

/** Why a search ended. */
export const stopReasonWords = ["max_runtime", "max_iterations", "no_improvement", "target_cost", "cancelled", "trivial"] as const;
/** Why a search ended. */
export type StopReason = (typeof stopReasonWords)[number];

/** From when on streets are how fast. */
export interface StreetSpeed {
  /** Seconds. */
  readonly from: number;
  /** Percent of the usual speed. */
  readonly percent: number;
}

/** What is known of a figure of a variant. */
export interface Summary {
  /** Against the first variant; null for itself, and where no seed has a feasible plan for both. */
  readonly difference: Paired | null;
  /** The figure. */
  readonly figure: Figure;
  /** Over the seeds; null: no search found a feasible plan. */
  readonly spread: Spread | null;
}

/** How a table was understood. */
export interface TableRead {
  /** The columns, in order. */
  readonly columns: readonly ColumnRead[];
  /** Encoding and separator. */
  readonly form: string;
  /** The number of the row with the headings. */
  readonly headings: number;
  /** The file, and the sheet of a workbook. */
  readonly name: string;
  /** What it is about; null where it was not read. */
  readonly role: Role | null;
  /** How many rows there are below. */
  readonly rows: number;
}

/** What was understood of all tables. */
export interface TablesReport {
  /** What was assumed, for the tables do not say it. */
  readonly assumed: readonly string[];
  /** The day that is planned, as `2026-12-03`, if one is. */
  readonly day: string | null;
  /** See `trucks`. */
  readonly depots: number;
  /** Rows of bins that are due. */
  readonly due: number;
  /** Rows of bins that are not. */
  readonly notDue: readonly NotDue[];
  /** See `trucks`. */
  readonly sites: number;
  /** Stops: bins that stand together are one. */
  readonly stops: number;
  /** The tables, in the order in which they were given. */
  readonly tables: readonly TableRead[];
  /** Trucks, disposal sites and depots. */
  readonly trucks: number;
  /** The day of the week. */
  readonly weekday: string | null;
}

/** From leaving a depot to reaching the next. */
export interface Trip {
  /** When the vehicle reaches the depot at the end. */
  readonly arrival: number;
  /** When the vehicle leaves the depot. */
  readonly departure: number;
  /** Distance driven. */
  readonly distance: number;
  /** The index of the depot where the trip ends; null where the end is open. */
  readonly endDepot: number | null;
  /** What is on board at departure, by load dimension. */
  readonly load: readonly number[];
  /** The most on board at any point, by load dimension. */
  readonly maxLoad: readonly number[];
  /** When loading starts. */
  readonly start: number;
  /** The index of the depot where the trip starts; null where the start is open. */
  readonly startDepot: number | null;
  /** What is visited, in order. */
  readonly visits: readonly Visit[];
}

/** Why one vehicle type does not serve it. */
export interface TypeReason {
  /** What it would cost, where it is possible. */
  readonly cost?: number;
  /** Why in a word. */
  readonly kind: ReasonKind;
  /** The obstacles. */
  readonly obstacles: readonly Obstacle[];
  /** The index of the obstructing relation. */
  readonly relation?: number;
  /** Where there is no room: the rules that leave none, as documents call them. */
  readonly rules?: readonly string[];
  /** Whether all of these rules would have to change; otherwise a change of any one of them makes room. */
  readonly together?: boolean;
  /** The index of the vehicle type. */
  readonly vehicleType: number;
}

/** What a plan leaves unserved, by index. */
export interface Unserved {
  /** Clients that are not served, and neither is another member of their group. */
  readonly clients: readonly number[];
  /** Shipments that are not carried. */
  readonly shipments: readonly number[];
}

/** A rule that is violated. */
export interface Violation {
  /** Which rule: a word that stays the same over versions. */
  readonly kind: string;
  /** What is wrong, in words and in the solver's units. */
  readonly message: string;
  /** The route that breaks it, where it is one alone. */
  readonly route: number | null;
}

/** One stop of a trip. */
export interface Visit {
  /** When the vehicle arrives, a set-up included. */
  readonly arrival: number;
  /** When the vehicle leaves. */
  readonly departure: number;
  /** The index of the client, shipment, disposal site or of the vehicle type's break; of a rest, its length in the solver's units. */
  readonly index: number;
  /** What is done. */
  readonly kind: ActivityKind;
  /** What is on board after the visit, by load dimension. */
  readonly load: readonly number[];
  /** The index of the location; of a break or rest without a place, that of the halt before. */
  readonly location: number;
  /** The name of the client, shipment, disposal site or break; may be empty, and is for a rest. */
  readonly name: string;
  /** Time spent on the set-up of the place, which ends at the arrival; 0 where the vehicle was there already. */
  readonly setup: number;
  /** When service starts; the vehicle waits from its arrival until then. */
  readonly start: number;
}

/** What a vehicle has done. */
export type Activity = {
  readonly client: Reference;
} | {
  readonly pickup: Reference;
} | {
  readonly delivery: Reference;
} | {
  readonly dispose: Reference;
} | {
  readonly break: Reference;
} | {
  readonly rest: Duration;
};

/** What is asked of an adaptation, in the solver's numbers. */
export interface Adapt {
  /** What has happened since the plan was published, in this order. */
  readonly events?: readonly Event[];
  /** What may not change. */
  readonly keep?: Keep;
  /** What is kept applies to services that were to begin before this time; to all, if not given. */
  readonly keep_until?: number | null;
  /** The present moment; the command line has its own. */
  readonly now?: number;
  /** What changes cost; moderate prices, in proportion to the plan's, if not given. */
  readonly prices?: ChangePrices | null;
}

/** A client that is added: at a location of the problem, or at coordinates. */
export interface AddedClient {
  /** What is delivered. */
  readonly delivery?: readonly number[];
  /** The index of a location. */
  readonly location?: number | null;
  /** A name for people. */
  readonly name?: string;
  /** What is picked up. */
  readonly pickup?: readonly number[];
  /** What it costs to leave the client unserved; a client without a prize must be served. */
  readonly prize?: number | null;
  /** How long service takes. */
  readonly service?: number;
  /** Time that is spent before it where the vehicle comes from another place. */
  readonly setup?: number;
  /** When it may start, or last. */
  readonly time_window?: readonly [number, number] | null;
  /** Whether the window holds the `start` of the service, as it does if nothing is given, or all of the `service`. */
  readonly window_covers?: WindowCovers | null;
  /** Or the coordinates: longitude, or along the first axis. */
  readonly x?: number;
  /** Latitude, or along the second axis. */
  readonly y?: number;
}

/** From which side a vehicle must arrive at a point. */
export const approachWords = ["any", "curb"] as const;
/** From which side a vehicle must arrive at a point. */
export type Approach = (typeof approachWords)[number];

/** What serving a client, or carrying a shipment, costs in addition with vehicles of one type. */
export interface AssignmentCost {
  /** How much. */
  readonly cost: number;
  /** Whose. */
  readonly vehicle_type: Reference;
}

/**  */
export const backhaulsWords = ["mixed", "after_linehauls"] as const;
/**  */
export type Backhauls = (typeof backhaulsWords)[number];

/** A break of a vehicle's driver. */
export interface Break {
  /** How long it is. */
  readonly duration: Duration;
  /** Where it is taken; wherever the vehicle is, if not given. */
  readonly location?: Place | null;
  /** A name to refer to. */
  readonly name?: string;
  /** Whether it counts as paid time; true, if not given. */
  readonly paid?: boolean;
  /** When it may start. */
  readonly start: Window;
}

/** What it costs to change a published plan. */
export interface ChangePrices {
  /** A vehicle that was to stand in the depot. */
  readonly called_out?: number;
  /** An optional client or shipment that is dropped. */
  readonly dropped?: number;
  /** A client or shipment stop that is out of order on its vehicle. */
  readonly other_order?: number;
  /** A client or shipment on another vehicle. */
  readonly other_vehicle?: number;
  /** Each unit of time that a service begins earlier or later, beyond the tolerance. */
  readonly per_time?: number;
  /** Changes of time up to this cost nothing. */
  readonly tolerance?: number;
}

/** A single stop. */
export interface Client {
  /** The vehicle types that may serve the client; all, if not given. */
  readonly allowed_vehicles?: readonly Reference[] | null;
  /** What serving the client costs in addition with vehicles of certain types, such as those of another driver. */
  readonly assignment_costs?: readonly AssignmentCost[];
  /** Amounts brought from the depot. */
  readonly delivery?: readonly number[];
  /** Vehicle types that may not serve the client. */
  readonly forbidden_vehicles?: readonly Reference[];
  /** The group of which at most one member is served. */
  readonly group?: Reference | null;
  /** Where it is. */
  readonly location: Place;
  /** What is picked up; waste that every disposal site takes, if not given. */
  readonly material?: Reference | null;
  /** A name to refer to. */
  readonly name?: string;
  /** Amounts taken to the depot. */
  readonly pickup?: readonly number[];
  /** The class of an optional client: a higher class comes before lower ones and before cost. Of class 0, only prizes count. */
  readonly priority?: number;
  /** What it costs to leave the client unserved, where that is allowed. */
  readonly prize?: number;
  /** The trip that serves the client does not start to load before this time. */
  readonly release?: Time;
  /** A text for people, which goes with it into plans. */
  readonly remarks?: string;
  /** Whether the client must be served; true, if not given. For members of a group, the group says it. */
  readonly required?: boolean;
  /** Time that the service takes. */
  readonly service?: Duration;
  /** Time that the service takes for vehicles of certain types. */
  readonly service_by_type?: readonly ServiceByType[];
  /** Time that is spent once at the place, before its first service, where the vehicle comes from another place: parking, unlocking a gate. No window holds it. */
  readonly setup?: Duration;
  /** Skills that the vehicle must have. */
  readonly skills?: readonly string[];
  /** When the service should start, at a price. */
  readonly soft_window?: SoftWindow | null;
  /** Values by name, which go with it into plans. */
  readonly tags?: Readonly<Record<string, string>>;
  /** When the service may start. */
  readonly time_window?: Window;
  /** All windows in which the service may start, in order and apart, instead of the one. */
  readonly time_windows?: readonly Window[];
  /** Whether the windows, the soft one included, hold the `start` of the service or all of the `service`; `start`, if not given. */
  readonly window_covers?: WindowCovers;
}

/** A zone that is closed. */
export interface ClosedZone {
  /** In which hours; always, if not given. */
  readonly during?: readonly Window[];
  /** Which. */
  readonly zone: Reference;
}

/** Variants of a problem. They are compared with the problem as it is, which comes first. */
export interface Compare {
  /** The variants. */
  readonly variants: readonly Variant[];
}

/** A part of a vehicle that takes certain materials only. */
export interface Compartment {
  /** How much of them fits; as much as the vehicle takes, if not given. */
  readonly capacity?: readonly number[];
  /** What goes in here. No material has two compartments of a vehicle. */
  readonly materials: readonly Reference[];
}

/** What it costs when the visits to a client differ. */
export interface Consistency {
  /** Each visit on a day that was not told, of clients that were told days. */
  readonly moved_day?: number;
  /** Each visit by another vehicle than the client's usual one. */
  readonly other_vehicle?: number;
  /** Each unit of time by which a visit begins earlier or later than is usual for the client, beyond the tolerance. */
  readonly per_time?: number;
  /** Differences of time up to this cost nothing. */
  readonly tolerance?: number;
}

/** What a vehicle consumes, in litres or kilowatt-hours, and what it emits. */
export interface Consumption {
  /** Kilograms of CO₂ for each litre or kilowatt-hour; 2.69 for fuel and 0 for electricity, if not given. */
  readonly co2?: number | null;
  /** What it drives on. */
  readonly energy?: Energy;
  /** Litres or kilowatt-hours for each unit of distance, empty. */
  readonly per_distance?: number;
  /** For each unit of time that it serves or unloads. */
  readonly per_idle?: number;
  /** In addition, for each unit of load on board and each unit of distance, by load dimension. */
  readonly per_load_distance?: readonly number[];
  /** For each stop. */
  readonly per_stop?: number;
}

/** Which part of `03/04/2026` stands first. */
export const dateOrderWords = ["dmy", "mdy"] as const;
/** Which part of `03/04/2026` stands first. */
export type DateOrder = (typeof dateOrderWords)[number];

/** A day of the week. */
export const dayWords = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
/** A day of the week. */
export type Day = (typeof dayWords)[number];

/** The mark before decimals. */
export const decimalMarkWords = ["point", "comma"] as const;
/** The mark before decimals. */
export type DecimalMark = (typeof decimalMarkWords)[number];

/** Where vehicles start, end and reload. */
export interface Depot {
  /** Where it is. */
  readonly location: Place;
  /** A name to refer to. */
  readonly name?: string;
  /** A text for people, which goes with it into plans. */
  readonly remarks?: string;
  /** Time that loading takes before each trip. */
  readonly service?: Duration;
  /** Values by name, which go with it into plans. */
  readonly tags?: Readonly<Record<string, string>>;
  /** When vehicles may start to load and must be back. */
  readonly time_window?: Window;
}

/** A landfill or transfer station: vehicles leave there what they have picked up from clients. */
export interface DisposalSite {
  /** The most that all vehicles together may leave here, by load dimension; any amount, if not given. */
  readonly daily_capacity?: readonly number[];
  /** When unloading may start, in order and apart; at any time, if not given. */
  readonly hours?: readonly Window[];
  /** Where it is. */
  readonly location: Place;
  /** What may be left here; everything, if not given. */
  readonly materials?: readonly Reference[] | null;
  /** A name to refer to. */
  readonly name?: string;
  /** A text for people, which goes with it into plans. */
  readonly remarks?: string;
  /** Time that every visit takes. */
  readonly service?: Duration;
  /** Values by name, which go with it into plans. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Cost of what is unloaded, by load dimension. */
  readonly tipping_fee?: readonly Rate[];
  /** Time that unloading takes on top, by load dimension. */
  readonly unloading?: readonly Rate[];
  /** Cost of every visit. */
  readonly visit_cost?: number;
}

/** At most so much driving (or work) without a rest in between. */
export interface DriverRule {
  /** Whether any halt without the effort that lasts as long as the rest serves, too. */
  readonly any_pause?: boolean;
  /** What is added up. */
  readonly effort: Effort;
  /** The most of it without a rest. */
  readonly max: Duration;
  /** How long the rest is. */
  readonly rest: Duration;
  /** Two shorter pauses that serve instead, the first before the second. */
  readonly split?: readonly [Duration, Duration] | null;
}

/** A number in the problem's unit of time; or a duration of ISO 8601 in whole seconds, such as "PT1H30M": seconds. */
export type Duration = number | string;

/**  */
export const effortWords = ["driving", "work"] as const;
/**  */
export type Effort = (typeof effortWords)[number];

/** What a vehicle drives on. */
export const energyWords = ["fuel", "electricity"] as const;
/** What a vehicle drives on. */
export type Energy = (typeof energyWords)[number];

/** Something that has happened. Routes, clients and sites are named by index. */
export type Event = {
  readonly activities: number;
  readonly at: number;
  readonly kind: "done";
  readonly route: number;
} | {
  readonly by: number;
  readonly kind: "late";
  readonly route: number;
} | {
  readonly kind: "broken_down";
  readonly route: number;
} | {
  readonly from: number;
  readonly kind: "available";
  readonly vehicle_type: number;
} | {
  readonly at: number;
  readonly kind: "shift_ends";
  readonly route: number;
} | {
  readonly kind: "load";
  readonly more: readonly number[];
  readonly route: number;
} | {
  readonly client: AddedClient;
  readonly kind: "added";
} | {
  readonly client: number;
  readonly kind: "cancelled";
} | {
  readonly client: number;
  readonly delivery?: readonly number[] | null;
  readonly kind: "changed";
  readonly pickup?: readonly number[] | null;
  readonly prize?: number | null;
  readonly required?: boolean | null;
  readonly service?: number | null;
  readonly time_window?: readonly [number, number] | null;
} | {
  readonly from: number;
  readonly kind: "site_closed";
  readonly site: number;
  readonly to: number;
} | {
  readonly by: number;
  readonly kind: "site_queue";
  readonly site: number;
} | {
  readonly from: number;
  readonly kind: "slow";
  readonly percent: number;
  readonly profile?: number;
  readonly to: number;
} | {
  /** The corners: x and y, or longitude and latitude. */
  readonly corners: readonly (readonly [number, number])[];
  readonly from: number;
  readonly kind: "area";
  /** The speed that remains, in percent; 0, closed, if not given. */
  readonly percent?: number;
  readonly to: number;
} | {
  readonly kind: "travel";
  readonly profiles: readonly TravelTables[];
};

/** A model of what goes into bins. Fields that are omitted are as in the defaults of its parameters. */
export type FillModel = {
  /** How the gamma process is fitted. */
  readonly gamma?: GammaParams;
  /** The age at which a window counts half, in seconds. */
  readonly half_life?: number;
  /** Maximum age of a window, in days. */
  readonly max_days?: number;
  /** Minimum share of a window that must have been observed; the amount is scaled up by the share. */
  readonly min_share?: number;
  readonly model: "empirical";
  /** Number of separate windows that have the same weight as the gamma process, which covers what has not been observed. */
  readonly prior_windows?: number;
  /** How much more a window on the same weekday counts; for windows shorter than a week. */
  readonly weekday_weight?: number;
} | {
  /** The age at which an increment counts half, in seconds; `None`: all count the same. */
  readonly half_life?: number | null;
  readonly model: "gamma";
  /** Number of days of a bin's own history that have the same weight as all bins together. */
  readonly prior_days?: number;
};

/** How a [`GammaProcess`] is fitted. */
export interface GammaParams {
  /** The age at which an increment counts half, in seconds; `None`: all count the same. */
  readonly half_life?: number | null;
  /** Number of days of a bin's own history that have the same weight as all bins together. */
  readonly prior_days?: number;
}

/** How a figure of the whole plan counts. */
export interface Goal {
  /** What is measured. */
  readonly measure: Measure;
  /** Only what exceeds this value counts; all of it, if not given. */
  readonly target?: number | null;
  /** What a unit of it costs; if not given, it comes before all cost, and before the ranked goals that follow. */
  readonly weight?: number | null;
}

/** Clients of which at most one is served. */
export interface Group {
  /** A name to refer to. */
  readonly name?: string;
  /** What each pattern costs where it is the one that is served: as many values as patterns, or none. It is counted with the costs of assignment. */
  readonly pattern_costs?: readonly number[];
  /** Visit patterns: lists of members. Those that are served are exactly the members of one of them; without patterns, each member is one by itself. */
  readonly patterns?: readonly (readonly Reference[])[];
  /** Whether one member must be served; true, if not given. */
  readonly required?: boolean;
}

/** Something that is written for people or other programs. */
export const handoutWords = ["day_page", "map_and_timeline", "driver_sheets", "gpx", "csv", "ical"] as const;
/** Something that is written for people or other programs. */
export type Handout = (typeof handoutWords)[number];

/** What of the published plan may not change. */
export const keepWords = ["nothing", "vehicles", "order", "times"] as const;
/** What of the published plan may not change. */
export type Keep = (typeof keepWords)[number];

/** A language of headings and words. */
export const languageWords = ["en", "de", "fr", "es", "it", "nl"] as const;
/** A language of headings and words. */
export type Language = (typeof languageWords)[number];

/** A place that others refer to. */
export interface Location {
  /** Latitude in degrees, instead of y. */
  readonly lat?: number | null;
  /** Longitude in degrees, instead of x. */
  readonly lon?: number | null;
  /** A name to refer to. */
  readonly name?: string;
  /** Horizontal coordinate. */
  readonly x?: number | null;
  /** Vertical coordinate. */
  readonly y?: number | null;
}

/** A kind of waste. */
export interface Material {
  /** A name to refer to. */
  readonly name?: string;
}

/** A figure of a whole plan; the smaller, the better. */
export const measureWords = ["vehicles", "makespan", "duration_spread", "load_spread", "stop_spread", "scatter", "emissions", "distance"] as const;
/** A figure of a whole plan; the smaller, the better. */
export type Measure = (typeof measureWords)[number];

/** What was missed on a day. */
export interface Missed {
  /** Clients that were planned and not served; they must be served on the next day. */
  readonly clients?: readonly Reference[];
  /** Shipments that were planned and not carried; they must be carried on the next day. */
  readonly shipments?: readonly Reference[];
  /** Whether what the plan leaves unserved is carried over, too, as required or optional as it was; true, if not given. */
  readonly unserved?: boolean;
}

/** A moment with its time zone (RFC 9557), such as "2026-12-03T00:00[Europe/Amsterdam]". */
export type Origin = string;

/** What a client turns out to be. */
export interface Outcome {
  /** What it hands over, by load dimension. */
  readonly pickup: readonly number[];
  /** What it costs to leave it unserved. */
  readonly prize?: number;
}

/** What it costs that a container is expected to overflow before it is emptied, by the days that pass. */
export interface Overflow {
  /** The expected cost if one day passes from one visit to the next, if two do, and so on. More days than there are values never pass. */
  readonly after: readonly number[];
  /** The expected cost until the first visit, if that is on day 0, on day 1, and so on, by how full the container is now; if not given, the days since the last visit count, or the period is repeated. */
  readonly until_first?: readonly number[];
}

/** One step of the price of long days: it adds to the cost of duration and to the steps before. */
export interface OvertimeStep {
  /** Paid time from which on the step holds. */
  readonly after: Duration;
  /** Extra cost of a unit of time. */
  readonly cost_per_duration: number;
}

/** What is asked of a front. */
export interface Pareto {
  /** Two or three objectives. */
  readonly objectives: readonly Objective[];
  /** About how many points. */
  readonly points: number;
}

/** What a period is like, in the solver's numbers. The problem says what one day is like. */
export interface Period {
  /** What it costs when days differ. */
  readonly consistency?: Consistency;
  /** The number of days, at most 28. */
  readonly days: number;
  /** Which vehicle's area clients lie in: that vehicle is their usual one. */
  readonly territories?: readonly Territory[];
  /** The days that clients were told. */
  readonly told?: readonly Told[];
  /** How often clients are visited; those that are not listed, once in the period, on any day. */
  readonly visits?: readonly Visits[];
  /** On which days vehicles work; those of types that are not listed, on all days. */
  readonly working_days?: readonly WorkingDays[];
}

/** Something that is written of a period of days. */
export const periodHandoutWords = ["page", "driver_sheets"] as const;
/** Something that is written of a period of days. */
export type PeriodHandout = (typeof periodHandoutWords)[number];

/** Who is served by whom, and where on the route. */
export interface Pin {
  /** Who. */
  readonly client: Reference;
  /** Where on the route; anywhere, if not given. */
  readonly position?: Position | null;
  /** The vehicle type; any, if not given. */
  readonly vehicle_type?: Reference | null;
}

/** The index or name of a location, or a point of its own. */
export type Place = Reference | Point;

/** A point of its own. */
export interface Point {
  /** Latitude in degrees, instead of y. */
  readonly lat?: number | null;
  /** Longitude in degrees, instead of x. */
  readonly lon?: number | null;
  /** Horizontal coordinate. */
  readonly x?: number | null;
  /** Vertical coordinate. */
  readonly y?: number | null;
}

/** A place on a route. */
export const positionWords = ["first", "last"] as const;
/** A place on a route. */
export type Position = (typeof positionWords)[number];

/** Who comes before whom. */
export interface Precedence {
  /** The later client. */
  readonly after: Reference;
  /** The earlier client. */
  readonly before: Reference;
}

/** A routing problem. Lists of amounts have one value for each load dimension; missing ones are zero. Times count from the planning origin. */
export interface Problem {
  /** Where the schema is, for editors. */
  readonly $schema?: string | null;
  /** In which order deliveries and pickups of single clients may follow each other on a trip. */
  readonly backhauls?: Backhauls;
  /** Single stops. */
  readonly clients?: readonly Client[];
  /** Where vehicles start, end and reload. */
  readonly depots?: readonly Depot[];
  /** Landfills and transfer stations, where vehicles leave what they have picked up. */
  readonly disposal_sites?: readonly DisposalSite[];
  /** What a plan is measured by, besides its cost. Ranked goals rank in this order. */
  readonly goals?: readonly Goal[];
  /** Groups of clients of which at most one is served, or those of one pattern. */
  readonly groups?: readonly Group[];
  /** Places that others refer to. They come first in the rows and columns of matrices; points given elsewhere follow, those of depots first, then of clients, of shipments, of disposal sites and of breaks. */
  readonly locations?: readonly Location[];
  /** What waste is made of. */
  readonly materials?: readonly Material[];
  /** The kind of document. */
  readonly milkrun: ProblemKind;
  /** The problem's name. */
  readonly name?: string;
  /** The moment from which times count, in seconds, with its time zone: `2026-12-03T00:00[Europe/Amsterdam]`. Times may then be dates and times of that zone, or moments with an offset; times of day are those of its day. */
  readonly origin?: Origin | null;
  /** What ties clients to each other and to vehicles. */
  readonly relations?: readonly Relation[];
  /** Pairs of materials that are never on board of a vehicle without compartments at the same time. */
  readonly separate_materials?: readonly (readonly [Reference, Reference])[];
  /** Pickups with their deliveries. */
  readonly shipments?: readonly Shipment[];
  /** How fast the travel profiles are over the day, in their order: from when on how fast. Before the first step, and for profiles without steps, it is 100 percent. */
  readonly speeds?: readonly (readonly SpeedStep[])[];
  /** Where distances and durations come from; straight lines, rounded to the nearest integer, if not given. */
  readonly travel?: Travel | null;
  /** The fleet. */
  readonly vehicle_types?: readonly VehicleType[];
  /** The version of the format. */
  readonly version: number;
  /** Parts of the map, for the rules of vehicle types. */
  readonly zones?: readonly Zone[];
}

/** A change of a problem, in the solver's numbers. Without a vehicle type, it applies to all types. */
export type ProblemChange = {
  readonly by: number;
  readonly kind: "vehicles";
  readonly vehicle_type: Reference;
} | {
  readonly early?: number | null;
  readonly kind: "shift";
  readonly late?: number | null;
  readonly vehicle_type?: Reference | null;
} | {
  readonly by: number;
  readonly kind: "later_start";
  readonly vehicle_type?: Reference | null;
} | {
  readonly capacity: readonly number[];
  readonly kind: "capacity";
  readonly vehicle_type: Reference;
} | {
  readonly depot: Reference;
  readonly kind: "depot";
  readonly vehicle_type?: Reference | null;
} | {
  readonly kind: "sites";
  readonly sites: readonly Reference[];
  readonly vehicle_type?: Reference | null;
} | {
  readonly kind: "site_closed";
  readonly site: Reference;
} | {
  readonly kind: "merge";
  readonly patch: object;
};

/**  */
export const problemKindWords = ["problem"] as const;
/**  */
export type ProblemKind = (typeof problemKindWords)[number];

/** Matrices with a row for each origin and a column for each destination, both in the order of locations; null if unreachable. */
export interface Profile {
  /** Distances. */
  readonly distance: readonly (readonly (number | null)[])[];
  /** Durations; equal to the distances, if not given. */
  readonly duration?: readonly (readonly (number | null)[])[] | null;
}

/** The names of travel profiles. */
export type ProfileNames = string | readonly string[];

/** So much for every so much, rounded up: 90 seconds (or coins) for every thousand units of load. */
export interface Rate {
  /** What is added … */
  readonly amount: number;
  /** … for so many units of load. */
  readonly per: number;
}

/** An index, counted from 0, or a name that nothing else of the kind has. */
export type Reference = number | string;

/** A tie between clients, or between a client and its vehicle. */
export type Relation = {
  readonly same_vehicle: readonly Reference[];
} | {
  readonly sequence: readonly Reference[];
} | {
  readonly precedence: Precedence;
} | {
  readonly all_or_none: readonly Reference[];
} | {
  readonly incompatible: readonly Reference[];
} | {
  readonly pin: Pin;
};

/** How a plan is shown. */
export interface ReportOptions {
  /** Whether times are seconds and distances metres, which are shown as times of day and kilometres, or plain numbers. If not given, they are plain where travel is straight lines between planar points. */
  readonly clock?: boolean | null;
  /** What costs are counted in, as it stands behind a number. */
  readonly currency?: string;
  /** The day that is planned, `2026-11-30`; or, where times do not count from midnight, the moment from which they do: `2026-11-30T04:30`, with a time zone where that matters: `2026-11-30T04:30[Europe/Amsterdam]`. If not given, the origin of the problem says it. */
  readonly date?: string | null;
  /** Whether a calendar has an event for each stop instead of one for each route. */
  readonly each_stop?: boolean;
  /** For how many seconds [`write`](crate::write) looks for reasons why something is unserved, for the page of the day; 0: not at all. */
  readonly explain?: number;
  /** Whether coordinates are longitudes and latitudes. If not given, they are where travel is computed from them as such; with matrices, where all of them can be. */
  readonly geographic?: boolean | null;
  /** What load dimensions are called, in their order: `kg`, `l`. */
  readonly loads?: readonly string[];
  /** The only route that files for devices and calendars have, counted from 0; all, if not given. */
  readonly route?: number | null;
  /** How many units of the solver one unit of the user is. */
  readonly scales?: Scales | null;
}

/**  */
export const roundingWords = ["round", "trunc", "dimacs", "exact", "none", "ceil"] as const;
/**  */
export type Rounding = (typeof roundingWords)[number];

/** What a vehicle drives. */
export interface RouteStops {
  /** From when on the route is driven, in the solver's units; if not given, it ends as early as possible. */
  readonly start?: number | null;
  /** Its trips. */
  readonly trips: readonly TripStops[];
  /** The index of the vehicle type. */
  readonly vehicle_type: number;
}

/** How many units of the solver one unit of the user is. */
export interface Scales {
  /** Of costs and prizes. */
  readonly cost?: number;
  /** Of distances. */
  readonly distance?: number;
  /** Of loads. */
  readonly load?: number;
  /** Of times and durations. */
  readonly time?: number;
}

/** What is uncertain about a day, in the solver's numbers, and over how many scenarios it is planned. The problem says what is expected. */
export interface Scenarios {
  /** The share of scenarios that must agree about a client in the first round: 0.9, if not given. */
  readonly agreement?: number | null;
  /** In how many others the plan is driven, to tell what it costs. */
  readonly fresh?: number;
  /** The rounds of agreement: 3, if not given. */
  readonly rounds?: number | null;
  /** Over how many scenarios it is planned. */
  readonly scenarios?: number;
  /** The clients that are uncertain, drawn independently of each other. */
  readonly uncertain: readonly Uncertain[];
}

/** How to search. Fields that are omitted are as in the default parameters. */
export interface Search {
  /** Most iterations. */
  readonly max_iterations?: number | null;
  /** Longest time, in seconds. */
  readonly max_runtime?: number | null;
  /** Most iterations in a row that bring no better plan. */
  readonly no_improvement?: number | null;
  /** Seed of all random choices; as text where numbers do not hold 64 bits. */
  readonly seed?: number;
  /** A cost, in the user's unit, at or below which a feasible plan is good enough. */
  readonly target_cost?: number | null;
  /** How many threads may work. */
  readonly threads?: number;
}

/** Time that a service takes for vehicles of one type. */
export interface ServiceByType {
  /** How long it takes them. */
  readonly service: Duration;
  /** Whose. */
  readonly vehicle_type: Reference;
}

/** A service that knows travel times. */
export const serviceKindWords = ["osrm", "valhalla", "mapbox", "google"] as const;
/** A service that knows travel times. */
export type ServiceKind = (typeof serviceKindWords)[number];

/** Something taken from one stop to another by the same vehicle on the same trip. */
export interface Shipment {
  /** How much it is. */
  readonly amount?: readonly number[];
  /** What carrying the shipment costs in addition with vehicles of certain types, such as those of another driver. */
  readonly assignment_costs?: readonly AssignmentCost[];
  /** Where it is unloaded. */
  readonly delivery: Stop;
  /** A name to refer to. */
  readonly name?: string;
  /** Where it is loaded. */
  readonly pickup: Stop;
  /** What it costs not to carry the shipment, where that is allowed. */
  readonly prize?: number;
  /** A text for people, which goes with it into plans. */
  readonly remarks?: string;
  /** Whether the shipment must be carried; true, if not given. */
  readonly required?: boolean;
  /** Values by name, which go with it into plans. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** How points are snapped to streets. Fields that are omitted are as usual. */
export interface Snap {
  /** From which side a vehicle must arrive. */
  readonly approach?: Approach;
  /** How far from a street a point may be, in metres. */
  readonly limit?: number;
  /** The most places for one point. */
  readonly places?: number;
  /** Streets that are at most so many metres farther away than the nearest one are places to stop, too. */
  readonly slack?: number;
}

/** When a service should start, and what it costs not to. Nobody waits for it; the time window holds all the same. */
export interface SoftWindow {
  /** Cost of a unit of time before `early`. */
  readonly cost_per_early?: number;
  /** Cost of a unit of time after `late`. */
  readonly cost_per_late?: number;
  /** Earlier starts cost. */
  readonly early?: Time;
  /** Later starts cost; none, if not given. */
  readonly late?: Time | null;
}

/** From when on how fast a travel profile is. */
export interface SpeedStep {
  /** From when on. */
  readonly from: Time;
  /** How fast, in percent of what the travel's durations say. */
  readonly percent: number;
}

/** One end of a shipment. */
export interface Stop {
  /** Where it is. */
  readonly location: Place;
  /** Time that loading or unloading takes. */
  readonly service?: Duration;
  /** Time that is spent once at the place, before its first service, where the vehicle comes from another place: parking, unlocking a gate. No window holds it. */
  readonly setup?: Duration;
  /** When it may start. */
  readonly time_window?: Window;
  /** Whether the window holds the `start` of the service or all of the `service`; `start`, if not given. */
  readonly window_covers?: WindowCovers;
}

/** What is not as usual on some streets, in both directions: one place and one effect. */
export interface StreetChange {
  /** Those that lie at least partly in a polygon: the longitudes and latitudes of its corners. */
  readonly area?: readonly (readonly [number, number])[] | null;
  /** The street that is nearest to a longitude and a latitude, between two junctions. */
  readonly at?: readonly [number, number] | null;
  /** They are closed. */
  readonly closed?: boolean;
  /** All of them. */
  readonly everywhere?: boolean;
  /** Their speed is so many percent of the usual one: 1 to 300. */
  readonly percent?: number | null;
  /** Those of a class: `primary`. */
  readonly road_class?: string | null;
  /** Those of a way, by the map's number of it. */
  readonly way?: number | null;
}

/** How tables are to be read; all of it is found out where it is not said. */
export interface TableOptions {
  /** Which part of `03/04/2026` stands first; found out if not given. */
  readonly date_order?: DateOrder | null;
  /** The day that is planned, such as `2026-12-03`: only what is due on it is a client. Needed where tables have days. */
  readonly day?: string | null;
  /** The mark before decimals; found out if not given. */
  readonly decimal?: DecimalMark | null;
  /** Defaults, as TOML or JSON, that replace milkrun's own one by one. */
  readonly defaults?: string | null;
  /** The encoding, such as `windows-1252`; found out if not given. */
  readonly encoding?: string | null;
  /** The language of days; found out if not given. */
  readonly language?: Language | null;
  /** What columns are, by their headings: `{"Standort-Nr": "name", "Kap.": "capacity:kg", "Intern": "tag"}`. A unit may follow a colon; `tag` keeps a column as it is, `ignore` drops it. */
  readonly map?: Readonly<Record<string, string>>;
  /** What files or sheets are, by their names. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** What separates cells; found out if not given. */
  readonly separator?: string | null;
}

/** The area of a vehicle. */
export interface Territory {
  /** The clients in it. */
  readonly clients: readonly Reference[];
  /** Which of the type's vehicles it is, counted from 0. */
  readonly unit?: number;
  /** The vehicle's type. */
  readonly vehicle_type: Reference;
}

/** A number in the problem's unit of time, counted from the planning origin; or a time of day, such as "07:30" or "07:30:15", up to "47:59:59" for the day after: seconds from midnight. Where the problem has an origin, also a date and time such as "2026-12-03T07:30", or with an offset or a zone. */
export type Time = number | string;

/** The days that a client was told. */
export interface Told {
  /** The client. */
  readonly client: Reference;
  /** The days, counted from 0. */
  readonly days: readonly number[];
}

/** Where distances and durations come from. */
export type Travel = {
  /** How lengths become integers. */
  readonly rounding?: Rounding;
  readonly type: "euclidean";
} | {
  /** Road length per length as the crow flies. */
  readonly detour?: number;
  /** Metres per second. */
  readonly speed: number;
  readonly type: "haversine";
} | {
  /** One for each kind of vehicle that travels differently. */
  readonly profiles: readonly Profile[];
  readonly type: "matrices";
} | {
  /** Whether vehicles stop on the side of the street on which they drive. */
  readonly curb?: boolean;
  /** The map (OSM PBF or XML) or the prepared network, relative to the document. */
  readonly file: string;
  /** Who drives: a profile that is shipped, or a file (TOML); a list, if vehicles travel differently. A prepared network has its own, if none is given. */
  readonly profile?: ProfileNames | null;
  readonly type: "network";
} | {
  /** The most elements, cells of tables, that may be asked for; `mapbox` and `google`, which bill them, need it. */
  readonly budget?: number | null;
  /** A folder, relative to the document, in which answers are kept. */
  readonly cache?: string | null;
  /** Whether vehicles stop on the side of the street on which they drive. */
  readonly curb?: boolean;
  /** A name of the service's data, such as their date: kept answers of other data are not used. */
  readonly data_date?: string | null;
  /** Who drives, in the service's words; of `valhalla`, a road profile whose measures the vehicle has. A list, if vehicles travel differently. */
  readonly profile?: ProfileNames | null;
  /** Which one. */
  readonly service: ServiceKind;
  readonly type: "service";
  /** The server's address, of `osrm` and `valhalla`. */
  readonly url?: string | null;
};

/** The tables of a travel profile: rows are origins, columns destinations, both in the order of locations; null: not reachable. */
export interface TravelTables {
  /** Distances. */
  readonly distance: readonly (readonly (number | null)[])[];
  /** Durations; as the distances, if not given. */
  readonly duration?: readonly (readonly (number | null)[])[] | null;
}

/** What a vehicle does from leaving a depot to reaching the next. */
export interface TripStops {
  /** The index of the depot where it ends; at the last stop, if not given. */
  readonly end_depot?: number | null;
  /** The index of the depot where it starts; at the first stop, if not given. */
  readonly start_depot?: number | null;
  /** What is done, and the index of where or what; of a rest, its length. */
  readonly visits: readonly (readonly [ActivityKind, number])[];
}

/** What a client may turn out to be. */
export interface Uncertain {
  /** The client. */
  readonly client: Reference;
  /** What may be, each as likely as every other one. */
  readonly outcomes: readonly Outcome[];
}

/** A variant of a problem. */
export interface Variant {
  /** What is different, in this order. */
  readonly changes?: readonly ProblemChange[];
  /** A name that no other variant has. */
  readonly name: string;
}

/** A number of vehicles that are alike. Each drives at most one route. */
export interface VehicleType {
  /** The clients that these vehicles may serve; all, if not given. */
  readonly allowed_clients?: readonly Reference[] | null;
  /** The driver's breaks. */
  readonly breaks?: readonly Break[];
  /** Capacities; none at all means unlimited. */
  readonly capacity?: readonly number[];
  /** Parts of the vehicle for certain materials; others cannot be taken then. */
  readonly compartments?: readonly Compartment[];
  /** What the vehicle consumes and emits; nothing is known of it, if not given. */
  readonly consumption?: Consumption | null;
  /** Cost of a unit of distance. */
  readonly cost_per_distance?: number;
  /** Cost of a unit of route duration. */
  readonly cost_per_duration?: number;
  /** Cost of a unit of waiting. */
  readonly cost_per_waiting?: number;
  /** How many there are. */
  readonly count?: number;
  /** Where the vehicle may empty what it has picked up. */
  readonly disposal_sites?: readonly Reference[];
  /** When the driver must rest. */
  readonly driver_rules?: readonly DriverRule[];
  /** The depot where routes end; at the last stop, if not given. */
  readonly end?: Reference | null;
  /** Whether no waste may be on board when a trip ends. */
  readonly end_empty?: boolean;
  /** What the vehicle has done already: its route begins with it. For a type of one vehicle. */
  readonly executed?: readonly Activity[];
  /** Cost of using one vehicle. */
  readonly fixed_cost?: number;
  /** Longest distance of a route. */
  readonly max_distance?: number | null;
  /** Longest time that a route may drive. */
  readonly max_driving?: Duration | null;
  /** Longest duration of a route. */
  readonly max_duration?: Duration | null;
  /** The most that a route may deliver and pick up over all its trips. */
  readonly max_route_load?: readonly number[];
  /** Most stops of a route. */
  readonly max_stops?: number | null;
  /** Maximum number of trips of a route. A visit to a disposal site begins another trip if a service follows it. */
  readonly max_trips?: number | null;
  /** Longest time that a route may drive, load, serve and unload. */
  readonly max_work?: Duration | null;
  /** A name to refer to. */
  readonly name?: string;
  /** What long days cost, in ascending steps. */
  readonly overtime?: readonly OvertimeStep[];
  /** Whether the rests that the rules ask for are paid time; true, if not given. */
  readonly paid_rests?: boolean;
  /** The travel profile whose distances and durations hold. */
  readonly profile?: number;
  /** Depots at which a vehicle may end a trip and start the next one. */
  readonly reload_depots?: readonly Reference[];
  /** A text for people, which goes with it into plans. */
  readonly remarks?: string;
  /** When a route may start at the earliest and must have ended. */
  readonly shift?: Window;
  /** What the vehicle and its crew can do. */
  readonly skills?: readonly string[];
  /** The depot where routes start; at the first stop, if not given. */
  readonly start?: Reference | null;
  /** Values by name, which go with it into plans. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What zones mean for the vehicles: which they serve, and which are closed to them. Depots and the places of breaks are not held against zones, nor is the drive from stop to stop. */
  readonly zones?: readonly ZoneRule[];
}

/** On which days a client is visited: so often, evenly spaced if nothing else is said, or by patterns. */
export interface Visits {
  /** The client. */
  readonly client: Reference;
  /** The days, counted from 0, on which a visit is possible; all, if not given. */
  readonly days?: readonly number[] | null;
  /** How many visits there are in the period; omitted where patterns are given. */
  readonly frequency?: number;
  /** How many days before day 0 the last visit was; if not given, the period is repeated. */
  readonly last_visit?: number | null;
  /** The most days from one visit to the next. */
  readonly max_gap?: number | null;
  /** The fewest days from one visit to the next: 1, on consecutive days. */
  readonly min_gap?: number | null;
  /** What is expected to overflow between visits, if that is priced. Without a frequency the client is then visited as often as pays, at least once. */
  readonly overflow?: Overflow | null;
  /** The combinations of days, instead of frequency, days and gaps. */
  readonly patterns?: readonly (readonly number[])[];
}

/** Earliest and latest time, both included; null where there is none. Nothing starts before 0 unless an earliest time says so. */
export type Window = readonly [Time | null, Time | null];

/** What of a service must lie within its windows. */
export const windowCoversWords = ["start", "service"] as const;
/** What of a service must lie within its windows. */
export type WindowCovers = (typeof windowCoversWords)[number];

/** On which days the vehicles of a type work. */
export interface WorkingDays {
  /** The days, counted from 0. */
  readonly days: readonly number[];
  /** The vehicle type. */
  readonly vehicle_type: Reference;
}

/** A part of the map, to which the rules of vehicle types refer. */
export interface Zone {
  /** Where it is. */
  readonly area: ZoneArea;
  /** A name to refer to. */
  readonly name?: string;
}

/** An area, as a geometry of GeoJSON (RFC 7946). */
export type ZoneArea = {
  /** Its rings: the outer one, then its holes. */
  readonly coordinates: readonly (readonly (readonly [number, number])[])[];
  readonly type: "Polygon";
} | {
  /** The rings of each. */
  readonly coordinates: readonly (readonly (readonly (readonly [number, number])[])[])[];
  readonly type: "MultiPolygon";
};

/** What a zone means for the vehicles of a type. */
export type ZoneRule = {
  readonly serve_only: Reference;
} | {
  readonly closed: ClosedZone;
};
