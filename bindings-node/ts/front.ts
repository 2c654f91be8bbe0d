/** Fronts: plans of which none is better than another in all respects. */

import * as documents from "./documents.js";
import { call, oneOf } from "./errors.js";
import { native } from "./native.js";
import { Plan, type Problem } from "./problem.js";
import { type RunsProgress, searchDocument, type SearchOptions, underway } from "./search.js";
import { scales, whole } from "./units.js";

/** How to look for a front. The limits are those of all runs together; without any, it takes a minute. */
export interface ParetoOptions extends Omit<SearchOptions, "targetCost" | "onProgress"> {
  /** About how many points; 8 unless given. */
  readonly points?: number;
  /** Called after each run. What it throws ends the search and rejects the promise. */
  readonly onProgress?: (progress: RunsProgress) => void;
}

/** A plan of a front. */
export interface FrontPoint extends documents.FrontPoint {
  /** The plan. */
  readonly plan: Plan;
}

/** Feasible plans of which none is nowhere worse than another. */
export interface Front {
  /** The objectives: cost, if it is one, and the others in their order. */
  readonly objectives: readonly documents.Objective[];
  /** The points, by their values. Empty: no feasible plan was found. */
  readonly points: readonly FrontPoint[];
  /** How many searches there were. */
  readonly runs: number;
  /** How much of the box between the best values and a tenth beyond the worst the front covers, from 0 to 1. */
  readonly covered: number;
  /** Whether the front was not cut short. */
  readonly complete: boolean;
  /** How many milliseconds it took. */
  readonly runtimeMs: number;
}

/**
 * Looks for plans of which none is better than another in two or three objectives, on a thread of its own. The first objective,
 * cost wherever it stands, is made small while limits of the others tighten. With
 * `maxIterations` alone, the same seed gives the same front. A {@link MilkrunError} with the code `pareto` has
 * every fault of what is asked at once.
 */
export async function pareto(
  problem: Problem,
  objectives: readonly documents.Objective[],
  options: ParetoOptions = {},
): Promise<Front> {
  const { points = 8, ...limits } = options;
  const { maxRuntimeMs, maxIterations, noImprovement } = limits;
  const limited = [maxRuntimeMs, maxIterations, noImprovement].some((limit) => limit !== undefined);
  const search = searchDocument(limited ? limits : { ...limits, maxRuntimeMs: 60_000 });
  const asked: documents.Pareto = {
    objectives: objectives.map((objective) => oneOf("objective", objective, documents.objectiveWords)),
    points: whole(points, "points"),
  };
  const found = await underway(options, (token, report) =>
    native.pareto(problem.native, JSON.stringify(asked), search, token, report, scales(problem.units)),
  );
  const { points: list, runtime, ...rest } = JSON.parse(call(() => found.found())) as documents.Front;
  const made = list.map((point, p) => ({ ...point, plan: new Plan(found.plan(p)!, problem) }));
  return { ...rest, points: made, runtimeMs: runtime * 1e3 };
}
