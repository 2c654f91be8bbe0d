// Street networks: a small synthetic city, as a map in a temporary file.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MilkrunError, Model, Network, planPeriod, ValidationError } from "milkrun";
import { thrown } from "./support.mjs";

const POINTS = [[11.0, 48.0], [11.004, 48.002], [10.996, 47.998], [11.002, 47.996]];
const folder = mkdtempSync(join(tmpdir(), "milkrun-"));
const city = join(folder, "city.osm.pbf");
let network;

before(async () => {
  Network.writeCity(city, { blocks: 12, centre: [11, 48], seed: 3 });
  network = await Network.read(city, { profile: "truck" });
});

after(() => rmSync(folder, { recursive: true, force: true }));

async function refused(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

test("a map becomes a network", async () => {
  const { profile, segments, directedSegments, length, ignored, unused } = network.report;
  assert.equal(profile, "truck");
  assert.ok(segments > 0 && segments <= directedSegments);
  assert.ok(length > 10_000);
  assert.ok(Array.isArray(ignored));
  assert.ok(unused.every(({ reason, count, examples }) => reason && count > 0 && examples.length > 0));
  assert.ok((await Network.read(city, { profile: "foot" })).report.length > length);
});

test("a table is that of the routes", async () => {
  const { rows, columns, distances, durations } = await network.table(POINTS);
  assert.deepEqual([rows, columns, distances.length], [4, 4, 16]);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const { duration, distance } = network.route([POINTS[i], POINTS[j]]);
      assert.deepEqual([durations[4 * i + j], distances[4 * i + j]], [duration, distance]);
      assert.equal(duration === 0, i === j);
    }
  }
  const part = await network.table(POINTS.slice(0, 1), { to: POINTS.slice(1) });
  assert.deepEqual([part.rows, part.columns, ...part.durations], [1, 3, ...durations.slice(1, 4)]);
});

test("a route follows the streets", () => {
  const route = network.route([POINTS[0], POINTS[1], POINTS[3]]);
  assert.equal(route.legs.length, 2);
  assert.equal(route.duration, route.legs[0].duration + route.legs[1].duration);
  assert.ok(route.geometry.length > 4);
  assert.ok(route.legs[0].ways.length > 0);
});

test("points are snapped", async () => {
  const spots = network.snap(POINTS);
  assert.deepEqual(spots.map(({ point }) => point), POINTS);
  assert.ok(spots.every(({ away, places, onStreet }) => away >= 0 && places >= 1 && onStreet.length === 2));
  const loose = (await network.table(POINTS, { places: 1 })).durations;
  const curb = (await network.table(POINTS, { places: 1, approach: "curb" })).durations;
  assert.ok(curb.every((duration, i) => duration >= loose[i]));
  assert.ok(curb.some((duration, i) => duration > loose[i]));
  const error = thrown(() => network.snap([POINTS[0], [12, 48], [99, 99]]));
  assert.ok(error instanceof MilkrunError);
  assert.deepEqual([error.code, error.issues.map(({ path }) => path)], ["road", ["point 1", "point 2"]]);
  assert.match(thrown(() => network.snap(POINTS, { limit: 0 })).message, /snap\.limit is 0/);
  assert.equal(thrown(() => network.snap(POINTS, { approach: "left" })).code, "setting");
  assert.ok(thrown(() => network.snap([[1, 2, 3]])) instanceof TypeError);
  assert.deepEqual((await refused(() => network.table([[12, 48]]))).issues.map(({ path }) => path), ["point 0"]);
});

test("an isochrone grows", () => {
  const size = (seconds) => {
    const { type, coordinates } = network.isochrone([11, 48], seconds);
    assert.equal(type, "MultiPolygon");
    assert.deepEqual(coordinates[0][0][0], coordinates[0][0].at(-1));
    return Math.max(...coordinates.flat().map((ring) => ring.length));
  };
  assert.ok(size(60) > size(10));
  assert.equal(thrown(() => network.isochrone([11, 48], 99_999)).code, "road");
  assert.equal(thrown(() => network.isochrone([11, 48], -1)).code, "setting");
});

test("a network is kept in a file", async () => {
  const path = join(folder, "city.network");
  network.save(path);
  const kept = await Network.load(path);
  assert.deepEqual((await kept.table(POINTS)).durations, (await network.table(POINTS)).durations);
  assert.deepEqual([kept.report.segments, kept.report.ignored], [network.report.segments, null]);
  const foreign = join(folder, "foreign.network");
  writeFileSync(foreign, "something else, which is long enough");
  assert.match((await refused(() => Network.load(foreign))).message, /not a prepared network/);
});

test("what is wrong with maps and profiles", async () => {
  const code = async (...asked) => (await refused(() => Network.read(...asked))).code;
  assert.equal(await code(join(folder, "nothing.osm.pbf")), "road");
  const bad = join(folder, "bad.osm.pbf");
  writeFileSync(bad, readFileSync(city).subarray(0, -200));
  assert.equal(await code(bad), "road");
  assert.equal(await code(city, { profile: "tank" }), "setting");
  const profile = `${Network.profileText("car")}\n[wings]\nspan = 3\n`;
  const error = await refused(() => Network.read(city, { profile }));
  assert.deepEqual([error.code, error.issues.map(({ path }) => path)], ["road", ["wings"]]);
  assert.equal(thrown(() => Network.profileText("tank")).code, "setting");
});

function modelOf(units = {}) {
  const model = new Model({ name: "in town", ...units });
  const [[lon, lat], ...rest] = POINTS;
  const depot = model.addDepot({ lon, lat });
  const profile = model.travelNetwork(network);
  // What is added later has its rows, too.
  rest.forEach(([lon, lat], i) => model.addClient({ lon, lat, name: `stop ${i}` }));
  model.addVehicleType({ depot, profile });
  return model;
}

test("pages and files follow the streets", async () => {
  const problem = modelOf().build();
  const { plan } = await problem.solve({ maxIterations: 50 });
  assert.ok(plan.toHtml().includes("Lines follow the streets."));
  assert.ok(plan.toGpx().includes("<trkseg>"));
  const [line] = plan.toGeoJson().features.filter(({ geometry }) => geometry.type === "LineString");
  assert.ok(line.geometry.coordinates.length > 8);
  const period = await planPeriod(problem, { days: 2, visits: [{ client: "stop 0", visits: 2 }], maxIterations: 100 });
  const path = join(folder, "week.html");
  const page = period.toHtml({ path, date: "2026-11-30" });
  assert.ok(["Lines follow the streets.", "Who is visited when", "Tuesday, 1 December 2026"].every((text) => page.includes(text)));
  assert.equal(readFileSync(path, "utf8"), page);
  assert.ok(period.days[0].plan.toHtml().includes("Lines follow the streets."));
});

test("a model travels along streets", async () => {
  const problem = modelOf().build();
  const fine = modelOf({ distanceScale: 10, timeScale: 10 }).build();
  const { distances, durations } = await network.table(POINTS);
  const off = [];
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      assert.equal(problem.distance(i, j), distances[4 * i + j]);
      assert.equal(problem.duration(i, j), durations[4 * i + j]);
      off.push(Math.abs(fine.duration(i, j) - durations[4 * i + j]));
    }
  }
  // Tenths of seconds are not rounded first.
  assert.ok(Math.max(...off) > 0 && Math.max(...off) <= 0.5);
  assert.ok(problem.isGeographic);
  const { plan } = await problem.solve({ maxIterations: 50 });
  assert.ok(plan.isFeasible);
});

test("locations off the streets are faults of the model", () => {
  const model = modelOf();
  model.addClient({ lon: 12, lat: 48, delivery: -3 });
  model.addClient({ name: "nowhere" });
  const error = thrown(() => model.build());
  assert.ok(error instanceof ValidationError);
  const paths = error.issues.map(({ path }) => path);
  for (const path of ["locations[4]", "locations[5]", "clients[3].delivery[0]"]) {
    assert.ok(paths.includes(path), `${paths}`);
  }
  const planar = new Model();
  planar.addVehicleType({ depot: planar.addDepot({ x: 1, y: 2 }), profile: planar.travelNetwork(network) });
  assert.match(thrown(() => planar.build()).message, /give lon and lat of all locations/);
  assert.ok(thrown(() => planar.travelNetwork("city.osm.pbf")) instanceof TypeError);
});

test("streets are closed and slow, by any place", async () => {
  const { durations } = await network.table(POINTS);
  const changed = async (...changes) => (await (await network.change(changes)).table(POINTS)).durations;
  const half = await changed({ everywhere: true, percent: 50 });
  assert.ok(half.every((duration, i) => duration >= durations[i]) && half[1] > 1.2 * durations[1]);
  const [way] = network.route([POINTS[0], POINTS[1]]).legs[0].ways;
  const area = [[11, 47.999], [11.003, 47.999], [11.003, 48.003], [11, 48.003]];
  for (const change of [{ way, percent: 10 }, { at: POINTS[0], percent: 5 }, { area, percent: 20 }]) {
    assert.ok((await changed(change)).some((duration, i) => duration > durations[i]), JSON.stringify(change));
  }
  const closed = await changed({ area, closed: true });
  assert.ok(closed.some((duration, i) => Number.isNaN(duration) || duration > durations[i]));
  assert.deepEqual(await changed(), durations);
  const error = await refused(() => network.change([{ way, closed: true }, { way }, { closed: true }]));
  assert.deepEqual([error.code, error.issues.map(({ path }) => path)], ["road", ["changes[1]", "changes[2]"]]);
  assert.match((await refused(() => network.change([{ roadClass: "canal", closed: true }]))).message, /canal/);
  assert.match((await refused(() => network.change([{ everywhere: true, percent: 900 }]))).message, /percent is 900/);
  assert.equal((await refused(() => network.change([{ lane: 3 }]))).code, "setting");
});

test("streets are slower at some hours", async () => {
  const peak = '[[traffic]]\nname = "peak"\ndays = ["mon"]\nfrom = "07:00"\nto = "09:00"\npercent = 50\n';
  const busy = await Network.read(city, { profile: `${Network.profileText("car")}\n${peak}` });
  const quiet = (await busy.table(POINTS)).durations;
  assert.ok((await (await busy.atHour("mon", 450)).table(POINTS)).durations[1] > quiet[1]);
  assert.deepEqual((await (await busy.atHour("tue", 450)).table(POINTS)).durations, quiet);
  const curve = await busy.speedCurve("mon", POINTS, { midnight: -3600 });
  assert.deepEqual(curve.map(({ from }) => from), [-3600, 6 * 3600, 8 * 3600]);
  assert.ok(curve[0].percent === 100 && curve[1].percent >= 50 && curve[1].percent < 100 && curve[2].percent === 100);
  const model = new Model();
  const depot = model.addDepot({ lon: POINTS[0][0], lat: POINTS[0][1], open: [0, 86_400] });
  model.addVehicleType({ depot, profile: model.travelNetwork(busy) });
  model.addClient({ lon: POINTS[1][0], lat: POINTS[1][1] });
  model.setSpeeds(curve);
  assert.ok((await model.solve({ maxIterations: 10 })).plan.isFeasible);
  assert.equal((await refused(() => busy.atHour("monday", 450))).code, "setting");
  assert.equal((await refused(() => busy.atHour("mon", 0.5))).code, "setting");
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  for (const work of [
    () => busy.change([{ everywhere: true, percent: 50 }], { signal }),
    () => busy.atHour("mon", 450, { signal }),
    () => busy.speedCurve("mon", POINTS, { signal }),
  ]) {
    assert.equal(await refused(work), reason);
  }
});

test("matrices of networks are computed away from the main thread", async () => {
  const model = modelOf({ distanceScale: 10 });
  const later = model.buildAsync();
  // What comes afterwards is not in it.
  model.addClient({ lon: 11, lat: 48, name: "late" });
  const problem = await later;
  assert.ok(problem.equals(modelOf({ distanceScale: 10 }).build()));
  assert.ok((await model.solve({ maxIterations: 20 })).plan.isFeasible);
  const reason = new Error("no longer");
  assert.equal(await refused(() => model.buildAsync({ signal: AbortSignal.abort(reason) })), reason);
  model.addClient({ lon: 12, lat: 48, delivery: -3 });
  const error = await refused(() => model.buildAsync());
  assert.ok(error instanceof ValidationError);
  const paths = error.issues.map(({ path }) => path);
  assert.ok(paths.includes("locations[5]") && paths.includes("clients[4].delivery[0]"), `${paths}`);
});

test("a table can be cancelled", async () => {
  const reason = new Error("no longer");
  assert.equal(await refused(() => network.table(POINTS, { signal: AbortSignal.abort(reason) })), reason);
  const controller = new AbortController();
  const table = network.table(Array.from({ length: 400 }, () => POINTS).flat(), { signal: controller.signal });
  controller.abort(reason);
  assert.equal(await refused(() => table), reason);
});
