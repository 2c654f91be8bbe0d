/** Readings of several bins or places, and what went into bins. */

import { call, setting } from "../errors.js";
import { native } from "../native.js";
import type { EmptyingRecord, GridRecord, NativeCleaned, NativeIncrements, NativeSeries } from "../native-types.js";
import { answered, chunks, DAY, date, given, type Moment, moment, moments, type Numbers, numbers, places, real, span } from "./columns.js";

/** A reading: whose, when, and the value; `null` where it is missing. */
export interface Reading {
  /** The bin or place. */
  readonly id: string;
  /** When. */
  readonly time: Moment;
  /** The value. */
  readonly value?: number | null;
}

/** Readings as rows, or as columns of one length. */
export type SeriesData =
  | Iterable<Reading>
  | { readonly id: ArrayLike<string>; readonly time: ArrayLike<Moment>; readonly value?: Numbers };

/** Several series in one: rows in any order come out grouped by id and in order of time. */
export class Series {
  /** @internal */
  readonly native: NativeSeries;

  constructor(data: SeriesData) {
    const { id, time, value } = columns(data);
    if (id.length !== time.length || id.length !== value.length) {
      throw setting(`there are ${id.length} ids, ${time.length} times and ${value.length} values: give one of each`);
    }
    const known = new Map<string, number>();
    const codes = Uint32Array.from(id, (name) => known.get(name) ?? (known.set(name, known.size), known.size - 1));
    const order = Uint32Array.from(codes.keys());
    const isSorted = order.every((i) => i === 0 || (codes[i - 1]! - codes[i]! || time[i - 1]! - time[i]!) <= 0);
    if (!isSorted) {
      order.sort((a, b) => codes[a]! - codes[b]! || time[a]! - time[b]! || a - b);
    }
    const starts = new Float64Array(known.size + 1);
    codes.forEach((code) => starts[code + 1]!++);
    starts.forEach((_, i) => (starts[i]! += starts[i - 1] ?? 0));
    const sorted = (column: Float64Array) => (isSorted ? column : Float64Array.from(order, (i) => column[i]!));
    this.native = call(() => new native.NativeSeries([...known.keys()], starts, sorted(time), sorted(value)));
  }

  /** @internal */
  static of(made: NativeSeries): Series {
    return Object.assign(Object.create(Series.prototype) as { native: NativeSeries }, { native: made }) as Series;
  }

  /** The ids, in the order in which they first appear. */
  get names(): string[] {
    return this.native.names;
  }

  /** How many rows there are. */
  get length(): number {
    return this.native.times.length;
  }

  /** Seconds since 1970, in the order of series and time. */
  get times(): Float64Array {
    return this.native.times;
  }

  /** The values, in the order of series and time; NaN where one is missing. */
  get values(): Float64Array {
    return this.native.values;
  }

  /** All rows, in the order of series and time. */
  rows(): { id: string; time: Date; value: number }[] {
    const { names, starts, times, values } = this.native;
    return names.flatMap((id, series) => {
      const [from, to] = [starts[series]!, starts[series + 1]!];
      return Array.from({ length: to - from }, (_, i) => ({ id, time: date(times[from + i]!), value: values[from + i]! }));
    });
  }

  /** The rows before a moment. */
  before(time: Moment): Series {
    return Series.of(this.native.before(moment(time, "time")));
  }

  /** Means of steps of equal length, a day unless given. A step without rows stays `missing` (NaN), or takes the
   * `previous` value, the `linear` one between its neighbours, or a number. */
  resample(options: { step?: number; origin?: Moment; fill?: "missing" | "previous" | "linear" | number } = {}): Regular {
    const { step = DAY, origin = 0, fill = "missing" } = options;
    const [word, number] = typeof fill === "number" ? ["value", fill] : [fill, 0];
    const of = [span(step, "step")!, moment(origin, "origin")] as const;
    return regular(this.names, call(() => this.native.resample(...of, word, number)));
  }
}

function columns(data: SeriesData): { id: string[]; time: Float64Array; value: Float64Array } {
  if (Symbol.iterator in data) {
    const rows = [...data];
    const time = Float64Array.from(rows, (row, i) => moment(row.time, `[${i}].time`));
    const value = numbers(rows.map((row) => row.value ?? null), "value");
    return { id: rows.map(({ id }) => String(id)), time, value };
  }
  const missing = () => new Float64Array(data.time.length).fill(Number.NaN);
  const value = data.value === undefined ? missing() : numbers(data.value, "value");
  return { id: Array.from(data.id, String), time: moments(data.time, "time"), value };
}

/** @internal */
export function seriesOf(data: Series | SeriesData): Series {
  return data instanceof Series ? data : new Series(data);
}

/** Regular series: a value for each step, NaN where it is missing. */
export interface Regular {
  /** The names. */
  readonly names: readonly string[];
  /** When the first step of each begins, in seconds since 1970. */
  readonly starts: ArrayLike<number>;
  /** How many seconds a step has. */
  readonly step: number;
  /** The values of each. */
  readonly values: readonly ArrayLike<number | null>[];
}

function regular(names: string[], { starts, step, ends, values }: GridRecord): Regular {
  return { names, starts, step, values: names.map((_, i) => values.subarray(ends[i]!, ends[i + 1]!)) };
}

/** Values of all series one after the other, and where those of each end.
 * @internal */
export function joined({ names, values }: Regular): { ends: Float64Array; values: Float64Array } {
  if (names.length !== values.length) {
    throw setting(`there are ${names.length} names and ${values.length} series: give one for each`);
  }
  const ends = new Float64Array(values.length + 1);
  values.forEach((series, i) => (ends[i + 1] = ends[i]! + series.length));
  const all = new Float64Array(ends[values.length]!);
  values.forEach((series, i) => all.set(numbers(series, `values[${i}]`), ends[i]!));
  return { ends, values: all };
}

/** How readings are cleaned. Levels are in the readings' own unit. */
export interface CleanOptions {
  /** When bins were emptied, and (as `value`) the level right after, where it is known. Without it, emptyings come from
   * falls of the level. */
  readonly emptyings?: Series | SeriesData;
  /** The level of a full bin; 100 unless given. */
  readonly full?: number;
  /** By how much a reading may lie beyond `0 … full`; it is then set to the bound. 5 unless given. */
  readonly tolerance?: number;
  /** Falls up to this are noise; 2 unless given. */
  readonly noise?: number;
  /** Falls from this on are emptyings; 20 unless given. */
  readonly emptyingDrop?: number;
  /** A lone reading that differs by so much from both its neighbours is dropped; `null` keeps it. 25 unless given. */
  readonly spike?: number | null;
  /** A sensor that reports the same for so many seconds is stuck; `null`: never. 14 days unless given. */
  readonly stuckAfter?: number | null;
  /** Longer gaps are reported, and nothing is concluded across them; in seconds, 2 days unless given. */
  readonly maxGap?: number;
  /** Which of several readings of one moment counts; `last` unless given. */
  readonly duplicates?: "first" | "last" | "mean";
}

/** Times from which to which. */
export interface Period {
  /** When it begins. */
  readonly from: Date;
  /** When it ends. */
  readonly to: Date;
}

/** What was wrong with the readings of a bin. */
export interface CleanReport {
  /** The bin. */
  readonly id: string;
  /** How many there were. */
  readonly rows: number;
  /** How many are kept. */
  readonly kept: number;
  /** How many had no value. */
  readonly missing: number;
  /** How many were of a moment that had another one. */
  readonly duplicates: number;
  /** How many lay beyond the bounds and the tolerance. */
  readonly outOfRange: number;
  /** How many lay beyond the bounds, and were set to them. */
  readonly clamped: number;
  /** How many were lone spikes. */
  readonly spikes: number;
  /** How many falls were too large for noise, and too small for an emptying. */
  readonly unexplainedFalls: number;
  /** When its sensor was stuck. */
  readonly stuck: readonly Period[];
  /** Times without readings that are longer than allowed. */
  readonly gaps: readonly Period[];
  /** The step between levels of a sensor that reports few of them. */
  readonly step: number | null;
}

/** An emptying: between `after` and `by`. */
export interface Emptying {
  /** The bin. */
  readonly id: string;
  /** The last reading before it. */
  readonly after: Date;
  /** The first reading after it, or the time that was given. */
  readonly by: Date;
  /** The level before; NaN where it is not known. */
  readonly levelBefore: number;
  /** The level after. */
  readonly levelAfter: number;
  /** Whether it was given, not found. */
  readonly given: boolean;
}

/** What is known of a bin; time and level are `null` where nothing is. */
export interface BinState {
  /** The bin. */
  readonly id: string;
  /** When its level was known. */
  readonly time: Moment | null;
  /** The level. */
  readonly level: number | null;
}

/** Readings that can be trusted: made by {@link clean}. */
export class Cleaned {
  /** The readings that are kept. */
  readonly readings: Series;
  /** The level of a full bin. */
  readonly full: number;

  /** @internal */
  constructor(
    /** @internal */
    readonly native: NativeCleaned,
  ) {
    this.readings = Series.of(native.readings);
    this.full = native.full;
  }

  /** By bin: what was wrong with its readings. */
  reports(): CleanReport[] {
    const periods = (all: number[][]) => all.map(([from, to]) => ({ from: date(from!), to: date(to!) }));
    const names = this.readings.names;
    return this.native.reports().map(({ stuck, gaps, step, ...counts }, i) => {
      return { id: names[i]!, ...counts, stuck: periods(stuck), gaps: periods(gaps), step: step ?? null };
    });
  }

  /** The emptyings of all bins. */
  emptyings(): Emptying[] {
    const names = this.readings.names;
    return this.native.emptyings().map(({ bin, after, by, ...rest }: EmptyingRecord) => {
      return { id: names[bin]!, after: date(after), by: date(by), ...rest };
    });
  }

  /** By bin: its last known level. */
  latest(): BinState[] {
    const names = this.readings.names;
    return Array.from(chunks(this.native.latest(), 2), ([time, level], i) => {
      const known = !Number.isNaN(level!);
      return { id: names[i]!, time: known ? date(time!) : null, level: known ? level! : null };
    });
  }

  /** What went into the bins between readings. */
  increments(): Increments {
    return new Increments(call(() => this.native.increments()));
  }
}

/** From raw readings to readings that can be trusted, on a thread of its own. Rejects with every fault at once. */
export async function clean(readings: Series | SeriesData, options: CleanOptions = {}): Promise<Cleaned> {
  const { emptyings, full, tolerance, noise, emptyingDrop, spike, stuckAfter, maxGap, duplicates } = options;
  const record = given({
    full: real(full, "full"),
    tolerance: real(tolerance, "tolerance"),
    noise: real(noise, "noise"),
    emptyingDrop: real(emptyingDrop, "emptyingDrop"),
    spike: spike === null ? Number.NaN : real(spike, "spike"),
    stuckAfter: stuckAfter === null ? -1 : span(stuckAfter, "stuckAfter"),
    maxGap: span(maxGap, "maxGap"),
    duplicates,
  });
  const raw = seriesOf(readings);
  const table = emptyings && seriesOf(emptyings);
  return new Cleaned(await answered(() => native.cleanReadings(raw.native, table?.native, record)));
}

/** What went into a bin between two readings; at least that much where the bin was full at the end (`censored`). */
export interface Increment {
  /** The bin. */
  readonly id: string;
  /** From when. */
  readonly from: Date;
  /** To when. */
  readonly to: Date;
  /** How much, in the readings' unit. */
  readonly amount: number;
  /** Whether it may have been more. */
  readonly censored: boolean;
}

/** What went into bins: made by {@link Cleaned.increments} or {@link visitIncrements}. */
export class Increments {
  /** @internal */
  constructor(
    /** @internal */
    readonly native: NativeIncrements,
  ) {}

  /** The bins. */
  get names(): string[] {
    return this.native.names;
  }

  /** All of them, by bin and in order of time. */
  rows(): Increment[] {
    const names = this.names;
    return Array.from(chunks(this.native.rows(), 5), ([bin, from, to, amount, censored]) => {
      return { id: names[bin!]!, from: date(from!), to: date(to!), amount: amount!, censored: censored === 1 };
    });
  }

  /** What is known before a moment. */
  before(time: Moment): Increments {
    return new Increments(this.native.before(moment(time, "time")));
  }

  /** How much went into each bin in each step, a day unless given. A step of which less than `minShare` was observed is
   * missing. */
  perStep(options: { step?: number; origin?: Moment; minShare?: number } = {}): Regular {
    const { step = DAY, origin = 0, minShare = 0.5 } = options;
    const of = [span(step, "step")!, moment(origin, "origin"), real(minShare, "minShare")!] as const;
    return regular(this.names, call(() => this.native.perStep(...of)));
  }
}

/** Increments of bins without sensors, from the levels that visits found. */
export function visitIncrements(visits: Series | SeriesData, full = 100): Increments {
  return new Increments(call(() => native.visitIncrements(seriesOf(visits).native, real(full, "full")!)));
}

/** Pairs of time and level in the order of bins, NaN where nothing is known.
 * @internal */
export function statesOf(names: readonly string[], states: Cleaned | Iterable<BinState>): Float64Array {
  const at = places(names);
  const pairs = new Float64Array(2 * names.length).fill(Number.NaN);
  for (const { id, time, level } of states instanceof Cleaned ? states.latest() : states) {
    const place = at.get(id);
    if (place === undefined) {
      throw setting(`the model knows no bin ${JSON.stringify(id)}: give states of the bins that it was made from`);
    }
    if (level !== null && !Number.isNaN(level)) {
      pairs.set([moment(time ?? Number.NaN, `the time of ${id}`), level], 2 * place);
    }
  }
  return pairs;
}
