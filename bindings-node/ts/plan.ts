/** What a solver answers: routes with times, loads and costs, and what is wrong with them. */

import { call, setting, understood } from "./errors.js";
import { type ExplainOptions, Explanation } from "./explain.js";
import { native } from "./native.js";
import type {
  CostRecord,
  NativePlan,
  RouteRecord,
  TripRecord,
  ViolationRecord,
  VisitRecord,
} from "./native-types.js";
import type { Problem } from "./problem.js";
import type { Units } from "./units.js";

/** A cost, by cause. */
export interface CostBreakdown {
  /** Vehicles used. */
  readonly fixed: number;
  /** Distance driven. */
  readonly distance: number;
  /** Time from the start to the end of each route. */
  readonly duration: number;
  /** Overtime. */
  readonly overtime: number;
  /** Waiting. */
  readonly waiting: number;
  /** Services that start outside of their soft windows. */
  readonly windows: number;
  /** Visits to disposal sites, and tipping fees. */
  readonly disposal: number;
  /** Weighted goals; only of the whole plan. */
  readonly goals: number;
  /** Prizes of what is left out. */
  readonly unserved: number;
}

/** One stop of a trip. */
export interface Visit {
  /** A client's service, the pickup or delivery of a shipment, a visit to a disposal site, or the driver's break or
   * rest. */
  readonly kind: "client" | "pickup" | "delivery" | "dispose" | "break" | "rest";
  /** The number of the client, shipment, disposal site or of the vehicle type's break; of a rest, its length in the
   * solver's units. */
  readonly index: number;
  /** The name of the client, shipment, disposal site or break; may be empty, and is for a rest. */
  readonly name: string;
  /** The number of the location; of a break or rest without a place, that of the halt before. */
  readonly location: number;
  /** When the vehicle arrives. */
  readonly arrival: number;
  /** When service starts; the vehicle waits from its arrival until then. */
  readonly start: number;
  /** When the vehicle leaves. */
  readonly departure: number;
  /** What is on board after the visit, by load dimension. */
  readonly load: readonly number[];
}

/** From leaving a depot to reaching the next. */
export interface Trip {
  /** Where the trip starts; `null` where the start is open. */
  readonly startDepot: number | null;
  /** Where the trip ends; `null` where the end is open. */
  readonly endDepot: number | null;
  /** When loading starts. */
  readonly start: number;
  /** When the vehicle leaves the depot. */
  readonly departure: number;
  /** When the vehicle reaches the depot at the end. */
  readonly arrival: number;
  /** Distance driven. */
  readonly distance: number;
  /** What is on board at departure, by load dimension. */
  readonly load: readonly number[];
  /** The most on board at any point, by load dimension. */
  readonly maxLoad: readonly number[];
  /** What is visited, in order. */
  readonly visits: readonly Visit[];
}

/** What one vehicle does. */
export interface Route {
  /** The number of the vehicle type. */
  readonly vehicleType: number;
  /** Its name; may be empty. */
  readonly vehicleName: string;
  /** When the vehicle starts to load. */
  readonly start: number;
  /** When the route is over. */
  readonly end: number;
  /** Distance driven. */
  readonly distance: number;
  /** Seconds spent driving. */
  readonly driving: number;
  /** Seconds spent waiting. */
  readonly waiting: number;
  /** Seconds spent driving, loading, serving and unloading. */
  readonly work: number;
  /** Seconds spent on breaks and rests. */
  readonly pauses: number;
  /** Seconds from start to end without unpaid breaks and rests. */
  readonly paid: number;
  /** What the route costs, by cause. */
  readonly breakdown: CostBreakdown;
  /** What the vehicle drives. */
  readonly trips: readonly Trip[];
}

/** A rule that a plan breaks. */
export interface Violation {
  /** A word that stays the same over versions: `late_service`. */
  readonly kind: string;
  /** The route that breaks it, where it is one alone. */
  readonly route: number | null;
  /** What is wrong, in words and in the solver's units. */
  readonly message: string;
}

/** What the judge found. */
export interface Report {
  /** What the stops cost. */
  readonly breakdown: CostBreakdown;
  /** Every rule that they break. */
  readonly violations: readonly Violation[];
  /** Every number of the plan that is wrong: where, what it says, what it is. */
  readonly discrepancies: readonly { readonly path: string; readonly stated: string; readonly found: string }[];
}

/** A feature of a map (RFC 7946). */
export interface PlanFeature {
  /** Says that it is a feature. */
  readonly type: "Feature";
  /** A line for a trip, a point for whatever else; null where there are no coordinates. */
  readonly geometry:
    | { readonly type: "LineString"; readonly coordinates: [number, number][] }
    | { readonly type: "Point"; readonly coordinates: [number, number] }
    | null;
  /** `kind` is `trip`, `depot`, `disposal_site`, or that of a visit; the others depend on it. */
  readonly properties: { readonly kind: string; readonly [name: string]: unknown };
}

/** A map (RFC 7946). */
export interface PlanFeatureCollection {
  /** Says that it is a collection of features. */
  readonly type: "FeatureCollection";
  /** Lines and points. */
  readonly features: PlanFeature[];
}

/** Routes for a problem: when and where they go, what they carry and cost, and which rules they break. Immutable. Times
 * are seconds from the origin of the problem's units. */
export class Plan {
  /** The problem that the plan is for. */
  readonly problem: Problem;
  /** @internal */
  readonly native: NativePlan;
  #routes: readonly Route[] | undefined;
  #violations: readonly Violation[] | undefined;

  /** @internal */
  constructor(plan: NativePlan, problem: Problem) {
    this.native = plan;
    this.problem = problem;
  }

  /** Total cost, exact up to 2⁵³ of the solver's units. Compare it between feasible plans only: broken rules are not part
   * of it. */
  get cost(): number {
    return this.native.cost / this.problem.units.costScale;
  }

  /** The cost by cause. */
  get breakdown(): CostBreakdown {
    return breakdown(this.native.breakdown, this.problem.units);
  }

  /** Whether no rule is broken. */
  get isFeasible(): boolean {
    return this.native.isFeasible;
  }

  /** Every rule that is broken. */
  get violations(): readonly Violation[] {
    return (this.#violations ??= this.native.violations().map(violation));
  }

  /** The routes. Each visits somebody. */
  get routes(): readonly Route[] {
    return (this.#routes ??= this.native.routes().map((record) => route(record, this.problem)));
  }

  /** Clients that are not served, and neither is another member of their group. */
  get unservedClients(): readonly number[] {
    return this.native.unservedClients();
  }

  /** Shipments that are not carried. */
  get unservedShipments(): readonly number[] {
    return this.native.unservedShipments();
  }

  /** The date of a time of this plan; `undefined` where the model had no dates. */
  when(seconds: number): Date | undefined {
    const { origin } = this.problem.units;
    return origin && new Date(origin.getTime() + seconds * 1000);
  }

  /** Asks the judge, which works everything out again by code of its own. */
  check(): Report {
    const { cost, violations, discrepancies } = call(() => this.native.check());
    return { breakdown: breakdown(cost, this.problem.units), violations: violations.map(violation), discrepancies };
  }

  /** Why each client and shipment that is left out is not served, and what would help. Worked out away from the main
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
      const records = await native.explain(this.native, maxRuntimeMs, token);
      return records.map((record) => new Explanation(record, this.problem));
    } catch (error) {
      throw understood(error);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** The plan as milkrun's JSON, in the solver's units. */
  toJson(): Record<string, unknown> {
    return JSON.parse(call(() => this.native.toJson())) as Record<string, unknown>;
  }

  /** What `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return this.toJson();
  }

  /** A map: a line for each trip, points for depots, visits and whatever is left out. */
  toGeoJson(): PlanFeatureCollection {
    return JSON.parse(call(() => this.native.toGeojson())) as PlanFeatureCollection;
  }

  /** The plan as VRPLIB's `.sol` text. */
  toSol(): string {
    return call(() => this.native.toSol(this.cost));
  }

  /** The plan as a table for people, in the solver's units. */
  toString(): string {
    return call(() => this.native.table());
  }

  /** Whether this is the same plan as another. */
  equals(other: Plan): boolean {
    return this.native.equals(other.native);
  }
}

function breakdown(cost: CostRecord, { costScale }: Units): CostBreakdown {
  return {
    fixed: cost.fixed / costScale,
    distance: cost.distance / costScale,
    duration: cost.duration / costScale,
    overtime: cost.overtime / costScale,
    waiting: cost.waiting / costScale,
    windows: cost.windows / costScale,
    disposal: cost.disposal / costScale,
    goals: cost.goals / costScale,
    unserved: cost.unserved / costScale,
  };
}

function violation({ kind, route, message }: ViolationRecord): Violation {
  return { kind, route: route ?? null, message };
}

function route(record: RouteRecord, problem: Problem): Route {
  const { timeScale, distanceScale } = problem.units;
  return {
    vehicleType: record.vehicleType,
    vehicleName: problem.vehicleTypes[record.vehicleType]?.name ?? "",
    start: record.start / timeScale,
    end: record.end / timeScale,
    distance: record.distance / distanceScale,
    driving: record.driving / timeScale,
    waiting: record.waiting / timeScale,
    work: record.work / timeScale,
    pauses: record.pauses / timeScale,
    paid: record.paid / timeScale,
    breakdown: breakdown(record.cost, problem.units),
    trips: record.trips.map((each) => trip(each, problem, record.vehicleType)),
  };
}

function trip(record: TripRecord, problem: Problem, vehicleType: number): Trip {
  const { timeScale, distanceScale, loadScale } = problem.units;
  return {
    startDepot: record.startDepot ?? null,
    endDepot: record.endDepot ?? null,
    start: record.start / timeScale,
    departure: record.departure / timeScale,
    arrival: record.arrival / timeScale,
    distance: record.distance / distanceScale,
    load: record.load.map((amount) => amount / loadScale),
    maxLoad: record.maxLoad.map((amount) => amount / loadScale),
    visits: record.visits.map((each) => visit(each, problem, vehicleType)),
  };
}

function visit(record: VisitRecord, problem: Problem, vehicleType: number): Visit {
  const { timeScale, loadScale } = problem.units;
  const kind = record.kind as Visit["kind"];
  return {
    kind,
    index: record.index,
    name: nameOf(kind, record.index, problem, vehicleType),
    location: record.location,
    arrival: record.arrival / timeScale,
    start: record.start / timeScale,
    departure: record.departure / timeScale,
    load: record.load.map((amount) => amount / loadScale),
  };
}

function nameOf(kind: Visit["kind"], index: number, problem: Problem, vehicleType: number): string {
  switch (kind) {
    case "client":
      return problem.clients[index]?.name ?? "";
    case "dispose":
      return problem.disposalSites[index]?.name ?? "";
    case "break":
      return problem.vehicleTypes[vehicleType]?.breaks[index] ?? "";
    case "rest":
      return "";
    default:
      return problem.shipments[index]?.name ?? "";
  }
}
