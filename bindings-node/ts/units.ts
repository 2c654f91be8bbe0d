/** From the numbers of the user to the integers of the solver, and back. */

import { type Issue, setting } from "./errors.js";
import { native } from "./native.js";
import type { ScalesRecord } from "./native-types.js";

/** A point in time: seconds since the planning origin, a date, or text: a moment with its offset (`2026-12-03T07:30+01:00`) or, where
 * the origin has a time zone, a date and time there (`2026-12-03T07:30`) or a time of the origin's day (`07:30`). */
export type Time = number | Date | string;

/** Earliest and latest time; `null` where there is none. */
export type Window = readonly [Time | null, Time | null];

/** Amounts by load dimension; a single number where there is one dimension. */
export type Loads = number | readonly number[];

/**
 * How many units of the solver one unit of yours is. The solver works in whole numbers: distances, times and money are
 * multiplied by their scale and rounded to the nearest; loads, capacities and costs per unit must come out whole.
 */
export interface Units {
  /** For distances; 1 unless given. */
  readonly distanceScale: number;
  /** For times and durations, which are in seconds; 1 unless given. */
  readonly timeScale: number;
  /** For loads and capacities; 1 unless given. */
  readonly loadScale: number;
  /** For costs and prizes; the product of the distance's and the time's unless given. */
  readonly costScale: number;
  /** The moment from which times count; the midnight (UTC) before the first date unless given. */
  readonly origin: Date | undefined;
  /** The same with its time zone, where the model was given one. */
  readonly zonedOrigin?: string | undefined;
}

/** Units as a model takes them. */
export interface UnitsOptions extends Partial<Omit<Units, "origin" | "zonedOrigin">> {
  /** The moment from which times count: a date, or text with a time zone, `2026-12-03T00:00[Europe/Amsterdam]`. In a night in which
   * clocks are turned, times of that zone have its 23 or 25 hours. */
  readonly origin?: Date | string | undefined;
}

/** What the solver takes for a time that never comes. */
export const UNBOUNDED = 2 ** 30 - 1;

/** What the solver takes for a pair of locations without a way. */
export const UNREACHABLE = 2 ** 30 - 1;

/** Units with all that was not given.
 * @internal */
export function units(given: UnitsOptions): Units {
  const distanceScale = given.distanceScale ?? 1;
  const timeScale = given.timeScale ?? 1;
  const loadScale = given.loadScale ?? 1;
  const all = { distanceScale, timeScale, loadScale, costScale: given.costScale ?? distanceScale * timeScale };
  for (const [name, scale] of Object.entries(all)) {
    if (!(Number.isFinite(scale) && scale > 0)) {
      throw setting(`${name} is ${scale}: it must be a positive number, for example 1 or 1000`);
    }
  }
  if (typeof given.origin !== "string") {
    return { ...all, origin: given.origin };
  }
  const { seconds, text, message, remedy } = native.originOf(given.origin);
  if (seconds === undefined || text === undefined) {
    throw setting(`origin is "${given.origin}", which ${message}: ${remedy}`);
  }
  return { ...all, origin: new Date(seconds * 1000), zonedOrigin: text };
}

/** The scales as the native part takes them.
 * @internal */
export function scales({ distanceScale, timeScale, loadScale, costScale }: Units): ScalesRecord {
  return { distance: distanceScale, time: timeScale, load: loadScale, cost: costScale };
}

/** Turns values into integers, and collects what is wrong with them.
 * @internal */
export class Scaler {
  readonly issues: Issue[] = [];
  origin: Date | undefined;

  constructor(readonly units: Units) {
    this.origin = units.origin;
  }

  fault(path: string, value: unknown, message: string, remedy: string): number {
    this.issues.push({ path, value: String(value), message, remedy });
    return 0;
  }

  distance(value: number, path: string): number {
    return this.#nearest(value, this.units.distanceScale, path);
  }

  duration(value: number, path: string): number {
    return this.#nearest(value, this.units.timeScale, path);
  }

  /** A number of so many of the solver's units. */
  nearest(value: number, scale: number, path: string): number {
    return this.#nearest(value, scale, path);
  }

  cost(value: number, path: string): number {
    return this.#nearest(value, this.units.costScale, path);
  }

  /** A cost of one unit of distance or time. Rounding it could change a plan's cost at will: it must be whole. */
  rate(value: number, unit: number, path: string): number {
    return this.#whole(value, this.units.costScale / unit, path, "costScale");
  }

  time(value: Time, path: string): number {
    if (typeof value === "string") {
      return this.#ofText(value, path);
    }
    if (!(value instanceof Date)) {
      return this.duration(value, path);
    }
    this.origin ??= new Date(Math.floor(value.getTime() / 86_400_000) * 86_400_000);
    return this.duration((value.getTime() - this.origin.getTime()) / 1000, path);
  }

  window(value: Window | undefined, path: string): [number, number] {
    const [early, late] = value ?? [null, null];
    return [
      early === null ? 0 : this.time(early, `${path}.early`),
      late === null ? UNBOUNDED : this.time(late, `${path}.late`),
    ];
  }

  /** A number as it is. */
  finite(value: number, path: string, what: string): number {
    return Number.isFinite(value) ? value : this.fault(path, value, "is not a finite number", `give a finite ${what}`);
  }

  /** A whole number within limits, which has no unit. */
  between(value: number, least: number, most: number, path: string): number {
    const number = this.#number(value, path);
    if (Number.isInteger(number) && number >= least && number <= most) {
      return number;
    }
    return this.fault(path, value, `must be a whole number from ${least} to ${most}`, "give such a number");
  }

  /** What must be whole once it is multiplied by one of the scales. */
  whole(value: number, scale: "timeScale" | "loadScale" | "costScale", path: string): number {
    return this.#whole(value, this.units[scale], path, scale);
  }

  loads(value: Loads | undefined, path: string): number[] {
    const list = value === undefined ? [] : typeof value === "number" ? [value] : Array.from(value);
    return list.map((amount, d) => this.#whole(amount, this.units.loadScale, `${path}[${d}]`, "loadScale"));
  }

  /** A point in time in words. */
  #ofText(value: string, path: string): number {
    const { zonedOrigin } = this.units;
    if (zonedOrigin !== undefined) {
      const { seconds, message, remedy } = native.secondsTo(zonedOrigin, value);
      return seconds === undefined ? this.fault(path, value, message!, remedy!) : this.duration(seconds, path);
    }
    const moment = /(Z|[+-]\d{2}:\d{2})$/.test(value) ? new Date(value) : undefined;
    if (moment === undefined || Number.isNaN(moment.getTime())) {
      const remedy = 'give Model an origin with its time zone, as in "2026-12-03T00:00[Europe/Amsterdam]"';
      return this.fault(path, value, "does not say in which time zone it is", remedy);
    }
    return this.time(moment, path);
  }

  #nearest(value: number, scale: number, path: string): number {
    const scaled = this.#number(value, path) * scale;
    return this.#safe(Math.floor(scaled + 0.5), value, path);
  }

  #whole(value: number, scale: number, path: string, name: string): number {
    const scaled = this.#number(value, path) * scale;
    const nearest = Math.round(scaled);
    if (Math.abs(scaled - nearest) > 1e-6 * Math.max(1, Math.abs(scaled))) {
      const message = `is ${scaled} in the solver's units, which must be whole`;
      return this.fault(path, value, message, `give Model a larger ${name}, for example { ${name}: 1000 }`);
    }
    return this.#safe(nearest, value, path);
  }

  #number(value: number, path: string): number {
    if (typeof value !== "number") {
      throw new TypeError(`${path} must be a number, not ${String(value)}`);
    }
    return Number.isFinite(value)
      ? value
      : this.fault(path, value, "is not a finite number", "give a finite number, or leave the value out");
  }

  #safe(scaled: number, value: number, path: string): number {
    return Number.isSafeInteger(scaled)
      ? scaled
      : this.fault(path, value, "is beyond what a number holds exactly", "use a coarser unit");
  }
}

/** A number of things, or that of one.
 * @internal */
export function whole(value: number, path: string): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new RangeError(`${path} must be a whole number from 0, not ${value}`);
  }
  return value;
}
