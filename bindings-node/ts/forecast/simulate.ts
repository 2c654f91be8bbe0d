/** Made-up cities, and policies that run through their days with routes that are really solved. */

import { call } from "../errors.js";
import { native } from "../native.js";
import type { NativeCity } from "../native-types.js";
import { answered, count, date, given, real } from "./columns.js";
import { Series } from "./series.js";

/** What a city is made of. */
export interface CityOptions {
  /** How many bins; 80 unless given. */
  readonly bins?: number;
  /** How many days; 90 unless given. */
  readonly days?: number;
  /** Seed of all that is random; 1 unless given. */
  readonly seed?: number;
  /** The length of a side in metres; 8,000 unless given. */
  readonly side?: number;
  /** What goes into a bin on a day in the mean, in per cent of its size; 13 unless given. */
  readonly meanPercent?: number;
  /** Standard deviation of sensors; 1 unless given. */
  readonly noise?: number;
  /** Share of readings that are missing; 0.03 unless given. */
  readonly missing?: number;
  /** Share of readings that are wrong; 0.002 unless given. */
  readonly faulty?: number;
}

/** A bin of a city. */
export interface CityBin {
  /** Its name. */
  readonly id: string;
  /** Where it is, in metres. */
  readonly x: number;
  /** Where it is, in metres. */
  readonly y: number;
  /** How many kilograms it holds. */
  readonly kilograms: number;
}

/** A synthetic city of bins, the same for equal options: rates, weeks and spells of their own. */
export class City {
  /** @internal */
  readonly native: NativeCity;

  constructor(options: CityOptions = {}) {
    const { bins, days, seed, side, meanPercent, noise, missing, faulty } = options;
    const record = given({
      bins: count(bins, "bins"),
      days: count(days, "days"),
      seed: count(seed, "seed", 2 ** 53 - 1),
      side: real(side, "side"),
      meanPercent: real(meanPercent, "meanPercent"),
      noise: real(noise, "noise"),
      missing: real(missing, "missing"),
      faulty: real(faulty, "faulty"),
    });
    this.native = call(() => new native.NativeCity(record));
  }

  /** When the first day begins: a Monday. */
  get start(): Date {
    return date(native.NativeCity.start());
  }

  /** Where vehicles start, in metres. */
  get depot(): { x: number; y: number } {
    const [x, y] = this.native.depot;
    return { x: x!, y: y! };
  }

  /** The bins. */
  bins(): CityBin[] {
    return this.native.bins().map(({ name, ...rest }) => ({ id: name, ...rest }));
  }

  /** What sensors would report if bins were emptied only when they are full. */
  readings(): Series {
    return Series.of(this.native.readings());
  }

  /** What goes into each bin in each step of six hours, in per cent of its size. */
  deposits(): Float64Array[] {
    const all = this.native.deposits();
    const bins = this.native.bins();
    const steps = all.length / bins.length;
    return bins.map((_, i) => all.subarray(i * steps, (i + 1) * steps));
  }
}

/** How bins are chosen. */
export type Policy =
  /** Every bin on every so many days. */
  | { readonly policy: "fixed"; readonly every: number }
  /** Bins whose last reading is at or above a level in per cent. */
  | { readonly policy: "threshold"; readonly level: number }
  /** Bins by their forecast; costs in metres (400 and 4,000 unless given), tolerance 0.3 unless given. */
  | { readonly policy: "forecast"; readonly visitCost?: number; readonly overflowCost?: number; readonly tolerance?: number };

/** What a policy made of a city, after the warm-up. */
export interface Metrics {
  /** Days. */
  readonly days: number;
  /** Visits. */
  readonly visits: number;
  /** Visits to bins that were less than half full. */
  readonly wasted: number;
  /** Times that a bin became full before it was emptied. */
  readonly overflows: number;
  /** Days on which no feasible plan was found. */
  readonly infeasibleDays: number;
  /** Share of time and bins during which the bin was not full. */
  readonly serviceLevel: number;
  /** Waste that did not fit, in per cent of a bin's size, summed. */
  readonly excess: number;
  /** Distance driven. */
  readonly kilometres: number;
  /** Waste collected. */
  readonly tonnes: number;
  /** Kilometres for each tonne. */
  readonly kilometresPerTonne: number;
  /** Share of visits to bins that were less than half full. */
  readonly wastedShare: number;
}

/** Runs a policy through a city's days, on a thread of its own; each day's routes are solved, and the bins on them emptied.
 * Waste and readings are the same for every policy of one city. The first `warmUp` days, on which every policy collects
 * every third day, do not count. */
export async function simulate(
  city: City,
  policy: Policy,
  options: {
    readonly warmUp?: number;
    readonly vehicles?: number;
    readonly capacity?: number;
    readonly iterations?: number;
  } = {},
): Promise<Metrics> {
  const { warmUp = 42, vehicles = 10, capacity = 1_500, iterations = 300 } = options;
  const record = {
    policy: policy.policy,
    number: numberOf(policy),
    visitCost: 0,
    overflowCost: 0,
    warmUp: count(warmUp, "warmUp")!,
    vehicles: count(vehicles, "vehicles")!,
    capacity: count(capacity, "capacity", 2 ** 53 - 1)!,
    iterations: count(iterations, "iterations", 2 ** 53 - 1)!,
  };
  if (policy.policy === "forecast") {
    record.visitCost = count(policy.visitCost ?? 400, "visitCost")!;
    record.overflowCost = count(policy.overflowCost ?? 4_000, "overflowCost")!;
  }
  const found = await answered(() => city.native.simulate(record));
  const { kilometres, tonnes, wasted, visits } = found;
  return { ...found, kilometresPerTonne: kilometres / tonnes, wastedShare: wasted / visits };
}

/** What one policy spares against another; what it costs on top is negative. */
export interface Impact {
  /** Kilometres spared. */
  readonly kilometres: number;
  /** Visits spared. */
  readonly visits: number;
  /** Overflows avoided. */
  readonly overflows: number;
  /** Money spared. */
  readonly money: number;
  /** Money spared as a share of what the baseline costs; NaN where that is nothing. */
  readonly share: number;
  /** The same as a sentence. */
  readonly text: string;
}

/** Puts the difference between two policies on the same city and days into money: what a kilometre costs, a visit beside its
 * kilometres, and an overflow. */
export function impact(
  baseline: Metrics,
  policy: Metrics,
  costs: { readonly kilometre: number; readonly visit: number; readonly overflow: number },
): Impact {
  const tally = ({ kilometres, visits, overflows }: Metrics) => ({ kilometres, visits, overflows });
  const prices = {
    kilometres: real(costs.kilometre, "kilometre")!,
    visits: real(costs.visit, "visit")!,
    overflows: real(costs.overflow, "overflow")!,
  };
  return call(() => native.comparePolicies(tally(baseline), tally(policy), prices));
}

function numberOf(policy: Policy): number {
  switch (policy.policy) {
    case "fixed":
      return count(policy.every, "every")!;
    case "threshold":
      return real(policy.level, "level")!;
    default:
      return real(policy.tolerance ?? 0.3, "tolerance")!;
  }
}
