/** Problems from spreadsheets. */

import type * as documents from "./documents.js";
import { call } from "./errors.js";
import { native } from "./native.js";
import type { TableRecord } from "./native-types.js";
import { Problem } from "./problem.js";

/** How tables are read: all of it is found out where it is not said. */
export interface ReadTablesOptions {
  /** The day that is planned, such as `2026-12-03`: only what is due on it is a client. Needed where tables have days. */
  readonly day?: string;
  /** What columns are, by their headings: `{"Kap.": "capacity:kg", "Intern": "ignore"}`. */
  readonly map?: Readonly<Record<string, string>>;
  /** What files and sheets are, by their names. */
  readonly roles?: Readonly<Record<string, documents.Role>>;
  /** What separates cells. */
  readonly separator?: string;
  /** The encoding, such as `windows-1252`. */
  readonly encoding?: string;
  /** The mark before decimals. */
  readonly decimal?: documents.DecimalMark;
  /** Which part of `03/04/2026` stands first. */
  readonly dateOrder?: documents.DateOrder;
  /** The language of days. */
  readonly language?: documents.Language;
  /** The text of a file, TOML or JSON, that replaces what is assumed where tables are silent. */
  readonly defaults?: string;
}

/** A table that is no file: its content, and a name whose ending tells what it is. */
export interface TableContent {
  /** Such as `bins.csv`. */
  readonly name: string;
  /** Text, or the bytes of a file. */
  readonly content: string | Uint8Array;
}

/** A problem that was read from tables, and what was understood. */
export interface Tables {
  /** The problem: metres and seconds from midnight. */
  readonly problem: Problem;
  /** What each column was read as, what is due, and what was assumed. */
  readonly report: documents.TablesReport;
  /** The report for people. */
  readonly text: string;
}

/**
 * Reads a problem from tables: paths of CSV files, of workbooks (`.xlsx`, `.ods`) or of folders, and contents.
 *
 * ```ts
 * const { problem, text } = readTables(["tables"], { day: "2026-12-03" });
 * console.error(text);
 * ```
 *
 * Throws a {@link MilkrunError} with every fault at once, each with file, row, column, value and remedy.
 */
export function readTables(tables: readonly (string | TableContent)[], options: ReadTablesOptions = {}): Tables {
  const paths = tables.filter((table) => typeof table === "string");
  const contents = tables.filter((table) => typeof table !== "string").map(
    ({ name, content }): TableRecord => ({
      name,
      content: typeof content === "string" ? Buffer.from(content) : content,
    }),
  );
  const { dateOrder, ...rest } = options;
  const given: documents.TableOptions = { ...rest, ...(dateOrder === undefined ? {} : { date_order: dateOrder }) };
  const read = call(() => native.NativeTables.read(paths, contents, JSON.stringify(given)));
  return {
    problem: new Problem(read.problem()),
    report: JSON.parse(call(() => read.report())) as documents.TablesReport,
    text: read.text(),
  };
}
