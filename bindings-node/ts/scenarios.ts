/** Planning a day that may turn out in several ways. */

import type * as documents from "./documents.js";
import { call, faulty } from "./errors.js";
import { native } from "./native.js";
import type { Reference } from "./options.js";
import { Plan, type Problem } from "./problem.js";
import { searchDocument, type SearchOptions, stopReason, type StopReason, underway } from "./search.js";
import { type Loads, Scaler, scales, whole } from "./units.js";

/** What a client may turn out to be. */
export interface Uncertain {
  /** The client. */
  readonly client: Reference;
  /** What may be, each as likely as every other one: what the client hands over, and what it costs to leave it unserved (0 unless
   * given). */
  readonly outcomes: readonly { readonly pickup: Loads; readonly prize?: number }[];
}

/** What is uncertain, and how to search. Without any limit, it takes ten seconds. */
export interface ScenarioOptions extends SearchOptions {
  /** The clients that are uncertain, drawn independently of each other. */
  readonly uncertain: readonly Uncertain[];
  /** Over how many scenarios it is planned; 20 unless given. */
  readonly scenarios?: number;
  /** In how many others the plan is driven, to tell what it costs; 200 unless given. */
  readonly fresh?: number;
  /** The rounds of agreement; 3 unless given. */
  readonly rounds?: number;
  /** The share of scenarios that must agree about a client in the first round; 0.9 unless given. */
  readonly agreement?: number;
}

/** A plan over scenarios, and the plan for what is expected beside it. */
export interface ScenarioPlan extends Omit<documents.ScenarioPlan, "stopped"> {
  /** The plan. */
  readonly plan: Plan;
  /** The plan that looks at what is expected alone. It may be the same. */
  readonly planForMeans: Plan;
  /** Why the search ended. */
  readonly stopped: StopReason;
}

/**
 * Plans a day that may turn out in several ways, on a thread of its own; the problem says what is expected. Scenarios are drawn and
 * planned one by one, and what most of them agree on is decided. The plan, and the one for what is expected, are then driven in fresh
 * scenarios, which comes after the limits of the search. A {@link MilkrunError} with the code `scenarios` has every fault at once.
 */
export async function planScenarios(problem: Problem, options: ScenarioOptions): Promise<ScenarioPlan> {
  const { uncertain, scenarios = 20, fresh = 200, rounds, agreement, ...search } = options;
  const scaler = new Scaler(problem.units);
  const asked: documents.Scenarios = {
    uncertain: uncertain.map(({ client, outcomes }, u) => ({
      client,
      outcomes: outcomes.map(({ pickup, prize = 0 }, o) => ({
        pickup: scaler.loads(pickup, `uncertain[${u}].outcomes[${o}].pickup`),
        prize: scaler.cost(prize, `uncertain[${u}].outcomes[${o}].prize`),
      })),
    })),
    scenarios: whole(scenarios, "scenarios"),
    fresh: whole(fresh, "fresh"),
    rounds: rounds === undefined ? null : whole(rounds, "rounds"),
    agreement: agreement ?? null,
  };
  if (scaler.issues.length > 0) {
    throw faulty("scenarios", scaler.issues);
  }
  const found = await underway(options, (token, report) =>
    native.planScenarios(
      problem.native,
      JSON.stringify(asked),
      searchDocument(search),
      token,
      report,
      scales(problem.units),
    ),
  );
  const { stopped, ...ended } = JSON.parse(call(() => found.ended())) as documents.ScenarioPlan;
  const plans = { plan: new Plan(found.plan, problem), planForMeans: new Plan(found.planForMeans, problem) };
  return { ...ended, ...plans, stopped: stopReason(stopped) };
}
