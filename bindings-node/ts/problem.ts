/** Problems that are built, plans for them, and searches for plans. */

import type * as documents from "./documents.js";
import { adapted, type AdaptationEnded, type AdaptOptions } from "./adapt.js";
import {
  compared,
  type ComparedFigures,
  type CompareOptions,
  type ComparisonEnded,
  type ProblemChange,
} from "./compare.js";
import { call, setting, understood } from "./errors.js";
import { type ExplainOptions, Explanation } from "./explain.js";
import type { ChangePrices } from "./events.js";
import { type Ground, Handouts } from "./handouts.js";
import { native } from "./native.js";
import type {
  FleetRecord, LocationRecord, NativePlan, NativeProblem, NativeStreets, PlaceRecord, ScalesRecord,
} from "./native-types.js";
import { type Ended, type Progress, search, type SearchOptions } from "./search.js";
import { type RouteStops, stopsOf } from "./stops.js";
import { Scaler, scales, UNREACHABLE, type Units, units } from "./units.js";

/** How to read a file. */
export interface ReadOptions {
  /** The format; found out unless given. */
  readonly format?: "vrplib" | "solomon" | "lilim" | "cordeau" | "wcvrptw" | "json" | "vroom" | "pragmatic";
  /** The convention by which decimals become integers; the usual one of the kind of instance unless given. */
  readonly rounding?: "round" | "trunc" | "dimacs" | "exact" | "none";
  /** The name of the file, whose ending may tell the format. */
  readonly path?: string;
}

/** A location of a problem. */
export interface Location {
  /** Horizontal coordinate or longitude. */
  readonly x: number;
  /** Vertical coordinate or latitude. */
  readonly y: number;
  /** Its name; may be empty. */
  readonly name: string;
}

/** A depot, client, disposal site or shipment (by its pickup). */
export interface Place {
  /** The number of its location. */
  readonly location: number;
  /** Its name; may be empty. */
  readonly name: string;
}

/** How to solve. Without any limit, a search runs for ten seconds. */
export interface SolveOptions extends SearchOptions {
  /** A plan to start from, feasible or not: the result is never worse. */
  readonly initial?: Plan;
}

/** The answer of a search. */
export interface Result extends Ended {
  /** The best plan found. Ask it whether it is feasible. */
  readonly plan: Plan;
}

/** A variant that was solved. */
export interface Compared extends ComparedFigures {
  /** The problem. */
  readonly problem: Problem;
  /** The best plan of all seeds; `null` where no search began. Ask it whether it is feasible. */
  readonly plan: Plan | null;
}

/** Variants side by side. */
export interface Comparison extends ComparisonEnded {
  /** The problem as it is, and its variants in their order. */
  readonly variants: readonly Compared[];
}

/** A plan that was adapted while it is driven. */
export interface Adaptation extends AdaptationEnded {
  /** The problem as it is now: each vehicle has a type of its own, with what it has done. The prices of changes are its
   * assignment costs, soft windows, prizes and fixed costs. */
  readonly problem: Problem;
  /** The adapted plan, of this problem. Ask it whether it is feasible. */
  readonly plan: Plan;
  /** What becomes of the published plan if it is followed, with the rules that it violates now. */
  readonly followed: Plan;
}

/** A routing problem: valid and immutable. Made by {@link Model.build} or {@link read}. */
export class Problem {
  /** How numbers of the solver relate to yours. */
  readonly units: Units;
  /** Whether coordinates are longitudes and latitudes, as far as is known. */
  readonly isGeographic: boolean;
  /** @internal */ readonly native: NativeProblem;
  /** @internal */ readonly streets: NativeStreets;
  #locations: readonly LocationRecord[] | undefined;
  #clients: readonly PlaceRecord[] | undefined;
  #disposalSites: readonly PlaceRecord[] | undefined;
  #shipments: readonly PlaceRecord[] | undefined;
  #vehicleTypes: readonly FleetRecord[] | undefined;

  /** @internal */
  constructor(problem: NativeProblem, of = units({}), geographic = problem.isGeographic, streets = new native.NativeStreets()) {
    this.native = problem;
    this.units = of;
    this.isGeographic = geographic;
    this.streets = streets;
  }

  /** Another problem in the same place. @internal */
  alike(problem: NativeProblem, of = this.units): Problem {
    return new Problem(problem, of, this.isGeographic, this.streets);
  }

  /** Reads milkrun's JSON, as text or as the object itself; its numbers are the solver's. */
  static fromJson(document: string | object): Problem {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    return readProblem(text, { format: "json" });
  }

  /** The problem as milkrun's JSON, in the solver's units. */
  toJson(): Record<string, unknown> {
    return read<Record<string, unknown>>(() => this.native.toJson());
  }

  /** What `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return this.toJson();
  }

  /** The problem as a VRPLIB file, in the solver's units. */
  toVrplib(): string {
    return call(() => this.native.toVrplib());
  }

  /** The name. */
  get name(): string {
    return this.native.name;
  }

  /** What is valid but probably a mistake, in words: places far from all others, windows before any vehicle can arrive. */
  get remarks(): string[] {
    return call(() => this.native.remarks());
  }

  /** How many load dimensions there are. */
  get loadDimensions(): number {
    return this.native.loadDimensions;
  }

  /** How many vehicles of all types there are. */
  get numVehicles(): number {
    return this.native.numVehicles;
  }

  /** The locations. */
  get locations(): readonly Location[] {
    return (this.#locations ??= this.native.locations());
  }

  /** The depots. */
  get depots(): readonly Place[] {
    return this.native.depots();
  }

  /** The clients. */
  get clients(): readonly Place[] {
    return (this.#clients ??= this.native.clients());
  }

  /** The disposal sites. */
  get disposalSites(): readonly Place[] {
    return (this.#disposalSites ??= this.native.disposalSites());
  }

  /** The names of the materials. */
  get materials(): readonly string[] {
    return this.native.materials();
  }

  /** The shipments. */
  get shipments(): readonly Place[] {
    return (this.#shipments ??= this.native.shipments());
  }

  /** @internal */
  get vehicleTypes(): readonly FleetRecord[] {
    return (this.#vehicleTypes ??= this.native.vehicleTypes());
  }

  /** The distance between two locations; `null` where the second is unreachable. */
  distance(from: number, to: number, profile = 0): number | null {
    return this.#travel(from, to, profile, 0, this.units.distanceScale);
  }

  /** How long the drive between two locations takes, in seconds; `null` where the second is unreachable. */
  duration(from: number, to: number, profile = 0): number | null {
    return this.#travel(from, to, profile, 1, this.units.timeScale);
  }

  /** The plan of bare stops, with times, loads and costs. A plan that breaks rules is no error; numbers that the problem
   * does not have are. */
  plan(routes: readonly RouteStops[]): Plan {
    const stops = stopsOf(routes, this.vehicleTypes, this.units);
    return new Plan(call(() => native.NativePlan.ofStops(this.native, JSON.stringify(stops))), this);
  }

  /** Reads a plan: milkrun's JSON, as text or as the object itself, or VRPLIB's `.sol`. */
  readPlan(source: string | object): Plan {
    const text = typeof source === "string" ? source : JSON.stringify(source);
    const isJson = /^\ufeff?\s*\{/.test(text);
    const made = isJson
      ? () => native.NativePlan.fromJson(this.native, text.replace(/^\ufeff/, ""))
      : () => native.NativePlan.fromSol(this.native, Buffer.from(text));
    return new Plan(call(made), this);
  }

  /**
   * Solves the problem on a thread of its own: the event loop goes on.
   *
   * An `AbortSignal` ends the search within some milliseconds; the promise resolves with the best plan so far, and
   * `stopped` is `"aborted"`, unless `onAbort` is `"reject"`.
   */
  async solve(options: SolveOptions = {}): Promise<Result> {
    const { plan, ...ended } = await search(this.native, this.units, options, options.initial?.native);
    return { plan: new Plan(plan, this), ...ended };
  }

  /**
   * Adapts a plan of this problem that is being driven, on a thread of its own.
   *
   * What vehicles have done by `now` stays, and so do the stops that they are driving to; `events` have happened since, in
   * their order. The search starts from the published plan and runs for three seconds unless the options limit it otherwise. A
   * {@link MilkrunError} with the code `adapt` has every fault of the events at once.
   */
  async adapt(plan: Plan, options: AdaptOptions): Promise<Adaptation> {
    const { units, native: now, ended } = await adapted(this, plan.native, options);
    const problem = this.alike(now.problem, units);
    return { problem, plan: new Plan(now.plan, problem), followed: new Plan(now.followed, problem), ...ended };
  }

  /**
   * Solves this problem and variants of it with common seeds, on threads of their own, and says what each variant costs. A
   * variant has a name, and a list of changes or a problem of its own in the same units. Differences to the problem as it is are
   * means seed by seed, with a 95 % confidence interval. A signal ends the comparison early: what was cut short counts for
   * nothing in the figures. A {@link MilkrunError} with the code `compare` has every fault of all variants at once.
   */
  async compare(
    variants: Readonly<Record<string, readonly ProblemChange[] | Problem>>,
    options: CompareOptions = {},
  ): Promise<Comparison> {
    const { problems, native: found, figures, ended } = await compared(this, Object.entries(variants), options);
    const solved = figures.map((each, v) => {
      const problem = v === 0 ? this : this.alike(problems[v]!);
      const plan = call(() => found.plan(v));
      return { ...each, problem, plan: plan === null ? null : new Plan(plan, problem) };
    });
    return { variants: solved, ...ended };
  }

  /** What differs between two plans of this problem: routes are compared by their number. Services that begin at most
   * `tolerance` seconds earlier or later are the same. */
  diff(before: Plan, after: Plan, tolerance = 0): documents.Difference {
    const [a, b] = [before, after].map((plan) => (plan.native.isFor(this.native) ? plan : this.readPlan(plan.toJson())));
    const scaler = new Scaler(this.units);
    const within = scaler.duration(tolerance, "tolerance");
    if (scaler.issues.length > 0 || within < 0) {
      throw setting(`tolerance is ${tolerance}: give seconds that are not negative`);
    }
    return read<documents.Difference>(() => native.diffPlans(a!.native, b!.native, within, scales(this.units)));
  }

  /** Starts to solve: an asynchronous iterable of progress, with the `result` beside. */
  start(options: SolveOptions = {}): Run {
    return new Run(this, options);
  }

  /** Whether this is the same problem as another. */
  equals(other: Problem): boolean {
    return this.native.equals(other.native);
  }

  #travel(from: number, to: number, profile: number, which: 0 | 1, scale: number): number | null {
    const known = [from, to, profile].every((index) => Number.isInteger(index) && index >= 0);
    const value = known ? this.native.travel(profile, from, to)?.[which] : undefined;
    if (value === undefined) {
      throw new RangeError(`profile ${profile} has no arc from ${from} to ${to}: numbers count from 0`);
    }
    return value === UNREACHABLE ? null : value / scale;
  }
}

/** Routes for a problem: when and where they go, what they carry and cost, and which rules they break. Immutable. Times
 * are seconds from the origin of the problem's units. */
export class Plan extends Handouts {
  /** The problem that the plan is for. */
  readonly problem: Problem;
  /** @internal */ readonly native: NativePlan;
  #routes: readonly documents.Route[] | undefined;
  #violations: readonly documents.Violation[] | undefined;
  #unserved: documents.Unserved | undefined;

  /** @internal */ constructor(plan: NativePlan, problem: Problem) {
    super();
    this.native = plan;
    this.problem = problem;
  }

  /** Total cost, exact up to 2⁵³ of the solver's units. Compare it between feasible plans only: broken rules are not part
   * of it. */
  get cost(): number {
    return this.native.cost / this.problem.units.costScale;
  }

  /** The cost by cause. */
  get breakdown(): documents.CostBreakdown {
    return read<documents.CostBreakdown>(() => this.native.breakdown(this.#scales));
  }

  /** Whether no rule is violated. */
  get isFeasible(): boolean {
    return this.native.isFeasible;
  }

  /** Every violated rule. */
  get violations(): readonly documents.Violation[] {
    return (this.#violations ??= read<documents.Violation[]>(() => this.native.violations()));
  }

  /** The routes. Each has a visit. */
  get routes(): readonly documents.Route[] {
    return (this.#routes ??= read<documents.Route[]>(() => this.native.routes(this.#scales)));
  }

  /** Clients that are not served, and neither is another member of their group. */
  get unservedClients(): readonly number[] {
    return this.#left.clients;
  }

  /** Shipments that are not carried. */
  get unservedShipments(): readonly number[] {
    return this.#left.shipments;
  }

  /** Kilograms of CO₂ of all vehicles that say what they consume. */
  get emitted(): number {
    return this.routes.reduce((sum, { emitted }) => sum + emitted, 0);
  }

  /** The date of a time of this plan; `undefined` where the model had no dates. */
  when(seconds: number): Date | undefined {
    const { origin } = this.problem.units;
    return origin && new Date(origin.getTime() + seconds * 1000);
  }

  /** Moderate prices of changes of this plan: half of what a stop costs on average for another vehicle, all of it for a vehicle
   * that is called out, and ten times that for what is dropped. They apply where an adaptation is given none. */
  changePrices(): Required<ChangePrices> {
    const [otherVehicle, dropped, calledOut] = call(() => native.moderatePrices(this.native)).map(
      (price) => price / this.problem.units.costScale,
    ) as [number, number, number];
    return { otherVehicle, otherOrder: 0, perTime: 0, tolerance: 0, dropped, calledOut };
  }

  /** Asks the judge, which works everything out again by code of its own. */
  check(): documents.Report {
    return read<documents.Report>(() => this.native.check(this.#scales));
  }

  /** Why each client and shipment that is unserved is so, and what would help. Worked out away from the main
   * thread, in ten seconds unless `maxRuntimeMs` says otherwise; each explanation's `searched` says how far it got. */
  async explain(options: ExplainOptions = {}): Promise<Explanation[]> {
    const { maxRuntimeMs = 10_000, signal } = options;
    if (!(maxRuntimeMs >= 0 && maxRuntimeMs <= 1e12)) {
      throw setting(`maxRuntimeMs is ${maxRuntimeMs}: give milliseconds that are not negative, at most 1e12`);
    }
    const token = new native.NativeCancelToken();
    const cancel = () => token.cancel();
    if (signal?.aborted) {
      cancel();
    }
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const found = await native.explain(this.native, maxRuntimeMs, token, this.#scales);
      return (JSON.parse(found) as documents.Explanation[]).map((document) => new Explanation(document));
    } catch (error) {
      throw understood(error);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** The plan as milkrun's JSON, in the solver's units. */
  toJson(): Record<string, unknown> {
    return read<Record<string, unknown>>(() => this.native.toJson());
  }

  /** What `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return this.toJson();
  }

  /** The plan as a table for people, in the solver's units. */
  override toString(): string {
    return call(() => this.native.table());
  }

  /** Whether this is the same plan as another. */
  equals(other: Plan): boolean {
    return this.native.equals(other.native);
  }

  /** @internal */ protected override get ground(): Ground {
    return this.problem;
  }

  get #scales(): ScalesRecord {
    return scales(this.problem.units);
  }

  get #left(): documents.Unserved {
    return (this.#unserved ??= read<documents.Unserved>(() => this.native.unserved()));
  }
}

/** A document of the native part. */
function read<T>(document: () => string): T {
  return JSON.parse(call(document)) as T;
}

/** Reads a problem from the text of a file: VRPLIB, Solomon's, Li & Lim's or Cordeau's text, waste
 * collection's, milkrun's, VROOM's or vrp's JSON. Throws a {@link MilkrunError} with every fault at once. */
export function readProblem(content: string | Uint8Array, { path, format, rounding }: ReadOptions = {}): Problem {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return new Problem(call(() => native.NativeProblem.read(bytes, path, format, rounding)));
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

  /** @internal */ constructor(problem: Problem, options: SolveOptions) {
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
    this.result = problem.solve({ ...options, signal: this.#controller.signal, onProgress: report }).finally(done);
    // Who iterates learns of a failure at the end of the loop; it need not be handled there.
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
