/** Variants of a problem side by side. */

import type * as documents from "./documents.js";
import { call, faulty, MilkrunError, oneOf, setting } from "./errors.js";
import { native } from "./native.js";
import type { NativeComparison, NativeProblem } from "./native-types.js";
import type { Reference } from "./options.js";
import { type RunsProgress, searchDocument, type SearchOptions, stopReason, type StopReason, underway } from "./search.js";
import { type Loads, Scaler, scales, type Time, type Units } from "./units.js";

/**
 * Something that is different in a variant. Vehicle types, depots and disposal sites are numbers or names; without a
 * `vehicleType`, a change applies to all types. Times and amounts are in your units.
 */
export type ProblemChange =
  /** So many more vehicles of a type; negative: fewer. */
  | { readonly kind: "vehicles"; readonly vehicleType: Reference; readonly by: number }
  /** Shifts at other times; what is omitted stays. */
  | { readonly kind: "shift"; readonly vehicleType?: Reference; readonly early?: Time; readonly late?: Time }
  /** Shifts start so many seconds later, and end when they did. */
  | { readonly kind: "laterStart"; readonly vehicleType?: Reference; readonly by: number }
  /** Another capacity. */
  | { readonly kind: "capacity"; readonly vehicleType: Reference; readonly capacity: Loads }
  /** Routes start and end at another depot. */
  | { readonly kind: "depot"; readonly vehicleType?: Reference; readonly depot: Reference }
  /** Vehicles unload at these disposal sites, and at no others. */
  | { readonly kind: "sites"; readonly vehicleType?: Reference; readonly sites: readonly Reference[] }
  /** A disposal site is closed: no vehicle unloads there. */
  | { readonly kind: "siteClosed"; readonly site: Reference }
  /** Any other change: a JSON merge patch (RFC 7396) of the problem's document, in the solver's units. Elements of lists go by
   * their names or numbers; `"+"` adds one. */
  | { readonly kind: "merge"; readonly patch: object };

/** How to compare. The limits are those of each single search; without any, it takes ten seconds. */
export interface CompareOptions extends Omit<SearchOptions, "targetCost" | "onProgress"> {
  /** How many seeds, from `seed` on; 5 unless given. */
  readonly seeds?: number;
  /** Called a few times a second. What it throws ends the comparison and rejects the promise. */
  readonly onProgress?: (progress: RunsProgress) => void;
}

/** What one search found. */
export interface ComparedRun extends Omit<documents.ComparedRun, "stopped" | "runtime"> {
  /** Why it ended. */
  readonly stopped: StopReason;
  /** How many milliseconds it took. */
  readonly runtimeMs: number;
}

/** What is known of a variant. */
export interface ComparedFigures {
  /** The variant's name. */
  readonly name: string;
  /** What each search found, in the order of seeds; `null` where it did not begin. */
  readonly runs: readonly (ComparedRun | null)[];
  /** `cost`, `vehicles`, `distance`, `duration`, `unserved` and `emissions` (kg) over the seeds; `null`: no search found a feasible plan. */
  readonly spreads: Readonly<Record<documents.Figure, documents.Spread | null>>;
  /** The same against the problem as it is, seed by seed; `null` for itself, and where no seed has a feasible plan for both. */
  readonly differences: Readonly<Record<documents.Figure, documents.Paired | null>>;
  /** What it costs against the problem as it is: "costs 412 ± 35 more", with a 95 % confidence interval. */
  readonly text: string;
}

/** How a comparison ended. */
export interface ComparisonEnded {
  /** How many seeds there are. */
  readonly seeds: number;
  /** Whether every search ran to its end. */
  readonly complete: boolean;
  /** How many milliseconds it took. */
  readonly runtimeMs: number;
}

/** A problem that is built. */
interface Built {
  readonly native: NativeProblem;
  readonly units: Units;
}

/** A variant: its name, and a list of changes or a problem of its own. */
type Named = readonly [name: string, variant: readonly ProblemChange[] | Built];

/** The problem as it is and its variants, solved: names and native problems, and what was found.
 * @internal */
export async function compared(
  problem: Built,
  variants: readonly Named[],
  options: CompareOptions,
): Promise<{
  readonly problems: readonly NativeProblem[];
  readonly native: NativeComparison;
  readonly figures: readonly ComparedFigures[];
  readonly ended: ComparisonEnded;
}> {
  const { seeds = 5, ...limits } = options;
  if (!(Number.isInteger(seeds) && seeds >= 1 && seeds <= 1000)) {
    throw setting(`seeds is ${seeds}: it must lie in 1 ..= 1000`);
  }
  const search = searchDocument(limits);
  const problems = variantsOf(problem, variants);
  const found = await underway(options, (token, report) =>
    native.compare([...problems.keys()], [...problems.values()], search, seeds, token, report, scales(problem.units)),
  );
  const document = JSON.parse(call(() => found.found())) as documents.Comparison;
  const { seeds: count, complete, runtime } = document;
  return {
    problems: [...problems.values()],
    native: found,
    figures: document.variants.map(figuresOf),
    ended: { seeds: count, complete, runtimeMs: runtime * 1e3 },
  };
}

function figuresOf({ name, runs, figures, text }: documents.Compared): ComparedFigures {
  const of = <T>(value: (summary: documents.Summary) => T) =>
    Object.fromEntries(figures.map((summary) => [summary.figure, value(summary)])) as Record<documents.Figure, T>;
  return {
    name,
    runs: runs.map((run) => {
      if (run === null) {
        return null;
      }
      const { stopped, runtime, ...rest } = run;
      return { ...rest, stopped: stopReason(stopped), runtimeMs: runtime * 1e3 };
    }),
    spreads: of(({ spread }) => spread),
    differences: of(({ difference }) => difference),
    text,
  };
}

const AS_IT_IS = "as it is";

/** The native part of the problem as it is and of each variant, by name. */
function variantsOf(problem: Built, variants: readonly Named[]): ReadonlyMap<string, NativeProblem> {
  const scaler = new Scaler(problem.units);
  const asked: documents.Variant[] = [];
  const all = new Map<string, NativeProblem>([[AS_IT_IS, problem.native]]);
  for (const [name, variant] of variants) {
    const path = `variants[${JSON.stringify(name)}]`;
    if (!("native" in variant)) {
      asked.push({ name, changes: variant.map((change, i) => changeOf(scaler, change, `${path}.changes[${i}]`)) });
      all.set(name, problem.native);
    } else if (name === AS_IT_IS) {
      throw setting(`"${AS_IT_IS}" is the name of the problem without changes: use another`);
    } else if (!sameUnits(variant.units, problem.units)) {
      throw setting(`${path} has other units: give all problems the same scales and origin`);
    } else {
      all.set(name, variant.native);
    }
  }
  try {
    const made = call(() => native.problemVariants(problem.native, JSON.stringify({ variants: asked })));
    asked.forEach(({ name }, i) => all.set(name, made[i + 1]!));
  } catch (error) {
    if (error instanceof MilkrunError && error.code === "compare" && scaler.issues.length > 0) {
      const seen = new Set(scaler.issues.map(({ path }) => path));
      throw faulty("compare", [...scaler.issues, ...error.issues.filter(({ path }) => !seen.has(path))]);
    }
    throw error;
  }
  if (scaler.issues.length > 0) {
    throw faulty("compare", scaler.issues);
  }
  return all;
}

function sameUnits(a: Units, b: Units): boolean {
  const origins = a.origin?.getTime() === b.origin?.getTime();
  return origins && JSON.stringify(scales(a)) === JSON.stringify(scales(b));
}

const NAMES = {
  vehicles: "vehicles",
  shift: "shift",
  laterStart: "later_start",
  capacity: "capacity",
  depot: "depot",
  sites: "sites",
  siteClosed: "site_closed",
  merge: "merge",
} as const;

const KINDS = Object.keys(NAMES) as ProblemChange["kind"][];

function changeOf(scaler: Scaler, change: ProblemChange, path: string): documents.ProblemChange {
  oneOf(`kind of ${path}`, change.kind, KINDS);
  const type = (vehicleType: Reference | undefined) =>
    vehicleType === undefined ? {} : { vehicle_type: reference(vehicleType) };
  switch (change.kind) {
    case "vehicles":
      return { kind: "vehicles", vehicle_type: reference(change.vehicleType), by: change.by };
    case "shift": {
      const { early, late } = change;
      return {
        kind: "shift",
        ...type(change.vehicleType),
        ...(early !== undefined && { early: scaler.time(early, `${path}.early`) }),
        ...(late !== undefined && { late: scaler.time(late, `${path}.late`) }),
      };
    }
    case "laterStart":
      return { kind: "later_start", ...type(change.vehicleType), by: scaler.duration(change.by, `${path}.by`) };
    case "capacity": {
      const capacity = scaler.loads(change.capacity, `${path}.capacity`);
      return { kind: "capacity", vehicle_type: reference(change.vehicleType), capacity };
    }
    case "depot":
      return { kind: "depot", ...type(change.vehicleType), depot: reference(change.depot) };
    case "sites":
      return { kind: "sites", ...type(change.vehicleType), sites: change.sites.map(reference) };
    case "siteClosed":
      return { kind: "site_closed", site: reference(change.site) };
    case "merge":
      return { kind: "merge", patch: change.patch };
  }
}

function reference(reference: Reference): documents.Reference {
  return reference;
}
