// Zones: where vehicles serve, and what is closed to them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MilkrunError, Model } from "milkrun";

const square = [[5, -1], [20, -1], [20, 1], [5, 1]];

/** What a van pays that starts at 0, where 10 is worth 70 and -10 is worth 30. */
async function cost(area, zones) {
  const model = new Model();
  const depot = model.addDepot({ x: 0, y: 0 });
  model.addClient({ x: 10, y: 0, required: false, prize: 70 });
  model.addClient({ x: -10, y: 0, required: false, prize: 30 });
  model.addZone({ area, name: "east" });
  model.addVehicleType({ depot, zones });
  const { plan } = await model.solve({ maxIterations: 300 });
  assert.deepEqual(plan.check().discrepancies, []);
  return plan.cost;
}

test("rules on zones", async () => {
  for (const area of [square, { type: "Polygon", coordinates: [square] }, { type: "MultiPolygon", coordinates: [[square]] }]) {
    assert.equal(await cost(area, []), 40);
    assert.equal(await cost(area, [{ serveOnly: "east" }]), 20 + 30);
    assert.equal(await cost(area, [{ closed: { zone: "east" } }]), 20 + 70);
    assert.equal(await cost(area, [{ closed: { zone: 0, during: [[0, 500]] } }]), 40);
    assert.equal(await cost(area, [{ closed: { zone: 0, during: [[0, null]] } }]), 20 + 70);
  }
});

test("faults have a place", async () => {
  const bow = [[0, 0], [1, 1], [1, 0], [0, 1]];
  await assert.rejects(cost(bow, [{ closed: { zone: 0, during: [] } }]), (error) => {
    assert.ok(error instanceof MilkrunError);
    assert.deepEqual(error.issues.map(({ path }) => path), ["zones[0].area", "vehicle_types[0].zones[0].closed.during"]);
    return true;
  });
  await assert.rejects(cost(square, [{ serveOnly: "west" }]), /no zone of this model is called "west"/);
});
