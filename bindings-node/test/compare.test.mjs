// Variants of a problem side by side.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MilkrunError, Model } from "milkrun";

const ENOUGH = { maxIterations: 200, seeds: 3 };

/** Two clients that are worth a van of their own, which holds one. */
function two(units = {}, count = 2) {
  const model = new Model({ name: "two", ...units });
  const yard = model.addDepot({ x: 0, y: 0, name: "yard" });
  for (const x of [30, -30]) {
    model.addClient({ x, y: 0, delivery: 1, required: false, prize: 500 });
  }
  model.addVehicleType({ count, capacity: 1, depot: yard, fixedCost: 10, shift: [0, 900], name: "van" });
  return model.build();
}

test("what a van less costs", async () => {
  const problem = two();
  const found = await problem.compare(
    {
      again: [],
      "one van less": [{ kind: "vehicles", vehicleType: "van", by: -1 }],
      large: [{ kind: "merge", patch: { vehicle_types: { van: { capacity: [2] } } } }],
      other: two({}, 1),
    },
    ENOUGH,
  );
  assert.deepEqual(
    found.variants.map(({ name, text }) => [name, text]),
    [
      ["as it is", ""],
      ["again", "costs the same"],
      ["one van less", "costs 430 ± 0 more"],
      ["large", "costs 10 ± 0 less"],
      ["other", "costs 430 ± 0 more"],
    ],
  );
  assert.ok(found.complete);
  const [first, , less] = found.variants;
  assert.equal(first.problem, problem);
  assert.deepEqual(less.spreads.cost, { count: 3, mean: 570, deviation: 0, least: 570, most: 570 });
  assert.equal(less.differences.cost.mean, 430);
  assert.equal(less.differences.cost.halfWidth, 0);
  assert.equal(less.differences.unserved.mean, 1);
  assert.equal(first.differences.cost, null);
  assert.deepEqual(less.plan.check().discrepancies, []);
  assert.equal(less.plan.routes.length, 1);
  assert.ok(less.runs.every(({ feasible, runtimeMs }) => feasible && runtimeMs >= 0));
});

test("numbers are in the user's units, and threads change nothing", async () => {
  const problem = two({ timeScale: 10, costScale: 10 });
  const variants = {
    less: [{ kind: "vehicles", vehicleType: 0, by: -1 }],
    late: [{ kind: "laterStart", by: 10 }, { kind: "shift", vehicleType: "van", late: 950 }],
    small: [{ kind: "capacity", vehicleType: "van", capacity: 1 }, { kind: "depot", depot: "yard" }],
  };
  const one = await problem.compare(variants, ENOUGH);
  assert.equal(one.variants[1].text, "costs 430 ± 0 more");
  assert.equal(one.variants[1].spreads.distance.mean, 60);
  // Durations are those of the coordinates, in tenths of seconds.
  assert.equal(one.variants[0].spreads.duration.mean, 12);
  assert.deepEqual([one.variants[2].text, one.variants[3].text], ["costs the same", "costs the same"]);
  const many = await problem.compare(variants, { ...ENOUGH, threads: 2 });
  assert.deepEqual(
    many.variants.map(({ spreads }) => spreads),
    one.variants.map(({ spreads }) => spreads),
  );
});

test("all faults are told at once", async () => {
  const faults = (variants) =>
    two()
      .compare(variants, ENOUGH)
      .then(assert.fail, (error) => error);
  const error = await faults({
    boats: [{ kind: "vehicles", vehicleType: "boat", by: 1 }],
    never: [{ kind: "shift", early: Number.NaN }],
    moon: [{ kind: "siteClosed", site: "moon" }, { kind: "sites", sites: [0] }],
  });
  assert.ok(error instanceof MilkrunError && error.code === "compare", String(error));
  assert.deepEqual(
    error.issues.map(({ path }) => path),
    [
      'variants["never"].changes[0].early',
      'variants["boats"].changes[0].vehicle_type',
      'variants["moon"].changes[0].site',
      'variants["moon"].changes[1].sites[0]',
    ],
  );
  assert.equal((await faults({ odd: [{ kind: "sinks" }] })).code, "setting");
  assert.equal((await faults({ scaled: two({ distanceScale: 10 }) })).code, "setting");
});

test("a comparison that is aborted says so", async () => {
  const found = await two().compare({ again: [] }, { signal: AbortSignal.abort() });
  assert.ok(!found.complete);
  assert.deepEqual([found.variants[0].plan, found.variants[1].text], [null, "no search ran to its end"]);
});
