// Periods of several days.

import assert from "node:assert/strict";
import { test } from "node:test";
import { carry, Model, planPeriod } from "milkrun";
import { thrown } from "./support.mjs";

const ENOUGH = { maxIterations: 500 };

/** A van that has room for two of four clients, two in the east and two in the west. */
function twoSides() {
  const model = new Model({ name: "two sides" });
  const yard = model.addDepot({ x: 0, y: 0, name: "yard" });
  for (const [x, name] of [[10, "near east"], [11, "far east"], [-10, "near west"], [-11, "far west"]]) {
    model.addClient({ x, y: 0, pickup: 1, name });
  }
  model.addVehicleType({ count: 1, depot: yard, capacity: 2, name: "van" });
  return model.build();
}

test("days and routes are decided together", async () => {
  const problem = twoSides();
  const names = ["near east", "far east", "near west", "far west"];
  const period = await planPeriod(problem, { days: 4, visits: names.map((client) => ({ client, visits: 2 })), ...ENOUGH });
  assert.ok(period.plan.isFeasible);
  assert.equal(period.cost, 4 * 22);
  assert.deepEqual(period.visited[0], period.visited[1]);
  assert.notDeepEqual(period.visited[0], period.visited[2]);
  assert.equal(period.days.length, 4);
  for (const [number, day] of period.days.entries()) {
    assert.deepEqual(day.plan.check().discrepancies, []);
    assert.equal(day.plan.cost, 22);
    assert.ok(day.clients.every((client) => period.visited[client].includes(number)));
    assert.deepEqual(day.vehicleTypes, [0]);
  }
  assert.equal(period.sheets({ date: "2026-11-30" }).split('<section class="sheet">').length, 5);
  const page = period.toHtml({ loads: ["bins"], currency: "EUR" });
  assert.ok(names.every((name) => page.includes(name)) && !page.includes("follow the streets"));
  assert.equal(thrown(() => period.sheets({ date: "someday" })).code, "setting");
});

test("visits are said in several ways", async () => {
  const visits = [
    { client: 0, visits: { patterns: [[1, 2]] } },
    { client: "far east", visits: { frequency: 2, days: [0, 2], minGap: 1 } },
    { client: 2, visits: { frequency: 1, lastVisit: 3, minGap: 1, maxGap: 4 } },
  ];
  const workingDays = [{ vehicleType: "van", days: [0, 1, 2] }];
  const period = await planPeriod(twoSides(), { days: 3, visits, workingDays, consistency: { otherVehicle: 5 }, ...ENOUGH });
  assert.deepEqual(period.visited.slice(0, 2), [[1, 2], [0, 2]]);
  assert.ok(period.visited[2][0] < 2);
  assert.equal(period.consistencyCost, 0);
});

test("every fault at once", async () => {
  const visits = [{ client: "no such bin", visits: 1 }, { client: 99, visits: 1 }];
  const asked = { days: 3, visits, workingDays: [{ vehicleType: "tram", days: [0] }] };
  await assert.rejects(planPeriod(twoSides(), asked), ({ code, issues }) => {
    const paths = issues.map(({ path }) => path);
    assert.deepEqual([code, paths], ["period", ["visits[0].client", "visits[1].client", "working_days[0].vehicle_type"]]);
    return true;
  });
  await assert.rejects(planPeriod(twoSides(), { days: 29 }), { code: "period" });
});

test("groups with patterns", async () => {
  const model = new Model();
  const yard = model.addDepot({ x: 0, y: 0 });
  const group = model.addGroup({ name: "bakery" });
  const visits = [10, -10, 30].map((x) => model.addClient({ x, y: 0, group }));
  model.setPatterns(group, [[visits[0], visits[1]], [visits[2]]]);
  model.addVehicleType({ count: 1, depot: yard });
  const problem = model.build();
  const { plan } = await problem.solve(ENOUGH);
  assert.deepEqual([plan.isFeasible, plan.cost], [true, 40]);
  assert.equal(problem.plan([{ trips: [[0]] }]).violations[0].kind, "pattern_broken");
  // The longer way is cheaper once the two of the first pattern cost more together.
  model.setPatterns(group, [[visits[0], visits[1]], [visits[2]]], [25, 3]);
  assert.equal((await model.build().solve(ENOUGH)).plan.cost, 63);
});

test("what overflows decides how often", async () => {
  const problem = twoSides();
  const bins = [0, 1, 2, 3].map((client) => ({ client, visits: { overflow: { after: [0, 5, 100] } } }));
  const period = await planPeriod(problem, { days: 4, visits: bins, ...ENOUGH });
  // Each side twice, every second day: 22 for each tour, and 5 for each of two intervals of four bins.
  assert.deepEqual(period.visited.map((days) => days.length), [2, 2, 2, 2]);
  assert.deepEqual([period.cost, period.overflowCost], [4 * 22 + 40, 40]);
  assert.deepEqual(period.plan.check().discrepancies, []);
  // A bin that is full already is emptied at once.
  const full = { frequency: 1, overflow: { after: [0, 0, 0, 0], untilFirst: [0, 50, 50, 50] } };
  const soon = await planPeriod(problem, { days: 4, visits: [{ client: 2, visits: full }], ...ENOUGH });
  assert.deepEqual(soon.visited[2], [0]);
  const wrong = { frequency: 1, overflow: { after: [0, 1, 2, 3], untilFirst: [-1] } };
  await assert.rejects(planPeriod(problem, { days: 4, visits: [{ client: 0, visits: wrong }], ...ENOUGH }), { code: "period" });
});

test("what was missed comes on the next day", async () => {
  const { plan } = await twoSides().solve(ENOUGH);
  const over = carry(plan, twoSides(), { clients: ["near east", 3], unserved: false });
  assert.deepEqual(over.clients, [
    { name: "near east", missed: 0, now: 0, joined: true },
    { name: "far west", missed: 3, now: 3, joined: true },
  ]);
  assert.deepEqual(over.shipments, []);
  assert.throws(() => carry(plan, twoSides(), { clients: ["unknown"], shipments: [7] }), (error) => {
    assert.deepEqual([error.code, error.issues.map(({ path }) => path)], ["carry", ["clients[0]", "shipments[0]"]]);
    return true;
  });
});
