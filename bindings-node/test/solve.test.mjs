import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Model, Plan, Run } from "milkrun";
import { star } from "./support.mjs";

test("iterations and seed decide everything", async () => {
  const problem = star();
  const solve = (threads) => problem.solve({ maxIterations: 500, seed: 5, threads });
  const [a, b, c, d] = await Promise.all([solve(1), solve(1), solve(2), solve(2)]);
  assert.ok(a.plan.equals(b.plan) && c.plan.equals(d.plan));
  assert.deepEqual([a.stopped, a.iterations], ["max_iterations", 500]);
  assert.ok(a.plan instanceof Plan && a.plan.isFeasible);
  assert.equal(a.plan.check().breakdown.distance, a.plan.cost);
  const big = await problem.solve({ maxIterations: 50, seed: 2n ** 64n - 1n });
  assert.ok(big.plan.isFeasible);
});

test("every reason to stop", async () => {
  const problem = star();
  const stopped = async (options) => (await problem.solve(options)).stopped;
  assert.equal(await stopped({ maxRuntimeMs: 100 }), "max_runtime");
  assert.equal(await stopped({ noImprovement: 50, maxIterations: 1e7 }), "no_improvement");
  assert.equal(await stopped({ targetCost: 1e9, maxIterations: 1e7 }), "target_cost");
  assert.equal(await stopped({ maxIterations: 1e7, signal: AbortSignal.abort() }), "aborted");
  const empty = new Model();
  empty.addDepot({});
  assert.equal((await empty.solve()).stopped, "trivial");
});

test("parameters without meaning", async () => {
  const problem = star();
  const wrong = [
    { seed: -1 },
    { seed: 1.5 },
    { seed: 2n ** 64n },
    { threads: 0 },
    { threads: 1e9 },
    { maxRuntimeMs: -1 },
    { maxRuntimeMs: NaN },
    { maxIterations: 1.5 },
    { noImprovement: -2 },
    { targetCost: Infinity },
    { initial: star(3).plan([[0]]) },
  ];
  for (const options of wrong) {
    await assert.rejects(problem.solve({ maxIterations: 1, ...options }), { code: "setting" }, Object.keys(options)[0]);
  }
});

test("a warm start is never worse", async () => {
  const problem = star();
  const { plan: good } = await problem.solve({ maxIterations: 3000 });
  const { plan: again } = await problem.solve({ maxIterations: 1, seed: 9, initial: good });
  assert.ok(again.cost <= good.cost);
});

test("the event loop goes on while solving", async () => {
  const problem = star(400, 1, 100);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  await problem.solve({ maxRuntimeMs: 100 });
  delay.enable();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const { stopped } = await problem.solve({ maxRuntimeMs: 1000 });
  clearInterval(timer);
  delay.disable();
  assert.equal(stopped, "max_runtime");
  assert.ok(ticks > 40, `${ticks} ticks`);
  // Beyond the resolution of the measurement; 90 of 100 looks, since the machine itself may be busy.
  const milliseconds = delay.percentile(90) / 1e6 - 5;
  assert.ok(milliseconds < 20, `${milliseconds} ms`);
});

test("an abort resolves with the best plan so far", async () => {
  const problem = star(400, 1, 100);
  const controller = new AbortController();
  let asked = 0;
  setTimeout(() => {
    asked = performance.now();
    controller.abort();
  }, 300);
  const { plan, stopped } = await problem.solve({ maxRuntimeMs: 30_000, signal: controller.signal });
  assert.ok(performance.now() - asked < 2000);
  assert.equal(stopped, "aborted");
  assert.ok(plan.isFeasible && plan.routes.length > 0);
});

test("an abort rejects where that is asked for", async () => {
  const problem = star(400, 1, 100);
  const reason = new Error("enough");
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 100);
  const options = { maxRuntimeMs: 30_000, signal: controller.signal, onAbort: "reject" };
  await assert.rejects(problem.solve(options), reason);
  await assert.rejects(problem.solve(options), reason);
  await assert.rejects(problem.solve({ ...options, signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
});

test("progress a few times a second", async () => {
  const seen = [];
  const problem = star(400, 1, 100);
  const { plan } = await problem.solve({ maxRuntimeMs: 1100, onProgress: (progress) => seen.push(progress) });
  assert.ok(seen.length >= 2 && seen.length <= 8, `${seen.length}`);
  const last = seen.at(-1);
  assert.ok(last.bestCost >= plan.cost && last.iterations > 0 && last.routes > 0 && last.elapsedMs > 500);
});

test("what a callback throws rejects", async () => {
  const problem = star(400, 1, 100);
  const fail = () => {
    throw new RangeError("no more");
  };
  await assert.rejects(problem.solve({ maxRuntimeMs: 30_000, onProgress: fail }), /no more/);
});

test("progress as an asynchronous iterable", async () => {
  const run = star(400, 1, 100).start({ maxRuntimeMs: 1000 });
  assert.ok(run instanceof Run);
  let looks = 0;
  for await (const { iterations } of run) {
    assert.ok(iterations >= 0);
    looks++;
  }
  assert.ok(looks >= 2);
  assert.equal((await run.result).stopped, "max_runtime");
  const ended = star(400, 1, 100).start({ maxRuntimeMs: 30_000 });
  for await (const _ of ended) {
    ended.cancel();
  }
  assert.equal((await ended.result).stopped, "aborted");
  const failed = star().start({ seed: -1 });
  await assert.rejects(async () => {
    for await (const _ of failed);
  }, /seed is -1/);
  const controller = new AbortController();
  const signalled = star(400, 1, 100).start({ maxRuntimeMs: 30_000, signal: controller.signal });
  await sleep(100);
  controller.abort();
  assert.equal((await signalled.result).stopped, "aborted");
});

test("the pool for files is left alone", async () => {
  const { readFile } = await import("node:fs/promises");
  const runs = Array.from({ length: 6 }, (_, i) => star(200, i, 60).solve({ maxRuntimeMs: 800 }));
  const start = performance.now();
  await readFile(new URL(import.meta.url));
  assert.ok(performance.now() - start < 500);
  await Promise.all(runs);
});
