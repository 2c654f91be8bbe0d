// Days that may turn out in several ways.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MilkrunError, Model, pareto, planScenarios } from "milkrun";

/** A detour of 20 to a bin. */
function bin(units = {}) {
  const model = new Model(units);
  const yard = model.addDepot({ x: 0, y: 0 });
  model.addClient({ x: 10, y: 0, pickup: 5, required: false, prize: 0, name: "bin" });
  model.addVehicleType({ count: 1, depot: yard, capacity: 10 });
  return model.build();
}

const uncertain = [{ client: "bin", outcomes: [{ pickup: 5 }, { pickup: 8, prize: 100 }] }];
const ENOUGH = { uncertain, maxIterations: 400 };

test("what overflows often enough is visited", async () => {
  const found = await planScenarios(bin(), ENOUGH);
  assert.deepEqual([found.plan.routes.length, found.planForMeans.routes.length], [1, 0]);
  assert.deepEqual(found.plan.check().discrepancies, []);
  assert.deepEqual([found.fresh.scenarios, found.fresh.mean, found.fresh.deviation], [200, 20, 0]);
  assert.ok(Math.abs(found.freshForMeans.mean - 50) < 15, String(found.freshForMeans.mean));
  assert.equal(found.outcomes.scenarios, 20);
  assert.equal(typeof found.visitedShare[0], "number");
});

test("costs are in the user's units", async () => {
  const problem = bin({ costScale: 10 });
  const found = await planScenarios(problem, { ...ENOUGH, scenarios: 10, fresh: 0 });
  assert.deepEqual([found.outcomes.mean, found.fresh.mean, found.fresh.scenarios], [20, null, 0]);
});

test("every fault is told", async () => {
  const options = { uncertain: [{ client: 0, outcomes: [] }], scenarios: 0, rounds: 0, agreement: 2 };
  const error = await planScenarios(bin(), options).then(assert.fail, (error) => error);
  assert.ok(error instanceof MilkrunError && error.code === "scenarios", String(error));
  assert.deepEqual(
    error.issues.map(({ path }) => path),
    ["scenarios", "uncertain[0].outcomes", "agreement", "rounds"],
  );
});

test("progress of many searches", async () => {
  const looks = [];
  const onProgress = (look) => looks.push(look);
  await pareto(bin(), ["cost", "vehicles"], { points: 4, maxIterations: 400, onProgress });
  assert.ok(looks.length > 0 && looks.every(({ done, searches, elapsedMs }) => done <= searches && elapsedMs >= 0));
  looks.length = 0;
  await bin().compare({ same: [] }, { seeds: 2, maxIterations: 50, onProgress });
  assert.deepEqual([looks.at(-1).done, looks.at(-1).searches], [4, 4]);
  const fails = () => {
    throw new Error("no more");
  };
  await assert.rejects(pareto(bin(), ["cost", "vehicles"], { maxIterations: 4000, onProgress: fails }), /no more/);
});
