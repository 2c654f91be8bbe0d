/** From rows and columns of the user to typed arrays, and back. */

import { setting, understood } from "../errors.js";

/** A moment: a date, seconds since 1970, or ISO 8601 such as `2026-03-01T06:00` (UTC unless it names a zone). */
export type Moment = Date | number | string;

/** A column of numbers; `null` stands for a missing one. */
export type Numbers = ArrayLike<number | null>;

/** An hour in seconds. */
export const HOUR = 3600;

/** A day in seconds. */
export const DAY = 86_400;

/** Seconds since 1970.
 * @internal */
export function moment(value: Moment, path: string): number {
  const seconds = typeof value === "number" ? value : milliseconds(value) / 1000;
  if (!Number.isFinite(seconds)) {
    throw setting(`${path} is ${String(value)}: give a Date, seconds since 1970, or a text such as 2026-03-01T06:00Z`);
  }
  return Math.floor(seconds);
}

function milliseconds(value: Date | string): number {
  if (typeof value !== "string") {
    return value instanceof Date ? value.getTime() : Number.NaN;
  }
  const text = value.trim().replace(" ", "T");
  const hasZone = !text.includes("T") || /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(text);
  return Date.parse(hasZone ? text : `${text}Z`);
}

/** Seconds since 1970 of a column.
 * @internal */
export function moments(values: ArrayLike<Moment>, path: string): Float64Array {
  return Float64Array.from({ length: values.length }, (_, i) => moment(values[i] as Moment, `${path}[${i}]`));
}

/** A column of numbers; what is missing becomes NaN.
 * @internal */
export function numbers(values: Numbers, path: string): Float64Array {
  const number = (i: number) => {
    const value = values[i] ?? Number.NaN;
    if (typeof value !== "number") {
      throw setting(`${path}[${i}] is ${JSON.stringify(value)}: give a number, or null where it is missing`);
    }
    return value;
  };
  return values instanceof Float64Array ? values : Float64Array.from({ length: values.length }, (_, i) => number(i));
}

/** A length of time in seconds, if given.
 * @internal */
export function span(value: number | undefined, path: string): number | undefined {
  if (value !== undefined && !(Number.isFinite(value) && Math.abs(value) < 2 ** 53)) {
    throw setting(`${path} is ${String(value)}: give a number of seconds`);
  }
  return value === undefined ? value : Math.round(value);
}

/** A whole number from 0, if given.
 * @internal */
export function count(value: number | undefined, path: string, most = 2 ** 32 - 1): number | undefined {
  if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= most)) {
    throw setting(`${path} is ${String(value)}: give a whole number from 0 to ${most}`);
  }
  return value;
}

/** A number of any size, if given; NaN is left to the native part, which says what it must be.
 * @internal */
export function real(value: number | undefined, path: string): number | undefined {
  if (value !== undefined && typeof value !== "number") {
    throw setting(`${path} is ${String(value)}: give a number`);
  }
  return value;
}

/** What was given of a record.
 * @internal */
export function given<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Waits for the native part.
 * @internal */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw understood(error);
  }
}

/** The date of seconds since 1970.
 * @internal */
export function date(seconds: number): Date {
  return new Date(seconds * 1000);
}

/** The rows of a matrix.
 * @internal */
export function* chunks(values: Float64Array, width: number): Generator<Float64Array> {
  for (let at = 0; at + width <= values.length; at += width) {
    yield values.subarray(at, at + width);
  }
}

/** The place of a name.
 * @internal */
export function places(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, i) => [name, i]));
}
