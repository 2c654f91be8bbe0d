/**
 * Route optimisation: who visits whom, in which order, with which vehicle.
 *
 * @packageDocumentation
 */

import { native } from "./native.js";

export { type ErrorCode, type Issue, MilkrunError, ValidationError } from "./errors.js";
export type { MatrixLike } from "./matrix.js";
export * as forecast from "./forecast/index.js";
export { type ExplainOptions, Explanation, type Obstacle, type Relaxation, type TypeReason } from "./explain.js";
export { Model } from "./model.js";
export { EU_561, US_30_MINUTES } from "./options.js";
export type {
  BreakOptions,
  ClientOptions,
  CompartmentOptions,
  DepotOptions,
  DisposalSiteOptions,
  DriverRuleOptions,
  ExecutedStop,
  GoalOptions,
  GroupOptions,
  LocationOptions,
  OvertimeOptions,
  PlaceOptions,
  Rate,
  Reference,
  RelationOptions,
  Rounding,
  ShipmentOptions,
  SoftWindowOptions,
  SpeedStep,
  StopOptions,
  VehicleTypeOptions,
} from "./options.js";
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
