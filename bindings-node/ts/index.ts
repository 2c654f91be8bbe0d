/**
 * Route optimisation: who visits whom, in which order, with which vehicle.
 *
 * @packageDocumentation
 */

import { native } from "./native.js";

export { type ErrorCode, type Issue, MilkrunError, ValidationError } from "./errors.js";
export type { MatrixLike } from "./matrix.js";
export {
  type ClientOptions,
  type DepotOptions,
  type GroupOptions,
  type LocationOptions,
  Model,
  type PlaceOptions,
  type Reference,
  type Rounding,
  type ShipmentOptions,
  type StopOptions,
  type VehicleTypeOptions,
} from "./model.js";
export {
  type CostBreakdown,
  Plan,
  type PlanFeature,
  type PlanFeatureCollection,
  type Report,
  type Route,
  type Trip,
  type Violation,
  type Visit,
} from "./plan.js";
export { type Location, type Place, Problem, type ReadOptions, read, type RouteStops, type Stop, type TripStops } from "./problem.js";
export { type Progress, type Result, Run, type SolveOptions, type StopReason } from "./solve.js";
export { type Loads, type Time, UNBOUNDED, type Units, UNREACHABLE, type Window } from "./units.js";

/** The version of the package. */
export const version: string = native.version();
