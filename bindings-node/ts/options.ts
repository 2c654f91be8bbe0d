/** What the parts of a model are made from. */

import type { Effort, Energy, Measure, Position, WindowCovers, ZoneArea } from "./documents.js";
import type { Loads, Time, Window } from "./units.js";

export type { Rounding } from "./documents.js";

/** What something is called by: the number that its `add…` method returned, or its name. */
export type Reference = number | string;

/** Where something is: planar coordinates, degrees, or a location that was added before. */
export interface PlaceOptions {
  /** Horizontal coordinate. */
  readonly x?: number;
  /** Vertical coordinate. */
  readonly y?: number;
  /** Longitude in degrees. */
  readonly lon?: number;
  /** Latitude in degrees. */
  readonly lat?: number;
  /** A location that others share. */
  readonly location?: Reference;
}

/** What people say about something; it goes with it into plans. */
export interface NotesOptions {
  /** A text. */
  readonly remarks?: string;
  /** Values by name. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A place that others can share. */
export interface LocationOptions extends Omit<PlaceOptions, "location"> {
  /** A name to refer to. */
  readonly name?: string;
}

/** Where vehicles start, end and reload. */
export interface DepotOptions extends PlaceOptions, NotesOptions {
  /** When vehicles may start to load and must be back. */
  readonly open?: Window;
  /** Seconds that loading takes before each trip. */
  readonly service?: number;
  /** A name to refer to. */
  readonly name?: string;
}

/** Clients of which at most one is served. */
export interface GroupOptions {
  /** Whether one member must be served; true unless given. */
  readonly required?: boolean;
  /** A name to refer to. */
  readonly name?: string;
}

/** A single stop. */
export interface ClientOptions extends PlaceOptions, NotesOptions {
  /** Brought from the depot. */
  readonly delivery?: Loads;
  /** Taken to the depot. */
  readonly pickup?: Loads;
  /** Seconds that the service takes. */
  readonly service?: number;
  /** Seconds that are spent once at a place, before its first service, where the vehicle comes from another place: parking, a
   * gate. They come before the window and before the arrival. */
  readonly setup?: number;
  /** When it may start. */
  readonly timeWindow?: Window;
  /** The trip that serves the client starts loading no earlier. */
  readonly release?: Time;
  /** What it costs to leave the client out. */
  readonly prize?: number;
  /** Whether the client must be served; true unless given. */
  readonly required?: boolean;
  /** The group whose members exclude each other. */
  readonly group?: Reference;
  /** Windows to choose from, which ascend and do not overlap; instead of `timeWindow`. */
  readonly timeWindows?: readonly Window[];
  /** A window that may be missed at a price. */
  readonly softWindow?: SoftWindowOptions;
  /** Whether the windows, the soft one included, hold the `start` of the service or all of the `service`, as in "finished
   * by 14:30"; `start` unless given. */
  readonly windowCovers?: WindowCovers;
  /** What the pickup is made of. */
  readonly material?: Reference;
  /** What a vehicle must have to serve the client. */
  readonly skills?: readonly string[];
  /** The vehicle types that may serve the client; all unless given. They may be added later. */
  readonly allowedVehicles?: readonly Reference[];
  /** Vehicle types that may not serve the client. They may be added later. */
  readonly forbiddenVehicles?: readonly Reference[];
  /** Seconds that the service takes with some vehicle types. They may be added later. */
  readonly serviceByType?: readonly { readonly vehicleType: Reference; readonly service: number }[];
  /** What it costs in addition with some vehicle types, such as another driver's. They may be added later. */
  readonly assignmentCosts?: readonly AssignmentCost[];
  /** Of two plans, the one that leaves fewer of the highest class out is better, whatever they cost; 0, no class, unless
   * given, and 255 at most. */
  readonly priority?: number;
  /** A name to refer to. */
  readonly name?: string;
}

/** What something costs in addition with vehicles of one type. */
export interface AssignmentCost {
  /** Whose. */
  readonly vehicleType: Reference;
  /** How much. */
  readonly cost: number;
}

/** One end of a shipment. */
export interface StopOptions extends PlaceOptions {
  /** Seconds that loading or unloading takes. */
  readonly service?: number;
  /** Seconds that are spent before it where the vehicle comes from another place. */
  readonly setup?: number;
  /** When it may start. */
  readonly timeWindow?: Window;
  /** Whether the window holds the `start` of the service or all of the `service`; `start` unless given. */
  readonly windowCovers?: WindowCovers;
}

/** Something taken from a pickup to a delivery by one vehicle on one trip. */
export interface ShipmentOptions extends NotesOptions {
  /** Where it is loaded. */
  readonly pickup: StopOptions;
  /** Where it is unloaded. */
  readonly delivery: StopOptions;
  /** How much it is. */
  readonly amount?: Loads;
  /** What it costs to leave it. */
  readonly prize?: number;
  /** Whether it must be carried; true unless given. */
  readonly required?: boolean;
  /** What it costs in addition with some vehicle types. They may be added later. */
  readonly assignmentCosts?: readonly AssignmentCost[];
  /** A name. */
  readonly name?: string;
}

/** A number of vehicles that are alike. Each drives at most one route. */
export interface VehicleTypeOptions extends NotesOptions {
  /** How many there are; 1 unless given. */
  readonly count?: number;
  /** Capacity by load dimension; unlimited unless given. */
  readonly capacity?: Loads;
  /** Where routes start and end. */
  readonly depot?: Reference;
  /** Where routes start; at the first stop if there is neither this nor a `depot`. */
  readonly start?: Reference;
  /** Where routes end; at the last stop if there is neither this nor a `depot`. */
  readonly end?: Reference;
  /** Cost of using one vehicle. */
  readonly fixedCost?: number;
  /** Cost of a unit of distance; 1 unless given. */
  readonly costPerDistance?: number;
  /** Cost of a second of a route. */
  readonly costPerDuration?: number;
  /** When a route may start at the earliest and must have ended. */
  readonly shift?: Window;
  /** Longest route in seconds. */
  readonly maxDuration?: number;
  /** Longest route in distance. */
  readonly maxDistance?: number;
  /** The clients that these vehicles may serve; all unless given. */
  readonly allowedClients?: readonly Reference[];
  /** What zones mean for the vehicles. */
  readonly zones?: readonly ZoneRuleOptions[];
  /** Depots at which a vehicle may end a trip and start the next one. */
  readonly reloadDepots?: readonly Reference[];
  /** Most trips of a route. */
  readonly maxTrips?: number;
  /** The sites at which a vehicle may empty. */
  readonly disposalSites?: readonly Reference[];
  /** Whether no waste may be on board when a trip ends. */
  readonly endEmpty?: boolean;
  /** Parts for materials; a vehicle without any carries all materials in one. */
  readonly compartments?: readonly CompartmentOptions[];
  /** Most of what a route may handle altogether, by load dimension. */
  readonly maxRouteLoad?: Loads;
  /** Most stops of a route. */
  readonly maxStops?: number;
  /** Breaks, each taken once on a route that lasts long enough. */
  readonly breaks?: readonly BreakOptions[];
  /** Limits of driving or work without a rest. */
  readonly driverRules?: readonly DriverRuleOptions[];
  /** Whether rests are paid; true unless given. */
  readonly paidRests?: boolean;
  /** Most seconds of driving on a route. */
  readonly maxDriving?: number;
  /** Most seconds of work on a route: driving, loading, service and unloading. */
  readonly maxWork?: number;
  /** What paid time costs on top beyond each step, in ascending order. */
  readonly overtime?: readonly OvertimeOptions[];
  /** Cost of a second of waiting. */
  readonly costPerWaiting?: number;
  /** What the vehicle consumes and emits: every plan says it then. */
  readonly consumption?: ConsumptionOptions;
  /** What the vehicle has, for clients that need it. */
  readonly skills?: readonly string[];
  /** What the vehicle has done already: its route begins so. Only for a type of one vehicle. */
  readonly executed?: readonly ExecutedStop[];
  /** What {@link Model.travelMatrix} returned. */
  readonly profile?: number;
  /** A name. */
  readonly name?: string;
}

/** A part of the map, for the `zones` of vehicle types. */
export interface ZoneOptions {
  /** The corners of a polygon, each `[x, y]` or `[lon, lat]`; or a polygon or several as a geometry of GeoJSON. */
  readonly area: readonly (readonly [number, number])[] | ZoneArea;
  /** A name to refer to. */
  readonly name?: string;
}

/** What a zone means for vehicles: they serve clients and shipments in it, and in others with this rule, but nowhere else; or it
 * is closed to them, at all times or in some hours. Then they serve nothing in it and visit no disposal site in it: no service
 * begins or lasts in the hours, and no disposal visit begins. Depots and the places of breaks are not held against zones, nor
 * is the drive from stop to stop. */
export type ZoneRuleOptions =
  | { readonly serveOnly: Reference }
  | { readonly closed: { readonly zone: Reference; readonly during?: readonly Window[] } };

/** A kind of vehicle whose average consumption is published. */
export type VehicleClass = "refuse_truck" | "transit_bus" | "heavy_truck" | "delivery_truck" | "van";

/** What a vehicle consumes, in litres of fuel or kilowatt-hours, and what it emits. Engines run while vehicles drive, serve and
 * unload, and are off while they wait, load in depots and rest. */
export interface ConsumptionOptions {
  /** What it drives on; fuel unless given. */
  readonly energy?: Energy;
  /** For each unit of distance, empty. */
  readonly perDistance: number;
  /** In addition, for each unit of load on board and each unit of distance, by load dimension. */
  readonly perLoadDistance?: Loads;
  /** For each stop. */
  readonly perStop?: number;
  /** For each second of service or unloading. */
  readonly perIdle?: number;
  /** Kilograms of CO₂ for each litre or kilowatt-hour; unless given, 2.69 for fuel (diesel) and 0 for electricity. */
  readonly co2?: number;
}

/** So much for every so much of load. */
export interface Rate {
  /** What is added (seconds of unloading, or cost of tipping) … */
  readonly amount: number;
  /** … for so much load; 1 unless given. Parts of it count in proportion, rounded up to the solver's unit. */
  readonly per?: number;
}

/** A landfill or transfer station, where vehicles empty what they picked up from clients. */
export interface DisposalSiteOptions extends PlaceOptions, NotesOptions {
  /** When unloading may start: windows that ascend and do not overlap; always unless given. */
  readonly hours?: readonly Window[];
  /** Seconds that every visit takes. */
  readonly service?: number;
  /** Seconds that unloading takes on top, by load dimension. */
  readonly unloading?: Rate | readonly Rate[];
  /** Cost of every visit. */
  readonly visitCost?: number;
  /** Cost of what is unloaded, by load dimension. */
  readonly tippingFee?: Rate | readonly Rate[];
  /** What may be left here; everything unless given. */
  readonly materials?: readonly Reference[];
  /** Most that all vehicles together may leave here, by load dimension. */
  readonly dailyCapacity?: Loads;
  /** A name to refer to. */
  readonly name?: string;
}

/** A window that may be missed at a price. */
export interface SoftWindowOptions {
  /** Earliest and latest time without a price. */
  readonly window: Window;
  /** Cost of each second before. */
  readonly costPerEarly?: number;
  /** Cost of each second after. */
  readonly costPerLate?: number;
}

/** A part of a vehicle. */
export interface CompartmentOptions {
  /** What it is for. */
  readonly materials: readonly Reference[];
  /** How much it holds, by load dimension; any amount unless given. */
  readonly capacity?: Loads;
}

/** A break of the driver: at a place, or wherever the vehicle is. */
export interface BreakOptions extends PlaceOptions {
  /** When it may start. */
  readonly start: Window;
  /** Seconds that it takes. */
  readonly duration: number;
  /** Whether it counts as paid time; true unless given. */
  readonly paid?: boolean;
  /** A name to refer to. */
  readonly name?: string;
}

/** So much driving, or work, and then a rest. */
export interface DriverRuleOptions {
  /** What is limited: driving alone, or driving, loading, service and unloading. */
  readonly effort: Effort;
  /** Most seconds without a rest. */
  readonly max: number;
  /** Seconds that a rest takes. */
  readonly rest: number;
  /** The rest may be two, of these lengths, in this order. */
  readonly split?: readonly [number, number];
  /** Whether a long service counts as a rest from driving. */
  readonly anyPause?: boolean;
}

/** Regulation (EC) No 561/2006: 45 minutes after four and a half hours of driving, or 15 and then 30. */
export const EU_561: DriverRuleOptions = { effort: "driving", max: 16_200, rest: 2_700, split: [900, 1_800] };

/** 49 CFR 395.3: 30 minutes after eight hours of driving; any pause of that length counts. */
export const US_30_MINUTES: DriverRuleOptions = { effort: "driving", max: 28_800, rest: 1_800, anyPause: true };

/** What paid time beyond a length costs. */
export interface OvertimeOptions {
  /** Seconds of paid time. */
  readonly after: number;
  /** Cost of each second beyond it, on top of what it costs already. */
  readonly costPerDuration: number;
}

/** What a vehicle has done: a client, or a kind and what it was; of a rest, its seconds. */
export type ExecutedStop =
  | Reference
  | readonly ["client" | "pickup" | "delivery" | "dispose" | "break", Reference]
  | readonly ["rest", number];

/** What ties clients to each other, or one to its vehicle; exactly one of the fields. */
export type RelationOptions =
  /** Those that are served are on one route. */
  | { readonly sameVehicle: readonly Reference[] }
  /** All or none are served, in this order and with no other client in between. */
  | { readonly sequence: readonly Reference[] }
  /** If both are served, one vehicle serves the first before the second. */
  | { readonly precedence: { readonly before: Reference; readonly after: Reference } }
  /** All or none are served. */
  | { readonly allOrNone: readonly Reference[] }
  /** No two of them are on one route. */
  | { readonly incompatible: readonly Reference[] }
  /** If served, then by this vehicle type, and as the first or last stop of its route. */
  | {
      readonly pin: {
        readonly client: Reference;
        readonly vehicleType?: Reference;
        readonly position?: Position;
      };
    };

/** What a plan is measured by, besides its cost. */
export interface GoalOptions {
  /** The measure. */
  readonly measure: Measure;
  /** Cost of each vehicle, second, unit of load, stop, kilogram of CO₂, or unit of distance or of the coordinates (metres between
   * degrees). Without it, the goal is ranked: it goes before cost and before all that are added later. */
  readonly weight?: number;
  /** Only what exceeds this value counts: of a ranked goal, it is a limit that gives way where it must. */
  readonly target?: number;
}

/** From when on travel is how fast. */
export interface SpeedStep {
  /** The time. */
  readonly from: Time;
  /** How fast, in percent of what the profile's durations say: a whole number from 1 to 1000. */
  readonly percent: number;
}
