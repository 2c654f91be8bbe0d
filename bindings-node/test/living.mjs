// What comes of the conformance vectors that ask for more than a plan.

import { pareto, planPeriod, planScenarios } from "milkrun";

/** The answer of a case, as the vectors have it. */
export function answer(vector, problem, published, record) {
  const { seed, threads, max_iterations } = vector.parameters;
  const search = { maxIterations: max_iterations, seed, threads };
  const [[kind, asked]] = Object.entries(vector.asked);
  const answers = {
    adapt: () => adapted(problem, published, asked, search, record),
    period: () => planned(problem, asked, search, record),
    compare: () => compared(problem, asked, search, record),
    pareto: () => front(problem, asked, search, record),
    scenarios: () => overScenarios(problem, asked, search, record),
  };
  return answers[kind]();
}

async function adapted(problem, published, asked, search, record) {
  const { events = [], prices, now, keep, keep_until } = asked;
  const found = await problem.adapt(published, {
    now,
    events: events.map((event) => ({ ...camel(event), kind: word(event.kind) })),
    prices: prices && camel(prices),
    keep,
    keepUntil: keep_until,
    ...search,
  });
  return {
    changes: found.difference.changes.map(({ text, cause }) => [text, cause]),
    reordered: found.difference.reordered,
    order_cost: found.orderCost,
    cost: found.difference.cost,
    published_route: found.publishedRoute,
    followed: record(found.followed),
    plan: record(found.plan),
    stopped: found.stopped,
    iterations: found.iterations,
  };
}

async function planned(problem, asked, search, record) {
  const { days, visits, working_days = [], consistency = {}, territories = [], told = [] } = asked;
  const found = await planPeriod(problem, {
    days,
    visits: visits.map(({ client, ...own }) => ({ client, visits: camel(own) })),
    workingDays: working_days.map(camel),
    consistency: camel(consistency),
    territories: territories.map(camel),
    told,
    ...search,
  });
  return {
    cost: found.cost,
    consistency_cost: found.consistencyCost,
    other_vehicle: found.otherVehicle,
    moved_days: found.movedDays,
    other_time: found.otherTime,
    visited: found.visited,
    plans: [found.plan, ...found.days.map(({ plan }) => plan)].map(record),
    stopped: found.stopped,
    iterations: found.iterations,
  };
}

async function compared(problem, { document, seeds }, search, record) {
  const changes = (list) => list.map((change) => ({ ...shallow(change), kind: word(change.kind) }));
  const variants = document.variants.map(({ name, changes: list }) => [name, changes(list)]);
  const found = await problem.compare(Object.fromEntries(variants), { seeds, ...search });
  const difference = (own) => own && snake(own);
  return {
    variants: found.variants.map(({ name, runs, spreads, differences, text, plan }) => ({
      name,
      costs: runs.map((run) => run && run.cost),
      spread: spreads.cost,
      difference: difference(differences.cost),
      text,
      plan: plan && record(plan),
    })),
  };
}

async function front(problem, { objectives, points }, search, record) {
  const found = await pareto(problem, objectives, { points, ...search });
  return {
    objectives: found.objectives,
    points: found.points.map(({ values, trade, plan }) => ({ values, trade, plan: record(plan) })),
    runs: found.runs,
    covered: found.covered,
  };
}

async function overScenarios(problem, asked, search, record) {
  const found = await planScenarios(problem, { ...asked, ...search });
  return {
    outcomes: snake(found.outcomes),
    outcomes_for_means: snake(found.outcomesForMeans),
    fresh: snake(found.fresh),
    fresh_for_means: snake(found.freshForMeans),
    visited_share: found.visitedShare,
    plan: record(found.plan),
    plan_for_means: record(found.planForMeans),
    stopped: found.stopped,
  };
}

/** `broken_down` as `brokenDown`. */
function word(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

/** The fields with names as JavaScript has them. */
function shallow(fields) {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [word(name), value]));
}

/** The same, also of what is inside. */
function camel(value) {
  if (Array.isArray(value) || value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [word(name), camel(inner)]));
}

/** The fields with names as documents have them. */
function snake(fields) {
  const name = (word) => word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(fields).map(([word, value]) => [name(word), value]));
}
