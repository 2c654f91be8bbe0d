/** Tests on the past, scores, and monitoring. */

import { call, setting } from "../errors.js";
import { native } from "../native.js";
import { answered, chunks, count, DAY, date, given, type Numbers, numbers, real, span } from "./columns.js";
import { type FillOptions, fillDocument, type SeriesModel, seriesRecord } from "./models.js";
import { type Cleaned, joined, type Regular, type Series, type SeriesData, seriesOf } from "./series.js";

/** Scores of a model of regular series. */
export interface SeriesScores {
  /** The model. */
  readonly model: string;
  /** How many steps were forecast. */
  readonly forecasts: number;
  /** How often it could not. */
  readonly failed: number;
  /** Mean absolute error of the mean. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean of forecast less value. */
  readonly bias: number;
  /** Mean absolute error in proportion to that of the value a season before. */
  readonly mase: number;
  /** Mean pinball loss. */
  readonly pinball: number;
  /** Mean continuous ranked probability score. */
  readonly crps: number;
  /** Share of values between the outer quantiles. */
  readonly coverage: number;
}

/** Models of regular series, tested from `origins` moments, the last `horizon` steps before the end and each other `step`
 * steps earlier; a model sees only what lies before. */
export async function backtest(
  series: Regular,
  models: readonly SeriesModel[],
  options: {
    readonly horizon?: number;
    readonly origins?: number;
    readonly step?: number;
    readonly season?: number;
    readonly levels?: readonly number[];
  } = {},
): Promise<SeriesScores[]> {
  const { horizon = 7, origins = 4, step = 7, season = 7, levels = [0.1, 0.25, 0.5, 0.75, 0.9] } = options;
  const { ends, values } = joined(series);
  Object.entries({ horizon, origins, step, season }).forEach(([name, value]) => count(value, name));
  const params = { horizon, origins, step, season, levels: [...levels] };
  return answered(() => native.backtestSeries(models.map(seriesRecord), series.step, ends, values, params));
}

/** Scores of a model of fill at one horizon: errors of the rise in level, and of the probability of being full. */
export interface FillScores {
  /** Seconds from the forecast on. */
  readonly horizon: number;
  /** How many rises were forecast. */
  readonly forecasts: number;
  /** How many of them ended with a full bin. */
  readonly censored: number;
  /** Mean absolute error of the median. */
  readonly mae: number;
  /** Mean continuous ranked probability score. */
  readonly crps: number;
  /** Share of rises between the 10 % and the 90 % quantile. */
  readonly coverage: number;
  /** Mean squared error of the probability of being full. */
  readonly brier: number;
  /** Mean difference between that probability and the frequency. */
  readonly calibrationError: number;
  /** How often bins were full. */
  readonly baseRate: number;
}

/** A model of fill, tested from `origins` moments after the `first` share of the history. */
export async function backtestFill(
  cleaned: Cleaned,
  model: FillOptions = {},
  options: {
    readonly horizons?: readonly number[];
    readonly origins?: number;
    readonly first?: number;
    readonly minShare?: number;
  } = {},
): Promise<FillScores[]> {
  const { horizons = [DAY, 2 * DAY, 3 * DAY], origins = 20, first = 0.5, minShare = 0.7 } = options;
  const params = {
    origins: count(origins, "origins")!,
    first: real(first, "first")!,
    horizons: Float64Array.from(horizons, (seconds, i) => span(seconds, `horizons[${i}]`)!),
    minShare: real(minShare, "minShare")!,
  };
  return answered(() => native.backtestFill(cleaned.native, fillDocument(model), params));
}

/** Scores of levels at visits that were held out. */
export interface VisitScores {
  /** Visits before it teach, visits from it on are tested. */
  readonly split: Date;
  /** Visits tested. */
  readonly visits: number;
  /** Bins tested. */
  readonly bins: number;
  /** Mean absolute error of the median. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean of level less median. */
  readonly bias: number;
  /** Share of levels between the 10 % and the 90 % quantile. */
  readonly coverage: number;
  /** Mean absolute error of the level that the visit before found. */
  readonly maeLast: number;
  /** Mean absolute error of the bin's mean level so far. */
  readonly maeMean: number;
  /** Mean absolute error of that level in proportion to (time since the last visit)^0.4. */
  readonly maePower: number;
}

/** Forecasts of the level that visits find, for bins without sensors: the earlier `share` of the visits teaches, the later
 * part is tested. */
export async function backtestVisits(
  visits: Series | SeriesData,
  options: {
    readonly share?: number;
    readonly minBefore?: number;
    readonly full?: number;
    readonly minGap?: number;
    readonly maxGap?: number;
    readonly minVisits?: number;
  } = {},
): Promise<VisitScores> {
  const { share = 0.6, minBefore = 5, full = 100, minGap = 0.3 * DAY, maxGap = 14 * DAY, minVisits = 3 } = options;
  const test = {
    share: real(share, "share")!,
    minBefore: count(minBefore, "minBefore")!,
    full: real(full, "full")!,
    minGap: span(minGap, "minGap")!,
    maxGap: span(maxGap, "maxGap")!,
    minVisits: count(minVisits, "minVisits")!,
  };
  const data = seriesOf(visits);
  const { split, ...scores } = await answered(() => native.backtestVisits(data.native, test));
  return { ...scores, split: date(split) };
}

function sameLength(columns: Record<string, Numbers>): Float64Array[] {
  const arrays = Object.entries(columns).map(([name, values]) => numbers(values, name));
  if (new Set(arrays.map(({ length }) => length)).size > 1) {
    const lengths = Object.keys(columns).map((name, i) => `${name} has ${arrays[i]!.length}`);
    throw setting(`give columns of one length: ${lengths.join(", ")}`);
  }
  return arrays;
}

/** Mean pinball loss of forecasts of a quantile. */
export function pinball(actual: Numbers, quantiles: Numbers, level: number): number {
  const [known, forecast] = sameLength({ actual, quantiles });
  return call(() => native.pinballLoss(known!, forecast!, real(level, "level")!));
}

/** Mean continuous ranked probability score of quantiles, a row for each value. */
export function crps(actual: Numbers, levels: readonly number[], quantiles: readonly Numbers[]): number {
  const wrong = quantiles.findIndex(({ length }) => length !== levels.length);
  if (quantiles.length !== actual.length || wrong >= 0) {
    throw setting(`quantiles must be ${actual.length} rows of ${levels.length}: one for each value and level`);
  }
  const flat = Float64Array.from(quantiles.flatMap((row, i) => [...numbers(row, `quantiles[${i}]`)]));
  return call(() => native.crpsScore(numbers(actual, "actual"), numbers(levels, "levels"), flat));
}

/** Share of values from `low` to `high`. */
export function coverage(actual: Numbers, low: Numbers, high: Numbers): number {
  const [known, least, most] = sameLength({ actual, low, high });
  return call(() => native.coverageShare(known!, least!, most!));
}

/** How probabilities compare with frequencies. */
export interface Calibration {
  /** Mean squared difference between probability and what happened. */
  readonly brier: number;
  /** Mean absolute difference between probability and frequency over classes, weighted by their size. */
  readonly error: number;
  /** Each class that has forecasts. */
  readonly classes: readonly { readonly probability: number; readonly frequency: number; readonly count: number }[];
}

/** Compares probabilities with what happened, in classes of equal width. */
export function calibration(probabilities: Numbers, happened: readonly boolean[], classes = 10): Calibration {
  sameLength({ probabilities, happened: happened.map(Number) });
  const known = numbers(probabilities, "probabilities");
  const found = call(() => native.probabilityScores(known, [...happened], count(classes, "classes", 10_000)!));
  const rows = Array.from(chunks(found.classes, 3), ([probability, frequency, count]) => {
    return { probability: probability!, frequency: frequency!, count: count! };
  });
  return { ...found, classes: rows };
}

/** The population stability index: below 0.1 little has changed, above 0.2 much. */
export function psi(reference: Numbers, current: Numbers, classes = 10): number {
  const [then, now] = [numbers(reference, "reference"), numbers(current, "current")];
  return call(() => native.stabilityIndex(then, now, count(classes, "classes", 10_000)!));
}

/** The two-sample test of Kolmogorov and Smirnov. */
export function ksTest(a: Numbers, b: Numbers): { statistic: number; pValue: number } {
  return call(() => native.ksTwoSamples(numbers(a, "a"), numbers(b, "b")));
}

/** What beside the inputs is judged, and limits. */
export interface MonitorOptions {
  /** Losses when the model was made, and now. */
  readonly losses?: readonly [Numbers, Numbers];
  /** The coverage that intervals promise, and whether each recent value was inside. */
  readonly coverage?: { readonly promised: number; readonly inside: readonly boolean[] };
  /** Largest population stability index of an input; 0.2 unless given. */
  readonly maxPsi?: number;
  /** Largest p-value at which an input has changed, if the statistic is large too; 0.001 unless given. */
  readonly ksP?: number;
  /** Least statistic at which an input has changed; 0.15 unless given. */
  readonly ksStatistic?: number;
  /** Largest ratio of losses; 1.2 unless given. */
  readonly lossRatio?: number;
  /** By how much coverage may differ; 0.05 unless given. */
  readonly coveragePoints?: number;
  /** What has fewer recent values is not judged; 50 unless given. */
  readonly least?: number;
}

/** How an input has changed. */
export interface ColumnDrift {
  /** The input. */
  readonly name: string;
  /** Its population stability index. */
  readonly psi: number;
  /** The statistic of Kolmogorov and Smirnov. */
  readonly statistic: number;
  /** Its p-value. */
  readonly pValue: number;
}

/** Whether to train anew, and why. A report only: nothing is trained. */
export interface Verdict {
  /** Whether there is any reason. */
  readonly retrain: boolean;
  /** The reasons. */
  readonly reasons: readonly string[];
  /** By input how it has changed. */
  readonly columns: readonly ColumnDrift[];
}

/** Judges whether a model has aged: its inputs when it was made and now, its losses, and its coverage. */
export async function monitor(
  reference: Readonly<Record<string, Numbers>>,
  current: Readonly<Record<string, Numbers>>,
  options: MonitorOptions = {},
): Promise<Verdict> {
  const { losses, coverage, maxPsi = 0.2, ksP = 0.001, ksStatistic = 0.15, lossRatio = 1.2, coveragePoints = 0.05, least = 50 } = options;
  const columns = Object.entries(reference).map(([name, then]) => {
    const now = current[name];
    if (now === undefined) {
      throw setting(`current has no ${name}: give the same columns as in reference`);
    }
    return { name, then: numbers(then, name), now: numbers(now, name) };
  });
  const record = {
    columns,
    psi: real(maxPsi, "maxPsi")!,
    ksP: real(ksP, "ksP")!,
    ksStatistic: real(ksStatistic, "ksStatistic")!,
    lossRatio: real(lossRatio, "lossRatio")!,
    coverage: real(coveragePoints, "coveragePoints")!,
    least: count(least, "least")!,
    ...given({
      lossesThen: losses && numbers(losses[0], "losses[0]"),
      lossesNow: losses && numbers(losses[1], "losses[1]"),
      promised: coverage?.promised,
      inside: coverage && [...coverage.inside],
    }),
  };
  return answered(() => native.monitorModel(record));
}
