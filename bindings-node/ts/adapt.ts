/** Adapting a plan that is being driven. */

import * as documents from "./documents.js";
import { call, faulty, MilkrunError, oneOf } from "./errors.js";
import { type ChangePrices, type Event, Happened } from "./events.js";
import { native } from "./native.js";
import type { NativeAdaptation, NativePlan, NativeProblem } from "./native-types.js";
import { type SearchOptions, searchDocument, stopReason, type StopReason, underway } from "./search.js";
import { scales, type Time, type Units } from "./units.js";

/** What has happened, what changes cost, and how to search. Without any limit, it takes three seconds. */
export interface AdaptOptions extends SearchOptions {
  /** The present moment. */
  readonly now: Time;
  /** What has happened since the plan was published, in this order. */
  readonly events?: readonly Event[];
  /** What changes cost; {@link Plan.changePrices} unless given. */
  readonly prices?: ChangePrices;
  /** What may not change: nothing unless given; clients stay on their vehicles, and in their order, and at their times. */
  readonly keep?: documents.Keep;
  /** What is kept applies to clients whose service was to begin before this time; to all unless given. */
  readonly keepUntil?: Time;
}

/** How an adaptation ended. */
export interface AdaptationEnded {
  /** What changed, against the published plan. */
  readonly difference: documents.Difference;
  /** What it costs that services are out of order on their vehicles; no part of the plan's cost. */
  readonly orderCost: number;
  /** For each vehicle type of the problem, the published route of its vehicle; `null`: it stood in the depot. */
  readonly publishedRoute: readonly (number | null)[];
  /** How many milliseconds it took until there was a repaired plan. */
  readonly repairedAfterMs: number;
  /** Why the search ended. */
  readonly stopped: StopReason;
  /** How many iterations it did. */
  readonly iterations: number;
}

/** A problem that a plan was published for. */
type Published = ConstructorParameters<typeof Happened>[0] & { readonly native: NativeProblem };

/** Adapts a plan: what the native part has found, the units it is in, and how it ended.
 * @internal */
export async function adapted(
  problem: Published,
  plan: NativePlan,
  options: AdaptOptions,
): Promise<{ readonly native: NativeAdaptation; readonly units: Units; readonly ended: AdaptationEnded }> {
  const { maxRuntimeMs, maxIterations, noImprovement, targetCost } = options;
  const limited = [maxRuntimeMs, maxIterations, noImprovement, targetCost].some((limit) => limit !== undefined);
  const search = searchDocument(limited ? options : { ...options, maxRuntimeMs: 3_000 });
  const happened = new Happened(problem);
  const asked = JSON.stringify(askedOf(happened, options));
  const units: Units = { ...problem.units, origin: happened.scaler.origin };
  const { issues } = happened.scaler;
  const run = (search: string, options: Pick<SearchOptions, "signal" | "onAbort" | "onProgress">) =>
    underway(options, (token, report) => native.adapt(problem.native, plan, asked, search, token, report, scales(units)));
  if (issues.length > 0) {
    // What the core has to say about the rest, too: an adaptation that ends at once.
    const beside = await run(searchDocument({ maxIterations: 0 }), { signal: AbortSignal.abort() }).catch(faultsOf);
    const seen = new Set(issues.map(({ path }) => path));
    const more = Array.isArray(beside) ? beside.filter(({ path }) => !seen.has(path)) : [];
    throw faulty("adapt", [...issues, ...more]);
  }
  const found = await run(search, options);
  const { difference, orderCost, publishedRoute, repairedAfter, stopped, iterations } = JSON.parse(
    call(() => found.ended()),
  ) as documents.Adaptation;
  return {
    native: found,
    units,
    ended: {
      difference,
      orderCost,
      publishedRoute,
      repairedAfterMs: repairedAfter * 1e3,
      stopped: stopReason(stopped),
      iterations,
    },
  };
}

function askedOf(happened: Happened, options: AdaptOptions): documents.Adapt {
  const { now, events = [], prices, keep = "nothing", keepUntil } = options;
  const { scaler } = happened;
  return {
    now: scaler.time(now, "now"),
    events: events.map((event, e) => happened.event(event, e)),
    prices: prices === undefined ? null : happened.prices(prices),
    keep: oneOf("keep", keep, documents.keepWords),
    keep_until: keepUntil === undefined ? null : scaler.time(keepUntil, "keep_until"),
  };
}

/** The faults of an adaptation; any other error is one of its own. */
function faultsOf(error: unknown): MilkrunError["issues"] {
  if (error instanceof MilkrunError && error.code === "adapt") {
    return error.issues;
  }
  throw error;
}
