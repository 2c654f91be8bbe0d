/** What was missed on a day, taken into the next one. */

import type * as documents from "./documents.js";
import { call, setting } from "./errors.js";
import { native } from "./native.js";
import type { Reference } from "./options.js";
import { type Plan, Problem } from "./problem.js";

/** What was missed. */
export interface MissedOptions {
  /** Clients that were planned and missed: they must be served on the next day. */
  readonly clients?: readonly Reference[];
  /** Shipments that were planned and missed. */
  readonly shipments?: readonly Reference[];
  /** Whether what the plan leaves unserved goes with them, as required or optional as it was; yes unless given. */
  readonly unserved?: boolean;
}

/** The next day's problem with what was missed. */
export interface CarriedOver {
  /** The problem. */
  readonly problem: Problem;
  /** What became of the clients. */
  readonly clients: readonly documents.Carried[];
  /** What became of the shipments. */
  readonly shipments: readonly documents.Carried[];
}

/**
 * Takes what a day missed into the problem of the next one. Who is there on the next day, too, by the same name, gets the amounts of both
 * days; any other joins it as it was. What is carried has the tag `carried`. A {@link MilkrunError} with the code `carry` has every
 * fault at once.
 */
export function carry(plan: Plan, into: Problem, options: MissedOptions = {}): CarriedOver {
  const { clients = [], shipments = [], unserved = true } = options;
  if (JSON.stringify(plan.problem.units) !== JSON.stringify(into.units)) {
    throw setting("both days must have the same units");
  }
  const asked: documents.Missed = { clients: [...clients], shipments: [...shipments], unserved };
  const over = call(() => native.carryOver(plan.native, into.native, JSON.stringify(asked)));
  const about = JSON.parse(call(() => over.about())) as documents.CarriedOver;
  return { problem: into.alike(over.problem()), ...about };
}
