/** Street networks: travel times that a vehicle really has, and routes that follow the streets. */

import { existsSync, readFileSync } from "node:fs";

import type * as documents from "./documents.js";
import { call, setting, understood } from "./errors.js";
import { native } from "./native.js";
import type { NativeNetwork } from "./native-types.js";

/** A longitude and a latitude in degrees. */
export type Point = readonly [number, number];

/** How points are snapped to streets. */
export interface SnapOptions {
  /** From which side a vehicle must arrive: from either unless given, or so that the point is on the side of the street on which
   * one drives. */
  readonly approach?: documents.Approach;
  /** How far from a street a point may be, in metres; 500 unless given. */
  readonly limit?: number;
  /** Streets that are at most so many metres farther away than the nearest one are places to stop, too; 1 unless given. */
  readonly slack?: number;
  /** The most places for one point; 4 unless given. */
  readonly places?: number;
}

/** What is not as usual on some streets, in both directions: one place and one effect. */
export interface StreetChange {
  /** The street that is nearest to a point, between two junctions. */
  readonly at?: Point;
  /** Those of a way, by the map's number of it. */
  readonly way?: number;
  /** Those of a class: `primary`. */
  readonly roadClass?: string;
  /** Those that lie at least partly in a polygon: its corners. */
  readonly area?: readonly Point[];
  /** All of them. */
  readonly everywhere?: boolean;
  /** They are closed. */
  readonly closed?: boolean;
  /** Their speed is so many percent of the usual one: 1 to 300. */
  readonly percent?: number;
}

/** What a map is prepared with. */
export interface NetworkOptions {
  /** Who drives: `car` unless given, `truck`, `waste-truck` or `foot`, a file of TOML, or its text. */
  readonly profile?: string;
  /** The file of links, of an edge list as two tables of CSV. */
  readonly links?: string;
}

/** What may be ended early. */
export interface Cancellable {
  /** Ends it early: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a table is asked for. */
export interface TableOptions extends SnapOptions, Cancellable {
  /** The destinations; the same points unless given. */
  readonly to?: readonly Point[];
}

/** Travel times and distances from each origin (row) to each destination (column), row-major; NaN where no path leads. */
export interface RoadTable {
  /** Number of origins. */
  readonly rows: number;
  /** Number of destinations. */
  readonly columns: number;
  /** Metres along the fastest paths. */
  readonly distances: Float64Array;
  /** Seconds. */
  readonly durations: Float64Array;
}

/** A drive along the streets through some points. */
export interface RoadRoute {
  /** Seconds of all legs. */
  readonly duration: number;
  /** Metres of all legs. */
  readonly distance: number;
  /** Longitudes and latitudes of all legs, one after the other. */
  readonly geometry: readonly (readonly [number, number])[];
  /** From each point to the next one. */
  readonly legs: readonly documents.RoadLeg[];
}

/** A synthetic city. */
export interface CityMapOptions {
  /** How its streets run: a `grid` unless given, `radial`, or a grid with a `river` across. */
  readonly plan?: "grid" | "radial" | "river";
  /** Blocks along each side; 40 unless given. */
  readonly blocks?: number;
  /** Metres between parallel streets; 120 unless given. */
  readonly blockLength?: number;
  /** Where its middle is. */
  readonly centre?: Point;
  /** What differs between cities of the same parameters. */
  readonly seed?: number;
}

/**
 * The streets of a map as one profile drives them, prepared for fast questions.
 *
 * ```ts
 * const network = await Network.read("city.osm.pbf", { profile: "truck" });
 * const { durations } = await network.table([[11.0, 48.0], [11.01, 48.01]]);
 * ```
 */
export class Network {
  /** @internal */
  readonly native: NativeNetwork;

  private constructor(network: NativeNetwork) {
    this.native = network;
  }

  /** Prepares a map: OpenStreetMap as PBF or XML, an edge list as GeoJSON, or its nodes as CSV. Takes seconds for a city and
   * minutes for a country, away from the main thread: {@link save} what comes of it. */
  static async read(map: string, { profile = "car", links }: NetworkOptions = {}): Promise<Network> {
    const known = native.roadProfiles();
    const isText = /[\n=]/.test(profile);
    if (!known.includes(profile) && !isText && !existsSync(profile)) {
      throw setting(`unknown profile \`${profile}\`: use one of ${known.join(", ")}, a file of TOML, or its text`);
    }
    const text = known.includes(profile) || isText ? profile : readFileSync(profile, "utf8");
    return new Network(await awaited(() => native.NativeNetwork.prepare(map, links, text)));
  }

  /** Opens a file that {@link save} wrote: at once, for it is mapped into memory. */
  static async load(path: string): Promise<Network> {
    return new Network(await awaited(() => native.NativeNetwork.load(path)));
  }

  /** The text of a profile that is shipped, to start another from. */
  static profileText(name: string): string {
    const text = native.roadProfile(name);
    if (text === null) {
      throw setting(`unknown profile \`${name}\`: use one of ${native.roadProfiles().join(", ")}`);
    }
    return text;
  }

  /** Writes the map of a synthetic city as an OSM PBF file. */
  static writeCity(path: string, options: CityMapOptions = {}): void {
    const { plan = "grid", blocks = 40, blockLength = 120, centre = [11, 48], seed = 1 } = options;
    call(() => native.writeCity(path, plan, blocks, blockLength, Float64Array.from(centre), seed));
  }

  /** Writes a file, in place of one that is there. */
  save(path: string): void {
    call(() => this.native.save(path));
  }

  /** What it has, and what it does not have of the map. */
  get report(): documents.NetworkReport {
    return JSON.parse(call(() => this.native.report())) as documents.NetworkReport;
  }

  /** Where points are on streets. Points that are too far from every street are all among the issues of the error, whose code
   * is `road`. */
  snap(points: readonly Point[], options: SnapOptions = {}): readonly documents.Spot[] {
    return JSON.parse(call(() => this.native.snap(flat(points), snapDocument(options)))) as documents.Spot[];
  }

  /** Travel times and distances from each point to each, worked out away from the main thread. */
  async table(points: readonly Point[], options: TableOptions = {}): Promise<RoadTable> {
    const { to, signal } = options;
    const [from, until, snap] = [flat(points), to && flat(to), snapDocument(options)];
    return cancellable(signal, (token) => this.native.table(from, until, snap, token));
  }

  /** The network with changes to its usual travel times, not on top of earlier ones; a later change counts above an earlier
   * one. Nothing is prepared again, and this network stays as it is. */
  async change(changes: readonly StreetChange[], { signal }: Cancellable = {}): Promise<Network> {
    const each = changes.map(({ roadClass, ...change }) => ({ ...change, road_class: roadClass }));
    return new Network(await cancellable(signal, (token) => this.native.change(JSON.stringify(each), token)));
  }

  /** The network at a time of the week, by the `[[traffic]]` of its profile: `minute` is counted from midnight. */
  async atHour(day: documents.Day, minute: number, { signal }: Cancellable = {}): Promise<Network> {
    if (!(Number.isInteger(minute) && minute >= 0 && minute < 2 ** 32)) {
      throw setting(`minute is ${minute}: give a whole number that is not negative`);
    }
    return new Network(await cancellable(signal, (token) => this.native.atHour(JSON.stringify(day), minute, token)));
  }

  /** How fast the streets are over a day: the steps of `Model.setSpeeds`, in which the travel times between the points sum up
   * as they do at that hour. `midnight` is the model's time, in seconds, at which the day begins; 0 unless given. */
  async speedCurve(
    day: documents.Day,
    points: readonly Point[],
    { midnight = 0, signal, ...options }: SnapOptions & Cancellable & { readonly midnight?: number } = {},
  ): Promise<readonly documents.StreetSpeed[]> {
    const [name, at] = [JSON.stringify(day), flat(points)];
    const snap = snapDocument(options);
    const steps = await cancellable(signal, (token) => this.native.speedCurve(name, at, midnight, snap, token));
    return JSON.parse(steps) as documents.StreetSpeed[];
  }

  /** The fastest drive through points in their order. */
  route(points: readonly Point[], options: SnapOptions = {}): RoadRoute {
    const found = call(() => this.native.route(flat(points), snapDocument(options)));
    const legs = JSON.parse(found) as documents.RoadLeg[];
    const sum = (of: "duration" | "distance") => legs.reduce((total, leg) => total + leg[of], 0);
    const geometry = legs.flatMap((leg) => leg.geometry);
    return { duration: sum("duration"), distance: sum("distance"), geometry, legs };
  }

  /** What is reached from a point within so many seconds, as a geometry of GeoJSON: all within `reach` metres (40 unless given) of
   * the streets at which a vehicle arrives in time. */
  isochrone(
    point: Point,
    seconds: number,
    { reach = 40, ...options }: SnapOptions & { readonly reach?: number } = {},
  ): { readonly type: "MultiPolygon"; readonly coordinates: documents.Area["polygons"] } {
    if (!(seconds >= 0 && seconds < 2 ** 32)) {
      throw setting(`seconds is ${seconds}: give a number that is not negative`);
    }
    const found = call(() => this.native.isochrone(flat([point]), Math.floor(seconds), reach, snapDocument(options)));
    return { type: "MultiPolygon", coordinates: (JSON.parse(found) as documents.Area).polygons };
  }
}

/** The document of how points are snapped.
 * @internal */
export function snapDocument({ approach, limit, slack, places }: SnapOptions): string {
  return JSON.stringify({ approach, limit, slack, places });
}

/** Calls what answers later, and may be cancelled.
 * @internal */
export async function cancellable<T>(
  signal: AbortSignal | undefined,
  work: (token: InstanceType<typeof native.NativeCancelToken>) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const token = new native.NativeCancelToken();
  const cancel = () => token.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await awaited(() => work(token));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Calls what answers later. */
async function awaited<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw understood(error);
  }
}

function flat(points: readonly Point[]): Float64Array {
  points.forEach((point, i) => {
    if (point.length !== 2) {
      throw new TypeError(`point ${i} must be a longitude and a latitude, not ${String(point)}`);
    }
  });
  return Float64Array.from(points.flat());
}
