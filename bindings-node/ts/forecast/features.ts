/** Features of readings, without leaks, and joins as of a time. */

import { call, setting } from "../errors.js";
import { native } from "../native.js";
import type { NativeAsOfTable, NativeFeatureState } from "../native-types.js";
import { answered, chunks, count, DAY, given, type Moment, moment, moments, numbers, places, span } from "./columns.js";
import { Series, type SeriesData, seriesOf } from "./series.js";

/** A statistic; a number between 0 and 1 is the level of a quantile. */
export type Stat = "mean" | "std" | "min" | "max" | number;

/** A feature: made by the functions of this module, such as `lag(1)`. */
export class Feature {
  /** @internal */
  constructor(
    /** @internal */
    readonly described: object | string,
  ) {}

  /** The names of its columns. */
  get columns(): string[] {
    return call(() => native.featureColumns(JSON.stringify({ features: [this.described] })));
  }
}

type Stated = string | { quantile: number };

function stated(stat: Stat): Stated {
  return typeof stat === "number" ? { quantile: stat } : stat;
}

/** Whole numbers of rows, columns or days. */
function counts<T extends Record<string, number>>(given: T): T {
  Object.entries(given).forEach(([name, value]) => count(value, name, 2 ** 31 - 1));
  return given;
}

/** Options of features of rows before. */
export interface RowOptions {
  /** How many rows before the latest lies; 1 unless given. */
  readonly lag?: number;
}

/** Options of windows of rows. */
export interface WindowOptions extends RowOptions {
  /** With fewer values the feature is NaN; as many as the window has unless given. */
  readonly minSamples?: number;
}

/** The value so many rows before. */
export function lag(rows: number): Feature {
  return new Feature({ lag: counts({ rows }).rows });
}

/** The value `lag` rows before, less that `period` rows earlier. */
export function difference(lag: number, period: number): Feature {
  return new Feature({ difference: counts({ lag, period }) });
}

/** A statistic of `window` rows. */
export function rolling(stat: Stat, window: number, { lag = 1, minSamples = 0 }: WindowOptions = {}): Feature {
  counts({ lag, window, minSamples });
  return new Feature({ rolling: { lag, window, min_samples: minSamples, stat: stated(stat) } });
}

/** A statistic of `window` rows that lie `season` rows apart. */
export function seasonalRolling(stat: Stat, season: number, window: number, options: WindowOptions = {}): Feature {
  const { lag = 1, minSamples = 0 } = options;
  counts({ lag, season, window, minSamples });
  return new Feature({ seasonal_rolling: { lag, season, window, min_samples: minSamples, stat: stated(stat) } });
}

/** A statistic of all rows up to `lag` rows before. */
export function expanding(stat: Stat, { lag = 1 }: RowOptions = {}): Feature {
  return new Feature({ expanding: { ...counts({ lag }), stat: stated(stat) } });
}

/** Exponentially weighted rows; `alpha` is the weight of the newest. */
export function ewm(alpha: number, stat: "mean" | "std" = "mean", { lag = 1 }: RowOptions = {}): Feature {
  return new Feature({ ewm: { ...counts({ lag }), alpha, stat } });
}

/** A statistic of the rows within so many seconds that end `delay` before the row: for irregular times. */
export function over(seconds: number, stat: Stat, { delay = 0 }: { readonly delay?: number } = {}): Feature {
  return new Feature({ span: { span: span(seconds, "seconds"), delay: span(delay, "delay"), stat: stated(stat) } });
}

/** Mean of the rows before, whose weight halves every so many seconds. */
export function fading(halfLife: number, { delay = 0 }: { readonly delay?: number } = {}): Feature {
  return new Feature({ span_ewm: { half_life: span(halfLife, "halfLife"), delay: span(delay, "delay") } });
}

/** A part of the local date. */
export function calendar(
  part: "day_of_week" | "day" | "month" | "week" | "day_of_year" | "weekend" | "hour" | "quarter" | "year",
): Feature {
  return new Feature({ calendar: part });
}

/** Sine and cosine of a period in seconds and its fractions: `2 · order` columns. */
export function fourier(period: number, order: number): Feature {
  return new Feature({ fourier: { period: span(period, "period"), ...counts({ order }) } });
}

/** How the local day relates to the holidays: whether it is one, or days to the next or since the last, at most so many. */
export function holiday(what: "is" | "days_to" | "days_since" = "is", most = 30): Feature {
  count(most, "most", 2 ** 16 - 1);
  return new Feature({ holiday: what === "is" ? what : { [what]: most } });
}

/** Days since the last event before the row, such as an emptying; NaN before the first. */
export function sinceEvent(): Feature {
  return new Feature("since_event");
}

/** Mean of the latest values of the `k` nearest other series, as far as they are not older than `maxAge` seconds; a week
 * unless given. */
export function neighbourMean(
  k: number,
  { delay = 0, maxAge = 7 * DAY }: { readonly delay?: number; readonly maxAge?: number } = {},
): Feature {
  return new Feature({
    neighbour_mean: { ...counts({ k }), delay: span(delay, "delay"), max_age: span(maxAge, "maxAge") },
  });
}

/** What some features need beside the values. */
export interface Context {
  /** Local time less UTC, in seconds: for calendar, holidays and Fourier terms. */
  readonly utcOffset?: number;
  /** Local days, such as `2026-12-25`. */
  readonly holidays?: readonly (string | Date)[];
  /** Rows of `id` and `time`, such as emptyings: for {@link sinceEvent}. */
  readonly events?: SeriesData;
  /** Where each series is, in their order: for {@link neighbourMean}. */
  readonly coords?: readonly (readonly [number, number])[];
}

function specOf(wanted: readonly Feature[], { utcOffset = 0, holidays = [] }: Context): string {
  const days = holidays.map((day, i) => Math.floor(moment(day, `holidays[${i}]`) / DAY));
  return JSON.stringify({
    features: wanted.map(({ described }) => described),
    utc_offset: span(utcOffset, "utcOffset"),
    holidays: days.sort((a, b) => a - b),
  });
}

function contextOf(names: readonly string[], { events, coords }: Context) {
  let byName: Map<string, Float64Array> | undefined;
  if (events) {
    const { native: table } = new Series(events);
    const { starts, times } = table;
    byName = new Map(table.names.map((name, i) => [name, times.subarray(starts[i]!, starts[i + 1]!)]));
  }
  return given({
    events: byName && names.map((name) => byName.get(name) ?? new Float64Array()),
    coords: coords && Float64Array.from(coords.flat()),
  });
}

/** Features by row and column. */
export interface FeatureMatrix {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** Row-major; rows in the order of {@link Series.rows}. */
  readonly values: Float64Array;
}

/** Features of every row, on a thread of its own. A row at time *t* holds nothing that was learned at *t* or later, and
 * nothing of other series but what {@link neighbourMean} asks for. */
export async function features(
  series: Series | SeriesData,
  wanted: readonly Feature[],
  context: Context = {},
): Promise<FeatureMatrix> {
  const data = seriesOf(series);
  const spec = specOf(wanted, context);
  const needed = contextOf(data.names, context);
  const values = await answered(() => native.computeFeatures(data.native, spec, needed));
  return { columns: native.featureColumns(spec), values };
}

/** The features of the reading to come, of series that grow by one reading at a time: equal to what {@link features} gives
 * for that row. */
export class FeatureState {
  /** The names of the columns. */
  readonly columns: readonly string[];
  readonly #native: NativeFeatureState;
  readonly #places: Map<string, number>;

  constructor(series: Series | SeriesData, wanted: readonly Feature[], context: Context = {}) {
    const data = seriesOf(series);
    const spec = specOf(wanted, context);
    const needed = contextOf(data.names, context);
    this.#places = places(data.names);
    this.#native = call(() => new native.NativeFeatureState(data.native, spec, needed));
    this.columns = native.featureColumns(spec);
  }

  /** Adds a reading. */
  update(id: string, time: Moment, value: number): void {
    const [place, at] = [this.#place(id), moment(time, "time")];
    call(() => this.#native.update(place, at, value));
  }

  /** Adds an event, such as an emptying. */
  addEvent(id: string, time: Moment): void {
    const [place, at] = [this.#place(id), moment(time, "time")];
    call(() => this.#native.addEvent(place, at));
  }

  /** A row for each series, of a reading at the given time, or at one time for each. */
  rows(time: Moment | ArrayLike<Moment>): number[][] {
    const isOne = typeof time !== "object" || time instanceof Date;
    const times = isOne
      ? new Float64Array(this.#places.size).fill(moment(time as Moment, "time"))
      : moments(time as ArrayLike<Moment>, "time");
    const found = call(() => this.#native.rows(times));
    return Array.from(chunks(found, this.columns.length), (row) => [...row]);
  }

  #place(id: string): number {
    const place = this.#places.get(id);
    if (place === undefined) {
      throw setting(`there is no series ${JSON.stringify(id)}: use the ids that the state was made from`);
    }
    return place;
  }
}

/** Something that happened at a time, and became known at a time: the same unless given. */
export interface Event {
  /** Whose. */
  readonly id: string;
  /** When it happened. */
  readonly time: Moment;
  /** When it became known. */
  readonly known?: Moment;
  /** What it was. */
  readonly value: number | null;
}

/** Values that happened at a time, and became known at a time. */
export class AsOfTable {
  readonly #native: NativeAsOfTable;
  readonly #places: Map<string, number>;

  constructor(events: Iterable<Event>) {
    const all = [...events];
    this.#places = places([...new Set(all.map(({ id }) => id))]);
    const keys = Float64Array.from(all, ({ id }) => this.#places.get(id)!);
    const happened = Float64Array.from(all, ({ time }, i) => moment(time, `[${i}].time`));
    const known = Float64Array.from(all, ({ time, known = time }, i) => moment(known, `[${i}].known`));
    const values = numbers(all.map(({ value }) => value), "value");
    this.#native = call(() => new native.NativeAsOfTable(this.#places.size, keys, happened, known, values));
  }

  /** For each question the latest value that had happened and was known, and the row that it came from (NaN and −1: none).
   * Strict unless `allowExact`: what happened, or became known, at the very time of a question does not answer it.
   * `tolerance` bounds the age of an answer, in seconds. */
  join(
    questions: Iterable<{ readonly id: string; readonly time: Moment }>,
    { tolerance, allowExact = false }: { readonly tolerance?: number; readonly allowExact?: boolean } = {},
  ): { value: number; row: number }[] {
    const all = [...questions];
    const have = all.map(({ id }, i) => [this.#places.get(id), i] as const).filter(([key]) => key !== undefined);
    const keys = Float64Array.from(have, ([key]) => key!);
    const times = Float64Array.from(have, ([, i]) => moment(all[i]!.time, `[${i}].time`));
    const age = span(tolerance, "tolerance");
    const { rows, values } = call(() => this.#native.join(keys, times, age, allowExact));
    const found = all.map(() => ({ value: Number.NaN, row: -1 }));
    have.forEach(([, i], place) => (found[i] = { value: values[place]!, row: rows[place]! }));
    return found;
  }
}
