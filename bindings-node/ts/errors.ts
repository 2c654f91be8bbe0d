/** What can go wrong: one class, whose `code` says which kind it is. */

import type { Failure, Issue } from "./documents.js";

export type { Issue } from "./documents.js";

/** Which kind of error it is: a word that stays the same over versions. */
export type ErrorCode =
  | "validation"
  | "read"
  | "json_syntax"
  | "json_kind"
  | "json_version"
  | "json_shape"
  | "json_content"
  | "format"
  | "plan"
  | "write"
  | "adapt"
  | "period"
  | "scenarios"
  | "carry"
  | "compare"
  | "pareto"
  | "road"
  | "tables"
  | "forecast"
  | "setting"
  | "internal";

/** Whatever milkrun throws or rejects with. */
export class MilkrunError extends Error {
  override readonly name: string = "MilkrunError";
  /** Which kind of error it is. */
  readonly code: ErrorCode;
  /** Every fault at once; empty where the message says all. */
  readonly issues: readonly Issue[];

  constructor(code: ErrorCode, message: string, issues: readonly Issue[] = [], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.issues = issues;
  }

  /** Where the first fault is. */
  get path(): string | undefined {
    return this.issues[0]?.path;
  }
}

/** A problem is not valid: `code` is `validation`, and `issues` has every fault at once. */
export class ValidationError extends MilkrunError {
  override readonly name: string = "ValidationError";

  constructor(issues: readonly Issue[], message = listed(issues)) {
    super("validation", message, issues);
  }
}

const WHAT = { adapt: "the adaptation", period: "the period", scenarios: "the scenarios", compare: "the comparison" };

/** The error that is a list of issues about one thing.
 * @internal */
export function faulty(code: keyof typeof WHAT, issues: readonly Issue[]): MilkrunError {
  return new MilkrunError(code, listed(issues, WHAT[code]), issues);
}

const SHOWN = 20;

function listed(issues: readonly Issue[], what = "the problem"): string {
  const lines = issues.slice(0, SHOWN).map(({ path, value, message, remedy }) => {
    return `\n  ${path}${value && ` = ${value}`}: ${message}${remedy && `; ${remedy}`}`;
  });
  if (issues.length > SHOWN) {
    lines.push(`\n  … and ${issues.length - SHOWN} more`);
  }
  return `${what} has ${issues.length} fault${issues.length === 1 ? "" : "s"}:${lines.join("")}`;
}

const MARK = "\u001f";

/** The error that the native part means.
 * @internal */
export function understood(error: unknown): unknown {
  const text = error instanceof Error ? error.message : "";
  if (!text.startsWith(MARK)) {
    return error;
  }
  const { code, message, issues } = JSON.parse(text.slice(MARK.length)) as Failure;
  return code === "validation" ? new ValidationError(issues, message) : new MilkrunError(code as ErrorCode, message, issues);
}

/** Calls the native part.
 * @internal */
export function call<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw understood(error);
  }
}

/** An error about a parameter.
 * @internal */
export function setting(message: string): MilkrunError {
  return new MilkrunError("setting", message);
}

/** A word that must be a known one.
 * @internal */
export function oneOf<T extends string>(what: string, word: string, known: readonly T[]): T {
  const found = known.find((each) => each === word);
  if (found === undefined) {
    throw setting(`unknown ${what} \`${word}\`: use one of ${known.join(", ")}`);
  }
  return found;
}
