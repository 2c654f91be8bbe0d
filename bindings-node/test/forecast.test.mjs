// Forecasting, from readings to a problem with decisions in it.

import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { describe, test } from "node:test";
import { forecast, MilkrunError, Model } from "milkrun";
import { random, thrown } from "./support.mjs";

const { DAY, HOUR } = forecast;
const close = (found, wanted, by = 1e-9) => assert.ok(Math.abs(found - wanted) <= by, `${found} is not ${wanted}`);
const rejected = (promise) => promise.then(() => assert.fail("nothing was thrown"), (error) => error);
const rows = (all) => all.map(([id, time, value]) => ({ id, time, value }));

const ROWS = [["b", 2 * HOUR, 30], ["a", 0, 10], ["b", HOUR, 20], ["a", HOUR, null]];

describe("series", () => {
  const column = (i) => ROWS.map((row) => row[i]);
  const kinds = {
    rows: rows(ROWS),
    columns: { id: column(0), time: column(1), value: column(2) },
    "typed columns": { id: column(0), time: Float64Array.from(column(1)), value: Float64Array.from(column(2), (v) => v ?? Number.NaN) },
    dates: rows(ROWS.map(([id, time, value]) => [id, new Date(time * 1000), value])),
    texts: rows(ROWS.map(([id, time, value]) => [id, `1970-01-01T0${time / HOUR}:00`, value])),
    "texts with a zone": rows(ROWS.map(([id, time, value]) => [id, `1970-01-01 0${time / HOUR + 2}:00+02:00`, value])),
    generator: (function* () { yield* rows(ROWS); })(),
  };
  for (const [name, data] of Object.entries(kinds)) {
    test(`of ${name}`, () => {
      const series = new forecast.Series(data);
      assert.deepEqual(series.names, ["b", "a"]);
      assert.deepEqual([...series.times], [HOUR, 2 * HOUR, 0, HOUR]);
      assert.deepEqual([...series.values].slice(0, 3), [20, 30, 10]);
      assert.ok(Number.isNaN(series.values[3]));
      assert.equal(series.length, 4);
      assert.deepEqual(series.rows()[1], { id: "b", time: new Date(2 * HOUR * 1000), value: 30 });
      assert.deepEqual(series.before(HOUR).rows().map(({ id }) => id), ["a"]);
    });
  }

  test("with faults names them all", () => {
    const data = rows([["x", 0, Infinity], ["x", Date.now(), 1], ["x", 2, -Infinity]]);
    const error = thrown(() => new forecast.Series(data));
    assert.ok(error instanceof MilkrunError);
    assert.equal(error.code, "forecast");
    assert.equal(error.issues.length, 3);
    assert.match(thrown(() => new forecast.Series(rows([["x", "soon", 1]]))).message, /^\[0\]\.time is soon: give a Date/);
    assert.match(thrown(() => new forecast.Series(rows([["x", 1, "7"]]))).message, /^value\[0\] is "7": give a number/);
    assert.match(thrown(() => new forecast.Series({ id: ["x"], time: [1, 2], value: [3] })).message, /1 ids, 2 times and 1 values/);
    assert.equal(new forecast.Series([]).length, 0);
  });

  test("of regular steps", () => {
    const series = new forecast.Series(rows([["a", 0, 2], ["a", HOUR, 4], ["a", 2 * DAY, 9]]));
    const regular = series.resample({ fill: "linear" });
    assert.deepEqual([...regular.values[0]], [3, 6, 9]);
    assert.deepEqual([regular.names, [...regular.starts], regular.step], [["a"], [0], DAY]);
    assert.deepEqual([...series.resample({ fill: 0 }).values[0]], [3, 0, 9]);
    assert.match(thrown(() => series.resample({ fill: "nearest" })).message, /fill is "nearest"/);
    assert.match(thrown(() => series.resample({ step: Number.NaN })).message, /step is NaN/);
    assert.equal(thrown(() => series.resample({ step: 0 })).code, "forecast");
  });
});

test("cleaning finds what is wrong", async () => {
  const levels = [0, 20, 40, 60, 500, 80, 0, 20, null, 40];
  const cleaned = await forecast.clean(rows(levels.map((level, i) => ["a", i * 6 * HOUR, level])));
  const [report] = cleaned.reports();
  assert.deepEqual([report.id, report.rows, report.missing, report.outOfRange], ["a", 10, 1, 1]);
  assert.deepEqual(cleaned.emptyings().map(({ levelBefore, given }) => [levelBefore, given]), [[80, false]]);
  assert.deepEqual(cleaned.latest(), [{ id: "a", time: new Date(54 * HOUR * 1000), level: 40 }]);
  assert.equal(cleaned.full, 100);
  // 0 to 80, then 0 to 40: what went in across the emptying is not known.
  close(cleaned.increments().rows().reduce((sum, { amount }) => sum + amount, 0), 120);
  const given = await forecast.clean(rows([["a", 0, 50], ["a", DAY, 60]]), { emptyings: [{ id: "a", time: DAY / 2 }] });
  assert.equal(given.emptyings()[0].given, true);
  const unknown = await forecast.clean(rows([["a", 0, null]]));
  assert.deepEqual(unknown.latest(), [{ id: "a", time: null, level: null }]);
  const error = await rejected(forecast.clean([], { full: -1, noise: Number.NaN, maxGap: 0 }));
  const paths = error.issues.map(({ path }) => path);
  assert.ok(["full", "noise", "max_gap"].every((path) => paths.includes(path)), String(paths));
  assert.match((await rejected(forecast.clean([], { duplicates: "all" }))).message, /duplicates is "all"/);
});

describe("features", () => {
  test("by hand", async () => {
    const series = new forecast.Series(rows([1, 2, 4, 8].map((value, i) => ["a", i * DAY, value])));
    const wanted = [
      forecast.lag(1),
      forecast.rolling("mean", 2),
      forecast.rolling(0.5, 3, { minSamples: 1 }),
      forecast.difference(1, 1),
      forecast.calendar("day_of_week"),
    ];
    const found = await forecast.features(series, wanted);
    assert.deepEqual(found.columns.slice(0, 2), ["lag1", "rolling_mean_lag1_window2"]);
    assert.deepEqual([...found.values.subarray(15)], [4, 3, 2, 2, 6]);
    const context = { holidays: ["1970-01-03"], events: [{ id: "a", time: DAY }], coords: [[0, 0]] };
    const days = [forecast.holiday(), forecast.holiday("days_to"), forecast.sinceEvent()];
    const more = await forecast.features(series, days, context);
    assert.deepEqual([more.values[6], more.values[1], more.values[11]], [1, 2, 2]);
    const wrong = [forecast.lag(0), forecast.rolling("mean", 0), forecast.ewm(2)];
    assert.ok((await rejected(forecast.features(series, wrong))).issues.length >= 3);
    assert.match(thrown(() => forecast.lag(-1)).message, /rows is -1: give a whole number/);
    assert.match((await rejected(forecast.features(series, [forecast.rolling("mode", 3)]))).message, /unknown variant `mode`/);
    assert.match((await rejected(forecast.features(series, [forecast.ewm(Number.NaN)]))).message, /the features: /);
    assert.deepEqual(forecast.fourier(DAY, 1).columns, ["sin1_86400s", "cos1_86400s"]);
  });

  test("of the row to come", async () => {
    const all = ["a", "bb"].flatMap((id) => Array.from({ length: 30 }, (_, i) => [id, i * DAY, (i * 7 + id.length) % 11]));
    const wanted = [
      forecast.lag(2),
      forecast.rolling("std", 5),
      forecast.seasonalRolling("mean", 7, 2),
      forecast.ewm(0.3),
      forecast.over(3 * DAY, "mean"),
      forecast.fading(DAY),
      forecast.expanding("max"),
      forecast.neighbourMean(1),
    ];
    const context = { coords: [[0, 0], [3, 4]] };
    const past = rows(all.filter(([, time]) => time < 29 * DAY));
    const state = new forecast.FeatureState(past, wanted, context);
    const batch = await forecast.features(rows(all), wanted, context);
    const width = batch.columns.length;
    state.rows(29 * DAY).forEach((row, i) => {
      row.forEach((value, c) => close(value, batch.values[(i * 30 + 29) * width + c], 1e-9));
    });
    for (const [id, time, value] of all.filter(([, time]) => time === 29 * DAY)) state.update(id, time, value);
    assert.equal(state.rows([30 * DAY, 30 * DAY])[0][0], all[28][2]);
    assert.match(thrown(() => state.update("c", 0, 1)).message, /there is no series "c"/);
    assert.equal(thrown(() => state.update("a", 0, 1)).code, "forecast");
  });

  test("as of a time, strictly", () => {
    const known = new forecast.AsOfTable([
      { id: "a", time: 10, value: 1 },
      { id: "a", time: 20, known: 50, value: 2 },
      { id: "b", time: 10, value: 3 },
    ]);
    const asked = [["a", 10], ["a", 30], ["a", 60], ["b", 11], ["c", 99]].map(([id, time]) => ({ id, time }));
    const found = known.join(asked);
    assert.deepEqual(found.map(({ row }) => row), [-1, 0, 1, 2, -1]);
    assert.deepEqual(found.slice(1, 4).map(({ value }) => value), [1, 2, 3]);
    assert.equal(known.join([{ id: "a", time: 10 }], { allowExact: true })[0].value, 1);
    assert.equal(known.join([{ id: "b", time: 1000 }], { tolerance: 5 })[0].row, -1);
  });
});

test("models of regular series", async () => {
  const week = [5, 1, 2, 3, 4, 9, 0];
  const six = (add) => Array.from({ length: 42 }, (_, i) => week[i % 7] + add);
  const regular = { names: ["a", "b"], starts: [0, 0], step: DAY, values: [six(0), six(1)] };
  const found = await forecast.forecastSeries(regular, { model: "seasonal_naive" }, { horizon: 7, levels: [0.5] });
  assert.deepEqual(found.map(({ mean }) => mean), [...week, ...week.map((v) => v + 1)]);
  assert.deepEqual([found[0].id, found[7].id, found[0].time], ["a", "b", new Date("1970-02-12")]);
  for (const model of ["theta", "ets", "croston", "sba", "tsb"]) {
    const steps = await forecast.forecastSeries(regular, { model }, { horizon: 3 });
    assert.ok(steps.every(({ quantiles }) => quantiles.length === 3 && quantiles.every(Number.isFinite)));
  }
  const scores = await forecast.backtest(regular, [{ model: "seasonal_naive" }, { model: "theta" }]);
  assert.deepEqual(scores.map(({ forecasts }) => forecasts), [56, 56]);
  assert.equal(scores[0].mae, 0);
  const empty = { names: ["a"], starts: [0], step: DAY, values: [[]] };
  assert.equal((await rejected(forecast.forecastSeries(empty, { model: "theta" }, { horizon: 3 }))).code, "forecast");
  assert.match((await rejected(forecast.forecastSeries(regular, { model: "arima" }, { horizon: 3 }))).message, /seasonal_naive, theta/);
});

describe("decisions", () => {
  const HOURS = [1, 2, 3, 4, 5, 6].map((h) => h * HOUR);

  test("from a table that something else made", async () => {
    // Ten points an hour, give or take two.
    const table = [[0.1, 8], [0.5, 10], [0.9, 12]].map(([level, amount]) => ({ id: "x", horizon: HOUR, level, amount }));
    const model = forecast.quantileTable(table, { begin: 0 });
    const [found] = await forecast.timeToFull(model, [{ id: "x", time: 0, level: 60 }], HOURS);
    assert.deepEqual([found.probabilities[2], found.probabilities[5]], [0, 1]);
    close(found.fullBy[1].getTime() / 1000 / HOUR, 4, 0.2);
    close(model.rise(0, HOUR, [0.5])[0].quantiles[0], 10, 0.2);
    assert.deepEqual(await forecast.timeToFull(model, [], HOURS), [{ id: "x", probabilities: null, fullBy: null }]);
    assert.match(thrown(() => forecast.quantileTable(table, { begin: 0, names: ["y"] })).message, /names has no "x"/);
    const unknown = await rejected(forecast.timeToFull(model, [{ id: "z", time: 0, level: 1 }], HOURS));
    assert.match(unknown.message, /knows no bin "z"/);
    const wrong = [{ id: "x", horizon: 0, level: 2, amount: Number.NaN }];
    assert.equal(thrown(() => forecast.quantileTable(wrong, { begin: 0 })).issues.length, 3);
  });

  test("become a problem", async () => {
    const table = [["fast", 60], ["slow", 9]].flatMap(([id, rate]) =>
      [1, 2, 4, 8, 16].flatMap((days) =>
        [0.1, 0.5, 0.9].map((level) => ({ id, horizon: DAY * days, level, amount: rate * days * (0.9 + 0.2 * level) })),
      ),
    );
    const model = forecast.quantileTable(table, { begin: 0, names: ["fast", "slow"] });
    const states = [{ id: "fast", time: 0, level: 50 }, { id: "slow", time: 0, level: 10 }];
    const selection = await forecast.select(model, states, { at: 0, visitCost: 400 });
    assert.deepEqual(selection.choices.map(({ action }) => action), ["must", "skip"]);
    assert.deepEqual(selection.must, ["fast"]);
    const unknown = await forecast.select(model, [{ id: "slow", time: 0, level: 10 }], { at: 0, visitCost: 400 });
    assert.equal(unknown.choices[0].reason, "its level is unknown");
    const city = new Model({ costScale: 10 });
    const depot = city.addDepot({ x: 0, y: 0 });
    for (const name of ["fast", "slow", "other"]) city.addClient({ x: 3, y: 4, pickup: 1, name });
    city.addVehicleType({ count: 1, capacity: 100, depot });
    const { problem, ...counts } = selection.apply(city.build(), { loadWhenFull: 80 });
    assert.deepEqual(counts, { must: 1, may: 0, skip: 1, unmatched: [] });
    const { plan } = await problem.solve({ maxIterations: 200 });
    const served = plan.routes.flatMap(({ trips }) => trips.flatMap(({ visits }) => visits.map(({ name }) => name)));
    assert.ok(served.includes("fast") && served.includes("other"));
    assert.ok(plan.isFeasible && plan.check().violations.length === 0);
    const prizes = problem.toJson().clients.map(({ prize }) => prize ?? 0);
    assert.equal(prizes[1], Math.round(selection.choices[1].prize * 10));
    const wrong = await rejected(forecast.select(model, states, { at: 0, visitCost: 0.5 }));
    assert.match(wrong.message, /visitCost is 0.5: give a whole amount/);
  });
});

test("cities, tests on the past, and policies", async () => {
  const city = new forecast.City({ bins: 12, days: 60, seed: 3 });
  assert.deepEqual(city.readings().values, new forecast.City({ bins: 12, days: 60, seed: 3 }).readings().values);
  assert.deepEqual([city.deposits().length, city.deposits()[0].length], [12, 240]);
  assert.equal(city.bins()[0].id, "bin 001");
  const cleaned = await forecast.clean(city.readings());
  const model = await forecast.fitFill(cleaned.increments());
  assert.equal(model.names.length, 12);
  const now = city.readings().times.at(-1);
  assert.equal((await forecast.select(model, cleaned, { at: now, visitCost: 400 })).choices.length, 12);
  const scores = await forecast.backtestFill(cleaned, { model: "gamma" });
  assert.deepEqual(scores.map(({ horizon }) => horizon), [DAY, 2 * DAY, 3 * DAY]);
  assert.ok(scores.every(({ coverage }) => coverage > 0.5));
  const everything = await forecast.simulate(city, { policy: "fixed", every: 2 }, { iterations: 50 });
  assert.deepEqual([everything.days, everything.visits], [18, 12 * 9]);
  assert.ok(everything.kilometresPerTonne > 0);
  const chosen = await forecast.simulate(city, { policy: "forecast" }, { iterations: 50 });
  assert.ok(chosen.visits < everything.visits);
  const spared = forecast.impact(everything, chosen, { kilometre: 2, visit: 3, overflow: 50 });
  assert.equal(spared.visits, everything.visits - chosen.visits);
  close(spared.money, 2 * spared.kilometres + 3 * spared.visits + 50 * spared.overflows);
  assert.ok(spared.text.includes(`${spared.visits} visits less`), spared.text);
  assert.equal(thrown(() => forecast.impact(everything, chosen, { kilometre: "2" })).code, "setting");
  assert.equal((await rejected(forecast.simulate(city, { policy: "fixed", every: 0 }))).code, "forecast");
  assert.equal(thrown(() => new forecast.City({ bins: 0 })).code, "forecast");
});

test("scores by hand", () => {
  close(forecast.pinball([10], [8], 0.9), 1.8);
  assert.equal(forecast.coverage([1, 5], [0, 0], [2, 2]), 0.5);
  const perfect = forecast.calibration([0, 1], [false, true]);
  assert.deepEqual([perfect.brier, perfect.error, perfect.classes.length], [0, 0, 2]);
  close(forecast.calibration([0.8], [false]).brier, 0.64);
  assert.equal(forecast.crps([1], [0.5], [[1]]), 0);
  assert.match(thrown(() => forecast.crps([1], [0.5], [[1, 2]])).message, /1 rows of 1/);
  assert.match(thrown(() => forecast.pinball([1], [1, 2], 0.5)).message, /actual has 1, quantiles has 2/);
});

test("monitoring says why to train anew", async () => {
  const then = { lag1: Array.from({ length: 500 }, (_, i) => i % 100) };
  const verdict = await forecast.monitor(then, { lag1: then.lag1.map((v) => v + 30) });
  assert.ok(verdict.retrain && verdict.reasons[0].startsWith("lag1: stability index"));
  const inside = Array.from({ length: 100 }, (_, i) => i < 80);
  const losses = [Array(100).fill(1), Array(100).fill(1.1)];
  const same = await forecast.monitor(then, then, { losses, coverage: { promised: 0.8, inside } });
  assert.deepEqual([same.retrain, same.reasons], [false, []]);
  assert.ok((await forecast.monitor({}, {}, { losses: [Array(100).fill(1), Array(100).fill(2)] })).retrain);
  close(forecast.psi(then.lag1, then.lag1), 0);
  assert.equal(forecast.ksTest([1, 2], [1, 2]).statistic, 0);
  assert.match((await rejected(forecast.monitor(then, {}))).message, /current has no lag1/);
});

test("least squares", async () => {
  const x = Array.from({ length: 50 }, (_, i) => [i, Math.sin(i)]);
  const y = x.map(([a, b]) => 3 * a - 2 * b + 1);
  const model = await forecast.fitRidge(x, y);
  model.predict(x).forEach((value, i) => close(value, y[i], 0.2));
  assert.deepEqual(model.predictQuantiles(x.slice(0, 3), [0.1, 0.9]).map(({ length }) => length), [2, 2, 2]);
  assert.deepEqual([model.weights.length, model.penalty > 0], [2, true]);
  assert.equal((await rejected(forecast.fitRidge(x.slice(0, 3), y.slice(0, 3)))).code, "forecast");
  assert.match((await rejected(forecast.fitRidge([[1], [1, 2]], [1, 2]))).message, /x\[1\] has 2 values/);
});

test("visits without sensors", async () => {
  const number = random(1);
  const visits = ["a", "b", "c", "d"].flatMap((id) => {
    let time = 0;
    return Array.from({ length: 60 }, () => {
      const gap = number(100, 500) / 100;
      time += Math.round(gap * DAY);
      return { id, time, value: Math.min(100, 20 * gap + number(-3, 3)) };
    });
  });
  const scores = await forecast.backtestVisits(visits);
  assert.ok(scores.mae < scores.maeLast && scores.visits > 50 && scores.split instanceof Date);
  assert.ok(forecast.visitIncrements(visits).rows().length > 100);
});

test("the event loop goes on meanwhile", async () => {
  const city = new forecast.City({ bins: 40, days: 90 });
  let ticks = 0;
  let done = false;
  const count = async () => {
    while (!done) {
      ticks += 1;
      await setImmediate();
    }
  };
  const counting = count();
  await forecast.simulate(city, { policy: "fixed", every: 3 }, { iterations: 300 });
  done = true;
  await counting;
  assert.ok(ticks > 10);
});
