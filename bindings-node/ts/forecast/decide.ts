/** When bins are full, and which of them a round must, may or need not visit. */

import { call, setting } from "../errors.js";
import { native } from "../native.js";
import { Problem } from "../problem.js";
import { answered, count, date, given, type Moment, moment, moments, numbers, real, span } from "./columns.js";
import type { FillModel } from "./models.js";
import { type BinState, Cleaned, statesOf } from "./series.js";

function fullOf(states: Cleaned | Iterable<BinState>, full: number | undefined): number {
  return real(full, "full") ?? (states instanceof Cleaned ? states.full : 100);
}

/** When a bin is full. */
export interface TimeToFull {
  /** The bin. */
  readonly id: string;
  /** By horizon: the probability of being full by then; `null` where nothing is known of the bin. */
  readonly probabilities: readonly number[] | null;
  /** By level: the first time by which the bin is full with that probability; `null` where that is beyond the horizons. */
  readonly fullBy: readonly (Date | null)[] | null;
}

/** When each bin will be full. `states` is what {@link clean} gave, or rows of `id`, `time` and `level`; horizons are
 * moments, ascending. */
export async function timeToFull(
  model: FillModel,
  states: Cleaned | Iterable<BinState>,
  horizons: readonly Moment[],
  { levels = [0.1, 0.5, 0.9], full }: { readonly levels?: readonly number[]; readonly full?: number } = {},
): Promise<TimeToFull[]> {
  const { names } = model;
  const known = statesOf(names, states);
  const [level, at, asked] = [fullOf(states, full), moments(horizons, "horizons"), numbers(levels, "levels")];
  const found = await answered(() => native.timeToFull(model.native, known, level, at, asked));
  return found.map((record, i) => ({
    id: names[i]!,
    probabilities: record && record.probabilities,
    fullBy: record && record.times.map((time) => (time == null ? null : date(time))),
  }));
}

/** When rounds are, and what things cost. */
export interface SelectOptions {
  /** When this round serves. */
  readonly at: Moment;
  /** What one visit more adds to a route at another time, in the money of the routing problem. */
  readonly visitCost: number;
  /** What an overflow costs; ten times `visitCost` unless given. */
  readonly overflowCost?: number;
  /** Seconds until the next round; a day unless given. */
  readonly period?: number;
  /** A bin that is full before the next round with a higher probability must be visited; 0.3 unless given. */
  readonly tolerance?: number;
  /** The level of a full bin; that of the states, or 100, unless given. */
  readonly full?: number;
  /** Bins whose prize is below this share of `visitCost` are skipped; 0.5 unless given. */
  readonly minShare?: number;
  /** How many rounds are looked ahead; 28 unless given. */
  readonly maxPeriods?: number;
}

/** The decision for a bin. */
export interface Choice {
  /** The bin. */
  readonly id: string;
  /** It must be visited, may be for its prize, or need not be. */
  readonly action: "must" | "may" | "skip";
  /** What a visit is worth. */
  readonly prize: number;
  /** The expected level when the round serves; NaN where nothing is known. */
  readonly level: number;
  /** The probability of being full when the round serves. */
  readonly fullNow: number;
  /** The probability of being full before the next round. */
  readonly fullNext: number;
  /** Why, for people. */
  readonly reason: string;
}

/** A problem with decisions in it. */
export interface Applied {
  /** The problem. */
  readonly problem: Problem;
  /** How many clients must be visited. */
  readonly must: number;
  /** How many may be, for a prize. */
  readonly may: number;
  /** How many need not be. */
  readonly skip: number;
  /** Bins that no client is named after. */
  readonly unmatched: readonly string[];
}

/** A decision for each bin: made by {@link select}. */
export class Selection {
  constructor(
    /** The decisions. */
    readonly choices: readonly Choice[],
    /** The level of a full bin. */
    readonly full = 100,
  ) {}

  /** The bins that must be visited. */
  get must(): string[] {
    return this.choices.filter(({ action }) => action === "must").map(({ id }) => id);
  }

  /** Writes the decisions into a problem whose clients are named after bins: whether they are required, and their prizes.
   * With `loadWhenFull` the pickup becomes the expected load, in the problem's own unit. Other clients stay as they are. */
  apply(problem: Problem, { loadWhenFull }: { readonly loadWhenFull?: number } = {}): Applied {
    const { costScale, loadScale } = problem.units;
    const ids = this.choices.map(({ id }) => id);
    const actions = this.choices.map(({ action }) => action);
    const prizes = this.choices.map(({ prize }) => Math.round(prize * costScale));
    const levels = Float64Array.from(this.choices, ({ level }) => level);
    const load = loadWhenFull === undefined ? undefined : count(Math.round(loadWhenFull * loadScale), "loadWhenFull", 2 ** 53);
    const made = call(() => new native.NativeApplied(problem.native, ids, actions, prizes, levels, this.full, load));
    return { problem: new Problem(made.problem, problem.units, problem.isGeographic), ...made.counts };
  }
}

/**
 * Which bins a round must, may or need not visit:
 *
 * - **must**: full before the next round with a probability above `tolerance`, or nothing is known of it;
 * - **may**, with a prize: `visitCost · (1 − r/c)` if the bin is due in *r* of the *c* rounds that it takes from empty, and
 *   `overflowCost` for the risk that waiting adds;
 * - **skip**: the prize is below `minShare` of `visitCost`.
 */
export async function select(
  model: FillModel,
  states: Cleaned | Iterable<BinState>,
  options: SelectOptions,
): Promise<Selection> {
  const { at, visitCost, overflowCost, period, tolerance, full, minShare, maxPeriods } = options;
  const { names } = model;
  const known = statesOf(names, states);
  const level = fullOf(states, full);
  const record = {
    service: moment(at, "at"),
    visitCost: money(visitCost, "visitCost"),
    full: level,
    ...given({
      overflowCost: overflowCost === undefined ? undefined : money(overflowCost, "overflowCost"),
      period: span(period, "period"),
      tolerance: real(tolerance, "tolerance"),
      minShare: real(minShare, "minShare"),
      maxPeriods: count(maxPeriods, "maxPeriods"),
    }),
  };
  const found = await answered(() => native.selectBins(model.native, known, record));
  const choices = found.map((choice, i) => ({ id: names[i]!, ...choice, action: choice.action as Choice["action"] }));
  return new Selection(choices, level);
}

function money(value: number, path: string): number {
  if (!Number.isSafeInteger(value)) {
    throw setting(`${path} is ${String(value)}: give a whole amount of money`);
  }
  return value;
}
