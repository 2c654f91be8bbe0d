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

/** What a map is prepared with. */
export interface NetworkOptions {
  /** Who drives: `car` unless given, `truck`, `waste-truck` or `foot`, a file of TOML, or its text. */
  readonly profile?: string;
  /** The file of links, of an edge list as two tables of CSV. */
  readonly links?: string;
}

/** How a table is asked for. */
export interface TableOptions extends SnapOptions {
  /** The destinations; the same points unless given. */
  readonly to?: readonly Point[];
  /** Ends it early: the promise rejects. */
  readonly signal?: AbortSignal;
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
    signal?.throwIfAborted();
    const token = new native.NativeCancelToken();
    const cancel = () => token.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    const [from, until] = [flat(points), to && flat(to)];
    try {
      return await awaited(() => this.native.table(from, until, snapDocument(options), token));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
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

/** Calls what answers later.
 * @internal */
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
