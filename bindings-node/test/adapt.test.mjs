// Plans that are adapted while they are driven.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MilkrunError, Model } from "milkrun";
import { star, thrown } from "./support.mjs";

const ENOUGH = { maxIterations: 50 };

/** Three vans in a yard; two are to serve a client at ten and one at twenty, each on its own side. */
function twoSides(units = {}) {
  const model = new Model({ name: "two sides", ...units });
  const yard = model.addDepot({ x: 0, y: 0, name: "yard" });
  for (const [x, name] of [[10, "near east"], [20, "far east"], [-10, "near west"], [-20, "far west"]]) {
    model.addClient({ x, y: 0, name });
  }
  model.addVehicleType({ count: 3, depot: yard, maxDistance: 100, shift: [0, 500], costPerDuration: 1, name: "van" });
  const problem = model.build();
  return [problem, problem.plan([{ start: 0, trips: [[0, 1]] }, { start: 0, trips: [[2, 3]] }])];
}

async function refused(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

test("another van takes over", async () => {
  const [problem, plan] = twoSides();
  const asked = { now: 12, events: [{ kind: "brokenDown", route: 0 }], ...ENOUGH };
  const adapted = await problem.adapt(plan, asked);
  assert.ok(adapted.plan.isFeasible);
  assert.deepEqual(adapted.plan.check().discrepancies, []);
  const moved = adapted.difference.changes.filter(({ change }) => change === "moved");
  assert.deepEqual(
    moved.map(({ name, kind, index, routeBefore, cause }) => [name, kind, index, routeBefore, cause]),
    [["far east", "client", 1, 0, 0]],
  );
  assert.match(moved[0].text, /^client 1 \(far east\) moves from route 0 at 20 to route /);
  assert.deepEqual(adapted.publishedRoute, [0, 1, null]);
  assert.ok(!adapted.followed.isFeasible);
  assert.equal(adapted.problem.numVehicles, 3);
  assert.ok(adapted.repairedAfterMs > 0);
  assert.ok(["max_iterations", "trivial"].includes(adapted.stopped));
  assert.ok((await problem.adapt(plan, asked)).plan.equals(adapted.plan));
});

test("parts are named", async () => {
  const [problem, plan] = twoSides();
  const events = [
    { kind: "added", client: { x: 15, y: 0, service: 5, name: "late call" } },
    { kind: "changed", client: "late call", service: 6 },
    { kind: "cancelled", client: "far west" },
    { kind: "available", vehicleType: "van", from: 30 },
  ];
  const adapted = await problem.adapt(plan, { now: 1, events, ...ENOUGH });
  assert.equal(adapted.problem.clients[4].name, "late call");
  assert.equal(adapted.problem.numVehicles, 4);
  const visits = adapted.plan.routes.flatMap(({ trips }) => trips.flatMap(({ visits }) => visits));
  assert.ok(visits.some(({ index }) => index === 4));
  const dropped = adapted.difference.changes.filter(({ name }) => name === "far west");
  assert.deepEqual(dropped.map(({ change }) => change), ["dropped"]);
  const unknown = [[{ kind: "cancelled", client: "quarry" }, /no client is called "quarry"/]];
  unknown.push([{ kind: "siteQueue", site: "tip", by: 3 }, /no disposal site is called "tip"/]);
  for (const [event, message] of unknown) {
    const error = await refused(() => problem.adapt(plan, { now: 1, events: [event] }));
    assert.ok(error instanceof RangeError);
    assert.match(error.message, message);
  }
});

test("numbers are in the units of the model", async () => {
  const [problem, plan] = twoSides({ timeScale: 10, costScale: 10 });
  const events = [{ kind: "done", route: 0, activities: 1, at: 3.05 }, { kind: "late", route: 1, by: 1.5 }];
  const adapted = await problem.adapt(plan, { now: 0.1, events, keep: "order", ...ENOUGH });
  const visits = adapted.plan.routes.flatMap(({ trips }) => trips.flatMap(({ visits }) => visits));
  const start = (wanted) => visits.find(({ name }) => name === wanted).start;
  // Planar travel is not scaled: 30.5 tenths of a second are rounded up, and ten further on is the next client.
  assert.equal(start("far east"), 4.1);
  assert.equal(start("near west"), 2.5);
  const change = adapted.difference.changes.find(({ name }) => name === "far east");
  assert.deepEqual([change.change, change.startBefore, change.startAfter], ["retimed", 2, 4.1]);
  assert.equal(adapted.difference.cost[0], plan.cost);
});

test("times may be dates", async () => {
  const model = new Model();
  const eight = new Date("2026-05-04T08:00Z");
  const later = (minutes) => new Date(eight.getTime() + minutes * 60_000);
  const yard = model.addDepot({ x: 0, y: 0 });
  for (const x of [600, 1200, 1800]) {
    model.addClient({ x, y: 0, service: 600 });
  }
  model.addVehicleType({ count: 2, depot: yard, shift: [eight, later(480)] });
  const problem = model.build();
  const plan = problem.plan([{ start: eight, trips: [[0, 1, 2]] }]);
  const events = [{ kind: "late", route: 0, by: 1200 }];
  const adapted = await problem.adapt(plan, { now: later(5), events, keep: "vehicles", ...ENOUGH });
  const [first] = adapted.plan.routes[0].trips[0].visits;
  assert.deepEqual(adapted.plan.when(first.start), later(30));
  const [other, published] = twoSides();
  const dated = await other.adapt(published, { now: new Date("2026-05-04T00:00:05Z"), ...ENOUGH });
  assert.deepEqual(dated.problem.units.origin, new Date("2026-05-04"));
  assert.equal(other.units.origin, undefined);
});

test("prices, and what is kept", async () => {
  const [problem] = twoSides();
  // The second van drives 80 for as long, 40 of it for a client on the other side.
  const plan = problem.plan([{ start: 0, trips: [[0]] }, { start: 0, trips: [[2, 3, 1]] }]);
  const moved = async (asked) => {
    const { difference } = await problem.adapt(plan, { now: 1, ...ENOUGH, ...asked });
    return difference.changes.filter(({ change }) => change === "moved").map(({ name }) => name);
  };
  assert.deepEqual(await moved({ prices: {} }), ["far east"]);
  assert.deepEqual(await moved({ prices: { otherVehicle: 1_000 } }), []);
  assert.deepEqual(await moved({ prices: {}, keep: "vehicles" }), []);
  assert.deepEqual(await moved({ prices: {}, keep: "vehicles", keepUntil: 5 }), ["far east"]);
  assert.equal(plan.cost, 200);
  assert.deepEqual(plan.changePrices(), { otherVehicle: 25, otherOrder: 0, perTime: 0, tolerance: 0, dropped: 500, calledOut: 50 });
  const error = await refused(() => problem.adapt(plan, { now: 1, keep: "all" }));
  assert.deepEqual([error.code, /unknown keep `all`/.test(error.message)], ["setting", true]);
});

test("every kind of event is taken in", async () => {
  const model = new Model({ loadScale: 10 });
  const depot = model.addDepot({ lon: 5, lat: 52 });
  const tip = model.addDisposalSite({ lon: 5, lat: 52.05, service: 600, name: "tip" });
  for (let i = 0; i < 4; i++) {
    model.addClient({ lon: 5 + 0.02 * (i + 1), lat: 52, pickup: 1.5, service: 300, name: `container ${i}` });
  }
  model.addVehicleType({ count: 2, depot, capacity: 9, disposalSites: [tip], endEmpty: true, name: "truck" });
  const problem = model.build();
  const plan = problem.plan([{ start: 0, trips: [[0, 1, 2, 3, ["dispose", 0]]] }]);
  const now = plan.routes[0].trips[0].visits[0].start + 300;
  const adapted = async (...events) => {
    const found = await problem.adapt(plan, { now, events, keep: "order", ...ENOUGH });
    assert.deepEqual(found.plan.check().discrepancies, []);
    return found;
  };
  const end = async (...events) => Math.max(...(await adapted(...events)).plan.routes.map((route) => route.end));
  const usual = await end();
  assert.equal(await end({ kind: "siteQueue", site: "tip", by: 300 }), usual + 300);
  assert.ok((await end({ kind: "siteClosed", site: 0, from: 0, to: 6 * 3600 })) > 6 * 3600);
  assert.ok((await end({ kind: "slow", from: now, to: now + 3600, percent: 50 })) > usual);
  assert.ok(!(await adapted({ kind: "shiftEnds", route: 0, at: usual - 60 })).followed.isFeasible);
  const heavier = await adapted({ kind: "load", route: 0, more: 2.5 });
  assert.deepEqual(heavier.plan.routes[0].trips[0].visits[0].load, [4]);
  const timeWindow = [2 * 3600, 3 * 3600];
  const changes = { pickup: 2, service: 60, timeWindow, required: false, prize: 10 ** 6 };
  assert.ok((await end({ kind: "changed", client: "container 3", ...changes })) > 2 * 3600);
  const added = await adapted(
    { kind: "added", client: { location: 0, pickup: 0.5, timeWindow: [null, 18_000], prize: 10 ** 6, name: "at the yard" } },
    { kind: "added", client: { lon: 5.03, lat: 52, delivery: 1, service: 60, name: "new" } },
  );
  const inserted = added.difference.changes.filter(({ change }) => change === "inserted");
  assert.deepEqual(inserted.map(({ name }) => name).sort(), ["at the yard", "new"]);
  const more = await adapted({ kind: "available", vehicleType: "truck" }, { kind: "brokenDown", route: 0 });
  assert.equal(more.problem.numVehicles, 3);
});

test("all faults come at once", async () => {
  const [problem, plan] = twoSides();
  const paths = async (options) => {
    const error = await refused(() => problem.adapt(plan, options));
    assert.ok(error instanceof MilkrunError);
    assert.equal(error.code, "adapt");
    return error.issues.map(({ path }) => path);
  };
  const events = [
    { kind: "brokenDown", route: 7 },
    { kind: "brokenDown", route: 0 },
    { kind: "late", route: 0, by: 5 },
    { kind: "cancelled", client: 0 },
    { kind: "cancelled", client: 99 },
    { kind: "shiftEnds", route: 1, at: 3 },
    { kind: "siteQueue", site: 0, by: 3 },
    { kind: "slow", from: 9, to: 9, percent: 50 },
    { kind: "slow", from: 9, to: 10, percent: 0 },
  ];
  assert.deepEqual(await paths({ now: 12, events }), [
    "events[0].broken_down.route",
    "events[2].late.route",
    "events[3].cancelled.client",
    "events[4].cancelled.client",
    "events[5].shift_ends.at",
    "events[6].site_queue.site",
    "events[7].slow.to",
    "events[8].slow.percent",
  ]);
  const odd = [
    { kind: "brokenDown", route: 7 },
    { kind: "late", route: -1, by: NaN },
    { kind: "changed", client: 0, pickup: 0.5 },
  ];
  assert.deepEqual(await paths({ now: 1, events: odd }), [
    "events[1].late.route",
    "events[1].late.by",
    "events[2].changed.pickup[0]",
    "events[0].broken_down.route",
  ]);
  assert.deepEqual(await paths({ now: 501 }), ["now"]);
  const storm = await refused(() => problem.adapt(plan, { now: 1, events: [{ kind: "storm" }] }));
  assert.match(storm.message, /unknown kind of events\[0\] `storm`/);
  const nowhere = await refused(() => problem.adapt(plan, { now: 1, events: [{ kind: "added", client: { x: 3 } }] }));
  assert.match(nowhere.message, /give x and y, or lon and lat, or a location/);
});

test("plans are compared", () => {
  const [problem, plan] = twoSides();
  const other = problem.plan([{ start: 0, trips: [[0]] }, { start: 0, trips: [[1, 2, 3]] }]);
  const difference = problem.diff(plan, other);
  assert.deepEqual(difference.changes.map(({ text }) => text), [
    "client 1 (far east) moves from route 0 at 20 to route 1 at 20",
    "client 2 (near west) is served 40 later by route 1, at 50 instead of 10",
    "client 3 (far west) is served 40 later by route 1, at 60 instead of 20",
  ]);
  assert.deepEqual([difference.routes, difference.distance], [[2, 2], [80, 100]]);
  assert.deepEqual(problem.diff(plan, other, 40).changes.map(({ change }) => change), ["moved"]);
  assert.deepEqual(problem.diff(plan, plan).changes, []);
  assert.equal(thrown(() => problem.diff(plan, other, -1)).code, "setting");
});

test("an adaptation ends when it is told", async () => {
  const problem = star(400, 7, 100);
  const { plan } = await problem.solve({ maxIterations: 1 });
  const controller = new AbortController();
  const looks = [];
  const onProgress = (progress) => {
    looks.push(progress);
    controller.abort();
  };
  const { stopped, plan: made } = await problem.adapt(plan, {
    now: 0,
    maxRuntimeMs: 60_000,
    signal: controller.signal,
    onProgress,
  });
  assert.equal(stopped, "aborted");
  assert.ok(looks.length > 0);
  assert.deepEqual(made.check().discrepancies, []);
  const signal = AbortSignal.abort(new Error("no longer"));
  const error = await refused(() => problem.adapt(plan, { now: 0, signal, onAbort: "reject" }));
  assert.equal(error.message, "no longer");
});
