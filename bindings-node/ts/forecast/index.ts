/**
 * From readings to the bins that must be visited: cleaning, features, forecasts, decisions, and tests on the past.
 *
 * Lengths of time are in seconds (`DAY`, `HOUR`). What may take long runs on a thread of its own.
 */

export { DAY, HOUR, type Moment, type Numbers } from "./columns.js";
export {
  type BinState,
  clean,
  Cleaned,
  type CleanOptions,
  type CleanReport,
  type Emptying,
  type Increment,
  Increments,
  type Period,
  type Reading,
  type Regular,
  Series,
  type SeriesData,
  visitIncrements,
} from "./series.js";
export {
  FillModel,
  type FillOptions,
  fitFill,
  fitRidge,
  type Forecast,
  forecastSeries,
  type QuantileRow,
  quantileTable,
  Ridge,
  type Rise,
  type Rows,
  type SeriesModel,
} from "./models.js";
export {
  AsOfTable,
  calendar,
  type Context,
  difference,
  type Event,
  ewm,
  expanding,
  fading,
  Feature,
  type FeatureMatrix,
  features,
  FeatureState,
  fourier,
  holiday,
  lag,
  neighbourMean,
  over,
  rolling,
  type RowOptions,
  seasonalRolling,
  sinceEvent,
  type Stat,
  type WindowOptions,
} from "./features.js";
export {
  type Applied,
  type Choice,
  select,
  Selection,
  type SelectOptions,
  timeToFull,
  type TimeToFull,
} from "./decide.js";
export {
  backtest,
  backtestFill,
  backtestVisits,
  type Calibration,
  calibration,
  type ColumnDrift,
  coverage,
  crps,
  type FillScores,
  ksTest,
  monitor,
  type MonitorOptions,
  pinball,
  psi,
  type SeriesScores,
  type Verdict,
  type VisitScores,
} from "./evaluate.js";
export { City, type CityBin, type CityOptions, type Metrics, type Policy, simulate } from "./simulate.js";
