import assert from "node:assert/strict";
import { test } from "node:test";
import { MilkrunError, Model, Problem, ValidationError, read } from "milkrun";
import { thrown } from "./support.mjs";

test("every field reaches the solver", () => {
  const model = new Model({ name: "all" });
  const spot = model.addLocation({ x: 1, y: 2, name: "spot" });
  const yard = model.addDepot({ x: 0, y: 0, open: [10, 900], service: 5, name: "yard" });
  const tip = model.addDepot({ location: spot, name: "tip" });
  const group = model.addGroup({ required: false, name: "either" });
  const client = model.addClient({
    location: "spot",
    delivery: [1, 2],
    pickup: [3, 4],
    service: 6,
    timeWindow: [20, 80],
    release: 7,
    prize: 50,
    required: false,
    group: "either",
    name: "bakery",
  });
  model.addClient({ x: 5, y: 6, group });
  model.addShipment({
    pickup: { location: spot, service: 2, timeWindow: [null, 70] },
    delivery: { x: 9, y: 9 },
    amount: [1, 0],
    prize: 3,
    required: false,
    name: "parcel",
  });
  model.addVehicleType({
    count: 2,
    capacity: [9, 9],
    start: yard,
    end: "tip",
    fixedCost: 100,
    costPerDistance: 2,
    costPerDuration: 3,
    shift: [0, 800],
    maxDuration: 700,
    maxDistance: 600,
    allowedClients: [client],
    reloadDepots: [tip],
    maxTrips: 2,
    name: "van",
  });
  model.setBackhauls("after_linehauls");
  model.travelEuclidean("exact");
  const problem = model.build();
  const document = problem.toJson();
  assert.deepEqual(document.travel, { type: "euclidean", rounding: "exact" });
  assert.equal(document.backhauls, "after_linehauls");
  assert.deepEqual(document.depots[0], { name: "yard", location: "yard", time_window: [10, 900], service: 5 });
  assert.deepEqual(document.clients[0], {
    name: "bakery",
    location: "spot",
    delivery: [1, 2],
    pickup: [3, 4],
    service: 6,
    time_window: [20, 80],
    release: 7,
    prize: 50,
    required: false,
    group: "either",
  });
  assert.deepEqual(document.shipments[0].pickup, { location: "spot", service: 2, time_window: [0, 70] });
  assert.deepEqual(document.vehicle_types[0], {
    name: "van",
    count: 2,
    capacity: [9, 9],
    start: "yard",
    end: "tip",
    fixed_cost: 100,
    cost_per_distance: 2,
    cost_per_duration: 3,
    shift: [0, 800],
    max_duration: 700,
    max_distance: 600,
    allowed_clients: ["bakery"],
    reload_depots: ["tip"],
    max_trips: 2,
  });
  assert.ok(Problem.fromJson(JSON.stringify(problem)).equals(problem));
  assert.ok(Problem.fromJson(document).equals(problem));
});

test("scales go in and come back", () => {
  const model = new Model({ distanceScale: 100, timeScale: 10, loadScale: 2 });
  const depot = model.addDepot({});
  model.addClient({ delivery: 1.5, service: 0.3, timeWindow: [0.5, 99.9] });
  model.addVehicleType({ capacity: 2.5, depot, fixedCost: 0.25, costPerDistance: 0.5, costPerDuration: 0.02 });
  model.travelMatrix(
    [
      [0, 1.25],
      [2.75, 0],
    ],
    Float32Array.of(0, 10, 20, 0),
  );
  const problem = model.build();
  assert.equal(problem.units.costScale, 1000);
  const { profiles } = problem.toJson().travel;
  assert.deepEqual(profiles[0], { distance: [[0, 125], [275, 0]], duration: [[0, 100], [200, 0]] });
  const plan = problem.plan([[0]]);
  const [route] = plan.routes;
  assert.equal(route.distance, 4);
  assert.ok(Math.abs(route.end - route.start - 30.3) < 1e-9);
  assert.ok(Math.abs(plan.cost - (0.25 + 2 + 0.606)) < 1e-9);
  assert.deepEqual(route.trips[0].load, [1.5]);
  assert.equal(problem.distance(0, 1), 1.25);
  assert.equal(problem.duration(1, 0), 20);
});

test("a route starts when it says so", () => {
  const model = new Model({ timeScale: 10 });
  const depot = model.addDepot({ x: 0, y: 0 });
  model.addClient({ x: 3, y: 4, timeWindow: [100, 200] });
  model.addVehicleType({ depot });
  const problem = model.build();
  const start = (start) => problem.plan([{ start, trips: [[0]] }]);
  assert.equal(start(7.5).routes[0].start, 7.5);
  assert.deepEqual(start(7.5).check().discrepancies, []);
  assert.ok(problem.readPlan(start(7.5).toJson()).equals(start(7.5)));
  assert.ok(start(null).equals(problem.plan([[0]])));
  const error = thrown(() => start(Number.NaN));
  assert.deepEqual([error.code, error.path], ["plan", "routes[0].start"]);
});

test("dates count from the midnight before the first", () => {
  const model = new Model();
  const depot = model.addDepot({ x: 0, y: 0 });
  const open = new Date("2026-03-01T08:00:00Z");
  model.addClient({ x: 3, y: 4, timeWindow: [open, new Date("2026-03-01T09:30:00Z")] });
  model.addVehicleType({ depot });
  const plan = model.build().plan([[0]]);
  assert.equal(plan.routes[0].trips[0].visits[0].start, 8 * 3600);
  assert.deepEqual(plan.when(8 * 3600), open);
});

test("matrices of every type, and unreachable locations", () => {
  const values = [0, 1, 2, 3, 0, 5, 6, 7, 0];
  const build = (matrix) => {
    const model = new Model();
    const depot = model.addDepot({});
    model.addClients([{}, {}]);
    model.addVehicleType({ depot });
    assert.equal(model.travelMatrix(matrix), 0);
    return model.build();
  };
  const rows = build([values.slice(0, 3), values.slice(3, 6), values.slice(6)]);
  const types = [Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array];
  for (const type of types) {
    assert.ok(build(type.from(values)).equals(rows), type.name);
  }
  assert.ok(build(BigInt64Array.from(values, BigInt)).equals(rows));
  assert.ok(build(BigUint64Array.from(values, BigInt)).equals(rows));
  assert.ok(build(Float64Array.from([9, ...values]).subarray(1)).equals(rows));
  for (const missing of [NaN, Infinity, null]) {
    assert.equal(build([[0, missing, 2], [3, 0, 5], [6, 7, 0]]).distance(0, 1), null);
  }
  assert.throws(() => build(Float64Array.from(values.slice(1))), /make no square/);
  assert.throws(() => build([[0, 1], [2]]), /\[1\] has 1 values/);
  const error = thrown(() => build([[0, 1, 2], [3, 0, -5], [6, 7, 0]]));
  assert.equal(error.path, "travel.profiles[0].distance[1][2]");
});

test("all faults at once", () => {
  const model = new Model();
  const depot = model.addDepot({ x: 0, y: 0 });
  model.addClient({ x: 1, y: 2, delivery: 1.5 });
  model.addClient({ x: 1, y: 2, service: NaN, prize: -3 });
  model.addClient({ x: 1, y: 2, timeWindow: [9, 3], release: 1e300 });
  model.addVehicleType({ capacity: -5, depot, costPerDistance: 0.001 });
  const error = thrown(() => model.build());
  assert.ok(error instanceof ValidationError && error instanceof MilkrunError && error instanceof Error);
  assert.equal(error.code, "validation");
  assert.equal(error.name, "ValidationError");
  assert.deepEqual(
    error.issues.map((issue) => issue.path),
    [
      "clients[0].delivery[0]",
      "clients[1].service",
      "clients[2].release",
      "vehicle_types[0].cost_per_distance",
      "clients[1].prize",
      "clients[2].time_window",
      "vehicle_types[0].capacity[0]",
    ],
  );
  assert.match(error.issues[0].remedy, /loadScale/);
  assert.equal(error.path, "clients[0].delivery[0]");
});

test("what has no meaning is said at once", () => {
  const model = new Model();
  const depot = model.addDepot({ x: 0, y: 0, name: "yard" });
  assert.throws(() => model.addClient({ x: 1, y: 2, service: "soon" }), /clients\[0\].service must be a number/);
  assert.throws(() => model.addClient({ x: 1 }), /lon and lat/);
  assert.throws(() => model.addClient({ x: 1, y: 2, location: 0 }), /not both/);
  assert.throws(() => model.addVehicleType({ depot: "tip" }), /no depot of this model is called "tip"/);
  assert.throws(() => model.addVehicleType({ depot: 4 }), /no depot 4 yet/);
  assert.throws(() => model.addVehicleType({ depot, count: 1.5 }), /count must be a whole number/);
  assert.throws(() => model.setBackhauls("never"), /after_linehauls/);
  assert.throws(() => model.travelEuclidean("up"), { code: "setting" });
  assert.throws(() => new Model({ timeScale: 0 }), { code: "setting" });
  model.addDepot({ x: 1, y: 1, name: "yard" });
  assert.throws(() => model.addVehicleType({ depot: "yard" }), /more than one depot/);
});

test("degrees alone mean great circles", () => {
  const model = new Model();
  const depot = model.addDepot({ lon: 0, lat: 0 });
  model.addClient({ lon: 1, lat: 0 });
  model.addVehicleType({ depot });
  const problem = model.build();
  assert.ok(problem.isGeographic);
  assert.ok(Math.abs(problem.distance(0, 1) - 111195 * 1.3) < 20);
  assert.throws(() => problem.distance(0, 9), RangeError);
  const scaled = new Model({ distanceScale: 10 });
  scaled.addVehicleType({ depot: scaled.addDepot({ lon: 0, lat: 0 }) });
  assert.throws(() => scaled.build(), /distanceScale/);
});

test("plans by hand", () => {
  const model = new Model({ name: "parcels" });
  const depot = model.addDepot({ x: 0, y: 0, name: "yard", service: 2 });
  model.addClient({ x: 30, y: 40, delivery: 7, service: 5, timeWindow: [60, 90], name: "farm" });
  model.addClient({ x: 0, y: 10, pickup: 3, required: false, prize: 4 });
  model.addShipment({ pickup: { x: 0, y: 20 }, delivery: { x: 0, y: 5 }, amount: 2, name: "letter" });
  model.addVehicleType({ count: 2, capacity: 10, depot, reloadDepots: [depot], maxTrips: 2, name: "van" });
  const problem = model.build();
  const plan = problem.plan([{ trips: [[0], [["pickup", 0], ["delivery", 0]]] }]);
  assert.ok(plan.isFeasible);
  assert.equal(plan.cost, 144);
  const none = { assignment: 0, overtime: 0, waiting: 0, windows: 0, disposal: 0, goals: 0 };
  assert.deepEqual(plan.breakdown, { fixed: 0, distance: 140, duration: 0, ...none, unserved: 4 });
  assert.deepEqual(plan.unservedClients, [1]);
  const [route] = plan.routes;
  assert.deepEqual([route.vehicleName, route.start, route.end, route.trips.length], ["van", 8, 157, 2]);
  const [visit] = route.trips[0].visits;
  assert.deepEqual([visit.kind, visit.name, visit.arrival, visit.departure], ["client", "farm", 60, 65]);
  assert.deepEqual(plan.check().discrepancies, []);
  assert.ok(problem.readPlan(plan.toJson()).equals(plan));
  assert.ok(problem.readPlan(JSON.stringify(plan)).equals(plan));
  assert.ok(problem.readPlan(plan.toSol()).equals(plan));
  assert.match(`${plan}`, /^route/);
  const map = plan.toGeoJson();
  assert.equal(map.type, "FeatureCollection");
  assert.equal(map.features.filter(({ properties }) => properties.kind === "trip").length, 2);
  const broken = problem.plan([[1], [1]]);
  assert.ok(broken.violations.some(({ kind, route }) => kind === "repeated" && route === null));
  const error = thrown(() => problem.plan([[7]]));
  assert.deepEqual([error.code, error.path], ["plan", "routes[0].trips[0].activities[0]"]);
  assert.throws(() => problem.plan([[-1]]), RangeError);
  assert.throws(() => problem.plan([[["deliver", 0]]]), { code: "setting" });
});

test("reading what is none", () => {
  assert.throws(() => read("{"), { code: "json_syntax" });
  assert.throws(() => read("hello"), { code: "format" });
  assert.throws(() => read("x", { rounding: "up" }), { code: "setting" });
  assert.throws(() => read(Buffer.from([0xff, 0xfe]), { format: "json" }), { code: "json_syntax" });
  const vrp = "NAME : two\nTYPE : CVRP\nDIMENSION : 2\nCAPACITY : 9\nEDGE_WEIGHT_TYPE : EUC_2D\n";
  const rest = "NODE_COORD_SECTION\n1 0 0\n2 3 4\nDEMAND_SECTION\n1 0\n2 7\nDEPOT_SECTION\n1\n-1\nEOF\n";
  assert.equal(read(vrp + rest).clients.length, 1);
  assert.match(read(vrp + rest).toVrplib(), /CAPACITY/);
});

test("clocks are turned", () => {
  const model = new Model({ origin: "2026-10-25T00:00[Europe/Amsterdam]" });
  const depot = model.addDepot({ lon: 5, lat: 52 });
  model.addClient({ lon: 5.01, lat: 52, timeWindow: ["2026-10-25T08:00", "09:00"] });
  model.addClient({ lon: 5.01, lat: 52, timeWindow: ["2026-10-25T07:00Z", new Date("2026-10-25T08:00Z")] });
  model.addVehicleType({ depot });
  const problem = model.build();
  const document = problem.toJson();
  assert.equal(document.origin, "2026-10-25T00:00:00+02:00[Europe/Amsterdam]");
  assert.deepEqual(document.clients.map((client) => client.time_window), [[32_400, 36_000], [32_400, 36_000]]);
  const plan = problem.plan([[0, 1]]);
  assert.deepEqual(plan.when(32_400), new Date("2026-10-25T07:00Z"));
  assert.match(plan.toIcal(), /DTSTART;TZID=Europe\/Amsterdam:20261025T0/);
  model.addClient({ lon: 5, lat: 52, release: "02:30" });
  const told = (error) => error.issues[0].path === "clients[2].release" && error.issues[0].remedy.includes("offset");
  assert.throws(() => model.build(), told);
  assert.throws(() => new Model({ origin: "2026-10-25T00:00" }), /names no time zone/);
  const plain = new Model();
  plain.addClient({ x: 0, y: 0, release: "2026-10-25T08:00" });
  plain.addVehicleType({ depot: plain.addDepot({ x: 0, y: 0 }) });
  assert.throws(() => plain.build(), (error) => error.issues[0].remedy.includes("time zone"));
});
