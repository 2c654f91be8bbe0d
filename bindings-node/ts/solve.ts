/** Solving: when to stop, how it goes, and what comes out. */

import { call, setting, understood } from "./errors.js";
import { native } from "./native.js";
import type { ProgressRecord, SettingsRecord } from "./native-types.js";
import { Plan } from "./plan.js";
import type { Problem } from "./problem.js";

/** How to solve. Without any limit, a search runs for ten seconds. */
export interface SolveOptions {
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
  /** A plan to start from, feasible or not: the result is never worse. */
  readonly initial?: Plan;
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

/** Why a search ended; `trivial` is that there was nothing to decide. */
export type StopReason =
  | "max_runtime"
  | "max_iterations"
  | "no_improvement"
  | "target_cost"
  | "aborted"
  | "trivial";

/** The answer of a search. */
export interface Result {
  /** The best plan found. Ask it whether it is feasible. */
  readonly plan: Plan;
  /** Why the search ended. */
  readonly stopped: StopReason;
  /** How many iterations it did. */
  readonly iterations: number;
  /** How many milliseconds it took. */
  readonly runtimeMs: number;
}

/** Solves a problem: see {@link Problem.solve}.
 * @internal */
export async function solve(problem: Problem, options: SolveOptions): Promise<Result> {
  const { signal, onProgress, initial } = options;
  const record = settings(problem, options);
  if (initial && !initial.native.isFor(problem.native)) {
    throw setting("initial is a plan for another problem: use problem.plan(…) to make one for this");
  }
  const reject = options.onAbort === "reject";
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
  const report = (progress: ProgressRecord) => {
    if (!onProgress || failure) {
      return;
    }
    try {
      onProgress(looked(progress, problem.units.costScale));
    } catch (error) {
      failure = { error };
      cancel();
    }
  };
  try {
    const solved = await call(() => native.solve(problem.native, record, initial?.native, token, report));
    if (failure) {
      throw failure.error;
    }
    if (reject) {
      signal?.throwIfAborted();
    }
    const { stopped, iterations, runtimeMs } = solved;
    const word = (stopped === "cancelled" ? "aborted" : stopped) as StopReason;
    return { plan: new Plan(solved.plan, problem), stopped: word, iterations, runtimeMs };
  } catch (error) {
    throw understood(error);
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

function looked(record: ProgressRecord, costScale: number): Progress {
  const { elapsedMs, iterations, bestCost, routes, unserved } = record;
  return { elapsedMs, iterations, bestCost: bestCost == null ? null : bestCost / costScale, routes, unserved };
}

function settings(problem: Problem, options: SolveOptions): SettingsRecord {
  const { maxRuntimeMs, maxIterations, noImprovement, targetCost, threads = 1 } = options;
  const seed = BigInt.asUintN(64, BigInt(whole("seed", options.seed ?? 1, 2n ** 64n)));
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
  return {
    ...(maxRuntimeMs === undefined ? {} : { maxRuntimeMs }),
    ...(maxIterations === undefined ? {} : { maxIterations }),
    ...(noImprovement === undefined ? {} : { noImprovement }),
    ...(targetCost === undefined ? {} : { targetCost: Math.floor(targetCost * problem.units.costScale + 1e-9) }),
    seedHigh: Number(seed >> 32n),
    seedLow: Number(seed & 0xffff_ffffn),
    threads,
  };
}

function whole(name: string, value: number | bigint, end: bigint): number | bigint {
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!isWhole || BigInt(value) < 0n || BigInt(value) >= end) {
    throw setting(`${name} is ${value}: give a whole number from 0 to ${end - 1n}`);
  }
  return value;
}

/**
 * A search under way: an asynchronous iterable of its progress.
 *
 * ```ts
 * const run = problem.start({ maxRuntimeMs: 10_000 });
 * for await (const { iterations, bestCost } of run) console.log(iterations, bestCost);
 * const { plan } = await run.result;
 * ```
 *
 * Who is slow gets the latest look, not all of them. Leaving the loop early does not end the search; `cancel` does.
 */
export class Run implements AsyncIterable<Progress> {
  /** The answer, when there is one. */
  readonly result: Promise<Result>;
  readonly #controller = new AbortController();
  #latest: Progress | undefined;
  #over = false;
  #wake: () => void = () => undefined;

  /** @internal */
  constructor(problem: Problem, options: SolveOptions) {
    const { signal, onProgress } = options;
    const cancel = () => this.#controller.abort(signal?.reason);
    if (signal?.aborted) {
      cancel();
    }
    signal?.addEventListener("abort", cancel, { once: true });
    const report = (progress: Progress) => {
      onProgress?.(progress);
      this.#latest = progress;
      this.#wake();
    };
    const done = () => {
      signal?.removeEventListener("abort", cancel);
      this.#over = true;
      this.#wake();
    };
    this.result = solve(problem, { ...options, signal: this.#controller.signal, onProgress: report }).finally(done);
    // Who iterates learns of a failure at the end of the loop; nobody else has to handle it there.
    this.result.catch(() => undefined);
  }

  /** Ends the search; `result` resolves with the best plan so far. */
  cancel(): void {
    this.#controller.abort();
  }

  /** Looks at the search until it is over; then throws what the result rejects with. */
  async *[Symbol.asyncIterator](): AsyncIterator<Progress> {
    for (;;) {
      const progress = this.#latest;
      if (progress) {
        this.#latest = undefined;
        yield progress;
      } else if (this.#over) {
        await this.result;
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}
