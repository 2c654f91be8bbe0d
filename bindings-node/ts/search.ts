/** Searching: when to stop, how it goes, and how it ends. */

import type * as documents from "./documents.js";
import { call, setting, understood } from "./errors.js";
import { native } from "./native.js";
import type { NativeCancelToken, NativePlan, NativeProblem } from "./native-types.js";
import { scales, type Units } from "./units.js";

/** How to solve. Without any limit, a search runs for ten seconds. */
export interface SearchOptions {
  /** Longest time in milliseconds. */
  readonly maxRuntimeMs?: number;
  /** Most iterations. With this limit alone, the result depends on problem, seed and threads only. */
  readonly maxIterations?: number;
  /** Most iterations in a row without a better plan. */
  readonly noImprovement?: number;
  /** A cost at or below which a feasible plan is good enough. */
  readonly targetCost?: number;
  /** Seed of all random choices; 1 unless given. */
  readonly seed?: number | bigint;
  /** How many threads work; 1 unless given. */
  readonly threads?: number;
  /** Ends the search early. */
  readonly signal?: AbortSignal;
  /** What an abort does: resolve with the best plan so far, or reject with the signal's reason. */
  readonly onAbort?: "resolve" | "reject";
  /** Called a few times a second. What it throws ends the search and rejects the promise. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A look at a running search. */
export interface Progress {
  /** Milliseconds since the call. */
  readonly elapsedMs: number;
  /** Iterations so far. */
  readonly iterations: number;
  /** Cost of the best feasible plan so far; `null` if there is none yet. */
  readonly bestCost: number | null;
  /** Routes of the best plan so far. */
  readonly routes: number;
  /** Clients and shipments that must be served and are not, in the best plan so far. */
  readonly unserved: number;
}

/** A look at work that consists of many searches. */
export interface RunsProgress {
  /** Milliseconds since the call. */
  readonly elapsedMs: number;
  /** Searches that have ended. */
  readonly done: number;
  /** All searches, as far as they are known. */
  readonly searches: number;
}

/** Why a search ended; `trivial` is that there was nothing to decide. */
export type StopReason = Exclude<documents.StopReason, "cancelled"> | "aborted";

/** How a search ended. */
export interface Ended {
  /** Why the search ended. */
  readonly stopped: StopReason;
  /** How many iterations it did. */
  readonly iterations: number;
  /** How many milliseconds it took. */
  readonly runtimeMs: number;
}

/** Searches for a plan: the best one found, and how it ended.
 * @internal */
export async function search(
  problem: NativeProblem,
  units: Units,
  options: SearchOptions,
  initial?: NativePlan,
): Promise<Ended & { readonly plan: NativePlan }> {
  const asked = searchDocument(options);
  if (initial && !initial.isFor(problem)) {
    throw setting("initial is a plan for another problem: use problem.plan(…) to make one for this");
  }
  const solved = await underway(options, (token, report) => {
    return native.solve(problem, asked, initial, token, report, scales(units));
  });
  const { stopped, iterations, runtime } = JSON.parse(solved.ended()) as documents.SearchResult;
  return { plan: solved.plan, stopped: stopReason(stopped), iterations, runtimeMs: runtime * 1e3 };
}

/** Why a search ended, as Node says it.
 * @internal */
export function stopReason(stopped: documents.StopReason): StopReason {
  return stopped === "cancelled" ? "aborted" : stopped;
}

/** How what takes long can be watched and ended. */
interface Watching<P> extends Pick<SearchOptions, "signal" | "onAbort"> {
  readonly onProgress?: (progress: P) => void;
}

/** Runs what takes long: a signal ends it, and progress is told.
 * @internal */
export async function underway<T, P extends Progress | RunsProgress = Progress>(
  { signal, onProgress, onAbort }: Watching<P>,
  work: (token: NativeCancelToken, report: (progress: string) => void) => Promise<T>,
): Promise<T> {
  const reject = onAbort === "reject";
  if (reject) {
    signal?.throwIfAborted();
  }
  const token = new native.NativeCancelToken();
  const cancel = () => token.cancel();
  if (signal?.aborted) {
    cancel();
  }
  signal?.addEventListener("abort", cancel, { once: true });
  let failure: { error: unknown } | undefined;
  const report = (progress: string) => {
    if (!onProgress || failure) {
      return;
    }
    try {
      const { elapsed, ...looked } = JSON.parse(progress) as documents.Progress | documents.RunsProgress;
      onProgress({ elapsedMs: elapsed * 1e3, ...looked } as P);
    } catch (error) {
      failure = { error };
      cancel();
    }
  };
  try {
    const answer = await call(() => work(token, report));
    if (failure) {
      throw failure.error;
    }
    if (reject) {
      signal?.throwIfAborted();
    }
    return answer;
  } catch (error) {
    throw understood(error);
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** The document of how to search. A number of JavaScript does not hold the 64 bits of a seed: it is text.
 * @internal */
export function searchDocument(options: Omit<SearchOptions, "onProgress">): string {
  const { maxRuntimeMs, maxIterations, noImprovement, targetCost, threads = 1 } = options;
  const seed = String(whole("seed", options.seed ?? 1, 2n ** 64n));
  for (const [name, value] of Object.entries({ maxIterations, noImprovement })) {
    whole(name, value ?? 0, 2n ** 53n);
  }
  if (maxRuntimeMs !== undefined && !(maxRuntimeMs >= 0 && maxRuntimeMs <= 1e12)) {
    throw setting(`maxRuntimeMs is ${maxRuntimeMs}: give a finite number that is not negative`);
  }
  if (targetCost !== undefined && !Number.isFinite(targetCost)) {
    throw setting(`targetCost is ${targetCost}: give a finite number`);
  }
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw setting(`threads is ${threads}: it must lie in 1 ..= 1024`);
  }
  const asked: Omit<documents.Search, "seed"> & { readonly seed: string } = {
    max_runtime: maxRuntimeMs === undefined ? null : maxRuntimeMs / 1e3,
    max_iterations: maxIterations ?? null,
    no_improvement: noImprovement ?? null,
    target_cost: targetCost ?? null,
    seed,
    threads,
  };
  return JSON.stringify(asked);
}

function whole(name: string, value: number | bigint, end: bigint): number | bigint {
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!isWhole || BigInt(value) < 0n || BigInt(value) >= end) {
    throw setting(`${name} is ${value}: give a whole number from 0 to ${end - 1n}`);
  }
  return value;
}
