// The working day: what a model says, what plans show of it, and why a client is unserved. The examples of rules lie next to EXAMPLES.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EU_561, Explanation, Model, Problem, US_30_MINUTES, ValidationError } from "milkrun";
import { modelOf, thrown } from "./support.mjs";

const folder = join(process.env.EXAMPLES, "..", "data", "rules");
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
const documentOf = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));

test("there are days", () => assert.ok(names.length >= 13));

for (const name of names) {
  test(`${name}: the model says what the document says`, () => {
    const document = documentOf(name);
    const problem = modelOf(document).build();
    assert.deepEqual(problem.toJson(), Problem.fromJson(document).toJson());
    assert.ok(problem.equals(Problem.fromJson(document)));
  });
}

/** A yard, a client four away with what is given, and a vehicle with what is given. */
function small({ client = {}, type = {}, units = {}, more = () => {} } = {}) {
  const model = new Model(units);
  model.addDepot({ x: 0, y: 0, name: "yard" });
  model.addMaterial("glass");
  more(model);
  model.addClient({ x: 4, y: 0, name: "bank", ...client });
  model.addVehicleType({ depot: "yard", name: "truck", ...type });
  return model;
}

const wrong = {
  "clients[0].time_windows[1]": { client: { timeWindows: [[10, 20], [15, 30]] } },
  "clients[0].time_windows[1].late": { client: { timeWindows: [[10, 20], [25, Infinity]] } },
  "clients[0].soft_window.cost_per_early": { client: { softWindow: { window: [5, 9], costPerEarly: -1 } } },
  "clients[0].soft_window.cost_per_late": { client: { softWindow: { window: [5, 9], costPerLate: 0.5 } } },
  "clients[0].soft_window.late": { client: { softWindow: { window: [5, NaN] } } },
  "clients[0].priority": { client: { priority: 256 } },
  "clients[0].service_by_type[0].service": { client: { serviceByType: [{ vehicleType: "truck", service: -1 }] } },
  "disposal_sites[0].hours[0]": { more: (model) => model.addDisposalSite({ x: 1, y: 1, hours: [[9, 3]] }) },
  "disposal_sites[0].service": { more: (model) => model.addDisposalSite({ x: 1, y: 1, service: -1 }) },
  "disposal_sites[0].unloading[0].amount": { more: (model) => model.addDisposalSite({ x: 1, y: 1, unloading: { amount: 1.5 } }) },
  "disposal_sites[0].unloading[0].per": { more: (model) => model.addDisposalSite({ x: 1, y: 1, unloading: { amount: 1, per: 0 } }) },
  "disposal_sites[0].visit_cost": { more: (model) => model.addDisposalSite({ x: 1, y: 1, visitCost: Infinity }) },
  "disposal_sites[0].tipping_fee[1].per": {
    client: { pickup: [1, 1] },
    more: (model) => model.addDisposalSite({ x: 1, y: 1, tippingFee: [{ amount: 1 }, { amount: 1, per: -2 }] }),
  },
  "disposal_sites[0].daily_capacity[0]": { more: (model) => model.addDisposalSite({ x: 1, y: 1, dailyCapacity: -1 }) },
  "vehicle_types[0].compartments[0].capacity[0]": { type: { compartments: [{ materials: ["glass"], capacity: -1 }] } },
  "vehicle_types[0].compartments[0].materials[1]": { type: { compartments: [{ materials: ["glass", 0] }] } },
  "vehicle_types[0].max_route_load[0]": { client: { pickup: 1 }, type: { maxRouteLoad: -1 } },
  "vehicle_types[0].max_stops": { type: { maxStops: 0 } },
  "vehicle_types[0].breaks[0].start": { type: { breaks: [{ start: [9, 3], duration: 1 }] } },
  "vehicle_types[0].breaks[0].duration": { type: { breaks: [{ start: [3, 9], duration: -1 }] } },
  "vehicle_types[0].driver_rules[0].max": { type: { driverRules: [{ effort: "driving", max: 0, rest: 1 }] } },
  "vehicle_types[0].driver_rules[0].rest": { type: { driverRules: [{ effort: "work", max: 9, rest: -1 }] } },
  "vehicle_types[0].driver_rules[0].split[1]": {
    type: { driverRules: [{ effort: "driving", max: 9, rest: 3, split: [1, 0] }] },
  },
  "vehicle_types[0].max_driving": { type: { maxDriving: -1 } },
  "vehicle_types[0].max_work": { type: { maxWork: NaN } },
  "vehicle_types[0].overtime[1].after": {
    type: { overtime: [{ after: 9, costPerDuration: 1 }, { after: 3, costPerDuration: 1 }] },
  },
  "vehicle_types[0].overtime[0].cost_per_duration": { type: { overtime: [{ after: 9, costPerDuration: 0.5 }] } },
  "vehicle_types[0].cost_per_waiting": { type: { costPerWaiting: -1 } },
  "vehicle_types[0].executed": { type: { count: 2, executed: ["bank"] } },
  "vehicle_types[0].executed[1]": { type: { executed: ["bank", "bank"] } },
  "separate_materials[0]": { more: (model) => model.separateMaterials("glass", 0) },
  "goals[0].weight": { more: (model) => model.addGoal({ measure: "makespan", weight: 0.25 }) },
  "goals[1].measure": { more: (model) => ["vehicles", "vehicles"].forEach((measure) => model.addGoal({ measure })) },
  "speeds[0][0].percent": { more: (model) => model.setSpeeds([{ from: 0, percent: 0 }]) },
  "speeds[0][1].from": { more: (model) => model.setSpeeds([{ from: 9, percent: 50 }, { from: 3, percent: 80 }]) },
  "speeds[7]": { more: (model) => model.setSpeeds([{ from: 9, percent: 50 }], 7) },
};

for (const [path, parts] of Object.entries(wrong)) {
  test(`what is wrong with ${path} is said`, () => {
    const error = thrown(() => small(parts).build());
    assert.ok(error instanceof ValidationError, String(error));
    assert.ok(error.issues.some((issue) => issue.path === path && issue.remedy), error.message);
  });
}

test("relations that contradict each other are said", () => {
  const model = small();
  const other = model.addClient({ x: 9, y: 9 });
  model.addRelation({ sameVehicle: ["bank"] });
  model.addRelation({ precedence: { before: "bank", after: other } });
  model.addRelation({ precedence: { before: other, after: "bank" } });
  const paths = thrown(() => model.build()).issues.map((issue) => issue.path);
  assert.deepEqual(paths, ["relations[0].same_vehicle", "relations[2].precedence"]);
});

test("what has no meaning is said at once", () => {
  const model = small();
  assert.throws(() => model.addRelation({}), /exactly one field/);
  assert.throws(() => model.addRelation({ sameVehicle: [0], sequence: [0] }), /exactly one field/);
  assert.throws(() => model.addRelation({ sameTruck: [0] }), { code: "setting" });
  assert.throws(() => model.addRelation({ incompatible: ["shop"] }), /no client of this model is called "shop"/);
  assert.throws(() => model.addRelation({ pin: { client: 0, position: "middle" } }), { code: "setting" });
  assert.throws(() => model.addGoal({ measure: "beauty" }), { code: "setting" });
  assert.throws(() => model.addDisposalSite({ x: 1, y: 1, materials: ["tin"] }), /no material .* "tin"/);
  assert.throws(() => model.addClient({ x: 1, y: 1, timeWindow: [0, 1], timeWindows: [[0, 1]] }), /not|neither/);
  assert.throws(() => model.addClient({ x: 1, y: 1, timeWindows: [] }), /at least one window/);
  assert.throws(() => model.addVehicleType({ disposalSites: ["tip"] }), /no disposal site .* "tip"/);
  assert.throws(() => model.addVehicleType({ driverRules: [{ effort: "rest", max: 1, rest: 1 }] }), /driving/);
  assert.throws(() => model.addVehicleType({ executed: [["break", "lunch"]] }), RangeError);
  assert.throws(() => model.addVehicleType({ executed: [["sleep", 1]] }), /dispose/);
  assert.throws(() => small({ client: { allowedVehicles: ["van"] } }).build(), /no vehicle type .* "van"/);
});

test("scales go into the day and come back", () => {
  const model = new Model({ timeScale: 10, loadScale: 2, costScale: 100 });
  const yard = model.addDepot({ x: 0, y: 0 });
  const tip = model.addDisposalSite({
    x: 4,
    y: 0,
    hours: [[1.5, 90]],
    unloading: { amount: 0.5, per: 1.5 },
    visitCost: 2.25,
    tippingFee: { amount: 0.75 },
    name: "tip",
  });
  model.addClient({ x: 4, y: 3, pickup: 2.5, softWindow: { window: [5, 9], costPerLate: 0.2 }, service: 1 });
  model.addVehicleType({
    depot: yard,
    capacity: 5,
    disposalSites: [tip],
    endEmpty: true,
    breaks: [{ start: [0, 50], duration: 1.5, paid: false, name: "tea" }],
    overtime: [{ after: 2, costPerDuration: 0.3 }],
    costPerWaiting: 0.1,
  });
  const problem = model.build();
  const [site] = problem.toJson().disposal_sites;
  assert.deepEqual(site.hours, [[15, 900]]);
  assert.deepEqual([site.unloading, site.visit_cost, site.tipping_fee], [[{ amount: 5, per: 3 }], 225, [{ amount: 75, per: 2 }]]);
  const [type] = problem.toJson().vehicle_types;
  assert.deepEqual(type.overtime, [{ after: 20, cost_per_duration: 3 }]);
  assert.equal(type.cost_per_waiting, 1);
  const plan = problem.plan([[0, ["break", 0], ["dispose", 0]]]);
  const [route] = plan.routes;
  const [client, pause, dispose] = route.trips[0].visits;
  assert.deepEqual([client.kind, pause.kind, dispose.kind], ["client", "break", "dispose"]);
  assert.deepEqual([pause.name, dispose.name], ["tea", "tip"]);
  assert.deepEqual([client.load, dispose.load], [[2.5], [0]]);
  assert.equal(route.pauses, 1.5);
  assert.ok(Math.abs(route.end - route.start - route.pauses - route.paid) < 1e-9);
  assert.ok(Math.abs(route.work + route.waiting - route.paid) < 1e-9);
  // 5 units of load are two and a half of the user's, of which each costs three quarters, rounded up to a hundredth.
  assert.equal(plan.breakdown.disposal, 2.25 + 1.88);
  assert.deepEqual(plan.check().discrepancies, []);
});

test("a day is solved, and shown", async () => {
  const problem = Problem.fromJson(documentOf("disposal.json"));
  assert.deepEqual(problem.disposalSites.map(({ name }) => name), ["landfill", "transfer station"]);
  const { plan } = await problem.solve({ maxIterations: 300, seed: 1 });
  assert.ok(plan.isFeasible, plan.violations.join());
  const visits = plan.routes.flatMap(({ trips }) => trips.flatMap((trip) => trip.visits));
  const disposals = visits.filter(({ kind }) => kind === "dispose");
  assert.ok(disposals.length >= 2 && disposals.every(({ name }) => name !== ""));
  assert.ok(plan.breakdown.disposal > 0);
  assert.ok(plan.toGeoJson().features.some(({ properties }) => properties.kind === "disposal_site"));
  assert.ok(problem.readPlan(plan.toJson()).equals(plan));
  assert.deepEqual(Problem.fromJson(documentOf("materials.json")).materials, ["glass", "paper", "general"]);
});

test("why a client is unserved", async () => {
  const model = small({ client: { skills: ["crane"], required: false, prize: 7 } });
  const problem = model.build();
  const [why, ...others] = await problem.plan([]).explain();
  assert.deepEqual(others, []);
  assert.ok(why instanceof Explanation && why.isImpossible);
  assert.deepEqual([why.kind, why.index, why.name, why.prize], ["client", 0, "bank", 7]);
  const [{ kind, skills, text }] = why.byType[0].obstacles;
  assert.deepEqual([kind, skills], ["missing_skills", ["crane"]]);
  assert.match(text, /crane/);
  assert.deepEqual(
    why.relaxations.map(({ kind, vehicleType, skill }) => [kind, vehicleType, skill]),
    [["skill", 0, "crane"]],
  );
  assert.match(`${why}`, /^client "bank" cannot be served\n  vehicle type "truck": missing skills: crane/);
});

test("what does not pay, in the units of the model", async () => {
  const units = { distanceScale: 10, costScale: 100 };
  const model = small({ client: { required: false, prize: 1 }, units, type: { costPerDistance: 1 } });
  model.travelMatrix([[0, 4], [4, 0]]);
  const [why] = await model.build().plan([]).explain();
  assert.equal(why.isImpossible, false);
  assert.deepEqual(why.byType, [{ vehicleType: 0, kind: "possible", cost: 8, obstacles: [] }]);
  assert.deepEqual(why.relaxations.map(({ kind, by }) => [kind, by]), [["prize", 7.01]]);
});

test("a load that is too large, in the units of the model", async () => {
  const model = small({ client: { pickup: 2.5 }, type: { capacity: 1.5 }, units: { loadScale: 2 } });
  const [why] = await model.build().plan([]).explain();
  const [{ kind, dimension, amount, capacity }] = why.byType[0].obstacles;
  assert.deepEqual([kind, dimension, amount, capacity, why.prize], ["too_much", 0, 2.5, 1.5, null]);
  assert.deepEqual(why.relaxations.map(({ kind, by }) => [kind, by]), [["capacity", 1]]);
});

test("an explanation that runs out of time says so", async () => {
  const plan = small().build().plan([]);
  for (const options of [{ maxRuntimeMs: 0 }, { signal: AbortSignal.abort() }]) {
    const [why] = await plan.explain(options);
    assert.deepEqual([why.searched, why.isImpossible, why.byType, why.relaxations], ["nothing", false, [], []]);
    assert.match(`${why}`, /was not examined/);
  }
  const [why] = await plan.explain();
  assert.equal(why.searched, "everything");
  await assert.rejects(plan.explain({ maxRuntimeMs: -1 }), { code: "setting" });
});

test("a plan that serves all needs no explanation", async () => {
  assert.deepEqual(await small().build().plan([[0]]).explain(), []);
});

test("the rules of the European Union and the United States", () => {
  const rules = small({ type: { driverRules: [EU_561, US_30_MINUTES] } }).build().toJson().vehicle_types[0].driver_rules;
  assert.deepEqual(rules, [
    { effort: "driving", max: 16_200, rest: 2_700, split: [900, 1_800] },
    { effort: "driving", max: 28_800, rest: 1_800, any_pause: true },
  ]);
});

test("what people say goes into the problem", () => {
  const said = { remarks: "mind the dog", tags: { order: "A7" } };
  const model = new Model();
  const depot = model.addDepot({ x: 0, y: 0, ...said });
  model.addClient({ x: 10, y: 0, ...said });
  model.addShipment({ pickup: { x: 1, y: 0 }, delivery: { x: 2, y: 0 }, ...said });
  const site = model.addDisposalSite({ x: 5, y: 0, ...said });
  model.addVehicleType({ depot, disposalSites: [site], ...said });
  const document = model.build().toJson();
  for (const kind of ["depots", "clients", "shipments", "disposal_sites", "vehicle_types"]) {
    const { remarks, tags } = document[kind][0];
    assert.deepEqual({ remarks, tags }, said, kind);
  }
});

test("a place is set up once", () => {
  const model = new Model();
  const depot = model.addDepot({ x: 0, y: 0 });
  const gate = model.addLocation({ x: 10, y: 0 });
  model.addClients([{ location: gate, service: 5, setup: 30 }, { location: gate, service: 5, setup: 30 }]);
  model.addShipment({ pickup: { location: gate, setup: 7 }, delivery: { x: 20, y: 0, setup: 3 } });
  model.addVehicleType({ depot });
  const problem = model.build();
  const { clients, shipments } = problem.toJson();
  assert.deepEqual([clients[1].setup, shipments[0].pickup.setup, shipments[0].delivery.setup], [30, 7, 3]);
  const [{ trips, work }] = problem.plan([[0, 1]]).routes;
  assert.deepEqual([trips[0].visits.map(({ setup }) => setup), work], [[30, 0], 20 + 10 + 30]);
});

test("a window that covers the service", () => {
  const late = (windowCovers) => {
    const client = { service: 5, timeWindow: [0, 8], windowCovers };
    return small({ client }).build().plan([[0]]).violations.map(({ kind }) => kind);
  };
  assert.deepEqual([late("service"), late("start"), late(undefined)], [["late_service"], [], []]);
  assert.throws(() => late("end"), { code: "setting" });
  const model = new Model();
  const pickup = { x: 1, y: 0, service: 5, timeWindow: [0, 9], windowCovers: "service" };
  model.addShipment({ pickup, delivery: { x: 2, y: 0 } });
  model.addVehicleType({ depot: model.addDepot({ x: 0, y: 0 }) });
  assert.equal(model.build().toJson().shipments[0].pickup.window_covers, "service");
});
