/** Matrices of travel: typed arrays or rows of numbers. */

import type { MatrixRecord } from "./native-types.js";
import { UNREACHABLE } from "./units.js";

/**
 * A square table, row-major: a typed array of n × n values, or rows of numbers. `null`, NaN and infinity stand for a pair
 * without a way.
 */
export type MatrixLike =
  | readonly (readonly (number | null)[])[]
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | BigInt64Array
  | BigUint64Array;

/** Number of rows, and the scaled values.
 * @internal */
export function scaledMatrix(matrix: MatrixLike, scale: number, path: string): MatrixRecord {
  return ArrayBuffer.isView(matrix) ? ofTypedArray(matrix, scale, path) : ofRows(matrix, scale, path);
}

function ofTypedArray(matrix: Exclude<MatrixLike, readonly unknown[]>, scale: number, path: string): MatrixRecord {
  const size = Math.round(Math.sqrt(matrix.length));
  if (size * size !== matrix.length) {
    throw new TypeError(`${path} has ${matrix.length} values, which make no square`);
  }
  const values = new Float64Array(matrix.length);
  for (let i = 0; i < values.length; i++) {
    values[i] = entry(Number(matrix[i]), scale);
  }
  return { size, values };
}

function ofRows(
  matrix: readonly (readonly (number | null)[])[],
  scale: number,
  path: string,
): MatrixRecord {
  const size = matrix.length;
  const values = new Float64Array(size * size);
  matrix.forEach((row, i) => {
    if (row.length !== size) {
      throw new TypeError(`${path}[${i}] has ${row.length} values; give ${size}, one for each row`);
    }
    row.forEach((value, j) => (values[i * size + j] = entry(value, scale)));
  });
  return { size, values };
}

function entry(value: number | null, scale: number): number {
  if (value === null || Number.isNaN(value) || value === Infinity) {
    return UNREACHABLE;
  }
  return Math.floor(Math.min(Math.max(value * scale, -(2 ** 53)), 2 ** 53) + 0.5);
}
