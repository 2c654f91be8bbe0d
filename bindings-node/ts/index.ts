/**
 * Route optimisation: who visits whom, in which order, with which vehicle.
 *
 * @packageDocumentation
 */

import { native } from "./native.js";

export { type ErrorCode, type Issue, MilkrunError, ValidationError } from "./errors.js";
export type { MatrixLike } from "./matrix.js";
export * as forecast from "./forecast/index.js";
export type { AdaptOptions } from "./adapt.js";
export { carry, type CarriedOver, type MissedOptions } from "./carry.js";
export type { ComparedRun, CompareOptions, ProblemChange } from "./compare.js";
export type {
  Change,
  ChangeKind,
  CostBreakdown,
  Difference,
  Figure,
  Keep,
  LeftOut,
  NetworkReport,
  Objective,
  Obstacle,
  Outcomes,
  Paired,
  Relaxation,
  Report,
  RoadLeg,
  Route,
  Spot,
  Spread,
  Trip,
  TypeReason,
  Violation,
  Visit,
} from "./documents.js";
export type { AddedClientOptions, ChangePrices, Event, Table } from "./events.js";
export { type ExplainOptions, Explanation } from "./explain.js";
export { type Front, type FrontPoint, pareto, type ParetoOptions } from "./front.js";
export { Model } from "./model.js";
export { averageConsumption } from "./parts.js";
export { EU_561, US_30_MINUTES } from "./options.js";
export type {
  BreakOptions,
  ClientOptions,
  CompartmentOptions,
  ConsumptionOptions,
  DepotOptions,
  DisposalSiteOptions,
  DriverRuleOptions,
  ExecutedStop,
  GoalOptions,
  GroupOptions,
  LocationOptions,
  NotesOptions,
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
  VehicleClass,
  VehicleTypeOptions,
  ZoneOptions,
  ZoneRuleOptions,
} from "./options.js";
export {
  type Cancellable,
  type CityMapOptions,
  Network,
  type NetworkOptions,
  type Point,
  type RoadRoute,
  type RoadTable,
  type SnapOptions,
  type StreetChange,
  type TableOptions,
} from "./network.js";
export {
  type Consistency,
  type Overflow,
  type PeriodDay,
  type PeriodOptions,
  type PeriodPlan,
  planPeriod,
  type Visits,
} from "./period.js";
export type { CalendarOptions, FileOptions, HandoutOptions, PageOptions } from "./handouts.js";
export type { PlanFeature, PlanFeatureCollection } from "./map.js";
export { answerPragmatic, type Json, type PragmaticAnswer, type PragmaticOptions } from "./pragmatic.js";
export {
  type Adaptation,
  type Compared,
  type Comparison,
  type Location,
  type Place,
  Plan,
  Problem,
  type ReadOptions,
  readProblem as read,
  type Result,
  Run,
  type SolveOptions,
} from "./problem.js";
export { planScenarios, type ScenarioOptions, type ScenarioPlan, type Uncertain } from "./scenarios.js";
export type { Progress, RunsProgress, StopReason } from "./search.js";
export type { RouteStops, Stop, TripStops } from "./stops.js";
export { type ReadTablesOptions, readTables, type TableContent, type Tables } from "./tables.js";
export { type Loads, type Time, UNBOUNDED, type Units, type UnitsOptions, UNREACHABLE, type Window } from "./units.js";

/** The version of the package. */
export const version: string = native.version();
