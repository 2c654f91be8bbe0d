/** Why somebody is not served. */

import type { ExplanationRecord, ObstacleRecord, RelaxationRecord } from "./native-types.js";
import type { Problem } from "./problem.js";

/** What keeps a vehicle type from serving somebody, whatever else it does or leaves. */
export interface Obstacle {
  /** What is in the way: lists, a pin to another vehicle type, skills, compartments, capacity, disposal sites, a rule that
   * even a vehicle that serves nobody else breaks, or a partner who must be served, too, and cannot be. */
  readonly kind:
    | "not_allowed"
    | "pinned"
    | "missing_skills"
    | "no_compartment"
    | "too_much"
    | "no_site"
    | "alone"
    | "partner";
  /** The same for people, in the solver's units. */
  readonly text: string;
  /** The skills that are missing. */
  readonly skills?: readonly string[];
  /** The number of the material. */
  readonly material?: number;
  /** The load dimension. */
  readonly dimension?: number;
  /** How much there is. */
  readonly amount?: number;
  /** How much the vehicle may take. */
  readonly capacity?: number;
  /** The kind of the violation. */
  readonly violation?: string;
  /** The number of the relation. */
  readonly relation?: number;
  /** The number of the partner. */
  readonly client?: number;
}

/** Why one vehicle type does not serve somebody. */
export interface TypeReason {
  /** The number of the vehicle type. */
  readonly vehicleType: number;
  /** It cannot, which is proved; no way was found, even for a vehicle that does nothing else; there would be room without a
   * relation; it could, but no room was found beside what the plan's vehicles of this type do; or it could in the plan as it
   * is. */
  readonly kind: "impossible" | "not_found" | "tied" | "no_room" | "possible";
  /** What it would cost, where it is possible. */
  readonly cost?: number;
  /** What is in the way, where it is impossible; what the simplest route for it alone breaks, where no way was found. */
  readonly obstacles: readonly Obstacle[];
  /** The number of the relation that stands in the way. */
  readonly relation?: number;
}

/** How long to look. */
export interface ExplainOptions {
  /** Longest time in milliseconds; 10,000 unless given. */
  readonly maxRuntimeMs?: number;
  /** Ends it early: what was found so far is the answer. */
  readonly signal?: AbortSignal;
}

/** A single change that makes room: tried, with a plan that the judge accepts. */
export interface Relaxation {
  /** What is changed. */
  readonly kind:
    | "prize"
    | "vehicle"
    | "shift"
    | "max_duration"
    | "max_driving"
    | "max_work"
    | "max_distance"
    | "capacity"
    | "route_load"
    | "max_stops"
    | "max_trips"
    | "skill"
    | "allow"
    | "window"
    | "site_hours"
    | "site_capacity"
    | "depot_hours"
    | "break"
    | "driver_rule"
    | "relation";
  /** The same for people, in the solver's units. */
  readonly text: string;
  /** The number of the vehicle type. */
  readonly vehicleType?: number;
  /** The number of the client. */
  readonly client?: number;
  /** The number of the disposal site. */
  readonly site?: number;
  /** The number of the depot. */
  readonly depot?: number;
  /** The load dimension. */
  readonly dimension?: number;
  /** The number of the relation. */
  readonly relation?: number;
  /** The number of the break. */
  readonly break?: number;
  /** The number of the driver rule. */
  readonly rule?: number;
  /** The skill. */
  readonly skill?: string;
  /** How much more: money, seconds, distance, load, or a number. */
  readonly by?: number;
  /** Until when a site would have to be open, in seconds from the origin. */
  readonly until?: number;
}

/** Why a client or a shipment is not served. `String(explanation)` is the text. */
export class Explanation {
  /** Whether it is a client or a shipment. */
  readonly kind: "client" | "shipment";
  /** Its number. */
  readonly index: number;
  /** Its name; may be empty. */
  readonly name: string;
  /** What serving is worth; `null` where it is required. */
  readonly prize: number | null;
  /** Whether no vehicle type can serve it, whatever else it does. */
  readonly isImpossible: boolean;
  /** Why each vehicle type does not serve it. */
  readonly byType: readonly TypeReason[];
  /** Changes, each of which alone would make room, the smallest first. */
  readonly relaxations: readonly Relaxation[];
  /** All of it for people, in the solver's units. */
  readonly text: string;
  /** How far it got before the time was up: all is said; changes that would help were not all looked for; or it was not
   * looked at. */
  readonly searched: "everything" | "reasons" | "nothing";

  /** @internal */
  constructor(record: ExplanationRecord, problem: Problem) {
    const { costScale } = problem.units;
    const { shipment, index, prize, impossible, byType, relaxations, text, searched } = record;
    this.kind = shipment ? "shipment" : "client";
    this.index = index;
    this.name = (shipment ? problem.shipments : problem.clients)[index]?.name ?? "";
    this.prize = prize === undefined ? null : prize / costScale;
    this.isImpossible = impossible;
    this.searched = searched as Explanation["searched"];
    this.byType = byType.map(({ vehicleType, kind, cost, obstacles, relation }) => ({
      vehicleType,
      kind: kind as TypeReason["kind"],
      ...(cost !== undefined && { cost: cost / costScale }),
      obstacles: obstacles.map((each) => obstacle(each, problem)),
      ...(relation !== undefined && { relation }),
    }));
    this.relaxations = relaxations.map((each) => relaxation(each, problem));
    this.text = text;
  }

  /** The text. */
  toString(): string {
    return this.text;
  }
}

function obstacle(record: ObstacleRecord, problem: Problem): Obstacle {
  const { loadScale } = problem.units;
  const { amount, capacity } = record;
  return {
    ...record,
    kind: record.kind as Obstacle["kind"],
    ...(amount !== undefined && { amount: amount / loadScale }),
    ...(capacity !== undefined && { capacity: capacity / loadScale }),
  };
}

function relaxation(record: RelaxationRecord, problem: Problem): Relaxation {
  const { timeScale } = problem.units;
  const kind = record.kind as Relaxation["kind"];
  const { by, until } = record;
  return {
    ...record,
    kind,
    ...(by !== undefined && { by: by / scaleOf(kind, problem) }),
    ...(until !== undefined && { until: until / timeScale }),
  };
}

function scaleOf(kind: Relaxation["kind"], { units }: Problem): number {
  switch (kind) {
    case "prize":
      return units.costScale;
    case "max_distance":
      return units.distanceScale;
    case "capacity":
    case "route_load":
    case "site_capacity":
      return units.loadScale;
    case "shift":
    case "max_duration":
    case "max_driving":
    case "max_work":
    case "window":
    case "depot_hours":
      return units.timeScale;
    default:
      return 1;
  }
}
