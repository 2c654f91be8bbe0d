/** Why somebody is not served. */

import type { ExplanationRecord, ObstacleRecord, RelaxationRecord } from "./native-types.js";
import type { Problem } from "./problem.js";

/** What keeps a vehicle type from serving somebody, whatever else it does or leaves. */
export interface Obstacle {
  /** What is in the way: lists or a pin, skills, compartments, capacity, disposal sites, or a rule that even a vehicle that
   * serves nobody else breaks. */
  readonly kind: "not_allowed" | "missing_skills" | "no_compartment" | "too_much" | "no_site" | "alone";
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
}

/** Why one vehicle type does not serve somebody. */
export interface TypeReason {
  /** The number of the vehicle type. */
  readonly vehicleType: number;
  /** It cannot; it could, but not beside what the plan's vehicles of this type do; or it could in the plan as it is. */
  readonly kind: "impossible" | "no_room" | "possible";
  /** What it would cost, where it is possible. */
  readonly cost?: number;
  /** What is in the way, where it is impossible. */
  readonly obstacles: readonly Obstacle[];
}

/** A single change that would make room. */
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
    | "depot_hours";
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

  /** @internal */
  constructor(record: ExplanationRecord, problem: Problem) {
    const { costScale } = problem.units;
    const { shipment, index, prize, impossible, byType, relaxations, text } = record;
    this.kind = shipment ? "shipment" : "client";
    this.index = index;
    this.name = (shipment ? problem.shipments : problem.clients)[index]?.name ?? "";
    this.prize = prize === undefined ? null : prize / costScale;
    this.isImpossible = impossible;
    this.byType = byType.map(({ vehicleType, kind, cost, obstacles }) => ({
      vehicleType,
      kind: kind as TypeReason["kind"],
      ...(cost !== undefined && { cost: cost / costScale }),
      obstacles: obstacles.map((each) => obstacle(each, problem)),
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
