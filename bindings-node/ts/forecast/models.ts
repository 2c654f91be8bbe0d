/** Models of what goes into bins, and of regular series. */

import type { FillModel as FillDocument } from "../documents.js";
import { call, oneOf, setting } from "../errors.js";
import { native } from "../native.js";
import type { NativeFillModel, NativeRidge } from "../native-types.js";
import { answered, chunks, count, date, given, type Moment, moment, type Numbers, numbers, places, real, span } from "./columns.js";
import type { FeatureMatrix } from "./features.js";
import { type Increments, joined, type Regular } from "./series.js";

/** Levels of quantiles unless others are given. */
const LEVELS = [0.1, 0.5, 0.9];

/** Which model of fill, and its parameters. */
export interface FillOptions {
  /** `empirical`: what went in during past windows of the same length and time of day, the default; `gamma`: a gamma
   * process for each bin, drawn towards all bins. */
  readonly model?: "empirical" | "gamma";
  /** The age in seconds at which a past window counts half; 60 days unless given. */
  readonly halfLife?: number;
  /** The oldest window in days; 366 unless given. */
  readonly maxDays?: number;
  /** How much more a window on the same weekday counts; 3 unless given. */
  readonly weekdayWeight?: number;
  /** Least share of a window that must have been observed; 0.7 unless given. */
  readonly minShare?: number;
  /** How many windows outweigh the gamma process; 8 unless given. */
  readonly priorWindows?: number;
  /** Of the gamma process: the age in seconds at which an increment counts half; `null`: all count the same. 60 days unless
   * given. */
  readonly gammaHalfLife?: number | null;
  /** Of the gamma process: how many days of its own outweigh what is known from all bins; 3 unless given. */
  readonly priorDays?: number;
}

/** The document of a model of fill.
 * @internal */
export function fillDocument(options: FillOptions): string {
  const { model = "empirical", halfLife, maxDays, weekdayWeight, minShare, priorWindows, gammaHalfLife, priorDays } = options;
  const known = oneOf("model", model, ["empirical", "gamma"]);
  const gamma = {
    ...given({ prior_days: real(priorDays, "priorDays"), half_life: span(gammaHalfLife ?? undefined, "gammaHalfLife") }),
    ...(gammaHalfLife === null && { half_life: null }),
  };
  const empirical = given({
    half_life: span(halfLife, "halfLife"),
    max_days: count(maxDays, "maxDays"),
    weekday_weight: real(weekdayWeight, "weekdayWeight"),
    min_share: real(minShare, "minShare"),
    prior_windows: real(priorWindows, "priorWindows"),
  });
  const document: FillDocument = known === "gamma" ? { model: known, ...gamma } : { model: known, ...empirical, gamma };
  return JSON.stringify(document);
}

/** How much goes into a bin. */
export interface Rise {
  /** The bin. */
  readonly id: string;
  /** The mean. */
  readonly mean: number;
  /** The quantiles at the levels that were asked for. */
  readonly quantiles: readonly number[];
}

/** What goes into bins between any two moments: made by {@link fitFill} or {@link quantileTable}. */
export class FillModel {
  /** @internal */
  constructor(
    /** @internal */
    readonly native: NativeFillModel,
  ) {}

  /** The bins. */
  get names(): string[] {
    return this.native.names;
  }

  /** What the model is called. */
  get name(): string {
    return this.native.name;
  }

  /** How much goes into each bin from one moment to a later one. */
  rise(from: Moment, to: Moment, levels: readonly number[] = LEVELS): Rise[] {
    const [begin, end, asked] = [moment(from, "from"), moment(to, "to"), numbers(levels, "levels")];
    const found = call(() => this.native.rise(begin, end, asked));
    const names = this.names;
    return Array.from(chunks(found, 1 + asked.length), ([mean, ...quantiles], i) => {
      return { id: names[i]!, mean: mean!, quantiles };
    });
  }
}

/** Learns a model of fill, on a thread of its own. */
export async function fitFill(increments: Increments, options: FillOptions = {}): Promise<FillModel> {
  return new FillModel(await answered(() => native.fitFill(increments.native, fillDocument(options))));
}

/** A quantile that something else forecast. */
export interface QuantileRow {
  /** The bin. */
  readonly id: string;
  /** Until how many seconds after the beginning. */
  readonly horizon: number;
  /** The level of the quantile, between 0 and 1. */
  readonly level: number;
  /** How much goes in until then. */
  readonly amount: number;
}

/** Quantiles that something else forecast (gradient boosting, Prophet, …) as a model of fill. Between levels and horizons
 * amounts are interpolated; quantiles that cross are sorted. `names` gives the order of bins; without it, they come as they
 * first appear. */
export function quantileTable(
  rows: Iterable<QuantileRow>,
  { begin, names }: { readonly begin: Moment; readonly names?: readonly string[] },
): FillModel {
  const all = [...rows];
  const order = [...(names ?? new Set(all.map(({ id }) => id)))];
  const at = places(order);
  const bins = Float64Array.from(all, ({ id }) => {
    const place = at.get(id);
    if (place === undefined) {
      throw setting(`names has no ${JSON.stringify(id)}, of which there are quantiles`);
    }
    return place;
  });
  const horizons = Float64Array.from(all, ({ horizon }, i) => span(horizon, `[${i}].horizon`)!);
  const column = (of: (row: QuantileRow) => number, name: string) => numbers(all.map(of), name);
  const amounts = column(({ amount }) => amount, "amount");
  const levels = column(({ level }) => level, "level");
  const start = moment(begin, "begin");
  return new FillModel(call(() => native.NativeFillModel.ofQuantiles(order, start, bins, horizons, levels, amounts)));
}

/** A model of regular series. */
export interface SeriesModel {
  /** Which one: the value a season before, Theta, exponential smoothing, or (for series with many zeros) Croston's method,
   * its unbiased form, or Teunter, Syntetos and Babai's. */
  readonly model: "seasonal_naive" | "theta" | "ets" | "croston" | "sba" | "tsb";
  /** How many steps a season has; 7 unless given, 1: none. */
  readonly season?: number;
  /** Croston and its successors: the weight of a new size; 0.1 unless given. */
  readonly alpha?: number;
  /** `tsb`: the weight of a new step in the probability of demand; 0.1 unless given. */
  readonly beta?: number;
}

/** @internal */
export function seriesRecord({ model, season = 7, alpha = 0.1, beta = 0.1 }: SeriesModel) {
  return { model, season: count(season, "season")!, alpha: real(alpha, "alpha")!, beta: real(beta, "beta")! };
}

/** A step of a series to come. */
export interface Forecast {
  /** The series. */
  readonly id: string;
  /** When the step begins. */
  readonly time: Date;
  /** The mean. */
  readonly mean: number;
  /** The quantiles at the levels that were asked for. */
  readonly quantiles: readonly number[];
}

/** Continues regular series, on a thread of its own: a row for each series and step. */
export async function forecastSeries(
  series: Regular,
  model: SeriesModel,
  { horizon, levels = LEVELS }: { readonly horizon: number; readonly levels?: readonly number[] },
): Promise<Forecast[]> {
  const { ends, values } = joined(series);
  const [steps, asked, record] = [count(horizon, "horizon")!, numbers(levels, "levels"), seriesRecord(model)];
  const found = await answered(() => native.forecastSeries(record, ends, values, steps, asked));
  return Array.from(chunks(found, 1 + asked.length), ([mean, ...quantiles], row) => {
    const i = Math.floor(row / steps);
    const step = series.values[i]!.length + (row % steps);
    return { id: series.names[i]!, time: date(series.starts[i]! + step * series.step), mean: mean!, quantiles };
  });
}

/** Rows of features: what `features` gave, or arrays of one length. */
export type Rows = FeatureMatrix | readonly ArrayLike<number | null>[];

function table(x: Rows): { values: Float64Array; columns: number } {
  if (!Array.isArray(x)) {
    const { values, columns } = x as FeatureMatrix;
    return { values, columns: columns.length };
  }
  const rows = x as readonly ArrayLike<number | null>[];
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw setting(`x[${i}] has ${row.length} values, x[0] has ${columns}: give rows of one length`);
    }
    values.set(numbers(row, `x[${i}]`), i * columns);
  });
  return { values, columns };
}

/** Least squares with a penalty on the weights, chosen by the errors of leaving rows out; a missing feature counts as its
 * mean. Quantiles are those of such errors among rows with similar predictions. Made by {@link fitRidge}. */
export class Ridge {
  /** @internal */
  constructor(
    /** @internal */
    readonly native: NativeRidge,
  ) {}

  /** The chosen penalty. */
  get penalty(): number {
    return this.native.penalty;
  }

  /** The weights of columns of unit variance. */
  get weights(): number[] {
    return this.native.weights;
  }

  /** A prediction for each row. */
  predict(x: Rows): Float64Array {
    const { values, columns } = table(x);
    return call(() => this.native.predict(values, columns));
  }

  /** Quantiles for each row. */
  predictQuantiles(x: Rows, levels: readonly number[] = LEVELS): number[][] {
    const { values, columns } = table(x);
    const found = call(() => this.native.predictQuantiles(values, columns, numbers(levels, "levels")));
    return Array.from(chunks(found, levels.length), (row) => [...row]);
  }
}

/** Fits weights to rows of features and their targets, on a thread of its own. */
export async function fitRidge(
  x: Rows,
  y: Numbers,
  { penalties, neighbourhood }: { readonly penalties?: readonly number[]; readonly neighbourhood?: number } = {},
): Promise<Ridge> {
  const { values, columns } = table(x);
  const asked = penalties && [...penalties];
  return new Ridge(await answered(() => native.fitRidge(values, columns, numbers(y, "y"), asked, neighbourhood)));
}
