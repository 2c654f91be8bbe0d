// Fronts of two or three objectives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { averageConsumption, MilkrunError, Model, pareto } from "milkrun";

/** Two clients on each side of the yard: one van is home at 80, two at 40. */
function sides(units = {}) {
  const model = new Model({ name: "sides", ...units });
  const yard = model.addDepot({ x: 0, y: 0 });
  for (const x of [10, 20, -10, -20]) {
    model.addClient({ x, y: 0 });
  }
  const consumption = { perDistance: 0.1, perStop: 1, co2: 0.5 };
  model.addVehicleType({ count: 2, depot: yard, fixedCost: 5, consumption });
  return model.build();
}

test("an earlier end costs a van", async () => {
  const front = await pareto(sides(), ["makespan", "cost"], { points: 4, maxIterations: 1000 });
  assert.deepEqual(front.objectives, ["cost", "makespan"]);
  assert.deepEqual(
    front.points.map(({ values }) => values),
    [[85, 80], [90, 40]],
  );
  assert.equal(front.points[1].trade, "an end 40 earlier costs 5 more");
  assert.ok(front.complete && front.covered > 0 && front.covered <= 1);
  assert.ok(front.points.every(({ plan }) => plan.isFeasible && plan.check().discrepancies.length === 0));
  const again = await pareto(sides(), ["makespan", "cost"], { points: 4, maxIterations: 1000 });
  assert.ok(again.points.every(({ plan }, p) => plan.equals(front.points[p].plan)));
});

test("values are in the user's units", async () => {
  const problem = sides({ timeScale: 10, costScale: 100 });
  const front = await pareto(problem, ["cost", "vehicles", "emissions"], { points: 4, maxIterations: 1000 });
  assert.deepEqual(
    front.points.map(({ values }) => values),
    [[85, 1, 6]],
  );
  assert.equal(front.points[0].plan.emitted, 6);
});

test("every fault is told", async () => {
  const faults = (objectives, options) => pareto(sides(), objectives, options).then(assert.fail, (error) => error);
  const error = await faults(["distance", "distance", "unserved"], { points: 1 });
  assert.ok(error instanceof MilkrunError && error.code === "pareto", String(error));
  assert.deepEqual(
    error.issues.map(({ path }) => path),
    ["objectives[1]", "points"],
  );
  assert.equal((await faults(["beauty", "cost"])).code, "setting");
});

test("averages of vehicle classes", () => {
  const truck = averageConsumption("refuse_truck", 1000);
  assert.ok(Math.abs(truck.perDistance - 0.822) < 1e-3);
  assert.ok(Math.abs(truck.co2 - 2.69) < 1e-9);
  for (const name of ["transit_bus", "heavy_truck", "delivery_truck", "van"]) {
    assert.ok(averageConsumption(name).perDistance > 0);
  }
  assert.throws(() => averageConsumption("tram"), /use one of refuse_truck, /);
});
