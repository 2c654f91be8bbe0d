/** A problem that is built, valid and immutable. */

import { call, MilkrunError } from "./errors.js";
import { native } from "./native.js";
import type { FleetRecord, LocationRecord, NativeProblem, PlaceRecord, RouteStopsRecord } from "./native-types.js";
import { Plan } from "./plan.js";
import { type Result, Run, type SolveOptions, solve } from "./solve.js";
import { Scaler, type Time, UNREACHABLE, type Units, units } from "./units.js";

/** How to read a file. */
export interface ReadOptions {
  /** The format; found out unless given. */
  readonly format?: "vrplib" | "solomon" | "lilim" | "json";
  /** The convention by which decimals become integers; the usual one of the kind of instance unless given. */
  readonly rounding?: "round" | "trunc" | "dimacs" | "exact" | "none";
  /** The name of the file, whose ending may tell the format. */
  readonly path?: string;
}

/** A stop: a client by its number, or a kind and a number: of the client, shipment, disposal site or the vehicle type's
 * break; of a rest, its length in the solver's units. */
export type Stop = number | readonly ["client" | "pickup" | "delivery" | "dispose" | "break" | "rest", number];

/** A trip's stops, and its depots where they are not those of the vehicle type. */
export interface TripStops {
  /** Where the trip starts; `null` where the start is open. */
  readonly startDepot?: number | null;
  /** Where the trip ends; `null` where the end is open. */
  readonly endDepot?: number | null;
  /** What is visited. */
  readonly visits: readonly Stop[];
}

/** A route: the stops of its only trip, or vehicle type, start and trips. */
export type RouteStops =
  | readonly Stop[]
  | {
      /** The number of the vehicle type; 0 unless given. */
      readonly vehicleType?: number;
      /** From when on the route is driven. Unless given, it ends as early and then starts as late as possible. */
      readonly start?: Time | null;
      /** What the vehicle drives. */
      readonly trips: readonly (readonly Stop[] | TripStops)[];
    };

/** A location of a problem. */
export interface Location {
  /** Horizontal coordinate or longitude. */
  readonly x: number;
  /** Vertical coordinate or latitude. */
  readonly y: number;
  /** Its name; may be empty. */
  readonly name: string;
}

/** A depot, client, disposal site or shipment (by its pickup). */
export interface Place {
  /** The number of its location. */
  readonly location: number;
  /** Its name; may be empty. */
  readonly name: string;
}

/** A routing problem: valid and immutable. Made by {@link Model.build} or {@link read}. */
export class Problem {
  /** How numbers of the solver relate to yours. */
  readonly units: Units;
  /** Whether coordinates are longitudes and latitudes, as far as is known. */
  readonly isGeographic: boolean;
  /** @internal */
  readonly native: NativeProblem;
  #locations: readonly LocationRecord[] | undefined;
  #clients: readonly PlaceRecord[] | undefined;
  #disposalSites: readonly PlaceRecord[] | undefined;
  #shipments: readonly PlaceRecord[] | undefined;
  #vehicleTypes: readonly FleetRecord[] | undefined;

  /** @internal */
  constructor(problem: NativeProblem, of: Units = units({}), geographic = problem.isGeographic) {
    this.native = problem;
    this.units = of;
    this.isGeographic = geographic;
  }

  /** Reads milkrun's JSON, as text or as the object itself; its numbers are the solver's. */
  static fromJson(document: string | object): Problem {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    return read(text, { format: "json" });
  }

  /** The problem as milkrun's JSON, in the solver's units. */
  toJson(): Record<string, unknown> {
    return JSON.parse(call(() => this.native.toJson())) as Record<string, unknown>;
  }

  /** What `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return this.toJson();
  }

  /** The problem as a VRPLIB file, in the solver's units. */
  toVrplib(): string {
    return call(() => this.native.toVrplib());
  }

  /** The name. */
  get name(): string {
    return this.native.name;
  }

  /** How many load dimensions there are. */
  get loadDimensions(): number {
    return this.native.loadDimensions;
  }

  /** How many vehicles of all types there are. */
  get numVehicles(): number {
    return this.native.numVehicles;
  }

  /** The locations. */
  get locations(): readonly Location[] {
    return (this.#locations ??= this.native.locations());
  }

  /** The depots. */
  get depots(): readonly Place[] {
    return this.native.depots();
  }

  /** The clients. */
  get clients(): readonly Place[] {
    return (this.#clients ??= this.native.clients());
  }

  /** The disposal sites. */
  get disposalSites(): readonly Place[] {
    return (this.#disposalSites ??= this.native.disposalSites());
  }

  /** The names of the materials. */
  get materials(): readonly string[] {
    return this.native.materials();
  }

  /** The shipments. */
  get shipments(): readonly Place[] {
    return (this.#shipments ??= this.native.shipments());
  }

  /** @internal */
  get vehicleTypes(): readonly FleetRecord[] {
    return (this.#vehicleTypes ??= this.native.vehicleTypes());
  }

  /** The distance between two locations; `null` where there is no way. */
  distance(from: number, to: number, profile = 0): number | null {
    return this.#travel(from, to, profile, 0, this.units.distanceScale);
  }

  /** How long the way between two locations takes, in seconds; `null` where there is no way. */
  duration(from: number, to: number, profile = 0): number | null {
    return this.#travel(from, to, profile, 1, this.units.timeScale);
  }

  /** The plan of bare stops, with times, loads and costs. A plan that breaks rules is no error; numbers that the problem
   * does not have are. */
  plan(routes: readonly RouteStops[]): Plan {
    const scaler = new Scaler(this.units);
    const records = routes.map((route, r) => this.#record(route, scaler, `routes[${r}]`));
    if (scaler.issues.length > 0) {
      const lines = scaler.issues.map((issue) => `\n  ${issue.path} = ${issue.value}: ${issue.message}; ${issue.remedy}`);
      throw new MilkrunError("plan", `the routes cannot start like this:${lines.join("")}`, scaler.issues);
    }
    return new Plan(call(() => native.NativePlan.ofStops(this.native, records)), this);
  }

  /** Reads a plan: milkrun's JSON, as text or as the object itself, or VRPLIB's `.sol`. */
  readPlan(source: string | object): Plan {
    const text = typeof source === "string" ? source : JSON.stringify(source);
    const isJson = /^\ufeff?\s*\{/.test(text);
    const read = isJson
      ? () => native.NativePlan.fromJson(this.native, text.replace(/^\ufeff/, ""))
      : () => native.NativePlan.fromSol(this.native, Buffer.from(text));
    return new Plan(call(read), this);
  }

  /**
   * Solves the problem on a thread of its own: the event loop goes on.
   *
   * An `AbortSignal` ends the search within some milliseconds; the promise resolves with the best plan so far, and
   * `stopped` is `"aborted"`, unless `onAbort` is `"reject"`.
   */
  async solve(options: SolveOptions = {}): Promise<Result> {
    return solve(this, options);
  }

  /** Starts to solve: an asynchronous iterable of progress, with the `result` beside. */
  start(options: SolveOptions = {}): Run {
    return new Run(this, options);
  }

  /** Whether this is the same problem as another. */
  equals(other: Problem): boolean {
    return this.native.equals(other.native);
  }

  #travel(from: number, to: number, profile: number, which: 0 | 1, scale: number): number | null {
    const known = [from, to, profile].every((index) => Number.isInteger(index) && index >= 0);
    const value = known ? this.native.travel(profile, from, to)?.[which] : undefined;
    if (value === undefined) {
      throw new RangeError(`there is no way from ${from} to ${to} in profile ${profile}: numbers count from 0`);
    }
    return value === UNREACHABLE ? null : value / scale;
  }

  #record(route: RouteStops, scaler: Scaler, path: string): RouteStopsRecord {
    const { vehicleType = 0, start = null, trips } = "trips" in route ? route : { trips: [route] };
    const type = this.vehicleTypes[vehicleType];
    const trip = (trip: readonly Stop[] | TripStops) => {
      const { startDepot = type?.start ?? null, endDepot = type?.end ?? null, visits } =
        "visits" in trip ? trip : { visits: trip };
      return {
        ...(startDepot === null ? {} : { start: index(startDepot) }),
        ...(endDepot === null ? {} : { end: index(endDepot) }),
        stops: visits.map((stop) =>
          typeof stop === "number" ? { kind: "client", index: index(stop) } : { kind: stop[0], index: index(stop[1]) },
        ),
      };
    };
    return {
      vehicleType: index(vehicleType),
      ...(start === null ? {} : { start: scaler.time(start, `${path}.start`) }),
      trips: trips.map(trip),
    };
  }
}

function index(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new RangeError(`${value} is no number of a stop, depot or vehicle type: they count from 0`);
  }
  return value;
}

/** Reads a problem from the text of a file: VRPLIB, Solomon's, Li & Lim's or milkrun's JSON format. Throws a
 * {@link MilkrunError} with every fault at once. */
export function read(content: string | Uint8Array, { path, format, rounding }: ReadOptions = {}): Problem {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return new Problem(call(() => native.NativeProblem.read(bytes, path, format, rounding)));
}
