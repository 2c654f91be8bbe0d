// The conformance vectors: what comes out in Rust comes out here, to the last digit. Their folder is in VECTORS.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MilkrunError, read } from "milkrun";
import { answer } from "./living.mjs";
import { modelOf } from "./support.mjs";

const folder = process.env.VECTORS;
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
const cases = names.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), "utf8"))]);

test("there are cases", () => assert.ok(cases.length >= 40));

for (const [name, vector] of cases) {
  test(name, async () => {
    const text = vector.text ?? JSON.stringify(vector.problem);
    const options = { format: vector.format, rounding: vector.rounding };
    assert.deepEqual(await outcome(vector, () => read(text, options)), vector.expected);
  });
  const code = vector.expected.error?.code ?? "plan";
  if (vector.problem && !vector.asked && ["plan", "validation"].includes(code)) {
    test(`${name}, through the model`, async () => {
      const found = await outcome(vector, () => modelOf(vector.problem).build());
      if (code === "validation") {
        const paths = (issues) => issues.map(([path]) => placeOf(path)).sort();
        assert.deepEqual(paths(found.error.issues), paths(vector.expected.error.issues));
      } else {
        assert.deepEqual(found, vector.expected);
      }
    });
  }
}

async function outcome(vector, make) {
  try {
    const problem = make();
    const plan = vector.plan && problem.plan(vector.plan.map(routeOf));
    if (vector.asked) {
      return { answer: await answer(vector, problem, plan, record) };
    }
    if (plan) {
      return { plan: record(plan) };
    }
    const { max_iterations, no_improvement, target_cost, initial, seed, threads } = vector.parameters;
    const found = await problem.solve({
      maxIterations: max_iterations,
      noImprovement: no_improvement,
      targetCost: target_cost,
      seed,
      threads,
      initial: initial && problem.plan(initial.map(routeOf)),
    });
    return { plan: { ...record(found.plan), stopped: found.stopped, iterations: found.iterations } };
  } catch (error) {
    if (!(error instanceof MilkrunError)) {
      throw error;
    }
    const issues = error.issues.map(({ path, value, message, remedy }) => [path, value, message, remedy]);
    return { error: { code: error.code, message: error.message, issues } };
  }
}

function routeOf({ vehicle_type, start, trips }) {
  const trip = ({ start_depot, end_depot, visits }) => ({ startDepot: start_depot, endDepot: end_depot, visits });
  return { vehicleType: vehicle_type, start, trips: trips.map(trip) };
}

function record(plan) {
  const { fixed, distance, duration, unserved, overtime, waiting, windows, disposal, goals } = plan.breakdown;
  const trip = ({ startDepot, endDepot, visits }) => ({
    start_depot: startDepot,
    end_depot: endDepot,
    visits: visits.map(({ kind, index }) => [kind, index]),
  });
  return {
    cost: plan.cost,
    breakdown: [fixed, distance, duration, unserved, overtime, waiting, windows, disposal, goals],
    violations: plan.violations.map(({ kind, route, message }) => [kind, route, message]),
    unserved: [plan.unservedClients, plan.unservedShipments],
    routes: plan.routes.map(({ vehicleType, trips }) => ({ vehicle_type: vehicleType, trips: trips.map(trip) })),
    times: plan.routes.map(({ start, end, distance }) => [start, end, distance]),
  };
}

/** Documents name points by where they stand, models by the location that they became. */
function placeOf(path) {
  const axes = { x: "x", y: "y", lon: "x", lat: "y" };
  return path.replace(/^depots\[0\]\.location\.(x|y|lon|lat)$/, (_, name) => `locations[0].${axes[name]}`);
}
