/** Planning a period of days. */

import type * as documents from "./documents.js";
import { call, faulty } from "./errors.js";
import { type HandoutOptions, kept, reportOptions } from "./handouts.js";
import { native } from "./native.js";
import type { Reference } from "./options.js";
import { Plan, Problem } from "./problem.js";
import { type SearchOptions, searchDocument, stopReason, type StopReason, underway } from "./search.js";
import { Scaler, scales, whole } from "./units.js";

/**
 * What it costs that a container is expected to overflow before it is emptied, by the days that pass. Where `p[n]` is the probability
 * that it is full within `n + 1` days, `price * p[n]` is the cost of one cleaning.
 */
export interface Overflow {
  /** The expected cost if one day passes from one visit to the next, if two do, and so on. More days than there are values never pass. */
  readonly after: readonly number[];
  /** The expected cost until the first visit, if that is on day 0, on day 1, and so on, by how full the container is now. Omitted: the days
   * since the last visit count, or the period is repeated. */
  readonly untilFirst?: readonly number[];
}

/**
 * On which days a client is visited. Without anything else, visits are spaced as evenly as the days allow, and the period is
 * repeated: two visits in four days are the first and third day, or the second and fourth.
 */
export interface Visits {
  /** How many visits there are in the period; omitted where patterns are given. */
  readonly frequency?: number;
  /** The days, counted from 0, on which a visit is possible. */
  readonly days?: readonly number[];
  /** The fewest days from one visit to the next; 1: on consecutive days. */
  readonly minGap?: number;
  /** The most days from one visit to the next. */
  readonly maxGap?: number;
  /** How many days before day 0 the last visit was. The period is then not repeated: gaps count from that visit. */
  readonly lastVisit?: number;
  /** The combinations of days themselves, instead of all that frequency, days and gaps allow. */
  readonly patterns?: readonly (readonly number[])[];
  /** What is expected to overflow between visits, if that is priced. Without a frequency the client is then visited as often as pays, at
   * least once. */
  readonly overflow?: Overflow;
}

/** What it costs when the visits to a client differ; 0 unless given. */
export interface Consistency {
  /** Each visit by another vehicle than the client's usual one: the one whose territory it lies in, or else the one that makes most of
   * its visits. */
  readonly otherVehicle?: number;
  /** Each visit on a day that the client was not told, of those that were told days. */
  readonly movedDay?: number;
  /** Each second by which a visit begins earlier or later than is usual for the client, beyond the tolerance. */
  readonly perTime?: number;
  /** Differences of time up to so many seconds cost nothing. */
  readonly tolerance?: number;
}

/** What a period is like, and how to search. Without any limit, it takes a minute. */
export interface PeriodOptions extends SearchOptions {
  /** The number of days, at most 28. */
  readonly days: number;
  /** How often clients are visited, as a number of evenly spaced visits or in other ways; others once, on any day. */
  readonly visits?: readonly { readonly client: Reference; readonly visits: number | Visits }[];
  /** On which days vehicles of a type work; others on all days. */
  readonly workingDays?: readonly { readonly vehicleType: Reference; readonly days: readonly number[] }[];
  /** What it costs when days differ. */
  readonly consistency?: Consistency;
  /** Which vehicle's area clients lie in: the `unit`-th vehicle of the type, counted from 0, is their usual one. */
  readonly territories?: readonly {
    readonly vehicleType: Reference;
    readonly unit?: number;
    readonly clients: readonly Reference[];
  }[];
  /** The days that clients were told. */
  readonly told?: readonly { readonly client: Reference; readonly days: readonly number[] }[];
}

/** One day of a planned period. */
export interface PeriodDay {
  /** The day's vehicles, and the clients that are visited on it. */
  readonly problem: Problem;
  /** What is driven. */
  readonly plan: Plan;
  /** For each client of the day's problem, its number in the problem that is repeated. */
  readonly clients: readonly number[];
  /** For each vehicle type of the day's problem, its number in the problem that is repeated. */
  readonly vehicleTypes: readonly number[];
}

/** A planned period. */
export interface PeriodPlan {
  /** What is driven on each day. */
  readonly days: readonly PeriodDay[];
  /** For each client, the days on which it is visited; none: it is unserved. */
  readonly visited: readonly (readonly number[])[];
  /** What the period costs, with the prices of consistency. */
  readonly cost: number;
  /** What other vehicles and times than usual cost. */
  readonly consistencyCost: number;
  /** What is expected to overflow between visits, which is in the cost of assignment. */
  readonly overflowCost: number;
  /** How many visits are by another vehicle than the client's usual one. */
  readonly otherVehicle: number;
  /** How many visits are on days that were not told, of clients that were told days. */
  readonly movedDays: number;
  /** By how many seconds visits begin earlier or later than is usual, beyond the tolerance, in all. */
  readonly otherTime: number;
  /** The whole period as one problem: each day's vehicles are types of their own, each visit is a client. */
  readonly problem: Problem;
  /** The plan of the whole period. Ask it whether it is feasible. */
  readonly plan: Plan;
  /** Why the search ended. */
  readonly stopped: StopReason;
  /** How many iterations it did. */
  readonly iterations: number;
  /** A page of all days, HTML that needs nothing else: who is visited when, and each day's map, timeline and tables. The date
   * is that of the first day. */
  toHtml(options?: HandoutOptions): string;
  /** A page with a sheet for each truck's driver on each day, made for paper. */
  sheets(options?: HandoutOptions): string;
}

/**
 * Plans several days on a thread of its own: on which of them each client is visited, and the routes of each day, decided together.
 * The problem says what one day is like. A {@link MilkrunError} with the code `period` has every fault at once.
 */
export async function planPeriod(problem: Problem, options: PeriodOptions): Promise<PeriodPlan> {
  const { maxRuntimeMs, maxIterations, noImprovement, targetCost } = options;
  const limited = [maxRuntimeMs, maxIterations, noImprovement, targetCost].some((limit) => limit !== undefined);
  const search = searchDocument(limited ? options : { ...options, maxRuntimeMs: 60_000 });
  const scaler = new Scaler(problem.units);
  const asked = JSON.stringify(askedOf(scaler, options));
  if (scaler.issues.length > 0) {
    throw faulty("period", scaler.issues);
  }
  const found = await underway(options, (token, report) =>
    native.planPeriod(problem.native, asked, search, token, report, scales(problem.units)),
  );
  const ended = JSON.parse(call(() => found.ended())) as documents.PeriodPlan;
  const problems = found.problems().map((each) => problem.alike(each));
  const written = (handout: documents.PeriodHandout, shown: HandoutOptions) => {
    const options = JSON.stringify(reportOptions(problem, shown));
    const text = call(() => native.writePeriodHandout(found, JSON.stringify(handout), options, problem.streets));
    return kept(text, shown);
  };
  const plans = found.plans().map((each, i) => new Plan(each, problems[i]!));
  return {
    toHtml: (options = {}) => written("page", options),
    sheets: (options = {}) => written("driver_sheets", options),
    days: ended.days.map(({ clients, vehicleTypes }, day) => ({
      problem: problems[day + 1]!,
      plan: plans[day + 1]!,
      clients,
      vehicleTypes,
    })),
    visited: ended.visited,
    cost: ended.cost,
    consistencyCost: ended.consistencyCost,
    overflowCost: ended.overflowCost,
    otherVehicle: ended.otherVehicle,
    movedDays: ended.movedDays,
    otherTime: ended.otherTime,
    problem: problems[0]!,
    plan: plans[0]!,
    stopped: stopReason(ended.stopped),
    iterations: ended.iterations,
  };
}

function askedOf(scaler: Scaler, options: PeriodOptions): documents.Period {
  const { days, visits = [], workingDays = [], consistency = {}, territories = [], told = [] } = options;
  const { otherVehicle = 0, movedDay = 0, perTime = 0, tolerance = 0 } = consistency;
  return {
    days,
    visits: visits.map(({ client, visits: given }, v) => {
      const own: Visits = typeof given === "number" ? { frequency: given } : given;
      const path = `visits[${v}].overflow`;
      const costs = (name: string, list: readonly number[]): number[] =>
        list.map((cost, d) => scaler.cost(cost, `${path}.${name}[${d}]`));
      return {
        client,
        frequency: own.frequency ?? 0,
        days: own.days === undefined ? null : [...own.days],
        min_gap: own.minGap ?? null,
        max_gap: own.maxGap ?? null,
        last_visit: own.lastVisit ?? null,
        patterns: (own.patterns ?? []).map((pattern) => [...pattern]),
        overflow:
          own.overflow === undefined
            ? null
            : { after: costs("after", own.overflow.after), until_first: costs("until_first", own.overflow.untilFirst ?? []) },
      };
    }),
    working_days: workingDays.map(({ vehicleType, days: own }) => ({ vehicle_type: vehicleType, days: [...own] })),
    consistency: {
      other_vehicle: scaler.cost(otherVehicle, "consistency.other_vehicle"),
      moved_day: scaler.cost(movedDay, "consistency.moved_day"),
      per_time: scaler.rate(perTime, scaler.units.timeScale, "consistency.per_time"),
      tolerance: scaler.duration(tolerance, "consistency.tolerance"),
    },
    territories: territories.map(({ vehicleType, unit = 0, clients }) => ({
      vehicle_type: vehicleType,
      unit: whole(unit, "unit"),
      clients: [...clients],
    })),
    told: told.map(({ client, days: own }) => ({ client, days: [...own] })),
  };
}
